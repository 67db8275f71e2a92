// Words in charters: expressions of the rule language, durations, acts.
#include <algorithm>

#include "charter_load.hpp"

#include <quorate/verdict.hpp>

namespace quorate {

using json_text::in_quotes;
using json_text::node;

namespace {

std::string trimmed(std::string_view s) {
    while (!s.empty() && s.front() == ' ') s.remove_prefix(1);
    while (!s.empty() && s.back() == ' ') s.remove_suffix(1);
    return std::string(s);
}

std::vector<std::string_view> act_names() {
    std::vector<std::string_view> names;
    for (const auto& row : quorate::acts) names.push_back(row.name);
    return names;
}

}  // namespace

// ---- expressions ----------------------------------------------------------------------------------------------------------
rule process_reader::expression_of(const node& object, std::string_view key, expects what) {
    const auto* at = object.find(key);
    return at == nullptr ? rule{} : expression(*at, what);
}

rule process_reader::expression(const node& at, expects what) {
    if (!read_.expect(at, json_text::kind::string)) return {};
    auto got = read_rule(at.text, words_, what);
    if (got.error.is_error()) {
        auto message = "in " + in_quotes(at.text) + " at character " + std::to_string(got.error.at + 1) + ": expected " +
                       std::string(got.error.expected);
        std::string hint;
        if (!got.error.unknown.empty()) {
            message += ", found " + in_quotes(got.error.unknown);
            const auto near = suggestion(got.error, words_);
            if (!near.empty()) hint = "did you mean " + in_quotes(near) + "?";
        }
        read_.wrong_inside(at, got.error.at, std::move(message), std::move(hint));
        return {};
    }
    finish(got.value, at);
    return std::move(got.value);
}

/// Whether who is in the set at this node depends on the ballots of the proposal itself.
static bool moves_with_ballots(rule_view r, std::uint16_t node) {
    const auto& n = r[node];
    const bool  voters = n.what == op::set_call && n.index == static_cast<std::uint16_t>(set_call::voters);
    if (!n.of_parent && (voters || (n.what == op::set_name && n.index == static_cast<std::uint16_t>(set_name::participants)))) return true;
    for (auto c = n.child; c != no_node; c = r[c].next)
        if (moves_with_ballots(r, c)) return true;
    return false;
}

/// Puts values of name parameters in, gives counted sets their number within the process, and notes what rules look at.
void process_reader::finish(rule& r, const node& at) {
    for (const auto& p : parameters_)
        for (const auto& n : r.nodes)
            if (r.view().name(n) == p.name) used_.insert(p.name);
    for (auto& n : r.nodes) {
        if (n.what != op::set_call || n.index == static_cast<std::uint16_t>(set_call::voters)) continue;
        for (const auto& p : parameters_) {
            if (r.view().name(n) != p.name) continue;
            if (p.is != parameter::kind::name) {
                read_.wrong_inside(at, n.name_at, "parameter " + in_quotes(p.name) + " is " + in_quotes(p.text) + ", no name",
                                   "a set needs the name of a team, role or scope");
                break;
            }
            // The value stands behind the rule's own text, where the node can point at it.
            n.name_at = static_cast<std::uint16_t>(r.text.size() + 1);
            n.length = static_cast<std::uint16_t>(p.text.size());
            r.text += ' ' + p.text;
            break;
        }
    }
    for (const auto& n : r.nodes) {
        made_.by_affiliation = made_.by_affiliation || n.what == op::by_distinct || n.what == op::by_largest ||
                               (n.what == op::each && n.index == static_cast<std::uint16_t>(collection::affiliation));
        made_.asks_ahead = made_.asks_ahead || n.what == op::certain || n.what == op::possible;
        made_.by_team = made_.by_team || (n.what == op::each && n.index == static_cast<std::uint16_t>(collection::team));
        if (n.what == op::children_of && processes_.find(r.view().name(n)) == nullptr) {
            std::vector<std::string_view> known;
            for (const auto& p : processes_.members) known.push_back(p.key);
            read_.wrong_inside(at, n.name_at, in_quotes(r.view().name(n)) + " is no process of this charter",
                               json_text::did_you_mean(r.view().name(n), known));
        }
        if (n.what != op::counted_in) continue;
        const auto set = r.nodes[n.child].next;
        auto       own = r;
        own.root = set;
        const auto text = print(own.view());
        std::size_t slot = 0;
        while (slot < made_.counted_sets.size() && print(made_.counted_sets[slot].view()) != text) ++slot;
        if (slot == most_rule_sets) return read_.wrong(at, "the rules of this process count in more than " + std::to_string(most_rule_sets) + " sets");
        if (moves_with_ballots(own.view(), set)) made_.moving_sets |= std::uint64_t{1} << slot;
        if (slot == made_.counted_sets.size()) made_.counted_sets.push_back(std::move(own));
        r.nodes[set].slot = static_cast<std::uint8_t>(slot);
    }
}

// ---- words of the parent ----------------------------------------------------------------------------------------------------
/// What a parent's process calls things, as the charter writes it: that process may not have been read yet.
void process_reader::words_of_parents(const node& from) {
    const auto* open = from.find("open");
    const auto* under = open != nullptr && open->is_object() ? open->find("under") : nullptr;
    if (under == nullptr || !under->is_array()) return;
    bool              any_fact = false;
    std::vector<word> facts;
    const auto        add = [this](std::string_view name, word::kind is, std::size_t index) {
        words_.push_back({.name = name, .is = is, .index = static_cast<std::uint16_t>(index), .text = {}, .of_parent = true});
    };
    // Names that this process has too keep its numbers.
    const auto borrow = [&](std::string_view name, word::kind is, std::size_t own, auto known, std::vector<std::string>& others) {
        if (known) return add(name, is, *known);
        const auto at = std::find(others.begin(), others.end(), name);
        const auto i = static_cast<std::size_t>(at - others.begin());
        if (at == others.end()) others.emplace_back(name);
        add(name, is, own + i);
    };
    for (const auto& each : under->elements) {
        if (!each.is_string()) continue;
        const auto  name = std::string_view(each.text).substr(0, each.text.find(' '));
        const auto* parent = processes_.find(name);
        if (parent == nullptr || !parent->is_object()) continue;  // told elsewhere
        add(name, word::kind::process, 0);
        const auto keys = [&](std::string_view key, auto take) {
            if (const auto* list = parent->find(key); list != nullptr && list->is_object())
                for (const auto& m : list->members) take(std::string_view(m.key));
        };
        const auto texts = [&](std::string_view key, auto take) {
            bool        some = false;
            const auto* list = parent->find(key);
            for (std::size_t i = 0; list != nullptr && list->is_array() && i < list->elements.size(); ++i) {
                if (list->elements[i].is_string()) take(std::string_view(list->elements[i].text));
                some = true;
            }
            return some;
        };
        auto& borrowed = made_.of_parents;
        keys("positions", [&](std::string_view n) {
            borrow(n, word::kind::position, made_.positions.size(), made_.position_named(n), borrowed.positions);
        });
        keys("revisions", [&](std::string_view n) {
            borrow(n, word::kind::revision_kind, made_.revisions.size(), made_.revision_named(n), borrowed.revisions);
        });
        (void)texts("dispositions", [&](std::string_view n) {
            borrow(n, word::kind::disposition, made_.dispositions.size(), made_.disposition_named(n), borrowed.dispositions);
        });
        (void)texts("offices", [&](std::string_view n) { add(n, word::kind::office, 0); });
        const auto fact = [&](std::string_view n) { facts.push_back({.name = n, .is = word::kind::fact, .text = {}, .of_parent = true}); };
        if (!texts("facts", fact)) any_fact = true;
    }
    if (!any_fact) words_.insert(words_.end(), facts.begin(), facts.end());
    if (made_.positions.size() + made_.of_parents.positions.size() > most_positions)
        read_.wrong(*under, "this process and those it is opened under have more than " + std::to_string(most_positions) +
                                " positions together");
}

/// Whether rules that run once a proposal is open say "of parent".
bool process_reader::depends_on_parent() const {
    const auto looks = [](const rule& r) {
        return std::any_of(r.nodes.begin(), r.nodes.end(), [](const rule_node& n) { return n.of_parent; });
    };
    bool found = looks(made_.electorate.of);
    for (const auto& r : made_.rules) found = found || looks(r.value);
    for (const auto& s : made_.stages) {
        found = found || looks(s.clock_runs) || looks(s.first);
        for (const auto& x : s.exits) found = found || looks(x.when) || looks(x.condition);
    }
    return found;
}

bool process_reader::reads_clock(const rule& r) const {
    // Each named rule once: rules that use each other may be reached in very many ways.
    std::vector<const rule*> open{&r};
    std::set<std::size_t>    seen;
    while (!open.empty()) {
        const auto* next = open.back();
        open.pop_back();
        for (const auto& n : next->nodes) {
            if (detail::is_clock(n.what)) return true;
            if (n.what == op::named_rule && seen.insert(n.index).second) open.push_back(&made_.rules[n.index].value);
        }
    }
    return false;
}

std::optional<duration> process_reader::span(const node& at) {
    if (!read_.expect(at, json_text::kind::string)) return std::nullopt;
    for (const auto& p : parameters_) {
        if (p.is != parameter::kind::time_span || p.name != at.text) continue;
        used_.insert(p.name);
        return duration(p.numerator);
    }
    const auto d = parse_duration(at.text);
    if (d) return d;
    std::vector<std::string_view> known;
    for (const auto& p : parameters_)
        if (p.is == parameter::kind::time_span) known.push_back(p.name);
    const auto near = json_text::did_you_mean(at.text, known);
    read_.wrong(at, "expected a duration or the name of one, found " + in_quotes(at.text), near.empty() ? "such as \"10 days\"" : near);
    return d;
}

/// Written as a number, or as the name of a parameter that is one.
std::optional<std::uint32_t> process_reader::whole_number(const node& at, std::uint32_t least, std::uint32_t most) {
    const auto between = "a whole number from " + std::to_string(least) + " to " + std::to_string(most);
    auto       found = at.as_integer();
    if (!found) {
        if (!at.is_string()) return read_.wrong(at, "expected " + between + ", or the name of one"), std::nullopt;
        std::vector<std::string_view> known;
        for (const auto& p : parameters_) {
            if (p.is != parameter::kind::number) continue;
            known.push_back(p.name);
            if (p.name != at.text) continue;
            used_.insert(p.name);
            if (p.denominator == 1) found = p.numerator;
            else return read_.wrong(at, "parameter " + in_quotes(p.name) + " is " + in_quotes(p.text) + ", not " + between), std::nullopt;
        }
        if (!found) {
            const auto near = json_text::did_you_mean(at.text, known);
            return read_.wrong(at, "expected " + between + " or the name of one, found " + in_quotes(at.text), near.empty() ? "such as 3" : near), std::nullopt;
        }
    }
    if (*found < least || *found > most) return read_.wrong(at, "expected " + between + ", found " + std::to_string(*found)), std::nullopt;
    return static_cast<std::uint32_t>(*found);
}

/// An act's name with something behind it.
struct row_with_thing {
    explicit row_with_thing(std::string_view name) {
        for (const auto& each : quorate::acts)
            if (name.size() > each.name.size() && name.starts_with(each.name) && name[each.name.size()] == ' ') {
                row = &each;
                thing = trimmed(name.substr(each.name.size()));
            }
    }
    const act_row* row = nullptr;
    std::string    thing{};
};

bool process_reader::may_be_about(act a, const std::string& thing) const {
    switch (a) {
        case act::cast: return made_.position_named(thing).has_value();
        case act::propose: return made_.disposition_named(thing).has_value();
        case act::fact: return std::find(made_.facts.begin(), made_.facts.end(), thing) != made_.facts.end();
        case act::appoint: return made_.office_named(thing).has_value();
        case act::revise: return made_.revision_named(thing).has_value();
        case act::link: {  // a process, which may be of another charter that this one is joined with; perhaps how it ended
            const auto space = thing.find(' ');
            if (space == std::string::npos) return true;
            const auto outcome = phase_named(thing.substr(space + 1));
            return outcome && !is_open(*outcome);
        }
        default: return false;
    }
}

template <class Place>
std::vector<act_pattern> process_reader::acts(const Place& at, std::string_view list, bool* for_another) {
    constexpr std::string_view suffix = " for another";
    std::vector<act_pattern>   found;
    if (trimmed(list).empty()) read_.wrong(at, "expected something that can be done", "such as \"cast\"");
    while (!list.empty()) {
        const auto comma = list.find(',');
        auto       name = trimmed(list.substr(0, comma));
        list = comma == std::string_view::npos ? std::string_view{} : list.substr(comma + 1);
        if (for_another != nullptr && name.size() > suffix.size() && name.ends_with(suffix)) {
            *for_another = true;
            name.resize(name.size() - suffix.size());
        }
        if (const auto a = act_named(name)) {
            found.push_back({*a, {}});
            continue;
        }
        // "fact published": an act and what it is about. No act's name begins another's but for a space.
        const row_with_thing narrowed(name);
        if (narrowed.row != nullptr && may_be_about(narrowed.row->what, narrowed.thing))
            found.push_back({narrowed.row->what, narrowed.thing});
        else if (narrowed.row != nullptr)
            read_.wrong(at, in_quotes(narrowed.thing) + " is nothing that \"" + std::string(narrowed.row->name) + "\" can be about here",
                        "a position after \"cast\", a declared fact after \"fact\", an office after \"appoint\", a disposition after "
                        "\"propose\", a kind after \"revise\", a process, or a process and its outcome, after \"link\"");
        else read_.wrong(at, in_quotes(name) + " is nothing that can be done", json_text::did_you_mean(name, act_names()));
    }
    return found;
}

/// Acts where it makes no difference what they are about.
std::vector<act> process_reader::plain_acts(const node& at, std::string_view list) {
    std::vector<act> plain;
    for (const auto& a : acts(at, list, nullptr)) {
        plain.push_back(a.what);
        if (!a.about.empty()) read_.wrong(at, "here " + in_quotes(to_string(a.what)) + " stands for itself", "leave " + in_quotes(a.about) + " out");
    }
    return plain;
}

template std::vector<act_pattern> process_reader::acts(const node&, std::string_view, bool*);
template std::vector<act_pattern> process_reader::acts(const json_text::member&, std::string_view, bool*);

}  // namespace quorate
