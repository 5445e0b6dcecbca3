"""``telic problems``: what there is to evolve."""

from __future__ import annotations

__all__ = ["problems"]


def problems(name: str | None = None, *, json: bool = False) -> int:
    """List the bundled problems, or explain one.

    Args:
        name: Of a problem, or its folder; without it all bundled ones are listed.
        json: Print one JSON object on standard output.

    Examples:
        telic problems
        telic problems circle-packing-26
        telic problems my-problem/ --json
    """
    import sys

    from telic import problems as library
    from telic.cli._json import emit
    from telic.cli._problems import ProblemDocument, ProblemList

    if name is None:
        documents = [ProblemDocument.of(problem) for problem in library.describe()]
        if json:
            emit(ProblemList(documents))
            return 0
    else:
        from telic.engine.load import load_problem

        loaded = load_problem(name)
        documents = [ProblemDocument.of(loaded)]
        if json:
            emit(documents[0])
            return 0
    from telic.cli._console import console_for, show
    from telic.cli._problems import list_lines, page

    console = console_for(sys.stdout)
    if name is None:
        show(console, *list_lines(documents, console.width if console.is_terminal else None))
    else:
        show(console, *page(documents[0]))
    return 0
