// Distributions from what was seen: single answers, from a journal too, or only how long decisions waited.
#include <algorithm>
#include <map>

#include <quorate/journal.hpp>
#include <quorate/power.hpp>
#include <quorate/simulate.hpp>

#include "json_out.hpp"

namespace quorate::simulate {
namespace {

constexpr std::size_t   fitted_points = 101;  ///< of a fitted distribution
constexpr std::uint64_t whole_chance = std::uint64_t{1} << 32U;

/// A part of 2^32, and the time by which so many have come.
struct step {
    std::uint64_t part = 0;
    duration      by{};
};

/// The quantiles of a rising line through these points, from (0, `from`) to the last one, which stands for all.
distribution through(const std::vector<step>& steps, duration from) {
    distribution d{.is = distribution::kind::quantiles};
    const auto   last = steps.back().part;
    std::size_t  i = 0;
    for (std::size_t q = 0; q < fitted_points; ++q) {
        const auto wanted = last * q / (fitted_points - 1);
        while (i + 1 < steps.size() && steps[i].part < wanted) ++i;
        const auto low = i == 0 ? step{0, from} : steps[i - 1];
        const auto high = steps[i];
        const auto wide_part = high.part - low.part;
        const auto more = wide_part == 0 ? wide((high.by - low.by).count())
                                         : static_cast<wide>((high.by - low.by).count()) * static_cast<wide>(std::min(wanted, high.part) - std::min(low.part, wanted)) / static_cast<wide>(wide_part);
        d.table.push_back(std::max(low.by + duration(static_cast<std::int64_t>(more)), d.table.empty() ? from : d.table.back()));
    }
    return d;
}

/// Whether at least k of n come with chance x / 2^20 each is at least as likely as part / of. In integers, without rounding.
bool as_likely(std::uint64_t x, std::uint32_t k, std::uint32_t n, std::uint64_t part, std::uint64_t of) {
    using power::integer;
    const std::uint64_t all = std::uint64_t{1} << 20U;
    integer             sum = 0, choose = 1;
    for (std::uint32_t i = 0; i <= n; ++i) {
        if (i > 0) choose = choose * (n - i + 1) / i;
        if (i >= k) sum += choose * pow(integer(x), i) * pow(integer(all - x), n - i);
    }
    return sum * of >= pow(integer(all), n) * part;
}

}  // namespace

result<fitted> fit_answers(std::vector<observation> seen) {
    fitted f;
    for (const auto& o : seen) ++(o.answered ? f.answered : f.silent);
    if (f.answered == 0) return make_error(errc::invalid, "nobody answered: there is nothing to fit", "fit");
    std::sort(seen.begin(), seen.end(), [](const observation& a, const observation& b) { return a.waited != b.waited ? a.waited < b.waited : a.answered > b.answered; });
    // Kaplan and Meier: whoever is last seen silent was at risk until then.
    std::vector<step> steps;
    std::uint64_t     silent = whole_chance;
    for (std::size_t i = 0; i < seen.size();) {
        const auto  at_risk = seen.size() - i;
        std::size_t answers = 0;
        const auto  t = seen[i].waited;
        for (; i < seen.size() && seen[i].waited == t; ++i) answers += seen[i].answered ? 1 : 0;
        if (answers == 0) continue;
        silent = silent * (at_risk - answers) / at_risk;
        steps.push_back({whole_chance - silent, t});
    }
    f.takes_part = {steps.back().part};
    f.answers = through(steps, duration{});
    return f;
}

result<distribution> fit_waits(std::vector<recorded_wait> seen) {
    if (seen.size() < 3) return make_error(errc::invalid, "fewer than three waits say too little", "fit");
    for (const auto& w : seen)
        if (w.needed == 0 || w.needed > w.members || w.members > power::most_members || w.waited < duration{})
            return make_error(errc::invalid, "a wait of " + std::to_string(w.needed) + " of " + std::to_string(w.members) + " members", "fit", "from 1 of them to all");
    std::sort(seen.begin(), seen.end(), [](const recorded_wait& a, const recorded_wait& b) { return a.waited < b.waited; });
    std::vector<step> steps;
    for (std::size_t j = 0; j < seen.size(); ++j) {
        // The chance x of one by then with which `needed` of them come in (2 j + 1) / (2 m) of all such waits.
        std::uint64_t low = 0, high = std::uint64_t{1} << 20U;
        while (low < high) {
            const auto middle = (low + high) / 2;
            if (as_likely(middle, seen[j].needed, seen[j].members, 2 * j + 1, 2 * seen.size())) high = middle;
            else low = middle + 1;
        }
        const auto part = std::max(low << 12U, steps.empty() ? 0 : steps.back().part);
        steps.push_back({part, seen[j].waited});
    }
    // Beyond the longest wait nothing was seen: those who are left come within as long again.
    if (steps.back().part < whole_chance) steps.push_back({whole_chance, 2 * steps.back().by});
    return through(steps, duration{});
}

result<std::vector<observation>> observations_of(journal& from, std::string_view process) {
    struct round {
        instant                  since{}, last{};
        std::vector<std::string> silent{};
    };
    std::map<std::string, round> open;
    std::vector<observation>     all;
    const auto close = [&](round& r) {
        for (std::size_t i = 0; i < r.silent.size(); ++i) all.push_back({r.last - r.since, false});
        r.silent.clear();
    };
    const auto read = from.read({}, 0, [&](const stored_event& s) {
        const auto& e = s.what;
        if (e.kind == event_kind::opened) {
            if (e.detail == process) open[s.stream];
            return true;
        }
        const auto found = open.find(s.stream);
        if (found == open.end()) return true;
        auto& r = found->second;
        if (e.kind == event_kind::electorate) {
            // An electorate that only follows the roster keeps who is still silent; one taken anew begins a round.
            close(r);
            r.since = e.at;
            for (const auto& n : e.names) r.silent.push_back(n.substr(n.rfind('=') + 1));
        } else if (e.kind == event_kind::acted && e.done == act::cast) {
            const auto& who = e.on_behalf_of.empty() ? e.by : e.on_behalf_of;
            if (const auto at = std::find(r.silent.begin(), r.silent.end(), who); at != r.silent.end()) {
                all.push_back({e.at - r.since, true});
                r.silent.erase(at);
            }
        }
        r.last = std::max(r.last, e.at);
        return true;
    });
    if (!read) return read.error();
    for (auto& [id, r] : open) close(r);
    return all;
}

std::string to_json(const fitted& f) {
    json_text::json_out out;
    out.object().key("members").array().object();
    out.field("takes part", std::to_string(f.takes_part.of_2_32) + "/" + std::to_string(always.of_2_32));
    out.key("answers").object().key("quantiles").array();
    for (const auto d : f.answers.table) out.value(quorate::to_string(duration(std::chrono::floor<std::chrono::seconds>(d))));
    out.end().end().end().end().end();
    return std::move(out).str();
}

}  // namespace quorate::simulate
