// Building small charters and rosters, running them, and reading recorded cases.
#include "trial.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <boost/regex.hpp>
#include <fmt/format.h>

namespace conformance {

using namespace quorate;

namespace {

constexpr std::string_view process_name = "case";

json::value parsed(const std::string& text) {
    boost::system::error_code wrong;
    auto                      v = json::parse(text, wrong);
    if (wrong) throw std::logic_error("an adapter writes no JSON: " + text);
    return v;
}

json::object exit_on(std::string_view what, const std::string& rule, std::string_view to) {
    json::object x{{"on", what}, {"to", to}};
    if (!rule.empty()) x["if"] = rule;
    return x;
}

}  // namespace

roster roster_of(const std::vector<team_of>& teams) {
    roster_document                    d;
    std::map<std::string, std::size_t> places;  // of people, by their ids
    const auto                         person = [&](const std::string& id, const std::string& affiliation) {
        const auto [known, fresh] = places.try_emplace(id, d.people.size());
        if (fresh) {
            person_info p;
            p.id = p.handle = id;
            d.people.push_back(std::move(p));
        }
        if (!affiliation.empty()) d.people[known->second].affiliations.push_back(affiliation);
    };
    person(std::string(asker), {});
    for (const auto& t : teams) {
        team_info made;
        made.name = t.name;
        made.leads = t.leads;
        made.includes = t.includes;
        std::set<std::string> once;
        for (const auto& m : t.members) {
            if (!once.insert(m).second) continue;
            person(m, t.affiliation);
            made.members.push_back({m, t.role.empty() ? std::vector<std::string>() : std::vector{t.role}});
        }
        if (!t.role.empty()) d.roles.push_back({t.role, "of " + t.name});
        d.teams.push_back(std::move(made));
    }
    auto made = make_roster(std::move(d));
    if (!made) throw cannot_say("a roster refuses its people or teams: " + std::string(made.error().what()));
    return std::move(made).value();
}

std::vector<std::string> people(std::string_view prefix, std::int64_t n) {
    if (n < 0) throw cannot_say("fewer people than none");
    if (n > most_trial_people) throw cannot_say(fmt::format("more than {} people", most_trial_people));
    std::vector<std::string> all;
    for (std::int64_t i = 1; i <= n; ++i) all.push_back(fmt::format("{}{}", prefix, i));
    return all;
}

charter charter_of(const sheet& s) {
    json::object positions, rules, stages;
    json::array  exits;
    for (const auto& p : s.positions) positions[p.name] = parsed(p.text);
    for (const auto& o : s.outcomes) {
        exits.push_back(exit_on("adopt", o.text, o.name));
        stages[o.name] = json::object{{"phase", "accepted"}};
    }
    for (const auto& r : s.rules) {
        rules[r.name] = r.text;
        exits.push_back(exit_on("cancel", r.name, "read"));
    }
    exits.push_back(exit_on("cancel", "", "read"));  // so that there is a way out whatever the rules are
    stages["read"] = json::object{{"phase", "withdrawn"}};
    json::object allow{{"cancel", "everyone"}};
    if (!s.positions.empty()) allow["cast, withdraw ballot"] = "everyone";
    if (!s.outcomes.empty()) allow["adopt"] = "everyone";
    if (s.revised) {
        allow["revise"] = "everyone";
        exits.push_back({{"on", "revise"}, {"to", "open"}, {"ballots", "clear"}});
    }
    stages["open"] = json::object{{"phase", "review"}, {"allow", std::move(allow)}, {"exits", std::move(exits)}};
    json::object ordered{{"open", stages["open"]}};
    for (const auto& [name, value] : stages)
        if (name != "open") ordered[name] = value;
    json::object process{{"electorate", {{"of", s.electorate}}}, {"positions", std::move(positions)}, {"rules", std::move(rules)}, {"stages", std::move(ordered)}};
    const json::object document{{"title", "One case"}, {"processes", {{process_name, std::move(process)}}}};
    auto               made = load_charter(json::serialize(document));
    if (!made) throw refused_charter("a charter refuses it: " + std::string(made.error().what()));
    return std::move(made).value();
}

trial::trial(const sheet& s, const std::vector<team_of>& teams, const std::string& author) : engine_(charter_of(s), roster_of(teams)) {
    for (const auto& o : s.outcomes) readings_.push_back("outcome " + o.name);
    for (const auto& r : s.rules) readings_.push_back(r.name);
    open({.process = std::string(process_name), .by = author});
}
trial::trial(charter rules, roster people_) : engine_(std::move(rules), std::move(people_)) {}

std::string trial::open(opening o) {
    o.at = at_;
    auto made = engine_.open(o);
    if (!made) throw cannot_say("opening is refused: " + std::string(made.error().what()));
    return id_ = std::move(made).value();
}
bool trial::tries(command c) {
    c.at = at_;
    return engine_.submit(id_, c).accepted();
}
void trial::does(command c) {
    c.at = at_;
    const auto done = engine_.submit(id_, c);
    if (!done.accepted()) throw std::runtime_error(done.refused() ? to_string(done.refusal()) : done.fault().what());
}
void trial::wait(duration d) {
    at_ = at_ + d;
    engine_.advance(at_);
}
truth trial::reads(std::string_view rule) const {
    const auto found = std::find(readings_.begin(), readings_.end(), rule);
    if (found == readings_.end()) throw std::logic_error("no rule " + std::string(rule));
    return explained().exits.at(static_cast<std::size_t>(found - readings_.begin())).now;
}
std::vector<std::string> trial::standing_by(std::string_view position) const {
    const auto&               p = now();
    std::vector<const voter*> all;
    for (const auto& v : p.voters)
        if (v.choice != 0 && p.by->positions[v.choice - 1U].name == position) all.push_back(&v);
    std::stable_sort(all.begin(), all.end(), [](const voter* a, const voter* b) { return a->at < b->at; });
    std::vector<std::string> names;
    for (const auto* v : all) names.emplace_back(engine_.people().id(v->who));
    return names;
}
std::string trial::decides() {
    does(other{.what = act::adopt, .by = std::string(asker)});
    return stage();
}

// ---- reading cases --------------------------------------------------------------------------------------------------------------
namespace {

[[noreturn]] void lacks(std::string_view key, std::string_view kind) { throw cannot_say(fmt::format("\"{}\" is no {}", key, kind)); }

bool same(const json::value& a, const json::value& b) {
    if (a.is_number() && b.is_number()) return a.to_number<double>() == b.to_number<double>();
    if (a.is_object() && b.is_object()) {
        const auto &x = a.as_object(), &y = b.as_object();
        if (x.size() != y.size()) return false;
        return std::all_of(x.begin(), x.end(), [&](const auto& kv) { return y.contains(kv.key()) && same(kv.value(), y.at(kv.key())); });
    }
    return a == b;
}

}  // namespace

const json::value& needs(const json::object& o, std::string_view key) {
    const auto* found = o.if_contains(key);
    if (found == nullptr) throw cannot_say(fmt::format("it doesn't say \"{}\"", key));
    return *found;
}
std::int64_t whole(const json::object& o, std::string_view key) {
    const auto& v = needs(o, key);
    if (!v.is_int64()) lacks(key, "whole number");
    return v.as_int64();
}
std::int64_t count_in(const json::object& o, std::string_view key) {
    const auto n = whole(o, key);
    if (n < 0 || n > 1'000'000'000) lacks(key, "number of people or things");
    return n;
}
bool truth_in(const json::object& o, std::string_view key) {
    const auto& v = needs(o, key);
    if (!v.is_bool()) lacks(key, "truth");
    return v.as_bool();
}
std::string word_in(const json::object& o, std::string_view key) {
    const auto& v = needs(o, key);
    if (!v.is_string()) lacks(key, "text");
    return std::string(v.as_string());
}
const json::array& list_in(const json::object& o, std::string_view key) {
    const auto& v = needs(o, key);
    if (!v.is_array()) lacks(key, "list");
    return v.as_array();
}
const json::object& object_in(const json::object& o, std::string_view key) {
    const auto& v = needs(o, key);
    if (!v.is_object()) lacks(key, "object");
    return v.as_object();
}
std::vector<std::string> words_in(const json::array& list) {
    std::vector<std::string> all;
    for (const auto& v : list) {
        if (!v.is_string()) throw cannot_say("a list of names with something else in it");
        all.emplace_back(v.as_string());
    }
    return all;
}
std::string lowered(std::string s) {
    std::transform(s.begin(), s.end(), s.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return s;
}
std::vector<std::string> lowered(std::vector<std::string> all) {
    for (auto& s : all) s = lowered(std::move(s));
    return all;
}
bool found_in(const std::string& text, const std::string& pattern) {
    try {
        return boost::regex_search(text, boost::regex(pattern), boost::match_single_line | boost::match_not_dot_newline);
    } catch (const std::runtime_error&) {  // of another syntax, or too costly
        throw cannot_say("a regular expression of another kind: " + pattern);
    }
}
std::string number_text(const json::object& o, std::string_view key) {
    const auto& v = needs(o, key);
    if (!v.is_number()) lacks(key, "number");
    auto text = v.is_double() ? fmt::format("{}", v.as_double()) : json::serialize(v);
    if (text.find('e') != std::string::npos) lacks(key, "number that a rule can write");
    return text;
}

case_result compared(std::string id, const json::object& expected, const json::object& found, std::string account) {
    std::string wrong, unanswered;
    if (expected.empty()) return failed(std::move(id), "it expects nothing", std::move(account));
    for (const auto& [key, value] : expected) {
        const auto* seen = found.if_contains(key);
        if (seen == nullptr) unanswered = key;
        else if (!same(*seen, value))
            wrong += fmt::format("{}{}: expected {}, the engine says {}", wrong.empty() ? "" : "; ", std::string_view(key), json::serialize(value), json::serialize(*seen));
    }
    if (wrong.empty() && !unanswered.empty()) return skipped(std::move(id), fmt::format("nothing here answers for \"{}\"", unanswered));
    if (wrong.empty()) return passed(std::move(id), std::move(account));
    return failed(std::move(id), std::move(wrong), std::move(account));
}

}  // namespace conformance
