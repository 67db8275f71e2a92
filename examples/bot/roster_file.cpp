#include "roster_file.hpp"

#include <algorithm>
#include <set>

#include "json.hpp"

namespace bot {
namespace {

using quorate::errc;
using quorate::make_error;
using quorate::person_info;
using quorate::result;
using quorate::roster;
using quorate::roster_document;
using quorate::roster_event;
using quorate::roster_event_kind;
using quorate::team_info;
using quorate::json_text::kind;
using quorate::json_text::node;
using quorate::json_text::reader;

bool same_login(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

class outside_reader {
public:
    outside_reader(const node& root, const std::string& name) : root_(root), read_(root, name) { made_.name = name; }

    result<roster> github() {
        for (const auto& t : root_.find("teams")->elements) {
            if (!read_.expect(t, kind::object)) break;
            auto& team = made_.teams.emplace_back();
            team.name = read_.required_text(t, "slug");
            team.title = read_.text(t, "name").value_or("");
            const auto* members = t.find("members");
            team.members_known = members != nullptr && members->is_array();
            if (team.members_known)
                for (const auto& m : members->elements) add(team, m, "id", "login");
        }
        return finish();
    }
    result<roster> rust() {
        for (const auto& entry : root_.members) {
            const auto& t = entry.value;
            if (!read_.expect(t, kind::object)) break;
            auto& team = made_.teams.emplace_back();
            team.name = entry.key;
            const auto* members = t.find("members");
            team.members_known = members != nullptr && members->is_array();
            if (!team.members_known) continue;
            for (const auto& m : members->elements)
                if (const auto id = add(team, m, "github_id", "github"); !id.empty() && read_.flag(m, "is_lead").value_or(false)) team.leads.push_back(id);
            if (const auto* b = read_.object(t, "rfcbot")) {
                team.label = read_.text(*b, "label").value_or("");
                team.ping = read_.text(*b, "ping").value_or("");
                for (const auto login : read_.texts(*b, "exclude-members")) exclude(team, login, *b);
            }
        }
        return finish();
    }

private:
    std::string add(team_info& team, const node& m, std::string_view id_key, std::string_view login_key) {
        if (!read_.expect(m, kind::object)) return {};
        const auto number = read_.integer(m, id_key, 1, std::int64_t{1} << 53U);
        const auto login = read_.required_text(m, login_key);
        if (!number) {
            read_.wrong(m, "a member without \"" + std::string(id_key) + "\": the login alone may be somebody else's tomorrow");
            return {};
        }
        auto id = std::to_string(*number);
        if (seen_.insert(id).second) {
            auto& person = made_.people.emplace_back();
            person.id = id;
            person.handle = std::string(login);
        }
        team.members.emplace_back().who = id;
        return id;
    }
    /// Logins are the same whatever their case. Whom nobody knows can't be kept from deciding: then nothing of the file is believed.
    void exclude(team_info& team, std::string_view login, const node& at) {
        for (const auto& m : team.members) {
            const auto p = std::find_if(made_.people.begin(), made_.people.end(), [&](const auto& one) { return one.id == m.who; });
            if (same_login(p->handle, login)) return team.excluded.push_back(m.who);
        }
        read_.wrong(at, "\"exclude-members\" names \"" + std::string(login) + "\", who is no member of the team", "name members by their login of today");
    }
    result<roster> finish() {
        if (!read_.ok()) return read_.why();
        return quorate::make_roster(std::move(made_));
    }

    const node&           root_;
    reader                read_;
    roster_document       made_;
    std::set<std::string> seen_;
};

/// Every person must be a number.
result<roster> by_number(result<roster> r, const std::string& name) {
    if (!r) return r;
    for (const auto& p : r.value().document().people)
        if (p.id.empty() || p.id.find_first_not_of("0123456789") != std::string::npos)
            return make_error(errc::invalid, "the id \"" + p.id + "\" is no number of a GitHub account", name,
                              "write \"583231\": {\"handle\": \"octocat\"}: a login may be somebody else's tomorrow");
    return r;
}

class difference {
public:
    difference(const roster& now, const roster& wanted, quorate::instant at) : now_(now), wanted_(wanted), at_(at) {}

    std::vector<roster_event> operator()() {
        people();
        for (const auto t : wanted_.teams())
            if (!now_.team_named(wanted_.name(t))) add(wanted_.info(t));
        for (const auto& t : wanted_.document().teams)  // first who decides no more, last who decides again
            if (!t.removed && !t.archived) exclude_members(t);
        for (const auto& t : now_.document().teams)  // who leaves before who joins: nobody is in two places at once
            if (!t.removed && !t.archived) leave(t);
        for (const auto& t : wanted_.document().teams)
            if (!t.removed && !t.archived && t.members_known) join(t);
        for (const auto& t : wanted_.document().teams)
            if (!t.removed && !t.archived && t.members_known) readmit(t);
        return std::move(out_);
    }

private:
    roster_event event(roster_event_kind what, std::string_view who, std::string_view team) const {
        roster_event e{.at = at_, .what = what};
        e.who = who;
        e.team = team;
        return e;
    }
    static const person_info* find(const roster& r, const std::string& id) {
        const auto p = r.find_person(id);
        return p && r.id(*p) == id && !r.is_guest(*p) ? &r.info(*p) : nullptr;
    }
    /// Logins move: who gives one up comes before who takes it.
    void people() {
        std::vector<roster_event> added, renamed;
        for (const auto& p : wanted_.document().people) {
            const auto* known = find(now_, p.id);
            if (known != nullptr && known->handle == p.handle) continue;
            auto e = event(known == nullptr ? roster_event_kind::add_person : roster_event_kind::change_handle, p.id, {});
            e.handle = p.handle;
            if (known == nullptr) e.name = p.name;
            (known == nullptr ? added : renamed).push_back(std::move(e));
        }
        out_.insert(out_.end(), renamed.begin(), renamed.end());
        out_.insert(out_.end(), added.begin(), added.end());
    }
    static bool has(const std::vector<quorate::membership>& all, const std::string& who) {
        return std::any_of(all.begin(), all.end(), [&](const auto& m) { return m.who == who; });
    }
    static bool has(const std::vector<std::string>& all, const std::string& who) { return std::find(all.begin(), all.end(), who) != all.end(); }
    [[nodiscard]] const team_info* same(const roster& in, const std::string& name) const {
        const auto t = in.team_named(name);
        return t && in.name(*t) == name ? &in.info(*t) : nullptr;
    }
    void add(const team_info& team) {
        auto e = event(roster_event_kind::add_team, {}, team.name);
        e.title = team.title;
        e.label = team.label;
        out_.push_back(std::move(e));
    }
    /// Those who are members already; who joins is excluded at once.
    void exclude_members(const team_info& team) {
        const auto* before = same(now_, team.name);
        if (before == nullptr) return;
        for (const auto& who : team.excluded)
            if (!has(before->excluded, who) && (has(before->members, who) || !has(team.members, who))) out_.push_back(event(roster_event_kind::exclude, who, team.name));
    }
    void readmit(const team_info& team) {
        const auto* before = same(now_, team.name);
        if (before == nullptr) return;
        for (const auto& who : before->excluded)
            if (!has(team.excluded, who) && has(team.members, who)) out_.push_back(event(roster_event_kind::readmit, who, team.name));
    }
    void leave(const team_info& team) {
        const auto* after = same(wanted_, team.name);
        if (after != nullptr && !after->members_known) return;
        for (const auto& m : team.members)
            if (after == nullptr || !has(after->members, m.who)) out_.push_back(event(roster_event_kind::leave, m.who, team.name));
            else if (has(team.leads, m.who) && !has(after->leads, m.who)) out_.push_back(event(roster_event_kind::remove_lead, m.who, team.name));
    }
    void join(const team_info& team) {
        const auto* before = same(now_, team.name);
        for (const auto& m : team.members) {
            if (before != nullptr && has(before->members, m.who)) continue;
            out_.push_back(event(roster_event_kind::join, m.who, team.name));
            if (has(team.excluded, m.who) && (before == nullptr || !has(before->excluded, m.who))) out_.push_back(event(roster_event_kind::exclude, m.who, team.name));
        }
        for (const auto& who : team.leads)
            if (before == nullptr || !has(before->leads, who) || !has(before->members, who)) out_.push_back(event(roster_event_kind::add_lead, who, team.name));
    }

    const roster&             now_;
    const roster&             wanted_;
    quorate::instant          at_;
    std::vector<roster_event> out_;
};

}  // namespace

result<roster> read_roster(std::string_view text, const std::string& name) {
    const auto tree = quorate::json_text::parse(text, name, largest_roster_file);
    if (!tree) return tree.error();
    const auto& root = tree.value();
    if (!root.is_object() || root.members.empty()) return make_error(errc::invalid, "is no roster: expected an object with teams", name);
    if (root.find("format") != nullptr) return by_number(quorate::load_roster(text, name), name);
    const auto* teams = root.find("teams");
    if (teams != nullptr && teams->is_array()) return outside_reader(root, name).github();
    return outside_reader(root, name).rust();
}

result<roster> read_roster_file(const std::string& path) {
    const auto text = quorate::json_text::read_file(path, largest_roster_file);
    if (!text) return text.error();
    return read_roster(text.value(), path);
}

std::vector<roster_event> changes(const roster& now, const roster& wanted, quorate::instant at) { return difference(now, wanted, at)(); }

}  // namespace bot
