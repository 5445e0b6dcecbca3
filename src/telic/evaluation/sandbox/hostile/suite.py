"""Running the attacks, and looking at what is left of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from telic.evaluation.sandbox.client import Job, Outcome, Sandbox
from telic.evaluation.sandbox.wire import encode

from .attack import Attack
from .forgery import FORGERY
from .reach import REACH
from .resources import RESOURCES

__all__ = ["ATTACKS", "AttackResult", "run_hostile_suite"]

ATTACKS: tuple[Attack, ...] = (*RESOURCES, *REACH, *FORGERY)

_ARGUMENTS = encode(((21,), {}))
_HONEST = """
import fractions, json, math, os, random, statistics
def honest(x):
    return [
        json.dumps([2 * x]), math.sqrt(16.0), statistics.mean([1, 2, 6]), random.random(),
        str(fractions.Fraction(x, 3)), len([1, 2]), os.listdir('.'),
    ]
"""


@dataclass(frozen=True, slots=True)
class AttackResult:
    """How one attack went."""

    name: str
    tries: str
    held: bool | None
    """Whether it failed as it should; ``None`` if it was not tried, because no layer that is
    there claims to hold it."""
    outcome: Outcome | None
    note: str
    """How it ended, or what is wrong."""


def run_hostile_suite(
    sandbox: Sandbox,
    *,
    attacks: Iterable[Attack] = ATTACKS,
    report: Callable[[AttackResult], object] | None = None,
) -> list[AttackResult]:
    """Run hostile candidates and tell which of them were held.

    After each, no process of it may be alive and an honest candidate must give what it gave
    before the first.

    Args:
        sandbox: where to run them; its layers decide which are tried.
        attacks: which ones.
        report: is told each result as it comes.

    Raises:
        SandboxError: if the sandbox cannot be started at all.
    """
    sandbox.wait()
    honest = Job((("main.py", _HONEST),), "honest", (_ARGUMENTS,), seed=1)
    expected = sandbox.run(honest)
    results: list[AttackResult] = []
    for attack in attacks:
        if attack.held_by and not any(layer not in sandbox.missing for layer in attack.held_by):
            needs = " or ".join(attack.held_by)
            result = AttackResult(attack.name, attack.tries, None, None, f"needs {needs}")
        else:
            result = _run(sandbox, attack, honest, expected)
        results.append(result)
        if report is not None:
            report(result)
    return results


def _run(sandbox: Sandbox, attack: Attack, honest: Job, expected: Outcome) -> AttackResult:
    outcome = sandbox.run(
        Job(
            (("main.py", attack.source),),
            "attack",
            (_ARGUMENTS,),
            seed=1,
            seconds=attack.seconds,
            cpu_seconds=attack.cpu_seconds,
            memory_mb=256,
            output_mb=4,
        )
    )
    complaint = _complaint(attack, outcome)
    survivors = sandbox.survivors()
    if survivors and not complaint:
        complaint = f"{len(survivors)} of its processes are still alive"
    after = sandbox.run(honest)
    if (after.outputs, after.failure) != (expected.outputs, expected.failure) and not complaint:
        complaint = f"the next candidate was affected: {after.failure or after.outputs}"
    ending = outcome.failure[1].splitlines()[0] if outcome.failure else "returned nothing it wanted"
    return AttackResult(attack.name, attack.tries, not complaint, outcome, complaint or ending)


def _complaint(attack: Attack, outcome: Outcome) -> str:
    if outcome.failure is None:
        if attack.may_return and outcome.outputs == (attack.gives,):
            return ""
        return f"it returned {outcome.outputs!r:.300}"
    kind, reason = outcome.failure
    return "" if kind in attack.ends else f"it ended as {kind}: {reason[:300]}"
