"""A model that needs no model: it answers with a random change of the program in the prompt.

It stands where a language model would, with all that follows from that: prompts are built, replies
are parsed, recorded and replayed, tokens are counted. So a run, a preset or an ensemble can be
tried without a key, and what search alone is worth can be measured. Replies depend on the request
alone.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from random import Random

from telic import seeding
from telic.errors import UsageError
from telic.models._mutations import broken, changed, renamed
from telic.models.base import Prompt, content_key
from telic.models.scripted import Scripted

__all__ = ["Mutator"]

_PROGRAM = re.compile(
    r"^<PROGRAM[^\n]*?(?: file=(?P<file>[^\s>]+))?>\n(?P<text>.*?)^</PROGRAM[^\n]*>",
    re.MULTILINE | re.DOTALL,
)
_BLOCK = re.compile(
    r"^[^\n]*EVOLVE-BLOCK-START[^\n]*\n(?P<text>.*?)^[^\n]*EVOLVE-BLOCK-END",
    re.MULTILINE | re.DOTALL,
)


class Mutator(Scripted):
    """Replies with the program in the prompt, its syntax tree changed at random.

    Args:
        strength: share of replies with a change that may do some good, 0 to 1. The others read a
            variable that does not exist, and fail when they run.
        repeats: share of replies that say nothing new, 0 to 1: the same program with a variable
            renamed.
        name: in the journal; models of one run need different ones.
        price: US dollars for a million prompt tokens and a million reply tokens.

    Raises:
        UsageError: if a share is out of range.
    """

    def __init__(
        self,
        *,
        strength: float = 1.0,
        repeats: float = 0.0,
        name: str = "mutator",
        price: Sequence[float] = (0.0, 0.0),
    ) -> None:
        if not (0 <= strength <= 1 and 0 <= repeats <= 1):
            raise UsageError(
                f"a mutator needs strength and repeats from 0 to 1; got {strength} and {repeats}"
            )
        super().__init__(self._replied, name=name, price=price)
        self._strength, self._repeats = strength, repeats

    def _replied(self, prompt: Prompt) -> str:
        texts = [message.text for message in reversed(prompt.messages)] or [prompt.text]
        programs = next(filter(None, (list(_PROGRAM.finditer(text)) for text in texts)), None)
        if not programs:
            return "There is no program to change."
        rng = seeding.stream(0, "mutator", content_key(self.name, "generate", prompt))
        shown = programs[-1] if len(programs) == 1 else rng.choice(programs)
        program = shown["text"]
        block = _BLOCK.search(program)
        start, end = block.span("text") if block else (0, len(program))
        piece = program[start:end]
        plain = textwrap.dedent(piece)
        new = self._changed(plain, rng)
        if new is None:
            return "I found nothing to change in this program."
        inset = piece[: len(piece) - len(piece.lstrip(" "))] if plain != piece else ""
        changed_text = program[:start] + textwrap.indent(new, inset) + program[end:]
        head = f"FILE: {shown['file']}\n" if shown["file"] and len(programs) > 1 else ""
        return f"One change.\n{head}```\n{changed_text}```\n"

    def _changed(self, text: str, rng: Random) -> str | None:
        if rng.random() < self._repeats:
            return renamed(text, rng)
        return changed(text, rng) if rng.random() < self._strength else broken(text, rng)
