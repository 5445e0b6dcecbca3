"""Decide what a cache keeps."""

import math

# EVOLVE-BLOCK-START


def keep(uses, age):
    """Return the priority of keeping an entry: the least recently used one goes first."""
    return -math.log(1 + age)


# EVOLVE-BLOCK-END


def policy():
    """Return the priorities as a table: a row for each number of uses, a column for each age."""
    return [[keep(uses, age) for age in range(16)] for uses in range(1, 9)]
