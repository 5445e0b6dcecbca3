"""Find many vectors of 11 integers that are far apart for their length."""

# EVOLVE-BLOCK-START


def place():
    """Return the 220 vectors with two entries of +1 or -1 and zeros elsewhere."""
    vectors = []
    for i in range(11):
        for j in range(i):
            for a in (-1, 1):
                for b in (-1, 1):
                    vector = [0] * 11
                    vector[i], vector[j] = a, b
                    vectors.append(vector)
    return vectors


# EVOLVE-BLOCK-END
