// Journals as the tool opens them.
#include "cli.hpp"

namespace quorate::cli {

result<engine> engine_of(const std::string& db) {
    auto store = open_journal(db, false);
    if (!store) return store.error();
    auto e = engine::make(std::move(store.value()));
    if (!e && e.error().code == errc::not_found)
        return make_error(errc::not_found, "the journal holds no charter and roster yet", "--db",
                          "quorate run CHARTER ROSTER --db FILE stores them with the first proposal");
    return e;
}

}  // namespace quorate::cli
