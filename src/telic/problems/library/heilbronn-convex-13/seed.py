"""Place 13 points so that no three of them form a small triangle."""

# EVOLVE-BLOCK-START


def place():
    """Return 13 points [x, y]; their scale does not matter."""
    return [
        [0.47, 0.03],
        [0.83, 0.86],
        [0.06, 0.85],
        [0.25, 0.91],
        [0.72, 0.85],
        [0.99, 0.54],
        [0.62, 0.13],
        [0.15, 0.61],
        [0.96, 0.68],
        [0.25, 0.27],
        [0.26, 0.17],
        [0.47, 0.08],
        [0.05, 0.52],
    ]


# EVOLVE-BLOCK-END
