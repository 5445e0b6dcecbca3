"""The end of a run: checked again, told, and how to go on."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import msgspec

from telic.artifact import Artifact
from telic.cli._drive import Signals, with_signals
from telic.cli._exit import CHECK_FAILED, FINISHED, INTERRUPTED
from telic.cli._json import emit
from telic.cli._text import harmless
from telic.engine.run import Runtime
from telic.engine.summary import Summary, summarise
from telic.engine.verify import Verification, verify_best
from telic.errors import TelicError
from telic.journal import Header, Journal

__all__ = ["RunDocument", "finish"]

_DIFF_LINES = 24


class RunDocument(Summary, frozen=True, kw_only=True):
    """What ``telic run --json`` and ``telic resume --json`` give: a summary, and its check."""

    verification: Verification | None
    """The best candidate evaluated again in a new sandbox; ``None`` if there is none, or the
    check was interrupted."""


def finish(path: Path, signals: Signals, *, quiet: bool, as_json: bool) -> int:
    """Verify the best again, report the run and return the exit code.

    Args:
        path: the run's journal.
        signals: what came while it ran; after an urgent one nothing is verified.
        quiet: whether the report is two lines.
        as_json: whether the report is one JSON object.
    """
    verification, trouble = (None, "") if signals.is_urgent else _verify(path, signals)
    with Journal.resume(path) as journal:
        if verification is not None:
            journal.append_event("verified", msgspec.to_builtins(verification))
        summary, header = summarise(journal), journal.header
        best = journal.best()
    if as_json:
        emit(_document(summary, verification))
    else:
        artifact = None if best is None else best.candidate.artifact
        _report(summary, header, artifact, verification, trouble, quiet=quiet)
    if signals.is_stopped:
        return INTERRUPTED
    failed = trouble or (verification is not None and not verification.agrees)
    return CHECK_FAILED if failed else FINISHED


def _verify(path: Path, signals: Signals) -> tuple[Verification | None, str]:
    """Return the verification, or why there is none."""
    try:
        return with_signals(lambda: verify_best(path, Runtime()), signals), ""
    except KeyboardInterrupt:
        return None, "interrupted"
    except TelicError as error:
        return None, str(error)


def _document(summary: Summary, verification: Verification | None) -> RunDocument:
    fields = {name: getattr(summary, name) for name in summary.__struct_fields__}
    return RunDocument(**fields, verification=verification)


def _report(
    summary: Summary,
    header: Header,
    best: Artifact | None,
    verification: Verification | None,
    trouble: str,
    *,
    quiet: bool,
) -> None:
    from rich.text import Text

    from telic.cli import _report as parts
    from telic.cli._console import console_for, show
    from telic.cli._diff import diff_lines

    console = console_for(sys.stdout)
    show(console, parts.headline(summary))
    if verification is not None:
        show(console, parts.verification_line(verification, verified=summary.verified))
        if verification.held_out is not None:
            show(console, parts.held_out_line(verification.held_out))
    elif trouble:
        show(console, Text(f"NOT verified: {harmless(trouble)}", style="bold red"))
    if quiet:
        return
    known = parts.known_line(summary, header.problem)
    show(console, *([known] if known is not None else []), *parts.spending(summary))
    name = shlex.quote(summary.journal)
    if best is not None and summary.best is not None:
        label = f"candidate {summary.best.candidate}"
        lines = diff_lines(header.problem.seed, best, label=label)
        show(console, Text(), parts.diff_text(lines, _DIFF_LINES))
        if len(lines) > _DIFF_LINES:
            show(console, Text(f"  all of it: telic show {name} --diff", style="dim"))
    suffix = Path(header.problem.seed.name).suffix
    target = f"best{suffix}" if len(header.problem.seed.files) == 1 else "best/"
    show(
        console,
        Text(),
        Text(f"look at it   telic show {name}"),
        Text(f"take it      telic best {name} -o {target}"),
        Text(f"go on        telic resume {name} {_more(summary, header)}"),
    )


def _more(summary: Summary, header: Header) -> str:
    """Return a budget twice as large as the one that is spent, as options."""
    budget = header.settings.get("budget", {})
    if budget.get("evaluations") is not None:
        return f"--evaluations {max(1, 2 * int(budget['evaluations']))}"
    return f"--seconds {max(10, 2 * round(summary.seconds))}"
