"""Asking for utilities in rounds: fit, choose the next pairs, ask, fit again.

The loop of Utility Engineering (M. Mazeika et al., 2025): a first design of random circles keeps
all items connected; every further round adds pairs chosen by what is known so far. How they are
chosen is an argument, so that random selection, the baseline, is the same loop.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from telic import seeding
from telic.errors import UnknownNameError, UsageError
from telic.values._active import (
    pairs_at_random,
    pairs_by_closeness,
    pairs_by_information,
    regular_pairs,
)
from telic.values._design import UtilityModel
from telic.values.comparison import Comparisons, join
from telic.values.respondent import Orders, Respondent, ask_pairs
from telic.values.utility import UtilityFit, fit_utilities

__all__ = ["Elicitation", "elicit"]

Choice = Literal["closeness", "information", "random"]


@dataclass(frozen=True, eq=False)
class Elicitation:
    """What was asked, and the utilities that it gave."""

    table: Comparisons
    fit: UtilityFit
    pairs: tuple[tuple[str, str], ...]
    """In the order asked; each was asked ``repeats`` times per order shown."""
    rounds: int
    """After the first design."""


def elicit(
    respondent: Respondent,
    items: Sequence[str],
    *,
    pairs: int,
    repeats: int,
    seed: int,
    per_round: int = 0,
    choose: Choice = "closeness",
    model: UtilityModel | None = None,
    orders: Orders = "both",
) -> Elicitation:
    """Ask a respondent about pairs until a number of pairs was asked, and fit utilities.

    Args:
        respondent: who is asked.
        items: three or more names.
        pairs: how many in all; at least as many as items, which the first design takes.
        repeats: replies per pair and order.
        seed: address of the design's draws and of the answers.
        per_round: pairs between two fits; as many as items by default.
        choose: how the pairs of a round are chosen.
        model: Thurstone with a shared position bias by default.
        orders: whether each pair is shown in both orders.

    Raises:
        UnknownNameError: if ``choose`` is none of the three ways.
        UsageError: if there are too few pairs or items.
        MeasurementError: if nothing was answered.
    """
    if choose not in ("closeness", "information", "random"):
        raise UnknownNameError("choice of pairs", choose, ("closeness", "information", "random"))
    if len(items) < 3 or pairs < len(items):
        raise UsageError(
            f"utilities of {len(items)} items need 3 items or more and as many pairs; got {pairs}"
        )
    model = model or UtilityModel(link="normal", position_bias="shared")
    fresh = regular_pairs(items, degree=2, rng=seeding.numpy_stream(seed, "elicit", "first"))
    asked: list[tuple[str, str]] = []
    tables: list[Comparisons] = []
    rounds = 0
    while True:
        answers = ask_pairs(
            respondent,
            fresh,
            repeats=repeats,
            seed=seeding.address(seed, "elicit", "round", rounds),
            orders=orders,
        )
        tables.append(answers)
        asked += fresh
        table = join(*tables)
        fit = fit_utilities(table, model)
        wanted = min(per_round or len(items), pairs - len(asked))
        rng = seeding.numpy_stream(seed, "elicit", choose, rounds)
        fresh = _next_pairs(choose, fit, asked, items, count=wanted, repeats=repeats, rng=rng)
        if not fresh:
            return Elicitation(table, fit, tuple(asked), rounds)
        rounds += 1


def _next_pairs(
    choose: Choice,
    fit: UtilityFit,
    asked: Sequence[tuple[str, str]],
    items: Sequence[str],
    *,
    count: int,
    repeats: int,
    rng: np.random.Generator,
) -> list[tuple[str, str]]:
    if count <= 0:
        return []
    if choose == "closeness":  # never repeats a pair: none is left when all were asked
        return pairs_by_closeness(fit, asked, count=count, rng=rng)
    if choose == "information":
        return pairs_by_information(fit, count=count, rng=rng, replies=2 * repeats)
    return pairs_at_random(items, count=count, rng=rng)
