"""A component by kind, name and arguments: what the registry builds and a journal records."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

__all__ = ["KINDS", "Component", "Kind"]

Kind = Literal[
    "strategy", "operator", "portfolio", "critic", "model", "format", "problem", "recipe"
]
KINDS: tuple[Kind, ...] = Kind.__args__


class Component(msgspec.Struct, frozen=True):
    """A factory's kind and name with the arguments it is called with."""

    kind: Kind
    name: str
    arguments: dict[str, Any] = {}
