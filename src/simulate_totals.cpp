// What is kept of runs: integers that are added up, and how they are written down and read back.
#include <algorithm>
#include <bit>
#include <charconv>

#include <quorate/simulate.hpp>

#include "sha256.hpp"

namespace quorate::simulate {

// ---- durations, counted ---------------------------------------------------------------------------------------------------------------
std::size_t histogram::bucket(duration d) {
    constexpr std::uint64_t each = std::uint64_t{1} << steps;
    const auto              v = static_cast<std::uint64_t>(std::max<std::int64_t>(d.count(), 0)) / 1000;
    if (v < each) return static_cast<std::size_t>(v);
    const auto doubling = static_cast<unsigned>(std::bit_width(v)) - 1 - steps;
    return static_cast<std::size_t>((doubling + 1) * each + (v >> doubling) - each);
}
duration histogram::least_of(std::size_t bucket) {
    constexpr std::size_t each = std::size_t{1} << steps;
    if (bucket < each) return std::chrono::milliseconds(bucket);
    const auto doubling = bucket / each - 1;
    return std::chrono::milliseconds((bucket % each + each) << doubling);
}
void histogram::add(duration d) {
    const auto b = bucket(d);
    if (counts.size() <= b) counts.resize(b + 1);
    ++counts[b];
    ++n;
    sum += d.count();
}
void histogram::add(const histogram& other) {
    if (counts.size() < other.counts.size()) counts.resize(other.counts.size());
    for (std::size_t i = 0; i < other.counts.size(); ++i) counts[i] += other.counts[i];
    n += other.n;
    sum += other.sum;
}
std::optional<duration> histogram::quantile(const number& part) const {
    if (n == 0) return std::nullopt;
    const auto rank = floor(multiply(part, number(static_cast<std::int64_t>(n)))).to_int64().value_or(0);
    auto       below = std::clamp<std::uint64_t>(static_cast<std::uint64_t>(std::max<std::int64_t>(rank, 0)), 0, n - 1);
    for (std::size_t b = 0; b < counts.size(); ++b) {
        if (counts[b] > below) {
            // Evenly within the step.
            const auto from = least_of(b), to = least_of(b + 1);
            return from + (to - from) * static_cast<std::int64_t>(below) / static_cast<std::int64_t>(counts[b]);
        }
        below -= counts[b];
    }
    return std::nullopt;
}

namespace {

template <class List>
void add_each(List& to, const List& from) {
    if (to.size() < from.size()) to.resize(from.size());
    for (std::size_t i = 0; i < from.size(); ++i) to[i].add(from[i]);
}

}  // namespace

void totals::add(const totals& o) {
    runs += o.runs, stopped += o.stopped, proposals += o.proposals, acts += o.acts, refused += o.refused;
    unread_quorum += o.unread_quorum, open += o.open, captured += o.captured, newcomer_acts += o.newcomer_acts;
    for (std::size_t i = 0; i < outcomes.size(); ++i) outcomes[i] += o.outcomes[i];
    for (std::size_t i = 0; i < waited.size(); ++i) waited[i] += o.waited[i];
    accepted.add(o.accepted), decided.add(o.decided), no_quorum.add(o.no_quorum), captures.add(o.captures);
    act_count.add(o.act_count), seconds.add(o.seconds), more_accepted.add(o.more_accepted), more_seconds.add(o.more_seconds);
    until_decided.add(o.until_decided);
    add_each(stays, o.stays);
    if (members.size() < o.members.size()) members.resize(o.members.size());
    for (std::size_t i = 0; i < o.members.size(); ++i) {
        members[i].acts.add(o.members[i].acts);
        members[i].yes += o.members[i].yes, members[i].yes_accepted += o.members[i].yes_accepted;
        members[i].other += o.members[i].other, members[i].other_accepted += o.members[i].other_accepted;
    }
    if (teams.size() < o.teams.size()) teams.resize(o.teams.size());
    for (std::size_t i = 0; i < o.teams.size(); ++i) teams[i].accepted.add(o.teams[i].accepted), teams[i].seconds.add(o.teams[i].seconds);
}

// ---- writing and reading: one list of fields for both ------------------------------------------------------------------------------------
namespace {

constexpr std::string_view first_line = "quorate simulation 1";
constexpr std::size_t      most_listed = 1U << 20U;  ///< of any list that is read

std::string digits(wide v) {
    if (v == 0) return "0";
    const bool  negative = v < 0;
    std::string out;
    auto        m = quorate::detail::magnitude(v);
    for (; m != 0; m /= 10) out += static_cast<char>('0' + static_cast<int>(m % 10));
    if (negative) out += '-';
    std::reverse(out.begin(), out.end());
    return out;
}

struct writer {
    std::string out{};
    void        field(wide v) { (out += digits(v)) += ' '; }
    void        field(std::uint64_t v) { (out += std::to_string(v)) += ' '; }
    template <class List>
    std::size_t size(const List& list) {
        field(std::uint64_t{list.size()});
        return list.size();
    }
    void line() {
        out.back() = '\n';
    }
};

struct text_reader {
    std::string_view rest;
    bool             fine = true;

    std::string_view word() {
        const auto end = std::min(rest.find_first_of(" \n"), rest.size());
        const auto w = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        return w;
    }
    void field(wide& v) {
        auto       w = word();
        const bool negative = w.starts_with('-');
        if (negative) w.remove_prefix(1);
        v = 0;
        fine = fine && !w.empty() && w.size() < 39;
        for (const char c : w) {
            fine = fine && c >= '0' && c <= '9';
            if (fine) v = v * 10 + (c - '0');
        }
        if (negative) v = -v;
    }
    void field(std::uint64_t& v) {
        const auto w = word();
        const auto [to, fault] = std::from_chars(w.data(), w.data() + w.size(), v);
        fine = fine && fault == std::errc{} && to == w.data() + w.size();
    }
    template <class List>
    std::size_t size(List& list) {
        std::uint64_t n = 0;
        field(n);
        fine = fine && n <= most_listed && n <= rest.size();
        if (fine) list.resize(static_cast<std::size_t>(n));
        return fine ? static_cast<std::size_t>(n) : 0;
    }
    void line() {}
};

template <class Archive, class Sums>
void ratio_fields(Archive& a, Sums& r) {
    a.field(r.s), a.field(r.n), a.field(r.ss), a.field(r.sn), a.field(r.nn);
}

/// Counts as pairs of how many are empty, and the next one.
void histogram_fields(writer& w, const histogram& h) {
    w.field(h.n), w.field(h.sum);
    std::uint64_t some = 0;
    for (const auto c : h.counts) some += c != 0 ? 1 : 0;
    w.field(std::uint64_t{h.counts.size()}), w.field(some);
    for (std::size_t i = 0; i < h.counts.size(); ++i)
        if (h.counts[i] != 0) w.field(std::uint64_t{i}), w.field(h.counts[i]);
}
void histogram_fields(text_reader& r, histogram& h) {
    std::uint64_t some = 0, at = 0;
    r.field(h.n), r.field(h.sum);
    std::uint64_t size = 0;
    r.field(size), r.field(some);
    r.fine = r.fine && size <= 64U * 64U && some <= size;
    if (!r.fine) return;
    h.counts.assign(static_cast<std::size_t>(size), 0);
    for (std::uint64_t i = 0; i < some && r.fine; ++i) {
        r.field(at);
        r.fine = r.fine && at < size;
        if (r.fine) r.field(h.counts[static_cast<std::size_t>(at)]);
    }
}

template <class Archive, class Totals>
void fields(Archive& a, Totals& t) {
    a.field(t.runs), a.field(t.stopped), a.field(t.proposals), a.field(t.acts), a.field(t.refused), a.field(t.unread_quorum), a.field(t.open);
    a.field(t.captured), a.field(t.newcomer_acts);
    for (auto& n : t.outcomes) a.field(n);
    for (auto& n : t.waited) a.field(n);
    a.line();
    for (auto* r : {&t.accepted, &t.decided, &t.no_quorum, &t.captures, &t.act_count, &t.seconds, &t.more_accepted, &t.more_seconds}) ratio_fields(a, *r);
    a.line();
    histogram_fields(a, t.until_decided);
    a.line();
    const auto stays = a.size(t.stays);
    for (std::size_t i = 0; i < stays; ++i) histogram_fields(a, t.stays[i]);
    a.line();
    const auto members = a.size(t.members);
    for (std::size_t i = 0; i < members; ++i) {
        auto& m = t.members[i];
        ratio_fields(a, m.acts);
        a.field(m.yes), a.field(m.yes_accepted), a.field(m.other), a.field(m.other_accepted);
    }
    a.line();
    const auto teams = a.size(t.teams);
    for (std::size_t i = 0; i < teams; ++i) ratio_fields(a, t.teams[i].accepted), ratio_fields(a, t.teams[i].seconds);
    a.line();
}

std::string hash_of(std::string_view text) { return to_hex(sha256().update(text).finish()); }

}  // namespace

std::uint64_t progress::runs_done() const {
    std::uint64_t n = 0;
    for (std::size_t b = 0; b < blocks.size(); ++b)
        if (blocks[b]) n += std::min(block_size, runs - b * block_size);
    return n;
}
bool progress::complete() const { return std::all_of(blocks.begin(), blocks.end(), [](bool b) { return b; }); }

std::string to_text(const progress& p) {
    writer w;
    w.out.append(first_line).append("\n").append(p.identity).append("\n");
    w.field(p.seed), w.field(p.runs), w.field(std::uint64_t{p.blocks.size()}), w.field(std::uint64_t{p.of.size()});
    w.line();
    for (const bool b : p.blocks) w.out += b ? '1' : '0';
    w.out += '\n';
    for (const auto& t : p.of) fields(w, t);
    const auto hash = hash_of(w.out);
    w.out += hash;
    w.out += '\n';
    return std::move(w.out);
}

result<progress> parse_progress(std::string_view text, std::string_view name) {
    const auto damaged = [&](std::string what) { return make_error(errc::damaged, std::move(what), std::string(name), "it must be a file that quorate simulate wrote"); };
    constexpr std::size_t hash_line = 65;
    if (!text.starts_with(first_line) || text.size() < hash_line + first_line.size() + 1) return damaged("this is no progress of a simulation");
    const auto body = text.substr(0, text.size() - hash_line);
    if (std::string(text.substr(body.size())) != hash_of(body) + "\n") return damaged("the hash at the end doesn't fit: it was cut or changed");
    text_reader   r{body.substr(first_line.size() + 1)};
    progress      p;
    std::uint64_t blocks = 0, variants = 0;
    p.identity = r.word();
    r.field(p.seed), r.field(p.runs), r.field(blocks), r.field(variants);
    if (!r.fine || p.runs > most_runs || blocks != (p.runs + block_size - 1) / block_size || variants == 0 || variants > most_variants)
        return damaged("its first lines are no study's");
    for (const char c : r.word()) p.blocks.push_back(c == '1');
    if (p.blocks.size() != blocks) return damaged("its blocks don't fit its runs");
    p.of.resize(static_cast<std::size_t>(variants));
    for (auto& t : p.of) fields(r, t);
    if (!r.fine || !r.rest.empty()) return damaged("it holds other numbers than a progress does");
    return p;
}

result<void> merge(progress& into, const progress& other) {
    if (into.identity != other.identity || into.seed != other.seed || into.runs != other.runs || into.of.size() != other.of.size())
        return make_error(errc::conflict, "these are parts of different studies", "merge", "charter, roster, behaviour, seed and runs must be the same");
    for (std::size_t b = 0; b < into.blocks.size(); ++b)
        if (into.blocks[b] && other.blocks[b]) return make_error(errc::conflict, "both have runs from " + std::to_string(b * block_size) + " on", "merge", "merge each shard once");
    for (std::size_t b = 0; b < into.blocks.size(); ++b) into.blocks[b] = into.blocks[b] || other.blocks[b];
    for (std::size_t v = 0; v < into.of.size(); ++v) into.of[v].add(other.of[v]);
    return {};
}

}  // namespace quorate::simulate
