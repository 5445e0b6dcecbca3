"""Largest squared distance of 14 points in 3 dimensions that are at least 1 apart."""

from telic.problems.points import distance_ratio_scorer

score = distance_ratio_scorer(14, 3)
