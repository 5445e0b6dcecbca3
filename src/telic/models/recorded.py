"""A cassette: answers kept by the content of their requests.

One JSON object a line: the key, what was asked, what was answered. Lines are only ever added.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, TypeVar

import msgspec

from telic.errors import ReplayError, StorageError, UsageError
from telic.models.base import (
    Capability,
    Choices,
    Embedding,
    Model,
    Prompt,
    Question,
    Reply,
    Usage,
    content_key,
)

__all__ = ["CassetteMode", "Recorded", "unknown_request"]

CassetteMode = Literal["record", "replay", "strict"]
"""``record`` asks the model each time; ``replay`` only what the cassette does not know;
``strict`` refuses what it does not know."""

_Answered = TypeVar("_Answered", Reply, Choices, Embedding)


class _Line(msgspec.Struct):
    key: str
    question: Question
    asked: Any
    answer: msgspec.Raw


class Recorded:
    """A model heard through a cassette.

    Args:
        path: the cassette; made when missing, unless the mode is ``strict``.
        model: the one to ask and to record; ``None`` with ``strict``.
        mode: what to do with known and unknown requests.
        name: of the recorded model, when there is none to ask.

    Raises:
        UsageError: if the mode needs a model and there is none.
        StorageError: if the cassette cannot be read.
    """

    def __init__(
        self,
        *,
        path: str | Path,
        model: Model | None = None,
        mode: CassetteMode = "strict",
        name: str = "",
    ) -> None:
        if mode != "strict" and model is None:
            raise UsageError(f"a cassette in mode {mode!r} needs a model to ask")
        if model is None and not name:
            raise UsageError("a cassette without a model needs the recorded model's name")
        self.name = model.name if model is not None else name
        able: frozenset[Capability] = frozenset(("generate", "choice_logprobs", "embed", "grammar"))
        self.capabilities = model.capabilities if model is not None else able
        self._path = Path(path)
        self._model = model
        self._mode: CassetteMode = mode
        self._lines = _read(self._path, must_exist=mode == "strict")

    def price(self, usage: Usage) -> float | None:
        """Return what the model asks for that many tokens; nothing without a model."""
        return 0.0 if self._model is None else self._model.price(usage)

    async def generate(self, prompt: Prompt) -> Reply:
        """Return the recorded reply, or ask.

        Raises:
            ReplayError: in strict mode, if the request is unknown.
        """
        key = content_key(self.name, "generate", prompt)
        known = self._known(key, "generate", prompt, Reply)
        if known is not None:
            return known
        assert self._model is not None
        return self._kept(key, "generate", prompt, await self._model.generate(prompt))

    async def choice_logprobs(self, prompt: Prompt, choices: Sequence[str]) -> Choices:
        """Return the recorded log-probabilities, or ask.

        Raises:
            ReplayError: in strict mode, if the request is unknown.
        """
        key = content_key(self.name, "choice_logprobs", prompt, choices)
        known = self._known(key, "choice_logprobs", prompt, Choices)
        if known is not None:
            return known
        assert self._model is not None
        answer = await self._model.choice_logprobs(prompt, choices)
        return self._kept(key, "choice_logprobs", prompt, answer)

    async def embed(self, texts: Sequence[str]) -> Embedding:
        """Return the recorded vectors, or ask.

        Raises:
            ReplayError: in strict mode, if the request is unknown.
        """
        key = content_key(self.name, "embed", texts)
        known = self._known(key, "embed", texts, Embedding)
        if known is not None:
            return known
        assert self._model is not None
        return self._kept(key, "embed", list(texts), await self._model.embed(texts))

    async def close(self) -> None:
        """Close the model."""
        if self._model is not None:
            await self._model.close()

    def _known(
        self, key: str, question: Question, asked: Any, kind: type[_Answered]
    ) -> _Answered | None:
        if self._mode == "record":
            return None
        line = self._lines.get(key)
        if line is not None:
            return msgspec.json.decode(line.answer, type=kind)
        if self._mode == "strict":
            same = {k: kept.asked for k, kept in self._lines.items() if kept.question == question}
            raise unknown_request(str(self._path), self.name, asked, same)
        return None

    def _kept(self, key: str, question: Question, asked: Any, answer: _Answered) -> _Answered:
        data = msgspec.json.encode(answer)
        line = _Line(key, question, msgspec.to_builtins(asked), msgspec.Raw(data))
        self._lines[key] = line
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("ab") as file:
                file.write(msgspec.json.encode(line) + b"\n")
        except OSError as error:
            raise StorageError(f"the cassette {self._path} cannot be written: {error}") from error
        return answer


def unknown_request(where: str, model: str, asked: Any, known: Mapping[str, Any]) -> ReplayError:
    """Return the error that says which request a recording lacks, and how it differs.

    Args:
        where: the recording.
        model: name of the model asked.
        asked: the prompt, or the texts.
        known: what was asked of it when recording, by key.
    """
    text = _as_text(asked)
    told = f"{where} has no answer of {model!r} to this request"
    if not known:
        return ReplayError(f"{told}, nor to any other: {_first_difference('', text)}")
    lines = set(text.splitlines())
    texts = (_as_text(other) for other in known.values())
    near = max(texts, key=lambda other: len(lines.intersection(other.splitlines())))
    return ReplayError(
        f"{told}; the nearest of {len(known)} recorded ones differs: "
        f"{_first_difference(near, text)}"
    )


def _first_difference(recorded: str, asked: str) -> str:
    before, after = recorded.splitlines(), asked.splitlines()
    for number, (old, new) in enumerate(zip(before, after, strict=False), start=1):
        if old != new:
            return f"line {number} was {old[:120]!r} and is {new[:120]!r}"
    if len(before) == len(after):
        return "its settings (seed, temperature or length) are others"
    first = (after + before)[min(len(before), len(after))] if after else ""
    return f"from line {min(len(before), len(after)) + 1} on: {first[:120]!r}"


def _as_text(asked: Any) -> str:
    plain = msgspec.to_builtins(asked)
    if not isinstance(plain, Mapping):
        return "\n".join(map(str, plain))
    return plain.get("text") or "\n".join(m["text"] for m in plain.get("messages", ()))


def _read(path: Path, *, must_exist: bool) -> dict[str, _Line]:
    if not path.exists() and not must_exist:
        return {}
    try:
        data = path.read_bytes()
        whole, _, _ = data.rpartition(b"\n")  # a killed process may leave half a line behind
        lines = [msgspec.json.decode(row, type=_Line) for row in whole.split(b"\n") if row]
        if not must_exist and len(whole) + 1 < len(data):
            path.write_bytes(whole + b"\n")
    except (OSError, msgspec.DecodeError) as error:
        raise StorageError(f"the cassette {path} cannot be read: {error}") from error
    return {line.key: line for line in lines}
