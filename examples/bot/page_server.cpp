#include "page_server.hpp"

#include <boost/assert.hpp>

#include <quorate/sqlite_journal.hpp>

namespace bot {
namespace {

constexpr http_limits page_limits{.body = 1'024, .header = 16 * 1'024, .connections = 128};

http_response not_now() {
    return {.status = 503,
            .headers = {{"content-type", "text/plain; charset=utf-8"}, {"cache-control", "no-store"}, {"retry-after", "10"}},
            .body = "There is nothing to read yet. Try again soon.\n"};
}

}  // namespace

page_server::page_server(const settings& s, std::string journal, std::function<instant()> clock,
                         std::function<void(const std::string&)> log)
    : settings_(s), path_(std::move(journal)), clock_(std::move(clock)), log_(std::move(log)) {
    BOOST_ASSERT(s.pages.has_value());
    server_ = std::make_unique<http_server>(s.pages->address, s.pages->port, page_limits,
                                            [this](const http_request& r) { return answer(r); });
}

http_response page_server::answer(const http_request& r) noexcept {
    try {
        return read(r);
    } catch (const std::exception& e) {
        engine_.reset();
        try {
            if (log_) log_(std::string("pages: ") + e.what());
            return not_now();
        } catch (...) {
            return {.status = 503, .headers = {}, .body = {}};
        }
    }
}

http_response page_server::read(const http_request& r) {
    if (!engine_) {
        auto store = quorate::open_sqlite_journal(path_, {.create = false});
        if (!store) throw quorate::failure(store.error());
        journal_ = store.value().get();
        auto made = quorate::engine::make(std::move(store.value()));
        if (!made && made.error().code == quorate::errc::not_found) return not_now();
        if (!made) throw quorate::failure(made.error());
        engine_.emplace(std::move(made.value()));
        kept_.clear();
    }
    if (const auto seen = engine_->refresh(); !seen) throw quorate::failure(seen.error());
    const auto place = journal_->last();
    if (!place) throw quorate::failure(place.error());
    const auto minute = std::chrono::floor<std::chrono::minutes>(clock_());
    if (place.value() != kept_at_ || minute != kept_for_ || kept_.size() >= most_pages_kept) kept_.clear();
    kept_at_ = place.value();
    kept_for_ = minute;
    if ((r.method != "GET" && r.method != "HEAD") || r.target.size() > longest_target) return page(*engine_, settings_, r, minute);
    auto known = kept_.find(r.target);
    if (known == kept_.end())
        known = kept_.emplace(r.target, page(*engine_, settings_, {.method = "GET", .target = r.target}, minute)).first;
    return as_asked(known->second, r);
}

}  // namespace bot
