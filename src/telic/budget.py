"""What a run may spend, and what it has spent. Zero means zero; ``None`` means no bound."""

from __future__ import annotations

import msgspec

from telic.errors import UsageError

__all__ = ["Budget", "Spent", "exhausted"]


class Budget(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Bounds on a run; the first one reached ends it.

    Raises:
        UsageError: if a bound is negative or not a number.
    """

    evaluations: int | None = None
    """Scored program executions, a numeric operator's trials included."""
    seconds: float | None = None
    """Wall-clock seconds."""
    tokens: int | None = None
    """Model tokens, prompt and reply together."""
    money: float | None = None
    """Model cost in US dollars."""

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            value = getattr(self, name)
            if value is not None and not value >= 0:
                raise UsageError(f"budget {name} must be 0 or more; got {value}")


class Spent(msgspec.Struct):
    """What a run has used so far, in a :class:`Budget`'s units."""

    evaluations: int = 0
    seconds: float = 0.0
    tokens: int = 0
    money: float = 0.0


def exhausted(budget: Budget, spent: Spent, *, reserved: int = 0) -> str | None:
    """Return the name of the first bound that is reached, or ``None``.

    Args:
        budget: the bounds.
        spent: what was used.
        reserved: evaluations promised to work in flight, counted as used.
    """
    for name in budget.__struct_fields__:
        bound: float | None = getattr(budget, name)
        used: float = getattr(spent, name) + (reserved if name == "evaluations" else 0)
        if bound is not None and used >= bound:
            return name
    return None
