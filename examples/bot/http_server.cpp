// The only file that knows Boost.Beast's server side.
#include "http.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include <atomic>
#include <optional>
#include <set>
#include <thread>

namespace bot {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;

using answer_function = std::function<http_response(const http_request&)>;

std::string lower(std::string_view s) {
    std::string out(s);
    for (auto& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

/// What connections share. Used on the server's thread only.
struct shared {
    http_limits     limits;
    answer_function answer;
    std::size_t     connections = 0;
    bool            stopping = false;
    std::set<class connection*> idle;  ///< waiting for a request: to be closed when the server stops
};

class connection : public std::enable_shared_from_this<connection> {
public:
    connection(tcp::socket socket, shared& with) : stream_(std::move(socket)), timer_(stream_.get_executor()), shared_(with) { ++shared_.connections; }
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;
    ~connection() {
        --shared_.connections;
        shared_.idle.erase(this);
    }

    void read() {
        parser_.emplace();
        parser_->body_limit(shared_.limits.body);
        parser_->header_limit(static_cast<std::uint32_t>(shared_.limits.header));
        stream_.expires_after(shared_.limits.patience);
        shared_.idle.insert(this);
        http::async_read_header(stream_, buffer_, *parser_, [self = shared_from_this()](beast::error_code ec, std::size_t) { self->header_read(ec); });
    }
    void close() { beast::error_code ignored; stream_.socket().shutdown(tcp::socket::shutdown_both, ignored); stream_.close(); }

private:
    void header_read(beast::error_code ec) {
        shared_.idle.erase(this);
        if (ec == http::error::header_limit) return refuse(431);
        if (ec == http::error::body_limit) return refuse(413);
        if (ec == http::error::end_of_stream) return close();
        if (ec && ec.category() == http::make_error_code(http::error::bad_target).category()) return refuse(400);
        if (ec) return;  // slow, or gone
        http::async_read(stream_, buffer_, *parser_, [self = shared_from_this()](beast::error_code e, std::size_t) { self->all_read(e); });
    }
    void all_read(beast::error_code ec) {
        if (ec == http::error::body_limit) return refuse(413);
        if (ec && ec.category() == http::make_error_code(http::error::bad_target).category()) return refuse(400);
        if (ec) return;
        auto         message = parser_->release();
        http_request r{.method = std::string(message.method_string()), .target = std::string(message.target()), .headers = {}, .body = std::move(message.body())};
        for (const auto& f : message) r.headers.emplace_back(lower(f.name_string()), std::string(f.value()));
        keep_ = message.keep_alive();
        head_ = message.method() == http::verb::head;
        auto reply = shared_.answer(r);
        if (reply.hang_up) return close();
        if (reply.delay.count() == 0) return write(std::move(reply));
        timer_.expires_after(reply.delay);
        timer_.async_wait([self = shared_from_this(), late = std::move(reply)](beast::error_code) mutable { self->write(std::move(late)); });
    }
    void refuse(unsigned status) {
        keep_ = false;
        write({.status = status, .headers = {}, .body = {}});
    }
    void write(http_response reply) {
        response_ = {};
        response_.version(11);
        response_.result(reply.status);
        response_.keep_alive(keep_ && !shared_.stopping);
        for (const auto& [name, value] : reply.headers) response_.insert(name, value);
        response_.body() = std::move(reply.body);
        response_.prepare_payload();
        if (reply.status == 304) response_.content_length(boost::none);
        if (head_) response_.body().clear();  // told how long it would be
        stream_.expires_after(shared_.limits.patience);
        http::async_write(stream_, response_, [self = shared_from_this()](beast::error_code ec, std::size_t) {
            if (ec || !self->response_.keep_alive()) return self->close();
            self->read();
        });
    }

    beast::tcp_stream                                      stream_;
    asio::steady_timer                                     timer_;
    shared&                                                shared_;
    beast::flat_buffer                                     buffer_;
    std::optional<http::request_parser<http::string_body>> parser_;
    http::response<http::string_body>                      response_;
    bool                                                   keep_ = true, head_ = false;
};

}  // namespace

struct http_server::impl {
    impl(const std::string& address, std::uint16_t port, http_limits limits, answer_function answer) : common{limits, std::move(answer), 0, false, {}} {
        beast::error_code ec;
        const tcp::endpoint where(asio::ip::make_address(address, ec), port);
        if (!ec) acceptor.open(where.protocol(), ec);
        if (!ec) acceptor.set_option(asio::socket_base::reuse_address(true), ec);
        if (!ec) acceptor.bind(where, ec);
        if (!ec) acceptor.listen(asio::socket_base::max_listen_connections, ec);
        if (ec) throw quorate::failure(quorate::make_error(quorate::errc::io, ec.message(), address + ":" + std::to_string(port)));
        port_ = acceptor.local_endpoint().port();
        accept();
        thread = std::thread([this] { context.run(); });
    }
    void accept() {
        acceptor.async_accept([this](beast::error_code ec, tcp::socket socket) {
            if (!acceptor.is_open()) return;
            if (!ec && common.connections < common.limits.connections) std::make_shared<connection>(std::move(socket), common)->read();
            accept();
        });
    }
    void stop() {
        if (!thread.joinable()) return;
        asio::post(context, [this] {
            common.stopping = true;
            acceptor.close();
            for (auto* c : std::set<connection*>(common.idle)) c->close();
        });
        thread.join();  // ends when the last connection has
    }

    asio::io_context context{1};
    shared           common;
    tcp::acceptor    acceptor{context};
    std::uint16_t    port_ = 0;
    std::thread      thread;
};

std::string_view header_of(const http_headers& all, std::string_view name) {
    for (const auto& [n, value] : all)
        if (n == name) return value;
    return {};
}

http_server::http_server(const std::string& address, std::uint16_t port, http_limits limits, answer_function answer)
    : impl_(std::make_unique<impl>(address, port, limits, std::move(answer))) {}
http_server::~http_server() { stop(); }
std::uint16_t http_server::port() const { return impl_->port_; }
void          http_server::stop() { impl_->stop(); }

}  // namespace bot
