// Describing processes in plain English: the page that is written on, and words that its parts share. Internal.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <quorate/process.hpp>

#include "plain_text.hpp"

namespace quorate::prose {

inline constexpr std::size_t page_width = 100;

/// Text in paragraphs, each indented and broken into lines; or as paragraphs, for a layout of another kind.
class page {
public:
    struct block {
        std::size_t indent = 0, hang = 0;
        std::string text{};  ///< on one line; empty: a gap. An item begins with "- ", "1. " or "1) "
    };

    /// A paragraph; lines after the first are indented by `hang` more.
    void paragraph(std::size_t indent, std::string_view text, std::size_t hang = 0) { blocks_.push_back({indent, hang, plain_text::clean(text)}); }
    /// A paragraph behind "- ".
    void item(std::size_t indent, std::string_view text) { paragraph(indent, "- " + std::string(text), 2); }
    void gap() { blocks_.push_back({}); }
    [[nodiscard]] const std::vector<block>& blocks() const { return blocks_; }
    [[nodiscard]] std::string text() const {
        std::string out;
        for (const auto& b : blocks_) {
            const auto lines = plain_text::wrap(b.text, page_width - b.indent - b.hang);
            for (std::size_t i = 0; i < lines.size(); ++i) {
                if (!lines[i].empty()) out.append(b.indent + (i == 0 ? 0 : b.hang), ' ');
                (out += lines[i]) += '\n';
            }
        }
        return out;
    }

private:
    std::vector<block> blocks_;
};

/// A process, still without a layout.
[[nodiscard]] page described(const process& p);

/// "a", "a and b", "a, b and c".
[[nodiscard]] std::string listed(const std::vector<std::string>& all, std::string_view last = "and");
/// In double quotes; a double quote inside becomes a single one, so that one sees where it ends.
[[nodiscard]] std::string in_quotes(std::string_view s);
/// What becomes of ballots: "all ballots are cleared", "ballots are cleared, but for \"reject\"".
[[nodiscard]] std::string cleared(const process& p, kept_ballots kept);
/// With a capital first letter.
[[nodiscard]] std::string capital(std::string s);
/// "final comment" for final_comment.
[[nodiscard]] std::string words(phase p);
/// "raise a concern" as somebody may do it, "raises a concern" as somebody does it.
[[nodiscard]] std::string_view to_do(act a);
[[nodiscard]] std::string_view doing(act a);
/// A stage as people and charters know it: "Final comment period" (fcp); for implied ends the name alone.
[[nodiscard]] std::string stage_name(const stage& s);
/// "label (add: final-comment-period), announce".
[[nodiscard]] std::string effects_text(const std::vector<effect_template>& effects);
/// What the charter calls choosing this position: "approve" or, where it has a title, "approve" ("+1").
[[nodiscard]] std::string position_name(const position& p);

/// Rules of a process in English, with its positions by title.
class translator {
public:
    explicit translator(const process& p) {
        for (const auto& each : p.positions) titles_.push_back(each.title);
    }
    [[nodiscard]] std::string operator()(const rule& r) const {
        return english(r.view(), titles_);
    }

private:
    std::vector<std::string_view> titles_;
};

/// Who may see it, and when; `during` begins the sentence: "While it is here, ".
void describe_audience(page& out, std::size_t indent, const std::string& during, const std::vector<audience>& list,
                       const translator& in_english);

/// When people see who said what, where that isn't at once. `open`: how one says that it hasn't come to a close.
void describe_showing(page& out, std::size_t indent, const ballot_showing& b, std::string_view open, const translator& in_english);

/// All stages, each with permissions and exits.
void describe_stages(page& out, const process& p);

}  // namespace quorate::prose
