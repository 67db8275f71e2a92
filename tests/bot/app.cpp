// A GitHub App: how it proves who it is, and when it asks for a new token.
#include <doctest/doctest.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "github.hpp"
#include "small_bot.hpp"

using namespace small_bot;

namespace {

struct rsa_key {
    rsa_key() : key(EVP_RSA_gen(2'048), EVP_PKEY_free) {
        const std::unique_ptr<BIO, int (*)(BIO*)> out(BIO_new(BIO_s_mem()), BIO_free);
        PEM_write_bio_PrivateKey(out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
        char*      text = nullptr;
        const auto length = BIO_get_mem_data(out.get(), &text);
        pem.assign(text, static_cast<std::size_t>(length));
    }
    std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key;
    std::string                                    pem;
};

std::string from_base64url(std::string_view s) {
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::string   out;
    std::uint32_t bits = 0;
    int           held = 0;
    for (const char c : s) {
        bits = bits << 6U | static_cast<std::uint32_t>(digits.find(c));
        if (held += 6; held >= 8) out += static_cast<char>(bits >> static_cast<unsigned>(held -= 8) & 255U);
    }
    return out;
}

/// Whether the owner of that key signed the token; its claims.
std::string claims_of(const std::string& token, EVP_PKEY* key) {
    const auto last = token.rfind('.'), first = token.find('.');
    const auto signature = from_base64url(std::string_view(token).substr(last + 1));
    const auto text = token.substr(0, last);
    const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> with(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    const bool good = EVP_DigestVerifyInit(with.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
                      EVP_DigestVerify(with.get(), reinterpret_cast<const unsigned char*>(signature.data()), signature.size(), reinterpret_cast<const unsigned char*>(text.data()), text.size()) == 1;
    return good ? from_base64url(std::string_view(token).substr(first + 1, last - first - 1)) : std::string();
}

/// A GitHub that gives tokens to whoever proves to be App 7, and takes only the last one it gave.
class giver final : public transport {
public:
    explicit giver(EVP_PKEY* key) : key_(key) {}
    result<http_response> ask(const http_request& r) override {
        const auto by = std::string(header_of(r.headers, "authorization").substr(7));
        asked.push_back(r.method + " " + r.target);
        if (r.target.starts_with("/app/") || r.target.ends_with("/installation")) {
            if (!has(claims_of(by, key_), R"("iss":"7")")) return http_response{.status = 401, .headers = {}, .body = {}};
            if (r.method == "GET") return r.target.find("/stranger/") == std::string::npos ? http_response{.status = 200, .headers = {}, .body = R"({"id":55})"} : http_response{.status = 404, .headers = {}, .body = {}};
            last = "ghs_" + std::to_string(++given);
            return http_response{.status = 201, .headers = {}, .body = "{\"token\":\"" + last + R"(","expires_at":")" + quorate::to_string(quorate::instant{std::chrono::seconds{now + 3'600}}) + "\"}"};
        }
        return by == last ? http_response{.status = 200, .headers = {}, .body = "[]"} : http_response{.status = 401, .headers = {}, .body = {}};
    }
    std::vector<std::string> asked;
    std::string              last;
    int                      given = 0;
    std::int64_t             now = 1'767'225'600;

private:
    EVP_PKEY* key_;
};

}  // namespace

TEST_CASE("an App proves who it is with its key, for nine minutes") {
    const rsa_key mine, other;
    giver         to(mine.key.get());
    app_authority as(to, 7, mine.pem, [&] { return to.now; });
    CHECK(claims_of(as.proof(), mine.key.get()) == R"({"iat":1767225540,"exp":1767226140,"iss":"7"})");
    CHECK(claims_of(as.proof(), other.key.get()).empty());
    CHECK_THROWS_AS(app_authority(to, 7, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", [] { return std::int64_t{0}; }), const quorate::failure&);
    app_authority stranger(to, 8, mine.pem, [&] { return to.now; });
    CHECK(stranger.token("a/b").error().code == quorate::errc::unsupported);
}

TEST_CASE("an App's token is asked for once an hour, and again when GitHub takes it no more") {
    const rsa_key mine;
    giver         to(mine.key.get());
    app_authority as(to, 7, mine.pem, [&] { return to.now; });
    github        g(to, as, bot_id, {[](std::chrono::milliseconds) {}, [&] { return to.now; }});
    CHECK(g.own_comments("a/b#1").has_value());
    CHECK(g.own_comments("a/c#1").has_value());  // the same owner
    CHECK(to.given == 1);
    to.now += 3'400;
    CHECK(g.own_comments("a/b#1").has_value());
    CHECK(to.given == 2);
    to.last = "revoked";
    CHECK(g.change_labels("a/b#1", {"l"}, {}).has_value());
    CHECK(to.given == 3);
    const auto before = to.asked.size();
    CHECK(g.own_comments("stranger/x#1").error().code == quorate::errc::unsupported);
    CHECK(to.asked.size() == before + 1);
}
