"""Cost of a shop's orders, by simulating every day; whole numbers only."""

from typing import Any

from telic.exact import int_list
from telic.problems.stocks import Shop, cost_of, draw_shop
from telic.scoring import Case, Score, infeasible
from telic.seeding import stream

DAYS = 1100
HIGHEST = 100_000


def instance(name: str, index: int) -> Case:
    shop = draw_shop(stream(0, "inventory-control", name, index), DAYS)
    return Case(args=(shop.articles(),), hidden=shop, name=f"{name} {index}")


def cases() -> list[Case]:
    return [instance("train", 0)]


def held_out_cases() -> list[Case]:
    return [instance("held out", index) for index in range(4)]


def score(output: Any, case: Case) -> Score:
    shop: Shop = case.hidden
    rows = output.tolist() if hasattr(output, "tolist") else output
    if not isinstance(rows, list | tuple) or len(rows) != len(shop.lead):
        return infeasible(f"expected levels for {len(shop.lead)} articles")
    try:
        levels = [int_list(row, low=-HIGHEST, high=HIGHEST, length=3) for row in rows]
    except ValueError as error:
        return infeasible(str(error))
    cost = cost_of(shop, levels)
    per_day = {name: value / shop.counted for name, value in cost.items()}
    return Score(
        metrics={"score": sum(cost.values()) / shop.counted, **per_day},
        feedback=", ".join(f"{name} {value:.1f} a day" for name, value in per_day.items()),
    )
