// diagram: a process, or the law, as a picture.
#include <quorate/diagram.hpp>

#include "cli.hpp"
#include "json.hpp"

namespace quorate::cli {
namespace {

struct diagram_flags {
    std::string              charter{}, process{}, format = "mermaid";
    std::vector<std::string> params{};
    bool                     law = false;
};

std::string drawn(const graph& g, const std::string& format) {
    return format == "graphviz" ? to_graphviz(g) : format == "plantuml" ? to_plantuml(g) : format == "svg" ? to_svg(g) : to_mermaid(g);
}

void print_graph(const session& s, const graph& g, const std::string& format) {
    if (!s.json) return s.print(drawn(g, format));
    json_text::json_out out;
    out.object().field("title", g.title).key("nodes").array();
    for (const auto& n : g.nodes)
        out.object().field("id", n.id).field("label", n.label).field("phase", quorate::to_string(n.in)).field("group", n.group).end();
    out.end().key("edges").array();
    for (const auto& e : g.edges) out.object().field("from", e.from).field("to", e.to).field("label", e.label).end();
    s.print_json(std::move(out.end().field("format", format).field("text", drawn(g, format)).end()));
}

int diagram(const session& s, const diagram_flags& o) {
    if (o.law) {
        if (!o.charter.empty()) return s.fail(make_error(errc::invalid, "the law is the same for every charter", "diagram --law"));
        print_graph(s, diagram_of_law(), o.format);
        return fine;
    }
    if (o.charter.empty()) return s.fail(make_error(errc::invalid, "there is nothing to draw", "diagram", "name a charter, or --law"));
    const auto c = charter_from(o.charter, o.params);
    if (!c) return s.fail(c.error());
    const auto& all = c.value().processes();
    if (o.process.empty() && all.size() == 1) {
        print_graph(s, diagram_of(all.front()), o.format);
        return fine;
    }
    const auto* p = c.value().find(o.process);
    if (p == nullptr) {
        std::string list;
        for (const auto& each : all) list += (list.empty() ? "" : ", ") + each.name;
        return s.fail(make_error(errc::not_found,
                                 o.process.empty() ? "the charter has several processes: which one?"
                                                   : "the charter has no process " + json_text::in_quotes(o.process),
                                 c.value().get().name, "it has: " + list));
    }
    print_graph(s, diagram_of(*p), o.format);
    return fine;
}

}  // namespace

void add_diagram(command_group to) {
    auto o = std::make_shared<diagram_flags>();
    auto sub = to.add("diagram", "Draws the stages of a process, or the phases of the law",
                      "quorate diagram charter.json rfc --format graphviz | dot -Tsvg > rfc.svg",
                      [o](const session& s) { return diagram(s, *o); });
    sub.option("CHARTER", o->charter, "The charter");
    sub.option("PROCESS", o->process, "One of its processes; not needed when there is only one");
    sub.option("--format", o->format, "mermaid, graphviz, plantuml or svg")
        .one_of({"mermaid", "graphviz", "plantuml", "svg"})
        .shows_default();
    parameters_option(sub, o->params);
    sub.flag("--law", o->law, "Draw the law, which no charter can change");
}

}  // namespace quorate::cli
