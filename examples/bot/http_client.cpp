// The only file that knows Boost.Beast's client side, and TLS.
#include "http.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>

#include <optional>
#include <variant>

namespace bot {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;
using quorate::errc;
using quorate::make_error;
using quorate::result;

struct address {
    bool        tls = false;
    std::string host{}, port{};
};

address parsed(std::string base) {
    address a;
    a.tls = base.starts_with("https://");
    base.erase(0, base.find("://") == std::string::npos ? 0 : base.find("://") + 3);
    base.resize(std::min(base.find('/'), base.size()));
    const auto colon = base.rfind(':');
    a.host = base.substr(0, colon);
    a.port = colon != std::string::npos ? base.substr(colon + 1) : a.tls ? "443" : "80";
    return a;
}

class beast_client final : public transport {
public:
    beast_client(const std::string& base, http_limits limits) : to_(parsed(base)), limits_(limits) {
        tls_.set_default_verify_paths();
        tls_.set_verify_mode(asio::ssl::verify_peer);
        (void)SSL_CTX_set_min_proto_version(tls_.native_handle(), TLS1_2_VERSION);
    }

    result<http_response> ask(const http_request& r) override {
        const bool kept = connected_;
        auto       answer = once(r);
        // A kept connection may have ended meanwhile. What changes nothing is asked again; of the rest nobody knows.
        if (!answer && kept && r.method == "GET") answer = once(r);
        return answer;
    }

private:
    /// Runs what was begun until it ends or patience does. The streams' own timers end it.
    beast::error_code run(beast::error_code& ec) {
        context_.restart();
        context_.run();
        return ec;
    }
    beast::tcp_stream& lowest() { return plain_ ? *plain_ : beast::get_lowest_layer(*secure_); }
    void drop() {
        plain_.reset();
        secure_.reset();
        buffer_.clear();
        connected_ = false;
    }
    beast::error_code connect() {
        drop();
        beast::error_code ec = asio::error::timed_out;
        if (to_.tls) secure_.emplace(context_, tls_);
        else plain_.emplace(context_);
        tcp::resolver resolver(context_);
        tcp::resolver::results_type found;
        resolver.async_resolve(to_.host, to_.port, [&](beast::error_code e, tcp::resolver::results_type all) { ec = e; found = std::move(all); });
        if (run(ec)) return ec;
        lowest().expires_after(limits_.patience);
        lowest().async_connect(found, [&](beast::error_code e, const tcp::endpoint&) { ec = e; });
        if (run(ec)) return ec;
        if (to_.tls) {
            SSL_set_tlsext_host_name(secure_->native_handle(), to_.host.c_str());
            secure_->set_verify_callback(asio::ssl::host_name_verification(to_.host));
            secure_->async_handshake(asio::ssl::stream_base::client, [&](beast::error_code e) { ec = e; });
            if (run(ec)) return ec;
        }
        connected_ = true;
        return ec;
    }
    template <class Stream>
    beast::error_code exchange(Stream& stream, http::request<http::string_body>& request, http::response_parser<http::string_body>& parser) {
        beast::error_code ec;
        lowest().expires_after(limits_.patience);
        http::async_write(stream, request, [&](beast::error_code e, std::size_t) { ec = e; });
        if (run(ec)) return ec;
        http::async_read(stream, buffer_, parser, [&](beast::error_code e, std::size_t) { ec = e; });
        return run(ec);
    }
    result<http_response> once(const http_request& r) {
        const auto fail = [&](const beast::error_code& ec) -> result<http_response> {
            drop();
            return make_error(errc::io, ec == beast::error::timeout ? "no answer in time" : ec.message(), to_.host + ":" + to_.port);
        };
        if (!connected_)
            if (const auto ec = connect(); ec) return fail(ec);
        http::request<http::string_body> request;
        request.version(11);
        request.method_string(r.method);
        request.target(r.target);
        request.set(http::field::host, to_.host);
        for (const auto& [name, value] : r.headers) request.set(name, value);
        request.body() = r.body;
        request.prepare_payload();
        http::response_parser<http::string_body> parser;
        parser.body_limit(limits_.body);
        parser.header_limit(static_cast<std::uint32_t>(limits_.header));
        const auto ec = plain_ ? exchange(*plain_, request, parser) : exchange(*secure_, request, parser);
        if (ec) return fail(ec);
        auto          message = parser.release();
        http_response answer{.status = message.result_int(), .headers = {}, .body = std::move(message.body())};
        for (const auto& f : message) {
            std::string name(f.name_string());
            for (auto& c : name)
                if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
            answer.headers.emplace_back(std::move(name), std::string(f.value()));
        }
        if (!message.keep_alive()) drop();
        return answer;
    }

    address                                                      to_;
    http_limits                                                  limits_;
    asio::io_context                                             context_{1};
    asio::ssl::context                                           tls_{asio::ssl::context::tls_client};
    std::optional<beast::tcp_stream>                             plain_;
    std::optional<beast::ssl_stream<beast::tcp_stream>>          secure_;
    beast::flat_buffer                                           buffer_;
    bool                                                         connected_ = false;
};

}  // namespace

std::unique_ptr<transport> http_client(const std::string& base, http_limits limits) { return std::make_unique<beast_client>(base, limits); }

}  // namespace bot
