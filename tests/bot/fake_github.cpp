#include "fake_github.hpp"

#include <algorithm>

#include "json.hpp"
#include "json_out.hpp"
#include "sha256.hpp"
#include "speech.hpp"

namespace small_bot {
namespace {

using quorate::json_text::json_out;

http_response json(unsigned status, std::string body) { return {.status = status, .headers = {{"content-type", "application/json"}}, .body = std::move(body)}; }
http_response missing() { return json(404, R"({"message":"Not Found"})"); }

std::string unescaped(std::string_view s) {
    std::string out;
    for (std::size_t i = 0; i < s.size(); ++i) {
        if (s[i] == '%' && i + 2 < s.size()) {
            out += static_cast<char>(std::stoi(std::string(s.substr(i + 1, 2)), nullptr, 16));
            i += 2;
        } else {
            out += s[i];
        }
    }
    return out;
}
std::string text_of(const std::string& body, std::string_view key) {
    const auto n = quorate::json_text::parse(body, "request");
    const auto* v = n ? n.value().find(key) : nullptr;
    return v == nullptr ? std::string() : v->text;
}
std::size_t page_of(std::string_view query) {
    const auto at = query.rfind("&page=");
    return at == std::string_view::npos ? 1 : std::stoul(std::string(query.substr(at + 6)));
}
void write(json_out& out, const paper_comment& c) {
    out.object().field("id", c.id).field("body", c.body).key("user").object().field("id", c.author).field("login", "somebody").end().end();
}

}  // namespace

fake_github::fake_github(std::uint64_t who_asks) : bot_(who_asks) {
    server_ = std::make_unique<http_server>("127.0.0.1", 0, http_limits{}, [this](const http_request& r) { return answer(r); });
}

fault fake_github::fate() {
    if (!planned_.empty()) {
        const auto f = planned_.front();
        planned_.pop_front();
        return f;
    }
    if (dice_ == nullptr || !dice_->chance(one_in_)) return fault::none;
    constexpr fault kinds[]{fault::server_error, fault::server_error_but_done, fault::hang_up, fault::hang_up_but_done, fault::rate_limit, fault::too_late};
    return kinds[dice_->below(dice_->chance(6) ? 6 : 5)];
}

http_response fake_github::answer(const http_request& r) {
    const std::lock_guard lock(mutex_);
    const auto number = ++requests_;
    if (r.method != "GET") ++changes_;
    heard_ += r.method + " " + r.target + " " + r.body + "\n";
    if (watcher_) watcher_(number, false);
    if (!header_of(r.headers, "authorization").starts_with("Bearer token-")) ++unauthorised_;
    const auto f = fate();
    if (f != fault::none) ++faults_;
    switch (f) {
        case fault::server_error: return json(500, "{}");
        case fault::hang_up: return {.status = 0, .headers = {}, .body = {}, .hang_up = true};
        case fault::rate_limit: return {.status = 403, .headers = {{"retry-after", "1"}}, .body = R"({"message":"secondary rate limit"})"};
        case fault::long_rate_limit: return {.status = 403, .headers = {{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "4600"}}, .body = "{}"};
        case fault::forbidden: return json(403, R"({"message":"Resource not accessible"})");
        default: break;
    }
    auto a = act(r);
    a.delay = delay_;
    if (watcher_) watcher_(number, true);
    if (f == fault::server_error_but_done) return json(502, "{}");
    if (f == fault::hang_up_but_done) return {.status = 0, .headers = {}, .body = {}, .hang_up = true};
    if (f == fault::too_late) a.delay = std::chrono::milliseconds{1'300};
    if (r.method == "GET" && a.status == 200) {
        const auto tag = '"' + quorate::sha256_hex(a.body) + '"';
        if (header_of(r.headers, "if-none-match") == tag) return {.status = 304, .headers = {{"etag", tag}}, .body = {}};
        a.headers.emplace_back("etag", tag);
    }
    bytes_ += a.body.size();
    return a;
}

http_response fake_github::act(const http_request& r) {
    const auto       whole = std::string_view(r.target);
    const auto       query = whole.substr(std::min(whole.find('?'), whole.size()));
    auto             path = whole.substr(0, whole.find('?'));
    std::vector<std::string> parts;
    while (!path.empty()) {
        path.remove_prefix(1);
        parts.push_back(unescaped(path.substr(0, path.find('/'))));
        path.remove_prefix(std::min(path.find('/'), path.size()));
    }
    if (parts.size() < 4 || parts[0] != "repos") return missing();
    const auto repository = parts[1] + "/" + parts[2];
    const auto what = parts[3];
    if (what == "check-runs") return checks(repository, parts.size() > 4 ? parts[4] : "", r);
    if (what == "commits") {
        json_out out;
        out.object().key("check_runs").array();
        for (const auto& c : checks_)
            if (c.repository == repository && c.sha == parts[4]) out.object().field("id", c.id).field("name", c.name).end();
        return json(200, std::move(out.end().end()).str());
    }
    if (parts.size() < 5) return missing();
    if (what == "issues" && parts[4] == "comments") return one_comment(repository, parts.size() > 5 ? parts[5] : "", r);
    auto& m = matters_[repository + "#" + parts[4]];
    if (what == "pulls") return parts.size() > 5 ? json(200, "[]") : json(200, "{\"number\":" + parts[4] + R"(,"user":{"id":900,"login":"frank"},"state":"open","head":{"sha":")" + (m.head.empty() ? "c0ffee" : m.head) + "\"}}");
    if (parts.size() == 5 && r.method == "GET") {
        json_out out;
        out.object().field("number", std::stoull(parts[4])).field("title", "A matter").key("user").object().field("id", 900U).field("login", "frank").end();
        out.field("state", m.closed ? "closed" : "open").key("labels").array();
        for (const auto& l : m.labels) out.object().field("name", l).end();
        out.end();
        if (m.pull_request) out.key("pull_request").object().end();
        return json(200, std::move(out.end()).str());
    }
    if (parts.size() == 5) {
        m.closed = m.closed || text_of(r.body, "state") == "closed";
        return json(200, "{}");
    }
    if (parts[5] == "comments") return comments(m, r, query);
    return labels(m, parts.size() > 6 ? parts[6] : "", r);
}

http_response fake_github::comments(paper_matter& m, const http_request& r, std::string_view query) {
    constexpr std::size_t page_size = 100;
    json_out              out;
    if (r.method == "POST") {
        m.comments.push_back({++next_id_, bot_, text_of(r.body, "body")});
        ++made_[std::string(marker_of(m.comments.back().body))];
        write(out, m.comments.back());
        return json(201, std::move(out).str());
    }
    const auto from = (page_of(query) - 1) * page_size;
    out.array();
    for (auto i = from; i < std::min(from + page_size, m.comments.size()); ++i) write(out, m.comments[i]);
    auto a = json(200, std::move(out.end()).str());
    if (from + page_size < m.comments.size()) a.headers.emplace_back("link", "<http://127.0.0.1/next>; rel=\"next\"");
    return a;
}

http_response fake_github::one_comment(const std::string& repository, std::string_view rest, const http_request& r) {
    if (rest.empty()) {
        json_out out;
        out.array();
        for (const auto& d : undelivered) {
            if (d.repository != repository) continue;
            out.object().field("id", d.comment).field("body", d.text).field("created_at", quorate::to_string(d.at)).field("updated_at", quorate::to_string(d.at));
            out.field("issue_url", base() + "/repos/" + repository + "/issues/" + std::to_string(d.number));
            out.key("user").object().field("id", d.writer.id).field("login", d.writer.login).end().end();
        }
        return json(200, std::move(out.end()).str());
    }
    const auto id = std::stoull(std::string(rest));
    for (auto& [subject, m] : matters_) {
        if (!subject.starts_with(repository + "#")) continue;
        const auto c = std::find_if(m.comments.begin(), m.comments.end(), [&](const auto& x) { return x.id == id; });
        if (c == m.comments.end()) continue;
        if (r.target.find("/reactions") != std::string::npos) return json(200, "[]");
        if (r.method == "DELETE") m.comments.erase(c);
        if (r.method == "PATCH") c->body = text_of(r.body, "body"), ++c->edits;
        return json(r.method == "DELETE" ? 204 : 200, r.method == "DELETE" ? "" : "{}");
    }
    return missing();
}

http_response fake_github::labels(paper_matter& m, std::string_view rest, const http_request& r) {
    if (r.method == "DELETE") return m.labels.erase(std::string(rest)) == 0 ? missing() : json(200, "[]");
    const auto n = quorate::json_text::parse(r.body, "request");
    if (const auto* list = n ? n.value().find("labels") : nullptr)
        for (const auto& l : list->elements) m.labels.insert(l.text);
    return json(200, "[]");
}

http_response fake_github::checks(const std::string& repository, std::string_view rest, const http_request& r) {
    auto state = text_of(r.body, "conclusion");
    if (state.empty()) state = text_of(r.body, "status");
    if (r.method == "POST") {
        checks_.push_back({++next_id_, repository, text_of(r.body, "head_sha"), text_of(r.body, "name"), state});
        return json(201, "{\"id\":" + std::to_string(next_id_) + "}");
    }
    for (auto& c : checks_)
        if (std::to_string(c.id) == rest) c.state = state;
    return json(200, "{}");
}

}  // namespace small_bot
