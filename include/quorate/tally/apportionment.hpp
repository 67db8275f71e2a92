// Seats for parties in proportion to their votes: by divisors (highest averages) and by quotas (largest remainders).
//
// `count::elected` names a party as often as it has seats, in the order in which it got them; the last round says how many each
// has. All of them read `ties`. Without votes all parties are tied; parties without votes get no seat as long as somebody has
// votes.
#pragma once

#include <quorate/tally/ballots.hpp>
#include <quorate/result.hpp>
#include <quorate/tally/seats.hpp>

namespace quorate::tally {

/// The most seats that are given out one by one.
inline constexpr std::size_t most_seats = 100'000;

struct party_votes {
    std::vector<std::string> parties;
    std::vector<number>      votes;  ///< rational, not negative
};

/// What the votes are divided by when a party has k seats already.
enum class divisors : std::uint8_t {
    dhondt,                 ///< k + 1 (Jefferson)
    sainte_lague,           ///< 2k + 1 (Webster)
    modified_sainte_lague,  ///< 1.4, then 2k + 1 (Norway and Sweden until 2014)
    imperiali,              ///< (k + 2) / 2 (Belgian communes)
    danish,                 ///< 3k + 1
    huntington_hill,        ///< sqrt(k * (k + 1)): a first seat comes before any second one
    adams,                  ///< k: likewise
};

namespace detail {

[[nodiscard]] inline std::string_view name_of(divisors d) {
    switch (d) {
        case divisors::dhondt: return "dhondt";
        case divisors::sainte_lague: return "sainte_lague";
        case divisors::modified_sainte_lague: return "modified_sainte_lague";
        case divisors::imperiali: return "imperiali";
        case divisors::danish: return "danish";
        case divisors::huntington_hill: return "huntington_hill";
        case divisors::adams: return "adams";
    }
    return "";
}
[[nodiscard]] inline number divisor(divisors d, std::int64_t k) {
    switch (d) {
        case divisors::dhondt: return k + 1;
        case divisors::sainte_lague: return 2 * k + 1;
        case divisors::modified_sainte_lague: return k == 0 ? number::fraction(7, 5) : number(2 * k + 1);
        case divisors::imperiali: return number::fraction(k + 2, 2);
        case divisors::danish: return 3 * k + 1;
        case divisors::huntington_hill: return *square_root(k * (k + 1));
        case divisors::adams: return k;
    }
    return 1;
}

[[nodiscard]] inline result<count> begun_with(std::string method, const party_votes& of, std::size_t seats) {
    if (auto ok = check_options(of.parties); !ok) return ok.error();
    if (of.votes.size() != of.parties.size())
        return make_error(errc::invalid, std::to_string(of.parties.size()) + " parties, and votes for "
            + std::to_string(of.votes.size()));
    if (seats > most_seats)
        return make_error(errc::limit, "at most " + std::to_string(most_seats) + " seats are given out, not "
            + std::to_string(seats));
    count  c;
    number all;
    for (const auto& v : of.votes) {
        if (v.sign() < 0 || !v.is_rational()) return make_error(errc::invalid, "a party has " + to_string(v) + " votes");
        all = plus(all, v);
    }
    c.method = std::move(method);
    c.options = of.parties;
    c.seats = seats;
    c.ballots = quorate::floor(all).to_int64().value_or(most_ballots);
    c.rounds.push_back({.what = "votes", .options = all_options(of.parties.size()), .values = of.votes});
    return c;
}

/// Gives one seat each to all of `tied`, or, where they are more than the seats left, to those that the chain prefers. False
/// when a tie stands: then they are undecided.
inline bool give_seats(count& c, tie_chain& chain, std::vector<option> tied, std::vector<std::int64_t>& has) {
    while (!tied.empty() && c.elected.size() < c.seats) {
        auto next = tied.size() <= c.seats - c.elected.size() ? std::optional(tied.front()) : chain.best(tied, "seat "
            + std::to_string(c.elected.size() + 1), c);
        if (!next) {
            c.undecided = tied;
            return false;
        }
        c.elected.push_back(*next);
        ++has[*next];
        std::erase(tied, *next);
    }
    return true;
}
inline count told(count c, const std::vector<std::int64_t>& has, std::string why = {}) {
    std::vector<number> seats(has.begin(), has.end());
    c.order = in_tiers(all_options(has.size()), [&](option a, option b) { return has[a] > has[b]; });
    c.rounds.push_back({.what = "seats", .options = all_options(has.size()), .values = std::move(seats), .why = std::move(why)});
    return c;
}
/// The parties that may have seats: those with votes, or all if nobody has any.
[[nodiscard]] inline std::vector<option> eligible(const party_votes& of) {
    auto some = all_options(of.parties.size());
    std::erase_if(some, [&](option o) { return of.votes[o].sign() == 0; });
    return some.empty() ? all_options(of.parties.size()) : some;
}

}  // namespace detail

/// One seat after the other goes to the party with the largest votes / divisor. Refuses (errc::invalid) negative or irrational
/// votes, and more than `most_seats`.
[[nodiscard]] inline result<count> divisor_method(const party_votes& of, divisors by, const conventions& with = {},
    std::size_t seats = 1) {
    auto begun = detail::begun_with(std::string(detail::name_of(by)), of, seats);
    if (!begun) return begun.error();
    auto                      c = std::move(*begun);
    std::vector<std::int64_t> has(of.parties.size(), 0);
    tie_chain                 chain(with);
    const auto                from = detail::eligible(of);
    // A divisor of 0 is ahead of all others; among those, votes decide.
    std::vector<std::pair<bool, number>> claim(of.parties.size());
    const auto claim_of = [&](option o) {
        const auto d = detail::divisor(by, has[o]);
        return d.sign() == 0 ? std::pair(true, of.votes[o]) : std::pair(false, *divide(of.votes[o], d));
    };
    for (const auto o : from) claim[o] = claim_of(o);
    while (c.elected.size() < seats && !from.empty()) {
        std::vector<option> tied;
        for (const auto o : from) {
            if (!tied.empty() && claim[o] < claim[tied.front()]) continue;
            if (!tied.empty() && claim[o] > claim[tied.front()]) tied.clear();
            tied.push_back(o);
        }
        // Without votes the claims stay 0, and each turn gives a seat to all.
        if (!detail::give_seats(c, chain, tied, has)) break;
        for (const auto o : tied) claim[o] = claim_of(o);
    }
    std::string why;
    for (const auto o : from)
        why += (why.empty() ? "next claims: " : ", ") + c.options[o] + " " + (claim[o].first ? "ahead"
            : to_string(claim[o].second));
    return detail::told(std::move(c), has, std::move(why));
}

/// Largest remainders: a party gets a seat for each whole quota of votes, and the seats left go to the largest remainders.
/// Reads `quota`: its droop is rounded as conventions.hpp says, the others are exact. A quota that would give out too many
/// seats is replaced by the next larger one (imperiali, hagenbach_bischoff, hare), which the last round tells.
[[nodiscard]] inline result<count> largest_remainder(const party_votes& of, const conventions& with = {}, std::size_t seats = 1) {
    auto begun = detail::begun_with("largest_remainder", of, seats);
    if (!begun) return begun.error();
    auto                      c = std::move(*begun);
    std::vector<std::int64_t> has(of.parties.size(), 0);
    std::string               why;
    number                    all;
    for (const auto& v : of.votes) all = detail::plus(all, v);
    const auto s = static_cast<std::int64_t>(seats);
    const auto from = detail::eligible(of);
    const auto size = [&](quota q) {
        switch (q) {
            case quota::droop: return detail::plus(quorate::floor(detail::over(all, s + 1)), 1);
            case quota::hagenbach_bischoff: return detail::over(all, s + 1);
            case quota::hare: return detail::over(all, s);
            case quota::imperiali: return detail::over(all, s + 2);
        }
        return number(1);
    };
    std::vector<number> remainder = of.votes;
    tie_chain           chain(with);
    if (s > 0 && all.sign() > 0) {
        const auto whole = [&](option o) { return *quorate::floor(detail::over(of.votes[o], c.quota)).to_int64(); };
        for (auto q = with.quota;; q = q == quota::imperiali ? quota::hagenbach_bischoff : quota::hare) {
            c.quota = size(q);
            std::int64_t given = 0;
            for (const auto o : from) given += whole(o);
            if (given <= s) break;
            why = "a smaller quota would give out more than " + std::to_string(s) + " seats";
        }
        for (const auto o : from) {
            has[o] = whole(o);
            c.elected.insert(c.elected.end(), static_cast<std::size_t>(has[o]), o);
            remainder[o] = detail::minus(of.votes[o], multiply(c.quota, has[o]));
        }
        c.rounds.push_back({.what = "remainders", .options = all_options(has.size()), .values = remainder, .elected = c.elected});
    }
    // More seats than remainders (few votes, many seats): the remainders come round again.
    while (c.elected.size() < seats && !from.empty()) {
        const auto tiers = in_tiers(from, [&](option a, option b) { return remainder[a] > remainder[b]; });
        if (!std::all_of(tiers.begin(), tiers.end(), [&](const auto& tier) { return detail::give_seats(c, chain, tier, has); }))
            break;
    }
    return detail::told(std::move(c), has, std::move(why));
}

}  // namespace quorate::tally
