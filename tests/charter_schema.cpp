#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <regex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <quorate/charter.hpp>

#include "golden.hpp"
#include "json.hpp"
#include "schema_validator.hpp"

using namespace quorate;
using json_text::node;

namespace {

const std::string source = QUORATE_SOURCE_DIR;

const node& schema() {
    static const auto parsed = json_text::parse(charter_schema(), "schema").value();
    return parsed;
}

std::vector<std::string> problems_of(const std::string& text) {
    const auto parsed = json_text::parse(text, "charter").value();
    return schema_validator(schema())(parsed);
}

std::string first(const std::vector<std::string>& all) { return all.empty() ? "" : all.front(); }

using keys = std::set<std::string>;

/// The strings in double quotes of a piece of C++.
keys quoted_in(const std::string& text) {
    keys             found;
    const std::regex word("\"([^\"]*)\"");
    for (std::sregex_iterator i(text.begin(), text.end(), word), end; i != end; ++i) found.insert((*i)[1]);
    return found;
}
/// One set of keys for each call of `known_keys` in the loader.
std::multiset<keys> keys_of_loader() {
    std::multiset<keys> found;
    const std::regex    call("known_keys\\([^{;]*\\{([^}]*)\\}\\)");
    for (const auto* name : {"/src/charter.cpp", "/src/charter_load.cpp", "/src/charter_load_options.cpp", "/src/charter_load_stages.cpp",
                             "/src/charter_load_verify.cpp", "/src/charter_load_weights.cpp"}) {
        const auto text = golden::read(source + name);
        for (std::sregex_iterator i(text.begin(), text.end(), call),
             end; i != end; ++i) found.insert(quoted_in((*i)[1]));
    }
    return found;
}
/// One set of keys for each object of the schema that takes no others.
std::multiset<keys> keys_of_schema() {
    std::multiset<keys> found;
    each_schema(schema(), [&](const node& n) {
        const auto* more = n.find("additionalProperties");
        if (more == nullptr || !more->is_boolean() || more->truth) return;
        keys all;
        for (const auto& m : n.find("properties")->members) all.insert(m.key);
        found.insert(all);
    });
    return found;
}

std::set<std::string> words(const node& list) {
    std::set<std::string> all;
    for (const auto& e : list.elements) all.insert(e.text);
    return all;
}
const node& definition(std::string_view name) { return *schema().find("$defs")->find(name); }
const node& property(std::string_view of,
                     std::string_view name) { return *definition(of).find("properties")->find(name); }
/// Whether some pattern of these rules, or of one of their alternatives, fits; so that enumerations don't hide a wrong pattern.
bool matches(const node& rules, const std::string& text) {
    if (const auto* pattern = rules.find("pattern")) return std::regex_search(text, std::regex(pattern->text));
    const auto* any = rules.find("anyOf");
    return any != nullptr && std::any_of(any->elements.begin(), any->elements.end(),
                                         [&](const node& e) { return matches(e, text); });
}

/// A charter with members of its only process, and of its only stage, as given.
std::string with(const std::string& process, const std::string& stage) {
    return R"({"title": "T", "processes": {"p": {)" + process + R"("electorate": {"of": "everyone"}, "stages": {"s": {)" + stage +
           R"("exits": [{"after": "1 day", "to": "lapsed"}]}}}}})";
}
const std::string review = R"("phase": "review", )";

}  // namespace

TEST_CASE("charter schema: it is JSON, of the draft that it names, and every reference leads somewhere") {
    CHECK(schema().find("$schema")->text == "https://json-schema.org/draft/2020-12/schema");
    each_schema(schema(), [](const node& n) {
        const auto* ref = n.find("$ref");
        if (ref == nullptr || !ref->is_string()) return;
        REQUIRE(ref->text.starts_with("#/$defs/"));
        CHECK(schema().find("$defs")->find(ref->text.substr(8)) != nullptr);
    });
}

TEST_CASE("charter schema: its objects take exactly the keys that the loader takes, object by object") {
    const auto loader = keys_of_loader();
    CHECK(loader.size() >= 14);
    CHECK(keys_of_schema() == loader);
}

TEST_CASE("charter schema: every key has a description, its own or that of what it refers to") {
    each_schema(schema(), [](const node& n) {
        const auto* properties = n.find("properties");
        if (properties == nullptr || !properties->is_object()) return;
        for (const auto& m : properties->members) {
            if (!m.value.is_object()) continue;  // forbidden
            CAPTURE(m.key);
            const auto* ref = m.value.find("$ref");
            const bool  own = m.value.find("description") != nullptr;
            CHECK((own || (ref != nullptr && definition(ref->text.substr(8)).find("description") != nullptr)));
        }
    });
}

TEST_CASE("charter schema: its words are those of the language and the law") {
    CHECK(words(*definition("phase").find("enum")) == std::set<std::string>(phase_names.begin(), phase_names.end()));
    CHECK(words(*property("exit", "since").find("anyOf")->elements[0].find("enum")) == std::set<std::string>(since_names.begin(),
                                                                                  since_names.end()));
    std::set<std::string> outcomes;
    for (const auto name : phase_names)
        if (!is_open(*phase_named(name))) outcomes.emplace(name);
    CHECK(words(*property("process",
                          "children").find("additionalProperties")->find("propertyNames")->find("enum")) == outcomes);
}

TEST_CASE("charter schema: acts are known by name, alone, in lists and on behalf of another") {
    std::set<std::string> names;
    for (const auto& row : acts) names.emplace(row.name);
    CHECK(words(*definition("act_name").find("enum")) == names);
    const auto& act_list = definition("acts");
    const auto& leave = *property("stage", "allow").find("propertyNames");
    const auto& taken = property("electorate", "taken");
    for (const auto& row : acts) {
        const std::string name(row.name);
        CAPTURE(name);
        CHECK(matches(act_list, name));
        CHECK(matches(act_list, "raise, " + name));
        CHECK_FALSE(matches(act_list, "raise,, " + name));
        CHECK(matches(leave, name));
        CHECK(matches(leave, name + " for another, hold"));
        CHECK_FALSE(matches(act_list, name + " for another"));
        CHECK_FALSE(matches(act_list, name + "s"));
        CHECK_FALSE(matches(leave, "raise " + name));
        CHECK(matches(taken, "on " + name));
    }
    for (const auto* narrowed : {"cast nay", "fact weather", "propose merge", "revise rewrite", "link appeal"}) {
        CHECK(matches(act_list, narrowed));
        CHECK(matches(leave, std::string(narrowed) + ", raise"));
        CHECK_FALSE(matches(taken, std::string("on ") + narrowed));
    }
    CHECK(matches(taken, "live"));
    CHECK(matches(taken, "at open"));
    CHECK_FALSE(matches(act_list, ""));
    CHECK_FALSE(matches(taken, "at close"));
    CHECK_FALSE(matches(taken, "on vote"));
}

TEST_CASE("charter schema: limits and choices are those of the loader") {
    CHECK(property("process", "positions").find("maxProperties")->number == static_cast<std::int64_t>(most_positions));
    CHECK(property("process", "rules").find("maxProperties")->number == static_cast<std::int64_t>(most_rules));
    CHECK(property("process", "stages").find("maxProperties")->number == static_cast<std::int64_t>(most_stages));
    CHECK(property("stage", "exits").find("maxItems")->number == static_cast<std::int64_t>(most_exits));
    CHECK(definition("rule").find("maxLength")->number == static_cast<std::int64_t>(longest_rule));
    // Each choice that the loader offers for a key by `word(from, "key", {...})` is the key's enumeration.
    const auto       text = golden::read(source + "/src/charter_load.cpp") + golden::read(source + "/src/charter_load_stages.cpp");
    const std::regex call("read_\\.word\\([^,]*, \"([^\"]*)\", \\{([^}]*)\\}\\)");
    std::size_t      found = 0;
    for (std::sregex_iterator i(text.begin(), text.end(), call), end; i != end; ++i, ++found) {
        const auto key = (*i)[1].str();
        CAPTURE(key);
        bool same = false;
        each_schema(schema(), [&](const node& n) {
            const auto* p = n.find("properties");
            const auto* at = p == nullptr ? nullptr : p->find(key);
            const auto* choices = at == nullptr ? nullptr : at->find("enum");
            same = same || (choices != nullptr && words(*choices) == quoted_in((*i)[2]));
        });
        CHECK(same);
    }
    CHECK(found >= 8);
}

TEST_CASE("charter schema: every shipped charter fits, and so does one that uses every key") {
    std::size_t looked_at = 0;
    for (const auto& entry : std::filesystem::directory_iterator(source + "/examples/charters")) {
        if (entry.path().extension() != ".json") continue;
        ++looked_at;
        CAPTURE(entry.path().string());
        CHECK(first(problems_of(golden::read(entry.path().string()))) == "");
    }
    CHECK(looked_at >= 2);

    const auto text = golden::read(source + "/tests/data/every_key.json");
    REQUIRE(load_charter(text).has_value());
    CHECK(first(problems_of(text)) == "");
    keys used;
    const auto parsed = json_text::parse(text).value();
    each_schema(parsed, [&](const node& n) {
        for (const auto& m : n.members) used.insert(m.key);
    });
    for (const auto& all : keys_of_loader())
        for (const auto& key : all) CHECK_MESSAGE(used.contains(key), "tests/data/every_key.json lacks ", key);
}

TEST_CASE("charter schema: what the loader refuses for its form alone, the schema refuses too") {
    const std::vector<std::string> refused{
        R"({"processes": {}})",
        R"({"title": "", "processes": {"p": {"electorate": {"of": "everyone"}, "stages": {}}}})",
        with("", ""),
        with(R"("proceses": 1, )", review),
        with(R"("kind": "vote", )", review),
        with(R"("dispositions": "merge", )", review),
        with(R"("positions": {"no way": {}}, )", review),
        with(R"("positions": {"aye": {"binding": "yes"}}, )", review),
        with(R"("positions": {"aye": {"reason": true}}, )", review),
        with(R"("rules": {"r": 1}, )", review),
        with(R"("rules": {"r": {"cites": "x"}}, )", review),
        with(R"("concerns": {"seconds": -1}, )", review),
        with(R"("concerns": {"seconds": 101}, )", review),
        with(R"("children": {"p": {"review": "cancel"}}, )", review),
        with(R"("children": {"p": {"accepted": "cast"}}, )", review),
        with(R"("children": {"p": {"accepted": "cancel, cast"}}, )", review),
        with(R"("children": {"p": {"accepted": {"disposition": "x"}}}, )", review),
        with(R"("standing": {"when people leave": "goes"}, )", review),
        R"({"title": "T", "processes": {"p": {"electorate": {"of": "everyone"}, "stages": {"s": {"phase": "review", "exits": [{"on": "raise p", "to": "accepted"}]}}}}})",
        with("", R"("phase": "vote", )"),
        with("", review + R"("allow": {"vote": "everyone"}, )"),
        with("", review + R"("allow": {"ask": 1}, )"),
        with("", review + R"("allow": {"ask": {"if": "holds == 0"}}, )"),
        with("", review + R"("extend": {}, )"),
        with("", review + R"("places": 0, )"),
        with("", review + R"("places": true, )"),
        with("", review + R"("places": 2, "first": 1, )"),
        with("", review + R"("effects": "print", )"),
        with("", review + R"("effects": [{"add": "x"}], )"),
        with("", review + R"("effects": [{"do": "label", "add": 1}], )"),
        with("", review + R"("effects": [{"do": "label", "stage": "s"}], )"),
        R"({"title": "T", "processes": {"p": {"stages": {"s": {"phase": "review", "exits": [{"after": "1 day", "to": "lapsed"}]}}}}})",
    };
    for (const auto& text : refused) {
        CAPTURE(text);
        CHECK_FALSE(load_charter(text).has_value());
        CHECK_FALSE(problems_of(text).empty());
    }
    REQUIRE(load_charter(with("", review)).has_value());
    CHECK(problems_of(with("", review)).empty());
}

TEST_CASE("charter schema: an exit has one trigger, no more and no less") {
    const auto exit = [](const std::string& members) {
        return R"({"title": "T", "processes": {"p": {"electorate": {"of": "everyone"}, "stages": {"s": {"phase": "review",
                "allow": {"adopt": "author"}, "exits": [{"to": "lapsed")" + members + "}]}}}}}";
    };
    for (const auto* members : {R"(, "after": "1 day")", R"(, "on": "adopt")", R"(, "when": "holds > 1")", R"(, "unless": "holds > 1")",
                                R"(, "when": "holds > 1", "held": "1 day")", R"(, "after": "1 day", "since": "ballot", "end": "open")"}) {
        CAPTURE(members);
        CHECK(load_charter(exit(members)).has_value());
        CHECK(problems_of(exit(members)).empty());
    }
    for (const auto* members : {"", R"(, "held": "1 day")", R"(, "on": "adopt", "after": "1 day")",
                                R"(, "if": "holds > 1")", R"(, "on": "adopt", "held": "1 day")", R"(, "unless": "holds > 1", "held": "1 day")", R"(, "when": "holds > 1", "unless": "holds > 2")",
                                R"(, "when": "holds > 1", "since": "ballot")", R"(, "on": "adopt", "end": "open")"}) {
        CAPTURE(members);
        CHECK_FALSE(load_charter(exit(members)).has_value());
        CHECK_FALSE(problems_of(exit(members)).empty());
    }
}
