// A study: blocks of runs, handed to threads, added up.
#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "sha256.hpp"
#include "simulate_world.hpp"

namespace quorate::simulate {
namespace {

result<std::vector<std::unique_ptr<ready>>> prepared(const study& s) {
    if (s.variants.empty()) return make_error(errc::invalid, "a study needs a variant", "simulate");
    if (s.variants.size() > most_variants)
        return make_error(errc::limit, std::to_string(s.variants.size()) + " variants are more than " + std::to_string(most_variants), "simulate", "sweep fewer values");
    if (s.runs == 0 || s.runs > most_runs) return make_error(errc::limit, "runs must be from 1 to " + std::to_string(most_runs), "simulate");
    if (s.shards == 0 || s.shard >= s.shards) return make_error(errc::invalid, "there is no such shard", "simulate", "--shard 1/4 is the first of four");
    if (s.dimensions.size() > 2) return make_error(errc::limit, "a sweep has one or two dimensions", "simulate");
    std::vector<std::unique_ptr<ready>> all;
    for (const auto& v : s.variants) {
        auto r = ready::from(v);
        if (!r) {
            auto e = r.error();
            if (!v.name.empty())
                for (auto& p : e.problems) p.where = v.name + ": " + p.where;
            return e;
        }
        all.push_back(std::move(*r));
    }
    return all;
}

std::string hash_of(const study& s) {
    sha256     h;
    const auto add = [&](std::string_view text) { h.update(std::to_string(text.size())).update(":").update(text); };
    add("quorate simulation 1");
    add(std::to_string(s.seed));
    add(std::to_string(s.runs));
    for (const auto& v : s.variants) {
        add(v.rules.hash());
        add(v.process);
        add(quorate::to_json(v.people));
        add(v.how.text);
        add(v.name);
        for (const auto& a : v.at) add(a);
    }
    for (const auto& d : s.dimensions) add(d);
    return to_hex(h.finish());
}

/// Runs of a block, all variants of each run side by side.
std::vector<totals> run_block(std::vector<std::unique_ptr<world>>& worlds, std::uint64_t block, std::uint64_t runs) {
    std::vector<totals> out(worlds.size());
    const auto          end = std::min(runs, (block + 1) * block_size);
    for (auto n = block * block_size; n < end; ++n) {
        run_sums first;
        for (std::size_t v = 0; v < worlds.size(); ++v) {
            const auto r = worlds[v]->run(n, out[v]);
            if (v == 0) first = r;
            out[v].more_accepted.add(r.accepted - first.accepted, 1);
            // Of times only runs that came as far on both sides can tell.
            if (r.decided == first.decided && r.decided > 0) out[v].more_seconds.add(r.seconds - first.seconds, r.decided);
        }
    }
    return out;
}

class pool {
public:
    pool(const study& s, const std::vector<std::unique_ptr<ready>>& all, const running& how, progress& p) : s_(s), all_(all), how_(how), p_(p) {
        for (std::uint64_t b = s.shard; b < p.blocks.size(); b += s.shards)
            if (!p.blocks[b]) todo_.push_back(b);
    }

    void run() {
        std::vector<std::thread> threads;
        const auto               n = std::clamp<std::size_t>(how_.threads, 1, std::max<std::size_t>(todo_.size(), 1));
        running_ = n;
        for (std::size_t i = 0; i < n; ++i) threads.emplace_back([this] { work(); });
        {
            std::unique_lock lock(guard_);
            while (!ended_.wait_for(lock, std::chrono::milliseconds(how_.saw_every_ms), [this] { return running_ == 0; }))
                if (how_.saw) {
                    const auto now = p_;
                    lock.unlock();
                    how_.saw(now);
                    lock.lock();
                }
        }
        for (auto& t : threads) t.join();
        if (failed_) std::rethrow_exception(failed_);
        if (how_.saw) how_.saw(p_);
    }

private:
    void work() {
        try {
            std::vector<std::unique_ptr<world>> worlds;
            for (const auto& r : all_) worlds.push_back(std::make_unique<world>(*r, s_.seed));
            for (auto i = next_++; i < todo_.size(); i = next_++) {
                if (how_.stop != nullptr && how_.stop->load()) break;
                const auto  done = run_block(worlds, todo_[i], s_.runs);
                std::scoped_lock lock(guard_);
                for (std::size_t v = 0; v < done.size(); ++v) p_.of[v].add(done[v]);
                p_.blocks[todo_[i]] = true;
            }
        } catch (...) {  // of a callable, or of memory
            std::scoped_lock lock(guard_);
            failed_ = std::current_exception();
            next_ = todo_.size();
        }
        std::scoped_lock lock(guard_);
        if (--running_ == 0) ended_.notify_all();
    }

    const study&                               s_;
    const std::vector<std::unique_ptr<ready>>& all_;
    const running&                             how_;
    progress&                                  p_;
    std::vector<std::uint64_t>                 todo_;
    std::atomic<std::size_t>                   next_{0};
    std::mutex                                 guard_;
    std::condition_variable                    ended_;
    std::size_t                                running_ = 0;
    std::exception_ptr                         failed_;
};

}  // namespace

result<std::string> identity_of(const study& s) {
    if (const auto all = prepared(s); !all) return all.error();
    return hash_of(s);
}

result<progress> run(const study& s, const running& how) {
    const auto all = prepared(s);
    if (!all) return all.error();
    progress p{.identity = hash_of(s), .seed = s.seed, .runs = s.runs, .blocks = std::vector<bool>((s.runs + block_size - 1) / block_size), .of = std::vector<totals>(s.variants.size())};
    if (how.from) {
        if (how.from->identity != p.identity) return make_error(errc::conflict, "what was done before is of another study", "simulate", "charter, roster, behaviour, seed and runs must be the same");
        p = *how.from;
    }
    pool(s, *all, how, p).run();
    return p;
}

result<std::vector<told>> tell(const setting& s, std::uint64_t seed, std::uint64_t run) {
    const auto r = ready::from(s);
    if (!r) return r.error();
    std::vector<told> story;
    totals            unused;
    (void)world(**r, seed).tell(run, unused, story);
    return story;
}

}  // namespace quorate::simulate
