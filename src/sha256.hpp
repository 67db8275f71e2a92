// SHA-256 over OpenSSL, for the journal's chain and for the hashes of charters and rosters. Internal: not installed.
#pragma once

#include <openssl/evp.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <new>
#include <string>
#include <string_view>

namespace quorate {

using sha256_digest = std::array<unsigned char, 32>;

/// Computes one hash after the other with the same context; `EVP_MD_CTX_new` and the look-up of the algorithm cost
/// more than hashing a short event. Use: `update` as often as wanted, then `finish`, which also begins anew. Not
/// thread-safe. Throws std::bad_alloc.
class sha256 {
public:
    sha256() : context_(EVP_MD_CTX_new()) {
        if (context_ == nullptr) throw std::bad_alloc();
        if (EVP_DigestInit_ex(context_, EVP_sha256(), nullptr) == 1) return;
        EVP_MD_CTX_free(context_);
        throw std::bad_alloc();  // every OpenSSL has SHA-256
    }
    sha256(const sha256&) = delete;
    sha256& operator=(const sha256&) = delete;
    ~sha256() { EVP_MD_CTX_free(context_); }

    sha256& update(std::string_view bytes) {
        must(EVP_DigestUpdate(context_, bytes.data(), bytes.size()));
        return *this;
    }
    sha256& update(const sha256_digest& digest) {
        must(EVP_DigestUpdate(context_, digest.data(), digest.size()));
        return *this;
    }
    [[nodiscard]] sha256_digest finish() {
        sha256_digest digest{};
        must(EVP_DigestFinal_ex(context_, digest.data(), nullptr));
        must(EVP_DigestInit_ex(context_, nullptr, nullptr));
        return digest;
    }

private:
    static void must(int done) {
        if (done != 1) throw std::bad_alloc();  // a context that was set up once can only fail for want of memory
    }
    EVP_MD_CTX* context_;
};

/// The bytes in lower-case hexadecimal.
[[nodiscard]] inline std::string to_hex(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string                out(bytes.size() * 2, '0');
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const auto byte = static_cast<unsigned char>(bytes[i]);
        out[2 * i] = digits[byte >> 4U];
        out[2 * i + 1] = digits[byte & 15U];
    }
    return out;
}
[[nodiscard]] inline std::string_view as_bytes(const sha256_digest& digest) noexcept {
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}
[[nodiscard]] inline std::string to_hex(const sha256_digest& digest) { return to_hex(as_bytes(digest)); }

/// The bytes that lower-case hexadecimal stands for; false for anything else. `out` is then unspecified.
[[nodiscard]] inline bool from_hex(std::string_view hex, std::string& out) {
    const auto nibble = [](char c) -> int {
        if (c >= '0' && c <= '9') return c - '0';
        if (c >= 'a' && c <= 'f') return c - 'a' + 10;
        return -1;
    };
    out.clear();
    if (hex.size() % 2 != 0) return false;
    out.reserve(hex.size() / 2);
    for (std::size_t i = 0; i < hex.size(); i += 2) {
        const int high = nibble(hex[i]);
        const int low = nibble(hex[i + 1]);
        if (high < 0 || low < 0) return false;
        out += static_cast<char>(high * 16 + low);
    }
    return true;
}

/// SHA-256 of the bytes. Thread-safe: every thread keeps a context of its own.
[[nodiscard]] inline sha256_digest sha256_of(std::string_view bytes) {
    thread_local sha256 hash;
    return hash.update(bytes).finish();
}
[[nodiscard]] inline std::string sha256_hex(std::string_view bytes) { return to_hex(sha256_of(bytes)); }

}  // namespace quorate
