from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telic.engine.load import load_problem
from telic.errors import MeasurementError
from telic.objectives import Objective
from telic.values.informed import Weighing
from telic.values.loaders import load, sample
from telic.values.measurement import measure
from telic.values.objective import (
    profile_objective,
    read_objective,
    standard_objective,
    utility_objective,
)
from telic.values.report import write_report
from telic.values.standard import Norm, Standard, Threshold
from telic.values.worth import from_profile, from_standard, from_utility

moderate = st.floats(-100, 100)
vectors = st.fixed_dictionaries({"a": moderate, "b": moderate, "c": moderate})
NURSE = Standard(
    role="nurse",
    norms=(Norm("Tell the truth", "honesty"), Norm("Relieve pain", "comfort")),
    thresholds={"honesty": Threshold(at_least=0.5)},
)


@given(vectors, vectors, st.floats(0.1, 10))
def test_nearness_to_a_profile_is_its_worth(
    metrics: dict[str, float], target: dict[str, float], weight: float
) -> None:
    weights = {"a": weight, "b": 1.0, "c": 1.0}
    objective = Objective(profile_objective(target, weights={"a": weight}))

    assert objective.fitness(metrics) == pytest.approx(
        from_profile(metrics, target, weights=weights).fitness
    )


@given(vectors, vectors.filter(lambda u: len(set(u.values())) > 1), st.floats(0.1, 10))
def test_expected_utility_is_its_worth(
    metrics: dict[str, float], utilities: dict[str, float], scale: float
) -> None:
    objective = Objective(utility_objective(utilities, scale=scale))

    assert objective.fitness(metrics) == pytest.approx(
        from_utility(metrics, utilities, scale=scale).fitness, abs=1e-6
    )


@pytest.mark.parametrize("honesty", [0.2, 0.7])
@pytest.mark.parametrize("comfort", [-0.5, 0.9])
def test_a_standard_accepts_what_it_accepts_and_orders_the_rest(
    honesty: float, comfort: float
) -> None:
    metrics = {"honesty": honesty, "comfort": comfort}

    found = Objective(standard_objective(NURSE)).assess(metrics)
    judged = from_standard(metrics, NURSE)

    assert found.feasible == judged.feasible
    assert found.violation == pytest.approx(judged.violation)
    if judged.fitness is not None:
        assert found.fitness == pytest.approx(judged.fitness * 1.01)


def test_thresholds_alone_bound_the_problem_s_own_objective() -> None:
    only = Standard(
        role="nurse", norms=NURSE.norms[:1], thresholds={"honesty": Threshold(at_least=0.5)}
    )

    objective = Objective(standard_objective(only))

    assert objective.describe() == "maximize score with honesty >= 0.5"


def test_a_measured_profile_is_a_target(tmp_path: Path) -> None:
    instrument = load("questionnaire", sample("questionnaire"))
    measured = measure(instrument, Weighing.of(instrument, {"power": 3.0}))
    write_report(tmp_path / "report", measured)
    path = tmp_path / "values.toml"
    path.write_text('kind = "profile"\nsource = "report/profile.csv"\n')

    spec = read_objective(path)

    assert {term.metric for term in spec.terms} == set(instrument.dimensions)


def test_a_problem_is_searched_by_values(tmp_path: Path) -> None:
    (tmp_path / "seed.txt").write_text("0\n")
    (tmp_path / "score.py").write_text(
        "def score(output, case):\n    x = float(output)\n    return {'care': x, 'cost': x * x}\n"
    )
    (tmp_path / "problem.toml").write_text(
        'entry = ""\nseed = "seed.txt"\nvalues = "values.toml"\n'
        '[objective]\nconstraints = [{ metric = "cost", at_most = 100.0 }]\n'
    )
    (tmp_path / "values.toml").write_text('kind = "profile"\ntarget = { care = 2.0, cost = 1.0 }\n')

    problem = load_problem(str(tmp_path))

    objective = Objective(problem.objective)
    assert objective.fitness({"care": 2.0, "cost": 4.0}) == -3.0
    assert objective.fitness({"care": 2.0, "cost": 400.0}) is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('kind = "mood"', "mood"),
        ('kind = "profile"', "numbers or a source"),
        ('kind = "profile"\ntarget = { a = 1.0 }\nsource = "x.csv"', "not both"),
        ('kind = "profile"\ntarget = { a = nan }', "finite"),
        ('kind = "profile"\ntarget = { a = 1.0 }\nweights = { b = 1.0 }', "of the target"),
        ('kind = "profile"\ntarget = { a = 1.0 }\nscale = 2.0', "takes no key 'scale'"),
        ('kind = "profile"\nsource = "none.csv"', "none.csv"),
        ('kind = "utility"\nutilities = { a = 1.0 }', "2 or more"),
        ('kind = "utility"\nutilities = { a = 1.0, b = 1.0 }', "same utility"),
        ('kind = "utility"\nutilities = { a = 1.0, b = 2.0 }\nscale = 0.0', "positive"),
        ('kind = "standard"\nrole = "nurse"', "role and norms"),
        ("kind = ", "v.toml"),
    ],
)
def test_values_that_make_no_objective_are_refused(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "v.toml"
    path.write_text(text)

    with pytest.raises(MeasurementError, match=message):
        read_objective(path)


def test_a_table_that_lists_an_item_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "u.csv").write_text("item,utility\na,1\na,2\n")
    (tmp_path / "v.toml").write_text('kind = "utility"\nsource = "u.csv"\n')

    with pytest.raises(MeasurementError, match=r"u.csv:3: 'a' is listed twice"):
        read_objective(tmp_path / "v.toml")
