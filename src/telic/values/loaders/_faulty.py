"""What to do with rows of published files that make no sense."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal, TypeVar

from telic.errors import MeasurementError

__all__ = ["Faulty", "convert"]

Faulty = Literal["refuse", "skip"]
"""``refuse`` stops at the first faulty row; ``skip`` leaves such rows out and says how many."""

_In = TypeVar("_In")
_Out = TypeVar("_Out")


def convert(
    rows: Iterable[_In], make: Callable[[_In], _Out], faulty: Faulty
) -> tuple[list[_Out], str]:
    """Return what each row makes, and a sentence about those left out (empty if none were).

    Raises:
        MeasurementError: if a row is faulty and faulty rows are refused.
    """
    made: list[_Out] = []
    first, skipped = "", 0
    for row in rows:
        try:
            made.append(make(row))
        except MeasurementError as error:
            if faulty == "refuse":
                raise MeasurementError(
                    f"{error}; faulty='skip' (--options faulty=skip) goes without"
                ) from error
            skipped += 1
            first = first or str(error)
    return made, f"{skipped} faulty rows were left out, first: {first}." if skipped else ""
