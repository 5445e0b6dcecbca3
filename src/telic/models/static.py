"""Texts as vectors without a network or a server: static embeddings from the package ``wordllama``.

A text's vector is the mean of its tokens' (Miller 2024, WordLlama; the vectors come with the
wheel, MIT licence): a millisecond a text, the same on every machine. It tells texts of different
topics apart; of code it sees the words and not what they do.
"""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
from collections.abc import Sequence
from pathlib import Path
from time import monotonic
from typing import Any

from telic.errors import UsageError
from telic.models.base import Capability, Choices, Embedding, Prompt, Reply, Usage

__all__ = ["StaticVectors", "missing_for_vectors"]

_PACKAGE = "wordllama"


class StaticVectors:
    """A model that only embeds: 256 numbers a text.

    Args:
        name: in the journal.

    Raises:
        UsageError: if the package is missing; it says what to install.
    """

    capabilities: frozenset[Capability] = frozenset(("embed",))

    def __init__(self, *, name: str = _PACKAGE) -> None:
        missing = missing_for_vectors()
        if missing:
            raise UsageError(f"the vectors cannot be used: {missing}")
        self.name = name
        self._vectors: Any = None

    def price(self, usage: Usage) -> float:
        """Return 0: it costs time alone."""
        del usage
        return 0.0

    async def generate(self, prompt: Prompt) -> Reply:
        """Refuse: vectors say nothing.

        Raises:
            UsageError: always.
        """
        del prompt
        raise UsageError(f"model {self.name!r} gives vectors and no replies")

    async def choice_logprobs(self, prompt: Prompt, choices: Sequence[str]) -> Choices:
        """Refuse: vectors have no probabilities.

        Raises:
            UsageError: always.
        """
        del prompt
        raise UsageError(f"model {self.name!r} gives no probabilities of {len(choices)} choices")

    async def embed(self, texts: Sequence[str]) -> Embedding:
        """Return a vector for each text."""
        began = monotonic()
        try:
            vectors = await asyncio.to_thread(self._embedded, list(texts))
        except (OSError, ValueError) as error:
            reason = f"{_PACKAGE} cannot be loaded: {error}"
            return Embedding(model=self.name, ending="unavailable", reason=reason)
        return Embedding(
            model=self.name, ending="complete", vectors=vectors, seconds=monotonic() - began
        )

    async def close(self) -> None:
        """Let go of the vectors."""
        self._vectors = None

    def _embedded(self, texts: list[str]) -> tuple[tuple[float, ...], ...]:
        if self._vectors is None:
            wordllama: Any = importlib.import_module(_PACKAGE)
            # Where its wheel keeps them: left alone, it looks elsewhere and then downloads.
            folder = Path(wordllama.__file__).parent
            self._vectors = wordllama.WordLlama.load(cache_dir=folder, disable_download=True)
        rows: Any = self._vectors.embed(texts)
        return tuple(tuple(map(float, row)) for row in rows)


def missing_for_vectors() -> str:
    """Return what keeps the vectors from being used and what to do, empty if nothing does."""
    if importlib.util.find_spec(_PACKAGE) is None:
        return f"{_PACKAGE} is not installed: pip install 'telic[embed]'"
    return ""
