#include <quorate/charter.hpp>

#include <algorithm>
#include <set>

#include "charter_load.hpp"
#include "sha256.hpp"

namespace quorate {
namespace {

using json_text::node;
using json_text::reader;

inline constexpr std::size_t most_processes = 64;
inline constexpr std::size_t most_parameters = 64;

/// A parameter's value is a number or a duration if it reads as one, else a name.
void set_value(parameter& p, std::string_view text) {
    p.text = std::string(text);
    p.is = parameter::kind::name;
    if (const auto d = parse_duration(text)) {
        p.is = parameter::kind::time_span;
        p.numerator = d->count();
        return;
    }
    detail::rule_parser parser{text};
    if (!text.empty() && detail::is_digit(text.front()) && !parser.parse().is_error() && parser.nodes.size() == 1 &&
        parser.nodes[0].what == op::number) {
        p.is = parameter::kind::number;
        p.numerator = parser.nodes[0].numerator;
        p.denominator = parser.nodes[0].denominator;
    }
}

std::vector<parameter> parameters(reader& read, const node& root,
                                  const std::vector<std::pair<std::string, std::string>>& given) {
    std::vector<parameter> list;
    const auto*            from = read.object(root, "parameters");
    if (from != nullptr && from->members.size() > most_parameters) read.wrong(*from, "more than 64 parameters");
    for (std::size_t i = 0; from != nullptr && i < std::min(from->members.size(), most_parameters); ++i) {
        const auto& m = from->members[i];
        parameter   p{.name = m.key};
        const node* value = &m.value;
        if (m.value.is_object()) {
            read.known_keys(m.value, {"value", "about"});
            p.about = read.text(m.value, "about").value_or("");
            value = read.required(m.value, "value");
        }
        if (value == nullptr) continue;
        if (value->is_integer()) set_value(p, std::to_string(value->number));
        else if (value->what == json_text::kind::decimal) set_value(p, value->text);
        else if (read.expect(*value, json_text::kind::string)) set_value(p, value->text);
        list.push_back(std::move(p));
    }
    for (const auto& pair : given) {
        const auto& name = pair.first;  // clang 14 captures no bindings
        const auto& text = pair.second;
        const auto  found = std::find_if(list.begin(), list.end(), [&](const parameter& p) { return p.name == name; });
        if (found == list.end()) {
            std::vector<std::string_view> known;
            for (const auto& p : list) known.push_back(p.name);
            read.wrong(from == nullptr ? root : *from, "there is no parameter " + json_text::in_quotes(name) + " to set",
                       json_text::did_you_mean(name, known));
            continue;
        }
        const auto kind = found->is;
        set_value(*found, text);
        if (found->is != kind)
            read.wrong(*from, "parameter " + json_text::in_quotes(name) + " can't be set to " + json_text::in_quotes(text) +
                                  ": it is another kind of value");
    }
    return list;
}

/// "audit": what its people hold for too much.
audit_limits limits(reader& read, const node& root) {
    audit_limits made;
    const auto*  from = read.object(root, "audit");
    if (from == nullptr) return made;
    constexpr std::int64_t most = 1'000'000;
    read.known_keys(*from, {"most acts per decision", "most time per decision", "most acts per seat", "longest wait for leaders", "longest term", "about"});
    made.acts_per_decision = read.integer(*from, "most acts per decision", 1, most);
    made.time_per_decision = read.span(*from, "most time per decision");
    made.acts_per_seat = read.integer(*from, "most acts per seat", 1, most);
    made.wait_for_leaders = read.span(*from, "longest wait for leaders");
    made.term = read.span(*from, "longest term");
    return made;
}

}  // namespace

const process* charter::find(std::string_view name) const {
    for (const auto& p : body_->processes)
        if (p.name == name) return &p;
    return nullptr;
}

result<charter> load_charter(std::string_view text, std::string name,
                             std::vector<std::pair<std::string, std::string>> given) {
    auto document = json_text::parse(text, name);
    if (!document) return document.error();
    const node& root = document.value();
    reader      read{root, name};
    auto        body = std::make_shared<charter::body>();
    if (!read.expect(root, json_text::kind::object)) return read.why();
    read.known_keys(root, {"$schema", "title", "version", "cites", "about", "roster", "parameters", "audit", "processes"});
    body->name = std::move(name);
    body->title = read.required_text(root, "title");
    body->version = read.text(root, "version").value_or("");
    body->cites = read.text(root, "cites").value_or("");
    body->roster = read.text(root, "roster").value_or("");
    body->parameters = parameters(read, root, given);
    body->limits = limits(read, root);

    std::set<std::string> used;
    const auto*           list = read.required_object(root, "processes");
    if (list != nullptr && list->members.empty()) read.wrong(*list, "a charter needs at least one process");
    if (list != nullptr && list->members.size() > most_processes) read.wrong(*list, "more than 64 processes");
    else if (list != nullptr)
        for (const auto& m : list->members) {
            const auto before = read.problems().size();
            auto       p = process_reader(read, body->parameters, used, *list)(m.key, m.value);
            // What a broken process is missing as a whole would only repeat what is wrong with its parts.
            if (read.problems().size() == before) check_stages(read, p, m.value);
            body->processes.push_back(std::move(p));
        }
    for (const auto& p : body->processes)
        for (const auto& parent : p.parents) {
            const auto space = parent.find(' ');  // a process, or a process and one of its stages
            const auto named = [&](const process& other) {
                return other.name == parent.substr(0, space) && (space == std::string::npos || other.stage_named(parent.substr(space + 1)));
            };
            if (std::any_of(body->processes.begin(), body->processes.end(), named)) continue;
            std::vector<std::string_view> known;
            for (const auto& other : body->processes) known.push_back(other.name);
            const auto* at = list->find(p.name);
            read.wrong(*at->find("open"), json_text::in_quotes(parent) + " is no process of this charter",
                       json_text::did_you_mean(parent, known));
        }
    for (const auto& p : body->parameters)  // beside mistakes it would only be a consequence
        if (read.ok() && !used.contains(p.name))
            read.suspicious(*read.object(root, "parameters"), "parameter " + json_text::in_quotes(p.name) + " is used nowhere");
    if (!read.ok()) return read.why();

    for (auto& p : body->processes) {
        for (const auto& r : p.rules) p.rule_views.push_back(r.value.view());
        p.slots = slots_of(p, p);
    }
    body->warnings = read.problems();
    body->text = std::string(text);
    std::string pinned = body->text;
    for (const auto& [key, value] : given) pinned += '\n' + key + '=' + value;
    body->hash = sha256_hex(pinned);
    body->given = std::move(given);
    return charter(std::move(body));
}

result<charter> load_charter_file(const std::string& path, std::vector<std::pair<std::string, std::string>> given) {
    auto text = json_text::read_file(path);
    if (!text) return text.error();
    return load_charter(text.value(), path, std::move(given));
}

}  // namespace quorate
