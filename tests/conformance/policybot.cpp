// Actors, predicates, signals.
#include "policybot.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <tuple>

#include <fmt/format.h>

namespace conformance {

using namespace quorate;

namespace {

constexpr std::string_view permissions[]{"read", "triage", "write", "maintain", "admin"};  ///< each includes those before it

std::size_t permission_named(std::string_view name) {
    const auto* found = std::find(std::begin(permissions), std::end(permissions), name);
    if (found == std::end(permissions)) throw cannot_say(fmt::format("a permission \"{}\"", name));
    return static_cast<std::size_t>(found - std::begin(permissions));
}
std::string joined(const std::vector<std::string>& all, std::string_view with) { return fmt::format("({})", fmt::join(all, fmt::format(" {} ", with))); }

bool any_found(const std::string& text, const std::vector<std::string>& patterns) {
    return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& p) { return found_in(text, p); });
}
std::string text_or_none(const json::object& o) { return o.contains("text") ? word_in(o, "text") : std::string(); }

}  // namespace

// ---- reading policies -------------------------------------------------------------------------------------------------------------
void only_keys(const json::object& o, std::initializer_list<std::string_view> known, std::string_view of) {
    for (const auto& [key, value] : o)
        if (std::find(known.begin(), known.end(), std::string_view(key)) == known.end()) throw cannot_say(fmt::format("{} with \"{}\"", of, std::string_view(key)));
}
bool flag(const json::object& o, std::string_view key) { return o.contains(key) && truth_in(o, key); }
std::vector<std::string> some_words(const json::object& o, std::string_view key) { return words_in(some_list(o, key)); }
const json::object& some_object(const json::object& o, std::string_view key) {
    static const json::object none;
    return o.contains(key) ? object_in(o, key) : none;
}
const json::array& some_list(const json::object& o, std::string_view key) {
    static const json::array none;
    return o.contains(key) ? list_in(o, key) : none;
}

// ---- actors -----------------------------------------------------------------------------------------------------------------------
std::string policy_terms::group(std::vector<std::string> members) {
    teams_.push_back({fmt::format("group{}", teams_.size()), std::move(members)});
    return fmt::format("team({})", teams_.back().name);
}
std::string policy_terms::members_of(std::string_view of, const std::string& one) {
    std::vector<std::string> members;
    for (const auto& [who, theirs] : some_object(inputs_, of)) {
        const auto all = words_in(theirs.as_array());
        if (std::find(all.begin(), all.end(), one) != all.end()) members.emplace_back(who);
    }
    return group(std::move(members));
}
std::string policy_terms::permitted(const std::string& least) {
    const auto               wanted = permission_named(least);
    std::vector<std::string> levels;
    for (auto i = wanted; i < std::size(permissions); ++i) {
        std::vector<std::string> members;
        for (const auto& [who, has] : some_object(inputs_, "permission"))
            if (has.as_string() == permissions[i]) members.emplace_back(who);
        levels.push_back(group(std::move(members)));
    }
    return joined(levels, "or");
}
std::string policy_terms::actors(const json::object& selector) {
    only_keys(selector, {"users", "teams", "organizations", "permissions", "admins", "write_collaborators"}, "actors");
    std::vector<std::string> sets{group(some_words(selector, "users"))};
    for (const auto& one : some_words(selector, "teams")) sets.push_back(members_of("teams", one));
    for (const auto& one : some_words(selector, "organizations")) sets.push_back(members_of("orgs", one));
    for (const auto& one : some_words(selector, "permissions")) sets.push_back(permitted(one));
    if (flag(selector, "admins")) sets.push_back(permitted("admin"));
    if (flag(selector, "write_collaborators")) sets.push_back(permitted("write"));
    return joined(sets, "or");
}

// ---- predicates -------------------------------------------------------------------------------------------------------------------
std::string policy_terms::told(bool truth) {
    truths_.emplace_back(fmt::format("told{}", truths_.size()), truth);
    return fmt::format("fact({})", truths_.back().first);
}
std::string policy_terms::told(std::int64_t amount) {
    amounts_.emplace_back(fmt::format("amount{}", amounts_.size()), amount);
    return fmt::format("fact({})", amounts_.back().first);
}
void policy_terms::report_to(trial& t) const {
    for (const auto& [name, truth] : truths_) t.report(name, truth);
    for (const auto& [name, amount] : amounts_) t.report(name, amount);
}
std::vector<std::string> policy_terms::facts() const {
    std::vector<std::string> all;
    for (const auto& t : truths_) all.push_back(t.first);
    for (const auto& a : amounts_) all.push_back(a.first);
    return all;
}
std::string policy_terms::all_of(const json::object& predicates) {
    std::vector<std::string> rules;
    for (const auto& [name, wanted] : predicates) rules.push_back(predicate(name, wanted));
    return rules.empty() ? "cast >= 0" : joined(rules, "and");
}
std::string policy_terms::any_of(const json::object& predicates) {
    std::vector<std::string> rules;
    for (const auto& [name, wanted] : predicates) rules.push_back(predicate(name, wanted));
    return rules.empty() ? "cast < 0" : joined(rules, "or");
}

std::string policy_terms::predicate(std::string_view name, const json::value& wanted) {
    const auto pattern = [&] { return wanted.is_string() ? std::string(wanted.as_string()) : word_in(wanted.as_object(), "pattern"); };
    if (name == "changed_files" || name == "no_changed_files" || name == "only_changed_files") return changed_files(name, wanted.as_object());
    if (name == "has_author_in") return fmt::format("eligible in (author and {}) > 0", actors(wanted.as_object()));
    if (name == "has_contributor_in" || name == "only_has_contributors_in" || name == "author_is_only_contributor") return contributors(name, wanted);
    if (name == "targets_branch") return told(found_in(word_in(inputs_, "branch"), pattern()));
    if (name == "from_branch") return told(found_in(word_in(inputs_, "from_branch"), pattern()));
    if (name == "modified_lines") return modified_lines(wanted.as_object());
    if (name == "has_status" || name == "has_successful_status") return results(wanted, "statuses", "statuses");
    if (name == "has_workflow_result") return results(wanted, "workflows", "workflows");
    if (name == "title" || name == "repository") return patterns(wanted.as_object(), word_in(inputs_, name));
    if (name == "has_labels") {
        std::vector<std::string> has;
        const auto               labels = lowered(words_in(list_in(inputs_, "labels")));
        for (const auto& one : lowered(words_in(wanted.as_array()))) has.push_back(told(std::find(labels.begin(), labels.end(), one) != labels.end()));
        return has.empty() ? "cast >= 0" : joined(has, "and");
    }
    throw cannot_say(fmt::format("a predicate \"{}\"", name));
}

/// The host matches paths and counts files; what the numbers mean is the rule's.
std::string policy_terms::changed_files(std::string_view name, const json::object& wanted) {
    only_keys(wanted, {"paths", "ignore"}, name);
    const auto   paths = some_words(wanted, "paths"), ignore = some_words(wanted, "ignore");
    std::int64_t matching = 0;
    const auto   files = words_in(list_in(inputs_, "files"));
    for (const auto& f : files) matching += any_found(f, paths) && !any_found(f, ignore) ? 1 : 0;
    const auto some = told(matching);
    if (name == "changed_files") return some + " > 0";
    if (name == "no_changed_files") return some + " == 0";
    const auto all = told(static_cast<std::int64_t>(files.size()));
    return fmt::format("({0} > 0 and {0} == {1})", some, all);
}
/// Whoever wrote or committed a part; a commit made on the web is its author's.
std::string policy_terms::contributors(std::string_view name, const json::value& wanted) {
    const bool               alone = name == "author_is_only_contributor";
    std::vector<std::string> who;
    for (const auto& v : list_in(inputs_, "commits"))
        for (const auto* key : {"author", "committer"}) {
            if (alone && std::string_view(key) == "committer" && flag(v.as_object(), "via_web")) continue;
            if (auto one = word_in(v.as_object(), key); alone || !one.empty()) who.push_back(one.empty() ? "nobody-known" : std::move(one));
        }
    const auto set = group(std::move(who));
    if (alone) return fmt::format("eligible in ({} except author) {} 0", set, wanted.as_bool() ? "==" : ">");
    const auto some = actors(wanted.as_object());
    return name == "has_contributor_in" ? fmt::format("eligible in ((author or {}) and {}) > 0", set, some)
                                        : fmt::format("eligible in ((author or {}) except {}) == 0", set, some);
}
std::string policy_terms::modified_lines(const json::object& wanted) {
    only_keys(wanted, {"additions", "deletions", "total"}, "modified_lines");
    std::int64_t added = 0, deleted = 0;
    for (const auto& v : list_in(inputs_, "lines")) {
        added += whole(v.as_object(), "add");
        deleted += whole(v.as_object(), "del");
    }
    const auto               additions = told(added), deletions = told(deleted);
    std::vector<std::string> rules;
    for (const auto& [key, value] : wanted) {
        const auto text = word_in(wanted, key);
        const auto number = text.find_first_of("0123456789");
        const auto sign = text.substr(0, std::min(text.find_first_of(" 0123456789"), text.size()));
        if ((sign != "<" && sign != ">" && sign != "=") || number == std::string::npos) throw cannot_say("a comparison of another form: " + text);
        const auto sum = key == "additions" ? additions : key == "deletions" ? deletions : fmt::format("{} + {}", additions, deletions);
        rules.push_back(fmt::format("{} {} {}", sum, sign == "=" ? "==" : sign, text.substr(number)));
    }
    return rules.empty() ? "cast < 0" : joined(rules, "or");
}
/// Each of these has come to one of the conclusions.
std::string policy_terms::results(const json::value& wanted, std::string_view names, std::string_view found) {
    auto                     conclusions = std::vector<std::string>{"success"};
    std::vector<std::string> all;
    if (wanted.is_array()) {
        all = words_in(wanted.as_array());
    } else {
        only_keys(wanted.as_object(), {names, "conclusions"}, names);
        all = some_words(wanted.as_object(), names);
        if (wanted.as_object().contains("conclusions")) conclusions = some_words(wanted.as_object(), "conclusions");
    }
    const auto&              have = some_object(inputs_, found);
    std::vector<std::string> rules;
    for (const auto& one : all) {
        std::vector<std::string> any;
        for (const auto& c : conclusions) any.push_back(told(have.contains(one) && word_in(have, one) == c));
        rules.push_back(any.empty() ? "cast < 0" : joined(any, "or"));
    }
    return rules.empty() ? "cast >= 0" : joined(rules, "and");
}
/// One pattern is in it, or none of the others is.
std::string policy_terms::patterns(const json::object& wanted, const std::string& text) {
    only_keys(wanted, {"matches", "not_matches"}, "patterns");
    std::vector<std::string> rules;
    if (wanted.contains("matches")) rules.push_back(told(any_found(text, some_words(wanted, "matches"))));
    if (const auto none = some_words(wanted, "not_matches"); !none.empty()) rules.push_back("not " + told(any_found(text, none)));
    return rules.empty() ? "cast < 0" : joined(rules, "or");
}

// ---- signals ----------------------------------------------------------------------------------------------------------------------
methods methods_of(const json::object& said) {
    only_keys(said, {"comments", "comment_patterns", "body_patterns", "github_review", "github_review_comment_patterns", "review_state", "review_patterns"}, "methods");
    methods m{some_words(said, "comments"), some_words(said, "comment_patterns"), some_words(said, "body_patterns"), std::nullopt, some_words(said, "review_patterns")};
    for (auto& p : some_words(said, "github_review_comment_patterns")) m.review_patterns.push_back(std::move(p));
    if (said.contains("review_state")) m.review_state = word_in(said, "review_state");
    else if (flag(said, "github_review") || !m.review_patterns.empty()) m.review_state = "approved";
    return m;
}
methods methods_of_options(const json::object& options) {
    const auto& said = some_object(options, "methods");
    auto        m = methods_of(said);
    if (!said.contains("comments")) m.comments = {":+1:", "\U0001F44D"};
    if (!said.contains("github_review") && !m.review_state) m.review_state = "approved";
    return m;
}

std::vector<signal> signals_of(const methods& m, const json::object& inputs) {
    std::vector<signal> all;
    const auto add = [&](const json::object& o, int channel) { all.push_back({whole(o, "t"), channel, word_in(o, "author"), flag(o, "edited")}); };
    const auto comment = [&](const json::object& o) {
        const auto text = text_or_none(o);
        const bool said = std::any_of(m.comments.begin(), m.comments.end(), [&](const std::string& part) { return text.find(part) != std::string::npos; });
        if (said || any_found(text, m.comment_patterns)) add(o, 0);
    };
    for (const auto& c : some_list(inputs, "comments")) comment(c.as_object());
    if (!m.body_patterns.empty() && inputs.contains("body") && any_found(text_or_none(object_in(inputs, "body")), m.body_patterns)) add(object_in(inputs, "body"), 1);
    for (const auto& v : some_list(inputs, "reviews")) {
        const auto& r = v.as_object();
        const auto  state = word_in(r, "state"), text = text_or_none(r);
        if (state == "commented" && !text.empty()) comment(r);  // it is a comment, too
        if (m.review_state && state == *m.review_state && (m.review_patterns.empty() || any_found(text, m.review_patterns))) add(r, 2);
    }
    std::stable_sort(all.begin(), all.end(), [](const signal& a, const signal& b) { return std::tuple(a.t, -a.channel) < std::tuple(b.t, -b.channel); });
    return all;
}
std::vector<std::string> authors_of(const std::vector<signal>& signals) {
    std::vector<std::string> all;
    for (const auto& s : signals)
        if (std::find(all.begin(), all.end(), s.by) == all.end()) all.push_back(s.by);
    return all;
}

namespace {

/// The commits that a rule looks at: without those that its options have it pass over.
std::vector<const json::object*> looked_at(const json::object& inputs, const json::object& options) {
    std::set<std::string> own;
    for (const auto& c : some_list(inputs, "commits")) own.insert(word_in(c.as_object(), "id"));
    policy_terms ignored(inputs);
    (void)ignored.actors(some_object(options, "ignore_commits_by"));
    std::set<std::string> passed_over;
    for (const auto& g : ignored.teams()) passed_over.insert(g.members.begin(), g.members.end());
    std::vector<const json::object*> all;
    for (const auto& v : some_list(inputs, "commits")) {
        const auto& c = v.as_object();
        const auto  parents = words_in(list_in(c, "parents"));
        const bool  update = flag(options, "ignore_update_merges") && flag(c, "via_web") && parents.size() == 2 && own.contains(parents[0]) && !own.contains(parents[1]);
        bool        by_them = true, somebody = false;
        for (const auto* key : {"author", "committer"})
            if (const auto who = word_in(c, key); !who.empty()) {
                somebody = true;
                by_them = by_them && passed_over.contains(who);
            }
        if (!update && !(somebody && by_them)) all.push_back(&c);
    }
    return all;
}
/// When the newest of those was pushed, along first parents from the head; nothing: there is none. A commit whose push nobody recorded
/// came with the nearest later one, and else only now.
std::optional<std::int64_t> last_push(const json::object& inputs, const std::vector<const json::object*>& commits) {
    const auto& pushed_at = object_in(inputs, "pushed_at");
    const auto& all = list_in(inputs, "commits");
    auto        at = std::numeric_limits<std::int64_t>::max();
    auto        id = word_in(inputs, "head");
    for (std::size_t steps = 0; steps <= all.size(); ++steps) {
        if (pushed_at.contains(id)) at = whole(pushed_at, id);
        if (std::any_of(commits.begin(), commits.end(), [&](const json::object* c) { return word_in(*c, "id") == id; })) return at;
        std::vector<std::string> parents;
        for (const auto& c : all)
            if (word_in(c.as_object(), "id") == id) parents = words_in(list_in(c.as_object(), "parents"));
        if (parents.empty()) return std::nullopt;
        id = parents[0];
    }
    return std::nullopt;
}

}  // namespace

hearing hearing_of(const json::object& inputs, const json::object& options) {
    hearing h{flag(options, "ignore_edited_comments"), looked_at(inputs, options), std::nullopt};
    if (flag(options, "invalidate_on_push")) h.pushed = last_push(inputs, h.commits);
    return h;
}

sheet signal_sheet() {
    // An edited signal replaces an earlier one also where it then counts for nothing: so the peer has it.
    return {.positions = {{"approve", "{}"}, {"edited", R"({"binding": false})"}}, .electorate = "everyone", .revised = true};
}
void say(trial& t, const std::vector<signal>& signals, const hearing& h, const std::string& author) {
    bool       revised = !h.pushed;
    const auto push = [&] {
        t.does(revise{.by = author, .revision = "pushed"});
        revised = true;
    };
    auto now = signals.empty() ? 0 : signals.front().t;
    for (const auto& one : signals) {
        if (!revised && one.t > *h.pushed) push();
        if (one.t > now) t.wait(std::chrono::seconds(one.t - now));
        now = one.t;
        t.tries(other{.what = act::withdraw_ballot, .by = one.by});  // who says it again has said it now
        t.casts(one.by, one.edited && h.edits_count_for_nothing ? "edited" : "approve");
    }
    if (!revised) push();
}

}  // namespace conformance
