"""Small pure steps from values to words, safe to show in a terminal."""

from __future__ import annotations

import math
import re

__all__ = [
    "count",
    "duration",
    "exactly",
    "gap",
    "harmless",
    "number",
    "one_line",
    "plural",
    "rate",
    "signed",
]

# C0 and C1 control characters but tab and newline, bidirectional overrides and isolates,
# line separators, and lone surrogates, which no terminal can encode.
_HARMFUL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufeff]"
)


def harmless(text: str) -> str:
    r"""Return untrusted text with everything that could steer a terminal spelled out.

    An escape character becomes the four characters ``\x1b``.
    """
    return _HARMFUL.sub(_spelled, text.replace("\r\n", "\n"))


def _spelled(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def one_line(text: str, width: int) -> str:
    """Return harmless text on one line of at most ``width`` characters."""
    line = " ".join(harmless(text).split())
    return line if len(line) <= width else line[: max(0, width - 1)] + "…"


def number(value: float | None, digits: int = 7) -> str:
    """Return a score in so many significant digits, or ``none``."""
    return "none" if value is None else f"{value:.{digits}g}"


def exactly(value: float) -> str:
    """Return the shortest digits that give the very same number again."""
    return repr(value)


def signed(value: float, digits: int = 4) -> str:
    """Return a difference with its sign."""
    return f"{value:+.{digits}g}"


def count(value: int) -> str:
    """Return a count with separators."""
    return f"{value:,}"


def plural(value: int, word: str) -> str:
    """Return a count and its word: ``1 line``, ``2 lines``."""
    return f"{count(value)} {word}" + ("" if value == 1 else "s")


def rate(value: float) -> str:
    """Return events a second, in about three digits."""
    return f"{value:,.0f}/s" if value >= 100 else f"{value:.3g}/s"


def duration(seconds: float) -> str:
    """Return a time span for people: ``0.35 s``, ``7.2 s``, ``1 min 5 s``, ``2 h 3 min``."""
    if not math.isfinite(seconds):
        return "unknown"
    if seconds < 9.95:
        return f"{seconds:.2f} s" if seconds < 0.995 else f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def gap(value: float, known: float, *, higher_is_better: bool) -> str:
    """Return how far a score is from the best known one, for example ``0.0988 (3.75 %)``."""
    missing = known - value if higher_is_better else value - known
    share = f" ({abs(missing / known):.2%})".replace("%", " %") if known else ""
    if missing > 0:
        return f"{missing:.4g}{share} short of it"
    return "equal to it" if missing == 0 else f"{-missing:.4g}{share} better than it"
