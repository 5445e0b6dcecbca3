"""How strongly a model leans to one feeling, and whether it tells good news from bad.

A model may continue everything with the commoner word. Its *margin*, the log-odds of "happy"
over "sad", then still tells good news from bad by order. Margins say which of two events is
better news only where one is good and the other bad: they carry the sign, not the size.
"""

from __future__ import annotations

import msgspec

from telic.errors import MeasurementError
from telic.values.comparison import Replies
from telic.values.measurement import Measurement
from telic.values.textual import read_scores

__all__ = ["Separation", "margins", "separation"]


class Separation(msgspec.Struct, frozen=True):
    """How often good news has the larger margin."""

    share: float
    """Share of pairs of a good and a bad event in which the good one has it; level pairs ½."""
    pairs: int
    """Pairs of a good and a bad event."""
    good: int
    """Good events with a margin."""
    bad: int
    """Bad events with a margin."""
    replies: Replies
    """How all replies ended."""

    def __str__(self) -> str:
        return (
            f"good news has the larger margin in {self.share:.3f} of {self.pairs} pairs of "
            f"{self.good} good and {self.bad} bad events; {self.replies}"
        )


def margins(measurement: Measurement) -> dict[str, float]:
    """Return event → mean log-odds of "happy" over "sad", where the reply has probabilities."""
    found: dict[str, list[float]] = {}
    for question, reply in measurement.answered():
        scores = read_scores(reply.text)
        if {"happy", "sad"} <= scores.keys():
            found.setdefault(question.id, []).append(scores["happy"] - scores["sad"])
    return {name: sum(values) / len(values) for name, values in found.items()}


def separation(measurement: Measurement) -> Separation:
    """Return how well the margins of good and bad events are told apart.

    Raises:
        MeasurementError: if there is no good or no bad event with a margin.
    """
    found = margins(measurement)
    truths = {question.id: question.truth for question in measurement.instrument.questions}
    good = [margin for name, margin in found.items() if truths[name] == "happy"]
    bad = [margin for name, margin in found.items() if truths[name] == "sad"]
    if not good or not bad:
        raise MeasurementError(
            f"{measurement.respondent!r} gave probabilities for {len(good)} good and "
            f"{len(bad)} bad events; telling them apart needs both (ask a model by log-probability)"
        )
    pairs = [(high > low) + (high == low) / 2 for high in good for low in bad]
    return Separation(sum(pairs) / len(pairs), len(pairs), len(good), len(bad), measurement.counts)
