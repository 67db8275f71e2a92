// What tests of commands, events and journals share: random but reproducible values, and a directory that goes away.
#pragma once

#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <quorate/journal.hpp>

namespace journal_support {

using namespace quorate;

/// Draws from a seed; says the same on every platform (no std::*_distribution).
class dice {
public:
    explicit dice(std::uint64_t seed) : engine_(seed) {}

    std::uint64_t below(std::uint64_t n) { return engine_() % n; }
    bool          chance(std::uint64_t one_in) { return below(one_in) == 0; }
    std::int64_t  integer() {
        const auto bits = engine_();
        return static_cast<std::int64_t>(chance(4) ? bits : bits % 2'000) - (chance(3) ? 1'000 : 0);
    }
    instant moment() { return earliest_instant
        + duration{static_cast<std::int64_t>(engine_() % 253'402'300'799'999'999ULL)}; }
    /// UTF-8 of up to `most` characters: plain, control (none when `shown`), quotes, two to four bytes long.
    std::string text(std::uint64_t most = 12, bool shown = false) {
        static constexpr std::array<const char*, 12> pieces{"\"", "\\", "\x7F", "\n",   "\t",           "\x01",
                                                            "é",  "ß",  "€",    "語", "\xF0\x9F\x99\x82", "/"};
        std::string s;
        for (auto n = below(most + 1); n > 0; --n) {
            const auto piece = below(24);
            const bool control = piece >= 2 && piece <= 5;
            if (piece < pieces.size() && !(shown && control)) s += pieces[piece];
            else s += static_cast<char>('a' + below(26));
        }
        return s;
    }

private:
    std::mt19937_64 engine_;
};

inline event random_event(dice& d) {
    event e;
    e.kind = static_cast<event_kind>(d.below(event_kind_names.size()));
    e.done = static_cast<act>(d.chance(2) ? 0 : d.below(acts.size()));
    e.why = static_cast<cause>(d.below(cause_names.size()));
    if (d.chance(5)) e.law = static_cast<std::int16_t>(d.below(65'536));
    e.at = d.moment();
    e.noted = d.chance(2) ? e.at : std::max(e.at, d.moment());
    for (auto* s : {&e.by, &e.on_behalf_of, &e.subject, &e.detail, &e.text, &e.charter, &e.parent, &e.about})
        if (d.chance(2)) *s = d.text();
    for (auto n = d.chance(2) ? 0 : d.below(4); n > 0; --n) e.names.push_back(d.text());
    if (d.chance(3)) e.number = d.integer();
    if (d.chance(3)) e.flag = d.chance(2);
    return e;
}

/// A directory of its own, removed at the end.
class scratch {
public:
    scratch() {
        static std::atomic<int> count{0};
        path_ = std::filesystem::temp_directory_path() /
                ("quorate-test-" + std::to_string(::getpid()) + "-" + std::to_string(++count));
        std::filesystem::remove_all(path_);
        std::filesystem::create_directories(path_);
    }
    scratch(const scratch&) = delete;
    scratch& operator=(const scratch&) = delete;
    ~scratch() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    [[nodiscard]] std::string file(const std::string& name = "journal.db") const { return (path_ / name).string(); }
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

inline std::string bytes_of_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

inline event cast_by(const std::string& who, std::string text = {}) {
    return {.kind = event_kind::acted, .at = at("2026-03-01T12:00:00Z"), .noted = at("2026-03-01T12:00:00Z"), .by = who,
            .subject = "approve", .text = std::move(text)};
}

inline std::vector<stored_event> all_of(journal& j, const std::string& stream = {}, std::uint64_t after = 0) {
    std::vector<stored_event> all;
    const auto                r = j.read(stream, after, [&](const stored_event& e) {
        all.push_back(e);
        return true;
    });
    if (!r) throw failure(r.error());
    return all;
}

/// A journal that hands everything on to another one, as journals with an oddity of their own do.
struct handing_on : journal {
    std::shared_ptr<journal> to;
    explicit handing_on(std::shared_ptr<journal> j) : to(std::move(j)) {}
    result<std::uint64_t> append(const batch& b) override { return to->append(b); }
    result<void> read(std::string_view s, std::uint64_t after, const std::function<bool(const stored_event&)>& v) override {
        return to->read(s, after, v);
    }
    result<std::uint64_t>              last() override { return to->last(); }
    result<std::optional<kept_answer>> answer_to(std::string_view key) override { return to->answer_to(key); }
    result<std::vector<effect>>        pending_effects(std::size_t most) override { return to->pending_effects(most); }
    result<void>                       done(std::uint64_t id) override { return to->done(id); }
    bool                               durable() const override { return to->durable(); }
};

/// Lets somebody else act just before it stores something.
struct interrupted : handing_on {
    using handing_on::handing_on;
    std::function<void()> before_next{};

    result<std::uint64_t> append(const batch& b) override {
        if (before_next) std::exchange(before_next, nullptr)();
        return to->append(b);
    }
};

/// What its rows say is somebody else's doing.
struct altered : handing_on {
    std::function<bool(stored_event&)> change;  ///< false: the row is gone
    altered(std::shared_ptr<journal> j, std::function<bool(stored_event&)> c) : handing_on(std::move(j)), change(std::move(c)) {}
    result<void> read(std::string_view s, std::uint64_t after, const std::function<bool(const stored_event&)>& visit) override {
        return to->read(s, after, [&](const stored_event& e) {
            auto row = e;
            return !change(row) || visit(row);
        });
    }
};

}  // namespace journal_support
