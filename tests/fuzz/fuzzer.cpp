// libFuzzer's way in. QUORATE_FUZZ_TARGET, when it is compiled, names what is fed.
#include <cstddef>
#include <cstdint>

#include "targets.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto* target = fuzz::target_named(QUORATE_FUZZ_TARGET);
    target->feed({reinterpret_cast<const char*>(data), size});
    return 0;
}
