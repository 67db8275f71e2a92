#include <quorate/journal.hpp>

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace quorate {
namespace {

struct string_hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const noexcept { return std::hash<std::string_view>{}(s); }
};
template <class Value>
using by_name = std::unordered_map<std::string, Value, string_hash, std::equal_to<>>;

class in_memory final : public journal {
public:
    result<std::uint64_t> append(const batch& b) override {
        undo back{*this, b};
        for (const auto& to : b.streams)
            if (auto stored = append_events(to); !stored) return stored.error();
        for (const auto& answer : b.answers) {
            if (answer.key.empty()) return make_error(errc::invalid, "an answer needs a key");
            if (!answers_.try_emplace(answer.key, answer).second)
                return make_error(errc::conflict, "the key is kept already", answer.key);
            ++back.answers;
        }
        for (const auto& wanted : b.effects) {
            effects_.emplace_hint(effects_.end(), next_effect_, wanted)->second.id = next_effect_;
            ++next_effect_;
        }
        back.keep = true;
        return back.events + 1;
    }

    result<void> read(std::string_view stream, std::uint64_t after,
                      const std::function<bool(const stored_event&)>& visit) override {
        if (stream.empty()) {
            for (auto i = static_cast<std::size_t>(after); i < events_.size(); ++i)
                if (!visit(events_[i])) break;
            return {};
        }
        const auto found = streams_.find(stream);
        if (found == streams_.end()) return {};
        const auto& seqs = found->second;
        for (auto i = std::upper_bound(seqs.begin(), seqs.end(), after); i != seqs.end(); ++i)
            if (!visit(events_[static_cast<std::size_t>(*i - 1)])) break;
        return {};
    }

    result<std::uint64_t> last() override { return std::uint64_t{events_.size()}; }

    result<std::optional<kept_answer>> answer_to(std::string_view key) override {
        const auto found = answers_.find(key);
        if (found == answers_.end()) return std::optional<kept_answer>{};
        return std::optional{found->second};
    }

    result<std::vector<effect>> pending_effects(std::size_t most) override {
        std::vector<effect> all;
        for (auto i = effects_.begin(); i != effects_.end() && all.size() < most; ++i) all.push_back(i->second);
        return all;
    }

    result<void> done(std::uint64_t effect_id) override {
        if (effect_id == 0 || effect_id >= next_effect_)
            return make_error(errc::not_found, "no effect has the id " + std::to_string(effect_id));
        effects_.erase(effect_id);
        return {};
    }

    [[nodiscard]] bool durable() const override { return false; }

private:
    /// Takes back what was stored of a batch, whether it was refused or memory ran out.
    struct undo {
        undo(in_memory& j, const batch& b) : of(j), what(b), events(j.events_.size()), effects(j.next_effect_) {}
        undo(const undo&) = delete;
        undo& operator=(const undo&) = delete;
        ~undo() {
            if (keep) return;
            for (; of.events_.size() > events; of.events_.pop_back()) {
                const auto found = of.streams_.find(of.events_.back().stream);
                if (found == of.streams_.end()) continue;  // memory ran out before it was stored whole
                auto& seqs = found->second;
                while (!seqs.empty() && seqs.back() >= of.events_.back().seq) seqs.pop_back();
            }
            for (std::size_t i = 0; i < answers; ++i) of.answers_.erase(what.answers[i].key);
            of.effects_.erase(of.effects_.lower_bound(effects), of.effects_.end());
            of.next_effect_ = effects;
        }

        in_memory&    of;
        const batch&  what;
        std::size_t   events;
        std::uint64_t effects;
        std::size_t   answers = 0;
        bool          keep = false;
    };

    result<void> append_events(const stream_append& to) {
        if (to.stream.empty()) return make_error(errc::invalid, "a stream needs a name");
        auto found = streams_.find(to.stream);
        if (found == streams_.end()) found = streams_.try_emplace(to.stream).first;
        auto& seqs = found->second;
        if (seqs.size() != to.expected)
            return make_error(errc::conflict, "the stream is at version " + std::to_string(seqs.size()) + ", not " +
                                                  std::to_string(to.expected), to.stream);
        for (const auto& e : to.events) {
            const std::uint64_t seq = events_.size() + 1;
            auto& stored = events_.emplace_back();  // in place: events are large
            stored.seq = seq;
            stored.stream = to.stream;
            stored.version = seqs.size() + 1;
            stored.what = e;
            seqs.push_back(seq);
        }
        return {};
    }

    std::deque<stored_event>            events_;   ///< the event with seq n at n - 1
    by_name<std::vector<std::uint64_t>> streams_;  ///< the seqs of every stream, in order
    by_name<kept_answer>                answers_;
    std::map<std::uint64_t, effect>     effects_;  ///< not yet done
    std::uint64_t                       next_effect_ = 1;
};

}  // namespace

std::unique_ptr<journal> memory_journal() { return std::make_unique<in_memory>(); }

}  // namespace quorate
