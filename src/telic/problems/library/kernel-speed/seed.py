"""Sum a pair potential over all pairs of points."""

import numpy as np  # noqa: F401 - for kernels that need it

# EVOLVE-BLOCK-START


def energy(points):
    """Return the sum over all pairs of 1 / (1 + squared distance)."""
    total = 0.0
    for i in range(len(points)):
        for j in range(i):
            square = 0.0
            for axis in range(3):
                difference = points[i][axis] - points[j][axis]
                square += difference * difference
            total += 1.0 / (1.0 + square)
    return total


# EVOLVE-BLOCK-END
