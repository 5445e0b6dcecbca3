"""Weights of sequences and the prior of an alignment."""

import math

import numpy as np
import pytest

from telic.critics.sequences import (
    DirectedLogs,
    blended_scores,
    sequence_weights,
    site_log_probabilities,
)
from telic.errors import UsageError


def test_near_copies_share_one_weight():
    alignment = np.array([[0, 1, 2, 3, 0], [0, 1, 2, 3, 1], [3, 3, 0, 1, 2]])

    assert sequence_weights(alignment, identity=0.8).tolist() == [0.5, 0.5, 1.0]


def test_gaps_count_neither_for_nor_against_likeness():
    alignment = np.array([[0, 1, -1, -1], [0, 1, 2, 3], [2, 3, 2, 3]])

    assert sequence_weights(alignment, identity=1.0).tolist() == [0.5, 0.5, 1.0]


def test_log_probabilities_follow_weighted_counts():
    alignment = np.array([[0, 0, 0, 0], [0, 1, 1, 1], [1, 0, 1, -1]])

    found = site_log_probabilities(alignment, 2, pseudocount=1.0, identity=1.0)

    assert found[0].tolist() == pytest.approx([math.log(2.5 / 4), math.log(1.5 / 4)])
    assert found[3].tolist() == pytest.approx([math.log(1.5 / 3), math.log(1.5 / 3)])
    assert np.exp(found).sum(axis=1) == pytest.approx(1.0)


def test_the_ends_of_a_blend_are_its_parts():
    sequences = np.array([[0, 1], [1, 1]])
    logs = DirectedLogs(np.array([[-1.0, -2.0], [-3.0, -1.0]]), np.array([[-3.0, -2.0], [-1, -1]]))
    prior = np.log(np.array([[0.9, 0.1], [0.5, 0.5]]))

    model, both, alone = (
        blended_scores(sequences, logs, prior, weight=weight) for weight in (0.0, 0.5, 1.0)
    )

    assert model.tolist() == pytest.approx([-2.0, -1.5])
    assert alone[0] == pytest.approx(0.5 * (math.log(0.9) + math.log(0.5)))
    assert both == pytest.approx(0.5 * (model + alone))


def test_what_does_not_fit_is_refused():
    logs = DirectedLogs(np.zeros((1, 2)), np.zeros((1, 2)))
    with pytest.raises(UsageError, match="one shape"):
        blended_scores(np.array([[0, 1]]), logs, np.zeros((3, 2)))
    with pytest.raises(UsageError, match="weight"):
        blended_scores(np.array([[0, 1]]), logs, np.zeros((2, 2)), weight=1.1)
    with pytest.raises(UsageError, match="letters"):
        site_log_probabilities(np.array([[0, 5]]), 3)
