"""Courses of work in words, and a respondent that sees them more or less, or only counts up."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping, Sequence
from itertools import combinations
from random import Random

from telic import registry
from telic.artifact import Artifact
from telic.candidate import Candidate, Record
from telic.critics.in_context import Course, Reading, course_of, lineage, read_progress
from telic.errors import TelicError
from telic.models import Model, Prompt, Scripted
from telic.recipes._report import Cell, Table
from telic.seeding import stream

__all__ = ["asked", "chance_of_gap", "drawn_course", "readings_of", "respondent"]

_DIGITS = 12
_BLOCKS = 6
_NUMBER = re.compile(r"(\d+) blocks in the box, gripper (\d+) cm")
_PROGRAM = re.compile(r"return \[([\d, ]+)\]")
_WANTED = re.compile(r"return the digits ([\d, ]+)")
_SPLIT = re.compile(r"Observation (\d+):\n")


def drawn_course(rng: Random, *, length: int, succeeds: bool, is_lineage: bool) -> Course:
    """Return a course that makes progress step by step, or that wanders without any.

    Args:
        rng: draws it.
        length: observations.
        succeeds: whether it makes progress.
        is_lineage: programs of a lineage; else what a robot arm does.
    """
    shares = [place / (length - 1) for place in range(length)]
    if not succeeds:
        shares = [0.0, *(rng.uniform(0.0, 0.6) for _ in range(length - 1))]
    return _lineage(rng, shares) if is_lineage else _robot(shares)


def respondent(*, accuracy: float, bias: float, seed: int) -> Scripted:
    """Return a model of known sight: it answers each observation by content, chance and place.

    Args:
        accuracy: probability that it sees what an observation says; else it guesses.
        bias: weight of the observation's place in its answer, 0 to 1: how much it counts up.
        seed: of its guesses.
    """

    def said(prompt: Prompt) -> str:
        text = prompt.messages[-1].text
        pieces = _SPLIT.split(text)
        goal, shown = pieces[0], pieces[2::2]
        answers: list[Mapping[str, int]] = []
        for place, observation in enumerate(shown, start=1):
            rng = stream(seed, "respondent", text, place)
            seen = _share(observation, goal) if rng.random() < accuracy else rng.random()
            answer = (1.0 - bias) * seen + bias * place / len(shown)
            answers.append({"observation": place, "completion": round(100 * answer)})
        return json.dumps(answers)

    return Scripted(said, name=f"accuracy {accuracy:g}, bias {bias:g}")


def readings_of(
    model: Model, courses: Sequence[Course], *, seed: int, shuffles: bool
) -> list[Reading]:
    """Ask a model about each course, and close it whatever happens."""

    async def ask() -> list[Reading]:
        try:
            return [
                await read_progress(model, course, seed=seed + number, shuffles=shuffles)
                for number, course in enumerate(courses)
            ]
        finally:
            await model.close()

    return asyncio.run(ask())


def asked(model: str, courses: Sequence[Course], *, seed: int) -> tuple[list[Table], list[str]]:
    """Ask a real model about courses, shuffled and in order, and say what its answers are worth.

    Args:
        model: as ``telic run --model`` takes it; nobody if empty.
        courses: successful and failed in turn.
        seed: of the orders shown.

    Returns:
        Tables and notes of a report; where the model cannot be had, a note with the reason.
    """
    if not model:
        return [], ["Respondents are synthetic, of known sight; none is a language model."]
    rows: list[list[Cell]] = []
    notes: list[str] = []
    try:
        for name, shuffles in (("shuffled", True), ("in order", False)):
            built = registry.build(registry.parse("model", model))
            readings = readings_of(built, courses, seed=seed, shuffles=shuffles)
            parts = [
                [one.correlation for one in readings[kind::2] if one.correlation is not None]
                for kind in (0, 1)
            ]
            for kind, known in zip(("successful", "failed"), parts, strict=True):
                mean = sum(known) / len(known) if known else None
                rows.append([name, kind, len(courses) // 2, len(known), mean])
            chance = chance_of_gap(parts[0], parts[1])
            verdict = "tells them apart" if chance <= 0.05 else "does not tell them apart"
            notes.append(
                f"{model}, {name}: {verdict}; labels drawn at random give such a gap in favour of "
                f"successful courses with probability {chance:.2g}."
            )
    except TelicError as error:
        return [], [f"{model!r} was not asked: {error}"]
    title = f"{model} on {len(courses)} short courses"
    columns = ["order", "courses", "asked", "with an order", "mean correlation"]
    return [Table(title, columns, rows)], notes


def chance_of_gap(higher: Sequence[float], lower: Sequence[float]) -> float:
    """Return how likely labels drawn at random give as great a difference of means or greater.

    An exact one-sided permutation test; 1 where a side is empty.
    """
    if not higher or not lower:
        return 1.0
    values = [*higher, *lower]
    splits = combinations(values, len(higher))
    drawn = [sum(chosen) for chosen in splits]
    return sum(total >= sum(higher) - 1e-12 for total in drawn) / len(drawn)


def _share(observation: str, goal: str) -> float:
    """Return the true progress that an observation shows, 0 to 1."""
    robot = _NUMBER.search(observation)
    if robot is not None:
        return (int(robot[1]) + (50 - int(robot[2])) / 50.0) / _BLOCKS
    program, wanted = _PROGRAM.search(observation), _WANTED.search(goal)
    assert program is not None
    assert wanted is not None
    pairs = zip(program[1].split(", "), wanted[1].split(", "), strict=True)
    return sum(one == other for one, other in pairs) / _DIGITS


def _robot(shares: list[float]) -> Course:
    observations: list[str] = []
    for share in shares:
        placed = min(int(share * _BLOCKS), _BLOCKS)
        near = share * _BLOCKS - placed
        observations.append(
            f"{placed} blocks in the box, gripper {round(50 - 50 * near)} cm from the next one."
        )
    return Course(f"Put all {_BLOCKS} blocks into the box.", tuple(observations))


def _lineage(rng: Random, shares: list[float]) -> Course:
    wanted = [rng.randrange(10) for _ in range(_DIGITS)]
    order = rng.sample(range(_DIGITS), _DIGITS)
    records: dict[int, Record] = {}
    for number, share in enumerate(shares):
        right = set(order[: round(share * _DIGITS)])
        digits = [
            digit if at in right else (digit + 1 + rng.randrange(9)) % 10
            for at, digit in enumerate(wanted)
        ]
        source = f"def solve():\n    return [{', '.join(map(str, digits))}]\n"
        parents = (number - 1,) if number else ()
        records[number] = Record(Candidate(number, Artifact.of(source), parents), "evaluated")
    goal = f"Make solve() return the digits {', '.join(map(str, wanted))}."
    return course_of(lineage(records, len(shares) - 1), goal=goal)
