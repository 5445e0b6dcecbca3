"""A recipe as an object, its settings, and where recipes are found by name."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Generic, TypeVar

import msgspec

from telic import registry
from telic.errors import UsageError
from telic.recipes._arm import Arm
from telic.recipes._effect import Effect
from telic.recipes._plot import Plot
from telic.recipes._report import Report, Table

__all__ = ["Progress", "Recipe", "Settings", "load", "names", "quiet"]

Progress = Callable[[float, str], None]
"""Told how much is done, a share of 0 to 1, and what is being done, in a few words."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Base of every recipe's ``Config``."""

    seed: int = 0
    """Root of every random draw."""


Config = TypeVar("Config", bound=Settings)


@dataclass(frozen=True, kw_only=True)
class Recipe(Generic[Config]):
    """A published method's claim and the experiment that checks it.

    The module that defines it explains it: its docstring says in our own words what the paper
    claims and what is measured here at what scale.
    """

    name: str
    """As ``telic reproduce`` calls it; also the module's name, with ``-`` for ``_``."""
    claim: str
    """What the paper claims, in one sentence of our own."""
    reference: str
    """Authors, year, title, where it was published."""
    measured: str
    """What is measured here and at what scale, in one or two sentences."""
    run: Callable[[Config, Progress], Report]
    full: Config
    """The form that is judged by."""
    quick: Config
    """The form that shows within 20 seconds that everything runs."""
    minutes: float
    """Measured time of the full form on two cores."""

    @property
    def explanation(self) -> str:
        """The docstring of the module that defines the recipe."""
        return inspect.cleandoc(sys.modules[self.run.__module__].__doc__ or "")

    def report(
        self,
        config: Config,
        *,
        arms: Sequence[Arm],
        effects: Sequence[Effect],
        unit: str = "seed",
        tables: Sequence[Table] = (),
        plots: Sequence[Plot] = (),
        notes: Sequence[str] = (),
    ) -> Report:
        """Return a report of this recipe; what is not said here follows from the numbers.

        Raises:
            MeasurementError: if arms and effects do not fit together.
        """
        return Report(
            recipe=self.name,
            claim=self.claim,
            reference=self.reference,
            measured=self.measured,
            is_quick=msgspec.structs.replace(config, seed=self.quick.seed) == self.quick,
            seed=config.seed,
            unit=unit,
            arms=list(arms),
            effects=list(effects),
            tables=list(tables),
            plots=list(plots),
            notes=list(notes),
            settings={
                name: _plain(value)
                for name, value in msgspec.structs.asdict(config).items()
                if name != "seed"
            },
        )

    def reproduce(self, config: Config, progress: Progress) -> Report:
        """Run the experiment and return its report, with the time it took.

        Raises:
            TelicError: whatever its parts raise.
        """
        began = perf_counter()
        report = self.run(config, progress)
        progress(1.0, "done")
        return msgspec.structs.replace(report, seconds=round(perf_counter() - began, 1))

    def form(self, *, is_quick: bool, seed: int | None = None) -> Config:
        """Return the quick or the full settings, with another seed if one is given."""
        config = self.quick if is_quick else self.full
        return config if seed is None else msgspec.structs.replace(config, seed=seed)


def names() -> tuple[str, ...]:
    """Return the names of all recipes, bundled and installed, sorted."""
    return tuple(sorted(registry.known("recipe")))


def load(name: str) -> Recipe[Any]:
    """Import a recipe.

    Raises:
        UnknownNameError: if there is none of that name.
        UsageError: if a plug-in's reference is not a recipe.
    """
    found = registry.factory("recipe", name)
    if not isinstance(found, Recipe):
        raise UsageError(f"recipe {name!r} is a {type(found).__name__}, not a telic.recipes.Recipe")
    return found  # pyright: ignore[reportUnknownVariableType]


def quiet(_share: float, _doing: str, /) -> None:
    """Tell nobody: a progress for tests and scripts."""


def _plain(value: Any) -> bool | int | float | str:
    if isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list | tuple | frozenset):
        return ", ".join(str(_plain(part)) for part in value)
    return str(value)
