// Journals: what those do that have no better way.
#include <quorate/journal.hpp>

#include <algorithm>

namespace quorate {

result<void> journal::read_some(std::span<const std::string> streams, std::uint64_t until,
                                const std::function<bool(const stored_event&)>& visit) {
    std::vector<std::string_view> wanted(streams.begin(), streams.end());
    std::sort(wanted.begin(), wanted.end());
    return read({}, 0, [&](const stored_event& s) {
        if (s.seq > until) return false;
        return !std::binary_search(wanted.begin(), wanted.end(), std::string_view(s.stream)) || visit(s);
    });
}

result<std::optional<snapshot>> journal::kept_snapshot() { return std::optional<snapshot>{}; }

result<void> journal::keep_snapshot(std::uint64_t, std::string_view) {
    return make_error(errc::unsupported, "this journal keeps no snapshots");
}

}  // namespace quorate
