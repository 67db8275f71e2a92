#include "charter_load.hpp"

#include <quorate/proposal.hpp>

#include <algorithm>

namespace quorate {
namespace {

using json_text::node;
using json_text::in_quotes;
using json_text::reader;


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

process process_reader::operator()(const std::string& name, const node& from) {
    made_ = {};
    made_.name = name;
    if (!read_.expect(from, json_text::kind::object)) return std::move(made_);
    read_.known_keys(from, {"title", "cites", "about", "kind", "dispositions", "default disposition", "teams", "positions",
                            "rules", "facts", "offices", "revisions", "electorate", "concerns", "standing", "ballots", "visible",
                            "open", "per subject", "children", "stages"});
    made_.title = read_.text(from, "title").value_or(name);
    made_.cites = read_.text(from, "cites").value_or("");
    if (read_.word(from, "kind", {"decision", "gate"}) == "gate") made_.kind = process_kind::gate;
    names(from);
    teams(from);
    positions(from);
    revisions(from);
    vocabulary_words();
    rules(from);
    electorate(from);
    concerns(from);
    standing(from);
    ballots(from);
    visible(made_.visible_to, from);
    opening(from);
    const auto per = read_.word(from, "per subject", {"any", "one open", "one"});
    if (per == "one open") made_.about_one = per_subject::one_open;
    if (per == "one") made_.about_one = per_subject::one;
    stages(from);
    children(from);
    return std::move(made_);
}

/// "open": a set; or {"who", "if", "under"}.
void process_reader::opening(const node& from) {
    const auto* open = from.find("open");
    if (open == nullptr) return;
    if (!open->is_object()) {
        made_.may_open = expression(*open, expects::set);
        return;
    }
    read_.known_keys(*open, {"who", "if", "under", "about"});
    made_.may_open = expression_of(*open, "who", expects::set);
    made_.may_open_if = expression_of(*open, "if", expects::rule);
    for (const auto parent : read_.texts(*open, "under")) made_.parents.emplace_back(parent);
}

void process_reader::names(const node& from) {
    for (const auto d : read_.texts(from, "dispositions")) made_.dispositions.emplace_back(d);
    for (const auto f : read_.texts(from, "facts")) made_.facts.emplace_back(f);
    for (const auto o : read_.texts(from, "offices")) made_.offices.emplace_back(o);
    const auto* d = from.find("default disposition");
    if (d == nullptr || !read_.expect(*d, json_text::kind::string)) return;
    made_.default_disposition = made_.disposition_named(d->text);
    if (!made_.default_disposition)
        read_.wrong(*d, in_quotes(d->text) + " is no disposition of this process",
                    json_text::did_you_mean(d->text, {made_.dispositions.begin(), made_.dispositions.end()}));
}

void process_reader::teams(const node& from) {
    const auto* t = read_.object(from, "teams");
    if (t == nullptr) return;
    read_.known_keys(*t, {"exactly", "except", "about", "cites"});
    if (const auto n = read_.integer(*t, "exactly", 0, most_teams_of_proposal)) made_.teams.exactly = static_cast<std::size_t>(*n);
    for (const auto name : read_.texts(*t, "except")) made_.teams.except.emplace_back(name);
}

/// One set, or several: each a string, or an object with the condition under which they may see it.
void process_reader::visible(std::vector<audience>& made, const node& from) {
    const auto* to = from.find("visible");
    if (to == nullptr) return;
    if (to->is_array() && to->elements.empty()) read_.wrong(*to, "nobody could see it", "leave it out for everyone");
    if (to->is_array())
        for (const auto& each : to->elements) visible_one(made, each);
    else visible_one(made, *to);
}
void process_reader::visible_one(std::vector<audience>& made, const node& to) {
    if (!to.is_object()) {
        made.push_back({expression(to, expects::set), {}});
        return;
    }
    read_.known_keys(to, {"who", "if", "about", "cites"});
    (void)read_.required(to, "who");
    made.push_back({expression_of(to, "who", expects::set), expression_of(to, "if", expects::rule)});
}

/// Names of positions and rules share the language with its own words.
bool process_reader::name_is_free(const json_text::member& m, std::string_view kind) {
    detail::rule_parser parser{m.key};
    const bool          plain = !m.key.empty() && parser.peek_word() == m.key;
    if (!plain) {
        read_.wrong(m, "the name of a " + std::string(kind) + " is letters, digits, _ and -, starting with a letter; found " +
                           in_quotes(m.key),
                    "write it in \"title\" as people know it");
        return false;
    }
    const auto among = [&](const auto& list) { return std::find(list.begin(), list.end(), m.key) != list.end(); };
    static constexpr std::array<std::string_view, 20> reserved{
        "and", "or", "not", "of", "in", "by", "if", "then", "else", "each", "at", "least", "except", "parent",
        "min", "max", "ceil", "floor", "certain", "possible"};
    if (among(reserved) || among(quantity_names) || among(clock_names) || among(variable_names) || among(set_names)) {
        read_.wrong(m, in_quotes(m.key) + " is a word of the rule language", "choose another name");
        return false;
    }
    if (!taken_.insert(m.key).second) {
        read_.wrong(m, "the name " + in_quotes(m.key) + " is used already by a position or rule");
        return false;
    }
    return true;
}

void process_reader::positions(const node& from) {
    taken_.clear();
    const auto* list = read_.object(from, "positions");
    if (list == nullptr) return;
    if (list->members.size() > most_positions)
        read_.wrong(*list, "more than " + std::to_string(most_positions) + " positions");
    for (const auto& m : list->members) {
        if (made_.positions.size() == most_positions || !name_is_free(m, "position")) continue;
        position p{.name = m.key, .title = m.key};
        if (read_.expect(m.value, json_text::kind::object)) {
            read_.known_keys(m.value, {"title", "about", "binding", "reason", "cast", "base"});
            p.title = read_.text(m.value, "title").value_or(m.key);
            p.binding = read_.flag(m.value, "binding").value_or(true);
            p.needs_reason = read_.word(m.value, "reason", {"required", "optional"}) == "required";
            p.in_cast = read_.flag(m.value, "cast").value_or(true) && p.binding;
            p.in_base = read_.flag(m.value, "base").value_or(true);
        }
        made_.positions.push_back(std::move(p));
    }
}

void process_reader::revisions(const node& from) {
    const auto* list = read_.object(from, "revisions");
    if (list == nullptr) return;
    for (const auto& m : list->members) {
        revision_kind k{.name = m.key};
        if (read_.expect(m.value, json_text::kind::object)) {
            read_.known_keys(m.value, {"editorial", "ballots"});
            k.editorial = read_.flag(m.value, "editorial").value_or(false);
            k.ballots = ballots_kept(m.value);
        }
        made_.revisions.push_back(std::move(k));
    }
}

/// "keep", "clear", or a list of the positions whose ballots are kept.
kept_ballots process_reader::ballots_kept(const node& from) {
    const auto* at = from.find("ballots");
    if (at == nullptr || !at->is_array()) return keep_or_clear(from, "ballots") == upkeep::clear ? kept_ballots{0} : all_ballots;
    kept_ballots kept = 0;
    for (const auto name : read_.texts(from, "ballots")) {
        if (const auto p = made_.position_named(name)) kept |= kept_ballots{1} << *p;
        else read_.wrong(*at, in_quotes(name) + " is no position of this process", "name those whose ballots are kept");
    }
    return kept;
}

upkeep process_reader::keep_or_clear(const node& from, std::string_view key) {
    return read_.word(from, key, {"keep", "clear"}) == "clear" ? upkeep::clear : upkeep::keep;
}

void process_reader::vocabulary_words() {
    words_.clear();
    const auto add = [this](std::string_view name, word::kind kind, std::size_t index) {
        words_.push_back({.name = name, .is = kind, .index = static_cast<std::uint16_t>(index), .text = {}});
    };
    for (std::size_t i = 0; i < made_.positions.size(); ++i) add(made_.positions[i].name, word::kind::position, i);
    for (std::size_t i = 0; i < made_.dispositions.size(); ++i) add(made_.dispositions[i], word::kind::disposition, i);
    for (std::size_t i = 0; i < made_.revisions.size(); ++i) add(made_.revisions[i].name, word::kind::revision_kind, i);
    for (std::size_t i = 0; i < made_.facts.size(); ++i) add(made_.facts[i], word::kind::fact, i);
    for (std::size_t i = 0; i < made_.offices.size(); ++i) add(made_.offices[i], word::kind::office, i);
    for (const auto& p : parameters_) {
        const auto kind = p.is == parameter::kind::number     ? word::kind::number
                          : p.is == parameter::kind::time_span ? word::kind::time_span
                                                              : word::kind::name;
        words_.push_back({p.name, kind, 0, p.numerator, p.denominator, p.text, value_type::truth});
    }
}

void process_reader::rules(const node& from) {
    const auto* list = read_.object(from, "rules");
    if (list == nullptr) return;
    if (list->members.size() > most_rules) return read_.wrong(*list, "more than " + std::to_string(most_rules) + " rules");
    std::vector<const node*> texts;
    for (const auto& m : list->members) {
        if (!name_is_free(m, "rule")) continue;
        named_rule r{.name = m.key, .cites = {}, .value = {}};
        const node* text = &m.value;
        if (m.value.is_object()) {
            read_.known_keys(m.value, {"rule", "cites", "about"});
            r.cites = read_.text(m.value, "cites").value_or("");
            text = read_.required(m.value, "rule");
        }
        texts.push_back(text);
        made_.rules.push_back(std::move(r));
    }
    // All names are known before the first rule is read: rules may use rules further down.
    for (std::size_t i = 0; i < made_.rules.size(); ++i)
        words_.push_back({.name = made_.rules[i].name, .is = word::kind::rule, .index = static_cast<std::uint16_t>(i), .text = {}});
    for (std::size_t i = 0; i < made_.rules.size(); ++i)
        if (texts[i] != nullptr) made_.rules[i].value = expression(*texts[i], expects::rule);
    circles(*list);
}

/// A rule that uses itself, by whatever way, could never be read.
void process_reader::circles(const node& from) {
    for (std::size_t start = 0; start < made_.rules.size(); ++start) {
        std::vector<std::size_t> open{start};
        std::set<std::size_t>    seen;
        while (!open.empty()) {
            const auto i = open.back();
            open.pop_back();
            for (const auto& n : made_.rules[i].value.nodes) {
                if (n.what != op::named_rule) continue;
                if (n.index == start) {
                    const auto* at = from.find_member(made_.rules[start].name);
                    if (at != nullptr) read_.wrong(*at, "the rule " + in_quotes(made_.rules[start].name) + " uses itself");
                    made_.rules[start].value = {};
                    open.clear();
                    break;
                }
                if (seen.insert(n.index).second) open.push_back(n.index);
            }
        }
    }
}

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
        if (slot == made_.counted_sets.size()) made_.counted_sets.push_back(std::move(own));
        r.nodes[set].slot = static_cast<std::uint8_t>(slot);
    }
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
        case act::revise:
            return std::any_of(made_.revisions.begin(), made_.revisions.end(), [&](const revision_kind& k) { return k.name == thing; });
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

// ---- parts ------------------------------------------------------------------------------------------------------------------
void process_reader::electorate(const node& from) {
    const auto* e = read_.required_object(from, "electorate");
    if (e == nullptr) return;
    read_.known_keys(*e, {"of", "taken", "by", "recused", "about"});
    if (read_.required(*e, "of") != nullptr) made_.electorate.of = expression_of(*e, "of", expects::set);
    const auto taken = read_.text(*e, "taken").value_or("live");
    if (taken == "at open") made_.electorate.taken = electorate_taken::at_open;
    else if (taken.starts_with("on ")) {
        const auto on = plain_acts(*e->find("taken"), taken.substr(3));
        made_.electorate.taken = electorate_taken::on_act;
        made_.electorate.on = on;
    } else if (taken != "live") {
        read_.wrong(*e->find("taken"), "expected \"live\", \"at open\" or \"on\" and an act, found " + in_quotes(taken),
                    "such as \"on propose\"");
    }
    if (made_.electorate.of.root != no_node)
        for (const auto& n : made_.electorate.of.nodes)
            if (n.what == op::set_name && !n.of_parent && n.index == static_cast<std::uint16_t>(set_name::electorate))
                read_.wrong(*e->find("of"), "the electorate can't be made of itself", "name teams, roles or seats");
    const auto by = read_.word(*e, "by", {"person", "seat", "organisation"});
    if (by == "organisation") made_.electorate.by = counted_by::organisation;
    if (by == "seat") {
        made_.electorate.by = counted_by::seat;
        const auto& of = made_.electorate.of;
        const bool  seats = std::any_of(of.nodes.begin(), of.nodes.end(), [](const rule_node& n) {
            return n.what == op::set_call && n.index == static_cast<std::uint16_t>(set_call::seats);
        });
        if (!of.empty() && !seats)
            read_.wrong(*e->find("of"), "by seat, an electorate is of the seats of some body", "such as \"seats(council)\"");
    }
    made_.electorate.recusal_leaves_base = read_.word(*e, "recused", {"stay", "leave"}) == "leave";
}

void process_reader::concerns(const node& from) {
    const auto* c = read_.object(from, "concerns");
    if (c == nullptr) return;
    read_.known_keys(*c, {"blocking", "names", "seconds", "when raiser leaves", "about"});
    made_.concerns.blocking = read_.flag(*c, "blocking").value_or(true);
    made_.concerns.names_once = read_.word(*c, "names", {"once", "again"}) == "once";
    made_.concerns.seconds = static_cast<std::uint32_t>(read_.integer(*c, "seconds", 0, 100).value_or(0));
    if (read_.word(*c, "when raiser leaves", {"stays", "lapses"}) == "lapses")
        made_.concerns.when_raiser_leaves = on_leaving::lapses;
}

void process_reader::standing(const node& from) {
    const auto* s = read_.object(from, "standing");
    if (s == nullptr) return;
    read_.known_keys(*s, {"when people leave", "about"});
    if (read_.word(*s, "when people leave", {"stays", "lapses"}) == "lapses") made_.standing = on_leaving::lapses;
}

void process_reader::ballots(const node& from) {
    const auto* b = read_.object(from, "ballots");
    if (b == nullptr) return;
    read_.known_keys(*b, {"revisable", "shown", "shown to", "about"});
    made_.ballots.revisable = read_.flag(*b, "revisable").value_or(true);
    const auto shown = read_.word(*b, "shown", {"at once", "at close", "never"});
    if (shown == "at close") made_.ballots.shown = ballot_rule::showing::at_close;
    if (shown == "never") made_.ballots.shown = ballot_rule::showing::never;
    made_.ballots.shown_to = expression_of(*b, "shown to", expects::set);
    if (const auto* m = b->find_member("shown to"); m != nullptr && made_.ballots.shown == ballot_rule::showing::at_once)
        read_.wrong(*m, "\"shown to\" says who sees ballots that others don't", "say \"shown\": \"at close\" or \"never\"");
}

void process_reader::children(const node& from) {
    const auto* list = read_.object(from, "children");
    if (list == nullptr) return;
    for (const auto& child : list->members) {
        if (!read_.expect(child.value, json_text::kind::object)) continue;
        for (const auto& reaction : child.value.members) {
            const auto outcome = phase_named(reaction.key);
            if (!outcome || is_open(*outcome)) {
                read_.wrong(reaction, in_quotes(reaction.key) + " is no outcome", "such as \"accepted\" or \"rejected\"");
                continue;
            }
            // One reaction, or several: each a list of acts, or an object with the disposition that it needs.
            if (reaction.value.is_array())
                for (const auto& each : reaction.value.elements) this->reaction({child.key, *outcome, {}}, each);
            else this->reaction({child.key, *outcome, {}}, reaction.value);
        }
    }
}

void process_reader::reaction(child_outcome to, const node& from) {
    child_reaction r{.to = std::move(to)};
    const node*    does = &from;
    if (from.is_object()) {
        read_.known_keys(from, {"disposition", "do", "revision", "about"});
        r.to.disposition = read_.text(from, "disposition").value_or("");
        r.revision = read_.text(from, "revision").value_or("");
        does = read_.required(from, "do");
    }
    if (does == nullptr || !read_.expect(*does, json_text::kind::string)) return;
    r.does = plain_acts(*does, does->text);
    // The reaction is nobody's act: what makes somebody a proposer or supporter can't be one.
    constexpr std::array possible{act::resolve, act::override_, act::cancel, act::withdraw, act::revise};
    for (const auto a : r.does)
        if (std::find(possible.begin(), possible.end(), a) == possible.end())
            read_.wrong(*does, "an outcome can't " + std::string(to_string(a)) + " its parent",
                        "it can \"resolve\", \"override\", \"cancel\", \"withdraw\" or \"revise\" it");
    const bool revises = std::find(r.does.begin(), r.does.end(), act::revise) != r.does.end();
    const bool known = std::any_of(made_.revisions.begin(), made_.revisions.end(), [&](const revision_kind& k) { return k.name == r.revision; });
    if (revises ? !known && !(made_.revisions.empty() && r.revision.empty()) : !r.revision.empty())
        read_.wrong(from, revises ? in_quotes(r.revision) + " is no kind of revision of this process" : "\"revision\" goes with \"revise\" only",
                    revises && !made_.revisions.empty() ? "say which in \"revision\"" : "leave \"revision\" out");
    made_.children.push_back(std::move(r));
}

void process_reader::stages(const node& from) {
    const auto* list = read_.required_object(from, "stages");
    if (list == nullptr) return;
    if (list->members.empty()) return read_.wrong(*list, "a process needs at least one stage");
    if (list->members.size() > most_stages) return read_.wrong(*list, "more than " + std::to_string(most_stages) + " stages");
    for (const auto& m : list->members) made_.stages.push_back({.name = m.key, .title = m.key});
    for (std::size_t i = 0; i < list->members.size(); ++i) {
        stage s = std::move(made_.stages[i]);  // `target` may add stages while this one is read
        made_.stages[i].name = s.name;
        if (read_.expect(list->members[i].value, json_text::kind::object)) one_stage(s, list->members[i].value);
        made_.stages[i] = std::move(s);
    }
}

void process_reader::one_stage(stage& s, const node& from) {
    read_.known_keys(from, {"title", "about", "phase", "visible", "allow", "exits", "clock", "extend", "effects"});
    s.title = read_.text(from, "title").value_or(s.name);
    if (read_.required(from, "phase") != nullptr) {
        const std::vector<std::string_view> known(phase_names.begin(), phase_names.end());
        if (const auto name = read_.word(from, "phase", known)) s.in = *phase_named(*name);
    }
    visible(s.visible_to, from);
    if (const auto* clock = read_.object(from, "clock")) {
        read_.known_keys(*clock, {"runs while", "about"});
        s.clock_runs = expression_of(*clock, "runs while", expects::rule);
    }
    if (const auto* e = read_.object(from, "extend")) {
        read_.known_keys(*e, {"at most", "about"});
        if (const auto* most = read_.required(*e, "at most")) s.most_extension = span(*most);
    }
    allow(s, from);
    effects(s.effects, from);
    const auto* exits = read_.array(from, "exits");
    if (exits == nullptr) return;
    if (exits->elements.size() > most_exits) return read_.wrong(*exits, "more than " + std::to_string(most_exits) + " exits");
    for (const auto& x : exits->elements) exit_of(s, x);
}

void process_reader::allow(stage& s, const node& from) {
    const auto* list = read_.object(from, "allow");
    if (list == nullptr) return;
    for (const auto& m : list->members) {
        // One set, or several: each a string, or an object with the condition under which it counts.
        if (m.value.is_array() && m.value.elements.empty()) read_.wrong(m.value, "this allows nobody", "leave it out");
        if (m.value.is_array())
            for (const auto& each : m.value.elements) allow_one(s, m, each);
        else allow_one(s, m, m.value);
    }
}

void process_reader::allow_one(stage& s, const json_text::member& what, const node& to) {
    std::string_view list = what.key;
    permission       p;
    if (to.is_object()) {
        read_.known_keys(to, {"who", "if", "reason", "about", "cites"});
        p.text = read_.required_text(to, "who");
        p.who = expression_of(to, "who", expects::set);
        p.condition = expression_of(to, "if", expects::rule);
        if (!p.condition.empty()) p.text += " if " + print(p.condition.view());
        p.needs_reason = read_.word(to, "reason", {"required", "optional"}) == "required";
    } else {
        p.who = expression(to, expects::set);
        p.text = to.text;
    }
    if (list.empty()) (void)acts(what, list, nullptr);
    while (!list.empty()) {  // act by act: each may have its own "for another"
        const auto comma = list.find(',');
        p.for_another = false;
        for (auto& a : acts(what, list.substr(0, comma), &p.for_another)) {
            p.what = a.what;
            p.about = std::move(a.about);
            s.allow.push_back(p);
        }
        list = comma == std::string_view::npos ? std::string_view{} : list.substr(comma + 1);
    }
}

void process_reader::exit_of(stage& s, const node& from) {
    if (!read_.expect(from, json_text::kind::object)) return;
    read_.known_keys(from, {"on", "when", "held", "after", "since", "end", "if", "to", "disposition", "cast",
                            "ballots", "concerns", "seconds", "round", "effects", "about", "cites"});
    stage_exit x;
    exit_trigger(x, from);
    x.condition = expression_of(from, "if", expects::rule);
    x.cites = read_.text(from, "cites").value_or("");
    const auto* to = read_.required(from, "to");
    if (to == nullptr || !read_.expect(*to, json_text::kind::string)) return;
    x.to = target(*to);
    if (const auto d = read_.text(from, "disposition")) {
        x.disposition = made_.disposition_named(*d);
        if (!x.disposition) read_.wrong(*from.find("disposition"), in_quotes(*d) + " is no disposition of this process",
                                       json_text::did_you_mean(*d, {made_.dispositions.begin(), made_.dispositions.end()}));
    }
    x.reads_clocks = reads_clock(x.when) || reads_clock(x.condition);
    x.ballots = ballots_kept(from);
    x.concerns = keep_or_clear(from, "concerns");
    x.seconds = keep_or_clear(from, "seconds");
    x.round = keep_or_clear(from, "round");
    entry_ballots(x, from);
    effects(x.effects, from);
    s.exits.push_back(std::move(x));
}

void process_reader::exit_trigger(stage_exit& x, const node& from) {
    const auto* on = from.find("on");
    const auto* when = from.find("when");
    const auto* held = from.find("held");
    const auto* after = from.find("after");
    const int   triggers = (on != nullptr) + (when != nullptr) + (after != nullptr);
    if (triggers != 1)
        return read_.wrong(from, "an exit has one of \"on\" (an act), \"when\" (a rule) and \"after\" (a duration)",
                           held != nullptr ? "\"held\" goes with \"when\"" : "");
    const auto only_with = [&](std::string_view key, const node* trigger_, std::string_view name) {
        const auto* m = from.find_member(key);
        if (m != nullptr && trigger_ == nullptr)
            read_.wrong(*m, in_quotes(key) + " goes with " + in_quotes(name) + " only");
    };
    only_with("held", when, "when");
    only_with("since", after, "after");
    only_with("end", after, "after");
    if (on != nullptr) {
        x.by = trigger::on;
        if (read_.expect(*on, json_text::kind::string)) x.acts = acts(*on, on->text, nullptr);
    } else if (when != nullptr) {
        x.by = held == nullptr ? trigger::when : trigger::held;
        x.when = expression(*when, expects::rule);
        if (held != nullptr) x.length = span(*held).value_or(duration{});
    } else {
        x.by = trigger::after;
        x.length = span(*after).value_or(duration{});
        x.closed_end = read_.word(from, "end", {"open", "closed"}) != "open";
        std::vector<std::string_view> known(since_names.begin(), since_names.end());
        known.insert(known.end(), made_.facts.begin(), made_.facts.end());
        if (const auto since = read_.word(from, "since", known)) {
            if (const auto i = detail::index_of(since_names, *since)) x.anchor = static_cast<since_kind>(*i);
            else x.anchor_fact = *since;
        }
    }
}

void process_reader::entry_ballots(stage_exit& x, const node& from) {
    const auto* list = read_.object(from, "cast");
    if (list == nullptr) return;
    for (const auto& m : list->members) {
        const auto p = made_.position_named(m.key);
        if (!p) read_.wrong(m, in_quotes(m.key) + " is no position of this process");
        else x.cast.push_back({*p, expression(m.value, expects::set)});
    }
}

void process_reader::effects(std::vector<effect_template>& to, const node& from) {
    const auto* list = read_.array(from, "effects");
    if (list == nullptr) return;
    for (const auto& e : list->elements) {
        if (e.is_string()) {
            to.push_back({e.text, {}});
            continue;
        }
        if (!read_.expect(e, json_text::kind::object)) continue;
        effect_template made{std::string(read_.required_text(e, "do")), {}};
        for (const auto& m : e.members)
            if (m.key == "subject" || m.key == "stage" || m.key == "disposition")
                read_.wrong(m, in_quotes(m.key) + " is said of every effect by itself", "choose another name");
            else if (m.key != "do" && read_.expect(m.value, json_text::kind::string)) made.fields.emplace_back(m.key, m.value.text);
        to.push_back(std::move(made));
    }
}

std::uint16_t process_reader::target(const node& to) {
    if (const auto known = made_.stage_named(to.text)) return *known;
    const auto outcome = phase_named(to.text);
    if (outcome && !is_open(*outcome)) {
        made_.stages.push_back({.name = to.text, .title = to.text, .in = *outcome, .implied = true});
        return static_cast<std::uint16_t>(made_.stages.size() - 1);
    }
    std::vector<std::string_view> known;
    for (const auto& s : made_.stages) known.push_back(s.name);
    for (const auto name : phase_names) known.push_back(name);
    read_.wrong(to, in_quotes(to.text) + " is neither a stage of this process nor an outcome", json_text::did_you_mean(to.text, known));
    return 0;
}

}  // namespace quorate
