// Lists of decisions, and of people.
#include <algorithm>
#include <map>

#include "page_parts.hpp"
#include "speech.hpp"
#include "xml_text.hpp"

namespace bot {
namespace {

using quorate::xml;

/// Repositories and processes to choose from: those of which there is something to see.
std::string filters(const visit& v, const std::vector<std::string>& ids) {
    std::map<std::string, std::string> processes;
    for (const auto& id : ids) {
        const auto& by = *v.engine.get(id)->by;
        processes.emplace(by.name, by.title);
    }
    const auto& repositories = v.setup.pages->repositories;
    if (repositories.size() < 2 && processes.size() < 2 && v.process.empty()) return {};
    const auto option = [](std::string_view value, std::string_view words, bool chosen) {
        return "<option value=\"" + xml(value) + "\"" + (chosen ? " selected" : "") + ">" + xml(words) + "</option>";
    };
    std::string s = "<form method=\"get\" action=\"" + v.path +
                    "\" role=\"search\" aria-label=\"Filter\"><label>Repository <select name=\"repository\">" +
                    option("", "All", v.repository.empty());
    for (const auto& r : repositories) s += option(r, r, r == v.repository);
    s += "</select></label><label>Process <select name=\"process\">" + option("", "All", v.process.empty());
    for (const auto& [name, title] : processes) s += option(name, title, name == v.process);
    return s + "</select></label><button>Show</button></form>\n";
}

std::string name_cell(const quorate::proposal& p) {
    return link(address_of(p), said(name_of(p))) + "<span class=\"meta\"><span>" + said(p.subject) + "</span><span>" +
           xml(p.by->title) + "</span></span>";
}
std::string stage_cell(const exhibit& x) {
    return badge(x.e.in, x.e.stage_title) +
           (x.e.disposition.empty() ? "" : "<span class=\"meta\">asked for: " + xml(x.e.disposition) + "</span>");
}
std::string next_cell(const visit& v, const exhibit& x) {
    if (!x.e.next) return "<span class=\"faint whole\">no date</span>";
    return moment(v, *x.e.next, true) +
           (x.e.next_stage.empty() ? "" : "<span class=\"meta\">then: " + xml(stage_words(*x.p->by, x.e.next_stage)) + "</span>");
}

/// What one person could do about it.
std::string wanted_of(const exhibit& x, std::string_view handle, quorate::person who) {
    std::vector<std::string> all;
    const auto               is = [&](const std::string& named) { return handle_in(named) == handle; };
    if (std::any_of(x.e.outstanding.begin(), x.e.outstanding.end(), is)) all.emplace_back("a ballot");
    for (const auto& c : x.p->concerns)
        if (c.state == quorate::concern_state::open && c.raiser == who)
            all.push_back("the concern " + said(c.name) + " to be resolved");
    for (const auto& h : x.p->holds)
        if (h.who == who) all.emplace_back("a hold to be released");
    if (all.empty())
        for (const auto& exit : x.e.exits)
            for (const auto& c : exit.conditions)
                if (exit.by != quorate::trigger::on && c.is != quorate::truth::met &&
                    std::any_of(c.people.begin(), c.people.end(), is) &&
                    std::find(all.begin(), all.end(), in_code(c.text)) == all.end())
                    all.push_back(in_code(c.text));
    std::string s;
    for (const auto& one : all) s += (s.empty() ? "" : "; ") + one;
    return s;
}

std::string too_many(std::size_t there) {
    return there <= most_open_read ? ""
                                   : "<p>Only the " + std::to_string(most_open_read) +
                                         " decisions opened last are looked at here, of " + std::to_string(there) + ".</p>\n";
}

}  // namespace

bool names(const exhibit& x, quorate::person who, const quorate::roster& people) {
    const auto& p = *x.p;
    if (p.author == who || (p.proposed && p.proposer == who) ||
        std::binary_search(p.participants.begin(), p.participants.end(), who))
        return true;
    if (std::any_of(p.voters.begin(), p.voters.end(), [&](const quorate::voter& v) { return v.who == who; })) return true;
    return std::find(x.waits.begin(), x.waits.end(), people.handle(who)) != x.waits.end();
}

instant decided_at(const visit& v, const quorate::proposal& p) {
    auto       at = p.entered;
    const auto history = v.engine.history(p.id, quorate::viewer::anyone());
    if (!history) return at;
    bool open = true;
    for (const auto& e : history.value()) {
        if (e.kind != quorate::event_kind::moved) continue;
        const auto stage = p.by->stage_named(e.subject);
        const bool now_open = stage && quorate::is_open(p.by->stages[*stage].in);
        if (open && !now_open) at = e.at;
        open = now_open;
    }
    return at;
}

std::optional<document> open_page(const visit& v) {
    const auto all = v.exhibits();
    const auto part = part_of(v, all.size(), rows_on_page);
    if (!part) return std::nullopt;
    std::string s = "<h1>Open decisions</h1>\n" + filters(v, visit{v.engine, v.setup, v.now, {}, v.repository}.open());
    if (all.empty()) return document{{}, s + "<p class=\"empty\">Nothing is open here.</p>\n"};
    s += "<p class=\"meta\">" + std::to_string(all.size()) + " open; what time alone moves first comes first.</p>\n" +
         too_many(v.open().size());
    table t("Open decisions", {"Decision", "Stage", "Waits for", "Next date"}, true);
    for (auto i = part->first; i < part->second; ++i)
        t.row({name_cell(*all[i].p), stage_cell(all[i]),
               all[i].waits.empty() ? "<span class=\"faint\">nobody</span>" : people_list(v, all[i].waits, most_people_named),
               next_cell(v, all[i])});
    return document{"Open decisions", s + t.done() + turning(v, all.size(), rows_on_page)};
}

std::optional<document> closed_page(const visit& v) {
    auto       ids = v.closed();
    const auto part = part_of(v, ids.size(), rows_on_page);
    if (!part) return std::nullopt;
    std::string s = "<h1>Closed decisions</h1>\n" + filters(v, visit{v.engine, v.setup, v.now, {}, v.repository}.closed());
    if (ids.empty()) return document{"Closed decisions", s + "<p class=\"empty\">Nothing is closed here yet.</p>\n"};
    std::reverse(ids.begin(), ids.end());
    std::stable_sort(ids.begin(), ids.end(),
                     [&](const auto& a, const auto& b) { return v.engine.get(a)->entered > v.engine.get(b)->entered; });
    table t("Closed decisions", {"Decision", "Outcome", "Decided", "Took"}, true);
    for (auto i = part->first; i < part->second; ++i) {
        const auto& p = *v.engine.get(ids[i]);
        const auto  at = decided_at(v, p);
        t.row({name_cell(p), badge(p.in(), stage_words(*p.by, p.now().name)), moment(v, at),
               "<span class=\"whole\">" + about(at - p.opened) + "</span>"});
    }
    return document{"Closed decisions", s + "<p class=\"meta\">" + std::to_string(ids.size()) +
                                            " closed; the latest first.</p>\n" + t.done() + turning(v, ids.size(), rows_on_page)};
}

std::optional<document> waiting_page(const visit& v) {
    struct queue {
        std::string            handle{};
        std::size_t            count = 0;
        std::optional<instant> next{};
    };
    std::vector<queue> all;
    for (const auto& x : v.exhibits())
        for (const auto& handle : x.waits) {
            auto own = std::find_if(all.begin(), all.end(), [&](const queue& q) { return q.handle == handle; });
            if (own == all.end()) own = all.insert(all.end(), queue{handle});
            ++own->count;
            if (x.e.next && (!own->next || *x.e.next < *own->next)) own->next = x.e.next;
        }
    std::sort(all.begin(), all.end(),
              [](const queue& a, const queue& b) { return a.count != b.count ? a.count > b.count : a.handle < b.handle; });
    const auto part = part_of(v, all.size(), rows_on_page);
    if (!part) return std::nullopt;
    std::string s = "<h1>Whom decisions wait for</h1>\n" + filters(v, visit{v.engine, v.setup, v.now, {}, v.repository}.open());
    if (all.empty()) return document{"Waiting for", s + "<p class=\"empty\">No open decision waits for anybody.</p>\n"};
    table t("Whom open decisions wait for", {"Member", "Decisions", "Next date of one of them"});
    for (auto i = part->first; i < part->second; ++i)
        t.row({somebody(v, all[i].handle), std::to_string(all[i].count),
               all[i].next ? moment(v, *all[i].next, true) : "<span class=\"faint whole\">no date</span>"});
    return document{"Waiting for",
                    s + "<p class=\"meta\">Those who can change a condition that keeps a decision from going on.</p>\n" +
                        t.done() + turning(v, all.size(), rows_on_page)};
}

std::optional<document> person_page(const visit& v, const std::string& id) {
    const auto& people = v.engine.people();
    const auto  who = people.find_person(id);
    if (!who || people.id(*who) != id || people.is_guest(*who)) return std::nullopt;
    const auto           handle = std::string(people.handle(*who));
    std::vector<exhibit> waiting;
    bool                 known = false;
    for (auto& x : v.exhibits()) {
        known = known || names(x, *who, people);
        if (std::find(x.waits.begin(), x.waits.end(), handle) != x.waits.end()) waiting.push_back(std::move(x));
    }
    const auto closed = known ? std::vector<std::string>{} : v.closed();
    known = known || std::any_of(closed.begin(), closed.end(),
                                 [&](const auto& each) { return names({.p = v.engine.get(each)}, *who, people); });
    const auto part = part_of(v, waiting.size(), rows_on_page);
    if (!known || !part) return std::nullopt;
    std::string s = "<h1>What waits for " + said(handle) + "</h1>\n<p class=\"meta\"><span>account " + xml(id) + "</span><span>" +
                    link("/deadlines.ics?person=" + in_address(id), "calendar of these") + "</span></p>\n";
    if (waiting.empty()) return document{handle, s + "<p class=\"empty\">Nothing that everyone may see waits for them.</p>\n"};
    table t("What waits for " + handle, {"Decision", "Stage", "What is wanted", "Next date"}, true);
    for (auto i = part->first; i < part->second; ++i)
        t.row({name_cell(*waiting[i].p), stage_cell(waiting[i]), wanted_of(waiting[i], handle, *who), next_cell(v, waiting[i])});
    return document{handle, s + t.done() + turning(v, waiting.size(), rows_on_page)};
}

}  // namespace bot
