"""Place 14 points so that no three of them form a small triangle."""

# EVOLVE-BLOCK-START


def place():
    """Return 14 points [x, y]; their scale does not matter."""
    return [
        [0.99, 0.26],
        [0.39, 0.85],
        [0.18, 1.0],
        [0.59, 0.23],
        [0.13, 0.93],
        [0.99, 0.18],
        [0.22, 0.5],
        [0.7, 0.34],
        [0.14, 0.61],
        [0.7, 0.81],
        [0.27, 0.16],
        [0.06, 0.93],
        [0.78, 0.62],
        [0.38, 0.73],
    ]


# EVOLVE-BLOCK-END
