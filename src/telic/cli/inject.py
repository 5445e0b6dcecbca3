"""``telic inject``: a candidate written by a person."""

from __future__ import annotations

from pathlib import Path

__all__ = ["inject"]


def inject(run: str, file: Path, *, json: bool = False) -> int:
    """Add a program of your own to a paused run; it is tried first when the run goes on.

    Pause the run with Ctrl-C, add programs, and go on with `telic resume`.

    Args:
        run: A journal, or the name of a run in runs/.
        file: The program. Outside EVOLVE-BLOCK markers it must equal the seed.
        json: Print one JSON object on standard output.

    Examples:
        telic inject circle-packing-26-1 my_idea.py
    """
    from telic.cli._exit import FINISHED
    from telic.cli._json import AddedDocument, tell_added
    from telic.cli._runs import find_run
    from telic.engine.people import add_candidate
    from telic.errors import UsageError

    path = find_run(run)
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} cannot be read: {error}") from error
    add_candidate(path, text)
    tell_added(AddedDocument(str(path), "candidate"), as_json=json)
    return FINISHED
