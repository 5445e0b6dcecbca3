"""Hostile candidates, to see which layers of the sandbox really hold on a machine.

Used by the tests and by ``telic doctor``. Each attack is a small program that tries to do
harm or to cheat; :func:`run_hostile_suite` runs them and looks at what is left.
"""

from telic.evaluation.sandbox.hostile.attack import Attack
from telic.evaluation.sandbox.hostile.suite import ATTACKS, AttackResult, run_hostile_suite

__all__ = ["ATTACKS", "Attack", "AttackResult", "run_hostile_suite"]
