// How quorate reports what went wrong. Faults (a broken charter, an unknown proposal, a damaged journal) are errors in a
// `result<T>`; refusals of a command are values of their own (see engine.hpp); bugs are assertions.
#pragma once

#include <boost/assert/source_location.hpp>
#include <boost/system/result.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace quorate {

/// What kind of fault an error is; hosts branch on this and show the text.
enum class errc : std::uint8_t {
    syntax,        ///< the text is not in its language (JSON, a rule, an instant)
    invalid,       ///< well formed, but means nothing: an unknown name, a wrong type, a broken reference
    limit,         ///< larger, deeper or longer than a named limit allows
    not_found,     ///< no such proposal, document, file
    conflict,      ///< someone else wrote first, or a key was used again for other bytes
    damaged,       ///< stored bytes are not what was written
    unsupported,   ///< a newer schema, a foreign file, a file system that can't be trusted
    io,            ///< the operating system or the store said no
};

/// One thing wrong at one place. `line` and `column` count from 1; 0 means that the place has none.
struct problem {
    bool          warning = false;  ///< suspicious rather than wrong
    std::string   where;            ///< file, JSON pointer or name of the rule
    std::uint32_t line = 0;
    std::uint32_t column = 0;
    std::string   what;             ///< what is wrong and what was expected
    std::string   hint;             ///< a way out; may be empty

    friend bool operator==(const problem&, const problem&) = default;
};

/// "where:line:column: what (hint)", the one place where a problem becomes text.
[[nodiscard]] inline std::string to_string(const problem& p) {
    std::string s = p.where;
    if (p.line != 0) s += ":" + std::to_string(p.line) + ":" + std::to_string(p.column);
    if (!s.empty()) s += ": ";
    if (p.warning) s += "warning: ";
    s += p.what;
    if (!p.hint.empty()) s += " (" + p.hint + ")";
    return s;
}

/// Why something could not be done: a kind, and every problem found (at least one).
struct error {
    errc                 code = errc::invalid;
    std::vector<problem> problems;

    /// All problems, one a line.
    [[nodiscard]] std::string what() const {
        std::string s;
        for (const auto& p : problems) {
            if (!s.empty()) s += '\n';
            s += to_string(p);
        }
        return s;
    }
    friend bool operator==(const error&, const error&) = default;
};

/// So that a result can be streamed, as tests do with what they check.
template <class Stream>
Stream& operator<<(Stream& out, const error& e) {
    out << e.what();
    return out;
}

[[nodiscard]] inline error make_error(errc code, std::string what, std::string where = {}, std::string hint = {}) {
    return {code, {{.where = std::move(where), .what = std::move(what), .hint = std::move(hint)}}};
}

/// What `result::value()` throws when there is an error instead.
class failure : public std::runtime_error {
public:
    explicit failure(error e) : std::runtime_error(e.what()), error_(std::move(e)) {}
    [[nodiscard]] const error& why() const noexcept { return error_; }

private:
    error error_;
};

/// A value or an `error`. Ask (`if (!r) return r.error();`) or demand (`r.value()`, which throws `failure`).
template <class T>
using result = boost::system::result<T, error>;

/// Found by argument-dependent look-up from `result::value()`.
[[noreturn]] inline void throw_exception_from_error(const error& e, const boost::source_location&) { throw failure(e); }

/// The closest of `known` to `word` by edit distance, or empty when none is near: "did you mean ...?".
/// Words longer than 64 characters are not compared.
[[nodiscard]] inline std::string_view closest(std::string_view word, const std::vector<std::string_view>& known) {
    constexpr std::size_t longest = 64;
    if (word.empty() || word.size() > longest) return {};
    std::string_view best;
    std::size_t best_distance = word.size() / 3 + 1;
    for (const auto candidate : known) {
        if (candidate.size() > longest) continue;
        std::vector<std::size_t> row(candidate.size() + 1);
        for (std::size_t j = 0; j < row.size(); ++j) row[j] = j;
        for (std::size_t i = 1; i <= word.size(); ++i) {
            std::size_t diagonal = row[0];
            row[0] = i;
            for (std::size_t j = 1; j < row.size(); ++j) {
                const std::size_t above = row[j];
                const std::size_t change = diagonal + (word[i - 1] == candidate[j - 1] ? 0U : 1U);
                row[j] = std::min({row[j] + 1, row[j - 1] + 1, change});
                diagonal = above;
            }
        }
        if (row.back() < best_distance || (row.back() == best_distance && best.empty())) {
            best = candidate;
            best_distance = row.back();
        }
    }
    return best;
}

}  // namespace quorate
