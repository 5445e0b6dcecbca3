"""Searches that are asked for parents and told what became of them.

A strategy's factory takes ``problem`` and plain settings by keyword. Its state changes in
``tell`` alone: telling the records of a journal to a new one restores it.
"""

from telic.strategies._best_of_n import BestOfN
from telic.strategies._hill_climb import HillClimb
from telic.strategies._islands import Islands
from telic.strategies._random import RandomParents
from telic.strategies.base import Strategy

__all__ = ["BestOfN", "HillClimb", "Islands", "RandomParents", "Strategy"]
