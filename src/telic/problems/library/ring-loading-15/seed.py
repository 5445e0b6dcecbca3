"""Find pairs of demands that are hard to balance on a ring."""

# EVOLVE-BLOCK-START


def pairs():
    """Return 15 pairs [u, v] with u + v at most 1."""
    chosen = []
    for k in range(15):
        share = 0.3 + 0.4 * (k % 2)
        chosen.append([share, 0.99 - share])
    return chosen


# EVOLVE-BLOCK-END
