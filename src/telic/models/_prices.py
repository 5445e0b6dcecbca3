"""What tokens cost.

The table holds providers' list prices as a public collection had them on one day. Nothing checks
them when a run begins: prices change, resellers have their own, and long prompts, cached prompts
and batches are charged otherwise. The setting ``price`` of a model overrides the table, and so
does a file of one's own that ``TELIC_PRICES`` names. A model that neither knows has no price, and
a budget of money refuses it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from telic.errors import UsageError
from telic.models.base import Usage

__all__ = ["PRICES_AS_OF", "PRICES_SOURCE", "Price", "about_prices", "cost_of", "price_of"]

Price = tuple[float, float]
"""US dollars for a million prompt tokens and for a million reply tokens."""

PRICES_AS_OF = "2026-08-05"
"""Day of the collection that the table was taken from."""
PRICES_SOURCE = "https://www.llm-prices.com"
"""The collection: revision 723ef0b of its data. Where others contradict it (o3), no price is
listed."""
_OWN_PRICES = "TELIC_PRICES"

_LIST: dict[str, Price] = {
    "claude-3-5-haiku": (0.80, 4.00),
    "claude-haiku-4-5": (1.00, 5.00),
    "claude-opus-4": (15.00, 75.00),
    "claude-opus-4-1": (15.00, 75.00),
    "claude-opus-4-5": (5.00, 25.00),
    "claude-opus-4-6": (5.00, 25.00),
    "claude-opus-4-7": (5.00, 25.00),
    "claude-opus-4-8": (5.00, 25.00),
    "claude-sonnet-4-5": (3.00, 15.00),
    "deepseek-chat": (0.27, 1.10),
    "deepseek-reasoner": (0.55, 2.19),
    "deepseek-v4-flash": (0.14, 0.28),
    "deepseek-v4-pro": (1.74, 3.48),
    "gemini-2.0-flash": (0.10, 0.40),
    "gemini-2.5-flash": (0.30, 2.50),
    "gemini-2.5-flash-lite": (0.10, 0.40),
    "gemini-2.5-pro": (1.25, 10.00),
    "gemini-3-flash-preview": (0.50, 3.00),
    "gemini-3-pro-preview": (2.00, 12.00),
    "gemini-3.5-flash": (1.50, 9.00),
    "gemini-3.5-flash-lite": (0.30, 2.50),
    "gemini-3.6-flash": (1.50, 7.50),
    "gpt-4.1": (2.00, 8.00),
    "gpt-4.1-mini": (0.40, 1.60),
    "gpt-4.1-nano": (0.10, 0.40),
    "gpt-4o": (2.50, 10.00),
    "gpt-4o-mini": (0.15, 0.60),
    "gpt-5": (1.25, 10.00),
    "gpt-5-mini": (0.25, 2.00),
    "gpt-5-nano": (0.05, 0.40),
    "gpt-5.1": (1.25, 10.00),
    "gpt-5.2": (1.75, 14.00),
    "gpt-5.4": (2.50, 15.00),
    "gpt-5.4-mini": (0.75, 4.50),
    "gpt-5.4-nano": (0.20, 1.25),
    "gpt-5.5": (5.00, 30.00),
    "gpt-5.6-luna": (0.20, 1.20),
    "gpt-5.6-sol": (5.00, 30.00),
    "gpt-5.6-terra": (2.00, 12.00),
    "o3-mini": (1.10, 4.40),
    "o4-mini": (1.10, 4.40),
}
_DATE = re.compile(r"[-@](\d{4}-?\d{2}-?\d{2}|latest)")
"""What may follow a name without making it another model."""


def list_price(model: str, prices: Mapping[str, Price] = _LIST) -> Price | None:
    """Return a model's price in a table, or ``None`` if the table does not have it.

    ``vendor/name`` counts as ``name``, ``name-2025-04-14`` and ``name-latest`` do, and so does
    ``claude-opus-4.5`` for ``claude-opus-4-5``.
    """
    name = _plain(model.rpartition("/")[2])
    for known, price in prices.items():
        rest = name.removeprefix(_plain(known))
        if rest == "" or (rest != name and _DATE.fullmatch(rest)):
            return price
    return None


def price_of(
    model: str,
    given: Sequence[float] | None,
    *,
    is_free: bool,
    environment: Mapping[str, str],
) -> Price | None:
    """Return the price in force, ``None`` if it is not known.

    It is the given one, else that in the user's own file, else nothing for a free model, else the
    list's.

    Args:
        model: its name.
        given: with the model.
        is_free: whether tokens cost nothing unless a price is given.
        environment: ``TELIC_PRICES`` in it names the user's file.

    Raises:
        UsageError: if a price is not two numbers of 0 or more, or the file cannot be read.
    """
    if given is not None:
        return _checked("price", given)
    own = list_price(model, own_prices(environment))
    if own is not None:
        return own
    return (0.0, 0.0) if is_free else list_price(model)


def own_prices(environment: Mapping[str, str]) -> dict[str, Price]:
    """Return the prices in the user's file, a TOML file of lines ``"NAME" = [PROMPT, REPLY]``.

    Raises:
        UsageError: if it cannot be read or a price is not two numbers of 0 or more.
    """
    path = environment.get(_OWN_PRICES)
    if not path:
        return {}
    try:
        data: dict[str, Any] = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{_OWN_PRICES}: {path} cannot be read: {error}") from error
    return {name: _checked(f"{path}: {name!r}", price) for name, price in data.items()}


def about_prices(environment: Mapping[str, str]) -> str:
    """Return where prices come from, for people.

    Raises:
        UsageError: if the user's own file cannot be read.
    """
    own = own_prices(environment)
    first = f"{len(own)} of your own from {environment[_OWN_PRICES]}, then " if own else ""
    return (
        f"{first}list prices of {len(_LIST)} models as of {PRICES_AS_OF} ({PRICES_SOURCE}), not "
        "checked since; price=[PROMPT,REPLY] of a model overrides them"
    )


def cost_of(price: Price | None, usage: Usage) -> float | None:
    """Return what tokens cost in US dollars, ``None`` without a price."""
    if price is None:
        return None
    return (price[0] * usage.prompt + price[1] * usage.reply) / 1e6


def _plain(name: str) -> str:
    return name.replace(".", "-")


def _checked(what: str, given: Any) -> Price:
    is_pair = isinstance(given, Sequence) and not isinstance(given, str) and len(given) == 2
    if is_pair and all(isinstance(dollars, int | float) and dollars >= 0 for dollars in given):
        return (float(given[0]), float(given[1]))
    raise UsageError(
        f"{what} needs two numbers, US dollars for a million prompt tokens and for a million "
        f"reply tokens, 0 or more; got {given!r}"
    )
