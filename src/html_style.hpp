// The look of pages, light and dark; all that shows HTML begins with it. Contrasts are those of WCAG's level AA. Internal.
#pragma once

#include <string_view>

namespace quorate {

inline constexpr std::string_view html_style = R"css(
:root { color-scheme: light dark; --ground: #fff; --text: #1b1f23; --faint: #57606a; --line: #d0d7de; --soft: #f6f8fa;
        --pass: #116329; --warn: #7d4e00; --fail: #a40e26; --open: #57606a; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #0d1117; --text: #e6edf3; --faint: #9ea7b3; --line: #30363d; --soft: #161b22;
          --pass: #56d364; --warn: #e3b341; --fail: #ff7b72; --open: #9ea7b3; } }
body { background: var(--ground); color: var(--text); font: 16px/1.5 system-ui, sans-serif; max-width: 76rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.7rem; } h2 { font-size: 1.3rem; margin-top: 2.2rem; border-bottom: 1px solid var(--line); } h3 { font-size: 1.05rem; }
a { color: inherit; } a:focus-visible, summary:focus-visible { outline: 3px solid var(--warn); outline-offset: 2px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid var(--line); }
thead th { position: sticky; top: 0; background: var(--ground); }
tbody th { font-weight: 600; } tbody tr:nth-child(odd) { background: var(--soft); }
.pass, .warn, .fail, .open { font-weight: 700; white-space: nowrap; }
.pass { color: var(--pass); } .warn { color: var(--warn); } .fail { color: var(--fail); } .open { color: var(--open); }
.faint { color: var(--faint); } details { margin: .4rem 0; border: 1px solid var(--line); border-radius: 6px; padding: .3rem .8rem; }
summary { cursor: pointer; } ul { margin: .3rem 0; padding-left: 1.2rem; } svg { max-width: 100%; height: auto; }
@media print { details { break-inside: avoid; } thead th { position: static; } }
)css";

}  // namespace quorate
