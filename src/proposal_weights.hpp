// Weights, delegations and ballots in parts: what deciding, folding and reading share. Internal.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <quorate/proposal.hpp>

#include "roster_build.hpp"

namespace quorate {

/// `command::detail` of a ballot for what one holds, where a delegate's ballot is apart from it.
inline constexpr std::string_view own_ballot = "own";
/// `command::detail` of a `delegate` that takes back what was said in this proposal.
inline constexpr std::string_view as_usual = "as usual";

/// Reads parts such as "yes:1/2". Nothing where one is no position of the process and a number.
[[nodiscard]] std::optional<std::vector<ballot_part>> read_parts(const process& by, const std::vector<std::string>& texts);
/// What is wrong with parts as a whole, given what may be spent (nothing: they are shares of 1), or "".
[[nodiscard]] std::string unfit_parts(const std::vector<ballot_part>& parts, const std::optional<number>& unspent);

/// Reads what goes with a delegation where ballots are stakes: a kind of ballot, an amount, or both ("locked 1x:5"); nothing where it is
/// neither. Kinds of which a ballot may be in parts are none for delegations.
[[nodiscard]] std::optional<stake> read_stake(const process& by, std::string_view text);
[[nodiscard]] std::string stake_text(const process& by, const stake& s);
/// What a stake weighs, cast or delegated by that kind of ballot.
[[nodiscard]] number weight_of(const ballot_rule& rule, const number& committed, std::uint8_t kind);

/// Whose ballot each vote counts by: a look-up for many of them, as `proposal::carrier_of` for one.
class carriers {
public:
    explicit carriers(const proposal& p);
    /// Who carries a silent vote; see `proposal::carrier_of`.
    [[nodiscard]] std::optional<std::size_t> of(std::size_t vote) const;
    /// Calls `visit(index)` for the votes down the chain of delegates that starts at this one, itself left out.
    template <class Visit>
    void along(std::size_t vote, Visit visit) const {
        const auto start = vote;
        for (std::size_t steps = 0; steps < p_.voters.size(); ++steps) {
            const auto to = p_.delegate_of(vote);
            const auto next = to ? vote_of(*to) : std::nullopt;
            if (!next || *next == start || !visit(*next)) return;
            if (p_.by->delegation.hops == delegation_rule::reach::one) return;
            vote = *next;
        }
    }

private:
    [[nodiscard]] std::optional<std::size_t> vote_of(person who) const;
    const proposal&                              p_;
    std::vector<std::pair<person, std::size_t>> by_person_;
};

}  // namespace quorate
