"""Sum of radii of 32 disjoint circles in the unit square; decided exactly, no tolerance."""

from telic.problems.circles import square_scorer

score = square_scorer(32)
