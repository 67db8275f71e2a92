// One run: proposals arrive, members act when they come to it, clocks run. All deciding is done by the functions of proposal.hpp. Internal.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "simulate_world.hpp"

namespace quorate::simulate {

/// What a random number is for: the upper part of the counter's last word, so that no two purposes share a draw.
enum class purpose : std::uint32_t { answer, concern, delegation, group, bloc, steering, arrival, habit, leaving, joining, callable };

class world::machine {
public:
    machine(const ready& r, std::uint64_t seed) : r_(r), seed_(seed), people_(&r.people) { out_.kept = kept_events::moves; }

    run_sums run(std::uint64_t number, totals& to, std::vector<told>* story);

private:
    enum class what : std::uint8_t { arrive, act, custom, tick, horizon, leave, join };
    struct entry {
        std::int64_t  at = 0;
        std::uint32_t order = 0;   ///< of equal instants the earlier planned goes first; time itself last
        std::uint32_t proposal = 0;
        std::uint32_t who = 0;     ///< person
        std::uint32_t data = 0;    ///< of acts: a habit, a concern, a position; of `custom`: which
        what          is = what::act;
        act           does = act::cast;
        std::uint16_t visit = 0;   ///< of habits: the stay in which they were planned
    };
    static bool later(const entry& a, const entry& b) {
        if (a.at != b.at) return a.at > b.at;
        const bool ta = a.is == what::tick, tb = b.is == what::tick;
        return ta != tb ? ta : a.order > b.order;
    }
    struct vote {
        std::uint16_t round = 0;   ///< how often they planned to answer
        bool          planned = false;
    };
    struct one {
        proposal          p{};
        const opener*     by = nullptr;
        std::vector<vote> votes{};   ///< by person
        std::uint16_t     visit = 0;
        std::uint32_t     concerns = 0;
        instant           since{};         ///< in the stage
        instant           concern_since{};
        duration          concerned{};     ///< of this stay
        bool              concerned_now = false, done = true;
        std::optional<instant> ticking{};
    };
    struct team_run {
        std::int64_t proposals = 0, accepted = 0, decided = 0, seconds = 0;
    };

    /// Draws of a purpose about a proposal of the run, a person (or a number), a round.
    [[nodiscard]] quorate::detail::draws random(purpose of, std::uint32_t proposal, std::uint32_t who, std::uint32_t round = 0) const {
        // Counter: low half of the run; proposal and high part of the run; who, round and purpose. The first word counts blocks of words.
        const auto low = static_cast<std::uint32_t>(run_);
        const auto high = static_cast<std::uint32_t>(run_ >> 32U);
        return {seed_, low, proposal | high << 16U, who | (round & 0x7ffU) << 17U | static_cast<std::uint32_t>(of) << 28U};
    }
    [[nodiscard]] duration span(std::uint32_t index, std::uint64_t word) const { return r_.spans[index].draw(word); }
    [[nodiscard]] const profile& profile_of(person who) const {
        const auto i = static_cast<std::size_t>(who);
        return i < r_.profiles.size() ? r_.profiles[i] : r_.newcomer;
    }
    [[nodiscard]] surroundings around() { return {.people = *people_, .scratch = &scratch_}; }
    void tell(std::uint32_t i, instant at, std::string_view who, std::string_view said, std::string_view stage, bool refused) {
        if (story_ != nullptr) story_->push_back({at, i, std::string(who), std::string(said), std::string(stage), refused});
    }

    // The frame of a run.
    void     begin(std::uint64_t number, totals& to, std::vector<told>* story);
    run_sums end();
    void     push(entry e);
    void     plan(std::uint32_t i, instant at, person who, act does, std::uint32_t data = 0);
    void     take(const entry& e);

    // Proposals. Around each step of the engine's: `out_` is cleared before, and `saw` looks at what came of it.
    void arrive(std::uint32_t i, instant at);
    bool saw(bool fine, std::uint32_t i, instant at, std::string_view who, std::string_view said);
    void tick(std::uint32_t i);
    void watch_concerns(one& o, instant at);
    void left(one& o, std::size_t stage, instant at, cause why);
    void finish(std::uint32_t i, instant at);

    // What people plan, and do.
    void         enter(std::uint32_t i, instant at);
    void         plan_answer(std::uint32_t i, person who, instant at);
    std::uint8_t opinion(std::uint32_t i, person who, std::uint32_t word) const;
    void         plan_habit(std::uint32_t i, std::uint32_t h, instant at);
    void         ask_callable(std::uint32_t i, instant at);
    void         do_act(const entry& e, instant at);
    bool         prepare(const entry& e, one& o, person who);
    bool         prepare_habit(const entry& e, const one& o);
    void         after_raising(const entry& e, person who, instant at);

    // Leaving and joining.
    void begin_turnover();
    void change(roster_event e, instant at, std::string_view said);
    void leave(person who, instant at);
    void join(instant at);
    [[nodiscard]] bool any_open() const;

    static constexpr person        nobody{0xffffffff};
    static constexpr std::uint32_t no_end = 0x7fffffff;       ///< of a raise: it is never let go
    static constexpr std::uint32_t habit_flag = 0x80000000;
    static bool is_habit(const entry& e) { return (e.data & habit_flag) != 0; }

    const ready&              r_;
    std::uint64_t             seed_, run_ = 0;
    const quorate::roster*    people_;
    quorate::roster           own_people_{};
    totals*                   to_ = nullptr;
    std::vector<told>*        story_ = nullptr;
    std::vector<entry>        heap_{};
    std::vector<one>          live_{};
    std::vector<command>      custom_{};
    std::vector<planned_act>  plans_{};
    std::vector<std::int64_t> acts_of_{};
    std::vector<team_run>     team_{};
    std::vector<instant>      free_at_{};
    std::optional<proposal>   first_{};
    command                   command_{};
    evidence_of               scratch_{};
    step_output               out_{};
    run_sums                  sums_{};
    std::int64_t              run_acts_ = 0, captured_ = 0, refused_quorum_ = 0;
    std::uint32_t             order_ = 0, arrived_ = 0, newcomers_ = 0;
};

}  // namespace quorate::simulate
