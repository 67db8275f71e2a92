// Threads that share a journal file. Processes that are killed, or share one: tests/reliability.
#include <doctest/doctest.h>

#include <quorate/sqlite_journal.hpp>

#include <string>
#include <thread>
#include <vector>

#include "journal_support.hpp"

using namespace journal_support;

TEST_CASE("sqlite threads: threads with a journal each share a file as processes do") {
    const scratch            dir;
    std::vector<std::thread> threads;
    std::vector<int>         stored(4);
    { sqlite_journal make{dir.file()}; }
    for (std::size_t t = 0; t < stored.size(); ++t)
        threads.emplace_back([&, t] {
            sqlite_journal           j{dir.file()};
            const std::vector<event> one{cast_by("a")};
            for (std::uint64_t n = 0; n < 50; ++n) {
                batch b;
                b.streams.push_back({"p-" + std::to_string(t), n, one});
                if (j.append(b)) ++stored[t];
            }
        });
    for (auto& t : threads) t.join();
    for (const auto count : stored) CHECK(count == 50);
    sqlite_journal j{dir.file()};
    CHECK(j.verify().value().head.seq == 200);
}
