// The extension module quorate._core: exceptions, and what the other files bind.
#include <array>
#include <exception>

#include "module.hpp"

namespace quorate::python {
namespace {

struct kind_of_error {
    errc        code;
    const char* name;
    PyObject*   also;  ///< Python's own class that it is as well; nullptr: none
    const char* says;
};

/// One class for each `errc`, all under quorate.Error.
std::array<kind_of_error, 8> kinds() {
    return {{{errc::syntax, "SyntaxFault", PyExc_ValueError, "The text is not in its language: JSON, a rule, an instant."},
             {errc::invalid, "InvalidError", PyExc_ValueError, "Well formed, but means nothing: an unknown name, a wrong type."},
             {errc::limit, "LimitError", PyExc_ValueError, "Larger, deeper or longer than a named limit allows."},
             {errc::not_found, "NotFoundError", PyExc_LookupError, "No such proposal, document, file."},
             {errc::conflict, "ConflictError", nullptr, "Someone else wrote first, or a key was used again for another command."},
             {errc::damaged, "DamagedError", nullptr, "Stored bytes are not what was written."},
             {errc::unsupported, "UnsupportedError", nullptr, "A newer schema, a foreign file, a file system that can't be trusted."},
             {errc::io, "StoreError", PyExc_OSError, "The operating system or the store said no."}}};
}

std::array<PyObject*, 8> errors_known{};  // they live as long as the interpreter

PyObject* new_class(py::module_& m, const char* name, const char* says, const py::tuple& bases) {
    PyObject* made = PyErr_NewExceptionWithDoc((std::string("quorate.") + name).c_str(), says, bases.ptr(), nullptr);
    if (made == nullptr) throw py::error_already_set();
    m.add_object(name, made);
    return made;
}

void raise(const failure& f) {
    auto*      type = errors_known[static_cast<std::size_t>(f.why().code)];
    const auto made = py::reinterpret_borrow<py::object>(type)(f.what());
    py::list   problems;
    for (const auto& p : f.why().problems) problems.append(p);
    made.attr("problems") = problems;
    PyErr_SetObject(type, made.ptr());
}

void bind_errors(py::module_& m) {
    const auto base = new_class(m, "Error", "Whatever quorate could not do. `problems` lists every problem, each with its place.",
                                py::make_tuple(py::reinterpret_borrow<py::object>(PyExc_Exception)));
    const auto error = py::reinterpret_borrow<py::object>(base);
    error.attr("problems") = py::list();
    for (const auto& k : kinds()) {
        py::tuple bases = py::make_tuple(error);
        if (k.also != nullptr) bases = py::make_tuple(error, py::reinterpret_borrow<py::object>(k.also));
        errors_known[static_cast<std::size_t>(k.code)] = new_class(m, k.name, k.says, bases);
    }
    new_class(m, "Refused", "A command was refused. `refusal` says by whom, why, and what would be needed.", py::make_tuple(error));
    py::register_exception_translator([](std::exception_ptr p) {
        try {
            if (p) std::rethrow_exception(p);
        } catch (const failure& f) {
            raise(f);
        }
    });
}

}  // namespace
}  // namespace quorate::python

PYBIND11_MODULE(_core, m) {
    using namespace quorate::python;
    m.doc() = "How groups decide: the quorate library for Python.";
    m.attr("__version__") = QUORATE_VERSION;
    bind_documents(m);
    bind_errors(m);
    bind_explanation(m);
    bind_engine(m);
    bind_scenarios(m);
    bind_tally(m);
    bind_verify(m);
    bind_simulate(m);
    bind_power(m);
}
