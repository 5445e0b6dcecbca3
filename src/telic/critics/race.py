"""Racing: repeats are made in rungs, and only while a candidate may still be among the better ones.

Successive halving (Jamieson & Talwalkar 2016, "Non-stochastic best arm identification and
hyperparameter optimization") gives every arm few samples and the better part of them twice as many,
again and again; as candidates come one after the other, each is compared with those that reached
the same rung before (Li and others 2020, "A system for massively parallel hyperparameter tuning").
Results are noisy, so it is a posterior chance that decides, not the order of the means: of a normal
mean whose variance is shrunk towards that of all candidates (Smyth 2004, "Linear models and
empirical Bayes methods"), beginning from the critic's prediction once the critic has proved better
than a constant, else from the results alone.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping, Sequence
from statistics import fmean

from telic.candidate import Prediction, Record
from telic.critics.scale import NINE_TENTHS
from telic.seeding import stream

__all__ = ["FAIR", "Races", "Track", "rungs"]

FAIR = 0.1
"""Least chance to belong to the upper part that is worth further repeats."""
_RECENT = 128
"""Candidates remembered at each rung."""
_FEW = 16
"""Candidates at a rung before anything is stopped there."""
_PRIOR = 4.0
"""Degrees of freedom that the common variance counts beside a candidate's own."""


def rungs(repeats: int) -> tuple[int, ...]:
    """Return after how many repeats a race looks: 1, twice as many each time, and all of them."""
    below = [2**power for power in range(repeats.bit_length()) if 2**power < repeats]
    return (*below, repeats)


class Track:
    """What decides on one candidate's race; later results do not change it.

    Args:
        bars: repeats of a rung → least fitness of the upper part there; empty: nothing is stopped.
        variance: of single repeats about their candidate's mean; ``None`` while unknown.
        ranked: recent candidates' fitness from worst to best, failures being minus infinity.
        trusts: whether the critic's predictions count.
        explore: share of what would be stopped that is evaluated whole.
        seed: the run's.
    """

    def __init__(
        self,
        bars: Mapping[int, float],
        variance: float | None,
        ranked: Sequence[float],
        *,
        trusts: bool,
        explore: float,
        seed: int,
    ) -> None:
        self._bars, self._variance, self._ranked = bars, variance, ranked
        self._trusts, self._explore, self._seed = trusts, explore, seed

    def chance(
        self, prediction: Prediction, made: int, samples: Sequence[float], fitness: float | None
    ) -> float:
        """Return the chance that a candidate belongs to the upper part of a rung.

        Args:
            prediction: what the critic says of it.
            made: its repeats so far.
            samples: what they gave, of either sign.
            fitness: what they come to; ``None``: one of them was infeasible, so all will be.
        """
        bar = self._bars.get(made)
        if bar is None or self._variance is None:
            return 1.0
        if fitness is None:
            return 0.0
        middle = fmean(samples)
        spread = math.fsum((sample - middle) ** 2 for sample in samples)
        variance = (_PRIOR * self._variance + spread) / (_PRIOR + len(samples) - 1)
        if variance <= 0:
            return 1.0 if fitness >= bar else 0.0
        mean, weight = fitness, made / variance
        prior = self._expected(prediction, variance)
        if prior is not None:
            mean = (weight * mean + prior[1] * prior[0]) / (weight + prior[1])
            weight += prior[1]
        return 0.5 * math.erfc((bar - mean) * math.sqrt(weight / 2.0))

    def explores(self, index: int) -> bool:
        """Tell whether a candidate is evaluated whole even if its race is lost."""
        return stream(self._seed, "race", index).random() < self._explore

    def _expected(self, prediction: Prediction, variance: float) -> tuple[float, float] | None:
        """Return the predicted fitness and its weight, at most that of one repeat."""
        if not self._trusts or prediction.decision == "unknown":
            return None
        ranked, last = self._ranked, len(self._ranked) - 1
        scored = next((at for at, each in enumerate(ranked) if each > -math.inf), None)
        if scored is None:
            return None
        low, mean, high = (
            ranked[max(scored, round(worth * last))]
            for worth in (prediction.low, prediction.worth, prediction.high)
        )
        return mean, 1.0 / max(variance, ((high - low) / NINE_TENTHS) ** 2)


class Races:
    """What races have shown so far. State changes in :meth:`tell` alone."""

    def __init__(self) -> None:
        self._reached: dict[int, deque[float]] = {}
        self._outcomes: deque[float] = deque(maxlen=_RECENT)
        self._spreads: deque[tuple[float, int]] = deque(maxlen=_RECENT)

    def tell(self, record: Record) -> None:
        """Learn the end of a request."""
        if record.outcome != "evaluated" or record.evaluation is None:
            return
        self._outcomes.append(_ordered(record.fitness))
        samples = record.evaluation.samples
        if len(samples) > 1 and all(map(math.isfinite, samples)):
            middle = fmean(samples)
            squares = math.fsum((sample - middle) ** 2 for sample in samples)
            self._spreads.append((squares, len(samples) - 1))
        race = record.prediction.race if record.prediction is not None else None
        for power, fitness in enumerate(race.rungs if race is not None else ()):
            reached = self._reached.setdefault(2**power, deque(maxlen=_RECENT))
            reached.append(_ordered(fitness))

    def track(self, *, skip: float, trusts: bool, explore: float, seed: int) -> Track:
        """Return what decides on a candidate that is proposed now.

        Args:
            skip: share of a rung below its upper part; 0: nothing is stopped.
            trusts: whether the critic's predictions count.
            explore: share of what would be stopped that is evaluated whole.
            seed: the run's.
        """
        ranked = {made: sorted(reached) for made, reached in self._reached.items()}
        bars = {
            made: values[int(skip * len(values))]
            for made, values in ranked.items()
            if skip and len(values) >= _FEW
        }
        degrees = sum(each for _, each in self._spreads)
        variance = math.fsum(each for each, _ in self._spreads) / degrees if degrees else None
        return Track(
            bars, variance, sorted(self._outcomes), trusts=trusts, explore=explore, seed=seed
        )


def _ordered(fitness: float | None) -> float:
    return -math.inf if fitness is None else fitness
