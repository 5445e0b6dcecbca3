"""What an attack is, and when it has failed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["ANY_LAYER", "Attack"]

ANY_LAYER: tuple[str, ...] = ()
"""Held by deadlines, process control and the decoder alone."""


@dataclass(frozen=True, slots=True)
class Attack:
    """A hostile candidate: a program whose function ``attack`` is called once with 21.

    It has failed if the run ends in one of the expected ways, nothing of it is alive
    afterwards, and the next candidate gives what it always gives.
    """

    name: str
    tries: str
    """What it tries, as a phrase."""
    source: str
    ends: tuple[str, ...] = ()
    """Kinds of failure that are fine."""
    gives: Any = None
    """The only output that is fine, if it returns at all. Attacks that try many things return
    a list of those that worked."""
    may_return: bool = False
    """Whether returning ``gives`` is fine."""
    held_by: tuple[str, ...] = ANY_LAYER
    """Layers of which one suffices to hold it; it is not run without."""
    seconds: float = 5.0
    cpu_seconds: float = 5.0
    calls: int = 1
