"""Searches that are asked for parents and told what became of them.

A strategy's factory takes ``problem`` and plain settings by keyword. Its state changes in
``tell`` alone: telling the records of a journal to a new one restores it.
"""

from telic.strategies._best_of_n import BestOfN
from telic.strategies._climb import Climb
from telic.strategies._crowding import Crowding
from telic.strategies._hill_climb import HillClimb
from telic.strategies._islands import Islands, ucb_islands
from telic.strategies._mate_choice import MateChoice
from telic.strategies._novelty import Novelty
from telic.strategies._pareto import ParetoFronts
from telic.strategies._random import RandomParents
from telic.strategies._semantic import SemanticMates
from telic.strategies._tournament import Tournament
from telic.strategies.base import Strategy

__all__ = [
    "BestOfN",
    "Climb",
    "Crowding",
    "HillClimb",
    "Islands",
    "MateChoice",
    "Novelty",
    "ParetoFronts",
    "RandomParents",
    "SemanticMates",
    "Strategy",
    "Tournament",
    "ucb_islands",
]
