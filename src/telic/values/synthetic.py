"""Respondents whose values are known, and respondents that value nothing.

Every instrument and model is tried on the first kind, to see that it recovers the truth,
and on the second, to see that it says "nothing there". A draw is addressed by the seed, the
respondent's name, the item and the order shown, so answers never depend on what was asked
before.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from random import Random
from typing import Literal, TypeVar

import msgspec

from telic import seeding
from telic.errors import MeasurementError, UsageError
from telic.values.respondent import Answer, Item, Respondent

__all__ = [
    "AlwaysFirst",
    "Cyclic",
    "Incomplete",
    "Lexicographic",
    "RandomChoice",
    "Sticky",
    "Sycophantic",
    "Unreliable",
    "Valuing",
]

_Worth = TypeVar("_Worth", float, tuple[float, ...])


class Valuing(msgspec.Struct, frozen=True, kw_only=True):
    """Chooses by utility plus noise, with a preference for what is shown first.

    With logistic noise two options follow the Bradley-Terry model,
    ``P(first) = logistic((u_first - u_second) / temperature + position_bias)``; with normal
    noise the Thurstone model, the normal distribution function in its place.
    """

    name: str = "valuing"
    utilities: Mapping[str, float]
    temperature: float = 1.0
    """Scale of the noise in units of utility, positive."""
    position_bias: float = 0.0
    """Added to the first option after division by the temperature."""
    indifference: float = 0.0
    """Largest difference in utility of the best two that still counts as a tie."""
    noise: Literal["logistic", "normal"] = "logistic"

    def __post_init__(self) -> None:
        if not self.temperature > 0:
            raise UsageError(f"temperature must be positive; got {self.temperature}")

    def ask(self, item: Item, seed: int) -> Answer:
        """Answer by the largest noisy utility."""
        rng = _stream(seed, self.name, item)
        worth = [_lookup(self.utilities, option, item) for option in item.options]
        best, second = sorted(worth, reverse=True)[:2]
        if self.indifference > 0 and best - second <= self.indifference:
            return _undecided(item, rng)
        noisy = [value / self.temperature + _noise(rng, self.noise) for value in worth]
        noisy[0] += self.position_bias
        return Answer("answered", noisy.index(max(noisy)))


class Lexicographic(msgspec.Struct, frozen=True, kw_only=True):
    """Compares attributes in order of priority; a later one only breaks exact ties.

    No finite weights on the attributes give the same choices for every pair.
    """

    name: str = "lexicographic"
    attributes: Mapping[str, tuple[float, ...]]
    """Option → its attributes, most important first; larger is better."""
    slip: float = 0.0
    """Probability of answering at random instead."""

    def ask(self, item: Item, seed: int) -> Answer:
        """Answer the option that comes first in lexicographic order."""
        rng = _stream(seed, self.name, item)
        if rng.random() < self.slip:
            return _guess(item, rng)
        worth = [_lookup(self.attributes, option, item) for option in item.options]
        if worth.count(max(worth)) > 1:
            return _undecided(item, rng)
        return Answer("answered", worth.index(max(worth)))


class Incomplete(msgspec.Struct, frozen=True, kw_only=True):
    """Prefers an option only if it is at least as good in every attribute.

    Otherwise it is ambivalent: it says so where the form lets it, and tosses a coin where
    the form forces a choice.
    """

    name: str = "incomplete"
    attributes: Mapping[str, tuple[float, ...]]

    def ask(self, item: Item, seed: int) -> Answer:
        """Answer the option that dominates all others, or none."""
        rng = _stream(seed, self.name, item)
        worth = [_lookup(self.attributes, option, item) for option in item.options]
        for position, mine in enumerate(worth):
            others = worth[:position] + worth[position + 1 :]
            if all(_dominates(mine, other) for other in others):
                return Answer("answered", position)
        return _undecided(item, rng)


class Cyclic(msgspec.Struct, frozen=True, kw_only=True):
    """Prefers each option to the half of the circle that follows it: no utility exists."""

    name: str = "cyclic"
    circle: tuple[str, ...]
    """All options around the circle; an odd number leaves no ties."""
    strength: float = 2.0
    """Log-odds with which the preferred option is chosen."""

    def ask(self, item: Item, seed: int) -> Answer:
        """Answer a two-option item.

        Raises:
            MeasurementError: if the item has more options or one that is not on the circle.
        """
        rng = _stream(seed, self.name, item)
        if len(item.options) != 2 or not set(item.options) <= set(self.circle):
            raise MeasurementError(
                f"item {item.id!r} shows {item.options}; a cyclic respondent compares two "
                "options of its circle"
            )
        first, second = (self.circle.index(option) for option in item.options)
        ahead = (second - first) % len(self.circle)
        if 2 * ahead == len(self.circle):
            return _undecided(item, rng)
        log_odds = self.strength if 2 * ahead < len(self.circle) else -self.strength
        return Answer("answered", int(rng.random() >= 1 / (1 + math.exp(-log_odds))))


class RandomChoice(msgspec.Struct, frozen=True, kw_only=True):
    """Null respondent: every option is equally likely."""

    name: str = "random"

    def ask(self, item: Item, seed: int) -> Answer:
        """Answer at random."""
        return _guess(item, _stream(seed, self.name, item))


class AlwaysFirst(msgspec.Struct, frozen=True, kw_only=True):
    """Null respondent: takes what is shown first."""

    name: str = "always-first"

    def ask(self, item: Item, seed: int) -> Answer:
        """Answer the first option."""
        del item, seed
        return Answer("answered", 0)


class Sticky(msgspec.Struct, frozen=True, kw_only=True):
    """Null respondent: takes what is shown first with a probability, else any other."""

    name: str = "sticky"
    probability: float = 0.9

    def ask(self, item: Item, seed: int) -> Answer:
        """Answer the first option with the respondent's probability."""
        rng = _stream(seed, self.name, item)
        if rng.random() < self.probability:
            return Answer("answered", 0)
        return Answer("answered", rng.randrange(1, len(item.options)))


class Unreliable(msgspec.Struct, frozen=True, kw_only=True):
    """Another respondent some of whose replies are lost before they become an answer."""

    inner: Respondent
    abstained: float = 0.0
    """Probability of each way to end; together at most 1."""
    refused: float = 0.0
    unparsed: float = 0.0
    error: float = 0.0

    @property
    def name(self) -> str:
        """The inner respondent's name."""
        return self.inner.name

    def ask(self, item: Item, seed: int) -> Answer:
        """Answer as the inner respondent unless the reply is lost."""
        draw = _stream(seed, f"{self.name} lost", item).random()
        for status in ("abstained", "refused", "unparsed", "error"):
            draw -= getattr(self, status)
            if draw < 0:
                return Answer(status)
        return self.inner.ask(item, seed)


class Sycophantic(msgspec.Struct, frozen=True, kw_only=True):
    """Another respondent that may yield to what the asker argues for."""

    inner: Respondent
    yields: float
    """Probability of answering the urged option, where one is urged."""

    @property
    def name(self) -> str:
        """The inner respondent's name."""
        return self.inner.name

    def ask(self, item: Item, seed: int) -> Answer:
        """Answer the urged option with probability ``yields``, else as the inner respondent."""
        yielding = _stream(seed, f"{self.name} yields", item).random() < self.yields
        if item.urged is not None and yielding:
            return Answer("answered", item.urged)
        return self.inner.ask(item, seed)


def _stream(seed: int, name: str, item: Item) -> Random:
    return seeding.stream(seed, "respondent", name, item.context, item.id, *item.options)


def _lookup(table: Mapping[str, _Worth], option: str, item: Item) -> _Worth:
    if option not in table:
        raise MeasurementError(
            f"item {item.id!r} shows {option!r}, which this respondent has no values for"
        )
    return table[option]


def _guess(item: Item, rng: Random) -> Answer:
    return Answer("answered", rng.randrange(len(item.options)))


def _undecided(item: Item, rng: Random) -> Answer:
    return Answer("answered") if item.allows_tie else _guess(item, rng)


def _noise(rng: Random, kind: Literal["logistic", "normal"]) -> float:
    if kind == "normal":  # the difference of two has standard deviation 1
        return rng.gauss(0.0, math.sqrt(0.5))
    return -math.log(-math.log(rng.random() or 1e-300))  # Gumbel: differences are logistic


def _dominates(mine: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return mine != other and all(a >= b for a, b in zip(mine, other, strict=True))
