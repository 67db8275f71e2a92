#include "charter_schema.hpp"

namespace quorate {

std::string_view charter_schema_parts() {
    return R"json(    "electorate": {
      "description": "Who decides.",
      "type": "object", "additionalProperties": false, "required": ["of"],
      "properties": {
        "of": { "$ref": "#/$defs/set", "description": "The people who count." },
        "taken": {
          "description": "When the list is made: \"live\" follows the roster, \"at open\" once, \"on propose\" at each such act, \"on entry of voting\" with such a stage.",
          "type": "string", "default": "live", "examples": ["live", "at open", "on propose"],
          "pattern": "^(live|at open|on entry of .*|on  *(cast|withdraw ballot|raise|resolve|second|withdraw second|ask|answer|recuse|rejoin|delegate|revise|add option|amend option|withdraw option|sponsor|propose|cancel|hold|release|extend|override|break tie|withdraw|adopt|appoint|advance|fact|link|assign|vacate|enact|fail to enact|appeal|reconsider|revive) *(, *(cast|withdraw ballot|raise|resolve|second|withdraw second|ask|answer|recuse|rejoin|delegate|revise|add option|amend option|withdraw option|sponsor|propose|cancel|hold|release|extend|override|break tie|withdraw|adopt|appoint|advance|fact|link|assign|vacate|enact|fail to enact|appeal|reconsider|revive) *)*,?)$"
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
      "description": "Whose ballot counts for somebody who is silent. Their own always replaces it. Where ballots are stakes one in parts carries nobody.",
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
          "description": "Whether a ballot may be in parts: shares that make 1, amounts of one's weight until it is spent, or stakes: as much of it as one likes, all anew each time.",
          "enum": ["shares", "amounts", "stakes"]
        },
        "kinds": {
          "description": "Of stakes: ways to cast or delegate a ballot that make it weigh more or less. The first is meant where none is named.",
          "type": "object", "minProperties": 1, "maxProperties": 32, "propertyNames": { "pattern": "^[^:]+$" },
          "additionalProperties": {
            "type": "object", "additionalProperties": false,
            "properties": {
              "title": { "type": "string", "description": "For people; the kind's name if absent." },
              "times": { "description": "It weighs this many times what is committed.", "type": ["integer", "string"], "default": 1, "examples": [6, "0.1"] },
              "parts": {
                "description": "Whether it may choose several positions. Then it counts for its owner only, not for who delegated to them.",
                "enum": ["one", "several"], "default": "one"
              },
              "positions": { "description": "Which positions it may choose; any if absent.", "type": "array", "items": { "type": "string" } },
              "about": { "$ref": "#/$defs/about" }, "cites": { "$ref": "#/$defs/about" }
            }
          }
        },
        "weights": { "description": "Of kinds: whether each weight is rounded down to a whole number.", "enum": ["exact", "rounded down"], "default": "exact" },
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
        "ballots": { "$ref": "#/$defs/stage_ballots" },
        "allow": {
          "description": "Who may do what: by act, or several with commas between; \" for another\" behind one: on behalf of somebody.",
          "type": "object",
          "propertyNames": {
            "anyOf": [
              { "$ref": "#/$defs/act_name" },
              { "pattern": "^ *((cast|propose|fact|revise|link|appoint)( +(?!for another)[^, ][^,]*)?|withdraw ballot|raise|resolve|second|withdraw second|ask|answer|recuse|rejoin|delegate|add option|amend option|withdraw option|sponsor|cancel|hold|release|extend|override|break tie|withdraw|adopt|advance|assign|vacate|enact|fail to enact|appeal|reconsider|revive)( for another)? *(, *((cast|propose|fact|revise|link|appoint)( +(?!for another)[^, ][^,]*)?|withdraw ballot|raise|resolve|second|withdraw second|ask|answer|recuse|rejoin|delegate|add option|amend option|withdraw option|sponsor|cancel|hold|release|extend|override|break tie|withdraw|adopt|advance|assign|vacate|enact|fail to enact|appeal|reconsider|revive)( for another)? *)*,?$" }
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
        "places": {
          "description": "How many proposals of the process may be here at once: a number, or a parameter. Any number if absent.",
          "anyOf": [ { "type": "integer", "minimum": 1, "maximum": 10000 }, { "type": "string" } ]
        },
        "first": {
          "description": "A number: of those who wait for a place the one with the highest goes first; of equal ones, or if absent, who has waited longer.",
          "type": "string", "examples": ["approve - reject"]
        },
        "effects": { "$ref": "#/$defs/effects", "description": "What the host should do on the way in." }
      }
    },
    "stage_ballots": {
      "description": "When people see what ballots cast in this stage say; as the process says if absent.",
      "type": "object", "additionalProperties": false, "required": ["shown"],
      "properties": {
        "shown": { "description": "\"at close\": once it has left the stage.", "enum": ["at once", "at close", "never"] },
        "shown to": { "$ref": "#/$defs/set", "description": "Who sees it at once, when others don't." },
        "about": { "$ref": "#/$defs/about" }
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
      "description": "A way out of a stage, with one of \"on\", \"when\", \"unless\" and \"after\".",
      "type": "object", "additionalProperties": false, "required": ["to"],
      "oneOf": [ { "required": ["on"] }, { "required": ["when"] }, { "required": ["unless"] }, { "required": ["after"] } ],
      "dependentRequired": { "held": ["when"], "since": ["after"], "end": ["after"] },
      "properties": {
        "on": { "$ref": "#/$defs/acts", "description": "Taken when somebody does one of these." },
        "when": { "$ref": "#/$defs/rule", "description": "Taken as soon as this rule holds." },
        "unless": {
          "$ref": "#/$defs/rule",
          "description": "Taken as soon as this rule doesn't hold, even for want of a fact: takes back what it had given, and may not accept."
        },
        "held": { "$ref": "#/$defs/duration", "description": "With \"when\": it must have held for so long without a break." },
        "after": { "$ref": "#/$defs/duration", "description": "Taken when so much time has passed since the stage was entered." },
        "since": {
          "description": "With \"after\": measured from the last event of this kind, or the last report of this declared fact.",
          "anyOf": [
            { "enum": ["revision", "proposal", "ballot", "second", "concern", "threshold", "oldest_concern", "option"] },
            { "$ref": "#/$defs/name" }
          ]
        },
        "end": {
          "description": "With \"after\": whether what is done at the very last instant still counts.",
          "enum": ["open", "closed"], "default": "closed"
        },
        "if": { "$ref": "#/$defs/rule", "description": "Must hold as well." },
        "to": {
          "description": "A stage of this process, an outcome, or where the proposal was before it came into this stage, or into another: \"stage before\", \"stage before vote\".", "type": "string",
          "examples": ["stage before", "accepted", "rejected", "postponed", "withdrawn", "lapsed", "inconclusive"]
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
        "options": { "$ref": "#/$defs/keep_or_clear", "description": "What becomes of the options that people put forward." },
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
