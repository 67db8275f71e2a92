// Journals as the tool opens them.
#include "cli.hpp"
#include "json.hpp"

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
    if (auto done = last_of("charter", rules); !done) return done.error();
    if (auto done = last_of("roster", people); !done) return done.error();
    if (!rules || !people)
        return make_error(errc::not_found, "the journal holds no charter and roster yet", "--db",
                          "quorate run CHARTER ROSTER --db FILE stores them with the first proposal");
    std::vector<std::pair<std::string, std::string>> given;
    for (const auto& pair : rules->names) {
        const auto equals = pair.find('=');
        given.emplace_back(pair.substr(0, equals), equals == std::string::npos ? std::string() : pair.substr(equals + 1));
    }
    auto c = load_charter(rules->text, rules->detail, std::move(given));
    if (!c) return c.error();
    auto r = load_roster(people->text, "roster of the journal");
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
