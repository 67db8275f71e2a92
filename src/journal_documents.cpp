#include "journal_documents.hpp"

#include <string>
#include <utility>
#include <vector>

namespace quorate {

result<charter> charter_of(const event& document) {
    std::vector<std::pair<std::string, std::string>> given;
    for (const auto& pair : document.names) {
        const auto equals = pair.find('=');
        given.emplace_back(pair.substr(0, equals), equals == std::string::npos ? std::string() : pair.substr(equals + 1));
    }
    auto c = load_charter(document.text, document.detail, std::move(given));
    if (c && c.value().hash() != document.subject)
        return make_error(errc::damaged, "a stored charter does not match its hash", std::string(charter_stream));
    return c;
}

result<roster> roster_of(const event& document) { return load_roster(document.text, "roster of the journal"); }

}  // namespace quorate
