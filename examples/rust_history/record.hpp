// What is recorded of Rust decisions, read from a file in the form of tests/data/rust_fcp_histories.json.
#pragma once

#include <boost/json/fwd.hpp>

#include <optional>
#include <string>
#include <vector>

namespace rust_history {

/// What the record says happened on a day.
struct entry {
    std::string date;  ///< "2026-06-12"; may be empty or no date when the record has none
    std::string who;
    std::string what;
};

struct recorded_concern {
    std::string name;
    std::string by;        ///< empty: not recorded
    std::string raised;    ///< date; empty: not recorded
    std::string resolved;  ///< date; empty: never, or not recorded
    bool        active = false;
};

/// How things stood on a day.
struct snapshot {
    std::string                   date;
    std::string                   tracking;        ///< of which proposal on this subject
    bool                          pending = true;  ///< how the minutes list it; else in its final comment period
    std::vector<std::string>      approved, outstanding;
    std::vector<recorded_concern> concerns;
};

/// One proposal on a subject; proposing again makes another.
struct proposing {
    std::string tracking;
    std::string by;
    std::string date;
};

enum class source : unsigned char { thread, weekly, pending_list };

struct record {
    source                        from = source::thread;
    std::string                   id, title, team;
    std::string                   disposition;
    std::string                   result;
    std::vector<entry>            events;
    std::vector<proposing>        proposals;
    std::vector<std::string>      approved, outstanding;  ///< the stored checklist of a thread
    bool                          checklist_whole = false;
    std::vector<recorded_concern> concerns;
    std::vector<snapshot>         snapshots;
    std::optional<std::pair<std::string, std::string>> entry_window;  ///< between these days it entered
    std::vector<std::string>      missing;                 ///< facts that the record itself says it lacks
    // Derived from `events`.
    std::string proposed, entered, completed, cancelled;   ///< dates; empty: not recorded
};

/// The records of a document; lists of other names, and what is no object in a list, are passed over.
[[nodiscard]] std::vector<record> records_of(const boost::json::object& document);

/// Reads the file. Throws std::runtime_error with the reason if it can't, or if it isn't in that form.
[[nodiscard]] std::vector<record> read_records(const std::string& path);

}  // namespace rust_history
