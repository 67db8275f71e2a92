// All methods by name, so that charters can name one and the same ballots can be counted again by another.
#pragma once

#include <quorate/result.hpp>
#include <quorate/tally/condorcet.hpp>
#include <quorate/tally/debian.hpp>
#include <quorate/tally/dodgson.hpp>
#include <quorate/tally/kemeny.hpp>
#include <quorate/tally/pairwise.hpp>

#include <array>
#include <span>
#include <string>
#include <string_view>

namespace quorate::tally {

/// A method of counting. It takes ranked ballots, or rated ones, or both.
struct method {
    std::string_view name;
    std::string_view title;
    result<count> (*ranked)(const ranked_ballots&, const conventions&, std::size_t seats) = nullptr;
    result<count> (*rated)(const rated_ballots&, const conventions&, std::size_t seats) = nullptr;
};

namespace detail {

/// A function of a method as the table wants it.
template <auto Method>
result<count> counted(const ranked_ballots& b, const conventions& with, std::size_t seats) {
    if constexpr (requires { Method(b, with, seats); }) return Method(b, with, seats);
    else return Method(b, with);
}
template <auto Method>
result<count> rated(const rated_ballots& b, const conventions& with, std::size_t seats) {
    if constexpr (requires { Method(b, with, seats); }) return Method(b, with, seats);
    else return Method(b, with);
}

}  // namespace detail

/// In the order of the headers. Debian's rule has no default option, quorum or ratios here: those are its own settings (debian.hpp).
[[nodiscard]] inline std::span<const method> methods() {
    using ranked = count (*)(const ranked_ballots&, const conventions&, std::size_t);
    using checked = result<count> (*)(const ranked_ballots&, const conventions&, std::size_t);
    static constexpr std::array all{
        method{"copeland", "Copeland: wins less defeats", &detail::counted<static_cast<ranked>(copeland)>},
        method{"copeland_second_order", "Copeland, ties by the scores of those beaten", &detail::counted<static_cast<ranked>(copeland_second_order)>},
        method{"minimax", "Minimax", &detail::counted<static_cast<ranked>(minimax)>},
        method{"ranked_pairs", "Ranked pairs (Tideman)", &detail::counted<static_cast<ranked>(ranked_pairs)>},
        method{"schulze", "Schulze", &detail::counted<static_cast<ranked>(schulze)>},
        method{"smith", "Smith set", &detail::counted<static_cast<ranked>(smith)>},
        method{"schwartz", "Schwartz set", &detail::counted<static_cast<ranked>(schwartz)>},
        method{"dodgson_quick", "Dodgson, quick approximation", &detail::counted<static_cast<ranked>(dodgson_quick)>},
        method{"dodgson_tideman", "Dodgson, Tideman's approximation", &detail::counted<static_cast<ranked>(dodgson_tideman)>},
        method{"kemeny", "Kemeny-Young", &detail::counted<static_cast<checked>(kemeny)>},
        method{"debian", "Debian: Schwartz set, weakest defeats dropped together",
               [](const ranked_ballots& b, const conventions&, std::size_t) -> result<count> { return debian(b, {}); }},
    };
    return all;
}

/// The method of that name, or nullptr.
[[nodiscard]] inline const method* method_named(std::string_view name) {
    for (const auto& m : methods())
        if (m.name == name) return &m;
    return nullptr;
}

/// The same ballots by another method. Refuses an unknown one, and one that counts other ballots.
[[nodiscard]] inline result<count> recount(const ranked_ballots& b, std::string_view name, const conventions& with = {}, std::size_t seats = 1) {
    const auto* m = method_named(name);
    if (m == nullptr || m->ranked == nullptr)
        return make_error(errc::invalid, "\"" + std::string(name) + (m == nullptr ? "\" is no method of counting" : "\" counts ratings, not rankings"));
    return m->ranked(b, with, seats);
}
[[nodiscard]] inline result<count> recount(const rated_ballots& b, std::string_view name, const conventions& with = {}, std::size_t seats = 1) {
    const auto* m = method_named(name);
    if (m == nullptr || m->rated == nullptr)
        return make_error(errc::invalid, "\"" + std::string(name) + (m == nullptr ? "\" is no method of counting" : "\" counts rankings, not ratings"));
    return m->rated(b, with, seats);
}

}  // namespace quorate::tally
