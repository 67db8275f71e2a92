// Weights, delegation and ballots in parts in charters: what they ask of the rest of a process.
#include <algorithm>

#include "charter_load.hpp"
#include "roster_build.hpp"

namespace quorate {

using json_text::in_quotes;
using json_text::node;

/// "kinds" of ballots, and how what they make of a stake is rounded.
void process_reader::ballot_kinds(const node& from) {
    const auto* kinds = read_.object(from, "kinds");
    const bool  whole = read_.word(from, "weights", {"exact", "rounded down"}) == "rounded down";
    made_.ballots.whole_weights = whole;
    if (kinds == nullptr) {
        if (whole) read_.wrong(*from.find("weights"), "there is nothing to round: weights are what is held", "say which \"kinds\" of ballots there are");
        return;
    }
    if (made_.ballots.split != ballot_rule::splitting::stakes)
        read_.wrong(*kinds, "kinds of ballots go with stakes", "say \"split\": \"stakes\"");
    if (kinds->members.empty()) read_.wrong(*kinds, "there is no kind of ballot", "leave \"kinds\" out");
    for (const auto& m : kinds->members) {
        if (made_.ballots.kinds.size() == most_ballot_kinds) return read_.wrong(m, "more than " + std::to_string(most_ballot_kinds) + " kinds of ballots");
        one_ballot_kind(m);
    }
    if (!made_.ballots.kinds.empty() && made_.ballots.kinds.front().in_parts)
        read_.wrong(*kinds, "the first kind, which is meant where none is named, can't be one in parts", "put another first");
}

void process_reader::one_ballot_kind(const json_text::member& m) {
    ballot_kind k{.name = m.key, .title = m.key};
    // What stands behind a colon is an amount; these words, and numbers, mean something else where a kind may stand.
    if (m.key.empty() || m.key.find(':') != std::string::npos || m.key == "own" || m.key == "as usual" || read_weight(m.key))
        read_.wrong(m, in_quotes(m.key) + " can't be the name of a kind of ballot", "words without a colon, such as \"locked for a year\"");
    if (read_.expect(m.value, json_text::kind::object)) {
        read_.known_keys(m.value, {"title", "times", "parts", "positions", "about", "cites"});
        k.title = read_.text(m.value, "title").value_or(m.key);
        if (const auto* times = m.value.find("times")) {
            const auto n = times->is_integer() ? std::optional(number(times->number)) : times->is_string() ? read_weight(times->text) : std::nullopt;
            if (n && n->sign() > 0) k.times = *n;
            else read_.wrong(*times, "how many times what is committed it weighs is a number above 0", "such as 6, \"0.1\" or \"1/3\"");
        }
        k.in_parts = read_.word(m.value, "parts", {"one", "several"}) == "several";
        if (m.value.find("positions") != nullptr) k.positions = 0;
        for (const auto name : read_.texts(m.value, "positions")) {
            const auto p = made_.position_named(name);
            if (p) k.positions |= std::uint32_t{1} << *p;
            else read_.wrong(*m.value.find("positions"), in_quotes(std::string(name)) + " is no position of this process");
        }
    }
    made_.ballots.kinds.push_back(std::move(k));
}

void process_reader::delegation(const node& from) {
    const auto* d = read_.object(from, "delegation");
    if (d == nullptr) return;
    read_.known_keys(*d, {"hops", "own ballot", "about"});
    if (read_.required(*d, "hops") == nullptr) return;
    const auto hops = read_.word(*d, "hops", {"one", "any"});
    made_.delegation.hops = hops == "any" ? delegation_rule::reach::any : delegation_rule::reach::one;
    made_.delegation.own_apart = read_.word(*d, "own ballot", {"replaces", "apart"}) == "apart";
    if (made_.delegation.own_apart && hops == "any")
        read_.wrong(*d, "with ballots apart a delegation goes to one delegate, and no further", "write \"hops\": \"one\"");
    if (made_.delegation.own_apart && made_.ballots.split != ballot_rule::splitting::none)
        read_.wrong(*d, "with ballots apart each says one thing", "leave \"split\" out");
    if (made_.ballots.split == ballot_rule::splitting::amounts)
        read_.wrong(*d, "amounts are spent of what one holds, so none of it can be delegated", "split ballots in \"shares\"");
}

/// With ballots in parts, or votes that are holdings, to count members would be to count somebody more than once. What the process
/// says as a whole is looked at when all of it is read.
void process_reader::only_weights(const node& from) {
    for (const auto& name : made_.electorate.entering)
        if (!made_.stage_named(name))
            read_.wrong(*from.find("electorate")->find("taken"), in_quotes(name) + " is no stage of this process");
    const bool marked = std::any_of(made_.positions.begin(), made_.positions.end(), [](const position& p) { return p.says != marks::none; });
    if (marked && made_.ballots.split != ballot_rule::splitting::none)
        read_.wrong(*from.find("ballots"), "a ballot in parts can't say anything about options as well", "leave out \"split\", or \"marks\"");
    if (marked && made_.delegation.own_apart)
        read_.wrong(*from.find("delegation"), "with ballots apart a delegate's ballot for others can't say anything about options",
                    "leave out \"own ballot\", or \"marks\"");
    if (made_.ballots.split == ballot_rule::splitting::none && !(made_.delegation.hops != delegation_rule::reach::none && !made_.electorate.weight.empty()))
        return;
    const bool stakes = made_.ballots.split == ballot_rule::splitting::stakes;
    if ((made_.ballots.split == ballot_rule::splitting::amounts || stakes) && made_.electorate.weight.empty())
        read_.wrong(*from.find("ballots"), "amounts of what? The electorate has no weights", "say \"weight\" in \"electorate\"");
    // What the silent would weigh is for them to choose.
    const auto weighs_silent = [&](const rule& r) {
        return !made_.ballots.kinds.empty() && std::any_of(r.nodes.begin(), r.nodes.end(), [](const rule_node& n) {
            return n.what == op::weight_of && n.index != static_cast<std::uint16_t>(quantity::cast);
        });
    };
    const auto counts = [](const rule& r) {
        return std::any_of(r.nodes.begin(), r.nodes.end(), [](const rule_node& n) {
            return n.what == op::count || n.what == op::by_distinct || n.what == op::by_largest ||
                   (n.what == op::quantity && n.index < static_cast<std::uint16_t>(quantity::recused));
        });
    };
    const auto check = [&](const rule& r) {
        if (counts(r))
            read_.wrong(from, "the rule " + in_quotes(print(r.view())) + " counts members, where ballots are in parts or votes are holdings",
                        "count weights: weight(cast) for cast");
        if (weighs_silent(r))
            read_.wrong(from, "the rule " + in_quotes(print(r.view())) + " weighs ballots that aren't cast, of which nobody knows the kind",
                        "count what people hold: held(eligible) for weight(eligible)");
    };
    for (const auto& r : made_.rules) check(r.value);
    for (const auto& q : made_.properties) check(q.value);
    check(made_.count.quorum);
    check(made_.may_open_if);
    for (const auto& s : made_.stages) {
        check(s.clock_runs);
        check(s.first);
        for (const auto& a : s.allow) check(a.condition);
        for (const auto& x : s.exits) {
            check(x.when);
            check(x.condition);
            for (const auto& b : x.cast)
                if (!made_.ballots.kinds.empty() && (made_.ballots.kinds.front().positions >> b.position & 1U) == 0)
                    read_.wrong(from, "an exit casts " + in_quotes(made_.positions[b.position].name) + ", which the first kind of ballot can't choose");
        }
    }
}

}  // namespace quorate
