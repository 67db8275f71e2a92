// Counters that /metrics shows. Any thread may count.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

namespace bot {

/// One row of the page.
enum class count : unsigned char {
    requests, accepted, duplicates, ignored, bad_signature, malformed, too_many, journal_failures,
    dealt_with, replies, effects_done, effects_failed, comments_written, rounds, caught_up, standing_by, last_round_us,
};
inline constexpr std::array<std::string_view, 17> count_names{
    "requests_total", "deliveries_accepted_total", "deliveries_duplicate_total", "deliveries_ignored_total", "deliveries_bad_signature_total",
    "deliveries_malformed_total", "deliveries_limited_total", "journal_failures_total", "deliveries_dealt_with_total", "replies_total",
    "effects_done_total", "effects_failed_total", "comments_written_total", "rounds_total", "deliveries_caught_up_total", "standing_by", "last_round_us"};

class metrics {
public:
    void add(count c, std::uint64_t n = 1) { all_[static_cast<std::size_t>(c)] += n; }
    void set(count c, std::uint64_t n) { all_[static_cast<std::size_t>(c)] = n; }
    [[nodiscard]] std::uint64_t of(count c) const { return all_[static_cast<std::size_t>(c)]; }
    /// In the text format of Prometheus. No names, no texts: only numbers.
    [[nodiscard]] std::string page() const {
        std::string s;
        for (std::size_t i = 0; i < count_names.size(); ++i)
            s += "quorate_bot_" + std::string(count_names[i]) + " " + std::to_string(all_[i].load()) + "\n";
        return s;
    }

private:
    std::array<std::atomic<std::uint64_t>, count_names.size()> all_{};
};

}  // namespace bot
