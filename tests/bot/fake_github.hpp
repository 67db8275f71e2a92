// A GitHub on loopback that keeps comments, labels, checks and reactions in memory, and misbehaves when told to.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "../journal_support.hpp"
#include "http.hpp"
#include "paper.hpp"

namespace small_bot {

using namespace bot;

enum class fault : unsigned char {
    none,
    server_error,           ///< 500, and nothing is done
    server_error_but_done,  ///< 500, and it is done all the same
    hang_up,                ///< no answer, nothing done
    hang_up_but_done,       ///< no answer, and done
    too_late,               ///< done, but the answer comes after the other side has given up
    rate_limit,             ///< 403, "retry-after: 1"
    long_rate_limit,        ///< 403, with an hour to wait
    forbidden,              ///< 403
};

class fake_github {
public:
    explicit fake_github(std::uint64_t who_asks);

    [[nodiscard]] std::string base() const { return "http://127.0.0.1:" + std::to_string(server_->port()); }
    /// What is on that issue. While nothing is being asked.
    paper_matter& matter(const std::string& subject) { return matters_[subject]; }
    /// The next requests meet these faults, in order.
    void next(std::vector<fault> faults) { planned_.assign(faults.begin(), faults.end()); }
    /// From now on one request in so many meets some fault.
    void misbehave(std::uint64_t seed, std::uint64_t one_in) { dice_ = std::make_unique<journal_support::dice>(seed), one_in_ = one_in; }
    void behave() { dice_.reset(); }
    [[nodiscard]] bool          calm() const { return dice_ == nullptr; }
    /// Called before each request is answered, and after it was carried out.
    void watch(std::function<void(std::uint64_t request, bool done)> by) {
        const std::lock_guard lock(mutex_);
        watcher_ = std::move(by);
    }
    /// Every answer takes so long.
    void dawdle(std::chrono::milliseconds t) {
        const std::lock_guard lock(mutex_);
        delay_ = t;
    }
    /// What is on that issue now, how often comments with each marker were ever made, and all that was ever asked: while others ask.
    [[nodiscard]] paper_matter copy(const std::string& subject) {
        const std::lock_guard lock(mutex_);
        return matters_[subject];
    }
    [[nodiscard]] std::map<std::string, int> made() {
        const std::lock_guard lock(mutex_);
        return made_;
    }
    [[nodiscard]] std::string heard() {
        const std::lock_guard lock(mutex_);
        return heard_;
    }
    [[nodiscard]] std::size_t checks_made() const { return checks_.size(); }
    [[nodiscard]] std::uint64_t changes() const { return changes_; }  ///< requests that weren't GET
    std::vector<delivery> undelivered{};  ///< comments of which nobody was told
    [[nodiscard]] std::uint64_t requests() const { return requests_; }
    [[nodiscard]] std::uint64_t faults() const { return faults_; }
    [[nodiscard]] std::uint64_t unauthorised() const { return unauthorised_; }
    [[nodiscard]] std::uint64_t bytes() const { return bytes_; }  ///< of bodies sent

private:
    http_response answer(const http_request& r);
    http_response act(const http_request& r);
    http_response comments(paper_matter& m, const http_request& r, std::string_view query);
    http_response one_comment(const std::string& repository, std::string_view rest, const http_request& r);
    http_response labels(paper_matter& m, std::string_view rest, const http_request& r);
    http_response checks(const std::string& repository, std::string_view rest, const http_request& r);
    fault         fate();

    std::mutex                                       mutex_;
    std::uint64_t                                    bot_, next_id_ = 5'000'000, requests_ = 0, changes_ = 0, faults_ = 0, unauthorised_ = 0, bytes_ = 0, one_in_ = 0;
    std::map<std::string, paper_matter>              matters_;
    struct check_run { std::uint64_t id; std::string repository, sha, name, state; };
    std::vector<check_run>                           checks_;
    std::map<std::string, int>                       made_;  ///< comments, by marker
    std::string                                      heard_;
    std::function<void(std::uint64_t, bool)>         watcher_;
    std::chrono::milliseconds                        delay_{};
    std::deque<fault>                                planned_;
    std::unique_ptr<journal_support::dice>           dice_;
    std::unique_ptr<http_server>                     server_;  ///< last: it asks the others
};

}  // namespace small_bot
