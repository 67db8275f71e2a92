// examples/charters/README.md is complete and true: what it shows loads, passes and parses, and no key and no word is missing.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <unistd.h>

#include <quorate/charter.hpp>
#include <quorate/scenario.hpp>

#include "golden.hpp"
#include "json.hpp"
#include "markdown.hpp"
#include "schema_validator.hpp"

using namespace quorate;
using json_text::node;
using markdown::cells;

namespace {

const std::string source = QUORATE_SOURCE_DIR;

const markdown::page& page() {
    static const markdown::page read(golden::read(source + "/examples/charters/README.md"));
    return read;
}

/// Whether the page has it between backticks, alone or before a parenthesis: "team(core)".
bool said(std::string_view word) {
    const auto& all = page().words;
    return std::any_of(all.begin(), all.end(), [&](const std::string& w) {
        return w == word || (w.size() > word.size() && w.starts_with(word) && w[word.size()] == '(');
    });
}

// ---- blocks -------------------------------------------------------------------------------------------------------------
/// A folder with the page's documents that name themselves in their first line: "// charter.json: ...".
class documents {
public:
    documents() : path_(std::filesystem::temp_directory_path() / ("quorate-docs-" + std::to_string(::getpid()))) {
        std::filesystem::create_directories(path_);
        for (const auto& b : page().blocks)
            if (const auto name = name_of(b); !name.empty()) std::ofstream(path_ / name, std::ios::binary) << b.text;
    }
    documents(const documents&) = delete;
    ~documents() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    [[nodiscard]] std::string folder() const { return path_.string(); }
    [[nodiscard]] std::string file(const std::string& name) const { return (path_ / name).string(); }

private:
    static std::string name_of(const markdown::block& b) {
        const auto first = b.text.substr(0, b.text.find('\n'));
        const auto end = first.find(".json");
        return b.kind == "json" && first.starts_with("// ") && end != std::string::npos ? first.substr(3, end + 2) : std::string();
    }
    std::filesystem::path path_;
};

// ---- rules --------------------------------------------------------------------------------------------------------------
/// The charter whose names the examples use.
const node& names() {
    static const node found = [] {
        for (const auto& b : page().blocks)
            if (b.kind == "json" && b.text.find("The names in the examples") != std::string::npos) return json_text::parse(b.text).value();
        return node{};
    }();
    return found;
}

node& part(node& object, std::string_view key) {
    const auto found = std::find_if(object.members.begin(), object.members.end(), [&](const json_text::member& m) { return m.key == key; });
    REQUIRE(found != object.members.end());
    return found->value;
}

/// Why this is no rule, or no set, of process "rfc" of that charter; empty if it is one.
std::string refused(const std::string& expression, expects what) {
    node text;
    text.what = json_text::kind::string;
    text.text = expression;
    auto  whole = names();
    auto& rfc = part(part(whole, "processes"), "rfc");
    if (what == expects::set) part(part(part(rfc, "stages"), "talk"), "allow").members.push_back({"ask", 0, 0, text});
    else part(rfc, "rules").members.push_back({"example", 0, 0, text});
    const auto loaded = load_charter(json_text::compact_json(whole), "example");
    return loaded ? std::string() : loaded.error().what();
}

/// The lines of blocks of that kind, without what follows a "#".
cells lines_of(std::string_view kind) {
    cells found;
    for (const auto& b : page().blocks) {
        if (b.kind != kind) continue;
        std::istringstream in(b.text);
        for (std::string line; std::getline(in, line);) found.push_back(markdown::trimmed(line.substr(0, line.find('#'))));
    }
    return found;
}

// ---- keys ---------------------------------------------------------------------------------------------------------------
using keys = std::set<std::string>;

keys code_of_columns(std::string_view head) {
    keys all;
    for (const auto& t : page().tables)
        for (auto& word : t.code(head)) all.insert(std::move(word));
    return all;
}


/// The keys of an object that a schema describes, but for those that it forbids.
keys keys_of(const node& schema) {
    keys        all;
    const auto* properties = schema.find("properties");
    if (properties != nullptr && properties->is_object())
        for (const auto& m : properties->members)
            if (m.value.is_object()) all.insert(m.key);
    return all;
}

std::vector<node> schemas() {
    std::vector<node> all;
    for (const auto text : {charter_schema(), roster_schema(), scenario_schema()}) all.push_back(json_text::parse(text, "schema").value());
    return all;
}

}  // namespace

TEST_CASE("docs: every JSON block is a whole charter, roster or scenario file, and does what it says") {
    const documents written;
    std::size_t     charters = 0, rosters = 0, scenarios = 0;
    for (const auto& b : page().blocks) {
        if (b.kind != "json") continue;
        CAPTURE(b.line);
        const auto parsed = json_text::parse(b.text, "block");
        REQUIRE_MESSAGE(parsed.has_value(), parsed.error().what());
        const auto has = [&](std::string_view key) { return parsed.value().find(key) != nullptr; };
        if (has("scenarios") || has("steps")) {
            const auto all = load_scenarios(b.text, "block", written.folder());
            REQUIRE_MESSAGE(all.has_value(), all.error().what());
            for (const auto& s : all.value()) {
                const auto report = run(s);
                CHECK_MESSAGE(report.passed(), to_string(report));
                CHECK(report.checks > 0);
                ++scenarios;
            }
        } else if (has("processes")) {
            const auto loaded = load_charter(b.text, "block");
            REQUIRE_MESSAGE(loaded.has_value(), loaded.error().what());
            CHECK(loaded.value().warnings().empty());
            ++charters;
        } else {
            REQUIRE(has("people"));
            const auto loaded = load_roster(b.text, "block");
            REQUIRE_MESSAGE(loaded.has_value(), loaded.error().what());
            ++rosters;
        }
    }
    CHECK(charters >= 2);
    CHECK(rosters >= 1);
    CHECK(scenarios >= 5);
    CHECK(check(load_charter_file(written.file("charter.json")).value(), load_roster_file(written.file("roster.json")).value()).empty());
}

TEST_CASE("docs: every rule parses: lines of rule blocks, and examples in tables") {
    REQUIRE(names().is_object());
    CHECK(refused("approve > no_such_word", expects::rule) != "");
    CHECK(refused("team(core) > 1", expects::set) != "");
    auto rules = lines_of("rule");
    CHECK(rules.size() >= 5);
    for (const auto& word : code_of_columns("example")) rules.push_back(word);
    CHECK(rules.size() >= 40);
    for (const auto& rule : rules) CHECK_MESSAGE(refused(rule, expects::rule) == "", rule);
    const auto sets = code_of_columns("set");
    CHECK(sets.size() >= 15);
    for (const auto& set : sets) CHECK_MESSAGE(refused(set, expects::set) == "", set);
    for (const auto& t : page().tables)  // no row without one
        for (const auto& cell : t.column("example")) CHECK_FALSE(markdown::code_in(cell).empty());
}

TEST_CASE("docs: every key and every choice of the schemas is on the page, objects of several keys in a table of keys") {
    const keys        everywhere{"about", "cites", "$schema"};  // said of all objects at once
    std::vector<keys> tables;
    for (const auto& t : page().tables) {
        const auto words = t.code("key");
        tables.emplace_back(words.begin(), words.end());
    }
    keys known;
    for (const auto& schema : schemas())
        each_schema(schema, [&](const node& n) {
            auto all = keys_of(n);
            known.insert(all.begin(), all.end());
            for (const auto& key : all) CHECK_MESSAGE(page().words.contains(key), key);
            for (const auto& key : everywhere) all.erase(key);
            constexpr std::size_t few = 3;  // so many may be told in a sentence
            if (all.size() > few) {
                CAPTURE(*all.begin());
                CHECK(std::any_of(tables.begin(), tables.end(), [&](const keys& t) { return std::includes(t.begin(), t.end(), all.begin(), all.end()); }));
            }
            if (const auto* choices = n.find("enum"); choices != nullptr && choices->is_array())
                for (const auto& c : choices->elements) CHECK_MESSAGE(page().words.contains(c.text), c.text);
        });
    CHECK(known.size() > 150);
    for (const auto& t : tables)
        for (const auto& key : t) CHECK_MESSAGE(known.contains(key), key, " is a key of nothing");
}

TEST_CASE("docs: every word of the rule language is on the page") {
    for (const auto word : quantity_names) CHECK_MESSAGE(said(word), word);
    for (const auto word : clock_names) CHECK_MESSAGE(said(word), word);
    for (const auto word : since_names) CHECK_MESSAGE(said(word), word);
    for (const auto word : variable_names) CHECK_MESSAGE(said(word), word);
    for (const auto word : set_names) CHECK_MESSAGE(said(word), word);
    for (const auto word : of_proposal_names) CHECK_MESSAGE(said(std::string(word) + " of proposal"), word);
    for (const auto word : set_call_names) CHECK_MESSAGE(said(word), word);
    for (const auto word : curve_names) CHECK_MESSAGE(said(word), word);
    const auto grammar = std::find_if(page().blocks.begin(), page().blocks.end(), [](const markdown::block& b) { return b.kind == "ebnf"; });
    REQUIRE(grammar != page().blocks.end());
    const auto in_grammar = [&](std::string_view word) { return grammar->text.find('"' + std::string(word) + '"') != std::string::npos; };
    for (const auto word : detail::reserved_words) CHECK_MESSAGE(in_grammar(word), word);
    for (const auto word : detail::opening_words) CHECK_MESSAGE(in_grammar(word), word);
    for (const auto word : collection_names) CHECK_MESSAGE(in_grammar(word), word);
    for (const auto word : set_call_names) CHECK_MESSAGE(in_grammar(word), word);
    for (const auto& unit : detail::rule_units) CHECK_MESSAGE(grammar->text.find(unit.name) != std::string::npos, unit.name);
    // The parser names its functions when it meets an unknown one.
    const auto            unknown = parse_rule("no_such_function(x)", {}).error.expected;
    constexpr std::string_view before = "a function: ", after = ", or a set";
    REQUIRE(unknown.starts_with(before));
    REQUIRE(unknown.ends_with(after));
    std::istringstream functions(std::string(unknown.substr(before.size(), unknown.size() - before.size() - after.size())));
    std::size_t        count = 0;
    for (std::string word; functions >> word; ++count) CHECK_MESSAGE(in_grammar(word), word);
    CHECK(count >= 10);
}

TEST_CASE("docs: the table of acts has every act once, in the order and class that the law knows, with what it takes") {
    const auto* table = page().headed({"act", "class", "also called", "takes", "does"});
    REQUIRE(table != nullptr);
    cells names_there, names_known;
    for (const auto& row : table->rows)
        for (const auto& name : markdown::code_in(row[0])) {
            names_there.push_back(name);
            const auto what = act_named(name);
            REQUIRE_MESSAGE(what.has_value(), name);
            const auto& known = row_of(*what);
            CHECK_MESSAGE(row[1] == to_string(known.of), name);
            const auto takes = markdown::code_in(row[3]);
            const bool told = known.subject.empty() || std::find(takes.begin(), takes.end(), known.subject) != takes.end();
            CHECK_MESSAGE(told, name, " takes ", known.subject);
        }
    for (const auto& row : acts) names_known.emplace_back(row.name);
    CHECK(names_there == names_known);
}

TEST_CASE("docs: the table of phases has every phase, in order") {
    const auto* table = page().headed({"phase", "what the law lets people do", "where it lets exits lead"});
    REQUIRE(table != nullptr);
    CHECK(table->code("phase") == cells(phase_names.begin(), phase_names.end()));
}

TEST_CASE("docs: backticks are closed on their line, and the README leads here") {
    CHECK(page().unbalanced.empty());
    CHECK(golden::read(source + "/README.md").find("(examples/charters/README.md)") != std::string::npos);
}

/// What stands between quotes, without the dots of what is left out at its end.
static std::vector<std::string> names_in(std::string_view cell) {
    std::vector<std::string> all;
    for (auto from = cell.find('"'); from != std::string_view::npos; from = cell.find('"', from)) {
        const auto to = cell.find('"', from + 1);
        REQUIRE(to != std::string_view::npos);
        auto name = cell.substr(from + 1, to - from - 1);
        name = name.substr(0, name.find(" ..."));
        all.emplace_back(name);
        from = to + 1;
    }
    return all;
}

TEST_CASE("docs: each claim of the README about security names a test that there is") {
    std::string tests = golden::read(source + "/tests/CMakeLists.txt");
    for (const auto& folder : {source + "/tests/bot", source + "/tests/reliability"})
        for (const auto& file : std::filesystem::directory_iterator(folder))
            if (file.is_regular_file()) tests += file.path().filename().string() + "\n" + golden::read(file.path().string());
    const markdown::page readme(golden::read(source + "/README.md"));
    const auto*          claims = readme.headed({"Who", "tries", "What stops it", "Test"});
    REQUIRE(claims != nullptr);
    for (const auto& row : claims->rows) {
        CAPTURE(row.back());
        const auto names = names_in(row.back());
        CHECK((!names.empty() || row.back().find("incidents.cpp") != std::string::npos || row.back().find("tests/reliability") != std::string::npos));
        for (const auto& name : names) CHECK_MESSAGE(tests.find(name) != std::string::npos, name);
    }
    CHECK(claims->rows.size() >= 12);
}
