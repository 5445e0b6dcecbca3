"""A bilinear algorithm for the product of two 4 by 4 matrices."""

# EVOLVE-BLOCK-START


def unit(row, column):
    """Return the 16 entries of the matrix with a single 1."""
    entries = [0] * 16
    entries[4 * row + column] = 1
    return entries


def products():
    """Return the 64 products of the schoolbook method."""
    size = range(4)
    return [[unit(i, j), unit(j, k), unit(i, k)] for i in size for j in size for k in size]


# EVOLVE-BLOCK-END
