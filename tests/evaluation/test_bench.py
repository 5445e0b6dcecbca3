"""What routines get beside the sandbox: one execution where cases differ for the scorer alone."""

from __future__ import annotations

from collections.abc import Generator

import pytest

from telic.artifact import Artifact
from telic.evaluation import ScoringFunctions
from telic.evaluation.bench import Bench, Trial
from telic.evaluation.grouping import answers_of, can_group
from telic.evaluation.judge import Judge
from telic.evaluation.sandbox import Sandbox
from telic.problem import Limits, Problem, Stage
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


def test_outputs_that_are_known_are_scored_alike(sandbox: Sandbox) -> None:
    seen: list[object] = []
    bench = bench_of(sandbox, tuple(Case(hidden=k) for k in (1, 2, 6)), seen)

    with bench.session(Artifact.of(TEXT), 0) as session:
        low, high = session.score([(1,), (3,)], floor=2.0)

    assert bench.outputs(Artifact.of("def f():\n    return 5\n"), 0) == (5,)
    assert (low.feasible, low.value, high.feasible, high.value) == (False, 1.0, True, 9.0)


class TestGroups:
    def trials(self, sandbox: Sandbox, text: str, vectors: list[tuple[float, ...]]) -> list[Trial]:
        problem = Problem(name="toy", seed=Artifact.of(text), entry="f", limits=Limits(seconds=0.5))
        functions = ScoringFunctions((Case(args=([1.0],)),), lambda output, _: float(output[0]))
        bench = Bench(Judge(problem, functions, sandbox))
        with bench.session(problem.seed, 0) as session:
            first = session.evaluate(vectors[:1])
            return first + session.evaluate(vectors[1:])

    def test_each_member_has_a_module_and_arguments_of_its_own(self, sandbox: Sandbox) -> None:
        text = (
            "seen = []\n\ndef f(values):\n    values[0] += __telic_slots__[0]\n"
            "    seen.append(1)\n    return [values[0] * len(seen)]\n"
        )

        trials = self.trials(sandbox, text, [(float(k),) for k in range(40)])

        assert [trial.value for trial in trials] == [1.0 + k for k in range(40)]

    def test_a_member_that_raises_or_is_not_finite_fails_alone(self, sandbox: Sandbox) -> None:
        text = "def f(values):\n    return [1.0 / __telic_slots__[0] * __telic_slots__[1]]\n"
        vectors = [(1.0, 1.0), (2.0, 1.0), (0.0, 1.0), (1e-300, 1e300), (4.0, 1.0)]

        trials = self.trials(sandbox, text, vectors)

        assert [trial.value for trial in trials] == [1.0, 0.5, None, None, 0.25]
        kinds = [trial.failure and trial.failure.kind for trial in trials]
        assert kinds == [None, None, "exception", "output", None]
        assert "ZeroDivisionError" in str(trials[2].failure)

    @pytest.mark.parametrize(
        ("trouble", "kind"),
        [
            ("while True: pass", "timeout"),
            ("import os; os._exit(3)", "exit"),
            ("return [1j]", "output"),
        ],
    )
    def test_when_one_ends_the_child_the_others_have_their_values(
        self, sandbox: Sandbox, trouble: str, kind: str
    ) -> None:
        text = (
            "def f(values):\n    if __telic_slots__[0] == 7.0:\n"
            f"        {trouble}\n    return [__telic_slots__[0]]\n"
        )

        trials = self.trials(sandbox, text, [(float(k),) for k in range(12)])

        assert trials[7].failure is not None
        assert trials[7].failure.kind == kind
        values = [trial.value for trial in trials]
        assert values[:7] == list(range(7))
        assert all(value == k for k, value in enumerate(values) if value is not None)

    def test_what_a_program_says_about_its_group_is_checked(self) -> None:
        assert answers_of([([1, 2], {})], 2) == [((1,), None), ((2,), None)]
        assert answers_of([([1], {1: ("exception", "no")})], 2) == [
            ((1,), None),
            ((), ("exception", "no")),
        ]
        for forged in (
            None,
            [1, 2],
            ([1], {}),
            ([1], {1: "no"}),
            ([1], {1: ("crash", "no")}),
            ([1], {5: ("output", "")}),
        ):
            assert answers_of([forged], 2) is None

    def test_programs_that_draw_numbers_are_executed_apart(self) -> None:
        assert can_group(Artifact.of("def f(x): return x"), [1.0, [2, "a"]])
        assert not can_group(Artifact.of("import random\n"), [])
        assert not can_group(Artifact.of("def f(x): return x"), [object()])
