#include <quorate/process.hpp>

#include <algorithm>

namespace quorate {
namespace {

template <class Index, class List, class Name>
std::optional<Index> index_named(const List& list, Name name_of, std::string_view wanted) {
    for (std::size_t i = 0; i < list.size(); ++i)
        if (name_of(list[i]) == wanted) return static_cast<Index>(i);
    return std::nullopt;
}

}  // namespace

std::string to_string(const act_pattern& a) {
    return std::string(to_string(a.what)) + (a.about.empty() ? "" : " " + a.about);
}

std::optional<std::uint16_t> process::stage_named(std::string_view name_) const {
    return index_named<std::uint16_t>(stages, [](const stage& s) -> std::string_view { return s.name; }, name_);
}
std::optional<std::size_t> process::office_named(std::string_view name_) const {
    const auto found = std::find(offices.begin(), offices.end(), name_);
    return found == offices.end() ? std::nullopt : std::optional(static_cast<std::size_t>(found - offices.begin()));
}
std::optional<std::uint8_t> process::position_named(std::string_view name_) const {
    return index_named<std::uint8_t>(positions, [](const position& p) -> std::string_view { return p.name; }, name_);
}
std::optional<std::uint16_t> process::option_kind_named(std::string_view name_) const {
    return index_named<std::uint16_t>(options.kinds, [](const option_kind& k) -> std::string_view { return k.name; }, name_);
}
std::optional<std::uint8_t> process::ballot_kind_named(std::string_view name_) const {
    return index_named<std::uint8_t>(ballots.kinds, [](const ballot_kind& k) -> std::string_view { return k.name; }, name_);
}
std::optional<std::uint16_t> process::disposition_named(std::string_view name_) const {
    return index_named<std::uint16_t>(dispositions, [](const std::string& s) -> std::string_view { return s; }, name_);
}
std::optional<std::uint16_t> process::revision_named(std::string_view name_) const {
    return index_named<std::uint16_t>(revisions, [](const revision_kind& k) -> std::string_view { return k.name; }, name_);
}
std::string_view process::title_of(const act_pattern& a) const {
    std::string_view found;
    for (const auto& t : act_titles) {
        if (t.what == a) return t.title;
        if (t.what.covers(a.what, a.about) && found.empty()) found = t.title;
    }
    return found;
}
const named_rule* process::rule_named(std::string_view name_) const {
    const auto found = std::find_if(rules.begin(), rules.end(), [&](const named_rule& r) { return r.name == name_; });
    return found == rules.end() ? nullptr : &*found;
}

}  // namespace quorate
