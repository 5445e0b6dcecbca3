"""A small autoregressive transformer over letters, after Tranception. Needs ``telic[learn]``.

Attention heads come in four groups: one sees letters, the others sequences of 3, 5 and 7 of them
through causal depthwise convolutions of queries, keys and values. Each group has the same spread of
linear distance penalties (grouped ALiBi), so that each sees near and far. Feed-forward layers
square their ReLU. One model reads in both directions; its first token says which, where the paper's
has to find out.

Raises:
    UsageError: on import, if PyTorch is not installed.
"""

from __future__ import annotations

from importlib.util import find_spec

import msgspec
import numpy as np
from numpy.typing import NDArray

from telic.critics.sequences._blend import DirectedLogs
from telic.errors import UsageError

if find_spec("torch") is None:
    raise UsageError("sequence transformers need PyTorch: pip install 'telic[learn]'")

import torch
from torch import Tensor, nn
from torch.nn import functional

from telic.critics._threads import single_thread

__all__ = ["Architecture", "Transformer", "distance_penalties", "fit", "log_probabilities"]

KERNELS = (1, 3, 5, 7)
"""Letters that the heads of each group see at once."""


class Architecture(msgspec.Struct, frozen=True, kw_only=True):
    """Size of a transformer.

    Raises:
        UsageError: if heads cannot be grouped, or the width not split among them.
    """

    letters: int
    """Size of the alphabet."""
    width: int = 32
    """Of a letter's representation, a multiple of ``heads``."""
    layers: int = 2
    heads: int = 4
    """A multiple of the number of groups, 4."""

    def __post_init__(self) -> None:
        if self.heads % len(KERNELS) or self.width % self.heads or self.heads < len(KERNELS):
            raise UsageError(
                f"heads must be a multiple of {len(KERNELS)} and width a multiple of heads; got "
                f"{self.heads} and {self.width}"
            )


def distance_penalties(heads: int, length: int) -> Tensor:
    """Return the causal bias of attention, shape (heads, length, length): grouped ALiBi.

    Head ``j`` of the ``n`` in each group subtracts ``2^(-8 j / n)`` for each step of distance;
    what lies ahead is at minus infinity.
    """
    in_group = heads // len(KERNELS)
    slopes = torch.tensor([2.0 ** (-8.0 * (j + 1) / in_group) for j in range(in_group)])
    places = torch.arange(length)
    away = (places[:, None] - places[None, :]).float()
    bias = -slopes.repeat(len(KERNELS))[:, None, None] * away
    return bias.masked_fill(away < 0, -torch.inf)


class _Attention(nn.Module):
    def __init__(self, size: Architecture) -> None:
        super().__init__()
        self.heads = size.heads
        each = size.width // size.heads
        self.mixed = nn.Linear(size.width, 3 * size.width)
        self.out = nn.Linear(size.width, size.width)
        self.convolutions = nn.ModuleList(
            nn.Conv1d(each, each, kernel, groups=each) for _ in "qkv" for kernel in KERNELS[1:]
        )

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        count, length, width = x.shape
        each = width // self.heads
        parts = self.mixed(x).view(count, length, 3, self.heads, each).permute(2, 0, 3, 1, 4)
        queries, keys, values = (self._grouped(part, which) for which, part in enumerate(parts))
        seen = functional.scaled_dot_product_attention(queries, keys, values, attn_mask=bias)
        return self.out(seen.transpose(1, 2).reshape(count, length, width))

    def _grouped(self, part: Tensor, which: int) -> Tensor:
        """Convolve the heads of all groups but the first along the sequence, looking back only."""
        count, heads, length, each = part.shape
        in_group = heads // len(KERNELS)
        groups = list(part.split(in_group, dim=1))
        for place, kernel in enumerate(KERNELS[1:], start=1):
            rows = groups[place].reshape(-1, length, each).transpose(1, 2)
            convolution = self.convolutions[which * (len(KERNELS) - 1) + place - 1]
            rows = convolution(functional.pad(rows, (kernel - 1, 0)))
            groups[place] = rows.transpose(1, 2).reshape(count, in_group, length, each)
        return torch.cat(groups, dim=1)


class _Layer(nn.Module):
    def __init__(self, size: Architecture) -> None:
        super().__init__()
        self.attention = _Attention(size)
        self.before, self.between = nn.LayerNorm(size.width), nn.LayerNorm(size.width)
        self.up, self.down = (
            nn.Linear(size.width, 4 * size.width),
            nn.Linear(4 * size.width, size.width),
        )

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        x = x + self.attention(self.before(x), bias)
        return x + self.down(functional.relu(self.up(self.between(x))) ** 2)


class Transformer(nn.Module):
    """Gives the logits of each letter from those before it; weights are drawn from ``seed``."""

    def __init__(self, size: Architecture, *, seed: int) -> None:
        super().__init__()
        self.size = size
        self.embedding = nn.Embedding(size.letters + 2, size.width)
        self.layers = nn.ModuleList(_Layer(size) for _ in range(size.layers))
        self.last = nn.LayerNorm(size.width)
        self.head = nn.Linear(size.width, size.letters)
        drawn = torch.Generator().manual_seed(seed)
        for name, parameter in self.named_parameters():
            if name.endswith("bias"):
                nn.init.zeros_(parameter)
            elif parameter.ndim > 1:
                deviation = parameter[0].numel() ** -0.5
                nn.init.normal_(parameter, std=deviation, generator=drawn)

    def forward(self, sequences: Tensor, start: Tensor) -> Tensor:
        """Return logits, shape (N, L, letters).

        Args:
            sequences: letters in reading order, shape (N, L).
            start: 0 for forward, 1 for backward, shape (N,).
        """
        first = (self.size.letters + start)[:, None]
        x = self.embedding(torch.cat([first, sequences[:, :-1]], dim=1))
        bias = distance_penalties(self.size.heads, sequences.shape[1])
        for layer in self.layers:
            x = layer(x, bias)
        return self.head(self.last(x))


def fit(
    size: Architecture,
    sequences: NDArray[np.int64],
    rng: np.random.Generator,
    *,
    steps: int,
    batch: int = 64,
    rate: float = 3e-3,
) -> Transformer:
    """Return a transformer that has learned to predict sequences, half of them mirrored.

    Args:
        size: of the transformer.
        sequences: shape (N, L), letters.
        rng: draws first weights, batches and directions.
        steps: of AdamW, its rate falling to 0 along a half cosine.
        batch: sequences in a step.
        rate: highest rate of learning.
    """
    with single_thread():
        model = Transformer(size, seed=int(rng.integers(2**31)))
        optimiser = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=0.01)
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
        for _ in range(steps):
            rows = sequences[rng.integers(len(sequences), size=batch)]
            is_backward = rng.random(batch) < 0.5
            read = torch.from_numpy(np.where(is_backward[:, None], rows[:, ::-1], rows))
            logits = model(read, torch.from_numpy(is_backward.astype(np.int64)))
            loss = functional.cross_entropy(logits.reshape(-1, size.letters), read.reshape(-1))
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
    return model


def log_probabilities(model: Transformer, sequences: NDArray[np.int64]) -> DirectedLogs:
    """Return the log probability of each letter in both directions, at its own place."""

    def directed(read: NDArray[np.int64], start: int) -> NDArray[np.float64]:
        letters = torch.from_numpy(np.ascontiguousarray(read))
        logs = model(letters, torch.full((len(read),), start)).log_softmax(dim=-1)
        found = logs.gather(2, letters[..., None])[..., 0]
        return found.double().numpy()

    with torch.no_grad(), single_thread():
        return DirectedLogs(directed(sequences, 0), directed(sequences[:, ::-1], 1)[:, ::-1])
