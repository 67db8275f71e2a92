#include "paper.hpp"

#include <algorithm>

#include "speech.hpp"

namespace bot {
namespace {

paper_comment* find(paper_matter& m, std::uint64_t id) {
    const auto found = std::find_if(m.comments.begin(), m.comments.end(), [&](const auto& c) { return c.id == id; });
    return found == m.comments.end() ? nullptr : &*found;
}
/// Without the marker, indented.
std::string shown(std::string_view body) {
    const auto marker = marker_of(body);
    body = body.substr(0, body.size() - marker.size());
    std::string out;
    for (std::size_t at = 0; at < body.size();) {
        const auto end = std::min(body.find('\n', at), body.size());
        if (end > at) out += "    | " + std::string(body.substr(at, end - at)) + "\n";
        at = end + 1;
    }
    return out;
}

}  // namespace

const paper_comment* paper_matter::marked(std::string_view marker) const {
    const auto found = std::find_if(comments.begin(), comments.end(), [&](const auto& c) { return marker_of(c.body) == marker; });
    return found == comments.end() ? nullptr : &*found;
}

result<std::vector<own_comment>> paper_forge::own_comments(const std::string& subject) {
    std::vector<own_comment> all;
    for (const auto& c : matters[subject].comments)
        if (c.author == bot_) all.push_back({c.id, c.body});
    return all;
}
result<std::uint64_t> paper_forge::comment(const std::string& subject, const std::string& body) {
    const auto id = ++next_id_;
    matters[subject].comments.push_back({id, bot_, body});
    tell("  comments on " + subject + "\n" + shown(body));
    return id;
}
result<void> paper_forge::edit(const std::string& subject, std::uint64_t id, const std::string& body) {
    auto* c = find(matters[subject], id);
    if (c == nullptr) return quorate::make_error(quorate::errc::not_found, "there is no such comment", subject);
    c->body = body;
    ++c->edits;
    tell("  changes its comment on " + subject + "\n" + shown(body));
    return {};
}
result<void> paper_forge::remove(const std::string& subject, std::uint64_t id) {
    std::erase_if(matters[subject].comments, [&](const auto& c) { return c.id == id; });
    tell("  removes a comment on " + subject + "\n");
    return {};
}
result<void> paper_forge::change_labels(const std::string& subject, const std::vector<std::string>& add, const std::vector<std::string>& remove) {
    auto&       labels = matters[subject].labels;
    std::string line;
    for (const auto& l : add)
        if (labels.insert(l).second) line += " +" + l;
    for (const auto& l : remove)
        if (labels.erase(l) != 0) line += " -" + l;
    if (!line.empty()) tell("  labels of " + subject + ":" + line + "\n");
    return {};
}
result<void> paper_forge::close(const std::string& subject) {
    matters[subject].closed = true;
    tell("  closes " + subject + "\n");
    return {};
}
result<void> paper_forge::report(const std::string& subject, const std::string& name, const std::string& state, const std::string&) {
    matters[subject].checks[name] = state;
    tell("  check \"" + name + "\" on " + subject + ": " + state + "\n");
    return {};
}
result<std::vector<reaction>> paper_forge::reactions(const std::string& subject, std::uint64_t id) { return matters[subject].reactions[id]; }
result<std::vector<std::string>> paper_forge::files(const std::string& subject) { return matters[subject].files; }
result<delivery> paper_forge::look_at(const std::string& subject) {
    const auto& m = matters[subject];
    const auto  hash = subject.rfind('#');
    delivery    d{.repository = subject.substr(0, hash), .number = std::stoull(subject.substr(hash + 1))};
    d.title = "A matter";
    d.labels.assign(m.labels.begin(), m.labels.end());
    d.closed = m.closed;
    d.pull_request = m.pull_request;
    d.head = m.head;
    d.sender = m.closer;
    return d;
}
result<std::vector<delivery>> paper_forge::comments_since(const std::string& repository, instant since) {
    std::vector<delivery> all;
    for (const auto& d : undelivered)
        if (d.repository == repository && d.at >= since) all.push_back(d);
    return all;
}

}  // namespace bot
