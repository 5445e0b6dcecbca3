"""Shaping a number or an array of scores; at first they change little or nothing."""

import numpy as np


def polynomial(value: float, *, a: float = 0.0, b: float = 1.0, c: float = 0.0) -> float:
    """Bend a number."""
    return a + value * (b + c * value)


def weighted_sum(value: float, other: float, *, weight: float = 1.0, share: float = 0.01) -> float:
    """Add something else to a score, with weights."""
    return weight * value + share * other


def saturating(value: float, *, scale: float = 100.0) -> float:
    """Let a number grow ever more slowly."""
    return value / (1.0 + abs(value) / scale)


def weighted_scores(scores: np.ndarray, *, power: float = 1.0, shift: float = 0.0) -> np.ndarray:
    """Bend every score, keeping its sign."""
    return np.sign(scores) * np.abs(scores) ** power + shift


def bonus_near(
    scores: np.ndarray, *, centre: float = 0.0, width: float = 1.0, gain: float = 0.1
) -> np.ndarray:
    """Raise the scores that lie near a value."""
    return scores + gain * np.exp(-(((scores - centre) / width) ** 2))


def relaxed(values: np.ndarray, *, share: float = 0.1) -> np.ndarray:
    """Draw every number a little towards the mean."""
    return (1.0 - share) * values + share * values.mean(axis=0)
