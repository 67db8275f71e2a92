// A seat that falls vacant after an election, filled by counting the same ballots again.
//
//     auto again = recount(without(ballots, {left}), "schulze", with, seats).value();  // without whoever left or declined
//     fill_vacancies(again, sitting, with);                                            // those who stay, as options of `again`
//
// The rule: the ballots are counted again as if whoever left had not stood, for all the seats. Those who stay keep their seats, whatever
// that count says of them. Whoever it elects besides them takes the free seats, in the order in which it elects them. So the next of a
// ranked list follows where a method gives one (Kubernetes, elections.md, Vacancies), and with proportional methods the ballots of those
// who had elected whoever left weigh again: the full recount that the Proportional Representation Society of Australia names beside the
// countback of one member's papers (prsa.org.au/casu_vac.htm). Rules that look at the papers of the one who left only (Tasmania), or that
// keep those who stay from being excluded while the count goes on (the guarding that I. D. Hill discusses in Casual vacancies and the
// Meek method), are others.
#pragma once

#include <quorate/tally/conventions.hpp>
#include <quorate/tally/count.hpp>
#include <quorate/tally/ties.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace quorate::tally {

/// Who gets no seat that is free.
struct seat_limits {
    std::vector<std::string> affiliation_of{};          ///< by option, "" for nowhere, and so are those it leaves out
    std::size_t              most_per_affiliation = 0;  ///< 0: no limit
    std::optional<option>    floor{};                   ///< who isn't elected is passed over at and below it (the default option, say)
};

namespace detail {

class filling_vacancies {
public:
    filling_vacancies(count& of, const std::vector<option>& sitting, const conventions& with, const seat_limits& limits, tie_chain::prefers preferred)
        : of_(of), limits_(limits), chain_(with, std::move(preferred)), sitting_(sitting), seated_(sitting) {}

    void operator()() {
        const auto asked = std::exchange(of_.paused, false);  // about who comes next, once those before are seated
        auto       open = std::exchange(of_.undecided, {});
        auto       line = of_.elected;
        if (capped() && open.empty())
            for (const auto& tier : of_.order) {
                if (limits_.floor && holds(tier, *limits_.floor)) break;
                for (const auto o : tier)
                    if (!holds(line, o)) line.push_back(o);
            }
        for (const auto o : sitting_) take_from(line, o);
        const bool decided = seat(std::move(line));
        if (decided && free() > 0 && !open.empty()) {
            if (asked) {
                of_.paused = true;
                of_.undecided = std::move(open);
            } else {
                std::erase_if(open, [&](option o) { return holds(seated_, o); });
                if (!capped() && open.size() <= free()) seated_.insert(seated_.end(), open.begin(), open.end());
                else of_.undecided = std::move(open);
            }
        }
        note();
    }

private:
    [[nodiscard]] static bool holds(const std::vector<option>& all, option o) { return std::find(all.begin(), all.end(), o) != all.end(); }
    /// One of its places in line: a party may have several.
    static void take_from(std::vector<option>& line, option o) {
        if (const auto at = std::find(line.begin(), line.end(), o); at != line.end()) line.erase(at);
    }
    [[nodiscard]] bool        capped() const { return limits_.most_per_affiliation != 0; }
    [[nodiscard]] std::size_t free() const { return of_.seats - std::min(of_.seats, seated_.size()); }
    [[nodiscard]] std::string_view affiliation(option o) const {
        return o < limits_.affiliation_of.size() ? std::string_view(limits_.affiliation_of[o]) : std::string_view();
    }
    [[nodiscard]] bool        fits(option o) const {
        if (!capped() || affiliation(o).empty()) return true;
        const auto like = std::count_if(seated_.begin(), seated_.end(), [&](option s) { return affiliation(s) == affiliation(o); });
        return static_cast<std::size_t>(like) < limits_.most_per_affiliation;
    }
    /// Whether the count tells which of two comes first: by its order, else by the round in which it elected them and their votes there.
    [[nodiscard]] bool tells(option a, option b) const {
        for (const auto& tier : of_.order)
            if (holds(tier, a) || holds(tier, b)) return !(holds(tier, a) && holds(tier, b));
        for (const auto& r : of_.rounds) {
            if (!holds(r.elected, a) && !holds(r.elected, b)) continue;
            if (!holds(r.elected, a) || !holds(r.elected, b)) return true;
            const auto value = [&](option o) {
                const auto at = std::find(r.options.begin(), r.options.end(), o);
                const auto i = static_cast<std::size_t>(at - r.options.begin());
                return at == r.options.end() || i >= r.values.size() ? std::optional<number>() : std::optional(r.values[i]);
            };
            const auto x = value(a), y = value(b);
            return x && y && !(*x == *y);
        }
        return false;
    }
    /// Gives the free seats to those in line; false when a tie about one of them stands, or waits.
    bool seat(std::vector<option> line) {
        while (free() > 0 && !line.empty()) {
            auto next = line.front();
            if (!fits(next)) {
                of_.rounds.push_back({.what = "no seat for " + of_.options[next], .options = seated_, .values = {}, .elected = {}, .dropped = {next},
                                      .why = "at most " + std::to_string(limits_.most_per_affiliation) + " of one affiliation", .exhausted = 0});
                line.erase(line.begin());
                continue;
            }
            std::vector<option> level;
            for (const auto o : line)
                if (!holds(level, o) && fits(o) && (o == next || !tells(next, o))) level.push_back(o);
            if (level.size() > free() || (capped() && level.size() > 1)) {
                const auto chosen = chain_.best(level, "vacant seat", of_);
                if (!chosen) {
                    of_.undecided = std::move(level);
                    return false;
                }
                next = *chosen;
            }
            seated_.push_back(next);
            take_from(line, next);
        }
        return true;
    }
    void note() {
        const std::vector<option> fresh(seated_.begin() + static_cast<std::ptrdiff_t>(sitting_.size()), seated_.end());
        of_.rounds.push_back({.what = "vacant seats", .options = sitting_, .values = {}, .elected = fresh, .dropped = {},
                              .why = sitting_.empty() ? "the same ballots, without whoever left" : "those who stay keep their seats", .exhausted = 0});
        of_.elected = std::move(seated_);
    }

    count&              of_;
    const seat_limits&  limits_;
    tie_chain           chain_;
    std::vector<option> sitting_, seated_;
};

}  // namespace detail

/// Makes of a count of the ballots without whoever left, for all the seats, the result with those who stay: elected are they, in the
/// order given, and then whoever takes a free seat. Among those elected whom the count can't tell apart the chain of `with` decides, and
/// without it (or while it asks somebody) they are undecided. Of an affiliation that has its seats already nobody gets another; the next
/// of the count's order does. A count that is paused before it has elected anybody for a free seat stays paused.
/// `preferred`: whom more ballots prefer, for a chain with `pairwise`; without it that step decides nothing.
inline void fill_vacancies(count& of, const std::vector<option>& sitting, const conventions& with = {}, const seat_limits& limits = {},
                           tie_chain::prefers preferred = {}) {
    detail::filling_vacancies(of, sitting, with, limits, std::move(preferred))();
}

}  // namespace quorate::tally
