// The table of families, and what adapters share.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "case.hpp"
#include "json.hpp"

namespace conformance {

const std::vector<family>& families() {
    static const std::vector<family> all{
        {"rfcbot_commands", claims_rfcbot_commands, run_rfcbot_commands},
        {"rust_fcp_histories", claims_rust_histories, run_rust_histories},
        {"rust_processes gate_table", claims_gate_table, run_gate_table},
        {"rust_processes", claims_prose, run_prose},
        {"rust_teams", claims_rust_teams, run_rust_teams},
        {"stv", claims_stv, run_stv},
        {"debian_votes", claims_debian, run_debian},
        {"tally", claims_tally, run_tally},
        {"onchain", claims_onchain, run_onchain},
        {"power", claims_power, run_power},
        {"approval_bots", claims_bots, run_bots},
        {"formal_processes", claims_formal, run_formal},
    };
    return all;
}

// ---- reading cases ------------------------------------------------------------------------------------------------------------------
namespace {

const json::value* value_of(const json::value& v, std::string_view key) { return v.is_object() ? v.as_object().if_contains(key) : nullptr; }

}  // namespace

std::string read_text(const std::string& path) {
    std::error_code unknown;
    if (std::filesystem::is_directory(path, unknown)) throw std::runtime_error(path + ": is a folder; name the files in it");
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error(path + ": can't be opened");
    std::stringstream buffer;
    buffer << file.rdbuf();
    auto text = std::move(buffer).str();
    if (text.size() > largest_case_file) throw std::runtime_error(path + ": larger than 64 MiB");
    return text;
}
/// Whole numbers beyond 64 bits, which Boost.JSON would round, become strings of their digits.
static std::string with_large_numbers_quoted(const std::string& text) {
    constexpr std::size_t most_digits = 19;
    std::string           out;
    bool                  in_string = false;
    for (std::size_t i = 0; i < text.size();) {
        const auto digits = in_string ? 0 : std::find_if(text.begin() + static_cast<std::ptrdiff_t>(i), text.end(), [](char c) { return c < '0' || c > '9'; }) -
                                                text.begin() - static_cast<std::ptrdiff_t>(i);
        const auto n = static_cast<std::size_t>(digits);
        const bool alone = i + n < text.size() && text[i + n] != '.' && text[i + n] != 'e' && text[i + n] != 'E' && (i == 0 || (text[i - 1] != '-' && text[i - 1] != '.'));
        if (n > most_digits && alone) out += '"' + text.substr(i, n) + '"';
        else if (n > 0) out += text.substr(i, n);
        if (n > 0) {
            i += n;
            continue;
        }
        if (in_string && text[i] == '\\' && i + 1 < text.size()) out += text[i++];
        else if (text[i] == '"') in_string = !in_string;
        out += text[i++];
    }
    return out;
}

json::value read_json(const std::string& path) {
    const auto text = with_large_numbers_quoted(read_text(path));
    const auto read = quorate::json_text::parse(text, path, largest_case_file);
    if (read) return json::parse(quorate::json_text::compact_json(read.value()));
    // Records of elections have more values than any document that the library reads for itself.
    if (read.error().code != quorate::errc::limit) throw std::runtime_error(read.error().what());
    boost::system::error_code wrong;
    auto                      parsed = json::parse(text, wrong);
    if (wrong) throw std::runtime_error(read.error().what());
    return parsed;
}
std::string text_of(const json::value& v, std::string_view key) {
    const auto* found = value_of(v, key);
    return found != nullptr && found->is_string() ? std::string(found->as_string()) : std::string();
}
const json::array* list_of(const json::value& v, std::string_view key) {
    const auto* found = value_of(v, key);
    return found != nullptr ? found->if_array() : nullptr;
}
const json::object* object_of(const json::value& v, std::string_view key) {
    const auto* found = value_of(v, key);
    return found != nullptr ? found->if_object() : nullptr;
}
const json::array* cases_of(const json::value& d) { return d.is_array() ? &d.as_array() : list_of(d, "cases"); }

bool any_with(const json::array* list, std::initializer_list<std::string_view> keys) {
    if (list == nullptr) return false;
    for (const auto& e : *list) {
        bool all = e.is_object();
        for (const auto key : keys) all = all && e.as_object().contains(key);
        if (all) return true;
    }
    return false;
}

}  // namespace conformance
