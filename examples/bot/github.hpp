// GitHub's REST API as a forge: over any transport, with retries, its rate limits, and answers that have not changed not sent again.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "authority.hpp"
#include "forge.hpp"
#include "http.hpp"

namespace bot {

inline constexpr int                  most_tries = 4;          ///< of one request that may be repeated
inline constexpr std::chrono::seconds longest_pause{60};       ///< between two tries; a rate limit that lasts longer is an error of kind `limit`
inline constexpr std::size_t          most_pages = 50;         ///< of a list
inline constexpr std::size_t          most_on_page = 100;
inline constexpr std::size_t          longest_comment = 262'144;  ///< bytes that GitHub stores: 65,536 characters of four
/// Bytes: a page of the longest comments, half of them line breaks, with what GitHub tells about each.
inline constexpr std::size_t          largest_answer = most_on_page * (longest_comment + longest_comment / 2 + 16'384);
inline constexpr std::size_t          largest_answer_kept = std::size_t{1} << 20U;  ///< bytes; a larger one is sent again each time
inline constexpr std::size_t          most_answers_kept = 1'000;  ///< with their ETags

/// Waits, and the time: real ones, or a test's.
struct github_clock {
    std::function<void(std::chrono::milliseconds)> sleep{};
    std::function<std::int64_t()>                  now{};  ///< seconds since 1970
};

/// What is repeated: GET, and what is the same when done twice, after 5xx and connections that break (after 1, 2, 4 seconds); everything after 403 or
/// 429 with a rate limit, when GitHub says that it may be. What isn't: creating a comment or a check after an answer that never came.
class github final : public forge {
public:
    /// `to` and `as` outlive it.
    github(transport& to, authority& as, std::uint64_t bot_id, github_clock clock);

    result<std::vector<own_comment>> own_comments(const std::string& subject) override;
    result<std::uint64_t> comment(const std::string& subject, const std::string& body) override;
    result<void> edit(const std::string& subject, std::uint64_t id, const std::string& body) override;
    result<void> remove(const std::string& subject, std::uint64_t id) override;
    result<void> change_labels(const std::string& subject, const std::vector<std::string>& add, const std::vector<std::string>& remove) override;
    result<void> close(const std::string& subject) override;
    result<void> report(const std::string& subject, const std::string& name, const std::string& state, const std::string& summary) override;
    result<std::vector<reaction>> reactions(const std::string& subject, std::uint64_t id) override;
    result<std::vector<std::string>> files(const std::string& subject) override;
    result<delivery> look_at(const std::string& subject) override;
    result<std::vector<delivery>> comments_since(const std::string& repository, instant since) override;

private:
    enum class repeat : unsigned char { freely, never };
    [[nodiscard]] result<http_response> ask(const std::string& method, const std::string& path, const std::string& body = {}, repeat r = repeat::freely);
    /// Every page of a list, each body once.
    [[nodiscard]] result<std::vector<std::string>> pages(const std::string& path);
    [[nodiscard]] std::optional<std::chrono::milliseconds> pause_for(const http_response& r, int tries) const;

    transport&    to_;
    authority&    as_;
    std::uint64_t bot_;
    github_clock  clock_;
    struct kept_answer {
        std::string   tag{};
        http_response answer{};
    };
    std::map<std::string, kept_answer> kept_;  ///< by path
};

}  // namespace bot
