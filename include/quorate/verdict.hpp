// Reading a rule: true now, certain, still possible, and why. One evaluator gives all four, so they can't disagree.
//
// Truth is three-valued with a fourth for parts that don't apply. `error` stands for "not known" (a missing fact, an empty
// collection, a division by zero) and fails closed: a rule that reads `error` or `skipped` is not met.
//
//     and      any unmet -> unmet; else any error -> error; else any met -> met; else skipped
//     or       any met -> met; else any error -> error; else any unmet -> unmet; else skipped
//     not      met <-> unmet; skipped and error stay
//     at least n of   met parts >= n -> met; met + error parts < n -> unmet; else error; all skipped -> skipped
//     if G then R     G met -> R; G unmet or skipped -> skipped; G error -> error
//     ... else block  the same, but G unmet or skipped -> unmet
//     each x: R       as `and` over the elements; no elements -> error
//     certain(R)      R unmet or skipped in some situation -> unmet; else in error in some -> error; else met
//     possible(R)     R met in some situation -> met; else in error in some -> error; else unmet
//     unless R        R met -> unmet; else met
//
// So only `and` (by an unmet part), `or` (by a met part), `at least` and the modalities (by a situation that settles it) hide
// an error, and only where no value of the unknown part could change the result (but that of `at least` no part applies in the end).
// `unless` alone takes what is not known for an answer. No rule can say it: it is the trigger of exits that take back what a rule had given (process.hpp), and those may
// not lead to acceptance.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <quorate/ratio.hpp>
#include <quorate/rule.hpp>
#include <quorate/time.hpp>

namespace quorate {

// Limits of a reading.
inline constexpr std::uint64_t most_worlds = 100'000;   ///< examined one by one; beyond it the reading uses bounds
inline constexpr std::size_t   deepest_reading = 64;    ///< named rules inside named rules
inline constexpr std::uint32_t most_rules_read = 4096;  ///< named rules read in one situation, each time counted
inline constexpr std::size_t   most_elements = 64;      ///< teams that "each team" can go over

enum class truth : std::uint8_t { met, unmet, skipped, error };
inline constexpr std::array<std::string_view, 4> truth_names{"met", "unmet", "skipped", "error"};
[[nodiscard]] constexpr std::string_view to_string(truth t) { return truth_names[static_cast<std::size_t>(t)]; }

/// The truths that a rule can take in a space of situations.
struct truth_set {
    std::uint8_t bits = 0;

    constexpr truth_set() = default;
    constexpr truth_set(truth t) : bits(static_cast<std::uint8_t>(1U << static_cast<unsigned>(t))) {}  // NOLINT
    [[nodiscard]] constexpr bool has(truth t) const { return (bits >> static_cast<unsigned>(t) & 1U) != 0; }
    [[nodiscard]] constexpr bool only(truth t) const { return bits == truth_set(t).bits; }
    constexpr truth_set& operator|=(truth_set o) {
        bits |= o.bits;
        return *this;
    }
    friend constexpr bool operator==(truth_set, truth_set) = default;
};

// ---- the truth tables -------------------------------------------------------------------------------------------------
[[nodiscard]] constexpr truth both(truth a, truth b) {
    if (a == truth::unmet || b == truth::unmet) return truth::unmet;
    if (a == truth::error || b == truth::error) return truth::error;
    return a == truth::met || b == truth::met ? truth::met : truth::skipped;
}
[[nodiscard]] constexpr truth either(truth a, truth b) {
    if (a == truth::met || b == truth::met) return truth::met;
    if (a == truth::error || b == truth::error) return truth::error;
    return a == truth::unmet || b == truth::unmet ? truth::unmet : truth::skipped;
}
[[nodiscard]] constexpr truth negation(truth a) {
    return a == truth::met ? truth::unmet : a == truth::unmet ? truth::met : a;
}
[[nodiscard]] constexpr truth implication(truth guard, truth body, bool else_block) {
    if (guard == truth::met) return body;
    if (guard == truth::error) return truth::error;
    return else_block ? truth::unmet : truth::skipped;
}
[[nodiscard]] constexpr truth absence(truth a) { return a == truth::met ? truth::unmet : truth::met; }
/// "at least n of" from how many parts were met, in error, and not skipped.
[[nodiscard]] constexpr truth at_least(std::int64_t n, std::int64_t met, std::int64_t errors, std::int64_t counted) {
    if (counted == 0) return truth::skipped;
    if (met >= n) return truth::met;
    return met + errors < n ? truth::unmet : truth::error;
}

// ---- what a reading looks at ------------------------------------------------------------------------------------------
/// Members of the electorate whom no rule of the process can tell apart, and how many of them stand where.
struct member_class {
    std::uint64_t sets = 0;         ///< bit i: they belong to the i-th set that rules count in
    std::uint64_t elements = 0;     ///< bit i: they belong to the i-th team of the proposal
    std::uint32_t affiliation = 0;  ///< 0: none
    std::uint32_t seat = 0;         ///< 0: none
    number        weight = 1;
    number        held = 1;         ///< the same, before what a kind of ballot makes of it
    bool          may_act = true;   ///< they may still cast, or change what they cast
    std::uint32_t castable = ~0U;   ///< bit p: they may choose position p; only what `evidence::castable` has as well
    bool          recused = false;  ///< they stepped aside: eligible, but not outstanding; may_act must be false
    bool          carried = false;  ///< they stand where a delegate's ballot puts them; their own may still replace it
    /// [0] the silent, [1 + p] those whose ballot is position p.
    std::array<std::uint32_t, 1 + most_positions> counts{};
};

/// A clock as of now. `running` tells whether time alone makes `elapsed` grow.
struct clock_reading {
    bool     known = false;
    bool     running = true;
    duration elapsed{};
};

/// What the host reported under a name.
struct fact_value {
    std::string_view      name;
    std::optional<bool>   truth{};
    std::optional<number> amount{};
    clock_reading         reported{};  ///< since when it stands as it does
};

/// How many proposals of one process are open under this one.
struct child_count {
    std::string_view process;
    std::int64_t     open = 0;
};

/// What a count of the ballots about options shows. Nothing is counted before a rule asks.
class option_count {
public:
    option_count() = default;
    option_count(const option_count&) = delete;
    option_count& operator=(const option_count&) = delete;
    virtual ~option_count() = default;

    /// Why there is no count: ballots that the method can't count, a quorum that isn't known. Empty: there is one.
    virtual std::string_view problem() const = 0;
    /// The one that won, as its place among the options that the charter names (any larger number for others); nothing while
    /// nobody, or more than one, has won.
    virtual std::optional<std::uint16_t> winner() const = 0;
    virtual std::int64_t                 elected() const = 0;
    /// How many are tied for the seats that are left.
    virtual std::int64_t tied() const = 0;
    /// How many seats nobody has.
    virtual std::int64_t vacant() const = 0;
    /// Whether a is preferred to b by at least `ratio` times as many ballots as the other way round, and by more.
    virtual bool beats(std::uint16_t a, std::uint16_t b, const number& ratio) const = 0;
    /// The winner whatever those who may still vote say, or say instead; nothing where that isn't sure, or can't be told.
    virtual std::optional<std::uint16_t> certain_winner() const = 0;
    /// The truths of `beats` over all ballots that those who may still vote can cast; all of them where that can't be told.
    virtual truth_set may_beat(std::uint16_t a, std::uint16_t b, const number& ratio) const = 0;
};

/// Everything that a reading of rules may depend on. A view: the spans belong to the caller.
struct evidence {
    std::span<const member_class>  classes{};
    std::size_t                    positions = 0;            ///< how many the process has; at most `most_positions`
    std::uint32_t                  castable = ~0U;           ///< bit p: members may still choose position p
    std::uint32_t                  in_cast = ~0U;            ///< bit p: position p counts as cast
    std::uint32_t                  in_base = ~0U;            ///< bit p: who chose p still counts as eligible
    bool                           revisable = true;         ///< a cast ballot may be changed
    bool                           withdrawable = false;     ///< a cast ballot may be taken back (then another be cast)
    /// A ballot may be in parts, or move others with it: situations can't be listed, so bounds are used.
    bool                           fluid = false;
    /// Who may act commits as much of what they hold as they like, by any kind of ballot.
    bool                           stakes = false;
    /// Bit i: who belongs to the i-th set that rules count in depends on their own ballot. Then `fluid` must be true.
    std::uint64_t                  moving_sets = 0;
    number                         most_times = 1;           ///< of `stakes`: no ballot weighs more than this many times what it commits
    std::array<std::int64_t, quantity_names.size()> tallies{};                ///< by `quantity`, those that don't count members
    std::array<clock_reading, 2>   clocks{};                 ///< by `clock_kind`
    std::array<clock_reading, since_names.size()> since{};                  ///< by `since_kind`
    int                            disposition = -1;         ///< index, -1 when there is none
    int                            revision_kind = -1;
    std::span<const fact_value>    facts{};
    std::span<const child_count>   children{};               ///< a process that isn't there has none open
    std::span<const rule_view>     rules{};                  ///< the named rules, by index
    std::size_t                    teams = 0;                ///< of the proposal: what "each team" goes over, by bits
                                                             ///< of `member_class::elements`; at most `most_elements`
    std::uint32_t                  recused = 0;
    const option_count*            options = nullptr;        ///< nothing: no ballots about options are counted
    bool                           options_open = false;     ///< in a situation that other ballots may bring about: what they say
                                                             ///< about options isn't known
    const evidence*                parent = nullptr;         ///< its classes' `sets` are those of the rules read here
};

inline constexpr duration never = duration::max();

/// One comparison, fact or named quantity that a reading met on its way: what was measured and what was required.
struct atom {
    rule_view             in{};           ///< the rule that it stands in
    std::uint16_t         node = no_node;
    int                   element = -1;   ///< inside "each": which element
    bool                  negated = false;
    truth                 is = truth::error;
    std::optional<number> measured{};     ///< left side; microseconds when a time
    std::optional<number> required{};     ///< right side
    duration              next = never;   ///< from now until time alone changes it
    std::string_view      note{};         ///< why it is an error
};

/// How a rule reads.
struct verdict {
    truth             now = truth::error;
    truth_set         reachable{};     ///< in the space of what members may still do
    bool              exact = true;    ///< false: `reachable` may name truths that can't be reached
    duration          next = never;    ///< from now until time alone changes some part of it
    std::vector<atom> why{};

    [[nodiscard]] bool is_met() const { return now == truth::met; }
    /// Nothing that members may still do makes it other than met.
    [[nodiscard]] bool certain() const { return reachable.only(truth::met); }
    /// Members can still make it met, as far as is known.
    [[nodiscard]] bool possible() const { return reachable.has(truth::met); }
};

}  // namespace quorate

#include <quorate/detail/worlds.hpp>
#include <quorate/detail/domains.hpp>
#include <quorate/detail/evaluator.hpp>

namespace quorate {

/// The rule's truth as things stand. `next`, when given, becomes the time until time alone changes some part of it.
[[nodiscard]] constexpr truth read_now(rule_view r, const evidence& e, duration* next = nullptr) {
    detail::evaluator<detail::exact_domain> reading{.facts = e};
    reading.here.timed = next != nullptr;
    const auto t = reading.truth_of(r, r.root);
    if (next != nullptr) *next = reading.next;
    return t;
}

/// The number that an expression gives as things stand (`expects::number`); nothing when a part of it is not known.
[[nodiscard]] constexpr std::optional<number> read_number(rule_view r, const evidence& e) {
    detail::evaluator<detail::exact_domain> reading{.facts = e};
    return reading.number_of(r, r.root);
}

/// The truths that the rule can still take: each eligible member who may act casts any allowed position, changes it if
/// ballots are revisable, or stays as they are; roster, revision, concerns, facts and clock stay. Up to `budget` situations
/// are examined one by one, which is exact; beyond, bounds are used, and unless a few extreme situations show that all of it
/// can happen `exact` becomes false: then nothing that can happen is missing from the result, but something in it may not be
/// able to happen.
[[nodiscard]] constexpr truth_set read_reachable(rule_view r, const evidence& e, bool* exact = nullptr,
                                                 std::uint64_t budget = most_worlds) {
    bool       known = true;
    duration   next = never;
    detail::frame from;
    from.timed = false;
    const auto can = detail::reachable(r, r.root, e, budget, known, from, next);
    if (exact != nullptr) *exact = known;
    return can;
}

/// All four readings at once.
[[nodiscard]] inline verdict read(rule_view r, const evidence& e) {
    verdict v;
    detail::evaluator<detail::exact_domain> reading{.facts = e, .trail = &v.why};
    v.now = reading.truth_of(r, r.root);
    v.next = reading.next;
    v.reachable = read_reachable(r, e, &v.exact);
    return v;
}

/// The fewest ballots that, cast (or taken back) now, would make the rule met, and one way to do it.
struct enough {
    std::uint32_t                             ballots = 0;    ///< members who act; those who take back are in no position
    std::array<std::uint32_t, most_positions> by_position{};  ///< ballots to cast
    std::vector<std::array<std::uint32_t, most_positions>> by_class{};  ///< the same for each class of members

    /// How many different positions are asked for.
    [[nodiscard]] std::size_t choices() const {
        return static_cast<std::size_t>(std::count_if(by_position.begin(), by_position.end(), [](auto n) { return n != 0; }));
    }
};

/// Nothing if no ballots alone can do it, or if more than `budget` situations would have to be examined.
[[nodiscard]] inline std::optional<enough> fewest_ballots(rule_view r, const evidence& e,
                                                          std::uint64_t budget = most_worlds) {
    detail::worlds        all{e};
    const auto            size = all.size(budget);
    std::optional<enough> best;
    bool                  known = true;
    if (size > budget) return std::nullopt;
    if (size > 1 || all.someone_may_move()) all.open_options();
    all.each([&](const evidence& world, std::uint32_t cost) {
        // Of as many ballots those that agree are easier to ask for.
        if (best && (best->ballots < cost || (best->ballots == cost && best->choices() <= 1))) return true;
        detail::evaluator<detail::exact_domain> reading{.facts = world, .budget = std::max<std::uint64_t>(budget / size, 1)};
        reading.here.timed = false;
        const auto t = reading.truth_of(r, r.root);
        known = reading.exact || detail::settled(r, e, t);
        if (!known) return false;
        if (t != truth::met) return true;
        enough found{.ballots = cost};
        found.by_class.resize(e.classes.size());
        for (std::size_t c = 0; c < e.classes.size(); ++c)
            for (std::size_t p = 0; p < e.positions; ++p) {
                const auto before = e.classes[c].counts[p + 1];
                const auto after = world.classes[c].counts[p + 1];
                if (after <= before) continue;
                found.by_class[c][p] = after - before;
                found.by_position[p] += after - before;
            }
        if (!best || cost < best->ballots || found.choices() < best->choices()) best = found;
        return true;
    });
    return known ? best : std::nullopt;
}

}  // namespace quorate
