"""``telic note``: guidance for the language models of a run."""

from __future__ import annotations

__all__ = ["note"]


def note(run: str, text: str, *, json: bool = False) -> int:
    """Tell the language models of a paused run what to keep in mind.

    Pause the run with Ctrl-C, add notes, and go on with `telic resume`.

    Args:
        run: A journal, or the name of a run in runs/.
        text: The guidance, at most 2000 characters.
        json: Print one JSON object on standard output.

    Examples:
        telic note circle-packing-26-1 "Try hexagonal starting positions."
    """
    from telic.cli._exit import FINISHED
    from telic.cli._json import AddedDocument, tell_added
    from telic.cli._runs import find_run
    from telic.engine.people import add_note

    path = find_run(run)
    add_note(path, text)
    tell_added(AddedDocument(str(path), "note"), as_json=json)
    return FINISHED
