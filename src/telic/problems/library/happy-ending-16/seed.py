"""Place 16 points with few convex hexagons."""

# EVOLVE-BLOCK-START


def place():
    """Return 16 points [x, y] with integer coordinates."""
    return [[37 * k, (211 * k * k + 97 * k) % 1009] for k in range(16)]


# EVOLVE-BLOCK-END
