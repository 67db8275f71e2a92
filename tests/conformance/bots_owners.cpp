// Families in which files have owners: every changed file asks for an approval of its own, a rule of the charter made for the case.
#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include <quorate/dialect.hpp>

#include "bots.hpp"

namespace conformance {
namespace {

using namespace quorate;

std::string folder_of(const std::string& path) {
    const auto slash = path.rfind('/');
    return slash == std::string::npos ? std::string() : path.substr(0, slash);
}

/// The nearest folder with owners, or the file's own, and its owners and those of all above.
struct owned {
    std::string              folder;
    std::vector<std::string> by{};
    bool                     found = false;
};
class owners_of {
public:
    explicit owners_of(const json::object& policy) {
        for (const auto& [key, value] : policy)
            if (key == "no_parent_owners" || key == "filters") throw cannot_say(fmt::format("owners with \"{}\"", std::string_view(key)));
        for (const auto& [folder, names] : object_in(policy, "owners")) owners_[std::string(folder)] = lowered(words_in(names.as_array()));
    }
    [[nodiscard]] owned file(const std::string& path) const {
        owned o{folder_of(path)};
        for (std::string folder = o.folder;; folder = folder_of(folder)) {
            if (const auto at = owners_.find(folder); at != owners_.end()) {
                if (!o.found) o.folder = folder;
                o.found = true;
                o.by.insert(o.by.end(), at->second.begin(), at->second.end());
            }
            if (folder.empty()) return o;
        }
    }

private:
    std::map<std::string, std::vector<std::string>> owners_{};
};

/// Whose approval the files need, as teams and rules; `missing_issue` when an issue is asked for and none is named.
struct needed {
    std::vector<team_of>    teams{};
    std::vector<named_text> rules{};  ///< "approved" is the last
};
needed approvals_needed(const json::object& policy, const std::vector<std::string>& files, bool missing_issue) {
    const owners_of owners(policy);
    const auto      self_approved = policy.contains("auto_approve_unowned_subfolders") ? words_in(list_in(policy, "auto_approve_unowned_subfolders")) : std::vector<std::string>();
    needed          n;
    team_of         any{"any_owner", {}};
    std::string     all;
    for (std::size_t i = 0; i < files.size(); ++i) {
        auto    o = owners.file(files[i]);
        team_of who{fmt::format("file{}", i), std::move(o.by)};
        any.members.insert(any.members.end(), who.members.begin(), who.members.end());
        // A new folder below one that lets its unowned folders be asks nobody.
        const bool free = o.found && o.folder != folder_of(files[i]) && std::find(self_approved.begin(), self_approved.end(), o.folder) != self_approved.end();
        if (!free) all += fmt::format("{}cast in team({}) >= 1", all.empty() ? "" : " and ", who.name);
        n.teams.push_back(std::move(who));
    }
    n.teams.push_back(std::move(any));
    n.rules.push_back({"files", files.empty() ? "fact(some_files)" : all.empty() ? "cast >= 0" : all});
    n.rules.push_back({"issue", missing_issue ? "no_issue in team(any_owner) >= 1" : "cast >= 0"});
    n.rules.push_back({"approved", "files and issue"});
    return n;
}
sheet approval_sheet(const needed& n) { return {.positions = {{"approve", "{}"}, {"no_issue", "{}"}}, .rules = n.rules, .electorate = "everyone"}; }

/// What somebody said last stands; that no issue is needed isn't unsaid by a plain approval.
struct approvals {
    std::map<std::string, bool> by{};  ///< who, and whether without an issue
    void                        add(const std::string& who, bool no_issue) {
        auto& mine = by[lowered(who)];
        mine = mine || no_issue;
    }
    void remove(const std::string& who) { by.erase(lowered(who)); }
};
trial approved_by(needed n, const approvals& a) {
    team_of others{"others", {}};
    for (const auto& [who, no_issue] : a.by) others.members.push_back(who);
    n.teams.push_back(std::move(others));
    trial t(approval_sheet(n), n.teams);
    t.report("some_files", false);
    for (const auto& [who, no_issue] : a.by) t.casts(who, no_issue ? "no_issue" : "approve");
    return t;
}

approvals approvals_in(const json::object& inputs) {
    approvals a;
    for (const auto& one : list_in(inputs, "approvals")) a.add(word_in(one.as_object(), "user"), one.as_object().contains("no_issue") && truth_in(one.as_object(), "no_issue"));
    return a;
}

/// Every folder that must be approved is a rule; a folder above another covers it.
case_result unapproved(const bot_case& c) {
    const owners_of                                 owners(c.policy);
    std::map<std::string, std::vector<std::string>> asked;
    for (const auto& file : words_in(list_in(c.inputs, "files"))) {
        auto o = owners.file(file);
        asked[o.found ? o.folder : std::string()] = std::move(o.by);
    }
    std::vector<std::string> folders;
    needed                   n;
    for (const auto& [folder, by] : asked) {
        bool covered = false;
        for (auto above = folder; !above.empty() && !covered;) covered = asked.contains(above = folder_of(above));
        if (covered) continue;
        n.teams.push_back({fmt::format("folder{}", folders.size()), by});
        n.rules.push_back({n.teams.back().name, fmt::format("cast in team({}) >= 1", n.teams.back().name)});
        folders.push_back(folder);
    }
    const auto  t = approved_by(n, approvals_in(c.inputs));
    json::array missing;
    for (std::size_t i = 0; i < folders.size(); ++i)
        if (!t.holds(n.rules[i].name)) missing.emplace_back(folders[i]);
    return compared(c.id, c.expected, {{"unapproved_dirs", missing}}, t.account());
}

case_result coverage(const bot_case& c) {
    const auto files = words_in(list_in(c.inputs, "files"));
    const bool asks = c.policy.contains("require_issue") && truth_in(c.policy, "require_issue");
    const bool missing = asks && whole(c.inputs, "issue") == 0;
    auto       a = approvals_in(c.inputs);
    if (c.policy.contains("author_self_approves") && truth_in(c.policy, "author_self_approves")) a.add(word_in(c.inputs, "author"), false);
    const auto t = approved_by(approvals_needed(c.policy, files, missing), a);
    return compared(c.id, c.expected, {{"approved", t.holds("approved")}}, t.account());
}

/// What a comment makes of the approval of whoever wrote it.
void obey(approvals& a, const std::string& who, const std::string& text, bool lgtm_counts) {
    for (const auto& one : read_comment(*dialect_named(lgtm_counts ? "prow-lgtm-approves" : "prow"), {.by = who, .text = text}, roster_of({}))) {
        if (one.what != asked::kind::command) continue;
        if (one.command.what == act::cast) a.add(who, one.command.subject == "approve_no_issue");
        if (one.command.what == act::withdraw_ballot) a.remove(who);
    }
}

case_result stream(const bot_case& c) {
    static const std::string issue = R"((?:[^/\s]+/[^/\s]+/issues/|#)\d+)";
    const bool              lgtm_counts = truth_in(c.policy, "lgtm_acts_as_approve"), reviews_count = truth_in(c.policy, "review_acts_as_approve");
    approvals               a;
    if (truth_in(c.policy, "implicit_self_approval")) a.add(word_in(c.inputs, "author"), false);
    std::vector<const json::object*> events;
    for (const auto& e : list_in(c.inputs, "events")) events.push_back(&e.as_object());
    std::stable_sort(events.begin(), events.end(), [](const json::object* x, const json::object* y) { return whole(*x, "t") < whole(*y, "t"); });
    for (const auto* e : events) {
        const auto who = word_in(*e, "user"), kind = word_in(*e, "kind");
        if (kind != "comment" && kind != "review") throw cannot_say("an event that is neither comment nor review");
        if (e->contains("is_bot") && truth_in(*e, "is_bot")) continue;
        if (kind == "review" && reviews_count) {
            const auto state = word_in(*e, "state");
            if (state == "APPROVED") a.add(who, false);
            if (state == "CHANGES_REQUESTED") a.remove(who);
        }
        obey(a, who, word_in(*e, "text"), lgtm_counts);
    }
    const auto body = word_in(c.inputs, "proposal_body");
    const bool missing = truth_in(c.policy, "require_issue") && !found_in(body, issue);
    auto       n = approvals_needed(c.policy, words_in(list_in(c.inputs, "files")), missing);
    n.rules.push_back({"label", "approved or fact(set_by_hand)"});
    auto t = approved_by(std::move(n), a);
    t.report("set_by_hand", truth_in(c.inputs, "label_before") && truth_in(c.inputs, "label_added_by_human"));
    return compared(c.id, c.expected, {{"label_after", t.holds("label")}}, t.account());
}

/// An alias is a team; a list of names is a team that includes those it names.
case_result alias_expand(const bot_case& c) {
    const auto&          aliases = object_in(c.policy, "aliases");
    std::vector<team_of> teams;
    team_of              all{"all", {}};
    for (const auto& [name, members] : aliases) teams.push_back({std::string(name), words_in(members.as_array())});
    for (auto& name : words_in(list_in(c.inputs, "names")))
        (aliases.contains(name) ? all.includes : all.members).push_back(name);
    // Names that reach the roster as teams must be names there: they are numbered.
    for (std::size_t i = 0; i < teams.size(); ++i) {
        const auto number = fmt::format("alias{}", i);
        std::replace(all.includes.begin(), all.includes.end(), teams[i].name, number);
        teams[i].name = number;
    }
    teams.push_back(std::move(all));
    const auto            r = roster_of(teams);
    std::set<std::string> found;
    for (const auto p : r.electors(*r.team_named("all"))) found.insert(std::string(r.handle(p)));
    return compared(c.id, c.expected, {{"users", json::array(found.begin(), found.end())}}, fmt::format("{} people in all", found.size()));
}

}  // namespace

const std::vector<bot_family>& owner_families() {
    static const std::vector<bot_family> all{{"owners.coverage", coverage}, {"owners.unapproved", unapproved}, {"approve.stream", stream}, {"alias.expand", alias_expand}};
    return all;
}

}  // namespace conformance
