// What happened to a decision, in words.
#include <algorithm>

#include "describe.hpp"
#include "page_parts.hpp"
#include "xml_text.hpp"

namespace bot {
namespace {

using quorate::act;
using quorate::cause;
using quorate::event;
using quorate::event_kind;
using quorate::xml;

class telling {
public:
    telling(const visit& v, const exhibit& x) : v_(v), p_(*x.p) {}

    /// As HTML; empty for what is of no use to people, and what tells of a proposal that isn't on show.
    [[nodiscard]] std::string operator()(const event& e) const {
        switch (e.kind) {
            case event_kind::opened:
                return by(e) + " opens it" +
                       (e.names.empty()       ? ""
                        : e.names.size() == 1 ? ", for team "
                                              : ", for teams ") +
                       joined(e.names);
            case event_kind::acted: return deed(e);
            case event_kind::moved:
                return "It comes to <strong>" + xml(stage_words(*p_.by, e.subject)) + "</strong>" + reason(e) +
                       (e.names.empty() ? "" : ": " + joined(e.names));
            case event_kind::electorate: return electorate(e);
            case event_kind::condition: return condition(e);
            case event_kind::refused:
                return !v_.look(e.detail) ? std::string()
                                          : "What the outcome of another proposal was to do here, " + in_code(to_string(e.done)) +
                                                ", can't be done";
            case event_kind::elected: return "Counted again: " + joined(e.names);
            default: return {};
        }
    }
    /// Free text that goes with it.
    [[nodiscard]] static std::string text(const event& e) {
        return e.text.empty() || e.kind == event_kind::opened ? "" : "<blockquote><bdi>" + lines(e.text) + "</bdi></blockquote>";
    }

private:
    /// Line breaks stay: the block shows them.
    static std::string lines(std::string_view s) {
        std::string out;
        while (!s.empty()) {
            const auto one = s.substr(0, s.find('\n'));
            s.remove_prefix(std::min(one.size() + 1, s.size()));
            out += (out.empty() ? "" : "\n") + xml(one);
        }
        return out;
    }
    [[nodiscard]] std::string by(const event& e) const {
        if (e.by.empty()) return e.why == cause::rule ? "By the rules, it" : "The bot";
        return somebody_of_id(v_, e.by);
    }
    static std::string joined(const std::vector<std::string>& all) {
        std::string s;
        for (const auto& one : all) s += (s.empty() ? "" : ", ") + said(one);
        return s;
    }
    [[nodiscard]] std::string people(const std::vector<std::string>& ids) const {
        std::string s;
        const auto  shown = std::min(ids.size(), most_people_named);
        for (std::size_t i = 0; i < shown; ++i) {
            const auto sign = ids[i].find('=');  // of a seat
            s += (s.empty() ? "" : ", ") + somebody_of_id(v_, sign == std::string::npos ? ids[i] : ids[i].substr(sign + 1));
        }
        return s + (ids.size() > shown ? " and " + std::to_string(ids.size() - shown) + " more" : "");
    }
    [[nodiscard]] std::string reason(const event& e) const {
        switch (e.why) {
            case cause::time: return ", as its time has come";
            case cause::rule: return ", by its rules";
            case cause::link: return ", by the outcome of another proposal";
            default: return {};
        }
    }
    [[nodiscard]] std::string electorate(const event& e) const {
        if (e.names.empty()) return "There is no electorate now";
        return "Those who decide are listed: " + people(e.names);
    }
    [[nodiscard]] std::string condition(const event& e) const {
        if (e.number.value_or(0) < 0)
            return e.flag.value_or(false) ? "The clock of the stage runs" : "The clock of the stage stands still";
        return e.flag.value_or(false) ? "A condition that must last begins to hold" : "A condition that must last holds no more";
    }
    [[nodiscard]] std::string ballot(const event& e) const {
        const auto whose = e.on_behalf_of.empty() ? std::string() : " for " + somebody_of_id(v_, e.on_behalf_of);
        if (e.subject.empty() && e.names.empty()) return by(e) + " casts a ballot" + whose;
        const auto at = p_.by->position_named(e.subject);
        const auto title = at && !p_.by->positions[*at].title.empty() ? std::string_view(p_.by->positions[*at].title)
                                                                      : std::string_view(e.subject);
        return by(e) + (e.why == cause::rule ? " is given a ballot by the rules" : " casts a ballot") + whose + ": <strong>" +
               xml(title) + "</strong>" + (e.names.empty() ? "" : (title.empty() ? "" : " ") + joined(e.names)) +
               (e.detail.empty() ? "" : " (" + xml(e.detail) + ")");
    }
    [[nodiscard]] std::string fact(const event& e) const {
        auto s = by(e) + " reports <strong>" + said(e.subject) + "</strong>";
        if (e.flag) s += *e.flag ? ": true" : ": false";
        if (e.number) s += ": " + std::to_string(*e.number);
        return s;
    }
    [[nodiscard]] std::string deed(const event& e) const {
        if (e.done == act::cast) return ballot(e);
        if (e.done == act::fact) return fact(e);
        if (e.done == act::link) {
            const auto other = v_.look(e.subject);
            return other ? "Another proposal, " + link(address_of(*other->p), said(name_of(*other->p))) + ": " + xml(e.detail)
                         : std::string();
        }
        auto s = by(e) + " " + std::string(quorate::prose::doing(e.done));
        if (!e.on_behalf_of.empty()) s += " for " + somebody_of_id(v_, e.on_behalf_of);
        const bool person = e.done == act::delegate;
        if (!e.subject.empty()) s += ": <strong>" + (person ? somebody_of_id(v_, e.subject) : said(e.subject)) + "</strong>";
        if (!e.detail.empty()) s += " (" + said(e.detail) + ")";
        if (!e.names.empty()) s += (e.subject.empty() ? ": " : ", ") + (e.done == act::appoint ? people(e.names) : joined(e.names));
        return s;
    }

    const visit&             v_;
    const quorate::proposal& p_;
};

}  // namespace

std::optional<std::string> timeline(const visit& v, const exhibit& x) {
    auto history = v.engine.history(x.p->id, quorate::viewer::anyone());
    if (!history) throw quorate::failure(history.error());
    const telling            tell(v, x);
    std::vector<std::string> items;
    for (auto e = history.value().rbegin(); e != history.value().rend(); ++e) {
        if (e->kind == event_kind::acted && e->by.empty() && e->done != act::link && (v.tells_of_hidden(e->text) || v.tells_of_hidden(e->subject)))
            e->subject.clear(), e->text.clear();  // an outcome did it of what isn't on show
        const auto words = tell(*e);
        if (words.empty()) continue;
        items.push_back("<li" +
                        std::string(e->kind == event_kind::moved || e->kind == event_kind::opened ? " class=\"move\"" : "") +
                        ">" + moment(v, e->at) + words + "." + telling::text(*e) + "</li>\n");
    }
    const auto part = part_of(v, items.size(), events_on_page);
    if (!part) return std::nullopt;
    std::string s = "<ol class=\"timeline\" reversed>\n";
    for (auto i = part->first; i < part->second; ++i) s += items[i];
    return s + "</ol>\n" + turning(v, items.size(), events_on_page);
}

}  // namespace bot
