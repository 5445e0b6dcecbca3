"""Value evaluators: from a text to a vector over value dimensions, learned from labels.

As in BaseAlign (Yao et al. 2023, "From Instructions to Intrinsic Human Values"), where a language
model's reply is placed in the space of Schwartz' ten values and judged by its distance from a
target. The published evaluator is a fine-tuned transformer; this one is ridge regression on words
weighted by term frequency and inverse document frequency, small enough to fit anywhere.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from telic.errors import MeasurementError, UsageError
from telic.values._arrays import Floats
from telic.values.profiles import schwartz_distance

__all__ = ["ValueEvaluator", "nearest", "train_evaluator"]

_WORDS = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_CEILING = 0.995  # scores are kept where their inverse tanh is finite


@dataclass(frozen=True, eq=False)
class ValueEvaluator:
    """A fitted evaluator."""

    dimensions: tuple[str, ...]
    vocabulary: Mapping[str, int]
    rarity: Floats
    """(words,) inverse document frequencies."""
    weights: Floats
    """(words, dimensions)."""
    offsets: Floats
    """(dimensions,) mean labels."""
    texts: int
    """Texts that it learned from."""

    def scores(self, texts: Sequence[str]) -> Floats:
        """Return (texts, dimensions) predicted labels, kept within (-1, 1)."""
        words = _matrix([_count(text) for text in texts], self.vocabulary, self.rarity)
        return np.clip(words @ self.weights + self.offsets, -_CEILING, _CEILING)

    def raw(self, texts: Sequence[str]) -> list[dict[str, float]]:
        """Return dimension → value before the tanh for each text, for BaseAlign's distance."""
        rows = np.arctanh(self.scores(texts)).tolist()
        return [dict(zip(self.dimensions, row, strict=True)) for row in rows]


def train_evaluator(
    texts: Sequence[str],
    labels: Sequence[Mapping[str, float]],
    dimensions: Sequence[str],
    *,
    ridge: float = 1.0,
) -> ValueEvaluator:
    """Fit an evaluator by ridge regression.

    Args:
        texts: two or more.
        labels: dimension → label in [-1, 1] of each text; 0 where left out.
        dimensions: of the vectors.
        ridge: penalty on squared weights, positive; texts have unit length.

    Raises:
        UsageError: if ``ridge`` is not positive.
        MeasurementError: if there are fewer than two texts, not one label each, a label is
            outside [-1, 1], or no text has a word.
    """
    if not ridge > 0:
        raise UsageError(f"ridge must be positive; got {ridge}")
    if len(texts) < 2 or len(texts) != len(labels):
        raise MeasurementError(
            f"an evaluator learns from two or more labelled texts; got {len(texts)} texts and "
            f"{len(labels)} labels"
        )
    target = np.array([[row.get(each, 0.0) for each in dimensions] for row in labels], dtype=float)
    if not (np.abs(target) <= 1).all():
        raise MeasurementError("labels of values lie in [-1, 1]")
    counts = [_count(text) for text in texts]
    documents = Counter(word for words in counts for word in words)
    if not documents:
        raise MeasurementError("none of the texts has a word to learn from")
    vocabulary = {word: place for place, word in enumerate(sorted(documents))}
    rarity = np.array([1 + math.log(len(texts) / documents[word]) for word in vocabulary])
    words = _matrix(counts, vocabulary, rarity)
    offsets = target.mean(axis=0)
    # The dual form: as many equations as texts, however many words there are.
    kernel = np.asarray((words @ words.T).todense()) + ridge * np.eye(len(texts))
    weights = words.T @ np.linalg.solve(kernel, target - offsets)
    return ValueEvaluator(
        tuple(dimensions), vocabulary, rarity, np.asarray(weights), offsets, len(texts)
    )


def nearest(
    candidates: Sequence[str],
    evaluator: ValueEvaluator,
    target: Mapping[str, float],
    *,
    threshold: float = 0.3,
) -> int:
    """Return the place of the text that the evaluator puts nearest to a target.

    Args:
        candidates: one text or more; of equals the first is taken.
        evaluator: gives their values.
        target: dimension → wanted value in [-1, 1].
        threshold: as in :func:`telic.values.schwartz_distance`.

    Raises:
        MeasurementError: if there is no candidate, or the target has a dimension of its own.
    """
    if not candidates:
        raise MeasurementError("there is no text to choose")
    distances = [
        schwartz_distance(values, target, threshold=threshold)
        for values in evaluator.raw(candidates)
    ]
    return distances.index(min(distances))


def _count(text: str) -> Counter[str]:
    return Counter(_WORDS.findall(text.casefold()))


def _matrix(
    counts: Sequence[Counter[str]], vocabulary: Mapping[str, int], rarity: Floats
) -> sparse.csr_array:
    """Return (texts, words): damped counts times rarity, each text of unit length."""
    rows: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    for row, words in enumerate(counts):
        known = [(vocabulary[word], n) for word, n in words.items() if word in vocabulary]
        entries = [(1 + math.log(n)) * float(rarity[place]) for place, n in known]
        length = math.sqrt(math.fsum(value * value for value in entries)) or 1.0
        rows += [row] * len(known)
        columns += [place for place, _ in known]
        values += [value / length for value in entries]
    return sparse.csr_array((values, (rows, columns)), shape=(len(counts), len(vocabulary)))
