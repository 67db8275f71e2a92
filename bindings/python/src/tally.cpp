// Counting: ballots, methods, and counts with their whole working.
#include <quorate/tally.hpp>
#include <quorate/tally/methods.hpp>

#include "module.hpp"

namespace quorate::python {
namespace {

using tally::count;
using tally::option;

std::vector<std::string> names(const count& c, const std::vector<option>& some) {
    std::vector<std::string> all;
    for (const auto o : some) all.push_back(c.options[o]);
    return all;
}
std::vector<std::vector<std::string>> names(const count& c, const std::vector<std::vector<option>>& some) {
    std::vector<std::vector<std::string>> all;
    for (const auto& tier : some) all.push_back(names(c, tier));
    return all;
}

/// One convention by its name, as the library and its tool call them.
template <class Setting, std::size_t N>
void set(Setting& to, const py::dict& from, const char* name, const std::array<std::pair<const char*, Setting>, N>& known) {
    if (!from.contains(name)) return;
    const auto  said = py::str(from[name]).cast<std::string>();
    std::string list;
    for (const auto& [text, value] : known) {
        if (said == text) {
            to = value;
            return;
        }
        list += (list.empty() ? "" : ", ") + std::string(text);
    }
    throw failure(make_error(errc::invalid, "no such choice of " + std::string(name) + ": " + said, {}, list));
}

tally::conventions conventions_of(const py::dict& said) {
    namespace t = tally;
    t::conventions c;
    set<t::unranked_options, 2>(c.unranked, said, "unranked", {{{"last", t::unranked_options::last}, {"not_compared", t::unranked_options::not_compared}}});
    set<t::equal_ranks, 5>(c.equal, said, "equal", {{{"split", t::equal_ranks::split}, {"whole", t::equal_ranks::whole}, {"skip", t::equal_ranks::skip},
                                                     {"wait", t::equal_ranks::wait}, {"exhaust", t::equal_ranks::exhaust}}});
    set<t::skipped_ranks, 3>(c.skipped, said, "skipped", {{{"close", t::skipped_ranks::close}, {"exhaust", t::skipped_ranks::exhaust},
                                                           {"exhaust_two", t::skipped_ranks::exhaust_two}}});
    set<t::defeat_strength, 4>(c.strength, said, "strength", {{{"winning_votes", t::defeat_strength::winning_votes}, {"margins", t::defeat_strength::margins},
                                                               {"ratio", t::defeat_strength::ratio}, {"opposition", t::defeat_strength::opposition}}});
    set<t::quota, 4>(c.quota, said, "quota", {{{"droop", t::quota::droop}, {"hagenbach_bischoff", t::quota::hagenbach_bischoff}, {"hare", t::quota::hare},
                                               {"imperiali", t::quota::imperiali}}});
    for (const auto& each : said) {
        const auto name = each.first.cast<std::string>();
        const auto known = {"unranked", "equal", "skipped", "strength", "quota", "lot"};
        if (std::find(known.begin(), known.end(), name) == known.end())
            throw failure(make_error(errc::invalid, "no such convention: " + name, {}, "unranked, equal, skipped, strength, quota, lot"));
    }
    if (said.contains("lot")) {
        t::tie_break lot;
        lot.by = t::tie_break::kind::lot;
        lot.seed = said["lot"].cast<std::uint64_t>();
        c.ties.push_back(std::move(lot));
    }
    return c;
}

/// The options that ballots name, in the order in which they are first named.
std::vector<std::string> options_in(const py::iterable& ballots, bool rated) {
    std::vector<std::string> all;
    const auto               see = [&](const py::handle& name) {
        auto text = name.cast<std::string>();
        if (std::find(all.begin(), all.end(), text) == all.end()) all.push_back(std::move(text));
    };
    for (const auto& b : ballots) {
        if (rated) for (const auto& [name, value] : b.cast<py::dict>()) { (void)value; see(name); }
        else for (const auto& tier : b) {
            if (py::isinstance<py::str>(tier)) see(tier);
            else for (const auto& name : tier) see(name);
        }
    }
    return all;
}

option place_of(const std::vector<std::string>& options, const std::string& name) {
    const auto at = std::find(options.begin(), options.end(), name);
    if (at == options.end()) throw failure(make_error(errc::invalid, "there is no option \"" + name + "\""));
    return static_cast<option>(at - options.begin());
}

tally::ranked_ballots ranked_of(const py::iterable& ballots, const std::vector<std::string>& options) {
    auto all = take(tally::ranked_ballots::make(options));
    for (const auto& b : ballots) {
        std::vector<std::vector<option>> tiers;
        for (const auto& tier : b) {
            auto& made = tiers.emplace_back();
            if (py::isinstance<py::str>(tier)) made.push_back(place_of(options, tier.cast<std::string>()));
            else for (const auto& name : tier) made.push_back(place_of(options, name.cast<std::string>()));
        }
        take(all.add(tiers));
    }
    return all;
}
tally::rated_ballots rated_of(const py::iterable& ballots, const std::vector<std::string>& options) {
    auto all = take(tally::rated_ballots::make(options));
    for (const auto& b : ballots) {
        std::vector<tally::score> scores(options.size(), tally::unscored);
        for (const auto& [name, value] : b.cast<py::dict>()) scores[place_of(options, name.cast<std::string>())] = value.cast<tally::score>();
        take(all.add(scores));
    }
    return all;
}

const std::vector<std::vector<number>>& table_of(const count& c, const std::string& name) {
    for (const auto& x : c.matrices)
        if (x.name == name) return x.cells;
    throw failure(make_error(errc::not_found, "this count has no table \"" + name + "\""));
}

count counted(const py::object& ballots, const std::string& method, std::size_t seats, std::optional<std::vector<std::string>> options,
              const py::kwargs& with) {
    const auto how = conventions_of(with);
    if (py::isinstance<tally::ballot_file>(ballots)) {
        const auto& file = ballots.cast<const tally::ballot_file&>();
        const py::gil_scoped_release released;
        return take(tally::recount(file, method, how));
    }
    const auto list = py::list(ballots);
    const bool rated = take(tally::find_method(method)).kind() == tally::ballot_kind::rated;
    const auto all = options ? *options : options_in(list, rated);
    if (rated) {
        const auto given = rated_of(list, all);
        const py::gil_scoped_release released;
        return take(tally::recount(given, method, how, seats));
    }
    const auto given = ranked_of(list, all);
    const py::gil_scoped_release released;
    return take(tally::recount(given, method, how, seats));
}

}  // namespace

void bind_tally(py::module_& m) {
    py::class_<tally::ballot_file>(m, "BallotFile", "Ballots as a file has them: PrefLib, BLT, Debian's tally sheets, CSV, ABIF.")
        .def_property_readonly("options", [](const tally::ballot_file& f) { return std::visit([](const auto& b) { return b.options(); }, f.ballots); })
        .def_property_readonly("total", [](const tally::ballot_file& f) { return std::visit([](const auto& b) { return b.total(); }, f.ballots); })
        .def_readonly("seats", &tally::ballot_file::seats)
        .def_readonly("title", &tally::ballot_file::title);
    py::class_<count>(m, "Count", "The result of one count, with its whole working.")
        .def_readonly("method", &count::method)
        .def_readonly("options", &count::options)
        .def_readonly("ballots", &count::ballots)
        .def_readonly("quota", &count::quota)
        .def_property_readonly("elected", [](const count& c) { return names(c, c.elected); }, "In the order in which they were elected.")
        .def_property_readonly("undecided", [](const count& c) { return names(c, c.undecided); }, "Tied for the seats that are left.")
        .def_property_readonly("winners", [](const count& c) { return names(c, c.winners()); })
        .def_property_readonly("order", [](const count& c) { return names(c, c.order); }, "All options in tiers, best first.")
        .def("matrix", &table_of, py::arg("name"), "A table over pairs of options: row against column.")
        .def("to_numpy", [](const count& c, const std::string& name) { return py::module_::import("quorate._results").attr("table")(table_of(c, name)); },
             py::arg("name"), "The same as a NumPy array of floats.")
        .def("to_pandas", [](const count& c, const std::string& name) { return py::module_::import("quorate._results").attr("frame")(table_of(c, name), c.options); },
             py::arg("name"), "The same as a DataFrame with the options' names. Needs pandas.")
        .def_property_readonly("matrices", [](const count& c) {
            std::vector<std::string> all;
            for (const auto& x : c.matrices) all.push_back(x.name);
            return all;
        })
        .def("to_json", [](const count& c) { return tally::to_json(c); })
        .def("to_dict", [](const count& c) { return from_json(tally::to_json(c)); })
        .def("_repr_html_", [](const count& c) { return preformatted(tally::to_table(c)); })
        .def("__str__", [](const count& c) { return tally::to_table(c); });
    m.def("methods", [] {
        std::vector<std::string> all;
        for (const auto& x : tally::methods()) all.emplace_back(x.name);
        return all;
    }, "Names of all ways of counting.");
    m.def("read_ballots", [](const py::object& path, const std::optional<std::string>& kind, const std::vector<std::string>& options) {
        tally::read_settings how;
        how.options = options;
        if (kind && *kind != "ranked" && *kind != "rated") throw failure(make_error(errc::invalid, "ballots are ranked or rated, not " + *kind));
        if (kind) how.kind = *kind == "ranked" ? tally::ballot_kind::ranked : tally::ballot_kind::rated;
        const auto file = path_of(path);
        const py::gil_scoped_release released;
        return take(tally::read_ballots_file(file, how));
    }, py::arg("path"), py::kw_only(), py::arg("kind") = py::none(), py::arg("options") = std::vector<std::string>(),
          "Reads a ballot file. Errors have line and column.");
    m.def("count", &counted, py::arg("ballots"), py::arg("method"), py::kw_only(), py::arg("seats") = 1, py::arg("options") = py::none(),
          "Counts ballots by a method: rankings as [[\"a\", [\"b\", \"c\"]], ...] (a list in a ranking is a tie), scores as [{\"a\": 5}, ...], or a "
          "BallotFile. Keywords set conventions: unranked, equal, skipped, strength, quota, lot=SEED.");
}

}  // namespace quorate::python
