// Goes through all situations, breadth first, level by level. Several threads go on from the situations of a level; what they find
// is put together in the order of situations and moves, so that nothing depends on their number.
#include <algorithm>

#include "in_parallel.hpp"
#include "verifying.hpp"

namespace quorate::verifying {
namespace {

constexpr std::size_t block_size = 4096;       ///< situations between two looks at bounds
constexpr std::size_t bytes_of_waiting = 3000; ///< about, of a situation that is held ready

/// Which situation has a key, if any. Open addressing over the graph's own list of keys.
class key_table {
public:
    /// The situation with this key, or `next` for a new one, which is then known under that number.
    std::uint32_t find_or_add(const key128& k, const std::vector<key128>& keys, std::uint32_t next) {
        if ((used_ + 1) * 2 > slots_.size()) grow(keys);
        auto i = k.a & (slots_.size() - 1);
        for (; slots_[i] != empty; i = (i + 1) & (slots_.size() - 1))
            if (keys[slots_[i]] == k) return slots_[i];
        slots_[i] = next;
        ++used_;
        return next;
    }
    [[nodiscard]] std::uint32_t find(const key128& k, const std::vector<key128>& keys) const {
        if (slots_.empty()) return empty;
        for (auto i = k.a & (slots_.size() - 1); slots_[i] != empty; i = (i + 1) & (slots_.size() - 1))
            if (keys[slots_[i]] == k) return slots_[i];
        return empty;
    }
    static constexpr std::uint32_t empty = 0xffffffff;

private:
    void grow(const std::vector<key128>& keys) {
        const auto size = std::max<std::size_t>(slots_.size() * 2, 1024);
        const auto before = std::exchange(slots_, std::vector<std::uint32_t>(size, empty));
        for (const auto s : before) {
            if (s == empty) continue;
            auto i = keys[s].a & (size - 1);
            while (slots_[i] != empty) i = (i + 1) & (size - 1);
            slots_[i] = s;
        }
    }
    std::vector<std::uint32_t> slots_;
    std::size_t                used_ = 0;
};

struct arrival {
    key128        key{};
    std::uint16_t move = 0;
    std::uint8_t  actor = 0, what = 0;
};

std::uint8_t kind_of(const move& m, bool was_crowded) {
    switch (m.what) {
        case move::kind::wait: return edge::wait;
        case move::kind::time: return edge::time;
        case move::kind::leave: return edge::leave;
        case move::kind::leave_team: return edge::leave_team;
        case move::kind::join: return edge::join;
        case move::kind::exchange: return edge::exchange;
        case move::kind::crowd: return was_crowded ? edge::room : edge::crowd;
        default: return static_cast<std::uint8_t>(m.c.what);
    }
}

struct worker {
    watcher           watch;
    evidence_of       scratch{};
    std::vector<move> moves{};
    situation         trial{};
    step_output       out{};
    std::size_t       steps = 0;

    worker(const world& w, bool thorough) : watch(w, thorough) {}
};

class explorer {
public:
    explorer(const world& w, const verify_options& how, bool watch, std::optional<std::uint16_t> goal)
        : w_(w), how_(how), watch_(watch), goal_(goal), g_(w.by()) {
        for (std::size_t i = 0; i < std::clamp<std::size_t>(how.threads, 1, most_verified_threads); ++i) workers_.push_back(std::make_unique<worker>(w, watch));
    }

    graph operator()() {
        g_.roots = w_.openings(g_.no_opening);
        for (const auto& root : g_.roots) {
            const auto& s = root.after;
            const auto  i = static_cast<std::uint32_t>(g_.size());
            if (table_.find_or_add(w_.key_of(s), g_.keys, i) != i) continue;
            add(w_.key_of(s), i, static_cast<std::uint16_t>(&root - g_.roots.data()), s);
            level_.push_back(s);
            if (!watch_) continue;
            workers_[0]->watch.opening_seen(root);
            workers_[0]->watch.situation_seen(s, i, workers_[0]->scratch);
        }
        g_.first_edge.push_back(0);
        while (!level_.empty() && !g_.stopped) {
            if (!one_level()) break;
            ++g_.depth;
        }
        for (const auto& each : workers_) {
            g_.found.merge(each->watch.found);
            g_.steps += each->steps;
        }
        return std::move(g_);
    }

private:
    void add(const key128& k, std::uint32_t before, std::uint16_t by, const situation& s) {
        g_.keys.push_back(k);
        g_.before.push_back(before);
        g_.by.push_back(by);
        mark(s);
    }
    void mark(const situation& s) {
        g_.stage.push_back(s.p.stage);
        std::uint8_t m = 0;
        if (s.p.due && *s.p.due <= s.now) m |= graph::brink;
        if (w_.all_new(s.left)) m |= graph::all_new;
        else if (w_.team_left(s.left)) m |= graph::team_left;
        else if (s.left != 0) m |= graph::somebody_left;
        if (s.crowded) m |= graph::crowded;
        g_.marks.push_back(m);
    }
    [[nodiscard]] bool room(std::size_t next) const {
        if (g_.size() >= how_.bounds.states) return false;
        const auto bytes = g_.size() * (sizeof(key128) + 20U) + g_.edges.size() * sizeof(edge) + (level_.size() + next) * bytes_of_waiting;
        return bytes < how_.bounds.memory;
    }

    /// Goes on from every situation of the level; false when the bounds or somebody ended it.
    bool one_level() {
        const auto             base = static_cast<std::uint32_t>(g_.expanded());
        std::vector<situation> next;
        for (std::size_t from = 0; from < level_.size(); from += block_size) {
            const auto to = std::min(level_.size(), from + block_size);
            if (how_.stop != nullptr && how_.stop->load()) g_.stopped = true;
            if (g_.stopped) return false;
            arrivals_.assign(to - from, {});
            with_workers(to - from, [&](worker& by, std::size_t i) { go_on(by, level_[from + i], base + static_cast<std::uint32_t>(from + i), arrivals_[i]); });
            const auto known = g_.size();
            std::vector<std::pair<std::uint32_t, std::uint16_t>> fresh;  // in the level, by which move
            for (std::size_t i = 0; i < to - from; ++i) gather(base, from + i, next.size(), fresh);
            const auto at = next.size();
            next.resize(at + fresh.size());
            with_workers(fresh.size(), [&](worker& by, std::size_t i) { make(by, fresh, i, next[at + i], static_cast<std::uint32_t>(known + i)); });
            for (std::size_t i = 0; i < fresh.size(); ++i) mark(next[at + i]);
            report(level_.size() - to + next.size());
            if (goal_ && std::any_of(g_.stage.begin() + static_cast<std::ptrdiff_t>(known), g_.stage.end(), [&](std::uint16_t s) { return s == *goal_; })) return false;
        }
        level_ = std::move(next);
        return true;
    }

    void go_on(worker& by, const situation& s, std::uint32_t state, std::vector<arrival>& to) {
        w_.moves_of(s, by.moves, by.scratch);
        by.trial = s;
        const auto version = s.p.version;
        for (std::size_t i = 0; i < by.moves.size(); ++i) {
            const auto& m = by.moves[i];
            by.out.events.clear();
            by.out.effects.clear();
            const auto index = static_cast<std::uint16_t>(i);
            const auto got = w_.take(by.trial, m, by.out, by.scratch);
            ++by.steps;
            if (got == tried::done) {
                to.push_back({w_.key_of(by.trial), index, m.actor, kind_of(m, s.crowded)});
                if (watch_) by.watch.move_seen(s, m, by.trial, by.out, state, index, by.scratch);
            } else if (got == tried::circle && watch_) {
                by.watch.circle_seen(s, state, index);
            }
            if (got != tried::refused || by.trial.p.version != version) by.trial = s;
        }
    }
    void gather(std::uint32_t base, std::size_t i, std::size_t made, std::vector<std::pair<std::uint32_t, std::uint16_t>>& fresh) {
        const auto state = base + static_cast<std::uint32_t>(i);
        for (const auto& a : arrivals_[i % block_size]) {
            const auto next = static_cast<std::uint32_t>(g_.size());
            auto       to = table_.find(a.key, g_.keys);
            if (to == key_table::empty) {
                if (room(made + fresh.size())) {
                    to = table_.find_or_add(a.key, g_.keys, next);
                    g_.keys.push_back(a.key);
                    g_.before.push_back(state);
                    g_.by.push_back(a.move);
                    fresh.emplace_back(static_cast<std::uint32_t>(i), a.move);
                } else {
                    to = edge::unknown;
                    g_.marks[state] |= graph::cut;
                }
            }
            g_.edges.push_back({to, a.move, a.actor, a.what});
        }
        g_.first_edge.push_back(g_.edges.size());
    }
    /// The new situation, from the one before it.
    void make(worker& by, const std::vector<std::pair<std::uint32_t, std::uint16_t>>& fresh, std::size_t i, situation& to, std::uint32_t state) {
        const auto& [from, index] = fresh[i];
        w_.moves_of(level_[from], by.moves, by.scratch);
        by.out.events.clear();
        by.out.effects.clear();
        to = level_[from];
        (void)w_.take(to, by.moves[index], by.out, by.scratch);
        if (watch_) by.watch.situation_seen(to, state, by.scratch);
    }

    template <class Do>
    void with_workers(std::size_t n, Do what) {
        in_parallel(workers_.size(), n, [&](std::size_t worker, std::size_t i) { what(*workers_[worker], i); });
    }
    void report(std::size_t waiting) {
        if (!how_.progress) return;
        std::size_t steps = 0;
        for (const auto& w : workers_) steps += w->steps;
        how_.progress({g_.size(), steps, g_.depth, waiting});
    }

    const world&                         w_;
    const verify_options&                how_;
    bool                                 watch_;
    std::optional<std::uint16_t>         goal_;
    graph                                g_;
    key_table                            table_;
    std::vector<situation>               level_;
    std::vector<std::vector<arrival>>    arrivals_;
    std::vector<std::unique_ptr<worker>> workers_;
};

}  // namespace

std::size_t graph::waiting() const {
    std::size_t n = size() - expanded();
    for (std::size_t i = 0; i < expanded(); ++i) n += (marks[i] & cut) != 0 ? 1U : 0U;
    return n;
}

graph explore(const world& w, const verify_options& how, bool watch, std::optional<std::uint16_t> goal) { return explorer(w, how, watch, goal)(); }

std::vector<step> way_to(const world& w, const graph& g, std::uint32_t state, std::uint16_t last) {
    std::vector<std::uint16_t> moves;
    if (last != sighting::no_move) moves.push_back(last);
    while (g.before[state] != state) {
        moves.push_back(g.by[state]);
        state = g.before[state];
    }
    std::vector<step> way;
    const auto&       root = g.roots[g.by[state]];
    way.push_back(root);
    evidence_of       scratch;
    std::vector<move> all;
    for (auto i = moves.rbegin(); i != moves.rend(); ++i) {
        w.moves_of(way.back().after, all, scratch);
        step next{all[*i], way.back().after, {}};
        (void)w.take(next.after, next.m, next.out, scratch);
        way.push_back(std::move(next));
    }
    return way;
}

}  // namespace quorate::verifying
