#include "inbox.hpp"

namespace bot {
namespace {

quorate::kept_answer received(const std::string& what) { return {.key = "received " + what, .command_hash = "bot", .answer = "{}"}; }

}  // namespace

result<bool> keep_delivery(quorate::journal& j, const delivery& d) {
    quorate::batch b{.streams = {}, .effects = {{.at = d.at, .kind = std::string(delivery_effect), .payload = to_json(d)}}, .answers = {received(d.id)}};
    if (const auto same = same_thing(d); !same.empty()) b.answers.push_back(received(same));
    const auto kept = j.append(b);
    if (!kept && kept.error().code == quorate::errc::conflict) return false;
    return kept ? result<bool>(true) : result<bool>(kept.error());
}

result<bool> is_known(quorate::journal& j, const delivery& d) {
    const auto known = j.answer_to(received(same_thing(d)).key);
    return known ? result<bool>(known.value().has_value()) : result<bool>(known.error());
}

}  // namespace bot
