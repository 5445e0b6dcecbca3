"""How often Python's cyclic collector looks through memory while a run goes on."""

from __future__ import annotations

import gc
from collections.abc import Generator
from contextlib import contextmanager

__all__ = ["rare_collections"]

_YOUNG = 50_000
"""New containers between two passes; Python's own 700 are gone with two syntax trees."""


@contextmanager
def rare_collections() -> Generator[None]:
    """Let the collector pass less often inside the block.

    A run parses programs all the time, into thousands of objects without cycles: what a pass
    looks through is freed without it. A collector that is off stays off.
    """
    young, *older = gc.get_threshold()
    if young:
        gc.set_threshold(max(young, _YOUNG), *older)
    try:
        yield
    finally:
        gc.set_threshold(young, *older)
