// One variant, made ready for runs, and the machine that runs one. Internal.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <quorate/simulate.hpp>

namespace quorate::simulate {

/// What one person is like, worked out.
struct profile {
    chance       takes_part = always, raises{}, settles = always, delegates{};
    std::uint32_t answers = 0, resolves = 0;  ///< into `ready::spans`
    std::vector<std::pair<std::uint64_t, std::uint8_t>> says{};  ///< running sums of chances, and 1 + position
    std::uint32_t group = 0;        ///< who thinks alike; 0: nobody
    std::uint8_t  choice = 0;       ///< of an adversary: 1 + position, always
    std::uint8_t  bloc = 0;         ///< answers at one time with those of the same; 0: alone
    bool          blocks = false, late = false, absent = false, lead = false;
    duration      effort{};
    std::string   id{};
};

/// A habit and who has it.
struct ready_habit {
    const habit*       of = nullptr;
    std::optional<std::uint16_t> stage{};
    std::vector<std::vector<person>> people{};  ///< by stage; {} where the stage doesn't permit it
    bool               by_host = false;
};

/// What a stage lets people do.
struct ready_stage {
    bool casts = false, raises = false, proposes = false, delegates = false, ends = false;
    std::vector<std::uint32_t> habits{};
};

/// Who proposes, in each stage, what some author opened.
struct opener {
    std::string                         author{};
    std::vector<std::string>            teams{};
    std::vector<std::optional<person>>  proposers{};  ///< by stage
    std::vector<bool>                   names_teams{};///< whether they must name them, by stage
};

/// A setting that was checked and worked out once. Never changes while runs go on; any number of threads read it.
class ready {
public:
    explicit ready(const setting& s) : of(s), people(s.people) {}

    const setting&            of;
    quorate::roster           people;     ///< with puppets and guests
    const quorate::process*   by = nullptr;
    std::string               disposition{};
    std::vector<distribution> spans{};
    std::vector<profile>      profiles{}; ///< by person
    profile                   newcomer{};
    std::vector<ready_stage>  stages{};
    std::vector<ready_habit>  habits{};
    std::vector<opener>       openers{};  ///< of the i-th proposal: i modulo their number
    std::vector<person>       leaving{};  ///< members of the team that people leave
    const named_rule*         quorum = nullptr;
    bool                      captures = false, capture_is_acceptance = true, blocks_by_voice = false;
    bool                      any_effort = false;

    /// Refused: see `run`.
    [[nodiscard]] static result<std::unique_ptr<ready>> from(const setting& s);

private:
    result<void> make();
    result<std::vector<person>> set_of(const std::vector<std::string>& who, const proposal& probe, std::string_view where);
    result<void> add_puppets();
    result<void> apply(const member_kind& m, const proposal& probe);
    result<void> apply(const adversary& a, std::uint8_t number, const proposal& probe);
    result<std::uint8_t> position_of(const std::string& name, std::string_view where) const;
    result<void> make_groups();
    result<void> make_openers();
    result<void> make_habits(const proposal& probe);
    void         find_proposers(opener& o);
    std::optional<proposal> opened(const opener& o, std::string& why) const;
    std::uint32_t span(const distribution& d);
};

/// What one run came to, of what variants are compared by.
struct run_sums {
    std::int64_t accepted = 0, decided = 0, proposals = 0, seconds = 0;
};

/// Runs one after the other. Reuses its memory; one for each thread and variant.
class world {
public:
    world(const ready& r, std::uint64_t seed);
    ~world();
    world(const world&) = delete;
    world& operator=(const world&) = delete;

    /// Adds what the run came to.
    run_sums run(std::uint64_t number, totals& to);
    /// The same, and tells it.
    run_sums tell(std::uint64_t number, totals& to, std::vector<told>& story);

private:
    class machine;
    std::unique_ptr<machine> it_;
};

/// Where a run starts. Every run starts at the same instant: nothing that decides knows which year it is.
inline constexpr instant run_start = std::chrono::sys_days{std::chrono::year{2026} / 1 / 1};

}  // namespace quorate::simulate
