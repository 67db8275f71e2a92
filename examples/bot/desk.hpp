// Where deliveries become commands. Decides nothing: who may do what is the engine's to say, and how it reads comments the dialect's. Talks to
// nobody either: what it did and what is to be answered is returned.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <quorate/dialect.hpp>
#include <quorate/engine.hpp>

#include "delivery.hpp"
#include "settings.hpp"

namespace bot {

/// What came of one delivery.
struct dealt {
    std::string                 subject{};
    std::string                 proposal{};      ///< that it was about; empty: none
    std::vector<std::string>    touched{};       ///< proposals that are no longer as they were shown, each once
    std::vector<quorate::heard> answers{};       ///< what was asked, in order, and what became of each
    std::string                 remark{};        ///< said to whoever asked, besides
    bool                        wants_status = false;
    bool                        own_comment_gone = false;  ///< somebody deleted a comment of the bot's
    bool                        ignored = false; ///< nothing in it is the bot's business

    /// Whether somebody should be told something in reply: silence means that all was done as asked.
    [[nodiscard]] bool needs_reply() const;
};

/// Every command has a key made of what it answers to, so that taking a delivery again does nothing twice, and says the same again. All
/// commands are dated by when the delivery was received, but never before what has happened to the proposal already.
class desk {
public:
    /// `answers` reads the same journal as `engine` writes.
    desk(quorate::engine& engine, quorate::journal& answers, const settings& s) : engine_(engine), answers_(answers), settings_(s) {}

    /// Throws `quorate::failure` when the store fails: the delivery is then to be taken again, whole.
    [[nodiscard]] dealt take(const delivery& d);
    /// Whether it matters which files a pull request changes, so that they are to be asked for before `take`.
    [[nodiscard]] bool wants_files(const delivery& d) const;
    /// Whether it names a commit that may not be the head (see `strays`). Then `looked` is to be found out before `take`.
    [[nodiscard]] bool wants_look(const delivery& d);
    /// The proposal that commands on that subject are about now: an open one, else the last. Empty: none.
    [[nodiscard]] std::string current(const repository_settings& r, const std::string& subject) const;

    /// Makes people known by number and login, so that they are shown by name. Who can't be added (their login is that of somebody whom the
    /// roster knows under another number) stays a number, and a member of nothing. A login of digits alone is shown as "@12345": it is no number.
    void introduce(const account& a, instant at);
    /// The commit that is being decided on, as far as was heard; empty: not known.
    [[nodiscard]] std::string head_of(const std::string& proposal);

private:
    struct errand;  // what one delivery needs in hand

    void comment_created(errand& e);
    void comment_edited(errand& e);
    void comment_deleted(errand& e);
    void review(errand& e);
    void pull_request(errand& e);
    void labels(errand& e);
    void closed_or_not(errand& e);
    void membership(errand& e);
    void reactions(errand& e);

    void read(errand& e, const std::optional<std::string>& before);
    std::optional<quorate::refusal> carry_out(errand& e, const quorate::asked& a, std::size_t item);
    std::optional<quorate::refusal> open(errand& e, quorate::opening o, const std::string& key);
    std::optional<quorate::refusal> submit(errand& e, const std::string& proposal, quorate::command c, const std::string& key);
    std::optional<quorate::refusal> host_says(errand& e, quorate::command c, const std::string& key);
    /// The proposal, begun if the profile says that it begins with this.
    bool begin(errand& e, std::optional<quorate::refusal>& no);
    /// Marks a pull request as ready, where the charter has somebody do that.
    void ready(errand& e);
    /// The commits that were heads, oldest first: the last is the present one.
    [[nodiscard]] std::vector<std::string> heads_of(const std::string& proposal);
    /// Whether nothing tells that the commit that the delivery names is the head now: it was the head before another, or isn't told as a push on top
    /// of the present one. Deliveries overtake each other.
    [[nodiscard]] static bool strays(const std::vector<std::string>& heads, const delivery& d);
    /// Takes the commit that the delivery names for what is being decided on: what was said of another is said of another. `pushed`: it
    /// is told to be new; else the first one heard of is what has been looked at so far. A commit that strays is taken only if it was looked at.
    void follow_head(errand& e, bool pushed);
    [[nodiscard]] std::vector<std::string> teams_of(const errand& e) const;
    /// Why this account may not be taken for a person: its number is what the roster calls somebody else. Nothing: it is who it is, or unknown.
    [[nodiscard]] std::optional<quorate::refusal> somebody_else(const std::string& number) const;
    /// What was answered under this key: nothing, or how.
    struct known_answer {
        std::optional<quorate::refusal> no{};
        std::string                     proposal{};
    };
    [[nodiscard]] std::optional<known_answer> known(const std::string& key);

    quorate::engine&  engine_;
    quorate::journal& answers_;
    const settings&   settings_;
};

}  // namespace bot
