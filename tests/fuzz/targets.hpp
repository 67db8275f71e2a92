// What is fed with hostile input: one function for each thing that reads text from outside. Each may refuse; none may crash, hang, or say yes
// to what it can't say back.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace fuzz {

struct target {
    std::string_view name;                   ///< and the folder of its corpus
    void (*feed)(std::string_view input);
};
[[nodiscard]] std::span<const target> targets();
[[nodiscard]] const target* target_named(std::string_view name);

}  // namespace fuzz
