// GitHub on a sheet of paper: what a replay shows, and what tests look at. Comments, labels, checks and reactions, in memory.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <quorate/journal.hpp>

#include "forge.hpp"

namespace bot {

struct paper_comment {
    std::uint64_t id = 0;
    std::uint64_t author = 0;
    std::string   body{};
    std::size_t   edits = 0;
};

struct paper_matter {
    std::vector<paper_comment>                    comments{};
    std::set<std::string>                         labels{};
    std::map<std::string, std::string>            checks{};  ///< state by name
    std::map<std::uint64_t, std::vector<reaction>> reactions{};  ///< by comment
    std::vector<std::string>                      files{};
    bool                                          closed = false, pull_request = false;
    std::string                                   head{};
    account                                       closer{};

    /// The comment with that marker, or nullptr.
    [[nodiscard]] const paper_comment* marked(std::string_view marker) const;
};

/// Never fails. `told` hears of each change, for people.
class paper_forge final : public forge {
public:
    explicit paper_forge(std::uint64_t bot_id, std::function<void(const std::string&)> told = {}) : bot_(bot_id), told_(std::move(told)) {}

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

    std::vector<delivery> undelivered{};  ///< comments of which nobody was told
    std::map<std::string, paper_matter> matters{};  ///< by subject

private:
    void tell(const std::string& line) const { if (told_) told_(line); }

    std::uint64_t                           bot_;
    std::function<void(const std::string&)> told_;
    std::uint64_t                           next_id_ = 1'000;
};

/// One journal for an engine, which owns its journal, and for somebody else who reads and writes it too. For one thread.
class shared_journal final : public quorate::journal {
public:
    explicit shared_journal(std::shared_ptr<quorate::journal> to) : to_(std::move(to)) {}
    result<std::uint64_t> append(const quorate::batch& b) override { return to_->append(b); }
    result<void> read(std::string_view stream, std::uint64_t after, const std::function<bool(const quorate::stored_event&)>& visit) override {
        return to_->read(stream, after, visit);
    }
    result<std::uint64_t> last() override { return to_->last(); }
    result<std::optional<quorate::kept_answer>> answer_to(std::string_view key) override { return to_->answer_to(key); }
    result<std::vector<quorate::effect>> pending_effects(std::size_t most) override { return to_->pending_effects(most); }
    result<void> done(std::uint64_t id) override { return to_->done(id); }
    [[nodiscard]] bool durable() const override { return to_->durable(); }

private:
    std::shared_ptr<quorate::journal> to_;
};

}  // namespace bot
