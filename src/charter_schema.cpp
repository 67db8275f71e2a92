#include <quorate/charter.hpp>

namespace quorate {

// Kept by hand next to charter_load.cpp; tests/charter_schema.cpp compares the keys and words of both. It accepts whatever loads;
// what only a look at the whole shows (unknown names in rules, exits that the law forbids) is the loader's business.
std::string_view charter_schema() {
    return R"json({
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
        "override", "withdraw", "adopt", "appoint", "advance", "fact", "link", "assign", "enact", "fail to enact", "appeal",
        "reconsider", "revive"
      ]
    },
    "acts": {
      "description": "One act, or several separated by commas; \"fact\", \"cast\", \"propose\", \"revise\" and \"link\" may say about what: \"fact published\", \"link rfc accepted\".", "type": "string",
      "anyOf": [
        { "$ref": "#/$defs/act_name" },
        { "pattern": "^ *((cast|propose|fact|revise|link|appoint)( +(?!for another)[^, ][^,]*)?|withdraw ballot|raise|resolve|second|withdraw second|ask|answer|recuse|rejoin|delegate|add option|amend option|withdraw option|sponsor|cancel|hold|release|extend|override|withdraw|adopt|advance|assign|enact|fail to enact|appeal|reconsider|revive) *(, *((cast|propose|fact|revise|link|appoint)( +(?!for another)[^, ][^,]*)?|withdraw ballot|raise|resolve|second|withdraw second|ask|answer|recuse|rejoin|delegate|add option|amend option|withdraw option|sponsor|cancel|hold|release|extend|override|withdraw|adopt|advance|assign|enact|fail to enact|appeal|reconsider|revive) *)*,?$" }
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
        "revisions": {
          "description": "Kinds of change to the text; each revision must then be of one.",
          "type": "object", "additionalProperties": { "$ref": "#/$defs/revision" }
        },
        "electorate": { "$ref": "#/$defs/electorate" },
        "concerns": { "$ref": "#/$defs/concerns" },
        "standing": { "$ref": "#/$defs/standing" },
        "ballots": { "$ref": "#/$defs/ballots" },
        "delegation": { "$ref": "#/$defs/delegation" },
        "visible": {
          "description": "Who may see proposals: any of these; everyone if absent.",
          "anyOf": [
            { "$ref": "#/$defs/set" }, { "$ref": "#/$defs/audience" },
            { "type": "array", "items": { "anyOf": [ { "$ref": "#/$defs/set" }, { "$ref": "#/$defs/audience" } ] } }
          ]
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
        "stages": {
          "description": "The steps of the process, by name; the first is where a proposal starts.",
          "type": "object", "minProperties": 1, "maxProperties": 64,
          "additionalProperties": { "$ref": "#/$defs/stage" }
        }
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
        { "enum": ["resolve", "override", "cancel", "withdraw", "revise"] },
        { "pattern": "^ *(resolve|override|cancel|withdraw|revise) *(, *(resolve|override|cancel|withdraw|revise) *)*,?$" }
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
        }
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
)json"  // some compilers take no literal of more than 16 KiB
           R"json(    "electorate": {
      "description": "Who decides.",
      "type": "object", "additionalProperties": false, "required": ["of"],
      "properties": {
        "of": { "$ref": "#/$defs/set", "description": "The people who count." },
        "taken": {
          "description": "When the list is made: \"live\" follows the roster, \"at open\" once, \"on propose\" at each such act, \"on entry of voting\" with such a stage.",
          "type": "string", "default": "live", "examples": ["live", "at open", "on propose"],
          "pattern": "^(live|at open|on entry of .*|on  *(cast|withdraw ballot|raise|resolve|second|withdraw second|ask|answer|recuse|rejoin|delegate|revise|add option|amend option|withdraw option|sponsor|propose|cancel|hold|release|extend|override|withdraw|adopt|appoint|advance|fact|link|assign|enact|fail to enact|appeal|reconsider|revive) *(, *(cast|withdraw ballot|raise|resolve|second|withdraw second|ask|answer|recuse|rejoin|delegate|revise|add option|amend option|withdraw option|sponsor|propose|cancel|hold|release|extend|override|withdraw|adopt|appoint|advance|fact|link|assign|enact|fail to enact|appeal|reconsider|revive) *)*,?)$"
        },
        "by": { "description": "What one vote stands for.", "enum": ["person", "seat", "organisation"], "default": "person" },
        "recused": {
          "description": "Whether recused members still count as eligible.", "enum": ["stay", "leave"], "default": "stay"
        },
        "weight": { "type": "string", "description": "Which holdings of the roster are the weights of votes; without it all weigh the same." },
        "weightless": {
          "description": "Whether who holds nothing of it is of the electorate, with weight 0.", "enum": ["left out", "counted"], "default": "left out"
        },
        "about": { "$ref": "#/$defs/about" }
      }
    },
    "delegation": {
      "description": "Whose ballot counts for somebody who is silent. Their own always replaces it.",
      "type": "object", "additionalProperties": false, "required": ["hops"],
      "properties": {
        "hops": { "description": "Only their delegate's own ballot, or down a chain of delegates.", "enum": ["one", "any"] },
        "own ballot": {
          "description": "Whether a delegate casts once for all, or apart for what they hold themselves (\"detail\": \"own\").",
          "enum": ["replaces", "apart"], "default": "replaces"
        },
        "about": { "$ref": "#/$defs/about" }
      }
    },
    "concerns": {
      "description": "Objections that somebody raises and that must be resolved.",
      "type": "object", "additionalProperties": false,
      "properties": {
        "blocking": {
          "description": "Whether the law lets nothing be accepted while one is open.", "type": "boolean", "default": true
        },
        "names": {
          "description": "Whether a name that was used once may be used again.", "enum": ["once", "again"], "default": "again"
        },
        "seconds": {
          "description": "How many others must second a concern before it counts.",
          "type": "integer", "minimum": 0, "maximum": 100, "default": 0
        },
        "when raiser leaves": {
          "description": "Whether a concern outlives its raiser's leave to raise it.", "enum": ["stays", "lapses"], "default": "stays"
        },
        "about": { "$ref": "#/$defs/about" }
      }
    },
    "standing": {
      "description": "Seconds (of the proposal, of concerns) and holds.",
      "type": "object", "additionalProperties": false,
      "properties": {
        "when people leave": {
          "description": "Whether they outlive their giver's leave to give them.", "enum": ["stays", "lapses"], "default": "stays"
        },
        "about": { "$ref": "#/$defs/about" }
      }
    },
    "ballots": {
      "description": "What ballots are like.",
      "type": "object", "additionalProperties": false,
      "properties": {
        "revisable": { "description": "Whether a cast ballot may be changed.", "type": "boolean", "default": true },
        "split": {
          "description": "Whether a ballot may be in parts: shares that make 1, or amounts of one's weight until it is spent.",
          "enum": ["shares", "amounts"]
        },
        "shown": {
          "description": "When people see what ballots say.", "enum": ["at once", "at close", "never"], "default": "at once"
        },
        "shown to": { "$ref": "#/$defs/set", "description": "Who sees it at once, when others don't." },
        "about": { "$ref": "#/$defs/about" }
      }
    },
    "stage": {
      "description": "A step of the process: who may do what in it, and how it ends.",
      "type": "object", "additionalProperties": false, "required": ["phase"],
      "properties": {
        "title": { "type": "string", "description": "For people; the stage's name if absent." },
        "about": { "$ref": "#/$defs/about" },
        "phase": { "$ref": "#/$defs/phase" },
        "visible": {
          "description": "Who may see it while it is here; as the process says if absent.",
          "anyOf": [
            { "$ref": "#/$defs/set" }, { "$ref": "#/$defs/audience" },
            { "type": "array", "items": { "anyOf": [ { "$ref": "#/$defs/set" }, { "$ref": "#/$defs/audience" } ] } }
          ]
        },
        "allow": {
          "description": "Who may do what: by act, or several with commas between; \" for another\" behind one: on behalf of somebody.",
          "type": "object",
          "propertyNames": {
            "anyOf": [
              { "$ref": "#/$defs/act_name" },
              { "pattern": "^ *((cast|propose|fact|revise|link|appoint)( +(?!for another)[^, ][^,]*)?|withdraw ballot|raise|resolve|second|withdraw second|ask|answer|recuse|rejoin|delegate|add option|amend option|withdraw option|sponsor|cancel|hold|release|extend|override|withdraw|adopt|advance|assign|enact|fail to enact|appeal|reconsider|revive)( for another)? *(, *((cast|propose|fact|revise|link|appoint)( +(?!for another)[^, ][^,]*)?|withdraw ballot|raise|resolve|second|withdraw second|ask|answer|recuse|rejoin|delegate|add option|amend option|withdraw option|sponsor|cancel|hold|release|extend|override|withdraw|adopt|advance|assign|enact|fail to enact|appeal|reconsider|revive)( for another)? *)*,?$" }
            ]
          },
          "additionalProperties": {
            "anyOf": [
              { "$ref": "#/$defs/set" },
              { "$ref": "#/$defs/leave" },
              { "type": "array", "items": { "anyOf": [ { "$ref": "#/$defs/set" }, { "$ref": "#/$defs/leave" } ] } }
            ]
          },
          "examples": [ { "cast": "electorate", "raise, cancel": "team(core)", "cast for another": "leads(core)" } ]
        },
        "exits": {
          "description": "Ways out, in order: the first that holds is taken.",
          "type": "array", "maxItems": 64, "items": { "$ref": "#/$defs/exit" }
        },
        "clock": { "$ref": "#/$defs/clock" },
        "extend": { "$ref": "#/$defs/extend" },
        "effects": { "$ref": "#/$defs/effects", "description": "What the host should do on the way in." }
      }
    },
    "leave": {
      "type": "object", "additionalProperties": false, "required": ["who"],
      "properties": {
        "who": { "$ref": "#/$defs/set", "minLength": 1 },
        "if": { "$ref": "#/$defs/rule", "description": "Must hold as well, with what the act itself says in it." },
        "reason": {
          "description": "Whether the act is refused without a reason.", "enum": ["required", "optional"], "default": "optional"
        },
        "about": { "$ref": "#/$defs/about" }, "cites": { "$ref": "#/$defs/cites" }
      }
    },
    "audience": {
      "type": "object", "additionalProperties": false, "required": ["who"],
      "properties": {
        "who": { "$ref": "#/$defs/set", "minLength": 1 },
        "if": { "$ref": "#/$defs/rule", "description": "They may see it while this holds." },
        "about": { "$ref": "#/$defs/about" }, "cites": { "$ref": "#/$defs/cites" }
      }
    },
    "clock": {
      "description": "When the time of the stage counts; always if absent.",
      "type": "object", "additionalProperties": false,
      "properties": {
        "runs while": { "$ref": "#/$defs/rule", "description": "The stage's clock stands still while this doesn't hold." },
        "about": { "$ref": "#/$defs/about" }
      }
    },
    "extend": {
      "description": "How far the stage may be extended; not at all if absent.",
      "type": "object", "additionalProperties": false, "required": ["at most"],
      "properties": {
        "at most": { "$ref": "#/$defs/duration", "description": "How much all extensions may add up to." },
        "about": { "$ref": "#/$defs/about" }
      }
    },
    "exit": {
      "description": "A way out of a stage, with one of \"on\", \"when\" and \"after\".",
      "type": "object", "additionalProperties": false, "required": ["to"],
      "oneOf": [ { "required": ["on"] }, { "required": ["when"] }, { "required": ["after"] } ],
      "dependentRequired": { "held": ["when"], "since": ["after"], "end": ["after"] },
      "properties": {
        "on": { "$ref": "#/$defs/acts", "description": "Taken when somebody does one of these." },
        "when": { "$ref": "#/$defs/rule", "description": "Taken as soon as this rule holds." },
        "held": { "$ref": "#/$defs/duration", "description": "With \"when\": it must have held for so long without a break." },
        "after": { "$ref": "#/$defs/duration", "description": "Taken when so much time has passed since the stage was entered." },
        "since": {
          "description": "With \"after\": measured from the last event of this kind, or the last report of this declared fact.",
          "anyOf": [
            { "enum": ["revision", "proposal", "ballot", "second", "concern", "threshold", "oldest_concern"] },
            { "$ref": "#/$defs/name" }
          ]
        },
        "end": {
          "description": "With \"after\": whether what is done at the very last instant still counts.",
          "enum": ["open", "closed"], "default": "closed"
        },
        "if": { "$ref": "#/$defs/rule", "description": "Must hold as well." },
        "to": {
          "description": "A stage of this process, or an outcome.", "type": "string",
          "examples": ["accepted", "rejected", "postponed", "withdrawn", "lapsed", "inconclusive"]
        },
        "disposition": { "type": "string", "description": "Becomes the proposal's disposition." },
        "cast": {
          "description": "Ballots that are recorded on the way: by position, whose.",
          "type": "object", "propertyNames": { "$ref": "#/$defs/name" },
          "additionalProperties": { "$ref": "#/$defs/set" }, "examples": [ { "approve": "proposer" } ]
        },
        "ballots": { "$ref": "#/$defs/kept_ballots", "description": "What becomes of ballots." },
        "concerns": { "$ref": "#/$defs/keep_or_clear", "description": "What becomes of concerns." },
        "seconds": { "$ref": "#/$defs/keep_or_clear", "description": "What becomes of seconds of the proposal." },
        "round": { "$ref": "#/$defs/keep_or_clear", "description": "Clear: all that a cancel clears." },
        "clock": {
          "description": "Keep: the clock of the stage that is left runs on, as if the next had been entered then.",
          "enum": ["keep", "anew"], "default": "anew"
        },
        "effects": { "$ref": "#/$defs/effects", "description": "What the host should do when this exit is taken." },
        "about": { "$ref": "#/$defs/about" },
        "cites": { "description": "Where this comes from." }
      }
    },
    "effects": { "type": "array", "items": { "anyOf": [ { "type": "string" }, { "$ref": "#/$defs/effect" } ] } },
    "effect": {
      "description": "Something for the host to do: its kind, and further texts; subject, stage and disposition come by themselves.",
      "type": "object", "required": ["do"],
      "properties": {
        "do": { "type": "string", "minLength": 1, "description": "The kind, such as \"label\"." },
        "subject": false, "stage": false, "disposition": false
      },
      "additionalProperties": { "type": "string" }
    }
  }
}
)json";
}

}  // namespace quorate
