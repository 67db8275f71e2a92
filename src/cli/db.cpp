// Journals as the tool opens them.
#include "cli.hpp"
#include "journal_documents.hpp"

namespace quorate::cli {

result<std::pair<charter, roster>> documents_of(journal& store) {
    std::optional<event> rules;
    std::optional<event> people;
    const auto           last_of = [&](std::string_view stream, std::optional<event>& last) {
        return store.read(stream, 0, [&](const stored_event& s) {
            if (s.what.kind == event_kind::document) last = s.what;
            return true;
        });
    };
    if (auto done = last_of(charter_stream, rules); !done) return done.error();
    if (auto done = last_of(roster_stream, people); !done) return done.error();
    if (!rules || !people)
        return make_error(errc::not_found, "the journal holds no charter and roster yet", "--db",
                          "quorate run CHARTER ROSTER --db FILE stores them with the first proposal");
    auto c = charter_of(*rules);
    if (!c) return c.error();
    auto r = roster_of(*people);
    if (!r) return r.error();
    return std::pair(std::move(c.value()), std::move(r.value()));
}

result<engine> engine_of(const std::string& db) {
    auto store = open_journal(db, false);
    if (!store) return store.error();
    auto documents = documents_of(*store.value());
    if (!documents) return documents.error();
    return engine::make(std::move(documents.value().first), std::move(documents.value().second), std::move(store.value()));
}

}  // namespace quorate::cli
