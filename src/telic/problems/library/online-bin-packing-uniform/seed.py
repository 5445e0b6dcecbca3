"""Decide into which bin an arriving item goes."""

import numpy as np

CAPACITY = 150

# EVOLVE-BLOCK-START


def priority(item, bins):
    """Return a priority for each bin: best fit prefers the least space left over."""
    return -(bins - item)


# EVOLVE-BLOCK-END


def policy():
    """Return table[item][space] of priorities; entries where the item does not fit are 0."""
    table = np.zeros((CAPACITY + 1, CAPACITY + 1))
    for item in range(1, CAPACITY + 1):
        table[item, item:] = priority(item, np.arange(item, CAPACITY + 1, dtype=float))
    return table
