"""Find 14 points on the sphere that average polynomials well."""

import math

# EVOLVE-BLOCK-START


def place():
    """Return 14 directions [x, y, z] on a spiral from pole to pole."""
    points = []
    for k in range(14):
        z = 1.0 - (2 * k + 1) / 14
        angle = 2.4 * k
        ring = math.sqrt(1.0 - z * z)
        points.append([ring * math.cos(angle), ring * math.sin(angle), z])
    return points


# EVOLVE-BLOCK-END
