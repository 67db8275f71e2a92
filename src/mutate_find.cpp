#include "mutate_find.hpp"

#include <algorithm>

namespace quorate {

using json_text::edit;
using json_text::node;
using json_text::string_json;

namespace {

/// The set that nobody is in.
constexpr std::string_view nobody = "not everyone";
constexpr std::string_view everyone = "everyone";

std::string trimmed(std::string_view s) {
    while (s.starts_with(' ')) s.remove_prefix(1);
    while (s.ends_with(' ')) s.remove_suffix(1);
    return std::string(s);
}

std::vector<std::string> listed(std::string_view acts) {
    std::vector<std::string> all;
    for (;;) {
        const auto comma = acts.find(',');
        all.push_back(trimmed(acts.substr(0, comma)));
        if (comma == std::string_view::npos) return all;
        acts.remove_prefix(comma + 1);
    }
}

std::string joined(const std::vector<std::string>& all, const std::string& without) {
    std::string s;
    for (const auto& a : all)
        if (a != without) s += (s.empty() ? "" : ", ") + a;
    return s;
}

/// Who may, for people: "teams of proposal if heard".
std::string text_of(const node& permission) {
    if (permission.is_string()) return permission.text;
    if (permission.is_array()) {
        std::string s;
        for (const auto& each : permission.elements) s += (s.empty() ? "" : "; or ") + text_of(each);
        return s;
    }
    const auto* who = permission.find("who");
    const auto* condition = permission.find("if");
    auto        s = who != nullptr ? who->text : std::string();
    if (condition != nullptr) s += " if " + condition->text;
    return s;
}

}  // namespace

std::vector<mutant> mutant_finder::operator()() {
    const auto* given = root_.find("parameters");
    if (given != nullptr && only_.empty()) parameters(*given);
    if (const auto* all = root_.find("processes"))
        for (const auto& m : all->members)
            if (only_.empty() || m.key == only_) process(m);
    std::stable_sort(made_.begin(), made_.end(), [](const mutant& a, const mutant& b) { return std::pair(a.line, a.column) < std::pair(b.line, b.column); });
    return std::move(made_);
}

// ---- putting changes where they belong --------------------------------------------------------------------------------------
void mutant_finder::add(std::string where, change c) {
    mutant m{.what = c.what, .process = process_, .where = std::move(where), .before = std::move(c.before), .after = std::move(c.after)};
    m.pointer = std::move(c.pointer);
    m.line = c.line;
    m.column = c.column;
    m.at = c.how.at;
    m.length = c.how.length;
    m.text = std::move(c.how.text);
    made_.push_back(std::move(m));
}
void mutant_finder::add_all(const std::string& where, std::vector<change> all) {
    for (auto& c : all) add(where, std::move(c));
}

mutant_finder::change mutant_finder::becomes(const node& at, mutation what, std::string before, std::string after, const std::string& text) const {
    const auto [begin, length] = places_.of(at);
    return {.what = what, .line = at.line, .column = at.column, .before = std::move(before), .after = std::move(after),
            .how = {begin, length, text}, .pointer = json_text::reader(root_).pointer(at)};
}

// ---- values -------------------------------------------------------------------------------------------------------------------
std::vector<mutant_finder::change> mutant_finder::rule(const node* at) const {
    std::vector<change> all;
    if (at == nullptr || !at->is_string()) return all;
    for (auto& r : changes_of_rule(at->text)) {
        auto c = becomes(*at, r.what, std::move(r.before), std::move(r.after), string_json(r.text));
        if (at->as_written) c.column += 1 + static_cast<std::uint32_t>(r.at);
        all.push_back(std::move(c));
    }
    return all;
}

std::vector<mutant_finder::change> mutant_finder::parts(const node& set, mutation what) const {
    std::vector<change> all;
    for (auto& r : changes_of_set(set.text, what)) {
        auto c = becomes(set, what, std::move(r.before), std::move(r.after), string_json(r.text));
        if (set.as_written) c.column += 1 + static_cast<std::uint32_t>(r.at);
        all.push_back(std::move(c));
    }
    return all;
}

std::vector<mutant_finder::change> mutant_finder::span(const node* at) const {
    std::vector<change> all;
    if (at == nullptr || !at->is_string()) return all;
    for (const auto& other : longer_and_shorter(at->text)) all.push_back(becomes(*at, mutation::time_span, at->text, other, string_json(other)));
    return all;
}

std::vector<mutant_finder::change> mutant_finder::number(const node* at) const {
    std::vector<change> all;
    const bool written = at != nullptr && (at->is_integer() || at->what == json_text::kind::decimal);
    if (at == nullptr || (!written && !at->is_string())) return all;
    const auto text = at->is_integer() ? std::to_string(at->number) : at->text;
    for (const auto& other : more_and_less(text))
        all.push_back(becomes(*at, mutation::threshold, text, other, written ? other : string_json(other)));
    return all;
}

std::vector<mutant_finder::change> mutant_finder::word(const node* at, mutation what, std::string_view one, std::string_view other) const {
    if (at == nullptr || !at->is_string() || (at->text != one && at->text != other)) return {};
    const auto now = std::string(at->text == one ? other : one);
    return {becomes(*at, what, at->text, now, string_json(now))};
}

std::vector<mutant_finder::change> mutant_finder::flag(const node* at, mutation what, std::string_view name) const {
    if (at == nullptr || !at->is_boolean()) return {};
    const auto text = [&](bool is) { return std::string(name) + (is ? ": true" : ": false"); };
    return {becomes(*at, what, text(at->truth), text(!at->truth), at->truth ? "false" : "true")};
}

// ---- permissions ----------------------------------------------------------------------------------------------------------------
std::vector<mutant_finder::change> mutant_finder::permission(const node& at, const std::string& act) const {
    if (!at.is_array() || at.elements.size() == 1) return one_permission(at.is_array() ? at.elements.front() : at, act);
    std::vector<change> all;
    for (const auto& each : at.elements) {
        all.push_back(becomes(each, mutation::permission, act + ": " + text_of(at), act + ": without " + text_of(each), string_json(nobody)));
        for (auto& c : one_permission(each, act)) all.push_back(std::move(c));
    }
    return all;
}

std::vector<mutant_finder::change> mutant_finder::one_permission(const node& at, const std::string& act) const {
    std::vector<change> all;
    const auto*         who = at.is_object() ? at.find("who") : &at;
    const auto          begin = act + ": ";
    if (who != nullptr && who->is_string()) {
        if (who->text != everyone)
            all.push_back(becomes(*who, mutation::permission, begin + who->text, begin + std::string(everyone), string_json(everyone)));
        for (auto& c : parts(*who, mutation::permission)) {
            c.before = begin + c.before;
            c.after = begin + c.after;
            all.push_back(std::move(c));
        }
    }
    if (!at.is_object()) return all;
    if (const auto* condition = at.find("if"); condition != nullptr && condition->is_string()) {
        all.push_back(becomes(*condition, mutation::permission, begin + text_of(at), begin + (who != nullptr ? who->text : std::string()), string_json("0 == 0")));
        for (auto& c : rule(condition)) all.push_back(std::move(c));
    }
    if (const auto* reason = at.find("reason"); reason != nullptr && reason->text == "required")
        all.push_back(becomes(*reason, mutation::permission, begin + "with a reason", begin + "with or without a reason", string_json("optional")));
    return all;
}

/// Acts that share an entry are changed one by one: the one that is gets an entry of its own.
void mutant_finder::allow(const std::string& stage, const node& from) {
    for (const auto& m : from.members) {
        const auto names = listed(m.key);
        const auto key_at = places_.offset(m.line, m.column);
        const auto [value_at, value_length] = places_.of(m.value);
        const auto end = value_at + value_length;
        const auto value = std::string(places_.text().substr(value_at, value_length));
        for (const auto& act : names) {
            const auto where = stage + ", allow";
            if (names.size() == 1) {
                add(where, becomes(m.value, mutation::permission, act + ": " + text_of(m.value), act + ": nobody", string_json(nobody)));
            } else {
                auto gone = becomes(m.value, mutation::permission, act + ": " + text_of(m.value), act + ": nobody", {});
                gone.line = m.line;
                gone.column = m.column;
                gone.how = {key_at, places_.end_of_value(key_at) - key_at, string_json(joined(names, act))};
                add(where, std::move(gone));
            }
            for (auto& c : permission(m.value, act)) {
                if (names.size() > 1) {
                    const auto own = json_text::edited(value, {{c.how.at - value_at, c.how.length, c.how.text}});
                    c.how = {key_at, end - key_at, string_json(joined(names, act)) + ": " + value + ", " + string_json(" " + act) + ": " + own};
                    if (c.what != mutation::permission) c.before = act + ": " + c.before;
                    if (c.what != mutation::permission) c.after = act + ": " + c.after;
                }
                add(where, std::move(c));
            }
        }
    }
}

// ---- the document ---------------------------------------------------------------------------------------------------------------
void mutant_finder::parameters(const node& from) {
    for (const auto& m : from.members) {
        const auto* value = m.value.is_object() ? m.value.find("value") : &m.value;
        if (value == nullptr) continue;
        const auto where = "parameter " + m.key;
        const bool time = value->is_string() && parse_duration(value->text).has_value();
        const bool starts = !value->is_string() || (!value->text.empty() && detail::is_digit(value->text.front()));
        if (time) add_all(where, span(value));
        else if (starts) add_all(where, number(value));
    }
}

void mutant_finder::process(const json_text::member& from) {
    process_ = from.key;
    const auto& p = from.value;
    if (!p.is_object()) return;
    if (const auto* rules = p.find("rules"))
        for (const auto& m : rules->members) add_all("rule " + m.key, rule(m.value.is_object() ? m.value.find("rule") : &m.value));
    positions(p);
    electorate(p);
    options(p);
    if (const auto* open = p.find("open")) {
        add("open", becomes(open->is_object() && open->find("who") != nullptr ? *open->find("who") : *open, mutation::permission,
                            "open: " + text_of(*open), "open: nobody", open->is_object() && open->find("who") == nullptr ? "{ \"who\": " + string_json(nobody) + " }" : string_json(nobody)));
        add_all("open", one_permission(*open, "open"));
    }
    if (const auto* seen = p.find("visible")) add_all("visible", permission(*seen, "see"));
    if (const auto* b = p.find("ballots"); b != nullptr && b->find("shown to") != nullptr)
        add_all("ballots", permission(*b->find("shown to"), "see ballots"));
    if (const auto* c = p.find("concerns")) add_all("seconds of concerns", number(c->find("seconds")));
    if (const auto* t = p.find("teams")) add_all("teams", number(t->find("exactly")));
    if (const auto* stages = p.find("stages"))
        for (const auto& m : stages->members) one_stage(m);
    process_.clear();
}

void mutant_finder::positions(const node& from) {
    const auto* all = from.find("positions");
    if (all == nullptr) return;
    for (const auto& m : all->members)
        for (const auto* key : {"binding", "cast", "base"}) add_all("position " + m.key, flag(m.value.find(key), mutation::base, key));
}

void mutant_finder::electorate(const node& from) {
    const auto* e = from.find("electorate");
    if (e == nullptr) return;
    const std::string where = "electorate";
    if (const auto* of = e->find("of"); of != nullptr && of->is_string()) {
        if (of->text != everyone) add(where, becomes(*of, mutation::base, of->text, std::string(everyone), string_json(everyone)));
        add_all(where, parts(*of, mutation::base));
    }
    if (const auto* taken = e->find("taken"); taken != nullptr && taken->is_string()) {
        const auto other = std::string(taken->text == "live" ? "at open" : "live");
        add(where, becomes(*taken, mutation::base, "taken " + taken->text, "taken " + other, string_json(other)));
    }
    add_all(where, word(e->find("recused"), mutation::base, "stay", "leave"));
    add_all(where, word(e->find("weightless"), mutation::base, "left out", "counted"));
}

void mutant_finder::options(const node& from) {
    if (const auto* o = from.find("options"); o != nullptr && o->is_object()) {
        add_all("options", rule(o->find("on ballot")));
        if (const auto* kinds = o->find("kinds"))
            for (const auto& m : kinds->members) add_all("option kind " + m.key, number(m.value.find("ratio")));
    }
    const auto* c = from.find("count");
    if (c == nullptr) return;
    add_all("quorum of the count", rule(c->find("quorum")));
    add_all("count", word(c->find("ratio"), mutation::strictness, "met", "passed"));
    for (const auto* key : {"seats", "most per affiliation"}) add_all(key, number(c->find(key)));
}

void mutant_finder::one_stage(const json_text::member& from) {
    const auto& s = from.value;
    if (!s.is_object()) return;
    if (const auto* seen = s.find("visible")) add_all(from.key + ", visible", permission(*seen, "see"));
    if (const auto* b = s.find("ballots"); b != nullptr && b->find("shown to") != nullptr)
        add_all(from.key + ", ballots", permission(*b->find("shown to"), "see ballots"));
    if (const auto* clock = s.find("clock"); clock != nullptr) add_all(from.key + ", clock", rule(clock->find("runs while")));
    if (const auto* extend = s.find("extend")) add_all(from.key + ", extend", span(extend->find("at most")));
    add_all(from.key + ", places", number(s.find("places")));
    add_all(from.key + ", first", rule(s.find("first")));
    if (const auto* a = s.find("allow"); a != nullptr && a->is_object()) allow(from.key, *a);
    if (const auto* exits = s.find("exits"))
        for (std::size_t i = 0; i < exits->elements.size(); ++i) exit_of(from.key, i + 1, exits->elements[i]);
}

void mutant_finder::exit_of(const std::string& stage, std::size_t number, const node& from) {
    const auto where = stage + ", exit " + std::to_string(number);
    for (const auto* key : {"when", "unless", "if"}) add_all(where, rule(from.find(key)));
    for (const auto* key : {"held", "after"}) add_all(where, span(from.find(key)));
    add_all(where, word(from.find("end"), mutation::strictness, "open", "closed"));
}

}  // namespace quorate
