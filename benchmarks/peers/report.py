"""Tables of a comparison: cost, quality after so many calls and evaluations, differences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import fmean, median
from typing import Any, Protocol

from summary import Line, best_after, best_when, interval, paired

__all__ = ["printed", "tabulated"]

OURS = ("telic", "telic-8", "hybrid", "hybrid-10")


class Run(Protocol):
    """What is needed of a run."""

    system: str
    task: str
    seed: int
    lines: list[Line]
    calls: list[float]
    began: float
    ended: float
    cpu: float


def tabulated(
    runs: Sequence[Any], systems: Sequence[str], tasks: Sequence[str], marks: Sequence[int]
) -> dict[str, Any]:
    """Return all figures as plain data.

    Args:
        runs: every run, as in :class:`Run`.
        systems: in the order of the rows.
        tasks: in the order of the tables.
        marks: numbers of calls and of evaluations after which the best is told.
    """
    ways: dict[str, Callable[[Run, int], float | None]] = {
        "calls": lambda run, mark: best_when(run.lines, run.calls, mark),
        "evaluations": lambda run, mark: best_after(run.lines, mark),
    }
    figures: dict[str, Any] = {"marks": list(marks), "cost": [], "best": [], "differences": []}
    for task in tasks:
        here = [run for run in runs if run.task == task and run.lines]
        for system in systems:
            own = [run for run in here if run.system == system]
            if own:
                figures["cost"].append(_cost(task, system, own))
        for way, best in ways.items():
            table = {
                (system, mark): {
                    run.seed: value
                    for run in here
                    if run.system == system and (value := best(run, mark)) is not None
                }
                for system in systems
                for mark in marks
            }
            figures["best"] += [
                _best(task, way, system, mark, list(values.values()))
                for (system, mark), values in table.items()
                if values and (way == "evaluations" or system != "hybrid")
            ]
            figures["differences"] += _differences(task, way, systems, marks, table)
    return figures


def _cost(task: str, system: str, runs: Sequence[Run]) -> dict[str, Any]:
    counts = [len(run.lines) for run in runs]
    return {
        "task": task,
        "system": system,
        "seeds": len(runs),
        "evaluations": fmean(counts),
        "calls": fmean(len(run.calls) for run in runs),
        "failed": fmean(sum(line.score is None for line in run.lines) for run in runs),
        "evaluations_per_second": median(
            (len(run.lines) - 1) / max(run.lines[-1].at - run.lines[0].at, 1e-9) for run in runs
        ),
        "cpu_ms_per_evaluation": 1000 * sum(run.cpu for run in runs) / sum(counts),
        "first_evaluation_seconds": median(run.lines[0].at - run.began for run in runs),
    }


def _best(task: str, way: str, system: str, mark: int, values: Sequence[float]) -> dict[str, Any]:
    mean, low, high = interval(values)
    return {
        "task": task,
        "per": way,
        "system": system,
        "after": mark,
        "mean": mean,
        "low": low,
        "high": high,
        "least": min(values),
        "most": max(values),
        "seeds": len(values),
    }


def _differences(
    task: str,
    way: str,
    systems: Sequence[str],
    marks: Sequence[int],
    table: dict[tuple[str, int], dict[int, float]],
) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for ours in OURS:
        for other in systems:
            if ours not in systems or other in OURS or (ours == "hybrid" and way == "calls"):
                continue
            for mark in marks:
                found = paired(table[ours, mark], table[other, mark])
                if found is not None:
                    names = {"task": task, "per": way, "ours": ours, "other": other, "after": mark}
                    rows.append(names | found._asdict())
    return rows


def printed(figures: dict[str, Any]) -> str:
    """Return the figures as tables for people."""
    lines = [
        f"{'':9}{'':12}{'evaluations':>12}{'calls':>7}{'failed':>8}{'eval/s':>8}"
        f"{'CPU ms/eval':>13}{'first eval':>12}"
    ]
    lines += [
        f"{row['task']:9}{row['system']:12}{row['evaluations']:12.0f}{row['calls']:7.0f}"
        f"{row['failed'] / row['evaluations']:8.0%}{row['evaluations_per_second']:8.1f}"
        f"{row['cpu_ms_per_evaluation']:13.1f}{row['first_evaluation_seconds']:10.2f} s"
        for row in figures["cost"]
    ]
    for way in ("calls", "evaluations"):
        lines += ["", f"best after so many {way}: mean over seeds, half of the 95 % interval"]
        lines.append(" " * 27 + "".join(f"{mark:>17}" for mark in figures["marks"]))
        rows = [row for row in figures["best"] if row["per"] == way]
        for key in dict.fromkeys((row["task"], row["system"], row["seeds"]) for row in rows):
            cells = [
                f"{row['mean']:.4f} ±{(row['high'] - row['low']) / 2:.4f}"
                for row in rows
                if (row["task"], row["system"], row["seeds"]) == key
            ]
            lines.append(
                f"{key[0]:9}{key[1]:12}{key[2]:>2} seeds" + "".join(f"{c:>17}" for c in cells)
            )
        lines += ["", f"difference after {figures['marks'][-1]} {way}: mean [95 %], wins-losses"]
        lines += [
            f"{row['task']:9}{row['ours']:>8} - {row['other']:11}{row['mean']:+.4f} "
            f"[{row['low']:+.4f}, {row['high']:+.4f}]  {row['wins']}-{row['losses']}"
            f" of {row['pairs']}"
            for row in figures["differences"]
            if row["per"] == way and row["after"] == figures["marks"][-1]
        ]
    return "\n".join(lines)
