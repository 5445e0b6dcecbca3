"""The numeric operator finds known optima and never takes a failure for a number."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

from telic.artifact import respects_regions
from telic.operators._digits import rounded, shortest
from telic.operators._meter import metered
from telic.operators._numeric import Numeric
from telic.operators._slots import find_slots
from telic.operators._tuning import choose_slots
from telic.operators._tuning_search import search
from telic.scoring import Score
from tests.operators.workbench import PlainBench, problem_of, propose, run_program


def repeat(bench: PlainBench, times: int, *, trials: int = 1_000) -> str:
    """Propose again and again from the latest improvement; return its text."""
    text = bench.problem.seed.text
    for index in range(1, times + 1):
        proposal = propose(Numeric(trials=trials), bench, text=text, index=index)
        if proposal.artifact is not None:
            text = proposal.artifact.text
    return text


def quadratic(output: Any) -> Score:
    return Score({"score": -((output[0] - 0.25) ** 2) - 10 * (output[1] + 3) ** 2})


def test_a_quadratic_is_maximised() -> None:
    bench = PlainBench(problem_of("def f():\n    return [1.0, 2.0]\n"), quadratic)

    assert run_program(repeat(bench, 4)) == pytest.approx([0.25, -3.0], abs=0.01)


def test_rosenbrock_is_minimised() -> None:
    def rosenbrock(output: Any) -> Score:
        x, y = output
        return Score({"score": (1 - x) ** 2 + 100 * (y - x * x) ** 2})

    problem = problem_of("def f():\n    return [-1.2, 1.5]\n", direction="minimize")

    text = repeat(PlainBench(problem, rosenbrock), 8)

    assert rosenbrock(run_program(text)).metrics["score"] < 1e-3


def test_integers_stay_integers_and_reach_the_optimum() -> None:
    def score(output: Any) -> Score:
        count, width = output
        assert type(count) is int
        return Score({"score": -abs(count - 17) - (width - 0.3) ** 2})

    text = repeat(PlainBench(problem_of("def f():\n    n = 4\n    return n, 0.9\n"), score), 6)

    assert run_program(text)[0] == 17


def test_a_declared_log_range_is_kept() -> None:
    def score(output: Any) -> Score:
        assert 1e-6 <= output <= 1e-1
        return Score({"score": -abs(np.log10(output) + 5)})

    text = "def f():\n    rate = 0.05  # tune: 1e-6..1e-1 log\n    return rate\n"

    assert run_program(repeat(PlainBench(problem_of(text), score), 3)) == pytest.approx(
        1e-5, rel=0.05
    )


def test_what_comes_back_is_short() -> None:
    bench = PlainBench(
        problem_of("def f():\n    return 0.9\n"), lambda x: Score({"score": -abs(x - 0.2512345)})
    )

    proposal = propose(Numeric(), bench)

    assert proposal.artifact is not None
    assert len(repr(run_program(proposal.artifact.text))) <= 8


def test_failing_trials_are_worse_than_any_number() -> None:
    def score(output: Any) -> Score:
        if output > 0.4:
            raise ValueError("too large")
        return Score({"score": -1e9 + output})

    bench = PlainBench(problem_of("def f():\n    return 0.1\n"), score)

    assert 0.35 < run_program(repeat(bench, 4)) <= 0.4


def test_an_infeasible_start_becomes_feasible() -> None:
    def score(output: Any) -> Score:
        slack = 0.5 - output
        return Score({"score": output}, feasible=slack >= 0, margins=[slack])

    bench = PlainBench(problem_of("def f():\n    return 3.0\n"), score)

    assert 0.45 < run_program(repeat(bench, 3)) <= 0.5


def test_noise_alone_is_not_an_improvement() -> None:
    bench = PlainBench(
        problem_of("def f():\n    return 0.5\n", deterministic=False),
        lambda output: Score({"score": 0.0}),
        noise=lambda seed: random.Random(seed).gauss(0.0, 1.0),
    )

    assert propose(Numeric(), bench).artifact is None


def test_a_noisy_optimum_is_found() -> None:
    bench = PlainBench(
        problem_of("def f():\n    return 2.0\n", deterministic=False),
        lambda output: Score({"score": -abs(output - 0.7)}),
        noise=lambda seed: random.Random(seed).gauss(0.0, 0.3),
    )

    proposal = propose(Numeric(), bench)

    assert proposal.artifact is not None
    assert run_program(proposal.artifact.text) == pytest.approx(0.7, abs=0.1)
    assert proposal.cost.trials == len(bench.vectors)


@pytest.mark.parametrize("deterministic", [True, False])
def test_the_trials_are_counted_and_kept_within(deterministic: bool) -> None:
    text = "def f():\n    return [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]\n"
    bench = PlainBench(
        problem_of(text, deterministic=deterministic),
        lambda output: Score({"score": -sum(map(abs, output))}),
    )

    proposal = propose(Numeric(trials=150), bench)

    assert proposal.cost.trials == len(bench.vectors) <= 150


def test_the_same_address_gives_the_same_proposal_and_another_one_differs() -> None:
    def at(index: int) -> str:
        bench = PlainBench(problem_of("def f():\n    return [1.0, 2.0]\n"), quadratic)
        proposal = propose(Numeric(), bench, index=index)
        assert proposal.artifact is not None
        return f"{proposal.artifact.text}{bench.vectors}"

    assert at(1) == at(1)
    assert at(1) != at(2)


def test_text_outside_regions_and_comments_stay() -> None:
    text = "A = 0.5\n# EVOLVE-BLOCK-START\nB = 0.5  # half\n# EVOLVE-BLOCK-END\n\n"
    text += "def f():\n    return A, B\n"
    bench = PlainBench(problem_of(text), lambda o: Score({"score": -abs(o[1] - 3) - abs(o[0])}))

    proposal = propose(Numeric(), bench)

    assert proposal.artifact is not None
    assert respects_regions(bench.problem.seed, proposal.artifact)
    assert "  # half\n" in proposal.artifact.text
    assert run_program(proposal.artifact.text)[0] == 0.5


def test_without_a_literal_or_an_improvement_it_says_why() -> None:
    nothing = propose(
        Numeric(), PlainBench(problem_of("def f():\n    return 'a'\n"), lambda o: Score({}))
    )
    best = propose(
        Numeric(),
        PlainBench(problem_of("def f():\n    return 0.5\n"), lambda o: Score({"score": 1.0})),
    )

    assert (nothing.artifact, nothing.note) == (None, "there is no literal to tune")
    assert (best.artifact, best.note) == (None, "tuning 1 literal gave nothing better")


def test_settings_that_make_no_sense_are_refused() -> None:
    with pytest.raises(ValueError, match="trials must be 20 or more"):
        Numeric(trials=10)


def test_many_slots_are_searched_with_the_separable_form() -> None:
    text = f"def f():\n    return [{', '.join(['1.0'] * 60)}]\n"
    slots = find_slots(text).slots

    best = search(
        slots,
        lambda vectors: [(0, float(np.sum(np.square(v)))) for v in vectors],
        rng=np.random.default_rng(0),
        vectors=3_000,
        sigma=0.3,
    )

    assert best is not None
    assert best[1][1] < 1.0


def test_restarts_use_up_the_vectors() -> None:
    measured: list[int] = []
    slots = find_slots("x = 0.5\ny = 0.25\n").slots

    def flat(vectors: list[tuple[float, ...]]) -> list[tuple[int, float]]:
        measured.append(len(vectors))
        return [(0, 1.0)] * len(vectors)

    search(slots, flat, rng=np.random.default_rng(0), vectors=2_000, sigma=0.3)

    assert 1_990 < sum(measured) <= 2_000
    assert len(set(measured)) > 1  # a restart doubled its population


def test_subsets_of_slots_are_valid_and_vary() -> None:
    found = find_slots(f"x = [{', '.join(['1.5'] * 80)}]\n")

    chosen = [choose_slots(found, np.random.default_rng(seed)) for seed in range(40)]

    assert all(c == sorted(set(c)) and c[0] >= 0 and c[-1] < 80 for c in chosen)
    assert len({len(c) for c in chosen}) > 5
    assert max(len(c) for c in chosen) == 80


def test_the_fewest_digits_that_keep_the_value_are_taken() -> None:
    bench = PlainBench(
        problem_of("def f():\n    return __telic_slots__[0]\n"),
        lambda o: Score({"score": -abs(o - 0.333333333)}, feasible=o <= 0.3334),
    )
    slots = find_slots("x = 0.5\n").slots

    with metered(bench, bench.problem.seed, [0]) as meter:
        close = shortest(meter, slots, [(1 / 3,)], loss=1e-3)
        exact = shortest(meter, slots, [(1 / 3,)], loss=0.0)
        none = shortest(meter, slots, [(0.9,)], loss=0.0)

    assert close is not None
    assert close[0] == (0.333,)
    assert exact is not None
    assert exact[0] == (0.333333333,)
    assert none is None


def test_rounding_keeps_the_domain() -> None:
    (slot,) = find_slots("x = 0.5  # tune: 0.46..0.54\n").slots

    assert rounded(slot, 0.4612, 1) == 0.46
