// An engine whose journal can be looked at, and started again.
#pragma once

#include <memory>
#include <string>

#include <quorate/engine.hpp>

#include "support.hpp"

namespace support {

/// An engine whose journal outlives it, so that it can be started again.
struct house {
    std::shared_ptr<journal> kept = memory_journal();
    charter                  rules;
    roster                   who;
    engine                   runs;

    explicit house(charter c, roster r = people()) : rules(c), who(r), runs(c, std::move(r), lent()) {}
    explicit house(const parts& t) : house(load(t.text())) {}

    /// A journal that hands everything on to the one that is kept.
    struct lending : journal {
        std::shared_ptr<journal> to;
        explicit lending(std::shared_ptr<journal> j) : to(std::move(j)) {}
        result<std::uint64_t> append(const batch& b) override { return to->append(b); }
        result<void> read(std::string_view s, std::uint64_t after, const std::function<bool(const stored_event&)>& v) override {
            return to->read(s, after, v);
        }
        result<std::uint64_t> last() override { return to->last(); }
        result<std::optional<kept_answer>> answer_to(std::string_view key) override { return to->answer_to(key); }
        result<std::vector<effect>> pending_effects(std::size_t most) override { return to->pending_effects(most); }
        result<void> done(std::uint64_t id) override { return to->done(id); }
        bool durable() const override { return to->durable(); }
    };
    std::unique_ptr<journal> lent() { return std::make_unique<lending>(kept); }
    engine again() { return engine(rules, who, lent()); }
    engine again(const charter& c) { return engine(c, who, lent()); }

    std::string open(opening o = {}) {
        if (o.process.empty()) o.process = rules.processes().front().name;
        if (o.by.empty()) o.by = "ann";
        if (o.at == instant{}) o.at = day(0);
        return runs.open(o).value();
    }
    /// "" when accepted, else the refusal or the fault.
    std::string say(const std::string& id, instant when, std::string_view text, std::string key = {}) {
        auto c = line(when, text);
        c.key = std::move(key);
        const auto r = runs.submit(id, c);
        return r.failed() ? "fault: " + r.fault().what() : r.refused() ? to_string(r.refusal()) : std::string();
    }
    std::string stage(const std::string& id) { return runs.get(id)->now().name; }
    /// All that an outsider can tell about the proposals.
    static std::string picture(const engine& e, instant now) {
        std::string s;
        for (const auto& id : e.list()) s += to_json(e.explain(id, now).value()) + '\n';
        return s;
    }
};

}  // namespace support
