// Options on the ballot, and how ballots about them are counted.
#include <algorithm>
#include <array>
#include <charconv>

#include "charter_load.hpp"
#include "proposal_ballot.hpp"
#include "proposal_count.hpp"

namespace quorate {

using json_text::in_quotes;
using json_text::node;

namespace {

/// "3:1" as a number; nothing if it is none.
std::optional<number> ratio_of(std::string_view text) {
    const auto   colon = text.find(':');
    std::int64_t to = 0;
    std::int64_t one = 0;
    if (colon == std::string_view::npos) return std::nullopt;
    const auto* end = text.data() + text.size();
    const auto  a = std::from_chars(text.data(), text.data() + colon, to);
    const auto  b = std::from_chars(text.data() + colon + 1, end, one);
    if (a.ec != std::errc{} || a.ptr != text.data() + colon || b.ec != std::errc{} || b.ptr != end || one <= 0 || to < one) return std::nullopt;
    return number::fraction(to, one);
}

/// Whether an expression asks what a count gave: what a count itself depends on must not.
bool asks_count(const rule& r) {
    return std::any_of(r.nodes.begin(), r.nodes.end(), [](const rule_node& n) {
        const auto q = static_cast<quantity>(n.index);
        return n.what == op::beats || n.what == op::named_rule ||
               (n.what == op::variable && n.index == static_cast<std::uint16_t>(variable::winner)) ||
               (n.what == op::quantity && (q == quantity::options || q == quantity::elected || q == quantity::tied || q == quantity::vacant));
    });
}

}  // namespace

void process_reader::options(const node& from) {
    const auto* o = read_.object(from, "options");
    if (o == nullptr) return;
    auto& made = made_.options;
    made.some = true;
    read_.known_keys(*o, {"fixed", "default", "kinds", "on ballot", "about", "cites"});
    if (const auto* fixed = read_.object(*o, "fixed"); fixed != nullptr) {
        if (fixed->members.size() > most_fixed_options) read_.wrong(*fixed, "more than " + std::to_string(most_fixed_options) + " options");
        for (const auto& m : fixed->members) {
            if (!is_option_name(m.key))
                read_.wrong(m, in_quotes(m.key) + " can't be the name of an option", "letters, digits, _ - . /; its title says more");
            if (read_.expect(m.value, json_text::kind::string) && made.fixed.size() < most_fixed_options)
                made.fixed.push_back({m.key, m.value.text.empty() ? m.key : m.value.text});
        }
    }
    if (const auto name = read_.text(*o, "default")) {
        const auto found = std::find_if(made.fixed.begin(), made.fixed.end(), [&](const fixed_option& f) { return f.name == *name; });
        if (found == made.fixed.end()) read_.wrong(*o->find("default"), in_quotes(*name) + " is not among the fixed options", "name it in \"fixed\"");
        else made.otherwise = static_cast<std::uint16_t>(found - made.fixed.begin());
    }
    if (const auto* kinds = read_.object(*o, "kinds"); kinds != nullptr)
        for (const auto& m : kinds->members) {
            option_kind k{.name = m.key, .title = m.key};
            if (read_.expect(m.value, json_text::kind::object)) {
                read_.known_keys(m.value, {"title", "ratio", "about", "cites"});
                k.title = read_.text(m.value, "title").value_or(m.key);
                if (const auto text = read_.text(m.value, "ratio")) {
                    if (const auto ratio = ratio_of(*text)) k.ratio = *ratio;
                    else read_.wrong(*m.value.find("ratio"), in_quotes(*text) + " is no ratio of at least 1:1", "such as \"3:1\"");
                }
            }
            if (made.kinds.size() == most_option_kinds) read_.wrong(m, "more than " + std::to_string(most_option_kinds) + " kinds of options");
            else made.kinds.push_back(std::move(k));
        }
}

void process_reader::count(const node& from) {
    if (const auto* o = from.find("options"); o != nullptr && o->is_object()) {
        made_.options.on_ballot = expression_of(*o, "on ballot", expects::rule);
        if (asks_count(made_.options.on_ballot))
            read_.wrong(*o->find("on ballot"), "what is on the ballot can't depend on the count, nor on named rules", "ask for sponsors, say");
    }
    const auto* c = read_.object(from, "count");
    const bool  marked = std::any_of(made_.positions.begin(), made_.positions.end(), [](const position& p) { return p.says != marks::none; });
    if (c == nullptr) {
        if (marked) read_.wrong(*from.find("positions"), "ballots say something about options, and nothing says how they are counted", "add \"count\"");
        return;
    }
    if (!made_.options.some) read_.wrong(*c, "there are no options to count ballots about", "add \"options\"");
    if (!marked) read_.wrong(*c, "no ballot says anything about options", "give a position \"marks\"");
    auto& made = made_.count;
    read_.known_keys(*c, {"method", "seats", "quorum", "ratio", "unranked", "equal", "skipped", "strength", "quota", "digits", "ties",
                          "most per affiliation", "about", "cites"});
    made.method = read_.required_text(*c, "method");
    const auto method = counting_method(made.method);
    if (!made.method.empty() && !method) read_.wrong(*c->find("method"), in_quotes(made.method) + " is no method of counting", json_text::did_you_mean(made.method, counting_methods()));
    for (const auto& p : made_.positions) {
        if (p.says == marks::none || !method) continue;
        const bool fits = p.says == marks::ranking ? method->ranked : method->rated || (p.says == marks::approvals && method->ranked);
        if (!fits)
            read_.wrong(*c->find("method"), in_quotes(made.method) + " doesn't count ballots of position " + in_quotes(p.name) + ", which say " +
                                                std::string(marks_names[static_cast<std::size_t>(p.says)]), "use another method, or other marks");
    }
    const auto reads = [&](std::string_view setting) {
        const auto& all = method->reads;
        const auto  at = all.find(setting);
        return at != std::string_view::npos && (at == 0 || all[at - 1] == ' ') && (at + setting.size() == all.size() || all[at + setting.size()] == ' ');
    };
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 9> settings{
        {{"quorum", "quorum"}, {"ratio", "ratio"}, {"unranked", "unranked"}, {"equal", "equal"}, {"skipped", "skipped"}, {"strength", "strength"},
         {"quota", "quota"}, {"digits", "arithmetic"}, {"ties", "ties"}}};
    for (const auto& [key, setting] : settings)
        if (const auto* at = c->find(key); at != nullptr && method && !reads(setting))
            read_.wrong(*at, in_quotes(made.method) + " doesn't look at " + in_quotes(key), "leave it out, or use another method");
    if (method && made.method == "debian" && c->find("seats") != nullptr) read_.wrong(*c->find("seats"), "\"debian\" has one winner", "leave it out");
    if (method && !reads("ratio") && std::any_of(made_.options.kinds.begin(), made_.options.kinds.end(), [](const option_kind& k) { return k.ratio.to_int64() != 1; }))
        read_.wrong(*c->find("method"), in_quotes(made.method) + " knows no ratios against the default option", "use \"debian\", or kinds without ratios");
    if (const auto n = read_.integer(*c, "seats", 1, most_seats)) made.seats = static_cast<std::size_t>(*n);
    made.quorum = expression_of(*c, "quorum", expects::number);
    if (asks_count(made.quorum)) read_.wrong(*c->find("quorum"), "a quorum can't depend on the count itself", "count the electorate");
    if (!made.quorum.empty() && !made_.options.otherwise) read_.wrong(*c->find("quorum"), "a quorum of options is against the default option", "name one in \"options\"");
    made.strictly = read_.word(*c, "ratio", {"met", "passed"}) == "passed";
    const auto choose = [&](std::string_view key, auto& to, const auto& names) {
        const auto word = read_.text(*c, key);
        if (!word) return;
        for (std::size_t i = 0; i < names.size(); ++i)
            if (names[i] == *word) return void(to = static_cast<std::remove_reference_t<decltype(to)>>(i));
        read_.wrong(*c->find(key), in_quotes(*word) + " is no such convention", json_text::did_you_mean(*word, {names.begin(), names.end()}));
    };
    choose("unranked", made.with.unranked, std::array<std::string_view, 2>{"last", "not compared"});
    choose("equal", made.with.equal, std::array<std::string_view, 5>{"split", "whole", "skip", "wait", "exhaust"});
    choose("skipped", made.with.skipped, std::array<std::string_view, 3>{"close", "exhaust", "exhaust two"});
    choose("strength", made.with.strength, std::array<std::string_view, 4>{"winning votes", "margins", "ratio", "opposition"});
    choose("quota", made.with.quota, std::array<std::string_view, 4>{"droop", "hagenbach-bischoff", "hare", "imperiali"});
    if (const auto n = read_.integer(*c, "digits", 0, 18)) made.with.arithmetic.digits = static_cast<int>(*n);
    if (const auto n = read_.integer(*c, "most per affiliation", 1, most_seats)) made.most_per_affiliation = static_cast<std::size_t>(*n);
    using kind = tally::tie_break::kind;
    static constexpr std::array<std::pair<std::string_view, kind>, 6> ties{
        {{"earlier stage", kind::earlier_stage}, {"first stage", kind::first_stage}, {"order on the ballot", kind::given_order},
         {"pairwise", kind::pairwise}, {"casting vote", kind::casting_vote}, {"agreement", kind::agreement}}};
    for (const auto name : read_.texts(*c, "ties")) {
        const auto found = std::find_if(ties.begin(), ties.end(), [&](const auto& t) { return t.first == name; });
        if (found == ties.end()) {
            std::vector<std::string_view> known;
            for (const auto& t : ties) known.push_back(t.first);
            read_.wrong(*c->find("ties"), in_quotes(name) + " is no way to break a tie", json_text::did_you_mean(name, known));
            continue;
        }
        if (!made.with.ties.empty() && (made.with.ties.back().by == kind::casting_vote || made.with.ties.back().by == kind::agreement))
            read_.wrong(*c->find("ties"), in_quotes(name) + " would never be tried: who is asked before it decides", "put it earlier, or leave it out");
        made.with.ties.push_back({.by = found->second, .order = {}, .seed = 0, .chosen = {}});
    }
}

}  // namespace quorate
