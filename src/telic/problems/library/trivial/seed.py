"""Return a number near the fixed point of the cosine."""

import math

# EVOLVE-BLOCK-START


def answer():
    return math.sin(0.5)


# EVOLVE-BLOCK-END
