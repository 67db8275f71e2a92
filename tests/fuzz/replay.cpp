// quorate-fuzz-replay CORPORA [--ms N] [--seed N]: feeds each target its corpus, then what grows from it by random changes, for so long. Any
// compiler builds it; libFuzzer, which looks where it has been, is for long runs (tests/fuzz/run).
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "targets.hpp"

namespace {

std::string changed(std::string s, const std::vector<std::string>& others, std::mt19937_64& dice) {
    for (auto n = 1 + dice() % 4; n > 0; --n) {
        const auto at = s.empty() ? 0 : dice() % s.size();
        switch (dice() % 6) {
            case 0: if (!s.empty()) s[at] = static_cast<char>(dice()); break;
            case 1: s.insert(at, 1 + dice() % 4, static_cast<char>(dice())); break;
            case 2: s.erase(at, 1 + dice() % 16); break;
            case 3: s.insert(at, s.substr(at, 1 + dice() % 64)); break;
            case 4: {
                const auto& other = others[dice() % others.size()];
                if (!other.empty()) s.insert(at, other.substr(dice() % other.size(), 1 + dice() % 64));
                break;
            }
            default: if (!s.empty()) s[at] = static_cast<char>(s[at] ^ (1 << dice() % 8));
        }
    }
    return s;
}

/// What is being fed, and where it goes when that was its end.
std::string current, found_at;
void keep_find(int) {
    if (std::FILE* f = std::fopen(found_at.c_str(), "wb")) {
        (void)std::fwrite(current.data(), 1, current.size(), f);
        (void)std::fclose(f);
        std::fprintf(stderr, "the input is in %s\n", found_at.c_str());
    }
}

}  // namespace

int main(int argc, char** argv) {
    std::uint64_t ms = 300, seed = 20'260'301;
    for (int i = 2; i + 1 < argc; i += 2) (std::string(argv[i]) == "--ms" ? ms : seed) = std::strtoull(argv[i + 1], nullptr, 10);
    if (argc < 2) return std::fputs("usage: quorate-fuzz-replay CORPORA [--ms N] [--seed N]\n", stderr), 2;
    for (const auto& t : fuzz::targets()) {
        std::vector<std::string> corpus;
        const auto               folder = std::filesystem::path(argv[1]) / t.name;
        std::set<std::filesystem::path> files;  // in the same order everywhere
        if (std::filesystem::is_directory(folder)) files.insert(std::filesystem::directory_iterator(folder), {});
        for (const auto& file : files) {
            std::ifstream in(file, std::ios::binary);
            corpus.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
        }
        if (corpus.empty()) return std::fprintf(stderr, "no corpus in %s\n", folder.c_str()), 1;
        found_at = (std::filesystem::temp_directory_path() / ("quorate-fuzz-" + std::string(t.name))).string();
        (void)std::signal(SIGABRT, keep_find);
        for (const auto& s : corpus) t.feed(current = s);
        std::mt19937_64 dice(seed);
        std::uint64_t   fed = 0;
        const auto      end = std::chrono::steady_clock::now() + std::chrono::milliseconds(ms);
        while (std::chrono::steady_clock::now() < end) {
            const auto input = changed(corpus[dice() % corpus.size()], corpus, dice);
            current = input;
            t.feed(current);
            ++fed;
        }
        std::printf("%s: %zu kept, %llu grown, seed %llu\n", std::string(t.name).c_str(), corpus.size(), static_cast<unsigned long long>(fed), static_cast<unsigned long long>(seed));
    }
    return 0;
}
