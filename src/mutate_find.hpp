// Finding what can be changed in a charter's document. Internal.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <quorate/mutate.hpp>

#include "json_edit.hpp"
#include "mutate_rules.hpp"

namespace quorate {

/// Walks the document of a charter, in order, and notes its mutants.
class mutant_finder {
public:
    mutant_finder(const json_text::node& root, std::string_view text, std::string_view only) : root_(root), places_(text), only_(only) {}

    std::vector<mutant> operator()();

private:
    void parameters(const json_text::node& from);
    void process(const json_text::member& from);
    void positions(const json_text::node& from);
    void electorate(const json_text::node& from);
    void options(const json_text::node& from);
    void one_stage(const json_text::member& from);
    void exit_of(const std::string& stage, std::size_t number, const json_text::node& from);
    void allow(const std::string& stage, const json_text::node& from);

    /// A change of one value, before it is put where it belongs.
    struct change {
        mutation           what = mutation::permission;
        std::uint32_t      line = 0, column = 0;
        std::string        before{}, after{};
        json_text::edit    how{};
        std::string        pointer{};
    };
    void add(std::string where, change c);
    void add_all(const std::string& where, std::vector<change> all);
    /// The value becomes that JSON text.
    [[nodiscard]] change becomes(const json_text::node& at, mutation what, std::string before, std::string after, const std::string& text) const;

    [[nodiscard]] std::vector<change> rule(const json_text::node* at) const;
    [[nodiscard]] std::vector<change> parts(const json_text::node& set, mutation what) const;
    [[nodiscard]] std::vector<change> span(const json_text::node* at) const;
    [[nodiscard]] std::vector<change> number(const json_text::node* at) const;
    /// One of two words becomes the other one; what is neither stays.
    [[nodiscard]] std::vector<change> word(const json_text::node* at, mutation what, std::string_view one, std::string_view other) const;
    [[nodiscard]] std::vector<change> flag(const json_text::node* at, mutation what, std::string_view name) const;
    /// A permission: a set, an object with "who" and more, or a list of such.
    [[nodiscard]] std::vector<change> permission(const json_text::node& at, const std::string& act) const;
    [[nodiscard]] std::vector<change> one_permission(const json_text::node& at, const std::string& act) const;

    const json_text::node& root_;
    json_text::places      places_;
    std::string_view       only_;
    std::string            process_{};
    std::vector<mutant>    made_{};
};

}  // namespace quorate
