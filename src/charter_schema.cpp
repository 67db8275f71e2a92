#include <string>

#include <quorate/charter.hpp>

#include "charter_schema.hpp"

namespace quorate {

// Kept by hand next to charter_load.cpp; tests/charter_schema.cpp compares the keys and words of both. It accepts whatever loads;
// what only a look at the whole shows (unknown names in rules, exits that the law forbids) is the loader's business.
std::string_view charter_schema() {
    static const std::string whole = std::string(R"json({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "$id": "urn:quorate:schema:charter:1",
  "title": "quorate charter",
  "description": "How a group decides: processes with their people, rules and stages.",
  "type": "object", "additionalProperties": false, "required": ["title", "processes"],
  "properties": {
    "$schema": { "description": "Where this schema is, for editors." },
    "title": { "type": "string", "minLength": 1, "description": "The charter's name, for people." },
    "version": { "type": "string", "description": "The charter's own version." },
    "cites": { "$ref": "#/$defs/cites" },
    "about": { "$ref": "#/$defs/about" },
    "roster": { "type": "string", "description": "The roster it was written for." },
    "parameters": {
      "description": "Values that are named once and used in rules; they can be set anew when the charter is loaded.",
      "type": "object", "maxProperties": 64,
      "additionalProperties": { "anyOf": [ { "$ref": "#/$defs/value" }, { "$ref": "#/$defs/parameter" } ] }
    },
    "audit": {
      "description": "What its people hold for too much; audits compare what simulations measure with it.",
      "type": "object", "additionalProperties": false,
      "properties": {
        "about": { "$ref": "#/$defs/about" },
        "most acts per decision": { "description": "On average.", "type": "integer", "minimum": 1, "maximum": 1000000 },
        "most time per decision": { "$ref": "#/$defs/duration" },
        "most acts per seat": { "description": "Of one person in one simulated run.", "type": "integer", "minimum": 1, "maximum": 1000000 },
        "longest wait for leaders": { "description": "On average: how much less time a decision would take if leaders answered at once.", "$ref": "#/$defs/duration" },
        "longest term": { "description": "Of those who lead.", "$ref": "#/$defs/duration" }
      }
    },
    "processes": {
      "description": "Ways to decide, by name.",
      "type": "object", "minProperties": 1, "maxProperties": 64,
      "additionalProperties": { "$ref": "#/$defs/process" }
    }
  },
  "$defs": {
    "about": { "description": "A remark for readers; it has no effect." },
    "cites": { "type": "string", "description": "Where this comes from: a document, a line of code, a decision." },
    "name": { "type": "string", "pattern": "^[A-Za-z_]([A-Za-z0-9_]|-[A-Za-z0-9_])*$" },
    "rule": {
      "description": "A condition in the rule language.", "type": "string", "maxLength": 4096,
      "examples": ["approve > 1/2 of eligible and concerns == 0", "outstanding < 3", "disposition == merge"]
    },
    "set": {
      "description": "People: a set in the rule language.", "type": "string", "maxLength": 4096,
      "examples": ["electorate", "author", "everyone", "team(core)", "leads(core)", "teams of proposal", "raiser or leads(core)"]
    },
    "duration": {
      "description": "A length of time, or the name of a parameter that is one.", "type": "string",
      "examples": ["10 days", "72 hours", "1 day 12 hours", "P10D"]
    },
    "act_name": {
      "enum": [
        "cast", "withdraw ballot", "raise", "resolve", "second", "withdraw second", "ask", "answer", "recuse", "rejoin", "delegate",
        "revise", "add option", "amend option", "withdraw option", "sponsor", "propose", "cancel", "hold", "release", "extend",
        "override", "break tie", "withdraw", "adopt", "appoint", "advance", "fact", "link", "assign", "vacate", "enact", "fail to enact", "appeal",
        "reconsider", "revive"
      ]
    },
    "acts": {
      "description": "One act, or several separated by commas; \"fact\", \"cast\", \"propose\", \"revise\" and \"link\" may say about what: \"fact published\", \"link rfc accepted\".", "type": "string",
      "anyOf": [
        { "$ref": "#/$defs/act_name" },
        { "pattern": "^ *((cast|propose|fact|revise|link|appoint)( +(?!for another)[^, ][^,]*)?|withdraw ballot|raise|resolve|second|withdraw second|ask|answer|recuse|rejoin|delegate|add option|amend option|withdraw option|sponsor|cancel|hold|release|extend|override|break tie|withdraw|adopt|advance|assign|vacate|enact|fail to enact|appeal|reconsider|revive) *(, *((cast|propose|fact|revise|link|appoint)( +(?!for another)[^, ][^,]*)?|withdraw ballot|raise|resolve|second|withdraw second|ask|answer|recuse|rejoin|delegate|add option|amend option|withdraw option|sponsor|cancel|hold|release|extend|override|break tie|withdraw|adopt|advance|assign|vacate|enact|fail to enact|appeal|reconsider|revive) *)*,?$" }
      ]
    },
    "keep_or_clear": { "enum": ["keep", "clear"], "default": "keep" },
    "kept_ballots": {
      "description": "All are kept, all cleared, or those of some positions kept.",
      "anyOf": [ { "$ref": "#/$defs/keep_or_clear" }, { "type": "array", "items": { "type": "string" } } ]
    },
    "phase": {
      "description": "The phase of the law that a stage is in: it bounds what may be done there and where exits may lead.",
      "enum": [
        "draft", "review", "final_comment", "approval", "accepted", "enacted", "rejected", "postponed", "withdrawn", "lapsed",
        "inconclusive", "void"
      ]
    },
    "value": {
      "description": "A number, a share, a duration, or a name (of a team, say).", "type": ["string", "number"],
      "examples": ["2/3", "66%", "10 days", "core", 3]
    },
    "parameter": {
      "type": "object", "additionalProperties": false, "required": ["value"],
      "properties": {
        "value": { "$ref": "#/$defs/value" },
        "about": { "type": "string", "description": "What it is for; shown when the charter is described." }
      }
    },
    "process": {
      "description": "A way to decide.",
      "type": "object", "additionalProperties": false, "required": ["electorate", "stages"],
      "properties": {
        "title": { "type": "string", "description": "For people; the process's name if absent." },
        "cites": { "$ref": "#/$defs/cites" },
        "about": { "$ref": "#/$defs/about" },
        "kind": {
          "description": "A decision ends in an outcome; a gate is a standing truth that can be lost again.",
          "enum": ["decision", "gate"], "default": "decision"
        },
        "dispositions": {
          "description": "What can be asked for: whoever proposes must name one of them.",
          "type": "array", "items": { "type": "string" }, "examples": [["merge", "postpone", "close"]]
        },
        "positions": {
          "description": "What a ballot can say, by the name that rules use.",
          "type": "object", "maxProperties": 15, "propertyNames": { "$ref": "#/$defs/name" },
          "additionalProperties": { "$ref": "#/$defs/position" }
        },
        "rules": {
          "description": "Named rules, which other rules and exits use by name.",
          "type": "object", "maxProperties": 128, "propertyNames": { "$ref": "#/$defs/name" },
          "additionalProperties": { "anyOf": [ { "$ref": "#/$defs/rule" }, { "$ref": "#/$defs/named_rule" } ] }
        },
        "facts": {
          "description": "Names of facts that the host may report; any if absent or empty.",
          "type": "array", "items": { "type": "string" }
        },
        "offices": {
          "description": "Parts that people may have in one proposal, such as its delegate; \"appoint\" says who has them.",
          "type": "array", "items": { "type": "string" }
        },
        "acts": {
          "description": "What people call acts in this process, as behind \"may\": \"cancel\": \"file a PR to close\".",
          "type": "object",
          "propertyNames": { "$ref": "#/$defs/acts" },
          "additionalProperties": { "type": "string" }
        },
        "revisions": {
          "description": "Kinds of change to the text; each revision must then be of one.",
          "type": "object", "additionalProperties": { "$ref": "#/$defs/revision" }
        },
        "electorate": { "$ref": "#/$defs/electorate" },
        "concerns": { "$ref": "#/$defs/concerns" },
        "standing": { "$ref": "#/$defs/standing" },
        "ballots": { "$ref": "#/$defs/ballots" },
        "delegation": { "$ref": "#/$defs/delegation" },
        "options": { "$ref": "#/$defs/options" },
        "count": { "$ref": "#/$defs/count" },
        "visible": {
          "description": "Who may see proposals: any of these; everyone if absent.",
          "anyOf": [
            { "$ref": "#/$defs/set" }, { "$ref": "#/$defs/audience" },
            { "type": "array", "items": { "anyOf": [ { "$ref": "#/$defs/set" }, { "$ref": "#/$defs/audience" } ] } }
          ]
        },
        "lint": {
          "description": "Findings of lint that are meant, and why.",
          "type": "object",
          "propertyNames": { "enum": ["unsatisfiable", "always holds", "skippable rule", "unused definition", "self-approval", "shadowed exit",
                                      "extension too long", "expedited not stricter", "concern trap", "empty group", "k larger than the group"] },
          "additionalProperties": { "type": "string", "minLength": 1 }
        },
        "default disposition": { "type": "string", "description": "What proposing without a disposition means." },
        "teams": {
          "description": "Which teams a proposal may name.",
          "type": "object", "additionalProperties": false,
          "properties": {
            "about": { "$ref": "#/$defs/about" }, "cites": { "$ref": "#/$defs/cites" },
            "exactly": { "description": "How many.", "type": "integer", "minimum": 0, "maximum": 60 },
            "except": { "description": "Never these.", "type": "array", "items": { "type": "string" } }
          }
        },
        "open": {
          "description": "Who may open a proposal, and when; everyone, always, if absent.",
          "anyOf": [ { "$ref": "#/$defs/set" }, { "$ref": "#/$defs/opening" } ]
        },
        "per subject": {
          "description": "How many proposals there may be about one subject: any number, one that is open, or one ever.",
          "enum": ["any", "one open", "one"], "default": "any"
        },
        "children": {
          "description": "What outcomes of proposals under this one do here: by the child's process, then by outcome, an act.",
          "type": "object",
          "additionalProperties": {
            "type": "object",
            "propertyNames": {
              "enum": ["accepted", "enacted", "rejected", "postponed", "withdrawn", "lapsed", "inconclusive", "void"]
            },
            "additionalProperties": {
              "anyOf": [ { "$ref": "#/$defs/reaction" }, { "type": "array", "items": { "$ref": "#/$defs/reaction" } } ]
            }
          }
        },
        "notice": { "description": "So long outsiders are promised to know what is intended before it is accepted or rejected; verify looks whether it holds.", "$ref": "#/$defs/duration" },
        "properties": {
          "description": "What must hold of all that can happen; verify looks whether it does.",
          "type": "object", "maxProperties": 64, "additionalProperties": { "$ref": "#/$defs/property" }
        },
        "known findings": {
          "description": "Findings of verify that are as they should be, by id, each with the reason.",
          "type": "object", "maxProperties": 64, "additionalProperties": { "type": "string", "minLength": 1 },
          "examples": [{ "leaver blocks: pending": "rfcbot-rs#342" }]
        },
        "stages": {
          "description": "The steps of the process, by name; the first is where a proposal starts.",
          "type": "object", "minProperties": 1, "maxProperties": 64,
          "additionalProperties": { "$ref": "#/$defs/stage" }
        }
      }
    },
    "property": {
      "description": "Always, never or from everywhere still possible: a rule; or out of some stages within a time.",
      "type": "object", "additionalProperties": false,
      "oneOf": [ { "required": ["always"] }, { "required": ["never"] }, { "required": ["eventually possible"] }, { "required": ["within", "in"] } ],
      "properties": {
        "always": { "description": "Met in every situation.", "$ref": "#/$defs/rule" },
        "never": { "description": "Met in no situation.", "$ref": "#/$defs/rule" },
        "eventually possible": { "description": "Can still come to be met, whatever has happened.", "$ref": "#/$defs/rule" },
        "within": { "description": "How long it takes at most when nobody does anything.", "$ref": "#/$defs/duration" },
        "unless": { "description": "With within: while this is met, it may take longer.", "$ref": "#/$defs/rule" },
        "in": {
          "description": "Stages, or phases: only situations there are meant.",
          "anyOf": [ { "type": "string" }, { "type": "array", "items": { "type": "string" } } ]
        },
        "about": { "$ref": "#/$defs/about" }, "cites": { "$ref": "#/$defs/cites" }
      }
    },
    "opening": {
      "type": "object", "additionalProperties": false,
      "properties": {
        "who": { "$ref": "#/$defs/set" },
        "if": { "$ref": "#/$defs/rule", "description": "Must hold as well, read as the new proposal stands." },
        "under": {
          "description": "Under proposals of which processes it may be opened, or of which process in which stage (\"rfc accepted\"); without it, under any or none.",
          "type": "array", "items": { "type": "string" }
        },
        "about": { "$ref": "#/$defs/about" }
      }
    },
    "reaction": {
      "description": "What is done to the parent, with the charter's own authority. Of several the first that fits is taken.",
      "anyOf": [ { "$ref": "#/$defs/reaction_acts" }, { "$ref": "#/$defs/reaction_if" } ]
    },
    "reaction_acts": {
      "description": "One act, or several separated by commas, done in that order.", "type": "string",
      "anyOf": [
        { "enum": ["resolve", "override", "cancel", "withdraw", "revise", "appeal", "reconsider", "revive"] },
        { "pattern": "^ *(resolve|override|cancel|withdraw|revise|appeal|reconsider|revive) *(, *(resolve|override|cancel|withdraw|revise|appeal|reconsider|revive) *)*,?$" }
      ]
    },
    "reaction_if": {
      "type": "object", "additionalProperties": false, "required": ["do"],
      "properties": {
        "disposition": { "type": "string", "description": "Only when this is what the child asked for." },
        "do": { "$ref": "#/$defs/reaction_acts" },
        "revision": { "type": "string", "description": "The kind of revision that \"revise\" makes." },
        "about": { "$ref": "#/$defs/about" }
      }
    },
    "position": {
      "type": "object", "additionalProperties": false,
      "properties": {
        "title": { "type": "string", "description": "For people, such as \"+1\"; the position's name if absent." },
        "about": { "$ref": "#/$defs/about" },
        "binding": {
          "description": "false: recorded and shown, but counted by no rule.", "type": "boolean", "default": true
        },
        "reason": {
          "description": "Whether a ballot without a reason is refused.", "enum": ["required", "optional"], "default": "optional"
        },
        "cast": {
          "description": "Whether it counts as a ballot cast, such as for a quorum.", "type": "boolean", "default": true
        },
        "base": {
          "description": "Whether who chooses it still counts as eligible.", "type": "boolean", "default": true
        },
        "marks": {
          "description": "What its ballots say about the options: ranks, scores, or which are approved of.",
          "enum": ["ranking", "scores", "approvals"]
        },
        "scores": {
          "description": "The least and the highest score.", "type": "object", "additionalProperties": false,
          "properties": {
            "from": { "description": "The least.", "type": "integer", "default": 0 }, "to": { "description": "The highest.", "type": "integer", "default": 5 }
          }
        }
      }
    },
    "options": {
      "description": "What can be voted for: options on every ballot, and those that people put forward (\"add option\").",
      "type": "object", "additionalProperties": false,
      "properties": {
        "fixed": {
          "description": "Options on every ballot, each with its title.", "type": "object", "maxProperties": 64,
          "propertyNames": { "pattern": "^[A-Za-z0-9_./-]{1,64}$" }, "additionalProperties": { "type": "string" },
          "examples": [{ "nota": "None of the above" }]
        },
        "default": { "type": "string", "description": "One of them: the option that means that nothing else is chosen. Rules call it default." },
        "kinds": {
          "description": "Sorts of options, with what each takes to win.", "type": "object", "maxProperties": 16,
          "additionalProperties": {
            "type": "object", "additionalProperties": false,
            "properties": {
              "title": { "type": "string", "description": "For people; the kind's name if absent." }, "about": { "$ref": "#/$defs/about" }, "cites": { "$ref": "#/$defs/cites" },
              "ratio": {
                "description": "How many must prefer it to the default option for each who doesn't.", "type": "string",
                "pattern": "^[0-9]+:[0-9]+$", "default": "1:1", "examples": ["3:1"]
              }
            }
          }
        },
        "on ballot": {
          "description": "Which of those put forward are on the ballot: a rule in which sponsors are the option's own; all if absent.",
          "$ref": "#/$defs/rule"
        },
        "about": { "$ref": "#/$defs/about" }, "cites": { "$ref": "#/$defs/cites" }
      }
    },
    "count": {
      "description": "How ballots about options are counted: what winner, elected and tied mean in rules.",
      "type": "object", "additionalProperties": false, "required": ["method"],
      "properties": {
        "method": { "type": "string", "description": "As 'quorate count --methods' lists them.", "examples": ["debian", "stv-scotland", "star"] },
        "seats": { "description": "How many are elected.", "type": "integer", "minimum": 1, "maximum": 100, "default": 1 },
        "quorum": {
          "description": "A number: an option that fewer prefer to the default one is dropped.", "type": "string",
          "examples": ["3/2 * sqrt(eligible)"]
        },
        "ratio": { "description": "Whether the ratios of kinds of options are to be met or passed.", "enum": ["met", "passed"], "default": "met" },
        "unranked": { "description": "How options that a ballot leaves out stand in comparisons.", "enum": ["last", "not compared"], "default": "last" },
        "equal": { "description": "What a ballot does where several options share the rank that counts.", "enum": ["split", "whole", "skip", "wait", "exhaust"], "default": "split" },
        "skipped": { "description": "What a gap in the ranks means.", "enum": ["close", "exhaust", "exhaust two"], "default": "close" },
        "strength": { "description": "How strong a defeat between two options is.", "enum": ["winning votes", "margins", "ratio", "opposition"], "default": "winning votes" },
        "quota": { "description": "How many votes elect.", "enum": ["droop", "hagenbach-bischoff", "hare", "imperiali"], "default": "droop" },
        "digits": { "description": "Digits of fixed-point arithmetic; exact fractions if absent.", "type": "integer", "minimum": 0, "maximum": 18 },
        "ties": {
          "description": "Ways to break a tie, tried in this order; the last may be to ask (\"break tie\").", "type": "array",
          "items": { "enum": ["earlier stage", "first stage", "order on the ballot", "pairwise", "casting vote", "agreement"] }
        },
        "most per affiliation": { "description": "Of the seats.", "type": "integer", "minimum": 1, "maximum": 100 },
        "about": { "$ref": "#/$defs/about" }, "cites": { "$ref": "#/$defs/cites" }
      }
    },
    "revision": {
      "type": "object", "additionalProperties": false,
      "properties": {
        "editorial": {
          "description": "Legal even while the text is otherwise frozen.", "type": "boolean", "default": false
        },
        "ballots": { "$ref": "#/$defs/kept_ballots", "description": "What becomes of ballots cast before." }
      }
    },
    "named_rule": {
      "type": "object", "additionalProperties": false, "required": ["rule"],
      "properties": {
        "rule": { "$ref": "#/$defs/rule" },
        "cites": { "$ref": "#/$defs/cites" },
        "about": { "$ref": "#/$defs/about" }
      }
    },
)json") + std::string(charter_schema_parts());
    return whole;
}

}  // namespace quorate
