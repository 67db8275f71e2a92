// What all subcommands of the tool share: options, output, input, exit codes. No rule lives here or below.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <quorate/engine.hpp>

#include "command_line.hpp"
#include "json_out.hpp"

namespace quorate::cli {

// Exit codes.
inline constexpr int fine = 0;
inline constexpr int findings = 1;    ///< problems found, commands refused, scenarios failed
inline constexpr int unusable = 2;    ///< wrong usage, or an input or store that can't be used

enum class ink : char { plain = '0', good = '2', bad = '1', dim = '8', bold = 'b' };

/// One invocation of the tool.
struct session {
    bool                               json = false;    ///< machine output asked for
    bool                               colour = false;  ///< standard output is a terminal and NO_COLOR isn't set
    std::function<int(const session&)> run{};           ///< of the chosen subcommand

    /// Text for people. Control characters that come from input are shown, not sent to the terminal.
    void print(std::string_view text) const;
    /// The same on standard error.
    void complain(std::string_view text) const;
    /// JSON, one document a line.
    void print_json(json_text::json_out out) const;
    /// Reports a fault: on standard error for people, as {"error": ...} on standard output otherwise. Returns `code`.
    int fail(const error& e, int code = unusable) const;
};

/// Colours `text` when `print` has colours.
[[nodiscard]] std::string paint(ink with, std::string_view text);

/// Set by Ctrl-C while an `interruption` lives: work that takes long ends soon, and what was done is still reported.
inline std::atomic<bool> interrupted{false};
/// A second Ctrl-C ends the program.
struct interruption {
    interruption();
    ~interruption();
    interruption(const interruption&) = delete;
    interruption& operator=(const interruption&) = delete;
};

// ---- input --------------------------------------------------------------------------------------------------------------
/// "not_found", ...: names of `errc` for JSON.
[[nodiscard]] std::string_view to_string(errc code);
void problem_fields(json_text::json_out& out, const problem& p);

/// A whole file, or standard input for "-"; limited like `json_text::read_file`.
[[nodiscard]] result<std::string> read_input(const std::string& path);
/// "name=value" each, as given to an option.
[[nodiscard]] result<std::vector<std::pair<std::string, std::string>>> parameters_from(const std::vector<std::string>& texts,
                                                                                       const std::string& option = "--param");
/// The option --param, by which parameters of a charter are given. `whose`: "the charter".
void parameters_option(subcommand to, std::vector<std::string>& params, const std::string& whose = "the charter");
[[nodiscard]] result<charter> charter_from(const std::string& path, const std::vector<std::string>& params);
[[nodiscard]] result<roster>  roster_from(const std::string& path);
/// An instant as given on the command line; the system's clock when there is none.
[[nodiscard]] result<instant> moment_from(const std::string& text);

/// Lines of aligned columns, two spaces apart; the last column isn't padded.
[[nodiscard]] std::string aligned(const std::vector<std::vector<std::string>>& rows);

// ---- journals -------------------------------------------------------------------------------------------------------------
/// Opens the journal in a file. `create`: a missing file is made, else it is an error.
[[nodiscard]] result<std::unique_ptr<journal>> open_journal(const std::string& path, bool create);
/// An engine over an existing journal, with the documents it holds.
[[nodiscard]] result<engine> engine_of(const std::string& db);

// ---- groups of subcommands, one a file ------------------------------------------------------------------------------------
void add_init(command_group to);
void add_documents(command_group to);  ///< check, describe, schema
void add_audit(command_group to);      ///< audit, lint
void add_diagram(command_group to);
void add_run(command_group to);
void add_reads(command_group to);      ///< status, explain, pending, ballots
void add_test(command_group to);
void add_journal(command_group to);
void add_what_if(command_group to);
void add_count(command_group to);
void add_verify(command_group to);
void add_power(command_group to);
void add_simulate(command_group to);

}  // namespace quorate::cli
