"""System-aware merge, as in GEPA: two relatives, each better in a part of its own, become one.

Component by component (file, evolvable block, function, method) the side that changed against the
common ancestor wins; where both changed, the better parent does. No model is asked and nothing is
drawn. Agrawal et al. (2025), "GEPA: Reflective prompt evolution can outperform reinforcement
learning", algorithm 4, for components within programs as well.
"""

from __future__ import annotations

from telic.artifact import Artifact
from telic.candidate import Proposal, Record
from telic.identity import does_compile
from telic.operators._components import Component, components_of
from telic.operators.base import Context
from telic.problem import Problem

__all__ = ["Merge", "merged"]

_Named = dict[tuple[str, ...], str]


class Merge:
    """Joins the changes of the first two parents against their common ancestor."""

    name = "merge"
    trials = 0
    follows = True

    def applies(self, problem: Problem) -> bool:
        """Tell that any text can be merged."""
        del problem
        return True

    async def propose(self, context: Context) -> Proposal:
        """Return what both parents changed, or say why there is no such thing."""
        if context.ancestor is None or len(context.parents) < 2:
            return Proposal(None, note="merging needs two parents with a known common ancestor")
        ranked = sorted(context.parents[:2], key=_fitness, reverse=True)
        if _fitness(context.ancestor) > _fitness(ranked[1]):
            return Proposal(None, note="the common ancestor is better than one of the parents")
        better, other = (record.candidate for record in ranked)
        artifact = merged(context.ancestor.candidate.artifact, better.artifact, other.artifact)
        if artifact in (better.artifact, other.artifact):
            return Proposal(None, note="one parent holds all changes of the other already")
        if not all(does_compile(text) for name, text in artifact.files if name.endswith(".py")):
            return Proposal(None, note="the merged program does not compile")
        if context.is_known(artifact):
            return Proposal(None, note="the merged program is known")
        note = f"what {better.id} and {other.id} changed since {context.ancestor.candidate.id}"
        return Proposal(artifact, note=note, parents=(better.id, other.id))


def merged(ancestor: Artifact, better: Artifact, other: Artifact) -> Artifact:
    """Return the better artifact with the other's changes where it made none itself.

    Args:
        ancestor: of both; all three have the same files.
        better: wins where both changed.
        other: gives the rest.
    """
    before, beside = dict(ancestor.files), dict(other.files)
    return Artifact(
        tuple(
            (name, _merged_text(before.get(name, ""), text, beside.get(name, text), name))
            for name, text in better.files
        )
    )


def _fitness(record: Record) -> float:
    return float("-inf") if record.fitness is None else record.fitness


def _merged_text(ancestor: str, better: str, other: str, name: str) -> str:
    if other in (ancestor, better):
        return better
    is_python = name.endswith(".py")
    before, here, there = (
        components_of(text, is_python=is_python) for text in (ancestor, better, other)
    )
    old, given = _named(before), _named(there)
    present = _named(here)
    kept: list[Component] = []
    for part in here:
        was, offered = old.get(part.name), given.get(part.name)
        if part.name and part.text == was and offered != was:
            if offered is not None:
                kept.append(Component(part.name, offered))
        else:
            kept.append(part)
    for at, part in enumerate(there):
        if part.name and part.name not in present and part.name not in old:
            _insert(kept, part, there[:at])
    return "".join(_closed(part.text) for part in kept[:-1]) + kept[-1].text if kept else ""


def _closed(text: str) -> str:
    """Return a text that others may follow."""
    return text if text.endswith("\n") else f"{text}\n"


def _named(parts: list[Component]) -> _Named:
    return {part.name: part.text for part in parts if part.name}


def _insert(kept: list[Component], part: Component, earlier: list[Component]) -> None:
    """Put a new component behind the nearest one of its region that precedes it at its origin.

    It goes behind the whole class of that one where it is no part of the class itself.
    """
    region = part.name[0]
    depth = len(part.name) - (part.name[-1] == "head")
    places = {each.name: place for place, each in enumerate(kept) if each.name}
    for before in reversed(earlier):
        if before.name in places and before.name[0] == region:
            at = places[before.name]
            while at < len(kept) and kept[at].name[:depth] == before.name[:depth]:
                at += 1
            kept.insert(at, part)
            return
    first = next((at for at, each in enumerate(kept) if each.name[:1] == (region,)), None)
    if first is not None:
        kept.insert(first, part)
