"""Recipes: each a published method as one short file, with its claim as a measured experiment.

A method lives in the library, where users can use it on problems of their own; its recipe only
stages it: it builds the arms that the claim is about, runs them under equal budgets over the same
seeds, and returns a :class:`Report` whose verdict is computed from the numbers. What recipes share
is here; a recipe is a module of this package or of anyone else's, registered under a name
(entry-point group ``telic.recipe``).
"""

from __future__ import annotations

from telic.recipes._arm import Arm
from telic.recipes._base import Progress, Recipe, Settings, load, names, quiet
from telic.recipes._effect import Effect, Threshold, Verdict, at_least, compare_arms, within
from telic.recipes._plot import Plot, Series, arms_plot, draw
from telic.recipes._report import Cell, Report, Table
from telic.recipes._text import effect_line, lines
from telic.recipes._write import write_report

__all__ = [
    "Arm",
    "Cell",
    "Effect",
    "Plot",
    "Progress",
    "Recipe",
    "Report",
    "Series",
    "Settings",
    "Table",
    "Threshold",
    "Verdict",
    "arms_plot",
    "at_least",
    "compare_arms",
    "draw",
    "effect_line",
    "lines",
    "load",
    "names",
    "quiet",
    "within",
    "write_report",
]
