// Trying rules out without a proposal: whether one can hold at all, and in which of many situations it does. Internal.
#pragma once

#include <functional>
#include <set>
#include <span>

#include <quorate/process.hpp>
#include <quorate/verdict.hpp>

namespace quorate {

/// Tries rules of one process: any ballots; for the other numbers that they look at (concerns, ...) none, very many, and those just around
/// the ones that the rules themselves name; of clocks no time and very much, all alike.
class rule_trials {
public:
    explicit rule_trials(const process& p) : process_(p) {}

    /// Whether the rule is met in some situation of an electorate of that size. True, too, when it can't be tried (it depends on who
    /// the members are, on facts, parents, weights) or when there were too many situations to try.
    [[nodiscard]] bool can_ever_hold(rule_view r, std::size_t size);

    /// What goes for the numbers that don't count members while situations are listed.
    enum class others { any, none };
    /// Calls `see` with situations of an electorate of that size until it returns false; `size` is best small. Returns false when the
    /// rules can't be tried, or when there are too many situations: then not all have been seen.
    [[nodiscard]] bool each_situation(std::span<const rule_view> rules, std::size_t size, others rest,
                                      const std::function<bool(const evidence&)>& see);

private:
    [[nodiscard]] bool collect(rule_view r);
    [[nodiscard]] evidence blank() const;
    [[nodiscard]] bool some_tally(rule_view r, evidence& e, std::size_t q);
    bool each_tally(evidence& e, std::size_t q, others rest, const std::function<bool(const evidence&)>& see);
    bool each_ballots(member_class& all, std::size_t place, std::uint32_t left, const std::function<bool()>& see) const;

    struct uses {
        std::set<std::size_t>  tallies;
        std::set<std::int64_t> values;
        std::set<std::size_t>  rules;
        std::size_t            clocks = 0;  ///< parts that look at one; all are tried with the same time
    };
    const process& process_;
    uses           uses_{};
    std::size_t    trials_ = 0;
};

}  // namespace quorate
