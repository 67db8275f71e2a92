// Power: how much say a rule gives each member.
#include <quorate/power.hpp>
#include <quorate/power_of.hpp>

#include "interruption.hpp"

namespace quorate::python {
namespace {

using power::integer;
using power::ratio;

py::object whole(const integer& n) { return py::int_(py::str(n.str())); }
py::object fraction(const ratio& r) { return py::module_::import("fractions").attr("Fraction")(r.str()); }
template <class Get>
py::list each_of(std::size_t n, Get get) {
    py::list all;
    for (std::size_t i = 0; i < n; ++i) all.append(get(i));
    return all;
}

/// A game of any form, with the names of what its figures are of: members, or classes of members who are alike.
struct game {
    std::variant<power::weighted_game, power::compound_game, power::class_game> is{};
    std::vector<std::vector<std::string>> classes{};
    std::string                           about{};
    std::optional<power::game_of_charter> from{};
    std::optional<charter>                rules{};
    std::shared_ptr<const roster>         people{};  ///< both outlive `from`
};

std::vector<std::vector<std::string>> numbered(std::size_t members) {
    std::vector<std::vector<std::string>> all;
    for (std::size_t i = 0; i < members; ++i) all.push_back({std::to_string(i)});
    return all;
}

game weighted(std::vector<std::uint64_t> weights, std::uint64_t quota) {
    const auto n = weights.size();
    return {.is = power::weighted_game{std::move(weights), quota}, .classes = numbered(n), .about = "weights"};
}

game compound(const std::vector<std::pair<std::vector<std::uint64_t>, std::uint64_t>>& tests, std::vector<std::vector<std::size_t>> any_of) {
    power::compound_game g{.any_of = std::move(any_of)};
    for (const auto& [weights, quota] : tests) g.tests.push_back({weights, quota});
    const auto n = g.tests.empty() ? 0 : g.tests.front().weights.size();
    return {.is = std::move(g), .classes = numbered(n), .about = "several tests of weights"};
}

game of_charter(const charter& c, const std::string& process, const roster& people, power::say how) {
    game g{.rules = c, .people = std::make_shared<const roster>(people)};
    const py::gil_scoped_release released;
    g.from = take(power::game_of(*g.rules, process, *g.people, how));
    g.is = g.from->game;
    g.classes = g.from->classes;
    g.about = g.from->about;
    return g;
}

struct interrupted {};

power::indices indices_of(const game& g) {
    interruption over;
    return over.run([&] {
        const auto* by_class = std::get_if<power::class_game>(&g.is);
        if (by_class == nullptr) return std::visit([](const auto& x) { return take(power::indices_of(x)); }, g.is);
        // The library asks as often as it must; the only way out of it is not to answer.
        auto asked = *by_class;
        asked.wins = [&](std::span<const std::uint32_t> yes) {
            if (*over.stop()) throw interrupted{};
            return by_class->wins(yes);
        };
        try {
            return take(power::indices_of(asked));
        } catch (const interrupted&) {
            return power::indices{};
        }
    });
}

const power::weighted_game& only_weights(const game& g) {
    if (const auto* w = std::get_if<power::weighted_game>(&g.is)) return *w;
    throw failure(make_error(errc::unsupported, "coalitions of a game of several tests are not listed"));
}
power::coalitions winning_of(const game& g, std::size_t most, bool blocking) {
    const py::gil_scoped_release released;
    if (const auto* c = std::get_if<power::class_game>(&g.is)) return take(power::minimal_winning(blocking ? power::blocking(*c) : *c, most));
    const auto& w = only_weights(g);
    return take(power::minimal_winning(blocking ? power::blocking(w) : w, most));
}

/// Each coalition as a list of what it has: of weights the members, of a charter how many of which class.
py::list listed(const game& g, const power::coalitions& all) {
    py::list out;
    const bool alike = std::holds_alternative<power::class_game>(g.is);
    for (const auto& one : all.list) {
        py::list members;
        for (std::size_t i = 0; i < one.size(); ++i) {
            if (!alike) members.append(g.classes[one[i]].front());
            else if (one[i] > 0) members.append(py::make_tuple(one[i], g.classes[i]));
        }
        out.append(members);
    }
    return out;
}

bool wins(const game& g, std::span<const std::uint8_t> yes) {
    if (g.from) return g.from->wins(yes);
    const auto passes = [&](const power::weighted_game& w) {
        std::uint64_t sum = 0;
        for (std::size_t i = 0; i < w.weights.size(); ++i) sum += yes[i] * w.weights[i];
        return sum >= w.quota;
    };
    if (const auto* w = std::get_if<power::weighted_game>(&g.is)) return passes(*w);
    const auto& c = std::get<power::compound_game>(g.is);
    return std::any_of(c.any_of.begin(), c.any_of.end(), [&](const auto& way) { return std::all_of(way.begin(), way.end(), [&](auto t) { return passes(c.tests[t]); }); });
}

power::estimates estimated(const game& g, std::uint64_t draws, std::uint64_t seed) {
    const auto members = g.from ? g.from->members().size() : g.classes.size();
    interruption over;
    return over.run([&] {
        try {
            return take(power::estimate(members, [&](std::span<const std::uint8_t> yes) {
                if (*over.stop()) throw interrupted{};
                return wins(g, yes);
            }, draws, seed));
        } catch (const interrupted&) {
            return power::estimates{};
        }
    });
}

void bind_indices(py::module_& m) {
    using power::indices;
    py::class_<indices>(m, "Indices", "Exact power indices, as Fractions; one element for each class of the game.")
        .def_readonly("members", &indices::members)
        .def_readonly("count", &indices::count, "How many members each element stands for.")
        .def_readonly("monotone", &indices::monotone, "False: somewhere one more yes turns winning into losing.")
        .def_property_readonly("winning", [](const indices& x) { return whole(x.winning); }, "Coalitions that win.")
        .def_property_readonly("losing", [](const indices& x) { return whole(x.losing); })
        .def_property_readonly("swings", [](const indices& x) { return each_of(x.swings.size(), [&](auto i) { return whole(x.swings[i]); }); },
                               "Coalitions that lose without the member and win with them.")
        .def_property_readonly("banzhaf", [](const indices& x) { return each_of(x.swings.size(), [&](auto i) { return fraction(x.banzhaf(i)); }); })
        .def_property_readonly("penrose", [](const indices& x) { return each_of(x.swings.size(), [&](auto i) { return fraction(x.banzhaf_absolute(i)); }); },
                               "The chance that the member's say decides when the others toss coins.")
        .def_property_readonly("shapley_shubik", [](const indices& x) { return each_of(x.swings.size(), [&](auto i) { return fraction(x.shapley_shubik[i]); }); })
        .def_property_readonly("prevent", [](const indices& x) { return each_of(x.swings.size(), [&](auto i) { return fraction(x.prevent(i)); }); }, "Coleman's power to prevent.")
        .def_property_readonly("initiate", [](const indices& x) { return each_of(x.swings.size(), [&](auto i) { return fraction(x.initiate(i)); }); }, "Coleman's power to initiate.")
        .def_property_readonly("power_to_act", [](const indices& x) { return fraction(x.power_to_act()); }, "Coleman's power of the collectivity to act.");
    using power::estimates;
    py::class_<estimates>(m, "Estimates", "Drawn, not counted: with `confidence` every figure is within `error` of the true one.")
        .def_property_readonly("penrose", [](const estimates& x) { return each_of(x.banzhaf_absolute.size(), [&](auto i) { return fraction(x.banzhaf_absolute[i]); }); })
        .def_property_readonly("shapley_shubik", [](const estimates& x) { return each_of(x.shapley_shubik.size(), [&](auto i) { return fraction(x.shapley_shubik[i]); }); })
        .def_property_readonly("power_to_act", [](const estimates& x) { return fraction(x.power_to_act); })
        .def_property_readonly("error", [](const estimates& x) { return fraction(x.error); })
        .def_property_readonly("confidence", [](const estimates& x) { return fraction(x.confidence); })
        .def_readonly("draws", &estimates::draws);
}

}  // namespace

void bind_power(py::module_& m) {
    bind_indices(m);
    py::class_<game>(m, "Game", "Which coalitions win: of plain weights, or of a charter's rule or process.")
        .def_static("weighted", &weighted, py::arg("weights"), py::arg("quota"), "A coalition wins whose weights add up to at least the quota.")
        .def_static("compound", &compound, py::arg("tests"), py::arg("any_of"),
                    "Several (weights, quota); a coalition wins that passes all tests of some way: any_of=[[0, 1], [2]].")
        .def_static("of", [](const charter& c, const std::string& process, const roster& people, const std::string& rule, const std::string& yes, const std::string& no,
                             const std::string& disposition, const std::string& author, const std::vector<std::string>& teams) {
            return of_charter(c, process, people, {.yes = yes, .no = no, .rule = rule, .disposition = disposition, .author = author, .teams = teams});
        }, py::arg("charter"), py::arg("process"), py::arg("roster"), py::kw_only(), py::arg("rule") = "", py::arg("yes") = "", py::arg("no") = "",
                    py::arg("disposition") = "", py::arg("author") = "", py::arg("teams") = std::vector<std::string>(),
                    "The game of a named rule; without one, of the whole process to its outcome.")
        .def_readonly("classes", &game::classes, "Names of the members of each class: those whom nothing tells apart.")
        .def_readonly("about", &game::about, "What is asked, and what is assumed.")
        .def("indices", &indices_of, "Banzhaf, Shapley-Shubik and Coleman indices, exactly.")
        .def("estimate", &estimated, py::arg("draws") = 10'000, py::arg("seed") = 1, "The same, drawn, for games too large to count. Ctrl-C ends it.")
        .def("minimal_winning", [](const game& g, std::size_t most) { return listed(g, winning_of(g, most, false)); }, py::arg("most") = 100,
             "Coalitions to which nobody can be spared; of a charter's game as (how many, of which class).")
        .def("minimal_blocking", [](const game& g, std::size_t most) { return listed(g, winning_of(g, most, true)); }, py::arg("most") = 100);
    m.def("concentration", [](const std::vector<std::uint64_t>& weights) {
        const auto c = power::concentration_of(weights);
        py::dict   all;
        all["gini"] = fraction(c.gini);
        all["herfindahl"] = fraction(c.herfindahl);
        all["effective"] = fraction(c.effective);
        all["nakamoto"] = power::nakamoto(weights);
        return all;
    }, py::arg("weights"), "How unevenly weights or loads are spread: Gini, Herfindahl, effective number, Nakamoto.");
}

}  // namespace quorate::python
