#include "github.hpp"

#include <algorithm>

#include "json.hpp"
#include "json_out.hpp"

namespace bot {
namespace {

using quorate::errc;
using quorate::make_error;
using quorate::json_text::json_out;
using quorate::json_text::node;

constexpr unsigned not_modified = 304;

/// "/repos/owner/name" and "7".
struct place {
    std::string repository{}, number{};
};
place place_of(const std::string& subject) {
    const auto hash = subject.rfind('#');
    return {"/repos/" + subject.substr(0, hash), subject.substr(std::min(hash + 1, subject.size()))};
}
std::string issue(const std::string& subject) { return place_of(subject).repository + "/issues/" + place_of(subject).number; }
std::string pull(const std::string& subject) { return place_of(subject).repository + "/pulls/" + place_of(subject).number; }

/// As part of a path.
std::string escaped(std::string_view s) {
    constexpr std::string_view hex = "0123456789ABCDEF";
    std::string                out;
    for (const char c : s) {
        const auto u = static_cast<unsigned char>(c);
        if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' || c == '_' || c == '~') out += c;
        else (((out += '%') += hex[u >> 4U]) += hex[u & 15U]);
    }
    return out;
}

std::int64_t number_in(std::string_view text) {
    std::int64_t n = 0;
    for (const char c : text.substr(0, 15)) {
        if (c < '0' || c > '9') return -1;
        n = n * 10 + (c - '0');
    }
    return text.empty() ? -1 : n;
}

std::string text_at(const node& n, std::string_view key) {
    const auto* v = n.find(key);
    return v != nullptr && v->is_string() ? v->text : std::string();
}
std::uint64_t number_at(const node& n, std::string_view key) {
    const auto* v = n.find(key);
    return v != nullptr && v->is_integer() && v->number > 0 ? static_cast<std::uint64_t>(v->number) : 0;
}
account account_at(const node& n, std::string_view key) {
    const auto* u = n.find(key);
    if (u == nullptr || !u->is_object()) return {};
    return {number_at(*u, "id"), text_at(*u, "login"), text_at(*u, "type") == "Bot"};
}

result<node> parsed(const std::string& body) { return quorate::json_text::parse(body, "answer of GitHub", largest_answer); }

/// Runs `take` for each element of each page.
template <class Take>
result<void> each(const std::vector<std::string>& bodies, const Take& take) {
    for (const auto& body : bodies) {
        const auto list = parsed(body);
        if (!list) return list.error();
        if (!list.value().is_array()) return make_error(errc::invalid, "GitHub's answer is no list");
        for (const auto& n : list.value().elements) take(n);
    }
    return {};
}

quorate::error refused(const http_response& r, const std::string& what) {
    const auto code = r.status == 404 || r.status == 410 ? errc::not_found : r.status >= 500 ? errc::io : errc::unsupported;
    const auto body = parsed(r.body);
    return make_error(code, "GitHub says " + std::to_string(r.status) + (body && body.value().is_object() ? " " + text_at(body.value(), "message") : ""), what);
}

}  // namespace

github::github(transport& to, authority& as, std::uint64_t bot_id, github_clock clock) : to_(to), as_(as), bot_(bot_id), clock_(std::move(clock)) {}

/// How long to wait before this answer is asked for again; nothing: it is what it is.
std::optional<std::chrono::milliseconds> github::pause_for(const http_response& r, int tries) const {
    using std::chrono::seconds;
    if (r.status >= 500) return seconds{1LL << tries};
    if (r.status != 403 && r.status != 429) return std::nullopt;
    if (const auto after = number_in(header_of(r.headers, "retry-after")); after >= 0) return seconds{after};
    if (header_of(r.headers, "x-ratelimit-remaining") == "0") {
        const auto reset = number_in(header_of(r.headers, "x-ratelimit-reset"));
        return reset < 0 ? seconds{60} : seconds{std::max<std::int64_t>(reset - clock_.now(), 0) + 1};
    }
    return r.status == 429 ? std::optional<std::chrono::milliseconds>(seconds{60}) : std::nullopt;
}

result<http_response> github::ask(const std::string& method, const std::string& path, const std::string& body, repeat r) {
    http_request request{.method = method, .target = path,
                         .headers = {{"accept", "application/vnd.github+json"}, {"user-agent", "quorate-bot"}, {"x-github-api-version", "2022-11-28"}}, .body = body};
    if (!body.empty()) request.headers.emplace_back("content-type", "application/json");
    const auto known = kept_.find(path);
    if (method == "GET" && known != kept_.end()) request.headers.emplace_back("if-none-match", known->second.tag);
    const auto repository = path.substr(7, path.find('/', path.find('/', 7) + 1) - 7);  // behind "/repos/"
    const auto unsigned_headers = request.headers;
    bool       renewed = false;
    for (int tries = 0;; ++tries) {
        const auto token = as_.token(repository);
        if (!token) return token.error();
        request.headers = unsigned_headers;
        request.headers.emplace_back("authorization", "Bearer " + token.value());
        auto answer = to_.ask(request);
        const bool again = tries + 1 < most_tries;
        if (!answer) {
            if (r == repeat::never || !again) return answer;
            clock_.sleep(std::chrono::seconds{1LL << tries});
            continue;
        }
        auto& a = answer.value();
        if (const auto pause = pause_for(a, tries); pause && (a.status < 500 || r == repeat::freely)) {
            if (!again || *pause > longest_pause)
                return make_error(a.status >= 500 ? errc::io : errc::limit, "GitHub says " + std::to_string(a.status) + ", for too long", path);
            clock_.sleep(*pause);
            continue;
        }
        if (a.status == 401 && !renewed && as_.refused(repository)) {
            renewed = true;  // nothing was done: it may be asked again, whatever it is
            continue;
        }
        if (a.status == not_modified && known != kept_.end()) return known->second.answer;
        if (a.status < 200 || a.status >= 300) return refused(a, method + " " + path);
        if (const auto tag = header_of(a.headers, "etag"); method == "GET" && !tag.empty() && a.body.size() <= largest_answer_kept && path.find("since=") == std::string::npos) {
            if (kept_.size() >= most_answers_kept) kept_.clear();
            kept_[path] = {std::string(tag), a};
        }
        return answer;
    }
}

result<std::vector<std::string>> github::pages(const std::string& path) {
    std::vector<std::string> all;
    for (std::size_t page = 1; page <= most_pages; ++page) {
        auto a = ask("GET", path + (path.find('?') == std::string::npos ? "?" : "&") + "per_page=" + std::to_string(most_on_page) + "&page=" + std::to_string(page));
        if (!a) return a.error();
        all.push_back(a.value().body);
        if (header_of(a.value().headers, "link").find("rel=\"next\"") == std::string_view::npos) return all;
    }
    return make_error(errc::limit, "more than " + std::to_string(most_pages) + " pages", path);
}

result<std::vector<own_comment>> github::own_comments(const std::string& subject) {
    const auto bodies = pages(issue(subject) + "/comments");
    if (!bodies) return bodies.error();
    std::vector<own_comment> all;
    const auto done = each(bodies.value(), [&](const node& n) {
        if (account_at(n, "user").id == bot_) all.push_back({number_at(n, "id"), text_at(n, "body")});
    });
    if (!done) return done.error();
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
    all.erase(std::unique(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.id == b.id; }), all.end());  // pages move while they are read
    return all;
}

result<std::uint64_t> github::comment(const std::string& subject, const std::string& body) {
    json_out out;
    out.object().field("body", body).end();
    const auto a = ask("POST", issue(subject) + "/comments", std::move(out).str(), repeat::never);
    if (!a) return a.error();
    const auto n = parsed(a.value().body);
    if (!n) return n.error();
    const auto id = number_at(n.value(), "id");
    return id == 0 ? result<std::uint64_t>(make_error(errc::io, "GitHub doesn't say which comment it made", subject)) : id;
}

result<void> github::edit(const std::string& subject, std::uint64_t id, const std::string& body) {
    json_out out;
    out.object().field("body", body).end();
    const auto a = ask("PATCH", place_of(subject).repository + "/issues/comments/" + std::to_string(id), std::move(out).str());
    if (!a && a.error().code == errc::not_found) return make_error(errc::io, "the comment is gone", subject);  // write it anew
    return a ? result<void>{} : result<void>(a.error());
}

result<void> github::remove(const std::string& subject, std::uint64_t id) {
    const auto a = ask("DELETE", place_of(subject).repository + "/issues/comments/" + std::to_string(id));
    return a || a.error().code == errc::not_found ? result<void>{} : result<void>(a.error());
}

result<void> github::change_labels(const std::string& subject, const std::vector<std::string>& add, const std::vector<std::string>& remove) {
    if (!add.empty()) {
        json_out out;
        out.object().strings("labels", add).end();
        if (const auto a = ask("POST", issue(subject) + "/labels", std::move(out).str()); !a) return a.error();
    }
    for (const auto& l : remove) {
        const auto a = ask("DELETE", issue(subject) + "/labels/" + escaped(l));
        if (!a && a.error().code != errc::not_found) return a.error();
    }
    return {};
}

result<void> github::close(const std::string& subject) {
    const auto a = ask("PATCH", issue(subject), R"({"state":"closed"})");
    return a ? result<void>{} : result<void>(a.error());
}

result<void> github::report(const std::string& subject, const std::string& name, const std::string& state, const std::string& summary) {
    const auto asked = ask("GET", pull(subject));
    if (!asked && asked.error().code == errc::not_found) return {};  // an issue
    if (!asked) return asked.error();
    const auto about = parsed(asked.value().body);
    if (!about) return about.error();
    const auto* head = about.value().find("head");
    const auto  sha = head == nullptr ? std::string() : text_at(*head, "sha");
    const auto  there = ask("GET", place_of(subject).repository + "/commits/" + sha + "/check-runs?check_name=" + escaped(name));
    if (!there) return there.error();
    const auto list = parsed(there.value().body);
    if (!list) return list.error();
    std::vector<std::uint64_t> known;  // more than one when a request that was taken for lost was carried out: all are kept alike
    if (const auto* runs = list.value().find("check_runs"))
        for (const auto& n : runs->elements)
            if (text_at(n, "name") == name) known.push_back(number_at(n, "id"));
    json_out out;
    out.object().field("name", name);
    if (known.empty()) out.field("head_sha", sha);
    out.field("status", state == "in progress" ? "in_progress" : "completed");
    if (state != "in progress") out.field("conclusion", state);
    out.key("output").object().field("title", state).field("summary", summary).end().end();
    const auto body = std::move(out).str();
    const auto path = place_of(subject).repository + "/check-runs";
    if (known.empty())
        if (const auto a = ask("POST", path, body, repeat::never); !a) return a.error();
    for (const auto id : known)
        if (const auto a = ask("PATCH", path + "/" + std::to_string(id), body); !a) return a.error();
    return {};
}

result<std::vector<reaction>> github::reactions(const std::string& subject, std::uint64_t id) {
    const auto bodies = pages(place_of(subject).repository + "/issues/comments/" + std::to_string(id) + "/reactions");
    if (!bodies) return bodies.error();
    std::vector<reaction> all;
    const auto done = each(bodies.value(), [&](const node& n) {
        const auto at = quorate::parse_instant(text_at(n, "created_at"));
        all.push_back({account_at(n, "user"), text_at(n, "content"), at.value_or(quorate::latest_instant)});
    });
    return done ? result<std::vector<reaction>>(std::move(all)) : result<std::vector<reaction>>(done.error());
}

result<std::vector<std::string>> github::files(const std::string& subject) {
    const auto bodies = pages(pull(subject) + "/files");
    if (!bodies) return bodies.error();
    std::vector<std::string> all;
    const auto done = each(bodies.value(), [&](const node& n) {
        all.push_back(text_at(n, "filename"));
        if (const auto before = text_at(n, "previous_filename"); !before.empty()) all.push_back(before);  // who owns it must agree that it goes
    });
    return done ? result<std::vector<std::string>>(std::move(all)) : result<std::vector<std::string>>(done.error());
}

result<delivery> github::look_at(const std::string& subject) {
    auto a = ask("GET", issue(subject));
    if (!a) return a.error();
    const auto about = parsed(a.value().body);
    if (!about) return about.error();
    const bool of_commits = about.value().find("pull_request") != nullptr;
    if (of_commits) a = ask("GET", pull(subject));
    if (!a) return a.error();
    auto d = read_delivery((of_commits ? R"({"pull_request":)" : R"({"issue":)") + a.value().body + "}", "look", "look", {});
    if (d) {
        d.value().repository = subject.substr(0, subject.rfind('#'));
        d.value().sender = account_at(about.value(), "closed_by");
    }
    return d;
}

result<std::vector<delivery>> github::comments_since(const std::string& repository, instant since) {
    const auto bodies = pages("/repos/" + repository + "/issues/comments?sort=created&direction=asc&since=" + quorate::to_string(std::chrono::floor<std::chrono::seconds>(since)));
    if (!bodies) return bodies.error();
    std::vector<delivery> all;
    const auto done = each(bodies.value(), [&](const node& n) {
        const auto written = quorate::parse_instant(text_at(n, "created_at"));
        const auto where = text_at(n, "issue_url");
        delivery   d{.event = "issue_comment", .action = "created", .sender = account_at(n, "user"), .repository = repository};
        d.number = static_cast<std::uint64_t>(std::max<std::int64_t>(number_in(std::string_view(where).substr(where.rfind('/') + 1)), 0));
        d.comment = number_at(n, "id");
        d.writer = d.sender;
        d.text = text_at(n, "body");
        d.changed = text_at(n, "updated_at");
        d.at = written.value_or(since);
        if (written && *written >= since && d.number != 0 && d.comment != 0 && d.writer.id != 0 && d.writer.id != bot_) all.push_back(std::move(d));
    });
    return done ? result<std::vector<delivery>>(std::move(all)) : result<std::vector<delivery>>(done.error());
}

}  // namespace bot
