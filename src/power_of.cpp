// From a charter to a game: one proposal is brought to where ballots count, and read or run again for each coalition.
#include <quorate/power_of.hpp>

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>

#include "json.hpp"

namespace quorate::power {
namespace {

constexpr instant start = std::chrono::sys_days{std::chrono::year{2026} / 1 / 1};
constexpr auto    between = std::chrono::minutes(1);

/// A proposal where ballots count, and what the members may say there.
struct table {
    const roster&               people;
    proposal                    at{};
    std::uint8_t                yes = 0;
    std::optional<std::uint8_t> no{};
    std::string                 opened_by{}, proposed_by{};

    [[nodiscard]] surroundings around() const { return {.people = people}; }
};

result<std::uint8_t> position_of(const process& by, const std::string& name) {
    const auto found = by.position_named(name);
    if (found && by.positions[*found].binding) return *found;
    std::string list;
    for (const auto& p : by.positions)
        if (p.binding) list += (list.empty() ? "" : ", ") + p.name;
    return make_error(errc::not_found, "there is no binding position " + json_text::in_quotes(name), "process " + by.name, "it has: " + list);
}

/// Does it, or says why not.
std::optional<std::string> tried(table& t, command c, instant at) {
    c.at = at;
    step_output out;
    const auto  answer = handle(t.at, c, t.around(), out);
    if (!answer) return answer.error().what();
    return answer.value() ? std::optional(to_string(*answer.value())) : std::nullopt;
}

result<void> open(table& t, const charter& c, const process& by, const say& how) {
    std::string why = "the roster is empty";
    for (std::size_t i = 0; i < t.people.people(); ++i) {
        const auto id = std::string(t.people.id(static_cast<person>(i)));
        if (!how.author.empty() && t.people.find_person(how.author) != static_cast<person>(i)) continue;
        step_output out;
        proposal    p;
        const auto  answer = open_proposal(p, "power", {.process = by.name, .by = id, .subject = "power", .teams = how.teams, .at = start}, c, t.around(), out);
        if (!answer) return answer.error();
        if (answer.value()) {
            why = to_string(*answer.value());
            continue;
        }
        t.at = std::move(p);
        t.opened_by = id;
        return {};
    }
    return make_error(errc::invalid, "nobody may open such a proposal: " + why, "process " + by.name, "name its author and its teams");
}

/// Lets somebody propose, where there is no electorate before.
result<void> reach_ballots(table& t, const process& by, const say& how) {
    const auto castable = [&] {
        const auto& allow = t.at.now().allow;
        return std::any_of(allow.begin(), allow.end(), [](const permission& a) { return a.what == act::cast; });
    };
    std::string why = "its first stage has neither";
    const auto  asked = !how.disposition.empty() || by.default_disposition || by.dispositions.empty() ? how.disposition : by.dispositions[0];
    for (std::size_t i = 0; (t.at.voters.empty() || !castable()) && i < t.people.people(); ++i) {
        const auto id = std::string(t.people.id(static_cast<person>(i)));
        for (const auto& named : {std::vector<std::string>{}, how.teams}) {
            if (!named.empty() && named.size() != how.teams.size()) continue;
            const auto refused = tried(t, propose{.by = id, .disposition = asked, .teams = named}, start + between);
            if (refused) why = *refused;
            else t.proposed_by = id;
            if (!refused || how.teams.empty()) break;
        }
        if (!t.proposed_by.empty()) break;
    }
    if (t.at.voters.empty() || !castable())
        return make_error(errc::invalid, "opening and proposing leads to no ballots: " + why, "process " + by.name, "name its teams, author and disposition");
    return {};
}

/// Which sets that permissions to cast name a person belongs to, over all stages: two who differ here are not alike.
std::vector<bool> may_cast(const table& t, person who) {
    std::vector<bool> all;
    for (const auto& s : t.at.by->stages)
        for (const auto& a : s.allow)
            if (a.what == act::cast || a.what == act::withdraw_ballot)
                all.push_back(contains(a.who.view(), a.who.root, who, t.at, t.around(), nullptr, who));
    return all;
}

std::string label(const table& t, const voter& v) {
    auto name = std::string(t.people.handle(v.who));
    return v.seat < t.at.seats.size() ? name + " (" + t.at.seats[v.seat] + ")" : name;
}

/// The voters by class, as indices.
std::vector<std::vector<std::size_t>> classes_of(const table& t) {
    evidence_of look;
    (void)look.take(t.at, t.at.last, t.around(), true);
    const auto ids = look.class_of();
    using key = std::tuple<std::uint32_t, std::vector<bool>, std::uint8_t>;  // whoever has a ballot already is not like the others
    std::map<key, std::vector<std::size_t>> groups;
    for (std::size_t i = 0; i < t.at.voters.size(); ++i) {
        if (ids[i] == evidence_of::uncounted) continue;
        groups[{ids[i], may_cast(t, t.at.voters[i].who), t.at.voters[i].choice}].push_back(i);
    }
    std::vector<std::vector<std::size_t>> out;
    for (auto& [like, list] : groups) out.push_back(std::move(list));
    return out;
}

/// Sets every ballot: of each class the first so many say yes.
void set_ballots(const table& t, proposal& p, const std::vector<std::vector<std::size_t>>& classes, std::span<const std::uint32_t> yes) {
    for (std::size_t c = 0; c < classes.size(); ++c)
        for (std::size_t k = 0; k < classes[c].size(); ++k)
            p.voters[classes[c][k]].choice = static_cast<std::uint8_t>(k < yes[c] ? t.yes + 1 : t.no ? *t.no + 1 : 0);
}

bool runs_to_acceptance(const table& t, const std::vector<std::vector<std::size_t>>& classes, std::span<const std::uint32_t> yes) {
    table      run{.people = t.people, .at = t.at, .yes = t.yes, .no = t.no};
    proposal&  p = run.at;
    auto       now = p.last;
    std::vector<bool> says(p.voters.size(), false);
    for (std::size_t c = 0; c < classes.size(); ++c)
        for (std::size_t k = 0; k < yes[c]; ++k) says[classes[c][k]] = true;
    for (std::size_t i = 0; i < says.size() && !p.outcome(); ++i) {
        const auto wanted = says[i] ? t.yes + 1 : t.no ? *t.no + 1 : 0;
        if (i >= p.voters.size() || p.voters[i].choice == wanted) continue;
        const auto who = std::string(t.people.id(p.voters[i].who));
        now += between;
        // A refusal is the rule's own way: who may not say it (any more) has not said it.
        if (wanted == 0) (void)tried(run, other{.what = act::withdraw_ballot, .by = who}, now);
        else (void)tried(run, cast{.by = who, .position = p.by->positions[static_cast<std::size_t>(wanted - 1)].name}, now);
    }
    const auto end = now + longest_outcome;
    for (int moves = 0; !p.outcome() && p.due && *p.due <= end && moves < 1000; ++moves) {
        step_output out;
        const auto  before = *p.due;
        if (!pass_time(p, before, t.around(), out) || (p.due && *p.due <= before)) break;
    }
    return p.outcome() == phase::accepted || p.outcome() == phase::enacted;
}

}  // namespace

std::vector<std::string> game_of_charter::members() const {
    std::vector<std::string> all;
    for (const auto& c : classes) all.insert(all.end(), c.begin(), c.end());
    return all;
}

bool game_of_charter::wins(std::span<const std::uint8_t> yes) const {
    std::vector<std::uint32_t> counts;
    std::size_t                i = 0;
    for (const auto& c : classes) {
        counts.push_back(0);
        for (std::size_t k = 0; k < c.size(); ++k) counts.back() += yes[i++];
    }
    return game.wins(counts);
}

result<game_of_charter> game_of(const charter& c, std::string_view process_name, const roster& people, const say& how) {
    const auto* by = c.find(process_name);
    if (by == nullptr) return make_error(errc::not_found, "the charter has no process " + json_text::in_quotes(process_name), c.get().name);
    const auto first = std::find_if(by->positions.begin(), by->positions.end(), [](const position& p) { return p.binding; });
    if (first == by->positions.end()) return make_error(errc::unsupported, "no position is binding", "process " + by->name);
    if (by->options.some || by->ballots.split != ballot_rule::splitting::none)
        return make_error(errc::unsupported, "ballots that are about options or in parts are no yes or no", "process " + by->name);
    const auto* rule = how.rule.empty() ? nullptr : by->rule_named(how.rule);
    if (!how.rule.empty() && (rule == nullptr || rule->value.nodes[rule->value.root].type != value_type::truth)) {
        std::vector<std::string_view> known;
        for (const auto& r : by->rules) known.push_back(r.name);
        return make_error(errc::not_found, "there is no rule " + json_text::in_quotes(how.rule), "process " + by->name, json_text::did_you_mean(how.rule, known));
    }
    auto       t = std::make_shared<table>(table{.people = people});
    const auto yes = how.yes.empty() ? result<std::uint8_t>(static_cast<std::uint8_t>(first - by->positions.begin())) : position_of(*by, how.yes);
    if (!yes) return yes.error();
    t->yes = *yes;
    if (!how.no.empty()) {
        const auto no = position_of(*by, how.no);
        if (!no) return no.error();
        t->no = *no;
    }
    if (const auto opened = open(*t, c, *by, how); !opened) return opened.error();
    if (const auto reached = reach_ballots(*t, *by, how); !reached) return reached.error();

    game_of_charter out;
    auto            classes = std::make_shared<const std::vector<std::vector<std::size_t>>>([&] {
        auto blank = *t;  // whoever proposed is no class of their own only because their ballot is there
        for (auto& v : blank.at.voters) v.choice = 0;
        return rule != nullptr ? classes_of(blank) : classes_of(*t);
    }());
    for (const auto& list : *classes) {
        out.game.sizes.push_back(static_cast<std::uint32_t>(list.size()));
        auto& names = out.classes.emplace_back();
        for (const auto i : list) names.push_back(label(*t, t->at.voters[i]));
    }
    const auto others = t->no ? "say " + by->positions[*t->no].name : std::string("are silent");
    const auto set_up = "opened by " + t->opened_by + (t->proposed_by.empty() ? "" : ", proposed by " + t->proposed_by);
    if (rule != nullptr) {
        out.about = "rule " + how.rule + " of " + by->name + " (" + set_up + "): winning is that it holds when these say " + by->positions[t->yes].name +
                    " and the others " + others + "; nothing else is said or known";
        const auto look = std::make_shared<evidence_of>();
        out.game.wins = [t, classes, rule, look](std::span<const std::uint32_t> counts) {
            set_ballots(*t, t->at, *classes, counts);
            return read_now(rule->value.view(), look->take(t->at, t->at.last, t->around(), t->at.by->asks_ahead)) == truth::met;
        };
    } else {
        out.about = "process " + by->name + " (" + set_up + "): winning is that it is accepted when these say " + by->positions[t->yes].name +
                    " and the others " + others + ", one after the other, and time passes; nobody raises a concern";
        out.game.wins = [t, classes](std::span<const std::uint32_t> counts) { return runs_to_acceptance(*t, *classes, counts); };
    }
    return out;
}

}  // namespace quorate::power
