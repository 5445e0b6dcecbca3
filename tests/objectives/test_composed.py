"""Composed objectives increase in every term and refuse what is not a number."""

import math
import tomllib
from typing import get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from telic.candidate import Evaluation, Failure
from telic.errors import ProblemError
from telic.objectives import Objective
from telic.problem import Combine, Constraint, ObjectiveSpec, Risk, Term

moderate = st.floats(-1e6, 1e6)
# Nearness to a point is the one that does not increase in every term.
COMBINATIONS: tuple[Combine, ...] = tuple(c for c in get_args(Combine) if c != "distance")


@st.composite
def specs(draw: st.DrawFn) -> ObjectiveSpec:
    combine = draw(st.sampled_from(COMBINATIONS))
    plain = combine in ("conjunction", "lexicographic")
    terms = tuple(
        Term(
            name,
            draw(st.sampled_from(["maximize", "minimize"])),
            weight=draw(st.floats(0.01, 100)),
            transform="affine"
            if plain
            else draw(st.sampled_from(["affine", "log-sigmoid", "rank"])),
            reference=draw(st.none() | moderate),
            scale=draw(st.floats(0.01, 100)),
            step=draw(st.floats(0.01, 10)),
            sample=tuple(draw(st.lists(moderate, min_size=1, max_size=5))),
        )
        for name in ("a", "b", "c")
    )
    return ObjectiveSpec("worth", terms=terms, combine=combine)


@given(specs(), moderate, moderate, moderate, st.floats(0, 1e6), st.sampled_from(["a", "b", "c"]))
def test_more_of_a_good_metric_is_never_worth_less(
    spec: ObjectiveSpec, a: float, b: float, c: float, gain: float, name: str
):
    objective = Objective(spec)
    before = {"a": a, "b": b, "c": c}
    term = next(term for term in spec.terms if term.metric == name)
    after = before | {name: before[name] + (gain if term.direction == "maximize" else -gain)}

    worth, better = objective.fitness(before), objective.fitness(after)

    assert worth is not None
    assert better is not None
    assert better >= worth


@given(specs(), moderate, moderate, st.sampled_from([math.nan, math.inf, -math.inf]))
def test_what_is_not_finite_is_refused_with_a_sentence(
    spec: ObjectiveSpec, a: float, b: float, broken: float
):
    assessment = Objective(spec).assess({"a": a, "b": b, "c": broken})

    assert assessment.fitness is None
    assert "'c'" in assessment.reason
    assert "not a finite number" in assessment.reason


def test_a_missing_term_is_named():
    spec = ObjectiveSpec("worth", terms=(Term("a"), Term("b")))

    assert "no metric 'b'" in Objective(spec).assess({"a": 1.0}).reason


def test_a_worth_beyond_all_numbers_is_no_worth():
    spec = ObjectiveSpec("worth", terms=(Term("a", weight=1e300), Term("b")))

    assessment = Objective(spec).assess({"a": 1e300, "b": 0.0})

    assert assessment.fitness is None
    assert "not a finite number" in assessment.reason


def test_a_weighted_sum_equals_its_formula():
    spec = ObjectiveSpec(
        "worth",
        terms=(Term("a", weight=2.0, reference=1.0, scale=4.0), Term("b", "minimize", weight=3.0)),
    )

    assert Objective(spec).fitness({"a": 9.0, "b": -5.0}) == 2.0 * (9 - 1) / 4 + 3.0 * 5


def test_a_conjunction_is_the_log_of_the_product_of_sigmoids():
    spec = ObjectiveSpec(
        "worth", terms=(Term("a", reference=1.0), Term("b", "minimize")), combine="conjunction"
    )

    worth = Objective(spec).fitness({"a": 3.0, "b": 0.5})

    assert worth == pytest.approx(math.log(1 / (1 + math.exp(-2)) * 1 / (1 + math.exp(0.5))))


whole = st.integers(-1000, 1000)


@given(whole, whole, whole, whole)
def test_a_lexicographic_objective_decides_by_the_first_step_that_differs(
    a: int, b: int, c: int, d: int
):
    objective = Objective(
        ObjectiveSpec(
            "worth", terms=(Term("a", step=1.0), Term("b", "minimize")), combine="lexicographic"
        )
    )

    first, second = objective.fitness({"a": a, "b": b}), objective.fitness({"a": c, "b": d})

    assert first is not None
    assert second is not None
    assert (first > second) == ((a, -b) > (c, -d))


def test_differences_below_the_step_tie():
    spec = ObjectiveSpec(
        "worth", terms=(Term("a", step=0.1), Term("b", "minimize")), combine="lexicographic"
    )
    objective = Objective(spec)

    cheap, dear = {"a": 0.31, "b": 1.0}, {"a": 0.39, "b": 2.0}

    assert (objective.fitness(cheap) or 0) > (objective.fitness(dear) or 0)
    assert (objective.fitness({"a": 0.3, "b": 9.0}) or 0) > (
        objective.fitness({"a": 0.29, "b": 0.0}) or 0
    )


def test_references_of_cases_apply_case_by_case():
    spec = ObjectiveSpec(
        "worth",
        terms=(Term("a", references={"easy": 9.0, "hard": 1.0}),),
        over_cases=Risk("worst"),
    )
    objective = Objective(spec)

    metrics = objective.composed({"a": 6.0}, [("easy", {"a": 10.0}), ("hard", {"a": 1.5})])

    assert metrics == {"a": 6.0, "worth": 0.5}
    assert objective.fitness(metrics) == 0.5


@pytest.mark.parametrize(("direction", "expected"), [("maximize", -7.0), ("minimize", 4.0)])
def test_risk_over_cases_looks_at_the_worse_end(direction: str, expected: float):
    spec = msgspec.convert(
        {"metric": "m", "direction": direction, "over_cases": {"kind": "cvar", "level": 0.5}},
        ObjectiveSpec,
    )
    rows = [(str(value), {"m": value}) for value in (-9.0, -5.0, 3.0, 5.0)]

    metrics = Objective(spec).composed({"m": -1.5}, rows)

    assert metrics == {"m": expected}


@pytest.mark.parametrize(("direction", "expected"), [("maximize", 1.0), ("minimize", -4.0)])
def test_risk_over_repeats_looks_at_the_worse_end(direction: str, expected: float):
    spec = msgspec.convert(
        {"metric": "m", "direction": direction, "over_repeats": {"kind": "worst"}}, ObjectiveSpec
    )
    evaluation = Evaluation(metrics={"m": 2.5}, feasible=True, samples=(1.0, 4.0))

    assert Objective(spec).fitness_of(evaluation) == expected


def test_a_failure_never_becomes_a_number():
    spec = ObjectiveSpec("worth", terms=(Term("a"),), over_repeats=Risk("worst"))
    failed = Evaluation(failure=Failure("timeout", "too slow"), samples=(1.0,))

    assert Objective(spec).fitness_of(failed) is None
    assert Objective(spec).fitness_of(Evaluation(metrics={"a": 1.0}, feasible=False)) is None


def test_a_case_that_is_not_finite_leaves_no_worth():
    spec = ObjectiveSpec("m", over_cases=Risk("mean"))

    metrics = Objective(spec).composed({}, [("1", {"m": 1.0}), ("2", {"m": math.nan})])

    assert Objective(spec).fitness(metrics) is None


def test_constraints_hold_for_composed_objectives():
    spec = ObjectiveSpec("worth", terms=(Term("a"),), constraints=(Constraint("b", at_most=1.0),))

    assert Objective(spec).assess({"a": 1.0, "b": 2.0}).violation == 1.0


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        ({"metric": "a", "terms": [{"metric": "a"}]}, "name of its own"),
        ({"metric": "w", "terms": [{"metric": "a"}, {"metric": "a"}]}, "one term only"),
        ({"metric": "w", "terms": [{"metric": "a"}], "direction": "minimize"}, "direction of its"),
        ({"combine": "pareto"}, "needs terms"),
        ({"metric": "w", "terms": [{"metric": "a", "weight": -1.0}]}, "weight > 0"),
        ({"metric": "w", "terms": [{"metric": "a", "scale": math.nan}]}, "not finite"),
        ({"metric": "w", "terms": [{"metric": "a", "transform": "rank"}]}, "needs a sample"),
        ({"over_cases": {"kind": "cvar", "level": 0.0}}, "level above 0"),
        (
            {
                "metric": "w",
                "combine": "lexicographic",
                "terms": [{"metric": "a"}, {"metric": "b"}],
            },
            "needs a step",
        ),
        (
            {
                "metric": "w",
                "combine": "conjunction",
                "terms": [{"metric": "a", "transform": "rank", "sample": [1.0]}],
            },
            "takes no transform",
        ),
        (
            {"metric": "w", "terms": [{"metric": "seconds"}], "over_cases": {"kind": "mean"}},
            "over all cases together",
        ),
    ],
)
def test_declarations_that_contradict_each_other_are_refused(declared: object, message: str):
    with pytest.raises(ProblemError, match=message):
        msgspec.convert(declared, ObjectiveSpec)


def test_a_declared_objective_is_explained_in_one_sentence():
    text = """
        metric = "worth"
        combine = "conjunction"
        terms = [
          { metric = "accuracy", reference = 0.9, scale = 0.05 },
          { metric = "seconds", direction = "minimize", reference = 2.0 },
        ]
    """

    spec = msgspec.convert(tomllib.loads(text), ObjectiveSpec)

    assert Objective(spec).describe() == (
        "maximize worth = how likely it is that accuracy >= about 0.9 and seconds <= about 2 "
        "all hold"
    )


@pytest.mark.parametrize(
    ("combine", "sentence"),
    [
        ("weighted", "maximize worth = a - 2 (b - 1)"),
        ("lexicographic", "maximize worth = most a (differences under 0.5 tie), then least b"),
        ("worst", "maximize worth = the least of a, -2 (b - 1)"),
        ("pareto", "maximize worth = the front of a, -2 (b - 1), searched by the least of them"),
    ],
)
def test_every_combination_has_its_sentence(combine: Combine, sentence: str):
    terms = (Term("a", step=0.5), Term("b", "minimize", weight=2.0, reference=1.0))

    assert Objective(ObjectiveSpec("worth", terms=terms, combine=combine)).describe() == sentence


def test_risks_are_part_of_the_sentence():
    spec = ObjectiveSpec("m", over_cases=Risk("cvar", 0.25), over_repeats=Risk("worst"))

    assert Objective(spec).describe() == (
        "maximize m, as the mean of the worst 25 % of the cases, as the worst of repeats"
    )


def test_nearness_is_greatest_at_the_references_and_falls_to_all_sides():
    terms = (Term("a", reference=1.0, weight=4.0), Term("b", reference=-1.0, scale=2.0))
    objective = Objective(ObjectiveSpec("worth", terms=terms, combine="distance"))

    assert objective.fitness({"a": 1.0, "b": -1.0}) == 0.0
    assert objective.fitness({"a": 2.5, "b": 7.0}) == -5.0
    assert objective.fitness({"a": -0.5, "b": -9.0}) == -5.0
    assert objective.describe() == "maximize worth = nearness to a = 1, b = -1"
