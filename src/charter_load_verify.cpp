// What a process promises of itself: notice, properties, and which findings of verify are known.
#include <algorithm>
#include <array>

#include "charter_load.hpp"

namespace quorate {

using json_text::in_quotes;
using json_text::node;

void process_reader::verified(const node& from) {
    if (const auto* n = from.find("notice")) made_.notice = span(*n);
    if (const auto* list = read_.object(from, "properties")) {
        if (list->members.size() > most_properties) return read_.wrong(*list, "more than " + std::to_string(most_properties) + " properties");
        for (const auto& m : list->members) {
            stated_property made{.name = m.key};
            if (read_.expect(m.value, json_text::kind::object)) property(made, m.value);
            made_.properties.push_back(std::move(made));
        }
    }
    const auto* known = read_.object(from, "known findings");
    if (known == nullptr) return;
    if (known->members.size() > most_known_findings) return read_.wrong(*known, "more than " + std::to_string(most_known_findings) + " known findings");
    for (const auto& m : known->members) {
        if (!read_.expect(m.value, json_text::kind::string)) continue;
        if (m.value.text.empty()) read_.wrong(m.value, "a finding is known for a reason", "say why it is as it should be, or where it is from");
        made_.known_findings.push_back({m.key, m.value.text});
    }
}

/// {"always": rule}, {"never": rule}, {"eventually possible": rule} or {"within": duration, "unless": rule}, each with "in".
void process_reader::property(stated_property& made, const node& from) {
    read_.known_keys(from, {"always", "never", "eventually possible", "within", "unless", "in", "about", "cites"});
    made.cites = read_.text(from, "cites").value_or("");
    using kind = stated_property::kind;
    constexpr std::array<std::pair<std::string_view, kind>, 4> kinds{
        {{"always", kind::always}, {"never", kind::never}, {"eventually possible", kind::eventually_possible}, {"within", kind::within}}};
    int stated = 0;
    for (const auto& [key, is] : kinds) {
        const auto* at = from.find(key);
        if (at == nullptr) continue;
        ++stated;
        made.is = is;
        if (is == kind::within) made.length = span(*at).value_or(duration{});
        else made.value = expression(*at, expects::rule);
    }
    if (stated != 1)
        return read_.wrong(from, "a property says one of \"always\", \"never\" and \"eventually possible\" (a rule) and \"within\" (a duration)", "such as {\"never\": \"approve == 0\", \"in\": \"accepted\"}");
    if (const auto* unless = from.find("unless")) {
        if (made.is == kind::within) made.value = expression(*unless, expects::rule);
        else read_.wrong(*unless, "\"unless\" goes with \"within\" only", "put it into the rule");
    }
    made.stages = stages_named(from);
    if (made.is == kind::within && made.stages.empty()) read_.wrong(from, "\"within\" is about stages: out of which ones?", "name them in \"in\"");
}

/// "in": the name of a stage or phase, or a list of such.
std::vector<std::uint16_t> process_reader::stages_named(const node& from) {
    std::vector<std::uint16_t> found;
    const auto*                at = from.find("in");
    if (at == nullptr) return found;
    const auto one = [&](const node& n) {
        if (!read_.expect(n, json_text::kind::string)) return;
        const auto before = found.size();
        const auto in = phase_named(n.text);
        for (std::size_t i = 0; i < made_.stages.size(); ++i)
            if (made_.stages[i].name == n.text || (in && made_.stages[i].in == *in)) found.push_back(static_cast<std::uint16_t>(i));
        if (found.size() != before) return;
        std::vector<std::string_view> known;
        for (const auto& s : made_.stages) known.push_back(s.name);
        read_.wrong(n, in_quotes(n.text) + " is no stage of this process, nor a phase that one is in", json_text::did_you_mean(n.text, known));
    };
    if (at->is_array())
        for (const auto& n : at->elements) one(n);
    else one(*at);
    return found;
}

}  // namespace quorate
