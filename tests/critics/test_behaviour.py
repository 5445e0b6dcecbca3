"""Sketches of outputs, the Gaussian process on them, and the critic that looks at them."""

from __future__ import annotations

import math
from random import Random

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.special import gamma, kv

from telic.artifact import Artifact
from telic.candidate import Behaviour, Candidate, Evaluation, Record
from telic.critics import BehaviourCritic, Example, Query, Screen, ShuffledCritic, behaviour_of
from telic.critics._process import Shape, best_shape, fitted, matern
from telic.critics._verdict import Agreement
from telic.critics.base import NOTHING_KNOWN, Critic
from telic.critics.behaviour import SKETCH
from tests.critics.parts import program

DATA = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.complex_numbers(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner, inner),
    max_leaves=20,
)


@given(DATA)
@example(1.3e308 + 1.3e308j)
def test_any_plain_data_has_a_finite_sketch_of_one_length(output: object) -> None:
    seen = behaviour_of(output)

    assert len(seen.sketch) == 2 * SKETCH + 1
    assert all(math.isfinite(value) for value in seen.sketch)
    assert seen == behaviour_of(output)


def test_outputs_that_differ_have_different_digests() -> None:
    outputs = [[1, 2], [2, 1], [12], [1.0, 2.0], ["1", "2"], [[1, 2], None], 10**5000, []]

    assert len({behaviour_of(output).digest for output in outputs}) == len(outputs)


def test_an_array_is_the_list_of_its_numbers() -> None:
    table = np.arange(12.0).reshape(3, 4)

    assert behaviour_of(table) == behaviour_of(table.tolist())


def test_a_large_output_keeps_its_distances() -> None:
    rng = Random(1)
    base = [rng.uniform(-1, 1) for _ in range(2000)]
    near = [value + rng.uniform(-0.01, 0.01) for value in base]
    far = [rng.uniform(-1, 1) for _ in range(2000)]

    def apart(a: list[float], b: list[float]) -> float:
        return math.dist(behaviour_of(a).sketch[:SKETCH], behaviour_of(b).sketch[:SKETCH])

    assert apart(base, near) < 0.1 * apart(base, far)


def test_ranks_do_not_change_when_the_values_are_transformed() -> None:
    values = [3.0, -1.0, 7.5, 0.2]
    squeezed = [math.tanh(value) for value in values]

    ranks = [behaviour_of(each).sketch[SKETCH : 2 * SKETCH] for each in (values, squeezed)]

    assert ranks[0] == ranks[1]


@given(st.lists(st.tuples(st.integers(-5, 5), st.integers(-5, 5)), min_size=3, unique=True))
@settings(max_examples=30)
def test_a_process_without_noise_returns_what_it_was_taught(rows: list[tuple[int, int]]) -> None:
    targets = [float(number % 3) for number in range(len(rows))]
    process = fitted(rows, targets, Shape((0, 2), 0.3, 1e-9))

    for row, target in zip(rows, targets, strict=True):
        mean, deviation = process.predict(row)
        assert mean == pytest.approx(target, abs=1e-3)
        assert deviation < 0.05


def test_the_likeliest_columns_are_those_that_matter() -> None:
    rng = Random(2)
    rows = [[rng.gauss(0, 1), rng.gauss(0, 1)] for _ in range(60)]
    targets = [math.sin(row[1]) for row in rows]

    assert best_shape(rows, targets, ((0, 1), (1, 2))).columns == (1, 2)


@pytest.mark.parametrize("order", [1, 3, 5])
def test_the_covariance_is_materns(order: int) -> None:
    """Rasmussen & Williams 2006, equation 4.14, by the modified Bessel function."""
    away = np.linspace(0.01, 4.0, 50)
    half, scaled = order / 2, np.sqrt(order) * away
    expected = 2 ** (1 - half) / gamma(half) * scaled**half * kv(half, scaled)

    assert matern(away * away, order) == pytest.approx(expected, rel=1e-9)
    assert matern(np.zeros(1), order) == pytest.approx(1.0)


def test_scores_that_jump_are_rough_and_others_smooth() -> None:
    rng = Random(4)
    rows = [[rng.uniform(-3, 3)] for _ in range(60)]
    smooth = [math.sin(row[0]) for row in rows]
    jumps = [float(math.floor(3 * row[0]) % 3) for row in rows]

    assert best_shape(rows, smooth, ((0, 1),)).order == 5
    assert best_shape(rows, jumps, ((0, 1),)).order == 1


def test_a_smooth_process_sees_that_the_best_lies_between_what_was_taught() -> None:
    rows = [[place] for place in (-3.0, -1.0, 1.0, 3.0)]
    targets = [-(row[0] ** 2) for row in rows]

    def middle(order: int) -> float:
        return fitted(rows, targets, Shape((0, 1), 1.0, 1e-6, order)).predict([0.0])[0]

    assert middle(1) < max(targets) < middle(5)


def query(value: float, *, parent: float = -0.5, failure: str = "") -> Query:
    return Query(
        artifact=program(1),
        parent=None,
        parent_id=0,
        parent_fitness=parent,
        operator="any",
        note="",
        generation=1,
        behaviour=Behaviour(failure=failure) if failure else behaviour_of([value, value * value]),
    )


def taught(count: int = 60) -> BehaviourCritic:
    critic, rng = BehaviourCritic(), Random(3)
    for _ in range(count):
        value = rng.uniform(-2, 2)
        critic.update(Example(query(value), -abs(value - 1.0)), None)
    return critic


def test_the_critic_prefers_outputs_near_to_good_ones() -> None:
    reader = taught().reader()

    appeals = [reader.predict(query(value)).appeal for value in (1.01, 0.3, -1.5)]

    assert appeals == sorted(appeals, reverse=True)


def test_what_fails_or_is_known_is_settled_and_nothing_else_is() -> None:
    critic = taught()
    critic.update(Example(query(0.123), 0.5), None)
    reader = critic.reader()

    assert "fails" in reader.predict(query(0.0, failure="exception: no")).settled
    assert "earlier candidate" in reader.predict(query(0.123)).settled
    assert not reader.predict(query(0.124)).settled


def test_a_reader_does_not_learn_what_was_told_later() -> None:
    critic = taught()
    reader = critic.reader()
    before = reader.predict(query(0.5))
    for _ in range(30):
        critic.update(Example(query(0.5), 5.0), None)

    assert reader.predict(query(0.5)) == before


def test_without_a_behaviour_nothing_is_known() -> None:
    bare = Query(program(1), None, 0, None, "any", "", 1)

    assert taught().reader().predict(bare) == NOTHING_KNOWN


ROOT = Record(Candidate(0, Artifact.of("0", "n.txt")), "evaluated", Evaluation(), -1.0)


def test_what_is_settled_is_set_aside_and_skipped_if_there_is_nothing_else() -> None:
    view = Screen(BehaviourCritic(), seed=1, proposals=3).view()
    rivals = [Candidate(5, Artifact.of(f"{n}", "n.txt"), (0,), "any") for n in range(3)]
    broken, sound = Behaviour(failure="exception: no"), behaviour_of([1.0])

    chosen, said = view.choose(rivals, ROOT, [broken, broken, sound])
    none, refused = view.choose(rivals, ROOT, [broken] * 3)

    assert (chosen, said.decision, said.among, said.behaviour) == (2, "unknown", 1, sound)
    assert (none, refused.decision) == (0, "skipped")
    assert view.reason(refused) == "it fails when it is run (exception: no)"


@given(st.lists(st.floats(0, 1), max_size=50), st.floats(0, 1))
def test_a_constant_is_never_ahead_of_itself(outcomes: list[float], constant: float) -> None:
    agreement = Agreement(0.0)
    for outcome in outcomes:
        agreement.add(constant, outcome)

    assert not agreement.is_ahead or abs(agreement.product) < 1e-12


def test_agreement_shows_after_few_outcomes_and_nonsense_does_not() -> None:
    rng = Random(5)
    ahead = {"knowing": 0, "guessing": 0}
    for _ in range(100):
        knowing, guessing = Agreement(), Agreement()
        for _ in range(30):
            outcome = rng.random()
            knowing.add(0.5 * outcome + 0.5 * rng.random(), outcome)
            guessing.add(rng.random(), outcome)
        ahead["knowing"] += knowing.is_ahead
        ahead["guessing"] += guessing.is_ahead

    assert ahead["knowing"] > 90
    assert ahead["guessing"] < 10


def hits(critic: Critic, seed: int, count: int = 150) -> float:
    """Return how many evaluated candidates are good where one proposal in eight is."""
    screen, rng = Screen(critic, seed=seed, proposals=8, by="chance", keen=30.0), Random(seed)
    screen.tell(ROOT)
    good = 0
    for index in range(1, count):
        values = [rng.uniform(-4, 4) for _ in range(8)]
        rivals = [Candidate(index, Artifact.of(f"{v}", "n.txt"), (0,), "any") for v in values]
        seen = [behaviour_of([v, v * v]) for v in values]
        chosen, prediction = screen.view().choose(rivals, ROOT, seen)
        fitness = -abs(values[chosen] - 1.0)
        good += index > 50 and fitness > -0.5
        screen.tell(
            Record(rivals[chosen], "evaluated", Evaluation(), fitness, prediction=prediction)
        )
    return good / (count - 51)


def test_choosing_by_behaviour_finds_what_is_good() -> None:
    assert hits(BehaviourCritic(), 1) > 0.5


def test_a_critic_of_shuffled_outcomes_finds_hardly_less_than_chance() -> None:
    critics = [ShuffledCritic(BehaviourCritic(knows_outputs=False), seed=s) for s in range(2)]

    found = sum(hits(critic, seed) for seed, critic in enumerate(critics)) / 2

    assert found > 0.06
