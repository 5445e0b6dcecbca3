"""Construct a short round trip."""

import math

# EVOLVE-BLOCK-START


def preference(current, city, start):
    """Return how much a city should be the next one; the lowest goes first."""
    return math.dist(current, city)


def tour(points):
    """Visit the preferred city next, starting from the first."""
    left = set(range(1, len(points)))
    order = [0]
    while left:
        here = points[order[-1]]
        order.append(min(left, key=lambda city: preference(here, points[city], points[0])))
        left.remove(order[-1])
    return order


# EVOLVE-BLOCK-END
