// status, explain, pending, ballots: looking at a journal. Nothing is written.
#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include <quorate/tally/table.hpp>

#include "cli.hpp"

namespace quorate::cli {
namespace {

struct read_flags {
    std::string db{};
    std::string at{};
    std::string as{};
    std::string id{};       ///< explain, ballots
    std::string who{};      ///< pending
    std::string process{};  ///< status
    bool        open_only = false;
    bool        csv = false;  ///< ballots
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

int list(const session& s, const engine& e, const std::vector<std::string>& ids, const read_flags& o, std::string_view none) {
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

int status(const session& s, const read_flags& o) {
    const auto e = engine_of(o.db);
    if (!e) return s.fail(e.error());
    const filter f{.process = o.process, .open_only = o.open_only, .most = std::numeric_limits<std::size_t>::max()};
    return list(s, e.value(), e.value().list(f, viewer_of(o.as)), o, "no proposals");
}

int pending(const session& s, const read_flags& o) {
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

int explain_one(const session& s, const read_flags& o) {
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

/// Equal ballots once, with how many there are; the most frequent first.
std::vector<std::pair<std::size_t, const anonymous_ballot*>> distinct(const std::vector<anonymous_ballot>& all) {
    std::vector<std::pair<std::size_t, const anonymous_ballot*>> rows;
    for (const auto& b : all) {
        if (rows.empty() || *rows.back().second != b) rows.emplace_back(0, &b);
        ++rows.back().first;  // they are sorted, so that equal ones are beside each other
    }
    std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    return rows;
}

std::string ballots_text(const proposal& p, const counted_vote& vote) {
    const auto head = fmt::format("{}  {}  {} since {}\n\n", p.id, p.subject.empty() ? "-" : p.subject, p.now().name, date_string(p.entered));
    std::vector<std::vector<std::string>> rows{{paint(ink::dim, "BALLOTS"), paint(ink::dim, "SAY")}};
    for (const auto& [n, ballot] : distinct(vote.ballots)) {
        std::string says;
        for (const auto& part : ballot->says) says += (says.empty() ? "" : ", ") + part;
        rows.push_back({fmt::format("{:>7}", n), says.empty() ? "nothing" : says});
    }
    return head + aligned(rows) + "\n" + tally::to_table(vote.count);
}

/// A table that `quorate count` reads. Names of options need no quotes.
std::string ballots_csv(const counted_vote& vote) {
    const auto& names = vote.count.options;
    std::string column = "count", out;
    while (std::find(names.begin(), names.end(), column) != names.end()) column += '_';
    out = column;
    for (const auto& name : names) out += ',' + name;
    out += '\n';
    for (const auto& [n, ballot] : distinct(vote.ballots)) {
        out += std::to_string(n);
        // A rank of 0 is none, and so is an approval; a score of 0 is one, and says so.
        for (std::size_t i = 0; i < names.size(); ++i) {
            const bool scored = std::find(ballot->says.begin(), ballot->says.end(), names[i] + ":0") != ballot->says.end();
            const auto mark = ballot->marks[i];
            out += (mark == 0 && !scored) || mark == tally::unscored ? ",-" : ',' + std::to_string(mark);
        }
        out += '\n';
    }
    return out;
}

void ballots_json(const session& s, const std::string& id, const counted_vote& vote) {
    json_text::json_out out;
    out.object().field("id", id).key("ballots").array();
    for (const auto& [n, ballot] : distinct(vote.ballots)) {
        out.object().field("count", n);
        out.strings("says", ballot->says);
        out.end();
    }
    s.print_json(std::move(out.end().key("count").raw(tally::to_json(vote.count)).end()));
}

int ballots_of(const session& s, const read_flags& o) {
    if (o.csv && s.json) return s.fail(make_error(errc::invalid, "one kind of output at a time", "--csv"));
    const auto e = engine_of(o.db);
    if (!e) return s.fail(e.error());
    const auto v = viewer_of(o.as);
    const auto id = id_of(e.value(), o.id, v);
    const auto vote = e.value().count(id, v);
    if (!vote) return s.fail(vote.error(), vote.error().code == errc::not_found ? unusable : findings);
    if (s.json) ballots_json(s, id, vote.value());
    else s.print(o.csv ? ballots_csv(vote.value()) : ballots_text(*e.value().get(id), vote.value()));
    return fine;
}

void shared(subcommand sub, read_flags& o, bool timed = true) {
    sub.option("--db", o.db, "The journal").required();
    if (timed) sub.option("--at", o.at, "As of this instant (UTC); the time of the clock when left out");
    sub.option("--as", o.as, "As this person sees it (id or handle), or \"anyone\"; as the host when left out");
}

}  // namespace

void add_reads(command_group to) {
    auto o = std::make_shared<read_flags>();
    auto list_all = to.add("status", "Lists the proposals of a journal", "quorate status --db decisions.db --open",
                           [o](const session& s) { return status(s, *o); });
    shared(list_all, *o);
    list_all.flag("--open", o->open_only, "Only those still to be decided");
    list_all.option("--process", o->process, "Only those going through this process");

    auto one = to.add("explain", "Why a proposal stands where it stands, who can move it, what happens next",
                      "quorate explain rfc-1 --db decisions.db --as carol", [o](const session& s) { return explain_one(s, *o); });
    one.option("ID", o->id, "The proposal, or its subject").required();
    shared(one, *o);

    auto votes = to.add("ballots", "The ballots about options without whose they are, and their count with its working",
                        "quorate ballots resolution-1 --db decisions.db --as anyone\n"
                        "As the host at any time; as others, where a charter hides ballots, once the proposal is decided.",
                        [o](const session& s) { return ballots_of(s, *o); });
    votes.option("ID", o->id, "The proposal, or its subject").required();
    votes.flag("--csv", o->csv, "The ballots alone, as a table that 'quorate count - --format csv' reads");
    shared(votes, *o, false);

    auto mine = to.add("pending", "Lists what waits for somebody", "quorate pending carol --db decisions.db",
                       [o](const session& s) { return pending(s, *o); });
    mine.option("WHO", o->who, "Id or handle").required();
    shared(mine, *o);
}

}  // namespace quorate::cli
