// Rules as guards of a program's own Boost.MSM machine. Opt-in; includes nothing of Boost.MSM, so that the machine's author
// decides where the back-end is compiled (in one .cpp).
//
//     struct board {                                      // the words that its rules may use, checked by the compiler
//         static constexpr std::string_view positions[]{"approve", "reject"};
//     };
//     using passed = quorate::rule_guard<"approve >= 2/3 of eligible and concerns == 0", board>;
//
//     using transition_table = boost::mp11::mp_list<      // include boost/mp11/mpl.hpp before any header of MSM
//         Row<review, close_vote, approved, none, passed>,
//         Row<review, close_vote, rejected, none, quorate::rule_guard<"not (approve >= 2/3 of eligible and concerns == 0)", board>>>;
//
// Traps of Boost.MSM 1.81 that a machine with such guards should avoid (a worked example is examples/own_machine.cpp):
//   - rows of one (state, event) are tried from the last to the first: make their guards exclude each other. A rule and `not`
//     of it do, and where a fact is missing neither of them holds, so that nothing moves on what isn't known;
//   - declare `using no_message_queue = int; using no_exception_thrown = int;`: otherwise exceptions vanish, or wedge the machine;
//   - override `no_transition` as empty (the default asserts) and look at what `process_event` returns: HANDLED_FALSE is "not
//     in this state", HANDLED_GUARD_REJECT is "the rule said no"; then `explain` tells why;
//   - no `process_event` inside actions, no terminate or interrupt states.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <vector>

#include <quorate/verdict.hpp>

namespace quorate {

/// The text of a rule as a template argument.
template <std::size_t N>
struct fixed_string {
    char text[N]{};

    constexpr fixed_string(const char (&s)[N]) {  // NOLINT: written as a plain literal
        for (std::size_t i = 0; i < N; ++i) text[i] = s[i];
    }
    [[nodiscard]] constexpr std::string_view view() const { return {text, N - 1}; }
};

/// What every vocabulary type may have, all of it static and constexpr, all of it optional:
///     positions, dispositions, revision_kinds, facts    names, in the order of their indices in `evidence`
///     words                                             `quorate::word`s for anything else (named rules, parameters)
template <class Vocabulary>
[[nodiscard]] constexpr std::vector<word> words_of() {
    std::vector<word> all;
    [[maybe_unused]] const auto add = [&all](const auto& names, word::kind kind) {
        std::uint16_t index = 0;
        for (const std::string_view name : names) all.push_back({.name = name, .is = kind, .index = index++});
    };
    if constexpr (requires { Vocabulary::positions; }) add(Vocabulary::positions, word::kind::position);
    if constexpr (requires { Vocabulary::dispositions; }) add(Vocabulary::dispositions, word::kind::disposition);
    if constexpr (requires { Vocabulary::revision_kinds; }) add(Vocabulary::revision_kinds, word::kind::revision_kind);
    if constexpr (requires { Vocabulary::facts; }) add(Vocabulary::facts, word::kind::fact);
    if constexpr (requires { Vocabulary::words; })
        for (const word& w : Vocabulary::words) all.push_back(w);
    return all;
}

namespace detail {

enum class mistake : std::uint8_t { none, unknown_name, syntax_or_type };

/// What the compiler found out about a rule; it shows up in its messages.
struct rule_size {
    std::size_t   nodes = 0;
    std::uint16_t root = no_node;
    std::uint8_t  slots = 0;
    mistake       wrong = mistake::none;
    std::size_t   column = 0;  ///< from 1
    std::size_t   length = 0;  ///< of the unknown name
};

template <fixed_string Text, class Vocabulary>
[[nodiscard]] constexpr rule_size measure_rule() {
    const auto words = words_of<Vocabulary>();
    const auto r = parse_rule(Text.view(), words);
    if (!r.error.is_error()) return {r.nodes.size(), r.root, r.slots, mistake::none, 0, 0};
    return {0, no_node, 0, r.error.unknown.empty() ? mistake::syntax_or_type : mistake::unknown_name, r.error.at + std::size_t{1},
            r.error.unknown.size()};
}
template <fixed_string Text, class Vocabulary>
[[nodiscard]] constexpr std::size_t expected_size() {
    const auto words = words_of<Vocabulary>();
    return parse_rule(Text.view(), words).error.expected.size();
}
template <fixed_string Text, class Vocabulary, std::size_t N>
[[nodiscard]] constexpr auto expected_text() {
    const auto words = words_of<Vocabulary>();
    const auto r = parse_rule(Text.view(), words);
    fixed_string<N + 1> out{{}};
    for (std::size_t i = 0; i < N; ++i) out.text[i] = r.error.expected[i];
    return out;
}
template <fixed_string Text, std::size_t Column, std::size_t Length>
[[nodiscard]] constexpr auto part_of() {
    fixed_string<Length + 1> out{{}};
    for (std::size_t i = 0; i < Length; ++i) out.text[i] = Text.text[Column - 1 + i];
    return out;
}
template <fixed_string Text, class Vocabulary, std::size_t N>
[[nodiscard]] constexpr std::array<rule_node, N> nodes_of_rule() {
    const auto words = words_of<Vocabulary>();
    const auto r = parse_rule(Text.view(), words);
    std::array<rule_node, N> out{};
    for (std::size_t i = 0; i < N; ++i) out[i] = r.nodes[i];
    return out;
}

template <fixed_string Text>
struct always_false : std::false_type {};

}  // namespace detail

// These are only ever named in compile errors: their arguments say where the rule goes wrong, and how. Columns count
// characters from 1. (clang 14 shows the texts as numbers.)
template <std::size_t Column, fixed_string Expected>
struct mistake_in_rule_at_column {
    static_assert(detail::always_false<Expected>::value,
                  "quorate: this is no rule; see mistake_in_rule_at_column<column, what was expected there>");
};
template <std::size_t Column, fixed_string Name, fixed_string Expected>
struct unknown_name_in_rule_at_column {
    static_assert(detail::always_false<Name>::value,
                  "quorate: a rule uses a name that its vocabulary doesn't have; see "
                  "unknown_name_in_rule_at_column<column, name, what was expected there>");
};

namespace detail {

/// True, or a compile error that says why not.
template <fixed_string Text, class Vocabulary>
[[nodiscard]] constexpr bool is_rule() {
    constexpr auto size = measure_rule<Text, Vocabulary>();
    if constexpr (size.wrong != mistake::none) {
        constexpr auto expected = expected_text<Text, Vocabulary, expected_size<Text, Vocabulary>()>();
        if constexpr (size.wrong == mistake::unknown_name)
            return sizeof(unknown_name_in_rule_at_column<size.column, part_of<Text, size.column, size.length>(), expected>) != 0;
        else
            return sizeof(mistake_in_rule_at_column<size.column, expected>) != 0;
    } else {
        return true;
    }
}

}  // namespace detail

/// A guard that holds while the rule is met. The rule is parsed by the compiler: a mistake in it is a compile error, with its
/// column and kind. `Vocabulary` is a type of the program's own, see `words_of`.
///
/// As a guard it asks the event for `evidence()` if it has such a member, otherwise the machine; the result must convert to
/// `const quorate::evidence&`, and what its spans refer to must outlive the call. Without state, thread-safe; doesn't throw
/// unless memory runs out.
template <fixed_string Text, class Vocabulary>
struct rule_guard {
private:
    static_assert(detail::is_rule<Text, Vocabulary>());
    static constexpr auto size_ = detail::measure_rule<Text, Vocabulary>();
    static constexpr auto nodes_ = detail::nodes_of_rule<Text, Vocabulary, size_.nodes>();

public:
    /// The rule itself, for `print`, `english`, `read_reachable`, `fewest_ballots`... It lives as long as the program.
    [[nodiscard]] static constexpr rule_view rule() { return {Text.view(), nodes_, size_.root, size_.slots}; }

    /// Whether the rule is met as things stand; an unknown part fails closed.
    [[nodiscard]] static constexpr bool test(const evidence& e) { return read_now(rule(), e) == truth::met; }
    /// All readings of the rule, with what each comparison measured and required.
    [[nodiscard]] static verdict explain(const evidence& e) { return read(rule(), e); }

    template <class Event, class Machine, class Source, class Target>
    bool operator()(const Event& event, Machine& machine, Source&, Target&) const {
        if constexpr (requires { { event.evidence() } -> std::convertible_to<const evidence&>; }) {
            return test(event.evidence());
        } else {
            static_assert(requires { { machine.evidence() } -> std::convertible_to<const evidence&>; },
                          "quorate: the machine (or the event) needs a member evidence() that returns quorate::evidence");
            return test(machine.evidence());
        }
    }
};

}  // namespace quorate
