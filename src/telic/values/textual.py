"""Respondents that read: anything that turns a prompt into text, and a person at a terminal."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from telic.errors import MeasurementError
from telic.values.reading import parse_reply
from telic.values.respondent import Answer, Item

__all__ = ["Person", "Textual"]


class Textual(msgspec.Struct, frozen=True):
    """A respondent made of a function from prompt and seed to reply.

    The function may raise ``OSError`` (time-outs and lost connections are kinds of it): that
    reply then ends as an error. Other exceptions are faults of the function and pass through.
    """

    name: str
    """A record tells respondents apart by it: another model or preamble needs another name."""
    complete: Callable[[str, int], str]
    """``(prompt, seed) -> reply``."""
    preamble: str = ""
    """Put before every prompt: a persona, a system prompt."""

    def ask(self, item: Item, seed: int) -> Answer:
        """Return the parsed reply."""
        try:
            reply = self.complete(f"{self.preamble}\n\n{item.prompt}".strip(), seed)
        except OSError as error:
            return Answer("error", text=str(error) or type(error).__name__)
        return parse_reply(reply, item)


class Person(msgspec.Struct, frozen=True):
    """A person who is shown each question and types an answer.

    An answer that cannot be read is asked for again; ``skip`` abstains, ``refuse`` refuses.
    """

    name: str = "person"
    read: Callable[[str], str] = input
    """Shows a short prompt and returns the typed line; raises ``EOFError`` at the end."""
    write: Callable[[str], object] = print
    """Shows the question."""
    attempts: int = 3
    """How often an unreadable answer is asked for, 1 or more."""

    def ask(self, item: Item, seed: int) -> Answer:
        """Return the person's answer, ``unparsed`` when no attempt could be read.

        Raises:
            MeasurementError: if the input ends; what was answered before is recorded.
        """
        del seed
        self.write(f"\n{item.prompt}")
        answer = Answer("unparsed")
        for attempt in range(self.attempts):
            try:
                typed = self.read("answer> ")
            except EOFError as error:
                raise MeasurementError(
                    f"the input ended at question {item.id!r}; measure again with the same "
                    "record file to go on from there"
                ) from error
            if typed.strip().casefold() == "refuse":
                return Answer("refused", text=typed)
            answer = parse_reply(typed, item)
            if answer.status != "unparsed":
                return answer
            if attempt + 1 < self.attempts:
                self.write("That is none of the offered answers; try again, or type: skip")
        return answer
