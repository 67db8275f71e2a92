// What a proposal's outcome means for those above it. Internal.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include <quorate/proposal.hpp>

namespace quorate {

/// Gives the parent of a proposal that has just come to its outcome the link that says so, and that one's parent, if the link
/// brought it to its own; a parent is older than its child, so this ends. `was_open`: before what it was told now. `find` gives
/// the state of an id, or nullptr; `take` lets a parent take the command.
template <class Find, class Take>
result<void> tell_parents(const proposal& told, bool was_open, Find find, Take take) {
    for (const auto* child = &told; was_open && child->outcome() && !child->parent.empty();) {
        proposal* parent = find(child->parent);
        if (parent == nullptr) return {};
        const bool    parent_was_open = is_open(parent->in());
        command link{.what = act::link, .subject = child->id, .detail = std::string(to_string(*child->outcome())),
                     .names = {child->by->name}, .at = std::max(child->last, parent->last)};
        if (!child->about.empty()) link.names.push_back(child->about);
        if (result<void> done = take(*parent, link); !done) return done;
        was_open = parent_was_open;
        child = parent;
    }
    return {};
}

}  // namespace quorate
