// Reports of verify, for people and programs.
#include <algorithm>
#include <ostream>

#include <quorate/verify.hpp>

#include "json_out.hpp"

namespace quorate {
namespace {

std::string joined(const std::vector<std::string>& all, std::string_view with = ", ") {
    std::string s;
    for (const auto& each : all) s += (s.empty() ? "" : std::string(with)) + each;
    return s;
}
std::string people(const std::optional<std::vector<std::string>>& all) {
    if (!all) return "nobody";
    return std::to_string(all->size()) + (all->empty() ? std::string() : " (" + joined(*all) + ")");
}

}  // namespace

std::string to_string(const finding& f) {
    std::string s = f.id + "\n  " + f.what + "\n";
    if (!f.why.empty()) s += "  " + f.why + "\n";
    for (const auto& line : f.story) s += "    " + line + "\n";
    return s;
}

std::string to_string(const verify_report& r) {
    std::string s = r.title + " (" + r.process + "): " + std::to_string(r.states) + " situations, " + std::to_string(r.steps) + " steps tried, " + std::to_string(r.depth) + " deep\n";
    if (r.complete()) s += "Covered: everything that can happen within these bounds\n";
    else s += (r.stopped ? "Stopped" : "Not all was covered") + std::string(": ") + std::to_string(r.waiting) + " situations were found and not gone on from\n";
    if (!r.people.empty()) s += "People: " + joined(r.people, "; ") + "\n";
    if (!r.bounds.empty()) s += "Bounds: " + joined(r.bounds, "; ") + "\n";
    if (!r.not_covered.empty()) s += "Not covered: " + joined(r.not_covered, "; ") + "\n";
    if (r.power.known) {
        s += "To get it accepted while all others are silent it takes " + people(r.power.accept_unopposed) + "; whatever the others do, " + people(r.power.force_acceptance) + "\n";
        s += "To get it ended otherwise, whatever the others do, it takes " + people(r.power.force_rejection) + "; to keep it from acceptance for ever, " + people(r.power.block) + "\n";
        if (!r.power.indispensable.empty()) s += "Without them nothing is ever accepted: " + joined(r.power.indispensable) + "\n";
    }
    for (const auto& f : r.findings) {
        const bool known = std::find(r.known.begin(), r.known.end(), f.id) != r.known.end();
        s += "\n" + std::string(known ? "known finding: " : "finding: ") + to_string(f);
    }
    for (const auto& id : r.missing()) s += "\nnot found, though the charter lists it as known: " + id + "\n";
    return s;
}

std::ostream& operator<<(std::ostream& out, const verify_report& r) { return out << to_string(r); }

std::string to_json(const verify_report& r) {
    json_text::json_out out;
    out.object().field("process", r.process).field("title", r.title);
    out.field("states", r.states).field("steps", r.steps).field("depth", r.depth).field("waiting", r.waiting).field("stopped", r.stopped).field("complete", r.complete()).field("members", r.members);
    out.strings("people", r.people).strings("bounds", r.bounds).strings("not_covered", r.not_covered);
    if (r.power.known) {
        out.key("power").object();
        const auto group = [&](std::string_view key, const std::optional<std::vector<std::string>>& all) {
            if (all) out.strings(key, *all);
            else out.key(key).null();
        };
        group("accept_unopposed", r.power.accept_unopposed);
        group("force_acceptance", r.power.force_acceptance);
        group("force_rejection", r.power.force_rejection);
        group("block", r.power.block);
        out.strings("indispensable", r.power.indispensable).end();
    }
    out.key("findings").array();
    for (const auto& f : r.findings) {
        out.object().field("id", f.id).field("kind", to_string(f.kind)).field("what", f.what).field("why", f.why);
        out.field("known", std::find(r.known.begin(), r.known.end(), f.id) != r.known.end());
        out.strings("story", f.story).end();
    }
    out.end().strings("unknown", r.unknown()).strings("missing", r.missing()).end();
    return std::move(out).str();
}

}  // namespace quorate
