// Lines of the summary that compare two benchmarks of the same run: processor time of one over that of the other.
#pragma once

#include <string>
#include <vector>

struct bench_ratio {
    std::string what;
    std::string over;    ///< a benchmark
    std::string under;   ///< the one it is measured against
    std::string target;  ///< may be empty
};

/// Filled before main by the files that define the benchmarks.
inline std::vector<bench_ratio>& bench_ratios() {
    static std::vector<bench_ratio> all;
    return all;
}
