"""How many processors PyTorch may use. Imported where PyTorch is."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

import torch

__all__ = ["single_thread"]


@contextmanager
def single_thread() -> Generator[None]:
    """Let PyTorch use one thread: sums are then the same on machines of any size.

    Networks as small as ours are no slower by it.
    """
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
