"""Hopfield layers against the NumPy form, PyTorch's attention, and the paper's properties."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention

from telic.critics import hopfield as on_arrays
from telic.critics.learn.hopfield import (
    Hopfield,
    HopfieldLookup,
    HopfieldPooling,
    associations,
    retrieve,
)
from telic.errors import UsageError


def drawn(*shape: int, seed: int = 0) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(shape, generator=generator, dtype=torch.float64)


@pytest.mark.parametrize("beta", [0.1, 1.0, 8.0])
@pytest.mark.parametrize("steps", [1, 3])
def test_retrieval_agrees_with_the_numpy_form(beta: float, steps: int):
    states, patterns = drawn(5, 16), drawn(12, 16, seed=1)

    found = retrieve(states, patterns, beta=beta, steps=steps).numpy()

    expected = on_arrays.retrieve(states.numpy(), patterns.numpy(), beta=beta, steps=steps)
    assert np.abs(found - expected).max() < 1e-6


def test_updates_rest_where_the_numpy_form_does():
    states, patterns = drawn(5, 8), drawn(20, 8, seed=1)

    found = retrieve(states, patterns, beta=0.5, steps=5000, tolerance=1e-12).numpy()

    expected = on_arrays.fixed_point(states.numpy(), patterns.numpy(), beta=0.5)
    assert np.abs(found - expected).max() < 1e-6


def test_updates_stop_when_associations_rest():
    states, patterns = drawn(3, 8), drawn(6, 8, seed=1)

    stopped = retrieve(states, patterns, beta=4.0, steps=50, tolerance=1.0)

    assert torch.equal(stopped, retrieve(states, patterns, beta=4.0, steps=2))


def test_one_step_at_the_usual_beta_is_attention():
    states, patterns, values = drawn(2, 5, 16), drawn(2, 9, 16, seed=1), drawn(2, 9, 3, seed=2)

    found = retrieve(states, patterns, beta=1 / math.sqrt(16), values=values)

    expected = scaled_dot_product_attention(states, patterns, values)
    assert (found - expected).abs().max() < 1e-6


def test_a_layer_is_multi_head_attention_with_its_weights():
    layer = Hopfield(12, 12, heads=3, width=4, outputs=12).double()
    other = torch.nn.MultiheadAttention(12, 3, bias=True, batch_first=True).double()
    assert layer.of_states is not None
    assert layer.of_patterns is not None
    assert layer.of_values is not None
    assert layer.of_result is not None
    with torch.no_grad():
        parts = [layer.of_states.weight, layer.of_patterns.weight, layer.of_values.weight]
        other.in_proj_weight.copy_(torch.cat(parts))
        other.in_proj_bias.zero_()
        other.out_proj.load_state_dict(layer.of_result.state_dict())
    states, patterns = drawn(2, 5, 12), drawn(2, 7, 12, seed=1)

    found = layer(states, patterns)

    expected, _ = other(states, patterns, patterns)
    assert (found - expected).abs().max() < 1e-6


def test_every_head_has_its_own_sharpness():
    bag = drawn(1, 6, 4)
    layer = Hopfield(
        4, 4, heads=2, beta=(1e-7, 1e3),
        projects_states=False, projects_patterns=False, projects_values=False,
    ).double()  # fmt: skip

    found = layer(bag[:, :1], bag)[0, 0]

    nearest = bag[0, (bag[0] @ bag[0, 0]).argmax()]
    assert (found[:4] - bag[0].mean(dim=0)).abs().max() < 1e-5
    assert (found[4:] - nearest).abs().max() < 1e-5


def test_static_patterns_have_no_weights():
    layer = Hopfield(4, 4, projects_states=False, projects_patterns=False, projects_values=False)

    assert [name for name, weight in layer.named_parameters() if weight.requires_grad] == []


def test_beta_is_trained_when_asked():
    layer = Hopfield(4, 4, heads=2, learns_beta=True).double()

    layer(drawn(1, 3, 4), drawn(1, 5, 4, seed=1)).square().sum().backward()

    assert layer.log_beta.grad is not None
    assert (layer.log_beta.grad != 0).all()


def test_gradients_pass_through_several_updates():
    states, patterns = drawn(2, 3).requires_grad_(), drawn(4, 3, seed=1).requires_grad_()

    def recalled(s: Tensor, p: Tensor) -> Tensor:
        return retrieve(s, p, beta=1.5, steps=3)

    assert torch.autograd.gradcheck(recalled, (states, patterns))


def test_rows_that_only_fill_up_are_never_recalled():
    pooling = HopfieldPooling(4, queries=2).double()
    bag = drawn(1, 5, 4)
    filled = torch.cat([bag, 100 * drawn(1, 3, 4, seed=1)], dim=1)
    present = torch.tensor([[True] * 5 + [False] * 3])

    assert (pooling(filled, present) - pooling(bag)).abs().max() < 1e-12
    assert pooling(bag).shape == (1, 8)


def test_the_order_of_a_bag_does_not_matter():
    pooling, bag = HopfieldPooling(4).double(), drawn(2, 6, 4)

    assert torch.allclose(pooling(bag), pooling(bag[:, torch.randperm(6)]))


def test_a_lookup_learns_what_it_stores():
    torch.manual_seed(0)
    lookup = HopfieldLookup(3, stored=8)
    rows = drawn(1, 32, 3).float()
    goals = rows.roll(1, dims=-1).sign()
    optimiser = torch.optim.Adam(lookup.parameters(), lr=0.05)
    losses: list[float] = []
    for _ in range(150):
        optimiser.zero_grad()
        loss = (lookup(rows) - goals).square().mean()
        loss.backward()
        optimiser.step()
        losses.append(float(loss.detach()))

    assert losses[-1] < 0.3 * losses[0]
    assert lookup.patterns.grad is not None


def test_associations_sum_to_one():
    found = associations(drawn(2, 3, 4), drawn(2, 5, 4), beta=torch.tensor([0.5, 9.0]).double())

    assert torch.allclose(found.sum(dim=-1), torch.ones(2, 3).double())


def test_what_does_not_fit_is_refused():
    with pytest.raises(UsageError, match="static states must be 4 wide"):
        Hopfield(3, 4, projects_states=False)
    with pytest.raises(UsageError, match="positive beta"):
        Hopfield(4, 4, beta=0.0)
    with pytest.raises(UsageError, match="beta for each head"):
        Hopfield(4, 4, heads=2, beta=(1.0,))
