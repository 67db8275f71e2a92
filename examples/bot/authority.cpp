#include "authority.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>

#include <memory>
#include <vector>

#include <quorate/time.hpp>

#include "json.hpp"

namespace bot {
namespace {

using quorate::errc;
using quorate::make_error;
using quorate::result;

/// Without padding, as RFC 7515 wants it.
std::string base64url(std::string_view bytes) {
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::string   out;
    std::uint32_t bits = 0;
    int           held = 0;
    for (const char c : bytes) {
        bits = bits << 8U | static_cast<unsigned char>(c);
        for (held += 8; held >= 6; held -= 6) out += digits[bits >> static_cast<unsigned>(held - 6) & 63U];
    }
    if (held > 0) out += digits[bits << static_cast<unsigned>(6 - held) & 63U];
    return out;
}

std::string signed_with(EVP_PKEY* key, std::string_view text) {
    const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> with(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    std::size_t  length = 0;
    const auto*  bytes = reinterpret_cast<const unsigned char*>(text.data());
    if (!with || EVP_DigestSignInit(with.get(), nullptr, EVP_sha256(), nullptr, key) != 1 || EVP_DigestSign(with.get(), nullptr, &length, bytes, text.size()) != 1)
        throw std::bad_alloc();
    std::string out(length, '\0');
    if (EVP_DigestSign(with.get(), reinterpret_cast<unsigned char*>(out.data()), &length, bytes, text.size()) != 1) throw std::bad_alloc();
    out.resize(length);
    return out;
}

/// What GitHub answers to the App itself.
result<quorate::json_text::node> answer_to_app(transport& to, const std::string& proof, const std::string& method, const std::string& path) {
    const auto answer = to.ask({.method = method, .target = path,
                                .headers = {{"accept", "application/vnd.github+json"}, {"user-agent", "quorate-bot"}, {"authorization", "Bearer " + proof}}, .body = {}});
    if (!answer) return answer.error();
    const auto status = answer.value().status;
    if (status >= 200 && status < 300) return quorate::json_text::parse(answer.value().body, "answer of GitHub");
    return make_error(status >= 500 ? errc::io : status == 403 || status == 429 ? errc::limit : errc::unsupported,
                      "GitHub says " + std::to_string(status) + " to the App" + (status == 404 ? ": it isn't installed there" : ""), path);
}

}  // namespace

app_authority::app_authority(transport& to, std::uint64_t app, std::string_view key, std::function<std::int64_t()> now) : to_(to), app_(app), now_(std::move(now)) {
    const std::unique_ptr<BIO, int (*)(BIO*)> text(BIO_new_mem_buf(key.data(), static_cast<int>(key.size())), BIO_free);
    EVP_PKEY* const read = text ? PEM_read_bio_PrivateKey(text.get(), nullptr, [](char*, int, int, void*) { return 0; }, nullptr) : nullptr;
    key_ = {read, [](void* k) { EVP_PKEY_free(static_cast<EVP_PKEY*>(k)); }};
    if (read == nullptr || EVP_PKEY_base_id(read) != EVP_PKEY_RSA)
        throw quorate::failure(make_error(errc::invalid, "is no private RSA key in PEM", "github.app.key", "take the .pem file that GitHub made for the App, as it is"));
}

std::string app_authority::proof() const {
    const auto now = now_();  // clocks differ: it begins a minute ago
    const auto text = base64url(R"({"alg":"RS256","typ":"JWT"})") + "." +
                      base64url("{\"iat\":" + std::to_string(now - 60) + ",\"exp\":" + std::to_string(now + 540) + ",\"iss\":\"" + std::to_string(app_) + "\"}");
    return text + "." + base64url(signed_with(static_cast<EVP_PKEY*>(key_.get()), text));
}

result<std::string> app_authority::token(const std::string& repository) {
    auto& owner = owners_[repository.substr(0, repository.find('/'))];
    if (!owner.token.empty() && now_() + renewed_before.count() < owner.ends) return owner.token;
    const auto none = [&] { return make_error(errc::io, "GitHub's answer to the App says nothing", repository); };
    if (owner.installation.empty()) {
        const auto found = answer_to_app(to_, proof(), "GET", "/repos/" + repository + "/installation");
        if (!found) return found.error();
        const auto* id = found.value().find("id");
        if (id == nullptr || !id->is_integer()) return none();
        owner.installation = std::to_string(id->number);
    }
    const auto made = answer_to_app(to_, proof(), "POST", "/app/installations/" + owner.installation + "/access_tokens");
    const auto* text = made ? made.value().find("token") : nullptr;
    const auto* end = made ? made.value().find("expires_at") : nullptr;
    if (text == nullptr || text->text.empty()) {
        owner.installation.clear();  // it may be another one next time
        return made ? none() : made.error();
    }
    const auto ends = quorate::parse_instant(end == nullptr ? "" : end->text);
    owner.token = text->text;
    owner.ends = ends ? ends->time_since_epoch().count() / 1'000'000 : now_() + 3'600;
    return owner.token;
}

bool app_authority::refused(const std::string& repository) {
    owners_.erase(repository.substr(0, repository.find('/')));
    return true;
}

}  // namespace bot
