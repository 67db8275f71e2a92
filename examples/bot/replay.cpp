#include "replay.hpp"

#include "delivery.hpp"
#include "desk.hpp"
#include "json.hpp"
#include "json_out.hpp"
#include "paper.hpp"
#include "roster_file.hpp"
#include "service.hpp"
#include "settings.hpp"
#include "speech.hpp"
#include "worker.hpp"

namespace bot {
namespace {

using quorate::errc;
using quorate::make_error;

constexpr std::size_t largest_recording = std::size_t{16} << 20U;  ///< bytes

std::string headline(const delivery& d) {
    auto line = quorate::to_string(d.at) + "  " + d.sender.login + " ";
    if (d.event == "issue_comment" && d.action == "created") line += "says " + as_code(d.text);
    else if (d.event == "issue_comment") line += d.action + " a comment" + (d.action == "edited" ? " to say " + as_code(d.text) : "");
    else if (d.event == "pull_request_review") line += d.action + " a review: " + d.state;
    else line += d.action + ": " + d.event;
    return line + " (" + d.subject() + ")";
}

class player {
public:
    player(const settings& s, const std::function<void(const std::string&)>& print)
        : settings_(s), print_(print), forge_(s.bot_id, [this](const std::string& text) { print_(text); }) {}

    result<void> operator()(const std::string& lines, const std::string& name) {
        auto charter = load_charters(settings_);
        if (!charter) return charter.error();
        auto people = read_roster_file(settings_.roster);
        if (!people) return people.error();
        const std::shared_ptr<quorate::journal> store = quorate::memory_journal();
        auto made = quorate::engine::make(charter.value(), people.value(), std::make_unique<shared_journal>(store));
        if (!made) return made.error();
        metrics counts;
        worker  at_work(made.value(), *store, settings_, forge_, counts);
        engine_ = &made.value();
        store_ = store.get();
        worker_ = &at_work;
        std::size_t number = 0;
        for (std::size_t at = 0; at < lines.size();) {
            const auto end = std::min(lines.find('\n', at), lines.size());
            const auto line = std::string_view(lines).substr(at, end - at);
            at = end + 1;
            ++number;
            if (line.empty() || line.starts_with("//")) continue;
            if (auto done = take(line, name + ":" + std::to_string(number)); !done) return done;
        }
        labels();
        return {};
    }

private:
    result<void> take(std::string_view line, const std::string& name) {
        const auto d = parse_delivery(line, name);
        if (!d) return d.error();
        if (d.value().at < now_) return make_error(errc::invalid, "is dated before the line before it", name);
        pass(d.value().at);
        now_ = d.value().at;
        if (d.value().event == "reactions") {
            const auto id = desk(*engine_, *store_, settings_).current(*settings_.find(d.value().repository), d.value().subject());
            auto&      m = forge_.matters[d.value().subject()];
            const auto* box = m.marked(status_marker(id));
            if (box == nullptr) return make_error(errc::invalid, "reacts to a comment that isn't there", name);
            m.reactions[box->id] = d.value().reactions;
            print_("\n" + quorate::to_string(now_) + "  reactions are now:" + said(d.value()) + "\n");
        } else if (d.value().event == "time") {
            print_("\n" + quorate::to_string(now_) + "  time passes\n");
        } else {
            print_("\n" + headline(d.value()) + "\n");
            const auto kept = store_->append({.streams = {}, .effects = {{.at = now_, .kind = std::string(delivery_effect), .payload = to_json(d.value())}}, .answers = {}});
            if (!kept) return kept.error();
        }
        (void)worker_->round(now_);
        return {};
    }
    /// What is due in between happens when it is due.
    void pass(instant until) {
        for (auto next = engine_->next_change(); next && *next < until; next = engine_->next_change()) {
            print_("\n" + quorate::to_string(*next) + "  it is time\n");
            now_ = *next;
            (void)worker_->round(*next);
            if (engine_->next_change() == next) return;
        }
    }
    static std::string said(const delivery& d) {
        std::string s;
        for (const auto& r : d.reactions) s += " " + r.by.login + " " + r.content;
        return s.empty() ? " none" : s;
    }
    void labels() const {
        print_("\nAt the end\n");
        for (const auto& [subject, m] : forge_.matters) {
            std::string line = "  " + subject + (m.closed ? " (closed)" : "") + ": " + std::to_string(m.comments.size()) + " comments by the bot; labels";
            for (const auto& l : m.labels) line += " " + l;
            print_(line + "\n");
            for (const auto& [name, state] : m.checks) print_("    check \"" + name + "\": " + state + "\n");
        }
    }

    const settings&                                settings_;
    const std::function<void(const std::string&)>& print_;
    paper_forge                                    forge_;
    quorate::engine*                               engine_ = nullptr;
    quorate::journal*                              store_ = nullptr;
    worker*                                        worker_ = nullptr;
    instant                                        now_{};
};

}  // namespace

result<void> replay(const std::string& folder, const std::function<void(const std::string&)>& print) {
    const auto s = read_settings_file(folder + "/bot.json");
    if (!s) return s.error();
    const auto lines = quorate::json_text::read_file(folder + "/deliveries.jsonl", largest_recording);
    if (!lines) return lines.error();
    try {
        return player(s.value(), print)(lines.value(), folder + "/deliveries.jsonl");
    } catch (const quorate::failure& e) {
        return e.why();
    }
}

}  // namespace bot
