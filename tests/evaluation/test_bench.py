"""What routines get beside the sandbox: one execution where cases differ for the scorer alone."""

from __future__ import annotations

from collections.abc import Generator

import pytest

from telic.artifact import Artifact
from telic.evaluation import ScoringFunctions
from telic.evaluation.bench import Bench
from telic.evaluation.judge import Judge
from telic.evaluation.sandbox import Sandbox
from telic.problem import Problem, Stage
from telic.scoring import Case, Score

TEXT = "def f(x=1):\n    return x * len(str(__telic_slots__[0]))\n"


@pytest.fixture(scope="module")
def sandbox() -> Generator[Sandbox]:
    sandbox = Sandbox()
    sandbox.start()
    sandbox.wait()
    yield sandbox
    sandbox.close()


def bench_of(sandbox: Sandbox, cases: tuple[Case, ...], seen: list[object]) -> Bench:
    def score(output: object, case: Case) -> Score:
        seen.append((output, case.hidden))
        assert isinstance(output, int)
        return Score({"score": float(output * case.hidden)})

    problem = Problem(
        name="toy", seed=Artifact.of(TEXT), entry="f", stages=(Stage(cases=1), Stage())
    )
    return Bench(Judge(problem, ScoringFunctions(cases, score), sandbox))


def test_one_output_is_scored_for_every_case_without_arguments(sandbox: Sandbox) -> None:
    seen: list[object] = []
    bench = bench_of(sandbox, tuple(Case(hidden=k) for k in (1, 2, 6)), seen)

    with bench.session(Artifact.of(TEXT), 0) as session:
        (trial,) = session.evaluate([("ab",)])

    assert trial.value == 6.0
    assert seen == [(2, 1), (2, 2), (2, 6)]


def test_cases_with_arguments_are_executed_one_by_one(sandbox: Sandbox) -> None:
    seen: list[object] = []
    bench = bench_of(sandbox, (Case(args=(1,), hidden=1), Case(args=(3,), hidden=1)), seen)

    with bench.session(Artifact.of(TEXT), 0) as session:
        (trial,) = session.evaluate([("ab",)])

    assert trial.value == 4.0
    assert seen == [(2, 1), (6, 1)]


def test_what_stays_below_the_floor_in_the_first_stage_goes_no_further(sandbox: Sandbox) -> None:
    seen: list[object] = []
    bench = bench_of(sandbox, tuple(Case(hidden=k) for k in (1, 2, 6)), seen)

    with bench.session(Artifact.of(TEXT), 0) as session:
        low, high = session.evaluate([("a",), ("abc",)], floor=2.0)

    assert (low.feasible, low.value, low.early) == (False, 1.0, 1.0)
    assert (high.feasible, high.value, high.early) == (True, 9.0, 3.0)
    assert len(seen) == 4
