// A recorded proposal as a scenario: what was done to it and its family, and what came of it.
#include <algorithm>
#include <map>

#include <quorate/scenario.hpp>

#include "journal_documents.hpp"
#include "json.hpp"
#include "json_out.hpp"

namespace quorate {
namespace {

using json_text::in_quotes;
using json_text::json_out;

/// A step, as JSON without its braces, and what is seen after it.
struct recorded_step {
    std::string about{};   ///< id of the proposal
    instant     at{};
    std::string deed{};    ///< JSON members; empty: time passes, or it looks
    std::string stage{};   ///< empty: not looked at
};

class recorder {
public:
    recorder(journal& from, std::string_view id, std::string title) : from_(from), wanted_(id), title_(std::move(title)) {}

    result<std::string> operator()() {
        if (auto done = read(); !done) return done.error();
        if (auto done = find_family(); !done) return done.error();
        for (const auto& s : events_)
            if (auto done = take(s); !done) return done.error();
        auto text = written();
        // What it says must be so: where a journal tells too little to do it again, better no scenario than a wrong one.
        const auto loaded = load_scenarios(text, "scenario");
        if (!loaded) return make_error(errc::unsupported, "what was recorded makes no scenario: " + loaded.error().what(), std::string(wanted_));
        const auto report = run(loaded.value().front());
        if (!report.passed()) return make_error(errc::unsupported, "what was recorded does not come out again:\n" + to_string(report), std::string(wanted_));
        return text;
    }

private:
    // ---- the journal --------------------------------------------------------------------------------------------------------
    result<void> read() {
        return from_.read({}, 0, [this](const stored_event& s) {
            if (s.what.kind == event_kind::document && s.stream == charter_stream) documents_[s.what.subject] = s.what;
            else events_.push_back(s);
            if (s.what.kind == event_kind::opened) opened_[s.stream] = s.what;
            return true;
        });
    }

    result<void> find_family() {
        const auto own = opened_.find(wanted_);
        if (own == opened_.end()) return make_error(errc::not_found, "there is no proposal " + in_quotes(wanted_), "journal");
        root_ = own->first;
        for (auto above = opened_.find(own->second.parent); above != opened_.end(); above = opened_.find(above->second.parent)) root_ = above->first;
        charter_ = opened_[root_].charter;
        for (const auto& [id, e] : opened_)
            if (belongs(id) && e.charter != charter_)
                return make_error(errc::unsupported, "the proposals above and below " + in_quotes(wanted_) + " were opened under different charters", "journal");
        if (!documents_.contains(charter_)) return make_error(errc::damaged, "the charter it was opened under is not in the journal", std::string(wanted_));
        const auto rules = charter_of(documents_[charter_]);
        if (!rules) return rules.error();
        rules_ = rules.value();
        return {};
    }
    [[nodiscard]] bool belongs(std::string_view id) const {
        for (auto e = opened_.find(id); e != opened_.end(); e = opened_.find(e->second.parent))
            if (e->first == root_) return true;
        return false;
    }

    // ---- event by event -----------------------------------------------------------------------------------------------------
    result<void> take(const stored_event& s) {
        const auto& e = s.what;
        if (s.stream == roster_stream) return roster_event_of(e);
        if (!belongs(s.stream)) return {};
        if (e.kind == event_kind::opened) opening_of(s.stream, e);
        else if (e.kind == event_kind::acted) act_of(s.stream, e);
        else if (e.kind == event_kind::moved) move_of(s.stream, e);
        return {};
    }

    result<void> roster_event_of(const event& e) {
        if (e.kind == event_kind::document) {
            auto r = roster_of(e);
            if (!r) return r.error();
            if (!steps_.empty()) return make_error(errc::unsupported, "the roster was given anew while it was open", std::string(wanted_));
            people_ = std::move(r.value());
            return {};
        }
        const auto change = parse_roster_event(e.text);
        if (!change) return change.error();
        if (steps_.empty()) {
            if (!people_) return {};
            const auto done = people_->apply(change.value());
            return done ? result<void>{} : result<void>(done.error());
        }
        auto document = json_text::parse(e.text, "roster event");
        if (!document) return document.error();
        auto plain = document.value();
        std::erase_if(plain.members, [](const json_text::member& m) { return m.key == "at"; });
        steps_.push_back({root_, change.value().at, "\"roster\": " + compact_json(plain), {}});
        return {};
    }

    void opening_of(const std::string& id, const event& e) {
        json_out out;
        out.object();
        if (id != root_) out.field("name", id).field("process", e.detail);
        out.field("by", e.by);
        if (!e.subject.empty()) out.field("subject", e.subject);
        if (!e.text.empty()) out.field("title", e.text);
        if (!e.names.empty()) out.strings("teams", e.names);
        if (id != root_ && !e.parent.empty()) out.field("parent", e.parent == root_ ? std::string("main") : e.parent);
        if (id != root_ && !e.about.empty()) out.field("about", e.about);
        if (id == root_) out.field("at", to_string(e.at));
        steps_.push_back({id, e.at, std::move(out.end()).str(), {}});
        process_[id] = e.detail;
    }

    /// What nobody asked for comes by itself again: ballots on entry, what a child's outcome does, links of the family.
    [[nodiscard]] bool by_itself(const event& e) const {
        if (e.why != cause::command) return true;
        if (e.done == act::link && opened_.contains(e.subject)) return true;
        return e.by.empty() && row_of(e.done).of != act_class::record;
    }

    void act_of(const std::string& id, const event& e) {
        if (by_itself(e)) return;
        command c{.what = e.done, .by = e.by, .on_behalf_of = e.on_behalf_of, .subject = e.subject, .detail = e.detail, .text = e.text};
        c.names = e.done == act::break_tie ? std::vector<std::string>{} : e.names;
        c.amount = e.done == act::extend ? std::nullopt : e.number;
        c.truth = e.flag;
        const auto* p = rules_->find(process_[id]);
        const bool  ballot = e.done == act::cast || e.done == act::withdraw_ballot;
        if (ballot && p != nullptr && p->electorate.by != counted_by::person) c.on_behalf_of.clear();  // the seat's, whoever casts it
        auto document = json_text::parse(to_json(c), "command");
        std::string members;
        for (const auto& m : document.value().members)
            if (m.key != "at") members += (members.empty() ? "" : ", ") + json_member(m);
        steps_.push_back({id, e.at, std::move(members), {}});
    }
    static std::string json_member(const json_text::member& m) {
        std::string s;
        json_text::append_string(s, m.key);
        return s + ": " + compact_json(m.value);
    }

    void move_of(const std::string& id, const event& e) {
        const bool passes = steps_.back().at < e.at;
        if (passes || steps_.back().about != id) steps_.push_back({id, e.at, {}, {}});
        steps_.back().stage = e.subject;
    }

    // ---- the file ---------------------------------------------------------------------------------------------------------------
    std::string written() {
        const auto  quoted = [](std::string_view s) {
            std::string out;
            json_text::append_string(out, s);
            return out;
        };
        const auto& rules = documents_[charter_];
        auto out = "// Recorded: " + std::string(wanted_) + ". What was done, and which stages came of it.\n{\n  \"title\": " +
                   quoted(title_.empty() ? "recorded: " + std::string(wanted_) : title_) + ",\n  \"cites\": " + quoted("journal, " + std::string(wanted_)) +
                   ",\n  \"process\": " + quoted(process_[root_]) + ",\n";
        if (!rules.names.empty()) {
            out += "  \"parameters\": {";
            for (std::size_t i = 0; i < rules.names.size(); ++i) {
                const auto equals = rules.names[i].find('=');
                out += (i == 0 ? " " : ", ") + quoted(rules.names[i].substr(0, equals)) + ": " +
                       quoted(equals == std::string::npos ? std::string() : rules.names[i].substr(equals + 1));
            }
            out += " },\n";
        }
        out += "  \"given\": " + steps_.front().deed + ",\n  \"steps\": [\n";
        if (!steps_.front().stage.empty()) out += "    { \"expect\": { \"stage\": " + quoted(steps_.front().stage) + " } },\n";
        instant now = steps_.front().at;
        for (auto s = steps_.begin() + 1; s != steps_.end(); ++s) {
            std::string line;
            const auto  add = [&line](const std::string& member) { line += (line.empty() ? "" : ", ") + member; };
            if (s->at > now) add("\"at\": " + quoted(to_string(s->at)));
            now = std::max(now, s->at);
            const bool opens = s->deed.starts_with('{');
            if (!opens && s->about != root_) add("\"proposal\": " + quoted(s->about));
            if (!s->deed.empty()) add(opens ? "\"open\": " + s->deed : s->deed);
            if (!s->stage.empty()) add("\"expect\": { \"stage\": " + quoted(s->stage) + " }");
            if (!line.empty()) out += "    { " + line + " },\n";
        }
        return out + "  ],\n  \"roster\": " + to_json(people_ ? *people_ : roster()) + ",\n  \"charter\": " + rules.text + "\n}\n";
    }

    journal&                                      from_;
    std::string_view                              wanted_;
    std::string                                   title_;
    std::vector<stored_event>                     events_{};
    std::map<std::string, event>                  documents_{};  ///< charters by hash
    std::map<std::string, event, std::less<>>     opened_{};     ///< by id
    std::map<std::string, std::string>            process_{};
    std::string                                   root_{}, charter_{};
    std::optional<charter>                        rules_{};
    std::optional<roster>                         people_{};
    std::vector<recorded_step>                    steps_{};
};

}  // namespace

result<std::string> scenario_from(journal& recorded, std::string_view proposal_id, std::string title) {
    return recorder(recorded, proposal_id, std::move(title))();
}

}  // namespace quorate
