// The study that a command line means.
#include "simulate.hpp"

#include <charconv>

#include <quorate/simulate_study.hpp>

#include "cli.hpp"
#include "json.hpp"

namespace quorate::cli {
namespace {

namespace sim = quorate::simulate;

result<std::vector<sim::dimension>> dimensions_from(const std::vector<std::string>& texts) {
    std::vector<sim::dimension> all;
    for (const auto& text : texts) {
        auto d = sim::dimension_from(text);
        if (!d) return d.error();
        all.push_back(std::move(*d));
    }
    return all;
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

result<sim::setting> base_of(const simulate_options& o) {
    const auto c = charter_from(o.charter, o.params);
    if (!c) return c.error();
    auto people = o.members == 0 ? roster_from(o.roster) : load_roster("{}");
    if (!people) return people.error();
    const auto text = o.behaviour.empty() ? result<std::string>(std::string(sim::usual_behaviour)) : read_input(o.behaviour);
    if (!text) return text.error();
    auto how = sim::read_behaviour(*text, o.behaviour.empty() ? "behaviour" : o.behaviour);
    if (!how) return how.error();
    return sim::setting{.rules = *c, .process = o.process, .people = *people, .how = *how};
}

}  // namespace

result<sim::study> study_from(const simulate_options& o) {
    if (o.roster.empty() == (o.members == 0)) return make_error(errc::invalid, "either --roster or --members is needed", "simulate");
    const auto base = base_of(o);
    if (!base) return base.error();
    auto sweeps = dimensions_from(o.sweeps), alone = dimensions_from(o.varied);
    if (!sweeps) return sweeps.error();
    if (!alone) return alone.error();
    sim::variation how{.members = o.members, .sweeps = *sweeps, .alone = *alone, .without_each = o.without_each};
    if (!o.against.empty()) {
        auto other = charter_from(o.against, {});
        if (!other) return other.error();
        how.against = *other;
    }
    auto s = sim::study_of(*base, how);
    if (!s) return s.error();
    s->seed = o.seed;
    s->runs = o.runs;
    if (const auto taken = take_shard(o.shard, *s); !taken) return taken.error();
    return s;
}

}  // namespace quorate::cli
