# %% [markdown]
# What would a rule of two thirds have done to recorded Rust decisions?
#
# rfcbot lets a final comment period begin when a majority of the reviewers has approved and at most two are missing. An open proposal
# (rust-lang/rfcbot-rs issue 293) asks for two thirds. The journal has decisions as they were recorded; `rust-history` writes it:
#
#     build/release/bin/rust-history tests/data/rust_fcp_histories.json examples/charters/rust.json rust.db
#     python3 bindings/python/examples/two_thirds.py rust.db two_thirds.svg

# %%
from __future__ import annotations

import html
import sys
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any, Optional

import quorate

ROOT = Path(__file__).resolve().parents[3]
journal, picture = Path(sys.argv[1]), Path(sys.argv[2])
rust = quorate.Charter.load(ROOT / "examples/charters/rust.json")
two_thirds = quorate.Charter.load(ROOT / "examples/charters/rust-two-thirds.json")

# %% [markdown]
# Everything that people asked then is asked again, under the other charter, by the engine that would run it.

# %%
replay = quorate.what_if(journal, two_thirds)
totals = replay["totals"]
print(f"{totals['proposals']} recorded decisions: {totals['proposals'] - totals['differing']} alike in every move, "
      f"{totals['earlier']} earlier, {totals['later']} later or never; {totals['ending_otherwise']} stand elsewhere at the end of their record.")

# %%
def instant(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def since(course: dict[str, Any], stage: str) -> Optional[datetime]:
    """When it first entered that stage; None: it never did."""
    return next((instant(s["since"]) for s in course["stays"] if s["stage"] == stage), None)


rows = []
for p in replay["proposals"]:
    asked = since(p["recorded"], "pending")
    entered = since(p["recorded"], "fcp")
    if asked is None or entered is None:
        continue  # it has not begun its final comment period, under any rule
    later = since(p["otherwise"], "fcp")
    seen = instant(p["last_ask"])  # what people did after that is not recorded
    waited_for = p["parts"]["people"] if p.get("parts") else []
    rows.append({"subject": p["subject"], "then": (entered - asked).days, "now": None if later is None else (later - asked).days,
                 "seen": (max(seen, entered) - asked).days, "people": waited_for})
rows.sort(key=lambda r: (r["then"], r["subject"]))
held_up = [r for r in rows if r["now"] != r["then"]]
for r in held_up:
    print(f"{r['subject']}: by a majority after {r['then']} days; by two thirds "
          + (f"after {r['now']}" if r["now"] is not None else "not by what is recorded") + f", waiting for one of {', '.join(r['people'])}")

# %% [markdown]
# Who would have held the keys? Those for whose approval a decision would have waited.

# %%
keys = Counter(who for r in held_up for who in r["people"])
print("waited for: " + ", ".join(f"{who} ({n})" for who, n in sorted(keys.items(), key=lambda k: (-k[1], k[0]))))

# %% [markdown]
# A record ends when the rule of then was satisfied: nobody bothered to approve after that. How long the missing approvals take is a question
# for a simulation: five reviewers who answer as the recorded ones did, under both rules, on the same draws.

# %%
behaviour = quorate.fit(journal, "fcp") | {"horizon": "365 days"}
study = quorate.Study(rust, "fcp", members=5, behaviour=behaviour, against=two_thirds, runs=3_000, seed=293)
result = study.run()
for name, median, accepted in zip(("a majority", "two thirds"), result.to_numpy("time to decision, median"), result.to_numpy("accepted")):
    print(f"simulated, by {name}: {accepted:.0%} accepted within a year, half of the decisions within {median:.1f} days")

# %% [markdown]
# The picture: a line for each decision, from when it was asked for; a dot where the comment period began by a majority, a ring where it would
# have begun by two thirds, an open end where nothing recorded would have begun it.

# %%
def drawn(rows: list[dict[str, Any]]) -> str:
    left, right, top, line = 210, 40, 70, 22
    width, height = 900, top + line * len(rows) + 60
    longest = max(max(r["seen"], r["now"] or 0) for r in rows) or 1

    def x(days: int) -> float:
        return left + (width - left - right) * days / longest

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" font-family="system-ui, sans-serif" font-size="13">',
           "<title>Days from proposal to final comment period, by a majority and by two thirds</title>",
           "<style>svg{color:#1a1a1a;background:#fff} .q{fill:currentColor} .l{stroke:currentColor} .m{fill:#1769aa} .t{stroke:#c2410c;fill:none} .g{stroke:currentColor;opacity:.15}"
           " @media (prefers-color-scheme:dark){svg{color:#e8e8e8;background:#16181c} .m{fill:#6cb6ff} .t{stroke:#ff9e64}}</style>",
           f'<text class="q" x="{left}" y="24" font-size="16">Days from proposal to final comment period: {len(held_up)} of {len(rows)} would have waited longer</text>',
           f'<circle class="m" cx="{left + 6}" cy="44" r="5"/><text class="q" x="{left + 18}" y="48">by a majority, as recorded</text>',
           f'<circle class="t" cx="{left + 226}" cy="44" r="6" stroke-width="2"/><text class="q" x="{left + 238}" y="48">by two thirds; dashed: not by what is recorded</text>']
    step = max(1, longest // 8)
    for days in range(0, longest + 1, step):
        out.append(f'<path class="g" d="M{x(days):.1f} {top - 8}V{height - 40}"/><text class="q" x="{x(days):.1f}" y="{height - 22}" text-anchor="middle">{days}</text>')
    for i, r in enumerate(rows):
        y = top + line * i + line / 2
        out.append(f'<text class="q" x="{left - 10}" y="{y + 4}" text-anchor="end">{html.escape(r["subject"].removeprefix("rust-lang/"))}</text>')
        out.append(f'<path class="l" opacity=".5" d="M{x(0):.1f} {y}H{x(r["then"]):.1f}"/>')
        if r["now"] is None:
            out.append(f'<path class="t" stroke-width="2" stroke-dasharray="3 4" d="M{x(r["then"]):.1f} {y}H{width - right / 2}"/>')
        else:
            out.append(f'<circle class="t" cx="{x(r["now"]):.1f}" cy="{y}" r="7" stroke-width="2"/>')
        out.append(f'<circle class="m" cx="{x(r["then"]):.1f}" cy="{y}" r="5"/>')
    return "\n".join(out) + "\n</svg>\n"


picture.write_text(drawn(rows), encoding="utf-8")
print(f"picture: {picture}")
