"""Rows of the journal's tables from records and answers, and answers from rows."""

from __future__ import annotations

from typing import Any

import msgspec

from telic.candidate import Record
from telic.journal._codec import StoredAnswer, deflated, encode_record, inflated

__all__ = [
    "ANSWER_COLUMNS",
    "FIND_ARTIFACT",
    "INSERT_ANSWER",
    "INSERT_ARTIFACT",
    "INSERT_RECORD",
    "answer_of",
    "answer_row",
    "record_row",
]

ANSWER_COLUMNS = "key, candidate, model, ending, tokens, money, seconds, data"
INSERT_ANSWER = f"INSERT INTO answers ({ANSWER_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"


def answer_of(row: tuple[Any, ...]) -> StoredAnswer:
    """Return the answer that a row of its columns holds."""
    values: tuple[Any, ...] = (*row[:-1], inflated(row[-1]))
    named: dict[str, Any] = dict(zip(ANSWER_COLUMNS.split(", "), values, strict=True))
    return StoredAnswer(**named)


FIND_ARTIFACT = "SELECT number FROM artifacts WHERE digest = ?"
INSERT_ARTIFACT = (
    "INSERT INTO artifacts (digest, data) VALUES (?, ?) ON CONFLICT (digest) DO NOTHING"
)
INSERT_RECORD = "INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"


def record_row(
    seq: int, record: Record, artifact: int | None, seconds: float
) -> tuple[object, ...]:
    """Return the row of a record.

    Args:
        seq: its place.
        record: what to store.
        artifact: number of the row that holds its text.
        seconds: running time of the run.
    """
    candidate, evaluation = record.candidate, record.evaluation
    failure = evaluation.failure.kind if evaluation and evaluation.failure else None
    stored = encode_record(record)
    return (
        seq,
        candidate.id,
        record.outcome,
        candidate.operator,
        artifact,
        record.fitness,
        failure,
        seconds,
        stored,
    )


def answer_row(answer: StoredAnswer) -> tuple[object, ...]:
    """Return the row of an answer."""
    return msgspec.structs.astuple(msgspec.structs.replace(answer, data=deflated(answer.data)))
