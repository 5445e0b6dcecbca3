"""Which layers hold on this machine, found by trying them."""

from __future__ import annotations

import time
from dataclasses import dataclass

from .client import Sandbox

__all__ = ["Probe", "probe"]


@dataclass(frozen=True, slots=True)
class Probe:
    """What a sandbox turned out to be."""

    layer: str
    """Layers that hold: ``full``, or their names joined by ``+``."""
    missing: tuple[str, ...]
    """Layers that do not."""
    mode: str
    """How the zygote was started: ``bwrap``, ``direct`` or ``process``."""
    notes: tuple[tuple[str, str], ...]
    """Pairs of a layer or a way of starting that failed, and why."""
    landlock_abi: int
    """The kernel's Landlock version, 0 where there is none; signals are refused from 6 on."""
    start_seconds: float
    """Wall-clock seconds until the zygote was ready."""


def probe(*, forced_off: frozenset[str] = frozenset(), preload: tuple[str, ...] = ()) -> Probe:
    """Start a sandbox, see what it has, and end it.

    Args:
        forced_off: layers to leave off; see :class:`~telic.evaluation.sandbox.Sandbox`.
        preload: packages to import, for the time that takes.

    Raises:
        SandboxError: if none can be started.
    """
    began = time.monotonic()
    with Sandbox(forced_off=forced_off, preload=preload) as sandbox:
        layer, missing = sandbox.wait()
        seconds = time.monotonic() - began
        notes = tuple(sorted(sandbox.notes.items()))
        return Probe(layer, missing, sandbox.mode, notes, sandbox.landlock_abi, seconds)
