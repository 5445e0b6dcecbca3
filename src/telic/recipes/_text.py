"""A report as plain lines of text."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap

from telic.recipes._arm import Arm
from telic.recipes._effect import Effect
from telic.recipes._report import Cell, Report

__all__ = ["effect_line", "lines"]

_WIDTH = 110
_MOST_VALUES = 12


def lines(report: Report) -> list[str]:
    """Return a report for people, without trailing blanks."""
    kind = "  quick form: shows that it runs, too small to judge by" if report.is_quick else ""
    parts = [f"{report.recipe}{kind}"]
    for label, text in (
        ("claim", report.claim),
        ("reference", report.reference),
        ("measured", report.measured),
    ):
        parts += _labelled(label, text)
    for metric in dict.fromkeys(arm.metric for arm in report.arms):
        parts += ["", metric, *_arms_table([a for a in report.arms if a.metric == metric])]
    for table in report.tables:
        cells = [[_cell(cell) for cell in row] for row in table.rows]
        parts += ["", table.title, *_table(table.columns, cells)]
    parts += ["", *(line for effect in report.effects for line in _effect_lines(effect, report))]
    for note in report.notes:
        parts += _labelled("note", note)
    parts += _labelled("verdict", f"{report.verdict}  ({report.seconds:.0f} s)")
    return [line.rstrip() for line in parts]


def effect_line(effect: Effect) -> str:
    """Return an effect as one sentence with its interval, pairs, threshold and verdict."""
    if effect.mean is None:
        return f"{effect.what}: no pair of values; {effect.verdict}"
    spread = ""
    if effect.interval is not None:
        spread = f", 95 % interval {effect.interval[0]:+.4g} to {effect.interval[1]:+.4g}"
    lost = f", {effect.failed} failed" if effect.failed else ""
    lost += f", {effect.unpaired} left out" if effect.unpaired else ""
    return (
        f"{effect.what}: {effect.treatment} against {effect.baseline} {effect.mean:+.4g}{spread} "
        f"({len(effect.differences)} pairs{lost}); needs {effect.threshold.describe()}: "
        f"{effect.verdict}"
    )


def _effect_lines(effect: Effect, report: Report) -> list[str]:
    return _labelled("effect", effect_line(effect).replace("pairs", f"{report.unit} pairs", 1))


def _arms_table(arms: Sequence[Arm]) -> list[str]:
    rows: list[list[str]] = []
    for arm in arms:
        values = " ".join(_cell(value) for value in arm.values[:_MOST_VALUES])
        more = len(arm.values) - _MOST_VALUES
        ends = arm.interval
        rows.append(
            [
                arm.name,
                str(sum(value is not None for value in arm.values)),
                _cell(arm.mean),
                "" if ends is None else f"{ends[0]:.4g} to {ends[1]:.4g}",
                values + (f" and {more} more" if more > 0 else ""),
            ]
        )
    return _table(["arm", "n", "mean", "95 % interval", "values"], rows)


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    everything = [list(columns), *map(list, rows)]
    widths = [max(len(row[k]) for row in everything) for k in range(len(columns))]
    return [
        "  "
        + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in everything
    ]


def _cell(cell: Cell) -> str:
    if cell is None:
        return "none"
    return f"{cell:.4g}" if isinstance(cell, float) else str(cell)


def _labelled(label: str, text: str) -> list[str]:
    folded = wrap(text, _WIDTH - 11) or [""]
    return [f"{label if k == 0 else '':<11}{line}" for k, line in enumerate(folded)]
