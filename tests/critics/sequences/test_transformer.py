"""The transformer over letters: what it may see, and that it learns."""

import numpy as np
import pytest

from telic.errors import UsageError
from telic.seeding import numpy_stream

torch = pytest.importorskip("torch")

from telic.critics.sequences.transformer import (  # noqa: E402
    Architecture,
    Transformer,
    distance_penalties,
    fit,
    log_probabilities,
)

SMALL = Architecture(letters=5, width=16, layers=2, heads=8)


def test_every_group_of_heads_has_the_same_penalties():
    bias = distance_penalties(8, 6)

    assert bias.shape == (8, 6, 6)
    assert bool((bias[0:2] == bias[2:4]).all())
    assert bool((bias[0:2] == bias[6:8]).all())
    assert bias[0, 5, 3].item() == pytest.approx(-2 * 2.0**-4)
    assert bias[1, 5, 3].item() == pytest.approx(-2 * 2.0**-8)
    assert bool(torch.isneginf(bias[0, 3, 5]))


def test_no_letter_sees_itself_or_what_follows():
    model = Transformer(SMALL, seed=0)
    letters = torch.tensor([[0, 1, 2, 3, 4, 0, 1, 2, 3]])
    changed = letters.clone()
    changed[0, 4] = 2
    start = torch.zeros(1, dtype=torch.long)

    with torch.no_grad():
        before, after = model(letters, start), model(changed, start)

    assert torch.equal(before[:, :5], after[:, :5])
    assert not torch.allclose(before[:, 5:], after[:, 5:])


def test_probabilities_of_all_sequences_sum_to_one_in_both_directions():
    size = Architecture(letters=3, width=8, layers=1)
    grid = np.stack(np.meshgrid(*[np.arange(3)] * 4, indexing="ij"), axis=-1).reshape(-1, 4)

    logs = log_probabilities(Transformer(size, seed=1), grid)

    for directed in (logs.forward, logs.backward):
        assert np.exp(directed.sum(axis=1)).sum() == pytest.approx(1.0, abs=1e-5)


@pytest.mark.slow
def test_it_learns_what_follows_what():
    rng = numpy_stream(0, "transformer test")
    first = rng.integers(5, size=(200, 1))
    rows = (first + np.arange(8)) % 5

    model = fit(SMALL, rows, rng, steps=80)
    logs = log_probabilities(model, rows)

    assert logs.forward[:, 1:].mean() > -0.2
    assert logs.backward[:, :-1].mean() > -0.2


def test_training_repeats_from_its_seed():
    rows = numpy_stream(1, "rows").integers(5, size=(20, 6))

    one, two = (fit(SMALL, rows, numpy_stream(2, "fit"), steps=2) for _ in range(2))

    assert np.array_equal(
        log_probabilities(one, rows).forward, log_probabilities(two, rows).forward
    )


def test_heads_that_cannot_be_grouped_are_refused():
    with pytest.raises(UsageError, match="multiple"):
        Architecture(letters=5, width=16, heads=6)
