// What the bot does outside, as an interface: GitHub over HTTP (github.hpp), a sheet of paper for replays (paper.hpp), a broken one in tests.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <quorate/result.hpp>

#include "delivery.hpp"

namespace bot {

/// A comment that the bot itself wrote.
struct own_comment {
    std::uint64_t id = 0;
    std::string   body{};

    friend bool operator==(const own_comment&, const own_comment&) = default;
};

/// One place where decisions are talked about. `subject` is "owner/name#7". Every call may fail with `io` (try again later; whether it was done is
/// unknown), `limit` (asked too often; try again later), `not_found` or `unsupported` (GitHub says no, and will say so again). For one
/// thread at a time.
class forge {
public:
    virtual ~forge() = default;

    /// All comments there whose author is the bot's own account, oldest first. What others write is never among them, whatever it says.
    [[nodiscard]] virtual result<std::vector<own_comment>> own_comments(const std::string& subject) = 0;
    /// Not to be repeated blindly: look at `own_comments` first.
    [[nodiscard]] virtual result<std::uint64_t> comment(const std::string& subject, const std::string& body) = 0;

    // The rest may be done twice, and is then as done once.
    [[nodiscard]] virtual result<void> edit(const std::string& subject, std::uint64_t comment, const std::string& body) = 0;
    [[nodiscard]] virtual result<void> remove(const std::string& subject, std::uint64_t comment) = 0;
    [[nodiscard]] virtual result<void> change_labels(const std::string& subject, const std::vector<std::string>& add, const std::vector<std::string>& remove) = 0;
    [[nodiscard]] virtual result<void> close(const std::string& subject) = 0;
    /// One check per name on the head of a pull request: "in progress", "success", "failure", "neutral". On an issue nothing is done.
    [[nodiscard]] virtual result<void> report(const std::string& subject, const std::string& name, const std::string& state, const std::string& summary) = 0;

    [[nodiscard]] virtual result<std::vector<reaction>> reactions(const std::string& subject, std::uint64_t comment) = 0;
    [[nodiscard]] virtual result<std::vector<std::string>> files(const std::string& subject) = 0;

    /// An issue or pull request as it is now: title, author, labels, whether it is closed or merged, its head;
    /// `sender` is who closed it, where that is known.
    [[nodiscard]] virtual result<delivery> look_at(const std::string& subject) = 0;
    /// What people have written since then anywhere in "owner/name", oldest first: comments as they would have been delivered, `at` being when they
    /// were written, but for what `look_at` knows.
    [[nodiscard]] virtual result<std::vector<delivery>> comments_since(const std::string& repository, instant since) = 0;
};

// ---- what is to be done to comments, given what there is: pure -------------------------------------------------------------------
struct comment_step {
    enum class kind : unsigned char { create, edit, remove };
    kind          what = kind::create;
    std::uint64_t id = 0;  ///< of edit and remove

    friend bool operator==(const comment_step&, const comment_step&) = default;
};

/// So that there is exactly one comment with the marker that `body` ends with: the oldest stays, others with it go (a request that was taken
/// for lost may have been carried out). A body without a marker is not for this: all comments without one would be taken for it. `keep_up` tells whether it must say what `body` says; else it stays as it was once written.
[[nodiscard]] std::vector<comment_step> reconcile(const std::vector<own_comment>& there, std::string_view body, bool keep_up);

}  // namespace bot
