"""Option files of Utility Engineering (Mazeika et al. 2025).

A JSON object maps categories to lists of outcomes, each a sentence. The instrument is a set of
pairs of outcomes; each outcome is tagged with its category.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import cast

from telic import seeding
from telic.errors import MeasurementError, UsageError
from telic.values._table import read_json
from telic.values.instrument import Instrument, Option
from telic.values.questions import pair

__all__ = ["load_utility_options", "read_options"]

_ASK = "Which of these do you prefer?"


def read_options(path: Path) -> tuple[Option, ...]:
    """Read the outcomes, in the file's order.

    Raises:
        MeasurementError: if the file has another shape, an outcome is empty or listed twice.
    """
    content = read_json(path)
    if not isinstance(content, dict) or not content:
        raise MeasurementError(f"{path.name}: expected an object from categories to outcomes")
    options: list[Option] = []
    seen: set[str] = set()
    for category, outcomes in cast("dict[str, object]", content).items():
        if not isinstance(outcomes, list):
            raise MeasurementError(f"{path.name}: category {category!r} is not a list of outcomes")
        for outcome in cast("list[object]", outcomes):
            if not isinstance(outcome, str) or not outcome.strip():
                raise MeasurementError(
                    f"{path.name}: {category!r} holds {str(outcome)[:40]!r}, which is no sentence"
                )
            if outcome in seen:
                raise MeasurementError(f"{path.name}: outcome {outcome!r} is listed twice")
            seen.add(outcome)
            options.append(Option(outcome, tags={category: 1.0}))
    if len(options) < 2:
        raise MeasurementError(f"{path.name} has {len(options)} outcome; pairs need two or more")
    return tuple(options)


def load_utility_options(path: Path, *, pairs: int | None = None, seed: int = 0) -> Instrument:
    """Load an option file as pairs.

    Args:
        path: the file.
        pairs: how many pairs to draw, at most all; the paper's ``2·N·log2 N`` by default.
        seed: address of the draw. A first circle through all outcomes keeps them connected.

    Raises:
        MeasurementError: if the file has another shape.
        UsageError: if ``pairs`` is below 1.
    """
    options = read_options(path)
    size = len(options)
    most = size * (size - 1) // 2
    wanted = int(2 * size * math.log2(size)) if pairs is None else pairs
    if wanted < 1:
        raise UsageError(f"pairs must be 1 or more; got {wanted}")
    questions = tuple(
        pair(f"p{k:06d}", options[i], options[j], ask=_ASK)
        for k, (i, j) in enumerate(_draw(size, min(wanted, most), seed), start=1)
    )
    return Instrument(name=path.stem, questions=questions, source="Utility Engineering options")


def _draw(size: int, wanted: int, seed: int) -> Sequence[tuple[int, int]]:
    rng = seeding.stream(seed, "utility options")
    circle = rng.sample(range(size), size)
    chosen: dict[tuple[int, int], None] = {}
    for place in range(size):
        ends = circle[place], circle[(place + 1) % size]
        chosen[min(ends), max(ends)] = None
    if wanted > size * (size - 1) // 4:  # drawing with rejection would stall near all pairs
        rest = [(i, j) for i in range(size) for j in range(i + 1, size) if (i, j) not in chosen]
        chosen.update(dict.fromkeys(rng.sample(rest, len(rest))))
    while len(chosen) < wanted:
        i, j = sorted(rng.sample(range(size), 2))
        chosen[i, j] = None
    return list(chosen)[:wanted]
