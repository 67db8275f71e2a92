// All that the law can be asked, for tests that look at every answer.
#pragma once

#include <cstddef>

#include <quorate/law.hpp>

namespace law_support {

using namespace quorate;

inline constexpr std::size_t phases = phase_names.size();
constexpr phase nth(std::size_t i) { return static_cast<phase>(i); }

template <class Look>
void for_all_act_facts(act what, Look look) {
    for (unsigned i = 0; i < 8; ++i)
        look(act_facts{.what = what,
                       .editorial = (i & 1U) != 0,
                       .leads_back = (i & 2U) != 0,
                       .gate = (i & 4U) != 0});
}
template <class Look>
void for_all_move_facts(Look look) {
    for (unsigned i = 0; i < 64; ++i)
        look(move_facts{.why = static_cast<cause>(i / 16),
                        .met = (i & 1U) != 0,
                        .concerns_open = (i & 2U) != 0,
                        .overridden = (i & 4U) != 0,
                        .reopening = (i & 8U) != 0});
}

/// Every answer of the law, in no particular order.
template <class Look>
void for_all_answers(Look look) {
    for (std::size_t p = 0; p < phases; ++p) {
        for (const auto& a : acts)
            for_all_act_facts(a.what, [&](const act_facts& f) { look(may(nth(p), f)); });
        for (std::size_t q = 0; q < phases; ++q)
            for_all_move_facts([&](const move_facts& f) { look(move(nth(p), nth(q), f)); });
    }
}

}  // namespace law_support
