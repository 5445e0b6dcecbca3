"""Find a set of integers with many differences and few sums."""

# EVOLVE-BLOCK-START


def build():
    """Return a set of non-negative integers that contains 0."""
    return [0, 1, 3]


# EVOLVE-BLOCK-END
