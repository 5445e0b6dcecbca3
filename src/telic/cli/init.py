"""``telic init``: a new problem."""

from __future__ import annotations

__all__ = ["init"]


def init(name: str, *, json: bool = False) -> int:
    """Write a commented problem that runs at once, as a folder named NAME.

    Args:
        name: Of the problem and of its folder, which must not exist yet.
        json: Print one JSON object on standard output: folder and files.

    Examples:
        telic init my-problem
        telic run my-problem/
    """
    import sys

    from telic.formats import scaffold

    folder = scaffold(name)
    files = sorted(path.name for path in folder.iterdir())
    if json:
        from telic.cli._json import InitDocument, emit

        emit(InitDocument(str(folder), files))
        return 0
    sys.stdout.write(
        f"{folder}/ holds {', '.join(files)}.\n"
        "Each says in its comments what to change. It already runs:\n"
        f"  telic run {folder}/ --seconds 10\n"
    )
    return 0
