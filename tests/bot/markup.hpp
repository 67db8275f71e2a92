// Strict readers for tests: HTML as pages write it, XML and iCalendar. What isn't as it should be is a problem with its place; nothing is mended.
#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace markup {

enum class kind { html, xml };

struct element {
    std::string                                      name{};
    std::vector<std::pair<std::string, std::string>> attributes{};
    std::string                                      text{};  ///< of it alone, without what is inside its elements

    [[nodiscard]] std::string attribute(std::string_view key) const {
        for (const auto& [k, v] : attributes)
            if (k == key) return v;
        return {};
    }
};

struct tree {
    std::vector<element> all{};   ///< in the order in which they begin
    std::string
        text{};  ///< what a reader reads: spaces between elements, each run of white space as one, but line breaks in blockquotes kept
    std::string          problem{};

    [[nodiscard]] std::size_t count(std::string_view name) const {
        return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [&](const element& e) { return e.name == name; }));
    }
};

class parser {
public:
    parser(std::string_view s, kind k) : s_(s), kind_(k) {}

    tree operator()() {
        const std::string_view front = kind_ == kind::html ? "<!doctype html>\n" : "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n";
        if (s_.starts_with(front)) at_ = front.size();
        else fail("no right beginning");
        while (at_ < s_.size() && out_.problem.empty()) s_[at_] == '<' ? tag() : words();
        if (!open_.empty()) fail("not closed: " + out_.all[open_.back()].name);
        return std::move(out_);
    }

private:
    void fail(const std::string& what) {
        if (out_.problem.empty()) out_.problem = what + " at byte " + std::to_string(at_) + ": " + std::string(s_.substr(at_, 60));
    }
    [[nodiscard]] bool is_void(const std::string& name) const {
        static const std::set<std::string> voids{"meta", "link", "img", "br", "input"};
        return kind_ == kind::html && voids.contains(name);
    }
    [[nodiscard]] static bool is_inline(const std::string& name) {
        return name == "a" || name == "bdi" || name == "code" || name == "span" || name == "strong";
    }
    std::string name() {
        std::string n;
        while (at_ < s_.size() && (std::isalnum(static_cast<unsigned char>(s_[at_])) != 0 || s_[at_] == '-' || s_[at_] == ':'))
            n += s_[at_++];
        if (n.empty()) fail("no name");
        return n;
    }
    void space() {
        while (at_ < s_.size() && (s_[at_] == ' ' || s_[at_] == '\n')) ++at_;
    }
    std::string decoded(std::string_view raw) {
        static const std::map<std::string_view, char> entities{{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}};
        std::string out;
        for (std::size_t i = 0; i < raw.size(); ++i) {
            const auto c = static_cast<unsigned char>(raw[i]);
            if (c < 0x20 && c != '\n') fail("a control character");
            if (raw.substr(i, 3) >= "\xEF\xBF\xBE" && raw.substr(i, 3) <= "\xEF\xBF\xBF") fail("a character that isn't one");
            if (raw[i] != '&') {
                out += raw[i];
                continue;
            }
            const auto end = raw.find(';', i);
            const auto found = end == std::string_view::npos ? entities.end() : entities.find(raw.substr(i + 1, end - i - 1));
            if (found == entities.end()) return fail("an & that begins nothing"), out;
            out += found->second;
            i = end;
        }
        return out;
    }
    void tag() {
        ++at_;
        if (at_ < s_.size() && s_[at_] == '/') {
            ++at_;
            const auto n = name();
            if (open_.empty() || out_.all[open_.back()].name != n) return fail("</" + n + "> closes nothing");
            open_.pop_back();
            if (!is_inline(n)) gap();
            if (at_ >= s_.size() || s_[at_++] != '>') fail("no >");
            return;
        }
        element e{.name = name()};
        if (!is_inline(e.name)) gap();
        bool closed = false;
        for (space(); at_ < s_.size() && s_[at_] != '>' && out_.problem.empty(); space()) {
            if (s_[at_] == '/') {
                ++at_;
                closed = true;
                continue;
            }
            auto key = name();
            std::string value;
            if (at_ < s_.size() && s_[at_] == '=') {
                if (s_.substr(at_, 2) != "=\"") return fail("a value without quotes");
                const auto end = s_.find('"', at_ + 2);
                if (end == std::string_view::npos) return fail("a value without end");
                if (s_.substr(at_ + 2, end - at_ - 2).find('<') != std::string_view::npos) return fail("< in a value");
                value = decoded(s_.substr(at_ + 2, end - at_ - 2));
                at_ = end + 1;
            } else if (kind_ == kind::xml) {
                return fail("an attribute without value");
            }
            if (!e.attribute(key).empty()) return fail("twice: " + key);
            if (key == "id" && !ids_.insert(value).second) return fail("an id twice: " + value);
            e.attributes.emplace_back(std::move(key), std::move(value));
        }
        if (at_ >= s_.size()) return fail("a tag without end");
        ++at_;
        const bool ends = closed || is_void(e.name);
        out_.all.push_back(std::move(e));
        if (!ends) open_.push_back(out_.all.size() - 1);
        if (!open_.empty() && out_.all[open_.back()].name == "style") {  // raw text
            const auto end = s_.find("</style>", at_);
            if (end == std::string_view::npos) return fail("a style without end");
            at_ = end;
        }
    }
    void words() {
        const auto end = std::min(s_.find('<', at_), s_.size());
        if (s_.substr(at_, end - at_).find("]]>") != std::string_view::npos) return fail("]]>");
        const auto text = decoded(s_.substr(at_, end - at_));
        if (open_.empty() && text.find_first_not_of('\n') != std::string::npos) return fail("text outside");
        if (!open_.empty()) out_.all[open_.back()].text += text;
        const bool kept = std::any_of(open_.begin(), open_.end(), [&](std::size_t i) { return out_.all[i].name == "blockquote"; });
        for (const char c : text)
            if (c == ' ' || (c == '\n' && !kept)) gap();
            else out_.text += c;
        at_ = end;
    }
    void gap() {
        if (!out_.text.empty() && out_.text.back() != ' ') out_.text += ' ';
    }

    std::string_view         s_;
    kind                     kind_;
    std::size_t              at_ = 0;
    std::vector<std::size_t> open_;
    std::set<std::string>    ids_;
    tree                     out_;
};

inline tree parse(std::string_view s, kind k) { return parser(s, k)(); }

// ---- iCalendar ------------------------------------------------------------------------------------------------------------------------
struct calendar_file {
    std::vector<std::map<std::string, std::string>> events{};  ///< values as written, by property
    std::string                                     problem{};
};

/// RFC 5545: lines end in CRLF and have at most 75 octets; parts are nested; what must be there is there, once; TEXT is escaped.
inline calendar_file calendar(std::string_view s) {
    calendar_file            out;
    std::vector<std::string> lines, open;
    const auto               fail = [&](const std::string& what) { if (out.problem.empty()) out.problem = what; };
    std::set<std::string>    uids, top;
    std::size_t              components = 0;
    while (!s.empty()) {
        const auto end = s.find("\r\n");
        if (end == std::string_view::npos) return fail("a line without CRLF"), out;
        const auto line = s.substr(0, end);
        s.remove_prefix(end + 2);
        if (line.size() > 75) fail("a line of " + std::to_string(line.size()) + " octets");
        if (line.find_first_of("\r\n") != std::string_view::npos) fail("a bare line break");
        if (line.empty()) fail("an empty line");
        if (line.starts_with(' ')) {
            if (lines.empty()) return fail("begins folded"), out;
            if ((static_cast<unsigned char>(line.size() > 1 ? line[1] : 'x') & 0xC0U) == 0x80U) fail("folded inside a character");
            lines.back() += line.substr(1);
        } else {
            lines.emplace_back(line);
        }
    }
    for (const auto& line : lines) {
        const auto colon = line.find(':');
        if (colon == std::string::npos) return fail("no property: " + line), out;
        const auto key = line.substr(0, colon), value = line.substr(colon + 1);
        if (key == "BEGIN") {
            components += open.size() == 1;
            open.push_back(value);
            if (value == "VEVENT") out.events.emplace_back();
        } else if (key == "END") {
            if (open.empty() || open.back() != value) return fail("END:" + value + " ends nothing"), out;
            open.pop_back();
        } else if (open.empty()) {
            return fail("outside: " + line), out;
        } else if (open.size() == 1) {
            if (!top.insert(key).second) fail("twice: " + key);
        } else if (open.back() == "VEVENT" && !out.events.back().emplace(key, value).second) {
            fail("twice: " + key);
        }
        if (key == "SUMMARY" || key == "DESCRIPTION" || key == "CATEGORIES" || key == "NAME")
            for (std::size_t i = 0; i < value.size(); ++i) {
                if (value[i] == '\\' &&
                    (i + 1 == value.size() || std::string_view("\\;,nN").find(value[i + 1]) == std::string_view::npos))
                    fail("a lone backslash");
                else if (value[i] == '\\') ++i;
                else if (value[i] == ';' || value[i] == ',') fail("not escaped: " + line);
            }
        const auto digits = [&](std::size_t from, std::size_t n) {
            return value.size() >= from + n && value.find_first_not_of("0123456789", from) >= from + n;
        };
        if (open.size() == 2 && open.back() == "VEVENT" && (key == "DTSTART" || key == "DTSTAMP") &&
            !(value.size() == 16 && digits(0, 8) && value[8] == 'T' && digits(9, 6) && value[15] == 'Z'))
            fail("no time: " + line);
    }
    if (!open.empty()) fail("not ended: " + open.back());
    if (lines.empty() || lines.front() != "BEGIN:VCALENDAR" || lines.back() != "END:VCALENDAR" || !top.contains("VERSION") || !top.contains("PRODID")) fail("no calendar");
    if (components == 0) fail("a calendar without a component");
    for (auto& e : out.events) {
        for (const auto* must : {"UID", "DTSTAMP", "DTSTART"})
            if (!e.contains(must)) fail(std::string("without ") + must);
        if (!uids.insert(e["UID"]).second) fail("a UID twice");
    }
    return out;
}

}  // namespace markup
