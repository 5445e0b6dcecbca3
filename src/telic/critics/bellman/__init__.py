"""Action values of sequences under construction, started from a policy. Needs ``telic[learn]``.

After Yu et al. (2024), "B-Coder: Value-Based Deep Reinforcement Learning for Program Synthesis". A
:class:`DuelingCritic` reads a pre-trained policy's logits ``l`` as advantages,
``Q(s, a) = scale (l(s, a) - max l(s, ·)) + V(s)``, so that it begins with the policy's own choices.
:func:`fit_values` learns ``V`` alone, :func:`fit_critic` then everything by a Bellman operator, the
paper's conservative one or the usual maximum; :func:`recovered_reward` ranks finished sequences.
What a state is, the caller says: critics see a row of tokens.

Raises:
    UsageError: on import, if PyTorch is not installed.
"""

from __future__ import annotations

from importlib.util import find_spec

from telic.errors import UsageError

if find_spec("torch") is None:
    raise UsageError("Bellman critics need PyTorch: pip install 'telic[learn]'")

from telic.critics.bellman.dueling import DuelingCritic, TokenNetwork, clone_behaviour
from telic.critics.bellman.training import Operator, Steps, fit_critic, fit_values, recovered_reward

__all__ = [
    "DuelingCritic",
    "Operator",
    "Steps",
    "TokenNetwork",
    "clone_behaviour",
    "fit_critic",
    "fit_values",
    "recovered_reward",
]
