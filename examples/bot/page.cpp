#include "page.hpp"

#include <boost/assert.hpp>

#include <algorithm>
#include <array>

#include "page_parts.hpp"
#include "sha256.hpp"
#include "speech.hpp"

namespace bot {
namespace {

using quorate::viewer;

constexpr std::string_view html_type = "text/html; charset=utf-8", plain_type = "text/plain; charset=utf-8";

http_response made(unsigned status, std::string_view type, std::string body) {
    http_response r{.status = status, .headers = {}, .body = std::move(body)};
    r.headers = {{"content-type", std::string(type)},
                 {"content-security-policy", content_policy()},
                 {"x-content-type-options", "nosniff"},
                 {"referrer-policy", "no-referrer"},
                 {"cross-origin-opener-policy", "same-origin"},
                 {"cross-origin-resource-policy", "same-origin"},
                 {"cache-control", status == 200 ? "no-cache" : "no-store"}};  // no-cache: kept, and asked about with its ETag
    if (status == 200) r.headers.emplace_back("etag", '"' + quorate::sha256_hex(r.body).substr(0, 32) + '"');
    return r;
}
http_response plain(unsigned status, std::string_view words) { return made(status, plain_type, std::string(words) + "\n"); }

/// With %XX and, in a query, + decoded. Nothing for what isn't so written.
std::optional<std::string> decoded(std::string_view s, bool query) {
    const auto digit = [](char c) {
        return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
    };
    std::string out;
    for (std::size_t i = 0; i < s.size(); ++i) {
        if (s[i] != '%') {
            out += query && s[i] == '+' ? ' ' : s[i];
            continue;
        }
        if (i + 2 >= s.size() || digit(s[i + 1]) < 0 || digit(s[i + 2]) < 0) return std::nullopt;
        out += static_cast<char>(digit(s[i + 1]) * 16 + digit(s[i + 2]));
        i += 2;
    }
    return out;
}

constexpr std::array<std::string_view, 4> query_keys{"repository", "process", "person", "page"};

/// Reads the query into the visit; false for what isn't well written. Keys that mean nothing here are others', such as those that
/// trackers add.
bool read_query(std::string_view query, visit& v) {
    while (!query.empty()) {
        const auto one = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(one.size() + 1, query.size()));
        const auto sign = std::min(one.find('='), one.size());
        const auto key = one.substr(0, sign);
        if (std::find(query_keys.begin(), query_keys.end(), key) == query_keys.end()) continue;
        const auto value = decoded(one.substr(std::min(sign + 1, one.size())), true);
        if (!value) return false;
        if (key == "repository") v.repository = *value;
        else if (key == "process") v.process = *value;
        else if (key == "person") v.person = *value;
        else {
            if (value->empty() || value->size() > 6 || value->find_first_not_of("0123456789") != std::string::npos) return false;
            v.number = std::stoul(*value);
            if (v.number == 0) return false;
        }
    }
    return true;
}

std::optional<document> document_at(const visit& v) {
    if (v.path == "/") return open_page(v);
    if (v.path == "/closed") return closed_page(v);
    if (v.path == "/waiting") return waiting_page(v);
    for (const auto& [front, shows] :
         {std::pair{std::string_view("/people/"), &person_page}, std::pair{std::string_view("/decisions/"), &decision_page}}) {
        const auto id = v.path.starts_with(front) ? decoded(std::string_view(v.path).substr(front.size()), false) : std::nullopt;
        if (id && !id->empty()) return shows(v, *id);
    }
    return std::nullopt;
}

/// The same for all that isn't there: it says nothing about what was asked for.
http_response not_there(const visit& asked) {
    const visit v{.engine = asked.engine, .setup = asked.setup, .now = asked.now};
    return made(404, html_type,
                framed(v, {"Not found", "<h1>There is nothing here</h1>\n<p>There is no such page, or not everyone may see it. " +
                                            link("/", "Open decisions") + " may help on.</p>\n"}));
}

}  // namespace

// ---- what may be seen ---------------------------------------------------------------------------------------------------------
bool visit::has_repository(std::string_view name) const {
    const auto& all = setup.pages->repositories;
    return std::find(all.begin(), all.end(), name) != all.end();
}

std::optional<exhibit> visit::look(const std::string& id) const {
    const auto* p = engine.get(id);
    if (p == nullptr || !has_repository(repository_of(*p))) return std::nullopt;
    auto e = engine.explain(id, std::max(now, p->last), viewer::anyone());
    if (!e) return std::nullopt;
    exhibit x{.p = p, .e = std::move(e.value())};
    x.waits = waited_for(x.e, engine.people());
    return x;
}

bool visit::tells_of_hidden(std::string_view text) const {
    const auto of_id = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_'; };
    for (auto at = text.begin(); at != text.end();) {
        const auto begin = std::find_if(at, text.end(), of_id);
        at = std::find_if_not(begin, text.end(), of_id);
        const std::string id(begin, at);
        if (engine.get(id) != nullptr && !look(id)) return true;
    }
    return false;
}

std::vector<std::string> visit::listed(bool open_ones) const {
    auto ids = engine.list({.process = process, .open_only = open_ones, .most = static_cast<std::size_t>(-1)}, viewer::anyone());
    std::erase_if(ids, [&](const std::string& id) {
        const auto* p = engine.get(id);
        const auto  in = repository_of(*p);
        return quorate::is_open(p->in()) != open_ones || !has_repository(in) || (!repository.empty() && repository != in);
    });
    return ids;
}
std::vector<std::string> visit::open() const { return listed(true); }
std::vector<std::string> visit::closed() const { return listed(false); }

std::vector<exhibit> visit::exhibits() const {
    auto ids = open();
    if (ids.size() > most_open_read) ids.erase(ids.begin(), ids.end() - static_cast<std::ptrdiff_t>(most_open_read));
    std::vector<exhibit> all;
    for (auto id = ids.rbegin(); id != ids.rend(); ++id)
        if (auto x = look(*id)) all.push_back(std::move(*x));
    std::stable_sort(all.begin(), all.end(), [](const exhibit& a, const exhibit& b) {
        return a.e.next.value_or(quorate::latest_instant) < b.e.next.value_or(quorate::latest_instant);
    });
    return all;
}

// ---- answers ------------------------------------------------------------------------------------------------------------------
http_response page(const quorate::engine& engine, const settings& s, const http_request& r, instant now) {
    BOOST_ASSERT(s.pages.has_value());
    if (r.method != "GET" && r.method != "HEAD") {
        auto no = plain(405, "These pages can only be read.");
        no.headers.emplace_back("allow", "GET, HEAD");
        return no;
    }
    if (r.target.size() > longest_target) return plain(414, "That address is too long.");
    const auto mark = r.target.find('?');
    visit v{.engine = engine, .setup = s, .now = std::chrono::floor<std::chrono::minutes>(now), .path = r.target.substr(0, mark)};
    if (!read_query(mark == std::string::npos ? std::string_view{} : std::string_view(r.target).substr(mark + 1), v))
        return plain(400, "That address is not well written.");
    if (v.path == "/icon.svg") return as_asked(made(200, "image/svg+xml", std::string(icon())), r);
    if (!v.repository.empty() && !v.has_repository(v.repository)) return not_there(v);
    if (v.path == "/decisions.atom") return as_asked(made(200, "application/atom+xml; charset=utf-8", atom_feed(v)), r);
    if (v.path == "/deadlines.ics") return as_asked(made(200, "text/calendar; charset=utf-8", calendar(v)), r);
    const auto d = document_at(v);
    return d ? as_asked(made(200, html_type, framed(v, *d)), r) : not_there(v);
}

std::string meant(std::string_view target) {
    std::string out(target.substr(0, target.find('?')));
    auto        query = target.substr(std::min(out.size() + 1, target.size()));
    std::array<std::string_view, query_keys.size()> said{};
    while (!query.empty()) {
        const auto one = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(one.size() + 1, query.size()));
        const auto key = std::find(query_keys.begin(), query_keys.end(), one.substr(0, one.find('=')));
        if (key != query_keys.end()) said[static_cast<std::size_t>(key - query_keys.begin())] = one;
    }
    char sign = '?';
    for (const auto& one : said)
        if (!one.empty()) (out += std::exchange(sign, '&')) += one;
    return out;
}

http_response as_asked(http_response whole, const http_request& r) {
    const auto etag = header_of(whole.headers, "etag");
    auto       known = header_of(r.headers, "if-none-match");
    if (etag.empty() || whole.status != 200) return whole;
    bool has = known == "*";
    while (!known.empty() && !has) {  // a list; weak comparison
        auto one = known.substr(0, known.find(','));
        known.remove_prefix(std::min(one.size() + 1, known.size()));
        while (one.starts_with(' ') || one.starts_with('\t')) one.remove_prefix(1);
        while (one.ends_with(' ') || one.ends_with('\t')) one.remove_suffix(1);
        if (one.starts_with("W/")) one.remove_prefix(2);
        has = one == etag;
    }
    if (!has) return whole;
    whole.status = 304;
    whole.body.clear();
    return whole;
}

}  // namespace bot
