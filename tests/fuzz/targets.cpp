#include "targets.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <sstream>

#include <unistd.h>

#include <quorate/dialect.hpp>
#include <quorate/engine.hpp>
#include <quorate/scenario.hpp>
#include <quorate/sqlite_journal.hpp>
#include <quorate/tally/files.hpp>

#include "../journal_support.hpp"

#if __has_include("delivery.hpp")
#include "delivery.hpp"
#include "roster_file.hpp"
#include "settings.hpp"
#include "speech.hpp"
#endif

namespace fuzz {
namespace {

using namespace quorate;

void must(bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "fuzz: %s\n", what);
    std::abort();
}

/// A charter that loads is described, checked and loaded again as it is.
void charter_text(std::string_view input) {
    const auto c = load_charter(input);
    if (!c) return;
    must(!describe(c.value()).empty(), "a charter without description");
    (void)check(c.value(), roster());
    const auto again = load_charter(c.value().get().text);
    must(again && again.value() == c.value(), "a charter that is another when it is loaded again");
}

std::string charter_with(std::string_view rule) {
    std::string charter = R"({"title":"x","parameters":{"share":{"value":"2/3"}},"processes":{"p":{"electorate":{"of":"everyone"},"positions":{"approve":{},"reject":{}},"facts":["f"],"stages":{"s":{"phase":"review","allow":{"withdraw":"author"},"exits":[{"on":"withdraw","to":"withdrawn"},{"when":)";
    charter += '"';
    for (const char ch : rule.substr(0, 4'000)) {
        if (ch == '"' || ch == '\\') charter += '\\';
        if (static_cast<unsigned char>(ch) >= 0x20) charter += ch;
    }
    return charter + R"(","to":"accepted"}]}}}}})";
}
/// A rule that parses is printed as one that parses to the same.
void rule_text(std::string_view input) {
    const auto printed = [](const charter& c) { return print(c.find("p")->stages.front().exits.back().when.view()); };
    const auto c = load_charter(charter_with(input));
    if (!c) return;
    const auto text = printed(c.value());
    const auto again = load_charter(charter_with(text));
    must(again && printed(again.value()) == text, "a rule that is another when it is read as printed");
}

const roster& people() {
    static const auto r = load_roster(R"({"format":1,"people":{"1":{"handle":"alice"},"2":{"handle":"bob"}},"teams":{"lang":{"members":["1","2"],"label":"T-lang","ping":"r/lang"}}})").value();
    return r;
}
/// Every dialect: each thing asked has a place in the text; an edit into itself asks for nothing new.
void comment_text(std::string_view input) {
    for (const auto& d : dialects()) {
        const comment c{.by = "1", .text = std::string(input)};
        const auto    all = read_comment(d, c, people());
        must(all.size() <= most_asked, "more than can be asked");
        for (const auto& a : all) {
            must(a.text.size() <= longest_subject, "a line that is too long");
            if (a.what == asked::kind::problem) must(!a.why.what.empty(), "a problem without reason");
        }
        const comment same{.by = "1", .text = c.text, .before = c.text};
        must(read_comment(d, same, people()).empty(), "an edit that changes nothing asks for something");
    }
}

void scenario_text(std::string_view input) {
    auto all = load_scenarios(input, "fuzz", "/nonexistent");
    if (!all) return;
    for (const auto& s : all.value()) (void)run(s);
}

/// Every format of ballots, whatever it looks like.
void ballot_text(std::string_view input) {
    using tally::ballot_format;
    for (const auto format : {ballot_format::preflib, ballot_format::blt, ballot_format::debian, ballot_format::csv, ballot_format::abif}) {
        std::istringstream in{std::string(input)};
        (void)tally::read_ballots(in, {.format = format, .kind = tally::ballot_kind::ranked, .options = {"a", "b", "c"}, .count_column = "count", .other_columns = {}, .name = "fuzz"});
    }
}

/// The export of a journal that was made of these lines; nothing if they are refused, which leaves the journal empty and fit for the next ones.
std::optional<std::string> exported(std::string_view lines) {
    static const auto                    path = "/dev/shm/quorate-fuzz-" + std::to_string(::getpid()) + ".db";
    static std::optional<sqlite_journal> empty;
    if (!empty) {
        for (const auto* rest : {"", "-wal", "-shm", ".lock"}) (void)::unlink((path + rest).c_str());
        empty.emplace(path);
    }
    std::istringstream in{std::string(lines)};
    if (!empty->import_lines(in)) {
        must(empty->last().value() == 0, "lines that were refused are stored");
        return std::nullopt;
    }
    const auto sound = empty->verify();
    must(sound && sound.value().sound(), "what was imported is not sound");
    std::ostringstream out;
    must(empty->export_lines(out).has_value(), "what was imported can't be exported");
    empty.reset();
    return out.str();
}
/// Lines of an export: what is taken is sound, and what is exported of it is taken and exported as the same.
void journal_lines(std::string_view input) {
    if (const auto once = exported(input)) must(exported(*once) == once, "an export that is another when it is imported");
}

/// Lines of input, and of a journal's events: what is read is written as something that is read as the same.
void command_text(std::string_view input) {
    if (const auto c = parse_command(input)) {
        const auto again = parse_command(to_json(c.value()));
        must(again && to_json(again.value()) == to_json(c.value()), "a command that is not what it was");
    }
    if (const auto e = parse_event(input)) must(parse_event(to_json(e.value())).value() == e.value(), "an event that is not what it was");
}

/// A journal with a decided proposal and an open one, whose snapshot says anything: an engine believes it or not, and goes on.
struct with_snapshot : journal_support::handing_on {
    std::string body{};
    using handing_on::handing_on;
    result<std::optional<snapshot>> kept_snapshot() override {
        if (body.empty()) return std::optional<snapshot>{};
        return std::optional(snapshot{to->last().value(), body, {}});
    }
};
void snapshot_lines(std::string_view input) {
    static const auto c = load_charter(R"({"title":"x","processes":{"p":{"electorate":{"of":"everyone"},"positions":{"approve":{}},"stages":{"s":{"phase":"review",
        "allow":{"cast":"electorate","withdraw":"author"},"exits":[{"on":"withdraw","to":"withdrawn"},{"when":"approve >= 2","to":"accepted"}]}}}}})").value();
    static const auto decided = [] {
        std::shared_ptr<journal> j = memory_journal();
        engine                   e(c, people(), std::make_unique<journal_support::handing_on>(j));
        const auto               id = e.open({.process = "p", .by = "1", .subject = "s", .at = at("2026-03-01")}).value();
        for (const char* by : {"1", "2"}) (void)e.submit(id, cast{.by = by, .position = "approve", .at = at("2026-03-02")});
        (void)e.open({.process = "p", .by = "guest", .subject = "s", .at = at("2026-03-01")});
        return j;
    }();
    auto lent = std::make_unique<with_snapshot>(decided);
    lent->body = input;
    const auto made = engine::make(c, people(), std::move(lent));
    must(made.has_value(), "a snapshot keeps an engine from being made");
    try {
        for (const auto& id : made.value().list()) (void)made.value().explain(id, at("2026-03-03"));
        (void)made.value().find("s");
        (void)made.value().get("p-1");
    } catch (const failure&) {  // told that the snapshot isn't what the events give
    }
}

#if __has_include("delivery.hpp")
/// A body that can be read is kept, and read again as the same.
void webhook_body(std::string_view input) {
    for (const char* event : {"issue_comment", "pull_request", "pull_request_review", "issues", "membership", "reactions"}) {
        const auto d = bot::read_delivery(input, "id", event, at("2026-03-01"));
        if (!d) continue;
        const auto again = bot::parse_delivery(bot::to_json(d.value()));
        if (!bot::is_of_interest(event, d.value().action)) continue;
        // Somebody without an id is nobody, and is not kept: what is kept is the same.
        must(again.has_value() && bot::to_json(again.value()) == bot::to_json(d.value()), "a delivery that is not what it was");
        (void)bot::as_code(d.value().text);
        must(bot::marker_of(bot::as_code(d.value().text)).empty(), "text that became a marker");
    }
}
void settings_text(std::string_view input) {
    (void)bot::read_settings(input, "fuzz", ".");
    (void)bot::read_roster(input, "fuzz");
}
#endif

constexpr std::array all{
    target{"charter", charter_text}, target{"rule", rule_text}, target{"comment", comment_text}, target{"scenario", scenario_text}, target{"ballots", ballot_text}, target{"journal", journal_lines},
    target{"command", command_text}, target{"snapshot", snapshot_lines},
#if __has_include("delivery.hpp")
    target{"webhook", webhook_body}, target{"settings", settings_text},
#endif
};

}  // namespace

std::span<const target> targets() { return all; }
const target* target_named(std::string_view name) {
    const auto found = std::find_if(all.begin(), all.end(), [&](const target& t) { return t.name == name; });
    return found == all.end() ? nullptr : &*found;
}

}  // namespace fuzz
