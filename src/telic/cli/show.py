"""``telic show``: what happened in a run."""

from __future__ import annotations

__all__ = ["show"]


def show(run: str | None = None, *, diff: bool = False, json: bool = False) -> int:
    """Show a run: result, improvement curve, operators, failures and what changed.

    Works on finished, interrupted and running runs alike, and never changes one.

    Args:
        run: A journal, or the name of a run in runs/; default: the run written last.
        diff: Show nothing but the whole difference between seed and best, as a unified diff.
        json: Print one JSON object on standard output.

    Examples:
        telic show
        telic show circle-packing-26-1
        telic show runs/circle-packing-26-1.journal --diff
        telic show --json | jq .best.score
    """
    import sys

    from telic.cli._runs import find_run
    from telic.engine.summary import summarise
    from telic.journal import Journal

    path = find_run(run)
    with Journal.read(path) as journal:
        if json:
            from telic.cli._json import emit

            emit(summarise(journal))
            return 0
        from telic.cli._console import console_for
        from telic.cli._pages import show_diff, show_run

        console = console_for(sys.stdout)
        if diff:
            show_diff(console, journal)
        else:
            show_run(console, journal)
    return 0
