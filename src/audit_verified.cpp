// What explorations say to an audit.
#include <algorithm>
#include <functional>

#include <quorate/audit.hpp>
#include <quorate/verify.hpp>

#include "audit_view.hpp"

namespace quorate {
namespace {

using against = std::function<std::vector<std::string>(const verify_report&)>;

std::string bounds_of(const verify_report& r) { return std::to_string(r.members) + (r.members == 1 ? " member" : " members") + " in each group"; }

/// Findings of some kinds, as evidence.
against findings_of(std::vector<finding_kind> kinds) {
    return [kinds = std::move(kinds)](const verify_report& r) {
        std::vector<std::string> all;
        for (const auto& f : r.findings) {
            if (std::find(kinds.begin(), kinds.end(), f.kind) == kinds.end()) continue;
            const bool known = std::find(r.known.begin(), r.known.end(), f.id) != r.known.end();
            all.push_back(r.process + ": " + f.id + " after " + std::to_string(f.steps) + (f.steps == 1 ? " step" : " steps") + (known ? ", which the charter calls known" : ""));
        }
        return all;
    };
}

class gathering {
public:
    gathering(const charter& c, std::span<const verify_report> runs) : c_(c), runs_(runs) { made_.charter = c.hash(); }

    /// `counts`: of which runs can tell. It isn't so if one of them speaks against it, and is if all processes have one, and none does.
    void fact(audit_fact::kind what, const std::function<bool(const verify_report&)>& counts, const against& speaks) {
        std::vector<std::string> wrong, how;
        std::size_t              states = 0, covered = 0;
        for (const auto& p : c_.processes()) {
            bool whole = false;
            for (const auto& r : runs_) {
                if (r.process != p.name || !counts(r)) continue;
                const auto said = speaks(r);
                wrong.insert(wrong.end(), said.begin(), said.end());
                states += r.states;
                whole = whole || (r.complete() && r.states != 0);
                if (const auto b = bounds_of(r); std::find(how.begin(), how.end(), b) == how.end()) how.push_back(b);
            }
            covered += whole ? 1U : 0U;
        }
        if (!wrong.empty()) made_.facts.push_back({.what = what, .holds = false, .source = "verify: " + listed(wrong)});
        else if (covered == c_.processes().size() && covered != 0)
            made_.facts.push_back({.what = what, .holds = true, .source = "verify: " + std::to_string(covered) + (covered == 1 ? " process, " : " processes, ") +
                                   std::to_string(states) + " situations, with " + listed(how)});
    }
    [[nodiscard]] audit_evidence done() && { return std::move(made_); }

private:
    const charter&                 c_;
    std::span<const verify_report> runs_;
    audit_evidence                 made_{};
};

}  // namespace

audit_evidence facts_of(const charter& c, std::span<const verify_report> runs) {
    gathering  all(c, runs);
    const auto any = [](const verify_report&) { return true; };
    using kind = audit_fact::kind;
    all.fact(kind::members_may_leave, [](const verify_report& r) { return r.within.leavers != 0; }, findings_of({finding_kind::stuck_leaver}));
    all.fact(kind::teams_may_leave, [](const verify_report& r) { return r.within.teams; }, findings_of({finding_kind::stuck_team}));
    all.fact(kind::members_may_change, [](const verify_report& r) { return r.within.exchange; }, findings_of({finding_kind::stuck_exchange}));
    all.fact(kind::decisions_can_end, any, findings_of({finding_kind::cannot_end, finding_kind::stuck}));
    all.fact(kind::nobody_indispensable, [](const verify_report& r) { return r.power.known; }, [](const verify_report& r) {
        std::vector<std::string> who;
        if (!r.power.indispensable.empty()) who.push_back(r.process + ": without " + listed(r.power.indispensable) + " nothing is ever accepted");
        return who;
    });
    const bool promised = std::any_of(c.processes().begin(), c.processes().end(), [](const process& p) { return p.notice.has_value(); });
    if (promised) all.fact(kind::notice_given, any, findings_of({finding_kind::short_notice, finding_kind::early_rejection}));
    return std::move(all).done();
}

}  // namespace quorate
