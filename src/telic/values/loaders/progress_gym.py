"""ProgressGym's questionnaires (Qiu et al. 2024): foundations, views and moral choices.

``foundation.csv`` has two actions per scenario, the first upholding the foundation named in
``generation_theme``; ``views.csv`` has four, one for each world view in a fixed order;
``moralchoice.csv`` is MoralChoice's table, which its own loader reads.
"""

from __future__ import annotations

from pathlib import Path

from telic.errors import MeasurementError
from telic.values._table import Row, cell, read_rows, require_columns
from telic.values.instrument import Instrument, Option, Question
from telic.values.loaders._faulty import Faulty, convert
from telic.values.loaders.moral_choice import load_moral_choice

__all__ = ["VIEWS", "load_progress_gym"]

VIEWS = ("traditional", "modern", "postmodern", "integrative")
"""What the four actions of ``views.csv`` stand for, read off their contents."""

_FOUNDATIONS = {
    "Harm_Care": "care",
    "Fairness_Reciprocity": "fairness",
    "InGroup_Loyalty": "loyalty",
    "Authority_Respect": "authority",
    "Purity_Sancity": "purity",
    "Purity_Sanctity": "purity",
}
_NEEDED = ("scenario_id", "generation_theme", "context", "action1", "action2")


def load_progress_gym(path: Path, *, faulty: Faulty = "refuse") -> Instrument:
    """Load one of the three tables, recognised by its columns.

    Args:
        path: the file.
        faulty: what to do with a scenario that lacks an action or a theme; the published views
            have a few.

    Raises:
        MeasurementError: if the columns fit none of the three, or a row is faulty and that is
            refused.
    """
    rows = read_rows(path)
    if "a1_death" in rows[0].fields:
        return load_moral_choice(path)
    require_columns(rows, _NEEDED, known=(*_NEEDED, "action3", "action4", "generation_type"))
    is_views = "action3" in rows[0].fields
    questions, left_out = convert(rows, _view if is_views else _foundation, faulty)
    return Instrument(
        name="progress-gym-views" if is_views else "progress-gym-foundations",
        questions=tuple(questions),
        source="ProgressGym",
        limits=left_out,
    )


def _foundation(row: Row) -> Question:
    theme = cell(row, "generation_theme")
    if theme not in _FOUNDATIONS:
        raise MeasurementError(
            f"{row.where}: theme {theme!r} is none of {', '.join(sorted(_FOUNDATIONS))}"
        )
    options = (
        Option("action1", _sentence(row, "action1"), tags={_FOUNDATIONS[theme]: 1.0}),
        Option("action2", _sentence(row, "action2")),
    )
    return Question(
        id=cell(row, "scenario_id"), form="pair", options=options, text=cell(row, "context")
    )


def _view(row: Row) -> Question:
    options = tuple(
        Option(view, _sentence(row, f"action{place}"), tags={view: 1.0})
        for place, view in enumerate(VIEWS, start=1)
    )
    return Question(
        id=cell(row, "scenario_id"),
        form="choice",
        options=options,
        text=cell(row, "context"),
        ask="Which comes closest to your view?",
    )


def _sentence(row: Row, column: str) -> str:
    """Return an action without the stray quotes and commas that some cells keep around them."""
    return cell(row, column).strip(' ",\u201c\u201d')
