// The command line, by CLI11: the only file that reads its headers, which take long to compile.
#include <CLI/CLI.hpp>

#include "cli.hpp"
#include "command_line.hpp"

namespace quorate::cli {
namespace {

template <class Value>
CLI::Option& repeated(CLI::App& to, const std::string& name, std::vector<Value>& values, const std::string& what) {
    auto* added = to.add_option(name, values, what);
    if (name.front() == '-') added->allow_extra_args(false);
    return *added;
}

template <class Value>
CLI::Option& ranged(CLI::App& to, const std::string& name, Value& value, Value least, Value most, const std::string& what) {
    return *to.add_option(name, value, what)->check(CLI::Range(least, most));
}

}  // namespace

// ---- argument ---------------------------------------------------------------------------------------------------------------
argument argument::required() {
    it_->required();
    return *this;
}
argument argument::one_of(const std::vector<std::string>& values) {
    it_->check(CLI::IsMember(values));
    return *this;
}
argument argument::needs(argument other) {
    it_->needs(other.it_);
    return *this;
}
argument argument::shows_default() {
    it_->capture_default_str();
    return *this;
}
bool argument::given() const { return it_->count() > 0; }
std::string argument::name() const { return it_->get_name(); }

// ---- subcommand -------------------------------------------------------------------------------------------------------------
argument subcommand::option(const std::string& name, std::string& to, const std::string& what) {
    return argument(*it_->add_option(name, to, what));
}
argument subcommand::option(const std::string& name, std::function<void(const std::string&)> take, const std::string& what) {
    return argument(*it_->add_option_function<std::string>(name, take, what));
}
argument subcommand::option(const std::string& name, std::vector<std::string>& to, const std::string& what) {
    return argument(repeated(*it_, name, to, what));
}
argument subcommand::option(const std::string& name, std::vector<std::uint64_t>& to, const std::string& what) {
    return argument(repeated(*it_, name, to, what));
}
argument subcommand::number(const std::string& name, int& to, int least, int most, const std::string& what) {
    return argument(ranged(*it_, name, to, least, most, what));
}
argument subcommand::number(const std::string& name, std::size_t& to, std::size_t least, std::size_t most,
                            const std::string& what) {
    return argument(ranged(*it_, name, to, least, most, what));
}
argument subcommand::flag(const std::string& name, bool& to, const std::string& what) {
    return argument(*it_->add_flag(name, to, what));
}

// ---- command_group, command_line --------------------------------------------------------------------------------------------
subcommand command_group::add(const std::string& name, const std::string& what, const std::string& example,
                              std::function<int(const session&)> body) {
    auto* added = it_->add_subcommand(name, what);
    added->footer("Example: " + example);
    added->add_flag("--json", session_->json, "Machine output: JSON");
    added->callback([s = session_, run = std::move(body)] { s->run = run; });
    return subcommand(*added);
}

command_group command_group::add_group(const std::string& name, const std::string& what, const std::string& example) {
    auto* added = it_->add_subcommand(name, what);
    added->require_subcommand(1);
    added->footer("Example: " + example);
    return {*added, *session_};
}

command_line::command_line(session& s, const std::string& tool, const std::string& what, const std::string& version,
                           const std::string& closing)
    : session_(s), all_(std::make_unique<CLI::App>(what, tool)) {
    all_->set_version_flag("--version", version);
    all_->require_subcommand(1);
    all_->footer(closing);
}
command_line::~command_line() = default;

command_group command_line::commands() { return {*all_, session_}; }

int command_line::run(int argc, char** argv) {
    try {
        all_->parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        return all_->exit(e) == 0 ? fine : unusable;
    }
    return session_.run ? session_.run(session_) : unusable;
}

}  // namespace quorate::cli
