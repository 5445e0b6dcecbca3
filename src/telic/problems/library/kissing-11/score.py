"""Number of integer vectors in a valid kissing configuration in 11 dimensions."""

from telic.problems.kissing import kissing_scorer

score = kissing_scorer(11)
