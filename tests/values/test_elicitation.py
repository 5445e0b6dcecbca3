from __future__ import annotations

import itertools

import numpy as np
import pytest

from telic import seeding
from telic.errors import UnknownNameError, UsageError
from telic.values import AlwaysFirst, Valuing, elicit

NAMES = [f"i{k:02d}" for k in range(16)]


def someone(seed: int = 0) -> Valuing:
    draws = seeding.numpy_stream(seed, "truth").normal(size=len(NAMES))
    return Valuing(utilities=dict(zip(NAMES, draws.tolist(), strict=True)), temperature=0.3)


@pytest.mark.parametrize("choose", ["closeness", "information", "random"])
def test_utilities_are_recovered_however_pairs_are_chosen(choose: str) -> None:
    person = someone()

    found = elicit(person, NAMES, pairs=80, repeats=3, seed=1, choose=choose)  # pyright: ignore[reportArgumentType]

    truth = [person.utilities[name] for name in found.fit.items]
    assert np.corrcoef(truth, found.fit.utilities)[0, 1] > 0.95
    assert len(found.pairs) == 80
    assert found.table.replies.asked == 80 * 2 * 3
    assert found.rounds == 4


def test_the_first_design_compares_every_item_twice() -> None:
    found = elicit(someone(), NAMES, pairs=len(NAMES), repeats=1, seed=0)

    assert found.rounds == 0
    assert all(sum(name in pair for pair in found.pairs) == 2 for name in NAMES)


def test_the_same_seed_asks_the_same_and_another_does_not() -> None:
    first, again, other = (
        elicit(someone(), NAMES, pairs=32, repeats=1, seed=seed) for seed in (3, 3, 4)
    )

    assert first.pairs == again.pairs
    assert (first.fit.utilities == again.fit.utilities).all()
    assert first.pairs != other.pairs


def test_closeness_stops_when_every_pair_was_asked() -> None:
    few = NAMES[:5]

    found = elicit(AlwaysFirst(), few, pairs=50, repeats=1, seed=0)

    asked = {frozenset(pair) for pair in found.pairs}
    assert asked == {frozenset(pair) for pair in itertools.combinations(few, 2)}


def test_too_few_pairs_or_an_unknown_way_to_choose_are_refused() -> None:
    with pytest.raises(UsageError, match="as many pairs"):
        elicit(someone(), NAMES, pairs=15, repeats=1, seed=0)
    with pytest.raises(UnknownNameError, match="choice of pairs"):
        elicit(someone(), NAMES, pairs=16, repeats=1, seed=0, choose="luck")  # pyright: ignore[reportArgumentType]
