// Which permissions and named rules mattered while a scenario ran. Internal.
#pragma once

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include <quorate/engine.hpp>
#include <quorate/scenario.hpp>

namespace quorate {

class scenario_coverage {
public:
    /// The permissions by whose leave a command would be accepted, before it is given. `times` is 1.
    [[nodiscard]] static std::vector<permission_used> leave_for(const engine& e, const std::string& proposal, const command& c);
    void used(const std::vector<permission_used>& leave);

    /// Reads the named rules of a proposal as it stands.
    void rules(const engine& e, const std::string& proposal, instant now);
    /// What an exit that was taken says of the rules that it names.
    void taken(const charter& c, const exit_taken& x);

    [[nodiscard]] std::vector<permission_used> permissions() const;
    [[nodiscard]] std::vector<rule_read>       read() const;

private:
    void must_be(const process& p, const rule& r, std::uint16_t node, bool met);

    std::map<std::tuple<std::string, std::string, std::size_t>, std::size_t>     used_;
    std::map<std::pair<std::string, std::string>, std::pair<bool, bool>>         read_;
};

}  // namespace quorate
