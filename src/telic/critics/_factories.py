"""Critics by name: each factory returns a screen around one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from telic.critics._behaving import BehaviourCritic
from telic.critics._credit import CreditCritic
from telic.critics._models import ModelName
from telic.critics._regression import RegressionCritic
from telic.critics._shuffled import ShuffledCritic
from telic.critics.base import Critic
from telic.critics.screen import By, Policy, Screen

__all__ = [
    "behaviour",
    "boosting",
    "credit",
    "forest",
    "gaussian_process",
    "memory",
    "neural",
    "ridge",
    "shuffled",
]


_KEEN = 6.0
_SURE = 30.0
"""What a program did says more than what was changed in it, so the best one is nearly always
chosen."""


class Screened:
    """A factory of screens: the same settings around any critic.

    Args:
        make: makes the critic.
        explanation: what it goes by.
        learn: what :class:`Screen` is given unless somebody says otherwise, as are the next two.
        by: likewise.
        keen: likewise.
        observes: whether programs are run, not scored, before the critic is asked.
    """

    def __init__(
        self,
        make: Callable[[], Critic],
        explanation: str,
        *,
        learn: int | None = None,
        by: By | None = None,
        keen: float = _KEEN,
        observes: bool = False,
    ) -> None:
        self._make = make
        self._learn, self._keen, self._observes = learn, keen, observes
        self._by: By | None = by
        self.__doc__ = f"Return a screen {explanation}; settings as for :class:`Screen`."

    def __call__(
        self,
        *,
        seed: int,
        policy: Policy = "choose",
        proposals: int = 12,
        skip: float = 0.6,
        explore: float = 0.1,
        learn: int | None = None,
        by: By | None = None,
        keen: float | None = None,
    ) -> Screen:
        """Return the screen."""
        return Screen(
            self._make(),
            seed=seed,
            policy=policy,
            proposals=proposals,
            skip=skip,
            explore=explore,
            learn=self._learn if learn is None else learn,
            by=by or self._by,
            keen=self._keen if keen is None else keen,
            observes=self._observes,
        )


def _regression(model: ModelName) -> Callable[[], Critic]:
    return lambda: RegressionCritic(model)


credit = Screened(CreditCritic, "by what became of similar edits; needs no library")
ridge = Screened(_regression("ridge"), "by ridge regression on static features")
forest = Screened(_regression("forest"), "by a random forest on static features")
boosting = Screened(_regression("boosting"), "by boosted trees on static features")
gaussian_process = Screened(
    _regression("gaussian-process"), "by a Gaussian process on static features"
)
memory = Screened(
    _regression("memory"), "by Hopfield retrieval over evaluated candidates; needs NumPy alone"
)
neural = Screened(
    _regression("neural"), "by an ensemble of small networks with HL-Gauss heads; needs PyTorch"
)
behaviour = Screened(
    BehaviourCritic,
    "by a Gaussian process on what programs do when they are run, not scored, which is for "
    "problems whose scoring is what costs; needs NumPy",
    learn=8,
    by="chance",
    keen=_SURE,
    observes=True,
)


def shuffled(
    *,
    seed: int,
    model: ModelName | Literal["credit", "behaviour"] = "credit",
    policy: Policy = "choose",
    proposals: int = 12,
    skip: float = 0.6,
    explore: float = 0.1,
    learn: int | None = None,
    by: By | None = None,
    keen: float | None = None,
) -> Screen:
    """Return a control: a screen whose critic, of any model, learns shuffled outcomes."""
    observes = model == "behaviour"
    if model == "behaviour":
        inner: Critic = BehaviourCritic(knows_outputs=False)
        by = by or "chance"
    else:
        inner = CreditCritic() if model == "credit" else RegressionCritic(model)
    if keen is None:
        keen = _SURE if observes else _KEEN
    return Screen(
        ShuffledCritic(inner, seed=seed),
        seed=seed,
        policy=policy,
        proposals=proposals,
        skip=skip,
        explore=explore,
        learn=learn,
        by=by,
        keen=keen,
        observes=observes,
    )
