"""Projections: from what items are tagged with to the dimensions of a theory.

A projection is a matrix of weights, one row per value and one column per dimension, so that one
scorer serves every theory. A value may load on several dimensions, negatively too (survival
against self-expression), or on none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from telic.errors import MeasurementError
from telic.values._table import cell, read_rows

__all__ = ["Projection", "read_projection"]


class Projection(msgspec.Struct, frozen=True, kw_only=True):
    """A matrix from values to dimensions.

    Raises:
        MeasurementError: if there is no dimension, one is listed twice, or a weight is not
            finite or names an unlisted dimension.
    """

    name: str
    dimensions: tuple[str, ...]
    weights: Mapping[str, Mapping[str, float]]
    """Value → dimension → weight; zeros are left out."""

    def __post_init__(self) -> None:
        if not self.dimensions or len(set(self.dimensions)) < len(self.dimensions):
            raise MeasurementError(
                f"projection {self.name!r} needs different dimensions; got {self.dimensions}"
            )
        for value, row in self.weights.items():
            for dimension, weight in row.items():
                if dimension not in self.dimensions or not abs(weight) < float("inf"):
                    raise MeasurementError(
                        f"projection {self.name!r}: weight {weight} of {value!r} on "
                        f"{dimension!r} is not a finite weight on a listed dimension"
                    )

    @classmethod
    def identity(cls, name: str, dimensions: Iterable[str]) -> Projection:
        """Return the projection that keeps each dimension as it is."""
        kept = tuple(dimensions)
        return cls(name=name, dimensions=kept, weights={each: {each: 1.0} for each in kept})

    def apply(self, tags: Mapping[str, float]) -> dict[str, float]:
        """Return tags on values as tags on dimensions; values without a row add nothing."""
        out: dict[str, float] = {}
        for value, amount in tags.items():
            for dimension, weight in self.weights.get(value, {}).items():
                out[dimension] = out.get(dimension, 0.0) + amount * weight
        return out

    def then(self, other: Projection) -> Projection:
        """Return the product: this projection followed by another of its dimensions."""
        return Projection(
            name=f"{self.name} → {other.name}",
            dimensions=other.dimensions,
            weights={value: other.apply(row) for value, row in self.weights.items()},
        )

    def matrix(self, values: Iterable[str]) -> tuple[tuple[float, ...], ...]:
        """Return the rows of some values over :attr:`dimensions`; zeros where unmapped."""
        return tuple(
            tuple(self.weights.get(value, {}).get(each, 0.0) for each in self.dimensions)
            for value in values
        )

    def unmapped(self, values: Iterable[str]) -> tuple[str, ...]:
        """Return the values that load on no dimension, sorted."""
        return tuple(sorted(value for value in set(values) if not self.weights.get(value)))


def read_projection(path: Path, column: str, *, name: str = "", key: str = "value") -> Projection:
    """Read one theory's column of a table such as DailyDilemmas' ``values.csv``.

    Each row names a value and, in the theory's column, the dimension it belongs to; an empty
    cell leaves the value unmapped.

    Raises:
        MeasurementError: if the file is malformed, lacks the columns, lists a value twice or
            maps none.
    """
    rows = read_rows(path)
    for needed in (key, column):
        if needed not in rows[0].fields:
            present = ", ".join(repr(each) for each in rows[0].fields)
            raise MeasurementError(f"{path.name} has no column {needed!r}; it has {present}")
    weights: dict[str, dict[str, float]] = {}
    for row in rows:
        value = cell(row, key)
        if value in weights:
            raise MeasurementError(f"{row.where}: value {value!r} is listed twice")
        dimension = cell(row, column, default="")
        weights[value] = {dimension: 1.0} if dimension else {}
    dimensions = tuple(sorted({each for row in weights.values() for each in row}))
    if not dimensions:
        raise MeasurementError(f"{path.name}: column {column!r} maps no value")
    return Projection(name=name or column, dimensions=dimensions, weights=weights)
