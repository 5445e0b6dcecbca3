"""Number of comparators of a network that sorts 10 numbers."""

from telic.problems.networks import network_scorer

score = network_scorer(10)
