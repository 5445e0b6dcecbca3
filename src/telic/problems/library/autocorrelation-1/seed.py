"""A step function whose autoconvolution has a low peak."""

import numpy as np

# EVOLVE-BLOCK-START

STEPS = 50


def heights():
    """Return the heights on equal intervals of [-1/4, 1/4]; t runs from -1 to 1."""
    t = (2 * np.arange(STEPS) + 1) / STEPS - 1
    return (1.0 + 0.0 * t).tolist()


# EVOLVE-BLOCK-END
