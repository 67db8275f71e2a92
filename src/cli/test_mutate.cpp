// test --mutate: which small changes of a charter no scenario notices.
#include <algorithm>

#include <fmt/format.h>

#include <quorate/mutate.hpp>

#include "json.hpp"
#include "test.hpp"

namespace quorate::cli {
namespace {

/// A change that is said to behave the same: {"charter", "pointer", "before", "after", "why"}. The charter goes by its file's name.
struct known_alike {
    std::string  charter{}, pointer{}, before{}, after{}, why{};
    mutable bool used = false;
};

std::string_view file_name(std::string_view path) { return path.substr(path.find_last_of('/') + 1); }

result<std::vector<known_alike>> alike_from(const std::string& path) {
    std::vector<known_alike> all;
    if (path.empty()) return all;
    const auto document = json_text::parse_file(path);
    if (!document) return document.error();
    const auto&       root = document.value();
    json_text::reader read{root, path};
    read.known_keys(root, {"about", "same"});
    if (const auto* list = read.required_array(root, "same"))
        for (const auto& n : list->elements) {
            read.known_keys(n, {"charter", "pointer", "before", "after", "why"});
            const auto text = [&](std::string_view key) { return std::string(read.required_text(n, key)); };
            all.push_back({text("charter"), text("pointer"), text("before"), text("after"), text("why")});
        }
    if (!read.ok()) return read.why();
    return all;
}

result<number> share_from(const std::string& text) {
    if (text.empty()) return number(0);
    const auto found = parse_rule(text, {}, expects::number);
    if (found.error.is_error() || found.nodes[found.root].what != op::number)
        return make_error(errc::invalid, json_text::in_quotes(text) + " is no share", "--least", "such as 95% or 9/10");
    const auto& n = found.nodes[found.root];
    const auto  share = divide(number(n.numerator), number(n.denominator));
    if (!share || *share > number(1)) return make_error(errc::invalid, json_text::in_quotes(text) + " is more than everything", "--least", "such as 95%");
    return *share;
}

void tell(const session& s, const std::vector<mutation_report>& reports, const number& least) {
    std::size_t noticed = 0, counted = 0, alike = 0;
    for (const auto& r : reports) {
        if (s.json) {
            s.print(to_json(r) + "\n");
            continue;
        }
        const auto text = to_string(r);
        const auto last = text.rfind('\n', text.size() - 2);
        const auto line = last == std::string::npos ? 0 : last + 1;
        s.print(text.substr(0, line) + paint(r.at_least(least) ? ink::good : ink::bad, text.substr(line, text.size() - line - 1)) + "\n");
        noticed += r.noticed;
        counted += r.counted();
        alike += r.same.size();
    }
    if (!s.json && reports.size() > 1)
        s.print(fmt::format("{} of {} changes noticed in {} charters, {} more behave the same\n", noticed, counted, reports.size(), alike));
}

}  // namespace

int mutate_suite(const session& s, const test_options& o, const suite& all) {
    for (const auto& e : all.unreadable) s.fail(e);
    if (!all.unreadable.empty()) return unusable;
    const auto known = alike_from(o.same);
    if (!known) return s.fail(known.error());
    const auto least = share_from(o.least);
    if (!least) return s.fail(least.error());
    mutation_options how{.only = o.only, .under = o.charter, .threads = o.threads};
    how.same = [&](const charter& c, const mutant& m) -> std::string {
        for (const auto& k : known.value()) {
            if (k.charter != file_name(c.get().name) || k.pointer != m.pointer || k.before != m.before || k.after != m.after) continue;
            k.used = true;
            return k.why;
        }
        return {};
    };
    const auto reports = mutate(all.scenarios, how);
    if (!reports) return s.fail(reports.error());
    tell(s, reports.value(), least.value());
    // What is on the list and was noticed, or isn't there any more, hides nothing today and would tomorrow.
    bool stale = false;
    for (const auto& k : known.value()) {
        const bool looked = o.only.empty() && std::any_of(reports.value().begin(), reports.value().end(), [&](const mutation_report& r) { return file_name(r.charter) == k.charter; });
        if (!looked || k.used) continue;
        stale = true;
        s.complain(fmt::format("{}: {} {}: `{}` becomes `{}` does not go unnoticed: take it off the list\n", o.same, k.charter, k.pointer, k.before, k.after));
    }
    const bool enough = std::all_of(reports.value().begin(), reports.value().end(), [&](const mutation_report& r) { return r.at_least(least.value()); });
    return enough && !stale ? fine : findings;
}

}  // namespace quorate::cli
