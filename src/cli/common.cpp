// Output, input and small things that all subcommands share.
#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <array>
#include <chrono>
#include <cstdio>

#include <fmt/format.h>

#include "cli.hpp"
#include "json.hpp"

namespace quorate::cli {
namespace {

constexpr char ink_mark = '\x01';  ///< before the letter of an ink

std::string_view sequence(char letter) {
    switch (static_cast<ink>(letter)) {
        case ink::good: return "\x1b[32m";
        case ink::bad: return "\x1b[31m";
        case ink::dim: return "\x1b[90m";
        case ink::bold: return "\x1b[1m";
        case ink::plain: return "\x1b[0m";
    }
    return {};
}

/// What may be sent to a terminal: everything but control characters, which are shown as escapes.
std::string clean(std::string_view text, bool colour) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const bool c1 = byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
        if (text[i] == ink_mark && i + 1 < text.size() && !sequence(text[i + 1]).empty()) {
            if (colour) out += sequence(text[i + 1]);
            ++i;
        } else if (c1) {
            out += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[++i]));
        } else if ((byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7F) {
            out += fmt::format("\\x{:02x}", byte);
        } else {
            out += text[i];
        }
    }
    return out;
}

void write(std::FILE* to, std::string_view text) { (void)std::fwrite(text.data(), 1, text.size(), to); }

/// Characters that take room: continuation bytes and inks don't.
std::size_t width(std::string_view s) {
    std::size_t n = 0;
    for (std::size_t i = 0; i < s.size(); ++i) {
        if (s[i] == ink_mark) ++i;
        else if ((static_cast<unsigned char>(s[i]) & 0xC0U) != 0x80U) ++n;
    }
    return n;
}

}  // namespace

void session::print(std::string_view text) const { write(stdout, clean(text, colour)); }
void session::complain(std::string_view text) const { write(stderr, clean(text, false)); }
void session::print_json(json_text::json_out out) const {
    write(stdout, std::move(out).str() + "\n");
}

int session::fail(const error& e, int code) const {
    if (!json) {
        for (const auto& p : e.problems) complain((p.warning ? "" : "error: ") + quorate::to_string(p) + "\n");
        return code;
    }
    json_text::json_out out;
    out.object().key("error").object().field("code", to_string(e.code)).key("problems").array();
    for (const auto& p : e.problems) problem_fields(out, p);
    out.end().end().end();
    print_json(std::move(out));
    return code;
}

std::string paint(ink with, std::string_view text) {
    std::string s{ink_mark, static_cast<char>(with)};
    s += text;
    return s += {ink_mark, static_cast<char>(ink::plain)};
}

interruption::interruption() {
    interrupted = false;
    std::signal(SIGINT, [](int) {
        if (interrupted.exchange(true)) std::_Exit(130);
    });
}
interruption::~interruption() { std::signal(SIGINT, SIG_DFL); }

// ---- input ------------------------------------------------------------------------------------------------------------------
std::string_view to_string(errc code) {
    constexpr std::array<std::string_view, 8> names{"syntax",  "invalid", "limit",       "not_found",
                                                    "conflict", "damaged", "unsupported", "io"};
    return names[static_cast<std::size_t>(code)];
}

void problem_fields(json_text::json_out& out, const problem& p) {
    out.object().field("warning", p.warning).field("where", p.where).field("line", p.line).field("column", p.column);
    out.field("what", p.what).field("hint", p.hint).end();
}

result<std::string> read_input(const std::string& path) {
    if (path != "-") return json_text::read_file(path);
    std::string text;
    char        part[16384];
    while (text.size() <= json_text::largest_document) {
        const auto n = std::fread(part, 1, sizeof part, stdin);
        text.append(part, n);
        if (n == 0) break;
    }
    if (std::ferror(stdin) != 0) return make_error(errc::io, "could not be read", "standard input");
    if (text.size() > json_text::largest_document)
        return make_error(errc::limit, json_text::too_large_text(json_text::largest_document), "standard input");
    return text;
}

result<std::vector<std::pair<std::string, std::string>>> parameters_from(const std::vector<std::string>& texts,
                                                                         const std::string& option) {
    std::vector<std::pair<std::string, std::string>> list;
    for (const auto& t : texts) {
        const auto equals = t.find('=');
        if (equals == std::string::npos || equals == 0)
            return make_error(errc::invalid, "expected name=value, found " + json_text::in_quotes(t), option);
        list.emplace_back(t.substr(0, equals), t.substr(equals + 1));
    }
    return list;
}

void parameters_option(subcommand to, std::vector<std::string>& params, const std::string& whose) {
    to.option("--param", params, "A parameter of " + whose + ", name=value; may be repeated");
}

result<charter> charter_from(const std::string& path, const std::vector<std::string>& params) {
    auto given = parameters_from(params);
    if (!given) return given.error();
    const auto text = read_input(path);
    if (!text) return text.error();
    return load_charter(text.value(), path == "-" ? "standard input" : path, std::move(given.value()));
}

result<roster> roster_from(const std::string& path) {
    const auto text = read_input(path);
    if (!text) return text.error();
    return load_roster(text.value(), path == "-" ? "standard input" : path);
}

result<instant> moment_from(const std::string& text) {
    if (text.empty()) return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
    if (const auto t = parse_instant(text)) return *t;
    return make_error(errc::invalid, json_text::in_quotes(text) + " is no instant", "--at", "write 2026-03-01T00:00:00Z");
}

std::string aligned(const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::size_t> widths;
    for (const auto& row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i + 1 < row.size(); ++i) widths[i] = std::max(widths[i], width(row[i]));
    }
    std::string out;
    for (const auto& row : rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            line += row[i];
            if (i + 1 < row.size()) line.append(widths[i] - width(row[i]) + 2, ' ');
        }
        line.erase(line.find_last_not_of(' ') + 1);
        out += line + '\n';
    }
    return out;
}

}  // namespace quorate::cli
