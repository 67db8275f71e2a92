// Counting the ballots of a proposal about its options. Internal.
#pragma once

#include <optional>
#include <vector>

#include <quorate/proposal.hpp>
#include <quorate/tally/count.hpp>

namespace quorate {

/// As the public function, for those who have the evidence already.
[[nodiscard]] std::vector<std::uint32_t> options_on_ballot(const proposal& p, const evidence& e);
[[nodiscard]] tally::count count_options(const proposal& p, const roster& people, const evidence& e);

/// Whether ballots about options can be counted: as often as their votes weigh, where those are whole numbers and not too many.
[[nodiscard]] bool can_be_counted(const proposal& p);

/// What a method of counting takes.
struct counting_method_row {
    bool ranked = false;
    bool rated = false;
    std::string_view reads{};  ///< names of the conventions that it reads
};
[[nodiscard]] std::optional<counting_method_row> counting_method(std::string_view name);
[[nodiscard]] std::vector<std::string_view>      counting_methods();

/// What rules ask of the count: made when the first one asks, and once.
class counter final : public option_count {
public:
    counter(const proposal& p, const roster& people, const evidence& e) : p_(p), people_(people), e_(e) {}

    std::string_view             problem() const override;
    std::optional<std::uint16_t> winner() const override;
    std::int64_t                 elected() const override { return static_cast<std::int64_t>(counted().elected.size()); }
    std::int64_t                 tied() const override { return static_cast<std::int64_t>(counted().undecided.size()); }
    bool                         beats(std::uint16_t a, std::uint16_t b, const number& ratio) const override;

private:
    const tally::count& counted() const {
        if (!count_) count_ = count_options(p_, people_, e_);
        return *count_;
    }

    const std::vector<std::uint32_t>& on() const {
        if (!on_) on_ = options_on_ballot(p_, e_);
        return *on_;
    }

    const proposal&                     p_;
    const roster&                       people_;
    const evidence&                     e_;
    mutable std::optional<std::vector<std::uint32_t>> on_;
    mutable std::optional<tally::count> count_;
};

}  // namespace quorate
