"""Predict a quantity from x."""

import math  # noqa: F401 - for formulas that need it

# EVOLVE-BLOCK-START


def formula(x):
    return x


# EVOLVE-BLOCK-END


def predict(points):
    """Return one prediction for each point; a point is a list of coordinates."""
    return [formula(*point) for point in points]
