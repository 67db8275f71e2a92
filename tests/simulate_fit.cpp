// Behaviour fitted to what happened predicts what happened else.
#include <doctest/doctest.h>

#include <cmath>

#include "json.hpp"
#include "simulate_support.hpp"

using namespace simulate_support;

TEST_CASE("simulate: who was last seen silent counts until then") {
    std::vector<sim::observation> seen;
    for (int i = 1; i <= 8; ++i) seen.push_back({std::chrono::hours(i), true});
    seen.push_back({std::chrono::hours(4), false});  // Kaplan and Meier: 5 of the 9 are left, then 4 of 4 answer
    seen.push_back({std::chrono::hours(100), false});
    const auto f = sim::fit_answers(seen).value();
    CHECK(f.answered == 8);
    CHECK(f.silent == 2);
    // 10 at risk, 4 answer by hour 4; then 5 at risk, of whom 4 answer: 1 - 6/10 * 1/5.
    CHECK(std::abs(static_cast<double>(f.takes_part.of_2_32) / 4294967296.0 - 0.88) < 1e-6);
    CHECK(f.answers.table.back() == std::chrono::hours(8));
    CHECK(!sim::fit_answers({{std::chrono::hours(1), false}}).has_value());
}

namespace {

struct recorded {
    sim::recorded_wait wait;
    std::size_t        approved = 1;  ///< when it was first seen
};

/// Recorded waits of proposals until their final comment period, from first seen to the middle of the days between which it began.
std::vector<recorded> recorded_waits() {
    const auto text = json_text::read_file(QUORATE_SOURCE_DIR "/tests/data/rust_fcp_histories.json").value();
    const auto document = json_text::parse(text).value();
    std::vector<recorded> all;
    const auto date = [](std::string_view d) { return parse_instant(std::string(d) + "T00:00:00Z"); };
    const auto add = [&](instant from, instant to, std::size_t approved, std::size_t members) {
        // Two may be outstanding, and fewer than have approved (nag.rs evaluate_pendings).
        const auto needed = std::max(members - 2, members / 2 + 1);
        if (approved < needed) all.push_back({{to - from, static_cast<std::uint32_t>(needed - approved), static_cast<std::uint32_t>(members - approved)}, approved});
    };
    for (const auto& r : document.find("weekly_snapshots_2022")->elements) {
        const auto* window = r.find("inferred_fcp_entry_window");
        if (window == nullptr || !window->is_array()) continue;
        const auto& first = r.find("snapshots")->elements.front();
        const auto  from = date(first.find("date")->text), a = date(window->elements[0].text), b = date(window->elements[1].text);
        if (from && a && b) add(*from, *a + (*b - *a) / 2, first.find("approved")->elements.size(), first.find("approved")->elements.size() + first.find("outstanding")->elements.size());
    }
    for (const auto& r : document.find("threads_2018_2026")->elements) {
        std::optional<instant> from, to;
        for (const auto& e : r.find("events")->elements) {
            const auto& what = e.elements[2].text;
            if (what.find("proposal posted") != std::string::npos) from = date(e.elements[0].text);
            if (what.find("enters FCP") != std::string::npos) to = date(e.elements[0].text);
        }
        const auto* list = r.find("checklist_stored");
        if (from && to && list != nullptr && list->is_object() && *to > *from)
            add(*from, *to, 1, list->find("approved")->elements.size() + list->find("outstanding")->elements.size());
    }
    return all;
}

}  // namespace

TEST_CASE("simulate: a behaviour fitted to half of the recorded Rust decisions predicts the waits of the other half") {
    const auto all = recorded_waits();
    REQUIRE(all.size() >= 10);
    for (const std::size_t half : {std::size_t{0}, std::size_t{1}}) {
        std::vector<sim::recorded_wait> known;
        std::vector<recorded>           other;
        for (std::size_t i = 0; i < all.size(); ++i) {
            if (i % 2 == half) known.push_back(all[i].wait);
            else other.push_back(all[i]);
        }
        const auto  answers = sim::fit_waits(known).value();
        std::size_t inside = 0;
        for (const auto& [w, approved] : other) {
            // The same team: its proposer, those who had approved when it was first seen, and those who hadn't.
            auto s = fcp_setting(R"({ "about": [["compiler"]] })", static_cast<int>(w.members + approved));
            s.how.members.push_back({.answers = answers});
            for (std::size_t i = 1; i < approved; ++i) s.how.members.push_back({.who = {"m" + std::to_string(i)}, .answers = sim::distribution{}});
            const auto runs = one(s, 100);
            const auto waits = done(runs).of[0].stays[1];
            // Nine of ten waits are predicted to be between these.
            const auto low = waits.quantile(number::fraction(5, 100)).value(), high = waits.quantile(number::fraction(95, 100)).value();
            inside += w.waited >= low && w.waited <= high ? 1 : 0;
        }
        // As many inside as nine of ten makes likely: fewer would come in less than one of twenty halves.
        double chance_of_fewer = 0;
        std::size_t least = 0;
        for (std::size_t k = 0; k <= other.size(); ++k) {
            const auto n = static_cast<double>(other.size()), d = static_cast<double>(k);
            chance_of_fewer += std::tgamma(n + 1) / std::tgamma(d + 1) / std::tgamma(n - d + 1) * std::pow(0.9, d) * std::pow(0.1, n - d);
            if (chance_of_fewer < 0.05) least = k + 1;
        }
        CAPTURE(other.size());
        CHECK(least > 0);
        CHECK(inside >= least);
    }
}
