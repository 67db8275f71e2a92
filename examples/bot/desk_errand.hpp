// What the desk has in hand while it deals with one delivery. Internal.
#pragma once

#include <algorithm>
#include <string>

#include "desk.hpp"

namespace bot {

struct desk::errand {
    const delivery&            d;
    const repository_settings* repository = nullptr;
    std::string                proposal{};  ///< id; empty: none yet
    dealt                      result{};

    void touch(const std::string& id) {
        if (std::find(result.touched.begin(), result.touched.end(), id) == result.touched.end()) result.touched.push_back(id);
    }
    /// For a command that comes of it: of the comment, where there is one, so that the same comment never asks twice, whoever sent it how.
    [[nodiscard]] std::string key(const std::string& what) const {
        const auto thing = same_thing(d);
        return (thing.empty() ? "delivery " + d.id : thing) + " " + what;
    }
};

}  // namespace bot
