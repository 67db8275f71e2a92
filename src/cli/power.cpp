// power: how much say each member has, of plain weights or by a charter's rule or process.
#include <charconv>

#include <fmt/format.h>

#include <quorate/power.hpp>
#include <quorate/power_of.hpp>

#include "cli.hpp"
#include "json.hpp"

namespace quorate::cli {
namespace {

using power::ratio;

struct power_flags {
    std::string              charter{}, process{}, roster{}, weights{}, quota{};
    std::vector<std::string> params{}, teams{};
    power::say               how{};
    std::size_t              draws = 0, seed = 1, most = 10;
};

/// What is printed of any game.
struct account {
    std::string                            about{};
    std::vector<std::string>               names{};   ///< one for each element
    std::vector<std::uint64_t>             count{};
    std::optional<power::indices>          exact{};
    std::optional<power::estimates>        drawn{};
    std::optional<power::coalitions>       winning{}, blocking{};
    std::optional<power::concentration>    spread{};  ///< of weights
};

result<std::vector<std::uint64_t>> numbers_from(const std::string& text, const std::string& option) {
    std::vector<std::uint64_t> all;
    for (std::size_t from = 0; from <= text.size();) {
        const auto comma = std::min(text.find(',', from), text.size());
        std::uint64_t n = 0;
        const auto    end = text.data() + comma;
        if (const auto [to, fault] = std::from_chars(text.data() + from, end, n); fault != std::errc{} || to != end || from == comma)
            return make_error(errc::invalid, json_text::in_quotes(text) + " is no list of whole numbers", option, "write 4,3,2,1");
        all.push_back(n);
        from = comma + 1;
    }
    return all;
}

result<account> of_weights(const power_flags& o) {
    const auto weights = numbers_from(o.weights, "--weights");
    if (!weights) return weights.error();
    const auto quota = numbers_from(o.quota, "--quota");
    if (!quota) return quota.error();
    if (quota->size() != 1) return make_error(errc::invalid, "one quota is needed", "--quota");
    const power::weighted_game g{.weights = *weights, .quota = quota->front()};
    account a{.about = fmt::format("[{}; {}]", g.quota, o.weights), .count = std::vector<std::uint64_t>(weights->size(), 1)};
    for (std::size_t i = 0; i < weights->size(); ++i) a.names.push_back(fmt::format("member {} ({})", i + 1, (*weights)[i]));
    a.spread = power::concentration_of(*weights);
    if (o.draws > 0) {
        const auto drawn = power::estimate(weights->size(), [&](std::span<const std::uint8_t> yes) {
            std::uint64_t sum = 0;
            for (std::size_t i = 0; i < yes.size(); ++i) sum += yes[i] * g.weights[i];
            return sum >= g.quota;
        }, o.draws, o.seed);
        if (!drawn) return drawn.error();
        a.drawn = *drawn;
        return a;
    }
    const auto exact = power::indices_of(g);
    if (!exact) return exact.error();
    a.exact = *exact;
    if (auto m = power::minimal_winning(g, o.most)) a.winning = *m;
    if (auto m = power::minimal_winning(power::blocking(g), o.most)) a.blocking = *m;
    return a;
}

result<account> of_charter(const power_flags& o) {
    const auto c = charter_from(o.charter, o.params);
    if (!c) return c.error();
    const auto people = roster_from(o.roster);
    if (!people) return people.error();
    auto how = o.how;
    how.teams = o.teams;
    const auto game = power::game_of(*c, o.process, *people, how);
    if (!game) return game.error();
    account a{.about = game->about};
    if (o.draws > 0) {
        a.names = game->members();
        a.count.assign(a.names.size(), 1);
        const auto drawn = power::estimate(a.names.size(), [&](std::span<const std::uint8_t> yes) { return game->wins(yes); }, o.draws, o.seed);
        if (!drawn) return drawn.error();
        a.drawn = *drawn;
        return a;
    }
    for (const auto& names : game->classes) {
        std::string all;
        for (const auto& n : names) all += (all.empty() ? "" : ", ") + n;
        a.names.push_back(all);
        a.count.push_back(names.size());
    }
    const auto exact = power::indices_of(game->game);
    if (!exact) return exact.error();
    a.exact = *exact;
    if (auto m = power::minimal_winning(game->game, o.most)) a.winning = *m;
    if (auto m = power::minimal_winning(power::blocking(game->game), o.most)) a.blocking = *m;
    return a;
}

std::string list_text(const account& a, const power::coalitions& all) {
    std::string out;
    const bool  classes = a.exact && std::any_of(a.count.begin(), a.count.end(), [](auto n) { return n > 1; });
    for (const auto& one : all.list) {
        std::string line;
        // Of weighted games members are listed; of a charter's how many of each class.
        if (a.spread) for (const auto i : one) line += (line.empty() ? "" : ", ") + a.names[i];
        else
            for (std::size_t c = 0; c < one.size(); ++c)
                if (one[c] > 0) line += (line.empty() ? "" : "; ") + (classes && a.count[c] > 1 ? fmt::format("{} of {}", one[c], a.names[c]) : a.names[c]);
        out += "  " + (line.empty() ? "nobody is needed" : line) + "\n";
    }
    if (!all.whole) out += "  ... (--most lists more)\n";
    return out;
}

void print(const session& s, const account& a) {
    std::vector<std::vector<std::string>> rows{{"MEMBERS", "BANZHAF", "PENROSE", "SHAPLEY-SHUBIK", "PREVENT", "INITIATE"}};
    std::string text = a.about + "\n\n";
    const auto  dec = [](const ratio& r) { return power::to_decimal(r); };
    if (a.exact) {
        for (std::size_t i = 0; i < a.names.size(); ++i) {
            const auto each = a.count[i] > 1 ? fmt::format("each of {}: {}", a.count[i], a.names[i]) : a.names[i];
            rows.push_back({each, dec(a.exact->banzhaf(i)), dec(a.exact->banzhaf_absolute(i)), dec(a.exact->shapley_shubik[i]), dec(a.exact->prevent(i)),
                            dec(a.exact->initiate(i))});
        }
    } else {
        rows[0] = {"MEMBERS", "PENROSE", "SHAPLEY-SHUBIK"};
        for (std::size_t i = 0; i < a.names.size(); ++i) rows.push_back({a.names[i], dec(a.drawn->banzhaf_absolute[i]), dec(a.drawn->shapley_shubik[i])});
    }
    for (auto& cell : rows[0]) cell = paint(ink::dim, cell);
    text += aligned(rows) + "\n";
    if (a.drawn)
        text += fmt::format("{} draws: with {} confidence each figure is within {} of the true one\n", a.drawn->draws, dec(a.drawn->confidence), dec(a.drawn->error));
    if (a.exact) {
        text += fmt::format("winning coalitions: {} of 2^{}; power to act {}\n", a.exact->winning.str(), a.exact->members, dec(a.exact->power_to_act()));
        if (!a.exact->monotone) text += "somewhere one more yes turns winning into losing: look at the rule\n";
    }
    if (a.winning) text += fmt::format("minimal winning coalitions: {}; the smallest has {}\n", a.winning->total.str(), a.winning->smallest) + list_text(a, *a.winning);
    if (a.blocking) text += fmt::format("minimal blocking coalitions: {}; the smallest has {}\n", a.blocking->total.str(), a.blocking->smallest) + list_text(a, *a.blocking);
    if (a.spread) text += fmt::format("weights: Gini {}, Herfindahl {}, as concentrated as {} equal ones\n", dec(a.spread->gini), dec(a.spread->herfindahl), dec(a.spread->effective));
    s.print(text);
}

void coalitions_json(json_text::json_out& out, std::string_view key, const power::coalitions& all) {
    out.key(key).object().field("total", all.total.str()).field("smallest", all.smallest).field("whole", all.whole).key("list").array();
    for (const auto& one : all.list) {
        out.array();
        for (const auto i : one) out.value(i);
        out.end();
    }
    out.end().end();
}

void print_json(const session& s, const account& a) {
    json_text::json_out out;
    const auto fraction = [&](std::string_view key, const ratio& r) { out.field(key, r.str()).field(std::string(key) + "_decimal", power::to_decimal(r, 12)); };
    out.object().field("about", a.about).field("exact", a.exact.has_value());
    if (a.exact) {
        out.field("members", a.exact->members).field("winning", a.exact->winning.str()).field("losing", a.exact->losing.str());
        out.field("monotone", a.exact->monotone);
        fraction("power_to_act", a.exact->power_to_act());
    } else {
        out.field("draws", a.drawn->draws);
        fraction("error", a.drawn->error);
        fraction("confidence", a.drawn->confidence);
        fraction("power_to_act", a.drawn->power_to_act);
    }
    out.key("power").array();
    for (std::size_t i = 0; i < a.names.size(); ++i) {
        out.object().field("who", a.names[i]).field("count", a.count[i]);
        if (a.exact) {
            out.field("swings", a.exact->swings[i].str());
            fraction("banzhaf", a.exact->banzhaf(i));
            fraction("banzhaf_absolute", a.exact->banzhaf_absolute(i));
            fraction("shapley_shubik", a.exact->shapley_shubik[i]);
            fraction("prevent", a.exact->prevent(i));
            fraction("initiate", a.exact->initiate(i));
            out.field("veto", a.exact->has_veto(i)).field("dummy", a.exact->is_dummy(i));
        } else {
            fraction("banzhaf_absolute", a.drawn->banzhaf_absolute[i]);
            fraction("shapley_shubik", a.drawn->shapley_shubik[i]);
        }
        out.end();
    }
    out.end();
    if (a.winning) coalitions_json(out, "minimal_winning", *a.winning);
    if (a.blocking) coalitions_json(out, "minimal_blocking", *a.blocking);
    out.end();
    s.print_json(std::move(out));
}

int run_power(const session& s, const power_flags& o) {
    if (o.weights.empty() == o.charter.empty())
        return s.fail(make_error(errc::invalid, "either --weights and --quota, or a charter, a process and --roster", "power"));
    if (!o.charter.empty() && (o.process.empty() || o.roster.empty()))
        return s.fail(make_error(errc::invalid, "a charter needs a process and --roster", "power"));
    const auto a = o.charter.empty() ? of_weights(o) : of_charter(o);
    if (!a) return s.fail(a.error());
    if (s.json) print_json(s, *a);
    else print(s, *a);
    return fine;
}

}  // namespace

void add_power(command_group to) {
    auto o = std::make_shared<power_flags>();
    auto sub = to.add("power", "How much say each member has: Banzhaf, Shapley-Shubik, Coleman, minimal coalitions",
                      "quorate power --weights 4,3,2,1 --quota 6\n"
                      "quorate power charter.json rfc --roster roster.json --rule quorum\n"
                      "Exact to 500 members with weights, 36 with very large ones, and 25 members whom the rules tell apart (more of those\n"
                      "they don't); beyond that --draws draws coalitions and says within what the figures are right",
                      [o](const session& s) { return run_power(s, *o); });
    sub.option("CHARTER", o->charter, "The charter");
    sub.option("PROCESS", o->process, "One of its processes");
    sub.option("--roster", o->roster, "Who there is");
    sub.option("--rule", o->how.rule, "A named rule of the process; the whole process when left out");
    sub.option("--yes", o->how.yes, "The position that counts as yes; the first when left out");
    sub.option("--no", o->how.no, "What the others say; nothing when left out");
    sub.option("--by", o->how.author, "Who opens the proposal");
    sub.option("--team", o->teams, "A team of the proposal; may be repeated");
    sub.option("--disposition", o->how.disposition, "What is asked for");
    parameters_option(sub, o->params);
    sub.option("--weights", o->weights, "Weights of the members: 4,3,2,1");
    sub.option("--quota", o->quota, "How much of them wins");
    sub.number("--draws", o->draws, 0, power::most_draws, "Draw so many coalitions and orders instead of counting all").shows_default();
    sub.number("--seed", o->seed, 0, std::size_t{1} << 62U, "Seed of the draws").shows_default();
    sub.number("--most", o->most, 0, 100'000, "List so many minimal coalitions").shows_default();
}

}  // namespace quorate::cli
