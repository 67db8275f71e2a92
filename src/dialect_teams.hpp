// Teams of a roster as people name them in comments. Internal: not installed.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <quorate/roster.hpp>

#include "dialect_text.hpp"

namespace quorate::dialect_teams {

/// What follows the first `mark` in it, or all of it: "T-lang", "lang" and even "xT-lang" are "lang" to the bot.
inline std::string_view behind(std::string_view s, std::string_view mark) {
    const auto found = s.find(mark);
    return dialect_text::trimmed(found == std::string_view::npos ? s : s.substr(found + mark.size()));
}

/// The teams of a roster as people address them in comments, in the order of their labels.
class addressed_teams {
public:
    explicit addressed_teams(const roster& people) : people_(people) {
        for (const auto t : people.teams()) {
            const auto& info = people.info(t);
            if (!info.archived && (!info.label.empty() || !info.ping.empty())) list_.push_back(t);
        }
        std::sort(list_.begin(), list_.end(), [&](team_id a, team_id b) { return sign(a) < sign(b); });
        for (std::size_t i = 0; i < list_.size(); ++i) {
            const auto& info = people.info(list_[i]);
            if (!info.label.empty()) labels_.emplace(behind(info.label, "T-"), i);
            if (!info.ping.empty()) pings_.emplace(info.ping, i);
        }
    }
    /// The first team with that label, with or without "T-", or with that ping, with or without "@".
    [[nodiscard]] std::optional<team_id> find(std::string_view word) const {
        const auto label = labels_.find(behind(word, "T-"));
        const auto ping = pings_.find(behind(word, "@"));
        const auto none = list_.size();
        const auto first = std::min(label == labels_.end() ? none : label->second, ping == pings_.end() ? none : ping->second);
        return first == none ? std::nullopt : std::optional(list_[first]);
    }
    /// Names in the roster, in the order of labels, each once.
    [[nodiscard]] std::vector<std::string> names(std::vector<team_id> teams) const {
        std::sort(teams.begin(), teams.end(), [&](team_id a, team_id b) { return sign(a) < sign(b); });
        teams.erase(std::unique(teams.begin(), teams.end()), teams.end());
        std::vector<std::string> all;
        for (const auto t : teams) all.emplace_back(people_.name(t));
        return all;
    }
    /// The team words that one may write, for a way out.
    [[nodiscard]] std::string known() const {
        constexpr std::size_t most = 8;
        std::string           s;
        for (std::size_t i = 0; i < list_.size() && i < most; ++i) s += (i == 0 ? "" : ", ") + std::string(sign(list_[i]));
        return list_.empty() ? "the roster gives no team a label or a ping" : "teams are " + s + (list_.size() > most ? ", ..." : "");
    }

private:
    [[nodiscard]] std::string_view sign(team_id t) const {
        const auto& info = people_.info(t);
        return info.label.empty() ? info.ping : info.label;
    }
    const roster&                           people_;
    std::vector<team_id>                    list_;
    std::map<std::string_view, std::size_t> labels_, pings_;  ///< which of the list; of equal ones the first
};

}  // namespace quorate::dialect_teams
