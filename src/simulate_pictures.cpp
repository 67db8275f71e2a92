// SVG by plain templates. Coordinates are whole numbers, so that the same study draws the same bytes.
#include <quorate/simulate_pictures.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <quorate/power.hpp>

#include "simulate_csv.hpp"

namespace quorate::simulate {
namespace {

constexpr std::int64_t width = 760, height = 400, left = 64, right = 24, top = 48, bottom = 56;
constexpr std::int64_t across = width - left - right, down = height - top - bottom;
constexpr std::size_t  most_lines = 6;
constexpr std::int64_t day = 86'400'000'000;

/// Colours that differ in lightness too, so that they can be told apart in print and by the colour-blind (after Okabe and Ito).
constexpr std::string_view style = R"(<style>
svg.q{font:13px system-ui,sans-serif;background:#fff}svg.q text{fill:#1a1a1a}svg.q .t{font-size:15px;font-weight:600}svg.q .g{stroke:#d0d0d0;stroke-width:1}svg.q .l{fill:none;stroke-width:2}
svg.q .s1{stroke-dasharray:7 3}svg.q .s2{stroke-dasharray:2 3}svg.q .s3{stroke-dasharray:9 3 2 3}svg.q .s4{stroke-dasharray:4 2}svg.q .s5{stroke-dasharray:1 3}
svg.q .f0{fill:#0072b2}svg.q .s0{stroke:#0072b2}svg.q .f1{fill:#d55e00}svg.q .s1{stroke:#d55e00}svg.q .f2{fill:#009e73}svg.q .s2{stroke:#009e73}svg.q .f3{fill:#cc79a7}svg.q .s3{stroke:#cc79a7}svg.q .f4{fill:#8a6d00}svg.q .s4{stroke:#8a6d00}svg.q .f5{fill:#444444}svg.q .s5{stroke:#444444}svg.q .heat{fill:#0072b2}
@media (prefers-color-scheme:dark){svg.q{background:#16181c}svg.q text{fill:#e8e8e8}svg.q .g{stroke:#3a3f46}svg.q .f0{fill:#56b4e9}svg.q .s0{stroke:#56b4e9}svg.q .f1{fill:#ff9a52}svg.q .s1{stroke:#ff9a52}svg.q .f2{fill:#3ddba6}svg.q .s2{stroke:#3ddba6}svg.q .f3{fill:#f0a8cf}svg.q .s3{stroke:#f0a8cf}svg.q .f4{fill:#e6c84f}svg.q .s4{stroke:#e6c84f}svg.q .f5{fill:#bbbbbb}svg.q .s5{stroke:#bbbbbb}svg.q .heat{fill:#56b4e9}}
@media print{svg.q{background:#fff}svg.q text{fill:#000}svg.q .g{stroke:#bbb}svg.q .f0{fill:#0072b2}svg.q .s0{stroke:#0072b2}svg.q .f1{fill:#b34700}svg.q .s1{stroke:#b34700}svg.q .f2{fill:#006b4e}svg.q .s2{stroke:#006b4e}svg.q .f3{fill:#a04a7a}svg.q .s3{stroke:#a04a7a}svg.q .f4{fill:#6b5500}svg.q .s4{stroke:#6b5500}svg.q .f5{fill:#222222}svg.q .s5{stroke:#222222}svg.q .heat{fill:#0072b2}}
</style>)";

std::string escaped(std::string_view s) {
    std::string out;
    for (const char c : s) {
        if (c == '&') out += "&amp;";
        else if (c == '<') out += "&lt;";
        else if (c == '>') out += "&gt;";
        else if (c == '"') out += "&quot;";
        else out += c;
    }
    return out;
}
std::string cut(std::string_view s, std::size_t most) {
    if (s.size() <= most) return std::string(s);
    while (most > 0 && (static_cast<unsigned char>(s[most]) & 0xC0U) == 0x80U) --most;
    return std::string(s.substr(0, most)) + "...";
}
std::string days(std::int64_t us) { return power::to_decimal(power::ratio(us, day), 2); }

class canvas {
public:
    explicit canvas(std::string_view title, std::int64_t tall = height) {
        out_ = fmt::format("<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"q\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">{}", width, tall, escaped(title), style);
        text(left, 26, title, "start", "t");
    }
    void text(std::int64_t x, std::int64_t y, std::string_view t, std::string_view anchor = "start", std::string_view kind = "") {
        out_ += fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"{}\"{}>{}</text>", x, y, anchor, kind.empty() ? "" : fmt::format(" class=\"{}\"", kind), escaped(t));
    }
    void line(std::int64_t x1, std::int64_t y1, std::int64_t x2, std::int64_t y2, std::string_view kind = "g") {
        out_ += fmt::format("<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" class=\"{}\"/>", x1, y1, x2, y2, kind);
    }
    void box(std::int64_t x, std::int64_t y, std::int64_t w, std::int64_t h, std::string_view kind, std::string_view tip, std::int64_t opacity = 100) {
        out_ += fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" class=\"{}\" fill-opacity=\"{}%\"><title>{}</title></rect>", x, y, std::max<std::int64_t>(w, 1), h, kind, opacity, escaped(tip));
    }
    void dot(std::int64_t x, std::int64_t y, std::string_view kind, std::string_view tip) {
        out_ += fmt::format("<circle cx=\"{}\" cy=\"{}\" r=\"4\" class=\"{}\"><title>{}</title></circle>", x, y, kind, escaped(tip));
    }
    void path(const std::vector<std::pair<std::int64_t, std::int64_t>>& points, std::size_t number) {
        if (points.empty()) return;
        out_ += fmt::format("<polyline class=\"l s{}\" points=\"", number);
        for (const auto& [x, y] : points) out_ += fmt::format("{},{} ", x, y);
        out_ += "\"/>";
    }
    void legend(std::size_t number, std::string_view name) {
        const auto y = top + 14 + static_cast<std::int64_t>(number) * 18;
        line(width - right - 220, y - 4, width - right - 190, y - 4, fmt::format("l s{}", number));
        text(width - right - 184, y, cut(name, 28));
    }
    /// Days along the bottom.
    void time_axis(std::int64_t most, std::int64_t at = top + down) {
        line(left, at, left + across, at);
        for (int i = 0; i <= 5; ++i) {
            const auto x = left + across * i / 5;
            line(x, at, x, at + 5);
            text(x, at + 20, days(most * i / 5), "middle");
        }
        text(left + across / 2, at + 42, "days", "middle");
    }
    void share_axis() {
        for (int i = 0; i <= 4; ++i) {
            const auto y = top + down - down * i / 4;
            line(left, y, left + across, y);
            text(left - 8, y + 4, fmt::format("{}%", 25 * i), "end");
        }
    }
    [[nodiscard]] std::string done() { return out_ + "</svg>\n"; }

private:
    std::string out_;
};

/// Short enough for a legend: of a sweep its values.
std::string label(const setting& v) {
    std::string t;
    for (const auto& a : v.at) t += (t.empty() ? "" : ", ") + a;
    return t.empty() ? v.name : t;
}

std::int64_t longest(const study& s, const progress& p) {
    std::int64_t most = 0;
    for (std::size_t v = 0; v < std::min(s.variants.size(), most_lines); ++v)
        if (const auto q = p.of[v].until_decided.quantile(number::fraction(99, 100))) most = std::max(most, q->count());
    return std::max<std::int64_t>(most, day / 24);
}

/// How many were decided before t, evenly within a step.
std::uint64_t before(const histogram& h, std::int64_t t) {
    std::uint64_t n = 0;
    for (std::size_t b = 0; b < h.counts.size(); ++b) {
        const auto from = histogram::least_of(b).count(), to = histogram::least_of(b + 1).count();
        if (to <= t) n += h.counts[b];
        else if (from < t) n += static_cast<std::uint64_t>(static_cast<wide>(h.counts[b]) * (t - from) / (to - from));
    }
    return n;
}

constexpr std::int64_t columns = 96;

picture of_times(const study& s, const progress& p) {
    picture      out{.name = "time-to-decision", .title = "When proposals are decided", .svg = {}, .csv = "variant,from_days,to_days,decided\n"};
    const auto   most = longest(s, p);
    canvas       c(out.title);
    std::uint64_t tallest = 1;
    std::vector<std::vector<std::uint64_t>> counts;
    for (std::size_t v = 0; v < std::min(s.variants.size(), most_lines); ++v) {
        auto& mine = counts.emplace_back();
        std::uint64_t so_far = 0;
        for (std::int64_t i = 1; i <= columns; ++i) {
            const auto n = before(p.of[v].until_decided, most * i / columns);
            mine.push_back(n - so_far);
            so_far = n;
            tallest = std::max(tallest, mine.back());
            out.csv += fmt::format("{},{},{},{}\n", csv(s.variants[v].name), days(most * (i - 1) / columns), days(most * i / columns), mine.back());
        }
    }
    const auto y_of = [&](std::uint64_t n) { return top + down - static_cast<std::int64_t>(static_cast<wide>(n) * down / static_cast<wide>(tallest)); };
    for (std::size_t v = 0; v < counts.size(); ++v) {
        std::vector<std::pair<std::int64_t, std::int64_t>> points;
        for (std::int64_t i = 0; i < columns; ++i) {
            const auto n = counts[v][static_cast<std::size_t>(i)];
            const auto x = left + across * i / columns, next = left + across * (i + 1) / columns;
            if (counts.size() == 1) c.box(x, y_of(n), next - x - 1, top + down - y_of(n), "f0", fmt::format("{} to {} days: {}", days(most * i / columns), days(most * (i + 1) / columns), n));
            else points.insert(points.end(), {{x, y_of(n)}, {next, y_of(n)}});
        }
        c.path(points, v);
        if (counts.size() > 1) c.legend(v, label(s.variants[v]));
    }
    c.time_axis(most);
    c.text(left - 8, top + 4, fmt::format("{}", tallest), "end");
    c.text(left - 8, top + down + 4, "0", "end");
    out.svg = c.done();
    return out;
}

picture of_survival(const study& s, const progress& p) {
    picture    out{.name = "still-open", .title = "How many proposals are still open after a time", .svg = {}, .csv = "variant,days,still_open\n"};
    const auto most = longest(s, p);
    canvas     c(out.title);
    c.share_axis();
    for (std::size_t v = 0; v < std::min(s.variants.size(), most_lines); ++v) {
        const auto all = std::max<std::uint64_t>(p.of[v].proposals, 1);
        std::vector<std::pair<std::int64_t, std::int64_t>> points;
        for (std::int64_t i = 0; i <= columns; ++i) {
            const auto open = all - std::min(all, before(p.of[v].until_decided, most * i / columns));
            points.emplace_back(left + across * i / columns, top + down - static_cast<std::int64_t>(static_cast<wide>(open) * down / static_cast<wide>(all)));
            out.csv += fmt::format("{},{},{}\n", csv(s.variants[v].name), days(most * i / columns), power::to_decimal(power::ratio(open, all), 4));
        }
        c.path(points, v);
        if (s.variants.size() > 1) c.legend(v, label(s.variants[v]));
    }
    c.time_axis(most);
    out.svg = c.done();
    return out;
}

picture of_loads(const study& s, const progress& p) {
    struct load {
        std::string  name;
        wide         acts;
    };
    const auto&       t = p.of[0];
    const auto&       people = s.variants[0].people;
    std::vector<load> all;
    for (std::size_t i = 0; i < t.members.size(); ++i)
        if (t.members[i].acts.s != 0 || t.members[i].yes + t.members[i].other != 0)
            all.push_back({i < people.people() ? std::string(people.handle(static_cast<person>(i))) : fmt::format("puppet-{}", i - people.people() + 1), t.members[i].acts.s});
    std::stable_sort(all.begin(), all.end(), [](const load& a, const load& b) { return a.acts > b.acts; });
    constexpr std::size_t most_bars = 40;
    constexpr std::int64_t row = 22;
    picture    out{.name = "load-per-member", .title = "Acts of each member per run" + std::string(all.size() > most_bars ? ", of the forty busiest" : ""), .svg = {}, .csv = "member,acts_per_run\n"};
    const auto shown = std::min(all.size(), most_bars);
    canvas     c(out.title, top + row * static_cast<std::int64_t>(shown) + 20);
    const auto greatest = std::max<wide>(all.empty() ? 1 : all.front().acts, 1);
    const auto runs = std::max<std::uint64_t>(t.runs, 1);
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto per_run = power::to_decimal(power::ratio(static_cast<std::uint64_t>(all[i].acts), runs), 3);
        out.csv += csv(all[i].name) + "," + per_run + "\n";
        if (i >= shown) continue;
        const auto y = top + row * static_cast<std::int64_t>(i);
        const auto w = static_cast<std::int64_t>(all[i].acts * (across - 180) / greatest);
        c.text(left + 110, y + 15, cut(all[i].name, 22), "end");
        c.box(left + 118, y + 3, w, row - 7, "f0", all[i].name + ": " + per_run);
        c.text(left + 124 + w, y + 15, per_run);
    }
    out.svg = c.done();
    return out;
}

picture of_story(const study& s, const std::vector<told>& story) {
    picture out{.name = "timeline", .title = "One run, told", .svg = {}, .csv = "at,proposal,who,what,stage,refused\n"};
    for (const auto& t : story)
        out.csv += fmt::format("{},{},{},{},{},{}\n", quorate::to_string(t.at), t.proposal + 1, csv(t.who), t.what, csv(t.stage), t.refused ? "yes" : "no");
    std::vector<std::string> rows;
    std::int64_t             most = 1;
    const auto               start = story.empty() ? instant{} : story.front().at;
    constexpr std::size_t    most_rows = 40;
    for (const auto& t : story) {
        const auto name = t.who.empty() ? fmt::format("proposal {}", t.proposal + 1) : t.who;
        if (std::find(rows.begin(), rows.end(), name) == rows.end() && rows.size() < most_rows) rows.push_back(name);
        most = std::max(most, (t.at - start).count());
    }
    constexpr std::int64_t row = 24;
    const auto             floor_y = top + row * static_cast<std::int64_t>(rows.size()) + 8;
    canvas                 c(out.title, floor_y + 52);
    const auto x_of = [&](instant at) { return left + 90 + static_cast<std::int64_t>(static_cast<wide>((at - start).count()) * (across - 90) / most); };
    const auto& stages = s.variants[0].rules.find(s.variants[0].process)->stages;
    for (std::size_t r = 0; r < rows.size(); ++r) {
        const auto y = top + row * static_cast<std::int64_t>(r) + 12;
        c.text(left + 80, y + 4, cut(rows[r], 20), "end");
        c.line(left + 90, y, left + across, y);
    }
    std::vector<std::size_t> seen;
    for (std::size_t i = 0; i < story.size(); ++i) {
        const auto& t = story[i];
        const auto  name = t.who.empty() || !t.stage.empty() ? fmt::format("proposal {}", t.proposal + 1) : t.who;
        const auto  at = std::find(rows.begin(), rows.end(), name);
        if (at == rows.end()) continue;
        const auto y = top + row * (at - rows.begin()) + 12;
        if (t.stage.empty()) {
            c.dot(x_of(t.at), y, t.refused ? "f5" : t.what == "cast" ? "f0" : "f1", fmt::format("{} {} {}{}", quorate::to_string(t.at), t.who, t.what, t.refused ? " (refused)" : ""));
            continue;
        }
        auto end = start + duration(most);
        for (auto k = i + 1; k < story.size(); ++k)
            if (story[k].proposal == t.proposal && !story[k].stage.empty()) {
                end = story[k].at;
                break;
            }
        const auto number = static_cast<std::size_t>(std::find_if(stages.begin(), stages.end(), [&](const stage& g) { return g.name == t.stage; }) - stages.begin());
        c.box(x_of(t.at), y - 8, x_of(end) - x_of(t.at), 16, fmt::format("f{}", number % most_lines), t.stage + " from " + quorate::to_string(t.at), 45);
        if (x_of(end) - x_of(t.at) > 60) c.text(x_of(t.at) + 4, y + 4, cut(t.stage, 16));
    }
    c.line(left + 90, floor_y, left + across, floor_y);
    for (int i = 0; i <= 4; ++i) {
        const auto x = left + 90 + (across - 90) * i / 4;
        c.line(x, floor_y, x, floor_y + 5);
        c.text(x, floor_y + 20, days(most * i / 4), "middle");
    }
    c.text(left + across / 2, floor_y + 40, "days", "middle");
    out.svg = c.done();
    return out;
}

/// What a sweep shows in one cell.
std::optional<power::ratio> shown(const totals& t, bool accepted) {
    const auto& r = accepted ? t.accepted : t.seconds;
    if (r.n == 0) return std::nullopt;
    const power::ratio value(power::integer(static_cast<std::int64_t>(r.s)), power::integer(static_cast<std::int64_t>(r.n)));
    return accepted ? value : power::ratio(value / 86'400);
}

picture of_sweep(const study& s, const progress& p, bool accepted) {
    std::vector<std::string> xs, ys;
    const bool               flat = s.dimensions.size() == 1;
    std::vector<std::size_t> cells;
    for (std::size_t v = 0; v < s.variants.size(); ++v) {
        if (s.variants[v].at.size() != s.dimensions.size()) continue;
        cells.push_back(v);
        const auto add = [](std::vector<std::string>& to, const std::string& value) {
            if (std::find(to.begin(), to.end(), value) == to.end()) to.push_back(value);
        };
        add(xs, s.variants[v].at.back());
        add(ys, flat ? std::string() : s.variants[v].at.front());
    }
    picture out{.name = accepted ? "sweep-accepted" : "sweep-time",
                .title = (accepted ? "Share of proposals accepted, by " : "Mean days to a decision, by ") + s.dimensions.back() + (flat ? "" : " and " + s.dimensions.front()), .svg = {}, .csv = {}};
    for (const auto& d : s.dimensions) out.csv += csv(d) + ",";
    out.csv += accepted ? "accepted\n" : "days\n";
    power::ratio most = 0;
    for (const auto v : cells)
        if (const auto value = shown(p.of[v], accepted)) most = std::max(most, *value);
    if (accepted) most = 1;
    const auto             w = (across - 60) / static_cast<std::int64_t>(std::max<std::size_t>(xs.size(), 1));
    const std::int64_t     h = 40;
    canvas                 c(cut(out.title, 90), top + 40 + h * static_cast<std::int64_t>(ys.size()) + 40);
    for (const auto v : cells) {
        const auto& at = s.variants[v].at;
        const auto  x = left + 60 + w * (std::find(xs.begin(), xs.end(), at.back()) - xs.begin());
        const auto  y = top + h * (std::find(ys.begin(), ys.end(), flat ? std::string() : at.front()) - ys.begin());
        const auto  value = shown(p.of[v], accepted);
        const auto  label = value ? power::to_decimal(*value, accepted ? 3 : 1) : std::string("-");
        for (const auto& part : at) out.csv += csv(part) + ",";
        out.csv += label + "\n";
        const auto depth = value && most > 0 ? static_cast<std::int64_t>(power::integer(numerator(power::ratio(*value * 55 / most)) / denominator(power::ratio(*value * 55 / most)))) : 0;
        c.box(x + 1, y + 1, w - 2, h - 2, "heat", s.variants[v].name + ": " + label, 5 + depth);
        c.text(x + w / 2, y + h / 2 + 5, label, "middle");
    }
    for (std::size_t i = 0; i < xs.size(); ++i) c.text(left + 60 + w * static_cast<std::int64_t>(i) + w / 2, top + h * static_cast<std::int64_t>(ys.size()) + 20, cut(xs[i], 14), "middle");
    for (std::size_t i = 0; i < ys.size(); ++i) c.text(left + 52, top + h * static_cast<std::int64_t>(i) + h / 2 + 5, cut(ys[i], 14), "end");
    c.text(left + 60 + (across - 60) / 2, top + h * static_cast<std::int64_t>(ys.size()) + 44, s.dimensions.back(), "middle");
    out.svg = c.done();
    return out;
}

}  // namespace

std::vector<picture> pictures(const study& s, const progress& p, const std::vector<told>& story) {
    std::vector<picture> all{of_times(s, p), of_survival(s, p), of_loads(s, p), of_story(s, story)};
    if (!s.dimensions.empty())
        for (const bool accepted : {true, false}) all.push_back(of_sweep(s, p, accepted));
    return all;
}

std::string html_report(const study& s, const progress& p, const std::vector<told>& story) {
    std::string out = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><meta name=\"color-scheme\" content=\"light dark\">"
                      "<title>Simulation of " + escaped(s.variants[0].process) + "</title><style>body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;background:#fff;color:#1a1a1a}"
                      "table{border-collapse:collapse;font-variant-numeric:tabular-nums}td,th{padding:.15rem .7rem;border-bottom:1px solid #ccc;text-align:left}td.n{text-align:right}figure{margin:1.5rem 0}"
                      ".u{opacity:.75;font-style:italic}@media (prefers-color-scheme:dark){body{background:#16181c;color:#e8e8e8}td,th{border-color:#3a3f46}}"
                      "@media print{body{background:#fff;color:#000;max-width:none}figure,table{break-inside:avoid}}</style>";
    out += "<h1>Simulation of " + escaped(s.variants[0].process) + "</h1><p>" + escaped(s.variants[0].rules.title()) +
           fmt::format(". {} of {} runs, seed {}. The same charter, roster, behaviour, seed and runs give these very bytes.</p>", p.runs_done(), p.runs, s.seed);
    for (const auto& each : pictures(s, p, story)) out += "<figure>" + each.svg + "<details><summary>Numbers</summary><pre>" + escaped(each.csv) + "</pre></details></figure>";
    for (std::size_t v = 0; v < s.variants.size(); ++v) {
        out += "<h2>" + escaped(s.variants[v].name) + "</h2><table><tr><th>Measure<th>Value<th>95% interval<th>";
        for (const auto& f : figures_of(s, p, v))
            out += "<tr><td>" + escaped(f.name) + "<td class=\"n\">" + f.value + " " + escaped(f.unit) + "<td class=\"n\">" + (f.low.empty() ? "" : f.low + " to " + f.high) + "<td class=\"u\">" + (f.stable ? "" : "not yet stable");
        out += "</table>";
    }
    out += "<h2>Assumed</h2><ul>";
    std::vector<std::string> said;
    for (const auto& v : s.variants)
        for (const auto& a : assumptions(v))
            if (std::find(said.begin(), said.end(), a) == said.end()) {
                said.push_back(a);
                out += "<li>" + escaped(a);
            }
    return out + "</ul></html>\n";
}

}  // namespace quorate::simulate
