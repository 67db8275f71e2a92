// A whole vote of the Debian project under examples/charters/debian.json, on recorded ballots: proposal, sponsors, amendment, call for
// votes, ballots, count, outcome; and whether that is the published one.
//
//     debian-resolution RECORDS ID [JOURNAL]
//     debian-resolution tests/data/debian_votes.json debian/2008/vote_003
//
// RECORDS has the form of tests/data/debian_votes.json. A record says what was on the ballot, what majority it needed, how many
// developers there were, every ballot and who won. It says neither who did what nor when: names and dates here are supposed, and so is
// the amendment. Run it from the root of the project. Exit code 0: the outcome is the published one; 1: it is not, or something
// went otherwise than told here; 2: it could not run.
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>

#include <boost/json.hpp>
#include <fmt/format.h>

#include <quorate/quorate.hpp>
#include <quorate/sqlite_journal.hpp>
#include <quorate/tally/table.hpp>

namespace {

using namespace quorate;
namespace json = boost::json;

struct choice {
    std::string  name, title, kind;  ///< of the charter; no kind: the default option
    std::int64_t ratio = 1;
};

struct recorded_vote {
    std::string                           id, title;
    bool                                  election = false;
    std::int64_t                          developers = 0;
    std::vector<choice>                   choices{};
    std::vector<std::vector<std::string>> ballots{};  ///< one each, as marks
    std::vector<std::string>              winners{};
};

/// Ranks by option, as marks of a ballot: best first, equal ones joined.
std::vector<std::string> marks_of(const json::array& ranks, const std::vector<choice>& choices) {
    std::map<std::int64_t, std::string> tiers;
    for (std::size_t i = 0; i < ranks.size(); ++i) {
        if (ranks[i].is_null()) continue;
        auto& tier = tiers[ranks[i].as_int64()];
        tier += (tier.empty() ? "" : "=") + choices.at(i).name;
    }
    std::vector<std::string> marks;
    for (auto& [rank, tier] : tiers) marks.push_back(std::move(tier));
    return marks;
}

recorded_vote read_vote(const json::object& from) {
    recorded_vote v;
    v.id = from.at("id").as_string();
    v.title = from.at("title").as_string();
    const auto* ballots = from.if_contains("ballots");
    if (ballots == nullptr) throw std::runtime_error(v.id + ": no ballots are recorded");
    v.developers = from.at("developers").to_number<std::int64_t>();
    const auto&       options = from.at("options").as_array();
    const auto        by_default = from.at("default_option").to_number<std::size_t>();
    const auto        found = from.if_contains("majority_ratio");
    const auto* const ratios = found != nullptr ? found->if_object() : nullptr;
    v.election = options.at(by_default).as_string().starts_with("None ");  // "None Of The Above" against "Further Discussion"
    for (std::size_t i = 0; i < options.size(); ++i) {
        choice      c{.name = fmt::format("choice-{}", i + 1), .title = std::string(options[i].as_string()), .kind = {}};
        const auto* ratio = ratios != nullptr ? ratios->if_contains(std::to_string(i + 1)) : nullptr;
        if (ratio != nullptr) c.ratio = ratio->to_number<std::int64_t>();  // refuses one that is not whole
        if (c.ratio < 1 || c.ratio > 3) throw std::runtime_error(fmt::format("{}: the charter has no majority of {}:1", v.id, c.ratio));
        if (i == by_default) c.name = v.election ? "nota" : "further-discussion";
        else c.kind = c.ratio == 3 ? "constitution" : c.ratio == 2 ? "overrule" : "ordinary";
        v.choices.push_back(std::move(c));
    }
    for (const auto& b : ballots->as_array())
        v.ballots.insert(v.ballots.end(), b.at("count").to_number<std::size_t>(), marks_of(b.at("ranks").as_array(), v.choices));
    for (const auto& w : from.at("published").at("winners").as_array()) v.winners.push_back(v.choices.at(w.to_number<std::size_t>()).name);
    return v;
}

recorded_vote find_vote(const std::string& file, const std::string& id) {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw std::runtime_error(file + " can't be opened");
    const auto all = json::parse(std::string(std::istreambuf_iterator<char>(in), {}));
    for (const auto& v : all.at("votes").as_array())
        if (v.at("id").as_string() == id) return read_vote(v.as_object());
    throw std::runtime_error(file + " has no vote " + id);
}

std::string developer(std::size_t n) { return fmt::format("dev{:04}", n); }

/// As many developers as there were; the first leads, the second keeps the votes.
roster debian_of(std::int64_t developers) {
    std::string people, members;
    for (std::size_t n = 1; n <= static_cast<std::size_t>(developers); ++n) {
        const auto* before = n == 1 ? "" : ", ";
        const auto* role = n == 1 ? "leader" : n == 2 ? "secretary" : nullptr;
        people += fmt::format("{}\"{}\": {{}}", before, developer(n));
        members += role != nullptr ? fmt::format(R"({}{{"who": "{}", "roles": ["{}"]}})", before, developer(n), role) : fmt::format(R"({}"{}")", before, developer(n));
    }
    return load_roster(R"({"name": "debian", "roles": {"leader": "leads", "secretary": "runs votes"}, "people": {)" + people +
                       R"(}, "teams": {"developers": {"members": [)" + members + "]}, \"committee\": {}}}")
        .value();
}

/// One vote as it goes, told line by line.
class story {
public:
    story(const recorded_vote& v, engine& runs, instant from) : v_(v), runs_(runs), now_(from) {
        const auto opener = developer(v.election ? 2 : 3);  // an election is opened by the secretary
        id_ = runs_.open({.process = v.election ? "leader" : "resolution-2003", .by = opener, .subject = v.id, .title = v.title, .at = now_, .key = v.id}).value();
        tell(opener + " opens it");
    }

    /// True when it ends as published.
    bool to_the_end() {
        v_.election ? nominate() : discuss();
        vote();
        return end();
    }

private:
    void tell(std::string_view what) {
        const auto& p = *runs_.get(id_);
        fmt::print("  {}  {:<12}  {}\n", date_string(now_), p.now().name, what);
    }
    [[nodiscard]] command keyed(command c) {
        c.at = now_;
        c.key = fmt::format("{} {}", v_.id, ++commands_);
        return c;
    }
    void must(const command& c) {
        const auto r = runs_.submit(id_, keyed(c));
        if (r.refused()) throw failure(make_error(errc::invalid, to_string(r.refusal())));
        if (r.failed()) throw failure(r.fault());
    }
    void must_be_refused(const command& c, std::string_view what) {
        const auto r = runs_.submit(id_, keyed(c));
        if (!r.refused()) throw failure(make_error(errc::invalid, fmt::format("{}, and should not have been able to", what)));
        tell(fmt::format("{}: refused, {}", what, r.refusal().what));
    }
    void pass(duration d) {
        now_ = now_ + d;
        for (const auto& r : runs_.advance(now_))
            if (r.failed()) throw failure(r.fault());
    }
    void must_stand_in(std::string_view stage) {
        const auto is = runs_.get(id_)->now().name;
        if (is != stage) throw failure(make_error(errc::invalid, fmt::format("it should be in {} and is in {}", stage, is)));
    }
    void put_forward(const choice& c, const std::string& mover) {
        auto adding = command(other{.what = act::add_option, .by = mover, .subject = c.name, .reason = c.title});
        if (!v_.election) adding.detail = c.kind;
        must(adding);
        tell(fmt::format("{} puts forward {}: {}", mover, c.name, c.title));
    }

    void nominate() {
        std::size_t candidate = 10;
        for (const auto& c : v_.choices)
            if (!c.kind.empty()) put_forward(c, developer(++candidate));
        pass(std::chrono::days{7});
        must_stand_in("campaign");
        tell("nominations are over");
        pass(std::chrono::days{21});
    }

    void discuss() {
        const auto  sponsors = sponsors_needed();
        std::size_t next = 3;
        std::string first;
        for (const auto& c : v_.choices) {
            if (c.kind.empty()) continue;
            const auto mover = developer(next++);
            put_forward(c, mover);
            for (std::size_t s = 0; s < sponsors; ++s) must(other{.what = act::sponsor, .by = developer(next++), .subject = c.name});
            tell(fmt::format("{} others sponsor it", sponsors));
            if (first.empty()) first = c.name;
            pass(std::chrono::days{1});
        }
        must_stand_in("discussion");
        tell("discussed until " + date_string(*runs_.next_change(id_)));
        must_be_refused(propose{.by = developer(3)}, developer(3) + " calls for votes at once");
        must(other{.what = act::amend_option, .by = developer(3), .subject = first, .reason = v_.choices.front().title + ", reworded"});
        tell(fmt::format("{} accepts an amendment of {}: discussed until {}", developer(3), first, date_string(*runs_.next_change(id_))));
        pass(std::chrono::days{14});
        must_stand_in("ready");
        const auto stranger = developer(static_cast<std::size_t>(v_.developers));
        must_be_refused(propose{.by = stranger}, stranger + ", who sponsors nothing, calls for votes");
        must(propose{.by = developer(3)});
        tell(developer(3) + " calls for votes");
    }
    /// K: the smallest number of sponsors that the charter takes, as the electorate is.
    [[nodiscard]] std::size_t sponsors_needed() const {
        std::size_t k = 0;
        while (k < 5 && 4 * k * k < static_cast<std::size_t>(v_.developers)) ++k;  // at least sqrt(n) / 2, and at most 5
        return k;
    }

    void vote() {
        must_stand_in("vote");
        pass(std::chrono::days{1});
        must_be_refused(cast{.by = "passer-by", .position = "ballot", .marks = {v_.choices.front().name}}, "somebody who is no developer votes");
        std::vector<request> all;
        for (std::size_t i = 0; i < v_.ballots.size(); ++i)
            all.push_back({id_, keyed(cast{.by = developer(i + 1), .position = "ballot", .marks = v_.ballots[i]})});
        for (const auto& r : runs_.submit(all))
            if (!r.accepted()) throw failure(make_error(errc::invalid, r.refused() ? to_string(r.refusal()) : r.fault().what()));
        tell(fmt::format("{} of {} developers have voted", all.size(), v_.developers));
        const auto early = runs_.count(id_, viewer::as(developer(1)));
        if (early.has_value()) throw failure(make_error(errc::invalid, "the count is told while it should be hidden"));
        tell(developer(1) + " asks how it stands: " + early.error().problems.front().what);
    }

    bool end() {
        pass(std::chrono::days{14});
        tell("the vote is over\n");
        for (const auto& c : v_.choices) fmt::print("{:<18}  {}{}\n", c.name, c.title, c.ratio == 1 ? "" : fmt::format("  ({}:1)", c.ratio));
        const auto told = runs_.count(id_, viewer::anyone()).value();
        fmt::print("\n{}\n", tally::to_table(told.count));
        std::vector<std::string> winners;
        for (const auto o : told.count.elected) winners.push_back(told.count.options[o]);
        const bool default_wins = v_.winners.size() == 1 && (v_.winners[0] == "nota" || v_.winners[0] == "further-discussion");
        const auto expected = default_wins ? "inconclusive" : "accepted";
        const bool same = winners == v_.winners && runs_.get(id_)->now().name == expected;
        fmt::print("{} is {}: won by {}; published: {}\n", id_, runs_.get(id_)->now().name, fmt::join(winners, ", "), fmt::join(v_.winners, ", "));
        fmt::print("{}\n", same ? "as published" : "NOT as published");
        return same;
    }

    const recorded_vote& v_;
    engine&              runs_;
    instant              now_;
    std::string          id_;
    std::size_t          commands_ = 0;
};

int run(const std::string& records, const std::string& id, const std::string& db) {
    const auto v = find_vote(records, id);
    fmt::print("{}  {}\n{} developers, {} ballots\n\n", v.id, v.title, v.developers, v.ballots.size());
    engine runs{load_charter_file("examples/charters/debian.json").value(), debian_of(v.developers), db.empty() ? memory_journal() : open_sqlite_journal(db).value()};
    return story(v, runs, at("2009-01-01T00:00:00Z")).to_the_end() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3 && argc != 4) {
        fmt::print(stderr, "usage: debian-resolution RECORDS ID [JOURNAL]\n");
        return 2;
    }
    try {
        return run(argv[1], argv[2], argc == 4 ? argv[3] : "");
    } catch (const failure& e) {
        fmt::print(stderr, "debian-resolution: {}\n", e.what());
        return 1;
    } catch (const std::exception& e) {
        fmt::print(stderr, "debian-resolution: {}\n", e.what());
        return 2;
    }
}
