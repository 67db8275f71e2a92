// JSON values as text again.
#include "json.hpp"
#include "json_out.hpp"

namespace quorate::json_text {
namespace {

/// Writes JSON tokens, each not before its place.
class placing {
public:
    explicit placing(bool placed) : placed_(placed) {}

    void value(const node& n) {
        go(n.line, n.column);
        switch (n.what) {
            case kind::null: return put("null");
            case kind::boolean: return put(n.truth ? "true" : "false");
            case kind::integer: return put(std::to_string(n.number));
            case kind::decimal: return put(n.text);
            case kind::string: return text(n.text);
            case kind::array:
                put("[");
                for (std::size_t i = 0; i < n.elements.size(); ++i) {
                    if (i > 0) put(",");
                    value(n.elements[i]);
                }
                return put("]");
            case kind::object:
                put("{");
                for (std::size_t i = 0; i < n.members.size(); ++i) {
                    const auto& m = n.members[i];
                    if (i > 0) put(",");
                    go(m.line, m.column);
                    text(m.key);
                    put(":");
                    value(m.value);
                }
                return put("}");
        }
    }
    [[nodiscard]] std::string str() && { return std::move(out_); }

private:
    void go(std::uint32_t line, std::uint32_t column) {
        if (!placed_) return;
        for (; line_ < line; ++line_, column_ = 1) out_ += '\n';
        for (; line_ == line && column_ < column; ++column_) out_ += ' ';
    }
    void put(std::string_view s) {
        out_ += s;
        for (const char c : s) column_ += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    }
    void text(std::string_view s) {
        std::string quoted;
        append_string(quoted, s);
        put(quoted);
    }

    bool          placed_;
    std::string   out_;
    std::uint32_t line_ = 1, column_ = 1;
};

}  // namespace

std::string compact_json(const node& n) {
    placing out(false);
    out.value(n);
    return std::move(out).str();
}
std::string placed_json(const node& n) {
    placing out(true);
    out.value(n);
    return std::move(out).str();
}

}  // namespace quorate::json_text
