"""A network of comparators that sorts 10 numbers."""

# EVOLVE-BLOCK-START


def comparators():
    """Return the network of insertion sort."""
    return [[wire - 1, wire] for last in range(1, 10) for wire in range(last, 0, -1)]


# EVOLVE-BLOCK-END
