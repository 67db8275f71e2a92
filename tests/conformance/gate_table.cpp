// How many of n reviewers must approve before a final comment period begins, under several rules:
// {"gate_table": [{"reviewers": n, COLUMN: number or null, ...}]}. Every k from 0 to n is tried from the start, in an engine of its own.
#include <optional>

#include <fmt/format.h>

#include <quorate/quorate.hpp>

#include "case.hpp"

namespace conformance {
namespace {

using namespace quorate;

constexpr std::int64_t most_reviewers = 200;

/// A column of the table, by a part of its name, and the process that is its rule.
struct column {
    std::string_view part;
    std::string_view file;  ///< of settings::charters, or of settings::own when it is gates.json
    std::string_view process;
};
constexpr column columns[]{
    {"rfcbot", "rust.json", "fcp"},           {"N_minus_2", "gates.json", "n_minus_2"}, {"strict_majority", "gates.json", "strict_majority"},
    {"as_intended", "gates.json", "two_thirds"}, {"PR315", "gates.json", "pr_315"},
};

const column* column_named(std::string_view key) {
    for (const auto& c : columns)
        if (key.find(c.part) != std::string_view::npos) return &c;
    return nullptr;
}

/// n reviewers, and somebody else whom the bot knows, who asks.
roster reviewers(std::int64_t n) {
    roster_document d;
    team_info       team, all;
    team.name = "reviewers";
    all.name = "all";
    all.kind = team_kind::marker_team;
    all.includes = {"reviewers"};
    const auto person = [&](std::string id) {
        person_info p;
        p.id = p.handle = std::move(id);
        d.people.push_back(std::move(p));
    };
    person("asker");
    all.members.push_back({"asker", {}});
    for (std::int64_t i = 1; i <= n; ++i) {
        person("r" + std::to_string(i));
        team.members.push_back({"r" + std::to_string(i), {}});
    }
    d.teams = {std::move(team), std::move(all)};
    return make_roster(std::move(d)).value();
}

struct tried {
    bool        entered = false;
    std::string how;  ///< what it waits for, when it hasn't
};

tried with_approvals(const charter& rules, std::string_view process, const roster& people, std::int64_t k) {
    engine     decides(rules, people);
    const auto at = quorate::at("2026-01-01T00:00:00Z");
    const auto id = decides.open({.process = std::string(process), .by = "asker", .teams = {"reviewers"}, .at = at}).value();
    const auto asked = decides.submit(id, propose{.by = "asker", .disposition = rules.find(process)->dispositions.empty() ? "" : "merge", .teams = {"reviewers"}, .at = at});
    if (!asked.accepted()) throw std::runtime_error("proposing is refused: " + to_string(asked.refusal()));
    for (std::int64_t i = 1; i <= k; ++i) {
        const auto cast_ = decides.submit(id, cast{.by = "r" + std::to_string(i), .position = "approve", .at = at});
        if (!cast_.accepted()) throw std::runtime_error("an approval is refused: " + to_string(cast_.refusal()));
    }
    const auto seen = decides.explain(id, at).value();
    return {seen.stage == "fcp", seen.summary};
}

case_result run_cell(std::string id, std::int64_t n, const column& c, const json::value& wanted, const charter& rules, const roster& people) {
    std::optional<std::int64_t> least;
    bool                        broken = false;  // somebody's approval more ends what fewer began
    std::string                 account;
    for (std::int64_t k = 0; k <= n; ++k) {
        const auto t = with_approvals(rules, c.process, people, k);
        if (t.entered && !least) least = k;
        broken = broken || (least && !t.entered);
        if (!t.entered) account = fmt::format("with {} of {}: {}", k, n, t.how);
    }
    account += fmt::format("{}rule: {}", account.empty() ? "" : "\n", print(rules.find(c.process)->rule_named("quorum")->value.view()));
    const auto shown = least ? std::to_string(*least) : std::string("null");
    if (broken) return failed(std::move(id), "another approval keeps it from beginning", std::move(account));
    const bool fine = wanted.is_null() ? !least : least && wanted.to_number<std::int64_t>() == *least;
    if (fine) return passed(std::move(id), std::move(account));
    return failed(std::move(id), "expected " + json::serialize(wanted) + ", the engine begins with " + shown, std::move(account));
}

}  // namespace

bool claims_gate_table(const json::value& d) { return any_with(list_of(d, "gate_table"), {"reviewers"}); }

std::vector<case_result> run_gate_table(const json::value& d, const settings& s) {
    const auto shipped = load_charter_file(s.charters + "/rust.json").value();
    const auto variants = load_charter_file(s.own + "/gates.json").value();
    std::vector<case_result> results;
    for (const auto& row : *list_of(d, "gate_table")) {
        const auto* n = row.is_object() ? row.as_object().if_contains("reviewers") : nullptr;
        if (n == nullptr || !n->is_int64() || n->as_int64() < 0 || n->as_int64() > most_reviewers) {
            results.push_back(skipped("#" + std::to_string(results.size() + 1), fmt::format("no number of reviewers from 0 to {}", most_reviewers)));
            continue;
        }
        const auto people = reviewers(n->as_int64());
        for (const auto& [key, wanted] : row.as_object()) {
            if (key == "reviewers") continue;
            auto        id = fmt::format("{} of {}", std::string_view(key), n->as_int64());
            const auto* c = column_named(key);
            if (c == nullptr) results.push_back(skipped(std::move(id), "a column whose rule isn't known"));
            else if (!wanted.is_null() && !wanted.is_int64()) results.push_back(skipped(std::move(id), "neither a number nor null"));
            else results.push_back(run_cell(std::move(id), n->as_int64(), *c, wanted, c->file == "rust.json" ? shipped : variants, people));
        }
    }
    return results;
}

}  // namespace conformance
