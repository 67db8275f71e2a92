// Where functions that throw meet those that answer with a `result`. Internal: not installed.
#pragma once

#include <type_traits>

#include <quorate/result.hpp>

namespace quorate {

/// The result of `run`, which returns one or nothing; a `failure` that it throws becomes an error.
template <class Run>
auto as_result(Run run) {
    using returned = std::invoke_result_t<Run>;
    using answer = std::conditional_t<std::is_void_v<returned>, result<void>, returned>;
    try {
        if constexpr (std::is_void_v<returned>) {
            run();
            return answer();
        } else {
            return run();
        }
    } catch (const failure& e) {
        return answer(e.why());
    }
}

}  // namespace quorate
