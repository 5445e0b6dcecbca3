"""``telic reproduce``: published methods' claims, measured."""

from __future__ import annotations

from pathlib import Path

__all__ = ["reproduce"]


def reproduce(
    name: str | None = None,
    *,
    quick: bool = False,
    seed: int | None = None,
    report: Path | None = None,
    quiet: bool = False,
    json: bool = False,
) -> int:
    """Reproduce a published method's claim, or list what can be reproduced.

    Prints the arms, each effect with its 95 % interval, and the verdict that follows from them:
    reproduced, direction only, or not reproduced. The exit code is 0 whatever the verdict.

    Args:
        name: Of a recipe; without it all of them are listed, with the time they take.
        quick: Only check that it runs: under 20 seconds, too small to judge by.
        seed: Root of every random draw; the recipe's own when left out.
        report: Folder to which JSON, text and plots are written as well.
        quiet: Show no progress.
        json: Print one JSON object on standard output, and progress on standard error.

    Examples:
        telic reproduce
        telic reproduce alphaevolve --quick
        telic reproduce alphaevolve --report results/
    """
    import sys

    from telic.cli._json import emit
    from telic.cli._reproduce import Ticker, listing, shown
    from telic.errors import UsageError

    if name is None:
        if quick or seed is not None or report is not None:
            raise UsageError("--quick, --seed and --report need the NAME of a recipe")
        recipes = listing()
        if json:
            emit(recipes)
        else:
            shown(recipes)
        return 0
    from telic.cli._text import harmless
    from telic.recipes import lines, load, write_report

    recipe = load(name)
    ticker = Ticker(sys.stderr, is_quiet=quiet)
    try:
        result = recipe.reproduce(recipe.form(is_quick=quick, seed=seed), ticker)
    finally:
        ticker.close()
    if report is not None:
        for path in write_report(result, report):
            sys.stderr.write(f"written: {harmless(str(path))}\n")
    if json:
        emit(result)
    else:
        sys.stdout.write(harmless("\n".join(lines(result))) + "\n")
    return 0
