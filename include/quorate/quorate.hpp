// The core of quorate: everything that an embedding program needs to run decisions. The rest (diagram.hpp, scenario.hpp,
// sqlite_journal.hpp, what_if.hpp, msm.hpp) is included by name.
#pragma once

#include <quorate/charter.hpp>
#include <quorate/command.hpp>
#include <quorate/engine.hpp>
#include <quorate/event.hpp>
#include <quorate/explain.hpp>
#include <quorate/journal.hpp>
#include <quorate/law.hpp>
#include <quorate/process.hpp>
#include <quorate/proposal.hpp>
#include <quorate/ratio.hpp>
#include <quorate/result.hpp>
#include <quorate/roster.hpp>
#include <quorate/rule.hpp>
#include <quorate/time.hpp>
#include <quorate/verdict.hpp>
