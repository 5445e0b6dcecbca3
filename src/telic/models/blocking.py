"""Asking a model from code that has no event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from telic.models.base import Choices, Embedding, Model, Prompt, Reply

__all__ = ["Blocking"]


class Blocking:
    """A model whose questions wait for their answers. A context manager that closes the model.

    Args:
        model: asked from now on through this object only.
    """

    def __init__(self, model: Model) -> None:
        self.model = model
        self._runner = asyncio.Runner()

    def generate(self, prompt: Prompt) -> Reply:
        """Return the text that the model goes on with."""
        return self._runner.run(self.model.generate(prompt))

    def choice_logprobs(self, prompt: Prompt, choices: Sequence[str]) -> Choices:
        """Return how probable each choice is as the beginning of the reply."""
        return self._runner.run(self.model.choice_logprobs(prompt, choices))

    def embed(self, texts: Sequence[str]) -> Embedding:
        """Return a vector for each text."""
        return self._runner.run(self.model.embed(texts))

    def close(self) -> None:
        """Close the model."""
        self._runner.run(self.model.close())
        self._runner.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
