// Boost.JSON's events become a tree: the handler of json.cpp's parser. Internal to json.cpp.
#pragma once

#include <algorithm>
#include <boost/json/basic_parser.hpp>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "json.hpp"

namespace quorate::json_text {

namespace bj = boost::json;

struct place {
    std::uint32_t line = 1;
    std::uint32_t column = 1;
};

/// A refusal on its way out of the parser.
struct refusal {
    errc code = errc::syntax;
    place at;
    std::string what;
    std::string hint;
};

/// Where the grammar stands, for saying what was expected.
enum class after : std::uint8_t { nothing, opening, key, colon, value, comma };

/// "" when the number is within the limits, else what is wrong with it.
inline std::string_view number_fault(std::string_view text) {
    const auto e = text.find_first_of("eE");
    if (e == std::string_view::npos)
        return text.find('.') == std::string_view::npos ? "this integer does not fit in 64 bits"
                                                        : "";
    int power = 0;
    bool any = false;
    for (const char c : text.substr(e + 1)) {
        if (c == '+' || c == '-') continue;
        if (c < '0' || c > '9') return "this is no number";
        any = true;
        power = power * 10 + (c - '0');
        if (power > largest_exponent) return "the exponent of this number is out of range";
    }
    return any ? "" : "this is no number";
}

/// Receives Boost's events and builds the tree. `start` and `token` are set by the lexer before
/// each token is fed.
class builder {
public:
    static constexpr std::size_t max_object_size = most_values;
    static constexpr std::size_t max_array_size = most_values;
    static constexpr std::size_t max_key_size = longest_string;
    static constexpr std::size_t max_string_size = longest_string;

    using ec_type = bj::error_code;

    place start;
    std::string_view token;
    std::optional<refusal> refused;
    std::vector<refusal> duplicates;
    after stands = after::nothing;

    bool on_document_begin(ec_type&) { return true; }
    bool on_document_end(ec_type&) { return true; }
    bool on_object_begin(ec_type& ec) { return open(kind::object, ec); }
    bool on_array_begin(ec_type& ec) { return open(kind::array, ec); }
    bool on_object_end(std::size_t, ec_type& ec) {
        find_duplicates(stack_.back().value);
        return close(ec);
    }
    bool on_array_end(std::size_t, ec_type& ec) { return close(ec); }

    bool on_key_part(bj::string_view s, std::size_t, ec_type& ec) { return gather(s, ec); }
    bool on_key(bj::string_view s, std::size_t, ec_type& ec) {
        if (!gather(s, ec)) return false;
        for (const char c : gathered_)
            if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
                return refuse(errc::invalid, "a key can't contain control characters", ec);
        stack_.back().key = std::exchange(gathered_, {});
        stack_.back().key_at = start;
        return true;
    }
    bool on_string_part(bj::string_view s, std::size_t, ec_type& ec) { return gather(s, ec); }
    bool on_string(bj::string_view s, std::size_t, ec_type& ec) {
        if (!gather(s, ec)) return false;
        if (gathered_.find('\0') != std::string::npos)
            return refuse(errc::invalid, "a string can't contain the control character U+0000", ec);
        node n = here(kind::string);
        n.text = std::exchange(gathered_, {});
        n.as_written = n.text.size() + 2 == token.size();
        return add(std::move(n), ec);
    }

    bool on_number_part(bj::string_view, ec_type&) { return true; }
    bool on_int64(std::int64_t i, bj::string_view, ec_type& ec) {
        node n = here(kind::integer);
        n.number = i;
        return add(std::move(n), ec);
    }
    bool on_uint64(std::uint64_t, bj::string_view, ec_type& ec) {
        return refuse(errc::limit, "this integer does not fit in 64 bits", ec);
    }
    bool on_double(double, bj::string_view,
                   ec_type& ec) {  // the double is not looked at: the text stays exact
        if (const auto fault = number_fault(token); !fault.empty())
            return refuse(errc::limit, std::string(fault), ec);
        node n = here(kind::decimal);
        n.text = std::string(token);
        return add(std::move(n), ec);
    }
    bool on_bool(bool b, ec_type& ec) {
        node n = here(kind::boolean);
        n.truth = b;
        return add(std::move(n), ec);
    }
    bool on_null(ec_type& ec) { return add(here(kind::null), ec); }
    bool on_comment_part(bj::string_view, ec_type&) { return true; }
    bool on_comment(bj::string_view, ec_type&) { return true; }

    [[nodiscard]] bool in_object() const {
        return !stack_.empty() && stack_.back().value.is_object();
    }
    [[nodiscard]] bool in_array() const {
        return !stack_.empty() && stack_.back().value.is_array();
    }
    [[nodiscard]] place opened_at() const {
        return {stack_.back().value.line, stack_.back().value.column};
    }
    [[nodiscard]] node take() { return std::move(root_); }

private:
    struct level {
        node value;
        std::string key;  // of the member being read
        place key_at;
    };

    node here(kind k) const {
        node n;
        n.what = k;
        n.line = start.line;
        n.column = start.column;
        return n;
    }
    bool refuse(errc code, std::string what, ec_type& ec) {
        refused = refusal{code, start, std::move(what), {}};
        ec = bj::error::input_error;
        return false;
    }
    bool count(ec_type& ec) {
        return ++values_ <= most_values ||
               refuse(errc::limit,
                      "more than " + std::to_string(most_values) + " values in one document", ec);
    }
    bool open(kind k, ec_type& ec) {
        if (stack_.size() >= deepest_document)
            return refuse(errc::limit, "nested deeper than " + std::to_string(deepest_document),
                          ec);
        if (!count(ec)) return false;
        stack_.push_back({here(k), {}, {}});
        return true;
    }
    bool close(ec_type&) {
        node n = std::move(stack_.back().value);
        stack_.pop_back();
        attach(std::move(n));
        return true;
    }
    bool add(node n, ec_type& ec) {
        if (!count(ec)) return false;
        attach(std::move(n));
        return true;
    }
    void attach(node n) {
        if (stack_.empty()) {
            root_ = std::move(n);
            return;
        }
        auto& [parent, key, key_at] = stack_.back();
        if (parent.is_array())
            parent.elements.push_back(std::move(n));
        else
            parent.members.push_back({std::move(key), key_at.line, key_at.column, std::move(n)});
    }
    bool gather(bj::string_view s, ec_type& ec) {
        gathered_.append(s.data(), s.size());
        return gathered_.size() <= longest_string ||
               refuse(errc::limit,
                      "a string longer than " + std::to_string(longest_string) + " bytes", ec);
    }
    void find_duplicates(const node& object) {
        const auto& all = object.members;
        std::vector<std::size_t> order(all.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::stable_sort(order.begin(), order.end(),
                         [&](auto a, auto b) { return all[a].key < all[b].key; });
        for (std::size_t i = 1; i < order.size(); ++i) {
            const auto &first = all[order[i - 1]], &again = all[order[i]];
            if (first.key != again.key || duplicates.size() >= most_problems) continue;
            duplicates.push_back({errc::invalid,
                                  {again.line, again.column},
                                  "duplicate key " + in_quotes(again.key),
                                  "it was given at " + std::to_string(first.line) + ":" +
                                      std::to_string(first.column)});
        }
    }

    std::vector<level> stack_;
    node root_;
    std::string gathered_;
    std::size_t values_ = 0;
};

}  // namespace quorate::json_text
