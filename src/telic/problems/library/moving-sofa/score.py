"""Area of a discretised moving sofa, measured in columns."""

from typing import Any

import numpy as np

from telic.exact import float_array
from telic.scoring import Case, Score, infeasible

POSITIONS = 41
STEPS = 10  # angles checked for each move from one position to the next
COLUMNS = 1500
WIDTH = 6.0 / COLUMNS
MIDDLES = -3.0 + WIDTH * (np.arange(COLUMNS) + 0.5)
ANGLES = (POSITIONS - 1) * STEPS
PLACES = np.arange(1, ANGLES) / STEPS
TURNS = np.pi / 2.0 * np.arange(1, ANGLES)[:, None] / ANGLES
COS, SIN = np.cos(TURNS), np.sin(TURNS)


def score(output: Any, case: Case) -> Score:
    try:
        path = float_array(output, (POSITIONS, 2))
    except ValueError as error:
        return infeasible(str(error))
    if np.abs(path).max() > 10.0:
        return infeasible("the corner moves more than 10 away")
    given = np.arange(POSITIONS)
    across = MIDDLES - np.interp(PLACES, given, path[:, 0])[:, None]
    y = np.interp(PLACES, given, path[:, 1])[:, None]
    outer = np.minimum(y + (1.0 - across * COS) / SIN, y + (1.0 + across * SIN) / COS)
    inner = np.minimum(y - across * COS / SIN, y + across * SIN / COS)
    top = np.minimum(1.0, outer.min(axis=0))
    bottom = np.maximum(0.0, inner.max(axis=0))
    return Score(metrics={"score": largest_piece(top, bottom) * WIDTH})


def largest_piece(top: Any, bottom: Any) -> float:
    """Return the largest sum of heights over columns that hang together."""
    heights = np.maximum(0.0, top - bottom)
    touches = (np.minimum(top[1:], top[:-1]) > np.maximum(bottom[1:], bottom[:-1])) & (
        (heights[1:] > 0.0) & (heights[:-1] > 0.0)
    )
    breaks = np.flatnonzero(~touches) + 1
    return float(np.add.reduceat(heights, np.concatenate(([0], breaks))).max())
