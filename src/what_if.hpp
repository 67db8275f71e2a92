// One side of a comparison: proposals, and what is asked of them, in memory. Internal.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <quorate/what_if.hpp>

namespace quorate::replay {

/// A proposal on one side.
struct life {
    proposal                 p{};
    std::vector<event>       events{};
    std::vector<std::size_t> moves{};     ///< indices into `events`
    instant                  given{};     ///< time was given until here
    std::optional<instant>   not_beyond{};  ///< the next thing asked of it: time alone may not go there
    std::string              problem{};   ///< it can't go on
};

/// Proposals under one charter (or each its own), over a roster that both sides share. The same calls as the engine makes.
class side {
public:
    explicit side(roster& people) : people_(people) {}

    [[nodiscard]] life*       find(std::string_view id);
    [[nodiscard]] const std::vector<std::string>& ids() const { return order_; }
    [[nodiscard]] surroundings around(const proposal& p);

    /// Opens one. Text: why not.
    std::string open(const std::string& id, const opening& o, const charter& under);
    /// Nothing when accepted, or when it can't go on.
    std::optional<refusal> ask(life& l, const command& c);
    void                   pass(life& l, instant until);
    /// Lets time pass until an instant at which something was asked and refused: of what is due then, only windows with an open
    /// end.
    void                   end_open_windows(life& l, instant at);
    void                   follow_roster(life& l, instant at);
    /// Lets time pass for these until then, as far as each may go, in the order in which things come due.
    void                   advance(const std::vector<std::string>& whom, instant until);

    /// Takes an event as it was recorded.
    result<void> fold(const stored_event& s, const charter* under);
    /// Persons are numbers of a roster: after another one was put in its place, everything is folded anew.
    result<void> fold_anew();

private:
    template <class Do>
    void         step(life& l, Do what);
    result<void> tell(const life& l, bool was_open, bool opened = false);
    void         tell_children();
    void         tell_others();
    void         fill(const std::string& process, instant at);
    void         note(life& l, step_output& out);
    [[nodiscard]] std::span<const neighbour> beside(const process* by) const;
    life&        take_in(const std::string& id, std::unique_ptr<life> made);
    void         keep(life& l, std::vector<event> events);
    void         stop(life& l, const error& why);
    result<void> refold(life& l);

    roster&                                                     people_;
    std::map<std::string, std::unique_ptr<life>, std::less<>> lives_;
    std::vector<std::string>                                    order_;  ///< as opened
    evidence_of                                                 scratch_;
    std::map<std::string, std::vector<neighbour>, std::less<>>  by_process_;  ///< as opened
    std::vector<std::pair<std::string, instant>>                left_;  ///< processes in which somebody left a place, and when
    std::vector<std::string>                                    touched_;  ///< to whom the last step did something, or to others because of it
    std::vector<std::string>                                    happened_;  ///< to whom something did that those under them have not seen
};

/// How a proposal went, from its events.
[[nodiscard]] course course_of(side& s, life& l, instant until, const roster& people);
/// The command that an `acted` event records, as it may have been given.
[[nodiscard]] command command_of(const event& e);
/// "cast approve", "fact tests = true".
[[nodiscard]] std::string in_words(const event& e);

}  // namespace quorate::replay
