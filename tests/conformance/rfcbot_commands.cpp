// Texts of comments, and what rfcbot makes of them: {"teams": {label: ping}, "cases": [{"body", "upstream_result"}]}.
#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include <quorate/dialect.hpp>

#include "case.hpp"

namespace conformance {
namespace {

using namespace quorate;

/// Teams as the bot knows them: a label and a ping each. Who is in them doesn't matter for reading.
std::optional<roster> roster_of(const json::object& teams) {
    roster_document document;
    for (const auto& [label, ping] : teams) {
        if (!ping.is_string()) return std::nullopt;
        team_info t;
        t.name = "team-" + std::to_string(document.teams.size() + 1);
        t.label = label;
        t.ping = ping.as_string();
        document.teams.push_back(std::move(t));
    }
    auto made = make_roster(std::move(document));
    return made ? std::optional(std::move(made.value())) : std::nullopt;
}

json::array labels(const std::vector<std::string>& teams, const roster& people) {
    json::array all;
    for (const auto& t : teams) all.emplace_back(people.info(*people.team_named(t)).label);
    return all;
}

/// What was read, in the words of the cases.
json::object in_their_words(const asked& a, const roster& people) {
    if (a.what == asked::kind::opening && a.open.process == "poll")
        return {{"cmd", "poll"}, {"teams", labels(a.open.teams, people)}, {"question", a.open.title}};
    if (a.what == asked::kind::opening) return {{"cmd", "feedback"}, {"user", a.open.about}};
    if (a.what == asked::kind::problem) {
        if (a.peer == peer_answer::reported) return {{"error", "reported"}, {"message", a.why.what}};
        return {{"error", "silent"}};
    }
    const auto& c = a.command;
    switch (c.what) {
        case act::propose:
            return {{"cmd", "propose"}, {"disposition", c.subject},
                    {"teams", c.names.empty() ? json::value(nullptr) : json::value(labels(c.names, people))}};
        case act::cancel: return {{"cmd", "cancel"}};
        case act::cast: return {{"cmd", "reviewed"}};
        case act::raise: return {{"cmd", "concern"}, {"name", c.subject}};
        default: return {{"cmd", "resolve"}, {"name", c.subject}};
    }
}

constexpr std::string_view known_commands[]{"propose", "cancel", "reviewed", "concern", "resolve", "poll", "feedback"};

/// The name of a feedback request, or of whom it asks, isn't fixed by the cases at hand: any is understood.
json::object with_usual_names(json::object o) {
    const auto* cmd = o.if_contains("cmd");
    if (cmd == nullptr || !cmd->is_string()) return o;
    const std::string_view name = cmd->as_string();
    if (name.find("feedback") == std::string_view::npos && name != "f?") return o;
    json::object usual{{"cmd", "feedback"}};
    for (const auto& [key, value] : o)
        if (key != "cmd" && value.is_string()) usual["user"] = value;
    return usual;
}

/// Why this expectation can't be compared; empty if it can.
std::string unsupported(const json::value& wanted) {
    if (wanted.is_string()) return wanted.as_string() == "panic" ? "" : "an upstream_result of an unknown form";
    if (!wanted.is_array()) return "an upstream_result of an unknown form";
    for (const auto& w : wanted.as_array()) {
        if (!w.is_object()) return "an upstream_result of an unknown form";
        const auto o = with_usual_names(w.as_object());
        const auto cmd = text_of(o, "cmd"), error = text_of(o, "error");
        if (cmd.empty() && error != "silent" && error != "reported") return "an unknown kind of error";
        if (!cmd.empty() && std::find(std::begin(known_commands), std::end(known_commands), cmd) == std::end(known_commands))
            return "an unknown command";
    }
    return {};
}

/// Every field that is expected is found; what isn't expected is nothing.
bool same(const json::object& wanted, const json::object& found) {
    for (const auto& [key, value] : wanted) {
        const auto* f = found.if_contains(key);
        if (f == nullptr ? !value.is_null() : *f != value) return false;
    }
    return std::all_of(found.begin(), found.end(), [&](const auto& f) { return f.value().is_null() || wanted.contains(f.key()); });
}

std::string account_of(const std::vector<asked>& all) {
    std::string text;
    for (const auto& a : all) {
        if (a.what == asked::kind::problem) text += fmt::format("line {}: {}\n", a.line, to_string(a.why));
        else if (a.what == asked::kind::command) text += fmt::format("line {}: {}\n", a.line, to_json(a.command));
        else text += fmt::format("line {}: opens a {}: {}{}\n", a.line, a.open.process, a.open.title, a.open.about);
    }
    return text.empty() ? "asks for nothing" : text;
}

case_result run_case(std::string id, const json::value& c, const roster& people) {
    const auto* wanted = c.as_object().if_contains("upstream_result");
    if (wanted == nullptr) return skipped(std::move(id), "a case without upstream_result");
    if (auto why = unsupported(*wanted); !why.empty()) return skipped(std::move(id), std::move(why));
    const auto all = read_comment(*dialect_named("rfcbot"), {.by = "somebody", .text = text_of(c, "body")}, people);

    const bool  crashed = std::any_of(all.begin(), all.end(), [](const asked& a) { return a.peer == peer_answer::crashed; });
    json::array found;
    for (const auto& a : all) found.push_back(in_their_words(a, people));
    const json::value seen = crashed ? json::value("panic") : json::value(found);
    bool              fine = wanted->is_string() == crashed;
    if (fine && !crashed) {
        const auto& list = wanted->as_array();
        fine = list.size() == found.size();
        for (std::size_t i = 0; fine && i < list.size(); ++i) fine = same(with_usual_names(list[i].as_object()), found[i].as_object());
    }
    if (fine) return passed(std::move(id), account_of(all));
    return failed(std::move(id), "expected " + json::serialize(*wanted) + ", found " + json::serialize(seen), account_of(all));
}

}  // namespace

bool claims_rfcbot_commands(const json::value& d) { return d.is_object() && any_with(list_of(d, "cases"), {"body", "upstream_result"}); }

std::vector<case_result> run_rfcbot_commands(const json::value& d, const settings&) {
    const auto* teams = object_of(d, "teams");
    const auto  people = teams == nullptr ? std::nullopt : roster_of(*teams);
    std::vector<case_result> results;
    for (const auto& c : *list_of(d, "cases")) {
        auto id = json::serialize(json::value(text_of(c, "body")));
        if (!c.is_object() || !c.as_object().contains("body") || !c.at("body").is_string())
            results.push_back(skipped("#" + std::to_string(results.size() + 1), "a case without a body"));
        else if (!people)
            results.push_back(skipped(std::move(id), "the file doesn't say which teams there are"));
        else
            results.push_back(run_case(std::move(id), c, *people));
    }
    return results;
}

}  // namespace conformance
