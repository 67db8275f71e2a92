// Rosters from JSON.
#include <algorithm>
#include <array>
#include <utility>

#include "json.hpp"
#include "roster_build.hpp"
#include "roster_events.hpp"

namespace quorate {

using json_text::node;
using json_text::reader;

namespace {

const std::vector<std::string_view>& kind_words() {
    static const std::vector<std::string_view> words{
        to_string(team_kind::team), to_string(team_kind::working_group),
        to_string(team_kind::project_group), to_string(team_kind::marker_team)};
    return words;
}

/// Reads one document into plain data; what the data means is checked later, by roster_builder.
class loader {
public:
    explicit loader(reader& read) : read_(read) {}

    roster_document document(const node& root) {
        roster_document doc;
        if (!read_.expect(root, json_text::kind::object)) return doc;
        read_.known_keys(root, {"$schema", "format", "name", "source", "as_of", "rules", "people",
                                "roles", "teams", "scopes", "duties", "mandates", "weights", "delegations", "events"});
        if (const auto format = read_.integer(root, "format"); format && *format != 1)
            read_.wrong(*root.find("format"), "this version of quorate reads format 1 only");
        doc.name = string(root, "name");
        doc.source = string(root, "source");
        doc.as_of = read_.moment(root, "as_of");
        if (const node* rules = read_.object(root, "rules")) doc.rules = read_rules(*rules);
        each(root, "people", [&](const std::string& id, const node& n) {
            doc.people.push_back(read_person(id, n));
        });
        if (const node* roles = read_.object(root, "roles"))
            for (const auto& m : roles->members)
                if (read_.expect(m.value, json_text::kind::string))
                    doc.roles.push_back({m.key, m.value.text});
        alumni_listed_ = doc.rules.alumni_listed;
        each(root, "teams", [&](const std::string& name, const node& n) {
            doc.teams.push_back(read_team(name, n));
        });
        each(root, "scopes", [&](const std::string& name, const node& n) {
            doc.scopes.push_back(read_scope(name, n));
        });
        each(root, "duties", [&](const std::string& name, const node& n) {
            doc.duties.push_back(read_duty(name, n));
        });
        each(root, "mandates", [&](const std::string& name, const node& n) {
            doc.mandates.push_back(read_mandate(name, n));
        });
        weights(root, doc);
        delegations(root, doc);
        return doc;
    }

private:
    /// {"tokens": {"ana": 10, "bob": "1/3", "carl": [{"weight": 5, "to": "ana"}]}}
    void weights(const node& root, roster_document& doc) {
        each(root, "weights", [&](const std::string& kind, const node& n) {
            for (const auto& m : n.members) {
                if (!m.value.is_array()) {
                    if (const auto w = weight(m.value)) doc.weights.push_back({kind, m.key, *w, {}});
                    continue;
                }
                for (const auto& part : m.value.elements) {
                    if (!read_.expect(part, json_text::kind::object)) continue;
                    read_.known_keys(part, {"weight", "to"});
                    const auto* amount = read_.required(part, "weight");
                    const auto  w = amount == nullptr ? std::nullopt : weight(*amount);
                    if (w) doc.weights.push_back({kind, m.key, *w, string(part, "to")});
                }
            }
        });
    }
    std::optional<number> weight(const node& n) {
        if (n.is_integer() && n.number >= 0) return number(n.number);
        const auto w = n.is_string() ? read_weight(n.text) : std::nullopt;
        if (!w) read_.wrong(n, "a weight is a number that is not negative", "such as 10, \"0.5\" or \"1/3\"");
        return w;
    }
    void delegations(const node& root, roster_document& doc) {
        const node* list = read_.array(root, "delegations");
        if (list == nullptr) return;
        for (const auto& d : list->elements) {
            if (!read_.expect(d, json_text::kind::object)) continue;
            read_.known_keys(d, {"who", "to", "team", "process", "ballot", "of", "amount"});
            const auto* amount = d.find("amount");
            doc.delegations.push_back({std::string(read_.required_text(d, "who")), string(d, "to"), string(d, "team"), string(d, "process"),
                                       string(d, "ballot"), string(d, "of"), amount != nullptr ? weight(*amount) : std::nullopt});
        }
    }

    /// Each member of the object under `key`, which must be objects themselves.
    template <class Read>
    void each(const node& root, std::string_view key, Read read) {
        if (const node* all = read_.object(root, key))
            for (const auto& m : all->members)
                if (read_.expect(m.value, json_text::kind::object)) read(m.key, m.value);
    }
    std::string string(const node& n, std::string_view key) {
        return std::string(read_.text(n, key).value_or(""));
    }
    bool flag(const node& n, std::string_view key, bool otherwise) {
        return read_.flag(n, key).value_or(otherwise);
    }
    std::vector<std::string> strings(const node& n, std::string_view key) {
        const auto all = read_.texts(n, key);
        return {all.begin(), all.end()};
    }
    team_kind kind(std::string_view word) {
        const auto& all = kind_words();
        return static_cast<team_kind>(std::find(all.begin(), all.end(), word) - all.begin());
    }

    roster_rules read_rules(const node& n) {
        read_.known_keys(n, {"kebab_names", "teams_need_parent", "top_level_are_teams",
                             "alumni_listed", "everyone_belongs", "parentless", "kind_prefixes"});
        roster_rules rules{.kebab_names = flag(n, "kebab_names", false),
                           .teams_need_parent = flag(n, "teams_need_parent", false),
                           .top_level_are_teams = flag(n, "top_level_are_teams", false),
                           .alumni_listed = flag(n, "alumni_listed", false),
                           .everyone_belongs = flag(n, "everyone_belongs", false),
                           .parentless = strings(n, "parentless"),
                           .kind_prefixes = {}};
        if (const node* prefixes = read_.object(n, "kind_prefixes")) {
            read_.known_keys(*prefixes, kind_words());
            for (const auto word : kind_words())
                if (const auto prefix = read_.text(*prefixes, word))
                    rules.kind_prefixes.emplace_back(kind(word), std::string(*prefix));
        }
        return rules;
    }

    person_info read_person(const std::string& id, const node& n) {
        read_.known_keys(n, {"handle", "former_handles", "name", "affiliations"});
        return {.id = id,
                .handle = string(n, "handle"),
                .former_handles = strings(n, "former_handles"),
                .name = string(n, "name"),
                .affiliations = strings(n, "affiliations"),
                .guest = false};
    }

    std::vector<membership> read_members(const node& team) {
        std::vector<membership> all;
        const node* list = read_.array(team, "members");
        if (list == nullptr) return all;
        for (const auto& n : list->elements) {
            if (n.is_string()) {
                all.push_back({n.text, {}});
            } else if (n.is_object()) {
                read_.known_keys(n, {"who", "roles"});
                all.push_back({std::string(read_.required_text(n, "who")), strings(n, "roles")});
            } else {
                read_.wrong(n, "a member is an id, or an object with \"who\" and \"roles\"");
                all.push_back({});  // keeps the positions of the others
            }
        }
        return all;
    }

    std::vector<seat_info> read_seats(const node& team) {
        std::vector<seat_info> all;
        const node* list = read_.array(team, "seats");
        if (list == nullptr) return all;
        for (const auto& n : list->elements) {
            if (!read_.expect(n, json_text::kind::object)) continue;
            read_.known_keys(
                n, {"name", "represents", "holder", "alternates", "since", "until", "lapsed"});
            all.push_back({.name = std::string(read_.required_text(n, "name")),
                           .represents = string(n, "represents"),
                           .holder = string(n, "holder"),
                           .alternates = strings(n, "alternates"),
                           .since = read_.moment(n, "since"),
                           .until = read_.moment(n, "until"),
                           .lapsed = flag(n, "lapsed", false)});
        }
        return all;
    }

    leads_included read_leads(const node& team) {
        leads_included all;
        const node* n = read_.object(team, "include_leads");
        if (n == nullptr) return all;
        read_.known_keys(*n, {"of", "kinds", "top_level"});
        all.of = strings(*n, "of");
        all.top_level = flag(*n, "top_level", false);
        if (const node* kinds = read_.array(*n, "kinds"))
            for (const auto& k : kinds->elements) {
                const auto& words = kind_words();
                if (std::find(words.begin(), words.end(), k.text) != words.end())
                    all.kinds.push_back(kind(k.text));
                else
                    read_.wrong(k, "no kind of team", json_text::did_you_mean(k.text, words));
            }
        return all;
    }

    team_info read_team(const std::string& name, const node& n) {
        read_.known_keys(
            n,
            {"title",           "about",         "kind",   "parent",   "top_level",     "archived",
             "leads",           "members",       "alumni", "includes", "include_leads", "excluded",
             "collects_alumni", "members_known", "size",   "label",    "ping",          "aliases",
             "former_names",    "seats",         "seating"});
        if (alumni_listed_ && n.find("alumni") == nullptr)
            read_.wrong(n, "\"alumni\" is missing",
                        "the rules of this roster want it, even if empty: \"alumni\": []");
        team_info t;
        t.name = name;
        t.title = string(n, "title");
        t.about = string(n, "about");
        if (const auto word = read_.word(n, "kind", kind_words())) t.kind = kind(*word);
        t.parent = string(n, "parent");
        t.top_level = flag(n, "top_level", false);
        t.archived = flag(n, "archived", false);
        t.leads = strings(n, "leads");
        t.members = read_members(n);
        t.alumni = strings(n, "alumni");
        t.includes = strings(n, "includes");
        t.include_leads = read_leads(n);
        t.excluded = strings(n, "excluded");
        t.collects_alumni = flag(n, "collects_alumni", false);
        t.members_known = flag(n, "members_known", true);
        if (const auto size = read_.integer(n, "size", 0, 1'000'000))
            t.size = static_cast<std::uint32_t>(*size);
        t.label = string(n, "label");
        t.ping = string(n, "ping");
        t.aliases = strings(n, "aliases");
        t.former_names = strings(n, "former_names");
        t.seats = read_seats(n);
        t.seating = read_seating(n);
        return t;
    }

    std::optional<seating> read_seating(const node& team) {
        const node* n = read_.object(team, "seating");
        if (n == nullptr) return std::nullopt;
        read_.known_keys(*n, {"process", "from", "term", "most_terms"});
        seating s{.process = string(*n, "process"), .term = read_.span(*n, "term")};
        constexpr std::array all{seated_from::anyone, seated_from::members, seated_from::represented, seated_from::leads};
        std::vector<std::string_view> words;
        for (const auto f : all) words.push_back(to_string(f));
        const auto word = read_.word(*n, "from", words);
        for (const auto f : all)
            if (word == to_string(f)) s.from = f;
        s.most_terms = static_cast<std::uint32_t>(read_.integer(*n, "most_terms", 1, 1'000).value_or(0));
        return s;
    }

    scope read_scope(const std::string& name, const node& n) {
        read_.known_keys(n, {"about", "owner", "final_say", "residual", "shared_with"});
        return {.name = name,
                .about = string(n, "about"),
                .owner = string(n, "owner"),
                .final_say = flag(n, "final_say", true),
                .residual = flag(n, "residual", false),
                .shared_with = strings(n, "shared_with")};
    }

    duty read_duty(const std::string& name, const node& n) {
        read_.known_keys(n, {"topic", "owner", "for_whom", "cadence", "expectation", "evidence",
                             "feedback", "consequence", "escalation", "administrative"});
        return {.name = name,
                .topic = string(n, "topic"),
                .owner = string(n, "owner"),
                .for_whom = strings(n, "for_whom"),
                .cadence = read_.span(n, "cadence"),
                .expectation = string(n, "expectation"),
                .evidence = string(n, "evidence"),
                .feedback = string(n, "feedback"),
                .consequence = string(n, "consequence"),
                .escalation = string(n, "escalation"),
                .administrative = flag(n, "administrative", false)};
    }

    mandate read_mandate(const std::string& name, const node& n) {
        read_.known_keys(n, {"body", "from", "task", "powers", "limits", "until"});
        return {.name = name,
                .body = string(n, "body"),
                .from = string(n, "from"),
                .task = string(n, "task"),
                .powers = strings(n, "powers"),
                .limits = strings(n, "limits"),
                .until = read_.moment(n, "until")};
    }

    reader& read_;
    bool alumni_listed_ = false;
};

/// The node at a pointer, or the last one on the way there.
const node& node_at(const node& root, std::string_view pointer) {
    const node* at = &root;
    while (pointer.starts_with('/')) {
        pointer.remove_prefix(1);
        const auto key = pointer.substr(0, pointer.find('/'));
        const node* next = nullptr;
        pointer.remove_prefix(key.size());
        if (at->is_array()) {
            std::size_t i = 0;
            for (const char c : key) i = i * 10 + static_cast<std::size_t>(c - '0');
            if (i < at->elements.size()) next = &at->elements[i];
        } else {
            for (const auto& m : at->members)
                if (below("", m.key).substr(1) == key) next = &m.value;
        }
        if (next == nullptr) break;
        at = next;
    }
    return *at;
}

/// Applies the events of the document, stopping at the first that is refused: the later ones rely
/// on it.
void apply_events(reader& read, const node& root, roster& r, std::optional<instant> until) {
    const node* events = read.array(root, "events");
    if (events == nullptr) return;
    if (events->elements.size() > most_roster_events)
        return read.wrong(*events, "more than " + std::to_string(most_roster_events) + " events",
                          "fold the older ones into the roster");
    for (const auto& n : events->elements) {
        const auto event = read_roster_event(read, n);
        if (!event) return;
        if (until && event->at > *until) return;
        if (const auto done = r.apply(*event); !done) {
            const error why = done.error();
            for (const auto& p : why.problems)
                read.wrong(n, p.where.empty() ? p.what : p.where + ": " + p.what, p.hint);
            return;
        }
    }
}

}  // namespace

result<roster> load_roster(std::string_view json, std::string_view name,
                           std::optional<instant> until) {
    const auto text = json_text::parse(json, name);
    if (!text) return text.error();
    const node& root = text.value();
    reader read{root, std::string(name)};
    roster r;
    roster_builder::document(r) = loader(read).document(root);
    const auto faults = roster_builder::build(r);
    for (const auto& f : faults) {
        const node& at = node_at(root, f.pointer);
        if (f.warning)
            read.suspicious(at, f.what, f.hint);
        else
            read.wrong(at, f.what, f.hint);
    }
    if (read.ok()) apply_events(read, root, r, until);
    const bool over = std::any_of(faults.begin(), faults.end(),
                                  [](const auto& f) { return f.code == errc::limit; });
    if (!read.ok()) return read.why(over ? errc::limit : errc::invalid);
    roster_builder::set_warnings(r, read.problems());
    return r;
}

result<roster> load_roster_file(const std::string& path, std::optional<instant> until) {
    const auto text = json_text::read_file(path);
    if (!text) return text.error();
    return load_roster(text.value(), path, until);
}

}  // namespace quorate
