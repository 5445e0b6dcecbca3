"""Screening skips what promises little, measures its own errors, and stays off while useless."""

from __future__ import annotations

from random import Random

import pytest

from telic.artifact import Artifact
from telic.candidate import Candidate, Evaluation, Record
from telic.critics import CreditCritic, Screen, ShuffledCritic
from telic.critics.base import Critic

ROOT = Record(Candidate(0, Artifact.of("0", "n.txt")), "evaluated", Evaluation(), 0.0)


def world(screen: Screen, count: int, *, seed: int = 0) -> list[Record]:
    """Children of one root: those of ``good`` improve in one of two cases, others never."""
    rng, told = Random(seed), [ROOT]
    screen.tell(ROOT)
    for index in range(1, count):
        operator = rng.choice(["good", "poor", "poor"])
        candidate = Candidate(index, Artifact.of(f"{index}", "n.txt"), (0,), operator)
        prediction = screen.view().judge(candidate, ROOT)
        fitness = 1.0 if operator == "good" and rng.random() < 0.5 else -1.0
        if prediction.decision == "skipped":
            record = Record(candidate, "skipped", prediction=prediction)
        else:
            record = Record(candidate, "evaluated", Evaluation(), fitness, prediction=prediction)
        screen.tell(record)
        told.append(record)
    return told


def skipped(records: list[Record], operator: str) -> float:
    mine = [r for r in records[200:] if r.candidate.operator == operator]
    return sum(r.outcome == "skipped" for r in mine) / len(mine)


def test_what_never_works_is_skipped_and_what_does_is_not():
    records = world(Screen(CreditCritic(), policy="skip", seed=1), 600)

    assert skipped(records, "poor") > 0.5
    assert skipped(records, "good") < 0.1


def test_nothing_is_skipped_while_little_is_known():
    records = world(Screen(CreditCritic(), policy="skip", seed=1, learn=100), 100)

    assert {r.prediction.decision for r in records if r.prediction} <= {"unknown", "learning"}


def test_a_share_of_the_condemned_is_evaluated_all_the_same():
    records = world(Screen(CreditCritic(), policy="skip", seed=1, explore=0.25), 900)

    condemned = [
        r for r in records if r.prediction and r.prediction.decision in ("skipped", "explored")
    ]
    explored = sum(r.outcome == "evaluated" for r in condemned) / len(condemned)

    assert 0.17 < explored < 0.33


def test_a_critic_that_learned_nonsense_is_switched_off_most_of_the_time():
    def share(critic: Critic, seed: int) -> float:
        records = world(Screen(critic, policy="skip", seed=seed), 400, seed=seed)
        return sum(r.outcome == "skipped" for r in records) / len(records)

    misled = [share(ShuffledCritic(CreditCritic(), seed=seed), seed) for seed in range(5)]
    taught = [share(CreditCritic(), seed) for seed in range(5)]

    assert sum(misled) < 0.5 * sum(taught)


def test_a_share_of_zero_switches_screening_off():
    records = world(Screen(CreditCritic(), policy="skip", seed=1, skip=0.0), 300)

    assert all(r.outcome == "evaluated" for r in records)


def test_replaying_the_records_restores_the_screen():
    screen = Screen(CreditCritic(), policy="skip", seed=1)
    records = world(screen, 300)
    again = Screen(CreditCritic(), policy="skip", seed=1)
    for record in records:
        again.tell(record)
    candidate = Candidate(300, Artifact.of("x", "n.txt"), (0,), "good")

    assert again.view().judge(candidate, ROOT) == screen.view().judge(candidate, ROOT)


@pytest.mark.parametrize("setting", [{"skip": 1.0}, {"skip": -0.1}, {"explore": 0.0}, {"by": "x"}])
def test_settings_out_of_range_are_refused(setting: dict[str, float]):
    with pytest.raises(ValueError, match="must be"):
        Screen(CreditCritic(), seed=0, **setting)  # pyright: ignore[reportArgumentType]
