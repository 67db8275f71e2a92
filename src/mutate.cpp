// Mutants through the scenarios that use their charter.
#include <quorate/mutate.hpp>

#include <algorithm>
#include <atomic>
#include <map>
#include <optional>
#include <thread>

#include <fmt/format.h>

#include "json_out.hpp"
#include "mutate_find.hpp"

namespace quorate {
namespace {

using json_text::in_quotes;

bool same_document(const charter& a, const charter& b) { return a.get().name == b.get().name && a.get().text == b.get().text; }

/// What a scenario's charter was made of: the same for scenarios that share one.
struct variant {
    const scenario* of = nullptr;

    [[nodiscard]] bool matches(const scenario& s) const {
        return of->rules->hash() == s.rules->hash() && of->under.size() == s.under.size();
    }
};

/// One charter of the suite, with the scenarios that run under it.
struct subject {
    charter                     rules;
    std::vector<const scenario*> uses{};
    std::vector<std::size_t>    variant_of{};  ///< by use
    std::vector<variant>        variants{};
};

bool opens(const scenario& s, std::string_view process) {
    return process.empty() || std::any_of(s.steps.begin(), s.steps.end(), [&](const scenario_step& step) {
        return step.what == scenario_step::kind::comment || (step.what == scenario_step::kind::open && step.open.process == process);
    });
}

/// The charter of a variant with one of its documents changed; nothing if that can't be loaded.
std::optional<charter> changed(const variant& v, const charter& original, const std::string& text) {
    const auto& whole = v.of->rules->get();
    if (v.of->under.size() == 1) {
        auto c = load_charter(text, whole.name, whole.given);
        return c ? std::optional(std::move(c.value())) : std::nullopt;
    }
    std::vector<charter> parts;
    for (const auto& part : v.of->under) {
        if (!same_document(part, original)) {
            parts.push_back(part);
            continue;
        }
        auto c = load_charter(text, part.get().name, part.get().given);
        if (!c) return std::nullopt;
        parts.push_back(std::move(c.value()));
    }
    auto c = join_charters(parts, whole.name, whole.given);
    return c ? std::optional(std::move(c.value())) : std::nullopt;
}

enum class fate : std::uint8_t { not_loaded, noticed, unnoticed };

fate fate_of(const subject& s, const mutant& m) {
    const auto text = mutated(s.rules, m);
    if (!load_charter(text, s.rules.get().name)) return fate::not_loaded;
    std::vector<std::optional<charter>> made(s.variants.size());
    std::vector<bool>                   tried(s.variants.size());
    bool                                unloadable = false;  // with the parameters of a scenario, or beside its other charters
    for (std::size_t i = 0; i < s.uses.size(); ++i) {
        if (!opens(*s.uses[i], m.process)) continue;
        const auto v = s.variant_of[i];
        if (!tried[v]) {
            made[v] = changed(s.variants[v], s.rules, text);
            tried[v] = true;
        }
        if (!made[v]) {
            unloadable = true;
            continue;
        }
        if (!passes(*s.uses[i], *made[v])) return fate::noticed;
    }
    return unloadable ? fate::not_loaded : fate::unnoticed;
}

std::vector<subject> subjects_of(std::span<const scenario> suite) {
    std::vector<subject> all;
    for (const auto& s : suite) {
        if (s.broken) continue;
        for (const auto& c : s.under) {
            auto found = std::find_if(all.begin(), all.end(), [&](const subject& x) { return same_document(x.rules, c); });
            if (found == all.end()) found = all.insert(all.end(), {c});
            auto& v = found->variants;
            const auto known = std::find_if(v.begin(), v.end(), [&](const variant& x) { return x.matches(s); });
            found->variant_of.push_back(static_cast<std::size_t>(known - v.begin()));
            if (known == v.end()) v.push_back({&s});
            found->uses.push_back(&s);
        }
    }
    return all;
}

std::size_t threads_for(std::size_t asked) {
    const auto n = asked != 0 ? asked : static_cast<std::size_t>(std::thread::hardware_concurrency());
    return std::clamp<std::size_t>(n, 1, most_mutation_threads);
}

/// Every mutant's fate, by its place: which thread finds it out makes no difference.
std::vector<fate> fates(const subject& s, const std::vector<mutant>& mutants, std::size_t threads) {
    std::vector<fate>        all(mutants.size());
    std::atomic<std::size_t> next = 0;
    const auto               work = [&] {
        for (auto i = next++; i < mutants.size(); i = next++) all[i] = fate_of(s, mutants[i]);
    };
    std::vector<std::thread> others;
    for (std::size_t i = 1; i < std::min(threads, mutants.size()); ++i) others.emplace_back(work);
    work();
    for (auto& t : others) t.join();
    return all;
}

}  // namespace

std::string mutated(const charter& c, const mutant& m) { return json_text::edited(c.get().text, {{m.at, m.length, m.text}}); }

std::string to_string(const mutant& m) {
    return fmt::format("{}:{}: {}{}{}: `{}` becomes `{}`", m.line, m.column, m.process.empty() ? "" : "process ", m.process,
                       m.process.empty() ? m.where : ", " + m.where, m.before, m.after);
}

result<std::vector<mutant>> mutants_of(const charter& c, std::string_view only) {
    const auto document = json_text::parse(c.get().text, c.get().name);
    if (!document) return document.error();
    auto all = mutant_finder(document.value(), c.get().text, only)();
    if (all.size() > most_mutants)
        return make_error(errc::limit, "more than " + std::to_string(most_mutants) + " changes are possible", c.get().name, "look at one process at a time");
    return all;
}

bool mutation_report::at_least(const number& share) const {
    return number(static_cast<std::int64_t>(noticed)) >= multiply(share, number(static_cast<std::int64_t>(counted())));
}

result<std::vector<mutation_report>> mutate(std::span<const scenario> suite, const mutation_options& o) {
    auto subjects = subjects_of(suite);
    std::erase_if(subjects, [&](const subject& s) { return s.rules.get().name.find(o.under) == std::string::npos; });
    if (subjects.empty()) return make_error(errc::invalid, "no scenario runs under a charter " + (o.under.empty() ? "that can be read" : "whose name contains " + in_quotes(o.under)));
    if (!o.only.empty()) {
        std::erase_if(subjects, [&](const subject& s) { return s.rules.find(o.only) == nullptr; });
        if (subjects.empty()) return make_error(errc::invalid, "no charter of these scenarios has a process " + in_quotes(o.only));
    }
    for (const auto& s : suite)
        if (!s.broken && (!s.rules || !passes(s, *s.rules)))
            return make_error(errc::invalid, "the scenario " + in_quotes(s.title) + " fails as it is", s.file + ":" + std::to_string(s.line), "first make all of them pass");
    std::vector<mutation_report> reports;
    for (const auto& s : subjects) {
        auto mutants = mutants_of(s.rules, o.only);
        if (!mutants) return mutants.error();
        const auto      found = fates(s, mutants.value(), threads_for(o.threads));
        mutation_report r{.charter = s.rules.get().name, .scenarios = s.uses.size()};
        for (std::size_t i = 0; i < found.size(); ++i) {
            auto& m = mutants.value()[i];
            r.mutants += found[i] != fate::not_loaded;
            r.noticed += found[i] == fate::noticed;
            if (found[i] != fate::unnoticed) continue;
            auto why = o.same ? o.same(s.rules, m) : std::string();
            if (why.empty()) r.unnoticed.push_back(std::move(m));
            else r.same.push_back({std::move(m), std::move(why)});
        }
        reports.push_back(std::move(r));
    }
    return reports;
}

// ---- telling ----------------------------------------------------------------------------------------------------------------
std::string to_string(const mutation_report& r) {
    std::string out;
    for (const auto& m : r.unnoticed) out += fmt::format("{}:{}\n", r.charter, to_string(m));
    const auto counted = r.counted();
    const auto tenths = counted == 0 ? 1000 : r.noticed * 1000 / counted;
    out += fmt::format("{}: {} of {} changes noticed by {} scenarios ({}.{} %)", r.charter, r.noticed, counted, r.scenarios, tenths / 10, tenths % 10);
    if (!r.same.empty()) out += fmt::format(", {} more behave the same", r.same.size());
    return out + '\n';
}

namespace {

void fields_of(json_text::json_out& out, const mutant& m) {
    out.field("kind", mutation_names[static_cast<std::size_t>(m.what)]).field("process", m.process).field("where", m.where);
    out.field("before", m.before).field("after", m.after).field("pointer", m.pointer).field("line", m.line).field("column", m.column);
}

}  // namespace

std::string to_json(const mutation_report& r) {
    json_text::json_out out;
    out.object().field("charter", r.charter).field("scenarios", r.scenarios).field("mutants", r.mutants).field("noticed", r.noticed);
    out.key("unnoticed").array();
    for (const auto& m : r.unnoticed) {
        fields_of(out.object(), m);
        out.end();
    }
    out.end().key("same").array();
    for (const auto& a : r.same) {
        fields_of(out.object(), a.which);
        out.field("why", a.why).end();
    }
    return std::move(out.end().end()).str();
}

}  // namespace quorate
