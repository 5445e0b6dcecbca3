"""The ``numeric`` operator: tunes the numbers in a program with CMA-ES."""

from __future__ import annotations

from telic.operators._task import Delegating
from telic.operators.base import Appetite

__all__ = ["Numeric"]


class Numeric(Delegating):
    """Lifts numeric literals into a vector and tunes it in batches inside one sandbox child.

    A call tunes all literals or a random few, with a random first step, so that repeated
    calls on one parent differ. Literals outside evolvable regions, indices, shapes and
    strings stay; ``# tune: LOW..HIGH [log]`` behind a line declares bounds, ``# tune: off``
    excludes its literals. What comes back is short: the fewest digits that keep the gain.

    Args:
        trials: the most that one call spends. It uses 80 and 40 for each literal, for with
            these CMA-ES gains what it can gain quickly, and a second call starts from there.
        repeats: runs of each vector when the problem is noisy, at least 1.

    Raises:
        ValueError: if a setting is too small.
    """

    name = "numeric"
    appetite = Appetite(least=20, most=0.5, sure=0.35)
    routine = "telic.operators._tuning:tune"
