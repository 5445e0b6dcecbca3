"""Raters who do not always look: position bias and skill.

Position bias adds ``±β`` to the standardised difference, plus where left was shown first.
A rater of skill ``s`` looks at the items with probability ``s`` and otherwise guesses, taking
the first shown with probability ``q``; both are estimated for each rater. The model is
NoisyBT (N. Bugakova et al., "Aggregation of pairwise comparisons with reduction of biases",
2019) with the guess tied to the order shown.
"""

from __future__ import annotations

import numpy as np
from scipy.special import expit, log_expit

from telic.values._arrays import Floats
from telic.values._ties import Outcomes

__all__ = ["with_guessing"]


def with_guessing(
    outcomes: Outcomes, skill: Floats, guess: Floats
) -> tuple[Outcomes, Floats, Floats]:
    """Mix a model's outcomes with guesses.

    Args:
        outcomes: of a rater who looks.
        skill: (m,) logit of the probability of looking.
        guess: (m,) logit of the probability that a guess is *left*; guesses are never ties.

    Returns:
        The mixture's outcomes and its derivatives by ``skill`` and by ``guess``, (outcomes, m).
    """
    log_p, by_eta, by_t = outcomes
    left, right = log_expit(guess), log_expit(-guess)
    q = expit(guess)
    if len(log_p) == 3:
        blind = np.stack([left, np.full_like(guess, -np.inf), right])
        blind_slopes = np.stack([1 - q, np.zeros_like(q), -q])
    else:
        blind, blind_slopes = np.stack([left, right]), np.stack([1 - q, -q])
    mixed = np.logaddexp(log_expit(skill) + log_p, log_expit(-skill) + blind)
    looked = np.exp(log_expit(skill) + log_p - mixed)  # share of the outcome from looking
    by_skill = looked - expit(skill)
    return (mixed, looked * by_eta, looked * by_t), by_skill, (1 - looked) * blind_slopes
