"""Which functions call which, so that no edit makes one call itself."""

from __future__ import annotations

from telic.operators._places import Place
from telic.operators._program import Program

__all__ = ["recursive_names"]


def recursive_names(program: Program, place: Place) -> frozenset[str]:
    """Return the functions that must not be called at a place, lest they call themselves."""
    within = place.function.within
    return _callers(program, within[0]) | frozenset(within) if within else frozenset()


def _callers(program: Program, called: str) -> frozenset[str]:
    """Return the functions of the module that call a function, directly or through others."""
    key = ("callers", called)
    known = program.notes.get(key)
    if isinstance(known, frozenset):
        return known
    reads = {
        name: program.chunks[entry.chunk].loaded
        for name, entry in program.names.items()
        if entry.kind == "func"
    }
    found: set[str] = set()
    pending = [called]
    while pending:
        target = pending.pop()
        fresh = [name for name, loaded in reads.items() if target in loaded and name not in found]
        found.update(fresh)
        pending.extend(fresh)
    program.notes[key] = frozenset(found)
    return frozenset(found)
