// Scenario files: what scenarios share, and tables.
#include <algorithm>
#include <array>
#include <filesystem>

#include "scenario_load.hpp"

namespace quorate {
namespace {

using json_text::kind;
using json_text::node;

constexpr std::array<std::string_view, 6> shared_keys{"charter", "roster", "parameters", "process", "dialect", "given"};

json_text::member* member_named(node& object, std::string_view key) {
    const auto found = std::find_if(object.members.begin(), object.members.end(),
                                    [&](const json_text::member& m) { return m.key == key; });
    return found == object.members.end() ? nullptr : &*found;
}

/// Adds to `own` what is only said around it; objects of parameters and "given" member by member.
void inherit(node& own, const node& around) {
    for (const auto key : shared_keys) {
        const auto* outer = around.find_member(key);
        if (outer == nullptr) continue;
        auto* inner = member_named(own, key);
        if (inner == nullptr) {
            own.members.push_back(*outer);
            continue;
        }
        if ((key != "parameters" && key != "given") || !inner->value.is_object()) continue;
        for (const auto& m : outer->value.members)
            if (inner->value.find(m.key) == nullptr) inner->value.members.push_back(m);
    }
    if (own.find("broken") != nullptr) return;
    const auto* background = around.find("background");
    auto*       steps = member_named(own, "steps");
    if (background == nullptr || !background->is_array()) return;
    if (steps == nullptr) {
        own.members.push_back({"steps", own.line, own.column, *background});
    } else if (steps->value.is_array()) {
        auto all = background->elements;
        all.insert(all.end(), steps->value.elements.begin(), steps->value.elements.end());
        steps->value.elements = std::move(all);
    }
}

class file_reader {
public:
    file_reader(const node& root, const std::string& name, std::string base)
        : root_(root), from_(root, name, std::move(base)) {}

    result<std::vector<scenario>> operator()() {
        json_text::reader read{root_, from_.name()};
        if (!read.expect(root_, kind::object)) return read.why();
        const auto* list = root_.find("scenarios");
        if (list == nullptr) {
            one(root_);
        } else {
            read.known_keys(root_, {"$schema", "title", "cites", "about", "charter", "roster", "parameters", "process", "dialect", "given",
                                    "background", "scenarios"});
            if (read.expect(*list, kind::array) && list->elements.empty()) read.wrong(*list, "there is no scenario in it");
            if (!read.ok()) from_.note(read.why());
            for (const auto& n : list->elements) {
                if (!n.is_object()) {
                    from_.note(n, "a scenario is an object");
                    continue;
                }
                auto own = from_.copied(n);
                inherit(own, root_);
                one(own);
            }
        }
        if (!from_.ok()) return from_.why();
        return std::move(made_);
    }

private:
    void one(const node& n) {
        const auto* each = n.find("each");
        if (each == nullptr) return void(add(n));
        if (!each->is_array()) return from_.note(*each, "\"each\" is a list of rows, each an object");
        if (each->elements.empty()) return from_.note(*each, "a table without rows tests nothing");
        if (each->elements.size() > most_scenario_rows)
            return from_.note(*each, "more than " + std::to_string(most_scenario_rows) + " rows", {}, errc::limit);
        auto pattern = n;
        std::erase_if(pattern.members, [](const json_text::member& m) { return m.key == "each"; });
        for (const auto& row : each->elements) {
            if (!row.is_object()) {
                from_.note(row, "a row is an object: {\"name\": value, ...}");
                continue;
            }
            if (full(row)) return;
            if (add(from_.unfolded(pattern, row))) made_.back().of_table = true;
        }
    }
    bool add(const node& n) {
        if (full(n)) return false;
        made_.push_back(read_scenario(n, from_));
        return true;
    }
    bool full(const node& at) {
        if (made_.size() >= most_scenarios)
            from_.note(at, "more than " + std::to_string(most_scenarios) + " scenarios in one file", {}, errc::limit);
        else if (from_.spent())
            from_.note(at, "unfolded, this file has more than " + std::to_string(most_scenario_values) + " values", {}, errc::limit);
        else return false;
        return true;
    }

    const node&           root_;
    scenario_source       from_;
    std::vector<scenario> made_;
};

}  // namespace

result<std::vector<scenario>> load_scenarios(std::string_view text, std::string name, std::string base) {
    const auto document = json_text::parse(text, name);
    if (!document) return document.error();
    return file_reader(document.value(), name, std::move(base))();
}

result<std::vector<scenario>> load_scenario_file(const std::string& path) {
    const auto text = json_text::read_file(path);
    if (!text) return text.error();
    auto base = std::filesystem::path(path).parent_path().string();
    return load_scenarios(text.value(), path, base.empty() ? "." : std::move(base));
}

}  // namespace quorate
