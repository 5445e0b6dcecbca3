"""Ranges of a strategy's settings."""

from __future__ import annotations

__all__ = ["check_ranges"]


def check_ranges(*rows: tuple[str, float, float, float]) -> None:
    """Check settings given as (name, value, low, high).

    Raises:
        ValueError: if a value is out of its range.
    """
    for name, value, low, high in rows:
        if not low <= value <= high:
            raise ValueError(f"{name} must be between {low} and {high}; got {value}")
