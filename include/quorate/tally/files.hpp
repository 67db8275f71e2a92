// Ballots from files, and back: PrefLib, BLT, Debian's tally sheets, CSV, ABIF.
//
//     auto file = quorate::tally::read_ballots_file("vote.toc").value();
//     auto count = quorate::tally::schulze(*file.ranked());
//
// Files are read as they stream in; memory holds distinct ballots only. Whatever is not understood is an error with line and
// column: nothing is skipped but comments, and the prose around the votes of a Debian sheet.
#pragma once

#include <quorate/tally/file_abif.hpp>
#include <quorate/tally/file_blt.hpp>
#include <quorate/tally/file_preflib.hpp>
#include <quorate/tally/file_sheets.hpp>

#include <array>
#include <filesystem>
#include <fstream>
#include <istream>
#include <string>
#include <string_view>
#include <utility>

namespace quorate::tally {
namespace detail {

[[nodiscard]] inline bool looks_like_line(std::string_view start, bool (*is)(std::string_view)) {
    while (!start.empty()) {
        const auto end = start.find('\n');
        if (is(trimmed(start.substr(0, end)))) return true;
        if (end == std::string_view::npos) return false;
        start.remove_prefix(end + 1);
    }
    return false;
}
/// The first line that is neither empty nor a comment.
[[nodiscard]] inline std::string_view first_line(std::string_view start) {
    while (!start.empty()) {
        const auto end = start.find('\n');
        const auto line = trimmed(start.substr(0, end));
        if (!line.empty() && line.front() != '#') return line;
        if (end == std::string_view::npos) return {};
        start.remove_prefix(end + 1);
    }
    return {};
}
[[nodiscard]] inline bool is_preflib_key(std::string_view l) { return l.starts_with("# NUMBER ALTERNATIVES:")
    || l.starts_with("# DATA TYPE:"); }
[[nodiscard]] inline bool is_debian_vote(std::string_view l) { return l.starts_with("V:"); }
/// Of a line without spaces at its ends.
[[nodiscard]] inline bool is_blt_head(std::string_view l) {
    const auto digits = l.find_first_not_of("0123456789");
    if (digits == 0 || digits == std::string_view::npos) return false;
    const auto rest = trimmed(l.substr(digits));
    return is_space(static_cast<unsigned char>(l[digits])) && is_digit(static_cast<unsigned char>(rest.front()));
}
[[nodiscard]] inline bool is_abif(std::string_view l) {
    if (l.starts_with('{') || l.starts_with('=')) return true;
    const auto digits = l.find_first_not_of("0123456789");
    if (digits == 0 || digits == std::string_view::npos) return false;
    const auto rest = trimmed(l.substr(digits));
    return rest.starts_with(':') || rest.starts_with('*');
}

}  // namespace detail

/// The format of a file with this name that starts like this; nothing when neither says it.
[[nodiscard]] inline std::optional<ballot_format> guess_format(std::string_view name, std::string_view start) {
    using namespace std::string_view_literals;
    constexpr std::array by_name{std::pair{".soc"sv, ballot_format::preflib}, std::pair{".soi"sv, ballot_format::preflib},
                                 std::pair{".toc"sv, ballot_format::preflib}, std::pair{".toi"sv, ballot_format::preflib},
                                 std::pair{".cat"sv, ballot_format::preflib}, std::pair{".blt"sv, ballot_format::blt},
                                 std::pair{".csv"sv, ballot_format::csv},     std::pair{".abif"sv, ballot_format::abif}};
    for (const auto& [suffix, format] : by_name)
        if (name.ends_with(suffix)) return format;
    if (detail::looks_like_line(start, detail::is_preflib_key)) return ballot_format::preflib;
    if (detail::looks_like_line(start, detail::is_debian_vote)) return ballot_format::debian;
    const auto first = detail::first_line(start);
    if (detail::is_blt_head(first)) return ballot_format::blt;
    if (detail::is_abif(first)) return ballot_format::abif;
    if (first.find_first_of(",;\t") != std::string_view::npos) return ballot_format::csv;
    return std::nullopt;
}

/// Reads all ballots of a stream. Errors have the line and column; `errc::limit` names the limit. The stream is read to its end
/// (but for what follows the votes in an error).
[[nodiscard]] inline result<ballot_file> read_ballots(std::istream& in, const read_settings& how = {}) {
    try {
        detail::ballot_source source(in, how.name);
        const auto            format = how.format ? how.format : guess_format(how.name, source.start());
        if (!format) {
            source.stop({0, 0}, "this is no format of ballots that is known", "state one of: preflib, blt, debian, csv, abif",
                errc::unsupported);
        }
        switch (*format) {
            case ballot_format::preflib: return detail::preflib_reader(source, how).whole();
            case ballot_format::blt: return detail::blt_reader(source).whole();
            case ballot_format::debian: return detail::read_debian(source, how);
            case ballot_format::csv: return detail::csv_reader(source, how).whole();
            case ballot_format::abif: return detail::abif_reader(source, how).whole();
        }
        source.stop({0, 0}, "unknown format", {}, errc::invalid);
    } catch (const detail::unreadable_file& e) {
        return e.why;
    }
}

/// The same of a file; its name helps to guess the format, and stands in errors unless another is stated.
[[nodiscard]] inline result<ballot_file> read_ballots_file(const std::string& path, read_settings how = {}) {
    if (how.name.empty()) how.name = path;
    std::error_code unknown;
    if (std::filesystem::is_directory(path, unknown)) return make_error(errc::io, "is a folder", path);
    std::ifstream in(path, std::ios::binary);
    if (!in) return make_error(errc::not_found, "can't be opened", path);
    return read_ballots(in, how);
}

}  // namespace quorate::tally
