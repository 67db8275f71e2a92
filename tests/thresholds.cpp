// The thresholds of every shipped charter, in every situation of small electorates: what accepts and what rejects never hold together.
#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <quorate/charter.hpp>

#include "effort.hpp"
#include "golden.hpp"

using namespace quorate;

namespace {

/// What a stage can do with a proposal at one moment, by its exits' rules.
enum class verdict_of { acceptance, rejection };

bool leads_to(const process& p, const stage_exit& x, verdict_of what) {
    const auto all = x.targets();
    return std::any_of(all.begin(), all.end(), [&](std::uint16_t to) {
        const auto in = p.stages[to].in;
        return what == verdict_of::acceptance ? in == phase::accepted : in == phase::rejected;
    });
}
bool has_rule(const stage_exit& x) { return !x.when.empty() || !x.condition.empty(); }
bool met(const rule& r, const evidence& e) { return r.empty() || read_now(r.view(), e) == truth::met; }
/// Whether the exit's rules hold, whatever time or act it also waits for.
bool holds(const stage_exit& x, const evidence& e) {
    const bool when = x.by == trigger::unless ? !met(x.when, e) : met(x.when, e);
    return when && met(x.condition, e);
}
/// "on" exits are taken by an act, so that only exits for the same act can meet.
bool can_meet(const stage_exit& a, const stage_exit& b) {
    if (a.by != trigger::on && b.by != trigger::on) return true;
    return a.by == b.by && std::any_of(a.acts.begin(), a.acts.end(), [&](const act_pattern& one) {
        return std::find(b.acts.begin(), b.acts.end(), one) != b.acts.end();
    });
}

/// Names of facts that some rule asks for.
void note_facts(const rule& r, std::set<std::string>& names) {
    for (const auto& n : r.nodes)
        if (n.what == op::fact) names.insert(std::string(r.view().name(n)));
}

/// All situations of a process with up to `most` members, of two kinds: those in every set that rules count in, of one affiliation and with
/// a double weight, and those in none. Everything that isn't a ballot is nothing, a little, or very much.
class situations {
public:
    explicit situations(const process& p) : p_(p) {
        e_.positions = p.positions.size();
        e_.rules = p.rule_views;
        e_.revisable = p.ballots.revisable;
        e_.teams = 1;
        for (std::size_t i = 0; i < p.positions.size(); ++i) {
            if (!p.positions[i].in_cast) e_.in_cast &= ~(1U << i);
            if (!p.positions[i].in_base) e_.in_base &= ~(1U << i);
        }
        std::set<std::string> names;
        for (const auto& r : p.rules) note_facts(r.value, names);
        for (const auto& s : p.stages)
            for (const auto& x : s.exits) {
                note_facts(x.when, names);
                note_facts(x.condition, names);
            }
        fact_names_.assign(names.begin(), names.end());
        classes_[0] = {.sets = ~std::uint64_t{0}, .elements = 1, .affiliation = 1, .weight = p.electorate.weight.empty() ? 1 : 2};
        classes_[1] = {.sets = 0, .elements = 1, .affiliation = 2};
    }

    template <class Visit>
    void each(std::uint32_t most, Visit visit) {
        const bool alike = p_.counted_sets.empty() && p_.electorate.weight.empty() && !p_.by_affiliation;
        for (std::uint32_t first = 0; first <= most; ++first)
            for (std::uint32_t second = 0; second <= (alike ? 0 : most - first); ++second) {
                if (first + second == 0) continue;
                spread(0, 0, first, [&] { spread(1, 0, second, [&] { around(first + second, visit); }); });
            }
    }

private:
    /// Puts n members of a class into the places from `place` on, in every way.
    template <class Then>
    void spread(std::size_t c, std::size_t place, std::uint32_t n, Then then) {
        auto& counts = classes_[c].counts;
        if (place == e_.positions) {
            counts[place] = n;
            then();
            return;
        }
        for (std::uint32_t here = 0; here <= n; ++here) {
            counts[place] = here;
            spread(c, place + 1, n - here, then);
        }
    }
    template <class Visit>
    void around(std::uint32_t size, Visit visit) {
        e_.classes = classes_;
        for (const std::int64_t much : {0, 1, 1'000}) {
            e_.tallies.fill(much);
            std::vector<fact_value> facts;
            const auto              all = std::int64_t{2} * size;  // such as all that there is to vote with
            for (const auto& name : fact_names_) facts.push_back({.name = name, .truth = much != 0, .amount = number(much == 0 ? 0 : all), .reported = {true, true, duration{}}});
            e_.facts = facts;
            for (const auto elapsed : {duration{}, longest_duration}) {
                e_.clocks.fill({true, true, elapsed});
                e_.since.fill({true, true, elapsed});
                visit(static_cast<const evidence&>(e_));
            }
        }
    }

    const process&           p_;
    evidence                 e_;
    std::vector<std::string> fact_names_;
    member_class             classes_[2];
};

/// Pairs of exits whose rules can hold together, so that their order decides; as the originals have it.
struct ordered_pair {
    std::string_view stage;  ///< "charter/process/stage"
    std::string_view why;    ///< what the source does first
};
constexpr ordered_pair in_order[]{
    {"cosmos-gov/standard/voting", "x/gov tally.go looks at bonded tokens, spam, quorum and veto before the threshold"},
    {"cosmos-gov/expedited/voting", "the same; what fails is converted, and rejected only for its quorum, veto or spam"},
    {"cosmos-gov/multiple_choice/voting", "the same, in AtomOne's fork"},
    {"gitvote/vote_as_asked/open", "at the end what doesn't pass is rejected if there was a quorum"},
    {"liquidfeedback/issue/voting", "the check after the voting time finds a winner, or else none"},
    {"loomio/proposal/open", "what was closed with a quorum and not carried is declined"},
    {"loomio/hidden_proposal/open", "the same"},
    {"loomio/consent/open", "the same"},
    {"rust/champion/championed", "one champion decides: the ballot that comes first is the only one"},
    {"rust/libs_acp/open", "the first member of libs-api who answers decides"},
    {"rust/libs_membership/check", "the first lead who checks decides"},
    {"rust/libs_overrule/asked", "RFC 3984 overrules a non-holder's concern only, which is looked at first"},
};

}  // namespace

TEST_CASE("thresholds: in no shipped charter do acceptance and rejection hold together, but where the source says which comes first" * in_release) {
    std::uint64_t         pairs = 0, accepting = 0, rejecting = 0;
    std::set<std::string> overlaps;
    for (const auto& name : golden::shipped_charters()) {
        const auto c = load_charter_file(fmt::format("{}/examples/charters/{}.json", QUORATE_SOURCE_DIR, name)).value();
        for (const auto& p : c.get().processes) {
            situations all(p);
            for (const auto& s : p.stages)
                for (const auto& a : s.exits)
                    for (const auto& r : s.exits) {
                        if (!has_rule(a) || !has_rule(r) || !leads_to(p, a, verdict_of::acceptance) || !leads_to(p, r, verdict_of::rejection) || !can_meet(a, r)) continue;
                        ++pairs;
                        bool both = false;
                        all.each(p.positions.size() > 4 ? 3 : 5, [&](const evidence& e) {
                            const bool yes = holds(a, e), no = holds(r, e);
                            accepting += yes ? 1 : 0;
                            rejecting += no ? 1 : 0;
                            both = both || (yes && no);
                        });
                        if (both) overlaps.insert(fmt::format("{}/{}/{}", name, p.name, s.name));
                    }
        }
    }
    MESSAGE(pairs << " pairs; " << accepting << " acceptances and " << rejecting << " rejections looked at");
    CHECK(pairs > 20);
    CHECK(accepting > 1'000);
    CHECK(rejecting > 1'000);
    std::set<std::string> known;
    for (const auto& o : in_order) known.insert(std::string(o.stage));
    for (const auto& o : overlaps) CHECK_MESSAGE(known.contains(o), o << ": an acceptance and a rejection hold together");
    for (const auto& k : known) CHECK_MESSAGE(overlaps.contains(k), k << ": nothing overlaps there any more");
}
