// Runs recorded cases of other systems through the engine and compares.
//
//     quorate-conformance [--verbose] [--scenarios DIR] [--charters DIR] FILE...
//
// One line a family: how many cases passed, failed and are unsupported, with the reasons; then "N passed, M failed, K skipped".
// Exit code 0 when nothing failed, 1 when something did, 2 when a file could not be read.
#include <algorithm>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <map>
#include <sstream>
#include <stdexcept>

#include <fmt/format.h>

#include "case.hpp"

namespace conformance {
namespace {

struct options {
    settings                 where{QUORATE_SOURCE_DIR "/examples/charters", QUORATE_SOURCE_DIR "/tests/conformance",
                                   QUORATE_SOURCE_DIR "/tests/scenarios"};
    std::vector<std::string> files;
    bool                     verbose = false;
};

constexpr std::string_view usage = "usage: quorate-conformance [--verbose] [--scenarios DIR] [--charters DIR] FILE...\n";

/// Whole numbers beyond 64 bits, which Boost.JSON would round, become strings of their digits.
std::string with_large_numbers_quoted(const std::string& text) {
    constexpr std::size_t most_digits = 19;
    std::string           out;
    bool                  in_string = false;
    for (std::size_t i = 0; i < text.size();) {
        const auto digits = in_string ? 0 : std::find_if(text.begin() + static_cast<std::ptrdiff_t>(i), text.end(), [](char c) { return c < '0' || c > '9'; }) -
                                                text.begin() - static_cast<std::ptrdiff_t>(i);
        const auto n = static_cast<std::size_t>(digits);
        const bool alone = i + n < text.size() && text[i + n] != '.' && text[i + n] != 'e' && text[i + n] != 'E' && (i == 0 || (text[i - 1] != '-' && text[i - 1] != '.'));
        if (n > most_digits && alone) out += '"' + text.substr(i, n) + '"';
        else if (n > 0) out += text.substr(i, n);
        if (n > 0) {
            i += n;
            continue;
        }
        if (in_string && text[i] == '\\' && i + 1 < text.size()) out += text[i++];
        else if (text[i] == '"') in_string = !in_string;
        out += text[i++];
    }
    return out;
}

json::value read(const std::string& path) {
    const auto                text = with_large_numbers_quoted(read_text(path));
    boost::system::error_code wrong;
    auto                      parsed = json::parse(text, wrong);
    if (wrong) throw std::runtime_error(path + ": is no JSON: " + wrong.message());
    return parsed;
}

/// The cases of a document, by every family that recognises it.
std::vector<report> run(const json::value& document, const settings& where) {
    std::vector<report> all;
    for (const auto& f : families())
        if (f.claims(document)) all.push_back({std::string(f.name), f.run(document, where)});
    if (all.empty()) {
        const auto* cases = cases_of(document);
        report      unknown{"unknown", {}};
        for (std::size_t i = 0; i < (cases == nullptr ? 1 : cases->size()); ++i)
            unknown.cases.push_back(skipped("#" + std::to_string(i + 1), "no family has cases of this form"));
        all.push_back(std::move(unknown));
    }
    return all;
}

struct totals {
    std::size_t passed = 0, failed = 0, skipped = 0;
    void        add(finding f) { ++(f == finding::passed ? passed : f == finding::failed ? failed : skipped); }
};

void show(const std::string& file, const report& r, bool verbose, totals& all) {
    totals                             own;
    std::map<std::string, std::size_t> reasons;
    for (const auto& c : r.cases) {
        own.add(c.found);
        all.add(c.found);
        if (c.found == finding::skipped) ++reasons[c.why];
    }
    std::string why;
    for (const auto& [reason, times] : reasons) why += fmt::format("{}{}: {}", why.empty() ? " (" : "; ", times, reason);
    if (!why.empty()) why += ")";
    fmt::print("{}: {}: {} passed, {} failed, {} unsupported{}\n", file, r.family, own.passed, own.failed, own.skipped, why);
    for (const auto& c : r.cases) {
        if (c.found != finding::failed && !verbose) continue;
        constexpr std::string_view words[]{"passed ", "FAILED ", "skipped"};
        fmt::print("  {} {}{}{}\n", words[static_cast<std::size_t>(c.found)], c.id, c.why.empty() ? "" : ": ", c.why);
        std::istringstream lines(verbose ? c.account : std::string());
        for (std::string line; std::getline(lines, line);) fmt::print("            {}\n", line);
    }
}

options read_options(int argc, char** argv) {
    options o;
    for (int i = 1; i < argc; ++i) {
        const std::string_view word = argv[i];
        const auto value = [&](std::string& to) {
            if (++i == argc) throw std::runtime_error(std::string(word) + " needs a folder");
            to = argv[i];
            if (!std::filesystem::is_directory(to)) throw std::runtime_error(to + ": is no folder");
        };
        if (word == "--verbose" || word == "-v") o.verbose = true;
        else if (word == "--scenarios") value(o.where.scenarios);
        else if (word == "--charters") value(o.where.charters);
        else if (word.size() > 1 && word.starts_with('-')) throw std::runtime_error("unknown option " + std::string(word) + "\n" + std::string(usage));
        else o.files.emplace_back(word);
    }
    if (o.files.empty()) throw std::runtime_error("no file is named\n" + std::string(usage));
    return o;
}

int run_all(const options& o) {
    totals all;
    int    code = 0;
    for (const auto& file : o.files) {
        try {
            for (const auto& r : run(read(file), o.where)) show(file, r, o.verbose, all);
        } catch (const std::exception& e) {
            fmt::print(stderr, "quorate-conformance: {}\n", e.what());
            code = 2;
        }
    }
    fmt::print("{} passed, {} failed, {} skipped\n", all.passed, all.failed, all.skipped);
    return code != 0 ? code : all.failed > 0 ? 1 : 0;
}

}  // namespace
}  // namespace conformance

int main(int argc, char** argv) {
    if (argc == 2 && (std::string_view(argv[1]) == "--help" || std::string_view(argv[1]) == "-h")) {
        fmt::print("{}", conformance::usage);
        return 0;
    }
    try {
        return conformance::run_all(conformance::read_options(argc, argv));
    } catch (const std::exception& e) {
        fmt::print(stderr, "quorate-conformance: {}\n", e.what());
        return 2;
    }
}
