"""Misses of a cache under a table of priorities, compared with the optimal policy."""

from typing import Any

from telic.exact import float_array
from telic.problems.caching import AGES, USES, fewest_misses, misses, trace
from telic.scoring import Case, Score, infeasible
from telic.seeding import stream

SIZE = 100
LENGTH = 4000


def instance(name: str, index: int) -> Case:
    keys = trace(stream(0, "cache-eviction", name, index), LENGTH)
    return Case(hidden=(keys, fewest_misses(keys, SIZE)), name=f"{name} {index}")


def cases() -> list[Case]:
    return [instance("train", index) for index in range(4)]


def held_out_cases() -> list[Case]:
    return [instance("held out", index) for index in range(8)]


def score(output: Any, case: Case) -> Score:
    try:
        table = float_array(output, (USES, AGES))
    except ValueError as error:
        return infeasible(str(error))
    keys, fewest = case.hidden
    count = misses(keys, SIZE, table)
    return Score(
        metrics={"score": 100.0 * (count / fewest - 1.0), "misses": float(count)},
        feedback=f"{count} misses where {fewest} are unavoidable",
    )
