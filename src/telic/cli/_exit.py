"""Exit codes, and the one place where an error becomes a sentence and a code.

====  ==========================================================================
code  meaning
====  ==========================================================================
0     finished
1     an unexpected fault of Telic itself
2     bad usage: unknown command, option or name, or a value out of range
3     bad problem: missing, malformed, or its seed fails its own evaluation
4     bad journal: missing, damaged, of a newer version, or written by another process
5     storage: a folder cannot be written or a disk is full
6     sandbox: no worker could be started or kept alive
7     measurement: answers or comparisons are malformed or too few
8     a check failed: `telic doctor` found a leak, a result was not verified
130   interrupted
141   the reader of the output went away
====  ==========================================================================
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping

from telic.errors import TelicError

__all__ = ["CHECK_FAILED", "FINISHED", "INTERRUPTED", "UNEXPECTED", "guarded"]

FINISHED = 0
UNEXPECTED = 1
CHECK_FAILED = 8
INTERRUPTED = 130
_READER_GONE = 141


def guarded(action: Callable[[], int], *, as_json: bool, environment: Mapping[str, str]) -> int:
    """Run a command and return its exit code; errors are told, not raised.

    Args:
        action: the command.
        as_json: whether errors are also an object on standard output.
        environment: ``TELIC_DEBUG`` in it shows tracebacks.
    """
    debug = bool(environment.get("TELIC_DEBUG"))
    try:
        code = action()
        sys.stdout.flush()
    except BrokenPipeError:
        _forget_output()
        return _READER_GONE
    except KeyboardInterrupt:
        return _tell("interrupted", "KeyboardInterrupt", INTERRUPTED, as_json=as_json)
    except TelicError as error:
        if debug:
            _print_traceback()
        return _tell(str(error), type(error).__name__, error.exit_code, as_json=as_json)
    except Exception as error:  # noqa: BLE001 - the outermost boundary: told with a way to see all
        if debug:
            _print_traceback()
        what = f"unexpected {type(error).__name__}: {error}"
        hint = "this is a fault of Telic; TELIC_DEBUG=1 shows the traceback"
        return _tell(f"{what} ({hint})", type(error).__name__, UNEXPECTED, as_json=as_json)
    return code


def _print_traceback() -> None:
    import traceback

    traceback.print_exc()


def _tell(message: str, kind: str, code: int, *, as_json: bool) -> int:
    from telic.cli._text import harmless

    try:
        sys.stderr.write(f"error: {harmless(message)}\n")
        if as_json:
            from telic.cli._json import ErrorDocument, ErrorReport, emit

            emit(ErrorDocument(ErrorReport(kind, message, code)))
            sys.stdout.flush()
    except BrokenPipeError:
        _forget_output()
    return code


def _forget_output() -> None:
    """Keep the interpreter from complaining again when it flushes at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
