// Replays recorded deliveries without a network, at the pace of their own dates, and prints what would appear on GitHub.
#pragma once

#include <functional>
#include <string>

#include <quorate/result.hpp>

namespace bot {

/// A folder with "bot.json" (a configuration; its journal and secrets aren't used) and "deliveries.jsonl": one delivery a line, as
/// `to_json(delivery)` writes them, in the order of their dates. A line {"at", "event": "time"} lets time pass until then; one of event "reactions"
/// says which reactions the bot's own comment has. `print` gets the account, in parts. Refused: what can't be read, dates that go back.
[[nodiscard]] quorate::result<void> replay(const std::string& folder, const std::function<void(const std::string&)>& print);

}  // namespace bot
