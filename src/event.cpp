#include <quorate/event.hpp>

#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "event_json.hpp"
#include "json.hpp"

namespace quorate {
namespace {

/// The law of an event that doesn't say. Never to change, whatever `law_version` becomes.
constexpr std::int16_t first_law = 1;
/// An event that holds a document, escaped, and some room.
constexpr std::size_t largest_event = 8 * json_text::largest_document;

template <class Value, std::size_t Size>
std::optional<Value> named(const std::array<std::string_view, Size>& names, std::string_view name) noexcept {
    for (std::size_t i = 0; i < Size; ++i)
        if (names[i] == name) return static_cast<Value>(i);
    return std::nullopt;
}

/// An act of `acted` is always said, of other kinds only when it isn't the first of the table.
constexpr bool says_act(event_kind kind, act done) { return kind == event_kind::acted || done != act::cast; }

// ---- writing --------------------------------------------------------------------------------------------------------
void put_origin(canonical::object_writer& out, const event& e) {
    if (says_act(e.kind, e.done)) out.text("do", to_string(e.done));
    if (e.why != cause::command) out.text("why", to_string(e.why));
    if (e.law != first_law) out.integer("law", e.law);
}

void put_content(canonical::object_writer& out, const event& e) {
    out.some("for", e.on_behalf_of);
    out.some("subject", e.subject);
    out.some("detail", e.detail);
    out.list("names", e.names);
    out.list("weights", e.weights);
    out.list("delegates", e.delegates);
    out.list("stakes", e.stakes);
    if (e.number) out.integer("number", *e.number);
    if (e.flag) out.flag("flag", *e.flag);
    out.some("charter", e.charter);
    out.some("parent", e.parent);
    out.some("about", e.about);
}

// ---- reading the canonical form -------------------------------------------------------------------------------------
/// A name without escapes, as all of quorate's own are: no copy is made.
std::string_view take_word(canonical::scanner& in) {
    if (!in.must("\"")) return {};
    const auto word = in.rest().substr(0, canonical::plain_length(in.rest()));
    return in.must(word) && in.must("\"") ? word : std::string_view();
}

void take_origin(canonical::scanner& in, canonical::object_scanner& object, event& e) {
    e.done = act::cast;
    e.why = cause::command;
    e.law = first_law;
    if (object.has("do")) {
        const auto done = act_named(take_word(in));
        if (!done || !says_act(e.kind, *done)) return void(in.fail());
        e.done = *done;
    } else if (e.kind == event_kind::acted) return void(in.fail());
    if (object.has("why")) {
        const auto why = named<cause>(cause_names, take_word(in));
        if (!why || *why == cause::command) return void(in.fail());
        e.why = *why;
    }
    if (object.has("law")) {
        std::int64_t law = 0;
        const bool   fits = in.integer(law) && law >= std::numeric_limits<std::int16_t>::min() &&
                          law <= std::numeric_limits<std::int16_t>::max() && law != first_law;
        if (!fits) return void(in.fail());
        e.law = static_cast<std::int16_t>(law);
    }
}

void take_names(canonical::scanner& in, std::vector<std::string>& names) {
    std::size_t count = 0;
    in.must("[");
    do {
        if (count == names.size()) names.emplace_back();
        if (!in.string(names[count++])) return;
    } while (in.take(","));
    in.must("]");
    names.resize(count);
}

void take_content(canonical::scanner& in, canonical::object_scanner& object, event& e) {
    object.some("for", e.on_behalf_of);
    object.some("subject", e.subject);
    object.some("detail", e.detail);
    const auto list = [&](std::string_view key, std::vector<std::string>& names) {
        if (object.has(key)) take_names(in, names);
        else names.clear();
    };
    list("names", e.names);
    list("weights", e.weights);
    list("delegates", e.delegates);
    list("stakes", e.stakes);
    e.number.reset();
    e.flag.reset();
    if (object.has("number")) in.integer(e.number.emplace());
    if (object.has("flag")) in.flag(e.flag.emplace());
    object.some("charter", e.charter);
    object.some("parent", e.parent);
    object.some("about", e.about);
}

// ---- reading what people wrote --------------------------------------------------------------------------------------
class event_reader {
public:
    event_reader(const json_text::node& root, std::string name) : root_(root), read_(root, std::move(name)) {}

    result<event> read() {
        if (!read_.expect(root_, json_text::kind::object)) return read_.why();
        read_.known_keys(root_,
            {"kind", "do", "why", "law", "at", "noted", "by", "for", "subject", "detail", "names", "weights", "delegates", "stakes", "number",
                                 "flag", "charter", "parent", "about", "text"});
        origin();
        times();
        const std::pair<std::string_view, std::string&> texts[] = {
            {"by", e_.by},           {"for", e_.on_behalf_of}, {"subject", e_.subject}, {"detail", e_.detail},
            {"charter", e_.charter}, {"parent", e_.parent},    {"about", e_.about},     {"text", e_.text}};
        for (const auto& [key, out] : texts) out = read_.text(root_, key).value_or("");
        const std::pair<std::string_view, std::vector<std::string>&> lists[] = {
            {"names", e_.names}, {"weights", e_.weights}, {"delegates", e_.delegates}, {"stakes", e_.stakes}};
        for (const auto& [key, out] : lists)
            for (const auto each : read_.texts(root_, key)) out.emplace_back(each);
        e_.number = read_.integer(root_, "number");
        e_.flag = read_.flag(root_, "flag");
        if (!read_.ok()) return read_.why();
        return std::move(e_);
    }

private:
    void origin() {
        (void)read_.required_text(root_, "kind");
        const auto kind = read_.word(root_, "kind", {event_kind_names.begin(), event_kind_names.end()});
        if (kind) e_.kind = named<event_kind>(event_kind_names, *kind).value_or(event_kind::acted);
        std::vector<std::string_view> act_names;
        for (const auto& row : acts) act_names.push_back(row.name);
        const auto done = read_.word(root_, "do", act_names);
        if (done) e_.done = act_named(*done).value_or(act::cast);
        if (kind && e_.kind == event_kind::acted) (void)read_.required(root_, "do");
        const auto why = read_.word(root_, "why", {cause_names.begin(), cause_names.end()});
        if (why) e_.why = named<cause>(cause_names, *why).value_or(cause::command);
        using limits = std::numeric_limits<std::int16_t>;
        e_.law = static_cast<std::int16_t>(read_.integer(root_, "law", limits::min(),
            limits::max()).value_or(first_law));
    }
    void times() {
        (void)read_.required(root_, "at");
        e_.at = read_.moment(root_, "at").value_or(instant{});
        e_.noted = read_.moment(root_, "noted").value_or(e_.at);
        if (e_.noted < e_.at) read_.wrong(*root_.find("noted"), "is before the event happened");
    }

    const json_text::node& root_;
    json_text::reader      read_;
    event                  e_;
};

}  // namespace

std::optional<event_kind> event_kind_named(std::string_view name) noexcept {
    return named<event_kind>(event_kind_names, name);
}

void put_payload(std::string& out, const event& e) {
    canonical::object_writer object{out};
    put_origin(object, e);
    put_content(object, e);
    object.close();
}

bool take_payload(event& e, std::string_view payload) {
    canonical::scanner        in{payload};
    canonical::object_scanner object{in};
    take_origin(in, object, e);
    take_content(in, object, e);
    object.close();
    return in.ok() && in.rest().empty();
}

std::string payload_of(const event& e) {
    std::string out;
    out.reserve(128);
    put_payload(out, e);
    return out;
}

result<void> read_payload(event& e, std::string_view payload) {
    if (take_payload(e, payload)) return {};
    return make_error(errc::damaged, "not the payload of an event (" + std::string(to_string(e.kind)) + "): " +
                                         json_text::in_quotes(payload));
}

void put_event(std::string& out, const event& e) {
    canonical::object_writer object{out};
    object.text("kind", to_string(e.kind));
    put_origin(object, e);
    object.moment("at", e.at);
    if (e.noted != e.at) object.moment("noted", e.noted);
    object.some("by", e.by);
    put_content(object, e);
    object.some("text", e.text);
    object.close();
}

void take_event(canonical::scanner& in, event& e) {
    std::string               scratch;
    canonical::object_scanner object{in};
    object.needs("kind");
    const auto kind = event_kind_named(take_word(in));
    if (!kind) return void(in.fail());
    e.kind = *kind;
    take_origin(in, object, e);
    if (object.needs("at")) in.moment(e.at, scratch);
    e.noted = e.at;
    if (object.has("noted") && in.moment(e.noted, scratch) && e.noted <= e.at) in.fail();
    object.some("by", e.by);
    take_content(in, object, e);
    object.some("text", e.text);
    object.close();
}

std::string to_json(const event& e) {
    std::string out;
    out.reserve(192 + e.text.size());
    put_event(out, e);
    return out;
}

result<event> parse_event(std::string_view json, std::string_view name) {
    // What was exported is read at once, with a text of any length; all else is read with an eye for what is wrong.
    canonical::scanner in{json};
    event              e;
    take_event(in, e);
    if (in.ok() && in.rest().empty()) return e;
    const auto document = json_text::parse(json, name, largest_event);
    if (!document) return document.error();
    return event_reader(document.value(), std::string(name)).read();
}

std::string unstorable(const event& e) {
    const bool known = static_cast<std::size_t>(e.kind) < event_kind_names.size() &&
                       static_cast<std::size_t>(e.done) < acts.size() &&
                       static_cast<std::size_t>(e.why) < cause_names.size();
    if (!known) return "its kind, act or cause is none that quorate knows";
    if (!in_range(e.at) || !in_range(e.noted) || e.noted < e.at) return "its instants are out of range or out of order";
    for (const auto* s : {&e.by, &e.on_behalf_of, &e.subject, &e.detail, &e.text, &e.charter, &e.parent, &e.about})
        if (!canonical::storable(*s)) return "a string is not UTF-8, or has a zero byte";
    for (const auto* list : {&e.names, &e.weights, &e.delegates, &e.stakes})
        for (const auto& s : *list)
            if (!canonical::storable(s)) return "a name is not UTF-8, or has a zero byte";
    return {};
}

}  // namespace quorate
