"""An operator that asks a language model: prompt, reply, edit, and one chance to correct it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from telic import seeding
from telic.artifact import Artifact, respects_regions
from telic.candidate import Proposal, Record
from telic.identity import does_compile
from telic.models.base import Message, Prompt, Reply
from telic.operators.base import Asks, Context
from telic.operators.llm._blocks import EditError, apply_blocks, read_blocks
from telic.operators.llm._context import (
    Fence,
    Piece,
    described,
    fitting,
    shown,
    texts_of,
    tokens_of,
)
from telic.operators.llm._rewrite import read_files, rewritten
from telic.operators.llm._template import read_template
from telic.problem import Problem

__all__ = ["Chosen", "LanguageOperator", "Settings", "edited"]

_LONGEST_NOTE = 160


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """How a model is asked."""

    model: str
    """Name of a model of the run."""
    prompt_tokens: int = 8000
    """Of a prompt at most; what is least useful is left out first."""
    reply_tokens: int = 2048
    temperature: float | None = None
    corrections: int = 1
    """How often an edit that does not apply is sent back."""
    templates: str = ""
    """Folder of prompt templates to use instead of the built-in ones."""


class Chosen(msgspec.Struct, frozen=True):
    """What a proposal is made of."""

    parent: Record
    """What is edited."""
    others: tuple[Record, ...]
    """Shown beside it, the most useful first."""
    made_of: tuple[int, ...] | None = None
    """Ids of the parents; ``None``: the parent alone."""


class LanguageOperator:
    """Asks a model for a new version of a program, in any language.

    Args:
        kind: name of the template, and of the operator together with the model's.
        settings: how the model is asked.
        choose: picks what to show, or says as a text why there is nothing.
        reflects: whether the model is asked for a critique first.
    """

    trials = 0

    def __init__(
        self,
        kind: str,
        settings: Settings,
        choose: Callable[[Context], Chosen | str],
        *,
        reflects: bool = False,
    ) -> None:
        self.name = f"{kind}@{settings.model}"
        self._kind = kind
        self._settings = settings
        self._choose = choose
        self._reflects = reflects
        self._template = read_template(kind, settings.templates)
        self._edit = read_template(f"{kind}-edit", settings.templates) if reflects else None
        calls = 1 + settings.corrections + reflects
        self.asks = Asks(
            settings.model,
            calls,
            settings.prompt_tokens + settings.reply_tokens * (calls - 1),
            settings.reply_tokens,
        )

    def applies(self, problem: Problem) -> bool:
        """Tell that any text can be worked on."""
        del problem
        return True

    async def propose(self, context: Context) -> Proposal:
        """Return the edited parent, or say how the reply fell short."""
        chosen = self._choose(context)
        if isinstance(chosen, str):
            return Proposal(None, note=chosen)
        messages = self._messages(context, chosen)
        if messages is None:
            return Proposal(
                None,
                note=f"the program does not fit into {self._settings.prompt_tokens} prompt tokens",
            )
        number = 0
        if self._edit is not None:
            critique = await self._ask(context, messages, number)
            if not critique.is_usable:
                return _declined(critique)
            asked = self._edit.filled({})[1]
            messages = (*messages, Message("assistant", critique.text), asked)
            number += 1
        return await self._edited(context, chosen, messages, number)

    async def _edited(
        self, context: Context, chosen: Chosen, messages: tuple[Message, ...], number: int
    ) -> Proposal:
        """Ask for an edit, sending it back while it does not apply and may be sent back."""
        parent = chosen.parent.candidate.artifact
        for left in range(self._settings.corrections, -1, -1):
            reply = await self._ask(context, messages, number)
            number += 1
            if not reply.is_usable:
                return _declined(reply)
            try:
                artifact = edited(parent, reply.text)
            except EditError as error:
                if not left:
                    return Proposal(None, note=f"the edit does not apply: {error}")
                told = Message(
                    "user", f"That does not work: {error}\nAnswer again, in full and corrected."
                )
                messages = (*messages, Message("assistant", reply.text), told)
            else:
                used = chosen.made_of or (chosen.parent.candidate.id,)
                return Proposal(artifact, note=_summary(reply.text), parents=used)
        raise AssertionError("the last round returns")

    async def _ask(self, context: Context, messages: Sequence[Message], number: int) -> Reply:
        seed = seeding.address(context.seed, self.name, context.index, number) & 0x7FFFFFFF
        prompt = Prompt(
            messages=tuple(messages),
            most_tokens=self._settings.reply_tokens,
            temperature=self._settings.temperature,
            seed=seed,
        )
        return await context.ask(self._settings.model, prompt)

    def _messages(self, context: Context, chosen: Chosen) -> tuple[Message, ...] | None:
        fence = Fence.around(context.seed, (*texts_of(context), context.notes))
        frame = self._template.filled({"word": fence.word})
        room = self._settings.prompt_tokens - sum(tokens_of(message.text) for message in frame)
        pieces = fitting(_pieces(context, chosen, fence), room)
        if pieces is None:
            return None
        places: dict[str, str] = {"word": fence.word}
        for piece in pieces:
            places[piece.place] = places.get(piece.place, "") + piece.text
        return self._template.filled(places)


def edited(parent: Artifact, reply: str) -> Artifact:
    """Return the parent after the edit that a reply describes, in either form.

    Raises:
        EditError: if there is none, it does not apply, it touches what may not change, or a
            Python file does not compile any more.
    """
    is_diff = "<<<<<<<" in reply or ("SEARCH" in reply and "REPLACE" in reply)
    child = (
        apply_blocks(parent, read_blocks(reply))
        if is_diff
        else rewritten(parent, read_files(reply))
    )
    if not respects_regions(parent, child):
        raise EditError("it changes text outside the lines between the EVOLVE-BLOCK markers")
    before = dict(parent.files)
    for name, text in child.files:
        if name.endswith(".py") and text != before[name]:
            _check_python(name, text)
    return child


def _check_python(name: str, text: str) -> None:
    if does_compile(text):
        return
    import warnings

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(text, name, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None)
        where = f" in line {line} of {name}" if line else f" in {name}"
        raise EditError(f"the new program has {type(error).__name__}{where}: {error}") from None


def _pieces(context: Context, chosen: Chosen, fence: Fence) -> list[Piece]:
    """Return everything worth saying, the program itself last."""
    pieces = [Piece("problem", described(context.problem) + "\n", 90.0)]
    if context.guidance:
        notes = "".join(f"- {note}\n" for note in context.guidance)
        pieces.append(Piece("guidance", f"Keep in mind:\n{notes}", 95.0))
    if context.advice is not None and context.advice.text:
        pieces.append(Piece("guidance", f"Advice: {context.advice.text}\n", 94.0))
    if context.notes:
        kept = fence.put("NOTES", context.notes)
        pieces.append(Piece("guidance", f"Notes on earlier attempts:\n{kept}", 80.0))
    if chosen.others:
        head = "Other programs for the same purpose, with their results:\n\n"
        pieces.append(Piece("inspirations", head, 70.5))
    for rank, record in enumerate(chosen.others):
        pieces.append(Piece("inspirations", shown(record, fence, "OTHER"), 70.0 - rank))
    pieces.append(Piece("program", shown(chosen.parent, fence), float("inf")))
    return pieces


def _declined(reply: Reply) -> Proposal:
    return Proposal(None, note=f"the reply is {reply.ending}: {reply.reason}"[:500])


def _summary(text: str) -> str:
    """Return the first sentence of a reply that is no code, as a note."""
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    is_code = first.startswith(("<<<", "```", "~~~", "FILE:", "File:"))
    return "" if is_code else first[:_LONGEST_NOTE]
