"""What a recipe returns: the claim, what was measured, and the verdict that follows from it."""

from __future__ import annotations

import msgspec

from telic import __version__
from telic.errors import MeasurementError
from telic.recipes._arm import Arm
from telic.recipes._effect import Effect, Verdict, worst
from telic.recipes._plot import Plot

__all__ = ["Cell", "Report", "Table"]

Cell = str | int | float | None


class Table(msgspec.Struct, frozen=True):
    """Figures beside the effect."""

    title: str
    """What it shows."""
    columns: list[str]
    """Headings."""
    rows: list[list[Cell]]
    """Each as long as ``columns``; ``None`` where there is no number."""

    def __post_init__(self) -> None:
        uneven = [row for row in self.rows if len(row) != len(self.columns)]
        if uneven:
            raise MeasurementError(
                f"table {self.title!r} has {len(self.columns)} columns but a row {uneven[0]}"
            )


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """The result of one reproduction: what ``telic reproduce NAME --json`` gives.

    Raises:
        MeasurementError: if two arms share a name or an effect names an arm that is not there.
    """

    recipe: str
    """Its name."""
    claim: str
    """What the paper claims, in one sentence of our own."""
    reference: str
    """Of the paper."""
    measured: str
    """What is measured here, and at what scale."""
    is_quick: bool = False
    """Whether this is the quick form: a check that everything runs, too small to judge by."""
    seed: int
    """Root of every random draw."""
    unit: str = "seed"
    """What arms are paired over: ``seed``, ``problem``, ``respondent`` and so on."""
    arms: list[Arm]
    """The conditions and what each gave."""
    effects: list[Effect]
    """Each part of the claim; at least one."""
    verdict: Verdict = "not reproduced"
    """Computed: the weakest verdict of all effects."""
    tables: list[Table] = []
    """Figures beside the effects."""
    plots: list[Plot] = []
    """Data of the plots; ``--report`` draws them."""
    notes: list[str] = []
    """What a reader must know to read the numbers rightly."""
    settings: dict[str, bool | int | float | str]
    """Of the recipe; those that are lists are written as text."""
    telic: str = __version__
    """Version that measured it."""
    seconds: float = 0.0
    """Wall-clock seconds."""

    def __post_init__(self) -> None:
        names = [arm.name for arm in self.arms]
        if len(set(names)) < len(names):
            raise MeasurementError(f"each arm needs a name of its own; got {names}")
        for effect in self.effects:
            for name in (effect.treatment, effect.baseline):
                if name not in names:
                    raise MeasurementError(f"an effect is about arm {name!r}; arms: {names}")
        verdict = worst([effect.verdict for effect in self.effects])
        msgspec.structs.force_setattr(self, "verdict", verdict)
