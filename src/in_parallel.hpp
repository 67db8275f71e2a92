// One piece of work for each of many things, shared by some threads. Internal.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <thread>
#include <vector>

namespace quorate {

/// Calls `what(thread, i)` once for each i below `n`, in pieces, from the calling thread (0) and from others. What any of them throws is thrown
/// here, once all have ended; of several the one of the thread with the lowest number.
template <class Do>
void in_parallel(std::size_t threads, std::size_t n, Do what) {
    constexpr std::size_t at_once = 32;
    if (threads <= 1 || n <= at_once) {
        for (std::size_t i = 0; i < n; ++i) what(std::size_t{0}, i);
        return;
    }
    std::atomic<std::size_t>        next{0};
    std::vector<std::exception_ptr> thrown(threads);
    const auto                      run = [&](std::size_t thread) {
        try {
            for (auto i = next.fetch_add(at_once); i < n; i = next.fetch_add(at_once))
                for (auto j = i; j < std::min(n, i + at_once); ++j) what(thread, j);
        } catch (...) {
            thrown[thread] = std::current_exception();
            next = n;  // the others end soon
        }
    };
    {
        std::vector<std::jthread> others;
        others.reserve(threads - 1);
        for (std::size_t t = 1; t < threads; ++t) others.emplace_back(run, t);
        run(0);
    }
    for (const auto& each : thrown)
        if (each) std::rethrow_exception(each);
}

}  // namespace quorate
