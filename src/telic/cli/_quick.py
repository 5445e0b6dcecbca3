"""A parser for plain, correct command lines, so that a run starts at once.

Importing and asking the full parser takes about as long as starting a sandbox. This one
knows `--name value`, `--name=value`, flags and positional arguments of simple types, and
gives up on anything else: help, mistakes and rare forms go to the full parser, which
explains them. Where both answer, they answer alike; a test compares them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from telic.cli._commands import ALIASES

__all__ = ["parse_quickly"]

_INTEGER = re.compile(r"\d{1,18}")
_NUMBER = re.compile(r"\d{1,18}(\.\d{1,18})?")


def parse_quickly(function: Callable[..., int], tokens: Sequence[str]) -> dict[str, Any] | None:
    """Return the arguments that ``tokens`` give to a command, or ``None`` if unsure.

    Args:
        function: its annotations, as text, say how each value is read.
        tokens: the command line after the command's name.
    """
    kinds = {name: str(kind) for name, kind in function.__annotations__.items()}
    code = function.__code__  # pyright: ignore[reportFunctionMemberAccess]
    places = list(code.co_varnames[: code.co_argcount])
    needed = len(places) - len(function.__defaults__ or ())  # pyright: ignore[reportFunctionMemberAccess]
    named = set(code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount])
    given: dict[str, Any] = {}
    waiting = iter(tokens)
    for token in waiting:
        if token.startswith("-"):
            name, text = _option(token, named, kinds, waiting)
        else:
            name = places.pop(0) if places else None
            needed, text = needed - 1, token
        if name is None or text is None or name in given:
            return None
        value = _value(kinds[name], text)
        if value is None:
            return None
        given[name] = value
    return given if needed <= 0 else None


def _option(
    token: str, named: set[str], kinds: dict[str, str], waiting: Any
) -> tuple[str | None, str | None]:
    """Return the parameter that an option names, and the text of its value."""
    option, equals, text = token.partition("=")
    name = ALIASES.get(option) or option.removeprefix("--").replace("-", "_")
    is_written_right = option == "--" + name.replace("_", "-") or option in ALIASES
    if name not in named or not is_written_right:
        return None, None
    if kinds[name] == "bool":
        return name, None if equals else "yes"
    return name, text if equals else next(waiting, None)


def _value(kind: str, text: str) -> str | int | float | Path | bool | None:
    if not text or text.startswith("-"):
        return None
    match kind.removesuffix(" | None"):
        case "str":
            return text
        case "Path":
            return Path(text)
        case "int" if _INTEGER.fullmatch(text):
            return int(text)
        case "float" if _NUMBER.fullmatch(text):
            return float(text)
        case "bool":
            return True
        case _:
            return None
