// Deliveries about pull requests, labels, people and reactions, and the way of every command. Comments are in desk_comments.cpp.
#include "desk_errand.hpp"

#include <algorithm>

#include "dialect_forms.hpp"
#include "json.hpp"
#include "json_out.hpp"
#include "plain_text.hpp"

namespace bot {

using quorate::act;
using quorate::command;
using quorate::errc;
using quorate::failure;
using quorate::proposal;
using quorate::refusal;
using quorate::refused_by;
using quorate::dialect_forms::lowered;

bool dealt::needs_reply() const {
    return wants_status || !remark.empty() || std::any_of(answers.begin(), answers.end(), [](const auto& h) { return h.no.has_value(); });
}

dealt desk::take(const delivery& d) {
    errand e{.d = d, .repository = settings_.find(d.repository), .result = {.subject = d.subject()}};
    e.result.ignored = true;
    if (d.event == "membership") {
        membership(e);
        return std::move(e.result);
    }
    const bool opened = d.action == "opened";
    const bool comment = d.event == "issue_comment" || d.event == "pull_request_review";
    if (e.repository == nullptr || (d.sender.id == settings_.bot_id && !d.looked) || (comment && d.sender.machine)) return std::move(e.result);
    e.result.ignored = false;
    e.proposal = current(*e.repository, e.result.subject);
    if (d.event == "reactions") reactions(e);
    else if (d.event == "issue_comment" && d.action == "created") comment_created(e);
    else if (d.event == "issue_comment" && d.action == "edited") comment_edited(e);
    else if (d.event == "issue_comment" && d.action == "deleted") comment_deleted(e);
    else if (d.event == "pull_request_review") review(e);
    else if (d.action == "labeled" || d.action == "unlabeled") labels(e);
    else if (d.event == "pull_request" && e.repository->as->begins == begins_with::pull_request) pull_request(e);
    else closed_or_not(e);
    if (opened && e.repository->as->first_text && !d.text.empty() && !d.writer.machine) read(e, std::nullopt);
    e.result.proposal = e.proposal;
    return std::move(e.result);
}

std::string desk::current(const repository_settings& r, const std::string& subject) const {
    std::string last;
    bool        last_open = false;
    for (const auto& id : engine_.find(subject)) {
        const auto* p = engine_.get(id);
        const bool  ours = p->by->name == r.process || (r.as->begins == begins_with::opening_command && p->by->name.starts_with(r.process + "_"));
        if (!ours || (last_open && !quorate::is_open(p->in()))) continue;
        last = id;
        last_open = quorate::is_open(p->in());
    }
    return last;
}

bool desk::wants_files(const delivery& d) const {
    const auto* r = settings_.find(d.repository);
    if (r == nullptr || r->areas.empty() || !d.pull_request || d.files) return false;
    return d.action == "opened" || d.action == "synchronize" || d.action == "reopened" || current(*r, d.subject()).empty();
}

void desk::introduce(const account& a, instant at) {
    if (a.id == 0 || a.login.empty()) return;
    const auto  handle = a.login.find_first_not_of("0123456789") == std::string::npos ? "@" + a.login : a.login;
    const auto& people = engine_.people();
    const auto  who = people.find_person(a.person());
    const bool  member = who && people.id(*who) == a.person() && !people.is_guest(*who);
    if (member && people.handle(*who) == handle) return;
    quorate::roster_event change{.at = people.as_of() ? std::max(at, *people.as_of()) : at,
                                 .what = member ? quorate::roster_event_kind::change_handle : quorate::roster_event_kind::add_person};
    change.who = a.person();
    change.handle = handle;
    auto trial = people;  // a refusal would be kept for ever
    if (!trial.apply(change)) return;
    const auto done = engine_.change_roster(change, "person " + a.person() + " " + handle + " " + std::to_string(people.version()));
    if (!done && done.error().code != errc::invalid && done.error().code != errc::conflict) throw failure(done.error());
}

// ---- the way of a command -----------------------------------------------------------------------------------------------------------
std::optional<desk::known_answer> desk::known(const std::string& key) {
    const auto kept = answers_.answer_to(key);
    if (!kept) throw failure(kept.error());
    if (!kept.value()) return std::nullopt;
    known_answer answer;
    const auto   json = quorate::json_text::parse(kept.value()->answer, "kept answer");
    if (!json) throw failure(json.error());
    const auto text = [&](std::string_view name) {
        const auto* n = json.value().find(name);
        return n == nullptr ? std::string() : n->text;
    };
    answer.proposal = text("proposal");
    if (json.value().find("refused") == nullptr) return answer;
    answer.no = refusal{.by = refused_by::state, .what = text("what"), .which = text("which"), .needed = text("needed")};
    for (std::size_t i = 0; i < quorate::refused_by_names.size(); ++i)
        if (quorate::refused_by_names[i] == text("refused")) answer.no->by = static_cast<refused_by>(i);
    return answer;
}

/// The engine finds people by id or handle, and a handle may be digits alone: a number that is no id must not become its holder.
std::optional<refusal> desk::somebody_else(const std::string& number) const {
    const auto& people = engine_.people();
    const auto  found = people.find_person(number);
    if (!found || people.id(*found) == number) return std::nullopt;
    return refusal{.by = refused_by::input, .what = "account " + number + " is not the person whom the roster calls " + number,
                   .which = "who somebody is is the account's number, never a name", .needed = "another handle for that person in the roster"};
}

std::optional<refusal> desk::submit(errand& e, const std::string& id, command c, const std::string& key) {
    e.touch(id);
    if (auto no = somebody_else(c.by)) return no;
    if (auto before = known(key)) return before->no;
    const auto* p = engine_.get(id);
    c.key = key;
    c.at = p == nullptr ? std::max(c.at, e.d.at) : std::max(c.at == instant{} ? e.d.at : c.at, p->last);
    const auto r = engine_.submit(id, c);
    if (r.failed()) {
        if (r.fault().code == errc::conflict)
            if (auto before = known(key)) return before->no;
        throw failure(r.fault());
    }
    for (const auto& other : r.elsewhere) e.touch(other.proposal);
    return r.refused() ? std::optional(r.refusal()) : std::nullopt;
}

std::optional<refusal> desk::open(errand& e, quorate::opening o, const std::string& key) {
    o.title = quorate::plain_text::clean(std::string_view(o.title).substr(0, quorate::longest_title));
    o.subject = e.result.subject;
    o.at = e.d.at;
    o.key = key;
    if (auto no = somebody_else(o.by)) return no;
    auto before = known(key);
    if (!before) {
        const auto opened = engine_.open(o);
        before = known(key);
        if (!before) {  // not even the answer is stored
            if (opened) before = known_answer{.proposal = opened.value()};
            else if (opened.error().code == errc::invalid) return refusal{.by = refused_by::input, .what = opened.error().what()};
            else throw failure(opened.error());
        }
    }
    if (before->no) return before->no;
    e.touch(before->proposal);
    e.proposal = before->proposal;
    return std::nullopt;
}

/// Says something that the bot knows, in nobody's name. A process without that fact doesn't hear it.
std::optional<refusal> desk::host_says(errand& e, command c, const std::string& key) {
    const auto* p = engine_.get(e.proposal);
    if (p == nullptr) return std::nullopt;
    if (c.what == act::fact && std::find(p->by->facts.begin(), p->by->facts.end(), c.subject) == p->by->facts.end()) return std::nullopt;
    return submit(e, e.proposal, std::move(c), key);
}

std::vector<std::string> desk::teams_of(const errand& e) const {
    const auto&              people = engine_.people();
    std::vector<std::string> teams;
    const auto               add = [&](std::string_view name) {
        if (std::find(teams.begin(), teams.end(), name) == teams.end()) teams.emplace_back(name);
    };
    if (e.repository->areas.empty()) {
        for (const auto& label : e.d.labels)
            if (const auto t = people.team_named(label); t && lowered(people.info(*t).label) == lowered(label)) add(people.name(*t));
        return teams;
    }
    if (!e.d.files) return teams;
    std::vector<std::string_view> needed;  // areas, by their paths
    for (const auto& file : *e.d.files) {
        const std::pair<std::string, std::string>* best = nullptr;
        for (const auto& area : e.repository->areas)
            if (file.starts_with(area.first) && (best == nullptr || area.first.size() > best->first.size())) best = &area;
        if (best == nullptr) return {};  // nobody owns it: then nobody can approve the whole
        if (std::find(needed.begin(), needed.end(), best->second) == needed.end()) needed.push_back(best->second);
    }
    for (const auto team : needed) add(team);
    return teams;
}

bool desk::begin(errand& e, std::optional<refusal>& no) {
    if (!e.proposal.empty()) return true;
    if (e.repository->as->begins == begins_with::opening_command) {
        no = refusal{.by = refused_by::state, .what = "nothing is open here", .which = {}, .needed = "say \"/vote\" to open a vote"};
        return false;
    }
    const bool of_pulls = e.repository->as->begins == begins_with::pull_request;
    if (of_pulls && !e.d.pull_request) {
        no = refusal{.by = refused_by::state, .what = "this is no pull request", .which = {}, .needed = "only pull requests are decided on in this repository"};
        return false;
    }
    introduce(e.d.author, e.d.at);
    no = open(e, {.process = e.repository->process, .by = e.d.author.person(), .title = e.d.title, .teams = teams_of(e)},
              "open " + e.result.subject + " " + std::to_string(engine_.find(e.result.subject).size()));
    if (!no && of_pulls) ready(e);
    return !no;
}

void desk::ready(errand& e) {
    const auto& allowed = engine_.get(e.proposal)->now().allow;
    if (e.d.draft || std::none_of(allowed.begin(), allowed.end(), [](const auto& a) { return a.what == act::propose; })) return;
    (void)submit(e, e.proposal, {.what = act::propose, .by = e.d.author.person()}, e.key("ready"));
}

// ---- commits ------------------------------------------------------------------------------------------------------------------------
std::string desk::head_of(const std::string& proposal) {
    const auto heads = heads_of(proposal);
    return heads.empty() ? std::string() : heads.back();
}

std::vector<std::string> desk::heads_of(const std::string& proposal) {
    const auto past = engine_.history(proposal);
    if (!past) return {};
    std::vector<std::string> heads;
    const auto first = answers_.answer_to("first head of " + proposal);
    if (!first) throw failure(first.error());
    const auto json = quorate::json_text::parse(first.value() ? first.value()->answer : "{}", "kept answer");
    const auto* n = json ? json.value().find("head") : nullptr;
    if (n != nullptr) heads.push_back(n->text);
    for (const auto& e : past.value())
        if (e.kind == quorate::event_kind::acted && e.done == act::revise) heads.push_back(e.subject);
    return heads;
}

bool desk::strays(const std::vector<std::string>& heads, const delivery& d) {
    if (heads.empty() || heads.back() == d.head) return false;
    if (d.action != "synchronize" || std::find(heads.begin(), heads.end(), d.head) != heads.end()) return true;
    return !d.follows.empty() && d.follows != heads.back();
}

bool desk::wants_look(const delivery& d) {
    const auto* r = settings_.find(d.repository);
    if (r == nullptr || r->as->push.empty() || d.looked || d.head.empty()) return false;
    return strays(heads_of(current(*r, d.subject())), d);
}

void desk::follow_head(errand& e, bool pushed) {
    const auto* p = engine_.get(e.proposal);
    if (p == nullptr || e.d.head.empty() || e.repository->as->push.empty() || !quorate::is_open(p->in())) return;
    const auto heads = heads_of(e.proposal);
    if (!heads.empty() && heads.back() == e.d.head) return;
    if (!e.d.looked && strays(heads, e.d)) return;
    if (heads.empty() && !pushed) {
        quorate::json_text::json_out out;
        out.object().field("head", e.d.head).end();
        const auto kept = answers_.append({.streams = {}, .effects = {}, .answers = {{.key = "first head of " + e.proposal, .command_hash = "bot", .answer = std::move(out).str()}}});
        if (!kept && kept.error().code != errc::conflict) throw failure(kept.error());
        return;
    }
    command push{.what = act::revise, .by = e.d.sender.person(), .subject = e.d.head};
    if (p->by->revision_named(e.repository->as->push)) push.detail = e.repository->as->push;
    if (const auto no = submit(e, e.proposal, push, "push " + e.proposal + " " + e.d.head + " " + std::to_string(p->version)))
        e.result.remark = "What was pushed is not taken as a new revision: " + to_string(*no);
}

// ---- pull requests and issues -----------------------------------------------------------------------------------------------------
void desk::closed_or_not(errand& e) {
    if (e.proposal.empty() || (e.d.action != "closed" && e.d.action != "reopened")) return;
    (void)host_says(e, quorate::fact{.name = "issue_closed", .truth = e.d.action == "closed"}, e.key("closed"));
}

void desk::labels(errand& e) {
    if (e.proposal.empty() || !e.repository->areas.empty() || e.repository->as->begins == begins_with::opening_command) return;
    const auto* p = engine_.get(e.proposal);
    const auto  wanted = teams_of(e);
    std::vector<std::string> present;
    for (const auto t : p->teams) present.emplace_back(engine_.people().name(t));
    if (wanted == present || !quorate::is_open(p->in())) return;
    (void)host_says(e, {.what = act::assign, .names = wanted}, e.key("assign"));
}

void desk::pull_request(errand& e) {
    const auto* p = engine_.get(e.proposal);
    const bool  ended = p != nullptr && !quorate::is_open(p->in());
    if (e.d.action == "reopened" && ended) e.proposal.clear();
    std::optional<refusal> no;
    const bool             fresh = e.proposal.empty();
    if (e.d.action == "closed" && fresh) return;
    if (!begin(e, no)) {
        if (no) e.result.remark = "This pull request can't be taken up: " + to_string(*no);
        return;
    }
    introduce(e.d.sender, e.d.at);
    if (e.d.action == "closed") {
        if (ended) return;
        const auto by = e.d.sender.person();
        no = submit(e, e.proposal, {.what = e.d.merged ? act::enact : act::withdraw, .by = by}, e.key("end"));
        if (no && e.d.merged) {
            e.result.remark = "It was merged, which these rules didn't allow: " + to_string(*no);
            (void)submit(e, e.proposal, {.what = act::withdraw, .by = by}, e.key("close"));
        }
        return;
    }
    ready(e);
    if (e.d.action == "synchronize" && !fresh && !e.repository->areas.empty()) (void)host_says(e, {.what = act::assign, .names = teams_of(e)}, e.key("assign"));
    follow_head(e, e.d.action == "synchronize" && !fresh);
}

// ---- people ---------------------------------------------------------------------------------------------------------------------------
void desk::membership(errand& e) {
    const auto& people = engine_.people();
    const auto  team = people.team_named(e.d.team);
    if (!settings_.all_owned_by(e.d.organisation) || !team || lowered(people.name(*team)) != lowered(e.d.team)) return;  // a label or former name is another team's slug
    e.result.ignored = false;
    introduce(e.d.member, e.d.at);
    if (somebody_else(e.d.member.person())) return;
    const bool added = e.d.action == "added";
    if (const auto who = people.find_person(e.d.member.person()); who && people.is_member(*who, *team) == added) return;
    quorate::roster_event change{.at = people.as_of() ? std::max(e.d.at, *people.as_of()) : e.d.at,
                                 .what = added ? quorate::roster_event_kind::join : quorate::roster_event_kind::leave};
    change.who = e.d.member.person();
    change.team = people.name(*team);
    const auto done = engine_.change_roster(change, e.key("member"));
    if (!done && done.error().code != errc::invalid && done.error().code != errc::conflict) throw failure(done.error());
    if (done)
        for (const auto& r : done.value()) e.touch(r.proposal);
}

// ---- reactions ------------------------------------------------------------------------------------------------------------------------
namespace {

struct change_of_ballot {
    instant     at{};
    std::string who{};
    std::string position{};  ///< empty: taken back
};

/// What somebody's reactions say: a position, nothing, or several at once.
struct said_by {
    account                  who{};
    std::vector<std::string> positions{};
    instant                  at{};
};

std::vector<said_by> by_person(const delivery& d, const quorate::process& by, std::uint64_t bot_id) {
    std::vector<said_by> all;
    for (const auto& r : d.reactions) {
        if (r.by.id == 0 || r.by.machine || r.by.id == bot_id) continue;
        const auto position = std::find_if(by.positions.begin(), by.positions.end(), [&](const auto& p) { return p.title == r.content; });
        if (position == by.positions.end()) continue;
        auto own = std::find_if(all.begin(), all.end(), [&](const said_by& s) { return s.who.id == r.by.id; });
        if (own == all.end()) own = all.insert(all.end(), said_by{.who = r.by, .positions = {}, .at = r.at});
        if (std::find(own->positions.begin(), own->positions.end(), position->name) == own->positions.end()) own->positions.push_back(position->name);
        own->at = std::max(own->at, r.at);
    }
    return all;
}

}  // namespace

void desk::reactions(errand& e) {
    if (!e.d.proposal.empty()) e.proposal = e.d.proposal;  // several votes may be open on one issue
    const auto* p = engine_.get(e.proposal);
    if (p == nullptr || p->subject != e.result.subject || !quorate::is_open(p->in()) || !e.repository->as->reactions) return;
    const auto said = by_person(e.d, *p->by, settings_.bot_id);
    for (const auto& s : said) introduce(s.who, e.d.at);
    const auto                    spoiled = p->by->position_named("spoiled") ? std::string("spoiled") : std::string();
    std::vector<change_of_ballot> todo;
    std::vector<std::string>      heard_of;
    for (const auto& s : said) {
        heard_of.push_back(s.who.person());
        const auto who = engine_.people().find_person(s.who.person());
        const auto* v = who ? quorate::voter_of(*p, *who, engine_.people()) : nullptr;
        const auto  present = v == nullptr || v->choice == 0 ? std::string() : p->by->positions[v->choice - 1U].name;
        const auto  wanted = s.positions.size() == 1 ? s.positions.front() : spoiled;
        if (wanted != present) todo.push_back({std::min(s.at, e.d.at), s.who.person(), wanted});
    }
    for (const auto& v : p->voters) {
        const std::string id(engine_.people().id(v.who));
        if (v.choice != 0 && std::find(heard_of.begin(), heard_of.end(), id) == heard_of.end()) todo.push_back({e.d.at, id, {}});
    }
    std::stable_sort(todo.begin(), todo.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
    for (const auto& t : todo) {
        command c{.what = t.position.empty() ? act::withdraw_ballot : act::cast, .by = t.who, .subject = t.position, .at = t.at};
        (void)submit(e, e.proposal, std::move(c), "reaction " + e.proposal + " " + t.who + " " + std::to_string(engine_.get(e.proposal)->version));
    }
}

}  // namespace bot
