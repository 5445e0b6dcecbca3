"""Predict a measured quantity from x."""

import math

# EVOLVE-BLOCK-START


def formula(x):
    return math.sqrt(x)


# EVOLVE-BLOCK-END


def predict(points):
    """Return one prediction for each point; a point is a list of coordinates."""
    return [formula(*point) for point in points]
