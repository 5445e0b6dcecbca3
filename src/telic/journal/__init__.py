"""The append-only record of a run: one SQLite file, and the run's only state.

    with Journal.create(path, header) as journal:
        journal.append(record, seconds=1.5)
    for record in Journal.read(path).records():
        ...

A record is durable when :meth:`Journal.append` returns (write-ahead log, synchronous FULL).
One process writes, guarded by a lock that dies with it; any number read meanwhile.
"""

from telic.journal._codec import Event, Header, StoredAnswer
from telic.journal._journal import Entry, Journal

__all__ = ["Entry", "Event", "Header", "Journal", "StoredAnswer"]
