"""The temperature that makes utilities probabilities."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telic.errors import MeasurementError
from telic.objectives import calibration_report, choice_probabilities, decide, fit_temperature


def choices(temperature: float, count: int = 3000) -> tuple[list[list[float]], list[int]]:
    rng = Random(0)
    rows = [[rng.gauss(0, 1) for _ in range(3)] for _ in range(count)]
    taken = [
        decide(choice_probabilities(row, temperature=temperature), "sample", rng) for row in rows
    ]
    return rows, [0 if one is None else one for one in taken]


@pytest.mark.parametrize("temperature", [0.2, 1.0, 3.0])
def test_the_temperature_of_the_choices_is_found(temperature: float):
    rows, taken = choices(temperature)

    assert fit_temperature(rows, taken) == pytest.approx(temperature, rel=0.15)


def test_no_other_temperature_fits_better():
    rows, taken = choices(0.7, count=300)
    best = fit_temperature(rows, taken)

    def loss(temperature: float) -> float:
        stated = [choice_probabilities(row, temperature=temperature) for row in rows]
        return calibration_report(stated, taken).log_loss

    assert loss(best) < min(loss(best * 1.1), loss(best / 1.1))


@given(st.floats(0.01, 100))
def test_it_scales_with_the_utilities(factor: float):
    rows = [[0.0, 1.0], [0.0, 2.0], [1.0, 0.0]]
    scaled = [[factor * value for value in row] for row in rows]

    found = fit_temperature(scaled, [1, 0, 0])

    assert found == pytest.approx(factor * fit_temperature(rows, [1, 0, 0]), rel=1e-6)


@pytest.mark.parametrize(
    ("rows", "truths"), [([], []), ([[0.0, 1.0]], [2]), ([[1.0, 1.0]], [0]), ([[0.0, 1.0]], [0, 1])]
)
def test_what_fixes_no_temperature_is_refused(rows: list[list[float]], truths: list[int]):
    with pytest.raises(MeasurementError):
        fit_temperature(rows, truths)
