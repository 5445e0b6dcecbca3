"""What recipes about values share: a real respondent put beside synthetic ones, and trials."""

from __future__ import annotations

from telic.errors import TelicError
from telic.recipes._report import Table
from telic.recipes._trials import Row, arms_of, mean_of, rank_correlation, table_of, trials
from telic.values import (
    Instrument,
    Measurement,
    Respondent,
    Summary,
    measure,
    open_respondent,
    summarise,
)
from telic.values.respondent import closing

__all__ = ["Row", "arms_of", "asked", "mean_of", "rank_correlation", "table_of", "trials"]


def asked(instrument: Instrument, respondent: str, *, seed: int) -> tuple[list[Table], list[str]]:
    """Put an instrument to a real respondent and say what its answers are worth.

    Args:
        instrument: a small one; a model needs about a second for each reply.
        respondent: its name, as :func:`telic.values.open_respondent` takes it; nobody if empty.
        seed: address of the draws.

    Returns:
        Tables and notes of a report; where the respondent cannot be had, a note with the reason.
    """
    if not respondent:
        return [], ["Respondents are synthetic, of known truth; none is a language model."]
    try:
        who: Respondent = open_respondent(respondent, instrument)
        with closing(who):
            measured = measure(instrument, who, seed=seed)
        summary = summarise(measured)
    except TelicError as error:
        return [], [f"{respondent!r} was not asked: {error}"]
    notes = [*(_same(measured) or summary.notes), *_right(summary)]
    where = f"{respondent} on {instrument.name}"
    return [_table(summary)], [f"{where}: {note}" for note in notes]


def _table(summary: Summary) -> Table:
    rows = [
        [one.respondent, one.first, one.choices, one.agreement, one.pairs]
        for one in summary.respondents
    ]
    return Table(
        f"Real respondent beside nulls on {summary.instrument!r} ({summary.replies})",
        ["respondent", "took the first", "of choices", "orders agree", "of pairs of replies"],
        [list(row) for row in rows],
    )


def _same(measured: Measurement) -> list[str]:
    """Return a sentence if answers follow the place, or are the same, whatever was asked."""
    first, choices = measured.first_share()
    if measured.orders == "both" and choices == first > 1:
        return [f"No content signal: all of {choices} choices took what was shown first."]
    chosen = [(question.names, reply.choice) for question, reply in measured.answered()]
    if len(chosen) < 2 or len(set(chosen)) > 1:
        return []
    return [f"No content signal: each of {len(chosen)} answers was {chosen[0][1]!r}."]


def _right(summary: Summary) -> list[str]:
    """Return a sentence on right answers by truth, where questions have one."""
    right = [
        f"right in {one.right} of {one.replies.answered:g} answers whose truth is {truth}"
        for truth, one in summary.accuracies.items()
        if truth != "all"
    ]
    return ["; ".join(right) + "."] if right else []
