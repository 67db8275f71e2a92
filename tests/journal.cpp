#include <doctest/doctest.h>

#include <quorate/journal.hpp>
#include <quorate/sqlite_journal.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "journal_support.hpp"

using namespace journal_support;

namespace {

const event              vote = cast_by("carol");
const std::vector<event> one{vote};  // a batch refers to its events

/// Runs a test on every kind of journal.
void each(const std::function<void(journal&)>& test) {
    SUBCASE("in memory") {
        const auto j = memory_journal();
        test(*j);
    }
    SUBCASE("in SQLite") {
        const scratch dir;
        sqlite_journal j{dir.file()};
        test(j);
    }
    SUBCASE("in SQLite, checked while reading") {
        const scratch dir;
        sqlite_journal j{dir.file(), {.verify_on_read = true}};
        test(j);
    }
}

batch of(const std::string& stream, std::uint64_t expected, const std::vector<event>& events) {
    batch b;
    b.streams.push_back({stream, expected, events});
    return b;
}

}  // namespace

TEST_CASE("journal: events come back in order, as they were, by stream and all together") {
    each([](journal& j) {
        dice                                          d{5};
        std::vector<std::pair<std::string, event>>    written;
        std::vector<std::pair<std::string,
            unsigned>> versions{{"a", 0}, {"b", 0}, {"long-stream-name-beyond-any-small-buffer", 0}};
        for (int i = 0; i < 300; ++i) {
            auto&              stream = versions[d.below(3)];
            std::vector<event> events;
            for (auto n = 1 + d.below(4); n > 0; --n) events.push_back(random_event(d));
            const auto first = j.append(of(stream.first, stream.second, events));
            REQUIRE(first.has_value());
            CHECK(first.value() == written.size() + 1);
            stream.second += static_cast<unsigned>(events.size());
            for (const auto& e : events) written.emplace_back(stream.first, e);
        }
        const auto all = all_of(j);
        REQUIRE(all.size() == written.size());
        CHECK(j.last().value() == written.size());
        for (std::size_t i = 0; i < all.size(); ++i) {
            CHECK(all[i].seq == i + 1);
            CHECK(all[i].stream == written[i].first);
            CHECK(all[i].what == written[i].second);
        }
        for (const auto& [name, count] : versions) {
            const auto mine = all_of(j, name);
            REQUIRE(mine.size() == count);
            for (std::size_t i = 0; i < mine.size(); ++i) CHECK(mine[i].version == i + 1);
            const auto later = all_of(j, name, mine[count / 2].seq);
            REQUIRE(later.size() == count - count / 2 - 1);
            CHECK(later.front().version == count / 2 + 2);
        }
        CHECK(all_of(j, "", 290).front().seq == 291);
        CHECK(all_of(j, "nobody").empty());
        CHECK(all_of(j, "", 100'000).empty());
    });
}

TEST_CASE("journal: more events than a page are read whole, and a visitor may stop") {
    each([](journal& j) {
        const std::vector<event> many(10'000, vote);
        REQUIRE(j.append(of("a", 0, many)).has_value());
        REQUIRE(j.append(of("b", 0, {vote})).has_value());
        CHECK(all_of(j).size() == 10'001);
        CHECK(all_of(j, "a").size() == 10'000);
        CHECK(all_of(j, "a", 4'096).size() == 5'904);
        int seen = 0;
        CHECK(j.read("", 0, [&](const stored_event&) { return ++seen < 5'000; }).has_value());
        CHECK(seen == 5'000);
    });
}

TEST_CASE("journal: a batch for a stream that has moved on is a conflict, and nothing of it is stored") {
    each([](journal& j) {
        REQUIRE(j.append(of("a", 0, {vote, vote})).has_value());
        for (const std::uint64_t wrong : {0U, 1U, 3U}) {
            batch b = of("new", 0, one);
            b.streams.push_back({"a", wrong, one});
            b.answers.push_back({"key", "hash", "{}"});
            b.effects.push_back({.proposal = "a", .at = vote.at, .kind = "label", .payload = "{}"});
            const auto r = j.append(b);
            REQUIRE(!r.has_value());
            CHECK(r.error().code == errc::conflict);
        }
        CHECK(all_of(j).size() == 2);
        CHECK(all_of(j, "new").empty());
        CHECK(!j.answer_to("key").value());
        CHECK(j.pending_effects(10).value().empty());
        REQUIRE(j.append(of("new", 0, {vote})).has_value());
        CHECK(j.append(of("a", 2, {vote})).value() == 4);
    });
}

TEST_CASE("journal: one batch may add to a stream twice, and to many") {
    each([](journal& j) {
        batch b;
        b.streams = {{"a", 0, one}, {"b", 0, one}, {"a", 1, one}};
        CHECK(j.append(b).value() == 1);
        CHECK(all_of(j, "a").back().version == 2);
        b.streams = {{"a", 2, one}, {"a", 2, one}};
        CHECK(j.append(b).error().code == errc::conflict);
        CHECK(all_of(j).size() == 3);
    });
}

TEST_CASE("journal: an answer is kept under its key once") {
    each([](journal& j) {
        const std::string hash = std::string(64, 'a');
        batch             b = of("a", 0, one);
        b.answers = {{"k1", hash, R"({"versions":[1]})"}, {"k2", "plain", ""}};
        const auto stored = j.append(b);
        REQUIRE_MESSAGE(stored.has_value(), stored.error().what());
        const auto kept = j.answer_to("k1").value();
        REQUIRE(kept.has_value());
        CHECK(kept->key == "k1");
        CHECK(kept->command_hash == hash);
        CHECK(kept->answer == R"({"versions":[1]})");
        CHECK(j.answer_to("k2").value()->command_hash == "plain");
        CHECK(!j.answer_to("k3").value());
        batch again = of("a", 1, one);
        again.answers = {{"k3", hash, "{}"}, {"k1", hash, "{}"}};
        CHECK(j.append(again).error().code == errc::conflict);
        CHECK(!j.answer_to("k3").value());
        CHECK(j.answer_to("k1").value()->answer == R"({"versions":[1]})");
        CHECK(j.last().value() == 1);
        batch refusal;
        refusal.answers = {{"k3", hash, "refused"}};
        CHECK(j.append(refusal).value() == 2);  // no events: the number that the next one gets
        batch nameless;
        nameless.answers = {{"", hash, "refused"}};
        CHECK(j.append(nameless).error().code == errc::invalid);
        CHECK(j.append(of("", 0, {vote})).error().code == errc::invalid);
    });
}

TEST_CASE("journal: effects wait in order until they are done, and ids are never used again") {
    each([](journal& j) {
        batch b;
        for (const auto* kind : {"label", "announce", "notify"})
            b.effects.push_back({.id = 77, .proposal = "p-1", .at = vote.at, .kind = kind, .payload = R"({"x":1})"});
        REQUIRE(j.append(b).has_value());
        auto pending = j.pending_effects(2).value();
        REQUIRE(pending.size() == 2);
        CHECK(pending[0] == effect{.id = 1, .proposal = "p-1", .at = vote.at, .kind = "label",
            .payload = R"({"x":1})"});
        CHECK(pending[1].id == 2);
        CHECK(j.done(3).has_value());
        CHECK(j.done(3).has_value());
        CHECK(j.done(4).error().code == errc::not_found);
        CHECK(j.done(0).error().code == errc::not_found);
        REQUIRE(j.append(b).has_value());
        pending = j.pending_effects(100).value();
        REQUIRE(pending.size() == 5);
        CHECK(pending[2].id == 4);
        CHECK(pending[4].id == 6);
    });
}
