#include "webhook.hpp"

#include <boost/assert.hpp>

#include <algorithm>

#include "inbox.hpp"
#include "signature.hpp"

namespace bot {
namespace {

http_response said(unsigned status, std::string text) { return {.status = status, .headers = {{"content-type", "text/plain; charset=utf-8"}}, .body = std::move(text) + "\n"}; }

}  // namespace

webhook::webhook(quorate::journal& inbox, std::string secret, const settings& s, metrics& counts, std::function<instant()> clock, std::function<void()> wake)
    : inbox_(inbox), secret_(std::move(secret)), settings_(s), counts_(counts), clock_(std::move(clock)), wake_(std::move(wake)), started_(clock_()) {
    BOOST_ASSERT(!secret_.empty());
}

http_response webhook::answer(const http_request& r) noexcept {
    try {
        counts_.add(count::requests);
        const auto path = std::string_view(r.target).substr(0, r.target.find('?'));
        if (path == "/webhook") return r.method == "POST" ? take(r) : said(405, "POST only");
        if (r.method != "GET") return said(405, "GET only");
        if (path == "/healthz") return health();
        if (path == "/metrics") return said(200, counts_.page());
        return said(404, "nothing here");
    } catch (...) {
        return {.status = 503, .headers = {}, .body = {}};
    }
}

http_response webhook::take(const http_request& r) {
    if (!is_signed(r.body, header_of(r.headers, "x-hub-signature-256"), secret_)) {
        counts_.add(count::bad_signature);
        return said(401, "no right signature");
    }
    const auto now = clock_();
    const auto event = std::string(header_of(r.headers, "x-github-event"));
    auto       d = read_delivery(r.body, std::string(header_of(r.headers, "x-github-delivery")), event, now);
    if (!d) {
        counts_.add(count::malformed);
        const auto where = d.error().problems.front();  // what is wrong there would quote it
        return said(400, "not a delivery, from line " + std::to_string(where.line) + ", column " + std::to_string(where.column));
    }
    const auto& what = d.value();
    const bool ours = event == "membership" ? settings_.all_owned_by(what.organisation) : settings_.find(what.repository) != nullptr;
    if (event == "ping" || !is_of_interest(event, what.action) || !ours) {
        counts_.add(count::ignored);
        return said(200, "nothing to do");
    }
    if (too_many(what.repository, now)) {
        counts_.add(count::too_many);
        return said(429, "too many deliveries; send it again later");
    }
    const auto kept = keep_delivery(inbox_, what);
    if (!kept) {
        counts_.add(count::journal_failures);
        return said(503, "not kept; send it again later");
    }
    if (!kept.value()) {
        counts_.add(count::duplicates);
        return said(200, "known already");
    }
    counts_.add(count::accepted);
    if (wake_) wake_();
    return said(202, "kept");
}

http_response webhook::health() {
    const auto last = static_cast<std::int64_t>(counts_.of(count::last_round_us));
    const auto since = std::max(instant{quorate::duration{last}}, started_);
    if (!inbox_.last()) return said(503, "the journal can't be read");
    if (counts_.of(count::standing_by) == 0 && clock_() - since > quiet_for) return said(503, "nothing is being done");
    return said(200, counts_.of(count::standing_by) != 0 ? "standing by" : "well");
}

bool webhook::too_many(const std::string& repository, instant now) {
    const double most = settings_.deliveries_per_minute;
    auto&        b = buckets_.try_emplace(repository, bucket{most, now}).first->second;
    const auto   passed = std::max<std::int64_t>((now - b.at).count(), 0);
    b.left = std::min(most, b.left + static_cast<double>(passed) * most / 60e6);
    b.at = now;
    if (b.left < 1) return true;
    b.left -= 1;
    return false;
}

}  // namespace bot
