"""Ensembles train side by side as each member would alone, and the neural critic is usable."""

from __future__ import annotations

import numpy as np
import torch

from telic.critics import Screen
from telic.critics.learn import Ensemble, Histogram, Square, Targets, fit, single_thread
from telic.critics.learn._neural import neural_fit
from telic.critics.supports import Support
from telic.registry import build, parse


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_members_are_networks_of_their_own():
    ensemble = Ensemble(3, (4, 5, 2), generator=seeded(), dtype=torch.float64)
    with torch.no_grad():
        for weight in ensemble.weights:
            weight.normal_(generator=seeded(1))
    rows = torch.rand(6, 4, dtype=torch.float64)

    found = ensemble(rows)

    for member in range(3):
        hidden = (rows @ ensemble.weights[0][member] + ensemble.biases[0][member]).relu()
        assert torch.allclose(found[member], hidden @ ensemble.weights[1][member])
        assert torch.allclose(found[member], ensemble.alone(member, rows))


def test_an_ensemble_fits_and_a_seed_repeats_it():
    rows = torch.rand((128, 2), generator=seeded(1))
    values = torch.sin(3 * rows[:, 0]) * rows[:, 1]
    loss = Histogram(Support.padded(0.0, 1.0, 16))

    def trained() -> torch.Tensor:
        generator = seeded(2)
        ensemble = Ensemble(2, (2, 32, loss.outputs), generator=generator)
        fit(
            ensemble, loss, rows, Targets.exact(values),
            steps=250, batch=64, rate=0.03, generator=generator,
        )  # fmt: skip
        return loss.value(ensemble(rows)).detach()

    first, second = trained(), trained()

    assert torch.equal(first, second)
    assert (first - values).abs().mean() < 0.05


def test_members_with_resamples_differ_more_where_there_are_no_data():
    rows = torch.rand((64, 1), generator=seeded(1))
    generator = seeded(2)
    ensemble = Ensemble(8, (1, 32, 1), generator=generator)

    history = fit(
        ensemble, Square(), rows, Targets.exact(rows[:, 0] ** 2),
        steps=200, batch=32, rate=0.01, generator=generator, bootstrap=True,
    )  # fmt: skip

    said = ensemble(torch.tensor([[0.5], [6.0]]))[..., 0].detach()
    assert history[-1] < history[0]
    assert said[:, 1].std() > 3 * said[:, 0].std()


def test_one_thread_is_used_within_and_the_number_restored():
    before = torch.get_num_threads()

    with single_thread():
        inside = torch.get_num_threads()

    assert (inside, torch.get_num_threads()) == (1, before)


def test_the_neural_critic_predicts_new_rows_within_the_scale():
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(300, 20))
    targets = 1 / (1 + np.exp(-rows[:, 0] - rows[:, 1]))

    predict = neural_fit(rows[:200].tolist(), targets[:200].tolist())

    said = [predict(row) for row in rows[200:].tolist()]
    assert np.corrcoef(said, targets[200:])[0, 1] > 0.8
    assert -0.3 < min(said) < max(said) < 1.3


def test_the_neural_critic_has_a_name():
    screen = build(parse("critic", "neural:skip=0.5"), seed=0)

    assert isinstance(screen, Screen)
