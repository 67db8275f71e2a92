// Charters into processes: what a process says as a whole. Expressions and acts are read in charter_load_words.cpp, stages in
// charter_load_stages.cpp.
#include "charter_load.hpp"

#include <algorithm>

#include <quorate/proposal.hpp>

namespace quorate {

using json_text::in_quotes;
using json_text::node;

process process_reader::operator()(const std::string& name, const node& from) {
    made_ = {};
    made_.name = name;
    if (!read_.expect(from, json_text::kind::object)) return std::move(made_);
    read_.known_keys(from, {"title", "cites", "about", "kind", "dispositions", "default disposition", "teams", "positions",
                            "rules", "facts", "offices", "acts", "revisions", "electorate", "concerns", "standing", "ballots", "delegation", "options", "count", "visible",
                            "open", "per subject", "children", "lint", "stages", "notice", "properties", "known findings"});
    made_.title = read_.text(from, "title").value_or(name);
    made_.cites = read_.text(from, "cites").value_or("");
    if (read_.word(from, "kind", {"decision", "gate"}) == "gate") made_.kind = process_kind::gate;
    names(from);
    teams(from);
    positions(from);
    revisions(from);
    options(from);
    act_titles(from);
    vocabulary_words(from);
    rules(from);
    electorate(from);
    concerns(from);
    standing(from);
    ballots(from);
    delegation(from);
    count(from);
    visible(made_.visible_to, from);
    opening(from);
    const auto per = read_.word(from, "per subject", {"any", "one open", "one"});
    if (per == "one open") made_.about_one = per_subject::one_open;
    if (per == "one") made_.about_one = per_subject::one;
    intended(from);
    stages(from);
    children(from);
    verified(from);
    only_weights(from);
    made_.looks_at_parent = depends_on_parent();
    return std::move(made_);
}

/// "lint": findings that are meant, with the reason.
void process_reader::intended(const node& from) {
    const auto* list = read_.object(from, "lint");
    if (list == nullptr) return;
    const std::vector<std::string_view> known(lint_names.begin(), lint_names.end());
    for (const auto& m : list->members) {
        if (std::find(known.begin(), known.end(), m.key) == known.end())
            read_.wrong(m, in_quotes(m.key) + " is nothing that lint finds", json_text::did_you_mean(m.key, known));
        else if (const auto why = read_.required_text(*list, m.key); !why.empty()) made_.intended.push_back({m.key, std::string(why)});
    }
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
            read_.known_keys(m.value, {"title", "about", "binding", "reason", "cast", "base", "marks", "scores"});
            p.title = read_.text(m.value, "title").value_or(m.key);
            p.binding = read_.flag(m.value, "binding").value_or(true);
            p.needs_reason = read_.word(m.value, "reason", {"required", "optional"}) == "required";
            p.in_cast = read_.flag(m.value, "cast").value_or(true) && p.binding;
            p.in_base = read_.flag(m.value, "base").value_or(true);
            marks_of(p, m.value);
        }
        made_.positions.push_back(std::move(p));
    }
}

/// What its ballots say about options: "marks", and for scores {"from", "to"}.
void process_reader::marks_of(position& p, const node& from) {
    const auto word = read_.word(from, "marks", {"ranking", "scores", "approvals"});
    for (std::size_t i = 0; i < marks_names.size(); ++i)
        if (word == marks_names[i]) p.says = static_cast<marks>(i);
    const auto* range = read_.object(from, "scores");
    if (range == nullptr) return;
    if (p.says != marks::scores) read_.wrong(*range, "this position gives no scores", "say \"marks\": \"scores\"");
    constexpr std::int64_t largest = 10'000;
    read_.known_keys(*range, {"from", "to"});
    p.least = static_cast<std::int32_t>(read_.integer(*range, "from", -largest, largest).value_or(0));
    p.most = static_cast<std::int32_t>(read_.integer(*range, "to", -largest, largest).value_or(5));
    if (p.least >= p.most) read_.wrong(*range, "scores go from a smaller to a larger number");
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

void process_reader::act_titles(const node& from) {
    const auto* list = read_.object(from, "acts");
    if (list == nullptr) return;
    for (const auto& m : list->members) {
        if (!read_.expect(m.value, json_text::kind::string)) continue;
        for (auto& a : acts(m, m.key, nullptr)) made_.act_titles.push_back({std::move(a), m.value.text});
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

void process_reader::vocabulary_words(const node& from) {
    words_.clear();
    const auto add = [this](std::string_view name, word::kind kind, std::size_t index) {
        words_.push_back({.name = name, .is = kind, .index = static_cast<std::uint16_t>(index), .text = {}});
    };
    for (std::size_t i = 0; i < made_.positions.size(); ++i) add(made_.positions[i].name, word::kind::position, i);
    for (std::size_t i = 0; i < made_.dispositions.size(); ++i) add(made_.dispositions[i], word::kind::disposition, i);
    for (std::size_t i = 0; i < made_.revisions.size(); ++i) add(made_.revisions[i].name, word::kind::revision_kind, i);
    for (std::size_t i = 0; i < made_.facts.size(); ++i) add(made_.facts[i], word::kind::fact, i);
    for (std::size_t i = 0; i < made_.offices.size(); ++i) add(made_.offices[i], word::kind::office, i);
    for (std::size_t i = 0; i < made_.options.fixed.size(); ++i) add(made_.options.fixed[i].name, word::kind::option, i);
    if (made_.options.otherwise) add("default", word::kind::option, *made_.options.otherwise);
    for (const auto& p : parameters_) {
        const auto kind = p.is == parameter::kind::number     ? word::kind::number
                          : p.is == parameter::kind::time_span ? word::kind::time_span
                                                              : word::kind::name;
        words_.push_back({p.name, kind, 0, p.numerator, p.denominator, p.text, value_type::truth});
    }
    words_of_parents(from);
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

// ---- parts ------------------------------------------------------------------------------------------------------------------
void process_reader::electorate(const node& from) {
    const auto* e = read_.required_object(from, "electorate");
    if (e == nullptr) return;
    read_.known_keys(*e, {"of", "taken", "by", "recused", "weight", "weightless", "about"});
    if (read_.required(*e, "of") != nullptr) made_.electorate.of = expression_of(*e, "of", expects::set);
    const auto taken = read_.text(*e, "taken").value_or("live");
    if (taken == "at open") made_.electorate.taken = electorate_taken::at_open;
    else if (taken.starts_with("on entry of ")) {
        made_.electorate.taken = electorate_taken::on_entry;
        for (auto list = taken.substr(12); !list.empty();) {  // the stages are read later, and looked for then
            const auto comma = list.find(',');
            auto       name = list.substr(0, comma);
            while (!name.empty() && name.front() == ' ') name.remove_prefix(1);
            while (!name.empty() && name.back() == ' ') name.remove_suffix(1);
            made_.electorate.entering.emplace_back(name);
            list = comma == std::string_view::npos ? std::string_view{} : list.substr(comma + 1);
        }
    } else if (taken.starts_with("on ")) {
        const auto on = plain_acts(*e->find("taken"), taken.substr(3));
        made_.electorate.taken = electorate_taken::on_act;
        made_.electorate.on = on;
    } else if (taken != "live") {
        read_.wrong(*e->find("taken"), "expected \"live\", \"at open\" or \"on\" and an act, found " + in_quotes(taken),
                    "such as \"on propose\", or \"on entry of\" and stages");
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
    made_.electorate.weight = read_.text(*e, "weight").value_or("");
    made_.electorate.weightless_count = read_.word(*e, "weightless", {"left out", "counted"}) == "counted";
    if (made_.electorate.weightless_count && made_.electorate.weight.empty())
        read_.wrong(*e->find("weightless"), "\"weightless\" goes with \"weight\" only");
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
    read_.known_keys(*b, {"revisable", "split", "kinds", "weights", "shown", "shown to", "about"});
    const auto split = read_.word(*b, "split", {"shares", "amounts", "stakes"});
    if (split == "shares") made_.ballots.split = ballot_rule::splitting::shares;
    if (split == "amounts") made_.ballots.split = ballot_rule::splitting::amounts;
    if (split == "stakes") made_.ballots.split = ballot_rule::splitting::stakes;
    ballot_kinds(*b);
    made_.ballots.revisable = read_.flag(*b, "revisable").value_or(true);
    made_.ballots.showing = showing(*b);
}

ballot_showing process_reader::showing(const node& from) {
    ballot_showing made;
    const auto     shown = read_.word(from, "shown", {"at once", "at close", "never"});
    if (shown == "at close") made.shown = ballot_showing::when::at_close;
    if (shown == "never") made.shown = ballot_showing::when::never;
    made.shown_to = expression_of(from, "shown to", expects::set);
    if (const auto* m = from.find_member("shown to"); m != nullptr && made.shown == ballot_showing::when::at_once)
        read_.wrong(*m, "\"shown to\" says who sees ballots that others don't", "say \"shown\": \"at close\" or \"never\"");
    return made;
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
    constexpr std::array possible{act::resolve, act::override_, act::cancel, act::withdraw, act::revise, act::appeal, act::reconsider, act::revive};
    for (const auto a : r.does)
        if (std::find(possible.begin(), possible.end(), a) == possible.end())
            read_.wrong(*does, "an outcome can't " + std::string(to_string(a)) + " its parent",
                        "it can \"resolve\", \"override\", \"cancel\", \"withdraw\", \"revise\", \"appeal\", \"reconsider\" or \"revive\" it");
    const bool revises = std::find(r.does.begin(), r.does.end(), act::revise) != r.does.end();
    const bool known = std::any_of(made_.revisions.begin(), made_.revisions.end(), [&](const revision_kind& k) { return k.name == r.revision; });
    if (revises ? !known && !(made_.revisions.empty() && r.revision.empty()) : !r.revision.empty())
        read_.wrong(from, revises ? in_quotes(r.revision) + " is no kind of revision of this process" : "\"revision\" goes with \"revise\" only",
                    revises && !made_.revisions.empty() ? "say which in \"revision\"" : "leave \"revision\" out");
    made_.children.push_back(std::move(r));
}

}  // namespace quorate
