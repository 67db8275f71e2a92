// The engine: proposals, commands, receipts, effects; in memory, or with a SQLite journal.
#include <mutex>
#include <optional>

#include <quorate/engine.hpp>
#include <quorate/sqlite_journal.hpp>
#include <quorate/what_if.hpp>

#include "module.hpp"

namespace quorate::python {
namespace {

/// The engine is for one thread at a time; Python's threads run beside each other while the interpreter's lock is given up.
class shared_engine {
public:
    explicit shared_engine(engine e) : engine_(std::move(e)) {}

    /// Calls `f` with the engine, alone, and without the interpreter's lock: it must not touch Python.
    template <class F>
    auto with(F f) {
        const py::gil_scoped_release released;
        const std::lock_guard        alone(mutex_);
        if (!engine_) throw failure(make_error(errc::invalid, "the engine is closed"));
        return f(*engine_);
    }
    void close() {
        const py::gil_scoped_release released;
        const std::lock_guard        alone(mutex_);
        engine_.reset();
    }

private:
    std::mutex            mutex_;
    std::optional<engine> engine_;
};

std::unique_ptr<journal> store_for(const py::object& path) {
    if (path.is_none()) return memory_journal();
    return take(open_sqlite_journal(path_of(path)));
}

std::unique_ptr<shared_engine> made(const std::optional<charter>& rules, const std::optional<roster>& people, const py::object& path) {
    if (rules.has_value() != people.has_value())
        throw failure(make_error(errc::invalid, "an engine needs both a charter and a roster, or a journal alone"));
    if (!rules && path.is_none()) throw failure(make_error(errc::invalid, "an engine needs a charter and a roster, or a journal that has them"));
    auto store = store_for(path);
    return std::make_unique<shared_engine>(take(rules ? engine::make(*rules, *people, std::move(store)) : engine::make(std::move(store))));
}

viewer viewer_of(const std::optional<std::string>& who) { return who ? viewer::as(*who) : viewer::host(); }

std::string text_of(const receipt& r) {
    if (r.refused()) return "refused: " + to_string(r.refusal());
    if (r.failed()) return "failed: " + r.fault().what();
    return "accepted" + std::string(r.repeated ? " before" : "");
}

/// Raises what stood in the way; else gives the receipt back.
receipt checked(receipt r) {
    if (r.failed()) throw failure(r.fault());
    return r;
}

void raise_refusal(const receipt& r) {
    if (!r.refused()) return;
    const auto type = py::module_::import("quorate._core").attr("Refused");
    const auto why = type(to_string(r.refusal()));
    why.attr("refusal") = r.refusal();
    PyErr_SetObject(type.ptr(), why.ptr());
    throw py::error_already_set();
}

void bind_receipts(py::module_& m) {
    py::class_<refusal>(m, "Refusal", "Why a command was not accepted: an ordinary answer, to be shown to whoever asked.")
        .def_property_readonly("by", [](const refusal& r) { return std::string(refused_by_names[static_cast<std::size_t>(r.by)]); },
                               "\"law\", \"permission\", \"rule\", \"state\" or \"input\".")
        .def_readonly("what", &refusal::what)
        .def_readonly("which", &refusal::which, "The law, permission or rule, as written.")
        .def_readonly("needed", &refusal::needed, "What would be needed.")
        .def("__str__", [](const refusal& r) { return to_string(r); });
    py::class_<event>(m, "Event", "What happened.")
        .def_property_readonly("kind", [](const event& e) { return std::string(to_string(e.kind)); })
        .def_readonly("at", &event::at)
        .def_readonly("by", &event::by)
        .def_readonly("subject", &event::subject)
        .def_readonly("detail", &event::detail)
        .def_readonly("text", &event::text)
        .def_readonly("names", &event::names)
        .def("to_json", [](const event& e) { return to_json(e); })
        .def("to_dict", [](const event& e) { return from_json(to_json(e)); })
        .def("__repr__", [](const event& e) { return "<quorate.Event " + to_json(e) + ">"; });
    py::class_<receipt>(m, "Receipt", "What a command came to: the events it made, or a refusal. True when it was accepted.")
        .def_property_readonly("accepted", &receipt::accepted)
        .def_property_readonly("refused", &receipt::refused)
        .def_property_readonly("refusal", [](const receipt& r) { return r.refused() ? std::optional(r.refusal()) : std::nullopt; })
        .def_readonly("proposal", &receipt::proposal)
        .def_readonly("events", &receipt::events)
        .def_readonly("repeated", &receipt::repeated, "The key was known: this is the answer given then, without events.")
        .def("or_raise", [](const receipt& r) { raise_refusal(r); return r; }, "The receipt itself, or quorate.Refused.")
        .def("__bool__", &receipt::accepted)
        .def("__str__", &text_of)
        .def("__repr__", [](const receipt& r) { return "<quorate.Receipt " + text_of(r) + ">"; });
    py::class_<effect>(m, "Effect", "What the host should do outside; at least once, and then say `done`.")
        .def_readonly("id", &effect::id)
        .def_readonly("proposal", &effect::proposal)
        .def_readonly("at", &effect::at)
        .def_readonly("kind", &effect::kind)
        .def_property_readonly("fields", [](const effect& e) { return from_json(e.payload.empty() ? "{}" : e.payload); })
        .def("__repr__", [](const effect& e) { return "<quorate.Effect " + e.kind + " of " + e.proposal + ">"; });
}

py::object vote_of(shared_engine& self, const std::string& id, const std::optional<std::string>& who) {
    const auto vote = self.with([&](engine& e) { return take(e.count(id, viewer_of(who))); });
    py::list   ballots;
    for (const auto& b : vote.ballots) ballots.append(b.says);
    return py::make_tuple(vote.count, ballots);
}

}  // namespace

command command_of(const std::string& act, const py::dict& said) {
    py::dict json;
    json["do"] = act;
    for (const auto& each : said) {
        auto       key = each.first.cast<std::string>();
        const auto value = each.second;
        if (key == "on_behalf_of") key = "for";
        if (is_a(value, "datetime")) json[py::str(key)] = to_string(value.cast<instant>());
        else if (is_a(value, "timedelta")) json[py::str(key)] = to_string(value.cast<duration>());
        else json[py::str(key)] = value;
    }
    return take(parse_command(py::module_::import("json").attr("dumps")(json).cast<std::string>(), act));
}

void bind_engine(py::module_& m) {
    bind_receipts(m);
    py::class_<shared_engine>(m, "Engine",
                              "Runs proposals under a charter. In memory, or with a SQLite journal, which makes every answer durable and wants an "
                              "idempotency key (key=...) with every command. Safe to use from several threads.")
        .def(py::init(&made), py::arg("charter") = py::none(), py::arg("roster") = py::none(), py::kw_only(), py::arg("journal") = py::none(),
             "From a charter and a roster, in memory or on the journal at a path; or from a journal alone.")
        .def("open", [](shared_engine& self, const std::string& process, const std::string& by, const std::string& subject,
                        const std::string& title, const std::vector<std::string>& teams, const std::string& parent, const std::string& about,
                        instant at, const std::string& key) {
            return self.with([&](engine& e) { return take(e.open({process, by, subject, title, teams, parent, about, at, key})); });
        }, py::arg("process"), py::kw_only(), py::arg("by"), py::arg("subject") = "", py::arg("title") = "",
             py::arg("teams") = std::vector<std::string>(), py::arg("parent") = "", py::arg("about") = "", py::arg("at"), py::arg("key") = "",
             "Opens a proposal and returns its id.")
        .def("submit", [](shared_engine& self, const std::string& id, const std::string& act, const py::kwargs& said) {
            const auto c = command_of(act, said);
            return checked(self.with([&](engine& e) { return e.submit(id, c); }));
        }, py::arg("proposal"), py::arg("act"),
             "Asks for an act: submit(id, \"cast\", by=\"carol\", position=\"approve\", at=now). The keywords are those of commands in JSON; "
             "`on_behalf_of` is their \"for\". A refusal is a receipt; faults raise.")
        .def("advance", [](shared_engine& self, instant now) {
            auto all = self.with([&](engine& e) { return e.advance(now); });
            for (auto& r : all) r = checked(std::move(r));
            return all;
        }, py::arg("now"), "Lets time pass for all proposals: receipts of those where it did something.")
        .def("change_roster", [](shared_engine& self, const py::dict& change, const std::string& key) {
            const auto e = take(parse_roster_event(py::module_::import("json").attr("dumps")(change).cast<std::string>(), "change"));
            return self.with([&](engine& runs) { return take(runs.change_roster(e, key)); });
        }, py::arg("change"), py::kw_only(), py::arg("key") = "", "Changes the roster, as roster events in JSON say it.")
        .def("explain", [](shared_engine& self, const std::string& id, instant now, const std::optional<std::string>& who) {
            return self.with([&](engine& e) { return take(e.explain(id, now, viewer_of(who))); });
        }, py::arg("proposal"), py::arg("now"), py::kw_only(), py::arg("viewer") = py::none(),
             "Why it stands where it stands, who can move it, what happens next and when. `viewer`: a person, \"\" for the public, None for the host.")
        .def("count", &vote_of, py::arg("proposal"), py::kw_only(), py::arg("viewer") = py::none(),
             "The count of a vote about options and its ballots without their voters, as (Count, list).")
        .def("find", [](shared_engine& self, const std::string& subject) { return self.with([&](engine& e) { return e.find(subject); }); },
             py::arg("subject"), "Ids of the proposals on that subject.")
        .def("list", [](shared_engine& self, const std::string& process, bool open_only, const std::string& waiting_for) {
            return self.with([&](engine& e) { return e.list({.process = process, .open_only = open_only, .waiting_for = waiting_for}); });
        }, py::kw_only(), py::arg("process") = "", py::arg("open_only") = false, py::arg("waiting_for") = "", "Ids of proposals.")
        .def("pending_of", [](shared_engine& self, const std::string& who) { return self.with([&](engine& e) { return e.pending_of(who); }); },
             py::arg("who"), "Open proposals in which that person is outstanding.")
        .def("next_change", [](shared_engine& self, const std::optional<std::string>& id) {
            return self.with([&](engine& e) { return id ? e.next_change(*id) : e.next_change(); });
        }, py::arg("proposal") = py::none(), "When time alone will next move it, or any; None: never.")
        .def("history", [](shared_engine& self, const std::string& id) { return self.with([&](engine& e) { return take(e.history(id)); }); },
             py::arg("proposal"), "Everything that happened to a proposal, oldest first.")
        .def("pending_effects", [](shared_engine& self, std::size_t most) {
            return self.with([&](engine& e) { return take(e.pending_effects(most)); });
        }, py::arg("most") = 100)
        .def("done", [](shared_engine& self, std::uint64_t id) { self.with([&](engine& e) { take(e.done(id)); }); }, py::arg("effect"),
             "Marks an effect as done; doing so twice is fine.")
        .def("refresh", [](shared_engine& self) { self.with([](engine& e) { take(e.refresh()); }); }, "Sees what other processes wrote.")
        .def_property_readonly("roster", [](shared_engine& self) { return self.with([](engine& e) { return e.people(); }); })
        .def_property_readonly("charter", [](shared_engine& self) { return self.with([](engine& e) { return e.rules(); }); })
        .def("close", &shared_engine::close, "Closes the journal; everything acknowledged is on disk already.")
        .def("__enter__", [](py::object self) { return self; })
        .def("__exit__", [](shared_engine& self, const py::args&) { self.close(); });
    m.def("what_if", [](const py::object& path, const charter& other) {
        const auto store = store_for(path);
        std::string json;
        {
            const py::gil_scoped_release released;
            json = to_json(take(what_if(*store, other)));
        }
        return from_json(json);
    }, py::arg("journal"), py::arg("charter"), "What another charter would have done to the decisions in a journal, as a dict. The journal is only read.");
}

}  // namespace quorate::python
