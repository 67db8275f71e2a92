// Reading scenario files: unfolding tables, and one unfolded scenario. Internal.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <quorate/scenario.hpp>

#include "json.hpp"

namespace quorate {

/// A scenario file while it is read: collects the problems of everything in it, each pointing to where it stands in the file.
class scenario_source {
public:
    scenario_source(const json_text::node& root, std::string name, std::string base)
        : root_(root), name_(std::move(name)), base_(std::move(base)) {}

    [[nodiscard]] const std::string& name() const { return name_; }
    /// The same file with nothing noted: for documents that are to be refused.
    [[nodiscard]] scenario_source apart() const { return {root_, name_, base_}; }
    /// Notes problems; those of this file get the pointer of what stands at their line and column. None is noted twice.
    void note(const error& e);
    void note(const json_text::node& at, std::string what, std::string hint = {}, errc code = errc::invalid);
    [[nodiscard]] bool ok() const { return problems_.empty(); }
    [[nodiscard]] error why() const { return {code_, problems_}; }

    /// The document that a string names or an object is; nothing (and a problem) when it can't be read. Read once.
    std::optional<charter>        rules(const json_text::node& at, const json_text::node* parameters);
    std::optional<charter>        joined(const json_text::node& list, const json_text::node* parameters);
    /// The charters that such a document was joined from; only itself if it wasn't. Those that can't be read are left out.
    std::vector<charter>          parts(const json_text::node& at, const json_text::node* parameters);
    std::shared_ptr<const roster> people(const json_text::node& at);

    /// A copy of `n` with "$name" replaced from `row`. `values` is what may still be made, in values.
    json_text::node unfolded(const json_text::node& n, const json_text::node& row);
    /// A copy, counted too.
    json_text::node copied(const json_text::node& n);
    [[nodiscard]] bool spent() const { return values_ > most_scenario_values; }

private:
    [[nodiscard]] std::string pointer_at(std::uint32_t line, std::uint32_t column) const;
    [[nodiscard]] std::string path_of(std::string_view written) const;
    void replace(json_text::node& n, const json_text::node& row);
    std::string replaced(const json_text::node& at, const json_text::node& row);
    std::vector<std::pair<std::string, std::string>> given(const json_text::node* parameters);

    const json_text::node& root_;
    std::string            name_;
    std::string            base_;
    std::vector<problem>   problems_;
    errc                   code_ = errc::invalid;
    std::size_t            values_ = 0;
    std::map<std::string, std::optional<charter>>        charters_;
    std::map<std::string, std::shared_ptr<const roster>> rosters_;
};

/// Reads one scenario, unfolded already. What it returns is whole only if `from.ok()`.
[[nodiscard]] scenario read_scenario(const json_text::node& n, scenario_source& from);

}  // namespace quorate
