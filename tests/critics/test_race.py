"""A race ends the repeats of what cannot be among the better ones, and says how sure it is."""

from __future__ import annotations

from random import Random

import msgspec
import pytest

from telic.artifact import Artifact
from telic.candidate import Candidate, Evaluation, Prediction, Race, Record
from telic.critics import CreditCritic, Screen
from telic.critics.race import FAIR, Races, Track, rungs

UNKNOWN = Prediction(0.5, 0.0, 1.0, 0.5, 0.0, 0.0, "unknown")
WANTED = msgspec.structs.replace(UNKNOWN, decision="wanted")


def track(*, trusts: bool = False, explore: float = 0.1) -> Track:
    """A bar of 0 after one and two repeats of variance 1; recent fitness from -2 to 2."""
    ranked = [step / 10 - 2 for step in range(41)]
    return Track({1: 0.0, 2: 0.0}, 1.0, ranked, trusts=trusts, explore=explore, seed=1)


def raced(index: int, samples: tuple[float, ...]) -> Record:
    """A candidate with four repeats, evaluated whole."""
    reached = (samples[0], sum(samples[:2]) / 2)
    prediction = msgspec.structs.replace(UNKNOWN, race=Race(reached))
    mean = sum(samples) / 4
    return Record(
        Candidate(index, Artifact.of(f"{index}", "n.txt"), (0,), "step"),
        "evaluated",
        Evaluation(metrics={"score": mean}, feasible=True, samples=samples),
        mean,
        prediction=prediction,
    )


@pytest.mark.parametrize(
    ("repeats", "expected"), [(1, (1,)), (2, (1, 2)), (6, (1, 2, 4, 6)), (8, (1, 2, 4, 8))]
)
def test_rungs_double_and_end_with_all_repeats(repeats: int, expected: tuple[int, ...]) -> None:
    assert rungs(repeats) == expected


def test_the_chance_is_that_of_a_normal_mean() -> None:
    assert track().chance(UNKNOWN, 1, [0.0], 0.0) == pytest.approx(0.5)
    # With four degrees of freedom of variance 1 and one of variance 0, the variance is 4/5.
    assert track().chance(UNKNOWN, 2, [-1.0, -1.0], -1.0) == pytest.approx(0.0569231, abs=1e-6)


def test_further_repeats_make_it_surer() -> None:
    chances = [track().chance(UNKNOWN, made, [-1.0] * made, -1.0) for made in (1, 2)]

    assert chances[1] < FAIR < chances[0]


def test_nothing_is_said_of_a_rung_that_few_have_reached() -> None:
    assert track().chance(UNKNOWN, 4, [-9.0] * 4, -9.0) == 1.0


def test_an_infeasible_repeat_loses_the_race() -> None:
    assert track().chance(UNKNOWN, 1, [], None) == 0.0


def test_a_critic_that_is_trusted_counts_and_never_more_than_one_repeat() -> None:
    praised = msgspec.structs.replace(WANTED, worth=0.9, low=0.9, high=0.9)
    alone = track(trusts=True).chance(UNKNOWN, 1, [-1.0], -1.0)

    assert track(trusts=False).chance(praised, 1, [-1.0], -1.0) == pytest.approx(alone)
    # Halfway between -1 measured and 1.6 predicted, with the variance of two repeats.
    assert track(trusts=True).chance(praised, 1, [-1.0], -1.0) == pytest.approx(0.664, abs=1e-3)


def test_the_share_explored_is_drawn_by_address() -> None:
    drawn = [track(explore=0.25).explores(index) for index in range(1000)]

    assert drawn == [track(explore=0.25).explores(index) for index in range(1000)]
    assert 0.2 < sum(drawn) / 1000 < 0.3


def test_the_bar_is_learned_from_those_that_reached_the_rung() -> None:
    rng, races = Random(1), Races()
    for index in range(1, 101):
        worth = rng.gauss(0, 3)
        samples = [worth + rng.gauss(0, 1) for _ in range(4)]
        races.tell(raced(index, (samples[0], samples[1], samples[2], samples[3])))
    learned = races.track(skip=0.5, trusts=False, explore=0.1, seed=1)
    off = races.track(skip=0.0, trusts=False, explore=0.1, seed=1)

    assert learned.chance(UNKNOWN, 1, [-6.0], -6.0) < FAIR
    assert learned.chance(UNKNOWN, 1, [0.0], 0.0) > FAIR
    assert off.chance(UNKNOWN, 1, [-6.0], -6.0) == 1.0


def test_a_screen_that_races_skips_nothing_and_learns_first() -> None:
    screen = Screen(CreditCritic(), seed=1, policy="race", learn=20)
    rng, root = Random(2), Record(Candidate(0, Artifact.of("0", "n.txt")), "evaluated")
    chances: list[float] = []
    for index in range(1, 60):
        view = screen.view()
        candidate = Candidate(index, Artifact.of(f"{index}", "n.txt"), (0,), "step")
        assert view.track is not None
        assert view.judge(candidate, root).decision != "skipped"
        chances.append(view.track.chance(UNKNOWN, 1, [-9.0], -9.0))
        samples = [rng.gauss(0, 1) for _ in range(4)]
        screen.tell(raced(index, (samples[0], samples[1], samples[2], samples[3])))

    assert set(chances[:20]) == {1.0}
    assert max(chances[20:]) < FAIR


@pytest.mark.parametrize("policy", ["choose", "skip", "postpone"])
def test_other_policies_have_no_race(policy: str) -> None:
    screen = Screen(CreditCritic(), seed=1, policy=policy)  # pyright: ignore[reportArgumentType]

    assert screen.view().track is None
