"""Strategies on landscapes of known shape: what each is for."""

import math
from collections.abc import Callable
from random import Random
from statistics import mean

import pytest

from telic.candidate import Record
from telic.component import Component
from telic.problem import Problem
from telic.registry import build
from telic.seeding import stream
from telic.strategies import Strategy
from telic.testing import toy_problem, toy_record

WINDOW = 8
Point = tuple[float, ...]


def sphere(point: Point) -> float:
    return -sum(x * x for x in point)


def ruggedness() -> Callable[[Point], float]:
    """An NK landscape: 24 bits, each of whose values depends on the next six as well."""
    rng = Random(5)
    tables = [[rng.random() for _ in range(128)] for _ in range(24)]

    def value(point: Point) -> float:
        bits = sum(int(x) << i for i, x in enumerate(point))
        ring = bits | bits << 24
        return sum(table[ring >> i & 127] for i, table in enumerate(tables)) / 24

    return value


def step(point: Point, rng: Random) -> Point:
    index = rng.randrange(len(point))
    moved = point[index] + rng.gauss(0, 1) * 10 ** rng.uniform(-2, 0.3)
    return (*point[:index], moved, *point[index + 1 :])


def flip(point: Point, rng: Random) -> Point:
    flipped = list(point)
    for _ in range(1 + (rng.random() < 0.4)):
        index = rng.randrange(len(point))
        flipped[index] = 1.0 - flipped[index]
    return tuple(flipped)


def search(
    strategy: Strategy,
    problem: Problem,
    value: Callable[[Point], float],
    move: Callable[[Point, Random], Point],
    *,
    start: Point,
    asks: int,
    seed: int,
) -> float:
    """Return the best value after ``asks`` tries, a tenth of which fail, told late."""
    points = {0: start}
    best = value(start)
    strategy.tell(toy_record(0, best, problem=problem))
    flight: list[Record] = []
    for index in range(1, asks + 1):
        request = strategy.ask(index, stream(seed, "strategy", index))
        parent = request.parents[0].candidate.id
        rng = stream(seed, "operator", index)
        points[index] = move(points[parent], rng)
        result = None if rng.random() < 0.1 else value(points[index])
        text = " ".join(f"{x:.3g}" for x in points[index])
        flight.append(
            toy_record(
                index,
                result,
                problem=problem,
                text=text,
                parents=(parent,),
                island=request.island,
            )
        )
        if len(flight) == WINDOW:
            strategy.tell(flight.pop(0))
        best = max(best, -math.inf if result is None else result)
    return best


def results(
    name: str, value: Callable[[Point], float], asks: int, *, seeds: int = 4
) -> list[float]:
    found: list[float] = []
    for seed in range(seeds):
        rng = stream(seed, "start")
        if value is sphere:
            start, move = tuple(rng.uniform(-5, 5) for _ in range(6)), step
        else:
            start, move = tuple(float(rng.random() < 0.5) for _ in range(24)), flip
        problem = toy_problem(seed=" ".join(map(str, start)))
        strategy = build(Component("strategy", name), problem=problem)
        found.append(search(strategy, problem, value, move, start=start, asks=asks, seed=seed))
    return found


@pytest.mark.parametrize("asks", [150, 500])
@pytest.mark.parametrize("landscape", ["smooth", "rugged"])
def test_islands_and_hill_climbing_leave_the_baselines_behind(landscape: str, asks: int):
    value = sphere if landscape == "smooth" else ruggedness()
    best_of_n, random = results("best-of-n", value, asks), results("random", value, asks)

    for name in ("islands", "hill-climb"):
        found = results(name, value, asks)
        assert all(ours > theirs for ours, theirs in zip(found, best_of_n, strict=True))
        assert mean(found) > mean(random)


def test_islands_leave_the_local_optima_in_which_hill_climbing_ends():
    value = ruggedness()

    islands = results("islands", value, 1200, seeds=8)
    climbs = results("hill-climb", value, 1200, seeds=8)

    assert mean(islands) > mean(climbs)
