// Sorts the cases of onchain.json to those who put them, and what these share.
#include "onchain.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace conformance {

using namespace quorate;

// ---- people -----------------------------------------------------------------------------------------------------------------------
holders::holders() {
    person(std::string(asker));
    for (const auto* team : {"undelegated", "guardian", "area", "inactive"}) in_team(team);
}
void holders::person(const std::string& id) {
    const bool known = std::any_of(doc_.people.begin(), doc_.people.end(), [&](const person_info& p) { return p.id == id; });
    if (known) return;
    person_info p;
    p.id = p.handle = id;
    doc_.people.push_back(std::move(p));
}
void holders::holds(const std::string& who, const std::string& kind, const std::string& weight, const std::string& to) {
    person(who);
    if (!to.empty()) person(to);
    doc_.weights.push_back({kind, who, ratio_of(weight), to});
}
void holders::delegates(const std::string& who, const std::string& to, const std::string& team, const std::string& process) {
    person(who);
    if (!to.empty()) person(to);
    if (!team.empty()) in_team(team);
    doc_.delegations.push_back({who, to, team, process});
}
void holders::in_team(const std::string& team, const std::string& who) {
    if (!who.empty()) person(who);
    auto found = std::find_if(doc_.teams.begin(), doc_.teams.end(), [&](const team_info& t) { return t.name == team; });
    if (found == doc_.teams.end()) {
        team_info made;
        made.name = team;
        found = doc_.teams.insert(found, std::move(made));
    }
    if (!who.empty()) found->members.push_back({who, {}});
}
void holders::in_role(const std::string& role, const std::string& who) {
    doc_.roles.push_back({role, "in this case"});
    in_team("in-role-" + role, who);
    for (auto& t : doc_.teams)
        if (t.name == "in-role-" + role) t.members.back().roles.push_back(role);
}
roster holders::roster() const {
    auto made = make_roster(doc_);
    if (!made) throw cannot_say("a roster refuses its people: " + std::string(made.error().what()));
    return std::move(made).value();
}

// ---- a walk -----------------------------------------------------------------------------------------------------------------------
static charter loaded(const settings& where, std::string_view file, given values) {
    auto made = load_charter_file(fmt::format("{}/{}", where.charters, file), std::move(values));
    if (!made) throw cannot_say("the charter refuses its settings: " + std::string(made.error().what()));
    return std::move(made).value();
}
chain_walk::chain_walk(const settings& where, std::string_view file, given values, quorate::roster people, duration unit)
    : engine_(loaded(where, file, std::move(values)), std::move(people)), unit_(unit) {}

void chain_walk::at(std::int64_t t) {
    const auto next = start_ + unit_ * t;
    if (next < now_) throw cannot_say("a time before the one before");
    now_ = next;
    engine_.advance(now_);
}
std::string chain_walk::open(std::string_view process, const std::string& by, const std::string& team) {
    opening o{.process = std::string(process), .by = by, .at = now_};
    if (!team.empty()) o.teams.push_back(team);
    auto made = engine_.open(o);
    if (!made) throw cannot_say("opening is refused: " + std::string(made.error().what()));
    return id_ = std::move(made).value();
}
std::optional<refusal> chain_walk::says(command c) {
    c.at = now_;
    const auto done = engine_.submit(id_, c);
    if (done.accepted()) return std::nullopt;
    if (!done.refused()) throw std::runtime_error(done.fault().what());
    return done.refusal();
}

std::optional<refusal> chain_walk::says_at(std::int64_t t, command c) {
    if (start_ + unit_ * t < now_) throw cannot_say("a time before the one before");
    now_ = start_ + unit_ * t;
    return says(std::move(c));
}

namespace {

/// Reads one expression of the rule language on a proposal as it stands.
verdict read_on(const proposal& p, instant now, const roster& people, const std::string& text) {
    std::vector<word> words;
    for (std::size_t i = 0; i < p.by->positions.size(); ++i)
        words.push_back({.name = p.by->positions[i].name, .is = word::kind::position, .index = static_cast<std::uint16_t>(i), .text = {}});
    for (std::size_t i = 0; i < p.by->rules.size(); ++i)
        words.push_back({.name = p.by->rules[i].name, .is = word::kind::rule, .index = static_cast<std::uint16_t>(i), .text = {}});
    const auto made = read_rule(text, words);
    if (made.error.is_error()) throw cannot_say("nothing here is called " + text);
    evidence_of seen;
    auto        v = read(made.value.view(), seen.take(p, now, {people}));
    for (auto& a : v.why) a.in = {};  // which dies with this function
    return v;
}

}  // namespace

number chain_walk::measured(std::string_view what) const {
    const auto v = read_on(proposal(), now_, engine_.people(), fmt::format("{} >= 0", what));
    if (v.why.empty() || !v.why[0].measured) throw cannot_say(fmt::format("{} can't be measured", what));
    return *v.why[0].measured;
}
bool chain_walk::holds(std::string_view rule) const { return read_on(proposal(), now_, engine_.people(), std::string(rule)).is_met(); }
std::optional<duration> chain_walk::waits_for(const std::string& rule) const {
    const auto v = read_on(proposal(), now_, engine_.people(), rule);
    if (v.is_met()) return duration{};
    return v.next == never ? std::nullopt : std::optional(v.next);
}
std::optional<std::int64_t> chain_walk::next() const {
    const auto e = explained();
    if (!e.next) return std::nullopt;
    return (*e.next - start_) / unit_;
}

// ---- reading ----------------------------------------------------------------------------------------------------------------------
std::string weight_text(const json::value& v) {
    if (v.is_string()) return std::string(v.as_string());
    if (!v.is_int64() && !v.is_uint64()) throw cannot_say("a weight that is no whole number");
    return json::serialize(v);
}
std::string weight_text(const json::object& o, std::string_view key) { return weight_text(needs(o, key)); }
number ratio_of(std::string_view text) {
    const auto slash = text.find('/');
    const auto top = parse_number(text.substr(0, slash));
    const auto bottom = slash == std::string_view::npos ? std::optional<number>(1) : parse_number(text.substr(slash + 1));
    const auto ratio = top && bottom ? divide(*top, *bottom) : std::nullopt;
    if (!ratio) throw cannot_say("a ratio that is no number");
    return *ratio;
}
void only(const json::object& o, std::initializer_list<std::string_view> known) {
    for (const auto& [key, value] : o)
        if (std::find(known.begin(), known.end(), std::string_view(key)) == known.end()) throw cannot_say(fmt::format("\"{}\" means nothing here", std::string_view(key)));
}
json::value as_json(const number& n) {
    if (const auto whole = n.to_int64()) return *whole;
    return json::string(to_string(n));
}
std::string seconds_text(std::int64_t n) {
    if (n < 0) throw cannot_say("a time that is negative");
    return fmt::format("{} seconds", n);
}
std::vector<const json::object*> rows_of(const json::value& list) {
    if (!list.is_array()) throw cannot_say("what should be a list is none");
    return rows_of(list.as_array());
}
std::vector<const json::object*> rows_of(const json::array& list) {
    std::vector<const json::object*> rows;
    for (const auto& row : list) {
        if (!row.is_object()) throw cannot_say("a row that is no object");
        rows.push_back(&row.as_object());
    }
    return rows;
}

// ---- the family -------------------------------------------------------------------------------------------------------------------
static case_result run_case(std::string id, const json::value& c, const settings& s) {
    const auto  name = text_of(c, "engine");
    const auto* config = object_of(c, "config");
    const auto* inputs = list_of(c, "inputs");
    const auto* expected = c.is_object() ? c.as_object().if_contains("expected") : nullptr;
    if (config == nullptr || inputs == nullptr || expected == nullptr) return skipped(std::move(id), "a case without config, inputs or expected");
    for (const auto* all : {&governors(), &stakes(), &thresholds(), &tracks(), &convictions(), &liquid(), &snapshots()})
        for (const auto& e : *all) {
            if (e.name != name) continue;
            try {
                return e.put({id, *config, *inputs, *expected, s});
            } catch (const cannot_say& why) {
                return skipped(std::move(id), fmt::format("{}: {}", name, why.what()));
            } catch (const std::invalid_argument&) {
                return skipped(std::move(id), name + ": a part of the case is of another form");
            } catch (const std::exception& why) {
                return failed(std::move(id), why.what());
            }
        }
    return skipped(std::move(id), "no charter here is about " + name);
}

bool claims_onchain(const json::value& d) { return any_with(cases_of(d), {"engine", "config"}); }

std::vector<case_result> run_onchain(const json::value& d, const settings& s) {
    std::vector<case_result> results;
    for (const auto& c : *cases_of(d)) {
        auto id = text_of(c, "id");
        results.push_back(run_case(id.empty() ? fmt::format("#{}", results.size() + 1) : std::move(id), c, s));
    }
    return results;
}

}  // namespace conformance
