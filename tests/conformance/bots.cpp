// Sorts cases of approval_bots.json to the families that can put them.
#include "bots.hpp"

#include <fmt/format.h>

namespace conformance {
namespace {

struct not_put {
    std::string_view family;
    std::string_view why;
};
constexpr not_put known_not_put[]{
    {"history.order", "the order of commits is the host's to find in its repository; nothing is decided"},
    {"owners.minimal_dirs", "which folders lie in others is the host's to find in its repository; nothing is decided"},
    {"owners.resolve", "which file of owners is nearest is the host's to find in its repository; nothing is decided"},
};

const bot_family* family_of(std::string_view name) {
    for (const auto* families : {&counting_families(), &combining_families(), &label_families(), &owner_families(), &approver_families()})
        for (const auto& f : *families)
            if (f.name == name) return &f;
    return nullptr;
}
std::string why_not(std::string_view name) {
    for (const auto& k : known_not_put)
        if (k.family == name) return fmt::format("{}: {}", name, k.why);
    return fmt::format("{}: no adapter puts this family", name);
}

case_result run_case(std::string id, const json::value& c) {
    const auto  family_name = text_of(c, "family");
    const auto* f = family_of(family_name);
    if (f == nullptr) return skipped(std::move(id), why_not(family_name));
    static const json::object none;
    const auto*               document = c.as_object().if_contains("policy");
    const auto *inputs = object_of(c, "inputs"), *expected = object_of(c, "expected");
    if (document == nullptr || inputs == nullptr || expected == nullptr) return skipped(std::move(id), "a case without policy, inputs or expected");
    const auto& policy = document->is_object() ? document->as_object() : none;
    return guarded(id, family_name, [&] { return f->put({id, policy, *document, *inputs, *expected}); });
}

}  // namespace

bool claims_bots(const json::value& d) { return any_with(cases_of(d), {"family", "inputs"}); }

std::vector<case_result> run_bots(const json::value& d, const settings&) {
    std::vector<case_result> results;
    for (const auto& c : *cases_of(d)) {
        auto id = text_of(c, "id");
        results.push_back(run_case(id.empty() ? fmt::format("#{}", results.size() + 1) : std::move(id), c));
    }
    return results;
}

}  // namespace conformance
