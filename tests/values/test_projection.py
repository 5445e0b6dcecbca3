from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telic.errors import MeasurementError
from telic.values import taxonomies
from telic.values.projection import Projection, read_projection

TWO = Projection(
    name="two",
    dimensions=("a", "b"),
    weights={"x": {"a": 1.0}, "y": {"a": -0.5, "b": 2.0}, "z": {}},
)
AMOUNTS = st.fixed_dictionaries({key: st.floats(-10, 10) for key in "xyz"})


@given(AMOUNTS, AMOUNTS)
def test_a_projection_is_linear(left: dict[str, float], right: dict[str, float]) -> None:
    both = TWO.apply({key: left[key] + right[key] for key in left})

    for each in TWO.dimensions:
        assert both[each] == pytest.approx(TWO.apply(left)[each] + TWO.apply(right)[each])


@given(AMOUNTS)
def test_one_projection_after_another_is_their_product(amounts: dict[str, float]) -> None:
    last = Projection(name="one", dimensions=("c",), weights={"a": {"c": 3.0}, "b": {"c": -1.0}})

    assert TWO.then(last).apply(amounts)["c"] == pytest.approx(last.apply(TWO.apply(amounts))["c"])


def test_what_is_not_mapped_is_named() -> None:
    assert TWO.unmapped(["x", "z", "w"]) == ("w", "z")
    assert TWO.matrix(["y", "w"]) == ((-0.5, 2.0), (0.0, 0.0))


def test_the_corpus_hierarchy_is_3_12_and_50() -> None:
    derived, core = taxonomies.CVC_DERIVED_TO_CORE, taxonomies.CVC_CORE_TO_LEVEL

    assert (len(derived.weights), len(derived.dimensions), len(core.dimensions)) == (50, 12, 3)
    assert set(core.weights) == set(derived.dimensions)
    assert derived.then(core).apply({"Teamwork": 2.0}) == {"Person": 2.0}


def test_every_basic_value_and_emotion_keeps_its_whole_weight() -> None:
    assert set(taxonomies.SCHWARTZ_HIGHER.weights) == set(taxonomies.SCHWARTZ)
    for projection in (taxonomies.SCHWARTZ_HIGHER, taxonomies.PLUTCHIK_DYADS):
        assert {sum(row.values()) for row in projection.weights.values()} == {1.0}
    assert len(taxonomies.PLUTCHIK_DYADS.weights) == 16


def test_poles_load_on_their_axis_with_opposite_signs() -> None:
    axes = taxonomies.WORLD_VALUES_AXES

    assert sum(sum(row.values()) for row in axes.weights.values()) == 0


@pytest.mark.parametrize(
    ("dimensions", "weights"),
    [
        ((), {}),
        (("a", "a"), {}),
        (("a",), {"x": {"b": 1.0}}),
        (("a",), {"x": {"a": float("inf")}}),
        (("a",), {"x": {"a": float("nan")}}),
    ],
)
def test_a_matrix_that_makes_no_sense_is_refused(
    dimensions: tuple[str, ...], weights: dict[str, dict[str, float]]
) -> None:
    with pytest.raises(MeasurementError):
        Projection(name="p", dimensions=dimensions, weights=weights)


def test_a_theory_is_one_column_of_a_table(tmp_path: Path) -> None:
    file = tmp_path / "values.csv"
    file.write_text(",value,MFT,Maslow\n0,trust,Loyalty,love\n1,self,,esteem\n")

    foundations = read_projection(file, "MFT")

    assert foundations.apply({"trust": 2.0, "self": 1.0}) == {"Loyalty": 2.0}
    assert foundations.unmapped(["trust", "self"]) == ("self",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("value,WVS\ntrust,x\n", "no column 'MFT'"),
        ("value,MFT\ntrust,x\ntrust,y\n", "listed twice"),
        ("value,MFT\ntrust,\n", "maps no value"),
        ("value,MFT\n,x\n", "'value' is empty"),
    ],
)
def test_a_table_without_the_theory_is_refused(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "values.csv"
    file.write_text(text)

    with pytest.raises(MeasurementError, match=message):
        read_projection(file, "MFT")
