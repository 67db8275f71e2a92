// An audit as a whole, and the facts that it is given.
#include <quorate/audit.hpp>

#include <algorithm>
#include <array>

#include "audit_view.hpp"
#include "json.hpp"
#include "json_out.hpp"

namespace quorate {
namespace {

constexpr std::array fact_kinds{audit_fact::kind::members_may_leave,  audit_fact::kind::teams_may_leave,      audit_fact::kind::members_may_change,
                                audit_fact::kind::decisions_can_end,  audit_fact::kind::nobody_indispensable, audit_fact::kind::notice_given,
                                audit_fact::kind::acts_per_decision,  audit_fact::kind::time_per_decision,    audit_fact::kind::acts_per_seat,
                                audit_fact::kind::wait_for_leaders};
constexpr std::array<std::string_view, 10> fact_names{"members may leave", "teams may leave",         "members may all be exchanged",
                                                      "decisions can end", "nobody is indispensable", "outsiders get the notice they are promised",
                                                      "acts per decision", "time per decision",       "acts per seat",
                                                      "wait for leaders"};
static_assert(fact_kinds.size() == fact_names.size());

bool is_time(audit_fact::kind k) { return k == audit_fact::kind::time_per_decision || k == audit_fact::kind::wait_for_leaders; }

audit_fact read_fact(json_text::reader& read, const json_text::node& from) {
    audit_fact f;
    read.known_keys(from, {"fact", "holds", "measured", "source"});
    const auto word = read.word(from, "fact", {fact_names.begin(), fact_names.end()});
    if (!word && from.find("fact") == nullptr) read.wrong(from, "\"fact\" is missing");
    for (std::size_t i = 0; i < fact_names.size(); ++i)
        if (word == fact_names[i]) f.what = fact_kinds[i];
    f.source = std::string(read.required_text(from, "source"));
    const bool verified = method_of(f.what) == audit_method::verified;
    if (from.find(verified ? "measured" : "holds") != nullptr)
        read.wrong(from, std::string(to_string(f.what)) + (verified ? " holds or doesn't: it isn't measured" : " is measured: it isn't true or false"));
    const auto holds = read.flag(from, "holds");
    const auto measured = read.text(from, "measured");
    if (verified && !holds) read.wrong(from, "\"holds\" is missing");
    f.holds = holds.value_or(false);
    if (verified) return f;
    const auto amount = is_time(f.what) ? std::optional<number>() : parse_number(measured.value_or(""));
    const auto span = is_time(f.what) ? parse_duration(measured.value_or("")) : std::optional<duration>();
    if (amount) f.measured = *amount;
    else if (span) f.measured = number(span->count());
    else read.wrong(from, "expected \"measured\", such as " + std::string(is_time(f.what) ? "\"9 days\"" : "\"12.5\""));
    return f;
}

}  // namespace

std::string_view heading_of(audit_part p) noexcept {
    constexpr std::array<std::string_view, 3> headings{"Requirements", "Failure modes", "Work that is neglected"};
    return headings[static_cast<std::size_t>(p)];
}

std::string_view to_string(audit_part p) {
    constexpr std::array<std::string_view, 3> words{"requirement", "failure mode", "neglected work"};
    return words[static_cast<std::size_t>(p)];
}
std::string_view to_string(audit_answer a) {
    constexpr std::array<std::string_view, 4> words{"pass", "warn", "fail", "not judged"};
    return words[static_cast<std::size_t>(a)];
}
std::string_view to_string(audit_method m) {
    constexpr std::array<std::string_view, 3> words{"structure", "verified", "simulated"};
    return words[static_cast<std::size_t>(m)];
}
std::string_view to_string(audit_fact::kind k) { return fact_names[static_cast<std::size_t>(k)]; }
audit_method method_of(audit_fact::kind k) {
    return k <= audit_fact::kind::notice_given ? audit_method::verified : audit_method::simulated;
}

result<audit_evidence> load_audit_evidence(std::string_view json, std::string name) {
    const auto document = json_text::parse(json, name);
    if (!document) return document.error();
    const auto&       root = document.value();
    json_text::reader read{root, name};
    audit_evidence    made;
    if (!read.expect(root, json_text::kind::object)) return read.why();
    read.known_keys(root, {"charter", "facts"});
    made.charter = std::string(read.required_text(root, "charter"));
    if (const auto* list = read.required_array(root, "facts"))
        for (const auto& each : list->elements) {
            if (!read.expect(each, json_text::kind::object)) continue;
            auto f = read_fact(read, each);
            if (std::any_of(made.facts.begin(), made.facts.end(), [&](const audit_fact& other) { return other.what == f.what; }))
                read.wrong(each, std::string(to_string(f.what)) + " is told twice");
            made.facts.push_back(std::move(f));
        }
    if (!read.ok()) return read.why();
    return made;
}

std::string to_json(const audit_evidence& e) {
    json_text::json_out out;
    out.object().field("charter", e.charter).key("facts").array();
    for (const auto& f : e.facts) {
        out.object().field("fact", to_string(f.what));
        if (method_of(f.what) == audit_method::verified) out.field("holds", f.holds);
        else if (is_time(f.what)) out.field("measured", quorate::to_string(duration(floor(f.measured).to_int64().value_or(0))));
        else out.field("measured", amount(f.measured));
        out.field("source", f.source).end();
    }
    out.end().end();
    return std::move(out).str();
}

std::size_t audit_report::count(audit_answer a) const {
    return static_cast<std::size_t>(std::count_if(findings.begin(), findings.end(), [a](const audit_finding& f) { return f.is == a; }));
}

const audit_finding& audit_report::about(std::string_view question) const {
    const auto found = std::find_if(findings.begin(), findings.end(), [&](const audit_finding& f) { return f.asked->name == question; });
    BOOST_ASSERT(found != findings.end());
    return *found;
}

audit_report audit(const charter& c, const roster& people, const audit_evidence& facts) {
    const governance g(c, people, facts);
    audit_report     report{.charter = c, .roster = people.document().name, .findings = {}};
    std::array<std::size_t, 3> place{};
    for (const auto& q : audit_questions()) {
        answering  a;
        const auto i = place[static_cast<std::size_t>(q.part)]++;
        if (q.part == audit_part::requirement) audit_requirement(i, g, a);
        else if (q.part == audit_part::failure_mode) audit_failure_mode(i, g, a);
        else audit_work(q, g, a);
        auto f = std::move(a).done();
        f.asked = &q;
        if (!facts.charter.empty() && facts.charter != c.hash() && f.is == audit_answer::not_judged)
            f.evidence.emplace_back("the facts that were given are about another charter, or another version of it");
        report.findings.push_back(std::move(f));
    }
    return report;
}

}  // namespace quorate
