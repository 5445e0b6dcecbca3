"""Readable reasons for what goes wrong inside a candidate.

Written without the ``traceback`` module, whose import would double the zygote.
"""

from __future__ import annotations

from .frames import FAILURE, frame
from .wire import WireError, encode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["OUT_OF_MEMORY", "Refusal", "describe", "describe_syntax"]

_MAX_TEXT = 500
_MAX_LINE = 120
_MAX_FRAMES = 5
_NO_MEMORY = "MemoryError: the memory limit was reached"

OUT_OF_MEMORY = frame(FAILURE, encode(("memory", _NO_MEMORY)))
"""A ready-made failure, for when there is no memory left to make one."""


class Refusal(Exception):  # noqa: N818
    """A failure that is already put into words."""

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(kind, reason)
        self.kind = kind
        self.reason = reason


def describe(error: BaseException, sources: Mapping[str, str]) -> tuple[str, str]:
    """Return a failure's kind and reason.

    Args:
        error: what was caught.
        sources: the candidate's files by path; only their lines are quoted.
    """
    if isinstance(error, Refusal):
        return error.kind, error.reason
    if isinstance(error, WireError):
        return "output", str(error)
    if isinstance(error, SyntaxError) and error.filename in sources:
        return "syntax", describe_syntax(error, str(error.filename))
    if isinstance(error, MemoryError):
        return "memory", _NO_MEMORY + _where(error, sources)
    if isinstance(error, SystemExit):
        return "exit", f"SystemExit({_text(error.code, repr)})" + _where(error, sources)
    name = type(error).__name__
    message = _text(error, str)
    return "exception", (f"{name}: {message}" if message else name) + _where(error, sources)


def describe_syntax(error: SyntaxError, file: str) -> str:
    """Return what the compiler said of a file, with the line that it pointed to."""
    line = (error.text or "").strip()[:_MAX_LINE]
    where = f"\n  {file.rpartition('/')[2]}:{error.lineno}: {line}" if error.lineno else ""
    return f"{type(error).__name__}: {error.msg}{where}"


def _where(error: BaseException, sources: Mapping[str, str]) -> str:
    """Return one line for each of the candidate's innermost frames, outermost first."""
    lines: list[str] = []
    step = error.__traceback__
    while step is not None:
        code = step.tb_frame.f_code
        text = sources.get(code.co_filename)
        if text is not None:
            rows = text.split("\n")
            number = step.tb_lineno
            row = rows[number - 1].strip()[:_MAX_LINE] if 0 < number <= len(rows) else ""
            name = code.co_filename.rpartition("/")[2]
            lines.append(f"\n  {name}:{number} in {code.co_name}: {row}")
        step = step.tb_next
    if len(lines) > _MAX_FRAMES:
        lines = [lines[0], "\n  ...", *lines[1 - _MAX_FRAMES :]]
    return "".join(lines)


def _text(value: object, show: Callable[[object], str]) -> str:
    """Return a short text of a value whose own methods may misbehave."""
    try:
        text = show(value)
    except BaseException:
        return f"<unprintable {type(value).__name__}>"
    text = "".join(text[: _MAX_TEXT + 1]).encode("utf-8", "replace").decode()
    return text if len(text) <= _MAX_TEXT else text[:_MAX_TEXT] + "..."
