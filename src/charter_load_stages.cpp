// Stages in charters: who may do what in them, and how they end.
#include <algorithm>

#include "charter_load.hpp"

namespace quorate {

using json_text::in_quotes;
using json_text::node;

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
    stages_before();
}

void process_reader::one_stage(stage& s, const node& from) {
    read_.known_keys(from, {"title", "about", "phase", "visible", "ballots", "allow", "exits", "clock", "extend", "places", "first", "effects"});
    s.title = read_.text(from, "title").value_or(s.name);
    if (read_.required(from, "phase") != nullptr) {
        const std::vector<std::string_view> known(phase_names.begin(), phase_names.end());
        if (const auto name = read_.word(from, "phase", known)) s.in = *phase_named(*name);
    }
    visible(s.visible_to, from);
    if (const auto* ballots = read_.object(from, "ballots")) {
        read_.known_keys(*ballots, {"shown", "shown to", "about"});
        if (read_.required(*ballots, "shown") != nullptr) s.ballots = showing(*ballots);
    }
    if (const auto* clock = read_.object(from, "clock")) {
        read_.known_keys(*clock, {"runs while", "about"});
        s.clock_runs = expression_of(*clock, "runs while", expects::rule);
    }
    if (const auto* e = read_.object(from, "extend")) {
        read_.known_keys(*e, {"at most", "about"});
        if (const auto* most = read_.required(*e, "at most")) s.most_extension = span(*most);
    }
    places(s, from);
    allow(s, from);
    s.takes_back = std::any_of(s.allow.begin(), s.allow.end(), [](const permission& a) { return a.what == act::withdraw_ballot; });
    effects(s.effects, from);
    const auto* exits = read_.array(from, "exits");
    if (exits == nullptr) return;
    if (exits->elements.size() > most_exits) return read_.wrong(*exits, "more than " + std::to_string(most_exits) + " exits");
    for (const auto& x : exits->elements) exit_of(s, x);
    s.watches = std::any_of(s.exits.begin(), s.exits.end(), [](const stage_exit& x) { return x.by == trigger::held; });
}

void process_reader::places(stage& s, const node& from) {
    const auto* at = from.find("places");
    if (at != nullptr) s.places = whole_number(*at, 1, most_places);
    made_.has_places = made_.has_places || s.places;
    const auto* first = from.find_member("first");
    if (first == nullptr) return;
    if (at == nullptr) return read_.wrong(*first, "\"first\" says who goes first of those who wait for a place, and here there is room for any number", "say how many \"places\" there are");
    s.first = expression(first->value, expects::number);
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
    read_.known_keys(from, {"on", "when", "unless", "held", "after", "since", "end", "if", "to", "disposition", "cast",
                            "ballots", "concerns", "seconds", "options", "round", "clock", "effects", "about", "cites"});
    stage_exit x;
    exit_trigger(x, from);
    x.condition = expression_of(from, "if", expects::rule);
    x.cites = read_.text(from, "cites").value_or("");
    const auto* to = read_.required(from, "to");
    if (to == nullptr || !read_.expect(*to, json_text::kind::string)) return;
    target(x, s, *to);
    if (const auto d = read_.text(from, "disposition")) {
        x.disposition = made_.disposition_named(*d);
        if (!x.disposition) read_.wrong(*from.find("disposition"), in_quotes(*d) + " is no disposition of this process",
                                       json_text::did_you_mean(*d, {made_.dispositions.begin(), made_.dispositions.end()}));
    }
    x.reads_clocks = reads_clock(x.when) || reads_clock(x.condition);
    x.ballots = ballots_kept(from);
    x.concerns = keep_or_clear(from, "concerns");
    x.seconds = keep_or_clear(from, "seconds");
    x.options = keep_or_clear(from, "options");
    x.round = keep_or_clear(from, "round");
    x.keeps_clock = read_.word(from, "clock", {"keep", "anew"}) == "keep";
    entry_ballots(x, from);
    effects(x.effects, from);
    s.exits.push_back(std::move(x));
}

void process_reader::exit_trigger(stage_exit& x, const node& from) {
    const auto* on = from.find("on");
    const auto* when = from.find("when");
    const auto* unless = from.find("unless");
    const auto* held = from.find("held");
    const auto* after = from.find("after");
    const int   triggers = (on != nullptr) + (when != nullptr) + (unless != nullptr) + (after != nullptr);
    if (triggers != 1)
        return read_.wrong(from, "an exit has one of \"on\" (an act), \"when\" and \"unless\" (a rule) and \"after\" (a duration)",
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
    } else if (unless != nullptr) {
        x.by = trigger::unless;
        x.when = expression(*unless, expects::rule);
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

/// "stage before", "stage before vote", the name of a stage, or an outcome.
void process_reader::target(stage_exit& x, const stage& from, const node& to) {
    constexpr std::string_view back = "stage before";
    const bool                 known = made_.stage_named(to.text).has_value();
    if (known || !to.text.starts_with(back) || (to.text.size() > back.size() && to.text[back.size()] != ' ')) {
        x.to = stage_or_outcome(to);
        return;
    }
    const auto name = to.text.size() == back.size() ? from.name : to.text.substr(back.size() + 1);
    x.before = made_.stage_named(name);
    made_.goes_back = true;
    if (x.before) return;
    std::vector<std::string_view> names;
    for (const auto& s : made_.stages) names.push_back(s.name);
    read_.wrong(to, in_quotes(name) + " is no stage of this process", json_text::did_you_mean(name, names));
}

/// Where exits that lead back can lead to.
void process_reader::stages_before() {
    for (auto& s : made_.stages)
        for (auto& x : s.exits) {
            if (!x.before) continue;
            for (std::uint16_t i = 0; i < made_.stages.size(); ++i) {
                const auto& exits = made_.stages[i].exits;
                const bool  leads = std::any_of(exits.begin(), exits.end(), [&](const stage_exit& e) { return !e.before && e.to == *x.before; });
                if (leads && i != *x.before) x.befores.push_back(i);
            }
        }
}

std::uint16_t process_reader::stage_or_outcome(const node& to) {
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
