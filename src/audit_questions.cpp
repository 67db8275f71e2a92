// What is asked: Rust, "Governance Update", 2022-05-19.
#include <array>

#include <quorate/audit.hpp>

namespace quorate {
namespace {

constexpr auto need = audit_part::requirement;
constexpr auto mode = audit_part::failure_mode;
constexpr auto work = audit_part::neglected_work;

constexpr std::string_view has_owner = "a duty of this kind has an owner with members, a cadence, and evidence by which one sees it";

constexpr std::array<audit_question, 36> all_questions{{
    // ---- requirements
    {"independent teams", need, "almost all decisions are made by teams, with the final say over their part",
     "each scope has an owner with the final say; nobody else can decide or overturn there but by a stated, bounded way", "whether teams use it"},
    {"cross-team collaboration", need, "decisions are made in the context of the whole",
     "what touches several teams goes to all of them; others are heard before it is decided", "whether what others say is weighed"},
    {"accountable teams", need, "teams are held to account by each other: known expectations, feedback, consequences, a way to handle conflict",
     "every duty owed to others has an expectation, a channel, a consequence and an escalation", "whether feedback is clear and can be acted on"},
    {"central leadership", need, "only what is in no team's purview is decided centrally, by an accountable body",
     "the residual scope has an owner, and what that body may decide is listed", ""},
    {"accountable leadership", need, "leaders represent all teams, are chosen transparently and with large buy-in, and are often reaffirmed",
     "top-level teams have seats; how they are filled, from among whom, and for how long", "whether the buy-in is large"},
    {"explicit structure", need, "who decides, and how, is visible to participants and outsiders",
     "processes are visible to everyone, deciders are known, somebody documents the structure", "whether what is written is understood"},
    {"administration apart from decisions", need, "project management and administration have mechanisms of their own",
     "duties of administration have owners, not all of them the deciding body", "whether their owners have the time and the means"},
    {"leaders need not be technical leaders", need, "leading the project takes no technical lead role", "no seat is filled from among leads", ""},
    {"flexibility", need, "volunteers may leave, or turn to something else, at any time",
     "whenever a member or a whole team leaves, everything that is open can still end (verified)", "whether people feel free to"},
    {"little bureaucracy", need, "a decision takes no more acts and time than it is worth", "acts and time per decision (simulated), and what the charter says is too much", ""},
    {"approachable by outsiders", need, "users, press and partners can engage, and know where",
     "outsiders can open something or ask; somebody is there for them", "whether descriptions are plain"},
    // ---- failure modes
    {"no resources for administration", mode, "administration is unowned, unfunded, or left to people who are busy elsewhere",
     "duties of administration have owners who don't all lead as well", "funding"},
    {"leadership not accountable", mode, "others depend on leaders who face no expectation, channel, consequence or way to handle conflict",
     "duties of the leading body are complete, and escalated to somebody else", ""},
    {"leadership detached", mode, "leaders lose touch with the project, or the project loses sight of them",
     "leaders must take part elsewhere, have terms, and report regularly", "whether they do take part"},
    {"overworked leadership", mode, "responsibility piles up on leaders, who can't stay involved where their authority comes from",
     "offices per leader; load per seat and how long decisions wait for leaders (simulated), and what the charter says is too much", "what people can bear"},
    {"no delegated authority", mode, "tasks such as finding gaps are given without the power to act", "mandates list powers; who looks for gaps and reflects may decide something", ""},
    {"no transparency", mode, "what could be public isn't published, or not regularly", "what is decided in private has a date of disclosure; progress is reported with a cadence", "what could be public"},
    {"double standards", mode, "leaders are exempt from rules, or rules change while they are in use",
     "leaders owe something that has a consequence which others see to; they can step aside; rules of a running decision stay", "how rules are read"},
    {"underspecified processes", mode, "processes work because of shared assumptions, and not with other people",
     "the charter loads, fits its roster and has no open warnings; how leaders come there is written down", "what is assumed and nowhere written"},
    {"changing delegated decisions", mode, "who delegated overturns what they would have decided otherwise", "nobody outside the deciding team may override or annul what it decides", "what is done without a process"},
    {"popularity contest", mode, "leadership follows from how well known somebody is", "leaders aren't chosen by a direct plurality of everybody", "how people campaign"},
    {"diffused responsibility", mode, "nobody is explicitly responsible: the harm is seen, and nothing is done", "every duty and scope has an owner, and the rest has one too", ""},
    // ---- work that is neglected
    {"policy development", work, "policies are written, with help for those who write them", has_owner, "whether it is done well"},
    {"documentation of structure", work, "representation, permissions and channels are written down", has_owner, "whether it is done well"},
    {"diversity at project level", work, "the project as a whole is looked at, not team by team", has_owner, "whether it is done well"},
    {"finding gaps", work, "somebody looks for what nobody does", has_owner, "whether it is done well"},
    {"contributor pipeline", work, "newcomers find their way in, and on", has_owner, "whether it is done well"},
    {"conflict resolution", work, "conflicts are handled by people outside them", has_owner, "whether people trust them"},
    {"support of team leads", work, "leads get help without relying on private relationships", has_owner, "whether it is done well"},
    {"self-reflection", work, "governance is looked at regularly, not after a crisis", has_owner, "whether it is done well"},
    {"reporting progress", work, "what goes on is reported", has_owner, "whether it is done well"},
    {"community management", work, "somebody looks after the community", has_owner, "whether it is done well"},
    {"marketing", work, "the project is told about", has_owner, "whether it is done well"},
    {"public relations", work, "press, companies, schools and other projects find somebody to talk to", has_owner, "whether it is done well"},
    {"user outreach", work, "users are listened to, not only told", has_owner, "whether it is done well"},
    {"vision work across teams", work, "directions are worked out across teams", has_owner, "whether it is done well"},
}};

}  // namespace

std::span<const audit_question> audit_questions() noexcept { return all_questions; }

}  // namespace quorate
