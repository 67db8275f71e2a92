// Explanations: why a proposal stands where it stands.
#include <quorate/explain.hpp>

#include "module.hpp"

namespace quorate::python {

void bind_explanation(py::module_& m) {
    const auto truth_name = [](truth t) { return std::string(to_string(t)); };
    py::class_<condition_reading>(m, "Condition", "One condition of an exit, and how it stands.")
        .def_readonly("text", &condition_reading::text, "As written.")
        .def_readonly("rule", &condition_reading::rule, "The named rule it belongs to; may be empty.")
        .def_property_readonly("truth", [truth_name](const condition_reading& c) { return truth_name(c.is); })
        .def_readonly("measured", &condition_reading::measured)
        .def_readonly("required", &condition_reading::required)
        .def_readonly("why", &condition_reading::why)
        .def_readonly("people", &condition_reading::people, "Handles of those who can change it.")
        .def_readonly("changes", &condition_reading::changes, "When time alone does; None: never.");
    py::class_<exit_reading>(m, "Exit", "One way out of the current stage, and what stands in its way.")
        .def_readonly("to", &exit_reading::to)
        .def_property_readonly("leads_to", [](const exit_reading& x) { return std::string(to_string(x.leads_to)); }, "A phase of the law.")
        .def_readonly("says", &exit_reading::says)
        .def_property_readonly("now", [truth_name](const exit_reading& x) { return truth_name(x.now); })
        .def_readonly("certain", &exit_reading::certain)
        .def_readonly("possible", &exit_reading::possible)
        .def_readonly("exact", &exit_reading::exact)
        .def_readonly("conditions", &exit_reading::conditions)
        .def_readonly("due", &exit_reading::due)
        .def_readonly("enough", &exit_reading::enough)
        .def_readonly("stuck", &exit_reading::stuck);
    py::class_<explanation>(m, "Explanation", "Why a proposal stands where it stands, who can move it, what happens next and when.")
        .def_readonly("id", &explanation::id)
        .def_readonly("subject", &explanation::subject)
        .def_readonly("title", &explanation::title)
        .def_readonly("process", &explanation::process)
        .def_readonly("stage", &explanation::stage)
        .def_property_readonly("phase", [](const explanation& e) { return std::string(to_string(e.in)); })
        .def_readonly("entered", &explanation::entered)
        .def_readonly("as_of", &explanation::as_of)
        .def_readonly("disposition", &explanation::disposition)
        .def_readonly("electorate", &explanation::electorate)
        .def_property_readonly("ballots", [](const explanation& e) {
            py::dict all;
            for (const auto& [position, who] : e.ballots) all[py::str(position)] = who;
            return all;
        }, "Who chose what, by position; empty if hidden.")
        .def_readonly("outstanding", &explanation::outstanding)
        .def_readonly("options", &explanation::options)
        .def_readonly("elected", &explanation::elected)
        .def_readonly("tied", &explanation::tied)
        .def_readonly("concerns", &explanation::concerns)
        .def_readonly("questions", &explanation::questions)
        .def_readonly("facts", &explanation::facts)
        .def_readonly("exits", &explanation::exits)
        .def_readonly("next", &explanation::next, "When time alone will next move it; None: never.")
        .def_readonly("next_stage", &explanation::next_stage)
        .def_readonly("findings", &explanation::findings, "What can't go on by itself.")
        .def_readonly("summary", &explanation::summary, "One sentence.")
        .def("to_json", [](const explanation& e) { return to_json(e); })
        .def("to_dict", [](const explanation& e) { return from_json(to_json(e)); })
        .def("_repr_html_", [](const explanation& e) { return preformatted(to_string(e)); })
        .def("__str__", [](const explanation& e) { return to_string(e); })
        .def("__repr__", [](const explanation& e) { return "<quorate.Explanation " + e.id + ": " + e.summary + ">"; });
}

}  // namespace quorate::python
