"""What a policy becomes when it pursues a worth, and how far it then is from its origin.

The policy that maximises mean worth less ``T`` times its Kullback-Leibler divergence from a base
is ``π ∝ π0 exp(u / T)``. Over responses that can be enumerated it is exact, so objectives can be
compared by what they make of a policy, at the same divergence, without any training. Where it
is trained by natural gradients, it stays in the same family: :func:`natural_step`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from telic.errors import MeasurementError, UsageError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[np.float64]

__all__ = ["divergence", "natural_step", "tilt", "tilt_by", "tilt_to"]

_HALVINGS = 80


def tilt(base: ArrayLike, worths: ArrayLike, *, temperature: float) -> Array:
    """Return ``π ∝ π0 exp(u / T)``: the best policy at a price ``T`` of divergence.

    Args:
        base: probabilities of the responses, shape (N,), none negative, summing to 1.
        worths: of the responses, shape (N,), finite.
        temperature: ``T``, positive.

    Raises:
        MeasurementError: if a worth is not finite, or ``base`` is not a distribution over them.
        UsageError: if the temperature is not positive.
    """
    if not temperature > 0:
        raise UsageError(f"temperature must be positive; got {temperature}")
    logs, pursued = _checked(base, worths)
    return _normalised(logs + (pursued - pursued.max()) / temperature)


def tilt_to(base: ArrayLike, worths: ArrayLike, *, divergence: float) -> Array:
    """Return the best policy at a given divergence from its base, found by bisection.

    Args:
        base: as for :func:`tilt`.
        worths: as for :func:`tilt`.
        divergence: in nats, positive.

    Raises:
        MeasurementError: as for :func:`tilt`.
        UsageError: if even the policy that takes nothing but the best is nearer than that.
    """
    import numpy as np

    if not divergence > 0:
        raise UsageError(f"divergence must be positive; got {divergence}")
    logs, pursued = _checked(base, worths)
    can = np.isfinite(logs)
    top = pursued[can].max()
    most = -float(np.log(np.exp(logs[can & (pursued == top)]).sum()))
    if not divergence < most:
        raise UsageError(f"no policy over these responses is {divergence:g} nats away; {most:g} is")
    spread = float(top - pursued[can].min())
    low, high = spread * 1e-6, spread * 1e6
    for _ in range(_HALVINGS):  # on a logarithmic scale: divergence falls as temperature rises
        middle = float(np.sqrt(low * high))
        policy = _normalised(logs + (pursued - top) / middle)
        low, high = (middle, high) if _apart(policy, logs) > divergence else (low, middle)
    return _normalised(logs + (pursued - top) / high)


def tilt_by(rewards: ArrayLike, strengths: Sequence[float]) -> Array:
    """Return ``π ∝ exp(Σ_k s_k r_k)`` over responses that are equally probable at first.

    Args:
        rewards: shape (rewards, ..., responses), finite.
        strengths: how strongly each is pursued; 0 each is the base.

    Returns:
        Shape (..., responses); sums to 1 over the last axis.

    Raises:
        MeasurementError: if there are not as many strengths as rewards, or a reward or strength is
            not finite.
    """
    import numpy as np

    table, strong = np.asarray(rewards, dtype=np.float64), np.asarray(strengths, dtype=np.float64)
    if table.ndim < 2 or strong.shape != table.shape[:1]:
        raise MeasurementError(
            f"expected a strength for each of the rewards, shape (rewards, ..., responses); got "
            f"{strong.shape} and {table.shape}"
        )
    if not (np.isfinite(table).all() and np.isfinite(strong).all()):
        raise MeasurementError("rewards and strengths must be finite")
    logs = np.tensordot(strong, table, axes=1)
    weights = np.exp(logs - logs.max(axis=-1, keepdims=True))
    return weights / weights.sum(axis=-1, keepdims=True)


def natural_step(
    strengths: Sequence[float], weights: Sequence[float], *, price: float, rate: float
) -> tuple[float, ...]:
    """Return strengths after a natural gradient step on ``Σ_k w_k E[r_k] - price · KL(π || π0)``.

    On the logits of a policy over enumerated responses the natural gradient is the pursued reward
    less the price of each log ratio to the base, so that a policy of :func:`tilt_by` stays one:
    ``s_k ← s_k + rate (w_k - price s_k)``.

    Args:
        strengths: of the present policy.
        weights: of the rewards.
        price: of divergence from the base, 0 or more.
        rate: of the step, positive.
    """
    return tuple(s + rate * (w - price * s) for s, w in zip(strengths, weights, strict=True))


def divergence(policy: ArrayLike, base: ArrayLike) -> float:
    """Return ``KL(policy || base)`` in nats, 0 or more.

    Raises:
        MeasurementError: if either is not a distribution, or the base excludes what the policy
            does.
    """
    import numpy as np

    first, second = _distribution(policy), _distribution(base)
    if first.shape != second.shape or bool((first[second == 0] > 0).any()):
        raise MeasurementError("a policy must be over what its base can do")
    with np.errstate(divide="ignore"):
        return max(_apart(first, np.log(second)), 0.0)


def _apart(policy: Array, base_logs: Array) -> float:
    import numpy as np

    some = policy > 0
    return float((policy[some] * (np.log(policy[some]) - base_logs[some])).sum())


def _normalised(logs: Array) -> Array:
    import numpy as np

    weights = np.exp(logs - logs.max())
    return weights / weights.sum()


def _checked(base: ArrayLike, worths: ArrayLike) -> tuple[Array, Array]:
    """Return log probabilities and worths."""
    import numpy as np

    probabilities = _distribution(base)
    pursued = np.asarray(worths, dtype=np.float64)
    if pursued.shape != probabilities.shape or not np.isfinite(pursued).all():
        raise MeasurementError(
            f"expected a finite worth for each of {len(probabilities)} responses; got shape "
            f"{pursued.shape}"
        )
    with np.errstate(divide="ignore"):
        return np.log(probabilities), pursued


def _distribution(values: ArrayLike) -> Array:
    import numpy as np

    probabilities = np.asarray(values, dtype=np.float64)
    is_one = (
        probabilities.ndim == 1
        and probabilities.size > 0
        and bool((probabilities >= 0).all())
        and abs(float(probabilities.sum()) - 1.0) < 1e-6
    )
    if not is_one:
        raise MeasurementError("a policy needs probabilities, 0 or more, that sum to 1")
    return probabilities
