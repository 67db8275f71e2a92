// Votes of a whole electorate, cast at once: what comes of each, which paradoxes there are, and how two charters differ.
#include <algorithm>
#include <numeric>

#include "json_out.hpp"

#include "verify_report.hpp"

namespace quorate {
namespace verifying {
namespace {

constexpr std::size_t most_votes_tried = 5'000;
constexpr std::size_t most_starts_tried = 3'000;

bool votes_here(const situation& s) {
    const auto& here = s.p.now();
    return !s.p.voters.empty() && is_open(here.in) && std::any_of(here.allow.begin(), here.allow.end(), [](const permission& a) { return a.what == act::cast && !a.for_another; });
}

/// Of a vote: for each voter silence, or a position.
using choices = std::vector<std::uint8_t>;

/// All votes, those with fewer ballots first.
std::vector<choices> all_votes(std::size_t voters, std::size_t positions) {
    std::vector<choices> all;
    choices              one(voters, 0);
    while (all.size() < most_votes_tried) {
        all.push_back(one);
        std::size_t i = 0;
        while (i < voters && one[i] == positions) one[i++] = 0;
        if (i == voters) break;
        ++one[i];
    }
    std::stable_sort(all.begin(), all.end(), [](const choices& a, const choices& b) {
        return std::count(a.begin(), a.end(), 0) > std::count(b.begin(), b.end(), 0);
    });
    return all;
}

/// Which positions are for it, and which against, by what they do.
struct attitudes {
    std::optional<std::uint8_t> approve{};
    std::vector<std::uint8_t>   decide{};  ///< `approve`, and what else leads to acceptance when all cast it
    std::vector<std::uint8_t>   oppose{};
};

class vote_table {
public:
    vote_table(const world& w, const ballot_start& start) : w_(w), start_(start), s_(start.way.back().after), positions_(w.by().positions.size()) {
        const auto all = all_votes(s_.p.voters.size(), positions_);
        for (const auto& c : all) {
            const auto run = vote(w_, s_, c, scratch_, false);
            accepted_[c] = run.accepted;
            if (run.cut) cut_.insert(c);
        }
        // Whose ballot is on record and decides nothing isn't for or against it.
        matters_.assign(s_.p.voters.size(), false);
        for (const auto& [c, yes] : accepted_)
            for (std::size_t i = 0; i < c.size(); ++i) {
                if (matters_[i] || c[i] == 0) continue;
                auto silent = c;
                silent[i] = 0;
                const auto without = accepted_.find(silent);
                matters_[i] = without != accepted_.end() && without->second != yes;
            }
        weigh();
    }

    void find(verify_report& r) {
        if (!by_.approve) return;
        // Who has a ballot without casting one, such as the proposer, isn't silent.
        const auto has = [&](std::size_t i) { return s_.p.voters[i].choice; };
        const auto p = *by_.approve;
        std::vector<choices> order;
        for (const auto& [c, yes] : accepted_)
            if (!cut_.contains(c)) order.push_back(c);
        std::stable_sort(order.begin(), order.end(), [](const choices& a, const choices& b) { return std::count(a.begin(), a.end(), 0) > std::count(b.begin(), b.end(), 0); });
        const auto name = [&](std::uint8_t choice) { return w_.by().positions[choice - 1U].name; };
        const auto voter = [&](std::size_t i) { return std::string(w_.people().id(s_.p.voters[i].who)); };
        for (const auto& c : order) {
            const bool some = std::any_of(c.begin(), c.end(), [](std::uint8_t x) { return x != 0; });
            auto whole_vote = c;
            for (std::size_t i = 0; i < c.size(); ++i)
                if (c[i] == 0) whole_vote[i] = has(i);
            const auto yes = weight_of(whole_vote, {p}), no = weight_of(whole_vote, by_.oppose);
            if (accepted_[c] && some && !without_vote_ && std::none_of(whole_vote.begin(), whole_vote.end(), [&](std::uint8_t x) { return decides(x); }))
                note(r, finding_kind::approved_by_none, c, "It is accepted without a single ballot of " + name(p) + ".", "Nobody has to want it.");
            if (accepted_[c] && yes == no && !(yes == number(0)) && !by_.oppose.empty()) note(r, finding_kind::tie_accepted, c, "It is accepted with as many for " + name(p) + " as for " + name(by_.oppose.front()) + (by_.oppose.size() > 1 ? " and the like." : "."), "With a tie the group has not decided for it.");
            for (std::size_t i = 0; i < c.size(); ++i) {
                if (whole_vote[i] != 0) continue;
                auto more = c;
                more[i] = p;
                const auto found = whole(more);
                if (accepted_[c] && found != accepted_.end() && !found->second)
                    note(r, finding_kind::approval_hurts, more, "With the ballot of " + voter(i) + " for " + name(p) + " it isn't accepted; were they silent, it would be.", "Who is for it does better to stay away.");
                for (std::uint8_t neither = 1; neither <= positions_; ++neither) {
                    if (decides(neither) || !w_.by().positions[neither - 1U].binding || std::find(by_.oppose.begin(), by_.oppose.end(), neither) != by_.oppose.end()) continue;
                    more[i] = neither;
                    const auto other = whole(more);
                    if (!accepted_[c] && other != accepted_.end() && other->second)
                        note(r, finding_kind::abstention_helps, more, "Were " + voter(i) + " silent, it would not be accepted; as they cast " + name(neither) + ", it is.", "Who doesn't want to decide decides: a few carry it on the silence of many.");
                }
                for (const auto against : by_.oppose) {
                    more[i] = against;
                    const auto other = whole(more);
                    if (!accepted_[c] && other != accepted_.end() && other->second)
                        note(r, finding_kind::opposition_helps, more, "Were " + voter(i) + " silent, it would not be accepted; as they cast " + name(against) + ", it is.", "Who is against it does better to stay away.");
                }
            }
        }
    }
    [[nodiscard]] const attitudes& by() const { return by_; }

private:
    /// What comes of a vote that all could cast.
    [[nodiscard]] std::map<choices, bool>::const_iterator whole(const choices& c) const { return cut_.contains(c) ? accepted_.end() : accepted_.find(c); }
    [[nodiscard]] bool decides(std::uint8_t p) const { return std::find(by_.decide.begin(), by_.decide.end(), p) != by_.decide.end(); }
    [[nodiscard]] number weight_of(const choices& c, const std::vector<std::uint8_t>& which) const {
        number sum = 0;
        for (std::size_t i = 0; i < c.size(); ++i)
            if (matters_[i] && std::find(which.begin(), which.end(), c[i]) != which.end()) sum = *add(sum, i < s_.p.weights.size() ? s_.p.weights[i] : number(1));
        return sum;
    }
    /// Of the positions that get it accepted when all cast them the one that has the name of what is proposed is for it, or else the first; of the others
    /// those with which the fewest votes are accepted are against it.
    void weigh() {
        const auto n = s_.p.voters.size();
        without_vote_ = accepted_[choices(n, 0)];
        const auto& names = w_.by().dispositions;
        const auto  name = [&](std::uint8_t p) { return std::string_view(w_.by().positions[p - 1U].name); };
        const auto  asks_for_another = [&](std::uint8_t p) { return name(p) != start_.disposition && std::find(names.begin(), names.end(), name(p)) != names.end(); };
        for (std::uint8_t p = 1; p <= positions_; ++p) {
            const auto all = accepted_.find(choices(n, p));
            if (!w_.by().positions[p - 1U].binding || all == accepted_.end() || !all->second) continue;
            if (!by_.approve || name(p) == start_.disposition) by_.approve = p;
        }
        if (!by_.approve) return;
        for (std::uint8_t p = 1; p <= positions_; ++p) {
            const auto all = accepted_.find(choices(n, p));
            const bool carries = all != accepted_.end() && all->second;
            if (p == by_.approve || (carries && (asks_for_another(p) || (!without_vote_ && as_good_as_approval(p))))) by_.decide.push_back(p);
        }
        std::vector<std::size_t> with(positions_ + 1, 0);
        for (const auto& [c, yes] : accepted_)
            for (std::uint8_t p = 1; p <= positions_; ++p)
                if (yes && std::find(c.begin(), c.end(), p) != c.end()) ++with[p];
        std::optional<std::uint8_t> least, most;
        for (std::uint8_t p = 1; p <= positions_; ++p) {
            if (decides(p) || !w_.by().positions[p - 1U].binding) continue;
            if (!least || with[p] < with[*least]) least = p;
            if (!most || with[p] > with[*most]) most = p;
        }
        for (std::uint8_t p = 1; p <= positions_ && least; ++p)
            if (!decides(p) && w_.by().positions[p - 1U].binding && (p == least || with[p] < with[*most])) by_.oppose.push_back(p);
    }
    /// Whether what carries when all cast it carries against one dissenter as well as approval does: so does an opinion that is asked for. Not so an
    /// abstention that makes the base smaller.
    [[nodiscard]] bool as_good_as_approval(std::uint8_t p) const {
        const auto n = s_.p.voters.size();
        const auto accepted = [&](std::uint8_t most, std::uint8_t last) {
            choices c(n, most);
            c.back() = last;
            const auto found = accepted_.find(c);
            return found != accepted_.end() && found->second;
        };
        if (!w_.by().positions[p - 1U].in_base) return false;
        for (std::uint8_t other = 1; other <= positions_; ++other)
            if (!accepted(other, other) && accepted(p, other) != accepted(*by_.approve, other)) return false;
        return true;
    }
    void note(verify_report& r, finding_kind kind, const choices& c, std::string what, std::string why) {
        const auto id = std::string(to_string(kind)) + ": " + s_.p.now().name;
        const auto known = std::find_if(r.findings.begin(), r.findings.end(), [&](const finding& f) { return f.id == id; });
        if (known != r.findings.end()) return;
        auto way = start_.way;
        auto run = vote(w_, s_, c, scratch_, true);
        way.insert(way.end(), std::make_move_iterator(run.way.begin()), std::make_move_iterator(run.way.end()));
        auto f = finding_of(w_, id, kind, std::move(what), way);
        f.why = std::move(why);
        r.findings.push_back(std::move(f));
    }

    const world&            w_;
    const ballot_start&     start_;
    const situation&        s_;
    std::size_t             positions_;
    std::map<choices, bool> accepted_;
    std::set<choices>       cut_;
    std::vector<bool>       matters_;  ///< by voter: some vote depends on their ballot
    attitudes               by_;
    bool                    without_vote_ = false;
    evidence_of             scratch_;
};

/// Ballots about options aren't gone through here, nor votes of too many.
bool countable(const world& w, const situation& s) {
    double size = 1;
    for (std::size_t i = 0; i < s.p.voters.size(); ++i) size *= static_cast<double>(w.by().positions.size() + 1);
    return size <= static_cast<double>(most_votes_tried) && w.by().ballots.split == ballot_rule::splitting::none &&
           std::none_of(w.by().positions.begin(), w.by().positions.end(), [](const position& p) { return p.says != marks::none; });
}

}  // namespace

vote_run vote(const world& w, const situation& start, const std::vector<std::uint8_t>& cast, evidence_of& scratch, bool keep_way) {
    vote_run    run;
    situation   s = start;
    step_output out;
    const auto  voters = start.p.voters;  // the electorate may change as they vote
    const auto  step_made = [&](const move& m) {
        for (const auto& e : out.events)
            if (e.kind == event_kind::moved && decided_for(w.by().stages[*w.by().stage_named(e.subject)].in)) run.accepted = true;
        if (keep_way) run.way.push_back({m, s, std::move(out)});
        out = {};
    };
    for (std::size_t i = 0; i < voters.size(); ++i) {
        if (cast[i] == 0) continue;
        const auto& position = w.by().positions[cast[i] - 1U];
        move m;
        m.what = move::kind::command;
        m.c = {.what = act::cast, .by = std::string(w.people().id(voters[i].who)), .subject = position.name, .text = position.needs_reason ? "because" : "", .at = s.now};
        const auto before = s;
        if (w.take(s, m, out, scratch) == tried::done) step_made(m);
        else s = before, out = {}, run.cut = true;
    }
    constexpr int most_instants = 2'000;
    for (int i = 0; i < most_instants && s.p.due && is_open(s.p.in()); ++i) {
        move m;
        m.what = move::kind::time;
        m.at = *s.p.due;
        if (w.take(s, m, out, scratch) != tried::done) break;
        const bool moved = std::any_of(out.events.begin(), out.events.end(), [](const event& e) { return e.kind == event_kind::moved; });
        if (moved) step_made(m);
        else out = {};
    }
    run.rests = s.p.stage;
    return run;
}

std::vector<ballot_start> starts_of_votes(const world& w) {
    std::vector<ballot_start> found;
    std::string               because;
    evidence_of               scratch;
    struct place {
        situation     s{};
        std::size_t   before = 0;
        step          made{};
    };
    std::vector<place>                                      all;
    std::set<std::pair<key128, std::uint32_t>>              seen;
    std::set<std::uint32_t>                                 served;
    const auto disposition = [](const situation& s) { return s.p.disposition ? *s.p.disposition + 1U : 0U; };
    for (auto& o : w.openings(because)) {
        seen.insert({w.key_of(o.after), disposition(o.after)});
        auto at = o.after;
        all.push_back({std::move(at), all.size(), std::move(o)});
    }
    std::vector<move> moves;
    const auto most = std::min(most_starts_tried, w.bounds().states);
    for (std::size_t i = 0; i < all.size() && all.size() < most; ++i) {
        const auto d = disposition(all[i].s);
        if (votes_here(all[i].s) && served.insert(d).second) {
            ballot_start start;
            if (d != 0) start.disposition = w.by().dispositions[d - 1U];
            for (auto at = i;; at = all[at].before) {
                start.way.insert(start.way.begin(), all[at].made);
                if (all[at].before == at) break;
            }
            found.push_back(std::move(start));
        }
        if (votes_here(all[i].s) || !is_open(all[i].s.p.in())) continue;
        w.moves_of(all[i].s, moves, scratch);
        for (const auto& m : moves) {
            if (m.what >= move::kind::leave || (m.what == move::kind::command && (m.c.what == act::cast || m.c.what == act::raise || m.c.what == act::recuse))) continue;
            step next{m, all[i].s, {}};
            if (w.take(next.after, m, next.out, scratch) != tried::done || !seen.insert({w.key_of(next.after), disposition(next.after)}).second) continue;
            auto at = next.after;
            all.push_back({std::move(at), i, std::move(next)});
        }
    }
    return found;
}

void findings_of_votes(const world& w, verify_report& r) {
    const auto starts = starts_of_votes(w);
    bool       any = false;
    if (starts.empty()) r.not_covered.emplace_back("paradoxes of votes: no stage to vote in was found before anybody votes");
    for (const auto& start : starts) {
        if (!countable(w, start.way.back().after)) {
            r.not_covered.emplace_back("paradoxes of votes about options, in parts or by so many");
            return;
        }
        vote_table table(w, start);
        any = any || table.by().approve;
        table.find(r);
    }
    if (!starts.empty() && !any) r.not_covered.emplace_back("paradoxes of votes: no vote alone gets it accepted");
}

}  // namespace verifying

std::size_t charter_comparison::now_pass() const {
    return static_cast<std::size_t>(std::count_if(changed.begin(), changed.end(), [](const changed_vote& v) { return v.accepted_after && !v.accepted_before; }));
}
std::size_t charter_comparison::now_fail() const {
    return static_cast<std::size_t>(std::count_if(changed.begin(), changed.end(), [](const changed_vote& v) { return !v.accepted_after && v.accepted_before; }));
}

namespace {

using namespace verifying;

/// Numbers of ballots by position, every way to give at most `left` of them.
void profiles(std::size_t positions, std::size_t left, std::vector<std::size_t>& one, std::vector<std::vector<std::size_t>>& all) {
    if (all.size() > most_compared_votes) return;
    if (one.size() == positions) {
        all.push_back(one);
        return;
    }
    for (std::size_t n = 0; n <= left; ++n) {
        one.push_back(n);
        profiles(positions, left - n, one, all);
        one.pop_back();
    }
}

struct side {
    std::shared_ptr<world>    w{};
    std::vector<ballot_start> starts{};
};
result<side> side_of(const charter& c, std::string_view process, std::size_t members) {
    const auto* p = c.find(process);
    if (p == nullptr) return make_error(errc::not_found, "there is no process \"" + std::string(process) + "\"", c.title());
    const auto people = people_for(c, process, members);
    if (!people) return people.error();
    verify_bounds bounds;
    bounds.leavers = 0;
    auto w = world_of(c, *p, people.value(), bounds);
    if (!w) return w.error();
    side s{std::move(w.value()), {}};
    s.starts = starts_of_votes(*s.w);
    return s;
}

}  // namespace

result<charter_comparison> compare(const charter& before, const charter& after, std::string_view process, std::size_t members) {
    charter_comparison r{.process = std::string(process), .members = std::min(members, most_compared_members)};
    evidence_of        scratch;
    for (std::size_t n = 1; n <= r.members; ++n) {
        const auto a = side_of(before, process, n), b = side_of(after, process, n);
        if (!a) return a.error();
        if (!b) return b.error();
        const auto& names = a.value().w->by().positions;
        std::vector<std::vector<std::size_t>> all;
        std::vector<std::size_t>              one;
        profiles(names.size(), n, one, all);
        if (all.size() > most_compared_votes) return make_error(errc::limit, "there are more than " + std::to_string(most_compared_votes) + " votes to compare", {}, "compare smaller groups");
        std::stable_sort(all.begin(), all.end(), [](const auto& x, const auto& y) { return std::accumulate(x.begin(), x.end(), std::size_t{0}) < std::accumulate(y.begin(), y.end(), std::size_t{0}); });
        for (const auto& start : a.value().starts) {
            const auto other = std::find_if(b.value().starts.begin(), b.value().starts.end(), [&](const ballot_start& s) { return s.disposition == start.disposition; });
            if (other == b.value().starts.end()) {
                r.skipped += all.size();
                continue;
            }
            for (const auto& counts : all) {
                // Who casts what is said on top of what the charter cast for whoever proposed: those ballots stand.
                const auto run_of = [&](const side& s, const ballot_start& from) -> std::optional<vote_run> {
                    const auto& p = from.way.back().after.p;
                    std::vector<std::uint8_t> cast(p.voters.size(), 0);
                    std::vector<std::size_t>  left = counts;
                    for (const auto& v : p.voters)
                        if (v.choice != 0) {
                            const auto at = names.empty() ? names.end() : std::find_if(names.begin(), names.end(), [&](const position& x) { return x.name == s.w->by().positions[v.choice - 1U].name; });
                            const auto i = static_cast<std::size_t>(at - names.begin());
                            if (i >= left.size() || left[i] == 0) return std::nullopt;
                            --left[i];
                        }
                    std::size_t next = 0;
                    for (std::size_t i = 0; i < left.size(); ++i) {
                        const auto position = s.w->by().position_named(names[i].name);
                        for (; left[i] > 0; --left[i]) {
                            while (next < cast.size() && p.voters[next].choice != 0) ++next;
                            if (!position || next == cast.size()) return std::nullopt;
                            cast[next++] = static_cast<std::uint8_t>(*position + 1);
                        }
                    }
                    return vote(*s.w, from.way.back().after, cast, scratch, false);
                };
                const auto x = run_of(a.value(), start), y = run_of(b.value(), *other);
                if (!x || !y) {
                    ++r.skipped;
                    continue;
                }
                if (++r.votes > most_compared_votes) return make_error(errc::limit, "there are more than " + std::to_string(most_compared_votes) + " votes to compare", {}, "compare smaller groups");
                const auto& rest_x = a.value().w->by().stages[x->rests].name;
                const auto& rest_y = b.value().w->by().stages[y->rests].name;
                if (rest_x == rest_y && x->accepted == y->accepted) continue;
                changed_vote v{.before = rest_x, .after = rest_y, .accepted_before = x->accepted, .accepted_after = y->accepted};
                v.vote.members = n;
                v.vote.disposition = start.disposition;
                for (std::size_t i = 0; i < counts.size(); ++i)
                    if (counts[i] != 0) v.vote.cast.emplace_back(names[i].name, counts[i]);
                r.changed.push_back(std::move(v));
            }
        }
    }
    return r;
}

std::string to_string(const charter_comparison& c) {
    std::string s = c.process + ": " + std::to_string(c.votes) + " votes of groups of 1 to " + std::to_string(c.members) + " compared; " + std::to_string(c.now_pass()) + " are accepted now that weren't, " +
                    std::to_string(c.now_fail()) + " that were are not; " + std::to_string(c.changed.size()) + " come out otherwise" +
                    (c.skipped == 0 ? "" : "; " + std::to_string(c.skipped) + " could not be compared") + "\n";
    for (const auto& v : c.changed) {
        s += "  of " + std::to_string(v.vote.members);
        if (!v.vote.disposition.empty()) s += ", to " + v.vote.disposition;
        s += ": ";
        for (const auto& [name, n] : v.vote.cast) s += std::to_string(n) + " " + name + " ";
        if (v.vote.cast.empty()) s += "nobody votes ";
        s += "-> " + v.after + ", before " + v.before + "\n";
    }
    return s;
}

std::string to_json(const charter_comparison& c) {
    json_text::json_out out;
    out.object().field("process", c.process).field("members", c.members).field("votes", c.votes).field("skipped", c.skipped).field("now_pass", c.now_pass()).field("now_fail", c.now_fail());
    out.key("changed").array();
    for (const auto& v : c.changed) {
        out.object().field("members", v.vote.members).field("disposition", v.vote.disposition).key("cast").object();
        for (const auto& [name, n] : v.vote.cast) out.field(name, n);
        out.end().field("before", v.before).field("after", v.after).field("accepted_before", v.accepted_before).field("accepted_after", v.accepted_after).end();
    }
    out.end().end();
    return std::move(out).str();
}

}  // namespace quorate
