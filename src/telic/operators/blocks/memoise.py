"""Remembering results."""

from collections.abc import Callable
from typing import Any


def memoise(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compute each result once; arguments are told apart by their text."""
    known: dict[str, Any] = {}

    def remembered(*arguments: Any) -> Any:
        key = repr(arguments)
        if key not in known:
            known[key] = function(*arguments)
        return known[key]

    return remembered
