from __future__ import annotations

import os
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Callable

import pytest

import quorate

ROOT = Path(__file__).resolve().parents[3]
START = datetime(2026, 3, 1, tzinfo=timezone.utc)


@pytest.fixture
def root() -> Path:
    return ROOT


@pytest.fixture
def tool() -> Path:
    """The command-line tool, for what must be the same there."""
    path = os.environ.get("QUORATE_TOOL")
    if not path:
        pytest.skip("QUORATE_TOOL doesn't say where the command-line tool is")
    return Path(path)


@pytest.fixture
def day() -> Callable[[int], datetime]:
    return lambda n: START + timedelta(days=n)


@pytest.fixture
def charter() -> quorate.Charter:
    return quorate.Charter.load(ROOT / "examples/charters/rfc.json")


@pytest.fixture
def roster() -> quorate.Roster:
    return quorate.Roster.load(ROOT / "examples/rosters/small.json")
