// The chain of hashes over a journal's events; its byte layout is documented in sqlite_journal.hpp. Internal: not
// installed.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "sha256.hpp"

namespace quorate {

inline constexpr std::size_t salt_size = 16;

/// The columns of one event that its hash covers.
struct chained_row {
    std::uint64_t    seq = 0;
    std::string_view stream;
    std::uint64_t    version = 0;
    std::string_view kind;
    std::int64_t     at_us = 0;
    std::int64_t     noted_us = 0;
    std::string_view actor;
    std::string_view payload;
    std::string_view text_hash;  ///< 32 bytes, or none
};

/// Computes hashes of a chain. Keeps buffers; not thread-safe.
class chain {
public:
    [[nodiscard]] sha256_digest hash(const sha256_digest& previous, const chained_row& row) {
        bytes_.assign("quorate1");
        bytes_ += as_bytes(previous);
        number(row.seq);
        field(row.stream);
        number(row.version);
        field(row.kind);
        number(static_cast<std::uint64_t>(row.at_us));
        number(static_cast<std::uint64_t>(row.noted_us));
        field(row.actor);
        field(row.payload);
        field(row.text_hash);
        return sha_.update(bytes_).finish();
    }
    [[nodiscard]] sha256_digest text_hash(std::string_view salt, std::string_view body) {
        return sha_.update(salt).update(body).finish();
    }

private:
    void number(std::uint64_t n, std::size_t size = 8) {
        std::array<char, 8> bytes{};
        for (auto i = size; i-- > 0; n >>= 8U) bytes[i] = static_cast<char>(n & 0xFFU);
        bytes_.append(bytes.data(), size);
    }
    void field(std::string_view s) {
        number(s.size(), 4);
        bytes_ += s;
    }

    sha256      sha_;
    std::string bytes_;
};

}  // namespace quorate
