// How a count breaks its ties: by the stated chain, and never silently.
#pragma once

#include <quorate/detail/philox.hpp>
#include <quorate/tally/conventions.hpp>
#include <quorate/tally/count.hpp>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace quorate::tally {

/// The most states (who is left, which defeats are locked) that a count in parallel universes looks at, where each way to break a tie is
/// a universe of its own: ties that make more are refused.
inline constexpr std::size_t most_universes = 20'000;

/// How a step of the chain is called in results.
[[nodiscard]] inline std::string_view name_of(tie_break::kind k) {
    switch (k) {
        case tie_break::kind::earlier_stage: return "earlier stage";
        case tie_break::kind::first_stage: return "first stage";
        case tie_break::kind::given_order: return "given order";
        case tie_break::kind::pairwise: return "pairwise";
        case tie_break::kind::lot: return "lot";
        case tie_break::kind::casting_vote: return "casting vote";
        case tie_break::kind::agreement: return "agreement";
    }
    return "";
}

/// The chain of one count: it remembers how many lots were drawn and how many answers were used. Every tie it is asked about is
/// written into the count, broken or not.
class tie_chain {
public:
    /// Whether a ballot majority prefers one option to another; needed for `pairwise` only, and without it that step decides nothing.
    using prefers = std::function<bool(option, option)>;

    explicit tie_chain(const conventions& with, prefers preferred = {}) : steps_(with.ties), used_(with.ties.size()), preferred_(std::move(preferred)) {}

    /// The one of `tied` (at least two) that comes first: who is elected, or ranked ahead. Nothing when no step decides; a
    /// step that waits for a person leaves the count paused with `tied` as its undecided options.
    std::optional<option> best(std::vector<option> tied, std::string where, count& into) { return choose(std::move(tied), std::move(where), into, true); }
    /// The one that comes last: who is dropped. A person who is asked names the one that goes.
    std::optional<option> worst(std::vector<option> tied, std::string where, count& into) { return choose(std::move(tied), std::move(where), into, false); }

private:
    std::optional<option> choose(std::vector<option> tied, std::string where, count& into, bool wants_best) {
        const auto all = tied;
        for (std::size_t i = 0; i < steps_.size(); ++i) {
            const auto& step = steps_[i];
            switch (step.by) {
                case tie_break::kind::earlier_stage: by_rounds(tied, into.rounds, wants_best, true); break;
                case tie_break::kind::first_stage: by_rounds(tied, into.rounds, wants_best, false); break;
                case tie_break::kind::given_order: by_order(tied, step.order, wants_best || step.chooses); break;
                case tie_break::kind::pairwise: by_comparisons(tied, wants_best); break;
                case tie_break::kind::lot: by_lot(tied, step.seed, wants_best); break;
                case tie_break::kind::casting_vote:
                case tie_break::kind::agreement: {
                    const auto at = used_[i];
                    if (at < step.chosen.size() && std::find(tied.begin(), tied.end(), step.chosen[at]) != tied.end()) {
                        tied = {step.chosen[at]};
                        ++used_[i];
                        break;
                    }
                    into.paused = true;
                    into.undecided = tied;
                    into.ties.push_back({.where = std::move(where), .options = tied, .broken_by = {}, .ahead = {}});
                    return std::nullopt;
                }
            }
            if (tied.size() == 1) {
                into.ties.push_back({.where = std::move(where), .options = all, .broken_by = std::string(name_of(step.by)),
                                     .ahead = wants_best ? tied : without(all, tied.front())});
                return tied.front();
            }
        }
        into.ties.push_back({.where = std::move(where), .options = all, .broken_by = {}, .ahead = {}});
        return std::nullopt;
    }

    static std::vector<option> without(std::vector<option> all, option one) {
        std::erase(all, one);
        return all;
    }
    /// Keeps those whose value is the largest, or the smallest.
    template <class Value>
    static void keep(std::vector<option>& tied, bool largest, Value&& value) {
        auto most = value(tied.front());
        for (const auto o : tied) {
            auto v = value(o);
            if (largest ? most < v : v < most) most = std::move(v);
        }
        std::erase_if(tied, [&](option o) { return value(o) != most; });
    }
    static void by_rounds(std::vector<option>& tied, const std::vector<round>& rounds, bool wants_best, bool latest_first) {
        for (std::size_t n = 0; n < rounds.size() && tied.size() > 1; ++n) {
            const auto& r = rounds[latest_first ? rounds.size() - 1 - n : n];
            const auto  at = [&](option o) { return std::find(r.options.begin(), r.options.end(), o); };
            if (std::any_of(tied.begin(), tied.end(), [&](option o) { return at(o) == r.options.end(); })) continue;
            keep(tied, wants_best, [&](option o) { return r.values[static_cast<std::size_t>(at(o) - r.options.begin())]; });
        }
    }
    static void by_order(std::vector<option>& tied, const std::vector<option>& order, bool earliest) {
        keep(tied, !earliest, [&](option o) { return std::find(order.begin(), order.end(), o) - order.begin(); });
    }
    void by_comparisons(std::vector<option>& tied, bool wants_best) const {
        if (!preferred_) return;
        const auto among = tied;
        keep(tied, wants_best, [&](option o) { return std::count_if(among.begin(), among.end(), [&](option b) { return o != b && preferred_(o, b); }); });
    }
    void by_lot(std::vector<option>& tied, std::uint64_t seed, bool wants_best) {
        const auto lot = ++lots_;
        keep(tied, wants_best, [&](option o) { return std::pair(quorate::detail::philox(seed, {lot, o, 0, 0}), o); });
    }

    std::vector<tie_break>   steps_;
    std::vector<std::size_t> used_;
    prefers                  preferred_;
    std::uint32_t            lots_ = 0;
};

}  // namespace quorate::tally
