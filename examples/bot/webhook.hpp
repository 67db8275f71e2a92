// What GitHub's requests are answered: verified, limited, recognised, kept in the journal, and thanked for. Acting comes later (worker.hpp).
#pragma once

#include <functional>
#include <map>
#include <string>

#include <quorate/journal.hpp>

#include "delivery.hpp"
#include "http.hpp"
#include "metrics.hpp"
#include "settings.hpp"

namespace bot {

inline constexpr quorate::duration quiet_for = std::chrono::minutes{10};  ///< without a round of the worker for so long, it isn't healthy

/// | request          | answer                                                                                                  |
/// |------------------|---------------------------------------------------------------------------------------------------------|
/// | POST /webhook    | 401 without a right signature over the very bytes; 429 for too many; 400 for what can't be read; 202 once it |
/// |                  | is in the journal, durably; 200 for what was there before, or is nothing to the bot; 503 if the journal fails |
/// | GET /healthz     | 200, or 503 when the journal can't be read or the worker has not been round for `quiet_for`              |
/// | GET /metrics     | numbers, in Prometheus' text format                                                                     |
///
/// Answers tell nothing that a request didn't: no names, no texts. For one thread; the journal is that thread's own connection.
class webhook {
public:
    /// `secret` mustn't be empty (asserted): who has none must not be served.
    webhook(quorate::journal& inbox, std::string secret, const settings& s, metrics& counts, std::function<instant()> clock, std::function<void()> wake = {});

    [[nodiscard]] http_response answer(const http_request& r) noexcept;

private:
    [[nodiscard]] http_response take(const http_request& r);
    [[nodiscard]] http_response health();
    [[nodiscard]] bool          too_many(const std::string& repository, instant now);

    struct bucket {
        double  left = 0;
        instant at{};
    };

    quorate::journal&               inbox_;
    std::string                     secret_;
    const settings&                 settings_;
    metrics&                        counts_;
    std::function<instant()>        clock_;
    std::function<void()>           wake_;
    std::map<std::string, bucket>   buckets_;  ///< by repository: a noisy one takes nothing from others
    instant                         started_{};
};

}  // namespace bot
