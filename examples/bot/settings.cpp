#include "settings.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>

#include "authority.hpp"
#include "dialect_forms.hpp"
#include "json.hpp"

namespace bot {
namespace {

using quorate::errc;
using quorate::make_error;
using quorate::result;
using quorate::json_text::in_quotes;
using quorate::json_text::kind;
using quorate::json_text::node;
using quorate::json_text::reader;

class settings_reader {
public:
    settings_reader(const node& root, const std::string& name, std::string base) : root_(root), read_(root, name), base_(std::move(base)) {}

    result<settings> operator()() {
        if (!read_.expect(root_, kind::object)) return read_.why();
        read_.known_keys(root_, {"listen", "journal", "charters", "parameters", "roster", "github", "webhook_secret", "repositories", "poll",
                                 "remind", "catch_up", "deliveries_per_minute", "pages"});
        listen(root_, s_.address, s_.port);
        s_.journal = path(read_.required_text(root_, "journal"));
        for (const auto c : read_.texts(root_, "charters")) s_.charters.push_back(path(c));
        if (s_.charters.empty()) read_.wrong(root_, "\"charters\" must name at least one charter");
        if (const auto* given = read_.object(root_, "parameters"))
            for (const auto& m : given->members)
                if (read_.expect(m.value, kind::string)) s_.parameters.emplace_back(m.key, m.value.text);
        s_.roster = path(read_.required_text(root_, "roster"));
        if (const auto* g = read_.object(root_, "github")) github(*g);
        if (const auto* w = root_.find("webhook_secret")) s_.webhook_secret = place(*w);
        if (const auto d = read_.span(root_, "poll")) s_.poll = *d;
        if (const auto d = read_.span(root_, "remind")) s_.remind = *d;
        if (const auto d = read_.span(root_, "catch_up")) s_.catch_up = *d;
        if (s_.poll < std::chrono::seconds{1}) read_.wrong(root_, "\"poll\" must be a second or more");
        if (const auto n = read_.integer(root_, "deliveries_per_minute", 1, 1'000'000)) s_.deliveries_per_minute = static_cast<std::uint32_t>(*n);
        if (const auto* all = read_.required_object(root_, "repositories"))
            for (const auto& m : all->members) repository(m);
        if (s_.repositories.empty()) read_.wrong(root_, "\"repositories\" is empty: the bot would serve nobody");
        if (const auto* p = read_.object(root_, "pages")) pages(*p);
        if (!read_.ok()) return read_.why();
        return std::move(s_);
    }

private:
    void listen(const node& in, std::string& address, std::uint16_t& port) {
        const auto text = read_.text(in, "listen");
        if (!text) return;
        const auto colon = text->rfind(':');
        const auto digits = colon == std::string_view::npos ? std::string_view{} : text->substr(colon + 1);
        const bool fine = !digits.empty() && digits.size() <= 5 && digits.find_first_not_of("0123456789") == std::string_view::npos;
        const auto number = fine ? std::strtoul(std::string(digits).c_str(), nullptr, 10) : 65'536UL;
        if (number > 65'535 || colon == 0) return read_.wrong(in, "\"listen\" must be like \"127.0.0.1:8080\"");
        address = text->substr(0, colon);
        port = static_cast<std::uint16_t>(number);
    }
    /// After the repositories: only what the bot serves can be shown.
    void pages(const node& p) {
        read_.known_keys(p, {"listen", "url", "title", "repositories"});
        page_settings shown;
        listen(p, shown.address, shown.port);
        shown.url = read_.required_text(p, "url");
        const auto scheme = shown.url.starts_with("https://") ? 8U : shown.url.starts_with("http://") ? 7U : 0U;
        if (scheme == 0 || shown.url.size() == scheme || shown.url.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:", scheme) != std::string::npos)
            read_.wrong(p, "\"url\" must be like \"https://decisions.example.org\": a host of their own, without a path");
        shown.title = read_.text(p, "title").value_or("Decisions");
        for (const auto r : read_.texts(p, "repositories")) {
            if (s_.find(r) == nullptr) read_.wrong(p, "pages can't show " + in_quotes(r) + ": the bot doesn't serve it");
            shown.repositories.emplace_back(r);
        }
        if (shown.repositories.empty()) read_.wrong(p, "pages must name the repositories that everyone may read about", "say \"repositories\": [\"owner/name\"]");
        s_.pages = std::move(shown);
    }
    void github(const node& g) {
        read_.known_keys(g, {"api", "bot_id", "token", "app"});
        if (const auto api = read_.text(g, "api")) s_.api = *api;
        const auto here = [&](std::string_view host) {
            return s_.api.starts_with(host) && (s_.api.size() == host.size() || s_.api[host.size()] == ':' || s_.api[host.size()] == '/');
        };
        if (!s_.api.starts_with("https://") && !here("http://127.0.0.1") && !here("http://localhost"))
            read_.wrong(g, "\"api\" must be https: the token travels with each request");
        while (s_.api.ends_with('/')) s_.api.pop_back();
        if (const auto id = read_.integer(g, "bot_id", 1, std::int64_t{1} << 53U)) s_.bot_id = static_cast<std::uint64_t>(*id);
        if (s_.bot_id == 0) read_.wrong(g, "\"bot_id\" is missing: the number of the account that the bot writes as, by which it knows its own comments");
        if (const auto* t = g.find("token")) s_.token = place(*t);
        if (const auto* a = read_.object(g, "app")) {
            read_.known_keys(*a, {"id", "key"});
            if (const auto id = read_.integer(*a, "id", 1, std::int64_t{1} << 53U)) s_.app = static_cast<std::uint64_t>(*id);
            else if (a->find("id") == nullptr) read_.wrong(*a, "\"id\" is missing: the number of the App");
            if (const auto* k = read_.required(*a, "key")) s_.app_key = place(*k);
            if (g.find("token") != nullptr) read_.wrong(g, "say either \"token\" or \"app\"");
        }
    }
    secret_place place(const node& n) {
        secret_place p;
        if (!n.is_object()) {
            read_.wrong(n, "a secret doesn't belong into this file", "say {\"env\": \"NAME\"} or {\"file\": \"path\"}");
            return p;
        }
        read_.known_keys(n, {"env", "file"});
        p.environment = read_.text(n, "env").value_or("");
        if (const auto f = read_.text(n, "file")) p.file = path(*f);
        if (p.environment.empty() == p.file.empty()) read_.wrong(n, "say either \"env\" or \"file\"");
        return p;
    }
    void repository(const quorate::json_text::member& m) {
        if (!read_.expect(m.value, kind::object)) return;
        read_.known_keys(m.value, {"as", "process", "areas"});
        repository_settings r{.name = m.key};
        const auto slash = m.key.find('/');
        if (slash == std::string::npos || slash == 0 || slash + 1 == m.key.size()) read_.wrong(m, "a repository is written \"owner/name\"");
        std::vector<std::string_view> names;
        for (const auto& p : profiles()) names.push_back(p.name);
        if (read_.required(m.value, "as") == nullptr) return;
        const auto as = read_.word(m.value, "as", names);
        if (as) r.as = profile_named(*as);
        r.process = read_.text(m.value, "process").value_or(r.as == nullptr ? std::string_view{} : r.as->process);
        if (const auto* areas = read_.object(m.value, "areas"))
            for (const auto& a : areas->members)
                if (read_.expect(a.value, kind::string)) r.areas.emplace_back(a.key, a.value.text);
        if (r.as != nullptr) s_.repositories.push_back(std::move(r));
    }
    [[nodiscard]] std::string path(std::string_view p) const {
        if (p.empty() || p.front() == '/') return std::string(p);
        return (std::filesystem::path(base_) / p).lexically_normal().string();
    }

    const node& root_;
    reader      read_;
    std::string base_;
    settings    s_;
};

}  // namespace

const repository_settings* settings::find(std::string_view repository) const {
    const auto found = std::find_if(repositories.begin(), repositories.end(), [&](const auto& r) { return r.name == repository; });
    return found == repositories.end() ? nullptr : &*found;
}

std::optional<settings::matter> settings::serving(std::string_view subject) const {
    const auto hash = subject.rfind('#');
    if (hash == std::string_view::npos) return std::nullopt;
    const auto digits = subject.substr(hash + 1);
    matter     found{.in = find(subject.substr(0, hash))};
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), found.number);
    const bool fine = found.in != nullptr && read.ec == std::errc{} && read.ptr == digits.data() + digits.size() && found.number != 0;
    return fine ? std::optional(found) : std::nullopt;
}

bool settings::all_owned_by(std::string_view organisation) const {
    const auto begin = quorate::dialect_forms::lowered(organisation) + "/";
    return begin.size() > 1 && !repositories.empty() &&
           std::all_of(repositories.begin(), repositories.end(), [&](const auto& r) { return quorate::dialect_forms::lowered(r.name).starts_with(begin); });
}

result<settings> read_settings(std::string_view text, const std::string& name, const std::string& base) {
    const auto tree = quorate::json_text::parse(text, name);
    if (!tree) return tree.error();
    return settings_reader(tree.value(), name, base)();
}

result<settings> read_settings_file(const std::string& path) {
    const auto text = quorate::json_text::read_file(path);
    if (!text) return text.error();
    return read_settings(text.value(), path, std::filesystem::path(path).parent_path().string());
}

namespace {

result<std::string> read_from(const secret_place& from, const std::string& where, std::size_t most) {
    if (!from.environment.empty()) {
        const char* value = std::getenv(from.environment.c_str());
        if (value == nullptr) return make_error(errc::not_found, "the environment variable " + from.environment + " is not set", where);
        return std::string(value);
    }
    if (from.file.empty()) return make_error(errc::not_found, "no secret is configured", where, "say {\"env\": \"NAME\"} or {\"file\": \"path\"}");
    struct stat about {};
    if (::stat(from.file.c_str(), &about) == 0 && (about.st_mode & 077U) != 0)
        return make_error(errc::io, "others than its owner may use the file " + from.file, where, "chmod 600 " + from.file);
    return quorate::json_text::read_file(from.file, most);
}

}  // namespace

result<std::string> read_key(const secret_place& from, std::string_view what) { return read_from(from, std::string(what), largest_key); }

result<std::string> read_secret(const secret_place& from, std::string_view what) {
    const auto where = std::string(what);
    auto       read = read_from(from, where, 4'096);
    if (!read) return read;
    auto& secret = read.value();
    while (!secret.empty() && (secret.back() == '\n' || secret.back() == '\r')) secret.pop_back();
    if (secret.size() < shortest_secret)
        return make_error(errc::invalid, "the secret has " + std::to_string(secret.size()) + " bytes, fewer than " + std::to_string(shortest_secret), where);
    if (std::any_of(secret.begin(), secret.end(), [](char c) { return static_cast<unsigned char>(c) < 0x21 || c == 0x7F; }))
        return make_error(errc::invalid, "the secret has white space or control characters in it", where);
    return read;
}

}  // namespace bot
