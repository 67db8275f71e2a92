// Weights, delegation and ballots in parts in charters: what they ask of the rest of a process.
#include <algorithm>

#include "charter_load.hpp"

namespace quorate {

using json_text::in_quotes;
using json_text::node;

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
    if (made_.ballots.split == ballot_rule::splitting::amounts && made_.electorate.weight.empty())
        read_.wrong(*from.find("ballots"), "amounts of what? The electorate has no weights", "say \"weight\" in \"electorate\"");
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
    };
    for (const auto& r : made_.rules) check(r.value);
    check(made_.count.quorum);
    for (const auto& s : made_.stages) {
        check(s.clock_runs);
        check(s.first);
        for (const auto& a : s.allow) check(a.condition);
        for (const auto& x : s.exits) {
            check(x.when);
            check(x.condition);
        }
    }
}

}  // namespace quorate
