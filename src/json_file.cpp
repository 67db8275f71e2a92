// Files of limited size: what is read is never more than what was asked for.
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <system_error>

#include "json.hpp"

namespace quorate::json_text {

result<std::string> read_file(const std::string& path, std::size_t largest) {
    std::error_code ec;
    const auto status = std::filesystem::status(path, ec);
    if (status.type() == std::filesystem::file_type::not_found)
        return make_error(errc::not_found, "no such file", path);
    if (ec) return make_error(errc::io, ec.message(), path);
    if (status.type() == std::filesystem::file_type::directory)
        return make_error(errc::io, "is a directory, not a file", path);
    if (status.type() != std::filesystem::file_type::regular)
        return make_error(errc::io, "is not a regular file", path);
    if (const auto size = std::filesystem::file_size(path, ec); !ec && size > largest)
        return make_error(errc::limit, too_large_text(largest), path);

    errno = 0;
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"),
                                                               &std::fclose);
    if (!file) return make_error(errc::io, std::generic_category().message(errno), path);
    std::string text;
    char part[16384];
    while (text.size() <= largest) {
        const std::size_t n =
            std::fread(part, 1, std::min(sizeof part, largest + 1 - text.size()), file.get());
        text.append(part, n);
        if (std::ferror(file.get()) != 0)
            return make_error(errc::io, std::generic_category().message(errno), path);
        if (n == 0) break;
    }
    if (text.size() > largest) return make_error(errc::limit, too_large_text(largest), path);
    return text;
}

result<node> parse_file(const std::string& path, std::size_t largest) {
    auto text = read_file(path, largest);
    if (!text) return text.error();
    return parse(text.value(), path, largest);
}

}  // namespace quorate::json_text
