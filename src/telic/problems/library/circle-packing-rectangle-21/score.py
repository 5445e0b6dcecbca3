"""Sum of radii of 21 disjoint circles in a rectangle of perimeter 4; decided exactly."""

from telic.problems.circles import rectangle_scorer

score = rectangle_scorer(21)
