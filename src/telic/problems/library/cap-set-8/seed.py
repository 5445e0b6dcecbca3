"""Build a large cap set in eight dimensions."""

import itertools

import numpy as np

DIMENSION = 8
POWERS = 3 ** np.arange(DIMENSION - 1, -1, -1)

# EVOLVE-BLOCK-START


def priority(vector):
    """Return how early a vector is added: higher is earlier."""
    return 0.0


# EVOLVE-BLOCK-END


def build():
    """Add vectors by priority as long as no three lie on a line."""
    vectors = np.array(list(itertools.product((0, 1, 2), repeat=DIMENSION)))
    values = np.array([float(priority(vector)) for vector in vectors])
    order = np.argsort(-values, kind="stable")
    blocked = np.zeros(len(vectors), dtype=bool)
    chosen = np.empty((0, DIMENSION), dtype=int)
    for index in order:
        if not blocked[index]:
            blocked[(-(chosen + vectors[index]) % 3) @ POWERS] = True
            blocked[index] = True
            chosen = np.vstack((chosen, vectors[index]))
    return chosen.tolist()
