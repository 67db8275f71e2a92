// In whose name GitHub is asked: a token that somebody made, or a GitHub App, which proves who it is with its key and is given tokens that last
// an hour. Only an App may set check runs.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include <quorate/result.hpp>

#include "http.hpp"

namespace bot {

inline constexpr std::size_t          largest_key = 16'384;     ///< bytes of a private key
inline constexpr std::chrono::seconds renewed_before{300};      ///< the end of a token

class authority {
public:
    virtual ~authority() = default;
    /// For requests about that repository, "owner/name". Errors as a forge's.
    [[nodiscard]] virtual quorate::result<std::string> token(const std::string& repository) = 0;
    /// GitHub doesn't take the one given out for it any more. Whether the next one may be another.
    [[nodiscard]] virtual bool refused(const std::string& repository) = 0;
};

/// The same token for everything.
class fixed_token final : public authority {
public:
    explicit fixed_token(std::string token) : token_(std::move(token)) {}
    quorate::result<std::string> token(const std::string&) override { return token_; }
    bool refused(const std::string&) override { return false; }

private:
    std::string token_;
};

/// A GitHub App that is installed with the owners of the repositories. Asks GitHub which installation is whose, once, and for a token of it
/// whenever the last one is about to end.
class app_authority final : public authority {
public:
    /// `key`: PEM, RSA, as GitHub gives it out; throws `quorate::failure` (invalid) if it is none. `now`: seconds since 1970.
    app_authority(transport& to, std::uint64_t app, std::string_view key, std::function<std::int64_t()> now);

    quorate::result<std::string> token(const std::string& repository) override;
    bool refused(const std::string& repository) override;
    /// What it proves itself with: a JSON Web Token (RFC 7519) signed with RS256, for nine minutes.
    [[nodiscard]] std::string proof() const;

private:
    struct given {
        std::string  installation{}, token{};
        std::int64_t ends = 0;
    };
    transport&                    to_;
    std::uint64_t                 app_;
    std::shared_ptr<void>         key_;  ///< OpenSSL's EVP_PKEY
    std::function<std::int64_t()> now_;
    std::map<std::string, given>  owners_;
};

}  // namespace bot
