"""The list of recipes, and the progress of one."""

from __future__ import annotations

import sys
from time import monotonic
from typing import TextIO

import msgspec

from telic.cli._text import duration, harmless, one_line
from telic.recipes import load, names

__all__ = ["RecipeDocument", "RecipeList", "Ticker", "listing", "shown"]

_WIDTH = 100
_PAUSE = 10.0
"""Seconds between two lines of progress where there is no terminal to draw in place."""


class RecipeDocument(msgspec.Struct, frozen=True, kw_only=True):
    """What there is to say of a recipe before it runs."""

    name: str
    """What `telic reproduce` calls it."""
    claim: str
    """What the paper claims."""
    reference: str
    """The paper."""
    measured: str
    """What is measured here, and at what scale."""
    minutes: float
    """Measured time of the full form on two cores."""


class RecipeList(msgspec.Struct, frozen=True):
    """What ``telic reproduce --json`` gives."""

    recipes: list[RecipeDocument]
    """Sorted by name."""


def listing() -> RecipeList:
    """Return every recipe, bundled and installed."""
    return RecipeList(
        [
            RecipeDocument(
                name=name,
                claim=recipe.claim,
                reference=recipe.reference,
                measured=recipe.measured,
                minutes=recipe.minutes,
            )
            for name, recipe in ((name, load(name)) for name in names())
        ]
    )


def shown(recipes: RecipeList) -> None:
    """Print a line for each recipe: name, time, claim."""
    room = max((len(one.name) for one in recipes.recipes), default=0)
    for one in recipes.recipes:
        time = duration(60 * one.minutes)
        sys.stdout.write(
            f"{harmless(one.name):<{room}}  {time:>12}  {one_line(one.claim, 10_000)}\n"
        )


class Ticker:
    """Tells how far a recipe is: in place on a terminal, as a line now and then elsewhere."""

    def __init__(self, stream: TextIO, *, is_quiet: bool) -> None:
        self._stream, self._is_quiet = stream, is_quiet
        self._is_terminal = stream.isatty()
        self._told = -_PAUSE
        self._is_open = False

    def __call__(self, share: float, doing: str) -> None:
        """Show a share of 0 to 1 and what is being done."""
        if self._is_quiet:
            return
        line = f"{min(1.0, max(0.0, share)):>4.0%}  {one_line(doing, _WIDTH - 6)}"
        if self._is_terminal:
            self._stream.write(f"\r{line:<{_WIDTH}}")
            self._is_open = True
        elif monotonic() - self._told >= _PAUSE:
            self._told = monotonic()
            self._stream.write(f"{line}\n")
        self._stream.flush()

    def close(self) -> None:
        """Take the line away."""
        if self._is_open:
            self._stream.write(f"\r{'':<{_WIDTH}}\r")
            self._stream.flush()
            self._is_open = False
