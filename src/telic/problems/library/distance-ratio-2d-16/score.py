"""Largest squared distance of 16 points in 2 dimensions that are at least 1 apart."""

from telic.problems.points import distance_ratio_scorer

score = distance_ratio_scorer(16, 2)
