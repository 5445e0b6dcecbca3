"""Choosing among proposals: a critic that knows something gains, another costs nothing."""

from __future__ import annotations

import math
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telic.artifact import Artifact
from telic.candidate import Candidate, Evaluation, Record
from telic.critics import CreditCritic, Screen, ShuffledCritic
from telic.critics.base import Critic, Estimate
from telic.critics.view import expected_improvement
from tests.critics.test_screen import ROOT

OPERATORS = ("good", "poor", "poor", "none", "equal", "none")


def outcome(operator: str, rng: Random) -> float | None:
    if operator == "none":
        return None
    if operator == "equal":
        return 0.0
    return 1.0 if operator == "good" and rng.random() < 0.5 else -1.0


def world(critic: Critic, count: int, seed: int, **settings: object) -> list[Record]:
    """Proposals of six kinds compete; what comes of one follows from its kind."""
    screen = Screen(critic, seed=seed, proposals=6, **settings)  # pyright: ignore[reportArgumentType]
    rng, told = Random(seed), [ROOT]
    screen.tell(ROOT)
    for index in range(1, count):
        kinds = [rng.choice(OPERATORS) for _ in range(6)]
        rivals = [
            Candidate(index, Artifact.of(f"{index} {n}", "n.txt"), (0,), kind)
            for n, kind in enumerate(kinds)
        ]
        chosen, prediction = screen.view().choose(rivals, ROOT)
        fitness = outcome(rivals[chosen].operator, rng)
        record = Record(rivals[chosen], "evaluated", Evaluation(), fitness, prediction=prediction)
        screen.tell(record)
        told.append(record)
    return told


def shares(records: list[Record]) -> dict[str, float]:
    late = records[60:]
    return {k: sum(r.candidate.operator == k for r in late) / len(late) for k in set(OPERATORS)}


def test_what_fails_or_changes_nothing_is_chosen_seldom():
    found = shares(world(CreditCritic(), 400, 1))

    assert found["none"] + found["equal"] < 0.15
    assert found["good"] > 0.2


def test_by_chance_what_improves_is_chosen_most():
    found = shares(world(CreditCritic(), 400, 1, by="chance", keen=100.0))

    assert found["good"] > 0.5


def test_a_critic_that_learned_nonsense_chooses_like_chance():
    found = [shares(world(ShuffledCritic(CreditCritic(), seed=s), 300, s)) for s in range(4)]

    assert abs(sum(each["good"] for each in found) / 4 - 1 / 6) < 0.08


def test_a_share_of_choices_is_left_to_chance_and_all_at_first():
    records = world(CreditCritic(), 500, 2, explore=0.3)
    said = [r.prediction for r in records if r.prediction]
    decided = [p for p in said if p.decision in ("wanted", "explored")]

    assert {p.decision for p in said[:15]} <= {"unknown", "learning"}
    assert 0.2 < sum(p.decision == "explored" for p in decided) / len(decided) < 0.4
    assert all(p.among == 6 and 0.0 <= p.place <= 1.0 for p in said)


def test_replaying_the_records_restores_the_choice():
    records = world(CreditCritic(), 200, 3)
    first, again = (Screen(CreditCritic(), seed=3, proposals=6) for _ in range(2))
    for record in records:
        first.tell(record)
    for record in records:
        again.tell(record)
    rivals = [Candidate(999, Artifact.of(k, "n.txt"), (0,), k) for k in OPERATORS]

    assert first.view().choose(rivals, ROOT) == again.view().choose(rivals, ROOT)


def test_a_postponed_candidate_comes_back_when_it_is_thought_better_of():
    screen = Screen(CreditCritic(), seed=1, policy="postpone", learn=16, skip=0.5)
    screen.tell(ROOT)
    rng, put_off, revived = Random(0), set[int](), set[int]()
    for index in range(1, 700):
        view = screen.view()
        again = view.revive(index, 8)
        if again is not None:
            candidate, prediction = again
            revived.add(candidate.id)
            assert candidate.id % 8 == index % 8
            candidate = Candidate(index, candidate.artifact, (0,), candidate.operator)
        else:
            kind = rng.choice(["good", "late", "poor"])
            candidate = Candidate(index, Artifact.of(f"{index}", "n.txt"), (0,), kind)
            prediction = view.judge(candidate, ROOT)
        if prediction.decision == "skipped":
            put_off.add(index)
            screen.tell(Record(candidate, "skipped", prediction=prediction))
            continue
        better = candidate.operator == "good" or (candidate.operator == "late" and index > 200)
        fitness = 1.0 if better and rng.random() < 0.6 else -1.0
        screen.tell(Record(candidate, "evaluated", Evaluation(), fitness, prediction=prediction))

    assert revived
    assert revived <= put_off


@pytest.mark.parametrize(
    "setting", [{"policy": "x"}, {"proposals": 1}, {"keen": -1.0}, {"by": "x"}]
)
def test_settings_out_of_range_are_refused(setting: dict[str, object]):
    with pytest.raises(ValueError, match="must be"):
        Screen(CreditCritic(), seed=0, **setting)  # pyright: ignore[reportArgumentType]


@given(st.floats(0, 1), st.floats(0.01, 1), st.floats(0, 1))
def test_expected_improvement_is_at_least_the_gain_and_grows_with_uncertainty(
    worth: float, width: float, best: float
):
    def expected(width: float) -> float:
        return expected_improvement(Estimate(worth, worth - width, worth + width, 0.5), best)

    assert expected(width) >= max(worth - best, 0.0) - 1e-12
    assert expected(2 * width) >= expected(width) - 1e-12


def test_expected_improvement_of_an_even_bet_is_the_closed_form():
    spread = 1.0 / (2 * 1.6448536269514722)
    estimate = Estimate(0.5, 0.0, 1.0, 0.5)

    assert expected_improvement(estimate, 0.5) == pytest.approx(spread / math.sqrt(2 * math.pi))
    assert expected_improvement(Estimate(0.7, 0.7, 0.7, 0.5), 0.5) == pytest.approx(0.2)
