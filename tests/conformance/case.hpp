// Conformance: cases recorded from other systems, each translated into a charter, a roster and events, or a text to be read. The
// verdict is always the engine's; an adapter only translates.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

namespace conformance {

namespace json = boost::json;

inline constexpr std::size_t largest_case_file = 64U << 20;  ///< bytes

/// Where the charters and scenarios are that cases are decided by.
struct settings {
    std::string charters;   ///< folder of shipped charters
    std::string own;        ///< folder of charters for conformance alone
    std::string scenarios;  ///< folder of scenario files
};

enum class finding : std::uint8_t { passed, failed, skipped };

struct case_result {
    std::string id;
    finding     found = finding::skipped;
    std::string why;      ///< failed: expected and found; skipped: the reason, in words that are the same for all alike
    std::string account;  ///< what the engine decided, and why: for --verbose
};

/// One file's cases of one family.
struct report {
    std::string              family;
    std::vector<case_result> cases;
};

/// A family recognises its files by what is in them, never by their name.
struct family {
    std::string_view name;
    bool (*claims)(const json::value& document);
    /// Throws std::exception only when charters or scenarios can't be read; a case that can't be understood is skipped.
    std::vector<case_result> (*run)(const json::value& document, const settings& s);
};
/// Every family, in order.
[[nodiscard]] const std::vector<family>& families();

// ---- each in a file of its own ----------------------------------------------------------------------------------------------------
[[nodiscard]] bool                     claims_rfcbot_commands(const json::value& d);
[[nodiscard]] std::vector<case_result> run_rfcbot_commands(const json::value& d, const settings& s);
[[nodiscard]] bool                     claims_rust_histories(const json::value& d);
[[nodiscard]] std::vector<case_result> run_rust_histories(const json::value& d, const settings& s);
[[nodiscard]] bool                     claims_gate_table(const json::value& d);
[[nodiscard]] std::vector<case_result> run_gate_table(const json::value& d, const settings& s);
[[nodiscard]] bool                     claims_prose(const json::value& d);
[[nodiscard]] std::vector<case_result> run_prose(const json::value& d, const settings& s);
[[nodiscard]] bool                     claims_power(const json::value& d);
[[nodiscard]] std::vector<case_result> run_power(const json::value& d, const settings& s);
[[nodiscard]] bool                     claims_onchain(const json::value& d);
[[nodiscard]] std::vector<case_result> run_onchain(const json::value& d, const settings& s);
[[nodiscard]] bool                     claims_rust_teams(const json::value& d);
[[nodiscard]] std::vector<case_result> run_rust_teams(const json::value& d, const settings& s);
[[nodiscard]] bool                     claims_bots(const json::value& d);
[[nodiscard]] std::vector<case_result> run_bots(const json::value& d, const settings& s);
[[nodiscard]] bool                     claims_formal(const json::value& d);
[[nodiscard]] std::vector<case_result> run_formal(const json::value& d, const settings& s);
[[nodiscard]] bool                     claims_stv(const json::value& d);
[[nodiscard]] std::vector<case_result> run_stv(const json::value& d, const settings& s);
[[nodiscard]] bool                     claims_debian(const json::value& d);
[[nodiscard]] std::vector<case_result> run_debian(const json::value& d, const settings& s);
[[nodiscard]] bool                     claims_tally(const json::value& d);
[[nodiscard]] std::vector<case_result> run_tally(const json::value& d, const settings& s);

// ---- reading cases ------------------------------------------------------------------------------------------------------------------
/// A whole file. Throws std::runtime_error with the reason if it can't be read.
[[nodiscard]] std::string read_text(const std::string& path);
/// The same as JSON, with comments and trailing commas as one likes. Throws std::runtime_error with file, line and column.
[[nodiscard]] json::value read_json(const std::string& path);
/// The string, array or object under a key of an object; empty or nullptr when there is none of that kind.
[[nodiscard]] std::string         text_of(const json::value& v, std::string_view key);
[[nodiscard]] const json::array*  list_of(const json::value& v, std::string_view key);
[[nodiscard]] const json::object* object_of(const json::value& v, std::string_view key);
/// The list of cases of a document: itself, or its "cases"; nullptr if it has none.
[[nodiscard]] const json::array* cases_of(const json::value& d);
/// Whether some element of the list is an object with all these keys.
[[nodiscard]] bool any_with(const json::array* list, std::initializer_list<std::string_view> keys);

[[nodiscard]] inline case_result passed(std::string id, std::string account = {}) { return {std::move(id), finding::passed, {}, std::move(account)}; }
[[nodiscard]] inline case_result failed(std::string id, std::string why, std::string account = {}) {
    return {std::move(id), finding::failed, std::move(why), std::move(account)};
}
[[nodiscard]] inline case_result skipped(std::string id, std::string why) { return {std::move(id), finding::skipped, std::move(why), {}}; }

}  // namespace conformance
