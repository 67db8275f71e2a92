// HTTP as the bot needs it: values in and out, so that what answers and what asks need know nothing of sockets.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <quorate/result.hpp>

namespace bot {

using http_headers = std::vector<std::pair<std::string, std::string>>;  ///< names in lower case
/// The value of a header, the first one's if there are several; empty if there is none.
[[nodiscard]] std::string_view header_of(const http_headers& all, std::string_view name);

struct http_request {
    std::string  method = "GET";
    std::string  target = "/";  ///< path and query
    http_headers headers{};
    std::string  body{};
};
struct http_response {
    unsigned     status = 200;
    http_headers headers{};
    std::string  body{};
    bool         hang_up = false;  ///< of a server: no answer at all, the connection ends
    std::chrono::milliseconds delay{};  ///< of a server: answers so much later; for tests of patience
};

struct http_limits {
    std::size_t          body = std::size_t{1} << 20;
    std::size_t          header = 16 * 1024;
    std::size_t          connections = 256;
    std::chrono::seconds patience{10};  ///< for a whole request or answer
};

/// Serves on one address until it is stopped. Requests larger than the limits are answered 413 or 431 without being read; slow ones are
/// hung up on. `answer` is called on the server's own thread, one request at a time, and may not throw.
class http_server {
public:
    /// Throws `quorate::failure` (io) when the address can't be had.
    http_server(const std::string& address, std::uint16_t port, http_limits limits, std::function<http_response(const http_request&)> answer);
    http_server(const http_server&) = delete;
    http_server& operator=(const http_server&) = delete;
    /// As `stop`.
    ~http_server();

    [[nodiscard]] std::uint16_t port() const;
    /// Takes no more connections, answers the requests that are being read or answered (for at most the limits' patience), then returns.
    void stop();

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

/// Asks other servers. Implementations never throw for what a network does.
class transport {
public:
    virtual ~transport() = default;
    /// `io` when no whole answer came: whether the request was carried out is then unknown.
    [[nodiscard]] virtual quorate::result<http_response> ask(const http_request& r) = 0;
};

/// To one server, "https://api.github.com" or "http://127.0.0.1:8080": over TLS 1.2 or later, with its certificate checked against the system's
/// authorities. One connection, kept while it lasts.
[[nodiscard]] std::unique_ptr<transport> http_client(const std::string& base, http_limits limits);

}  // namespace bot
