"""The table of operators that ask a model: what each one shows and asks for."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from telic import seeding
from telic.candidate import Record
from telic.operators.base import Context
from telic.operators.llm._operator import Chosen, LanguageOperator, Settings

__all__ = ["cross", "diff", "fix", "reflect", "rewrite"]

_SHOWN = 4
"""Other programs in a prompt at most."""


def _arm(
    kind: str,
    choose: Callable[[Context], Chosen | str],
    *,
    reflects: bool = False,
    **defaults: Any,
) -> Callable[..., LanguageOperator]:
    """Return a factory of one kind of operator, which takes the fields of :class:`Settings`."""

    def make(**given: Any) -> LanguageOperator:
        return LanguageOperator(kind, Settings(**(defaults | given)), choose, reflects=reflects)

    make.__signature__ = inspect.signature(Settings)  # pyright: ignore[reportFunctionMemberAccess]
    return make


def _others(context: Context) -> list[Record]:
    """Return the programs beside the parent, each once, in the strategy's order."""
    seen = {context.parents[0].candidate.artifact}
    found: list[Record] = []
    for record in (*context.parents[1:], *context.inspirations):
        if record.candidate.artifact not in seen and record.evaluation is not None:
            seen.add(record.candidate.artifact)
            found.append(record)
    return found


def _with_inspirations(context: Context) -> Chosen | str:
    return Chosen(context.parents[0], tuple(_others(context)[:_SHOWN]))


def _with_donors(context: Context) -> Chosen | str:
    others = _others(context)
    if not others:
        return "crossover needs a second, different parent"
    rng = seeding.stream(context.seed, "llm-cross", context.index)
    donors = rng.sample(others, min(len(others), rng.choice((1, 1, 2))))
    ids = (context.parents[0].candidate.id, *(donor.candidate.id for donor in donors))
    return Chosen(context.parents[0], tuple(donors), ids)


def _a_failure(context: Context) -> Chosen | str:
    if not context.failed:
        return "nothing has failed of late"
    rng = seeding.stream(context.seed, "llm-fix", context.index)
    broken = rng.choice(context.failed)
    return Chosen(broken, (context.parents[0],))


diff = _arm("diff", _with_inspirations)
"""Asks for SEARCH/REPLACE edits of the parent."""
rewrite = _arm("rewrite", _with_inspirations, reply_tokens=4096)
"""Asks for the whole file anew."""
cross = _arm("cross", _with_donors, reply_tokens=4096)
"""Asks for one program that joins two or three."""
fix = _arm("fix", _a_failure)
"""Asks to repair one of the latest failures."""
reflect = _arm("reflect", _with_inspirations, reflects=True)
"""Asks what limits the parent, then for the edit."""
