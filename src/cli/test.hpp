// What the parts of `quorate test` share: its options and the suite they read.
#pragma once

#include <string>
#include <vector>

#include <quorate/scenario.hpp>

#include "cli.hpp"

namespace quorate::cli {

struct test_options {
    std::vector<std::string> paths{};
    bool                     coverage = false;
    bool                     verbose = false;
    bool                     update = false;
    std::string              junit{};
    // of --mutate
    bool                     mutate = false;
    std::string              only{}, least{}, same{};
    std::size_t              threads = 0;
};

/// The scenarios of files and folders, and what could not be read, in the order in which it was asked for.
struct suite {
    std::vector<scenario> scenarios{};
    std::vector<error>    unreadable{};
};
[[nodiscard]] suite suite_of(const std::vector<std::string>& paths);


/// `quorate test --mutate`.
[[nodiscard]] int mutate_suite(const session& s, const test_options& o, const suite& all);

}  // namespace quorate::cli
