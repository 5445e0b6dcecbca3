"""Every error that Telic raises for its users.

The tree::

    TelicError
    ├── UsageError           a command or call was used wrongly                    exit 2
    │   └── UnknownNameError a name that no registry or option knows
    ├── ProblemError         a problem cannot be loaded or is inconsistent         exit 3
    │   ├── MarkerError      EVOLVE-BLOCK markers are nested or unbalanced
    │   └── SeedError        the seed artifact fails its own evaluation
    ├── JournalError         a run record cannot be read or continued              exit 4
    │   ├── JournalVersionError  written by a newer version
    │   ├── ReplayError          a recording lacks a model's answer that is asked for
    │   └── JournalBusyError     another process is writing the run
    ├── StorageError         a folder is not writable or a disk is full            exit 5
    ├── SandboxError         no worker could be started or kept alive              exit 6
    └── MeasurementError     answers, comparisons or votes are malformed or too few  exit 7

Failures of *candidates* are not exceptions: they are recorded outcomes
(:class:`telic.candidate.Failure`).
"""

from __future__ import annotations

from collections.abc import Iterable

__all__ = [
    "JournalBusyError",
    "JournalError",
    "JournalVersionError",
    "MarkerError",
    "MeasurementError",
    "ProblemError",
    "ReplayError",
    "SandboxError",
    "SeedError",
    "StorageError",
    "TelicError",
    "UnknownNameError",
    "UsageError",
]

_MOST_LISTED = 12
"""Names listed in a message when none is close."""


class TelicError(Exception):
    """Base of every error raised for a user; its text is one clear sentence."""

    exit_code: int = 1


class UsageError(TelicError):
    """A command or function was called with arguments that make no sense together."""

    exit_code = 2


class UnknownNameError(UsageError):
    """A name that is not known; says which known one is closest.

    Attributes:
        kind: what was looked up, for example ``"strategy"``.
        name: the unknown name.
        known: every name that would have been accepted, sorted.
    """

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        self.kind = kind
        self.name = name
        self.known = tuple(sorted(known))
        super().__init__(f"unknown {kind} {name!r}{suggestion(name, self.known)}")


class ProblemError(TelicError):
    """A problem's files or declarations are missing, malformed or inconsistent."""

    exit_code = 3


class MarkerError(ProblemError):
    """EVOLVE-BLOCK markers are nested, unbalanced or enclose nothing.

    Attributes:
        file: name of the file.
        line: 1-based line of the offending marker.
    """

    def __init__(self, message: str, *, file: str, line: int) -> None:
        self.file = file
        self.line = line
        super().__init__(f"{file}:{line}: {message}")


class SeedError(ProblemError):
    """The seed artifact fails its own evaluation, so there is nothing to improve on."""


class JournalError(TelicError):
    """A journal cannot be read, written or continued."""

    exit_code = 4


class JournalVersionError(JournalError):
    """The journal was written by a newer version of Telic."""


class ReplayError(JournalError):
    """A recording is asked for an answer of a model that it does not hold."""


class JournalBusyError(JournalError):
    """Another process is writing this run."""


class StorageError(TelicError):
    """A folder cannot be written or the disk is full; what was recorded is intact."""

    exit_code = 5


class SandboxError(TelicError):
    """No sandbox worker could be started or kept alive: the fault is not a candidate's."""

    exit_code = 6


class MeasurementError(TelicError):
    """Answers, comparisons or votes are malformed, contradict each other or are too few."""

    exit_code = 7


def suggestion(name: str, known: Iterable[str]) -> str:
    """Return ``"; did you mean 'x'?"`` or, with nothing close, ``"; known: a, b"``."""
    import difflib  # here, so that a command line without mistakes starts sooner

    options = sorted(known)
    close = difflib.get_close_matches(name, options, n=1, cutoff=0.6)
    close += [option for option in options if name and option.startswith(name)]
    if close:
        return f"; did you mean {close[0]!r}?"
    listed = ", ".join(options[:_MOST_LISTED])
    more = len(options) - _MOST_LISTED
    listed += f" and {more} more" if more > 0 else ""
    return f"; known: {listed}" if options else ""
