"""A step function that overlaps little with its complement, whatever the shift."""

import numpy as np

# EVOLVE-BLOCK-START

STEPS = 50


def heights():
    """Return the heights on equal intervals of [0, 2]; t runs from -1 to 1."""
    t = (2 * np.arange(STEPS) + 1) / STEPS - 1
    return (0.5 + 0.0 * t).tolist()


# EVOLVE-BLOCK-END
