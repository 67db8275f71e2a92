// The README's ten lines, complete. Run it from the root of the project.
#include <iostream>

#include <quorate/quorate.hpp>
#include <quorate/sqlite_journal.hpp>

int main() {
    using namespace quorate;
    const auto charter = load_charter_file("examples/charters/rfc.json").value();
    const auto people  = load_roster_file("examples/rosters/small.json").value();
    engine     decide{charter, people};  // in memory; sqlite_journal{"decisions.db"} as third argument keeps it (then give commands a .key)

    const auto rfc = decide.open({.process = "rfc", .by = "bob", .subject = "rfcs#1", .at = at("2026-03-01T09:00:00Z")}).value();
    decide.submit(rfc, propose{.by = "bob", .disposition = "accept", .at = at("2026-03-02T09:00:00Z")});
    decide.submit(rfc, cast{.by = "carol", .position = "approve", .at = at("2026-03-03T09:00:00Z")});
    const auto receipt = decide.submit(rfc, cast{.by = "mallory", .position = "approve", .at = at("2026-03-04T09:00:00Z")});
    if (receipt.refused()) std::cout << to_string(receipt.refusal()) << "\n\n";
    std::cout << decide.explain(rfc, at("2026-03-05T09:00:00Z")).value();
    for (const auto& effect : decide.pending_effects().value()) std::cout << "to do: " << effect.kind << '\n';
}
