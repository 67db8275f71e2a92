// count: ballots of a file by a named method, with the whole working. --methods lists them.
#include <algorithm>
#include <charconv>
#include <iostream>

#include <quorate/tally/apportionment.hpp>
#include <quorate/tally.hpp>

#include "cli.hpp"
#include "json.hpp"

namespace quorate::cli {
namespace {

struct count_flags {
    std::string              file{}, method{}, format{}, count_column = "count";
    std::vector<std::string> ties{}, other_columns{}, names{}, gone{}, sitting{};
    std::size_t              seats = 0;  ///< 0: as the file says
    tally::conventions       with{};
    bool                     list = false;
    std::vector<std::pair<argument, std::string>> settings{};  ///< options, and the convention each of them sets
};

int list_methods(const session& s) {
    if (!s.json) {
        std::vector<std::vector<std::string>> rows{{paint(ink::dim, "METHOD"), paint(ink::dim, "BALLOTS"),
            paint(ink::dim, "READS"), paint(ink::dim, "WHAT"), paint(ink::dim, "SOURCE")}};
        for (const auto& m : tally::methods()) {
            rows.push_back({paint(ink::bold, m.name), m.kind() == tally::ballot_kind::ranked ? "ranked" : "rated",
                std::string(m.reads.empty() ? "-" : m.reads),
                            std::string(m.title), std::string(m.source)});
        }
        s.print(aligned(rows));
        return fine;
    }
    json_text::json_out out;
    out.array();
    for (const auto& m : tally::methods()) {
        out.object().field("name", m.name).field("title", m.title).field("source", m.source);
        out.field("ballots", std::string_view(m.kind() == tally::ballot_kind::ranked ? "ranked" : "rated")).field("reads",
            m.reads).end();
    }
    out.end();
    s.print_json(std::move(out));
    return fine;
}

/// An option by its name, or by its number from 1.
result<tally::option> option_named(std::string_view text, const std::vector<std::string>& all, const std::string& where = "--ties") {
    if (const auto at = std::find(all.begin(), all.end(), text); at != all.end())
        return static_cast<tally::option>(at - all.begin());
    std::size_t n = 0;
    const auto  end = text.data() + text.size();
    if (const auto [to, fault] = std::from_chars(text.data(), end, n); fault == std::errc{} && to == end && n >= 1
        && n <= all.size())
        return static_cast<tally::option>(n - 1);
    return make_error(errc::invalid, "there is no option " + json_text::in_quotes(text), where,
        "name it as the ballots do, or by its number from 1");
}
result<std::vector<tally::option>> options_named(std::string_view text, const std::vector<std::string>& all) {
    std::vector<tally::option> list;
    while (!text.empty()) {
        const auto comma = text.find(',');
        const auto one = option_named(text.substr(0, comma), all);
        if (!one) return one.error();
        list.push_back(*one);
        text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
    }
    return list;
}

/// "lot:42", "given_order:B,A", "casting_vote:B", "pairwise", ...: one step of the chain against ties.
result<tally::tie_break> tie_step(const std::string& text, const std::vector<std::string>& all,
    const std::vector<tally::option>& of_file) {
    using kind = tally::tie_break::kind;
    const auto colon = text.find(':');
    const auto name = text.substr(0, colon);
    const auto value = colon == std::string::npos ? std::string() : text.substr(colon + 1);
    const auto misused = [&](const std::string& what) { return make_error(errc::invalid, json_text::in_quotes(text) + ": "
        + what, "--ties"); };
    tally::tie_break step;
    if (name == "earlier_stage" || name == "first_stage" || name == "pairwise") {
        if (colon != std::string::npos) return misused("nothing follows " + name);
        step.by = name == "earlier_stage" ? kind::earlier_stage : name == "first_stage" ? kind::first_stage : kind::pairwise;
        return step;
    }
    if (name == "lot") {
        step.by = kind::lot;
        const auto end = value.data() + value.size();
        const auto [to, fault] = std::from_chars(value.data(), end, step.seed);
        if (fault != std::errc{} || to != end || value.empty()) return misused("a lot needs its seed: lot:42");
        return step;
    }
    if (name != "given_order" && name != "casting_vote" && name != "agreement")
        return misused("the steps are earlier_stage, first_stage, pairwise, lot:SEED, given_order[:A,B,...], casting_vote[:A,...], agreement[:A,...]");
    auto list = options_named(value, all);
    if (!list) return list.error();
    step.by = name == "given_order" ? kind::given_order : name == "casting_vote" ? kind::casting_vote : kind::agreement;
    if (step.by != kind::given_order) {
        step.chosen = std::move(*list);
        return step;
    }
    step.order = !list->empty() ? std::move(*list) : of_file;
    if (step.order.empty()) return misused("the file states no order; give one: given_order:A,B,...");
    for (const auto& o : all)
        if (std::none_of(step.order.begin(), step.order.end(), [&](tally::option p) { return all[p] == o; }))
            return misused("the order leaves out " + json_text::in_quotes(o));
    return step;
}

result<tally::ballot_file> ballots_from(const count_flags& o, tally::ballot_kind kind) {
    tally::read_settings how{.format = {}, .kind = kind, .options = o.names, .count_column = o.count_column,
        .other_columns = o.other_columns, .name = {}};
    for (const auto f : {tally::ballot_format::preflib, tally::ballot_format::blt, tally::ballot_format::debian,
        tally::ballot_format::csv, tally::ballot_format::abif})
        if (o.format == tally::name_of(f)) how.format = f;
    if (o.file != "-") return tally::read_ballots_file(o.file, how);
    how.name = "standard input";
    return tally::read_ballots(std::cin, how);
}

/// The file's order against ties, of the options that are left.
std::vector<tally::option> order_left(const tally::ballot_file& file, const std::vector<std::string>& before,
    const std::vector<std::string>& left) {
    std::vector<tally::option> order;
    for (const auto o : file.tie_order)
        if (const auto at = std::find(left.begin(), left.end(), before[o]); at != left.end())
            order.push_back(static_cast<tally::option>(at - left.begin()));
    return order;
}

template <class Ballots>
int count_these(const session& s, const count_flags& o, const tally::ballot_file& file, const Ballots& all) {
    auto withdrawn = file.withdrawn;
    for (const auto& name : o.gone) {
        const auto left = option_named(name, all.options(), "--gone");
        if (!left) return s.fail(left.error());
        if (std::find(withdrawn.begin(), withdrawn.end(), *left) == withdrawn.end()) withdrawn.push_back(*left);
    }
    const auto ballots = tally::without(all, withdrawn);
    std::vector<tally::option> sitting;
    for (const auto& name : o.sitting) {
        const auto stays = option_named(name, all.options(), "--sitting");
        if (!stays) return s.fail(stays.error());
        const auto at = std::find(ballots.options().begin(), ballots.options().end(), all.options()[*stays]);
        if (at == ballots.options().end()) return s.fail(make_error(errc::invalid, json_text::in_quotes(name) + " has left", "--sitting"));
        const auto place = static_cast<tally::option>(at - ballots.options().begin());
        if (std::find(sitting.begin(), sitting.end(), place) == sitting.end()) sitting.push_back(place);
    }
    auto       with = o.with;
    const auto order = order_left(file, all.options(), ballots.options());
    for (const auto& text : o.ties) {
        auto step = tie_step(text, ballots.options(), order);
        if (!step) return s.fail(step.error());
        with.ties.push_back(std::move(*step));
    }
    auto counted = tally::recount(ballots, o.method, with, o.seats == 0 ? file.seats : o.seats);
    if (!counted) return s.fail(counted.error());
    if (sitting.size() > counted->seats) return s.fail(make_error(errc::invalid, "more stay than there are seats", "--sitting", "say how many seats there are: --seats"));
    if (!o.gone.empty() || !o.sitting.empty()) {
        tally::tie_chain::prefers preferred;
        if constexpr (std::is_same_v<Ballots, tally::ranked_ballots>) preferred = tally::detail::majority_of(ballots);
        tally::fill_vacancies(*counted, sitting, with, {}, std::move(preferred));
    }
    if (s.json) {
        s.print(tally::to_json(*counted) + "\n");
        return fine;
    }
    std::string before;
    if (!file.title.empty()) before += file.title + "\n";
    for (const auto w : withdrawn) before += "Withdrawn: " + tally::detail::printable(all.options()[w]) + "\n";
    s.print(before + tally::to_table(*counted));
    return fine;
}

int run_count(const session& s, const count_flags& o) {
    if (o.list) return list_methods(s);
    if (o.file.empty()) return s.fail(make_error(errc::invalid, "which ballots?", "FILE", "--methods lists the methods"));
    if (o.method.empty()) return s.fail(make_error(errc::invalid, "by which method?", "--method", "--methods lists them"));
    const auto method = tally::find_method(o.method);
    if (!method) {
        auto why = method.error();
        why.problems.front().where = "--method";
        return s.fail(why);
    }
    for (const auto& [given, setting] : o.settings) {
        if (given.given() && !method->reads_setting(setting))
            return s.fail(make_error(errc::invalid, o.method + " doesn't read it", given.name(), method->reads.empty()
                ? "it reads none of these" : "it reads " + std::string(method->reads)));
    }
    const auto file = ballots_from(o, method->kind());
    if (!file) return s.fail(file.error());
    return std::visit([&](const auto& all) { return count_these(s, o, *file, all); }, file->ballots);
}

template <class Enum>
void setting(subcommand to, count_flags& o, const std::string& flag, const std::string& convention, Enum& value,
             const std::vector<std::pair<std::string, Enum>>& names, const std::string& what) {
    std::vector<std::string> texts;
    for (const auto& [text, meaning] : names) texts.push_back(text);
    // value lives as long as the options, which the subcommand keeps
    const auto set = [&value, names](const std::string& given) {
        for (const auto& [text, meaning] : names)
            if (text == given) value = meaning;
    };
    o.settings.emplace_back(to.option(flag, set, what).one_of(texts), convention);
}

/// The settings of a count, which not every method reads.
void add_conventions(subcommand to, count_flags& o) {
    using namespace tally;
    setting(to, o, "--unranked", "unranked", o.with.unranked,
            {{"last", unranked_options::last}, {"not_compared", unranked_options::not_compared}},
            "Options that a ballot leaves out");
    setting(to, o, "--equal", "equal", o.with.equal,
            {{"split", equal_ranks::split}, {"whole", equal_ranks::whole}, {"skip", equal_ranks::skip},
             {"wait", equal_ranks::wait}, {"exhaust", equal_ranks::exhaust}}, "Options that share a rank");
    setting(to, o, "--skipped", "skipped", o.with.skipped,
            {{"close", skipped_ranks::close}, {"exhaust", skipped_ranks::exhaust}, {"exhaust_two", skipped_ranks::exhaust_two}},
            "Gaps between ranks");
    setting(to, o, "--strength", "strength", o.with.strength,
            {{"winning_votes", defeat_strength::winning_votes}, {"margins", defeat_strength::margins},
             {"ratio", defeat_strength::ratio}, {"opposition", defeat_strength::opposition}}, "How strong a defeat is");
    setting(to, o, "--quota", "quota", o.with.quota,
            {{"droop", quota::droop}, {"hagenbach_bischoff", quota::hagenbach_bischoff}, {"hare", quota::hare},
             {"imperiali", quota::imperiali}}, "How many votes elect");
    constexpr int most_digits = 18;
    auto digits = to.number("--digits", o.with.arithmetic.digits, 0, most_digits,
                            "Digits behind the point that values are kept with; exact fractions when left out");
    auto guard = to.number("--guard", o.with.arithmetic.guard, 0, most_digits,
                           "Digits kept beyond these, and left out of comparisons").needs(digits);
    auto ties = to.option("--ties", o.ties,
                          "A step against ties, in the order in which they are tried; may be repeated: earlier_stage, "
                          "first_stage, pairwise, lot:SEED, given_order[:A,B,...], casting_vote[:A,...], agreement[:A,...]");
    o.settings.emplace_back(digits, "arithmetic");
    o.settings.emplace_back(guard, "arithmetic");
    o.settings.emplace_back(ties, "ties");
}

}  // namespace

void add_count(command_group to) {
    auto o = std::make_shared<count_flags>();
    auto sub = to.add("count", "Counts the ballots of a file by a named method, with the whole working",
                      "quorate count vote.toc --method schulze --strength margins\n"
                      "Formats: PrefLib (soc, soi, toc, toi, cat), BLT, Debian tally sheets, CSV, ABIF.",
                      [o](const session& s) { return run_count(s, *o); });
    sub.option("FILE", o->file, "Ballots; \"-\" is standard input");
    sub.flag("--methods", o->list, "Lists the methods, the ballots they count and the settings they read");
    sub.option("--method", o->method, "How to count");
    sub.number("--seats", o->seats, 1, tally::most_seats, "How many to elect; as the file says when left out, else 1");
    sub.option("--gone", o->gone, "Somebody elected who left or declines: the ballots are counted as if they had not stood; may be repeated");
    sub.option("--sitting", o->sitting, "Somebody elected who keeps their seat while the others are filled from this count; may be repeated");
    sub.option("--format", o->format, "preflib, blt, debian, csv or abif; guessed when left out")
        .one_of({"preflib", "blt", "debian", "csv", "abif"});
    sub.option("--option", o->names,
               "The name of an option, in order, for formats that have none (debian); may be repeated");
    sub.option("--count-column", o->count_column, "The column of a CSV file that says how many ballots a row stands for")
        .shows_default();
    sub.option("--other-column", o->other_columns, "A column of a CSV file that is no option; may be repeated");
    add_conventions(sub, *o);
}

}  // namespace quorate::cli
