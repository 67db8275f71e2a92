// Serves the pages (page.hpp).
//
// Why with a server, a thread, a connection and an engine of its own: the worker's engine is the worker's, who talks to GitHub for
// seconds while it has it in hand, and the thread that answers GitHub's deliveries has ten seconds for each. So pages read the
// journal by themselves: before each answer their engine takes in what the others have written, and writes nothing; when text
// was erased, it begins anew. Nothing is
// shared but the file, no number of readers can delay a delivery or a round, and pages can have a host name of their own. The
// price is the state of all decisions in memory once more.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "http.hpp"
#include "page.hpp"

namespace bot {

inline constexpr std::size_t most_pages_kept = 256;  ///< answers, for as long as the journal stays as it is, a minute at most

/// Answers 503 as long as the journal can't be read, or nothing was ever opened.
class page_server {
public:
    /// Serves until it is destroyed. `s.pages` must be set (asserted). Throws `quorate::failure` (io) when the address can't be
    /// had. `clock` and `log` are called on the server's thread; `log` gets a line when the journal fails.
    page_server(const settings& s, std::string journal, std::function<instant()> clock,
                std::function<void(const std::string&)> log);
    page_server(const page_server&) = delete;
    page_server& operator=(const page_server&) = delete;
    /// Answers what is being asked, then ends.
    ~page_server() = default;

    [[nodiscard]] std::uint16_t port() const { return server_->port(); }

private:
    [[nodiscard]] http_response answer(const http_request& r) noexcept;
    [[nodiscard]] http_response read(const http_request& r);
    [[nodiscard]] std::uint64_t erasures(std::uint64_t known);

    const settings&                         settings_;
    std::string                             path_;
    std::function<instant()>                clock_;
    std::function<void(const std::string&)> log_;
    quorate::journal*                       journal_ = nullptr;  ///< the engine's
    std::optional<quorate::engine>          engine_;
    std::map<std::string, http_response>    kept_;   ///< by what is meant
    std::uint64_t                           kept_at_ = 0;  ///< place in the journal
    std::uint64_t                           erased_ = 0;   ///< erasures that the engine knows of
    instant                                 kept_for_{};   ///< the minute
    std::unique_ptr<http_server>            server_;       ///< last: ends first
};

}  // namespace bot
