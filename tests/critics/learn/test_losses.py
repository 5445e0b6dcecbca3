"""Losses, their gradients and their values against closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from telic.critics import supports
from telic.critics.learn import (
    Histogram,
    Ordinal,
    Pairwise,
    Square,
    Targets,
    ValueHead,
    ValueLoss,
    hl_gauss,
    project,
    two_hot,
)
from telic.critics.supports import Support
from telic.errors import UsageError

SUPPORT = Support.padded(0.0, 1.0, 8)
LOSSES: dict[str, ValueLoss] = {
    "square": Square(),
    "two-hot": Histogram(SUPPORT, two_hot),
    "hl-gauss": Histogram(SUPPORT, hl_gauss),
    "with a class for failures": Histogram(SUPPORT, hl_gauss, fails=True),
    "ordinal": Ordinal(SUPPORT),
    "pairwise": Pairwise(),
}
losses = pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)


def drawn(rows: int, width: int, seed: int = 0) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    outputs = torch.randn((rows, width), generator=generator, dtype=torch.float64)
    return outputs.requires_grad_()


def slope(loss: torch.Tensor, outputs: torch.Tensor) -> np.ndarray:
    return torch.autograd.grad(loss.sum(), outputs)[0].numpy()


@pytest.mark.parametrize("encode", [two_hot, hl_gauss])
def test_a_histogram_has_the_loss_gradient_and_value_of_its_closed_form(encode):
    values = torch.linspace(0.0, 1.0, 9, dtype=torch.float64)
    head = Histogram(SUPPORT, encode)
    outputs = drawn(9, head.outputs)

    loss = head.loss(outputs, Targets.exact(values))

    logits, rows = outputs.detach().numpy(), encode(values, SUPPORT).numpy()
    assert np.abs(loss.detach().numpy() - supports.cross_entropy(logits, rows)).max() < 1e-9
    assert np.abs(slope(loss, outputs) - supports.cross_entropy_slope(logits, rows)).max() < 1e-9
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    expected = supports.expectation(shares, SUPPORT)
    assert np.abs(head.value(outputs).detach().numpy() - expected).max() < 1e-9


def test_regression_has_the_loss_and_gradient_of_its_closed_form():
    outputs, values = drawn(5, 1), torch.arange(5.0, dtype=torch.float64)

    loss = Square().loss(outputs, Targets.exact(values))

    distance = outputs.detach().numpy()[:, 0] - values.numpy()
    assert np.abs(loss.detach().numpy() - distance**2).max() < 1e-12
    assert np.abs(slope(loss, outputs)[:, 0] - 2 * distance).max() < 1e-12


def test_c51_is_cross_entropy_against_a_projection():
    head = Histogram(SUPPORT, two_hot)
    outputs, after = drawn(4, head.outputs), drawn(4, head.outputs, seed=1).detach()
    rewards, discounts = torch.rand(4, dtype=torch.float64), torch.full((4,), 0.9).double()
    goal = project(after.softmax(-1), SUPPORT, rewards=rewards, discounts=discounts)

    loss = head.cross_entropy(outputs, goal)

    assert np.abs(slope(loss, outputs) - (outputs.softmax(-1) - goal).detach().numpy()).max() < 1e-9


def test_ordinal_outputs_that_fit_a_target_mean_it_exactly():
    head, values = Ordinal(SUPPORT), torch.tensor([0.0, 0.31, 1.0], dtype=torch.float64)
    centres = torch.from_numpy(SUPPORT.centres)
    passed = ((values[:, None] - centres[:-1]) / SUPPORT.width).clamp(0, 1)
    outputs = torch.logit(passed, eps=1e-15).requires_grad_()

    assert np.abs(head.value(outputs).detach().numpy() - values.numpy()).max() < 1e-6
    loss = head.loss(outputs, Targets.exact(values))
    assert np.abs(slope(loss, outputs)).max() < 1e-6


def test_a_pairwise_loss_is_the_mean_over_those_below():
    outputs = torch.tensor([[1.0], [0.0], [-2.0]], dtype=torch.float64)
    targets = Targets.exact(torch.tensor([3.0, 2.0, 2.0], dtype=torch.float64))

    found = Pairwise().loss(outputs, targets)

    first = (math.log1p(math.exp(-1)) + math.log1p(math.exp(-3))) / 2
    assert found.tolist() == pytest.approx([first, 0.0, 0.0], abs=1e-12)


def test_pairs_count_only_where_their_order_is_certain():
    outputs = drawn(4, 1)
    low = torch.tensor([1.0, 0.5, -math.inf, -math.inf], dtype=torch.float64)
    high = torch.tensor([1.0, math.inf, 0.7, -math.inf], dtype=torch.float64)

    found = slope(Pairwise().loss(outputs, Targets(low, high)), outputs)[:, 0]

    v = outputs.detach().numpy()[:, 0]

    def pull(a: int, b: int) -> float:
        return 1 / (1 + math.exp(v[a] - v[b]))

    # Row 0 is above 2 and the failure 3; row 1, at least 0.5, is certainly above the failure only.
    expected = [
        -(pull(0, 2) + pull(0, 3)) / 2,
        -pull(1, 3),
        pull(0, 2) / 2,
        pull(0, 3) / 2 + pull(1, 3),
    ]
    assert found.tolist() == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("name", ["two-hot", "hl-gauss", "with a class for failures"])
def test_a_censored_target_is_the_mass_of_what_is_possible(name: str):
    head = LOSSES[name]
    outputs = drawn(1, head.outputs)
    bound = torch.tensor([0.4], dtype=torch.float64)

    at_least = head.loss(outputs, Targets.at_least(bound)).item()
    at_most = head.loss(outputs, Targets.at_most(bound)).item()

    assert math.exp(-at_least) + math.exp(-at_most) == pytest.approx(1.0, abs=1e-9)
    shares = outputs.detach().softmax(-1)[0].numpy()[head.outputs - SUPPORT.bins :]
    edges = SUPPORT.edges
    above = np.clip((edges[1:] - 0.4) / SUPPORT.width, 0, 1)
    assert math.exp(-at_least) == pytest.approx(float(shares @ above), abs=1e-9)


@losses
def test_a_bound_that_is_kept_pulls_nowhere_and_a_broken_one_the_right_way(loss: ValueLoss):
    if isinstance(loss, Pairwise):
        pytest.skip("it knows no scale")
    outputs = drawn(40, loss.outputs)
    values = loss.value(outputs).detach()
    bounds = values + 0.2

    pulled = slope(loss.loss(outputs, Targets.at_least(bounds)), outputs)

    with torch.no_grad():
        moved = loss.value(outputs - 1e-3 * torch.from_numpy(pulled))
    assert (moved >= values - 1e-9).all()
    assert (moved > values).any()
    if isinstance(loss, Histogram) and loss.fails:
        return  # a bound from below says at least that it was no failure
    free = loss.loss(outputs, Targets.at_least(torch.full_like(bounds, -50.0)))
    assert np.abs(slope(free, outputs)).max() < 1e-9


def test_a_failure_is_a_class_below_all_bins():
    head = Histogram(SUPPORT, fails=True)
    outputs = drawn(2, head.outputs)

    loss = head.loss(outputs, Targets.of([None, 0.5]))

    chance = head.chance_of_failure(outputs).detach()
    assert math.exp(-loss[0].item()) == pytest.approx(chance[0].item(), abs=1e-12)
    rest = outputs[1:, 1:].log_softmax(-1)
    given = -(hl_gauss(torch.tensor([0.5]).double(), SUPPORT) * rest).sum().item()
    assert loss[1].item() == pytest.approx(given - math.log(1 - chance[1].item()), abs=1e-9)


def test_regression_refuses_a_failure():
    with pytest.raises(UsageError, match="no number"):
        Square().loss(torch.zeros(1, 1), Targets.of([None]))


@losses
def test_gradients_are_finite_whatever_is_known(loss: ValueLoss):
    low = [0.5, 0.2, -math.inf, -math.inf, 90.0, 0.3]
    high = [0.5, math.inf, 0.9, -90.0, math.inf, 0.31]
    targets = Targets(torch.tensor(low).double(), torch.tensor(high).double())
    outputs = drawn(6, loss.outputs)

    found = loss.loss(outputs, targets)

    assert torch.isfinite(found).all()
    assert np.isfinite(slope(found, outputs)).all()


@losses
def test_a_head_learns_to_order_what_it_is_told(loss: ValueLoss):
    torch.manual_seed(0)
    features = torch.rand(64, 3)
    values = features[:, 0]
    head = ValueHead(3, loss)
    optimiser = torch.optim.Adam(head.parameters(), lr=0.1)

    for _ in range(150):
        optimiser.zero_grad()
        head.loss(features, Targets.exact(values)).mean().backward()
        optimiser.step()

    said = head(features).detach()
    assert np.corrcoef(said.numpy(), values.numpy())[0, 1] > 0.97
