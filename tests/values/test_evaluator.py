from __future__ import annotations

import numpy as np
import pytest

from telic.errors import MeasurementError, UsageError
from telic.values import nearest, train_evaluator

DIMENSIONS = ("security", "stimulation")
TEXTS = ["lock the door", "lock the safe and wait", "jump off the rock", "jump into the storm"]
LABELS = [{"security": 1.0}, {"security": 1.0}, {"stimulation": 1.0}, {"stimulation": 1.0}]


def test_words_carry_the_values_of_the_texts_they_came_in() -> None:
    evaluator = train_evaluator(TEXTS, LABELS, DIMENSIONS, ridge=0.1)

    safe, wild = evaluator.scores(["lock it", "jump now"])

    assert safe[0] > safe[1]
    assert wild[1] > wild[0]
    assert evaluator.texts == 4


def test_with_a_word_of_its_own_each_text_keeps_a_ridge_share_of_its_label() -> None:
    evaluator = train_evaluator(["a", "b", "c"], [{"x": 1.0}, {"x": -1.0}, {}], ("x",), ridge=0.5)

    # Texts are then orthogonal unit vectors: (I + 0.5 I)^-1 (label - mean), and the mean is 0.
    assert evaluator.scores(["a", "b", "c"])[:, 0] == pytest.approx([2 / 3, -2 / 3, 0])


def test_a_text_without_a_known_word_has_the_mean_labels() -> None:
    evaluator = train_evaluator(TEXTS, LABELS, DIMENSIONS)

    assert evaluator.scores(["xyzzy"])[0].tolist() == evaluator.offsets.tolist()


def test_scores_stay_where_their_inverse_tanh_is_finite() -> None:
    evaluator = train_evaluator(["a", "a b"], [{"security": 1.0}] * 2, ("security",))

    (raw,) = evaluator.raw(["a a a b"])

    assert raw["security"] == pytest.approx(np.arctanh(0.995))


def test_the_nearest_text_depends_on_the_target() -> None:
    evaluator = train_evaluator(TEXTS, LABELS, DIMENSIONS, ridge=0.1)
    candidates = ["lock the door", "jump off the rock"]

    assert nearest(candidates, evaluator, {"security": 1.0, "stimulation": -1.0}) == 0
    assert nearest(candidates, evaluator, {"security": -1.0, "stimulation": 1.0}) == 1


def test_faults_are_named() -> None:
    with pytest.raises(UsageError, match="ridge must be positive"):
        train_evaluator(TEXTS, LABELS, DIMENSIONS, ridge=0)
    with pytest.raises(MeasurementError, match="4 texts and 1 labels"):
        train_evaluator(TEXTS, LABELS[:1], DIMENSIONS)
    with pytest.raises(MeasurementError, match=r"lie in \[-1, 1\]"):
        train_evaluator(TEXTS[:2], [{"security": 2.0}, {}], DIMENSIONS)
    with pytest.raises(MeasurementError, match="has a word"):
        train_evaluator(["!", "?"], [{}, {}], DIMENSIONS)
    with pytest.raises(MeasurementError, match="no text to choose"):
        nearest([], train_evaluator(TEXTS, LABELS, DIMENSIONS), {})
