#include <quorate/command.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "canonical.hpp"
#include "command_check.hpp"
#include "json.hpp"

namespace quorate {
namespace {

/// Where a subject is written that the act doesn't take: so that no two commands share their bytes, and none such is
/// read.
constexpr std::string_view stray_subject = "subject";
/// Escapes make a character six at most; the rest of a command is its keys.
constexpr std::size_t largest_command =
    6 * (longest_free_text + longest_subject * (most_names + 5)) + most_names * 4 + 4'096;

constexpr std::string_view subject_field(const act_row& row) {
    return row.subject.empty() ? stray_subject : row.subject;
}
constexpr bool takes_names(act a) { return a == act::propose || a == act::assign || a == act::link || a == act::appoint || a == act::cast; }
constexpr std::string_view names_field(act a) {
    return a == act::propose || a == act::assign ? "teams" : a == act::appoint ? "people" : a == act::cast ? "marks" : "names";
}
constexpr bool takes_measure(act a) { return a == act::fact; }
/// Time passes by itself, and what is recorded may come from the host; all else somebody asks for.
constexpr bool needs_actor(act a) {
    const auto of = row_of(a).of;
    return of != act_class::clock && of != act_class::record && of != act_class::conclude;
}
constexpr bool is_answer_detail(std::string_view s) { return s.empty() || s == "answered" || s == "deferred"; }

std::string over_limit(std::size_t limit) { return "is longer than " + std::to_string(limit) + " bytes"; }

/// What keeps a name from being shown in one line, or "".
std::string unfit_name(std::string_view s, std::size_t longest) {
    if (s.size() > longest) return over_limit(longest);
    const auto plain = canonical::plain_length(s);
    if (plain == s.size()) return {};  // most names
    if (!canonical::storable(s)) return "is not UTF-8";
    for (std::size_t i = plain; i < s.size(); ++i) {
        const auto byte = static_cast<unsigned char>(s[i]);
        if (byte < 0x20 || byte == 0x7F) return "contains a control character";
        // U+202A..U+202E and U+2066..U+2069 change the order in which text is shown.
        const auto next = s.substr(i, 3);
        const bool turns = (next >= "\xE2\x80\xAA" && next <= "\xE2\x80\xAE") ||
                           (next >= "\xE2\x81\xA6" && next <= "\xE2\x81\xA9");
        if (turns) return "contains a bidirectional override";
    }
    return {};
}

std::string unfit_text(std::string_view s) {
    if (s.size() > longest_free_text) return over_limit(longest_free_text);
    return canonical::storable(s) ? std::string() : "is not UTF-8";
}

std::string unfit_duration(std::string_view s) {
    return parse_duration(s) ? std::string() : R"(is no duration; write "10 days" or "P10D")";
}

std::string the(std::string_view field, const std::string& complaint) {
    return complaint.empty() ? std::string() : "the " + std::string(field) + " " + complaint;
}

// ---- reading --------------------------------------------------------------------------------------------------------
class command_reader {
public:
    command_reader(const json_text::node& root, std::string name) : root_(root), read_(root, std::move(name)) {}

    result<command> read() {
        if (!read_.expect(root_, json_text::kind::object)) return read_.why();
        const auto name = read_.required_text(root_, "do");
        const auto what = act_named(name);
        if (!what) {
            if (!name.empty()) unknown_act(name);
            return read_.why();
        }
        c_.what = *what;
        const act_row& row = row_of(*what);
        allow_fields(row);
        name_field("by", c_.by, needs_actor(row.what));
        name_field("for", c_.on_behalf_of, false);
        subject(row);
        detail(row.what);
        names();
        c_.amount = read_.integer(root_, "amount");
        c_.truth = read_.flag(root_, "holds");
        text();
        const auto at = read_.moment(root_, "at");
        if (at) c_.at = *at;
        else if (root_.find("at") == nullptr) (void)read_.required(root_, "at");
        name_field("key", c_.key, false);
        if (!read_.ok()) return read_.why(read_.problems().size() == too_long_ ? errc::limit : errc::invalid);
        return std::move(c_);
    }

private:
    void unknown_act(std::string_view name) {
        std::vector<std::string_view> known;
        for (const auto& row : acts) known.push_back(row.name);
        read_.wrong(*root_.find("do"), json_text::in_quotes(name) + " is no act", json_text::did_you_mean(name, known));
    }
    void allow_fields(const act_row& row) {
        std::vector<std::string_view> known{"do", "by", "for"};
        if (!row.subject.empty()) known.push_back(row.subject);
        known.push_back(detail_field(row.what));
        if (takes_names(row.what)) known.push_back(names_field(row.what));
        if (takes_measure(row.what)) known.insert(known.end(), {"amount", "holds"});
        known.insert(known.end(), {"text", "at", "key"});
        read_.known_keys(root_, known);
    }
    void complain(const json_text::node& at, const std::string& complaint) {
        if (complaint.empty()) return;
        if (complaint.starts_with("is longer")) ++too_long_;
        read_.wrong(at, complaint);
    }
    /// A string of at most `longest_subject` bytes without anything that can't be shown.
    void name_field(std::string_view key, std::string& out, bool needed) {
        if (needed) (void)read_.required_text(root_, key);
        else (void)read_.text(root_, key);
        const auto* at = root_.find(key);
        if (at == nullptr || !at->is_string()) return;
        if (!needed && at->text.empty()) complain(*at, "is empty; leave it out instead");
        complain(*at, unfit_name(at->text, longest_subject));
        out = at->text;
    }
    void subject(const act_row& row) {
        if (row.subject.empty()) return;
        const bool in_parts = row.what == act::cast && root_.find(names_field(row.what)) != nullptr;
        name_field(row.subject, c_.subject, row.needs_subject && !in_parts);
        if (row.what == act::extend && !c_.subject.empty())
            complain(*root_.find(row.subject), unfit_duration(c_.subject));
    }
    void detail(act a) {
        const auto field = detail_field(a);
        name_field(field, c_.detail, false);
        if (a == act::answer && !is_answer_detail(c_.detail))
            complain(*root_.find(field), R"(must be "answered" or "deferred")");
    }
    void names() {
        const auto* list = read_.array(root_, names_field(c_.what));
        if (list == nullptr) return;
        if (list->elements.size() > most_names)
            return complain(*list, "is longer than " + std::to_string(most_names) + " names");
        for (const auto& name : list->elements) {
            if (!read_.expect(name, json_text::kind::string)) continue;
            complain(name, name.text.empty() ? "must not be empty" : unfit_name(name.text, longest_subject));
            c_.names.push_back(name.text);
        }
    }
    void text() {
        (void)read_.text(root_, "text");
        const auto* at = root_.find("text");
        if (at == nullptr || !at->is_string()) return;
        complain(*at, unfit_text(at->text));
        c_.text = at->text;
    }

    const json_text::node& root_;
    json_text::reader      read_;
    command                c_;
    std::size_t            too_long_ = 0;  ///< problems that are limits
};

}  // namespace

std::string_view detail_field(act a) noexcept {
    if (a == act::revise || a == act::add_option || a == act::amend_option) return "kind";
    if (a == act::answer) return "as";
    return a == act::link ? "outcome" : "detail";
}

std::string misshapen(const command& c) {
    if (static_cast<std::size_t>(c.what) >= acts.size()) return "the act is none that quorate knows";
    const act_row& row = row_of(c.what);
    const auto     field = subject_field(row);
    if (needs_actor(c.what) && c.by.empty()) return "the actor is missing";
    const bool in_parts = c.what == act::cast && !c.names.empty();
    if (row.needs_subject && c.subject.empty() && !in_parts) return "the " + std::string(field) + " is missing";
    if (row.subject.empty() && !c.subject.empty()) return std::string(row.name) + " takes no subject";
    if (!takes_names(c.what) && !c.names.empty()) return std::string(row.name) + " takes no names";
    if (!takes_measure(c.what) && (c.amount || c.truth)) return std::string(row.name) + " takes no amount or truth";
    if (!in_range(c.at)) return "the instant is out of range";
    if (c.names.size() > most_names) return "there are more than " + std::to_string(most_names) + " names";
    for (const auto& name : c.names)
        if (auto wrong = name.empty() && c.what != act::link ? "is empty" : unfit_name(name, longest_subject); !wrong.empty())
            return the("name", wrong);
    const auto plain = [](const std::string& s) { return s.size() <= longest_subject && canonical::plain_length(s) == s.size(); };
    if (!plain(c.by) || !plain(c.on_behalf_of) || !plain(c.subject) || !plain(c.detail) || !plain(c.key)) {  // few are not
        const std::pair<std::string_view, const std::string*> fields[] = {
            {"actor", &c.by}, {"person acted for", &c.on_behalf_of}, {field, &c.subject}, {detail_field(c.what), &c.detail}, {"key", &c.key}};
        for (const auto& [name, value] : fields)
            if (auto wrong = unfit_name(*value, longest_subject); !wrong.empty()) return the(name, wrong);
    }
    if (c.what == act::extend)
        if (auto wrong = unfit_duration(c.subject); !wrong.empty()) return the(field, wrong);
    if (c.what == act::answer && !is_answer_detail(c.detail)) return R"(an answer is "answered" or "deferred")";
    return c.text.empty() ? std::string() : the("text", unfit_text(c.text));
}

std::string to_json(const command& c) {
    const act_row& row = row_of(c.what);
    std::string    json;
    json.reserve(160 + c.text.size());
    canonical::object_writer out{json};
    out.text("do", row.name);
    out.some("by", c.by);
    out.some("for", c.on_behalf_of);
    out.some(subject_field(row), c.subject);
    out.some(detail_field(c.what), c.detail);
    out.list(names_field(c.what), c.names);
    if (c.amount) out.integer("amount", *c.amount);
    if (c.truth) out.flag("holds", *c.truth);
    out.some("text", c.text);
    out.moment("at", c.at);
    out.some("key", c.key);
    out.close();
    return json;
}

result<command> parse_command(std::string_view json, std::string_view name) {
    const auto document = json_text::parse(json, name, largest_command);
    if (!document) return document.error();
    return command_reader(document.value(), std::string(name)).read();
}

}  // namespace quorate
