"""Hybrid text classifiers in a hierarchical space, on generated questions.

The *macro* level says which views of a text a classifier has: its words always, runs of characters
and pairs of neighbouring words if switched on. The *micro* level holds each view's settings and
the regularisation. A classifier is kernel ridge regression on the weighted sum of the views'
kernels: trained exactly, in milliseconds, without random draws.

A question asks one of several databases; which one is to be told. Its keywords are inflected and
misspelt, which characters see better than words, and some databases differ in the order of two
keywords alone, which words do not see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from random import Random
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    import numpy as np

__all__ = ["MACRO", "MICRO", "START", "Classifiers", "Genome", "vary"]

Genome = tuple[tuple[str, int], ...]
"""Setting → value, sorted by name."""

MACRO = ("chars", "pairs")
"""Views that may be switched on (1) and off (0)."""
MICRO: Mapping[str, tuple[int, int]] = {
    "word buckets": (5, 10),  # logarithms to base 2 of how many features a view has
    "char buckets": (5, 10),
    "pair buckets": (5, 10),
    "char length": (1, 5),
    "char weight": (-4, 4),  # logarithms to base 2 against the words' weight
    "pair weight": (-4, 4),
    "frequency": (0, 2),  # of a feature counts to the power 0, 1/2 or 1
    "ridge": (-8, 4),  # logarithm to base 10 of the regularisation, in halves
}
"""Ranges of the settings, ends included."""
START: Genome = tuple(
    sorted(
        {
            "chars": 0,
            "pairs": 0,
            "word buckets": 6,
            "char buckets": 6,
            "pair buckets": 6,
            "char length": 1,
            "char weight": -2,
            "pair weight": -2,
            "frequency": 2,
            "ridge": 2,
        }.items()
    )
)
"""Words alone, few features, strong regularisation."""

_CLASSES = 12
_TRAIN, _VALIDATION, _TEST = 240, 240, 480
_SYLLABLES = ("ba", "de", "ko", "li", "mu", "na", "po", "ri", "su", "ta", "ve", "zo")
_ENDINGS = ("", "", "s", "ing")


def vary(genome: Genome, setting: str, rng: Random) -> Genome:
    """Return a genome with one setting changed: a view switched, or a step of one or two."""
    values = dict(genome)
    if setting in MACRO:
        values[setting] = 1 - values[setting]
    else:
        low, high = MICRO[setting]
        step = rng.choice((-2, -1, 1, 2))
        values[setting] = min(max(values[setting] + step, low), high)
    return tuple(sorted(values.items()))


class Classifiers:
    """Trains and scores classifiers on one set of questions; keeps what it has computed.

    Args:
        rng: the questions are drawn from it.
    """

    def __init__(self, rng: Random) -> None:
        import numpy as np

        total = _TRAIN + _VALIDATION + _TEST
        self._labels = np.array([index % _CLASSES for index in range(total)])
        self._targets = np.eye(_CLASSES)[self._labels[:_TRAIN]]
        questions = _questions(self._labels.tolist(), rng)
        self._views: Mapping[str, Callable[[int], list[list[str]]]] = {
            "word": lambda _: [question.split() for question in questions],
            "char": lambda length: [_runs(question, length) for question in questions],
            "pair": lambda _: [_pairs(question.split()) for question in questions],
        }
        self._kernels: dict[tuple[str, int, int, int], np.ndarray] = {}
        self._scores: dict[Genome, tuple[float, float]] = {}

    def scores(self, genome: Genome) -> tuple[float, float]:
        """Return a classifier's accuracies on the validation and on the test questions."""
        if genome not in self._scores:
            self._scores[genome] = self._train(dict(genome))
        return self._scores[genome]

    def _train(self, settings: Mapping[str, int]) -> tuple[float, float]:
        import numpy as np

        kernel = self._kernel("word", settings, 1)
        if settings["chars"]:
            weight = 2.0 ** settings["char weight"]
            kernel = kernel + weight * self._kernel("char", settings, settings["char length"])
        if settings["pairs"]:
            kernel = kernel + 2.0 ** settings["pair weight"] * self._kernel("pair", settings, 1)
        penalty = 10.0 ** (settings["ridge"] / 2) * np.eye(_TRAIN)
        dual = np.linalg.solve(kernel[:_TRAIN] + penalty, self._targets)
        is_right = (kernel[_TRAIN:] @ dual).argmax(axis=1) == self._labels[_TRAIN:]
        return float(is_right[:_VALIDATION].mean()), float(is_right[_VALIDATION:].mean())

    def _kernel(self, view: str, settings: Mapping[str, int], length: int) -> np.ndarray:
        """Return the cosines of all questions with the training questions in one view."""
        key = (view, length, settings[f"{view} buckets"], settings["frequency"])
        if key not in self._kernels:
            self._kernels[key] = _cosines(self._views[view](length), *key[2:])
        return self._kernels[key]


def _cosines(features: Sequence[Iterable[str]], buckets: int, frequency: int) -> np.ndarray:
    import numpy as np

    size = 2**buckets
    counts = np.zeros((len(features), size))
    for row, names in zip(counts, features, strict=True):
        for name in names:
            row[crc32(name.encode()) % size] += 1.0
    weights = np.where(counts > 0.0, counts ** (frequency / 2), 0.0)
    weights /= np.linalg.norm(weights, axis=1, keepdims=True)
    return weights @ weights[:_TRAIN].T


def _questions(labels: Sequence[int], rng: Random) -> list[str]:
    words = [_word(rng) for _ in range(60)]
    # Neighbouring databases share their keywords and differ in the order of the first two.
    keywords = [[_word(rng) for _ in range(5)] for _ in range(_CLASSES // 2)]
    return [
        _question(keywords[label // 2], words, rng, is_turned=label % 2 == 1) for label in labels
    ]


def _question(
    keywords: Sequence[str], words: Sequence[str], rng: Random, *, is_turned: bool
) -> str:
    ordered = keywords[1::-1] if is_turned else keywords[:2]
    asked = [_inflected(rng.choice(keywords[2:]), rng), *(_inflected(w, rng) for w in ordered)]
    fillers = [rng.choice(words) for _ in range(rng.randrange(3, 7))]
    place = rng.randrange(len(fillers))
    return " ".join([*fillers[:place], *asked, *fillers[place:]])


def _word(rng: Random) -> str:
    return "".join(rng.choice(_SYLLABLES) for _ in range(rng.randrange(2, 4)))


def _inflected(word: str, rng: Random) -> str:
    """Return a word with an ending and, one time in six, a letter dropped or doubled."""
    if rng.random() < 1 / 6:
        place = rng.randrange(len(word))
        word = word[:place] + word[place] * rng.choice((0, 2)) + word[place + 1 :]
    return word + rng.choice(_ENDINGS)


def _runs(text: str, length: int) -> list[str]:
    return [text[start : start + length] for start in range(len(text) - length + 1)]


def _pairs(words: Sequence[str]) -> list[str]:
    return [f"{one} {other}" for one, other in pairwise(words)]
