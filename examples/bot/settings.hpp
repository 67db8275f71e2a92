// The bot's configuration: one JSON file (comments and trailing commas allowed). Secrets are never in it, only where they are to be found.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <quorate/result.hpp>
#include <quorate/time.hpp>

#include "profile.hpp"

namespace bot {

inline constexpr std::size_t shortest_secret = 16;  ///< bytes: fewer can be guessed

/// Where a secret is: the name of an environment variable, or of a file that only its owner may read.
struct secret_place {
    std::string environment{};
    std::string file{};
};

struct repository_settings {
    std::string    name{};      ///< "owner/name"
    const profile* as = nullptr;
    std::string    process{};
    /// Beginnings of paths, and the team that owns what lies there; the longest that fits counts.
    std::vector<std::pair<std::string, std::string>> areas{};
};

/// Pages for people (page.hpp).
struct page_settings {
    std::string              address = "127.0.0.1";
    std::uint16_t            port = 8081;
    std::string              url{};           ///< where people find them: "https://decisions.example.org", a host of their own
    std::string              title{};
    std::vector<std::string> repositories{};  ///< that everyone may read about, "owner/name"
};

struct settings {
    std::string                                      address = "127.0.0.1";
    std::uint16_t                                    port = 8080;  ///< 0: any that is free
    std::string                                      journal{};
    std::vector<std::string>                         charters{};
    std::vector<std::pair<std::string, std::string>> parameters{};
    std::string                                      roster{};  ///< see roster_file.hpp
    std::string                                      api = "https://api.github.com";
    std::uint64_t                                    bot_id = 0;     ///< the account that the bot writes as
    secret_place                                     token{}, webhook_secret{};
    std::uint64_t                                    app = 0;        ///< the GitHub App that it is; 0: it has a token
    secret_place                                     app_key{};
    std::vector<repository_settings>                 repositories{};
    quorate::duration                                poll = std::chrono::minutes{1};   ///< how often reactions and roster file are looked at
    quorate::duration                                remind = quorate::duration{};     ///< zero: nobody is reminded
    quorate::duration                                catch_up = std::chrono::hours{1};  ///< how often what was never delivered is asked for; zero: never
    std::uint32_t                                    deliveries_per_minute = 1'200;
    std::optional<page_settings>                     pages{};  ///< nothing: none are served

    /// What a subject, "owner/name#7", is about: nothing where the bot serves no such repository, or there is no such number.
    struct matter {
        const repository_settings* in = nullptr;
        std::uint64_t              number = 0;
    };
    [[nodiscard]] std::optional<matter> serving(std::string_view subject) const;
    /// nullptr: the bot doesn't serve it.
    [[nodiscard]] const repository_settings* find(std::string_view repository) const;
    /// Whether every repository is that owner's. An App may be installed in any organisation: only the teams of this one are those of the roster.
    [[nodiscard]] bool all_owned_by(std::string_view organisation) const;
};

/// Paths in it are relative to `base`. Refused, every problem with line and column: unknown keys, profiles that don't exist, secrets that
/// stand in the file itself, a configuration without repositories.
[[nodiscard]] quorate::result<settings> read_settings(std::string_view text, const std::string& name, const std::string& base);
[[nodiscard]] quorate::result<settings> read_settings_file(const std::string& path);

/// Reads a secret, without the line break at its end. Refused: none given, one that is shorter than `shortest_secret`, a file that others
/// than its owner may read or write.
[[nodiscard]] quorate::result<std::string> read_secret(const secret_place& from, std::string_view what);
/// Reads a private key, of several lines. Refused as above, and what is longer than `largest_key`.
[[nodiscard]] quorate::result<std::string> read_key(const secret_place& from, std::string_view what);

}  // namespace bot
