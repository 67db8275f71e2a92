// Long calls: they run without the interpreter's lock, on a thread of their own, while the calling thread looks for signals.
#pragma once

#include <atomic>
#include <chrono>
#include <future>
#include <optional>
#include <utility>

#include "module.hpp"

namespace quorate::python {

/// What can end a long call early: Ctrl-C, or an exception in a callback. The first of them is raised when the call has ended.
class interruption {
public:
    [[nodiscard]] const std::atomic<bool>* stop() const { return &stop_; }

    /// Runs `work`, which must look at `stop()` and may call Python only through `call`. Raises what interrupted it; else gives what it returns.
    template <class Work>
    auto run(Work work) {
        constexpr auto look_every = std::chrono::milliseconds(50);
        auto           done = std::async(std::launch::async, std::move(work));
        {
            const py::gil_scoped_release released;
            while (done.wait_for(look_every) != std::future_status::ready) {
                const py::gil_scoped_acquire held;
                if (!why_ && PyErr_CheckSignals() != 0) keep(py::error_already_set());
            }
        }
        if (why_) {
            done.wait();
            throw py::error_already_set(*why_);
        }
        return done.get();
    }
    /// Calls Python from `work`. What it raises ends the work. Not called any more when something has ended it; `keep_on`: even then.
    template <class Callback>
    void call(Callback callback, bool keep_on = false) {
        const py::gil_scoped_acquire held;
        if (why_ && !keep_on) return;
        try {
            callback();
        } catch (const py::error_already_set& e) {
            if (!why_) keep(e);
        }
    }

private:
    void keep(const py::error_already_set& e) {
        why_.emplace(e);
        stop_ = true;
    }

    std::atomic<bool>                     stop_{false};
    std::optional<py::error_already_set>  why_{};  ///< the interpreter's lock guards it
};

}  // namespace quorate::python
