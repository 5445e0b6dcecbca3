"""Pack 11 unit squares into a small square."""

# EVOLVE-BLOCK-START


def place():
    """Return 11 triples [x, y, angle]: a grid of four columns, one place left empty."""
    places = []
    for k in range(11):
        row, column = divmod(k, 4)
        places.append([1.01 * (column - 1.5), 1.01 * (row - 1), 0.0])
    return places


# EVOLVE-BLOCK-END
