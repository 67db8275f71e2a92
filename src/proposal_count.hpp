// Counting the ballots of a proposal about its options. Internal.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <quorate/proposal.hpp>
#include <quorate/tally/count.hpp>

namespace quorate {

/// As the public function, for those who have the evidence already.
[[nodiscard]] std::vector<std::uint32_t> options_on_ballot(const proposal& p, const evidence& e);
[[nodiscard]] tally::count count_options(const proposal& p, const roster& people, const evidence& e);

/// Why there is no count, "" if there is one.
[[nodiscard]] std::string_view problem_of(const tally::count& c);

/// Whether ballots about options can be counted: as often as their votes weigh, in a unit in which all are whole and not too many.
[[nodiscard]] bool can_be_counted(const proposal& p);

/// What a method of counting takes.
struct counting_method_row {
    bool ranked = false;
    bool rated = false;
    std::string_view reads{};  ///< names of the conventions that it reads
};
[[nodiscard]] std::optional<counting_method_row> counting_method(std::string_view name);
[[nodiscard]] std::vector<std::string_view>      counting_methods();

/// What rules ask of the count: made when the first one asks, and once. Of ballots that can be counted only.
class counter final : public option_count {
public:
    /// `classes` says which class of the evidence each vote is counted in.
    counter(const proposal& p, const roster& people, const evidence& e, std::span<const std::uint32_t> classes)
        : p_(p), people_(people), e_(e), classes_(classes) {}

    std::string_view             problem() const override;
    std::optional<std::uint16_t> winner() const override;
    std::int64_t                 elected() const override { return static_cast<std::int64_t>(counted().elected.size()); }
    std::int64_t                 tied() const override { return static_cast<std::int64_t>(counted().undecided.size()); }
    std::int64_t                 vacant() const override;
    bool                         beats(std::uint16_t a, std::uint16_t b, const number& ratio) const override;
    std::optional<std::uint16_t> certain_winner() const override;
    truth_set                    may_beat(std::uint16_t a, std::uint16_t b, const number& ratio) const override;

private:
    const tally::count& counted() const {
        if (!count_) count_ = count_options(p_, people_, e_);
        return *count_;
    }

    const std::vector<std::uint32_t>& on() const {
        if (!on_) on_ = options_on_ballot(p_, e_);
        return *on_;
    }

    /// Whose ballots stay as they are, by vote, and how much the others weigh together, in the unit of the count. Nothing where ballots
    /// move with others.
    struct standing_ballots {
        std::vector<bool> stays;
        std::int64_t      missing = 0;
    };
    std::optional<standing_ballots> standing() const;
    bool                            spoilt_by_one(std::int64_t missing) const;
    bool                            wins_in_any_case(std::uint16_t option) const;

    const proposal&                     p_;
    const roster&                       people_;
    const evidence&                     e_;
    std::span<const std::uint32_t>      classes_;
    mutable std::optional<std::vector<std::uint32_t>> on_;
    mutable std::optional<tally::count> count_;
    mutable std::optional<std::optional<std::uint16_t>> certain_;
};

}  // namespace quorate
