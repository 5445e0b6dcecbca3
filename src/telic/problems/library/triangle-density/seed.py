"""Find a weighted graph with edge density 0.6 and few triangles."""

# EVOLVE-BLOCK-START


def model():
    """Return the weights and densities of a complete graph of three equal classes."""
    weights = [1.0, 1.0, 1.0]
    densities = [
        [0.0, 1.0, 1.0],
        [1.0, 0.0, 1.0],
        [1.0, 1.0, 0.0],
    ]
    return weights, densities


# EVOLVE-BLOCK-END
