"""Which commands there are and what their short options mean."""

from __future__ import annotations

import importlib
from collections.abc import Callable

__all__ = ["ALIASES", "COMMANDS", "function_of"]

COMMANDS = (
    "run",
    "resume",
    "replay",
    "note",
    "inject",
    "show",
    "best",
    "compare",
    "reproduce",
    "measure",
    "values",
    "problems",
    "presets",
    "init",
    "doctor",
)
"""In the order of help. Command ``x`` is the function ``x`` of module ``telic.cli.x``."""

ALIASES = {"-o": "output"}
"""Short option → parameter, in every command that has the parameter."""


def function_of(command: str) -> Callable[..., int]:
    """Import a command and return its function, which returns an exit code."""
    return getattr(importlib.import_module(f"telic.cli.{command}"), command)
