// Settings that differ in what is varied: from the texts of charter and behaviour, each built as if it had been given so.
#include <quorate/simulate_study.hpp>

#include <algorithm>
#include <charconv>

#include <boost/json.hpp>

#include "json.hpp"

namespace quorate::simulate {
namespace {

/// What one variant is made from; a dimension changes it before it is built.
struct recipe {
    std::vector<std::pair<std::string, std::string>> given{};
    std::string                                      behaviour{};
    std::size_t                                      members = 0;
    std::string                                      name{};
    std::vector<std::string>                         at{};
};

result<std::string> changed(const std::string& behaviour, const std::string& pointer, const std::string& value) {
    namespace bj = boost::json;
    boost::system::error_code wrong;
    auto                      tree = bj::parse(behaviour, wrong);
    auto                      as_json = bj::parse(value, wrong);
    if (wrong) as_json = bj::string(value);
    const auto last = pointer.rfind('/');
    auto*      place = tree.find_pointer(std::string_view(pointer).substr(0, last), wrong);
    const auto key = std::string_view(pointer).substr(last + 1);
    auto*      within = place != nullptr && place->is_array() ? place->find_pointer("/" + std::string(key), wrong) : nullptr;
    if (place != nullptr && place->is_object()) place->as_object()[key] = as_json;
    else if (within != nullptr) *within = as_json;
    else return make_error(errc::invalid, "the behaviour has no place " + json_text::in_quotes(pointer), "sweep", "a JSON pointer such as /members/0/raises");
    return bj::serialize(tree);
}

result<setting> built(const setting& base, const recipe& r, const charter& under) {
    setting made{.rules = under, .process = base.process, .people = base.people, .how = base.how, .name = r.name, .at = r.at};
    if (r.given != under.get().given) {
        auto c = load_charter(under.get().text, under.get().name, r.given);
        if (!c) return c.error();
        made.rules = std::move(*c);
    }
    const auto* by = made.rules.find(base.process);
    if (by == nullptr) return make_error(errc::not_found, "the charter has no process " + json_text::in_quotes(base.process), under.get().name);
    if (r.members != 0) {
        auto people = made_up_people(*by, r.members);
        if (!people) return people.error();
        made.people = std::move(*people);
    }
    if (r.behaviour != base.how.text) {
        auto how = read_behaviour(r.behaviour);
        if (!how) return how.error();
        how->plans = base.how.plans;
        made.how = std::move(*how);
    }
    return made;
}

/// Appends a variant of `r` for each value of the dimension.
result<void> vary(const recipe& r, const dimension& d, bool add_to_name, std::vector<recipe>& to) {
    for (const auto& v : d.values) {
        auto next = r;
        next.at.push_back(v);
        next.name = (add_to_name ? r.name + ", " : "") + d.name.substr(d.name.rfind('/') + 1) + " = " + v;
        if (d.name == "members") {
            std::size_t n = 0;
            const auto [end, fault] = std::from_chars(v.data(), v.data() + v.size(), n);
            if (fault != std::errc{} || end != v.data() + v.size() || n == 0 || n > most_people || r.members == 0)
                return make_error(errc::invalid, "members = " + v, "sweep", "a number of people, where people are made up");
            next.members = n;
        } else if (d.name.starts_with('/')) {
            const auto b = changed(r.behaviour, d.name, v);
            if (!b) return b.error();
            next.behaviour = *b;
        } else {
            std::erase_if(next.given, [&](const auto& old) { return old.first == d.name; });
            next.given.emplace_back(d.name, v);
        }
        to.push_back(std::move(next));
    }
    return {};
}

result<std::vector<recipe>> recipes_of(const setting& base, const variation& how, study& s) {
    if (how.sweeps.size() > 2) return make_error(errc::limit, "a study sweeps at most two dimensions", "sweep", "vary the others each by itself");
    std::vector<recipe> recipes{{.given = base.rules.get().given, .behaviour = base.how.text, .members = how.members, .name = "as it is"}};
    if (!base.name.empty()) recipes.front().name = base.name;
    for (const auto& d : how.sweeps) {
        s.dimensions.push_back(d.name);
        std::vector<recipe> more;
        for (const auto& r : recipes)
            if (const auto done = vary(r, d, !r.at.empty(), more); !done) return done.error();
        recipes = std::move(more);
    }
    const auto start = recipes.front();
    for (const auto& d : how.alone)
        if (const auto done = vary(start, d, false, recipes); !done) return done.error();
    return recipes;
}

}  // namespace

result<dimension> dimension_from(std::string_view text) {
    const auto equals = text.find('=');
    dimension  d{.name = std::string(text.substr(0, equals))};
    for (auto from = equals; from != std::string_view::npos && from < text.size();) {
        const auto comma = text.find(',', from + 1);
        d.values.emplace_back(text.substr(from + 1, comma == std::string_view::npos ? comma : comma - from - 1));
        from = comma;
    }
    if (d.name.empty() || d.values.empty() || std::any_of(d.values.begin(), d.values.end(), [](const auto& v) { return v.empty(); }))
        return make_error(errc::invalid, json_text::in_quotes(text) + " is no sweep", "sweep", "write length=5 days,10 days or \"/members/0/takes part=50%,90%\"");
    return d;
}

result<study> study_of(const setting& base, const variation& how) {
    study      s;
    const auto recipes = recipes_of(base, how, s);
    if (!recipes) return recipes.error();
    for (const auto& r : *recipes) {
        auto v = built(base, r, base.rules);
        if (!v) return v.error();
        s.variants.push_back(std::move(*v));
    }
    if (how.against) {
        auto v = built(base, {.given = how.against->get().given, .behaviour = base.how.text, .members = how.members, .name = "under " + how.against->get().name}, *how.against);
        if (!v) return v.error();
        s.variants.push_back(std::move(*v));
    }
    if (how.without_each) {
        const auto first = s.variants.front();
        for (std::size_t i = 0; i < first.people.people(); ++i) {
            auto v = first;
            v.name = "without " + std::string(first.people.handle(static_cast<person>(i)));
            v.how.adversaries.push_back({.is = adversary::kind::absent, .who = {std::string(first.people.id(static_cast<person>(i)))}});
            s.variants.push_back(std::move(v));
        }
    }
    return s;
}

}  // namespace quorate::simulate
