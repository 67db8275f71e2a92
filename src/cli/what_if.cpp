// what-if: a journal under another charter. Nothing is written.
#include <quorate/what_if.hpp>

#include "cli.hpp"

namespace quorate::cli {
namespace {

struct what_if_flags {
    std::string              db{}, charter{}, until{};
    std::vector<std::string> params{}, processes{};
    bool                     brief = false;
};

std::string stood(const course& c) {
    if (c.stays.empty()) return "-";
    const auto& s = c.stays.back();
    return s.stage + " since " + date_string(s.since);
}

std::string parted(const comparison& c) {
    if (!c.parts) return "-";
    return date_string(c.parts->at) + ", " + std::string(turn_names[static_cast<std::size_t>(c.parts->goes)]);
}
std::string waited(const comparison& c) {
    if (!c.parts) return c.problem.empty() ? std::to_string(c.refused_count) + " refused" : c.problem;
    return c.parts->waiting.substr(0, c.parts->waiting.find(';'));
}

/// What differs at a glance; WAITING is where the side that goes later stood when they parted.
std::string overview(const what_if_report& r) {
    std::vector<std::vector<std::string>> rows{{"PROPOSAL", "RECORDED", "OTHERWISE", "PARTS", "WAITING"}};
    for (auto& cell : rows[0]) cell = paint(ink::dim, cell);
    for (const auto& c : r.all)
        if (c.differs())
            rows.push_back({paint(ink::bold, c.subject.empty() ? c.id : c.subject), stood(c.recorded), stood(c.otherwise), parted(c),
                            waited(c)});
    return rows.size() == 1 ? std::string() : aligned(rows);
}

int what_if(const session& s, const what_if_flags& o) {
    what_if_options how;
    const auto      processes = parameters_from(o.processes, "--process");
    if (!processes) return s.fail(processes.error());
    how.processes = processes.value();
    if (!o.until.empty()) {
        const auto until = moment_from(o.until);
        if (!until) return s.fail(until.error());
        how.until = until.value();
    }
    const auto other = charter_from(o.charter, o.params);
    if (!other) return s.fail(other.error());
    const auto store = open_journal(o.db, false);
    if (!store) return s.fail(store.error());
    const auto report = quorate::what_if(*store.value(), other.value(), how);
    if (!report) return s.fail(report.error());
    if (s.json) {
        json_text::json_out out;
        s.print_json(std::move(out.raw(quorate::to_json(report.value()))));
    } else {
        const auto table = overview(report.value());
        s.print(table + (o.brief ? (table.empty() ? "" : "\n") + summary(report.value()) : quorate::to_string(report.value())));
    }
    return report.value().problems == 0 ? fine : findings;
}

}  // namespace

void add_what_if(command_group to) {
    auto o = std::make_shared<what_if_flags>();
    auto sub = to.add("what-if", "What another charter would have made of a journal: what, when, waiting for whom",
                      "quorate what-if decisions.db --charter stricter.json\n"
                      "Exit codes: 0 it ran, whatever differs; 1 something can't be replayed under that charter; 2 wrong usage or input",
                      [o](const session& s) { return what_if(s, *o); });
    sub.option("JOURNAL", o->db, "The journal; it is only read").required();
    sub.option("--charter", o->charter, "The other charter").required();
    parameters_option(sub, o->params, "the other charter");
    sub.option("--process", o->processes,
               "OLD=NEW: what goes through OLD in the journal goes through NEW of the other charter; the "
               "others keep their names; may be repeated");
    sub.flag("--brief", o->brief, "The table and the totals only");
    sub.option("--until", o->until, "Until when time goes on after the last event (UTC); that event when left out");
}

}  // namespace quorate::cli
