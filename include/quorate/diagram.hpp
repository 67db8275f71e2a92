// A process, or the law, as a picture: first as data, then as text for Mermaid, Graphviz or PlantUML.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <quorate/process.hpp>

namespace quorate {

/// What takes an edge. Drawn differently: commands solid, rules bold, time dashed, everything else dotted.
enum class edge_kind : std::uint8_t {
    command,  ///< somebody's act
    rule,     ///< a rule comes to hold
    time,     ///< a length of time has passed, or a rule has held for so long
    link,     ///< what another proposal did
    lawful,   ///< in the law: may be taken by any cause
    reopen,   ///< in the law: only by a reopening, or by another proposal
};

struct graph_node {
    std::string id{};              ///< unique in its graph, among groups too; a stage's name
    std::string label{};           ///< for people; any text, such as a stage's title
    phase       in = phase::draft;
    bool        end = false;       ///< an end in the sense of the law (`is_end`)
    std::string group{};           ///< id of the innermost group it is drawn in; empty: none
};

/// A box around nodes. An edge from a group leads from each node inside it, at any depth; an edge to a group likewise.
struct graph_group {
    std::string id{};
    std::string label{};
    std::string group{};           ///< the group it is in itself, which must come earlier in the list; empty: none
};

struct graph_edge {
    std::string from{};            ///< id of a node or group
    std::string to{};
    std::string label{};           ///< any text; may be empty
    edge_kind   kind = edge_kind::command;
    std::size_t order = 0;         ///< place among the exits of its stage, from 1; 0 where there is no order
};

/// A diagram as data. A regular value, in a fixed order: the same process gives the same graph everywhere.
struct graph {
    std::string              title{};
    std::string              start{};  ///< id of the node, or group, where proposals begin; empty: not shown
    std::vector<graph_node>  nodes{};
    std::vector<graph_group> groups{};
    std::vector<graph_edge>  edges{};
};

/// Stages as nodes, in the order of the process, and their exits as edges, labelled with what takes them ("when quorum
/// and consent", "on cancel", "after 10 days, if disposition == merge") and what they do to ballots, concerns and
/// disposition.
[[nodiscard]] graph diagram_of(const process& p);

/// The law's phases, and the moves it lets charters make, labelled with their conditions. What all open phases, or all
/// in which ballots count, may do alike is one edge of their group. Acts and moves within a phase are left out;
/// `law_rows()` has them.
[[nodiscard]] graph diagram_of_law();

// Text for tools, each ending in a newline. Any text is safe in labels and ids: quotes, brackets, mark-up and letters
// of all scripts are shown as they are; line breaks become spaces; other control characters, bidirectional overrides
// and what is no UTF-8 become U+FFFD. Edges whose ends are no node or group of the graph are left out.
/// A Mermaid flowchart.
[[nodiscard]] std::string to_mermaid(const graph& g);
/// A Graphviz digraph, for `dot`.
[[nodiscard]] std::string to_graphviz(const graph& g);
/// A PlantUML state diagram.
[[nodiscard]] std::string to_plantuml(const graph& g);
/// An SVG picture that needs no tool: each node a card with its ways out written in it, and a wire from each to where it leads.
/// Made to stand in a page too: no scripts, styles or ids of its own, wires in the colour of the text around. Instead of groups
/// their edges are drawn from and to each node in them.
[[nodiscard]] std::string to_svg(const graph& g);

}  // namespace quorate
