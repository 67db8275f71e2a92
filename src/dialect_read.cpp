// Reading a comment in a dialect. Problems are worded in one place, `comment_reader::wrong`.
#include <algorithm>
#include <map>

#include <quorate/dialect.hpp>

#include "dialect_forms.hpp"
#include "dialect_teams.hpp"
#include "dialect_text.hpp"
#include "json.hpp"

namespace quorate {
namespace {

using dialect_teams::addressed_teams;
using json_text::in_quotes;
using namespace dialect_forms;
using namespace dialect_text;

/// A verb that was found, and what stands behind it in the line.
struct found_verb {
    const dialect_verb* row = nullptr;
    std::string_view    rest{};
};

class comment_reader {
public:
    comment_reader(const dialect& d, const comment& c, const roster& people) : d_(d), c_(c), people_(people), teams_(people) {}

    std::vector<asked> operator()(std::string_view text) {
        out_.clear();
        choices_.clear();
        if (text.size() > longest_comment)
            wrong("the comment is longer than " + std::to_string(longest_comment) + " bytes", "say it in a shorter one");
        else if (!valid_utf8(text))
            wrong("the comment is not UTF-8", "send it as UTF-8");
        else if (d_.where == addressing::line_start)
            lines(text);
        else if (d_.where == addressing::slash)
            slashes(text);
        else
            anywhere(text);
        heed();
        return std::move(out_);
    }

private:
    // ---- where the bot is addressed -------------------------------------------------------------------------------------------
    void lines(std::string_view text) {
        while (!text.empty() && !full()) {
            ++line_;
            written_ = trimmed(take_line(text));
            const auto named = [&](std::string_view m) { return written_.starts_with(m); };
            if (std::none_of(d_.mentions.begin(), d_.mentions.end(), named)) continue;
            auto rest = written_;
            for (const auto m : d_.mentions)
                while (rest.starts_with(m)) rest.remove_prefix(m.size());
            rest = trimmed(rest);
            while (rest.starts_with(':')) rest.remove_prefix(1);
            invocation(trimmed(rest), true);
        }
    }

    void anywhere(std::string_view text) {
        const auto apart = set_apart(text);
        const auto whole = text;
        while (!text.empty() && !full()) {
            ++line_;
            const auto start = whole.size() - text.size();
            const auto line = take_line(text);
            written_ = trimmed(line);
            for (auto at = line.find('@'); at != std::string_view::npos && !full(); at = line.find('@', at + 1)) {
                const auto n = mention_length(line.substr(at));
                if (n == 0 || overlaps(apart, start + at, start + at + n)) continue;
                invocation(trimmed_left(line.substr(at + n)), trimmed(line.substr(0, at)).empty());
            }
        }
    }
    [[nodiscard]] std::size_t mention_length(std::string_view s) const {
        for (const auto m : d_.mentions) {
            const bool same = s.size() >= m.size() && std::equal(m.begin(), m.end(), s.begin(), [](char a, char b) { return a == lower(b); });
            const auto rest = same ? s.substr(m.size()) : std::string_view();
            if (same && (rest.empty() || space_length(rest) > 0 || !is_word_character(rest[0]))) return m.size();
        }
        return 0;
    }

    /// Commands are the lines that begin with a slash. What looks like one and is none gets an answer; a path or a fraction is talk.
    void slashes(std::string_view text) {
        while (!text.empty() && !full()) {
            ++line_;
            const auto following = text;
            const auto line = take_line(text);
            written_ = trimmed(line);
            if (!written_.starts_with('/')) continue;
            const auto written = first_word(written_);
            const bool known = !usages(d_, written.substr(1)).empty();
            if (!line.starts_with('/')) {
                if (known) wrong(in_quotes(shortened(written, longest_name)) + " isn't at the beginning of its line", "leave no space before the \"/\"");
                continue;
            }
            bool taken = false;
            for (const auto& reader : d_.readers)
                for (const auto& v : reader.verbs)
                    if (const auto rest = behind_slash(v, line.substr(1), following.substr(1))) {
                        ask(reader, v, *rest);
                        taken = true;
                        break;
                    }
            if (taken) continue;
            if (known) wrong(in_quotes(shortened(written_, longest_name)) + " is no command of " + std::string(d_.name), "write " + usages(d_, written.substr(1)));
            else if (plain_word(written.substr(1))) no_such_verb(written.substr(1));
        }
    }
    /// What follows the verb if the row is to be taken. `following` goes on behind the line.
    [[nodiscard]] std::optional<std::string_view> behind_slash(const dialect_verb& v, std::string_view line, std::string_view following) const {
        for (auto forms = v.forms; !forms.empty();) {
            const auto form = take_form(forms);
            if (line.size() < form.size() || !same(d_, line.substr(0, form.size()), form)) continue;
            const auto rest = line.substr(form.size());
            const bool ends = rest.empty() || is_ascii_space(rest[0]);
            const auto said = trimmed(rest);
            switch (v.rest) {
                case after_verb::profile:
                    if (profile_in(rest)) return rest;
                    break;
                case after_verb::just:
                    if (ends && same(d_, said, v.with)) return rest;
                    break;
                case after_verb::first_word_is:
                    if (ends && same(d_, first_word(trimmed_left(following.substr(form.size()))), v.with)) return rest;
                    break;
                case after_verb::containing:
                    if (ends && folded(d_, said).find(v.with) != std::string::npos) return rest;
                    break;
                default:
                    if (ends) return rest;
            }
        }
        return std::nullopt;
    }
    /// The letters and digits behind a verb and a "-" that may be there, if nothing else is.
    static std::optional<std::string_view> profile_in(std::string_view rest) {
        if (rest.starts_with('-')) rest.remove_prefix(1);
        const auto n = static_cast<std::size_t>(std::find_if_not(rest.begin(), rest.end(), is_letter_or_digit) - rest.begin());
        return trimmed(rest.substr(n)).empty() ? std::optional(rest.substr(0, n)) : std::nullopt;
    }
    // ---- what is asked ----------------------------------------------------------------------------------------------------------
    /// `first`: the line begins with the mention, so that it must be answered; in the middle of a line it may be talk.
    void invocation(std::string_view said, bool first) {
        auto       word = token(said);
        const bool prefixed = std::find(d_.prefixes.begin(), d_.prefixes.end(), word) != d_.prefixes.end() && !word.empty();
        if (prefixed) {
            said = trimmed_left(said.substr(word.size()));
            word = token(said);
        }
        bool taken = false;
        for (const auto& reader : d_.readers)
            if (const auto v = verb_in(reader, said, prefixed); v.row != nullptr) {
                ask(reader, *v.row, v.rest);
                taken = true;
            }
        if (taken || !first) return;
        if (word.empty()) return wrong(prefixed ? "no verb follows" : "nothing is asked", "the verbs are " + verbs(d_));
        no_such_verb(word);
    }
    void no_such_verb(std::string_view word) {
        auto hint = json_text::did_you_mean(lowered(word), first_forms(d_));
        if (hint.empty()) hint = json_text::did_you_mean(lowered(word), all_forms(d_));
        wrong(in_quotes(shortened(word, longest_name)) + " is no command of " + std::string(d_.name),
              hint.empty() ? "the verbs are " + verbs(d_) : std::string(hint));
    }

    /// The first word as the dialect's bot takes words apart: punctuation ends one where it may be addressed anywhere.
    [[nodiscard]] std::string_view token(std::string_view s) const {
        const auto word = first_word(s);
        return d_.where == addressing::line_start ? word : word.substr(0, word.find_first_of(".,:!?;()"));
    }

    [[nodiscard]] found_verb verb_in(const dialect_reader& reader, std::string_view said, bool prefixed) const {
        for (const auto& v : reader.verbs)
            for (auto forms = v.forms; !forms.empty();) {
                const auto form = take_form(forms);
                if (const auto rest = behind_form(said, form); rest && !(prefixed && v.bare)) return {&v, *rest};
            }
        return {};
    }
    [[nodiscard]] std::optional<std::string_view> behind_form(std::string_view said, std::string_view form) const {
        while (!form.empty()) {
            const auto wanted = form.substr(0, form.find(' '));
            form.remove_prefix(std::min(wanted.size() + 1, form.size()));
            if (token(said) != wanted) return std::nullopt;
            said.remove_prefix(wanted.size());
            if (!form.empty()) said = trimmed_left(said);
        }
        return said;
    }

    void ask(const dialect_reader& reader, const dialect_verb& v, std::string_view rest) {
        asked a;
        a.what = v.is == wish::status ? asked::kind::status : v.opens.empty() ? asked::kind::command : asked::kind::opening;
        a.everybodys = v.is == wish::everybodys;
        a.command = {.what = v.asks, .by = c_.by, .subject = std::string(v.subject), .at = c_.at};
        a.open = {.process = std::string(v.opens), .by = c_.by, .at = c_.at};
        bool fine = true;
        switch (v.rest) {
            case after_verb::anything:
            case after_verb::just:
            case after_verb::first_word_is:
            case after_verb::containing: break;
            case after_verb::profile:
                if (const auto which = profile_in(rest); which && !which->empty()) a.open.process += '_' + std::string(*which);
                break;
            case after_verb::name: a.command.subject = trimmed(rest); break;
            case after_verb::title: fine = title(a, v, trimmed(rest)); break;
            case after_verb::teams: fine = team_list(a, trimmed(rest)); break;
            case after_verb::teams_and_text: teams_and_text(a, trimmed(rest)); break;
            case after_verb::person: fine = person_named(a, first_word(trimmed_left(rest))); break;
            case after_verb::team_and_end: fine = team_and_end(a, v, rest); break;
        }
        if (!fine) return;
        if (a.what != asked::kind::opening) a.open = {};
        if (a.what != asked::kind::command) a.command = {};
        if (add(std::move(a)) && reader.which != heeds::all) choices_.push_back({out_.size() - 1, &reader, &v});
    }

    /// Of what was asked of a reader that heeds one thing, the others become problems.
    void heed() {
        for (const auto& reader : d_.readers) {
            const choice* best = nullptr;
            for (const auto& c : choices_)
                if (c.reader == &reader && (best == nullptr || (reader.which == heeds::uppermost && c.row < best->row))) best = &c;
            for (const auto& c : choices_) {
                if (c.reader != &reader || &c == best) continue;
                auto& a = out_[c.item];
                a = {.why = {.by = refused_by::input,
                             .what = "not looked at: of such commands " + std::string(d_.name) + " takes one of a comment, here that of line " +
                                     std::to_string(out_[best->item].line),
                             .which = std::string(d_.cites), .needed = "say it in a comment of its own"},
                     .peer = peer_answer::silent, .line = a.line, .text = std::move(a.text)};
            }
        }
    }

    bool title(asked& a, const dialect_verb& v, std::string_view rest) {
        a.command.subject = rest;
        if (!rest.empty()) return true;
        wrong("missing required title", "write " + in_quotes(std::string(v.forms.substr(0, v.forms.find('|'))) + " TITLE"),
              peer_answer::reported);
        return false;
    }

    bool team_list(asked& a, std::string_view rest) {
        std::vector<team_id> found;
        while (!rest.empty()) {
            const auto word = rest.substr(0, rest.find(','));
            rest.remove_prefix(std::min(word.size() + 1, rest.size()));
            if (word.empty()) continue;
            const auto t = teams_.find(word);
            if (!t) {
                unknown_team(word);
                return false;
            }
            if (found.empty() || found.back() != *t) found.push_back(*t);
        }
        a.command.names = teams_.names(std::move(found));
        return true;
    }
    void unknown_team(std::string_view word) {
        const auto inside = trimmed(word);
        const bool spaced = first_word(inside).size() != inside.size() && teams_.find(first_word(inside));
        wrong("Provided team `" + std::string(shortened(word, longest_subject)) + "` is invalid",
              spaced ? "put commas between teams" : teams_.known(), peer_answer::reported);
    }

    void teams_and_text(asked& a, std::string_view rest) {
        std::vector<team_id> found;
        for (auto word = first_word(rest); !word.empty(); word = first_word(rest)) {
            const auto t = teams_.find(word);
            if (!t) break;
            if (std::find(found.begin(), found.end(), *t) == found.end()) found.push_back(*t);
            rest = trimmed_left(rest.substr(word.size()));
        }
        a.open.teams = teams_.names(std::move(found));
        a.open.title = rest;
    }

    bool person_named(asked& a, std::string_view word) {
        if (word.empty()) {
            wrong("nobody is named", "write \"f? @name\"");
            return false;
        }
        if ((static_cast<unsigned char>(word[0]) & 0x80U) != 0) {
            wrong("a name that begins with " + in_quotes(word.substr(0, json_length(word))) + " can't be read: its first character is taken for \"@\"",
                  "write " + in_quotes("f? @" + std::string(shortened(word, longest_name))), peer_answer::crashed);
            return false;
        }
        a.open.about = word.substr(1);
        return true;
    }
    static std::size_t json_length(std::string_view s) {
        std::size_t n = 1;
        while (n < s.size() && (static_cast<unsigned char>(s[n]) & 0xC0U) == 0x80U) ++n;
        return n;
    }

    bool team_and_end(asked& a, const dialect_verb& v, std::string_view rest) {
        rest = trimmed_left(rest);
        const auto word = token(rest);
        rest = trimmed_left(rest.substr(word.size()));
        if (!rest.empty() && rest[0] != '.') {
            wrong("expected end of command, found " + in_quotes(shortened(rest, longest_name)),
                  "write " + in_quotes(std::string(v.forms) + " [TEAM]") + " and nothing else", peer_answer::reported);
            return false;
        }
        if (word.empty()) return true;
        auto t = teams_.find(word);
        if (!t) t = people_.team_named(word);
        if (!t) {
            wrong("there is no team " + in_quotes(shortened(word, longest_name)), teams_.known(), peer_answer::reported);
            return false;
        }
        a.command.what = act::propose;
        a.command.names = {std::string(people_.name(*t))};
        return true;
    }

    // ---- answers ------------------------------------------------------------------------------------------------------------------
    void wrong(std::string what, std::string way_out, peer_answer peer = peer_answer::silent) {
        asked a;
        a.why = {.by = refused_by::input, .what = std::move(what), .which = std::string(d_.cites), .needed = std::move(way_out)};
        a.peer = peer;
        add(std::move(a));
    }
    /// Whether it was added as it is.
    bool add(asked a) {
        if (full()) return false;
        const bool last = out_.size() + 1 == most_asked;
        if (last) {  // the last place says that there is no more
            a = {};
            a.why = {.by = refused_by::input,
                     .what = "the comment asks for more than " + std::to_string(most_asked - 1) + " things; from here on it isn't read",
                     .needed = "say the rest in another comment"};
        }
        a.line = line_;
        a.text = shortened(written_, longest_subject);
        out_.push_back(std::move(a));
        return !last;
    }
    [[nodiscard]] bool full() const { return out_.size() >= most_asked; }

    const dialect&     d_;
    const comment&     c_;
    const roster&      people_;
    addressed_teams    teams_;
    std::vector<asked> out_;
    struct choice {
        std::size_t           item = 0;  ///< of `out_`
        const dialect_reader* reader = nullptr;
        const dialect_verb*   row = nullptr;
    };
    std::vector<choice> choices_;  ///< what readers were asked that heed one thing
    std::uint32_t      line_ = 0;
    std::string_view   written_;  ///< the line
};

}  // namespace

bool asked::same_as(const asked& other) const {
    return what == other.what && command == other.command && everybodys == other.everybodys && open.process == other.open.process && open.title == other.open.title &&
           open.teams == other.open.teams && open.about == other.open.about && why == other.why;
}

std::vector<asked> read_comment(const dialect& d, const comment& c, const roster& people) {
    auto now = comment_reader(d, c, people)(c.text);
    if (!c.before) return now;
    const auto then = comment_reader(d, c, people)(*c.before);
    std::erase_if(now, [&](const asked& a) {
        return std::any_of(then.begin(), then.end(), [&](const asked& b) { return a.same_as(b); });
    });
    if (d.edits == on_edit::what_is_new) return now;
    for (auto& a : now) {
        asked once;
        once.why = {.by = refused_by::input, .what = std::string(d.name) + " reads a comment once, not when it is edited",
                    .which = std::string(d.cites), .needed = "write a new comment"};
        once.peer = peer_answer::silent;
        once.line = a.line;
        once.text = std::move(a.text);
        a = std::move(once);
    }
    return now;
}

}  // namespace quorate
