"""Where a tuner looks for a better literal: declared in a comment, or inferred.

A trailing comment on the literal's line declares it::

    rate = 0.3  # tune: 0.01..1 log
    depth = 4  # tune: 1..10
    VERSION = 7  # tune: off
"""

from __future__ import annotations

import io
import math
import re
import tokenize

import msgspec

__all__ = ["Domain", "declared_domains", "infer_domain", "whole_domain"]

_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_COMMENT = re.compile(rf"#\s*tune:\s*(?:(off)|({_NUMBER})\.\.({_NUMBER})(\s+log)?)\s*(?:#.*)?$")

_SMALL, _LARGE = 0.01, 100.0
"""Positive floats outside these bounds are sought by factors rather than by differences."""


class Domain(msgspec.Struct, frozen=True):
    """Bounds and scale of a slot."""

    unit: float = 1.0
    """A difference, or on a log scale a logarithm, that is neither tiny nor huge."""
    low: float = -math.inf
    high: float = math.inf
    is_log: bool = False


def declared_domains(text: str) -> dict[int, Domain | None]:
    """Return the declared domain of each line, from 1; ``None`` where tuning is off.

    A comment that is not understood, or whose bounds are not in order, declares nothing.
    """
    if "tune:" not in text:
        return {}
    domains: dict[int, Domain | None] = {}
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            match = _COMMENT.match(token.string) if token.type == tokenize.COMMENT else None
            if match is None:
                continue
            if match[1]:
                domains[token.start[0]] = None
                continue
            low, high, is_log = float(match[2]), float(match[3]), match[4] is not None
            if low < high < math.inf and not (is_log and low <= 0):
                span = math.log(high / low) if is_log else high - low
                domains[token.start[0]] = Domain(span / 2, low, high, is_log)
    except (tokenize.TokenError, SyntaxError):
        return {}
    return domains


def infer_domain(value: float, spread: float | None, *, is_integer: bool) -> Domain:
    """Guess a domain.

    Args:
        value: the literal.
        spread: how far the numbers of its list or column lie apart; ``None`` when it
            stands alone.
        is_integer: whether it is an ``int``.
    """
    size = abs(value)
    if is_integer:
        reach = max(4.0 * size, spread or 0.0, 8.0)
        unit = max(spread or size, 1.0)
        if spread is None and value > 0:
            return Domain(unit, 1.0, value + reach)
        return Domain(unit, value - reach, value + reach)
    if spread is None and value > 0 and not _SMALL < value < _LARGE:
        return Domain(1.0, is_log=True, low=5e-324)
    return Domain((size if spread is None else spread) or 1.0)


def whole_domain(domain: Domain) -> Domain | None:
    """Return the integers of a declared domain, or ``None`` if there are fewer than two."""
    low, high = math.ceil(domain.low), math.floor(domain.high)
    return Domain(max((high - low) / 2, 1.0), low, high) if low < high else None
