"""Stack 10 blocks so that they reach far beyond the edge of a table."""

# EVOLVE-BLOCK-START

STEP = 0.05


def stack():
    """Return the middles of the blocks, top block first: a staircase of equal steps."""
    return [STEP * (5 - k) - 0.5 for k in range(10)]


# EVOLVE-BLOCK-END
