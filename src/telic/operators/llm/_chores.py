"""Operators that write for later prompts instead of making a candidate.

``llm-notes`` keeps meta-notes on what worked and what failed (the scratchpad of ShinkaEvolve and
the insights of AlphaEvolve's prompts); ``llm-advice`` evolves a piece of guidance in the prompts
themselves. What they write is recorded, and reaches the prompts through the run's notebook.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from telic import seeding
from telic.candidate import Proposal
from telic.models.base import Prompt
from telic.operators.base import Advice, Asks, Attempt, Chore, Context
from telic.operators.llm._context import Fence, described, outcome_of, texts_of, tokens_of
from telic.operators.llm._template import read_template
from telic.problem import Problem

__all__ = ["ChoreSettings", "Scribe", "advice", "notes"]

_LONGEST_NOTES = 3000
_LONGEST_ADVICE = 600
_LONGEST_RESULT = 200


class ChoreSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How often and how a model is asked to write."""

    model: str
    """Name of a model of the run."""
    every: int = 20
    """Candidates made by models between two turns, 1 or more."""
    prompt_tokens: int = 6000
    reply_tokens: int = 800
    temperature: float | None = None
    templates: str = ""
    """Folder of prompt templates to use instead of the built-in ones."""


class Scribe:
    """Asks a model for a text about the run.

    Args:
        chore: when, and what for.
        settings: how the model is asked.
        show: puts together what it reads, within a number of tokens.
        longest: characters kept of its answer.
    """

    trials = 0

    def __init__(
        self,
        chore: Chore,
        settings: ChoreSettings,
        show: Callable[[Context, Fence, int], dict[str, str]],
        longest: int,
    ) -> None:
        self.name = f"{chore.writes}@{settings.model}"
        self.chore = chore
        self.asks = Asks(settings.model, 1, settings.prompt_tokens, settings.reply_tokens)
        self._settings = settings
        self._show = show
        self._longest = longest
        self._template = read_template(chore.writes, settings.templates)

    def applies(self, problem: Problem) -> bool:
        """Tell that any run can be written about."""
        del problem
        return True

    async def propose(self, context: Context) -> Proposal:
        """Return what the model wrote, and no artifact."""
        texts = [context.notes, *(attempt.record.candidate.note for attempt in context.attempts)]
        fence = Fence.around(context.seed, (*texts_of(context), *texts))
        room = self._settings.prompt_tokens
        room -= sum(tokens_of(m.text) for m in self._template.filled({"word": fence.word}))
        room -= tokens_of(described(context.problem))
        places = self._show(context, fence, room)
        problem = {"word": fence.word, "problem": described(context.problem)}
        prompt = Prompt(
            messages=self._template.filled(problem | places),
            most_tokens=self._settings.reply_tokens,
            temperature=self._settings.temperature,
            seed=seeding.address(context.seed, self.name, context.index) & 0x7FFFFFFF,
        )
        reply = await context.ask(self._settings.model, prompt)
        written = reply.text.strip()[: self._longest].strip()
        if not reply.is_usable or not written:
            return Proposal(None, note=f"the reply is {reply.ending}: {reply.reason}"[:500])
        if any(written == each.text for each in context.archive):
            return Proposal(None, note="the model wrote what is there already")
        return Proposal(None, note=f"{self.chore.writes} for later prompts", noted=written)


def notes(
    *,
    model: str,
    every: int = 20,
    prompt_tokens: int = 6000,
    reply_tokens: int = 800,
    temperature: float | None = None,
    templates: str = "",
) -> Scribe:
    """Return an operator that keeps notes; settings as for :class:`ChoreSettings`.

    Raises:
        ValueError: if ``every`` is below 1.
    """
    settings = ChoreSettings(
        model=model,
        every=every,
        prompt_tokens=prompt_tokens,
        reply_tokens=reply_tokens,
        temperature=temperature,
        templates=templates,
    )
    return Scribe(Chore(every, "notes"), settings, _attempts, _LONGEST_NOTES)


def advice(
    *,
    model: str,
    every: int = 40,
    prompt_tokens: int = 4000,
    reply_tokens: int = 300,
    temperature: float | None = None,
    templates: str = "",
) -> Scribe:
    """Return an operator that evolves advice; settings as for :class:`ChoreSettings`.

    Raises:
        ValueError: if ``every`` is below 1.
    """
    settings = ChoreSettings(
        model=model,
        every=every,
        prompt_tokens=prompt_tokens,
        reply_tokens=reply_tokens,
        temperature=temperature,
        templates=templates,
    )
    return Scribe(Chore(every, "advice"), settings, _archive, _LONGEST_ADVICE)


def _attempts(context: Context, fence: Fence, room: int) -> dict[str, str]:
    """Show the notes so far and as many of the latest attempts as fit."""
    before = fence.put("NOTES", context.notes) if context.notes else ""
    room -= tokens_of(before)
    lines: list[str] = []
    for attempt in context.attempts:
        line = _line(attempt)
        room -= tokens_of(line) + 1
        if room < 0:
            break
        lines.append(line)
    return {"notes": before, "attempts": fence.put("ATTEMPTS", "\n".join(reversed(lines)))}


def _line(attempt: Attempt) -> str:
    candidate, record = attempt.record.candidate, attempt.record
    said = " ".join(candidate.note.split()) or "no words"
    result = record.outcome if record.evaluation is None else outcome_of(record.evaluation)
    gain = "" if attempt.gain is None else f" ({attempt.gain:+.6g} against its parent)"
    short = " ".join(result.split())[:_LONGEST_RESULT]
    return f"{candidate.id} by {candidate.operator.partition('@')[0]}: {said} -> {short}{gain}"


def _archive(context: Context, fence: Fence, room: int) -> dict[str, str]:
    """Show the archive, the best advice first; candidates' own texts are not shown."""
    ranked: list[Advice] = sorted(context.archive, key=lambda each: -each.mean)
    lines = [
        f"{each.mean:.2f} over {each.tries} tries: {each.text or '(no advice at all)'}"
        for each in ranked
    ]
    while len(lines) > 1 and sum(map(tokens_of, lines)) > room:
        lines.pop()
    return {"archive": fence.put("ADVICE", "\n".join(lines))}
