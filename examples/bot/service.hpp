// The bot as a program that runs: server, journal, worker, and the end of them.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include <quorate/charter.hpp>
#include <quorate/roster.hpp>

#include "settings.hpp"

namespace bot {

struct run_options {
    bool dry = false;  ///< reads GitHub, changes nothing there and prints what it would do; uses a journal of its own that is thrown away
};

/// The charter that the settings name, several joined.
[[nodiscard]] quorate::result<quorate::charter> load_charters(const settings& s);

/// What a configuration names, loaded.
struct loaded {
    quorate::charter         rules;
    quorate::roster          people;
    std::vector<std::string> findings{};  ///< what is suspicious about the processes that are served, a line each
};
/// Refused: a charter or roster that doesn't load, a repository whose process no charter has.
[[nodiscard]] quorate::result<loaded> load(const settings& s);

/// Waits for all of `t`, however often `wait` is cut short: by `clock`, which goes on while it waits. Less only when it is `ending`.
void wait_out(std::chrono::nanoseconds t, const std::function<std::chrono::nanoseconds()>& clock, const std::function<void(std::chrono::nanoseconds)>& wait,
              const std::function<bool()>& ending);

/// Serves until SIGTERM or SIGINT; SIGHUP reads the roster file again. Answers what is being asked, ends the round, returns 0. Returns 1, with a
/// line on stderr, when it can't begin: no secrets, a charter or roster that doesn't load, an address or journal that can't be had.
/// Prints "listening on ADDRESS:PORT" once it does.
[[nodiscard]] int serve(const settings& s, const run_options& o);

}  // namespace bot
