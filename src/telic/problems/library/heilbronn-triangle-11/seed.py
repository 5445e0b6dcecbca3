"""Place 11 points in a triangle so that no three of them form a small triangle."""

# EVOLVE-BLOCK-START


def place():
    """Return 11 points [x, y] with x >= 0, y >= 0 and x + y <= 1."""
    return [
        [0.15, 0.05],
        [0.89, 0.07],
        [0.03, 0.44],
        [0.5, 0.5],
        [0.26, 0.0],
        [0.24, 0.21],
        [0.23, 0.58],
        [0.41, 0.43],
        [0.33, 0.02],
        [0.31, 0.61],
        [0.81, 0.01],
    ]


# EVOLVE-BLOCK-END
