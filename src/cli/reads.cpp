// status, explain, pending: looking at a journal. Nothing is written.
#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "cli.hpp"

namespace quorate::cli {
namespace {

struct options {
    std::string db{};
    std::string at{};
    std::string as{};
    std::string id{};       ///< explain
    std::string who{};      ///< pending
    std::string process{};  ///< status
    bool        open_only = false;
};

viewer viewer_of(const std::string& as) {
    return as.empty() ? viewer::host() : as == "anyone" ? viewer::anyone() : viewer::as(as);
}

/// One proposal in a list, explained as of now, but not before its last event.
result<explanation> look(const engine& e, const std::string& id, instant now, const viewer& v) {
    return e.explain(id, std::max(now, e.get(id)->last), v);
}

void list_json(const session& s, const std::vector<explanation>& all) {
    json_text::json_out out;
    out.object().key("proposals").array();
    for (const auto& x : all) {
        out.object().field("id", x.id).field("subject", x.subject).field("title", x.title).field("process", x.process);
        out.field("stage", x.stage).field("phase", quorate::to_string(x.in)).field("summary", x.summary);
        out.strings("outstanding", x.outstanding);
        out.key("next");
        if (x.next) out.value(quorate::to_string(*x.next)).field("next_stage", x.next_stage);
        else out.null();
        out.end();
    }
    s.print_json(std::move(out.end().end()));
}

void list_text(const session& s, const std::vector<explanation>& all) {
    std::vector<std::vector<std::string>> rows{{"ID", "SUBJECT", "STAGE", "SINCE", "NEXT", "NOW"}};
    for (auto& cell : rows[0]) cell = paint(ink::dim, cell);
    for (const auto& x : all)
        rows.push_back({paint(ink::bold, x.id), x.subject.empty() ? "-" : x.subject, x.stage, date_string(x.entered),
                        x.next ? date_string(*x.next) : "-", x.summary});
    s.print(aligned(rows));
}

int list(const session& s, const engine& e, const std::vector<std::string>& ids, const options& o, std::string_view none) {
    const auto now = moment_from(o.at);
    if (!now) return s.fail(now.error());
    std::vector<explanation> all;
    for (const auto& id : ids)
        if (auto x = look(e, id, now.value(), viewer_of(o.as))) all.push_back(std::move(x.value()));
    if (s.json) list_json(s, all);
    else if (all.empty()) s.print(std::string(none) + "\n");
    else list_text(s, all);
    return fine;
}

int status(const session& s, const options& o) {
    const auto e = engine_of(o.db);
    if (!e) return s.fail(e.error());
    const filter f{.process = o.process, .open_only = o.open_only, .most = std::numeric_limits<std::size_t>::max()};
    return list(s, e.value(), e.value().list(f, viewer_of(o.as)), o, "no proposals");
}

int pending(const session& s, const options& o) {
    const auto e = engine_of(o.db);
    if (!e) return s.fail(e.error());
    if (!e.value().people().find_person(o.who))
        return s.fail(make_error(errc::not_found, "nobody is known as \"" + o.who + "\""));
    return list(s, e.value(), e.value().pending_of(o.who, viewer_of(o.as)), o, "nothing waits for " + o.who);
}

/// `text` as an id, or else as the subject of the proposal opened last on it.
std::string id_of(const engine& e, const std::string& text, const viewer& v) {
    if (e.get(text) != nullptr) return text;
    const auto on_subject = e.find(text, v);
    return on_subject.empty() ? text : on_subject.back();
}

int explain_one(const session& s, const options& o) {
    const auto e = engine_of(o.db);
    if (!e) return s.fail(e.error());
    const auto now = moment_from(o.at);
    if (!now) return s.fail(now.error());
    const auto v = viewer_of(o.as);
    const auto id = id_of(e.value(), o.id, v);
    const auto* p = e.value().get(id);
    const auto  as_of = p == nullptr ? now.value() : std::max(now.value(), p->last);
    const auto  x = e.value().explain(id, as_of, v);
    if (!x) return s.fail(x.error());
    if (s.json) {
        json_text::json_out out;
        s.print_json(std::move(out.raw(quorate::to_json(x.value()))));
    } else {
        s.print(quorate::to_string(x.value()));
    }
    return fine;
}

void shared(CLI::App* sub, const std::shared_ptr<options>& o) {
    sub->add_option("--db", o->db, "The journal")->required();
    sub->add_option("--at", o->at, "As of this instant (UTC); the time of the clock when left out");
    sub->add_option("--as", o->as, "As this person sees it (id or handle), or \"anyone\"; as the host when left out");
}

}  // namespace

void add_reads(CLI::App& app, session& s) {
    auto  o = std::make_shared<options>();
    auto* list_all = subcommand(app, s, "status", "Lists the proposals of a journal", "quorate status --db decisions.db --open",
                                [&s, o] { return status(s, *o); });
    shared(list_all, o);
    list_all->add_flag("--open", o->open_only, "Only those still to be decided");
    list_all->add_option("--process", o->process, "Only those going through this process");

    auto* one = subcommand(app, s, "explain", "Why a proposal stands where it stands, who can move it, what happens next",
                           "quorate explain rfc-1 --db decisions.db --as carol", [&s, o] { return explain_one(s, *o); });
    one->add_option("ID", o->id, "The proposal, or its subject")->required();
    shared(one, o);

    auto* mine = subcommand(app, s, "pending", "Lists what waits for somebody", "quorate pending carol --db decisions.db",
                            [&s, o] { return pending(s, *o); });
    mine->add_option("WHO", o->who, "Id or handle")->required();
    shared(mine, o);
}

}  // namespace quorate::cli
