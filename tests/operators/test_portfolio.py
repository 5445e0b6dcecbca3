"""Bandits on synthetic operators whose best choice is known."""

from collections.abc import Callable, Sequence
from random import Random
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telic.artifact import Artifact
from telic.candidate import Candidate, Cost, Evaluation, Failure, Outcome, Record
from telic.component import Component
from telic.errors import UsageError
from telic.operators.portfolio import (
    Portfolio,
    ThompsonPortfolio,
    UcbPortfolio,
    UniformPortfolio,
    stake_of,
)
from telic.registry import build, known
from telic.seeding import stream

TEXT = Artifact.of("x")
WINDOW = 8
BANDITS = [UcbPortfolio, ThompsonPortfolio]
EVERY = [*BANDITS, UniformPortfolio]

Gain = Callable[[int, float, Random], float]
"""(turns so far, evaluations spent, rng) → improvement over the best; 0 is a failure."""


def told(
    index: int,
    operator: str,
    fitness: float | None,
    *,
    parent: int = 0,
    cost: Cost | None = None,
    outcome: Outcome = "evaluated",
) -> Record:
    candidate = Candidate(index, TEXT, (parent,), operator, cost=cost or Cost())
    if outcome != "evaluated":
        return Record(candidate, outcome)
    if fitness is None:
        return Record(candidate, outcome, Evaluation(failure=Failure("crash", "died")))
    return Record(candidate, outcome, Evaluation(feasible=True, samples=(fitness,)), fitness)


def seed_record(fitness: float = 0.0) -> Record:
    evaluation = Evaluation(feasible=True, samples=(fitness,))
    return Record(Candidate(0, TEXT), "evaluated", evaluation, fitness)


def play(
    make: Callable[[], Portfolio], arms: dict[str, tuple[Gain, int]], *, budget: float, seed: int
) -> tuple[float, dict[str, float]]:
    """Run a portfolio, told ``WINDOW`` requests late, on operators of known gain and trials.

    Returns the total gain and each operator's share of the evaluations spent.
    """
    portfolio = make()
    portfolio.tell(seed_record())
    best, best_id, spent, index = 0.0, 0, 0.0, 0
    turns = dict.fromkeys(arms, 0)
    paid = dict.fromkeys(arms, 0.0)
    flight: list[tuple[int, str, float, int, float]] = []
    while spent < budget:
        index += 1
        arm = portfolio.choose(index, [*arms], stream(seed, "choice", index))
        gain, trials = arms[arm]
        improvement = gain(turns[arm], spent, stream(seed, "gain", index))
        turns[arm] += 1
        paid[arm] += 1 + 0.05 * trials
        spent += 1 + 0.05 * trials
        flight.append((index, arm, best, best_id, improvement))
        if len(flight) == WINDOW:
            number, arm, _, parent, improvement = flight.pop(0)
            fitness = best + improvement if improvement > 0 else best - 1.0
            cost = Cost(trials=arms[arm][1])
            portfolio.tell(told(number, arm, fitness, parent=parent, cost=cost))
            if fitness > best:
                best, best_id = fitness, number
    return best, {arm: part / spent for arm, part in paid.items()}


def chance(probability: float, gain: float = 1.0) -> Gain:
    return lambda turns, spent, rng: gain if rng.random() < probability else 0.0


def average(
    make: Callable[[], Portfolio], arms: dict[str, tuple[Gain, int]], budget: float, arm: str
) -> tuple[float, float]:
    """Return mean total gain and mean share of ``arm`` over three seeds."""
    runs = [play(make, arms, budget=budget, seed=seed) for seed in range(3)]
    return mean(total for total, _ in runs), mean(shares[arm] for _, shares in runs)


@pytest.mark.parametrize("make", BANDITS)
def test_most_of_the_budget_goes_to_the_best_of_two(make: Callable[[], Portfolio]):
    arms = {"good": (chance(0.3), 0), "poor": (chance(0.1), 0)}

    total, share = average(make, arms, 2000, "good")

    assert share > 0.7
    assert total > 0.8 * 0.3 * 2000


@pytest.mark.parametrize("make", BANDITS)
def test_the_best_of_ten_is_found(make: Callable[[], Portfolio]):
    arms = {f"poor{i}": (chance(0.02), 0) for i in range(9)} | {"good": (chance(0.1), 0)}

    total, share = average(make, arms, 2500, "good")
    uniform, _ = average(UniformPortfolio, arms, 2500, "good")

    assert share > 0.4
    assert total > 1.8 * uniform


@pytest.mark.parametrize("make", BANDITS)
def test_a_change_of_the_best_half_way_is_followed(make: Callable[[], Portfolio]):
    def early(turns: int, spent: float, rng: Random) -> float:
        return chance(0.2 if spent < 2000 else 0.02)(turns, spent, rng)

    def late(turns: int, spent: float, rng: Random) -> float:
        return chance(0.02 if spent < 2000 else 0.2)(turns, spent, rng)

    total, share = average(make, {"early": (early, 0), "late": (late, 0)}, 4000, "late")

    assert 0.3 < share < 0.6
    assert total > 0.7 * 0.2 * 4000  # an oracle gets 800, uniform play 440


@pytest.mark.parametrize("make", BANDITS)
def test_a_costly_operator_that_stops_giving_loses_its_share(make: Callable[[], Portfolio]):
    def hero(turns: int, spent: float, rng: Random) -> float:
        return 200.0 if turns < 4 else 0.0

    cheap = {f"cheap{i}": (chance(0.02), 0) for i in range(8)}
    total, share = average(make, {**cheap, "hero": (hero, 2000)}, 12_000, "hero")

    assert total >= 4 * 200.0 + 0.02 * 12_000 * 0.5
    assert share < 0.5


def test_a_costly_operator_that_pays_gets_most_of_the_budget():
    def strong(turns: int, spent: float, rng: Random) -> float:
        return 20.0 * rng.random()

    cheap = {f"cheap{i}": (chance(0.005), 0) for i in range(8)}
    _, share = average(UcbPortfolio, {**cheap, "strong": (strong, 2000)}, 12_000, "strong")

    assert share > 0.6


@pytest.mark.parametrize("make", BANDITS)
def test_a_costly_operator_that_never_pays_gets_a_small_share(make: Callable[[], Portfolio]):
    cheap = {f"cheap{i}": (chance(0.02), 0) for i in range(8)}
    _, share = average(make, {**cheap, "idle": (chance(0.0), 2000)}, 12_000, "idle")

    assert share < 0.35


@pytest.mark.parametrize(("leaning", "share"), [(0.0, 0.05), (0.5, 0.15 * 0.7), (1.0, 0.15 * 0.9)])
def test_leaning_gives_costly_operators_more_of_what_is_spread(leaning: float, share: float):
    prices = {"good": 1.0, "cheap": 1.0, "other": 1.0, "costly": 21.0}
    portfolio = UcbPortfolio(leaning=leaning)
    portfolio.tell(seed_record())
    for number in range(1, 41):
        arm = [*prices][number % 4]
        cost = Cost(trials=round(20 * (prices[arm] - 1.0)))
        fitness = float(number) if arm == "good" else -1.0
        portfolio.tell(told(number, arm, fitness, cost=cost))

    paid = dict.fromkeys(prices, 0.0)
    for index in range(20_000):
        arm = portfolio.choose(index, [*prices], stream(0, "choice", index))
        paid[arm] += prices[arm]

    # The other two weigh 1 each, and this one 1, the root of 21, or 21.
    assert paid["costly"] / sum(paid.values()) == pytest.approx(share, rel=0.15)


def test_gains_that_shrink_all_the_time_do_not_hide_the_best():
    def shrinking(probability: float) -> Gain:
        return lambda turns, spent, rng: (
            2.0 ** (-spent / 200) if rng.random() < probability else 0.0
        )

    arms = {"good": (shrinking(0.1), 0), "poor": (shrinking(0.02), 0), "bad": (shrinking(0.02), 0)}

    assert average(UcbPortfolio, arms, 3000, "good")[1] > 0.6


@pytest.mark.parametrize("make", BANDITS)
def test_an_operator_that_keeps_declining_is_hardly_asked(make: Callable[[], Portfolio]):
    portfolio = make()
    portfolio.tell(seed_record())
    turns = {"maker": 0, "idler": 0, "decliner": 0}
    for index in range(1, 1500):
        arm = portfolio.choose(index, [*turns], stream(0, index))
        turns[arm] += 1
        outcome: Outcome = "declined" if arm == "decliner" else "evaluated"
        fitness = float(index) if arm == "maker" and index % 10 == 0 else -1.0
        portfolio.tell(told(index, arm, fitness, outcome=outcome))

    assert turns["decliner"] < 0.6 * turns["idler"]
    assert turns["decliner"] >= 2  # now and then, for it may find something again


def test_long_turns_come_side_by_side():
    portfolio = UcbPortfolio()
    portfolio.tell(seed_record())
    for index in range(1, 60):
        arm, trials = ("long", 3000) if index % 20 == 0 else ("short", 0)
        portfolio.tell(told(index, arm, float(index), cost=Cost(trials=trials)))

    arms = [portfolio.choose(index, ["long", "short"], stream(0, index)) for index in range(8000)]
    groups = [arms[start : start + 4] for start in range(0, 8000, 4)]

    assert all(len(set(group)) == 1 for group in groups)
    assert 0 < arms.count("long") < 400


def test_failing_costs_no_more_than_not_improving():
    failing, idle = UcbPortfolio(), UcbPortfolio()
    for portfolio, fitness in ((failing, None), (idle, -5.0)):
        portfolio.tell(seed_record())
        for index in range(1, 50):
            portfolio.tell(told(index, "a", fitness))

    assert failing.shares() == idle.shares()


@pytest.mark.parametrize("make", EVERY)
@given(st.integers(0, 2**32))
def test_choosing_changes_nothing(make: Callable[[], Portfolio], seed: int):
    portfolio = make()
    portfolio.tell(seed_record())
    for index in range(1, 30):
        portfolio.tell(told(index, "abc"[index % 3], float(index % 7)))

    choices = [portfolio.choose(31, ["a", "b", "c"], Random(seed)) for _ in range(3)]

    assert len(set(choices)) == 1


history = st.lists(
    st.tuples(
        st.sampled_from("abcd"),
        st.none() | st.floats(-1e300, 1e300),
        st.sampled_from(["evaluated", "duplicate", "declined"]),
        st.integers(0, 3000),
        st.integers(0, 40),
    ),
    max_size=40,
)


@pytest.mark.parametrize("make", EVERY)
@given(history)
def test_a_replay_chooses_the_same_whatever_the_clock_said(
    make: Callable[[], Portfolio],
    history: list[tuple[str, float | None, Outcome, int, int]],
):
    live, replayed = make(), make()
    for portfolio, pace in ((live, 1.0), (replayed, 50.0)):
        portfolio.tell(seed_record())
        for index, (operator, fitness, outcome, trials, parent) in enumerate(history, start=1):
            cost = Cost(seconds=pace * index, trials=trials, money=0.001 * parent)
            parent = min(parent, index - 1)
            portfolio.tell(
                told(index, operator, fitness, parent=parent, cost=cost, outcome=outcome)
            )

    arms = ["a", "b", "c", "d"]
    choices = [
        [portfolio.choose(index, arms, stream(1, index)) for index in range(50, 80)]
        for portfolio in (live, replayed)
    ]

    assert choices[0] == choices[1]
    assert set(choices[0]) <= set(arms)


@pytest.mark.parametrize("make", BANDITS)
def test_every_operator_is_seen_before_any_is_tried_again(make: Callable[[], Portfolio]):
    arms = [f"arm{i}" for i in range(WINDOW)]
    portfolio = make()
    portfolio.tell(seed_record())

    first = [portfolio.choose(index, arms, stream(0, index)) for index in range(1, WINDOW + 1)]

    assert sorted(first) == sorted(arms)


@pytest.mark.parametrize("make", EVERY)
def test_only_offered_operators_are_chosen(make: Callable[[], Portfolio]):
    portfolio = make()
    portfolio.tell(seed_record())
    for index in range(1, 40):
        portfolio.tell(told(index, "best", float(index)))

    assert portfolio.choose(40, ["other"], Random(0)) == "other"
    assert portfolio.choose(41, ["other", "new"], Random(0)) in ("other", "new")


def test_money_and_tokens_are_priced():
    portfolio = UcbPortfolio(dollar=1000.0, token=0.5)
    portfolio.tell(seed_record())
    portfolio.tell(told(1, "model", 1.0, cost=Cost(tokens=10, money=0.02)))

    assert portfolio.shares()[0].cost == 1 + 5 + 20


def test_shares_tell_what_each_operator_cost_and_gave():
    portfolio = UcbPortfolio()
    portfolio.tell(seed_record())
    portfolio.tell(told(1, "tuner", 2.0, cost=Cost(trials=380)))
    portfolio.tell(told(2, "swap", 1.0))
    portfolio.tell(told(3, "swap", None, outcome="duplicate"))

    tuner, swap = portfolio.shares()

    assert (tuner.operator, tuner.turns, tuner.improved, tuner.cost) == ("tuner", 1, 1, 20.0)
    assert (swap.operator, swap.turns, swap.improved) == ("swap", 2, 0)
    assert tuner.share + swap.share == pytest.approx(1.0)
    assert swap.rate > tuner.rate > 0  # beating its parent for a tenth of the cost


def test_a_tiny_gain_at_first_does_not_make_the_next_one_huge():
    portfolio = UcbPortfolio()
    portfolio.tell(seed_record())
    portfolio.tell(told(1, "lucky", 1e-9))
    portfolio.tell(told(2, "first", 0.8))
    portfolio.tell(told(3, "second", 1.6))

    rates = {share.operator: share.rate for share in portfolio.shares()}

    assert rates["first"] < 3 * rates["second"]


def test_negative_scores_are_compared_as_they_are():
    portfolio = UcbPortfolio()
    portfolio.tell(seed_record(-10.0))
    portfolio.tell(told(1, "a", -9.0))
    portfolio.tell(told(2, "b", -9.5))

    assert {share.operator: share.improved for share in portfolio.shares()} == {"a": 1, "b": 0}


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("ucb", {"exploration": -1}),
        ("ucb", {"spread": 1.5}),
        ("ucb", {"leaning": -0.1}),
        ("ucb", {"memory": 0}),
        ("thompson", {"trial": -1.0}),
        ("thompson", {"dollars": 1.0}),
    ],
)
def test_settings_out_of_range_are_refused(name: str, settings: dict[str, float]):
    with pytest.raises(UsageError, match=next(iter(settings))):
        build(Component("portfolio", name, {**settings}))


@pytest.mark.parametrize("name", ["ucb", "thompson", "uniform"])
def test_portfolios_are_built_by_name(name: str):
    assert name in known("portfolio")
    chosen: Sequence[str] = ["only"]

    assert build(Component("portfolio", name)).choose(1, chosen, Random(0)) == "only"


def test_records_told_out_of_order_are_understood():
    portfolio = UcbPortfolio()
    portfolio.tell(seed_record())
    portfolio.tell(told(5, "a", 1.0))
    portfolio.tell(told(2, "b", 0.5, parent=1))
    portfolio.tell(told(9, "b", 3.0, parent=5))

    assert {share.operator: share.improved for share in portfolio.shares()} == {"a": 1, "b": 1}


def test_a_pace_spreads_the_first_tries_of_operators():
    arms = [f"arm{number}" for number in range(8)]
    portfolio = UcbPortfolio(pace=4)
    portfolio.tell(seed_record())
    first: list[int] = []
    for index in range(1, 40):
        arm = portfolio.choose(index, arms, Random(index))
        if all(arm != share.operator for share in portfolio.shares()):
            first.append(index)
        portfolio.tell(told(index, arm, 0.0))

    assert first == [1, 2, 3, 16, 20, 24, 28, 32]


def test_a_pace_below_one_is_refused():
    with pytest.raises(ValueError, match="pace must be 1 or more"):
        UcbPortfolio(pace=0)


def test_an_operator_stakes_its_part_of_the_reward():
    portfolio = UcbPortfolio()
    portfolio.tell(seed_record())
    portfolio.tell(told(1, "good", 1.0))
    portfolio.tell(told(2, "idle", -1.0))

    assert stake_of(portfolio, "good") == pytest.approx(1.0)
    assert stake_of(portfolio, "idle") == stake_of(portfolio, "unseen") == 0.0


def test_where_a_trial_is_an_evaluation_a_long_turn_earns_what_as_many_short_ones_do():
    def rates(trial: float) -> tuple[float, float]:
        portfolio = UcbPortfolio(trial=trial)
        portfolio.tell(seed_record())
        portfolio.tell(told(1, "long", 10.0, cost=Cost(trials=9)))
        portfolio.tell(told(2, "short", 11.0, parent=1))
        by_name = {share.operator: share.rate for share in portfolio.shares()}
        return by_name["long"], by_name["short"]

    dear, cheap = rates(1.0), rates(0.001)

    assert dear[0] == pytest.approx(dear[1], rel=0.25)
    assert cheap[0] > cheap[1]
