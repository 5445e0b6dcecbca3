"""What tokens cost.

List prices change and resellers have their own: they are a starting point, which the setting
``price`` of a model overrides.
"""

from __future__ import annotations

from collections.abc import Sequence

from telic.errors import UsageError
from telic.models.base import Usage

__all__ = ["Price", "cost_of", "list_price", "price_of"]

Price = tuple[float, float]
"""US dollars for a million prompt tokens and for a million reply tokens."""

_LIST: dict[str, Price] = {
    "claude-3-5-haiku": (0.80, 4.00),
    "claude-haiku-4": (1.00, 5.00),
    "claude-opus-4": (15.00, 75.00),
    "claude-sonnet-4": (3.00, 15.00),
    "deepseek-chat": (0.27, 1.10),
    "deepseek-reasoner": (0.55, 2.19),
    "gemini-2.0-flash": (0.10, 0.40),
    "gemini-2.5-flash": (0.30, 2.50),
    "gemini-2.5-pro": (1.25, 10.00),
    "gpt-4.1": (2.00, 8.00),
    "gpt-4.1-mini": (0.40, 1.60),
    "gpt-4.1-nano": (0.10, 0.40),
    "gpt-4o": (2.50, 10.00),
    "gpt-4o-mini": (0.15, 0.60),
    "gpt-5": (1.25, 10.00),
    "gpt-5-mini": (0.25, 2.00),
    "gpt-5-nano": (0.05, 0.40),
    "o3": (2.00, 8.00),
    "o4-mini": (1.10, 4.40),
}
"""Providers' list prices of 2025, by name of the model; dated names begin with one of these."""


def list_price(model: str) -> Price | None:
    """Return the list price of a model, or ``None`` if the table does not have it.

    ``vendor/name`` counts as ``name``, and ``name-2025-04-14`` or ``name-latest`` too.
    """
    name = model.rpartition("/")[2]
    for known in sorted(_LIST, key=len, reverse=True):
        rest = name.removeprefix(known)
        if rest == "" or (rest != name and rest[:1] in "-@" and rest[1:2].isdigit()):
            return _LIST[known]
        if rest == "-latest":
            return _LIST[known]
    return None


def price_of(model: str, given: Sequence[float] | None, *, is_free: bool) -> Price | None:
    """Return the price in force: the given one, none for a free model, or the list's.

    Raises:
        UsageError: if the given price is not two numbers of 0 or more.
    """
    if given is None:
        return (0.0, 0.0) if is_free else list_price(model)
    if len(given) != 2 or not all(dollars >= 0 for dollars in given):
        raise UsageError(
            "price needs two numbers, US dollars for a million prompt tokens and for a million "
            f"reply tokens, 0 or more; got {list(given)}"
        )
    return (float(given[0]), float(given[1]))


def cost_of(price: Price | None, usage: Usage) -> float | None:
    """Return what tokens cost in US dollars, ``None`` without a price."""
    if price is None:
        return None
    return (price[0] * usage.prompt + price[1] * usage.reply) / 1e6
