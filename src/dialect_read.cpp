// Reading a comment in a dialect. Problems are worded in one place, `comment_reader::wrong`.
#include <algorithm>
#include <map>

#include <quorate/dialect.hpp>

#include "dialect_text.hpp"
#include "json.hpp"

namespace quorate {
namespace {

using json_text::in_quotes;
using namespace dialect_text;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool is_word_character(char c) {
    return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') || c == '_' || (static_cast<unsigned char>(c) & 0x80U) != 0;
}

/// What follows the first `mark` in it, or all of it: "T-lang", "lang" and even "xT-lang" are "lang" to the bot.
std::string_view behind(std::string_view s, std::string_view mark) {
    const auto found = s.find(mark);
    return trimmed(found == std::string_view::npos ? s : s.substr(found + mark.size()));
}

/// The teams of a roster as people address them in comments, in the order of their labels.
class addressed_teams {
public:
    explicit addressed_teams(const roster& people) : people_(people) {
        for (const auto t : people.teams()) {
            const auto& info = people.info(t);
            if (!info.archived && (!info.label.empty() || !info.ping.empty())) list_.push_back(t);
        }
        std::sort(list_.begin(), list_.end(), [&](team_id a, team_id b) { return sign(a) < sign(b); });
        for (std::size_t i = 0; i < list_.size(); ++i) {
            const auto& info = people.info(list_[i]);
            if (!info.label.empty()) labels_.emplace(behind(info.label, "T-"), i);
            if (!info.ping.empty()) pings_.emplace(info.ping, i);
        }
    }
    /// The first team with that label, with or without "T-", or with that ping, with or without "@".
    [[nodiscard]] std::optional<team_id> find(std::string_view word) const {
        const auto label = labels_.find(behind(word, "T-"));
        const auto ping = pings_.find(behind(word, "@"));
        const auto none = list_.size();
        const auto first = std::min(label == labels_.end() ? none : label->second, ping == pings_.end() ? none : ping->second);
        return first == none ? std::nullopt : std::optional(list_[first]);
    }
    /// Names in the roster, in the order of labels, each once.
    [[nodiscard]] std::vector<std::string> names(std::vector<team_id> teams) const {
        std::sort(teams.begin(), teams.end(), [&](team_id a, team_id b) { return sign(a) < sign(b); });
        teams.erase(std::unique(teams.begin(), teams.end()), teams.end());
        std::vector<std::string> all;
        for (const auto t : teams) all.emplace_back(people_.name(t));
        return all;
    }
    /// The team words that one may write, for a way out.
    [[nodiscard]] std::string known() const {
        constexpr std::size_t most = 8;
        std::string           s;
        for (std::size_t i = 0; i < list_.size() && i < most; ++i) s += (i == 0 ? "" : ", ") + std::string(sign(list_[i]));
        return list_.empty() ? "the roster gives no team a label or a ping" : "teams are " + s + (list_.size() > most ? ", ..." : "");
    }

private:
    [[nodiscard]] std::string_view sign(team_id t) const {
        const auto& info = people_.info(t);
        return info.label.empty() ? info.ping : info.label;
    }
    const roster&                           people_;
    std::vector<team_id>                    list_;
    std::map<std::string_view, std::size_t> labels_, pings_;  ///< which of the list; of equal ones the first
};

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
        if (text.size() > longest_comment)
            wrong("the comment is longer than " + std::to_string(longest_comment) + " bytes", "say it in a shorter one");
        else if (!valid_utf8(text))
            wrong("the comment is not UTF-8", "send it as UTF-8");
        else if (d_.where == addressing::line_start)
            lines(text);
        else
            anywhere(text);
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

    // ---- what is asked ----------------------------------------------------------------------------------------------------------
    /// `first`: the line begins with the mention, so that it must be answered; in the middle of a line it may be talk.
    void invocation(std::string_view said, bool first) {
        auto       word = token(said);
        const bool prefixed = std::find(d_.prefixes.begin(), d_.prefixes.end(), word) != d_.prefixes.end() && !word.empty();
        if (prefixed) {
            said = trimmed_left(said.substr(word.size()));
            word = token(said);
        }
        if (const auto v = verb_in(said, prefixed); v.row != nullptr) return ask(*v.row, v.rest);
        if (!first) return;
        if (word.empty()) return wrong(prefixed ? "no verb follows" : "nothing is asked", "the verbs are " + verbs());
        const auto hint = json_text::did_you_mean(lowered(word), first_forms());
        wrong(in_quotes(shortened(word, longest_name)) + " is no command of " + std::string(d_.name),
              hint.empty() ? "the verbs are " + verbs() : std::string(hint));
    }

    /// The first word as the dialect's bot takes words apart: punctuation ends one where it may be addressed anywhere.
    [[nodiscard]] std::string_view token(std::string_view s) const {
        const auto word = first_word(s);
        return d_.where == addressing::line_start ? word : word.substr(0, word.find_first_of(".,:!?;()"));
    }

    [[nodiscard]] found_verb verb_in(std::string_view said, bool prefixed) const {
        for (const auto& v : d_.verbs)
            for (auto forms = v.forms; !forms.empty();) {
                const auto form = forms.substr(0, forms.find('|'));
                forms.remove_prefix(std::min(form.size() + 1, forms.size()));
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

    void ask(const dialect_verb& v, std::string_view rest) {
        asked a;
        a.what = v.opens.empty() ? asked::kind::command : asked::kind::opening;
        a.command = {.what = v.asks, .by = c_.by, .subject = std::string(v.subject), .at = c_.at};
        a.open = {.process = std::string(v.opens), .by = c_.by, .at = c_.at};
        bool fine = true;
        switch (v.rest) {
            case after_verb::anything: break;
            case after_verb::name: a.command.subject = trimmed(rest); break;
            case after_verb::title: fine = title(a, v, trimmed(rest)); break;
            case after_verb::teams: fine = team_list(a, trimmed(rest)); break;
            case after_verb::teams_and_text: teams_and_text(a, trimmed(rest)); break;
            case after_verb::person: fine = person_named(a, first_word(trimmed_left(rest))); break;
            case after_verb::team_and_end: fine = team_and_end(a, v, rest); break;
        }
        if (!fine) return;
        if (a.what == asked::kind::command) a.open = {};
        else a.command = {};
        add(std::move(a));
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
    [[nodiscard]] std::string verbs() const {
        std::string s;
        for (const auto form : first_forms()) s += (s.empty() ? "" : ", ") + std::string(form);
        return s;
    }
    [[nodiscard]] std::vector<std::string_view> first_forms() const {
        std::vector<std::string_view> all;
        for (const auto& v : d_.verbs) all.push_back(v.forms.substr(0, v.forms.find('|')));
        return all;
    }
    static std::string lowered(std::string_view word) {
        std::string s(word);
        std::transform(s.begin(), s.end(), s.begin(), lower);
        return s;
    }

    void wrong(std::string what, std::string way_out, peer_answer peer = peer_answer::silent) {
        asked a;
        a.why = {.by = refused_by::input, .what = std::move(what), .which = std::string(d_.cites), .needed = std::move(way_out)};
        a.peer = peer;
        add(std::move(a));
    }
    void add(asked a) {
        if (full()) return;
        if (out_.size() + 1 == most_asked) {  // the last place says that there is no more
            a = {};
            a.why = {.by = refused_by::input,
                     .what = "the comment asks for more than " + std::to_string(most_asked - 1) + " things; from here on it isn't read",
                     .needed = "say the rest in another comment"};
        }
        a.line = line_;
        a.text = shortened(written_, longest_subject);
        out_.push_back(std::move(a));
    }
    [[nodiscard]] bool full() const { return out_.size() >= most_asked; }

    const dialect&     d_;
    const comment&     c_;
    const roster&      people_;
    addressed_teams    teams_;
    std::vector<asked> out_;
    std::uint32_t      line_ = 0;
    std::string_view   written_;  ///< the line
};

}  // namespace

bool asked::same_as(const asked& other) const {
    return what == other.what && command == other.command && open.process == other.open.process && open.title == other.open.title &&
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
