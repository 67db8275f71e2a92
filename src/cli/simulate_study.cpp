// The study that a command line means: variants, sweeps, shards.
#include "simulate.hpp"

#include <algorithm>
#include <charconv>

#include <boost/json.hpp>

#include "cli.hpp"
#include "json.hpp"

namespace quorate::cli {
namespace {

namespace sim = quorate::simulate;

/// One dimension: "length=5 days,10 days" (a parameter of the charter), "members=5,7", "/members/0/takes part=50%,90%" (of the behaviour).
struct dimension {
    std::string              name{};
    std::vector<std::string> values{};
};
result<dimension> dimension_from(const std::string& text) {
    const auto equals = text.find('=');
    dimension  d{.name = text.substr(0, equals)};
    for (auto from = equals; from != std::string::npos && from < text.size();) {
        const auto comma = text.find(',', from + 1);
        d.values.push_back(text.substr(from + 1, comma == std::string::npos ? comma : comma - from - 1));
        from = comma;
    }
    if (d.name.empty() || d.values.empty() || std::any_of(d.values.begin(), d.values.end(), [](const auto& v) { return v.empty(); }))
        return make_error(errc::invalid, json_text::in_quotes(text) + " is no sweep", "--sweep", "write length=5 days,10 days or \"/members/0/takes part=50%,90%\"");
    return d;
}

/// What one variant is made from; a sweep changes it before it is built.
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
    else return make_error(errc::invalid, "the behaviour has no place " + json_text::in_quotes(pointer), "--sweep", "a JSON pointer such as /members/0/raises");
    return bj::serialize(tree);
}

result<sim::setting> built(const simulate_options& o, const recipe& r, const std::string& charter_path) {
    const auto text = read_input(charter_path);
    if (!text) return text.error();
    auto c = load_charter(*text, charter_path, r.given);
    if (!c) return c.error();
    const auto* by = c->find(o.process);
    if (by == nullptr) return make_error(errc::not_found, "the charter has no process " + json_text::in_quotes(o.process), charter_path);
    auto        people = r.members != 0 ? sim::made_up_people(*by, r.members) : roster_from(o.roster);
    if (!people) return people.error();
    auto how = sim::read_behaviour(r.behaviour, o.behaviour.empty() ? "behaviour" : o.behaviour);
    if (!how) return how.error();
    return sim::setting{.rules = *c, .process = o.process, .people = *people, .how = *how, .name = r.name, .at = r.at};
}

/// Appends a variant of `r` for each value of the dimension.
result<void> vary(const simulate_options& o, const recipe& r, const dimension& d, bool add_to_name, std::vector<recipe>& to) {
    for (const auto& v : d.values) {
        auto next = r;
        next.at.push_back(v);
        next.name = (add_to_name ? r.name + ", " : "") + d.name.substr(d.name.rfind('/') + 1) + " = " + v;
        if (d.name == "members") {
            std::size_t n = 0;
            const auto [end, fault] = std::from_chars(v.data(), v.data() + v.size(), n);
            if (fault != std::errc{} || end != v.data() + v.size() || n == 0 || n > most_people || o.members == 0)
                return make_error(errc::invalid, "members = " + v, "--sweep", "with --members, a number of people");
            next.members = n;
        } else if (d.name.starts_with('/')) {
            const auto b = changed(r.behaviour, d.name, v);
            if (!b) return b.error();
            next.behaviour = *b;
        } else {
            next.given.emplace_back(d.name, v);
        }
        to.push_back(std::move(next));
    }
    return {};
}

result<void> take_shard(const std::string& text, sim::study& s) {
    const auto slash = text.find('/');
    const auto read = [&](std::size_t from, std::size_t to, std::uint32_t& n) {
        const auto [end, fault] = std::from_chars(text.data() + from, text.data() + to, n);
        return fault == std::errc{} && end == text.data() + to;
    };
    if (slash == std::string::npos || !read(0, slash, s.shard) || !read(slash + 1, text.size(), s.shards) || s.shard == 0 || s.shard > s.shards)
        return make_error(errc::invalid, json_text::in_quotes(text) + " is no shard", "--shard", "1/4 is the first of four");
    --s.shard;
    return {};
}

}  // namespace

result<sim::study> study_from(const simulate_options& o) {
    if (o.roster.empty() == (o.members == 0)) return make_error(errc::invalid, "either --roster or --members is needed", "simulate");
    recipe base{.members = o.members, .name = "as it is"};
    auto   given = parameters_from(o.params);
    if (!given) return given.error();
    base.given = *given;
    base.behaviour = R"({"members":[{}]})";
    if (!o.behaviour.empty()) {
        const auto text = read_input(o.behaviour);
        if (!text) return text.error();
        const auto read = sim::read_behaviour(*text, o.behaviour);
        if (!read) return read.error();
        base.behaviour = read->text;
    }
    sim::study s{.seed = o.seed, .runs = o.runs};
    std::vector<recipe> recipes{base};
    for (const auto& text : o.sweeps) {
        const auto d = dimension_from(text);
        if (!d) return d.error();
        s.dimensions.push_back(d->name);
        std::vector<recipe> more;
        for (const auto& r : recipes)
            if (const auto done = vary(o, r, *d, !r.at.empty(), more); !done) return done.error();
        recipes = std::move(more);
    }
    const auto start = recipes.front();
    for (const auto& text : o.varied) {
        const auto d = dimension_from(text);
        if (!d) return d.error();
        if (const auto done = vary(o, start, *d, false, recipes); !done) return done.error();
    }
    for (const auto& r : recipes) {
        auto v = built(o, r, o.charter);
        if (!v) return v.error();
        s.variants.push_back(std::move(*v));
    }
    if (!o.against.empty()) {
        auto r = base;
        r.given.clear();
        r.name = "under " + o.against;
        auto v = built(o, r, o.against);
        if (!v) return v.error();
        s.variants.push_back(std::move(*v));
    }
    if (o.without_each) {
        const auto first = s.variants.front();
        for (std::size_t i = 0; i < first.people.people(); ++i) {
            auto v = first;
            v.name = "without " + std::string(first.people.handle(static_cast<person>(i)));
            v.how.adversaries.push_back({.is = sim::adversary::kind::absent, .who = {std::string(first.people.id(static_cast<person>(i)))}});
            s.variants.push_back(std::move(v));
        }
    }
    if (const auto taken = take_shard(o.shard, s); !taken) return taken.error();
    return s;
}

}  // namespace quorate::cli
