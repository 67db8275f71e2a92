// Three ages of one project's governance, audited side by side: what was wrong, what the second age mended, and what the third did.
// Nothing here knows which is which: the answers are read from charters and rosters.
//
//     three-ages [page.html]        from the top of the source tree
#include <fstream>
#include <iostream>

#include <quorate/audit.hpp>

int main(int argc, char** argv) {
    std::vector<quorate::audit_report> ages;
    for (const std::string age : {"rust-2021", "rust-2022", "rust-council"}) {
        const auto charter = quorate::load_charter_file("examples/charters/" + age + ".json").value();
        const auto roster = quorate::load_roster_file("examples/rosters/" + age + ".json").value();
        ages.push_back(quorate::audit(charter, roster));
    }
    std::cout << quorate::to_text(ages);
    for (std::size_t i = 1; i < ages.size(); ++i) {
        std::cout << "\nFrom " << ages[i - 1].charter.title() << " to " << ages[i].charter.title() << ":\n";
        for (std::size_t q = 0; q < ages[i].findings.size(); ++q) {
            const auto& before = ages[i - 1].findings[q];
            const auto& after = ages[i].findings[q];
            if (before.is == after.is) continue;
            std::cout << "  " << after.asked->name << ": " << to_string(before.is) << " -> " << to_string(after.is) << '\n';
            for (const auto& e : after.evidence) std::cout << "      " << e << '\n';
        }
    }
    if (argc > 1 && !(std::ofstream(argv[1], std::ios::binary) << quorate::to_html(ages)).flush()) {
        std::cerr << argv[1] << " could not be written\n";
        return 1;
    }
}
