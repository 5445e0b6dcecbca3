"""Respondents that read: functions to text or to probabilities, and a person at a terminal."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from typing import Literal

import msgspec

from telic import seeding
from telic.errors import MeasurementError
from telic.values.reading import parse_reply
from telic.values.respondent import Answer, Item

__all__ = ["Person", "Scored", "Textual", "read_scores"]


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


class Scored(msgspec.Struct, frozen=True, kw_only=True):
    """A respondent that chooses by how probable each answer is as a continuation.

    Answers are the letters where the prompt shows letters, else the options' names, each after a
    blank. Errors are as for :class:`Textual`; a score that is no log-probability is an error too.
    """

    name: str
    score: Callable[[str, Sequence[str]], Sequence[float]]
    """``(prompt, continuations) -> log-probabilities``, in nats."""
    choose: Literal["most probable", "sample"] = "most probable"
    least_mass: float = 0.0
    """Probability that the answers must have together, in [0, 1]; below it the model was not
    answering the question, and the reply is unparsed."""
    preamble: str = ""

    def ask(self, item: Item, seed: int) -> Answer:
        """Return the most probable option, or one drawn by the probabilities.

        Raises:
            MeasurementError: if there is not one score per option.
        """
        has_letters = re.search(r"^A\) ", item.prompt, re.MULTILINE) is not None
        words = [
            f" {chr(ord('A') + place) if has_letters else option}"
            for place, option in enumerate(item.options)
        ]
        try:
            scores = list(self.score(f"{self.preamble}\n\n{item.prompt}".strip(), words))
        except OSError as error:
            return Answer("error", text=str(error) or type(error).__name__)
        if len(scores) != len(words):
            raise MeasurementError(
                f"{self.name!r} gave {len(scores)} scores for {len(words)} options"
            )
        if not all(score <= 1e-6 for score in scores) or max(scores) == -math.inf:
            return Answer("error", text=f"no log-probabilities: {scores}")
        text = ", ".join(f"{w.strip()}: {s:.4g}" for w, s in zip(words, scores, strict=True))
        mass = [math.exp(score) for score in scores]
        if math.fsum(mass) < self.least_mass:
            return Answer("unparsed", text=text)
        rng = seeding.stream(seed, "respondent", self.name, item.context, item.id, *item.options)
        if self.choose == "sample":
            top = max(scores)
            weights = [math.exp(score - top) for score in scores]
            return Answer("answered", rng.choices(range(len(words)), weights)[0], text)
        best = [place for place, score in enumerate(scores) if score == max(scores)]
        return Answer("answered", rng.choice(best), text)


def read_scores(text: str) -> dict[str, float]:
    """Return answer → log-probability from the text of a :class:`Scored` reply, if it has them."""
    found = re.findall(r"(?:^|, )(.+?): (-?(?:[\d.]+(?:e[+-]?\d+)?|inf))(?=, |$)", text)
    return {word: float(number) for word, number in found}


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
