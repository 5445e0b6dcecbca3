"""The Pareto front of a run whose objective is one, as a table."""

from __future__ import annotations

from rich.table import Table

from telic.cli._text import number, one_line
from telic.journal import Journal
from telic.objectives import crowding_distances, front, knee

__all__ = ["front_table"]

_MOST = 12


def front_table(journal: Journal) -> Table:
    """Return the candidates that no other dominates, those that stand most alone if too many."""
    terms = journal.header.problem.objective.terms
    ids: list[int] = []
    points: list[tuple[float, ...]] = []
    for entry in journal.entries(with_artifacts=False):
        record = entry.record
        if record.fitness is None or record.outcome != "evaluated" or record.evaluation is None:
            continue
        metrics = record.evaluation.metrics
        ids.append(record.candidate.id)
        points.append(tuple(metrics[t.metric] * (-1) ** (t.direction == "minimize") for t in terms))
    kept = front(points)
    distances = crowding_distances([points[i] for i in kept])
    alone = sorted(zip(kept, distances, strict=True), key=lambda pair: -pair[1])[:_MOST]
    middle = knee(points) if points else None
    table = Table(box=None, padding=(0, 3, 0, 0), header_style="dim")
    table.add_column(f"front ({len(alone)} of {len(kept)})")
    for term in terms:
        table.add_column(one_line(f"{term.direction} {term.metric}", 40), justify="right")
    for i in sorted((i for i, _ in alone), key=lambda i: points[i]):
        values = [abs(v) if v == 0 else v for v in points[i]]
        turned = [
            -v if t.direction == "minimize" else v for v, t in zip(values, terms, strict=True)
        ]
        label = f"candidate {ids[i]}" + (" (knee)" if i == middle else "")
        table.add_row(label, *(number(value, 8) for value in turned))
    return table
