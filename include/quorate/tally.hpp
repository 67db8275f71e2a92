// Counting. Pure functions of ballots and conventions: exact, and never waiting for anything.
//
//     auto file  = quorate::tally::read_ballots_file("vote.toc").value();          // tally/files.hpp
//     auto count = quorate::tally::schulze(*file.ranked());                        // who won, and the whole working
//     std::cout << quorate::tally::to_table(count);
//     auto another = quorate::tally::recount(file, "borda").value();               // methods() lists them all
//
// What a method's name leaves open is a setting with a name (tally/conventions.hpp). Ties are reported, and broken by the stated
// chain only.
#pragma once

#include <quorate/tally/ballots.hpp>
#include <quorate/tally/condorcet.hpp>
#include <quorate/tally/conventions.hpp>
#include <quorate/tally/copeland_support.hpp>
#include <quorate/tally/count.hpp>
#include <quorate/tally/debian.hpp>
#include <quorate/tally/dodgson.hpp>
#include <quorate/tally/files.hpp>
#include <quorate/tally/kemeny.hpp>
#include <quorate/tally/liquid_feedback.hpp>
#include <quorate/tally/methods.hpp>
#include <quorate/tally/outlook.hpp>
#include <quorate/tally/pairwise.hpp>
#include <quorate/tally/plurality.hpp>
#include <quorate/tally/runoff.hpp>
#include <quorate/tally/stv.hpp>
#include <quorate/tally/stv_outcomes.hpp>
#include <quorate/tally/table.hpp>
#include <quorate/tally/tiers.hpp>
#include <quorate/tally/ties.hpp>
#include <quorate/tally/vacancy.hpp>
#include <quorate/tally/weights.hpp>
