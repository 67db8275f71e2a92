// Words and small pieces of HTML.
#include <algorithm>

#include "page_parts.hpp"
#include "speech.hpp"
#include "xml_text.hpp"

namespace bot {

using quorate::xml;

std::string said(std::string_view text) { return "<bdi>" + xml(text) + "</bdi>"; }
std::string in_code(std::string_view text) { return "<code>" + xml(text) + "</code>"; }
std::string link(std::string_view to, std::string_view html) { return "<a href=\"" + xml(to) + "\">" + std::string(html) + "</a>"; }

std::string in_address(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string s;
    for (const char c : text) {
        const auto u = static_cast<unsigned char>(c);
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
                           c == '_' || c == '~';
        if (plain) s += c;
        else ((s += '%') += digits[u >> 4U]) += digits[u & 15U];
    }
    return s;
}

std::string query_of(const visit& v, std::size_t number) {
    std::string s;
    const auto  add = [&](std::string_view key, std::string_view value) {
        if (!value.empty()) ((((s += s.empty() ? '?' : '&') += key) += '=') += in_address(value));
    };
    add("repository", v.repository);
    add("process", v.process);
    add("person", v.person);
    if (number > 1) add("page", std::to_string(number));
    return s;
}

std::string address_of(const quorate::proposal& p) { return "/decisions/" + in_address(p.id); }

std::string_view repository_of(const quorate::proposal& p) {
    const auto hash = p.subject.rfind('#');
    return hash == std::string::npos ? std::string_view{} : std::string_view(p.subject).substr(0, hash);
}
std::string_view name_of(const quorate::proposal& p) {
    return p.title.empty() ? std::string_view(p.subject) : std::string_view(p.title);
}

std::string subject_link(const visit& v, const quorate::proposal& p) {
    auto host = v.setup.api;
    if (host == "https://api.github.com") host = "https://github.com";
    else if (host.ends_with("/api/v3")) host.resize(host.size() - 7);  // GitHub Enterprise Server
    else return said(p.subject);
    const auto repository = repository_of(p);
    const auto slash = repository.find('/');
    if (slash == std::string_view::npos) return said(p.subject);
    return link(host + "/" + in_address(repository.substr(0, slash)) + "/" + in_address(repository.substr(slash + 1)) +
                    "/issues/" + in_address(std::string_view(p.subject).substr(repository.size() + 1)),
                said(p.subject));
}

std::string somebody(const visit& v, std::string_view named) {
    const auto handle = handle_in(named);
    const auto who = v.engine.people().find_current(handle);
    const auto rest = xml(named.substr(handle.size()));
    if (!who || v.engine.people().is_guest(*who)) return said(handle) + rest;
    return link("/people/" + in_address(v.engine.people().id(*who)), said(handle)) + rest;
}
std::string somebody_of_id(const visit& v, std::string_view id) {
    const auto who = v.engine.people().find_person(id);
    return who ? somebody(v, v.engine.people().handle(*who)) : said(id);
}
std::string people_list(const visit& v, const std::vector<std::string>& handles, std::size_t most) {
    std::string s;
    const auto  shown = std::min(handles.size(), most);
    for (std::size_t i = 0; i < shown; ++i) s += (i == 0 ? "" : i + 1 == handles.size() ? " and " : ", ") + somebody(v, handles[i]);
    return shown == handles.size() ? s : s + " and " + std::to_string(handles.size() - shown) + " more";
}

std::string about(quorate::duration d) {
    const auto counted = [](std::int64_t n, std::string_view unit) {
        return std::to_string(n) + " " + std::string(unit) + (n == 1 ? "" : "s");
    };
    const auto minutes = std::chrono::floor<std::chrono::minutes>(d).count();
    if (minutes < 1) return "less than a minute";
    if (minutes < 120) return counted(minutes, "minute");
    return minutes < 48 * 60 ? counted(minutes / 60, "hour") : counted(minutes / (24 * 60), "day");
}

std::string moment(const visit& v, instant t, bool near) {
    constexpr std::array<std::string_view, 12> months{"Jan",  "Feb", "March", "April", "May", "June",
                                                      "July", "Aug", "Sept",  "Oct",   "Nov", "Dec"};
    const auto exact = quorate::to_string(t);
    const auto day = std::chrono::floor<std::chrono::days>(t);
    const std::chrono::year_month_day date{day};
    std::string s = "<time datetime=\"" + exact + "\">" + std::to_string(static_cast<unsigned>(date.day())) + " " +
                    std::string(months[static_cast<unsigned>(date.month()) - 1]) + " " +
                    std::to_string(static_cast<int>(date.year())) + ", " + exact.substr(11, 5) + "</time>";
    if (near)
        s += t > v.now ? " <span class=\"faint\">(in " + about(t - v.now) + ")</span>"
                       : " <span class=\"faint\">(" + about(v.now - t) + " ago)</span>";
    return s;
}

std::string badge(quorate::phase in, std::string_view words) {
    using quorate::phase;
    const auto sign = in == phase::accepted || in == phase::enacted ? "\xE2\x9C\x93 "
                      : in == phase::rejected || in == phase::void_ ? "\xE2\x9C\x97 "
                      : quorate::is_open(in)                        ? ""
                                                                    : "\xE2\x80\x93 ";
    return "<span class=\"badge is-" + std::string(to_string(in)) + "\"><span aria-hidden=\"true\">" + sign + "</span>" +
           xml(words) + "</span>";
}

std::string_view stage_words(const quorate::process& by, std::string_view name) {
    const auto at = by.stage_named(name);
    return at && !by.stages[*at].title.empty() ? std::string_view(by.stages[*at].title) : name;
}

// ---- pages of a list ----------------------------------------------------------------------------------------------------------
std::optional<std::pair<std::size_t, std::size_t>> part_of(const visit& v, std::size_t things, std::size_t per_page) {
    const auto from = (v.number - 1) * per_page;
    if (v.number > 1 && from >= things) return std::nullopt;
    return std::pair{from, std::min(things, from + per_page)};
}

std::string turning(const visit& v, std::size_t things, std::size_t per_page) {
    const auto pages = (things + per_page - 1) / per_page;
    if (pages < 2) return {};
    std::string s = "<nav class=\"turning\" aria-label=\"Pages of this list\">";
    if (v.number > 1) s += link(v.path + query_of(v, v.number - 1), "Page before");
    s += "<span>Page " + std::to_string(v.number) + " of " + std::to_string(pages) + "</span>";
    if (v.number < pages) s += link(v.path + query_of(v, v.number + 1), "Next page");
    return s + "</nav>\n";
}

// Roles are said although they are those of the elements: a table laid out as cards loses them otherwise.
table::table(std::string_view caption, std::vector<std::string_view> columns, bool wide_first) : columns_(std::move(columns)) {
    html_ = "<table role=\"table\"" + std::string(wide_first ? " class=\"names\"" : "") + "><caption class=\"hidden\">" +
            xml(caption) + "</caption><thead role=\"rowgroup\"><tr role=\"row\">";
    for (const auto c : columns_) html_ += "<th scope=\"col\" role=\"columnheader\">" + xml(c) + "</th>";
    html_ += "</tr></thead>\n<tbody role=\"rowgroup\">";
}
void table::row(const std::vector<std::string>& cells) {
    html_ += "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\">" + cells.front() + "</th>";
    for (std::size_t i = 1; i < cells.size(); ++i)
        html_ += "<td role=\"cell\" data-label=\"" + xml(columns_[i]) + "\">" + cells[i] + "</td>";
    html_ += "</tr>\n";
}

}  // namespace bot
