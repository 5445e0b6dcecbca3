"""Excess over the L2 lower bound on uniform instances of 1000 items."""

from telic.problems.bin_packing import lower_bound, score_table
from telic.scoring import Case
from telic.seeding import stream

CAPACITY = 150
ITEMS = 1000


def instance(name: str, index: int) -> Case:
    rng = stream(0, "online-bin-packing-uniform", name, index)
    items = [rng.randint(20, 100) for _ in range(ITEMS)]
    hidden = (CAPACITY, bytes(items), lower_bound(items, CAPACITY))
    return Case(hidden=hidden, name=f"{name} {index}")


def cases() -> list[Case]:
    return [instance("train", index) for index in range(8)]


def held_out_cases() -> list[Case]:
    return [instance("held out", index) for index in range(20)]


score = score_table
