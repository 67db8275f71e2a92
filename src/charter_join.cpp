// Several charters as one: their documents are merged, and the merged document is read like any other.
#include <quorate/charter.hpp>

#include "json.hpp"

namespace quorate {
namespace {

using json_text::in_quotes;
using json_text::kind;
using json_text::node;

node text_node(std::string text) {
    node n;
    n.what = kind::string;
    n.text = std::move(text);
    return n;
}

/// Adds the members of one charter's "processes" or "parameters" to those gathered before.
result<void> add_members(node& to, const node* from, std::string_view what, const std::string& name, bool same_is_fine) {
    if (from == nullptr) return {};
    for (const auto& m : from->members) {
        const auto* known = to.find(m.key);
        if (known == nullptr) to.members.push_back(m);
        else if (!same_is_fine || compact_json(*known) != compact_json(m.value))
            return make_error(errc::invalid, "another of the charters has a " + std::string(what) + " " + in_quotes(m.key) + " as well",
                              name, "give it another name in one of them");
    }
    return {};
}

}  // namespace

result<charter> join_charters(std::span<const charter> all, std::string name, std::vector<std::pair<std::string, std::string>> given) {
    if (all.empty()) return make_error(errc::invalid, "there is no charter to join", name);
    std::string title, cites, people;
    node        parameters, processes;
    const node* limits = nullptr;  // those of the first that says some
    std::vector<node> documents;
    documents.reserve(all.size());
    parameters.what = processes.what = kind::object;
    for (const auto& c : all) {
        const auto& body = c.get();
        const auto  list = [](std::string& s, const std::string& more) {
            if (!more.empty()) s += (s.empty() ? "" : "; ") + more;
        };
        list(title, body.title);
        list(cites, body.cites);
        if (people.empty()) people = body.roster;
        auto document = json_text::parse(body.text, body.name);
        if (!document) return document.error();
        const auto& root = documents.emplace_back(std::move(document.value()));
        if (limits == nullptr) limits = root.find("audit");
        if (auto done = add_members(processes, root.find("processes"), "process", body.name, false); !done) return done.error();
        if (auto done = add_members(parameters, root.find("parameters"), "parameter", body.name, true); !done) return done.error();
    }
    node whole;
    whole.what = kind::object;
    const auto add = [&whole](std::string key, node value) { whole.members.push_back({std::move(key), 0, 0, std::move(value)}); };
    add("title", text_node(std::move(title)));
    if (!cites.empty()) add("cites", text_node(std::move(cites)));
    if (!people.empty()) add("roster", text_node(std::move(people)));
    if (!parameters.members.empty()) add("parameters", std::move(parameters));
    if (limits != nullptr) add("audit", *limits);
    add("processes", std::move(processes));
    return load_charter(compact_json(whole), std::move(name), std::move(given));
}

}  // namespace quorate
