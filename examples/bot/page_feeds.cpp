// For feed readers and calendars.
#include <algorithm>

#include "page_parts.hpp"
#include "speech.hpp"
#include "xml_text.hpp"

namespace bot {
namespace {

using quorate::xml;

std::string host_of(const visit& v) {
    const auto& url = v.setup.pages->url;
    return url.substr(url.find("//") + 2);
}

// ---- RFC 4287 -----------------------------------------------------------------------------------------------------------------
std::string entry_of(const visit& v, const exhibit& x) {
    const auto  address = xml(v.setup.pages->url + address_of(*x.p));
    const auto  entered = quorate::to_string(x.p->entered);
    std::string s = "<entry>\n<id>" + address + "#" + xml(in_address(x.e.stage)) + "-" + xml(in_address(entered)) +
                    "</id>\n";  // another one for each stage that it comes to
    s += "<title>" + xml(x.e.stage_title) + ": " + xml(name_of(*x.p)) + "</title>\n<updated>" + entered +
         "</updated>\n<published>" + entered + "</published>\n";
    s += "<link rel=\"alternate\" type=\"text/html\" href=\"" + address + "\"/>\n<category term=\"" + xml(x.e.process) +
         "\" label=\"" + xml(x.e.process_title) + "\"/>\n";
    std::string words = x.p->subject + ", " + x.e.process_title + ": ";
    words += quorate::is_open(x.e.in) ? x.e.stage_title + " since " + entered + (x.e.summary.empty() ? "" : "; " + x.e.summary)
                                      : std::string(to_string(x.e.in)) + " on " + entered;
    return s + "<summary type=\"text\">" + xml(words) + ".</summary>\n</entry>\n";
}

// ---- RFC 5545 -----------------------------------------------------------------------------------------------------------------
/// A line, folded so that none has more than 75 octets, never inside a character.
std::string content_line(std::string_view name, std::string_view value) {
    constexpr std::size_t most = 75;
    std::string           out, line = std::string(name) + ":";
    std::string_view      rest = value;
    while (!rest.empty()) {
        std::size_t n = 1;
        while (n < rest.size() && (static_cast<unsigned char>(rest[n]) & 0xC0U) == 0x80U) ++n;
        if (line.size() + n > most) {
            out += line + "\r\n";
            line = " ";
        }
        line += rest.substr(0, n);
        rest.remove_prefix(n);
    }
    return out + line + "\r\n";
}
/// A value of type TEXT.
std::string calendar_text(std::string_view s) {
    std::string out;
    for (const char c : quorate::plain_text::clean(s)) {
        if (c == '\\' || c == ';' || c == ',') out += '\\';
        out += c;
    }
    return out;
}
/// "20260320T090000Z"
std::string calendar_time(instant t) {
    auto s = quorate::to_string(t).substr(0, 19) + "Z";
    std::erase_if(s, [](char c) { return c == '-' || c == ':'; });
    return s;
}

std::string calendar_event(const visit& v, const exhibit& x) {
    const auto then = x.e.next_stage.empty() ? std::string("it may go on") : std::string(stage_words(*x.p->by, x.e.next_stage));
    auto       s = content_line("BEGIN", "VEVENT");
    s += content_line("UID", in_address(x.p->id) + "-" + in_address(x.e.stage) + "@" + host_of(v));
    s += content_line("DTSTAMP", calendar_time(x.p->last));  // without METHOD: when what it says was last changed
    s += content_line("SEQUENCE", std::to_string(x.p->version));
    s += content_line("DTSTART", calendar_time(*x.e.next));
    s += content_line("SUMMARY", calendar_text(then + ": " + std::string(name_of(*x.p))));
    s += content_line("DESCRIPTION", calendar_text(x.p->subject + ", " + x.e.process_title + ", now in " + x.e.stage_title +
                                                   (x.e.summary.empty() ? "" : ": " + x.e.summary)));
    s += content_line("URL", v.setup.pages->url + address_of(*x.p));
    s += content_line("CATEGORIES", calendar_text(x.e.process_title));
    s += content_line("TRANSP", "TRANSPARENT");
    return s + content_line("END", "VEVENT");
}

}  // namespace

std::string atom_feed(const visit& v) {
    auto ids = v.open();
    for (auto& id : v.closed()) ids.push_back(std::move(id));
    std::stable_sort(ids.begin(), ids.end(),
                     [&](const auto& a, const auto& b) { return v.engine.get(a)->entered > v.engine.get(b)->entered; });
    if (ids.size() > most_feed_entries) ids.resize(most_feed_entries);
    const auto& setup = *v.setup.pages;
    const auto  query = query_of({v.engine, v.setup, v.now, {}, v.repository, v.process, {}});
    const auto  updated = ids.empty() ? quorate::earliest_instant : v.engine.get(ids.front())->entered;
    std::string s =
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"en\">\n<title>" +
        xml(setup.title) + "</title>\n<id>" + xml(setup.url + "/decisions.atom" + query) + "</id>\n<updated>" +
        quorate::to_string(updated) + "</updated>\n<author><name>" + xml(setup.title) +
        "</name></author>\n<link rel=\"self\" type=\"application/atom+xml\" href=\"" +
        xml(setup.url + "/decisions.atom" + query) + "\"/>\n<link rel=\"alternate\" type=\"text/html\" href=\"" +
        xml(setup.url + "/" + query) + "\"/>\n<generator>quorate-bot</generator>\n";
    for (const auto& id : ids)
        if (const auto x = v.look(id)) s += entry_of(v, *x);
    return s + "</feed>\n";
}

std::string calendar(const visit& v) {
    const auto title = calendar_text(v.setup.pages->title);
    auto       s = content_line("BEGIN", "VCALENDAR") + content_line("VERSION", "2.0");
    s += content_line("PRODID", "-//quorate//quorate-bot//EN") + content_line("CALSCALE", "GREGORIAN");
    s += content_line("NAME", title) + content_line("X-WR-CALNAME", title) + content_line("REFRESH-INTERVAL;VALUE=DURATION", "PT1H");
    std::string handle;
    if (!v.person.empty()) {
        const auto who = v.engine.people().find_person(v.person);
        if (who && v.engine.people().id(*who) == v.person) handle = v.engine.people().handle(*who);
    }
    bool some = false;
    for (const auto& x : v.exhibits()) {
        const bool theirs = !handle.empty() && std::find(x.waits.begin(), x.waits.end(), handle) != x.waits.end();
        if (!x.e.next || (!v.person.empty() && !theirs)) continue;
        s += calendar_event(v, x);
        some = true;
    }
    // A calendar has at least one component: this one says nothing.
    if (!some)
        for (const auto& [name, value] : {std::pair{"BEGIN", "VTIMEZONE"}, std::pair{"TZID", "Etc/UTC"}, std::pair{"BEGIN", "STANDARD"},
                                          std::pair{"DTSTART", "19700101T000000"}, std::pair{"TZOFFSETFROM", "+0000"},
                                          std::pair{"TZOFFSETTO", "+0000"}, std::pair{"END", "STANDARD"}, std::pair{"END", "VTIMEZONE"}})
            s += content_line(name, value);
    return s + content_line("END", "VCALENDAR");
}

}  // namespace bot
