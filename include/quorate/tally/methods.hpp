// Every method under its name: what it is, where it comes from, which ballots and conventions it reads. One table for tools, bindings and
// recounts by other methods. The one part of counting that is in the library rather than in headers, so that it is compiled once.
#pragma once

#include <quorate/tally/ballot_file.hpp>
#include <quorate/tally/conventions.hpp>
#include <quorate/tally/count.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace quorate::tally {

/// One way of counting. It reads either kind of ballots: one of the functions is null.
struct method {
    std::string_view name;    ///< "borda"
    std::string_view title;   ///< for people
    std::string_view source;  ///< who described it, or whose rule it is
    std::string_view reads;   ///< the conventions that it reads, as they are called there: "unranked strength ties"
    result<count> (*ranked)(const ranked_ballots&, const conventions&, std::size_t) = nullptr;
    result<count> (*rated)(const rated_ballots&, const conventions&, std::size_t) = nullptr;

    [[nodiscard]] ballot_kind kind() const { return ranked != nullptr ? ballot_kind::ranked : ballot_kind::rated; }
    /// Whether it reads a convention of this name.
    [[nodiscard]] bool reads_setting(std::string_view setting) const {
        for (auto rest = reads; !rest.empty();) {
            const auto end = rest.find(' ');
            if (rest.substr(0, end) == setting) return true;
            rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
        }
        return false;
    }
};

/// All methods, those of one family together. Lives as long as the program; safe to read from many threads.
[[nodiscard]] const std::vector<method>& methods();

/// The method of this name. Refuses (errc::not_found) an unknown one, and names what is near.
[[nodiscard]] result<method> find_method(std::string_view name);

/// Counts ballots by the method of this name. Refuses an unknown one, one that reads the other kind of ballots, and what it refuses itself.
/// The count's `method` is this name.
[[nodiscard]] result<count> recount(const ranked_ballots& ballots, std::string_view name, const conventions& with = {}, std::size_t seats = 1);
[[nodiscard]] result<count> recount(const rated_ballots& ballots, std::string_view name, const conventions& with = {}, std::size_t seats = 1);
/// Of a file as read: without the options that withdrew. The seats are those of the file.
[[nodiscard]] result<count> recount(const ballot_file& file, std::string_view name, const conventions& with = {});

}  // namespace quorate::tally
