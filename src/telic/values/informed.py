"""Respondents of known truth for instruments: they know right answers, or weigh values."""

from __future__ import annotations

import math
from collections.abc import Mapping

import msgspec

from telic import seeding
from telic.errors import MeasurementError
from telic.values.instrument import AMBIVALENT, Instrument
from telic.values.respondent import Answer, Item

__all__ = ["Informed", "Weighing"]


class Informed(msgspec.Struct, frozen=True, kw_only=True):
    """Knows the truth of each question and gives it with a probability.

    Where the truth is *ambivalent* and the form does not let it say so, it has to take one
    side at random, as a person has.
    """

    name: str = "informed"
    truths: Mapping[str, str]
    """Question id → name of the right option, or ``ambivalent``."""
    accuracy: float = 1.0
    """Probability of giving the truth; otherwise any other offered option, equally likely."""

    @classmethod
    def of(cls, instrument: Instrument, *, accuracy: float = 1.0) -> Informed:
        """Return a respondent that knows an instrument's truths.

        Raises:
            MeasurementError: if no question has one.
        """
        truths = {question.id: question.truth for question in instrument.questions}
        if not any(truths.values()):
            raise MeasurementError(f"no question of {instrument.name!r} has a truth to know")
        return cls(truths=truths, accuracy=accuracy)

    def ask(self, item: Item, seed: int) -> Answer:
        """Answer the truth, another option, or at random where there is no truth."""
        rng = seeding.stream(seed, "respondent", self.name, item.context, item.id, *item.options)
        truth = self.truths.get(item.id, "")
        if rng.random() < self.accuracy:
            if truth in item.options:
                return Answer("answered", item.options.index(truth))
            if truth == AMBIVALENT and item.allows_tie:
                return Answer("answered")
        wrong = [place for place, name in enumerate(item.options) if name != truth]
        return Answer("answered", rng.choice(wrong))


class Weighing(msgspec.Struct, frozen=True, kw_only=True):
    """Weighs options by the values they are tagged with, and likes or dislikes their kinds.

    Options follow a logit model: log-odds are differences of worth, plus a bias for what is shown
    first.
    """

    name: str = "weighing"
    worth: Mapping[tuple[str, str], float]
    """(question id, option name) → worth in log-odds."""
    position_bias: float = 0.0

    @classmethod
    def of(
        cls,
        instrument: Instrument,
        weights: Mapping[str, float],
        *,
        kinds: Mapping[str, float] | None = None,
        position_bias: float = 0.0,
    ) -> Weighing:
        """Return a respondent with weights per tag and biases per kind of option.

        On a scale the worth of a point is its value times the weights of the question's tags.
        """
        worth: dict[tuple[str, str], float] = {}
        for question in instrument.questions:
            leaning = sum(weights.get(tag, 0.0) * much for tag, much in question.tags.items())
            for option in question.options:
                tagged = sum(weights.get(tag, 0.0) * much for tag, much in option.tags.items())
                liked = (kinds or {}).get(option.kind, 0.0)
                worth[question.id, option.name] = tagged + liked + leaning * option.value
        return cls(worth=worth, position_bias=position_bias)

    def ask(self, item: Item, seed: int) -> Answer:
        """Answer by the largest worth plus Gumbel noise.

        Raises:
            MeasurementError: if the item is not of the respondent's instrument.
        """
        rng = seeding.stream(seed, "respondent", self.name, item.context, item.id, *item.options)
        noisy: list[float] = []
        for place, option in enumerate(item.options):
            if (item.id, option) not in self.worth:
                raise MeasurementError(f"{self.name!r} has no worth for {option!r} of {item.id!r}")
            noise = -math.log(-math.log(rng.random() or 1e-300))
            first = self.position_bias if place == 0 else 0.0
            noisy.append(self.worth[item.id, option] + first + noise)
        return Answer("answered", noisy.index(max(noisy)))
