"""Pack 21 circles into a rectangle of perimeter 4, with a large sum of radii."""

# EVOLVE-BLOCK-START
import numpy as np

COLUMNS = 5
ROWS = 5


def pack():
    """Return 21 triples [x, y, r]: equal circles on a grid, the last places left empty."""
    radius = (1 - 1e-9) / (COLUMNS + ROWS)
    circles = []
    for k in range(21):
        row, column = divmod(k, COLUMNS)
        x, y = radius * (2 * column + 1), radius * (2 * row + 1)
        circles.append([x, y, radius * (1 - 1e-9)])
    return np.array(circles).tolist()


# EVOLVE-BLOCK-END
