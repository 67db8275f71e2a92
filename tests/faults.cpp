// Seeded faults: shipped charters and rosters with one mistake each, and which tool must catch it.
//
// tests/data/faults/<tool>.json is a list of faults, each
//     { "fault": what is wrong, in words,
//       "of": a charter of examples/charters, "roster": one of examples/rosters; without one only the charter is looked at,
//       "edits": changes of the charter, "roster edits": of the roster: each {"at": JSON pointer, "is": the new value}; without "is" what is
//                there is removed; a pointer to one place behind a list's end adds to it,
//       "says": a part of what the tool must say,
//       "as": the name of lint's finding, or of audit's question, "is": audit's answer;
//       "process", "finding": of verify, where it must find that, by its id; "members", "leavers", "teams", "situations": its bounds;
//       "stated": changes like "edits" that are made to what is shipped as well: properties that its charter doesn't state }.
// Control: of what is shipped no tool says that.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include <quorate/audit.hpp>
#include <quorate/lint.hpp>
#include <quorate/verify.hpp>

#include "effort.hpp"
#include "golden.hpp"
#include "json.hpp"
#include "support.hpp"

using namespace support;
using json_text::node;

namespace {

std::string text(const node& n, std::string_view key) {
    const auto* m = n.find(key);
    return m == nullptr ? std::string() : m->text;
}

/// One change of a document. What it points at must be there, but for the last part of a pointer that adds.
void edit(node& root, const node& change) {
    const auto  pointer = text(change, "at");
    const auto* becomes = change.find("is");
    node*       at = &root;
    for (std::size_t from = 1;;) {
        const auto slash = pointer.find('/', from);
        const auto key = pointer.substr(from, slash == std::string::npos ? slash : slash - from);
        const bool last = slash == std::string::npos;
        CAPTURE(pointer);
        if (at->is_array()) {
            const auto i = static_cast<std::size_t>(std::stoul(key));
            const auto place = at->elements.begin() + static_cast<std::ptrdiff_t>(i);
            REQUIRE(i < at->elements.size() + (last && becomes != nullptr ? 1 : 0));
            if (last && becomes == nullptr) at->elements.erase(place);
            else if (last && i == at->elements.size()) at->elements.push_back(*becomes);
            else if (last) at->elements[i] = *becomes;
            if (last) return;
            at = &at->elements[i];
        } else {
            const auto m = std::find_if(at->members.begin(), at->members.end(), [&](const json_text::member& each) { return json_text::pointer_part(each.key) == key; });
            REQUIRE((m != at->members.end() || (last && becomes != nullptr)));
            if (last && becomes == nullptr) at->members.erase(m);
            else if (last && m == at->members.end()) at->members.push_back({key, 0, 0, *becomes});
            else if (last) m->value = *becomes;
            if (last) return;
            at = &m->value;
        }
        from = slash + 1;
    }
}

std::string edited(const std::string& path, std::initializer_list<const node*> edits) {
    auto document = json_text::parse(golden::read(path), path).value();
    for (const auto* some : edits)
        if (some != nullptr)
            for (const auto& each : some->elements) edit(document, each);
    return json_text::compact_json(document);
}

/// The charter and the roster, with the fault or as shipped.
struct documents {
    result<charter>                 rules;
    std::optional<result<roster>>   people{};
};
documents read(const node& fault, bool with_fault) {
    const auto name = text(fault, "of");
    documents  all{load_charter(edited(charters + name, {fault.find("stated"), with_fault ? fault.find("edits") : nullptr}), name)};
    if (const auto who = text(fault, "roster"); !who.empty())
        all.people = load_roster(edited(rosters + who, {with_fault ? fault.find("roster edits") : nullptr}), who);
    return all;
}

std::string check_says(const documents& d) {
    if (!d.rules) return d.rules.error().what();
    std::string all;
    if (!d.people) return all;
    if (!*d.people) return d.people->error().what();
    for (const auto& p : check(d.rules.value(), d.people->value())) all += to_string(p) + '\n';
    return all;
}

std::string lint_says(const documents& d, std::string_view only = {}) {
    std::string all;
    for (const auto& f : lint(d.rules.value(), d.people ? &d.people->value() : nullptr))
        if (f.meant.empty() && (only.empty() || f.name == only)) all += std::string(f.name) + ": " + f.what.what + '\n';
    return all;
}

std::vector<node> faults_of(const std::string& tool) {
    const auto path = QUORATE_SOURCE_DIR "/tests/data/faults/" + tool + ".json";
    return json_text::parse(golden::read(path), path).value().elements;
}

/// What exploration finds there.
std::vector<finding> verify_finds(const charter& c, const node& fault) {
    const auto bound = [&](std::string_view key) { return static_cast<std::size_t>(fault.find(key)->number); };
    const verify_options how{.bounds = {.members = bound("members"), .questions = 0, .leavers = bound("leavers"), .teams = fault.find("teams") != nullptr, .states = bound("situations")}, .fit = false, .power = false};
    return verify(c, text(fault, "process"), how).value().findings;
}

}  // namespace

TEST_CASE("faults: check refuses each of its own") {
    for (const auto& f : faults_of("check")) {
        CAPTURE(text(f, "fault"));
        CHECK(check_says(read(f, false)) == "");
        CHECK(has(check_says(read(f, true)), text(f, "says")));
    }
}

TEST_CASE("faults: lint finds each of its own, in what check lets pass") {
    std::set<std::string> seen;
    for (const auto& f : faults_of("lint")) {
        CAPTURE(text(f, "fault"));
        seen.insert(text(f, "as"));
        const auto broken = read(f, true);
        REQUIRE(check_says({broken.rules, std::nullopt}) == "");
        CHECK(lint_says(read(f, false), text(f, "as")) == "");
        CHECK(has(lint_says(broken, text(f, "as")), text(f, "says")));
    }
    for (const auto name : lint_names) CHECK_MESSAGE(seen.contains(std::string(name)), "no fault for ", name);
}

TEST_CASE("faults: audit answers each of its own, in what check and lint let pass") {
    for (const auto& f : faults_of("audit")) {
        CAPTURE(text(f, "fault"));
        const auto broken = read(f, true), shipped = read(f, false);
        REQUIRE(check_says(broken) == "");
        CHECK(lint_says(broken) == "");
        const auto before = audit(shipped.rules.value(), shipped.people->value()).about(text(f, "as"));
        const auto after = audit(broken.rules.value(), broken.people->value()).about(text(f, "as"));
        const auto says = [&](const audit_finding& a) {
            return std::any_of(a.evidence.begin(), a.evidence.end(), [&](const std::string& e) { return has(e, text(f, "says")); });
        };
        CHECK_FALSE(says(before));
        CHECK(says(after));
        CHECK(to_string(after.is) == text(f, "is"));
        CHECK_FALSE(after.change.empty());
    }
}

TEST_CASE("faults: verify finds each of its own, in what check and lint let pass") {
    const auto all = faults_of("verify");
    for (std::size_t i = 0; i < all.size(); i += effort_divisor) {
        const auto& f = all[i];
        CAPTURE(text(f, "fault"));
        const auto broken = read(f, true), shipped = read(f, false);
        CHECK(check_says(broken) == "");
        REQUIRE(broken.rules.has_value());
        CHECK(lint_says(broken) == lint_says(shipped));
        const auto is_it = [&](const finding& found) { return found.id == text(f, "finding"); };
        const auto before = verify_finds(shipped.rules.value(), f), after = verify_finds(broken.rules.value(), f);
        CHECK(std::none_of(before.begin(), before.end(), is_it));
        const auto found = std::find_if(after.begin(), after.end(), is_it);
        REQUIRE(found != after.end());
        CHECK_FALSE(found->story.empty());
    }
}

TEST_CASE("faults: there are thirty of them, each of another kind") {
    std::set<std::string> kinds;
    std::size_t           n = 0;
    for (const auto* tool : {"check", "lint", "audit", "verify"})
        for (const auto& f : faults_of(tool)) {
            ++n;
            kinds.insert(text(f, "fault"));
        }
    CHECK(kinds.size() == n);
    CHECK(n >= 30);
}
