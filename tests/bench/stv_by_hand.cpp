#include "stv_by_hand.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace hand_written {
namespace {

constexpr std::int64_t one = 100'000;  // five digits

struct election {
    std::vector<paper>                               papers;
    std::vector<std::int64_t>                        value;
    std::vector<std::size_t>                         next;
    std::set<std::string>                            continuing;
    std::map<std::string, std::int64_t>              votes;
    std::vector<std::map<std::string, std::int64_t>> stages;

    /// The option a paper is with, or nobody.
    const std::string* holder(std::size_t i) const { return next[i] < papers[i].size() ? &papers[i][next[i]] : nullptr; }
    void advance(std::size_t i) {
        while (next[i] < papers[i].size() && !continuing.contains(papers[i][next[i]])) ++next[i];
        if (const auto* h = holder(i)) votes[*h] += value[i];
    }
    std::string choose(std::vector<std::string> tied, bool highest) const {
        for (auto s = stages.rbegin(); s != stages.rend() && tied.size() > 1; ++s) {
            auto best = s->at(tied.front());
            for (const auto& c : tied) best = highest ? std::max(best, s->at(c)) : std::min(best, s->at(c));
            std::erase_if(tied, [&](const auto& c) { return s->at(c) != best; });
        }
        return *std::min_element(tied.begin(), tied.end());
    }
};

}  // namespace

std::vector<std::string> count_scotland(const std::vector<std::string>& candidates, const std::vector<paper>& papers, std::size_t seats) {
    election e{.papers = papers, .value = std::vector<std::int64_t>(papers.size(), one), .next = std::vector<std::size_t>(papers.size(), 0),
               .continuing = {candidates.begin(), candidates.end()}, .votes = {}, .stages = {}};
    for (const auto& c : candidates) e.votes[c] = 0;
    for (std::size_t i = 0; i < papers.size(); ++i) e.advance(i);
    const auto               quota = (static_cast<std::int64_t>(papers.size() / (seats + 1)) + 1) * one;
    std::vector<std::string> elected;
    std::set<std::string>    pending;
    for (;;) {
        std::vector<std::string> over;
        for (const auto& c : e.continuing) {
            if (e.votes[c] >= quota) over.push_back(c);
        }
        std::stable_sort(over.begin(), over.end(), [&](const auto& a, const auto& b) { return e.votes[a] > e.votes[b]; });
        for (const auto& c : over) {
            elected.push_back(c);
            pending.insert(c);
            e.continuing.erase(c);
        }
        if (elected.size() >= seats) return elected;
        if (e.continuing.size() <= seats - elected.size()) {
            std::vector<std::string> rest(e.continuing.begin(), e.continuing.end());
            std::stable_sort(rest.begin(), rest.end(), [&](const auto& a, const auto& b) { return e.votes[a] > e.votes[b]; });
            elected.insert(elected.end(), rest.begin(), rest.end());
            return elected;
        }
        e.stages.push_back(e.votes);
        const bool               surplus = !pending.empty();
        std::vector<std::string> tied;
        for (const auto& c : surplus ? pending : e.continuing) {
            if (!tied.empty() && (surplus ? e.votes[c] < e.votes[tied.front()] : e.votes[c] > e.votes[tied.front()])) continue;
            if (!tied.empty() && e.votes[c] != e.votes[tied.front()]) tied.clear();
            tied.push_back(c);
        }
        const auto chosen = e.choose(tied, surplus);
        const auto had = e.votes[chosen];
        pending.erase(chosen);
        e.continuing.erase(chosen);
        for (std::size_t i = 0; i < papers.size(); ++i) {
            const auto* h = e.holder(i);
            if (h == nullptr || *h != chosen) continue;
            if (surplus) e.value[i] = e.value[i] * (had - quota) / had;
            e.advance(i);
        }
        e.votes[chosen] = surplus ? quota : 0;
    }
}

}  // namespace hand_written
