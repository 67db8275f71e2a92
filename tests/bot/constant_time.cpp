// Under valgrind's memcheck: whether anything that the check of a signature does depends on the secret, or on the right signature that comes of
// it. Both count as uninitialised here; every branch and every address that depends on them is then reported. With
// "control" a comparison as it should not be: that one must be reported.
#include <valgrind/memcheck.h>

#include <cstdio>
#include <cstring>
#include <string>

#include "signature.hpp"

int main(int argc, char** argv) {
    const bool        control = argc > 1 && std::strcmp(argv[1], "control") == 0;
    std::string       secret = "0123456789abcdef0123456789abcdef";
    const std::string body = "{\"action\":\"created\"}";
    const std::string right = bot::signature_of(body, secret);
    std::string       wrong = right;
    wrong.back() = wrong.back() == '0' ? '1' : '0';
    VALGRIND_MAKE_MEM_UNDEFINED(secret.data(), secret.size());
    int accepted = 0;
    for (const std::string* header : {&right, static_cast<const std::string*>(&wrong)}) {
        bool good = control ? bot::signature_of(body, secret) == *header : bot::is_signed(body, *header, secret);
        VALGRIND_MAKE_MEM_DEFINED(&good, sizeof good);  // what is answered may be known
        accepted += good ? 1 : 0;
    }
    std::printf("%d of 2 accepted\n", accepted);
    return accepted == 1 ? 0 : 1;
}
