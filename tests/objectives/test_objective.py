import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telic.artifact import Artifact
from telic.candidate import Candidate, Evaluation, Failure, Record
from telic.errors import ProblemError
from telic.objectives import Objective
from telic.problem import Constraint, Direction, ObjectiveSpec

directions = st.sampled_from(["maximize", "minimize"])
finite = st.floats(allow_nan=False, allow_infinity=False)


def record_of(evaluation: Evaluation | None, fitness: float | None = None) -> Record:
    outcome = "declined" if evaluation is None else "evaluated"
    return Record(Candidate(1, Artifact.of("x")), outcome, evaluation, fitness)


@given(directions, finite, finite)
def test_better_values_get_higher_fitness(direction: Direction, a: float, b: float):
    objective = Objective(ObjectiveSpec("loss", direction))

    fitness_a, fitness_b = objective.fitness({"loss": a}), objective.fitness({"loss": b})

    assert fitness_a is not None
    assert fitness_b is not None
    assert (fitness_a > fitness_b) == (a > b if direction == "maximize" else a < b)


@given(directions, finite)
def test_value_gives_the_metric_back(direction: Direction, metric: float):
    objective = Objective(ObjectiveSpec("m", direction))
    fitness = objective.fitness({"m": metric})
    assert fitness is not None

    assert objective.value(fitness) == metric


def test_zero_has_no_negative_sign_when_minimized():
    fitness = Objective(ObjectiveSpec("m", "minimize")).fitness({"m": 0.0})

    assert fitness is not None
    assert math.copysign(1.0, fitness) == 1.0


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("direction", ["maximize", "minimize"])
def test_values_that_are_not_finite_are_no_worth(value: float, direction: Direction):
    assessment = Objective(ObjectiveSpec("m", direction)).assess({"m": value})

    assert assessment.fitness is None
    assert "not a finite number" in assessment.reason


def test_missing_metric_is_named_with_those_given():
    assessment = Objective(ObjectiveSpec("score")).assess({"b": 1.0, "a": 2.0})

    assert assessment.reason == "the scorer gave no metric 'score' (it gave: a, b)"


def test_constraints_give_feasibility_and_violation():
    spec = ObjectiveSpec("m", "maximize", (Constraint("m", at_most=1.0), Constraint("n", 2.0, 3.0)))
    objective = Objective(spec)

    inside = objective.assess({"m": 0.5, "n": 2.0})
    outside = objective.assess({"m": 1.25, "n": 1.0})

    assert (inside.fitness, inside.feasible, inside.violation) == (0.5, True, 0.0)
    assert (outside.fitness, outside.feasible, outside.violation) == (None, False, 1.25)
    assert (
        outside.reason == "m is 1.25, but m <= 1 is required; n is 1, but 2 <= n <= 3 is required"
    )


@pytest.mark.parametrize("metrics", [{"m": 1.0}, {"m": 1.0, "n": math.nan}])
def test_a_constraint_whose_metric_is_unknown_is_broken(metrics: dict[str, float]):
    spec = ObjectiveSpec("m", constraints=(Constraint("n", at_least=0.0),))

    assert Objective(spec).assess(metrics).violation == math.inf


@pytest.mark.parametrize(
    "constraint", [Constraint("m"), Constraint("m", 2.0, 1.0), Constraint("m", math.nan)]
)
def test_constraints_that_make_no_sense_are_refused(constraint: Constraint):
    with pytest.raises(ProblemError, match="'m'"):
        Objective(ObjectiveSpec(constraints=(constraint,)))


@given(finite, (st.floats(min_value=0, exclude_min=True) | st.just(math.nan)), finite)
def test_failed_sorts_below_infeasible_below_feasible(
    fitness: float, violation: float, metric: float
):
    objective = Objective()
    ladder = [
        record_of(None),
        record_of(Evaluation(failure=Failure("crash", "died"))),
        record_of(Evaluation({"score": metric}, feasible=False, violation=violation)),
        record_of(Evaluation({"score": fitness}, feasible=True), fitness),
    ]

    keys = [objective.sort_key(record) for record in ladder]

    assert keys == sorted(keys)
    assert len(set(keys)) == 4
    assert not objective.is_better(ladder[1], ladder[3])


def test_the_less_a_constraint_is_missed_the_better():
    objective = Objective()
    near = record_of(Evaluation(violation=0.1))
    far = record_of(Evaluation(violation=5.0))

    assert objective.is_better(near, far)
    assert not objective.is_better(near, near)
    assert objective.is_better(far, None)


@pytest.mark.parametrize(
    ("direction", "fitness", "reached"), [("maximize", 2.0, True), ("minimize", -2.0, False)]
)
def test_a_target_is_given_in_the_metrics_own_sign(
    direction: Direction, fitness: float, reached: bool
):
    objective = Objective(ObjectiveSpec("m", direction))

    assert objective.reaches(fitness, 1.5) is reached
    assert not objective.reaches(None, 1.5)


def test_describe_is_one_sentence():
    spec = ObjectiveSpec("gap", "minimize", (Constraint("area", at_most=1.0),))

    assert Objective(spec).describe() == "minimize gap with area <= 1"
