"""Pack 26 circles into the unit square, with a large sum of radii."""

# EVOLVE-BLOCK-START
import numpy as np


def place_centers():
    """Return 26 centres: the middle, a ring of 8, a ring of 16 cut off by the walls, a corner."""
    centers = [(0.5, 0.5)]
    for count, distance in ((8, 0.3), (16, 0.7)):
        for k in range(count):
            angle = 2 * np.pi * k / count
            centers.append((0.5 + distance * np.cos(angle), 0.5 + distance * np.sin(angle)))
    centers.append((0.0, 0.0))
    return np.clip(np.array(centers), 0.01, 0.99)


def shrink_to_fit(centers):
    """Return radii: as large as the walls allow, then shrunk pair by pair until none overlap."""
    radii = np.minimum(centers, 1 - centers).min(axis=1)
    for i in range(len(centers)):
        for j in range(i + 1, len(centers)):
            distance = np.hypot(*(centers[i] - centers[j]))
            total = radii[i] + radii[j]
            if total > distance:
                radii[i] *= distance / total
                radii[j] *= distance / total
    return radii


def pack():
    """Return 26 triples [x, y, r]."""
    centers = place_centers()
    radii = shrink_to_fit(centers) * (1 - 1e-9)
    return [[float(x), float(y), float(r)] for (x, y), r in zip(centers, radii, strict=True)]


# EVOLVE-BLOCK-END
