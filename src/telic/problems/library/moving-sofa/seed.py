"""Choose the path of a corridor's inner corner around a sofa."""

import math

# EVOLVE-BLOCK-START

RADIUS = 0.3


def corner(t):
    """Return the position of the inner corner when the corridor has turned by t radians."""
    return [RADIUS * math.cos(2 * t), RADIUS * math.sin(2 * t)]


def path():
    """Return the 41 positions."""
    return [corner(math.pi / 2 * k / 40) for k in range(41)]


# EVOLVE-BLOCK-END
