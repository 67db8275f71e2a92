// quorate-bot: decisions on GitHub, by the charter that a project wrote for itself.
//
//     quorate-bot CONFIG              serve
//     quorate-bot --dry-run CONFIG    serve, read GitHub, and only say what would be done
//     quorate-bot --check CONFIG      is the configuration whole?
//     quorate-bot --replay FOLDER     recorded deliveries, without network
#include <cstdio>
#include <exception>
#include <string_view>

#include "replay.hpp"
#include "service.hpp"

namespace {

int usage() {
    std::fputs("usage: quorate-bot [--dry-run | --check] CONFIG\n       quorate-bot --replay FOLDER\n", stderr);
    return 2;
}

int complain(const quorate::error& e) {
    std::fprintf(stderr, "quorate-bot: %s\n", e.what().c_str());
    return 1;
}

int check(const bot::settings& s) {
    const auto all = bot::load(s);
    if (!all) return complain(all.error());
    for (const auto& f : all.value().findings) std::printf("%s\n", f.c_str());
    std::printf("fine: %zu repositories, %zu people\n", s.repositories.size(), all.value().people.people());
    return 0;
}

int run(int argc, char** argv) {
    const std::string_view first = argc > 1 ? argv[1] : "";
    if (first == "--replay" && argc == 3) {
        const auto done = bot::replay(argv[2], [](const std::string& text) { std::fputs(text.c_str(), stdout); });
        return done ? 0 : complain(done.error());
    }
    const bool dry = first == "--dry-run", only_check = first == "--check";
    if (argc != (dry || only_check ? 3 : 2) || argv[argc - 1][0] == '-') return usage();
    const auto s = bot::read_settings_file(argv[argc - 1]);
    if (!s) return complain(s.error());
    return only_check ? check(s.value()) : bot::serve(s.value(), {.dry = dry});
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const std::exception& e) {
        std::fprintf(stderr, "quorate-bot: %s\n", e.what());
        return 1;
    }
}
