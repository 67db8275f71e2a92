// A scenario's report as text and as JSON, and the schema of scenario files.
#include <fmt/format.h>

#include <quorate/scenario.hpp>

#include "json_out.hpp"

namespace quorate {
namespace {

/// Every line but the first moved to the right.
std::string indented(std::string_view text, std::size_t by) {
    std::string out;
    while (text.ends_with('\n')) text.remove_suffix(1);
    for (const char c : text) {
        out += c;
        if (c == '\n') out.append(by, ' ');
    }
    return out;
}

}  // namespace

std::string to_string(const scenario_report& r) {
    std::string out;
    for (std::size_t i = 0; i < r.failures.size(); ++i) {
        const auto& f = r.failures[i];
        const auto  last = i + 1 == r.failures.size() || r.failures[i + 1].step != f.step;
        out += fmt::format("{}:{}:{}: {}: {}\n", r.file, f.line, f.column, f.doing.empty() ? "look" : f.doing, f.what);
        out += fmt::format("    expected  {}\n    actual    {}\n", indented(f.expected, 14), indented(f.actual, 14));
        if (last && !f.explanation.empty())  // once for all that is wrong with a step
            out += fmt::format("    at {}\n      {}\n", to_string(f.at), indented(f.explanation, 6));
    }
    return out;
}

std::string to_json(const scenario_report& r) {
    json_text::json_out out;
    out.object().field("file", r.file).field("line", r.line).field("title", r.title).field("cites", r.cites);
    out.field("passed", r.passed()).field("steps", r.steps).field("checks", r.checks).key("failures").array();
    for (const auto& f : r.failures) {
        out.object().field("step", f.step).field("line", f.line).field("column", f.column).field("at", to_string(f.at));
        out.field("doing", f.doing).field("what", f.what).field("expected", f.expected).field("actual", f.actual);
        out.field("explanation", f.explanation).end();
    }
    out.end().key("exits").array();
    for (const auto& x : r.exits)
        out.object().field("process", x.process).field("stage", x.stage).field("exit", x.exit).field("times", x.times).end();
    return std::move(out.end().end()).str();
}

std::string_view scenario_schema() {
    return R"json({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "quorate scenarios",
  "description": "Given, when, then for governance: see quorate/scenario.hpp. Comments and trailing commas are allowed.",
  "type": "object",
  "anyOf": [ { "$ref": "#/$defs/scenario", "required": ["title", "charter", "roster", "given"] },
             { "$ref": "#/$defs/scenario", "required": ["title", "broken"] },
             { "$ref": "#/$defs/many" } ],
  "$defs": {
    "instant":  { "type": "string", "description": "2026-03-01T00:00:00Z" },
    "duration": { "type": "string", "description": "10 days, 72 hours, P10D" },
    "texts":    { "type": "array", "items": { "type": "string" } },
    "document": { "description": "A path relative to this file, or the document itself.", "type": ["string", "object"] },
    "charter":  { "oneOf": [ { "$ref": "#/$defs/document" },
                             { "description": "Several charters, joined to one.", "type": "array", "minItems": 1,
                               "items": { "$ref": "#/$defs/document" } } ] },
    "parameters": { "type": "object", "additionalProperties": { "type": ["string", "number"] } },
    "dialect": { "description": "How comments are read.", "enum": ["rfcbot", "triagebot", "triagebot-decision", "gitvote", "prow", "prow-lgtm-approves"] },
    "given": {
      "type": "object", "additionalProperties": false,
      "properties": {
        "name": { "type": "string", "default": "main" }, "by": { "type": "string" }, "subject": { "type": "string" },
        "title": { "type": "string" }, "teams": { "description": "a list, or \"$name\" of a table", "type": ["array", "string"] },
        "at": { "$ref": "#/$defs/instant" }, "expect": { "$ref": "#/$defs/expect" }, "about": { "type": "string" }
      }
    },
    "scenario": {
      "type": "object",
      "properties": {
        "$schema": { "type": "string" }, "title": { "type": "string" }, "cites": { "type": "string" }, "about": { "type": "string" },
        "charter": { "$ref": "#/$defs/charter" }, "roster": { "$ref": "#/$defs/document" },
        "parameters": { "$ref": "#/$defs/parameters" }, "process": { "type": "string" },
        "dialect": { "$ref": "#/$defs/dialect" },
        "broken": { "description": "A text that the refusal of its charter or roster contains.", "type": "string" },
        "given": { "$ref": "#/$defs/given" }, "steps": { "type": "array", "items": { "$ref": "#/$defs/step" } },
        "each": { "description": "Rows of a table: \"$name\" becomes the row's value.", "type": "array", "minItems": 1,
                  "items": { "type": "object" } },
        "expect": { "$ref": "#/$defs/expect" }
      }
    },
    "many": {
      "type": "object", "required": ["scenarios"], "additionalProperties": false,
      "properties": {
        "$schema": { "type": "string" }, "title": { "type": "string" }, "cites": { "type": "string" }, "about": { "type": "string" },
        "charter": { "$ref": "#/$defs/charter" }, "roster": { "$ref": "#/$defs/document" },
        "parameters": { "$ref": "#/$defs/parameters" }, "process": { "type": "string" }, "given": { "$ref": "#/$defs/given" },
        "dialect": { "$ref": "#/$defs/dialect" }, "background": { "type": "array", "items": { "$ref": "#/$defs/step" } },
        "scenarios": { "type": "array", "minItems": 1, "items": { "$ref": "#/$defs/scenario", "required": ["title"] } }
      }
    },
    "step": {
      "description": "One of do (a command, with its keys), comment, open, roster; or none of them: time passes, or it only looks.",
      "type": "object",
      "properties": {
        "at": { "$ref": "#/$defs/instant" }, "after": { "$ref": "#/$defs/duration" }, "about": { "type": "string" },
        "proposal": { "type": "string" }, "expect": { "$ref": "#/$defs/expect" }, "do": { "type": "string" },
        "by": { "type": ["string", "array"] },
        "comment": { "type": "string" }, "before": { "description": "the comment before an edit", "type": "string" },
        "opens": { "description": "the name of what the comment opens", "type": "string" },
        "dialect": { "$ref": "#/$defs/dialect" }, "roster": { "type": "object", "required": ["event"] },
        "open": {
          "type": "object", "required": ["name", "process", "by"], "additionalProperties": false,
          "properties": { "name": { "type": "string" }, "process": { "type": "string" }, "by": { "type": "string" },
                          "subject": { "type": "string" }, "title": { "type": "string" }, "teams": { "type": ["array", "string"] },
                          "parent": { "type": "string" }, "about": { "type": "string" } }
        }
      }
    },
    "ahead": { "description": "Stages, each with whether ballots alone can, or must, lead there.", "type": "object",
               "additionalProperties": { "type": "boolean" } },
    "expect": {
      "type": ["object", "string"], "additionalProperties": false,
      "properties": {
        "refused": { "type": ["boolean", "string"] }, "refused_by": { "enum": ["law", "permission", "rule", "state", "input"] },
        "answers": { "description": "Of a comment, one for each thing it asks: null or a text of the refusal.", "type": "array",
                     "items": { "type": ["string", "null"] } },
        "stage": { "type": "string" }, "phase": { "type": "string" }, "outcome": { "type": ["string", "null"] },
        "disposition": { "type": ["string", "null"] }, "waiting_for": { "type": ["string", "array"] },
        "electorate": { "type": ["array", "string"] }, "concerns": { "type": ["array", "string"] },
        "ballots": { "oneOf": [ { "type": "object", "additionalProperties": { "type": ["array", "string"] } }, { "enum": ["hidden"] } ] },
        "elected": { "type": ["string", "array"] }, "tied": { "type": ["string", "array"] },
        "explanation": { "type": ["string", "array"] }, "findings": { "type": ["string", "array"] },
        "next": { "type": ["string", "null"] }, "next_stage": { "type": ["string", "null"] },
        "possible": { "$ref": "#/$defs/ahead" }, "certain": { "$ref": "#/$defs/ahead" },
        "effects": { "type": ["array", "string"], "items": { "type": ["string", "object"] } },
        "viewer": { "type": "string" }, "visible": { "type": "boolean" }, "about": { "type": "string" }
      }
    }
  }
})json";
}

}  // namespace quorate
