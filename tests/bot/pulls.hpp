// A bot under Prow's charter with a pull request, and people who are made up as they are needed.
#pragma once

#include "../journal_support.hpp"
#include "json_out.hpp"
#include "small_bot.hpp"

namespace small_bot {

/// People by name, numbered from 1, and teams of them, as a roster file.
class cast_of_people {
public:
    std::uint64_t id(const std::string& name) {
        auto& n = ids_[name];
        if (n == 0) n = 1'000 + ids_.size();
        return n;
    }
    account who(const std::string& name, bool machine = false) { return {id(name), name, machine}; }
    void    team(const std::string& name, const std::vector<std::string>& members, const std::string& label = {}, const std::string& ping = {}) {
        teams_.push_back({name, label, ping, members});
        for (const auto& m : members) (void)id(m);
    }
    void write(const std::string& path) const {
        quorate::json_text::json_out out;
        out.object().field("format", 1).field("name", "cast").key("people").object();
        for (const auto& [name, n] : ids_) out.key(std::to_string(n)).object().field("handle", name).end();
        out.end().key("teams").object();
        for (const auto& t : teams_) {
            out.key(t.name).object();
            if (!t.label.empty()) out.field("label", t.label).field("ping", t.ping);
            std::vector<std::string> members;
            for (const auto& m : t.members) members.push_back(std::to_string(ids_.at(m)));
            out.strings("members", members).end();
        }
        std::ofstream(path) << std::move(out.end().end()).str();
    }

private:
    struct one_team { std::string name, label, ping; std::vector<std::string> members; };
    std::map<std::string, std::uint64_t> ids_;
    std::vector<one_team>                teams_;
};

inline settings settings_as(const std::string& profile, const std::string& charter, const std::string& roster, const std::string& more = {}) {
    return read_settings(R"({"journal":"j","charters":[")" + source + "/examples/charters/" + charter + R"("],"roster":")" + roster + R"(","github":{"bot_id":5000},"repositories":{"k/k":{"as":")" +
                             profile + "\"" + more + "}}}", "bot.json", ".").value();
}

/// A pull request under Prow's charter, opened by "author", whose files are those of "owners".
struct a_pull : a_bot {
    a_pull(const cast_of_people& c, const std::string& roster) : a_bot(settings_as("prow", "kubernetes.json", roster, R"(,"areas":{"":"owners"})")), people(c) {
        paper().files = {"a.go"};
        paper().head = "c0ffee";
        arrives(pull("author", "opened"));
        (void)round();
    }
    delivery pull(const std::string& by, std::string action, std::string head = "c0ffee") {
        auto d = on_issue("frank", "pull_request", std::move(action));
        d.sender = people.who(by);
        d.author = people.who("author");
        d.pull_request = true;
        d.head = std::move(head);
        return d;
    }
    delivery comment_of(const std::string& by, std::string said) {
        auto d = comment("frank", std::move(said));
        d.sender = d.writer = people.who(by);
        d.author = people.who("author");
        d.pull_request = true;
        return d;
    }
    void says_as(const std::string& by, std::string said) {
        arrives(comment_of(by, std::move(said)));
        (void)round();
    }
    void reviews(const std::string& by, std::string state, std::string said, bool machine = false, std::string commit = "c0ffee", std::string head = "c0ffee") {
        auto d = comment_of(by, std::move(said));
        d.event = "pull_request_review";
        d.action = "submitted";
        d.sender.machine = d.writer.machine = machine;
        d.state = std::move(state);
        d.reviewed = std::move(commit);
        d.head = std::move(head);
        arrives(d);
        (void)round();
    }
    cast_of_people people;
};

struct stage_set {
    explicit stage_set(const std::vector<std::string>& collaborators = {"collab1", "collab2"}) {
        people.team("collaborators", collaborators);
        people.team("owners", {"collab1"});
        people.team("trusted", {});
        people.team("bots", {"merger"});
        for (const auto* name : {"author", "assignee1", "not-in-the-org", "somebody"}) (void)people.id(name);
        people.write(folder.file("roster.json"));
    }
    a_pull pull() { return {people, folder.file("roster.json")}; }
    journal_support::scratch folder;
    cast_of_people           people;
};

}  // namespace small_bot
