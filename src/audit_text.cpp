// Audits as text and JSON.
#include <algorithm>
#include <array>

#include <quorate/audit.hpp>

#include "audit_view.hpp"
#include "json_out.hpp"

namespace quorate {
namespace {

std::string wrapped(const std::string& text, const std::string& indent, std::size_t width = 110) {
    std::string out, line;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find(' ', at), text.size());
        const auto word = text.substr(at, end - at);
        if (!line.empty() && indent.size() + line.size() + 1 + word.size() > width) {
            out += line + '\n' + indent;
            line.clear();
        }
        line += (line.empty() ? "" : " ") + word;
        at = end + 1;
    }
    return out + line;
}

std::string padded(std::string s, std::size_t n) {
    if (s.size() < n) s.append(n - s.size(), ' ');
    return s;
}

std::string counted(const audit_report& r) {
    std::string s;
    for (const auto a : {audit_answer::pass, audit_answer::warn, audit_answer::fail, audit_answer::not_judged})
        s += (s.empty() ? "" : ", ") + std::to_string(r.count(a)) + ' ' + std::string(to_string(a));
    return s;
}

constexpr std::array parts{audit_part::requirement, audit_part::failure_mode, audit_part::neglected_work};

}  // namespace

std::string to_text(const audit_report& r) {
    std::string out = r.charter.title() + (r.roster.empty() ? "" : ", with the roster " + r.roster) + "\n" + counted(r) + "\n";
    for (std::size_t i = 0; i < parts.size(); ++i) {
        out += '\n' + std::string(heading_of(parts[i])) + '\n';
        for (const auto a : {audit_answer::fail, audit_answer::warn, audit_answer::not_judged, audit_answer::pass})
            for (const auto& f : r.findings) {
                if (f.asked->part != parts[i] || f.is != a) continue;
                out += "  " + padded(std::string(to_string(a)), 10) + "  " + std::string(f.asked->name) + "  [" + std::string(to_string(f.by)) + "]\n";
                for (const auto& e : f.evidence) out += "              - " + wrapped(e, "                ") + '\n';
                if (!f.change.empty()) out += "              > " + wrapped(f.change, "                ") + '\n';
            }
    }
    out += "\nWhat no program can tell\n";
    for (const auto& f : r.findings)
        if (!f.asked->beyond.empty() && f.asked->part != audit_part::neglected_work) out += "  " + padded(std::string(f.asked->name), 36) + std::string(f.asked->beyond) + '\n';
    return out + "  " + padded("work that is neglected", 36) + "whether it is done well\n";
}

std::string to_text(std::span<const audit_report> all) {
    std::size_t first = 0;
    for (const auto& q : audit_questions()) first = std::max(first, q.name.size());
    std::string out = padded("", first + 4);
    std::vector<std::size_t> widths;
    for (const auto& r : all) {
        widths.push_back(std::max<std::size_t>(r.charter.title().size(), 10) + 2);
        out += padded(r.charter.title(), widths.back());
    }
    out += '\n';
    auto part = audit_part::neglected_work;
    for (std::size_t q = 0; q < audit_questions().size(); ++q) {
        const auto& asked = audit_questions()[q];
        if (q == 0 || asked.part != part) out += std::string(heading_of(asked.part)) + '\n';
        part = asked.part;
        out += "  " + padded(std::string(asked.name), first + 2);
        for (std::size_t i = 0; i < all.size(); ++i) out += padded(std::string(to_string(all[i].findings[q].is)), widths[i]);
        out += '\n';
    }
    for (auto at = out.find(" \n"); at != std::string::npos; at = out.find(" \n")) out.erase(out.find_last_not_of(' ', at) + 1, at - out.find_last_not_of(' ', at));
    return out;
}

std::string to_json(const audit_report& r) {
    json_text::json_out out;
    out.object().field("charter", r.charter.title()).field("hash", r.charter.hash()).field("roster", r.roster).key("findings").array();
    for (const auto& f : r.findings) {
        out.object().field("asked", f.asked->name).field("part", to_string(f.asked->part)).field("is", to_string(f.is)).field("by", to_string(f.by));
        out.strings("evidence", f.evidence).field("change", f.change).field("beyond", f.asked->beyond).end();
    }
    return std::move(out.end().end()).str();
}

}  // namespace quorate
