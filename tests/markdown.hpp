// What tests look at in a page of documentation: its fenced blocks, its tables, and what stands between backticks.
#pragma once

#include <algorithm>
#include <cstddef>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace markdown {

using cells = std::vector<std::string>;

inline std::string trimmed(std::string s) {
    while (!s.empty() && s.front() == ' ') s.erase(0, 1);
    while (!s.empty() && s.back() == ' ') s.pop_back();
    return s;
}

/// What is between backticks, in order. One that isn't closed ends the search.
inline cells code_in(const std::string& text) {
    cells found;
    for (auto open = text.find('`'); open != std::string::npos;) {
        const auto close = text.find('`', open + 1);
        if (close == std::string::npos) break;
        found.push_back(text.substr(open + 1, close - open - 1));
        open = text.find('`', close + 1);
    }
    return found;
}

/// A row as it is written.
inline std::string row_text(const cells& row) {
    std::string s = "|";
    for (const auto& c : row) s += ' ' + c + " |";
    return s + '\n';
}

/// A fenced block: "```json" and what follows up to the closing fence.
struct block {
    std::string kind{};
    std::string text{};
    std::size_t line = 0;  ///< of its fence, from 1
};

struct table {
    cells              head{};
    std::vector<cells> rows{};
    std::size_t        begin = 0, end = 0;  ///< where the rows stand in the page

    /// The cells under that head, from top to bottom; none if there is no such head.
    [[nodiscard]] cells column(std::string_view name) const {
        cells      found;
        const auto at = static_cast<std::size_t>(std::find(head.begin(), head.end(), name) - head.begin());
        if (at == head.size()) return found;
        for (const auto& row : rows)
            if (at < row.size()) found.push_back(row[at]);
        return found;
    }
    /// What is between backticks in that column.
    [[nodiscard]] cells code(std::string_view name) const {
        cells found;
        for (const auto& cell : column(name))
            for (auto& word : code_in(cell)) found.push_back(std::move(word));
        return found;
    }
};

/// A page, taken apart. Tables and backticks inside of blocks are text of the block.
struct page {
    explicit page(std::string source) : text(std::move(source)) {
        bool        fenced = false;
        std::size_t number = 0, row = 0;  // row: of the table that goes on, 0 outside of one
        for (std::size_t at = 0; at < text.size();) {
            const auto stop = std::min(text.find('\n', at), text.size());
            const auto next = std::min(stop + 1, text.size());
            const auto line = text.substr(at, stop - at);
            ++number;
            row = !fenced && line.starts_with('|') ? row + 1 : 0;
            if (line.starts_with("```")) {
                if (!fenced) blocks.push_back({line.substr(3), {}, number});
                fenced = !fenced;
            } else if (fenced) {
                blocks.back().text += line + '\n';
            } else {
                for (auto& word : code_in(line)) words.insert(std::move(word));
                if (std::count(line.begin(), line.end(), '`') % 2 != 0) unbalanced.push_back(number);
                if (row != 0) take(line, row, next);
            }
            at = next;
        }
    }
    /// The first table with this head, or nullptr.
    [[nodiscard]] const table* headed(const cells& head) const {
        const auto found = std::find_if(tables.begin(), tables.end(), [&](const table& t) { return t.head == head; });
        return found == tables.end() ? nullptr : &*found;
    }

    std::string              text;
    std::vector<block>       blocks{};
    std::vector<table>       tables{};
    std::set<std::string>    words{};       ///< between backticks
    std::vector<std::size_t> unbalanced{};  ///< lines with a backtick that isn't closed

private:
    void take(const std::string& line, std::size_t row, std::size_t next) {
        cells              all;
        std::istringstream in(line.substr(1));
        for (std::string cell; std::getline(in, cell, '|');) all.push_back(trimmed(cell));
        if (row == 1) tables.push_back({.head = std::move(all)});
        else if (row == 2) tables.back().begin = tables.back().end = next;  // the rule below the head
        else {
            tables.back().rows.push_back(std::move(all));
            tables.back().end = next;
        }
    }
};

}  // namespace markdown
