"""A critic of small networks: HL-Gauss heads on hashed features, several side by side.

Worth is a share from 0 to 1, so the bins lie over that range, padded. Each member sees a resample
of the rows; their mean is the prediction.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from telic.critics._threads import single_thread
from telic.critics.base import PredictOne
from telic.critics.learn.heads import Ensemble, fit
from telic.critics.learn.losses import Histogram
from telic.critics.learn.targets import Targets
from telic.critics.supports import Support

__all__ = ["neural_fit"]

_MEMBERS = 4
_HIDDEN = 32
_BINS = 20
_STEPS = 100
_BATCH = 64
_RATE = 1e-2
_DECAY = 0.1
_CLIP = 5.0
"""Standard deviations beyond which a feature says no more: a rare bucket must not rule."""


def neural_fit(rows: Sequence[Sequence[float]], targets: Sequence[float]) -> PredictOne:
    """Return a function that predicts one row by an ensemble fitted to rows and their targets."""
    table = np.asarray(rows, dtype=np.float32)
    centre, spread = table.mean(axis=0), table.std(axis=0)
    spread[spread == 0] = 1.0
    scaled = ((table - centre) / spread).clip(-_CLIP, _CLIP)
    loss = Histogram(Support.padded(0.0, 1.0, _BINS))
    # The seed is fixed: what a critic says must follow from what it was told alone.
    generator = torch.Generator().manual_seed(0)
    with single_thread():
        ensemble = Ensemble(_MEMBERS, (table.shape[1], _HIDDEN, loss.outputs), generator=generator)
        fit(
            ensemble,
            loss,
            torch.from_numpy(scaled),
            Targets.exact(torch.tensor(targets, dtype=torch.float32)),
            steps=_STEPS,
            batch=_BATCH,
            rate=_RATE,
            generator=generator,
            decay=_DECAY,
            bootstrap=True,
        )
    first, last = (weight.detach().numpy() for weight in ensemble.weights)
    shift, base = (bias.detach().numpy() for bias in ensemble.biases)
    centres = loss.support.centres.astype(np.float32)

    def predict(row: Sequence[float]) -> float:
        state = ((np.asarray(row, dtype=np.float32) - centre) / spread).clip(-_CLIP, _CLIP)
        hidden = np.maximum(state[None, None, :] @ first + shift, 0.0)
        logits = (hidden @ last + base)[:, 0, :]
        shares = np.exp(logits - logits.max(axis=1, keepdims=True))
        return float((shares @ centres / shares.sum(axis=1)).mean())

    return predict
