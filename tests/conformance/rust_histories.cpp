// Recorded decisions of the Rust project, replayed as examples/rust_history does: each record is a case.
#include <exception>

#include <fmt/format.h>

#include "../../examples/rust_history/replay.hpp"
#include "case.hpp"

namespace conformance {
namespace {

bool is_record_list(std::string_view key, const json::value& v) {
    return v.is_array() && (key.starts_with("threads") || key.starts_with("weekly_snapshots") || key.starts_with("pending_lists"));
}

case_result result_of(const rust_history::record& r, const rust_history::replayed& x) {
    std::string account = "decides: " + x.decides + "\n";
    for (const auto& l : x.lines) account += fmt::format("{}  {}{}{}\n", l.date, l.what, l.note.empty() ? "" : "  | ", l.note);
    for (const auto& s : x.supposed) account += "supposing " + s + "\n";
    switch (x.found) {
        case rust_history::finding::as_recorded: return passed(r.id, std::move(account));
        case rust_history::finding::not_checkable: return {r.id, finding::skipped, "not recorded: " + x.missing, std::move(account)};
        case rust_history::finding::contradicts: break;
    }
    std::string wrong;
    for (const auto& l : x.lines)
        if (l.wrong) wrong += fmt::format("{}{}: {} (recorded: {})", wrong.empty() ? "" : "; ", l.date, l.what, l.note);
    return failed(r.id, std::move(wrong), std::move(account));
}

}  // namespace

bool claims_rust_histories(const json::value& d) {
    if (!d.is_object()) return false;
    for (const auto& [key, value] : d.as_object())
        if (is_record_list(key, value)) return true;
    return false;
}

std::vector<case_result> run_rust_histories(const json::value& d, const settings& s) {
    std::vector<case_result> results;
    const auto records = rust_history::records_of(d.as_object());
    auto       charter = quorate::load_charter_file(s.charters + "/rust.json").value();
    auto       engine = quorate::engine(std::move(charter), rust_history::roster_of(records));
    for (const auto& r : records) {
        try {
            results.push_back(result_of(r, rust_history::replay(r, engine)));
        } catch (const std::exception& e) {
            results.push_back(failed(r.id, std::string("the replay broke off: ") + e.what()));
        }
    }
    return results;
}

}  // namespace conformance
