"""Place 32 charges on the sphere with little energy."""

import math

# EVOLVE-BLOCK-START


def place():
    """Return 32 directions [x, y, z] on a spiral from pole to pole."""
    points = []
    for k in range(32):
        z = 1.0 - (2 * k + 1) / 32
        angle = 2.0 * k
        ring = math.sqrt(1.0 - z * z)
        points.append([ring * math.cos(angle), ring * math.sin(angle), z])
    return points


# EVOLVE-BLOCK-END
