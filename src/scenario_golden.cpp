#include "scenario_golden.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include <quorate/scenario.hpp>

#include "json_edit.hpp"
#include "json_out.hpp"

namespace quorate {
namespace {

using json_text::kind;
using json_text::node;
using json_text::string_json;

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> all;
    while (!text.empty()) {
        const auto end = text.find('\n');
        all.emplace_back(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return all;
}

std::string without_margin(std::string s) {
    s.erase(0, std::min(s.find_first_not_of(' '), s.size()));
    return s;
}

/// How many characters of `a` must be put in, left out or changed to find it in `b`.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);  // it may begin anywhere in `b`, and end anywhere
    for (std::size_t i = 1; i <= a.size(); ++i) {
        auto diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const auto above = row[j];
            row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U)});
            diagonal = above;
        }
    }
    return *std::min_element(row.begin(), row.end());
}

}  // namespace

std::vector<std::string> golden_texts(const std::vector<std::string>& parts, const std::string& whole) {
    const auto               lines = lines_of(whole);
    std::vector<std::string> made;
    for (const auto& part : parts) {
        made.emplace_back();
        if (whole.find(part) != std::string::npos) continue;
        const auto  wanted = std::clamp<std::size_t>(lines_of(part).size(), 1, std::max<std::size_t>(lines.size(), 1));
        std::string best;
        std::size_t least = std::string::npos;
        for (std::size_t i = 0; i + wanted <= lines.size(); ++i) {
            std::string window;
            for (auto k = i; k < i + wanted; ++k) window += (k == i ? "" : "\n") + (k == i ? without_margin(lines[k]) : lines[k]);
            const auto far = distance(part, window);
            if (far >= least) continue;
            least = far;
            best = std::move(window);
        }
        made.back() = string_json(best);
    }
    return made;
}

std::vector<std::string> golden_findings(const std::vector<std::string>& parts, const std::vector<std::string>& found) {
    std::vector<std::string> made;
    for (std::size_t i = 0; i < found.size(); ++i)
        made.push_back(i < parts.size() && found[i].find(parts[i]) != std::string::npos ? std::string() : string_json(found[i]));
    return made;
}

std::string golden_effect(const effect& e) {
    const auto payload = json_text::parse(e.payload, "effect");
    std::string fields;
    if (payload)
        for (const auto& m : payload.value().members)
            if (m.key != "subject" && m.key != "stage" && m.key != "disposition" && m.value.is_string())
                fields += ", " + string_json(m.key) + ": " + string_json(m.value.text);
    return fields.empty() ? string_json(e.kind) : "{ \"do\": " + string_json(e.kind) + fields + " }";
}

// ---- into the file ----------------------------------------------------------------------------------------------------------------
namespace {

using place = std::tuple<std::uint32_t, std::uint32_t>;

/// What a value of the file is to become, and how many scenarios look at it there.
struct wanted_at {
    std::string_view                      key{};
    std::vector<std::vector<std::string>> found{};   ///< by failure, each once
    std::size_t                           failed = 0;
    std::size_t                           looks = 0;
    bool                                  of_table = false;
};

/// "$" begins a name in a table.
std::string for_table(const std::string& json) {
    std::string s;
    for (const char c : json) s += c == '$' ? std::string("$$") : std::string(1, c);
    return s;
}

const node* value_at(const node& n, const place& at) {
    if (place(n.line, n.column) == at && (n.is_array() || n.is_string())) return &n;
    for (const auto& e : n.elements)
        if (const auto* found = value_at(e, at)) return found;
    for (const auto& m : n.members)
        if (const auto* found = value_at(m.value, at)) return found;
    return nullptr;
}

std::map<place, wanted_at> what_is_wanted(const std::vector<scenario>& all, const std::vector<scenario_report>& reports) {
    std::map<place, wanted_at> by_place;
    for (const auto& r : reports)
        for (const auto& f : r.failures) {
            if (f.golden_at.line == 0) continue;
            auto& w = by_place[{f.golden_at.line, f.golden_at.column}];
            w.key = f.golden_at.key;
            if (std::find(w.found.begin(), w.found.end(), f.golden) == w.found.end()) w.found.push_back(f.golden);
        }
    for (std::size_t i = 0; i < all.size() && i < reports.size(); ++i) {
        const auto count = [&](const expectation& e) {
            for (const auto& g : e.golden) {
                const auto found = by_place.find({g.line, g.column});
                if (found == by_place.end()) continue;
                ++found->second.looks;
                found->second.of_table = found->second.of_table || all[i].of_table;
                found->second.failed += std::any_of(reports[i].failures.begin(), reports[i].failures.end(), [&](const scenario_failure& f) { return f.golden_at == g; });
            }
        };
        for (const auto& s : all[i].steps) count(s.expect);
        count(all[i].at_end);
    }
    return by_place;
}

}  // namespace

golden_update with_golden_parts(std::string_view text, const std::vector<scenario>& all, const std::vector<scenario_report>& reports) {
    golden_update made{.text = std::string(text)};
    const auto    document = json_text::parse(text);
    if (!document) return made;
    const json_text::places      where(text);
    std::vector<json_text::edit> edits;
    for (const auto& wanted : what_is_wanted(all, reports)) {
        const auto& at = wanted.first;
        const auto& w = wanted.second;
        const auto left = [&](std::string why) {
            made.left.push_back({.where = all.empty() ? std::string() : all.front().file, .line = std::get<0>(at), .column = std::get<1>(at),
                                 .what = std::string(w.key) + " is left as it is: " + std::move(why), .hint = {}});
        };
        const auto* value = value_at(document.value(), at);
        if (value == nullptr) continue;
        if (w.found.size() != 1 || w.failed != w.looks) {
            left("the scenarios that share it found different things");
            continue;
        }
        const auto [begin, length] = where.of(*value);
        if (w.of_table && text.substr(begin, length).find('$') != std::string_view::npos) {
            left("it takes something from a table");
            continue;
        }
        const auto  json = [&](const std::string& s) { return w.of_table ? for_table(s) : s; };
        const auto& found = w.found.front();
        ++made.changed;
        if (value->is_string() && found.size() == 1) {
            edits.push_back({begin, length, json(found.front())});
        } else if (value->is_array() && value->elements.size() == found.size()) {
            for (std::size_t i = 0; i < found.size(); ++i) {
                if (found[i].empty()) continue;
                const auto [from, size] = where.of(value->elements[i]);
                edits.push_back({from, size, json(found[i])});
            }
        } else {
            std::string list;
            for (std::size_t i = 0; i < found.size(); ++i) {
                const auto* kept = !found[i].empty() ? nullptr : value->is_string() ? value : &value->elements[i];
                const auto  same = kept == nullptr ? std::pair<std::size_t, std::size_t>() : where.of(*kept);
                list += (list.empty() ? "" : ", ") + (kept == nullptr ? json(found[i]) : std::string(text.substr(same.first, same.second)));
            }
            edits.push_back({begin, length, list.empty() ? "[]" : "[ " + list + " ]"});
        }
    }
    made.text = json_text::edited(text, std::move(edits));
    return made;
}

}  // namespace quorate
