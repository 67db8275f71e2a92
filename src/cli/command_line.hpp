// What stands behind the tool's name: subcommands, and what each takes. Their files see only this; the parser behind it (CLI11)
// is known to command_line.cpp alone.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace quorate::cli {

struct session;

// The first three are handles: copies mean the same thing, and are good for as long as its `command_line`. Names are as a user
// writes them: "--db" and "-v,--verbose" are options, "CHARTER" is a positional. A name that is taken is a bug, and throws.

/// An option or a positional of a subcommand. Each call returns the same one, so that they can be chained.
class argument {
public:
    explicit argument(CLI::Option& it) : it_(&it) {}

    argument required();
    /// Other values are wrong usage. Help lists these, in this order.
    argument one_of(const std::vector<std::string>& values);
    /// Wrong usage without the other one.
    argument needs(argument other);
    /// Help shows what the variable holds now as the value when left out.
    argument shows_default();

    /// Whether it was given; known once the command line is parsed.
    [[nodiscard]] bool given() const;
    /// "--db"; the long name where there are two.
    [[nodiscard]] std::string name() const;

private:
    CLI::Option* it_;
};

/// One subcommand. Variables keep what they hold where an argument isn't given, and must live until the subcommand has run.
class subcommand {
public:
    explicit subcommand(CLI::App& it) : it_(&it) {}

    argument option(const std::string& name, std::string& to, const std::string& what);
    /// `take` gets the value, if one is given, after it is checked.
    argument option(const std::string& name, std::function<void(const std::string&)> take, const std::string& what);
    /// May be repeated. An option takes one value each time, a positional all words that are left.
    argument option(const std::string& name, std::vector<std::string>& to, const std::string& what);
    argument option(const std::string& name, std::vector<std::uint64_t>& to, const std::string& what);

    /// What is no number, or not from `least` to `most`, is wrong usage. Help says the range.
    argument number(const std::string& name, int& to, int least, int most, const std::string& what);
    argument number(const std::string& name, std::size_t& to, std::size_t least, std::size_t most, const std::string& what);

    /// An option without a value.
    argument flag(const std::string& name, bool& to, const std::string& what);

private:
    CLI::App* it_;
};

/// Subcommands of the tool, or of one of its subcommands ("journal verify"); one of them must be given.
class command_group {
public:
    command_group(CLI::App& it, session& s) : it_(&it), session_(&s) {}

    /// Adds a subcommand that has --json. `example` stands at the end of its help; further lines may follow in it. `body` runs
    /// after everything is parsed, and returns an exit code.
    subcommand add(const std::string& name, const std::string& what, const std::string& example,
                   std::function<int(const session&)> body);
    /// Adds a subcommand that has subcommands.
    command_group add_group(const std::string& name, const std::string& what, const std::string& example);

private:
    CLI::App* it_;
    session*  session_;
};

/// The tool's command line. Its --json fills the session, which must outlive it.
class command_line {
public:
    /// `what` begins the tool's help, and `closing` ends it.
    command_line(session& s, const std::string& tool, const std::string& what, const std::string& version,
                 const std::string& closing);
    command_line(const command_line&) = delete;
    command_line& operator=(const command_line&) = delete;
    ~command_line();

    [[nodiscard]] command_group commands();
    /// Parses, runs the subcommand that was chosen, and returns its exit code. Help and version are printed instead where they
    /// are asked for; wrong usage is reported on standard error and is `unusable`.
    [[nodiscard]] int run(int argc, char** argv);

private:
    session&                  session_;
    std::unique_ptr<CLI::App> all_;
};

}  // namespace quorate::cli
