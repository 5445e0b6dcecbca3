"""Exact arithmetic for trusted scorers: no tolerance, and still fast.

A float is an exact rational whose denominator is a power of two. A scorer filters the clear
cases with floats and decides near-ties on integers from :func:`integers`, so that a
violation of 1e-30 is refused and an exact contact is accepted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["float_array", "int_list", "integers"]


def integers(values: Iterable[float]) -> tuple[list[int], int]:
    """Return integers over one common denominator that equal finite floats exactly.

    Args:
        values: finite floats or ints.

    Returns:
        The numerators in order, and the common denominator, a power of two.

    Raises:
        OverflowError: if a value is infinite.
        ValueError: if a value is not a number.
    """
    ratios = [value.as_integer_ratio() for value in values]
    common = max((denominator for _, denominator in ratios), default=1)
    return [numerator * (common // denominator) for numerator, denominator in ratios], common


def float_array(output: Any, shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Return a candidate's output as finite floats of an expected shape.

    Args:
        output: nested lists of numbers, or a NumPy array.
        shape: the expected shape; -1 matches any length.

    Raises:
        ValueError: if the output is not numeric, has another shape or is not finite.
    """
    import numpy as np

    try:
        array = np.asarray(output)
    except (ValueError, TypeError, OverflowError) as error:
        raise ValueError(f"expected numbers of shape {shape}; got a ragged list") from error
    if array.dtype.kind not in "fiu":
        raise ValueError(f"expected numbers of shape {shape}; got {array.dtype} values")
    if array.ndim != len(shape) or any(
        want not in (-1, got) for want, got in zip(shape, array.shape, strict=True)
    ):
        raise ValueError(f"expected shape {shape}; got {array.shape}")
    array = array.astype(np.float64)
    if not np.isfinite(array).all():
        raise ValueError("expected finite numbers; got NaN or an infinity")
    return array


def int_list(output: Any, *, low: int, high: int, length: int | None = None) -> list[int]:
    """Return a candidate's output as a list of integers in ``[low, high]``.

    Args:
        output: a list or tuple of ints, or a one-dimensional integer array. Floats are
            refused, whole ones too; booleans as well.
        low: smallest allowed value.
        high: largest allowed value.
        length: exact number of items, or ``None`` for any.

    Raises:
        ValueError: if the output is something else.
    """
    items: Sequence[Any] = output.tolist() if hasattr(output, "tolist") else output
    if not isinstance(items, list | tuple):
        raise ValueError(f"expected a list of integers; got {type(output).__name__}")
    if length is not None and len(items) != length:
        raise ValueError(f"expected {length} integers; got {len(items)}")
    for item in items:
        if type(item) is not int:
            raise ValueError(f"expected integers; got {item!r:.40}")
        if not low <= item <= high:
            raise ValueError(f"expected integers from {low} to {high}; got {item}")
    return list(items)
