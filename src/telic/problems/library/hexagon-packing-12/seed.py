"""Pack 12 unit hexagons into a small hexagon."""

import math

# EVOLVE-BLOCK-START


def place():
    """Return 12 triples [x, y, angle]: the places of a honeycomb nearest to its centre."""
    places = []
    for row in range(-2, 3):
        for column in range(-3, 4):
            x = 1.51 * row
            y = 1.75 * (column + 0.5 * (row % 2))
            places.append((math.hypot(x - 0.1, y - 0.2), x, y))
    places.sort()
    return [[x, y, 0.0] for _, x, y in places[:12]]


# EVOLVE-BLOCK-END
