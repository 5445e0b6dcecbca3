"""Find many vectors of 4 integers that are far apart for their length."""

# EVOLVE-BLOCK-START


def place():
    """Return the 8 vectors along the axes."""
    vectors = []
    for i in range(4):
        for sign in (-2, 2):
            vector = [0] * 4
            vector[i] = sign
            vectors.append(vector)
    return vectors


# EVOLVE-BLOCK-END
