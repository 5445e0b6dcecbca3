"""Squared ratio of the largest to the smallest distance of 16 points in 2 dimensions."""

from telic.problems.points import distance_ratio_scorer

score = distance_ratio_scorer(16, 2)
