"""Outputs become evaluations: cascades, repeats, constraints and scorers that misbehave."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import pytest

from telic.artifact import Artifact
from telic.candidate import Evaluation
from telic.evaluation import ScoringFunctions
from telic.evaluation.judge import Foreign, Judge, join_repeats
from telic.evaluation.sandbox import Job, Outcome, Sandbox, decode
from telic.problem import Constraint, Limits, ObjectiveSpec, Problem, Scorer, Stage
from telic.scoring import Case, Score, infeasible


class InProcess:
    """Runs the entry function here; only for programs that this test wrote."""

    layer = "in process"

    def __init__(self) -> None:
        self.jobs: list[Job] = []

    def run(self, job: Job) -> Outcome:
        self.jobs.append(job)
        names: dict[str, Callable[..., Any]] = {}
        exec(job.files[0][1], names)
        outputs: list[Any] = []
        for call in job.calls:
            arguments, keywords = decode(call)
            try:
                outputs.append(names[job.entry](*arguments, **keywords))
            except Exception as error:
                return Outcome(tuple(outputs), ("exception", repr(error)), seconds=0.5)
        return Outcome(tuple(outputs), None, seconds=0.5, cpu_seconds=0.25)


def judge_of(
    score: Callable[[Any, Case], Any],
    cases: tuple[Case, ...] = (Case(),),
    aggregate: Callable[..., Any] | None = None,
    **fields: Any,
) -> tuple[Judge, InProcess]:
    settings: dict[str, Any] = {"name": "test", "entry": "f", "scorer": Scorer(path="score.py")}
    problem = Problem(seed=Artifact.of("def f(): ..."), **(settings | fields))
    sandbox = InProcess()
    functions = ScoringFunctions(cases, score, aggregate)
    return Judge(problem, functions, cast("Sandbox", sandbox)), sandbox


def evaluate(
    judge: Judge, text: str = "def f(*a): return sum(a, 1)", repeats: int = 1
) -> Evaluation:
    return judge.evaluate(Artifact.of(text), list(range(repeats)))


def test_metrics_are_averaged_over_cases() -> None:
    judge, _ = judge_of(lambda output, case: output, (Case((1,)), Case((2,)), Case((6,))))

    evaluation = evaluate(judge)

    assert evaluation.metrics == {"score": 4.0}
    assert evaluation.feasible
    assert evaluation.samples == (4.0,)
    assert (evaluation.seconds, evaluation.layer) == (0.5, "in process")


def test_a_scorer_may_join_its_cases_itself() -> None:
    def worst(scores: list[Score]) -> float:
        return min(score.metrics["score"] for score in scores)

    judge, _ = judge_of(lambda output, case: output, (Case((1,)), Case((6,))), worst)

    assert evaluate(judge).metrics == {"score": 2.0}


def test_the_scorer_alone_sees_what_is_hidden() -> None:
    judge, sandbox = judge_of(lambda output, case: output - case.hidden, (Case((3,), hidden=4),))

    assert evaluate(judge).metrics == {"score": 0.0}
    assert [decode(call) for call in sandbox.jobs[0].calls] == [([3], {})]


def test_a_failing_candidate_has_no_score() -> None:
    judge, _ = judge_of(lambda output, case: -1e9)

    evaluation = evaluate(judge, "def f(): return 1 / 0")

    assert evaluation.failure is not None
    assert evaluation.failure.kind == "exception"
    assert (evaluation.metrics, evaluation.samples, evaluation.feasible) == ({}, (), False)


@pytest.mark.parametrize("bad", [math.nan, math.inf, None, "1", [1], {}, {"other": 1.0}])
def test_a_scorer_without_a_finite_answer_is_a_failure_of_its_own(bad: Any) -> None:
    judge, _ = judge_of(lambda output, case: bad)

    evaluation = evaluate(judge)

    assert evaluation.failure is not None
    assert evaluation.failure.kind == "scorer"


def test_a_scorer_that_raises_is_recorded_with_its_error() -> None:
    judge, _ = judge_of(lambda output, case: output["missing"])

    evaluation = evaluate(judge)

    assert evaluation.failure is not None
    assert "TypeError" in evaluation.failure.reason


def test_a_scorer_that_does_not_end_is_stopped() -> None:
    def endless(output: Any, case: Case) -> float:
        while True:
            pass

    judge, _ = judge_of(endless, limits=Limits(scorer_seconds=0.05))

    evaluation = evaluate(judge)

    assert evaluation.failure is not None
    assert "0.05 s" in evaluation.failure.reason


def test_an_infeasible_output_has_metrics_and_no_score() -> None:
    judge, _ = judge_of(lambda o, c: Score({"score": 9.0}, feasible=False, margins=[-0.5, 1, -1]))

    evaluation = evaluate(judge)

    assert not evaluation.feasible
    assert evaluation.failure is None
    assert evaluation.metrics == {"score": 9.0}
    assert evaluation.violation == 1.5
    assert evaluation.samples == ()


def test_a_rule_broken_beyond_measure_needs_no_metrics() -> None:
    judge, _ = judge_of(lambda o, c: infeasible("wrong count"))

    evaluation = evaluate(judge)

    assert (evaluation.feasible, evaluation.failure) == (False, None)
    assert evaluation.feedback == "wrong count"


def test_a_broken_constraint_is_infeasible_by_how_far_it_is_missed() -> None:
    objective = ObjectiveSpec(constraints=(Constraint("mass", at_most=2.0),))
    judge, _ = judge_of(lambda o, c: {"score": 1.0, "mass": 5.0}, objective=objective)

    evaluation = evaluate(judge)

    assert not evaluation.feasible
    assert evaluation.violation == 3.0
    assert "mass" in evaluation.feedback


def cascade(threshold: float, direction: str = "maximize") -> tuple[Judge, InProcess]:
    return judge_of(
        lambda output, case: output,
        tuple(Case((n,)) for n in range(10)),
        stages=(Stage(cases=2, threshold=threshold), Stage()),
        objective=ObjectiveSpec(direction=direction),  # pyright: ignore[reportArgumentType]
    )


def test_a_cascade_stops_below_its_threshold_without_a_score() -> None:
    judge, sandbox = cascade(threshold=2.0)

    evaluation = evaluate(judge)

    assert evaluation.stopped_early
    assert not evaluation.feasible
    assert len(sandbox.jobs) == 1
    assert "stage 1" in evaluation.feedback


def test_a_cascade_goes_on_and_runs_each_case_once() -> None:
    judge, sandbox = cascade(threshold=1.5)

    evaluation = evaluate(judge)

    assert [len(job.calls) for job in sandbox.jobs] == [2, 8]
    assert evaluation.metrics == {"score": 5.5}
    assert evaluation.stage == 1


def test_a_threshold_follows_the_direction() -> None:
    low, _ = cascade(threshold=2.0, direction="minimize")
    high, _ = cascade(threshold=1.0, direction="minimize")

    assert not evaluate(low).stopped_early
    assert evaluate(high).stopped_early


def test_repeats_run_with_their_own_seeds_and_are_averaged() -> None:
    judge, sandbox = judge_of(lambda output, case: output)

    evaluation = evaluate(judge, repeats=3)

    assert [job.seed for job in sandbox.jobs] == [0, 1, 2]
    assert evaluation.samples == (1.0, 1.0, 1.0)
    assert evaluation.seconds == 1.5


def test_joining_weighs_by_the_number_of_samples() -> None:
    many = Evaluation(metrics={"score": 1.0}, feasible=True, samples=(1.0, 1.0, 1.0))
    one = Evaluation(metrics={"score": 5.0}, feasible=True, samples=(5.0,))

    joined = join_repeats([many, one])

    assert joined.metrics == {"score": 2.0}
    assert joined.samples == (1.0, 1.0, 1.0, 5.0)


def test_a_repeat_that_is_infeasible_takes_the_score_away() -> None:
    good = Evaluation(metrics={"score": 1.0}, feasible=True, samples=(1.0,))
    bad = Evaluation(metrics={"score": 9.0}, feasible=False, violation=1.0)

    assert join_repeats([good, bad]).samples == ()
    assert not join_repeats([good, bad]).feasible


def test_a_text_can_be_its_own_output() -> None:
    problem = Problem(name="prompt", seed=Artifact.of("be kind", "prompt.txt"))
    functions = ScoringFunctions((Case(),), lambda output, case: len(output))

    evaluation = Judge(problem, functions, None).evaluate(problem.seed, [0])

    assert evaluation.metrics == {"score": 7.0}
    assert evaluation.layer == "text"


def test_an_objective_may_name_the_measured_processor_time() -> None:
    judge, _ = judge_of(
        lambda output, case: {"correct": 1.0},
        objective=ObjectiveSpec(metric="cpu_seconds", direction="minimize"),
    )

    evaluation = evaluate(judge)

    assert evaluation.metrics == {"correct": 1.0, "cpu_seconds": 0.25}
    assert evaluation.samples == (0.25,)


def test_a_foreign_cascade_that_stops_early_keeps_its_score() -> None:
    @dataclass(frozen=True)
    class Run:
        files: tuple[tuple[str, str], ...] = (("run.py", "def f(): return 0.25"),)
        entry: str = "f"
        args: tuple[Any, ...] = ()

    @dataclass(frozen=True)
    class Report:
        score: Score
        stage: int = 0
        stopped_early: bool = True

    problem = Problem(
        name="test", seed=Artifact.of("x"), scorer=Scorer(path="evaluator.py"), format="openevolve"
    )
    foreign = Foreign(
        lambda problem, artifact: Run(),
        lambda problem, output: Report(Score(metrics={"score": output})),
    )
    functions = ScoringFunctions((), lambda output, case: output)
    judge = Judge(problem, functions, cast("Sandbox", InProcess()), foreign)

    evaluation = evaluate(judge, "x")

    assert (evaluation.metrics, evaluation.feasible) == ({"score": 0.25}, True)
    assert (evaluation.stopped_early, evaluation.verified) == (True, False)


def test_the_metric_of_each_case_is_kept_for_what_has_a_score():
    cases = (Case((1,)), Case((2,)), Case((3,)))
    judge, _ = judge_of(lambda output, case: output, cases)

    evaluation = evaluate(judge, repeats=2)

    assert evaluation.cases == (2.0, 3.0, 4.0)
    assert evaluation.metrics["score"] == 3.0
    assert (
        judge_of(lambda output, case: output)[0]
        .evaluate(Artifact.of("def f(*a): return 1"), [0])
        .cases
        == ()
    )


def test_an_infeasible_output_has_no_cases():
    cases = (Case((1,)), Case((2,)))
    judge, _ = judge_of(lambda output, case: Score({"score": output}, feasible=False), cases)

    assert evaluate(judge).cases == ()
