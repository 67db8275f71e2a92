// What a proposal's outcome means for those above it. Internal.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include <quorate/proposal.hpp>

namespace quorate {

/// Gives the parent of a proposal that has just come to its outcome, or was reopened, the link that says so, and that one's parent, if
/// the link brought it to its own or reopened it; a parent is older than its child, so this ends. `was_open`: before what it was told
/// now. `find` gives the state of an id, or nullptr; `take` lets a parent take the command.
template <class Find, class Take>
result<void> tell_parents(const proposal& told, bool was_open, Find find, Take take) {
    for (const auto* child = &told; was_open != is_open(child->in()) && !child->parent.empty();) {
        proposal* parent = find(child->parent);
        if (parent == nullptr) return {};
        const bool    parent_was_open = is_open(parent->in());
        const auto    outcome = child->outcome();
        const command link{.what = act::link, .subject = child->id, .detail = std::string(outcome ? to_string(*outcome) : link_opened),
                           .names = {child->by->name, child->about,
                                     child->disposition ? child->by->dispositions[*child->disposition] : std::string()},
                           .at = std::max(child->last, parent->last)};
        if (result<void> done = take(*parent, link); !done) return done;
        was_open = parent_was_open;
        child = parent;
    }
    return {};
}

/// Lets open proposals follow whose rules look at a parent to which something has happened; what that does to them may be news to
/// others again. A proposal may come to its outcome only once for that, so this ends. `happened`: ids of those to whom something did,
/// which `follow` adds to.
template <class Find, class Follow>
result<void> tell_children(std::vector<std::string>& happened, Find find, Follow follow) {
    for (std::size_t i = 0; i < happened.size(); ++i) {
        const proposal* parent = find(happened[i]);
        for (std::size_t c = 0; parent != nullptr && c < parent->children.size(); ++c) {
            if (parent->children[c].outcome) continue;
            proposal* child = find(parent->children[c].id);
            if (child == nullptr || !child->by->looks_at_parent || !is_open(child->in())) continue;
            if (result<void> done = follow(*child, std::max(child->last, parent->last)); !done) return done;
        }
    }
    happened.clear();
    return {};
}

/// Gives the parent of a proposal that was just opened the link that says so.
template <class Find, class Take>
result<void> tell_opening(const proposal& opened, Find find, Take take) {
    proposal* parent = opened.parent.empty() ? nullptr : find(opened.parent);
    if (parent == nullptr) return {};
    return take(*parent, command{.what = act::link, .subject = opened.id, .detail = std::string(link_opened),
                                 .names = {opened.by->name}, .at = std::max(opened.opened, parent->last)});
}

}  // namespace quorate
