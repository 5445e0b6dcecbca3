"""A critic that predicts by association: what became of the most similar candidates.

Stored patterns are the feature vectors of evaluated candidates, centred and of unit length; a
query retrieves the average of their ranks with the weights of modern Hopfield retrieval,
``softmax(β X q)`` (Ramsauer et al. 2021, "Hopfield Networks is All You Need").
"""

from __future__ import annotations

from collections.abc import Sequence

from telic.critics.base import PredictOne

__all__ = ["memory_fit"]

_SHARPNESS = 8.0
_KEPT = 512


def memory_fit(rows: Sequence[Sequence[float]], targets: Sequence[float]) -> PredictOne:
    """Return a function that predicts one row by association with rows and their targets."""
    import numpy as np

    from telic.critics.hopfield import associations

    latest = np.asarray(rows[-_KEPT:], dtype=float)
    values = np.asarray(targets[-_KEPT:], dtype=float)
    centre, spread = latest.mean(axis=0), latest.std(axis=0)
    spread[spread == 0] = 1.0
    patterns = (latest - centre) / spread
    patterns /= np.maximum(np.linalg.norm(patterns, axis=1, keepdims=True), 1e-12)
    # Reading the patterns is what a prediction costs: in single precision it is half as much.
    patterns = patterns.astype(np.float32)

    def predict(row: Sequence[float]) -> float:
        state = (np.asarray(row) - centre) / spread
        state /= max(float(np.linalg.norm(state)), 1e-12)
        narrow = state[None, :].astype(np.float32)
        return float(associations(narrow, patterns, beta=_SHARPNESS)[0] @ values)

    return predict
