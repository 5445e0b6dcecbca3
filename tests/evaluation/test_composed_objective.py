"""The trusted judge records a composed objective under its name, whatever the scorer gives."""

from typing import Any

from telic.artifact import Artifact
from telic.evaluation.judge import Judge
from telic.evaluation.scorers import ScoringFunctions
from telic.objectives import Objective
from telic.problem import ObjectiveSpec, Problem, Risk, Stage, Term
from telic.scoring import Case, Score


def judge_of(spec: ObjectiveSpec, **changes: Any) -> Judge:
    problem = Problem(name="text", seed=Artifact.of("1 2", "pair.txt"), objective=spec, **changes)
    cases = (Case(hidden=1.0, name="plain"), Case(hidden=10.0, name="steep"))

    def score(output: str, case: Case) -> Score:
        good, cost = (case.hidden * float(word) for word in output.split())
        return Score({"good": good, "cost": cost, "worth": 999.0})

    return Judge(problem, ScoringFunctions(cases, score), None)


TERMS = (Term("good"), Term("cost", "minimize"))


def test_terms_are_composed_from_the_means_over_cases():
    judge = judge_of(ObjectiveSpec("worth", terms=TERMS))

    evaluation = judge.evaluate(Artifact.of("3 1", "pair.txt"), [0])

    assert evaluation.metrics["worth"] == (3 + 30) / 2 - (1 + 10) / 2
    assert evaluation.samples == (evaluation.metrics["worth"],)


def test_a_risk_over_cases_takes_the_worst_case():
    judge = judge_of(ObjectiveSpec("worth", terms=TERMS, over_cases=Risk("worst")))

    losing, winning = (judge.evaluate(Artifact.of(t, "pair.txt"), [0]) for t in ("1 3", "3 1"))

    assert losing.metrics["worth"] == 10 - 30
    assert winning.metrics["worth"] == 3 - 1


def test_repeats_are_joined_by_their_worth_not_by_their_metrics():
    spec = ObjectiveSpec("worth", terms=TERMS, combine="worst")
    judge = judge_of(spec)

    evaluation = judge.evaluate(Artifact.of("3 1", "pair.txt"), [0, 1])

    assert len(evaluation.samples) == 2
    assert Objective(spec).fitness_of(evaluation) == evaluation.metrics["worth"]


def test_a_cascade_compares_the_composed_worth_with_its_threshold():
    stages = (Stage(cases=1, threshold=0.0), Stage())
    judge = judge_of(ObjectiveSpec("worth", terms=TERMS), stages=stages)

    poor, good = (judge.evaluate(Artifact.of(t, "pair.txt"), [0]) for t in ("1 3", "3 1"))

    assert poor.stopped_early
    assert not poor.feasible
    assert good.stage == 1
