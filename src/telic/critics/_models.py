"""Regression models behind one small door: fit on rows, then predict one row quickly.

Fitting is scikit-learn's, PyTorch's or done here with NumPy. A search asks for one prediction at a
time, where general machinery would cost several milliseconds; linear models, trees and networks are
therefore read out into plain numbers and walked through, with equal results.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

from telic.critics.base import PredictOne
from telic.errors import UsageError

__all__ = ["MODELS", "Fit", "ModelName", "fitter"]

ModelName = Literal["ridge", "forest", "boosting", "gaussian-process", "memory", "neural"]
MODELS: tuple[ModelName, ...] = ModelName.__args__
Fit = Callable[[Sequence[Sequence[float]], Sequence[float]], PredictOne]

_TREES = 30
_ROUNDS = 60
_PROCESS_ROWS = 256
"""A Gaussian process costs the cube of its rows, so it sees the latest alone."""


def fitter(name: ModelName) -> Fit:
    """Return how a model is fitted: rows and targets → a function that predicts one row.

    Raises:
        UsageError: if the library that it needs is not installed.
    """
    if name == "memory":
        from telic.critics._memory import memory_fit

        return memory_fit
    if name == "gaussian-process":
        return _process
    if name == "neural":
        from telic.critics.learn._neural import neural_fit

        return neural_fit
    try:
        import sklearn  # pyright: ignore[reportUnusedImport]  # noqa: F401
    except ImportError as error:
        raise UsageError(
            f"the critic {name!r} needs scikit-learn: pip install 'telic[critics]' "
            "(the critic 'credit' needs nothing)"
        ) from error
    return {"ridge": _ridge, "forest": _forest, "boosting": _boosting}[name]


def _ridge(rows: Sequence[Sequence[float]], targets: Sequence[float]) -> PredictOne:
    from sklearn.linear_model import Ridge
    from sklearn.preprocessing import StandardScaler

    scaler: Any = StandardScaler().fit(rows)
    model: Any = Ridge(alpha=float(len(rows[0]))).fit(scaler.transform(rows), targets)
    slopes = (model.coef_ / scaler.scale_).tolist()
    start = float(model.intercept_ - (model.coef_ * scaler.mean_ / scaler.scale_).sum())
    used = [(at, slope) for at, slope in enumerate(slopes) if slope]

    def predict(row: Sequence[float]) -> float:
        return start + sum(slope * row[at] for at, slope in used)

    return predict


def _forest(rows: Sequence[Sequence[float]], targets: Sequence[float]) -> PredictOne:
    from sklearn.ensemble import RandomForestRegressor

    model: Any = RandomForestRegressor(
        _TREES, min_samples_leaf=3, max_features=0.3, random_state=0, n_jobs=1
    ).fit(rows, targets)
    return _walker([tree.tree_ for tree in model.estimators_], 1.0 / _TREES, 0.0)


def _boosting(rows: Sequence[Sequence[float]], targets: Sequence[float]) -> PredictOne:
    from sklearn.ensemble import GradientBoostingRegressor

    model: Any = GradientBoostingRegressor(
        n_estimators=_ROUNDS, max_depth=3, subsample=0.7, max_features=0.3, random_state=0
    ).fit(rows, targets)
    start = float(model.init_.constant_[0][0])
    return _walker([row[0].tree_ for row in model.estimators_], model.learning_rate, start)


def _walker(trees: Sequence[Any], scale: float, start: float) -> PredictOne:
    """Read fitted trees out: node → feature, threshold, left, right, value; leaves have no left."""
    plain: list[tuple[list[int], list[float], list[int], list[int], list[float]]] = [
        (
            tree.feature.tolist(),
            tree.threshold.tolist(),
            tree.children_left.tolist(),
            tree.children_right.tolist(),
            tree.value[:, 0, 0].tolist(),
        )
        for tree in trees
    ]

    def predict(row: Sequence[float]) -> float:
        narrow = _single(row)
        total = 0.0
        for feature, threshold, left, right, value in plain:
            node = 0
            while left[node] >= 0:
                goes_left = narrow[feature[node]] <= threshold[node]
                node = left[node] if goes_left else right[node]
            total += value[node]
        return start + scale * total

    return predict


def _single(row: Sequence[float]) -> list[float]:
    """Round to single precision, in which scikit-learn's trees compare."""
    from array import array

    return array("f", row).tolist()


def _process(rows: Sequence[Sequence[float]], targets: Sequence[float]) -> PredictOne:
    from telic.critics._process import best_shape, fitted

    latest, values = rows[-_PROCESS_ROWS:], targets[-_PROCESS_ROWS:]
    return fitted(latest, values, best_shape(latest, values, [(0, len(rows[0]))])).mean
