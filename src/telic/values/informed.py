"""A respondent of known truth for questions that have a right answer."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from telic import seeding
from telic.errors import MeasurementError
from telic.values.instrument import AMBIVALENT, Instrument
from telic.values.respondent import Answer, Item

__all__ = ["Informed"]


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
