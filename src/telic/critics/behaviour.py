"""What a program's output is like, as a few numbers.

Where scoring is what costs, as with simulations, running a program without scoring it is cheap, and
its output says far more of its worth than its text does: Hildebrandt & Branke 2015, "On using
surrogates with genetic programming", Evolutionary Computation 23(3), compare programs by what they
do. A sketch holds the output twice: its values, and their ranks, since of policies and priorities
only the order matters. Up to ``SKETCH`` numbers stand as they are; more are projected by random
signs, which keeps distances (Achlioptas 2003, "Database-friendly random projections"). Words count
by their hashes, numbers by the logarithms of their sizes.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from telic.candidate import Behaviour
from telic.critics._outlines import outlines_of

__all__ = ["SKETCH", "behaviour_of"]

SKETCH = 64
"""Numbers that each half of a sketch has; the logarithm of how many there were comes after both."""
_MOST = 20_000
"""Numbers of an output that are looked at."""
_DEEPEST = 50
_GOLDEN = 0x9E3779B97F4A7C15
_MASK = (1 << 64) - 1


def behaviour_of(output: Any) -> Behaviour:
    """Return what an output of plain data, NumPy arrays included, is like."""
    import numpy as np

    leaves = [*_leaves(output, 0)]
    if _are_floats(leaves):
        data = np.array(leaves, dtype="<f8").tobytes()
        values = _sizes(leaves[:_MOST])
    else:
        # Hexadecimal, since an integer may be too long to be written in decimals.
        texts = (f"{leaf:x}" if type(leaf) is int else repr(leaf) for leaf in leaves)
        data = ",".join([*texts, ""]).encode("utf-8", "surrogatepass")
        values = [_number(leaf) for leaf in leaves[:_MOST]]
    digest = hashlib.blake2b(data, digest_size=6)
    return Behaviour(int.from_bytes(digest.digest()), _sketch(values), outlines=outlines_of(output))


def _are_floats(leaves: Sequence[Any]) -> bool:
    return {*map(type, leaves)} <= {float}


def _sizes(numbers: Sequence[float]) -> list[float]:
    """Return what :func:`_number` gives for each."""
    import numpy as np

    table = np.asarray(numbers, dtype=float)
    sizes = np.copysign(np.log1p(np.abs(table)), table)
    return np.where(np.isfinite(sizes), sizes, 0.0).tolist()


def _sketch(values: Sequence[float]) -> tuple[float, ...]:
    """Return ``SKETCH`` numbers for values and for ranks, and the logarithm of how many."""
    places = (*_projected(values), *_projected(_ranks(values)), math.log1p(len(values)))
    # Six digits tell programs apart, and a journal that holds many stays small.
    return tuple(float(f"{value:.6g}") for value in places)


def _projected(values: Sequence[float]) -> list[float]:
    import numpy as np

    if len(values) <= SKETCH:
        return [*values, *[0.0] * (SKETCH - len(values))]
    places, signs = _projection(len(values))
    return np.bincount(places, signs * np.asarray(values), SKETCH).tolist()


@lru_cache(maxsize=8)
def _projection(count: int) -> tuple[Any, Any]:
    """Return the place and the sign with which each of so many numbers counts."""
    import numpy as np

    drawn = [((at + 1) * _GOLDEN & _MASK) >> 40 for at in range(count)]
    signs = [1.0 if each >> 20 & 1 else -1.0 for each in drawn]
    return np.array(drawn) % SKETCH, np.array(signs)


def _ranks(values: Sequence[float]) -> list[float]:
    """Return each value's place among all, -0.5 to 0.5; equal ones share the middle."""
    import numpy as np

    table = np.asarray(values, dtype=float)
    ranked = np.sort(table)
    twice = np.searchsorted(ranked, table, "left") + np.searchsorted(ranked, table, "right")
    return (twice / (2.0 * max(1, len(values))) - 0.5).tolist()


def _leaves(data: Any, depth: int) -> Iterator[Any]:
    """Yield numbers, words and marks of where lists and dictionaries begin, in order."""
    if hasattr(data, "tolist"):
        data = data.tolist()
    if isinstance(data, Mapping):
        for key in sorted(data, key=str):
            yield str(key)
            yield from _leaves(data[key], depth + 1)
    elif isinstance(data, list | tuple | set | frozenset) and depth < _DEEPEST:
        if isinstance(data, list) and _are_floats(data):  # most are, and this is quick
            yield from data
            return
        for item in data if isinstance(data, list | tuple) else sorted(data, key=repr):
            yield from _leaves(item, depth + 1)
    else:
        yield data


def _number(value: Any) -> float:
    if isinstance(value, int | float):
        try:
            size = math.log1p(abs(value))
        except OverflowError:  # an integer too large for a float
            size = math.log(2.0) * value.bit_length() if isinstance(value, int) else 0.0
        if not math.isfinite(size):
            return 0.0
        return -size if value < 0 else size
    if isinstance(value, complex):
        return _number(math.hypot(value.real, value.imag))  # abs() raises where this is infinite
    text = repr(value).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(text, digest_size=4).digest()) / 2.0**32
