// Reading a charter's JSON into processes. Internal.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <quorate/charter.hpp>

#include "json.hpp"

namespace quorate {

/// Reads one process; every problem goes to `read`. Names that exits use but no stage has, such as "accepted", become stages.
class process_reader {
public:
    process_reader(json_text::reader& read, const std::vector<parameter>& parameters, std::set<std::string>& used,
                   const json_text::node& processes)
        : read_(read), parameters_(parameters), used_(used), processes_(processes) {}

    process operator()(const std::string& name, const json_text::node& from);

private:
    void names(const json_text::node& from);
    void teams(const json_text::node& from);
    void intended(const json_text::node& from);
    void visible(std::vector<audience>& made, const json_text::node& from);
    void visible_one(std::vector<audience>& made, const json_text::node& to);
    void positions(const json_text::node& from);
    void marks_of(position& p, const json_text::node& from);
    void revisions(const json_text::node& from);
    void act_titles(const json_text::node& from);
    void vocabulary_words(const json_text::node& from);
    void rules(const json_text::node& from);
    void electorate(const json_text::node& from);
    void concerns(const json_text::node& from);
    void standing(const json_text::node& from);
    void ballots(const json_text::node& from);
    void ballot_kinds(const json_text::node& from);
    void one_ballot_kind(const json_text::member& from);
    void options(const json_text::node& from);
    void count(const json_text::node& from);
    ballot_showing showing(const json_text::node& from);
    void delegation(const json_text::node& from);
    void only_weights(const json_text::node& from);
    void children(const json_text::node& from);
    void reaction(child_outcome to, const json_text::node& from);
    void stages(const json_text::node& from);
    void verified(const json_text::node& from);
    void property(stated_property& made, const json_text::node& from);
    std::vector<std::uint16_t> stages_named(const json_text::node& from);
    void one_stage(stage& s, const json_text::node& from);
    void places(stage& s, const json_text::node& from);
    void allow(stage& s, const json_text::node& from);
    void allow_one(stage& s, const json_text::member& what, const json_text::node& to);
    void exit_of(stage& s, const json_text::node& from);
    void exit_trigger(stage_exit& x, const json_text::node& from);
    void entry_ballots(stage_exit& x, const json_text::node& from);
    void effects(std::vector<effect_template>& to, const json_text::node& from);
    void circles(const json_text::node& from);

    void                 target(stage_exit& x, const stage& from, const json_text::node& to);
    std::uint16_t        stage_or_outcome(const json_text::node& to);
    void                 stages_before();
    template <class Place>
    std::vector<act_pattern> acts(const Place& at, std::string_view list, bool* for_another);
    std::vector<act>     plain_acts(const json_text::node& at, std::string_view list);
    bool                 may_be_about(act a, const std::string& thing) const;
    rule                 expression(const json_text::node& at, expects what);
    rule                 expression_of(const json_text::node& object, std::string_view key, expects what);
    std::optional<duration> span(const json_text::node& at);
    std::optional<std::uint32_t> whole_number(const json_text::node& at, std::uint32_t least, std::uint32_t most);
    upkeep               keep_or_clear(const json_text::node& from, std::string_view key);
    kept_ballots         ballots_kept(const json_text::node& from);
    void                 opening(const json_text::node& from);
    void                 words_of_parents(const json_text::node& from);
    bool                 depends_on_parent() const;
    void                 finish(rule& r, const json_text::node& at);
    bool                 reads_clock(const rule& r) const;
    bool                 name_is_free(const json_text::member& m, std::string_view kind);

    json_text::reader&             read_;
    const std::vector<parameter>&  parameters_;
    std::set<std::string>&         used_;    ///< parameters that something used
    const json_text::node&         processes_;  ///< all of the charter, as written
    process                        made_;
    std::vector<word>              words_;
    std::set<std::string>          taken_;   ///< names of positions and rules
};

/// What only shows when a process is whole: stages that can't be reached or left, exits that the law forbids, acts that
/// nobody may do.
void check_stages(json_text::reader& read, const process& p, const json_text::node& from);

}  // namespace quorate
