"""Problems as JSON documents, and those documents as text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from telic import problems as library
from telic.cli._text import harmless, number, one_line
from telic.objectives import Objective
from telic.problem import BestKnown, Feature, Limits, Problem
from telic.problems.records import Holding, gap, holdings

if TYPE_CHECKING:
    from rich.console import RenderableType

__all__ = ["ProblemDocument", "ProblemList", "list_lines", "page"]


class ProblemDocument(msgspec.Struct, frozen=True, kw_only=True):
    """What ``telic problems NAME --json`` gives."""

    name: str
    """What `telic run` calls it."""
    description: str
    """For people and models."""
    format: str
    """``telic``, ``openevolve`` or ``shinka``."""
    objective: str
    """For people, for example ``maximize score``."""
    metric: str
    """The metric that counts."""
    direction: str
    """``maximize`` or ``minimize``."""
    entry: str
    """Function that is called; empty when the text itself is the output."""
    files: list[str]
    """Files of the seed, the main one first."""
    deterministic: bool
    """As declared."""
    repeats: int
    """Executions with different random seeds that one evaluation averages."""
    stages: int
    """Of its cascade."""
    target: float | None
    """Value at which a run stops, if any."""
    best_known: BestKnown | None
    """Best published value, if one is named."""
    seed_score: float | None
    """Of the seed, for a bundled problem that has a record; ``None`` if infeasible."""
    record: float | None
    """Best score that our free operators have reached on a bundled problem, verified."""
    gap: float | None
    """From the record to the best known value, as a share of it; absolute where that is 0."""
    limits: Limits
    """Of one evaluation: see telic.problem.Limits."""
    features: list[Feature]
    """Behaviour dimensions: see telic.problem.Feature."""
    preload: list[str]
    """Packages that are imported beforehand."""
    verified: bool
    """Whether the score is computed outside the candidate's process."""
    folder: str | None
    """Where it was loaded from."""

    @classmethod
    def of(cls, problem: Problem) -> ProblemDocument:
        """Return what there is to say of a problem."""
        held = _holding(problem)
        return cls(
            name=problem.name,
            description=problem.description.strip(),
            format=problem.format,
            objective=Objective(problem.objective).describe(),
            metric=problem.objective.metric,
            direction=problem.objective.direction,
            entry=problem.entry,
            files=[name for name, _ in problem.seed.files],
            deterministic=problem.deterministic,
            repeats=problem.repeats,
            stages=len(problem.stages),
            target=problem.target,
            best_known=problem.best_known,
            seed_score=None if held is None else held.seed_score,
            record=None if held is None else held.score,
            gap=None if held is None else gap(problem, held.score),
            limits=problem.limits,
            features=list(problem.features),
            preload=list(problem.preload),
            verified=problem.is_verified,
            folder=problem.root,
        )


def _holding(problem: Problem) -> Holding | None:
    """Return our record on a bundled problem; a user's problem of the same name has none."""
    held = holdings().get(problem.name)
    is_bundled = held is not None and problem.root == str(library.folder(problem.name))
    return held if is_bundled else None


class ProblemList(msgspec.Struct, frozen=True):
    """What ``telic problems --json`` gives."""

    problems: list[ProblemDocument]
    """Sorted by name."""


def list_lines(documents: list[ProblemDocument], width: int | None) -> list[RenderableType]:
    """Return one line for each problem, cut at ``width`` if there is one."""
    from rich.text import Text

    room = max((len(document.name) for document in documents), default=0)
    lines: list[RenderableType] = [
        Text(f"{'problem':<{room}}  {_columns(*_HEADINGS)}", style="dim"),
    ]
    for document in documents:
        known = document.best_known
        figures = (
            number(document.seed_score, 6) if document.seed_score is not None else "",
            number(document.record, 8) if document.record is not None else "",
            number(known.value, 8) if known is not None else "",
            "" if document.gap is None else f"{document.gap:.2g}",
        )
        line = Text(f"{harmless(document.name):<{room}}  ", style="bold")
        line.append(_columns(document.direction, *figures, ""), style="not bold cyan")
        line.append(_first_sentence(document.description), style="not bold")
        if width is not None:
            line.truncate(width, overflow="ellipsis")
        lines.append(line)
    return lines


_HEADINGS = ("direction", "seed", "our record", "best known", "gap", "what it asks for")


def _columns(direction: str, *cells: str) -> str:
    *figures, last = cells
    widths = (11, 11, 11, 8)
    aligned = (f"{cell:>{width}}" for cell, width in zip(figures, widths, strict=True))
    return f"{direction:<8}  {'  '.join(aligned)}  {last}"


def _first_sentence(text: str) -> str:
    return one_line(text, 10_000).partition(". ")[0].removesuffix(".")


def page(document: ProblemDocument) -> list[RenderableType]:
    """Return everything about one problem."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, padding=(0, 3, 0, 0), show_header=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for label, value in _facts(document):
        table.add_row(label, harmless(str(value)))
    return [
        Text(harmless(document.name), style="bold"),
        Text(one_line(document.description, 100_000)),
        Text(),
        table,
        Text(),
        Text(f"telic run {harmless(document.name)}"),
    ]


def _facts(document: ProblemDocument) -> list[tuple[str, Any]]:
    limits, known = document.limits, document.best_known
    memory = f"{limits.memory_mb} MB"
    facts: list[tuple[str, Any]] = [
        ("objective", document.objective),
        ("seed", ", ".join(document.files)),
        ("entry", document.entry or "none: the text itself is the output"),
        ("limits", f"{limits.seconds:g} s, {memory}, {limits.output_mb:g} MB of output"),
        ("evaluator", _evaluator(document)),
    ]
    if known is not None:
        proven = ", proven" if known.proven else ""
        facts.append(("best known", f"{number(known.value, 12)}{proven}  {known.source}"))
    if document.record is not None:
        short = "" if document.gap is None else f", gap {document.gap:.3g}"
        facts.append(("our record", f"{number(document.record, 12)}{short}"))
    if document.target is not None:
        facts.append(("target", number(document.target, 12)))
    if document.preload:
        facts.append(("preloaded", ", ".join(document.preload)))
    for feature in document.features:
        bins = f"{feature.bins} bins from {feature.low:g} to {feature.high:g}"
        facts.append(("feature", f"{feature.name}, {bins}"))
    if document.folder is not None:
        facts.append(("folder", document.folder))
    return facts


def _evaluator(document: ProblemDocument) -> str:
    parts = ["deterministic" if document.deterministic else "noisy"]
    if document.repeats > 1:
        parts.append(f"{document.repeats} repeats")
    if document.stages > 1:
        parts.append(f"{document.stages} stages, cheap ones first")
    if not document.verified:
        parts.append(f"{document.format} format: unverified score")
    return ", ".join(parts)
