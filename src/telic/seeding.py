"""Random numbers by address.

A draw never depends on how many draws were made before it elsewhere: each use asks for the
generator at its own address, ``(run seed, purpose, index, ...)``, and gets the same one in
every replay, whatever the timing and the number of workers.
"""

from __future__ import annotations

import hashlib
import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

__all__ = ["address", "evaluation_seeds", "numpy_stream", "stream"]


def address(seed: int, *path: str | int) -> int:
    """Return the 128-bit key of an address.

    Args:
        seed: the run's seed, any integer.
        *path: the purpose and indices, for example ``("operator", 17)``.
    """
    text = "\x1f".join([f"{type(part).__name__}:{part}" for part in (seed, *path)])
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=16).digest(), "little")


def stream(seed: int, *path: str | int) -> random.Random:
    """Return the generator at an address, for scalar draws."""
    return random.Random(address(seed, *path))


def numpy_stream(seed: int, *path: str | int) -> np.random.Generator:
    """Return the counter-based (Philox) NumPy generator at an address, for array draws."""
    import numpy as np

    return np.random.Generator(np.random.Philox(key=address(seed, *path)))


def evaluation_seeds(seed: int, index: int | None, start: int, count: int) -> list[int]:
    """Return 32-bit seeds for the random numbers of a candidate's executions.

    Args:
        seed: the run's seed.
        index: the candidate, or ``None`` for seeds that all candidates share.
        start: number of the first repeat.
        count: how many repeats.
    """
    path: tuple[str | int, ...] = ("evaluation",) if index is None else ("evaluation", index)
    return [address(seed, *path, repeat) & 0xFFFFFFFF for repeat in range(start, start + count)]
