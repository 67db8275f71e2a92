// An engine whose journal can be looked at, and started again.
#pragma once

#include <memory>
#include <string>

#include <quorate/engine.hpp>

#include "journal_support.hpp"
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

    std::unique_ptr<journal> lent() { return std::make_unique<journal_support::handing_on>(kept); }
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
