"""Predicting what a candidate will be worth before paying for its evaluation.

A :class:`Critic` learns from evaluations and gives an :class:`Estimate`: expected worth with an
interval, and the chance to beat the parent. A :class:`Screen` decides by it which candidates
deserve an evaluation, and measures the critic's own errors meanwhile.
"""

from telic.critics._behaving import BehaviourCritic
from telic.critics._credit import CreditCritic
from telic.critics._features import WIDTH, describe, vector
from telic.critics._models import MODELS, ModelName
from telic.critics._regression import RegressionCritic
from telic.critics._shuffled import ShuffledCritic
from telic.critics.base import NOTHING_KNOWN, Critic, Estimate, Example, Query, Reader
from telic.critics.behaviour import behaviour_of
from telic.critics.screen import By, Policy, Screen, Verdict, View

__all__ = [
    "MODELS",
    "NOTHING_KNOWN",
    "WIDTH",
    "BehaviourCritic",
    "By",
    "CreditCritic",
    "Critic",
    "Estimate",
    "Example",
    "ModelName",
    "Policy",
    "Query",
    "Reader",
    "RegressionCritic",
    "Screen",
    "ShuffledCritic",
    "Verdict",
    "View",
    "behaviour_of",
    "describe",
    "vector",
]
