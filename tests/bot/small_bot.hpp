// What tests of the bot share: a bot on paper, with people, a clock that tests turn, and a forge and a journal that break when told to.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include <quorate/engine.hpp>

#include "inbox.hpp"
#include "json.hpp"
#include "paper.hpp"
#include "roster_file.hpp"
#include "speech.hpp"
#include "worker.hpp"

namespace small_bot {

using namespace bot;
using quorate::at;

inline const std::string source = QUORATE_SOURCE_DIR;
inline constexpr std::uint64_t bot_id = 5'000;

/// Thrown where a test kills the program.
struct killed : std::runtime_error {
    killed() : std::runtime_error("killed") {}
};

/// Counts steps and, at one of them, kills: before it was done, or after.
struct executioner {
    std::size_t steps = 0;
    std::size_t at = static_cast<std::size_t>(-1);  ///< twice the step, and one more for after
    std::function<bool()> breaks{};         ///< of a call, before it is done: it fails instead
    std::function<bool()> breaks_after{};   ///< and after: it is done, and fails all the same
    bool                  blind = false;    ///< the bot's own comments are not found again: what not looking for them would lead to
    [[nodiscard]] bool fails() const { return breaks && breaks(); }
    [[nodiscard]] bool fails_after() const { return breaks_after && breaks_after(); }
    [[nodiscard]] static quorate::error broken() { return quorate::make_error(quorate::errc::io, "broken"); }
    void before() { if (2 * steps == at) throw killed(); }
    void after() { if (2 * steps++ + 1 == at) throw killed(); }
};

/// A forge, and a journal, whose every call is a step.
class deadly_forge final : public forge {
public:
    deadly_forge(forge& to, executioner& e) : to_(to), e_(e) {}
    result<std::vector<own_comment>> own_comments(const std::string& s) override {
        return step([&]() -> result<std::vector<own_comment>> { return e_.blind ? std::vector<own_comment>{} : to_.own_comments(s); });
    }
    result<std::uint64_t> comment(const std::string& s, const std::string& b) override { return step([&] { return to_.comment(s, b); }); }
    result<void> edit(const std::string& s, std::uint64_t id, const std::string& b) override { return step([&] { return to_.edit(s, id, b); }); }
    result<void> remove(const std::string& s, std::uint64_t id) override { return step([&] { return to_.remove(s, id); }); }
    result<void> change_labels(const std::string& s, const std::vector<std::string>& a, const std::vector<std::string>& r) override { return step([&] { return to_.change_labels(s, a, r); }); }
    result<void> close(const std::string& s) override { return step([&] { return to_.close(s); }); }
    result<void> report(const std::string& s, const std::string& n, const std::string& st, const std::string& t) override { return step([&] { return to_.report(s, n, st, t); }); }
    result<std::vector<reaction>> reactions(const std::string& s, std::uint64_t id) override { return step([&] { return to_.reactions(s, id); }); }
    result<std::vector<std::string>> files(const std::string& s) override { return step([&] { return to_.files(s); }); }
    result<delivery> look_at(const std::string& s) override { return step([&] { return to_.look_at(s); }); }
    result<std::vector<delivery>> comments_since(const std::string& r, instant since) override { return step([&] { return to_.comments_since(r, since); }); }

private:
    template <class F>
    std::invoke_result_t<F> step(const F& f) {
        e_.before();
        if (e_.fails()) return e_.broken();
        auto r = f();
        e_.after();
        if (e_.fails_after()) return e_.broken();
        return r;
    }
    forge&       to_;
    executioner& e_;
};

class deadly_journal final : public quorate::journal {
public:
    deadly_journal(std::shared_ptr<quorate::journal> to, executioner& e) : to_(std::move(to)), e_(e) {}
    result<std::uint64_t> append(const quorate::batch& b) override { return step([&] { return to_->append(b); }); }
    result<void> done(std::uint64_t id) override { return step([&] { return to_->done(id); }); }
    result<void> read(std::string_view s, std::uint64_t a, const std::function<bool(const quorate::stored_event&)>& v) override { return to_->read(s, a, v); }
    result<std::uint64_t> last() override { return to_->last(); }
    result<std::optional<quorate::kept_answer>> answer_to(std::string_view key) override { return to_->answer_to(key); }
    result<std::vector<quorate::effect>> pending_effects(std::size_t most) override { return to_->pending_effects(most); }
    [[nodiscard]] bool durable() const override { return true; }  // as SQLite: keys are needed, others may write

private:
    template <class F>
    std::invoke_result_t<F> step(const F& f) {
        e_.before();
        if (e_.fails()) return e_.broken();
        auto r = f();
        e_.after();
        if (e_.fails_after()) return e_.broken();
        return r;
    }
    std::shared_ptr<quorate::journal> to_;
    executioner&                      e_;
};

// ---- people and deliveries ------------------------------------------------------------------------------------------------------------
inline account who(const std::string& login) {
    static const std::map<std::string, std::uint64_t> ids{{"alice", 101}, {"bob", 102}, {"carol", 103}, {"dave", 104}, {"erin", 105}, {"frank", 900}, {"grace", 901}, {"mia", 201}, {"noa", 202},
                                                          {"oli", 203}, {"quin", 204}, {"ria", 205}, {"passer-by", 902}, {"quorate-bot", bot_id}};
    return {ids.at(login), login};
}

inline settings settings_for(const std::string& recorded) { return read_settings_file(source + "/examples/bot/recorded/" + recorded + "/bot.json").value(); }

/// A charter with only these of its processes, and the parameters that they name: a bot reads its charter whenever it begins.
inline quorate::charter only(const std::string& path, const std::vector<std::string>& processes) {
    auto        tree = quorate::json_text::parse_file(path).value();
    std::string kept;
    for (auto& m : tree.members) {
        if (m.key != "processes") continue;
        std::erase_if(m.value.members, [&](const auto& p) { return std::find(processes.begin(), processes.end(), p.key) == processes.end(); });
        kept = quorate::json_text::compact_json(m.value);
    }
    for (auto& m : tree.members)
        if (m.key == "parameters") std::erase_if(m.value.members, [&](const auto& p) { return kept.find(p.key) == std::string::npos; });
    return quorate::load_charter(quorate::json_text::compact_json(tree)).value();
}

/// A bot on one journal, which outlives its worker.
class a_bot {
public:
    explicit a_bot(settings s, std::string charter = {}, std::shared_ptr<quorate::journal> store = quorate::memory_journal())
        : setup(std::move(s)), store_(std::move(store)),
          rules_(!charter.empty() ? quorate::load_charter(charter).value()
                 : setup.charters.front().ends_with("/rust.json") ? only(setup.charters.front(), {"fcp", "poll"})
                                                                  : quorate::load_charter_file(setup.charters.front(), setup.parameters).value()),
          people_(read_roster_file(setup.roster).value()) {
        subject = setup.repositories.front().name + "#7";
        start();
    }
    /// A new process: all that was in memory is gone.
    void start() {
        at_work_.reset();
        engine_.reset();
        journal_ = std::make_unique<deadly_journal>(store_, fate);
        engine_.emplace(quorate::engine::make(rules_, people_, std::make_unique<deadly_journal>(store_, fate)).value());
        at_work_ = std::make_unique<worker>(*engine_, *journal_, setup, deadly_, counts, [this](const std::string& line) { log += line + "\n"; });
    }
    /// What the server does with a delivery.
    void arrives(const delivery& d) { (void)keep_delivery(*store_, d); }
    delivery on_issue(const std::string& by, std::string event, std::string action) {
        delivery d{.id = "d" + std::to_string(++number_), .event = std::move(event), .action = std::move(action), .at = now, .sender = who(by)};
        d.repository = setup.repositories.front().name;
        d.number = 7;
        d.title = "A matter";
        d.author = who("frank");
        d.labels = {"T-lang"};
        return d;
    }
    delivery comment(const std::string& by, std::string text) {
        auto d = on_issue(by, "issue_comment", "created");
        d.comment = 10'000 + number_;
        d.writer = who(by);
        d.text = std::move(text);
        return d;
    }
    /// Somebody says something, and the bot's next round is over.
    void says(const std::string& by, std::string text) {
        arrives(comment(by, std::move(text)));
        round();
    }
    round_report round() { return at_work_->round(now); }
    void         waits(quorate::duration d) {
        now += d;
        (void)round();
    }

    [[nodiscard]] quorate::engine&         engine() { return *engine_; }
    [[nodiscard]] worker&                  at_work() { return *at_work_; }
    [[nodiscard]] quorate::journal&        store() { return *store_; }
    [[nodiscard]] const quorate::proposal* proposal() {
        const auto all = engine_->find(subject);
        return all.empty() ? nullptr : engine_->get(all.back());
    }
    [[nodiscard]] std::string stage() { return proposal() == nullptr ? "" : proposal()->now().name; }
    [[nodiscard]] paper_matter& paper() { return sheet.matters[subject]; }
    /// The last reply; empty if there was none.
    [[nodiscard]] std::string reply() {
        std::string last;
        for (const auto& c : paper().comments)
            if (marker_of(c.body).starts_with("<!-- quorate reply")) last = c.body;
        return last;
    }
    [[nodiscard]] std::size_t comments_like(std::string_view marker) {
        std::size_t n = 0;
        for (const auto& c : paper().comments) n += marker_of(c.body).starts_with(marker);
        return n;
    }
    [[nodiscard]] std::string status() {
        for (const auto& c : paper().comments)
            if (marker_of(c.body).starts_with("<!-- quorate status")) return c.body;
        return {};
    }

    settings    setup;
    std::string subject;
    instant     now = at("2026-03-02T10:00:00Z");
    executioner fate;
    metrics     counts;
    paper_forge sheet{bot_id};
    std::string log;

private:
    deadly_forge                      deadly_{sheet, fate};
    std::shared_ptr<quorate::journal> store_;
    quorate::charter                  rules_;
    quorate::roster                   people_;
    std::unique_ptr<deadly_journal>   journal_;
    std::optional<quorate::engine>    engine_;
    std::unique_ptr<worker>           at_work_;
    std::size_t                       number_ = 0;
};

inline bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

}  // namespace small_bot
