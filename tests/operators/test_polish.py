"""Polishing reaches known optima, stays feasible to the last digit, and hops."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from telic.artifact import Artifact
from telic.candidate import Proposal
from telic.operators._meter import metered
from telic.operators._polish import Polish
from telic.operators._polish_descent import descend
from telic.operators._polish_hops import Chain
from telic.operators._polish_jolt import jolt, make_table
from telic.operators._polish_probe import BudgetSpentError, Point, Probe
from telic.operators._polish_slopes import Slopes, group_columns
from telic.operators._polishing import polish
from telic.operators._slots import find_slots, template
from telic.operators._task import Task
from telic.problem import Direction
from telic.problems.circles import square_scorer
from telic.scoring import Case, Score
from tests.operators.workbench import PlainBench, problem_of, propose, run_program

Scoring = Callable[[Any], Score]


def polished(
    text: str,
    score: Scoring,
    *,
    direction: Direction = "maximize",
    trials: int = 1_500,
    calls: int = 1,
) -> Any:
    """Polish a few times and return the output of the latest program."""
    bench = PlainBench(problem_of(text, direction=direction), score)
    for index in range(1, calls + 1):
        proposal = propose(Polish(trials=trials), bench, text=text, index=index)
        if proposal.artifact is not None:
            text = proposal.artifact.text
    return run_program(text)


def returning(*numbers: float) -> str:
    return f"def f():\n    return {list(numbers)}\n"


def bounded(value: float, margins: list[float]) -> Score:
    return Score({"score": value}, feasible=min(margins) >= 0, margins=margins)


def test_a_linear_program_ends_in_its_vertex() -> None:
    def score(output: Any) -> Score:
        x, y = output
        return bounded(3 * x + 2 * y, [4 - x - y, 6 - x - 3 * y, 3 - x, x, y])

    assert polished(returning(0.5, 0.25), score) == [3.0, 1.0]


def test_an_infeasible_start_is_repaired() -> None:
    def score(output: Any) -> Score:
        x, y = output
        return bounded(x + y, [1 - x, 2 - y, x + 1, y + 1])

    assert polished(returning(7.5, -9.5), score) == [1.0, 2.0]


def test_minimising_goes_down() -> None:
    def score(output: Any) -> Score:
        x, y = output
        return bounded(x + 2 * y, [x - 0.25, y + 0.5, 5 - x - y])

    assert polished(returning(2.0, 1.0), score, direction="minimize") == [0.25, -0.5]


def test_rosenbrock_without_constraints_is_solved_by_quasi_newton_steps() -> None:
    def score(output: Any) -> Score:
        x, y = output
        return Score({"score": (1 - x) ** 2 + 100 * (y - x * x) ** 2})

    assert polished(returning(-1.2, 1.5), score, direction="minimize") == pytest.approx(
        [1, 1], abs=1e-5
    )


def test_an_optimum_held_by_curvature_is_found() -> None:
    def score(output: Any) -> Score:
        x, y = output
        return bounded(-((x - 2) ** 2) - (y - 1) ** 2, [1 - x * x - y * y])

    expected = [2 / math.sqrt(5), 1 / math.sqrt(5)]
    assert polished(returning(0.1, 0.2), score, calls=2) == pytest.approx(expected, abs=1e-4)


def test_a_curved_problem_of_many_literals_is_solved_by_quadratic_programming() -> None:
    rng = np.random.default_rng(0)
    square = rng.standard_normal((12, 12))
    matrix = square @ square.T + np.eye(12)
    target = rng.standard_normal(12)

    def score(output: Any) -> Score:
        x = np.array(output)
        return bounded(float(target @ x - x @ matrix @ x / 2), [0.01 - float(x @ x)])

    low, high, x = 0.0, 1e4, target  # multiplier of the constraint, by bisection
    for _ in range(200):
        middle = (low + high) / 2
        x = np.linalg.solve(matrix + middle * np.eye(12), target)
        low, high = (middle, high) if x @ x > 0.01 else (low, middle)
    best = float(target @ x - x @ matrix @ x / 2)

    found = score(polished(returning(*[0.001] * 12), score, trials=3_000, calls=2))

    assert found.feasible
    assert best - 1e-6 < found.metrics["score"] < best + 1e-6


def test_the_least_of_many_terms_is_raised_where_a_gradient_alone_is_stuck() -> None:
    def score(output: Any) -> Score:
        """Four points in the unit square: the least distance is at most 1."""
        p = np.array(output).reshape(4, 2)
        first, second = np.triu_indices(4, 1)
        terms = np.hypot(*(p[first] - p[second]).T)
        margins = np.concatenate((p.ravel(), 1 - p.ravel()))
        return Score(
            {"score": float(terms.min())},
            feasible=bool(margins.min() >= 0),
            margins=margins.tolist(),
            terms=terms.tolist(),
        )

    output = polished(returning(0.1, 0.2, 0.8, 0.1, 0.7, 0.6, 0.2, 0.9), score)

    assert score(output).feasible
    assert score(output).metrics["score"] == pytest.approx(1.0, abs=1e-9)


@pytest.mark.parametrize(
    ("count", "best"), [(1, 0.5), (2, 2 - math.sqrt(2)), (5, (3 + math.sqrt(2)) / 4)]
)
def test_circles_are_packed_as_well_as_possible_without_any_overlap(
    count: int, best: float
) -> None:
    scorer = square_scorer(count)

    def score(output: Any) -> Score:
        return scorer(output, Case())

    rows = [[0.3 + 0.4 * math.sin(9 * k), 0.2 + 0.1 * k, 0.01] for k in range(count)]
    output = polished(f"def f():\n    return {rows}\n", score)

    assert score(output).feasible
    assert best - 1e-8 < score(output).metrics["score"] < best + 1e-8


def test_a_program_that_computes_its_output_is_frozen_first() -> None:
    text = "def f():\n    return [k + 0.5 for k in range(2)]\n"
    bench = PlainBench(problem_of(text), lambda o: bounded(o[0] + o[1], [3 - o[0], 4 - o[1]]))

    proposal = propose(Polish(), bench)

    assert proposal.artifact is not None
    assert run_program(proposal.artifact.text) == [3.0, 4.0]
    assert proposal.note.startswith("froze the output, polished 2 literals: 2 -> 7 in ")


def test_a_program_with_inputs_has_its_own_literals_polished() -> None:
    text = "def f(x):\n    return 0.3 * x + 0.7\n"
    bench = PlainBench(problem_of(text), lambda o: Score({"score": -((o - 9.0) ** 2)}), args=(4.0,))

    proposal = propose(Polish(trials=500), bench)

    assert proposal.artifact is not None
    assert "def f(x):\n    return " in proposal.artifact.text
    assert bench.score(bench._call(proposal.artifact.text, ())).metrics["score"] > -1e-9


def test_a_literal_that_fails_on_one_side_is_measured_on_the_other() -> None:
    def score(output: Any) -> Score:
        if output[0] > 0.5:
            raise ValueError("beyond")
        return bounded(-((output[0] + 1) ** 2) + output[1], [3 - output[1], 5 + output[0]])

    assert polished(returning(0.5, 0.1), score, calls=2) == pytest.approx([-1.0, 3.0], abs=1e-4)


def test_integers_in_what_is_returned_vary_too() -> None:
    bench = PlainBench(
        problem_of("def f():\n    return [3, 0.5]\n"),
        lambda o: bounded(o[0] + o[1], [1 - o[1], 9 - o[0]]),
    )

    proposal = propose(Polish(), bench)

    assert proposal.artifact is not None
    assert proposal.artifact.text == "def f():\n    return [9.0, 1.0]\n"


def test_integers_stay_where_the_scorer_wants_them_or_where_they_are_computed_with() -> None:
    def whole(output: Any) -> Score:
        if not isinstance(output[0], int):
            return Score({}, feasible=False)
        return bounded(output[0] + output[1], [1 - output[1], 9 - output[0]])

    wanted = PlainBench(problem_of("def f():\n    return [3, 0.5]\n"), whole)
    text = "def f(n):\n    return [3 * n, 0.5]\n"
    computed = PlainBench(problem_of(text), lambda o: bounded(sum(o), [1 - o[1]]), args=(2,))

    first, second = propose(Polish(), wanted), propose(Polish(), computed)

    assert first.artifact is not None
    assert first.artifact.text == "def f():\n    return [3, 1.0]\n"
    assert second.artifact is not None
    assert second.artifact.text == "def f(n):\n    return [3 * n, 1.0]\n"


def propose_flat(text: str, score: Scoring) -> Proposal:
    return propose(Polish(), PlainBench(problem_of(text), score))


def test_without_literals_a_measure_or_a_gain_it_says_why() -> None:
    def fails(output: Any) -> Score:
        raise ValueError("never")

    nothing = propose_flat("def f():\n    return [3]\n", lambda o: Score({"score": 1.0}))
    failing = propose_flat(returning(0.5), fails)
    flat = propose_flat(returning(0.5), lambda o: Score({"score": 1.0}))

    assert (nothing.artifact, nothing.note) == (None, "there is no literal to polish")
    assert (failing.artifact, failing.note) == (None, "the program gives nothing to measure")
    assert (flat.artifact, flat.note) == (None, "polishing 1 literal gave nothing better")


def test_a_handful_of_trials_is_declined() -> None:
    bench = PlainBench(problem_of(returning(0.5)), lambda o: bounded(o[0], [1 - o[0]]))
    task = Task(Artifact.of(returning(0.5)), seed=0, index=1, trials=10, seeds=(0,))

    answer = polish(msgspec.to_builtins(task), bench)

    assert (answer["text"], answer["trials"]) == (None, 0)
    assert answer["note"] == "there are too few trials to polish"


def test_trials_are_counted_and_kept_within() -> None:
    scorer = square_scorer(5)
    text = f"def f():\n    return {[[0.1 * k, 0.15 * k, 0.01] for k in range(1, 6)]}\n"
    bench = PlainBench(problem_of(text), lambda output: scorer(output, Case()))

    proposal = propose(Polish(trials=700), bench)

    assert proposal.cost.trials == len(bench.vectors) <= 700


def spread_circles() -> str:
    return f"def f():\n    return {[[0.1 * k, 0.15 * k, 0.01] for k in range(1, 6)]}\n"


def test_a_descent_that_runs_out_of_trials_hands_on_where_it_got() -> None:
    scorer = square_scorer(5)
    values = [0.05]
    text = spread_circles()
    for index in (1, 2):
        bench = PlainBench(problem_of(text), lambda output: scorer(output, Case()))
        proposal = propose(Polish(), bench, text=text, index=index, trials=62)
        assert proposal.artifact is not None
        text = proposal.artifact.text
        values.append(scorer(run_program(text), Case()).metrics["score"])

    assert values[0] < values[1] < values[2]
    assert scorer(run_program(text), Case()).feasible


def test_a_turn_ends_early_where_slopes_of_many_rows_are_followed() -> None:
    scorer = square_scorer(5)
    rows = PlainBench(problem_of(spread_circles()), lambda output: scorer(output, Case()))
    numbers = [0.1 * k for k in range(30)]
    smooth = PlainBench(
        problem_of(returning(*numbers)),
        lambda o: Score(
            {"score": -sum((k + 1) * (x - math.sin(3 * x)) ** 2 for k, x in enumerate(o))}
        ),
    )

    confined = propose(Polish(), rows, text=spread_circles())
    free = propose(Polish(), smooth, text=returning(*numbers))

    assert confined.cost.trials <= 400 < free.cost.trials <= 3_000


def test_a_turn_lasts_longer_from_a_parent_that_is_an_optimum_already() -> None:
    scorer = square_scorer(10)
    text = f"def f():\n    return {[[0.05 * k, 0.09 * k, 0.01] for k in range(1, 11)]}\n"
    spent: list[int] = []
    for index in (1, 2, 3):
        bench = PlainBench(problem_of(text), lambda output: scorer(output, Case()))
        proposal = propose(Polish(), bench, text=text, index=index)
        spent.append(proposal.cost.trials)
        text = text if proposal.artifact is None else proposal.artifact.text

    assert spent[0] <= 400 < spent[-1] <= 3_000


def _optimum(value: float) -> Point:
    return Point(np.zeros(1), value, 0.0, True, np.zeros(1))


def test_a_chain_of_hops_goes_on_from_what_is_little_worse_and_in_the_end_from_the_best() -> None:
    start, little, much = _optimum(1.0), _optimum(0.9985), _optimum(0.9)
    chain = Chain(start, start)

    chain.add(little, 1.0)
    assert chain.now is little
    assert chain.best is start
    chain.add(much, 1.0)
    chain.add(None, 1.0)
    assert chain.now is little
    for _ in range(60):
        chain.add(None, 1.0)
    assert chain.now is start
    better = _optimum(1.1)
    chain.add(better, 1.0)
    assert chain.now is better
    assert chain.best is better


@pytest.mark.parametrize(("floor", "end"), [(-math.inf, "optimal"), (1e6, "abandoned")])
def test_a_descent_that_cannot_come_near_what_is_known_is_given_up(floor: float, end: str) -> None:
    scorer = square_scorer(5)
    found = find_slots(spread_circles())
    template_ = Artifact.of(template(found, range(len(found))))
    bench = PlainBench(problem_of(spread_circles()), lambda output: scorer(output, Case()))
    with metered(bench, template_, [0]) as meter:
        probe = Probe(meter, 2_000)
        units = np.ones(len(found))
        point = probe.measure(np.array([found.values]))[0]
        assert point is not None
        slopes = Slopes(probe, units, np.random.default_rng(0))
        result = descend(probe, slopes, point, units=units, radius=0.05, largest=0.2, floor=floor)

    assert result.end == end


def test_the_same_address_gives_the_same_proposal_and_another_one_hops_elsewhere() -> None:
    def at(index: int) -> list[tuple[float | str, ...]]:
        scorer = square_scorer(3)
        text = "def f():\n    return [[0.2, 0.3, 0.1], [0.7, 0.2, 0.1], [0.4, 0.8, 0.1]]\n"
        bench = PlainBench(problem_of(text), lambda output: scorer(output, Case()))
        propose(Polish(trials=600), bench, index=index)
        return bench.vectors

    assert at(1) == at(1)
    assert at(1) != at(2)


def test_settings_that_make_no_sense_are_refused_and_noise_is_not_for_it() -> None:
    noisy = problem_of(returning(0.5), deterministic=False)

    assert not Polish().applies(noisy)
    with pytest.raises(ValueError, match="trials must be 60 or more"):
        Polish(trials=10)


@given(st.data())
def test_no_row_has_two_columns_of_one_group(data: st.DataObject) -> None:
    shape = data.draw(st.tuples(st.integers(0, 8), st.integers(1, 8)))
    bits = data.draw(st.lists(st.booleans(), min_size=shape[0] * shape[1], max_size=64))
    pattern = np.array(bits[: shape[0] * shape[1]], dtype=bool).reshape(shape)

    groups = group_columns(pattern)

    for row in pattern:
        assert len(set(groups[row].tolist())) == row.sum()
    if not pattern.any():
        assert set(groups.tolist()) == {0}


def chain(output: Any) -> Score:
    """Rows that each depend on two neighbours; a linear objective."""
    x = np.array(output)
    gaps = 1.0 - (x[1:] - x[:-1]) ** 2 - 0.1 * x[1:]
    return Score({"score": float(x.sum())}, feasible=bool(gaps.min() >= 0), margins=gaps.tolist())


def test_sparse_jacobians_take_few_trials_and_agree_with_full_ones() -> None:
    text = returning(*[0.1 + 0.01 * k for k in range(30)])
    bench = PlainBench(problem_of(text), chain)
    found = find_slots(text)
    units = np.ones(30)
    program = Artifact.of(template(found, range(30)))
    with metered(bench, program, [0]) as meter:
        probe = Probe(meter, 10_000)
        rng = np.random.default_rng(0)
        slopes = Slopes(probe, units, rng)
        spent: list[int] = []
        for step in (0.0, 0.1, 0.2):
            before = meter.spent
            point = probe.measure(np.array(found.values)[None, :] + step * rng.random(30))[0]
            assert point is not None
            sparse = slopes.at(point, 10.0)
            spent.append(meter.spent - before)
            full = Slopes(probe, units, rng).at(point, 10.0)
            near = slopes.near(point, full, 10.0)
            assert sparse[near] == pytest.approx(full[near], abs=1e-5)

    assert spent[0] == 1 + 30 + 1
    assert max(spent[1:]) <= 6


def test_only_rows_within_reach_are_measured_anew_and_long_steps_do_not_widen_that() -> None:
    text = returning(*[0.1 + 0.01 * k for k in range(30)])
    bench = PlainBench(problem_of(text), chain)
    found = find_slots(text)
    with metered(bench, Artifact.of(template(found, range(30))), [0]) as meter:
        probe = Probe(meter, 100)
        slopes = Slopes(probe, np.ones(30), np.random.default_rng(0))
        point = probe.measure(np.array([found.values]))[0]
        assert point is not None
        measured = slopes.at(point, 0.1)

    near = slopes.near(point, measured, 0.1)
    assert near[0]
    assert not (near & ~slopes.within_reach(point, measured, 0.1)).any()
    assert (slopes.near(point, measured, 10.0) == slopes.near(point, measured, 100.0)).all()


def test_a_row_that_changes_its_pattern_is_noticed() -> None:
    def score(output: Any) -> Score:
        x = np.array(output)
        last = 5.0 - (x[0] if x[0] > x[1] else x[9])
        return Score({"score": float(x.sum())}, margins=[*(2.0 - x[1:] * x[:-1]), last])

    text = returning(*[1.0, *[0.5] * 9])
    bench = PlainBench(problem_of(text), score)
    found = find_slots(text)
    with metered(bench, Artifact.of(template(found, range(10))), [0]) as meter:
        probe = Probe(meter, 10_000)
        slopes = Slopes(probe, np.ones(10), np.random.default_rng(0))
        start = np.array(found.values)
        other = start.copy()
        other[1] = 2.0
        points = probe.measure(np.array([start, start + 0.01, other]))
        assert all(isinstance(point, Point) for point in points)
        rows = [slopes.at(point, 10.0) for point in points if point is not None]

    assert rows[-1][-1] == pytest.approx([*[0.0] * 9, -1.0], abs=1e-6)


def test_a_batch_beyond_the_budget_is_refused_before_it_runs() -> None:
    bench = PlainBench(problem_of(returning(0.5)), lambda o: Score({"score": o[0]}))
    with metered(bench, Artifact.of("def f():\n    return __telic_slots__\n"), [0]) as meter:
        probe = Probe(meter, 3)
        with pytest.raises(BudgetSpentError):
            probe.measure(np.zeros((4, 1)))
        assert meter.spent == 0


@given(st.integers(0, 500))
def test_a_jolt_keeps_relocated_and_exchanged_numbers_within_their_columns(seed: int) -> None:
    vector = np.array([0.1, 10.0, 0.2, 20.0, 0.3, 30.0, 0.5])
    table = make_table([[0, 1], [2, 3], [4, 5]])

    result = jolt(vector, np.full(7, 1e-9), [table], np.random.default_rng(seed))

    columns = result[table]
    assert (columns >= [0.1 - 1e-6, 10.0 - 1e-6]).all()
    assert (columns <= [0.3 + 1e-6, 30.0 + 1e-6]).all()
    assert result[6] == pytest.approx(0.5)
    assert not np.array_equal(result, vector)
