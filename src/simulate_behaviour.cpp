// Behaviour from JSON, its distributions, and its schema.
#include <algorithm>

#include <quorate/simulate.hpp>

#include "json.hpp"

namespace quorate::simulate {

namespace jt = json_text;

chance chance::of(const number& p) {
    if (p.sign() <= 0) return {};
    if (p >= number(1)) return always;
    return {static_cast<std::uint64_t>(*floor(multiply(p, number(std::int64_t{1} << 32U))).to_int64())};
}

// ---- distributions ----------------------------------------------------------------------------------------------------------------
namespace {

/// x * part / 2^64
std::int64_t scaled(std::int64_t x, std::uint64_t part) {
    return static_cast<std::int64_t>((static_cast<quorate::detail::uint128>(static_cast<std::uint64_t>(x)) * part) >> 64U);
}

}  // namespace

duration distribution::draw(std::uint64_t word) const {
    switch (is) {
        case kind::fixed: return a;
        case kind::uniform: return a + duration(scaled((b - a).count(), word));
        case kind::exponential: {
            const auto ln = quorate::detail::minus_ln_part(word | 1U);
            return duration(static_cast<std::int64_t>(static_cast<wide>(a.count()) * ln / quorate::detail::fixed_one));
        }
        case kind::quantiles: {
            const auto places = static_cast<quorate::detail::uint128>(table.size() - 1) * word;
            const auto i = static_cast<std::size_t>(places >> 64U);
            return table[i] + duration(scaled((table[i + 1] - table[i]).count(), static_cast<std::uint64_t>(places)));
        }
    }
    return a;
}

std::string to_string(const distribution& d) {
    switch (d.is) {
        case distribution::kind::fixed: return d.a == duration{} ? "at once" : "always " + quorate::to_string(d.a);
        case distribution::kind::uniform: return "evenly from " + quorate::to_string(d.a) + " to " + quorate::to_string(d.b);
        case distribution::kind::exponential: return "exponential with mean " + quorate::to_string(d.a);
        case distribution::kind::quantiles:
            return std::to_string(d.table.size()) + " quantiles from " + quorate::to_string(d.table.front()) + " to " + quorate::to_string(d.table.back()) +
                   ", median " + quorate::to_string(d.table[d.table.size() / 2]);
    }
    return {};
}

// ---- reading -----------------------------------------------------------------------------------------------------------------------
namespace {

using jt::node;

class behaviour_reader {
public:
    behaviour_reader(const node& root, std::string name) : root_(root), read_(root, std::move(name)) {}

    result<behaviour> read() {
        if (!read_.expect(root_, jt::kind::object)) return read_.why();
        read_.known_keys(root_, {"members", "together", "steers", "asks for", "opened by", "about", "proposals", "every", "habits", "adversaries",
                                 "turnover", "horizon"});
        behaviour b;
        each(root_, "members", [&](const node& n) { b.members.push_back(member(n)); });
        if (const auto* t = read_.object(root_, "together")) together(*t, b.together);
        if (auto d = distribution_at(root_, "steers")) b.steers = *d;
        b.asks_for = text(root_, "asks for");
        b.opened_by = text(root_, "opened by");
        each(root_, "about", [&](const node& n) { b.about.push_back(list_of(n)); });
        b.proposals = static_cast<std::uint32_t>(read_.integer(root_, "proposals", 1, most_proposals).value_or(1));
        if (auto d = distribution_at(root_, "every")) b.every = *d;
        each(root_, "habits", [&](const node& n) { b.habits.push_back(habit_of(n)); });
        each(root_, "adversaries", [&](const node& n) { b.adversaries.push_back(adversary_of(n)); });
        if (const auto* t = read_.object(root_, "turnover")) leaving(*t, b.turnover);
        if (const auto span = read_.span(root_, "horizon")) b.horizon = *span;
        b.text = jt::compact_json(root_);
        if (!read_.ok()) return read_.why();
        return b;
    }

private:
    std::string text(const node& n, std::string_view key) { return std::string(read_.text(n, key).value_or("")); }

    template <class Visit>
    void each(const node& n, std::string_view key, Visit visit) {
        const auto* list = read_.array(n, key);
        if (list == nullptr) return;
        if (list->elements.size() > most_entries) return read_.wrong(*list, "more than " + std::to_string(most_entries) + " entries");
        for (const auto& e : list->elements) visit(e);
    }
    std::vector<std::string> list_of(const node& n) {
        std::vector<std::string> all;
        if (n.is_string()) return {n.text};
        if (!read_.expect(n, jt::kind::array)) return all;
        for (const auto& e : n.elements)
            if (read_.expect(e, jt::kind::string)) all.push_back(e.text);
        return all;
    }
    std::vector<std::string> names(const node& n, std::string_view key) {
        const auto* found = n.find(key);
        return found == nullptr ? std::vector<std::string>() : list_of(*found);
    }

    chance chance_of(const node& n) {
        std::optional<number> p;
        if (n.is_integer()) p = number(n.number);
        else if (n.is(jt::kind::decimal) || n.is_string()) p = parse_number(n.text);
        if (!p) {
            // "1/3" and "90%" are what charters write, too.
            const auto slash = n.text.find('/');
            const auto over = parse_number(std::string_view(n.text).substr(0, slash));
            const auto under = slash == std::string::npos ? std::nullopt : parse_number(std::string_view(n.text).substr(slash + 1));
            if (over && under) p = divide(*over, *under);
        }
        if (!p || p->sign() < 0 || *p > number(1)) {
            read_.wrong(n, "a chance is from 0 to 1", "write \"90%\", \"1/3\" or 0.9");
            return {};
        }
        return chance::of(*p);
    }
    std::optional<chance> chance_at(const node& n, std::string_view key) {
        const auto* found = n.find(key);
        return found == nullptr ? std::nullopt : std::optional(chance_of(*found));
    }

    duration span_of(const node& n) {
        const auto d = n.is_string() ? parse_duration(n.text) : std::nullopt;
        if (!d || *d < duration{}) {
            read_.wrong(n, "a length of time is expected", "write \"3 days 12 hours\"");
            return {};
        }
        return *d;
    }
    std::optional<distribution> distribution_at(const node& n, std::string_view key) {
        const auto* found = n.find(key);
        if (found == nullptr) return std::nullopt;
        distribution d;
        if (found->is_string()) {
            d.a = span_of(*found);
            return d;
        }
        if (!read_.expect(*found, jt::kind::object)) return d;
        read_.known_keys(*found, {"fixed", "uniform", "exponential", "quantiles"});
        if (found->members.size() != 1) {
            read_.wrong(*found, "one kind of distribution is expected", R"(write {"exponential": "3 days"})");
            return d;
        }
        const auto& [name, line, column, value] = found->members.front();
        if (name == "fixed" || name == "exponential") {
            d.is = name == "fixed" ? distribution::kind::fixed : distribution::kind::exponential;
            d.a = span_of(value);
        } else {
            d.is = name == "uniform" ? distribution::kind::uniform : distribution::kind::quantiles;
            if (read_.expect(value, jt::kind::array))
                for (const auto& e : value.elements) d.table.push_back(span_of(e));
            const bool fits = d.is == distribution::kind::uniform ? d.table.size() == 2 : d.table.size() >= 2 && d.table.size() <= most_quantiles;
            if (!fits || !std::is_sorted(d.table.begin(), d.table.end())) {
                read_.wrong(value, "ascending lengths of time are expected: two, or from 2 to " + std::to_string(most_quantiles) + " quantiles");
                return distribution{};
            }
            if (d.is == distribution::kind::uniform) {
                d.a = d.table[0], d.b = d.table[1];
                d.table.clear();
            }
        }
        return d;
    }

    member_kind member(const node& n) {
        member_kind m;
        if (!read_.expect(n, jt::kind::object)) return m;
        read_.known_keys(n, {"who", "takes part", "answers", "says", "raises", "settles", "resolves", "delegates", "effort"});
        m.who = names(n, "who");
        m.takes_part = chance_at(n, "takes part");
        m.answers = distribution_at(n, "answers");
        m.raises = chance_at(n, "raises");
        m.settles = chance_at(n, "settles");
        m.resolves = distribution_at(n, "resolves");
        m.delegates = chance_at(n, "delegates");
        m.effort = read_.span(n, "effort");
        if (const auto* says = read_.object(n, "says")) {
            std::uint64_t sum = 0;
            for (const auto& [position, line, column, value] : says->members) {
                m.says.emplace_back(position, chance_of(value));
                sum += m.says.back().second.of_2_32;
            }
            if (sum > always.of_2_32) read_.wrong(*says, "the chances add up to more than 1");
        }
        return m;
    }

    void together(const node& n, togetherness& to) {
        read_.known_keys(n, {"by", "share"});
        const auto by = read_.word(n, "by", {"affiliation", "team"});
        if (by) to.by = *by == "team" ? togetherness::kind::team : togetherness::kind::affiliation;
        if (const auto c = chance_at(n, "share")) to.share = *c;
    }

    habit habit_of(const node& n) {
        habit h;
        if (!read_.expect(n, jt::kind::object)) return h;
        read_.known_keys(n, {"do", "about", "names", "truth", "amount", "who", "stage", "chance", "after"});
        const auto what = read_.required_text(n, "do");
        if (const auto a = act_named(what)) h.does = *a;
        else if (!what.empty()) {
            std::vector<std::string_view> known;
            for (const auto& row : acts) known.push_back(row.name);
            read_.wrong(*n.find("do"), "there is no act " + jt::in_quotes(what), jt::did_you_mean(what, known));
        }
        h.about = text(n, "about");
        h.names = names(n, "names");
        h.truth = read_.flag(n, "truth");
        h.amount = read_.integer(n, "amount");
        h.who = names(n, "who");
        h.stage = text(n, "stage");
        if (const auto c = chance_at(n, "chance")) h.likely = *c;
        if (const auto d = distribution_at(n, "after")) h.after = *d;
        return h;
    }

    adversary adversary_of(const node& n) {
        adversary a;
        if (!read_.expect(n, jt::kind::object)) return a;
        read_.known_keys(n, {"is", "who", "count", "says", "team", "wants"});
        const std::vector<std::string_view> kinds{"block", "bloc", "late", "puppets", "absent"};
        const auto is = read_.word(n, "is", kinds);
        if (n.find("is") == nullptr) read_.wrong(n, "\"is\" is missing", "block, bloc, late, puppets or absent");
        if (is) a.is = static_cast<adversary::kind>(std::find(kinds.begin(), kinds.end(), *is) - kinds.begin());
        a.who = names(n, "who");
        a.count = static_cast<std::uint32_t>(read_.integer(n, "count", 0, most_puppets).value_or(0));
        a.says = text(n, "says");
        a.team = text(n, "team");
        const auto wants = read_.word(n, "wants", {"accepted", "not accepted"});
        a.wants_acceptance = wants ? *wants == "accepted" : a.is != adversary::kind::block && a.is != adversary::kind::absent;
        if (a.is == adversary::kind::puppets && (a.team.empty() || a.count == 0)) read_.wrong(n, "puppets need a team to join, and a count");
        if ((a.is == adversary::kind::bloc || a.is == adversary::kind::late || a.is == adversary::kind::puppets) && a.says.empty())
            read_.wrong(n, "what do they say?", "\"says\": a position");
        return a;
    }

    void leaving(const node& n, turnover& to) {
        read_.known_keys(n, {"team", "stays", "replaced"});
        to.team = std::string(read_.required_text(n, "team"));
        if (const auto d = distribution_at(n, "stays")) to.stays = *d;
        else read_.wrong(n, "\"stays\" is missing");
        to.replaced = distribution_at(n, "replaced");
    }

    const node& root_;
    jt::reader  read_;
};

}  // namespace

result<behaviour> read_behaviour(std::string_view json, std::string_view name) {
    const auto document = jt::parse(json, name);
    if (!document) return document.error();
    return behaviour_reader(document.value(), std::string(name)).read();
}

std::string_view behaviour_schema() {
    return R"({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "quorate behaviour: what members of a simulation are like",
  "type": "object",
  "additionalProperties": false,
  "$defs": {
    "chance": { "description": "From 0 to 1: \"90%\", \"1/3\", 0.9", "type": ["string", "number"] },
    "length": { "description": "\"3 days 12 hours\"", "type": "string" },
    "distribution": {
      "oneOf": [
        { "$ref": "#/$defs/length" },
        { "type": "object", "minProperties": 1, "maxProperties": 1, "additionalProperties": false,
          "properties": {
            "fixed": { "$ref": "#/$defs/length" },
            "exponential": { "description": "Its mean", "$ref": "#/$defs/length" },
            "uniform": { "type": "array", "items": { "$ref": "#/$defs/length" }, "minItems": 2, "maxItems": 2 },
            "quantiles": { "type": "array", "items": { "$ref": "#/$defs/length" }, "minItems": 2, "maxItems": 10001 } } }
      ] },
    "people": {
      "description": "Sets as in charters (\"team(lang)\"), handles or ids",
      "oneOf": [ { "type": "string" }, { "type": "array", "items": { "type": "string" } } ] }
  },
  "properties": {
    "members": { "type": "array", "maxItems": 256, "items": {
      "type": "object", "additionalProperties": false,
      "properties": {
        "who": { "$ref": "#/$defs/people" },
        "takes part": { "$ref": "#/$defs/chance" },
        "answers": { "$ref": "#/$defs/distribution" },
        "says": { "description": "Positions and how likely; what is left of 1 is silence", "type": "object",
                  "additionalProperties": { "$ref": "#/$defs/chance" } },
        "raises": { "$ref": "#/$defs/chance" },
        "settles": { "$ref": "#/$defs/chance" },
        "resolves": { "$ref": "#/$defs/distribution" },
        "delegates": { "$ref": "#/$defs/chance" },
        "effort": { "$ref": "#/$defs/length" } } } },
    "together": { "type": "object", "additionalProperties": false,
      "properties": { "by": { "enum": ["affiliation", "team"] }, "share": { "$ref": "#/$defs/chance" } } },
    "steers": { "$ref": "#/$defs/distribution" },
    "asks for": { "type": "string" },
    "opened by": { "type": "string" },
    "about": { "description": "Teams of proposals, in turn", "type": "array", "maxItems": 256, "items": { "$ref": "#/$defs/people" } },
    "proposals": { "type": "integer", "minimum": 1, "maximum": 10000 },
    "every": { "$ref": "#/$defs/distribution" },
    "habits": { "type": "array", "maxItems": 256, "items": {
      "type": "object", "additionalProperties": false, "required": ["do"],
      "properties": {
        "do": { "description": "An act, as in a charter", "type": "string" },
        "about": { "type": "string" }, "names": { "$ref": "#/$defs/people" },
        "truth": { "type": "boolean" }, "amount": { "type": "integer" },
        "who": { "$ref": "#/$defs/people" }, "stage": { "type": "string" },
        "chance": { "$ref": "#/$defs/chance" }, "after": { "$ref": "#/$defs/distribution" } } } },
    "adversaries": { "type": "array", "maxItems": 256, "items": {
      "type": "object", "additionalProperties": false, "required": ["is"],
      "properties": {
        "is": { "enum": ["block", "bloc", "late", "puppets", "absent"] },
        "who": { "$ref": "#/$defs/people" }, "count": { "type": "integer", "minimum": 0, "maximum": 1000 },
        "says": { "type": "string" }, "team": { "type": "string" }, "wants": { "enum": ["accepted", "not accepted"] } } } },
    "turnover": { "type": "object", "additionalProperties": false, "required": ["team", "stays"],
      "properties": { "team": { "type": "string" }, "stays": { "$ref": "#/$defs/distribution" },
                      "replaced": { "$ref": "#/$defs/distribution" } } },
    "horizon": { "$ref": "#/$defs/length" }
  }
}
)";
}

}  // namespace quorate::simulate
