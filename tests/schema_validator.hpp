// JSON Schema for tests: just the keywords that the schemas of this library use.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <regex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "json.hpp"

namespace quorate {

/// Says what of a value doesn't fit the schema; fails the test on keywords that it doesn't know. Keeps a reference to `root`.
class schema_validator {
public:
    explicit schema_validator(const json_text::node& root) : root_(root) {}

    std::vector<std::string> operator()(const json_text::node& value) {
        wrong_.clear();
        check(root_, value, "");
        return wrong_;
    }

private:
    bool fits(const json_text::node& rules, const json_text::node& value) {
        schema_validator inner(root_);
        inner.check(rules, value, "");
        return inner.wrong_.empty();
    }
    void fail(const std::string& where, const std::string& what) { wrong_.push_back(where + ": " + what); }
    static bool is_of(const json_text::node& value, std::string_view type) {
        using json_text::kind;
        if (type == "number") return value.is(kind::integer) || value.is(kind::decimal);
        return json_text::to_string(value.what).ends_with(type);
    }

    void check(const json_text::node& rules, const json_text::node& value, const std::string& where) {
        if (rules.is_boolean() && !rules.truth) return fail(where, "may not be there");
        for (const auto& rule : rules.members) one(rules, rule, value, where);
    }
    void one(const json_text::node& rules, const json_text::member& rule, const json_text::node& value,
             const std::string& where) {
        static const std::set<std::string> remarks{"$schema", "$id", "$defs", "title", "description", "examples",
                                                   "default"};
        const auto& key = rule.key;
        const auto& with = rule.value;
        if (remarks.contains(key)) return;
        if (key == "$ref") return check(*target(with.text), value, where);
        if (key == "type") return type(with, value, where);
        if (key == "enum") {
            const bool found = std::any_of(with.elements.begin(), with.elements.end(), [&](const json_text::node& e) {
                return value.is_string() && e.text == value.text;
            });
            if (!found) fail(where, json_text::in_quotes(value.text) + " is none of the words");
        } else if (key == "anyOf" || key == "oneOf") {
            const auto n = std::count_if(with.elements.begin(), with.elements.end(),
                                         [&](const json_text::node& e) { return fits(e, value); });
            if (n == 0 || (key == "oneOf" && n != 1)) fail(where, key + " has " + std::to_string(n) + " that fit");
        } else if (value.is_object()) {
            object(rules, key, with, value, where);
        } else if (value.is_array()) {
            if (key == "items")
                for (std::size_t i = 0; i < value.elements.size(); ++i) check(with, value.elements[i], where + "/" +
                                                                              std::to_string(i));
            else if (key == "minItems") { if (value.elements.size() < count(with)) fail(where, "too few items"); }
            else if (key == "maxItems") { if (value.elements.size() > count(with)) fail(where, "too many items"); }
            else known(key);
        } else {
            scalar(key, with, value, where);
        }
    }
    void type(const json_text::node& with, const json_text::node& value, const std::string& where) {
        const bool one_of = with.is_array() ? std::any_of(with.elements.begin(), with.elements.end(),
                                                          [&](const json_text::node& t) { return is_of(value,
                                                                                                       t.text); })
                                            : is_of(value, with.text);
        if (!one_of) fail(where, "is " + std::string(json_text::to_string(value.what)));
    }
    void object(const json_text::node& rules, const std::string& key, const json_text::node& with,
                const json_text::node& value,
                const std::string& where) {
        if (key == "properties") {
            for (const auto& m : value.members)
                if (const auto* p = with.find(m.key)) check(*p, m.value, where + "/" + m.key);
        } else if (key == "additionalProperties") {
            const auto* named = rules.find("properties");
            for (const auto& m : value.members) {
                if (named != nullptr && named->find(m.key) != nullptr) continue;
                if (with.is_object()) check(with, m.value, where + "/" + m.key);
                else if (!with.truth) fail(where, "unknown key " + m.key);
            }
        } else if (key == "propertyNames") {
            for (const auto& m : value.members) {
                json_text::node name;
                name.what = json_text::kind::string;
                name.text = m.key;
                check(with, name, where + "/" + m.key);
            }
        } else if (key == "required") {
            for (const auto& name : with.elements)
                if (value.find(name.text) == nullptr) fail(where, "lacks " + name.text);
        } else if (key == "dependentRequired") {
            for (const auto& m : with.members)
                for (const auto& name : m.value.elements)
                    if (value.find(m.key) != nullptr && value.find(name.text) == nullptr) fail(where, m.key +
                                                                                               " lacks " + name.text);
        } else if (key == "minProperties") {
            if (value.members.size() < count(with)) fail(where, "too few members");
        } else if (key == "maxProperties") {
            if (value.members.size() > count(with)) fail(where, "too many members");
        } else {
            known(key);
        }
    }
    void scalar(const std::string& key, const json_text::node& with, const json_text::node& value,
                const std::string& where) {
        if (key == "pattern" && value.is_string()) {
            if (!std::regex_search(value.text, std::regex(with.text))) fail(where, json_text::in_quotes(value.text) +
                                                                            " has another form");
        } else if (key == "minLength" && value.is_string()) {
            if (value.text.size() < count(with)) fail(where, "is too short");
        } else if (key == "maxLength" && value.is_string()) {
            if (value.text.size() > count(with)) fail(where, "is too long");
        } else if (key == "minimum" && value.is_integer()) {
            if (value.number < with.number) fail(where, "is too small");
        } else if (key == "maximum" && value.is_integer()) {
            if (value.number > with.number) fail(where, "is too large");
        } else {
            known(key);
        }
    }
    /// A keyword of another kind of value says nothing about this one.
    static void known(const std::string& key) {
        static const std::set<std::string> all{"properties", "additionalProperties", "propertyNames", "required",
                                               "minProperties",
                                               "maxProperties", "items", "minItems", "maxItems", "pattern", "minLength", "maxLength", "minimum",
                                               "maximum", "dependentRequired"};
        CHECK_MESSAGE(all.contains(key), "the validator of this test doesn't know the keyword ", key);
    }
    static std::size_t count(const json_text::node& n) { return static_cast<std::size_t>(n.number); }
    const json_text::node* target(std::string_view ref) {
        REQUIRE(ref.starts_with("#/$defs/"));
        const auto* found = root_.find("$defs")->find(ref.substr(8));
        REQUIRE(found != nullptr);
        return found;
    }

    const json_text::node&              root_;
    std::vector<std::string> wrong_;
};

/// Calls `see` with each schema inside a schema: what maps keys to schemas is none itself.
template <class See>
void each_schema(const json_text::node& schema, const See& see) {
    see(schema);
    for (const auto& m : schema.members) {
        if (m.key == "properties" || m.key == "$defs")
            for (const auto& key : m.value.members) each_schema(key.value, see);
        else each_schema(m.value, see);
    }
    for (const auto& e : schema.elements) each_schema(e, see);
}

}  // namespace quorate
