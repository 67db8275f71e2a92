"""Results of studies in the shapes that other tools take."""

from __future__ import annotations

import html
import os
from fractions import Fraction
from importlib import import_module
from math import prod
from typing import TYPE_CHECKING, Any, Iterable, Union

if TYPE_CHECKING:
    from quorate import Picture

Path = Union[str, "os.PathLike[str]"]


def read_whole(path: Path) -> bytes:
    with open(path, "rb") as file:
        return file.read()


def write_whole(path: Path, data: bytes) -> None:
    """Replaces a file: it is whole, the old one or the new one, whenever power goes."""
    fresh = os.fspath(path) + ".new"
    with open(fresh, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(fresh, path)


def _figures(report: dict[str, Any], name: str) -> list[float]:
    found = [next((f for f in v["figures"] if f["name"] == name), None) for v in report["variants"]]
    if all(f is None for f in found):
        known = ", ".join(f["name"] for f in report["variants"][0]["figures"])
        raise KeyError(f"there is no figure {name!r}: {known}")
    return [float("nan") if f is None or f["value"] is None else float(f["value"]) for f in found]


def to_numpy(report: dict[str, Any], figure: str) -> Any:
    numpy: Any = import_module("numpy")
    values = numpy.array(_figures(report, figure))
    if not report["dimensions"]:
        return values
    swept = [tuple(v["at"]) for v in report["variants"] if len(v["at"]) == len(report["dimensions"])]
    shape = [len(dict.fromkeys(at[d] for at in swept)) for d in range(len(report["dimensions"]))]
    return values[: prod(shape)].reshape(shape)


def times(report: dict[str, Any], variant: int) -> Any:
    numpy: Any = import_module("numpy")
    counted = numpy.array(report["variants"][variant]["decided_after_ms"], dtype=numpy.int64).reshape(-1, 2)
    return counted[:, 0] / 86_400_000, counted[:, 1]


def to_pandas(report: dict[str, Any], _: None = None) -> Any:
    pandas: Any = import_module("pandas")
    rows = []
    for v in report["variants"]:
        at = dict(zip(report["dimensions"], v["at"]))
        for f in v["figures"]:
            rows.append({"variant": v["name"], **at, "figure": f["name"], "unit": f["unit"], "value": f["value"], "low": f.get("low"),
                         "high": f.get("high"), "stable": f["stable"]})
    frame = pandas.DataFrame(rows)
    for column in ("value", "low", "high"):
        frame[column] = frame[column].astype(float)
    return frame


def table(cells: list[list[Fraction]]) -> Any:
    numpy: Any = import_module("numpy")
    return numpy.array([[float(c) for c in row] for row in cells])


def frame(cells: list[list[Fraction]], options: list[str]) -> Any:
    pandas: Any = import_module("pandas")
    return pandas.DataFrame(table(cells), index=options, columns=options)


def page(report: dict[str, Any], pictures: Iterable[Picture]) -> str:
    """Pictures, figures and assumptions, for a notebook."""
    out = [f"<p>{report['runs_done']} of {report['runs']} runs, seed {report['seed']}</p>"]
    out += [f"<figure>{p.svg}</figure>" for p in pictures]
    for v in report["variants"]:
        out.append(f"<h4>{html.escape(v['name'])}</h4><table><tr><th>Measure</th><th>Value</th><th>95% interval</th><th></th></tr>")
        for f in v["figures"]:
            value = "-" if f["value"] is None else f"{f['value']} {html.escape(f['unit'])}"
            low_to_high = f"{f['low']} to {f['high']}" if "low" in f else ""
            out.append(f"<tr><td>{html.escape(f['name'])}</td><td>{value}</td><td>{low_to_high}</td><td>{'' if f['stable'] else 'not yet stable'}</td></tr>")
        out.append("</table>")
    said = dict.fromkeys(a for v in report["variants"] for a in v["assumptions"])
    out.append("<p>Assumed:</p><ul>" + "".join(f"<li>{html.escape(a)}</li>" for a in said) + "</ul>")
    return "".join(out)
