#include "delivery.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "json.hpp"
#include "json_out.hpp"

namespace bot {
namespace {

using quorate::errc;
using quorate::make_error;
using quorate::json_text::json_out;
using quorate::json_text::node;
using quorate::json_text::reader;

constexpr std::array<std::pair<std::string_view, std::string_view>, 22> of_interest{{
    {"issue_comment", "created"},      {"issue_comment", "edited"},          {"issue_comment", "deleted"},
    {"issues", "opened"},              {"issues", "labeled"},                {"issues", "unlabeled"},
    {"issues", "closed"},              {"issues", "reopened"},               {"pull_request", "opened"},
    {"pull_request", "synchronize"},   {"pull_request", "closed"},           {"pull_request", "reopened"},
    {"pull_request", "labeled"},       {"pull_request", "unlabeled"},        {"pull_request", "ready_for_review"},
    {"pull_request_review", "submitted"}, {"pull_request_review", "edited"}, {"pull_request_review", "dismissed"},
    {"membership", "added"},           {"membership", "removed"},            {"reactions", "read"},
    {"ping", ""},
}};

bool opens(const delivery& d) { return d.action == "opened" && (d.event == "issues" || d.event == "pull_request"); }

/// Asks the tree for what GitHub puts where; what is missing and must be there is a problem.
class body_reader {
public:
    body_reader(const node& root, std::string name) : root_(root), read_(root, std::move(name)) {}

    result<delivery> operator()(delivery d) {
        if (!read_.expect(root_, quorate::json_text::kind::object)) return read_.why();
        d.action = read_.text(root_, "action").value_or("");
        if (const auto* s = read_.object(root_, "sender")) d.sender = who(*s);
        if (const auto* r = read_.object(root_, "repository")) d.repository = read_.required_text(*r, "full_name");
        if (const auto* i = read_.object(root_, "issue")) matter(d, *i, i->find("pull_request") != nullptr);
        if (const auto* p = read_.object(root_, "pull_request")) matter(d, *p, true);
        for (const auto* key : {"comment", "review"})  // what is opened says its own text
            if (const auto* c = read_.object(root_, key); c != nullptr && !opens(d)) said(d, *c);
        if (d.action == "synchronize") d.follows = read_.text(root_, "before").value_or("");
        if (const auto* c = read_.object(root_, "changes"))
            if (const auto* b = read_.object(*c, "body")) d.before = read_.text(*b, "from").value_or("");
        if (const auto* m = read_.object(root_, "member")) d.member = who(*m);
        if (const auto* t = read_.object(root_, "team")) d.team = read_.text(*t, "slug").value_or("");
        if (const auto* o = read_.object(root_, "organization")) d.organisation = read_.text(*o, "login").value_or("");
        if (const auto* list = read_.array(root_, "reactions")) reactions(d, *list);
        if (const auto* list = read_.array(root_, "files"); list != nullptr && list->elements.size() <= most_files) {
            d.files.emplace();
            for (const auto& f : read_.texts(root_, "files")) d.files->emplace_back(f);
        }
        check(d);
        if (!read_.ok()) return read_.why();
        return d;
    }

private:
    account who(const node& of) {
        account a;
        a.id = number(of, "id");
        if (a.id == 0) return a;  // a name without a number is nobody's
        a.login = read_.text(of, "login").value_or("");
        a.machine = read_.text(of, "type").value_or("") == "Bot";
        return a;
    }
    std::uint64_t number(const node& of, std::string_view key) {
        const auto n = read_.integer(of, key, 1, std::int64_t{1} << 53U);
        return n ? static_cast<std::uint64_t>(*n) : 0;
    }
    void matter(delivery& d, const node& of, bool pull) {
        d.number = number(of, "number");
        d.title = text_or_null(of, "title");
        if (const auto* u = of.find("user"); u != nullptr && u->is_object()) d.author = who(*u);
        d.pull_request = d.pull_request || pull;
        d.closed = read_.text(of, "state").value_or("open") == "closed";
        d.draft = read_.flag(of, "draft").value_or(false);
        if (const auto* m = of.find("merged"); m != nullptr && m->is_boolean()) d.merged = m->truth;
        if (const auto* h = of.find("head"); h != nullptr && h->is_object()) d.head = read_.text(*h, "sha").value_or("");
        if (opens(d)) {
            d.text = text_or_null(of, "body");
            d.writer = d.author;
        }
        d.labels.clear();
        if (const auto* list = read_.array(of, "labels"))
            for (std::size_t i = 0; i < std::min(list->elements.size(), most_labels); ++i)
                if (list->elements[i].is_object()) d.labels.emplace_back(read_.text(list->elements[i], "name").value_or(""));
    }
    void said(delivery& d, const node& of) {
        d.comment = number(of, "id");
        d.text = text_or_null(of, "body");
        d.changed = read_.text(of, "updated_at").value_or(read_.text(of, "submitted_at").value_or(""));
        d.state = read_.text(of, "state").value_or("");
        d.reviewed = text_or_null(of, "commit_id");
        if (const auto* u = of.find("user"); u != nullptr && u->is_object()) d.writer = who(*u);
    }
    void reactions(delivery& d, const node& list) {
        for (const auto& r : list.elements) {
            if (!read_.expect(r, quorate::json_text::kind::object)) return;
            reaction one;
            if (const auto* u = read_.object(r, "user")) one.by = who(*u);
            one.content = read_.required_text(r, "content");
            one.at = read_.moment(r, "created_at").value_or(d.at);
            d.reactions.push_back(std::move(one));
        }
    }
    std::string text_or_null(const node& of, std::string_view key) {
        const auto* n = of.find(key);
        if (n == nullptr || n->is_null()) return {};
        return std::string(read_.text(of, key).value_or(""));
    }
    void check(const delivery& d) {
        const auto needs = [&](bool there, std::string_view what) {
            if (!there) read_.wrong(root_, "an event \"" + d.event + "\" without " + std::string(what));
        };
        if (d.event == "ping" || !is_of_interest(d.event, d.action)) return;
        if (d.event == "membership") {
            needs(d.member.id != 0, "member.id");
            needs(!d.organisation.empty(), "organization.login");
            return needs(!d.team.empty(), "team.slug");
        }
        needs(!d.repository.empty(), "repository.full_name");
        needs(d.number != 0, "the number of an issue or pull request");
        if (d.action == "synchronize") needs(!d.head.empty(), "pull_request.head.sha");
        if (d.event != "reactions") needs(d.sender.id != 0, "sender.id");
        if (d.event == "issue_comment" || d.event == "pull_request_review") {
            needs(d.comment != 0, "the comment's id");
            needs(d.writer.id != 0, "the comment's author");
        }
    }

    const node& root_;
    reader      read_;
};

void put(json_out& out, std::string_view key, const account& a) {
    if (a.id == 0) return;
    out.key(key).object().field("id", a.id).field("login", a.login);
    if (a.machine) out.field("type", "Bot");
    out.end();
}

}  // namespace

bool is_of_interest(std::string_view event, std::string_view action) {
    return std::any_of(of_interest.begin(), of_interest.end(), [&](const auto& w) { return w.first == event && (w.second == action || w.second.empty()); });
}

result<delivery> read_delivery(std::string_view body, std::string id, std::string event, instant at) {
    if (id.empty() || id.size() > longest_delivery_id) return make_error(errc::invalid, "no id of a delivery", "X-GitHub-Delivery");
    const auto tree = quorate::json_text::parse(body, "delivery " + id, largest_body);
    if (!tree) return tree.error();
    auto name = "delivery " + id;
    return body_reader(tree.value(), std::move(name))({.id = std::move(id), .event = std::move(event), .at = at});
}

std::string to_json(const delivery& d) {
    json_out out;
    out.object().field("delivery", d.id).field("event", d.event).field("at", quorate::to_string(d.at));
    if (!d.proposal.empty()) out.field("proposal", d.proposal);
    if (d.looked) out.field("looked", true);
    if (!d.action.empty()) out.field("action", d.action);
    if (!d.follows.empty()) out.field("before", d.follows);
    put(out, "sender", d.sender);
    if (!d.repository.empty()) out.key("repository").object().field("full_name", d.repository).end();
    if (d.number != 0) {
        out.key(d.pull_request ? "pull_request" : "issue").object().field("number", d.number).field("title", d.title);
        put(out, "user", d.author);
        out.field("state", d.closed ? "closed" : "open");
        if (d.draft) out.field("draft", true);
        if (d.merged) out.field("merged", true);
        if (opens(d) && !d.text.empty()) out.field("body", d.text);
        if (!d.head.empty()) out.key("head").object().field("sha", d.head).end();
        out.key("labels").array();
        for (const auto& l : d.labels) out.object().field("name", l).end();
        out.end().end();
    }
    if (d.comment != 0) {
        out.key("comment").object().field("id", d.comment).field("body", d.text);
        if (!d.changed.empty()) out.field("updated_at", d.changed);
        if (!d.state.empty()) out.field("state", d.state);
        if (!d.reviewed.empty()) out.field("commit_id", d.reviewed);
        put(out, "user", d.writer);
        out.end();
    }
    if (d.before) out.key("changes").object().key("body").object().field("from", *d.before).end().end();
    put(out, "member", d.member);
    if (!d.team.empty()) out.key("team").object().field("slug", d.team).end();
    if (!d.organisation.empty()) out.key("organization").object().field("login", d.organisation).end();
    if (!d.reactions.empty() || d.event == "reactions") {
        out.key("reactions").array();
        for (const auto& r : d.reactions) {
            out.object();
            put(out, "user", r.by);
            out.field("content", r.content).field("created_at", quorate::to_string(r.at)).end();
        }
        out.end();
    }
    if (d.files) out.strings("files", *d.files);
    return std::move(out.end()).str();
}

result<delivery> parse_delivery(std::string_view json, std::string_view name) {
    const auto tree = quorate::json_text::parse(json, name, 2 * largest_body);
    if (!tree) return tree.error();
    reader     read(tree.value(), std::string(name));
    delivery   d;
    d.id = read.required_text(tree.value(), "delivery");
    d.event = read.required_text(tree.value(), "event");
    d.at = read.moment(tree.value(), "at").value_or(instant{});
    d.proposal = read.text(tree.value(), "proposal").value_or("");
    d.looked = read.flag(tree.value(), "looked").value_or(false);
    if (tree.value().find("at") == nullptr) read.wrong(tree.value(), "\"at\" is missing: when it was received");
    if (!read.ok()) return read.why();
    return body_reader(tree.value(), std::string(name))(std::move(d));
}

std::string same_thing(const delivery& d) {
    if (opens(d)) return d.event + " " + d.subject() + " opened";
    if (d.comment == 0 || (d.event == "pull_request_review" && d.action == "edited")) return {};
    const auto which = d.event + " " + std::to_string(d.comment) + " " + d.action;
    if (d.action != "edited") return which;
    return d.changed.empty() ? std::string() : which + " " + d.changed;
}

}  // namespace bot
