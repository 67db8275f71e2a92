#include "proposal_weights.hpp"

#include <algorithm>

#include "json.hpp"
#include "proposal_step.hpp"

namespace quorate {

using json_text::in_quotes;

// ---- delegation ---------------------------------------------------------------------------------------------------------------
std::optional<person> proposal::delegate_of(std::size_t vote) const {
    const auto who = voters[vote].who;
    const auto said = std::lower_bound(delegations.begin(), delegations.end(), who, [](const narrowed& n, person w) { return n.who < w; });
    if (said != delegations.end() && said->who == who) return said->to;
    return vote < delegates.size() ? delegates[vote] : std::nullopt;
}

stake proposal::stake_of(std::size_t vote) const {
    const auto who = voters[vote].who;
    const auto said = std::lower_bound(delegations.begin(), delegations.end(), who, [](const narrowed& n, person w) { return n.who < w; });
    if (said != delegations.end() && said->who == who) return said->gives;
    return vote < stakes.size() ? stakes[vote] : stake{};
}

bool proposal::carries(std::size_t vote) const {
    const auto& rule = by->ballots;
    if (rule.split != ballot_rule::splitting::stakes) return true;
    if (rule.kinds.empty()) return vote >= parts.size() || parts[vote].size() <= 1;
    return !rule.kinds[vote < kinds.size() ? kinds[vote] : 0U].in_parts;
}

carriers::carriers(const proposal& p) : p_(p) {
    for (std::size_t i = 0; i < p.voters.size(); ++i) by_person_.emplace_back(p.voters[i].who, i);
    std::stable_sort(by_person_.begin(), by_person_.end());
}

std::optional<std::size_t> carriers::vote_of(person who) const {
    const auto found = std::lower_bound(by_person_.begin(), by_person_.end(), std::pair(who, std::size_t{0}));
    return found != by_person_.end() && found->first == who ? std::optional(found->second) : std::nullopt;
}

std::optional<std::size_t> carriers::of(std::size_t vote) const {
    std::optional<std::size_t> found;
    if (p_.by->delegation.own_apart) {
        const auto to = p_.delegate_of(vote);
        const auto other = to ? vote_of(*to) : std::nullopt;
        const bool casts = other && *other < p_.for_others.size() && p_.for_others[*other] != 0;  // whoever steps aside takes theirs back
        return casts ? other : found;
    }
    along(vote, [&](std::size_t next) {
        if (p_.voters[next].recused) return false;
        if (p_.silent(p_.voters[next])) return true;
        // A stake given by one kind of ballot is carried to no position that its kind may not take.
        const auto& kinds = p_.by->ballots.kinds;
        const bool  fits = kinds.empty() || (kinds[p_.stake_of(vote).kind].positions >> (p_.voters[next].choice - 1U) & 1U) != 0;
        if (fits && p_.carries(next)) found = next;
        return false;
    });
    return found;
}

std::optional<std::size_t> proposal::carrier_of(std::size_t silent_one) const {
    if (by->delegation.hops == delegation_rule::reach::none || (delegates.empty() && delegations.empty())) return std::nullopt;
    return carriers(*this).of(silent_one);
}

// ---- ballots in parts ----------------------------------------------------------------------------------------------------------
number proposal::unspent(std::size_t vote) const {
    auto left = vote < weights.size() ? weights[vote] : number(1);
    if (vote < parts.size())
        for (const auto& part : parts[vote]) left = *subtract(left, part.size);  // rational, so there is a difference
    return left;
}

std::optional<std::vector<ballot_part>> read_parts(const process& by, const std::vector<std::string>& texts) {
    std::vector<ballot_part> parts;
    for (const auto& text : texts) {
        const auto colon = text.rfind(':');
        if (colon == std::string::npos) return std::nullopt;
        const auto position = by.position_named(std::string_view(text).substr(0, colon));
        const auto size = read_weight(std::string_view(text).substr(colon + 1));
        if (!position || !size) return std::nullopt;
        parts.push_back({*position, *size});
    }
    return parts;
}

// ---- stakes ------------------------------------------------------------------------------------------------------------------
std::optional<stake> read_stake(const process& by, std::string_view text) {
    stake made;
    if (text.empty()) return made;
    const auto colon = text.rfind(':');
    const auto name = text.substr(0, colon);
    const auto kind = by.ballot_kind_named(name);
    if (kind) made.kind = *kind;
    if (kind && by.ballots.kinds[*kind].in_parts) return std::nullopt;
    if (colon == std::string_view::npos && kind) return made;
    if (colon != std::string_view::npos && !kind) return std::nullopt;
    made.amount = read_weight(colon == std::string_view::npos ? name : text.substr(colon + 1));
    return made.amount && made.amount->sign() > 0 ? std::optional(made) : std::nullopt;
}

std::string stake_text(const process& by, const stake& s) {
    auto text = by.ballots.kinds.empty() ? std::string() : by.ballots.kinds[s.kind].name;
    if (s.amount) text += (text.empty() ? "" : ":") + to_string(*s.amount);
    return text;
}

number weight_of(const ballot_rule& rule, const number& committed, std::uint8_t kind) {
    if (rule.kinds.empty()) return committed;
    const auto weight = multiply(committed, rule.kinds[kind].times);
    return rule.whole_weights ? floor(weight) : weight;
}

std::string unfit_parts(const std::vector<ballot_part>& parts, const std::optional<number>& unspent) {
    number sum = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const bool again = std::any_of(parts.begin(), parts.begin() + static_cast<std::ptrdiff_t>(i),
                                       [&](const ballot_part& b) { return b.position == parts[i].position; });
        if (again) return "it names a position twice";
        if (parts[i].size.sign() <= 0) return "a part is not more than 0";
        if (!unspent && parts[i].size > number(1)) return "a part is more than 1";
        sum = *add(sum, parts[i].size);
    }
    if (!unspent) return sum == number(1) ? "" : sum < number(1) ? "the parts make less than 1" : "the parts make more than 1";
    return sum > *unspent ? "the parts make " + to_string(sum) + ", and " + to_string(*unspent) + " is left" : std::string();
}

// ---- deciding ------------------------------------------------------------------------------------------------------------------
/// What the parts of a ballot, or what is left to spend, have against it.
std::optional<refusal> stepper::parts_refused(const command& c, const voter& v) const {
    const auto split = p_.by->ballots.split;
    if (split == ballot_rule::splitting::none)
        return c.names.empty() || !c.subject.empty()  // what a position says about options is looked at with it
                   ? std::nullopt
                   : std::optional(refused(refused_by::rule, "a ballot says one thing here", "ballots: split", "name one position"));
    const auto            name = std::string(people_.handle(v.who));
    std::optional<number> left;
    if (split == ballot_rule::splitting::amounts) {
        left = p_.unspent(p_.index_of(v));
        if (left->sign() <= 0)
            return refused(refused_by::rule, name + " has spent all of their weight", "ballots: split amounts");
    }
    if (split == ballot_rule::splitting::stakes) {
        left = p_.weights[p_.index_of(v)];
        if (auto no = kind_refused(c)) return no;
    }
    if (c.names.empty()) return std::nullopt;
    if (!c.subject.empty()) return refused(refused_by::input, "a ballot in parts names its positions there, and no other");
    for (const auto& text : c.names)
        if (const auto name_of = std::string_view(text).substr(0, text.rfind(':')); !p_.by->position_named(name_of))
            return refused(refused_by::input, in_quotes(name_of) + " is no position here", {}, "a part is a position and a number, such as \"" + p_.by->positions.front().name + ":1/2\"");
    const auto parts = read_parts(*p_.by, c.names);
    if (!parts) {
        std::string known;
        for (const auto& p : p_.by->positions) known += (known.empty() ? "" : ", ") + p.name;
        return refused(refused_by::input, "a part is a position and a number", {}, "such as \"" + p_.by->positions.front().name + ":1/2\"; positions: " + known);
    }
    if (split == ballot_rule::splitting::stakes) {
        number sum = 0;
        for (const auto& part : *parts) sum = *add(sum, part.size);
        if (sum > *left)
            return refused(refused_by::rule, name + " holds " + to_string(*left) + ", and can't commit " + to_string(sum), "ballots: split stakes");
    }
    if (auto wrong = unfit_parts(*parts, left); !wrong.empty())
        return refused(refused_by::rule, name + "'s ballot can't be taken: " + wrong,
                       split == ballot_rule::splitting::shares ? "ballots: split shares" : split == ballot_rule::splitting::stakes ? "ballots: split stakes" : "ballots: split amounts");
    return std::nullopt;
}

/// What is against a ballot's kind, and what its positions have against it.
std::optional<refusal> stepper::kind_refused(const command& c) const {
    const auto& all = p_.by->ballots.kinds;
    const auto  names = [&](auto fits) {
        std::string known;
        for (const auto& k : all)
            if (fits(k)) known += (known.empty() ? "" : ", ") + k.name;
        return known;
    };
    if (all.empty()) return c.detail.empty() ? std::nullopt : std::optional(refused(refused_by::input, "there are no kinds of ballots here", {}, "leave it out"));
    const auto kind = c.detail.empty() ? std::optional<std::uint8_t>(0) : p_.by->ballot_kind_named(c.detail);
    if (!kind) return refused(refused_by::input, in_quotes(c.detail) + " is no kind of ballot here", {}, "one of: " + names([](const ballot_kind&) { return true; }));
    const auto& is = all[*kind];
    if (c.names.size() > 1 && c.subject.empty() && !is.in_parts)
        return refused(refused_by::rule, "a ballot of kind " + in_quotes(is.name) + " chooses one position", "ballots: kinds",
                       "kinds in parts: " + names([](const ballot_kind& k) { return k.in_parts; }));
    std::vector<std::string_view> chosen;
    if (!c.subject.empty()) chosen.push_back(c.subject);
    else
        for (const auto& text : c.names) chosen.push_back(std::string_view(text).substr(0, text.rfind(':')));
    for (const auto position : chosen) {
        const auto p = p_.by->position_named(position);
        if (!p || (is.positions >> *p & 1U) != 0) continue;
        return refused(refused_by::rule, "a ballot of kind " + in_quotes(is.name) + " can't choose " + in_quotes(std::string(position)), "ballots: kinds",
                       "one of: " + names([&](const ballot_kind& k) { return (k.positions >> *p & 1U) != 0; }));
    }
    return std::nullopt;
}

std::optional<refusal> stepper::delegation_refused(const command& c, const actors& by) const {
    const auto name = std::string(people_.handle(by.whom));
    if (p_.by->delegation.hops == delegation_rule::reach::none)
        return refused(refused_by::rule, "nobody can delegate their ballot here", "delegation");
    if (voter_of(p_, by.whom, people_) == nullptr)
        return refused(refused_by::state, name + " is not among those who decide here", "electorate: " + print(p_.by->electorate.of.view()));
    const bool said = std::any_of(p_.delegations.begin(), p_.delegations.end(), [&](const narrowed& n) { return n.who == by.whom; });
    if (c.detail == as_usual)
        return said ? std::nullopt : std::optional(refused(refused_by::state, name + " has said nothing about delegating here"));
    const bool stakes = p_.by->ballots.split == ballot_rule::splitting::stakes;
    if (!stakes && !c.detail.empty()) return refused(refused_by::input, in_quotes(c.detail) + " is no way to delegate", {}, "\"as usual\", or nothing");
    if (c.subject.empty()) return c.detail.empty() ? std::nullopt : std::optional(refused(refused_by::input, "it is delegated to nobody", {}, "name a delegate"));
    const auto gives = read_stake(*p_.by, c.detail);
    if (!gives) {
        std::string known;
        for (const auto& k : p_.by->ballots.kinds)
            if (!k.in_parts) known += (known.empty() ? "" : ", ") + k.name;
        return refused(refused_by::input, in_quotes(c.detail) + " is no way to delegate", {},
                       known.empty() ? "an amount of more than 0" : "a kind of ballot (" + known + "), an amount of more than 0, or both: \"" + known.substr(0, known.find(',')) + ":5\"");
    }
    if (gives->amount)
        if (const auto& holds = p_.weights[p_.index_of(*voter_of(p_, by.whom, people_))]; *gives->amount > holds)
            return refused(refused_by::rule, name + " holds " + to_string(holds) + ", and can't delegate " + to_string(*gives->amount), "ballots: split stakes");
    const auto to = people_.find_person(c.subject);
    if (!to) return refused(refused_by::input, "nobody is known as " + in_quotes(c.subject));
    if (*to == by.whom) return refused(refused_by::state, name + " can't delegate to themselves", {}, "leave the delegate out for nobody");
    if (voter_of(p_, *to, people_) == nullptr)
        return refused(refused_by::state, std::string(people_.handle(*to)) + " is not among those who decide here");
    return std::nullopt;
}

/// What a delegation of the roster gives in this process; nothing where it speaks of what this process doesn't know.
static std::optional<stake> given_by(const process& by, const delegation& said) {
    if (by.ballots.split != ballot_rule::splitting::stakes) return said.ballot.empty() && !said.amount ? std::optional<stake>(stake{}) : std::nullopt;
    if (said.amount && said.of != by.electorate.weight) return std::nullopt;
    auto gives = read_stake(by, said.ballot);
    if (gives && gives->amount) return std::nullopt;  // a number is no kind
    if (gives) gives->amount = said.amount;
    return gives;
}

/// What an electorate holds and whom it delegates to by default, beside its names.
void stepper::add_weights(event& taken) const {
    const auto& rule = p_.by->electorate;
    const bool  delegates = p_.by->delegation.hops != delegation_rule::reach::none;
    if (rule.weight.empty() && !delegates) return;
    std::vector<std::string> names;
    names.swap(taken.names);
    const bool stakes = p_.by->ballots.split == ballot_rule::splitting::stakes;
    bool some = false, staked = false;
    for (auto& name : names) {
        const auto equals = rule.by == counted_by::person ? std::string::npos : name.rfind('=');
        const auto who = *people_.find_person(equals == std::string::npos ? name : name.substr(equals + 1));
        const auto* said = delegates ? people_.delegation_of(who, p_.teams, p_.by->name) : nullptr;
        const auto gives = said != nullptr && !said->to.empty() ? given_by(*p_.by, *said) : std::nullopt;
        const auto usual = gives ? people_.find_current(said->to) : std::nullopt;
        const auto put = [&](const number& weight, std::optional<person> to) {
            if (stakes) taken.stakes.push_back(to && *gives != stake{} ? stake_text(*p_.by, *gives) : std::string());
            staked = staked || (stakes && !taken.stakes.back().empty());
            if (!rule.weight.empty()) taken.weights.push_back(to_string(weight));
            if (delegates) taken.delegates.push_back(to ? std::string(people_.id(*to)) : std::string());
            some = some || to;
            taken.names.push_back(name);
        };
        if (rule.weight.empty()) {
            put(1, usual);
            continue;
        }
        const auto all = people_.holdings(rule.weight, who);
        number     sum = 0;
        for (const auto& h : all) {
            if (delegates && !stakes) put(h.weight, h.to ? h.to : usual);
            else sum = *add(sum, h.weight);  // rational, so there is a sum
        }
        if ((!delegates || stakes) && !all.empty()) put(sum, usual);
        if (all.empty() && rule.weightless_count) put(0, usual);
    }
    if (!some) taken.delegates.clear();
    if (!staked) taken.stakes.clear();
}

}  // namespace quorate
