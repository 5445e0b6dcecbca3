"""A Gaussian process on a few hundred rows that is quick to fit and to ask.

The covariance of two rows is Matérn's of their distance, of order 1/2 where scores jump to 5/2
where they are smooth. Order, reach, the share of noise and which columns count are those of the
greatest marginal likelihood on a small grid (Rasmussen & Williams 2006, "Gaussian Processes for
Machine Learning", equation 4.14 and section 5.4.1).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

import msgspec

__all__ = ["Process", "Shape", "best_shape", "fitted", "matern"]

_REACHES = (0.05, 0.3, 1.0, 3.0)
"""Squared reach as a multiple of the median squared distance between rows."""
_NOISES = (1e-3, 0.1)
"""Variance of the noise as a multiple of that of the signal."""
_ORDERS = (1, 3, 5)
"""A process of the first has paths that jump, those of the last can be derived twice."""
_TINY = 1e-9
_FEWEST = 3
"""Rows of which a correlation says anything."""


class Shape(msgspec.Struct, frozen=True):
    """What is chosen by the likelihood."""

    columns: tuple[int, int]
    """Of the rows: from the first to before the second."""
    reach: float = 0.3
    noise: float = 1e-3
    order: int = 1
    """Twice Matérn's: 1, 3 or 5."""


class Process:
    """Fitted: never changes.

    Args:
        columns: of the rows that count.
        rows: standardised, ``(rows, width)``.
        centre, spread: of the columns before that.
        scale: square of the distance that the covariance reaches to.
        order: twice Matérn's.
        inverse: of the covariance of the rows, ``(rows, rows)``.
        weights: ``inverse`` times the centred targets.
        mean: of the targets.
        variance: of the signal.
        foresight: standard errors by which what each row was predicted from the others goes along
            with its target; below 0 if it goes against it, as it does where nothing is to be known.
    """

    def __init__(
        self,
        *,
        columns: tuple[int, int],
        rows: Any,
        centre: Any,
        spread: Any,
        scale: float,
        order: int,
        inverse: Any,
        weights: Any,
        mean: float,
        variance: float,
        foresight: float,
    ) -> None:
        self._columns = slice(*columns)
        self._rows, self._centre, self._spread = rows, centre, spread
        self._squares = (rows * rows).sum(axis=1)
        self._scale, self._order = scale, order
        self._inverse, self._weights = inverse, weights
        self._mean, self._variance = mean, variance
        self.foresight = foresight

    def predict(self, row: Sequence[float]) -> tuple[float, float]:
        """Return mean and standard deviation of what a row is worth, without noise."""
        near = self._near(row)
        known = float(near @ self._inverse @ near)
        deviation = (self._variance * max(1.0 - known, _TINY)) ** 0.5
        return self._mean + float(near @ self._weights), deviation

    def mean(self, row: Sequence[float]) -> float:
        """Return the mean alone, which costs less than half."""
        return self._mean + float(self._near(row) @ self._weights)

    def _near(self, row: Sequence[float]) -> Any:
        """Return a row's covariance with each of those fitted, as a share of the variance."""
        import numpy as np

        state = (np.asarray(row[self._columns]) - self._centre) / self._spread
        squared = np.maximum(self._squares - 2.0 * (self._rows @ state) + state @ state, 0.0)
        return matern(squared / self._scale, self._order)


def fitted(rows: Sequence[Sequence[float]], targets: Sequence[float], shape: Shape) -> Process:
    """Return a process of a given shape, fitted to at least one row."""
    import numpy as np

    standard, centre, spread = _standardised(rows, shape.columns)
    squared, median = _distances(standard)
    values = np.asarray(targets, dtype=float)
    scale = shape.reach * median
    inverse = np.linalg.inv(_covariance(squared / scale, shape))
    mean = float(values.mean())
    weights = inverse @ (values - mean)
    variance = max(float((values - mean) @ weights) / len(values), _TINY)
    return Process(
        columns=shape.columns,
        rows=standard,
        centre=centre,
        spread=spread,
        scale=scale,
        order=shape.order,
        inverse=inverse,
        weights=weights,
        mean=mean,
        variance=variance,
        foresight=_foresight(values, values - weights / np.diag(inverse)),
    )


def _foresight(targets: Any, predicted: Any) -> float:
    """Return a correlation over its standard error, 0 where either is constant.

    The predictions of each row from all others are in closed form: Rasmussen & Williams, equation
    5.12.
    """
    import numpy as np

    both = np.stack([targets, predicted])
    if len(targets) < _FEWEST or float(np.ptp(both, axis=1).min()) < _TINY:
        return 0.0
    share = float(np.corrcoef(both)[0, 1])
    return share * ((len(targets) - 2) / max(1.0 - share * share, _TINY)) ** 0.5


def best_shape(
    rows: Sequence[Sequence[float]],
    targets: Sequence[float],
    choices: Sequence[tuple[int, int]],
) -> Shape:
    """Return the shape under which the targets are likeliest; ``choices`` are of columns."""
    import numpy as np

    apart = {each: _distances(_standardised(rows, each)[0]) for each in choices}
    values = np.asarray(targets, dtype=float)
    centred = values - values.mean()

    def likelihood(shape: Shape) -> float:
        squared, median = apart[shape.columns]
        root = np.linalg.cholesky(_covariance(squared / (shape.reach * median), shape))
        white = np.linalg.solve(root, centred)
        variance = max(float(white @ white) / len(values), _TINY)
        return float(-0.5 * len(values) * np.log(variance) - np.log(np.diag(root)).sum())

    shapes = [Shape(*each) for each in product(choices, _REACHES, _NOISES, _ORDERS)]
    return max(shapes, key=likelihood)


def _covariance(squared: Any, shape: Shape) -> Any:
    """Return that of rows with each other; their squared distances are multiples of the reach."""
    import numpy as np

    return matern(squared, shape.order) + shape.noise * np.eye(len(squared))


def matern(squared: Any, order: int) -> Any:
    """Return Matérn's covariance at squared distances in multiples of the reach.

    Args:
        squared: an array, 0 or more.
        order: twice the usual one: 1, 3 or 5.
    """
    import numpy as np

    away = np.sqrt(order * squared)
    factor = 1.0 if order == 1 else 1.0 + away if order == 3 else 1.0 + away + away * away / 3.0
    return factor * np.exp(-away)


def _standardised(
    rows: Sequence[Sequence[float]], columns: tuple[int, int]
) -> tuple[Any, Any, Any]:
    import numpy as np

    table = np.asarray(rows, dtype=float)[:, slice(*columns)]
    centre, spread = table.mean(axis=0), table.std(axis=0)
    # What never differed must not count a million times when it does for the first time.
    least = max(1e-3 * float(spread.max()), _TINY)
    spread = np.where(spread < least, max(float(spread.max()), _TINY), spread)
    return (table - centre) / spread, centre, spread


def _distances(rows: Any) -> tuple[Any, float]:
    """Return squared distances and the median of those above 0."""
    import numpy as np

    squares = (rows * rows).sum(axis=1)
    squared = np.maximum(squares[:, None] + squares[None, :] - 2.0 * (rows @ rows.T), 0.0)
    np.fill_diagonal(squared, 0.0)
    apart = squared[squared > _TINY]
    return squared, float(np.median(apart)) if len(apart) else 1.0
