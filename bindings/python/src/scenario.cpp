// Scenarios: governance rules have unit tests.
#include <quorate/scenario.hpp>

#include "module.hpp"

namespace quorate::python {

void bind_scenarios(py::module_& m) {
    py::class_<scenario_failure>(m, "ScenarioFailure", "An expectation that was not met.")
        .def_readonly("step", &scenario_failure::step)
        .def_readonly("at", &scenario_failure::at)
        .def_readonly("doing", &scenario_failure::doing)
        .def_readonly("what", &scenario_failure::what)
        .def_readonly("expected", &scenario_failure::expected)
        .def_readonly("actual", &scenario_failure::actual)
        .def_readonly("explanation", &scenario_failure::explanation)
        .def_readonly("line", &scenario_failure::line);
    py::class_<scenario_report>(m, "ScenarioReport", "How a scenario went. True when it passed.")
        .def_readonly("title", &scenario_report::title)
        .def_readonly("file", &scenario_report::file)
        .def_readonly("line", &scenario_report::line)
        .def_readonly("checks", &scenario_report::checks)
        .def_readonly("failures", &scenario_report::failures)
        .def_property_readonly("passed", &scenario_report::passed)
        .def("to_json", [](const scenario_report& r) { return to_json(r); })
        .def("__bool__", &scenario_report::passed)
        .def("__str__", [](const scenario_report& r) { return to_string(r); });
    py::class_<scenario>(m, "Scenario", "A unit test of governance: given, when, then.")
        .def_readonly("title", &scenario::title)
        .def_readonly("cites", &scenario::cites)
        .def_readonly("file", &scenario::file)
        .def_readonly("line", &scenario::line)
        .def("run", [](const scenario& s) { return run(s); }, py::call_guard<py::gil_scoped_release>(), "Runs it to its end. Pure: the same scenario gives the same report.")
        .def("__repr__", [](const scenario& s) { return "<quorate.Scenario " + s.title + ">"; });
    m.def("load_scenarios", [](const py::object& path) { return take(load_scenario_file(path_of(path))); }, py::arg("path"),
          "The scenarios of a file, tables unfolded. Raises quorate.Error with every problem and its place.");
    m.def("loads_scenarios", [](const std::string& text, const std::string& name, const py::object& base) {
        return take(load_scenarios(text, name, path_of(base)));
    }, py::arg("text"), py::arg("name") = "scenario", py::arg("base") = ".", "The same from text; `base` is what its paths are relative to.");
}

}  // namespace quorate::python
