"""Scenario files are tests: `pytest --quorate=scenarios` collects every scenario of the .json files in that folder (or in those files).

A file of that folder that is no scenario file is an error, as a broken test module would be.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Iterator, Optional

import pytest

import quorate


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("quorate")
    group.addoption("--quorate", action="append", default=[], metavar="PATH", help="scenario files, or folders of them, to run as tests")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> Optional[ScenarioFile]:
    if file_path.suffix != ".json":
        return None
    for named in parent.config.getoption("--quorate"):
        path = Path(named).resolve()
        if file_path == path or path in file_path.parents:
            found: ScenarioFile = ScenarioFile.from_parent(parent, path=file_path)
            return found
    return None


class ScenarioFile(pytest.File):
    def collect(self) -> Iterator[ScenarioItem]:
        for scenario in quorate.load_scenarios(self.path):
            yield ScenarioItem.from_parent(self, name=scenario.title, scenario=scenario)


class ScenarioFailed(Exception):
    """Carries the report of a scenario that did not pass."""


class ScenarioItem(pytest.Item):
    def __init__(self, *, scenario: quorate.Scenario, **rest: Any) -> None:
        super().__init__(**rest)
        self.scenario = scenario

    def runtest(self) -> None:
        report = self.scenario.run()
        if not report.passed:
            raise ScenarioFailed(str(report))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, ScenarioFailed):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, max(self.scenario.line - 1, 0), self.name
