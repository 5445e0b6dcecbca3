"""Language models as respondents, by the probabilities of their answers or by what they write.

A question goes to the model as a conversation; a bare question (one that shows no options, such
as the affect probe's) as a text to go on from. By log-probability the offered answers are
compared as the beginning of the reply and the most probable one is taken, so that repeats add
nothing and nothing has to be parsed; small models that write nonsense can still be measured. By
sampling the reply is written, drawn anew for each seed, and parsed. How a model's answer ended is
kept: a refusal is *refused*, an empty reply *unparsed*, a server that fails an *error*.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import Literal

from telic import registry
from telic.errors import UsageError
from telic.models import Blocking, Message, Model, Prompt
from telic.values.reading import parse_reply
from telic.values.respondent import Answer, Item
from telic.values.textual import Scored

__all__ = ["By", "Modelled", "open_model"]

By = Literal["log-probability", "sampling"]

_SHOWS_OPTIONS = re.compile(r"^(?:A\) |- )", re.MULTILINE)


class Modelled:
    """A language model as a respondent.

    Args:
        model: asked from now on through this object only.
        by: how it is asked.
        persona: system prompt; part of the respondent's name, as another persona is another
            respondent.
        temperature: of sampling.
        most_tokens: of a sampled reply.
        least_mass: probability that the offered answers must have together; below it the model
            was not answering the question, and the reply is unparsed.

    Raises:
        UsageError: if the model cannot be asked in that way.
    """

    def __init__(
        self,
        model: Model,
        *,
        by: By = "log-probability",
        persona: str = "",
        temperature: float = 1.0,
        most_tokens: int = 64,
        least_mass: float = 0.0,
    ) -> None:
        needed = "choice_logprobs" if by == "log-probability" else "generate"
        if needed not in model.capabilities:
            other = "sampled:NAME" if by == "log-probability" else "model:NAME"
            raise UsageError(f"model {model.name!r} cannot be asked by {by}; try {other}")
        self.name = _name(model.name, by, persona)
        self._model = Blocking(model)
        self._by = by
        self._persona = persona
        self._temperature = temperature
        self._most_tokens = most_tokens
        self._least_mass = least_mass

    def ask(self, item: Item, seed: int) -> Answer:
        """Return the model's answer; whatever goes wrong on its side is a status."""
        if self._by == "sampling":
            return self._sampled(item, seed)
        is_bare = _SHOWS_OPTIONS.search(item.prompt) is None
        scored = Scored(
            name=self.name,
            score=lambda prompt, words: self._score(prompt, words, is_bare=is_bare),
            least_mass=self._least_mass,
        )
        return scored.ask(item, seed)

    def close(self) -> None:
        """Release the model's connections and processes."""
        self._model.close()

    def _score(self, prompt: str, words: Sequence[str], *, is_bare: bool) -> Sequence[float]:
        # A chat reply begins without the blank that a text is gone on with.
        choices = list(words) if is_bare else [word.strip() for word in words]
        asked = self._prompt(prompt, is_bare=is_bare, most_tokens=1)
        found = self._model.choice_logprobs(asked, choices)
        if found.ending != "complete":
            raise OSError(f"{found.ending}: {found.reason}")
        return found.logprobs

    def _sampled(self, item: Item, seed: int) -> Answer:
        is_bare = _SHOWS_OPTIONS.search(item.prompt) is None
        asked = self._prompt(
            item.prompt,
            is_bare=is_bare,
            most_tokens=self._most_tokens,
            temperature=self._temperature,
            seed=seed % 2**31,
        )
        reply = self._model.generate(asked)
        if reply.ending in ("complete", "truncated"):
            return parse_reply(reply.text, item)
        if reply.ending == "refused":
            return Answer("refused", text=reply.text or reply.reason)
        if reply.ending == "empty":
            return Answer("unparsed", text=reply.text)
        return Answer("error", text=f"{reply.ending}: {reply.reason}")

    def _prompt(
        self,
        text: str,
        *,
        is_bare: bool,
        most_tokens: int,
        temperature: float | None = None,
        seed: int = 0,
    ) -> Prompt:
        if is_bare:
            whole = f"{self._persona}\n\n{text}".strip()
            return Prompt(text=whole, most_tokens=most_tokens, temperature=temperature, seed=seed)
        system = (Message("system", self._persona),) if self._persona else ()
        return Prompt(
            messages=(*system, Message("user", text)),
            most_tokens=most_tokens,
            temperature=temperature,
            seed=seed,
        )


def open_model(spec: str, *, by: By = "log-probability", persona: str = "") -> Modelled:
    """Return the respondent that a model's name and settings make.

    Args:
        spec: ``NAME`` or ``NAME:setting=value,…`` of a registered model.
        by: how it is asked.
        persona: system prompt.

    Raises:
        UnknownNameError: if there is no such model.
        UsageError: if a setting is unknown, or the model cannot be asked in that way.
    """
    return Modelled(registry.build(registry.parse("model", spec)), by=by, persona=persona)


def _name(model: str, by: By, persona: str) -> str:
    way = " sampled" if by == "sampling" else ""
    if not persona:
        return f"{model}{way}"
    digest = hashlib.blake2b(persona.encode(), digest_size=3).hexdigest()
    return f"{model}{way} persona {digest}"
