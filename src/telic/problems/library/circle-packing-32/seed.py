"""Pack 32 circles into the unit square, with a large sum of radii."""

# EVOLVE-BLOCK-START
import numpy as np


def place_centers():
    """Return 32 centres: a square grid of 6 by 6 without its corners."""
    grid = (np.arange(6) + 0.5) / 6
    centers = [(x, y) for i, x in enumerate(grid) for j, y in enumerate(grid)]
    corners = (0, 5, 30, 35)
    return np.array([center for k, center in enumerate(centers) if k not in corners])


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
    """Return 32 triples [x, y, r]."""
    centers = place_centers()
    radii = shrink_to_fit(centers) * (1 - 1e-9)
    return [[float(x), float(y), float(r)] for (x, y), r in zip(centers, radii, strict=True)]


# EVOLVE-BLOCK-END
