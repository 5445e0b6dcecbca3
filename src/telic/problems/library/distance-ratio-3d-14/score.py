"""Squared ratio of the largest to the smallest distance of 14 points in 3 dimensions."""

from telic.problems.points import distance_ratio_scorer

score = distance_ratio_scorer(14, 3)
