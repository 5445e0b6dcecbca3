"""In-context value estimates: a model reads how far shuffled observations of one course have come.

After Ma et al. (2024), "Vision Language Models are In-Context Value Learners" (GVL): the first
observation is shown as 0 % complete; the others follow in random order, so that their places tell
nothing; the model says of each how complete the task is. The rank correlation of its answers with
the true order (value-order correlation) says whether the course made progress and whether the model
can see it. Here observations are texts: steps of any work, or the programs of a lineage.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from telic.candidate import Record
from telic.errors import UsageError
from telic.journal import Journal
from telic.models import Model, Prompt
from telic.seeding import stream

__all__ = [
    "Course",
    "Reading",
    "course_of",
    "lineage",
    "progress_prompt",
    "read_progress",
    "said_completions",
    "shown_order",
    "value_order_correlation",
]

_PAIR = re.compile(
    r'"observation"\s*:\s*(\d{1,6})\s*,\s*"completion"\s*:\s*(-?\d{1,6}(?:\.\d{1,9})?)(?![\w.])'
)
_LIST = re.compile(r"\[\s*\{")
_TOKENS_EACH = 24
_TOKENS_MORE = 64
_LONGEST = 4000
"""Characters of a program that are shown."""


class Course(msgspec.Struct, frozen=True):
    """Observations of one piece of work, in the order they were made.

    Raises:
        UsageError: if there are fewer than three, too few for an order.
    """

    goal: str
    """What the work is to achieve, as one sentence."""
    observations: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(self.observations) < 3:
            raise UsageError(
                f"a course needs at least 3 observations; got {len(self.observations)}"
            )


class Reading(msgspec.Struct, frozen=True):
    """What a model said of a course."""

    completions: tuple[float | None, ...]
    """0 to 100 for each observation after the first, in true order; ``None`` where it said
    nothing that can be read."""
    shown: tuple[int, ...]
    """Indices of those observations in the order they were shown."""
    ending: str
    """How the reply ended, as :data:`telic.models.ENDINGS`."""
    reason: str = ""
    """Why nothing was said, if so."""

    @property
    def correlation(self) -> float | None:
        """The value-order correlation; ``None`` if too little was said, or all the same."""
        return value_order_correlation(self.completions)


def value_order_correlation(completions: Sequence[float | None]) -> float | None:
    """Return Spearman's correlation of values with their order, -1 to 1, ties ranked evenly.

    ``None`` where fewer than three values are known or all are equal: then there is no order.
    """
    known = [(place, value) for place, value in enumerate(completions) if value is not None]
    values = [value for _, value in known]
    if len(known) < 3 or min(values) == max(values):
        return None
    ranks = [
        0.5 * (sum(other < value for other in values) + sum(other <= value for other in values) - 1)
        for value in values
    ]
    middle = 0.5 * (len(known) - 1)
    both = math.fsum((rank - middle) * (place - middle) for place, rank in enumerate(ranks))
    one = math.fsum((rank - middle) ** 2 for rank in ranks)
    other = math.fsum((place - middle) ** 2 for place in range(len(known)))
    return both / math.sqrt(one * other)


def shown_order(count: int, *, seed: int) -> tuple[int, ...]:
    """Return the indices 1 to ``count - 1`` shuffled; the first observation is the anchor."""
    order = list(range(1, count))
    stream(seed, "shown order", count).shuffle(order)
    return tuple(order)


def progress_prompt(
    course: Course, shown: Sequence[int], *, examples: Sequence[Course] = (), seed: int = 0
) -> Prompt:
    """Return the question how complete each observation is.

    Args:
        course: what is asked about; its first observation is shown as 0 % complete.
        shown: indices of the others, in the order to show them.
        examples: courses that made even progress to the end, shown solved beforehand.
        seed: of the examples' order and of the request.
    """
    parts: list[str] = []
    for number, example in enumerate(examples):
        order = shown_order(len(example.observations), seed=seed + number)
        last = len(example.observations) - 1
        answer = [
            {"observation": place, "completion": round(100 * index / last)}
            for place, index in enumerate(order, start=1)
        ]
        parts.append(f"{_described(example, order)}\nAnswer: {json.dumps(answer)}")
    parts.append(_described(course, shown))
    question = (
        "The numbered observations are in random order. For each of them say how complete the task "
        'is, from 0 to 100. Reply with a JSON list of {"observation": number, "completion": '
        "percentage} and nothing else."
    )
    return Prompt.chat(
        "\n\n".join([*parts, question]),
        most_tokens=_TOKENS_MORE + _TOKENS_EACH * len(shown),
        temperature=0.0,
        seed=seed % 2**31,
    )


def said_completions(text: str, count: int) -> tuple[float | None, ...]:
    """Return what a reply says of observations 1 to ``count``, each 0 to 100 or ``None``.

    The first JSON list is read; where there is none, pairs that look like its members. What is
    said twice counts once, the first time; numbers out of range are no answer.
    """
    pairs = _listed(text) or [(int(n), float(value)) for n, value in _PAIR.findall(text)]
    said: dict[int, float] = {}
    for number, value in pairs:
        said.setdefault(number, value)
    found = (said.get(number) for number in range(1, count + 1))
    return tuple(value if value is not None and 0 <= value <= 100 else None for value in found)


async def read_progress(
    model: Model,
    course: Course,
    *,
    seed: int = 0,
    shuffles: bool = True,
    examples: Sequence[Course] = (),
) -> Reading:
    """Ask a model how far each observation of a course has come.

    Args:
        model: asked once; held to a grammar if it can be.
        course: what happened.
        seed: of the order shown.
        shuffles: without, observations keep their order, and a model that merely counts up scores
            as well as one that understands: for comparison only.
        examples: solved courses shown beforehand.
    """
    count = len(course.observations)
    shown = shown_order(count, seed=seed) if shuffles else tuple(range(1, count))
    prompt = progress_prompt(course, shown, examples=examples, seed=seed)
    if "grammar" in model.capabilities:
        prompt = msgspec.structs.replace(prompt, grammar=_grammar(len(shown)))
    reply = await model.generate(prompt)
    said = said_completions(reply.text, len(shown))
    by_index = dict(zip(shown, said, strict=True))
    completions = tuple(by_index[index] for index in range(1, count))
    reason = reply.reason
    if not reason and all(value is None for value in completions):
        reason = "the reply holds no completion that can be read"
    return Reading(completions, shown, reply.ending, reason)


def lineage(journal: Journal | Mapping[int, Record], candidate: int) -> tuple[Record, ...]:
    """Return the records from the seed to a candidate, by main parents.

    Args:
        journal: a run's, or its records by candidate.
        candidate: id of the last.

    Raises:
        JournalError: if the journal has no such candidate.
        UsageError: if the mapping has none.
    """
    find = journal.record if isinstance(journal, Journal) else _finder(journal)
    chain = [find(candidate)]
    while chain[-1].candidate.parents:
        chain.append(find(chain[-1].candidate.parents[0]))
    return tuple(reversed(chain))


def course_of(records: Sequence[Record], *, goal: str) -> Course:
    """Return a lineage as a course: each program as text, without scores or operators.

    Raises:
        UsageError: if there are fewer than three records.
    """
    return Course(goal, tuple(_program(record) for record in records))


def _finder(records: Mapping[int, Record]) -> Callable[[int], Record]:
    def find(candidate: int) -> Record:
        if candidate not in records:
            raise UsageError(f"there is no candidate {candidate}")
        return records[candidate]

    return find


def _program(record: Record) -> str:
    files = record.candidate.artifact.files
    text = "\n".join(text if len(files) == 1 else f"# {name}\n{text}" for name, text in files)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}\n… ({len(text)} characters)"


def _described(course: Course, shown: Sequence[int]) -> str:
    lines = [
        f"Task: {course.goal}",
        f"Initial observation, where the task is 0 % complete:\n{course.observations[0]}",
    ]
    lines += [
        f"Observation {place}:\n{course.observations[index]}"
        for place, index in enumerate(shown, start=1)
    ]
    return "\n\n".join(lines)


def _listed(text: str) -> list[tuple[int, float]]:
    """Return (observation, completion) of the first JSON list that has any."""
    decoder = json.JSONDecoder()
    for match in _LIST.finditer(text):
        try:
            value: Any = decoder.raw_decode(text, match.start())[0]
        except (ValueError, RecursionError):
            continue
        members: list[Any] = value if isinstance(value, list) else []
        pairs = [pair for pair in map(_pair, members) if pair is not None]
        if pairs:
            return pairs
    return []


def _pair(member: Any) -> tuple[int, float] | None:
    if not isinstance(member, dict):
        return None
    fields: dict[Any, Any] = member
    number: Any = fields.get("observation")
    value: Any = fields.get("completion")
    if type(number) is not int or type(value) not in (int, float) or not abs(value) <= 1e6:
        return None
    return number, float(value)


def _grammar(count: int) -> str:
    """Return a grammar of a list of so many answers, in the order shown."""
    members = ' ", " '.join(
        f'"{{\\"observation\\": {number}, \\"completion\\": " share "}}"'
        for number in range(1, count + 1)
    )
    return f'root ::= "[" {members} "]"\nshare ::= "100" | [1-9] [0-9] | [0-9]\n'
