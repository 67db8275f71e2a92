// Simulation: studies, their results, pictures.
#include "simulate.hpp"

#include <quorate/simulate_pictures.hpp>
#include <quorate/simulate_study.hpp>
#include <quorate/sqlite_journal.hpp>

#include "interruption.hpp"

namespace quorate::python {
namespace {

namespace sim = quorate::simulate;

/// A study, and the keywords it was made from, by which it is sent to other processes.
struct python_study {
    sim::study study{};
    py::dict   said{};
};
struct study_result {
    std::shared_ptr<const python_study> of{};
    sim::progress                       progress{};
};

// ---- studies --------------------------------------------------------------------------------------------------------------------------------
std::string behaviour_text(const py::object& said) {
    if (said.is_none()) return std::string(sim::usual_behaviour);
    if (py::isinstance<py::str>(said)) return said.cast<std::string>();
    if (py::hasattr(said, "__fspath__")) return said.attr("read_text")("utf-8").cast<std::string>();
    return py::module_::import("json").attr("dumps")(said).cast<std::string>();
}

std::vector<sim::dimension> dimensions_of(const py::object& said) {
    std::vector<sim::dimension> all;
    if (said.is_none()) return all;
    for (const auto& each : py::dict(said)) {
        auto& d = all.emplace_back(sim::dimension{.name = each.first.cast<std::string>()});
        if (py::isinstance<py::str>(each.second)) throw failure(make_error(errc::invalid, d.name + " takes a list of values", "sweep"));
        for (const auto& value : each.second) {
            py::dict one;
            one["value"] = value;
            d.values.push_back(parameters_of(one).front().second);
        }
    }
    return all;
}

std::shared_ptr<python_study> made(const py::dict& said) {
    const auto  get = [&](const char* name) { return py::object(said[name]); };
    const auto  plan = get("plan");
    const auto  people = get("roster");
    const auto  members = get("members").cast<std::size_t>();
    if (people.is_none() == (members == 0)) throw failure(make_error(errc::invalid, "a study needs either a roster or a number of members"));
    auto        how = take(sim::read_behaviour(behaviour_text(get("behaviour"))));
    if (!plan.is_none()) how.plans = policy_of(plan);
    sim::variation varied{.members = members, .sweeps = dimensions_of(get("sweep")), .alone = dimensions_of(get("vary")), .without_each = get("without_each").cast<bool>()};
    if (const auto other = get("against"); !other.is_none()) varied.against = other.cast<charter>();
    const sim::setting base{.rules = get("charter").cast<charter>(), .process = get("process").cast<std::string>(),
                            .people = members != 0 ? take(load_roster("{}")) : people.cast<roster>(), .how = std::move(how)};
    auto all = std::make_shared<python_study>();
    all->study = take(sim::study_of(base, varied));
    all->study.runs = get("runs").cast<std::uint64_t>();
    all->study.seed = get("seed").cast<std::uint64_t>();
    all->said = said;
    if (!plan.is_none()) {  // by its name, a study with another plan is another study
        const auto name = py::str(plan.attr("__module__")).cast<std::string>() + "." + py::str(plan.attr("__qualname__")).cast<std::string>();
        for (auto& v : all->study.variants) v.how.text += "\nplan: " + name;
    }
    return all;
}

/// Writes a file that is whole or not there at all.
void write_whole(const py::object& path, const std::string& text) {
    py::module_::import("quorate._results").attr("write_whole")(path, py::bytes(text));
}

study_result carried_out(const std::shared_ptr<const python_study>& of, std::pair<std::uint32_t, std::uint32_t> shard, std::uint32_t threads, const py::object& checkpoint,
                         const py::object& progress) {
    auto study = of->study;
    if (shard.first == 0 || shard.first > shard.second) throw failure(make_error(errc::invalid, "there is no such shard", "shard", "(1, 4) is the first of four"));
    study.shard = shard.first - 1;
    study.shards = shard.second;
    interruption over;
    sim::running how{.threads = threads, .stop = over.stop()};
    if (!checkpoint.is_none() && py::module_::import("os.path").attr("exists")(checkpoint).cast<bool>())
        how.from = take(sim::parse_progress(py::module_::import("quorate._results").attr("read_whole")(checkpoint).cast<std::string>(), path_of(checkpoint)));
    if (!checkpoint.is_none() || !progress.is_none())
        how.saw = [&](const sim::progress& p) {
            if (!checkpoint.is_none()) over.call([&] { write_whole(checkpoint, to_text(p)); }, true);
            if (!progress.is_none()) over.call([&] { progress(p.runs_done(), p.runs); });
        };
    return {of, over.run([&] { return take(sim::run(study, how)); })};
}

study_result read_result(const std::shared_ptr<const python_study>& of, const py::bytes& text) {
    auto p = take(sim::parse_progress(std::string(text)));
    if (p.identity != take(sim::identity_of(of->study))) throw failure(make_error(errc::conflict, "these are results of another study"));
    return {of, std::move(p)};
}

py::list told(const python_study& s, std::uint64_t run, std::size_t variant) {
    if (variant >= s.study.variants.size()) throw failure(make_error(errc::not_found, "the study has no such variant"));
    std::vector<sim::told> story;
    {
        const py::gil_scoped_release released;
        story = take(sim::tell(s.study.variants[variant], s.study.seed, run));
    }
    py::list all;
    for (const auto& t : story) {
        py::dict one;
        one["at"] = t.at;
        one["proposal"] = t.proposal;
        one["who"] = t.who;
        one["what"] = t.what;
        one["stage"] = t.stage;
        one["refused"] = t.refused;
        all.append(one);
    }
    return all;
}

std::vector<std::string> variant_names(const python_study& s) {
    std::vector<std::string> all;
    for (const auto& v : s.study.variants) all.push_back(v.name);
    return all;
}

// ---- results --------------------------------------------------------------------------------------------------------------------------------
study_result merged(const study_result& r, const py::args& others) {
    auto all = r;
    for (const auto& other : others) take(sim::merge(all.progress, other.cast<const study_result&>().progress));
    return all;
}

py::object shaped(const study_result& r, const char* how, const py::object& more = py::none()) {
    return py::module_::import("quorate._results").attr(how)(from_json(sim::report_json(r.of->study, r.progress)), more);
}

std::vector<sim::picture> pictures_of(const study_result& r, std::uint64_t run) {
    const py::gil_scoped_release released;
    return sim::pictures(r.of->study, r.progress, take(sim::tell(r.of->study.variants.front(), r.of->study.seed, run)));
}

void bind_results(py::module_& m) {
    py::class_<sim::picture>(m, "Picture", "A picture of a study, with its numbers.")
        .def_readonly("name", &sim::picture::name)
        .def_readonly("title", &sim::picture::title)
        .def_readonly("svg", &sim::picture::svg)
        .def_readonly("csv", &sim::picture::csv, "What is drawn.")
        .def("_repr_svg_", [](const sim::picture& p) { return p.svg; })
        .def("__repr__", [](const sim::picture& p) { return "<quorate.Picture " + p.name + ">"; });
    py::class_<study_result>(m, "StudyResult", "What is known after some runs of a study: all of it, a shard, or as far as it came.")
        .def_property_readonly("study", [](const study_result& r) { return std::const_pointer_cast<python_study>(r.of); })
        .def_property_readonly("runs_done", [](const study_result& r) { return r.progress.runs_done(); })
        .def_property_readonly("complete", [](const study_result& r) { return r.progress.complete(); })
        .def("merge", &merged, "This result and those of other shards.")
        .def("to_bytes", [](const study_result& r) { return py::bytes(to_text(r.progress)); }, "What quorate simulate --out writes; Study.result reads it.")
        .def("to_json", [](const study_result& r) { return sim::report_json(r.of->study, r.progress); }, "What quorate simulate --json prints.")
        .def("to_dict", [](const study_result& r) { return from_json(sim::report_json(r.of->study, r.progress)); })
        .def("to_csv", [](const study_result& r) { return sim::report_csv(r.of->study, r.progress); }, "One line a figure.")
        .def("to_html", [](const study_result& r, std::uint64_t run) {
            const py::gil_scoped_release released;
            return sim::html_report(r.of->study, r.progress, take(sim::tell(r.of->study.variants.front(), r.of->study.seed, run)));
        }, py::arg("run") = 0, "One page with pictures, figures and assumptions.")
        .def("to_numpy", [](const study_result& r, const std::string& figure) { return shaped(r, "to_numpy", py::str(figure)); }, py::arg("figure"),
             "A figure of all variants: of a sweep an array with an axis for each dimension. What couldn't be measured is NaN.")
        .def("times", [](const study_result& r, std::size_t variant) { return shaped(r, "times", py::int_(variant)); }, py::arg("variant") = 0,
             "Times to decision of a variant as two NumPy arrays: from how many days on, and how many proposals.")
        .def("to_pandas", [](const study_result& r) { return shaped(r, "to_pandas"); }, "All figures as a DataFrame, one row a figure and variant. Needs pandas.")
        .def("pictures", &pictures_of, py::arg("run") = 0, "What there is to see; `run` is the one whose timeline is drawn.")
        .def("__eq__", [](const study_result& r, const py::object& other) {
            return py::isinstance<study_result>(other) && to_text(r.progress) == to_text(other.cast<const study_result&>().progress);
        }, py::arg("other"))
        .def(py::pickle([](const study_result& r) { return py::make_tuple(std::const_pointer_cast<python_study>(r.of), py::bytes(to_text(r.progress))); },
                        [](const py::tuple& t) { return read_result(t[0].cast<std::shared_ptr<python_study>>(), py::bytes(t[1])); }))
        .def("_repr_html_", [](const study_result& r) { return shaped(r, "page", py::cast(pictures_of(r, 0))); })
        .def("__str__", [](const study_result& r) { return sim::to_string(r.of->study, r.progress); })
        .def("__repr__", [](const study_result& r) { return "<quorate.StudyResult of " + std::to_string(r.progress.runs_done()) + " runs>"; });
}

}  // namespace

void bind_simulate(py::module_& m) {
    bind_callables(m);
    bind_results(m);
    py::class_<python_study, std::shared_ptr<python_study>>(m, "Study",
        "Many seeded runs of a process with simulated members, of one or more variants on the same draws. The same arguments give the same bytes, whatever the threads, "
        "shards or order.")
        .def(py::init([](const charter& rules, const std::string& process, const py::object& people, std::size_t members, const py::object& behaviour,
                         const py::object& plan, const py::object& sweep, const py::object& vary, const py::object& against, bool without_each, std::uint64_t runs,
                         std::uint64_t seed) {
            py::dict said;
            said["charter"] = rules;
            said["process"] = process;
            said["roster"] = people;
            said["members"] = members;
            said["behaviour"] = behaviour;
            said["plan"] = plan;
            said["sweep"] = sweep;
            said["vary"] = vary;
            said["against"] = against;
            said["without_each"] = without_each;
            said["runs"] = runs;
            said["seed"] = seed;
            return made(said);
        }), py::arg("charter"), py::arg("process"), py::arg("roster") = py::none(), py::kw_only(), py::arg("members") = 0, py::arg("behaviour") = py::none(),
             py::arg("plan") = py::none(), py::arg("sweep") = py::none(), py::arg("vary") = py::none(), py::arg("against") = py::none(), py::arg("without_each") = false,
             py::arg("runs") = 10'000, py::arg("seed") = 1,
             "`behaviour`: a dict, JSON or a Path of it. `plan(situation, draws)`: a callable that returns what a person will do, as Planned acts, instead. "
             "`sweep={\"length\": [\"5 days\", \"10 days\"]}`: parameters of the charter, \"members\", or JSON pointers into the behaviour; `vary`: each by itself; "
             "`against`: another charter; `without_each`: each member absent in turn.")
        .def("run", &carried_out, py::kw_only(), py::arg("shard") = std::pair<std::uint32_t, std::uint32_t>{1, 1}, py::arg("threads") = 1, py::arg("checkpoint") = py::none(),
             py::arg("progress") = py::none(),
             "Carries it out, or a shard such as (2, 4). What `checkpoint` has is not done again, and what is done is kept there, by Ctrl-C too. "
             "`progress(runs_done, runs)` is called about once a second.")
        .def("result", &read_result, py::arg("text"), "A result again, from its bytes.")
        .def("tell", &told, py::arg("run") = 0, py::arg("variant") = 0, "One run, step by step, as dicts.")
        .def_property_readonly("variants", &variant_names)
        .def_property_readonly("dimensions", [](const python_study& s) { return s.study.dimensions; })
        .def_property_readonly("runs", [](const python_study& s) { return s.study.runs; })
        .def_property_readonly("seed", [](const python_study& s) { return s.study.seed; })
        .def_property_readonly("identity", [](const python_study& s) { return take(sim::identity_of(s.study)); }, "SHA-256 of all that the study depends on.")
        .def_property_readonly("assumptions", [](const python_study& s) { return sim::assumptions(s.study.variants.front()); })
        .def(py::pickle([](const python_study& s) { return s.said; }, [](const py::dict& said) { return made(said); }));
    m.def("fit", [](const py::object& path, const std::string& process) {
        const auto store = take(open_sqlite_journal(path_of(path)));
        return from_json(to_json(take(sim::fit_answers(take(sim::observations_of(*store, process))))));
    }, py::arg("journal"), py::arg("process"), "A behaviour whose members answer as those in a journal did, as a dict.");
}

}  // namespace quorate::python
