// The parts of the extension module; each file of this folder binds one subject.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <quorate/command.hpp>
#include <quorate/result.hpp>

#include "casters.hpp"

namespace quorate::python {

void bind_documents(py::module_& m);  ///< charters, rosters, problems
void bind_engine(py::module_& m);
void bind_explanation(py::module_& m);
void bind_scenarios(py::module_& m);
void bind_tally(py::module_& m);
void bind_verify(py::module_& m);
void bind_simulate(py::module_& m);
void bind_power(py::module_& m);

/// The value, or the error as a Python exception of the kind that its code says.
template <class T>
T take(result<T> r) {
    if constexpr (std::is_void_v<T>) {
        if (!r) throw failure(r.error());
    } else {
        return std::move(r).value();
    }
}

/// What `to_json` of the library writes, as Python's own dicts and lists.
inline py::object from_json(const std::string& text) { return py::module_::import("json").attr("loads")(text); }
/// A path as str: anything that os.fspath takes.
inline std::string path_of(const py::object& path) { return py::module_::import("os").attr("fspath")(path).cast<std::string>(); }
/// Text that stands in a page as it is.
inline std::string escaped(const std::string& text) { return py::module_::import("html").attr("escape")(text).cast<std::string>(); }

inline std::string preformatted(const std::string& text) { return "<pre>" + escaped(text) + "</pre>"; }

/// length="5 days", threshold=Fraction(2, 3), team="core": each as its text.
std::vector<std::pair<std::string, std::string>> parameters_of(const py::dict& given);
/// The command that the keywords say, by the one reader that all commands have.
command command_of(const std::string& act, const py::dict& said);

}  // namespace quorate::python
