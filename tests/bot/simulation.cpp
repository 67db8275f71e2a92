// The whole bot in a world of its own (reliability goal R12): a clock that is turned, people who say all sorts of things, a GitHub and a disk that
// fail, a process that is killed again and again. What a calm world would show must be shown in the end, once. A failing seed is printed, and
// gives the same run again: QUORATE_SIM_SEED=... QUORATE_SIM_SEEDS=1.
#include <doctest/doctest.h>

#include <cstdlib>

#include "../effort.hpp"
#include "../journal_support.hpp"
#include "small_bot.hpp"

using namespace small_bot;
using journal_support::dice;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

struct world {
    std::string digest{};   ///< of what is to be seen
    std::string wrong{};
    std::size_t kills = 0, faults = 0, deeds = 0, doubles = 0;
    double      days = 0;
};

const std::vector<std::string> speakers{"alice", "bob", "carol", "dave", "erin", "frank"};
const std::vector<std::string> words{
    "@rfcbot merge", "@rfcbot fcp merge", "@rfcbot postpone", "@rfcbot close", "@rfcbot reviewed", "@rfcbot reviewed", "@rfcbot reviewed", "@rfcbot reviewed", "@rfcbot concern a", "@rfcbot resolve a",
    "@rfcbot concern b\n@rfcbot reviewed", "@rfcbot resolve b", "@rfcbot cancel", "hello", "@rfcbot what", "> @rfcbot cancel", "@rfcbot poll lang shall we?", "@rfcbot f? @bob"};

class simulation {
public:
    /// `blind`: the control, a bot that doesn't look for its own comments.
    simulation(std::uint64_t seed, bool calm, bool blind = false) : deeds_(seed), luck_(seed ^ 0x9E3779B97F4A7C15ULL), calm_(calm), blind_(blind), b_(setup()) {
        b_.fate.blind = blind_;
        if (calm_) return;
        b_.fate.breaks = [this] { return !over_ && luck_.chance(25) && ++out_.faults != 0; };
        b_.fate.breaks_after = [this] { return !over_ && luck_.chance(25) && ++out_.faults != 0; };
    }

    world operator()() {
        const auto begin = b_.now;
        for (int i = 0; i < 40; ++i) {
            deed();
            round();
        }
        over_ = true;
        b_.fate.at = static_cast<std::size_t>(-1);
        if (!calm_) b_.start();
        for (int i = 0; i < 3; ++i) {
            round();
            b_.now += hours{24 * 15};
        }
        round();
        round();
        out_.days = static_cast<double>((b_.now - begin).count()) / (24 * 3.6e9);
        look();
        return std::move(out_);
    }

private:
    static settings setup() {
        auto s = settings_for("fcp");
        s.remind = {};
        return s;
    }
    std::uint64_t issue() { return 1 + deeds_.below(3); }
    /// The same of the same seed, whatever fails.
    void deed() {
        ++out_.deeds;
        const auto which = deeds_.below(12);
        const auto n = issue();
        if (which == 0) {
            b_.now += hours{deeds_.below(24 * 6)};
            return;
        }
        b_.now += minutes{1 + deeds_.below(600)};
        const auto by = speakers[deeds_.below(speakers.size())];
        if (which == 1) {
            auto d = b_.on_issue(by, "issues", deeds_.chance(2) ? "closed" : "reopened");
            d.number = n;
            d.closed = d.action == "closed";
            return send(d);
        }
        auto d = b_.comment(by, words[deeds_.below(words.size())]);
        d.number = n;
        if (which == 2 && last_.comment != 0) {  // an edit, perhaps by somebody else
            auto text = d.text;
            d = last_;
            d.id += "e" + std::to_string(out_.deeds);
            d.at = b_.now;
            d.action = "edited";
            d.before = last_.text;
            d.text = text;
            d.changed = quorate::to_string(b_.now);
            if (deeds_.chance(3)) d.sender = who("frank");
            return send(d);
        }
        last_ = d;
        send(d);
    }
    void send(const delivery& d) {
        b_.arrives(d);
        if (deeds_.chance(4)) b_.arrives(d);  // twice
    }
    void round() {
        for (int tries = 0; tries < 50; ++tries) {
            if (!calm_ && !over_ && luck_.chance(3)) b_.fate.at = 2 * (b_.fate.steps + luck_.below(30)) + luck_.below(2);
            try {
                (void)b_.round();
                b_.fate.at = static_cast<std::size_t>(-1);
                return;
            } catch (const killed&) {
                ++out_.kills;
            } catch (const quorate::failure&) {  // the journal: begin anew
            }
            b_.fate.at = static_cast<std::size_t>(-1);
            b_.start();
        }
        out_.wrong += "a round never ended; ";
    }
    void look() {
        auto& e = b_.engine();
        for (const auto& effect : e.pending_effects(1'000'000).value()) out_.wrong += "left undone: " + effect.kind + "; ";
        if (const auto next = e.next_change(); next && *next <= b_.now) out_.wrong += "something is overdue; ";
        for (const auto& [subject, m] : b_.sheet.matters) {
            std::map<std::string, int> markers;
            for (const auto& c : m.comments) {
                ++markers[std::string(marker_of(c.body))];
                out_.digest += c.body.substr(0, c.body.rfind('\n'));
            }
            for (const auto& [marker, n] : markers)
                if (n != 1) ++out_.doubles, out_.wrong += std::to_string(n) + " of " + marker + "; ";
            for (const auto& id : e.find(subject)) {
                const auto* c = m.marked(status_marker(id));
                if (c == nullptr || c->body != status_text(e, id)) out_.wrong += "the comment on " + id + " is not as it stands; ";
            }
            // What must be the same in every world: how things stand, and the labels.
            for (const auto& l : m.labels) seen_ += subject + " " + l + "\n";
        }
        for (const auto& id : e.list()) seen_ += status_text(e, id);
        out_.digest = seen_;
    }

    dice        deeds_, luck_;
    bool        calm_, blind_;
    bool        over_ = false;  ///< faults have stopped
    a_bot       b_;
    delivery    last_{};
    world       out_;
    std::string seen_;
};

std::uint64_t number(const char* name, std::uint64_t otherwise) {
    const char* given = std::getenv(name);
    return given == nullptr ? otherwise : std::strtoull(given, nullptr, 10);
}

}  // namespace

TEST_CASE("simulation: whatever fails, and whenever it is killed, the bot ends as it would have in a calm world (R12)") {
    const auto first = number("QUORATE_SIM_SEED", 1), seeds = number("QUORATE_SIM_SEEDS", effort(30));
    world      sum;
    for (auto seed = first; seed < first + seeds; ++seed) {
        CAPTURE(seed);
        const auto calm = simulation(seed, true)();
        const auto rough = simulation(seed, false)();
        CHECK(calm.wrong.empty());
        CHECK_MESSAGE(rough.wrong.empty(), rough.wrong);
        CHECK(rough.digest == calm.digest);
        sum.kills += rough.kills;
        sum.faults += rough.faults;
        sum.deeds += rough.deeds;
        sum.days += calm.days + rough.days;
    }
    CHECK(sum.kills >= seeds);
    CHECK(sum.faults >= seeds);
    MESSAGE(seeds << " seeds from " << first << ": " << sum.deeds << " deeds, " << sum.kills << " kills, " << sum.faults << " faults, " << static_cast<std::uint64_t>(sum.days) << " days");
    const auto again = simulation(first, false)();
    CHECK(again.digest == simulation(first, false)().digest);
    CHECK(again.kills == simulation(first, false)().kills);
}

TEST_CASE("simulation, control: a bot that doesn't look for its own comments doubles them") {
    std::size_t doubles = 0;
    for (std::uint64_t seed = 1; seed <= effort(5); ++seed) doubles += simulation(seed, false, true)().doubles;
    CHECK(doubles >= 1);
    MESSAGE(doubles << " doubled");
}
