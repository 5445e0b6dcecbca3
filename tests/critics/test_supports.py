"""Values as distributions over bins against closed forms."""

import math

import numpy as np
import pytest

from telic.critics.supports import (
    Support,
    cross_entropy,
    cross_entropy_slope,
    expectation,
    hl_gauss,
    two_hot,
)
from telic.errors import UsageError

VALUES = np.linspace(-1.0, 1.0, 41)


def test_two_hot_has_the_value_as_its_expectation():
    support = Support.padded(-1.0, 1.0, 10)

    rows = two_hot(VALUES, support)

    assert np.allclose(rows.sum(axis=1), 1.0)
    assert ((rows > 0).sum(axis=1) <= 2).all()
    assert np.abs(expectation(rows, support) - VALUES).max() < 1e-12


def test_a_padded_support_leaves_the_ends_unbiased():
    support = Support.padded(-1.0, 1.0, 10)

    values = expectation(hl_gauss(VALUES, support), support)

    assert np.abs(values - VALUES).max() < 1e-6


def test_without_padding_the_ends_are_pulled_inwards():
    support = Support(-1.0, 1.0, 10)

    value = expectation(hl_gauss(np.array([1.0]), support), support)[0]

    assert value == pytest.approx(0.862, abs=1e-3)


def test_hl_gauss_is_the_normal_mass_of_each_bin():
    support = Support(0.0, 8.0, 8)

    row = hl_gauss(np.array([3.2]), support)[0]

    def below(x: float) -> float:
        return 0.5 * (1 + math.erf((x - 3.2) / (0.75 * math.sqrt(2))))

    total = below(8) - below(0)
    expected = [(below(i + 1) - below(i)) / total for i in range(8)]
    assert np.abs(row - expected).max() < 1e-12


@pytest.mark.parametrize("encode", [two_hot, hl_gauss])
def test_the_gradient_equals_finite_differences(encode: object):
    support = Support.padded(-1.0, 1.0, 6)
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(3, support.bins)) * 3
    targets = encode(np.array([-0.4, 0.1, 0.9]), support)  # pyright: ignore[reportCallIssue]

    slope = cross_entropy_slope(logits, targets)

    for at in range(support.bins):
        step = np.zeros(support.bins)
        step[at] = 1e-5
        change = cross_entropy(logits + step, targets) - cross_entropy(logits - step, targets)
        assert np.abs(change / 2e-5 - slope[:, at]).max() < 1e-6


def test_large_logits_do_not_overflow():
    assert cross_entropy(np.array([[1e4, 0.0]]), np.array([[1.0, 0.0]]))[0] == 0.0


def test_what_is_not_a_number_or_beyond_the_support_is_refused():
    support = Support(0.0, 1.0, 4)

    with pytest.raises(UsageError, match="class of their own"):
        two_hot(np.array([math.nan]), support)
    with pytest.raises(UsageError, match="do not fit"):
        hl_gauss(np.array([2.0]), support)
    with pytest.raises(UsageError, match="low < high"):
        Support(1.0, 1.0, 4)
