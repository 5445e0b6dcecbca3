"""Trusted simulation of a cache whose eviction policy is a table of priorities.

A candidate never sees a trace: it returns the priority of keeping an entry as a table over
how often it was used and how long ago it was last used, and the simulation here evicts the
entry of lowest priority. So the policy is online by construction. Misses are compared with
those of the optimal offline policy (Belady, 1966), which no policy can beat.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from random import Random

import numpy as np
from numpy.typing import NDArray

__all__ = ["AGES", "USES", "fewest_misses", "misses", "trace"]

AGES = 16
"""Columns of the table: the age in requests, on a scale of powers of two."""

USES = 8
"""Rows of the table: 1 to 8 uses since the entry came in; more count as 8."""


def trace(rng: Random, length: int) -> list[int]:
    """Return requests that mix a shifting set of popular keys with scans and loops.

    Args:
        rng: where all draws come from.
        length: number of requests.
    """
    keys: list[int] = []
    fresh = 1_000_000
    popular = list(range(300))
    while len(keys) < length:
        kind = rng.random()
        if kind < 0.7:
            ranks = (int(rng.paretovariate(0.7)) - 1 for _ in range(rng.randint(50, 200)))
            keys.extend(popular[min(299, rank)] for rank in ranks)
        elif kind < 0.85:
            count = rng.randint(20, 80)
            keys.extend(range(fresh, fresh + count))
            fresh += count
        else:
            loop = [rng.randrange(300, 500) for _ in range(rng.randint(10, 60))]
            keys.extend(loop * rng.randint(2, 4))
        if rng.random() < 0.02:
            rng.shuffle(popular)
    return keys[:length]


def misses(keys: Sequence[int], size: int, table: NDArray[np.float64]) -> int:
    """Run a trace through a cache of ``size`` entries and count the misses.

    Args:
        keys: the requests.
        size: of the cache.
        table: priority of keeping an entry, shape ``(USES, AGES)``. Of equal priorities the
            entry used least recently goes.
    """
    slot_of: dict[int, int] = {}
    used = np.zeros(size, dtype=np.int64)
    last = np.zeros(size, dtype=np.int64)
    key_in = [-1] * size
    ages = _age_columns(len(keys))
    count = 0
    for now, key in enumerate(keys):
        slot = slot_of.get(key)
        if slot is not None:
            used[slot] = min(used[slot] + 1, USES - 1)
            last[slot] = now
            continue
        count += 1
        if len(slot_of) < size:
            slot = len(slot_of)
        else:
            keep = table[used, ages[now - last]]
            lowest = np.flatnonzero(keep == keep.min())
            slot = int(lowest[last[lowest].argmin()])
            del slot_of[key_in[slot]]
        slot_of[key] = slot
        key_in[slot] = key
        used[slot] = 0
        last[slot] = now
    return count


def fewest_misses(keys: Sequence[int], size: int) -> int:
    """Return the misses of the optimal offline policy: evict what is needed latest."""
    following = [len(keys)] * len(keys)
    seen: dict[int, int] = {}
    for place in range(len(keys) - 1, -1, -1):
        following[place] = seen.get(keys[place], len(keys))
        seen[keys[place]] = place
    cache: OrderedDict[int, int] = OrderedDict()
    count = 0
    for place, key in enumerate(keys):
        if key not in cache:
            count += 1
            if len(cache) == size:
                del cache[max(cache, key=lambda held: cache[held])]
        cache[key] = following[place]
    return count


def _age_columns(length: int) -> NDArray[np.int64]:
    """Return the table's column for every age from 0 to ``length``: floor(log2(age))."""
    ages = np.arange(length + 1)
    columns = np.floor(np.log2(np.maximum(ages, 1))).astype(np.int64)
    return np.minimum(columns, AGES - 1)
