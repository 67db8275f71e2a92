"""Ctrl-C in the middle of something."""

from __future__ import annotations

import os
import signal
import threading
import time
from contextlib import contextmanager
from typing import Iterator

import pytest


@contextmanager
def interrupted(after: float, at_most: float = 30) -> Iterator[None]:
    """What is done within must take minutes, be ended by Ctrl-C, and not keep other threads waiting meanwhile."""
    began = time.monotonic()

    def press() -> None:  # of another thread: it runs at all only if the long call lets it
        os.kill(os.getpid(), signal.SIGINT)

    timer = threading.Timer(after, press)
    timer.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            yield
    finally:
        timer.cancel()
    assert time.monotonic() - began < at_most
