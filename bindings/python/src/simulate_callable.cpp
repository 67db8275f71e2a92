// Behaviour as a Python callable: what it is shown, the draws it is handed, and what it plans.
#include "simulate.hpp"

#include <algorithm>

#include <quorate/time.hpp>

namespace quorate::python {
namespace {

namespace sim = quorate::simulate;

/// What is only there while the callable runs.
template <class T>
class lent {
public:
    explicit lent(T* it) : it_(it) {}
    [[nodiscard]] T& get() const {
        if (it_ == nullptr) throw failure(make_error(errc::invalid, "what a plan is shown is gone when it returns", {}, "keep what you read from it"));
        return *it_;
    }
    void end() { it_ = nullptr; }

private:
    T* it_;
};
using lent_situation = lent<const sim::situation>;
using lent_draws = lent<detail::draws>;

std::vector<std::string> handles(const sim::situation& s, const std::vector<person>& some) {
    std::vector<std::string> all;
    for (const auto p : some) all.emplace_back(s.people.handle(p));
    return all;
}

py::dict ballots_of(const sim::situation& s) {
    py::dict all;
    for (const auto& v : s.matter.voters)
        if (v.choice != 0) all[py::str(std::string(s.people.handle(v.who)))] = s.matter.by->positions[v.choice - 1U].name;
    return all;
}

void bind_situation(py::module_& m) {
    const auto reads = [](auto read) { return [read](const lent_situation& l) { return read(l.get()); }; };
    py::class_<lent_situation, std::shared_ptr<lent_situation>>(m, "Situation", "What a plan is shown: a proposal that has just entered a stage, and a person who may vote. Gone when the plan returns.")
        .def_property_readonly("who", reads([](const auto& s) { return std::string(s.people.handle(s.who)); }), "Whose plan is asked for.")
        .def_property_readonly("now", reads([](const auto& s) { return s.now; }))
        .def_property_readonly("run", reads([](const auto& s) { return s.run; }))
        .def_property_readonly("which", reads([](const auto& s) { return s.which; }), "Number of the proposal in its run.")
        .def_property_readonly("process", reads([](const auto& s) { return s.matter.by->name; }))
        .def_property_readonly("stage", reads([](const auto& s) { return s.matter.now().name; }))
        .def_property_readonly("phase", reads([](const auto& s) { return std::string(to_string(s.matter.in())); }))
        .def_property_readonly("disposition", reads([](const auto& s) {
            return s.matter.disposition ? s.matter.by->dispositions[*s.matter.disposition] : std::string();
        }))
        .def_property_readonly("opened", reads([](const auto& s) { return s.matter.opened; }))
        .def_property_readonly("author", reads([](const auto& s) { return std::string(s.people.handle(s.matter.author)); }))
        .def_property_readonly("positions", reads([](const auto& s) {
            std::vector<std::string> all;
            for (const auto& p : s.matter.by->positions) all.push_back(p.name);
            return all;
        }))
        .def_property_readonly("electorate", reads([](const auto& s) {
            std::vector<person> all;
            for (const auto& v : s.matter.voters) all.push_back(v.who);
            return handles(s, all);
        }))
        .def_property_readonly("ballots", reads([](const auto& s) { return ballots_of(s); }), "Who has said what by now.")
        .def_property_readonly("concerns", reads([](const auto& s) {
            std::vector<std::string> open;
            for (const auto& c : s.matter.concerns)
                if (c.state == concern_state::open) open.push_back(c.name);
            return open;
        }), "Names of the open ones.");
}

void bind_draws(py::module_& m) {
    py::class_<sim::distribution>(m, "Distribution", "How long something takes, drawn by exact inversion in integers.")
        .def_static("fixed", [](duration d) { return sim::distribution{.a = d}; }, py::arg("always"))
        .def_static("uniform", [](duration a, duration b) { return sim::distribution{.is = sim::distribution::kind::uniform, .a = a, .b = b}; }, py::arg("least"), py::arg("most"))
        .def_static("exponential", [](duration mean) { return sim::distribution{.is = sim::distribution::kind::exponential, .a = mean}; }, py::arg("mean"))
        .def_static("quantiles", [](std::vector<duration> table) {
            if (table.size() < 2 || table.size() > sim::most_quantiles || !std::is_sorted(table.begin(), table.end()))
                throw failure(make_error(errc::invalid, "quantiles are at least two durations in ascending order"));
            return sim::distribution{.is = sim::distribution::kind::quantiles, .table = std::move(table)};
        }, py::arg("table"), "As likely between each two neighbours.")
        .def("__str__", [](const sim::distribution& d) { return sim::to_string(d); });
    py::class_<lent_draws, std::shared_ptr<lent_draws>>(m, "Draws", "Random numbers of one person in one stage of one run: the same for the same seed, whatever else is drawn. Gone when the plan returns.")
        .def("word", [](const lent_draws& l) { return l.get().word(); }, "32 random bits.")
        .def("below", [](const lent_draws& l, std::uint32_t n) {
            if (n == 0) throw failure(make_error(errc::invalid, "there is no number below 0"));
            return l.get().below(n);
        }, py::arg("n"), "From 0 to n - 1, each as likely.")
        .def("chance", [](const lent_draws& l, const py::object& p) {
            const auto n = py::isinstance<py::str>(p) ? parse_number(p.cast<std::string>()) : std::optional(p.cast<number>());
            if (!n) throw failure(make_error(errc::syntax, "not a number: " + p.cast<std::string>(), {}, "write 30% or 1/3"));
            if (*n < number(0) || *n > number(1)) throw failure(make_error(errc::invalid, "a chance is from 0 to 1, not " + to_string(*n)));
            return sim::chance::of(*n).holds(l.get().word());
        }, py::arg("p"), "True with that chance: Fraction(1, 3), \"30%\".")
        .def("time", [](const lent_draws& l, const sim::distribution& d) { return d.draw(l.get().wide()); }, py::arg("distribution"), "A duration.");
}

}  // namespace

void bind_callables(py::module_& m) {
    bind_situation(m);
    bind_draws(m);
    py::class_<sim::planned_act>(m, "Planned", "Something a plan wants done: Planned(\"cast\", position=\"approve\", after=timedelta(days=2)).")
        .def(py::init([](const std::string& act, duration after, const py::kwargs& said) {
            if (!said.contains("by")) said["by"] = "somebody";  // filled in when it is done, as the instant is
            if (!said.contains("at")) said["at"] = "1970-01-01T00:00:00Z";
            return sim::planned_act{.after = after, .what = command_of(act, said)};
        }), py::arg("act"), py::kw_only(), py::arg("after") = duration{})
        .def_readonly("after", &sim::planned_act::after)
        .def("__repr__", [](const sim::planned_act& p) { return "<quorate.Planned " + std::string(to_string(p.what.what)) + " after " + to_string(p.after) + ">"; });
}

simulate::policy policy_of(py::object plan) {
    // Threads copy and drop the policy without the interpreter's lock: what they share is dropped with it.
    const std::shared_ptr<py::object> shared(new py::object(std::move(plan)), [](py::object* it) {
        const py::gil_scoped_acquire held;
        delete it;
    });
    return [shared](const sim::situation& seen, detail::draws& random, std::vector<sim::planned_act>& acts) {
        const py::gil_scoped_acquire held;
        const auto situation = std::make_shared<lent_situation>(&seen);
        const auto draws = std::make_shared<lent_draws>(&random);
        struct returning {
            lent_situation& s;
            lent_draws&     d;
            ~returning() { s.end(), d.end(); }
        } const gone{*situation, *draws};
        const auto wanted = (*shared)(situation, draws);
        if (wanted.is_none()) return;
        for (const auto& one : wanted) acts.push_back(one.template cast<const sim::planned_act&>());
    };
}

}  // namespace quorate::python
