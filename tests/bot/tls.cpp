// Whom the bot trusts to be GitHub: a real TLS server on loopback, whose certificates are made here.
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "../journal_support.hpp"
#include "http.hpp"

using namespace bot;

namespace {

template <auto Release>
struct released {
    template <class T>
    void operator()(T* p) const {
        Release(p);
    }
};
using key = std::unique_ptr<EVP_PKEY, released<EVP_PKEY_free>>;
using certificate = std::unique_ptr<X509, released<X509_free>>;

constexpr long day = 24 * 60 * 60;

/// Who vouches for whom: for `name` (of a server, or of an authority if `of` is nothing) until `ends` seconds from now.
struct identity {
    key         own{EVP_EC_gen("P-256")};
    certificate paper{X509_new()};

    explicit identity(const std::string& name, const identity* of = nullptr, long ends = day) {
        const auto& by = of != nullptr ? *of : *this;
        X509_set_version(paper.get(), X509_VERSION_3);
        ASN1_INTEGER_set(X509_get_serialNumber(paper.get()), of != nullptr ? 2 : 1);
        X509_gmtime_adj(X509_getm_notBefore(paper.get()), -2 * day);
        X509_gmtime_adj(X509_getm_notAfter(paper.get()), ends);
        X509_set_pubkey(paper.get(), own.get());
        X509_NAME_add_entry_by_txt(X509_get_subject_name(paper.get()), "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
        X509_set_issuer_name(paper.get(), X509_get_subject_name(by.paper.get()));
        if (of == nullptr) extend(NID_basic_constraints, "critical,CA:TRUE");
        else extend(NID_subject_alt_name, "DNS:" + name);
        REQUIRE(X509_sign(paper.get(), by.own.get(), EVP_sha256()) > 0);
    }
    void extend(int what, const std::string& value) {
        const std::unique_ptr<X509_EXTENSION, released<X509_EXTENSION_free>> e{X509V3_EXT_conf_nid(nullptr, nullptr, what, value.c_str())};
        REQUIRE(e);
        X509_add_ext(paper.get(), e.get(), -1);
    }
    void save(const std::string& file) const {
        const std::unique_ptr<BIO, released<BIO_free>> f{BIO_new_file(file.c_str(), "w")};
        REQUIRE(f);
        REQUIRE(PEM_write_bio_X509(f.get(), paper.get()) == 1);
    }
};

/// Answers every request on loopback with `answer`, and counts those that it could read.
class tls_server {
public:
    explicit tls_server(const identity& as, std::string answer, int newest = TLS1_3_VERSION) : answer_(std::move(answer)) {
        SSL_CTX_use_certificate(context_.get(), as.paper.get());
        SSL_CTX_use_PrivateKey(context_.get(), as.own.get());
        SSL_CTX_set_max_proto_version(context_.get(), newest);
        SSL_CTX_set_security_level(context_.get(), newest < TLS1_2_VERSION ? 0 : 1);  // versions before 1.2 are level 0
        std::signal(SIGPIPE, SIG_IGN);  // clients that refuse hang up
        sockaddr_in here{};
        here.sin_family = AF_INET;
        here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof here;
        REQUIRE(bind(listening_, reinterpret_cast<sockaddr*>(&here), size) == 0);
        REQUIRE(listen(listening_, 8) == 0);
        REQUIRE(getsockname(listening_, reinterpret_cast<sockaddr*>(&here), &size) == 0);
        port_ = ntohs(here.sin_port);
        thread_ = std::thread([this] {
            for (;;) {
                const int one = accept(listening_, nullptr, nullptr);
                if (one < 0) return;
                serve(one);
                close(one);
            }
        });
    }
    ~tls_server() {
        shutdown(listening_, SHUT_RDWR);
        thread_.join();
        close(listening_);
    }
    tls_server(const tls_server&) = delete;
    tls_server& operator=(const tls_server&) = delete;
    [[nodiscard]] quorate::result<http_response> asked(const std::string& host = "localhost") const {
        return http_client("https://" + host + ":" + std::to_string(port_), {.patience = std::chrono::seconds(5)})->ask({.headers = {{"authorization", "token secret"}}});
    }
    [[nodiscard]] int heard() const { return heard_; }

private:
    void serve(int one) {
        const std::unique_ptr<SSL, released<SSL_free>> with{SSL_new(context_.get())};
        SSL_set_fd(with.get(), one);
        char some[4096];
        if (SSL_accept(with.get()) != 1 || SSL_read(with.get(), some, sizeof some) <= 0) return;
        ++heard_;
        SSL_write(with.get(), answer_.data(), static_cast<int>(answer_.size()));
    }  // ends without saying so, as somebody who cuts the line would

    std::unique_ptr<SSL_CTX, released<SSL_CTX_free>> context_{SSL_CTX_new(TLS_server_method())};
    std::string      answer_;
    int              listening_ = socket(AF_INET, SOCK_STREAM, 0);
    int              port_ = 0;
    std::atomic<int> heard_ = 0;
    std::thread      thread_;
};

const std::string whole = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";

/// The authority that this machine trusts, while it lives, in place of the system's.
struct trusted {
    journal_support::scratch folder;
    identity                 authority{"an authority"};
    trusted() {
        authority.save(folder.file("authority.pem"));
        setenv("SSL_CERT_FILE", folder.file("authority.pem").c_str(), 1);
    }
    ~trusted() { unsetenv("SSL_CERT_FILE"); }
    trusted(const trusted&) = delete;
    trusted& operator=(const trusted&) = delete;
};

}  // namespace

TEST_CASE("over TLS, a server is told nothing unless an authority that the system trusts vouches for its name, today") {
    const trusted t;
    SUBCASE("who is vouched for is asked") {
        const tls_server s(identity("localhost", &t.authority), whole);
        const auto       answer = s.asked();
        REQUIRE(answer.has_value());
        CHECK(answer.value().status == 200);
        CHECK(answer.value().body == "{}");
        CHECK(s.heard() == 1);
    }
    const auto refuses = [](const tls_server& s, const std::string& why, const std::string& host = "localhost") {
        const auto answer = s.asked(host);
        REQUIRE_FALSE(answer.has_value());
        CHECK(answer.error().code == quorate::errc::io);
        CHECK_MESSAGE(answer.error().what().find(why) != std::string::npos, answer.error().what());
        CHECK(s.heard() == 0);
    };
    SUBCASE("who vouches for itself isn't") { refuses(tls_server(identity("localhost"), whole), "certificate verify failed"); }
    SUBCASE("nor who is vouched for by somebody unknown") {
        const identity other("another authority");
        refuses(tls_server(identity("localhost", &other), whole), "certificate verify failed");
    }
    SUBCASE("nor who has another's certificate") { refuses(tls_server(identity("api.github.example", &t.authority), whole), "certificate verify failed"); }
    SUBCASE("nor who is called by a number that the certificate doesn't name") {
        refuses(tls_server(identity("localhost", &t.authority), whole), "certificate verify failed", "127.0.0.1");
    }
    SUBCASE("nor whose certificate has ended") { refuses(tls_server(identity("localhost", &t.authority, -day), whole), "certificate verify failed"); }
    SUBCASE("nor who speaks only what is older than TLS 1.2") { refuses(tls_server(identity("localhost", &t.authority), whole, TLS1_1_VERSION), "version"); }
}

TEST_CASE("an answer over TLS that is cut off is none, even where its length wasn't said") {
    const trusted t;
    for (const std::string cut : {"HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\n{}", "HTTP/1.1 200 OK\r\n\r\n{\"members\":[]"}) {
        const tls_server s(identity("localhost", &t.authority), cut);
        const auto       answer = s.asked();
        REQUIRE_FALSE(answer.has_value());
        CHECK(answer.error().code == quorate::errc::io);
        CHECK(s.heard() == 1);
    }
}
