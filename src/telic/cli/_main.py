"""From a command line to an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from telic import __version__
from telic.cli._commands import COMMANDS, function_of
from telic.cli._exit import FINISHED, guarded
from telic.cli._quick import parse_quickly

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit code.

    Args:
        arguments: without the program's name; those of this process when left out.
    """
    tokens = list(sys.argv[1:] if arguments is None else arguments)
    # The workers have the processors: a critic's matrices would wait for threads that get none.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    return guarded(lambda: _dispatch(tokens), as_json="--json" in tokens, environment=os.environ)


def _dispatch(tokens: list[str]) -> int:
    if tokens == ["--version"]:
        sys.stdout.write(f"{__version__}\n")
        return FINISHED
    if tokens and tokens[0] in COMMANDS:
        function = function_of(tokens[0])
        given = parse_quickly(function, tokens[1:])
        if given is not None:
            return function(**given)
    from telic.cli._app import call

    return call(tokens)
