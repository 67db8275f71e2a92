// Charters and processes in plain English: all but the stages, which are in describe_stages.cpp.
#include "describe.hpp"

#include <algorithm>
#include <set>

#include <quorate/charter.hpp>
#include <quorate/tally/ties.hpp>

namespace quorate {
namespace prose {

std::string listed(const std::vector<std::string>& all, std::string_view last) {
    std::string s;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (i > 0) s += i + 1 == all.size() ? " " + std::string(last) + " " : ", ";
        s += all[i];
    }
    return s;
}

std::string in_quotes(std::string_view s) {
    std::string out(s);
    std::replace(out.begin(), out.end(), '"', '\'');
    return '"' + out + '"';
}

std::string cleared(const process& p, kept_ballots kept) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < p.positions.size(); ++i)
        if ((kept >> i & 1U) != 0) names.push_back(position_name(p.positions[i]));
    if (names.size() == p.positions.size() || kept == all_ballots) return "ballots are kept";
    return names.empty() ? "all ballots are cleared" : "ballots are cleared, but for " + listed(names);
}

std::string capital(std::string s) {
    if (!s.empty() && s[0] >= 'a' && s[0] <= 'z') s[0] = static_cast<char>(s[0] - 'a' + 'A');
    return s;
}

std::string words(phase p) {
    std::string s(to_string(p));
    std::replace(s.begin(), s.end(), '_', ' ');
    return s;
}

std::string position_name(const position& p) {
    const bool titled = !p.title.empty() && p.title != p.name;
    return in_quotes(p.name) + (titled ? " (" + in_quotes(p.title) + ")" : "");
}

}  // namespace prose

namespace {

using prose::capital;
using prose::listed;
using prose::page;
using prose::in_quotes;

/// One process, but for its stages.
class describing {
public:
    describing(page& out, const process& p) : out_(out), p_(p), in_english_(p) {}

    void operator()() {
        heading();
        people();
        positions();
        options();
        concerns();
        standing();
        revisions();
        facts();
        offices();
        children();
        rules();
        prose::describe_stages(out_, p_);
        promises();
    }

private:
    [[nodiscard]] bool allowed(act a) const {
        return std::any_of(p_.stages.begin(), p_.stages.end(), [a](const stage& s) {
            return std::any_of(s.allow.begin(), s.allow.end(), [a](const permission& each) { return each.what == a; });
        });
    }
    /// "Anyone" for an absent set and for everyone, else "Only ...".
    [[nodiscard]] std::string only(const rule& set) const {
        const auto who = set.empty() ? std::string("everyone") : in_english_(set);
        return who == "everyone" ? "Anyone" : "Only " + who;
    }
    void section(std::string_view name) {
        out_.gap();
        out_.paragraph(2, name);
    }

    void heading() {
        out_.paragraph(0, "PROCESS " + in_quotes(p_.title) + (p_.title == p_.name ? "" : " (" + p_.name + ")"));
        if (!p_.cites.empty()) out_.paragraph(2, "Source: " + p_.cites);
        out_.gap();
        out_.paragraph(2, p_.kind == process_kind::gate
                              ? "This is a gate: a standing truth, such as an approval, that can be lost again until "
                                "the program that uses it (the host) concludes it."
                              : "This is a decision: each proposal goes from stage to stage until it ends in an "
                                "outcome.");
        if (!p_.dispositions.empty()) {
            std::vector<std::string> names;
            for (const auto& d : p_.dispositions) names.push_back(in_quotes(d));
            out_.paragraph(2, "Whoever proposes names what is asked for: " + listed(names, "or") + "." +
                                  (p_.default_disposition ? " Without a name it is " + names[*p_.default_disposition] + "." : ""));
        }
        std::string open = only(p_.may_open) + " may open a proposal";
        if (!p_.parents.empty()) {
            std::vector<std::string> names;
            for (const auto& name : p_.parents) {
                const auto space = name.find(' ');
                names.push_back(in_quotes(name.substr(0, space)) + (space == std::string::npos ? "" : " in stage " + in_quotes(name.substr(space + 1))));
            }
            open += ", under one of process " + listed(names, "or");
        }
        if (p_.about_one == per_subject::one_open) open += ", as long as none about the same subject is open";
        if (p_.about_one == per_subject::one) open += ", only one ever about the same subject";
        if (!p_.may_open_if.empty()) open += ", if " + in_english_(p_.may_open_if);
        out_.paragraph(2, open + ".");
        visible();
        teams();
    }

    void visible() {
        if (p_.visible_to.empty()) return out_.paragraph(2, "Anyone may see it.");
        prose::describe_audience(out_, 2, "", p_.visible_to, in_english_);
    }
    void teams() {
        const auto& t = p_.teams;
        if (t.exactly) out_.paragraph(2, "It names exactly " + std::to_string(*t.exactly) + (*t.exactly == 1 ? " team." : " teams."));
        if (!t.except.empty()) out_.paragraph(2, "It can't be about " + listed(t.except, "or") + ".");
    }

    void people() {
        const auto& e = p_.electorate;
        section("WHO DECIDES");
        out_.paragraph(4, "The electorate: " + in_english_(e.of) + ".");
        std::vector<std::string> acts;
        switch (e.taken) {
            case electorate_taken::live:
                out_.paragraph(4, "The list follows the roster: who leaves is dropped with their ballot, who joins is "
                                  "waited for like everybody else.");
                break;
            case electorate_taken::at_open:
                out_.paragraph(4, "The list is made once, when the proposal is opened: who joins later has no ballot, "
                                  "who leaves stays on it.");
                break;
            case electorate_taken::on_entry:
                for (const auto& name : e.entering) acts.push_back(in_quotes(name));
                out_.paragraph(4, "The list is made each time that stage " + listed(acts, "or") +
                                      " is entered, and ballots then start afresh: what happens to the roster later changes nothing. Until then nobody has a ballot.");
                break;
            case electorate_taken::on_act:
                for (const auto a : e.on) acts.emplace_back(prose::doing(a));
                out_.paragraph(4, "The list is made each time that somebody " + listed(acts, "or") +
                                      ", and ballots then start afresh: who joins later has no ballot, who leaves "
                                      "stays on it. Until then nobody has one.");
                break;
        }
        weights_and_delegation();
        if (e.by == counted_by::organisation)
            out_.paragraph(4, "People of one organisation have one voice: whoever of them casts, casts for all. Who "
                              "belongs to none speaks for themselves.");
        else out_.paragraph(4, e.by == counted_by::seat
                              ? "Each seat counts once; its holder or an alternate casts the ballot, for all seats "
                                "that the holder has. Vacant seats and lapsed ones don't count."
                              : !e.weight.empty() ? "Ballots are cast by person." : "Each person counts once.");
        if (p_.by_affiliation) out_.paragraph(4, "Some rules tell members apart by their affiliation.");
        if (p_.asks_ahead)
            out_.paragraph(4, "Some rules ask what is certain or possible, whatever ballots still come.");
        if (p_.by_team) out_.paragraph(4, "Some rules are read for each of the proposal's teams.");
        if (allowed(act::recuse) || e.recusal_leaves_base)
            out_.paragraph(4, std::string("Who is recused loses their ballot and is no longer waited for, ") +
                                  (e.recusal_leaves_base ? "and no longer counts as eligible."
                                                         : "but still counts as eligible.") +
                                  (e.by == counted_by::seat ? " An alternate may then cast the seat's ballot instead." : ""));
    }

    void weights_and_delegation() {
        const auto& e = p_.electorate;
        if (!e.weight.empty())
            out_.paragraph(4, "A ballot weighs what its owner holds of " + in_quotes(e.weight) + "; who holds nothing " +
                                  (e.weightless_count ? "counts with weight 0." : "is not of the electorate."));
        const auto& d = p_.delegation;
        if (d.hops == delegation_rule::reach::none) return;
        const bool stakes = p_.ballots.split == ballot_rule::splitting::stakes;
        out_.paragraph(4, d.hops == delegation_rule::reach::one
                              ? "Who is silent counts by the ballot of the one they delegated to, if that one cast it themselves."
                              : "Who is silent counts by the ballot of the one they delegated to, or of the one that one delegated to, and so on; "
                                "who isn't of the electorate ends the chain, as a circle does.");
        out_.paragraph(4, d.own_apart ? "A delegate's ballot is only for what they were given. What they hold themselves has a ballot of its own, "
                                        "which takes it from whomever it was given to, before or after."
                                      : "Their own ballot always replaces that, before or after.");
        if (stakes)
            out_.paragraph(4, std::string("They may delegate less than they hold") + (p_.ballots.kinds.empty() ? "" : ", by a kind of ballot that they choose") +
                                  ". It stands where the delegate's ballot does; one " +
                                  (p_.ballots.kinds.empty() ? "that chooses several positions" : "of a kind that may choose several positions") + " carries nobody.");
    }

    void positions() {
        section("BALLOTS");
        if (p_.positions.empty()) out_.paragraph(4, "There are none: the process has no positions.");
        else if (p_.positions.size() == 1) out_.paragraph(4, "A ballot can say one thing:");
        else out_.paragraph(4, "A ballot says one of these:");
        for (const auto& position : p_.positions) {
            std::string s = prose::position_name(position);
            std::string more;
            const auto  add = [&more](std::string_view what) { (more += more.empty() ? ": " : "; ") += what; };
            if (position.needs_reason) add("needs a reason");
            if (!position.binding)
                add("not binding (recorded and shown, but counted by no rule), so that whoever says it is still "
                    "waited for");
            if (!position.in_cast && position.binding) add("doesn't count as a ballot cast, such as for a quorum");
            if (!position.in_base) add("whoever says it no longer counts as eligible");
            if (position.says == marks::ranking) add("ranks the options, best first; equal ranks and unranked options are allowed");
            if (position.says == marks::scores)
                add("gives options a score from " + std::to_string(position.least) + " to " + std::to_string(position.most));
            if (position.says == marks::approvals) add("names the options that are approved of");
            out_.item(4, s + more + ".");
        }
        const auto& b = p_.ballots;
        if (!p_.positions.empty() || !b.revisable)
            out_.paragraph(4, b.revisable ? "A ballot may be changed while its stage takes ballots."
                                          : "A ballot is final: once cast it can't be changed, unless it isn't "
                                            "binding.");
        if (b.split == ballot_rule::splitting::shares)
            out_.paragraph(4, "A ballot may be in parts: shares of several positions, which make 1.");
        if (b.split == ballot_rule::splitting::amounts)
            out_.paragraph(4, "Weight may be spent in amounts, in several casts, until none is left; a cast without an amount spends the rest.");
        if (b.split == ballot_rule::splitting::stakes)
            out_.paragraph(4, std::string("A ballot commits as much as its owner likes of what they hold, and all of it where no amount is named; another one replaces it.") +
                                  (b.kinds.empty() ? " It may commit amounts to several positions." : ""));
        ballot_kinds();
        prose::describe_showing(out_, 4, b.showing, "while the decision is open", in_english_);
    }

    void ballot_kinds() {
        const auto& b = p_.ballots;
        if (b.kinds.empty()) return;
        out_.paragraph(4, std::string("A ballot, or a delegation, is of one of these kinds, the first if none is named. What follows from a kind besides weight is not decided here.") +
                              (b.whole_weights ? " Weights are rounded down to whole numbers." : ""));
        for (const auto& k : b.kinds) {
            std::string s = in_quotes(k.name) + (k.title == k.name ? "" : " (" + k.title + ")") + ": weighs " + (k.times == number(1) ? "" : to_string(k.times) + " times ") + "what is committed";
            std::vector<std::string> may;
            for (std::size_t i = 0; i < p_.positions.size(); ++i)
                if ((k.positions >> i & 1U) != 0) may.push_back(in_quotes(p_.positions[i].name));
            if (may.size() < p_.positions.size()) s += "; for " + listed(may, "or") + " only";
            if (k.in_parts) s += "; may be in several parts, and counts for its owner alone";
            out_.item(4, s + ".");
        }
    }

    void options() {
        const auto& o = p_.options;
        const auto& c = p_.count;
        if (!o.some) return;
        section("OPTIONS");
        for (std::size_t i = 0; i < o.fixed.size(); ++i)
            out_.item(4, in_quotes(o.fixed[i].title) + (o.fixed[i].title == o.fixed[i].name ? "" : " (" + o.fixed[i].name + ")") +
                             (o.otherwise == i ? ", the default option: it is on every ballot." : " is on every ballot."));
        if (allowed(act::add_option))
            out_.paragraph(4, o.on_ballot.empty() ? "Others are put on the ballot in the stages that say so."
                                                  : "Others are put forward in the stages that say so, and are on the ballot if, with their own sponsors, " +
                                                        in_english_(o.on_ballot) + ".");
        for (const auto& k : o.kinds)
            out_.item(4, "An option of kind " + in_quotes(k.title) + (k.ratio == number(1) ? " needs more who prefer it to the default option than the other way round."
                             : (c.strictly ? " needs more than " : " needs at least ") + to_string(k.ratio) + " who prefer it to the default option for each who doesn't."));
        if (c.method.empty()) return;
        std::string how = "Ballots are counted by the method " + in_quotes(c.method) + " for " + (c.seats == 1 ? "one winner" : std::to_string(c.seats) + " seats") + ".";
        if (c.with.unranked == tally::unranked_options::not_compared) how += " What a ballot leaves out is not compared.";
        if (!c.quorum.empty()) how += " An option that fewer than " + in_english_(c.quorum) + " prefer to the default option is dropped.";
        if (c.most_per_affiliation != 0)
            how += " At most " + std::to_string(c.most_per_affiliation) + " of one affiliation are elected: whoever ranks last of them makes room for the next.";
        std::vector<std::string> chain;
        for (const auto& t : c.with.ties) chain.emplace_back(tally::name_of(t.by));
        how += chain.empty() ? " A tie stands." : " A tie is broken by: " + listed(chain, "then") + ".";
        if (allowed(act::vacate)) how += " When somebody elected leaves or declines, the same ballots fill the seat; the others keep theirs.";
        out_.paragraph(4, how);
    }

    void concerns() {
        const auto& c = p_.concerns;
        const bool  lapses = c.when_raiser_leaves == on_leaving::lapses;
        if (!allowed(act::raise) && c.blocking && !c.names_once && c.seconds == 0 && !lapses) return;
        section("CONCERNS");
        out_.paragraph(4, c.blocking ? "While a concern is open the law lets nothing be accepted, unless it is "
                                       "overridden with a recorded reason."
                                     : "Concerns are recorded, and rules may count them; by themselves they block "
                                       "nothing.");
        if (c.seconds != 0)
            out_.paragraph(4, "A concern counts once " + std::to_string(c.seconds) +
                                  (c.seconds == 1 ? " other person has" : " other people have") + " seconded it.");
        out_.paragraph(4, c.names_once ? "Its name can be used only once: after it is closed nobody can raise one of "
                                         "that name again."
                                       : "After it is closed, one of the same name can be raised again.");
        out_.paragraph(4, lapses ? "It lapses when its raiser leaves, so that no stage would let them raise it any "
                                   "more."
                                 : "It stays open when its raiser leaves.");
    }

    void standing() {
        const bool lapses = p_.standing == on_leaving::lapses;
        if (!allowed(act::second) && !allowed(act::hold) && !lapses) return;
        section("SECONDS AND HOLDS");
        out_.paragraph(4, lapses ? "They lapse when whoever gave them leaves, so that no stage would let them give them any more."
                                 : "They stay when whoever gave them leaves.");
    }

    void revisions() {
        if (p_.revisions.empty() && !allowed(act::revise)) return;
        section("REVISIONS");
        if (p_.revisions.empty()) {
            out_.paragraph(4, "A change to the text keeps ballots. None is editorial: while the text is frozen it can't be changed.");
            return;
        }
        out_.paragraph(4, p_.revisions.size() == 1 ? "Every change to the text is of this kind:"
                                                   : "Every change to the text is of one of these kinds:");
        for (const auto& k : p_.revisions)
            out_.item(4, in_quotes(k.name) + ": " +
                             prose::cleared(p_, k.ballots) +
                             (k.editorial ? "; editorial: legal while the text is otherwise frozen." : "."));
    }

    /// The facts that rules ask for, in alphabetical order.
    [[nodiscard]] std::vector<std::string> facts_in_rules() const {
        std::set<std::string> names;
        const auto            note = [&names](const rule& r) {
            for (const auto& n : r.nodes)
                if (n.what == op::fact) names.insert(in_quotes(r.view().name(n)));
        };
        for (const auto& r : p_.rules) note(r.value);
        for (const auto& v : p_.visible_to) note(v.condition);
        for (const auto& s : p_.stages) {
            note(s.clock_runs);
            note(s.first);
            for (const auto& a : s.allow) note(a.condition);
            for (const auto& x : s.exits) {
                note(x.when);
                note(x.condition);
            }
        }
        return {names.begin(), names.end()};
    }
    void facts() {
        const auto used = facts_in_rules();
        if (used.empty() && p_.facts.empty()) return;
        section("FACTS");
        std::vector<std::string> declared;
        for (const auto& f : p_.facts) declared.push_back(in_quotes(f));
        const auto these = listed(declared);
        out_.paragraph(4, these.empty() ? "The host may report any fact."
                                        : "Only these may be reported: " + these + ".");
        out_.paragraph(4, used.empty() ? "No rule asks for one." : "Rules ask for: " + listed(used) + ".");
    }

    void offices() {
        if (p_.offices.empty()) return;
        section("OFFICES");
        std::vector<std::string> names;
        for (const auto& o : p_.offices) names.push_back(in_quotes(o));
        out_.paragraph(4, "People may be appointed for this one proposal: " + listed(names) + ". Until then nobody has such an office.");
    }

    void children() {
        if (p_.children.empty()) return;
        section("PROPOSALS UNDER THIS ONE");
        for (const auto& c : p_.children) {
            std::vector<std::string> deeds;
            for (const auto a : c.does)
                deeds.push_back(std::string(prose::doing(a)) +
                                (a == act::revise && !c.revision.empty() ? " (" + in_quotes(c.revision) + ")" : ""));
            out_.item(4, "When one of process " + in_quotes(c.to.process) +
                             (c.to.disposition.empty() ? "" : " that asked for " + in_quotes(c.to.disposition)) + " ends " +
                             prose::words(c.to.outcome) + ", the charter itself " + listed(deeds, "and then") +
                             ", if that is possible then; what isn't is put on record.");
        }
    }

    void promises() {
        if (!p_.notice && p_.properties.empty() && p_.known_findings.empty()) return;
        section("PROMISES");
        if (p_.notice) out_.item(4, "What is intended is known to outsiders for " + to_string(*p_.notice) + " before it is accepted or rejected.");
        for (const auto& each : p_.properties) {
            std::vector<std::string> names;
            for (const auto i : each.stages) names.push_back(in_quotes(p_.stages[i].name));
            const auto rule = each.value.empty() ? std::string() : in_english_(each.value);
            std::string says;
            using kind = stated_property::kind;
            switch (each.is) {
                case kind::always: says = "always " + rule; break;
                case kind::never: says = "never: " + rule; break;
                case kind::eventually_possible: says = "it can always still come to be that " + rule; break;
                case kind::within: says = "if nobody does anything it is over after " + to_string(each.length) + (rule.empty() ? "" : ", unless " + rule); break;
            }
            out_.item(4, in_quotes(each.name) + ": " + says + (names.empty() ? "" : "; in " + listed(names, "or")) + ".");
            if (!each.cites.empty()) out_.paragraph(6, "Source: " + each.cites, 2);
        }
        for (const auto& k : p_.known_findings) out_.item(4, "Known to be so: " + in_quotes(k.id) + " (" + k.why + ").");
    }

    void rules() {
        if (p_.rules.empty()) return;
        section("RULES");
        for (const auto& r : p_.rules) {
            out_.item(4, in_quotes(r.name) + ": " + in_english_(r.value) + ".");
            out_.paragraph(6, "Written: " + print(r.value.view()), 2);
            if (!r.cites.empty()) out_.paragraph(6, "Source: " + r.cites, 2);
        }
    }

    page&             out_;
    const process&    p_;
    prose::translator in_english_;
};

void describe_parameters(page& out, const charter::body& c) {
    if (c.parameters.empty()) return;
    out.gap();
    out.paragraph(0, "PARAMETERS");
    for (const auto& p : c.parameters) {
        auto s = p.name + " = " + p.text;
        if (std::any_of(c.given.begin(), c.given.end(), [&](const auto& g) { return g.first == p.name; }))
            s += " (set from outside)";
        out.item(2, s + (p.about.empty() ? "" : ": " + p.about));
    }
}

}  // namespace

prose::page prose::described(const process& p) {
    page out;
    describing(out, p)();
    return out;
}

std::string describe(const process& p) { return prose::described(p).text(); }

std::string describe(const charter& c) {
    const auto& body = c.get();
    page        out;
    out.paragraph(0, body.title + (body.version.empty() ? "" : " (version " + body.version + ")"));
    if (!body.cites.empty()) out.paragraph(0, "Source: " + body.cites);
    if (!body.roster.empty()) out.paragraph(0, "Written for the roster " + in_quotes(body.roster) + ".");
    describe_parameters(out, body);
    if (!body.warnings.empty()) {
        out.gap();
        out.paragraph(0, "TO BE LOOKED AT");
        for (const auto& w : body.warnings) out.item(2, w.what);
    }
    for (const auto& p : body.processes) {
        out.gap();
        describing(out, p)();
    }
    return out.text();
}

}  // namespace quorate
