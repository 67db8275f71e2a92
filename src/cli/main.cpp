// quorate, the tool: parses the command line and runs one subcommand.
#include <cstdio>
#include <cstdlib>
#include <exception>

#include <unistd.h>

#include <fmt/format.h>

#include "cli.hpp"

#ifndef QUORATE_VERSION
#define QUORATE_VERSION "0.1.0"
#endif

namespace {

constexpr const char* epilogue =
    "Exit codes: 0 fine; 1 problems, refusals or failed scenarios; 2 wrong usage or input that can't be used.\n"
    "\"-\" as a file is standard input. --json gives machine output. NO_COLOR turns colours off.\n"
    "Start with: quorate init my-group && quorate test my-group";

int parse_and_run(int argc, char** argv) {
    using namespace quorate::cli;
    session s;
    s.colour = isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr;
    command_line line(s, "quorate", "quorate: how groups decide. Checks, explains, runs and tests the rules of a charter.",
                      QUORATE_VERSION, epilogue);
    for (const auto add : {add_init, add_documents, add_audit, add_diagram, add_run, add_reads, add_test, add_journal, add_what_if,
                           add_count, add_verify, add_power, add_simulate})
        add(line.commands());
    return line.run(argc, argv);
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const int code = parse_and_run(argc, argv);
        if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
            fmt::print(stderr, "quorate: could not write everything to standard output\n");
            return quorate::cli::unusable;
        }
        return code;
    } catch (const std::exception& e) {  // only bugs and memory get here
        fmt::print(stderr, "quorate: {}\n", e.what());
        return quorate::cli::unusable;
    }
}
