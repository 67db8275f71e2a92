// The way to a finding, for people and as a scenario.
#include <algorithm>

#include "json_out.hpp"
#include "verify_report.hpp"

namespace quorate::verifying {
namespace {

std::string deed(const command& c) {
    std::string s(to_string(c.what));
    if (c.what == act::revise && !c.detail.empty()) s += " (" + c.detail + ")";
    else if (c.what == act::link) s += " " + c.subject + " (" + (c.names.empty() ? std::string() : c.names[0] + " ") + c.detail + ")";
    else if (!c.subject.empty()) s += " " + c.subject;
    if (c.what == act::cast && !c.detail.empty()) s += " (" + c.detail + ")";
    if (c.truth) s += *c.truth ? " = true" : " = false";
    if (c.amount) s += " = " + std::to_string(*c.amount);
    if (c.what != act::link && !c.names.empty()) {
        s += c.what == act::cast ? ": " : c.what == act::appoint ? ": " : " for ";
        for (std::size_t i = 0; i < c.names.size(); ++i) s += (i == 0 ? "" : ", ") + c.names[i];
    }
    s += c.by.empty() ? " (the host)" : " by " + c.by;
    if (!c.on_behalf_of.empty()) s += " for " + c.on_behalf_of;
    return s;
}

std::string moves_in(const step_output& out) {
    constexpr std::size_t most_told = 8;
    std::string           s;
    std::size_t           told = 0;
    for (const auto& e : out.events)
        if (e.kind == event_kind::moved && ++told <= most_told) s += " -> " + e.subject;
    return told > most_told ? s + " and so on" : s;
}

std::string moment(instant t) {
    auto s = to_string(t);
    if (s.ends_with("T00:00:00Z")) s.resize(10);
    return s;
}

}  // namespace

std::vector<std::string> told(const world& w, const std::vector<step>& way) {
    std::vector<std::string> lines;
    for (const auto& each : way) {
        const auto at = moment(each.after.now) + "  ";
        const auto then = moves_in(each.out);
        switch (each.m.what) {
            case move::kind::open: {
                std::string about;
                for (const auto& t : w.teams()) about += (about.empty() ? " about " : ", ") + t;
                lines.push_back(at + "opened by " + each.m.c.by + about + ": stage " + each.after.p.now().name);
                break;
            }
            case move::kind::command: lines.push_back(at + deed(each.m.c) + then); break;
            case move::kind::leave: lines.push_back(at + std::string(w.people().id(static_cast<person>(each.m.person))) + " leaves" + then); break;
            case move::kind::join: lines.push_back(at + std::string(w.people().id(static_cast<person>(each.m.person))) + " joins" + then); break;
            case move::kind::leave_team: {
                std::string who;
                for (std::size_t i = 0; i < w.size(); ++i)
                    if ((w.team_of(each.m) >> i & 1U) != 0) who += (who.empty() ? "" : ", ") + std::string(w.people().id(static_cast<person>(i)));
                lines.push_back(at + "a whole team leaves: " + who + then);
                break;
            }
            case move::kind::exchange: lines.push_back(at + "all members leave, and newcomers have their places" + then); break;
            case move::kind::crowd:
                lines.push_back(at + (each.after.crowded ? "others have every place, and get each one that becomes free" : "a place is free") + then);
                break;
            case move::kind::time:
                if (!then.empty()) lines.push_back(at + "time has passed" + then);
                break;
            default: break;
        }
    }
    return lines;
}

std::string scenario_of(const world& w, const std::vector<step>& way, std::string_view title) {
    const auto&         c = w.under().get();
    json_text::json_out out(2);
    out.object().field("title", title).field("cites", "found by quorate verify");
    out.key("charter").raw(c.text);
    if (!c.given.empty()) {
        out.key("parameters").object();
        for (const auto& [name, value] : c.given) out.field(name, value);
        out.end();
    }
    out.key("roster").raw(quorate::to_json(w.people()));
    const auto opening = [&](const world& of, const step& first, std::string_view name, std::string_view parent) {
        out.field("by", first.m.c.by);
        if (!name.empty()) out.field("name", name);
        if (!of.teams().empty()) out.strings("teams", of.teams());
        if (!parent.empty()) out.field("parent", parent);
        if (!first.m.c.subject.empty()) out.field("about", first.m.c.subject);
    };
    const auto* above = w.parent_world();
    const auto& steps_above = w.parent_story();
    out.field("process", above != nullptr ? above->by().name : w.by().name);
    const auto& first = above != nullptr ? steps_above.front() : way.front();
    out.key("given").object();
    opening(above != nullptr ? *above : w, first, above != nullptr ? "parent" : "", "");
    out.field("at", to_string(first.after.now)).end();
    out.key("steps").array();
    // One line each: keys of the command, or of the change, then where it leads.
    const auto ending = [&](const step& s, std::string_view name) {
        json_text::json_out end;
        end.object();
        if (!name.empty()) end.field("proposal", name);
        end.key("expect").object().field("stage", s.after.p.now().name).end().end();
        return std::move(end).str();
    };
    const auto joined = [&](std::string what, const std::string& then) {
        what.back() = ',';
        return what + then.substr(1);
    };
    const auto steps = [&](const world& of, const std::vector<step>& all, std::string_view name) {
        for (std::size_t i = 1; i < all.size(); ++i) {
            const auto& each = all[i];
            if (each.m.what == move::kind::wait) continue;
            if (each.m.what == move::kind::command) {
                out.raw(joined(to_json(each.m.c), ending(each, name)));
                continue;
            }
            const auto at = R"({"at":")" + to_string(each.after.now) + R"("})";
            for (const auto& e : of.events_of(each.m, all[i - 1].after.left)) {
                json_text::json_out change;
                change.object().key("roster").object().field("event", quorate::to_string(e.what));
                if (!e.who.empty()) change.field("who", e.who);
                change.field("team", e.team);
                if (!e.role.empty()) change.field("role", e.role);
                if (!e.seat.empty()) change.field("seat", e.seat);
                change.end().end();
                out.raw(joined(at, std::move(change).str()));
            }
            out.raw(joined(at, ending(each, name)));
        }
    };
    if (above != nullptr) {
        steps(*above, steps_above, "");
        out.object().field("at", to_string(way.front().after.now)).key("open").object().field("process", w.by().name);
        opening(w, way.front(), "child", "parent");
        out.end().end();
    }
    steps(w, way, above != nullptr ? "child" : "");
    out.end().end();
    return std::move(out).str() + "\n";
}

}  // namespace quorate::verifying
