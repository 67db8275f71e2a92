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
    std::string              only{}, charter{}, least{}, same{};
    std::size_t              threads = 0;
};

/// The scenarios of files and folders, and what could not be read, in the order in which it was asked for.
struct suite {
    std::vector<scenario> scenarios{};
    std::vector<error>    unreadable{};
};
[[nodiscard]] suite suite_of(const std::vector<std::string>& paths);


/// The reports as JUnit XML, as CI systems read it: a suite for each file, and one for what could not be read.
[[nodiscard]] std::string junit_of(const std::vector<scenario_report>& reports, const std::vector<error>& unreadable);
/// The charters of a suite and the reports of those scenarios that ran under each, for what none of them touched.
struct covered_charter {
    charter                      rules;
    std::vector<scenario_report> reports{};
};
/// One line for each exit, permission and rule that no scenario touched: "not taken  rust.json: process fcp, ...".
[[nodiscard]] std::vector<std::string> not_covered(const covered_charter& c);

/// `quorate test --mutate`.
[[nodiscard]] int mutate_suite(const session& s, const test_options& o, const suite& all);

}  // namespace quorate::cli
