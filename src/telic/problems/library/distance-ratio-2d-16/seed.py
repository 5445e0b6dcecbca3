"""Spread 16 points so that all distances are as alike as possible."""

# EVOLVE-BLOCK-START


def place():
    """Return 16 points [x, y] on a square grid."""
    points = []
    for k in range(16):
        row, column = divmod(k, 4)
        points.append([float(column), float(row)])
    return points


# EVOLVE-BLOCK-END
