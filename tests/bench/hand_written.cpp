#include "hand_written.hpp"

#include <algorithm>

namespace hand_written {

bool fcp::submit(what w, int who, const std::string& name, std::int64_t at) {
    constexpr std::int64_t ten_days = 10LL * 86'400'000'000;
    if (now == state::fcp && at >= entered + ten_days) now = state::accepted;
    const auto member = std::find(reviewers.begin(), reviewers.end(), who);
    if (w != what::tick && member == reviewers.end()) return false;
    const auto index = static_cast<std::size_t>(member - reviewers.begin());
    switch (w) {
        case what::propose:
            if (now != state::discussion) return false;
            now = state::pending;
            approved.assign(reviewers.size(), false);
            approved[index] = true;
            break;
        case what::approve:
            if ((now != state::pending && now != state::fcp) || approved[index]) return false;
            approved[index] = true;
            break;
        case what::raise:
            if (now != state::pending && now != state::fcp) return false;
            for (const auto& c : concerns)
                if (c.name == name) return false;
            concerns.push_back({name, who, true});
            break;
        case what::resolve: {
            const auto c = std::find_if(concerns.begin(), concerns.end(),
                                        [&](const concern& x) { return x.open && x.name == name && x.raiser == who; });
            if (now != state::pending || c == concerns.end()) return false;
            c->open = false;
            break;
        }
        case what::tick: break;
    }
    settle(at);
    return true;
}

void fcp::settle(std::int64_t at) {
    const auto yes = std::count(approved.begin(), approved.end(), true);
    const auto missing = static_cast<std::ptrdiff_t>(reviewers.size()) - yes;
    const bool blocked = std::any_of(concerns.begin(), concerns.end(), [](const concern& c) { return c.open; });
    if (now == state::pending && missing < yes && missing < 3 && !blocked) {
        now = state::fcp;
        entered = at;
    } else if (now == state::fcp && blocked) {
        now = state::pending;
    }
}

}  // namespace hand_written
