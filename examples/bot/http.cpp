// HTTP, both ways: the only file that knows Boost.Beast, Boost.Asio and TLS. Beast's parsers read; what is written is so little that it is put
// together here, and each kind of stream is only ever read from and written to in one place, which keeps this file quick to compile.
#include "http.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/status.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

#include <algorithm>
#include <optional>
#include <set>
#include <thread>

namespace bot {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;
using executor = asio::io_context::executor_type;
using socket_stream = beast::basic_stream<tcp, executor>;
using socket = asio::basic_stream_socket<tcp, executor>;
using waiting = asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, executor>;
using quorate::errc;
using quorate::make_error;
using quorate::result;

constexpr std::chrono::milliseconds accept_pause{200};  // after an error
constexpr std::size_t chunk = 16 * 1024;  // bytes read at a time

std::string in_lower_case(std::string_view s) {
    std::string out(s);
    for (auto& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}
http_headers headers_of(const http::fields& all) {
    http_headers out;
    for (const auto& f : all) out.emplace_back(in_lower_case({f.name_string().data(), f.name_string().size()}), std::string(f.value()));
    return out;
}
/// A value that would begin a line of its own is left out whole.
std::string header_lines(const http_headers& all) {
    std::string out;
    for (const auto& [name, value] : all)
        if (value.find_first_of("\r\n") == std::string::npos) out += name + ": " + value + "\r\n";
    return out;
}

/// Gives a parser what was read. Whether the message is whole; `ec` when it is none, or beyond the limits.
template <bool Request>
bool feed(http::parser<Request, http::string_body>& parser, beast::flat_buffer& buffer, beast::error_code& ec) {
    while (buffer.size() != 0 && !parser.is_done()) {
        const auto used = parser.put(buffer.data(), ec);
        buffer.consume(used);
        if (ec == http::error::need_more) ec = {};
        if (ec || used == 0) break;
    }
    return !ec && parser.is_done();
}
template <bool Request>
void limit(http::parser<Request, http::string_body>& parser, const http_limits& to) {
    parser.eager(true);
    parser.body_limit(to.body);
    parser.header_limit(static_cast<std::uint32_t>(to.header));
}

// ---- server -----------------------------------------------------------------------------------------------------------------------------
using answer_function = std::function<http_response(const http_request&)>;

/// What connections share. Used on the server's thread only.
struct shared {
    http_limits     limits;
    answer_function answer;
    std::size_t     connections = 0;
    bool            stopping = false;
    std::set<class connection*> idle{};  ///< waiting for a request: to be closed when the server stops
};

class connection : public std::enable_shared_from_this<connection> {
public:
    connection(socket from, shared& with) : stream_(std::move(from)), timer_(stream_.get_executor()), shared_(with) { ++shared_.connections; }
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;
    ~connection() {
        --shared_.connections;
        shared_.idle.erase(this);
    }

    /// Waits for a request; all of it must come in time.
    void read() {
        parser_.emplace();
        limit(*parser_, shared_.limits);
        stream_.expires_after(shared_.limits.patience);
        shared_.idle.insert(this);
        take();
    }
    void close() {
        beast::error_code ignored;
        stream_.socket().shutdown(tcp::socket::shutdown_both, ignored);
        stream_.close();
    }

private:
    void take() {
        beast::error_code ec;
        if (feed(*parser_, buffer_, ec)) return answer();
        if (ec == http::error::header_limit) return refuse(431);
        if (ec == http::error::body_limit) return refuse(413);
        if (ec) return refuse(400);
        stream_.async_read_some(buffer_.prepare(chunk), [self = shared_from_this()](beast::error_code e, std::size_t n) {
            self->shared_.idle.erase(self.get());
            if (e) return;  // slow, or gone
            self->buffer_.commit(n);
            self->take();
        });
    }
    void answer() {
        shared_.idle.erase(this);
        keep_ = parser_->keep_alive() && parser_->get().version() >= 11;
        auto               message = parser_->release();
        const http_request r{.method = std::string(message.method_string()), .target = std::string(message.target()), .headers = headers_of(message), .body = std::move(message.body())};
        auto               reply = shared_.answer(r);
        if (reply.hang_up) return close();
        if (r.method == "HEAD") only_headers_ = true;
        if (reply.delay.count() == 0) return write(std::move(reply));
        timer_.expires_after(reply.delay);
        timer_.async_wait([self = shared_from_this(), late = std::move(reply)](beast::error_code) mutable { self->write(std::move(late)); });
    }
    void refuse(unsigned status) {
        shared_.idle.erase(this);
        keep_ = false;
        write({.status = status, .headers = {}, .body = {}});
    }
    void write(http_response reply) {
        keep_ = keep_ && !shared_.stopping;
        const auto reason = http::obsolete_reason(static_cast<http::status>(reply.status));
        out_ = "HTTP/1.1 " + std::to_string(reply.status) + " " + std::string(reason.data(), reason.size()) + "\r\n" + header_lines(reply.headers);
        if (reply.status != 204 && reply.status != 304) out_ += "content-length: " + std::to_string(reply.body.size()) + "\r\n";
        out_ += keep_ ? "\r\n" : "connection: close\r\n\r\n";
        if (!only_headers_ && reply.status != 204 && reply.status != 304) out_ += reply.body;
        only_headers_ = false;
        sent_ = 0;
        stream_.expires_after(shared_.limits.patience);
        send();
    }
    void send() {
        stream_.async_write_some(asio::buffer(out_.data() + sent_, out_.size() - sent_), [self = shared_from_this()](beast::error_code ec, std::size_t n) {
            self->sent_ += n;
            if (!ec && self->sent_ != self->out_.size()) return self->send();
            if (ec || !self->keep_ || self->shared_.stopping) return self->close();  // it may have been told to stop since
            self->read();
        });
    }

    socket_stream                                          stream_;
    waiting                                                timer_;
    shared&                                                shared_;
    beast::flat_buffer                                     buffer_;
    std::optional<http::request_parser<http::string_body>> parser_;
    std::string                                            out_;
    std::size_t                                            sent_ = 0;
    bool                                                   keep_ = true, only_headers_ = false;
};

class server {
public:
    server(const std::string& address, std::uint16_t port, http_limits limits, answer_function answer) : common_{limits, std::move(answer)} {
        beast::error_code ec;
        const tcp::endpoint where(asio::ip::make_address(address, ec), port);
        if (!ec) acceptor_.open(where.protocol(), ec);
        if (!ec) acceptor_.set_option(asio::socket_base::reuse_address(true), ec);
        if (!ec) acceptor_.bind(where, ec);
        if (!ec) acceptor_.listen(asio::socket_base::max_listen_connections, ec);
        if (ec) throw quorate::failure(make_error(errc::io, ec.message(), address + ":" + std::to_string(port)));
        port_ = acceptor_.local_endpoint().port();
        accept();
        thread_ = std::thread([this] { context_.run(); });
    }
    server(const server&) = delete;
    server& operator=(const server&) = delete;
    ~server() { stop(); }
    void stop() {
        if (!thread_.joinable()) return;
        asio::post(context_, [this] {
            common_.stopping = true;
            acceptor_.close();
            pause_.cancel();
            for (auto* c : std::set<connection*>(common_.idle)) c->close();
        });
        thread_.join();  // ends when the last connection has
    }
    [[nodiscard]] std::uint16_t port() const { return port_; }

private:
    void accept() {
        acceptor_.async_accept([this](beast::error_code ec, socket from) {
            if (!acceptor_.is_open()) return;
            if (ec) {  // such as no more files: it would fail again at once
                pause_.expires_after(accept_pause);
                return pause_.async_wait([this](beast::error_code) {
                    if (acceptor_.is_open()) accept();
                });
            }
            if (common_.connections < common_.limits.connections) std::make_shared<connection>(std::move(from), common_)->read();
            accept();
        });
    }

    asio::io_context                         context_{1};
    shared                                   common_;
    asio::basic_socket_acceptor<tcp, executor> acceptor_{context_};
    waiting                                  pause_{context_};
    std::uint16_t                            port_ = 0;
    std::thread                              thread_;
};

// ---- client -----------------------------------------------------------------------------------------------------------------------------
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

class client final : public transport {
public:
    client(const std::string& base, http_limits limits) : to_(parsed(base)), limits_(limits) {
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
    /// Keeps what came of an operation: one kind of handler for all.
    struct ending {
        client* of;
        void operator()(beast::error_code ec, std::size_t n = 0) const {
            of->ec_ = ec;
            of->moved_ = n;
        }
        void operator()(beast::error_code ec, const tcp::resolver::results_type& all) const {
            of->ec_ = ec;
            of->found_ = all;
        }
        void operator()(beast::error_code ec, const tcp::endpoint&) const { of->ec_ = ec; }
    };
    /// Runs what was begun until it ends or patience does (the stream's own timer ends it). Whether it went well.
    bool run() {
        context_.restart();
        context_.run();
        return !ec_;
    }
    socket_stream& lowest() { return plain_ ? *plain_ : secure_->next_layer(); }
    void drop() {
        plain_.reset();
        secure_.reset();
        buffer_.clear();
        connected_ = false;
    }
    bool connect() {
        drop();
        ec_ = asio::error::timed_out;
        if (to_.tls) secure_.emplace(context_, tls_);
        else plain_.emplace(context_);
        asio::ip::basic_resolver<tcp, executor> resolver(context_);
        resolver.async_resolve(to_.host, to_.port, ending{this});
        if (!run()) return false;
        lowest().expires_after(limits_.patience);
        lowest().async_connect(found_, ending{this});
        if (!run()) return false;
        if (to_.tls) {
            SSL_set_tlsext_host_name(secure_->native_handle(), to_.host.c_str());
            secure_->set_verify_callback(asio::ssl::host_name_verification(to_.host));
            secure_->async_handshake(asio::ssl::stream_base::client, ending{this});
            if (!run()) return false;
        }
        return connected_ = true;
    }
    bool send(std::string_view text) {
        lowest().expires_after(limits_.patience);
        for (; !text.empty(); text.remove_prefix(moved_)) {
            if (plain_) plain_->async_write_some(asio::buffer(text.data(), text.size()), ending{this});
            else secure_->async_write_some(asio::buffer(text.data(), text.size()), ending{this});
            if (!run()) return false;
        }
        return true;
    }
    bool receive(http::response_parser<http::string_body>& parser) {
        while (!feed(parser, buffer_, ec_)) {
            if (ec_) return false;
            if (plain_) plain_->async_read_some(buffer_.prepare(chunk), ending{this});
            else secure_->async_read_some(buffer_.prepare(chunk), ending{this});
            if (run()) {
                buffer_.commit(moved_);
            } else {
                if (ec_ != asio::error::eof || !parser.got_some()) return false;  // TLS that ends without saying so is no end
                ec_ = {};
                parser.put_eof(ec_);  // whole only if its length was not said
                return !ec_ && parser.is_done();
            }
        }
        return true;
    }
    result<http_response> once(const http_request& r) {
        http::response_parser<http::string_body> parser;
        limit(parser, limits_);
        parser.skip(r.method == "HEAD");
        auto text = r.method + " " + r.target + " HTTP/1.1\r\nhost: " + to_.host + "\r\n" + header_lines(r.headers);
        if (!r.body.empty() || r.method != "GET") text += "content-length: " + std::to_string(r.body.size()) + "\r\n";
        text += "\r\n" + r.body;
        if ((!connected_ && !connect()) || !send(text) || !receive(parser)) {
            const auto why = ec_ == beast::error::timeout ? std::string("no answer in time") : ec_.message();
            drop();
            return make_error(errc::io, why, to_.host + ":" + to_.port);
        }
        const bool    keep = parser.keep_alive();
        auto          message = parser.release();
        http_response answer{.status = message.result_int(), .headers = headers_of(message), .body = std::move(message.body())};
        if (!keep) drop();
        return answer;
    }

    address                                         to_;
    http_limits                                     limits_;
    asio::io_context                                context_{1};
    asio::ssl::context                              tls_{asio::ssl::context::tls_client};
    std::optional<socket_stream>                    plain_;
    std::optional<beast::ssl_stream<socket_stream>> secure_;
    beast::flat_buffer                              buffer_;
    beast::error_code                               ec_;
    std::size_t                                     moved_ = 0;
    tcp::resolver::results_type                     found_;
    bool                                            connected_ = false;
};

}  // namespace

std::string_view header_of(const http_headers& all, std::string_view name) {
    for (const auto& [n, value] : all)
        if (n == name) return value;
    return {};
}

struct http_server::impl : server {
    using server::server;
};
http_server::http_server(const std::string& address, std::uint16_t port, http_limits limits, std::function<http_response(const http_request&)> answer)
    : impl_(std::make_unique<impl>(address, port, limits, std::move(answer))) {}
http_server::~http_server() = default;
std::uint16_t http_server::port() const { return impl_->port(); }
void          http_server::stop() { impl_->stop(); }

std::unique_ptr<transport> http_client(const std::string& base, http_limits limits) { return std::make_unique<client>(base, limits); }

}  // namespace bot
