// The rule language: what a rule is, how it is read from text, checked against a vocabulary, and printed back.
// Evaluation is in verdict.hpp. Everything here is constexpr, so that rules in C++ are checked by the compiler. For authors of
// charters examples/charters/README.md tells all of this with an example for each word; here it is in short.
//
//     rule        approve > 1/2 of eligible and outstanding < 3 and concerns == 0
//     connectives and, or, not, at least 2 of (R, S, T), if G then R [else block]
//     comparison  > >= < <= == !=                       always explicit
//     numbers     2  2/3  66%  50.01%  + - * /  "of" multiplies;  min max ceil floor sqrt
//     counts      <position>  eligible cast outstanding recused  concerns seconds sponsors questions holds revisions
//                 children (open proposals under this one), children(x) (those of process x)
//                 proposal_teams named_teams (those that its proposer named)
//                 options (on the ballot, besides the default one); elected, tied, vacant (as the count of the ballots about them gives:
//                 vacant are the seats that nobody has, for want of options or because of a tie)
//                 weight(<position>)  weight(eligible)  weight(cast)  weight(outstanding): their weights, added up
//                 held(...) of the same: what they hold, or have committed, before a kind of ballot makes it weigh more or less
//                 <count> in <set>   <count> by distinct(affiliation): how many affiliations
//                 <count> by largest(affiliation): how many share the most frequent one; 0 when nobody has any
//     sets        team(x) leads(x) role(x) seats(x) reps(x) owners(x) voters(<position>) office(x) electorate author proposer
//                 raiser seconders participants recused everyone on_behalf (whoever is acted for, in leave to act for another);
//                 teams / leads / reps of proposal; and / or / except / not;
//                 ... of parent (its positions, facts, dispositions, offices are those of the processes that the charter names "under")
//                 seats(x): the seats of body x; reps(x): seats, of whatever body, that represent team x. Of people, both mean
//                 holders and alternates; where votes are counted by seat, that very seat
//     each        each team: R      each affiliation: R    each seat: R     an empty collection is an error
//     time        open_for >= 10 days   in_stage > 7 days   since(revision) >= 72 hours   since(<declared fact>) > 14 days
//                 since(x): revision (or else the opening) proposal ballot concern (raised or closed) option, the last of each;
//                 second oldest_concern, the oldest that stands; threshold, the first "held" rule of the stage that holds
//                 whole weeks days hours minutes seconds, from long to short: 1 day 12 hours
//     curves      thresholds that fall (or rise) with a clock, over a length of time; each stays at its end afterwards:
//                 linear(in_stage, 28 days, 1, 1/2)                  evenly from 1 to 1/2
//                 stepped(in_stage, 28 days, 80%, 30%, 10%, 15%)     from 80% down to 30%, by 10% in each 15% of the time
//                 reciprocal(in_stage, 28 days, 2/9, 1/3, 1/3)       2/9 / (x + 1/3) + 1/3 at the part x of the time, kept in 0..1
//                 Compared by > >= < <= with what no clock changes; one on a side, alone or multiplied. Their numbers are
//                 constants, not below 0 (but for reciprocal); a step's length, and what is added to x, above 0
//     facts       fact(tests_pass)   fact(implementations) >= 2    disposition == merge    revision_kind != editorial (of the last
//                 revision, among the kinds that the process declares)
//     options     winner == default   winner != <option>   beats(<option>, default, 3:1): at least 3 prefer it for each who doesn't
//     modality    certain(R)   possible(R)
//
// Precedence, loosest first: or; and, except; not; comparison; + -; * / of; in, by. `each`, `if` reach as far right as
// they can; use parentheses to stop them.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <quorate/detail/small_ratio.hpp>
#include <quorate/result.hpp>
#include <quorate/time.hpp>

namespace quorate {

// Limits of a single rule; a longer one should be split into named rules.
inline constexpr std::size_t longest_rule = 4096;  ///< characters
inline constexpr std::size_t most_rule_nodes = 1024;
inline constexpr std::size_t deepest_rule = 48;     ///< nesting of parentheses and prefixes
inline constexpr std::size_t most_rule_sets = 60;   ///< sets that one rule may count in
inline constexpr std::size_t most_positions = 15;   ///< of one process

/// What a node of a rule is. The order is that of the groups in the comment above.
enum class op : std::uint8_t {
    // truths
    all, any, negate, at_least, if_then, if_else_block, each, certain, possible,
    greater, greater_equal, less, less_equal, equal, not_equal,
    named_rule, fact, beats,
    // numbers
    number, add, subtract, multiply, divide, of, minimum, maximum, ceiling, floor_of, root,
    count, quantity, children_of, weight, weight_of, held, held_of, curve, counted_in, by_distinct, by_largest,
    // times
    duration_of, clock, since,
    // symbols
    symbol, variable,
    // sets
    set_call, set_name, set_of_proposal, both, either, except, complement,
    // before names are resolved
    name,
    // a truth that no text makes: an exit's "unless"
    unless,
};

/// What a node yields. `any_value` is a fact, which takes the type that its place asks for.
enum class value_type : std::uint8_t { truth, number, time, symbol, set, any_value };

/// Counts that every proposal has, besides one count per position.
enum class quantity : std::uint8_t {
    eligible, cast, outstanding, recused, concerns, seconds, sponsors, questions, holds, revisions, children,
    proposal_teams, named_teams, options, elected, tied, vacant };
enum class clock_kind : std::uint8_t { open_for, in_stage };
/// What `since(...)` measures from: the last event of that kind; for `second` and `oldest_concern` the oldest that still stands.
enum class since_kind : std::uint8_t { revision, proposal, ballot, second, concern, threshold, oldest_concern, option };
enum class variable : std::uint8_t { disposition, revision_kind, winner };
enum class set_call : std::uint8_t { team, leads, role, seats, reps, owners, voters, office };
enum class set_name : std::uint8_t {
    electorate, author, proposer, raiser, seconders, recused, everyone, on_behalf, participants };
enum class collection : std::uint8_t { team, affiliation, seat };
enum class curve_kind : std::uint8_t { linear, stepped, reciprocal };

// The names in rule text, indexed by the enumerations above.
inline constexpr std::array<std::string_view, 17> quantity_names{
    "eligible",  "cast",  "outstanding", "recused",  "concerns",       "seconds",    "sponsors",
    "questions", "holds", "revisions",   "children", "proposal_teams", "named_teams",
    "options",   "elected", "tied", "vacant"};
inline constexpr std::array<std::string_view, 2> clock_names{"open_for", "in_stage"};
inline constexpr std::array<std::string_view, 8> since_names{
    "revision", "proposal", "ballot", "second", "concern", "threshold", "oldest_concern", "option"};
/// The index of `since` of a declared fact: since it was last reported.
inline constexpr std::uint16_t since_fact = since_names.size();
inline constexpr std::array<std::string_view, 3> variable_names{"disposition", "revision_kind", "winner"};
/// The index of `winner` where an option is named; others are places among the options that the charter names.
inline constexpr std::uint16_t winning_option = 0xfffe;
inline constexpr std::array<std::string_view, 8> set_call_names{
    "team", "leads", "role", "seats", "reps", "owners", "voters", "office"};
/// What goes before "of proposal".
inline constexpr std::array<std::string_view, 3> of_proposal_names{"teams", "leads", "reps"};
inline constexpr std::array<std::string_view, 9> set_names{
    "electorate", "author", "proposer", "raiser", "seconders", "recused", "everyone", "on_behalf", "participants"};
inline constexpr std::array<std::string_view, 3> collection_names{"team", "affiliation", "seat"};
inline constexpr std::array<std::string_view, 3> curve_names{"linear", "stepped", "reciprocal"};
/// How many numbers each curve takes after its clock and its length.
inline constexpr std::array<std::size_t, 3> curve_numbers{2, 4, 3};

inline constexpr std::uint16_t no_node = 0xffff;

/// One node; children are a list: `child` is the first, each child's `next` the following one.
struct rule_node {
    op            what = op::name;
    value_type    type = value_type::truth;
    bool          of_parent = false;  ///< read from the parent proposal
    std::uint8_t  slot = 0;           ///< of a set that is counted in: its number within the rule (a process numbers
                                      ///< anew over all of its rules, since one evidence serves them all)
    std::uint16_t child = no_node;
    std::uint16_t next = no_node;
    std::uint16_t index = 0;      ///< which position, quantity, named rule, collection...
    std::uint16_t at = 0;         ///< where it stands in the text
    std::uint16_t length = 0;     ///< of its name in the text
    std::uint16_t name_at = 0;    ///< where the name it takes as argument stands (team(x): x)
    std::int64_t  numerator = 0;  ///< of a number; microseconds of a duration; n of "at least n of"
    std::int64_t  denominator = 1;
};

/// A parsed rule that somebody else owns: its text and its nodes. Cheap to copy.
struct rule_view {
    std::string_view           text{};
    std::span<const rule_node> nodes{};
    std::uint16_t              root = no_node;
    std::uint8_t               slots = 0;  ///< how many sets it counts in

    [[nodiscard]] constexpr const rule_node& operator[](std::uint16_t i) const { return nodes[i]; }
    /// The name that node `n` is, or takes as argument.
    [[nodiscard]] constexpr std::string_view name(const rule_node& n) const {
        return text.substr(n.name_at, n.length);
    }
};

/// A word of a charter's own vocabulary, or of an embedding program's.
struct word {
    enum class kind : std::uint8_t { position, rule, disposition, revision_kind, number, time_span, name, fact, office, process, option };
    std::string_view name{};
    kind             is = kind::position;
    std::uint16_t    index = 0;
    std::int64_t     numerator = 0;    ///< of a parameter: its number, or its microseconds
    std::int64_t     denominator = 1;
    std::string_view text{};           ///< of a parameter that is a name: that name
    value_type       type = value_type::truth;  ///< of a named rule: truth, or set
    bool             of_parent = false;         ///< stands before "of parent" only
};

/// The words that rules may use besides those of the language. Facts are only checked when some are declared. What stands before
/// "of parent" is looked for among the parent's words when a process is named that the parent may be of, else among all others.
using vocabulary = std::span<const word>;

/// Why a text is no rule: where, what was expected there, and the name that was not known (empty otherwise).
struct rule_error {
    std::uint16_t    at = 0;
    std::string_view expected{};
    std::string_view unknown{};

    [[nodiscard]] constexpr bool is_error() const { return !expected.empty(); }
};

/// A rule that owns its text and nodes.
struct rule {
    std::string            text;
    std::vector<rule_node> nodes;
    std::uint16_t          root = no_node;
    std::uint8_t           slots = 0;

    [[nodiscard]] constexpr rule_view view() const { return {text, nodes, root, slots}; }
    [[nodiscard]] constexpr bool      empty() const { return root == no_node; }
};

/// What a parsed text must yield.
enum class expects : std::uint8_t { rule, set, rule_or_set, number };

}  // namespace quorate

#include <quorate/detail/rule_scanner.hpp>
#include <quorate/detail/rule_parser.hpp>
#include <quorate/detail/rule_checker.hpp>
#include <quorate/detail/rule_printer.hpp>
#include <quorate/detail/rule_english.hpp>

namespace quorate {

/// Nodes read from a text that somebody else owns, or why there are none; `error.is_error()` tells.
struct parsed_rule {
    std::string_view       text{};
    std::vector<rule_node> nodes{};
    std::uint16_t          root = no_node;
    std::uint8_t           slots = 0;
    rule_error             error{};

    [[nodiscard]] constexpr rule_view view() const { return {text, nodes, root, slots}; }
};

/// Reads `text` and resolves its names in `words`. Names of teams and roles are checked later, against a roster. In a
/// constant expression use this, not `read_rule`: not every compiler has a constexpr std::string.
[[nodiscard]] constexpr parsed_rule parse_rule(std::string_view text, vocabulary words,
                                               expects what = expects::rule) {
    detail::rule_parser parser{text};
    if (const auto e = parser.parse(); e.is_error()) return {.error = e};
    detail::rule_checker checker{text, parser.nodes, words};
    if (const auto e = checker.check(parser.root, what); e.is_error()) return {.error = e};
    return {text, std::move(parser.nodes), parser.root, checker.slots, {}};
}

/// Either a rule that owns its text, or why not. `error.unknown` is part of the text that was read.
struct rule_reading {
    rule       value{};
    rule_error error{};
};

/// As `parse_rule`, with a copy of the text.
[[nodiscard]] constexpr rule_reading read_rule(std::string_view text, vocabulary words,
                                               expects what = expects::rule) {
    auto p = parse_rule(text, words, what);
    if (p.error.is_error()) return {.error = p.error};
    return {{std::string(text), std::move(p.nodes), p.root, p.slots}, {}};
}

/// A suggestion for the unknown name of `e`: the closest word of the language or of `words`, or empty.
/// Not constexpr on purpose: the compiler needn't search.
[[nodiscard]] inline std::string_view suggestion(const rule_error& e, vocabulary words) {
    if (e.unknown.empty()) return {};
    std::vector<std::string_view> known;
    // What is unknown may well be known elsewhere (a fact without "fact"); `expected` tells about that.
    const auto add = [&](std::string_view name) {
        if (name != e.unknown) known.push_back(name);
    };
    for (const auto& w : words) add(w.name);
    const auto add_all = [&](const auto& names) { std::for_each(names.begin(), names.end(), add); };
    add_all(quantity_names);
    add_all(clock_names);
    add_all(since_names);
    add_all(variable_names);
    add_all(set_call_names);
    add_all(set_names);
    add_all(collection_names);
    add_all(curve_names);
    for (const auto* name : {"min", "max", "ceil", "floor", "sqrt", "weight", "held", "fact", "since", "beats", "certain", "possible"}) add(name);
    return closest(e.unknown, known);
}

/// The canonical text: one space between words, no needless parentheses (`if` and `each` inside other parts keep theirs).
/// `read_rule` of it gives the same nodes, up to where they stand in the text.
[[nodiscard]] inline std::string print(rule_view r) { return detail::rule_printer{r}.print(); }

/// The rule as a clause of English: 'more than 1/2 of the eligible members chose "approve" and no concern is open'. A rule
/// that yields a set becomes a noun: "members of team lang who are not recused". `titles` gives positions' titles by index;
/// positions beyond it go by their names.
[[nodiscard]] inline std::string english(rule_view r, std::span<const std::string_view> titles = {}) {
    return detail::rule_english{r, titles}.text();
}

}  // namespace quorate
