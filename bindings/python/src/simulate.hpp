// What the files about simulation share.
#pragma once

#include <quorate/simulate.hpp>

#include "module.hpp"

namespace quorate::python {

void bind_callables(py::module_& m);  ///< situations, draws, planned acts
/// A policy that asks a Python callable. What that raises ends the simulation, and is raised by it.
[[nodiscard]] simulate::policy policy_of(py::object plan);

}  // namespace quorate::python
