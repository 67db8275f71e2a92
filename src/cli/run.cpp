// run: commands as JSON lines in, receipts as JSON lines out.
#include <algorithm>
#include <cstdio>
#include <limits>
#include <map>
#include <set>

#include <fmt/format.h>

#include "cli.hpp"
#include "json.hpp"
#include "scenario_load.hpp"
#include "sha256.hpp"

namespace quorate::cli {
namespace {

using json_text::in_quotes;
using json_text::kind;
using json_text::node;

struct run_flags {
    std::string              charter{}, roster{}, input = "-", db{};
    std::vector<std::string> params{};
    bool                     text = false;
    bool                     now = false;
    bool                     effects = false;
};

constexpr std::size_t longest_line = json_text::largest_document;

/// Lines of a file or of standard input, one at a time, none longer than `longest_line`.
class lines {
public:
    static result<lines> of(const std::string& path) {
        if (path == "-") return lines(stdin, "standard input");
        auto* file = std::fopen(path.c_str(), "rb");
        if (file == nullptr) return make_error(errc::not_found, "can't be opened", path);
        return lines(file, path);
    }
    lines(lines&& o) noexcept : file_(std::exchange(o.file_, nullptr)), name_(std::move(o.name_)) {}
    lines& operator=(lines&&) = delete;
    ~lines() {
        if (file_ != nullptr && file_ != stdin) std::fclose(file_);
    }

    /// Nothing at the end.
    result<std::optional<std::string>> next() {
        std::string line;
        int         c = 0;
        while ((c = std::getc(file_)) != EOF && c != '\n') {
            if (line.size() == longest_line) return make_error(errc::limit, "a line longer than the limit", name_);
            line += static_cast<char>(c);
        }
        if (std::ferror(file_) != 0) return make_error(errc::io, "can't be read", name_);
        if (c == EOF && line.empty()) return std::optional<std::string>();
        return std::optional(std::move(line));
    }
    [[nodiscard]] const std::string& name() const { return name_; }

private:
    lines(std::FILE* file, std::string name) : file_(file), name_(std::move(name)) {}
    std::FILE*  file_;
    std::string name_;
};

void refusal_fields(json_text::json_out& out, const refusal& no) {
    out.object().field("by", refused_by_names[static_cast<std::size_t>(no.by)]).field("what", no.what).field("which", no.which);
    out.field("needed", no.needed).end();
}

class running {
public:
    running(const session& s, const run_flags& o, engine e, std::string name)
        : s_(s), o_(o), engine_(std::move(e)), name_(std::move(name)) {
        for (const auto& id : engine_.list({.most = std::numeric_limits<std::size_t>::max()})) known_.insert(id);
        if (!known_.empty()) last_ = engine_.list({.most = std::numeric_limits<std::size_t>::max()}).back();
    }

    int operator()(lines& input) {
        for (;;) {
            auto line = input.next();
            ++number_;
            if (!line) return s_.fail(line.error());
            if (!line.value()) break;
            if (line.value()->find_first_not_of(" \t\r") == std::string::npos) continue;
            const auto done = one(*line.value());
            // Going on after a line that could not be read would run the others on a state that they weren't written for.
            if (!done) return stopped(done.error());
        }
        if (o_.effects) print_effects();
        return refused_ ? findings : fine;
    }

private:
    int stopped(error e) {
        for (auto& p : e.problems)
            if (p.line != 0) p.line += number_ - 1;
        if (!o_.text) {
            json_text::json_out out;
            out.object().field("line", number_).key("error").object().field("code", to_string(e.code)).key("problems").array();
            for (const auto& p : e.problems) problem_fields(out, p);
            s_.print_json(std::move(out.end().end().end()));
        }
        s_.complain(fmt::format("{}: stopped at line {}\n{}\n", name_, number_, e.what()));
        return unusable;
    }

    result<void> one(const std::string& line) {
        const auto parsed = json_text::parse(line, name_);
        if (!parsed) return parsed.error();
        node        root = parsed.value();
        if (!root.is_object()) return at_line("expected an object, found " + std::string(json_text::to_string(root.what)));
        if (const auto* o = root.find("open")) return open(*o, root, line);
        if (const auto* a = root.find("advance")) return advance(*a, root);
        if (const auto* r = root.find("roster")) return change(*r, root, line);
        return submit(std::move(root), line);
    }
    [[nodiscard]] error at_line(std::string what, std::string hint = {}) const {
        return {errc::invalid, {{.where = name_, .line = 1, .column = 1, .what = std::move(what), .hint = std::move(hint)}}};
    }
    /// {"open": {...}} and the like have nothing beside them.
    [[nodiscard]] result<void> alone(const node& root) const {
        if (root.members.size() == 1) return {};
        return at_line("\"" + root.members[0].key + "\" and \"" + root.members[1].key + "\" don't go together");
    }

    // A line without a key gets one made from its text, the proposal and how many equal lines came before it in this input:
    // feeding the same input again changes nothing, and a repeated line within one input is a command of its own.
    std::string key_of(const std::string& line, const std::string& proposal) {
        const auto content = proposal + '\n' + line;
        return "line-" + sha256_hex(content + '\n' + std::to_string(++seen_[content]));
    }
    /// The line's own time, or the clock's with --now, never before the last event.
    result<instant> time_of(const node* at, instant not_before) {
        if (at != nullptr) {
            const auto t = at->is_string() ? parse_instant(at->text) : std::nullopt;
            if (t) return *t;
            return at_line("\"at\" must be an instant", "write 2026-03-01T00:00:00Z");
        }
        if (!o_.now) return at_line("\"at\" is missing: when was this received?", "or use --now");
        return std::max(moment_from({}).value(), not_before);
    }

    // ---- the four kinds of lines ----------------------------------------------------------------------------------------
    result<void> open(const node& from, const node& root, const std::string& line) {
        if (auto fits = alone(root); !fits) return fits;
        json_text::reader read{root, name_};
        opening           o;
        if (read.expect(from, kind::object)) {
            read.known_keys(from, {"process", "by", "subject", "title", "teams", "parent", "about", "at", "key"});
            o.process = read.required_text(from, "process");
            o.by = read.required_text(from, "by");
            o.subject = read.text(from, "subject").value_or("");
            o.title = read.text(from, "title").value_or("");
            for (const auto t : read.texts(from, "teams")) o.teams.emplace_back(t);
            o.parent = id_of(read.text(from, "parent").value_or(""));
            o.about = read.text(from, "about").value_or("");
            o.key = read.text(from, "key").value_or("");
        }
        if (!read.ok()) return read.why();
        const auto at = time_of(from.find("at"), {});
        if (!at) return at.error();
        o.at = at.value();
        if (o.key.empty() && !o_.db.empty()) o.key = key_of(line, {});
        const auto id = engine_.open(o);
        // A fault of the store ends the run; anything else is an answer.
        if (!id && (id.error().code == errc::io || id.error().code == errc::damaged)) return id.error();
        receipt r = id ? receipt() : receipt(refusal{.by = refused_by::input, .what = id.error().what()});
        if (id) {
            r.proposal = last_ = id.value();
            r.repeated = !known_.insert(id.value()).second;
            if (const auto events = engine_.history(id.value()); events && !r.repeated) r.events = events.value();
        }
        print(r, "open " + o.process + " by " + o.by);
        return {};
    }

    result<void> advance(const node& from, const node& root) {
        if (auto fits = alone(root); !fits) return fits;
        const auto at = time_of(&from, {});
        if (!at) return at.error();
        const auto moved = engine_.advance(at.value());
        const auto doing = "until " + quorate::to_string(at.value());
        if (moved.empty()) print(receipt(), doing);  // each line has an answer
        return receipts(moved, doing);
    }

    result<void> change(const node& from, const node& root, const std::string& line) {
        const auto* given = root.find("key");
        if (auto fits = alone(root); !fits && (given == nullptr || !given->is_string() || root.members.size() != 2)) return fits;
        const auto event = parse_roster_event(compact_json(from), name_);
        if (!event) return event.error();
        auto key = given != nullptr ? given->text : std::string();
        if (key.empty() && !o_.db.empty()) key = key_of(line, "roster");
        const auto done = engine_.change_roster(event.value(), key);
        const auto doing = "roster: " + std::string(quorate::to_string(event.value().what));
        if (!done && (done.error().code == errc::io || done.error().code == errc::damaged)) return done.error();
        if (!done) {
            print(receipt(refusal{.by = refused_by::input, .what = done.error().what()}), doing);
            return {};
        }
        const bool repeated = done.value().size() == 1 && done.value().front().repeated;
        if (!repeated) print(receipt(), doing);
        return receipts(done.value(), doing);
    }

    result<void> submit(node root, const std::string& line) {
        auto id = last_;
        if (const auto* p = root.find("proposal"); p != nullptr && p->is_string() && root.find("do") != nullptr && root.find("do")->text != "link")
            id = id_of(p->text);
        if (id.empty()) return at_line("no proposal is named, and none was opened so far", "\"proposal\": its id or subject");
        const auto* p = engine_.get(id);
        const auto  at = time_of(root.find("at"), p == nullptr ? instant{} : p->last);
        if (!at) return at.error();
        std::erase_if(root.members, [](const json_text::member& m) { return m.key == "at" || m.key == "proposal"; });
        root.members.push_back({"at", 0, 0, {}});
        root.members.back().value.what = kind::string;
        root.members.back().value.text = quorate::to_string(at.value());
        auto c = parse_command(compact_json(root), name_);
        if (!c) {
            const auto placed = parse_command(placed_json(root), name_);  // again, to say where
            return placed ? c.error() : placed.error();
        }
        if (c.value().key.empty() && !o_.db.empty()) c.value().key = key_of(line, id);
        const auto r = engine_.submit(id, c.value());
        if (r.failed() && r.fault().code != errc::not_found && r.fault().code != errc::conflict) return r.fault();
        print(r, std::string(quorate::to_string(c.value().what)) + (c.value().subject.empty() ? "" : " " + in_quotes(c.value().subject)) +
                     (c.value().by.empty() ? "" : " by " + c.value().by));
        return {};
    }

    /// An id as it is; else that of the proposal opened last on this subject.
    [[nodiscard]] std::string id_of(std::string_view text) const {
        if (engine_.get(text) != nullptr) return std::string(text);
        const auto on_subject = engine_.find(text);
        return on_subject.empty() ? std::string(text) : on_subject.back();
    }

    // ---- answers ----------------------------------------------------------------------------------------------------------
    result<void> receipts(const std::vector<receipt>& all, const std::string& doing) {
        for (const auto& r : all) {
            if (r.failed()) return r.fault();
            print(r, doing);
        }
        return {};
    }

    void print(const receipt& r, const std::string& doing) {
        refused_ = refused_ || !r.accepted();
        if (o_.text) return print_text(r, doing);
        json_text::json_out out;
        out.object().field("line", number_);
        if (!r.proposal.empty()) out.field("proposal", r.proposal);
        out.field("accepted", r.accepted());
        if (r.repeated) out.field("repeated", true);
        if (r.refused()) refusal_fields(out.key("refused"), r.refusal());
        if (r.failed()) out.field("fault", r.fault().what());
        out.key("events").array();
        for (const auto& e : r.events) out.raw(quorate::to_json(e));
        out.end();
        if (!r.elsewhere.empty()) {
            out.key("elsewhere").array();
            for (const auto& [proposal, events] : r.elsewhere) {
                out.object().field("proposal", proposal).key("events").array();
                for (const auto& e : events) out.raw(quorate::to_json(e));
                out.end().end();
            }
            out.end();
        }
        s_.print_json(std::move(out.end()));
    }
    void print_text(const receipt& r, const std::string& doing) {
        const auto answer = r.failed()    ? paint(ink::bad, "fault: " + r.fault().what())
                            : r.refused() ? paint(ink::bad, "refused: ") + quorate::to_string(r.refusal())
                                          : paint(ink::good, r.repeated ? "as before" : "accepted");
        s_.print(fmt::format("{:>4}  {}{}  {}\n", number_, r.proposal.empty() ? "" : r.proposal + "  ", doing, answer));
        print_moves(r.events, {});
        for (const auto& [proposal, events] : r.elsewhere) print_moves(events, proposal + "  ");
    }
    void print_moves(const std::vector<event>& events, const std::string& of) {
        for (const auto& e : events)
            if (e.kind == event_kind::moved)
                s_.print(fmt::format("      {}{}  {} -> {} ({})\n", of, quorate::to_string(e.at), e.detail, paint(ink::bold, e.subject),
                                     quorate::to_string(e.why)));
    }
    void print_effects() {
        const auto pending = engine_.pending_effects(std::numeric_limits<std::int32_t>::max());
        if (!pending) {
            s_.fail(pending.error());
            return;
        }
        for (const auto& e : pending.value()) {
            if (o_.text) {
                s_.print(fmt::format("      effect {}  {}  {} {}\n", e.id, e.proposal, e.kind, e.payload));
                continue;
            }
            json_text::json_out out;
            out.object().key("effect").object().field("id", e.id).field("proposal", e.proposal).field("at", quorate::to_string(e.at));
            out.field("kind", e.kind).key("payload").raw(e.payload).end().end();
            s_.print_json(std::move(out));
        }
    }

    const session&             s_;
    const run_flags&           o_;
    engine                     engine_;
    std::string                name_;
    std::string                last_;    ///< the proposal that lines without "proposal" are for
    std::set<std::string>      known_;
    std::map<std::string, int> seen_;    ///< equal lines so far
    std::uint32_t              number_ = 0;
    bool                       refused_ = false;
};

/// The engine: over the given documents, over those that the journal holds, or both.
result<engine> engine_for(const run_flags& o) {
    if (o.charter.empty()) return engine_of(o.db);
    auto rules = charter_from(o.charter, o.params);
    if (!rules) return rules.error();
    auto people = roster_from(o.roster);
    if (!people) return people.error();
    if (o.db.empty()) return engine::make(std::move(rules.value()), std::move(people.value()));
    auto store = open_journal(o.db, true);
    if (!store) return store.error();
    return engine::make(std::move(rules.value()), std::move(people.value()), std::move(store.value()));
}

int run_lines(const session& s, const run_flags& o) {
    if (o.charter.empty() != o.roster.empty())
        return s.fail(make_error(errc::invalid, "a charter needs a roster", "run", "quorate run CHARTER ROSTER"));
    if (o.charter.empty() && o.db.empty())
        return s.fail(make_error(errc::invalid, "neither documents nor a journal are given", "run",
                                 "quorate run CHARTER ROSTER, or quorate run --db FILE"));
    if ((o.charter == "-") + (o.roster == "-") + (o.input == "-") > 1)
        return s.fail(make_error(errc::invalid, "standard input can be only one of charter, roster and commands", "run",
                                 "--input FILE"));
    auto input = lines::of(o.input);
    if (!input) return s.fail(input.error());
    auto e = engine_for(o);
    if (!e) return s.fail(e.error());
    return running(s, o, std::move(e.value()), input.value().name())(input.value());
}

}  // namespace

void add_run(command_group to) {
    auto o = std::make_shared<run_flags>();
    auto sub = to.add("run", "Takes commands as JSON lines and answers each with a receipt, as JSON lines",
                      "quorate run charter.json roster.json < commands.jsonl\n"
                      "Lines: {\"open\": {\"process\": \"rfc\", \"by\": \"alice\", \"at\": \"2026-03-01T00:00:00Z\"}}\n"
                      "       {\"do\": \"cast\", \"by\": \"carol\", \"position\": \"approve\", \"at\": \"...\"}\n"
                      "       {\"advance\": \"2026-04-01T00:00:00Z\"}   {\"roster\": {\"at\": \"...\", \"event\": \"leave\", ...}}\n"
                      "\"proposal\" is an id or a subject; without it a line is for the proposal opened last. With --db a\n"
                      "line without \"key\" gets one made from its text, its proposal and how many equal lines came before\n"
                      "it: feeding the same input again changes nothing. A line that can't be read stops the run.",
                      [o](const session& s) { return run_lines(s, *o); });
    sub.option("CHARTER", o->charter, "The charter; not needed when the journal holds one");
    sub.option("ROSTER", o->roster, "The roster");
    sub.option("--input", o->input, "Where commands come from; standard input when left out");
    sub.option("--db", o->db, "Keep everything in this journal (SQLite); in memory when left out");
    parameters_option(sub, o->params);
    sub.flag("--text", o->text, "Output for people");
    sub.flag("--now", o->now, "Lines without \"at\" are stamped with the time of the clock");
    sub.flag("--effects", o->effects, "In the end, list the effects that the host has still to carry out");
}

}  // namespace quorate::cli
