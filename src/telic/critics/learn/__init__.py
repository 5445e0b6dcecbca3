"""Value heads and memories on PyTorch (``pip install 'telic[learn]'``).

One head, :class:`ValueHead`, takes any :class:`ValueLoss`: :class:`Square`, :class:`Histogram`
(two-hot, HL-Gauss, and C51 with :func:`project`), :class:`Ordinal`, :class:`Pairwise`. Targets may
be censored or failures: :class:`Targets`. :class:`Ensemble` and :func:`fit` train small networks
side by side; :func:`fitted_q` trains them on their own predictions.

Raises:
    UsageError: on import, if PyTorch is not installed.
"""

from __future__ import annotations

from importlib.util import find_spec

from telic.errors import UsageError

if find_spec("torch") is None:
    raise UsageError("learned value heads need PyTorch: pip install 'telic[learn]'")

from telic.critics._threads import single_thread
from telic.critics.learn.bootstrapped import Transitions, fitted_q, greedy
from telic.critics.learn.heads import Ensemble, ValueHead, fit
from telic.critics.learn.losses import Histogram, Ordinal, Pairwise, Square, ValueLoss
from telic.critics.learn.targets import Targets, edges_of, hl_gauss, project, two_hot

__all__ = [
    "Ensemble",
    "Histogram",
    "Ordinal",
    "Pairwise",
    "Square",
    "Targets",
    "Transitions",
    "ValueHead",
    "ValueLoss",
    "edges_of",
    "fit",
    "fitted_q",
    "greedy",
    "hl_gauss",
    "project",
    "single_thread",
    "two_hot",
]
