"""Number of integer vectors in a valid kissing configuration in 4 dimensions."""

from telic.problems.kissing import kissing_scorer

score = kissing_scorer(4)
