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

/// How many erasures there are, of which `known` are known.
std::uint64_t page_server::erasures(std::uint64_t known) {
    const auto read = journal_->read(quorate::erasure_stream, known, [&](const quorate::stored_event& e) { return known = e.version, true; });
    if (!read) throw quorate::failure(read.error());
    return known;
}

http_response page_server::read(const http_request& r) {
    if (engine_ && erasures(erased_) != erased_) engine_.reset();  // it still knows the text
    if (!engine_) {
        auto store = quorate::open_sqlite_journal(path_, {.create = false});
        if (!store) throw quorate::failure(store.error());
        journal_ = store.value().get();
        erased_ = erasures(0);
        auto made = quorate::engine::make(std::move(store.value()));
        if (!made && made.error().code == quorate::errc::not_found) return not_now();
        if (!made) throw quorate::failure(made.error());
        engine_.emplace(std::move(made.value()));
        kept_.clear();
    }
    const auto place = journal_->last();  // before refreshing: what is written in between is seen too early, not taken for seen
    if (!place) throw quorate::failure(place.error());
    if (const auto seen = engine_->refresh(); !seen) throw quorate::failure(seen.error());
    const auto minute = std::chrono::floor<std::chrono::minutes>(clock_());
    if (place.value() != kept_at_ || minute != kept_for_ || kept_.size() >= most_pages_kept) kept_.clear();
    kept_at_ = place.value();
    kept_for_ = minute;
    if ((r.method != "GET" && r.method != "HEAD") || r.target.size() > longest_target) return page(*engine_, settings_, r, minute);
    const auto target = meant(r.target);
    auto       known = kept_.find(target);
    if (known == kept_.end())
        known = kept_.emplace(target, page(*engine_, settings_, {.method = "GET", .target = target}, minute)).first;
    return as_asked(known->second, r);
}

}  // namespace bot
