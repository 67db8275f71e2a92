#include "signature.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

#include "sha256.hpp"

namespace bot {
namespace {

constexpr std::string_view prefix = "sha256=";

/// False when OpenSSL has no memory.
bool digest_of(std::string_view body, std::string_view secret, quorate::sha256_digest& out) noexcept {
    unsigned int length = 0;
    return HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), reinterpret_cast<const unsigned char*>(body.data()), body.size(),
                out.data(), &length) != nullptr &&
           length == out.size();
}

int nibble(char c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

}  // namespace

std::string signature_of(std::string_view body, std::string_view secret) {
    quorate::sha256_digest digest{};
    if (!digest_of(body, secret, digest)) throw std::bad_alloc();
    return std::string(prefix) + quorate::to_hex(digest);
}

bool is_signed(std::string_view body, std::string_view header, std::string_view secret) noexcept {
    quorate::sha256_digest said{}, right{};
    if (secret.empty() || header.size() != prefix.size() + 2 * said.size() || !header.starts_with(prefix)) return false;
    header.remove_prefix(prefix.size());
    for (std::size_t i = 0; i < said.size(); ++i) {
        const int high = nibble(header[2 * i]), low = nibble(header[2 * i + 1]);
        if (high < 0 || low < 0) return false;
        said[i] = static_cast<unsigned char>(high * 16 + low);
    }
    return digest_of(body, secret, right) && CRYPTO_memcmp(said.data(), right.data(), said.size()) == 0;
}

}  // namespace bot
