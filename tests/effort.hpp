// How much long tests do: all in the release build, a fifth or less where sanitizers, which find what each round would find again, slow them.
#pragma once

#include <doctest/doctest.h>

#include <cstdint>
#include <cstdlib>

#if defined(QUORATE_SANITIZE)
inline constexpr std::uint64_t effort_divisor = 5;
#define QUORATE_RAPIDCHECK_ROUNDS "30"
#else
inline constexpr std::uint64_t effort_divisor = 1;
#define QUORATE_RAPIDCHECK_ROUNDS "150"
#endif

constexpr std::uint64_t effort(std::uint64_t rounds) { return rounds / effort_divisor; }

/// For a case that is left out where sanitizers slow it: it is about documents or about programs that aren't built then, or goes over all
/// shipped charters with code that shorter cases run, too. `TEST_CASE("..." * in_release)`.
inline const doctest::skip in_release(effort_divisor > 1);

/// The same cases in every run, unless RC_PARAMS says otherwise; to be called before RapidCheck looks.
inline bool seed_rapidcheck() { return setenv("RC_PARAMS", "seed=20260301 max_success=" QUORATE_RAPIDCHECK_ROUNDS " max_size=40", 0) == 0; }
