"""Presets: published systems as small tables over the same parts, see ``presets.toml``."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import resources

import msgspec

from telic.component import Component
from telic.engine.models import chores_of, with_models
from telic.engine.novelty import novelty_of
from telic.engine.plan import DEFAULT_OPERATORS, DEFAULT_WINDOW, Plan
from telic.errors import UsageError, suggestion
from telic.registry import parse

__all__ = ["Preset", "find_preset", "operators_of_preset", "presets", "with_preset"]


class Preset(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One row of the table."""

    name: str
    about: str
    """One sentence."""
    source: str
    """Where the method comes from."""
    strategy: str
    """As written on the command line."""
    portfolio: str
    """As written on the command line."""
    operators: tuple[str, ...]
    """As written on the command line; those that ask a model and do not say which ask each."""
    embedded: bool = False
    """Whether all operators that need no model take part, too."""
    window: int = DEFAULT_WINDOW
    """Requests open at once."""
    novelty: str = "none"
    """As written on the command line."""


@cache
def presets() -> tuple[Preset, ...]:
    """Return all presets, the default one first."""
    import tomllib

    table = (resources.files("telic.engine") / "presets.toml").read_text(encoding="utf-8")
    rows = tomllib.loads(table)
    return tuple(msgspec.convert({"name": name} | row, Preset) for name, row in rows.items())


def find_preset(name: str) -> Preset:
    """Return a preset by its name.

    Raises:
        UsageError: if there is none of that name.
    """
    known = {preset.name: preset for preset in presets()}
    if name not in known:
        raise UsageError(
            f"there is no preset {name!r}{suggestion(name, known)}; there are: {', '.join(known)}"
        )
    return known[name]


def operators_of_preset(preset: Preset, models: Sequence[Component]) -> tuple[Component, ...]:
    """Return the operators of a preset, made for some models.

    A local model gets the small prompts that suit it instead of the preset's own operators, and
    writes no notes.

    Raises:
        UsageError: if there is no model, or one cannot be built.
    """
    if not models:
        raise UsageError(f"the preset {preset.name!r} asks a model: say which with --model")
    listed = [parse("operator", text) for text in preset.operators]
    plain = [Component("operator", name) for name in DEFAULT_OPERATORS if preset.embedded]
    chores = chores_of(listed)
    remote = [model for model in models if model.name != "local"]
    local = [model for model in models if model.name == "local"]
    arms = [*plain, *(operator for operator in listed if operator not in chores)]
    made = with_models(arms, remote) if remote else tuple(plain)
    if local:
        made += with_models((), local)
    return made + (with_models(chores, remote) if remote and chores else ())


def with_preset(plan: Plan, name: str, models: Sequence[Component]) -> Plan:
    """Return a plan with strategy, portfolio, operators, window, novelty and models of a preset.

    Raises:
        UsageError: if there is no such preset, no model, or a model cannot be built.
    """
    preset = find_preset(name)
    return msgspec.structs.replace(
        plan,
        strategy=parse("strategy", preset.strategy),
        portfolio=parse("portfolio", preset.portfolio),
        operators=operators_of_preset(preset, models),
        window=preset.window,
        novelty=novelty_of(preset.novelty),
        models=tuple(models),
    )
