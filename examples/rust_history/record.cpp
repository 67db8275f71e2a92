#include "record.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <boost/json.hpp>

#include <quorate/time.hpp>

namespace rust_history {
namespace {

namespace json = boost::json;

constexpr std::size_t largest_file = 64U << 20;

std::string text(const json::object& o, std::string_view key) {
    const auto* v = o.if_contains(key);
    return v != nullptr && v->is_string() ? std::string(v->as_string()) : std::string();
}

std::vector<std::string> texts(const json::object& o, std::string_view key) {
    std::vector<std::string> list;
    const auto*              v = o.if_contains(key);
    if (v != nullptr && v->is_array())
        for (const auto& e : v->as_array())
            if (e.is_string()) list.emplace_back(e.as_string());
    return list;
}

template <class Each>
void objects(const json::object& o, std::string_view key, Each each) {
    const auto* v = o.if_contains(key);
    if (v != nullptr && v->is_array())
        for (const auto& e : v->as_array())
            if (e.is_object()) each(e.as_object());
}

std::vector<recorded_concern> concerns(const json::object& o) {
    std::vector<recorded_concern> list;
    objects(o, "concerns", [&](const json::object& c) {
        const auto state = text(c, "state");
        recorded_concern made{text(c, "name"), text(c, "by"), text(c, "raised"), text(c, "resolved"), state == "active"};
        if (state == "resolved" && made.resolved.empty()) made.resolved = "?";
        list.push_back(std::move(made));
    });
    return list;
}

std::string number_text(const json::object& o, std::string_view key) {
    const auto* v = o.if_contains(key);
    return v != nullptr && v->is_number() ? json::serialize(*v) : std::string();
}

bool is_date(const std::string& s) { return quorate::parse_instant(s).has_value(); }

/// The days of the steps that decide, out of what the bot and people wrote.
void derive_dates(record& r) {
    const auto note = [](std::string& slot, const entry& e) {
        if (slot.empty() && is_date(e.date)) slot = e.date;
    };
    for (const auto& e : r.events) {
        const bool bot = e.who == "rust-rfcbot";
        if (bot && e.what.starts_with("proposal posted")) note(r.proposed, e);
        if (e.what.starts_with("enters FCP")) note(r.entered, e);
        if ((bot && e.what.starts_with("complete")) || e.what.starts_with("FCP completed")) note(r.completed, e);
        if (e.what.find("cancel") != std::string::npos && (bot || e.what.find("rfcbot") != std::string::npos)) note(r.cancelled, e);
    }
    if (r.proposed.empty())
        for (const auto& e : r.events)
            if (!r.proposals.empty() && e.who == r.proposals[0].by && e.what.find("rfcbot") != std::string::npos) note(r.proposed, e);
    if (!r.proposals.empty()) r.proposals[0].date = r.proposed;
}

record thread(const json::object& o) {
    record r;
    r.from = source::thread;
    r.team = text(o, "team");
    if (const auto by = text(o, "proposer"); !by.empty()) r.proposals.push_back({"", by, ""});
    const auto* events = o.if_contains("events");
    if (events != nullptr && events->is_array())
        for (const auto& e : events->as_array()) {
            if (!e.is_array() || e.as_array().size() != 3) continue;
            const auto& a = e.as_array();
            const auto  s = [&](std::size_t i) { return a[i].is_string() ? std::string(a[i].as_string()) : std::string(); };
            r.events.push_back({s(0), s(1), s(2)});
        }
    if (const auto* list = o.if_contains("checklist_stored"); list != nullptr && list->is_object()) {
        const auto& c = list->as_object();
        r.approved = texts(c, "approved");
        r.outstanding = texts(c, "outstanding");
        const auto* out = c.if_contains("outstanding");
        r.checklist_whole = out != nullptr && out->is_array() && c.contains("approved");
    }
    r.concerns = concerns(o);
    derive_dates(r);
    return r;
}

record weekly(const json::object& o) {
    record r;
    r.from = source::weekly;
    objects(o, "tracking_comments", [&](const json::object& t) {
        r.proposals.push_back({number_text(t, "tracking_comment_id"), text(t, "proposer"), text(t, "first_seen")});
    });
    objects(o, "snapshots", [&](const json::object& s) {
        r.snapshots.push_back({text(s, "date"), number_text(s, "tracking_comment_id"),
                               text(s, "listed_as").find("pending") != std::string::npos, texts(s, "approved"),
                               texts(s, "outstanding"), concerns(s)});
    });
    if (const auto window = texts(o, "inferred_fcp_entry_window"); window.size() == 2) r.entry_window = {window[0], window[1]};
    return r;
}

record pending_list(const json::object& o) {
    record r;
    r.from = source::pending_list;
    objects(o, "snapshots", [&](const json::object& s) {
        r.snapshots.push_back({text(s, "date"), "", true, {}, texts(s, "outstanding"), {}});
    });
    return r;
}

}  // namespace

std::vector<record> records_of(const json::object& document) {
    std::vector<record> records;
    for (const auto& [key, value] : document) {
        record (*reader)(const json::object&) = nullptr;
        if (key.starts_with("threads")) reader = thread;
        if (key.starts_with("weekly_snapshots")) reader = weekly;
        if (key.starts_with("pending_lists")) reader = pending_list;
        if (reader == nullptr || !value.is_array()) continue;
        for (const auto& e : value.as_array()) {
            if (!e.is_object()) continue;
            const auto& o = e.as_object();
            auto        r = reader(o);
            r.id = text(o, "id");
            r.title = text(o, "title");
            r.disposition = text(o, "disposition");
            r.result = text(o, "result");
            r.missing = texts(o, "missing");
            records.push_back(std::move(r));
        }
    }
    return records;
}

std::vector<record> read_records(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error(path + ": can't be opened");
    std::stringstream buffer;
    buffer << file.rdbuf();
    if (buffer.view().size() > largest_file) throw std::runtime_error(path + ": larger than 64 MiB");
    boost::system::error_code wrong;
    const auto                document = json::parse(buffer.view(), wrong);
    if (wrong || !document.is_object()) throw std::runtime_error(path + ": is no JSON object");

    auto records = records_of(document.as_object());
    if (records.empty()) throw std::runtime_error(path + ": has neither threads, weekly snapshots nor pending lists");
    return records;
}

}  // namespace rust_history
