"""A fingerprint of what a run found, blind to how long it took and where it ran."""

from __future__ import annotations

import hashlib
import sqlite3

import msgspec

from telic.candidate import Record

__all__ = ["content_hash"]

_PAGE = 256
_decoder = msgspec.msgpack.Decoder(Record)


def content_hash(connection: sqlite3.Connection) -> str:
    """Return the hash of all records in order, as 32 hexadecimal characters."""
    state = hashlib.blake2b(digest_size=16)
    after = -1
    query = (
        "SELECT seq, records.data, digest FROM records "
        "JOIN artifacts ON artifacts.number = artifact WHERE seq > ? ORDER BY seq LIMIT ?"
    )
    while rows := connection.execute(query, (after, _PAGE)).fetchall():
        for _, stored, digest in rows:
            state.update(msgspec.msgpack.encode(_reproducible(_decoder.decode(stored), digest)))
        after = rows[-1][0]
    return state.hexdigest()


def _reproducible(record: Record, digest: bytes) -> tuple[object, ...]:
    candidate, evaluation = record.candidate, record.evaluation
    scored = evaluation and (
        sorted(evaluation.metrics.items()),
        sorted(evaluation.features.items()),
        evaluation.feasible,
        evaluation.violation,
        evaluation.failure and evaluation.failure.kind,
        evaluation.stage,
        evaluation.stopped_early,
        evaluation.samples,
    )
    return (
        candidate.id,
        digest,
        candidate.parents,
        candidate.operator,
        candidate.generation,
        candidate.island,
        (candidate.cost.trials, candidate.cost.tokens, candidate.cost.money),
        record.outcome,
        record.fitness,
        record.duplicate_of,
        scored,
    )
