#include <quorate/roster.hpp>

namespace quorate {

// Kept by hand next to roster_load.cpp; tests/roster.cpp compares the keys of both.
std::string_view roster_schema() {
    return R"json({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "$id": "urn:quorate:schema:roster:1",
  "title": "quorate roster",
  "description": "People, teams, roles, seats, scopes, duties and mandates, with a stream of dated events.",
  "type": "object",
  "additionalProperties": false,
  "properties": {
    "$schema": { "type": "string" },
    "format": { "const": 1 },
    "name": { "type": "string", "maxLength": 200 },
    "source": { "$ref": "#/$defs/text", "description": "Where the facts are from." },
    "as_of": { "$ref": "#/$defs/instant", "description": "Of the last event that is folded in." },
    "rules": { "$ref": "#/$defs/rules" },
    "people": {
      "description": "By stable id.", "type": "object", "maxProperties": 10000,
      "propertyNames": { "$ref": "#/$defs/name" }, "additionalProperties": { "$ref": "#/$defs/person" }
    },
    "roles": {
      "description": "Name and description.", "type": "object",
      "propertyNames": { "$ref": "#/$defs/name" }, "additionalProperties": { "$ref": "#/$defs/text" }
    },
    "teams": {
      "description": "By name.", "type": "object", "maxProperties": 1000,
      "propertyNames": { "$ref": "#/$defs/name" }, "additionalProperties": { "$ref": "#/$defs/team" }
    },
    "scopes": { "type": "object", "additionalProperties": { "$ref": "#/$defs/scope" } },
    "duties": { "type": "object", "additionalProperties": { "$ref": "#/$defs/duty" } },
    "mandates": { "type": "object", "additionalProperties": { "$ref": "#/$defs/mandate" } },
    "weights": {
      "description": "What people hold, by kind and person; several holdings of one person are delegated to different people.",
      "type": "object", "propertyNames": { "$ref": "#/$defs/name" },
      "additionalProperties": {
        "type": "object", "propertyNames": { "$ref": "#/$defs/name" },
        "additionalProperties": { "anyOf": [ { "$ref": "#/$defs/weight" }, { "type": "array", "items": { "$ref": "#/$defs/holding" } } ] }
      }
    },
    "delegations": { "type": "array", "maxItems": 100000, "items": { "$ref": "#/$defs/delegation" } },
    "events": { "type": "array", "maxItems": 2000, "items": { "$ref": "#/$defs/event" } }
  },
  "$defs": {
    "name": { "type": "string", "pattern": "^[A-Za-z0-9_.:/+@#-]{1,64}$" },
    "names": { "type": "array", "items": { "$ref": "#/$defs/name" }, "uniqueItems": true },
    "text": { "type": "string", "maxLength": 4000 },
    "texts": { "type": "array", "items": { "$ref": "#/$defs/text" } },
    "instant": { "type": "string", "examples": ["2026-03-01T00:00:00Z"] },
    "duration": { "type": "string", "examples": ["10 days", "72 hours"] },
    "kind": { "enum": ["team", "working group", "project group", "marker team"] },
    "weight": { "type": ["integer", "string"], "minimum": 0, "examples": [10, "0.5", "1/3"] },
    "holding": {
      "type": "object", "additionalProperties": false, "required": ["weight"],
      "properties": {
        "weight": { "$ref": "#/$defs/weight" },
        "to": { "$ref": "#/$defs/name", "description": "Whom it is delegated to." }
      }
    },
    "delegation": {
      "description": "Who decides for a person who is silent; the narrowest that fits counts.",
      "type": "object", "additionalProperties": false, "required": ["who"],
      "properties": {
        "who": { "$ref": "#/$defs/name" },
        "to": { "$ref": "#/$defs/name", "description": "Absent: nobody, whatever a wider delegation says." },
        "team": { "$ref": "#/$defs/name", "description": "Only for proposals about that team." },
        "process": { "type": "string", "description": "Only for proposals of that process." },
        "ballot": { "type": "string", "description": "By which kind of ballot, where ballots are stakes; the first if absent." },
        "of": { "$ref": "#/$defs/name", "description": "Of which holding \"amount\" is." },
        "amount": { "$ref": "#/$defs/weight", "description": "How much of it is delegated, where ballots are stakes; all if absent." }
      }
    },
    "rules": {
      "description": "Conventions that this project declares for its own roster.",
      "type": "object", "additionalProperties": false,
      "properties": {
        "kebab_names": { "type": "boolean" },
        "teams_need_parent": { "type": "boolean" },
        "top_level_are_teams": { "type": "boolean" },
        "alumni_listed": { "type": "boolean" },
        "everyone_belongs": { "type": "boolean" },
        "parentless": { "$ref": "#/$defs/names" },
        "kind_prefixes": {
          "type": "object", "propertyNames": { "$ref": "#/$defs/kind" }, "additionalProperties": { "type": "string" }
        }
      }
    },
    "person": {
      "type": "object", "additionalProperties": false,
      "properties": {
        "handle": { "$ref": "#/$defs/name", "description": "The current one; the id if absent." },
        "former_handles": { "$ref": "#/$defs/names" },
        "name": { "type": "string", "maxLength": 200 },
        "affiliations": { "$ref": "#/$defs/texts" }
      }
    },
    "member": {
      "oneOf": [
        { "$ref": "#/$defs/name" },
        {
          "type": "object", "additionalProperties": false, "required": ["who"],
          "properties": { "who": { "$ref": "#/$defs/name" }, "roles": { "$ref": "#/$defs/names" } }
        }
      ]
    },
    "team": {
      "type": "object", "additionalProperties": false,
      "properties": {
        "title": { "type": "string", "maxLength": 200 },
        "about": { "$ref": "#/$defs/text" },
        "kind": { "$ref": "#/$defs/kind" },
        "parent": { "$ref": "#/$defs/name" },
        "top_level": { "type": "boolean" },
        "archived": { "type": "boolean" },
        "leads": { "$ref": "#/$defs/names" },
        "members": { "type": "array", "items": { "$ref": "#/$defs/member" } },
        "alumni": { "$ref": "#/$defs/names" },
        "includes": { "$ref": "#/$defs/names", "description": "Teams all of whose members are members here." },
        "include_leads": {
          "type": "object", "additionalProperties": false,
          "properties": {
            "of": { "$ref": "#/$defs/names" },
            "kinds": { "type": "array", "items": { "$ref": "#/$defs/kind" } },
            "top_level": { "type": "boolean" }
          }
        },
        "excluded": { "$ref": "#/$defs/names", "description": "Members without a ballot." },
        "collects_alumni": { "type": "boolean" },
        "members_known": { "type": "boolean", "description": "false: nobody counts as a member." },
        "size": { "type": "integer", "minimum": 0, "maximum": 1000000 },
        "label": { "$ref": "#/$defs/name" },
        "ping": { "type": "string", "maxLength": 200 },
        "aliases": { "$ref": "#/$defs/names" },
        "former_names": { "$ref": "#/$defs/names" },
        "seats": { "type": "array", "items": { "$ref": "#/$defs/seat" } },
        "seating": { "$ref": "#/$defs/seating" }
      }
    },
    "seating": {
      "description": "How people come to sit in a body, and for how long.",
      "type": "object", "additionalProperties": false,
      "properties": {
        "process": { "type": "string", "maxLength": 200, "description": "Of a charter, by which they come there." },
        "from": { "enum": ["anyone", "members", "members of the team represented", "leads"], "description": "From among whom." },
        "term": { "$ref": "#/$defs/duration", "description": "After which they are chosen anew." },
        "most_terms": { "type": "integer", "minimum": 1, "maximum": 1000, "description": "In a row." }
      }
    },
    "seat": {
      "type": "object", "additionalProperties": false, "required": ["name"],
      "properties": {
        "name": { "type": "string", "minLength": 1, "maxLength": 64 },
        "represents": { "$ref": "#/$defs/name" },
        "holder": { "$ref": "#/$defs/name" },
        "alternates": { "$ref": "#/$defs/names" },
        "since": { "$ref": "#/$defs/instant" },
        "until": { "$ref": "#/$defs/instant" },
        "lapsed": { "type": "boolean" }
      }
    },
    "scope": {
      "type": "object", "additionalProperties": false,
      "properties": {
        "about": { "$ref": "#/$defs/text" },
        "owner": { "$ref": "#/$defs/name" },
        "final_say": { "type": "boolean", "default": true },
        "residual": { "type": "boolean" },
        "shared_with": { "$ref": "#/$defs/names" }
      }
    },
    "duty": {
      "type": "object", "additionalProperties": false,
      "properties": {
        "topic": { "$ref": "#/$defs/text" },
        "owner": { "$ref": "#/$defs/name" },
        "for_whom": { "$ref": "#/$defs/texts" },
        "cadence": { "$ref": "#/$defs/duration" },
        "expectation": { "$ref": "#/$defs/text" },
        "evidence": { "$ref": "#/$defs/text" },
        "feedback": { "$ref": "#/$defs/text" },
        "consequence": { "$ref": "#/$defs/text" },
        "escalation": { "$ref": "#/$defs/text" },
        "administrative": { "type": "boolean" }
      }
    },
    "mandate": {
      "type": "object", "additionalProperties": false, "required": ["body"],
      "properties": {
        "body": { "$ref": "#/$defs/name" },
        "from": { "$ref": "#/$defs/name" },
        "task": { "$ref": "#/$defs/text" },
        "powers": { "$ref": "#/$defs/texts" },
        "limits": { "$ref": "#/$defs/texts" },
        "until": { "$ref": "#/$defs/instant" }
      }
    },
    "event": {
      "type": "object", "additionalProperties": false, "required": ["at", "event"],
      "properties": {
        "at": { "$ref": "#/$defs/instant" },
        "event": {
          "enum": [
            "add person", "change handle", "change name", "change affiliations", "add team", "rename team", "archive team",
            "remove team", "join", "leave", "add lead", "remove lead", "give role", "take role", "exclude", "readmit",
            "include", "uninclude", "add seat", "remove seat", "fill seat", "vacate seat", "lapse seat", "add alternate",
            "remove alternate", "set weight", "delegate", "undelegate"
          ]
        },
        "who": { "$ref": "#/$defs/name" },
        "team": { "$ref": "#/$defs/name" },
        "handle": { "$ref": "#/$defs/name" },
        "name": { "type": "string", "maxLength": 200 },
        "title": { "type": "string", "maxLength": 200 },
        "kind": { "$ref": "#/$defs/kind" },
        "parent": { "$ref": "#/$defs/name" },
        "top_level": { "type": "boolean" },
        "label": { "$ref": "#/$defs/name" },
        "role": { "$ref": "#/$defs/name" },
        "seat": { "type": "string", "minLength": 1, "maxLength": 64 },
        "other_team": { "$ref": "#/$defs/name" },
        "affiliations": { "$ref": "#/$defs/texts" },
        "until": { "$ref": "#/$defs/instant" },
        "of": { "$ref": "#/$defs/name" },
        "amount": { "type": "string", "examples": ["10", "1/3"] },
        "to": { "$ref": "#/$defs/name" },
        "process": { "type": "string" },
        "ballot": { "type": "string" },
        "reason": { "$ref": "#/$defs/text" }
      }
    }
  }
}
)json";
}

}  // namespace quorate
