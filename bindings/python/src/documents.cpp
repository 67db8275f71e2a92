// Charters and rosters.
#include <quorate/charter.hpp>
#include <quorate/diagram.hpp>
#include <quorate/roster.hpp>

#include "module.hpp"

namespace quorate::python {
namespace {

graph graph_of(const charter& c, const std::string& process) {
    const auto* p = process.empty() && c.processes().size() == 1 ? c.processes().data() : c.find(process);
    if (p == nullptr) throw failure(make_error(errc::not_found, "there is no process \"" + process + "\"", c.get().name));
    return diagram_of(*p);
}

void bind_diagram(py::module_& m) {
    py::class_<graph>(m, "Diagram", "A process as a picture: stages, and what leads from one to another. Its text is Mermaid.")
        .def_property_readonly("mermaid", [](const graph& g) { return to_mermaid(g); })
        .def_property_readonly("graphviz", [](const graph& g) { return to_graphviz(g); })
        .def_property_readonly("plantuml", [](const graph& g) { return to_plantuml(g); })
        .def_property_readonly("svg", [](const graph& g) { return to_svg(g); })
        .def("_repr_svg_", [](const graph& g) { return to_svg(g); })
        .def("__str__", [](const graph& g) { return to_mermaid(g); })
        .def("__repr__", [](const graph& g) { return "<quorate.Diagram " + g.title + ">"; });
}

std::string page_of(const charter& c) {
    auto out = "<h3>" + escaped(c.title()) + "</h3>";
    for (const auto& p : c.processes()) out += to_svg(diagram_of(p));
    return out + preformatted(describe(c));
}

}  // namespace

std::vector<std::pair<std::string, std::string>> parameters_of(const py::dict& given) {
    std::vector<std::pair<std::string, std::string>> all;
    for (const auto& each : given) {
        const auto value = each.second;
        all.emplace_back(each.first.cast<std::string>(), is_a(value, "timedelta") ? to_string(value.cast<duration>()) : py::str(value).cast<std::string>());
    }
    return all;
}

void bind_documents(py::module_& m) {
    bind_diagram(m);
    py::class_<problem>(m, "Problem", "One thing wrong at one place.")
        .def_readonly("warning", &problem::warning, "Suspicious rather than wrong.")
        .def_readonly("where", &problem::where, "File, JSON pointer or name of the rule.")
        .def_readonly("line", &problem::line, "From 1; 0: the place has none.")
        .def_readonly("column", &problem::column)
        .def_readonly("what", &problem::what)
        .def_readonly("hint", &problem::hint, "A way out; may be empty.")
        .def("__str__", [](const problem& p) { return to_string(p); })
        .def("__repr__", [](const problem& p) { return "<quorate.Problem " + to_string(p) + ">"; });

    py::class_<roster>(m, "Roster", "Who is in which team, with which roles, seats and affiliations.")
        .def_static("load", [](const py::object& path) { return take(load_roster_file(path_of(path))); }, py::arg("path"),
                    "Reads a roster file. Raises quorate.Error with every problem and its place.")
        .def_static("loads", [](const std::string& text, const std::string& name) { return take(load_roster(text, name)); }, py::arg("text"),
                    py::arg("name") = "roster", "Reads a roster from its text.")
        .def("__repr__", [](const roster& r) { return "<quorate.Roster of " + std::to_string(r.people()) + ">"; })
        .def("to_json", [](const roster& r, int indent) { return to_json(r, indent); }, py::arg("indent") = 0, "Canonical JSON.")
        .def_property_readonly("people", [](const roster& r) {
            std::vector<std::string> handles;
            for (std::size_t i = 0; i < r.people(); ++i) handles.emplace_back(r.handle(static_cast<person>(i)));
            return handles;
        }, "Handles of everybody, in the order of the roster.")
        .def("members", [](const roster& r, const std::string& team) {
            const auto t = r.team_named(team);
            if (!t) throw failure(make_error(errc::not_found, "there is no team \"" + team + "\"", "roster"));
            std::vector<std::string> handles;
            for (const auto p : r.members(*t)) handles.emplace_back(r.handle(p));
            return handles;
        }, py::arg("team"), "Handles of a team's members.")
        .def(py::pickle([](const roster& r) { return py::make_tuple(to_json(r)); },
                        [](const py::tuple& t) { return take(load_roster(t[0].cast<std::string>())); }))
        .def_property_readonly("warnings", [](const roster& r) { return std::vector<problem>(r.warnings().begin(), r.warnings().end()); });

    py::class_<charter>(m, "Charter", "How a group decides. Immutable; copies share one body.")
        .def_static("load", [](const py::object& path, const py::kwargs& set) { return take(load_charter_file(path_of(path), parameters_of(set))); },
                    py::arg("path"), "Reads a charter file; keywords set its parameters. Raises quorate.Error with every problem and its place.")
        .def_static("loads", [](const std::string& text, const std::string& name, const py::kwargs& set) {
            return take(load_charter(text, name, parameters_of(set)));
        }, py::arg("text"), py::arg("name") = "charter", "Reads a charter from its text.")
        .def_static("join", [](const std::vector<charter>& all, const std::string& name) { return take(join_charters(all, name)); },
                    py::arg("charters"), py::arg("name") = "charter", "One charter with the processes of several.")
        .def_property_readonly("title", &charter::title)
        .def_property_readonly("hash", &charter::hash, "SHA-256 of its text and parameters: what proposals pin.")
        .def_property_readonly("text", [](const charter& c) { return c.get().text; }, "The document, byte for byte.")
        .def_property_readonly("processes", [](const charter& c) {
            std::vector<std::string> names;
            for (const auto& p : c.processes()) names.push_back(p.name);
            return names;
        })
        .def_property_readonly("warnings", [](const charter& c) { return c.warnings(); })
        .def("check", [](const charter& c, const roster& r) { return check(c, r); }, py::arg("roster"),
             "What can't work for these people: unknown teams, empty electorates, rules that can never hold. Empty: nothing found.")
        .def("describe", [](const charter& c) { return describe(c); }, "The charter in plain English.")
        .def("diagram", &graph_of, py::arg("process") = "", "A process as a picture.")
        .def("_repr_html_", &page_of)
        .def(py::pickle([](const charter& c) { return py::make_tuple(c.get().text, c.get().name, c.get().given); },
                        [](const py::tuple& t) {
                            return take(load_charter(t[0].cast<std::string>(), t[1].cast<std::string>(), t[2].cast<std::vector<std::pair<std::string, std::string>>>()));
                        }))
        .def("__repr__", [](const charter& c) { return "<quorate.Charter " + c.title() + ">"; });
}

}  // namespace quorate::python
