"""The cyclic collector while a run goes on."""

import gc
from collections.abc import Iterator

import pytest

from telic.engine.memory import rare_collections


@pytest.fixture(autouse=True)
def usual_threshold() -> Iterator[None]:
    before = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    yield
    gc.set_threshold(*before)


def test_collections_are_rarer_within_a_run_and_as_before_behind_it() -> None:
    with rare_collections():
        within = gc.get_threshold()

    assert within[0] > 700
    assert within[1:] == (10, 10)
    assert gc.get_threshold() == (700, 10, 10)


def test_an_error_leaves_the_collector_as_it_was() -> None:
    with pytest.raises(KeyError), rare_collections():
        raise KeyError

    assert gc.get_threshold() == (700, 10, 10)


@pytest.mark.parametrize("young", [0, 1_000_000])
def test_a_collector_that_is_off_or_rarer_already_is_left_alone(young: int) -> None:
    gc.set_threshold(young, 10, 10)

    with rare_collections():
        within = gc.get_threshold()

    assert within == (young, 10, 10)
