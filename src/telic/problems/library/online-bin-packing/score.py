"""Excess over the L2 lower bound on Weibull instances of 5000 items."""

from telic.problems.bin_packing import lower_bound, score_table
from telic.scoring import Case
from telic.seeding import stream

CAPACITY = 100
ITEMS = 5000


def instance(name: str, index: int) -> Case:
    rng = stream(0, "online-bin-packing", name, index)
    items = [min(CAPACITY, max(1, round(rng.weibullvariate(45.0, 3.0)))) for _ in range(ITEMS)]
    hidden = (CAPACITY, bytes(items), lower_bound(items, CAPACITY))
    return Case(hidden=hidden, name=f"{name} {index}")


def cases() -> list[Case]:
    return [instance("train", index) for index in range(4)]


def held_out_cases() -> list[Case]:
    return [instance("held out", index) for index in range(5)]


score = score_table
