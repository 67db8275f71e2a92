// Verification: all that can happen under a charter, and what two charters decide otherwise.
#include <quorate/verify.hpp>

#include "interruption.hpp"

namespace quorate::python {
namespace {

verify_report verified(const charter& c, const std::string& process, const std::optional<roster>& people, verify_options how, const py::object& progress) {
    interruption over;
    how.stop = over.stop();
    if (!progress.is_none())
        how.progress = [&](const verify_progress& p) { over.call([&] { progress(p.states, p.steps, p.waiting); }); };
    return over.run([&] { return take(verify(c, process, how, people ? &*people : nullptr)); });
}

void bind_report(py::module_& m) {
    py::class_<finding>(m, "Finding", "Something that can happen under a charter, or can't, and shouldn't or should.")
        .def_readonly("id", &finding::id, "Stable from run to run: \"stuck: pending\".")
        .def_property_readonly("kind", [](const finding& f) { return std::string(to_string(f.kind)); })
        .def_readonly("what", &finding::what, "What is wrong, in a sentence.")
        .def_readonly("why", &finding::why, "And why it matters.")
        .def_readonly("story", &finding::story, "The shortest way there, line by line.")
        .def_readonly("scenario", &finding::scenario, "The same as a scenario file, for loads_scenarios; empty where there is no story.")
        .def("__str__", [](const finding& f) { return to_string(f); })
        .def("__repr__", [](const finding& f) { return "<quorate.Finding " + f.id + ">"; });
    py::class_<coalition_power>(m, "CoalitionPower", "Smallest groups that can do something whatever the others do; None: no group can.")
        .def_readonly("accept_unopposed", &coalition_power::accept_unopposed)
        .def_readonly("force_acceptance", &coalition_power::force_acceptance)
        .def_readonly("force_rejection", &coalition_power::force_rejection)
        .def_readonly("block", &coalition_power::block)
        .def_readonly("indispensable", &coalition_power::indispensable, "Those without whom nothing is ever accepted.")
        .def_readonly("known", &coalition_power::known, "False: the exploration was cut short, or there are too many groups.");
    py::class_<verify_report>(m, "VerifyReport", "What was looked at, and what came of it. True when exactly the findings that the charter lists were found.")
        .def_readonly("process", &verify_report::process)
        .def_readonly("states", &verify_report::states, "Different situations.")
        .def_readonly("steps", &verify_report::steps)
        .def_readonly("depth", &verify_report::depth)
        .def_readonly("people", &verify_report::people)
        .def_readonly("bounds", &verify_report::bounds)
        .def_readonly("not_covered", &verify_report::not_covered)
        .def_readonly("power", &verify_report::power)
        .def_readonly("findings", &verify_report::findings)
        .def_readonly("known", &verify_report::known, "Ids that the charter lists.")
        .def_property_readonly("complete", &verify_report::complete, "All within the bounds was covered.")
        .def_property_readonly("unknown", &verify_report::unknown, "Ids of findings that the charter doesn't list.")
        .def_property_readonly("missing", &verify_report::missing, "Ids that it lists and that were not found.")
        .def("to_json", [](const verify_report& r) { return to_json(r); })
        .def("to_dict", [](const verify_report& r) { return from_json(to_json(r)); })
        .def("__bool__", &verify_report::as_known)
        .def("_repr_html_", [](const verify_report& r) { return preformatted(to_string(r)); })
        .def("__str__", [](const verify_report& r) { return to_string(r); });
}

}  // namespace

void bind_verify(py::module_& m) {
    bind_report(m);
    const verify_bounds usual;
    m.def("verify", [](const charter& c, const std::string& process, const std::optional<roster>& people, std::size_t members, std::size_t concerns,
                       std::size_t questions, std::size_t options, std::size_t holds, std::size_t children, std::size_t revisions, std::size_t leavers,
                       std::size_t joiners, bool exchange, std::size_t states, std::size_t memory, bool fit, std::size_t threads, bool power, const py::object& progress) {
        const verify_bounds bounds{.members = members, .concerns = concerns, .questions = questions, .options = options, .holds = holds, .children = children,
                                   .revisions = revisions, .leavers = leavers, .joiners = joiners, .exchange = exchange, .states = states, .memory = memory};
        return verified(c, process, people, {.bounds = bounds, .fit = fit, .threads = threads, .power = power}, progress);
    }, py::arg("charter"), py::arg("process"), py::kw_only(), py::arg("roster") = py::none(), py::arg("members") = usual.members,
          py::arg("concerns") = usual.concerns, py::arg("questions") = usual.questions, py::arg("options") = usual.options, py::arg("holds") = usual.holds,
          py::arg("children") = usual.children, py::arg("revisions") = usual.revisions, py::arg("leavers") = usual.leavers, py::arg("joiners") = usual.joiners,
          py::arg("exchange") = usual.exchange, py::arg("states") = usual.states, py::arg("memory") = usual.memory, py::arg("fit") = true, py::arg("threads") = 1,
          py::arg("power") = true, py::arg("progress") = py::none(),
          "Explores all that can happen in a process, for a small group, through the engine itself. Bounds are how much of each there is at once; with `fit` they "
          "are made smaller until `states` and `memory` (bytes) suffice, as the report says. `progress(states, steps, waiting)` is called now and then. Ctrl-C ends it.");
    m.def("compare", [](const charter& before, const charter& after, const std::string& process, std::size_t members) {
        std::string json;
        {
            const py::gil_scoped_release released;
            json = to_json(take(compare(before, after, process, members)));
        }
        return from_json(json);
    }, py::arg("before"), py::arg("after"), py::arg("process"), py::kw_only(), py::arg("members") = 12,
          "Every vote of groups up to that size that two charters decide otherwise, as a dict.");
}

}  // namespace quorate::python
