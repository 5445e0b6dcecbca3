"""Reports of a measurement: one self-contained page, tables and JSON.

Every figure carries how many replies were asked and how many answered. The page loads nothing
from anywhere and runs no script.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

import msgspec

from telic.values._page import page, table, write_files
from telic.values._svg import PlotRow, Segment, rows_plot, stacked_bar
from telic.values.comparison import UNANSWERED, Replies
from telic.values.ladder import Ladder
from telic.values.measurement import Measurement
from telic.values.projection import Projection
from telic.values.summary import Null, Summary, summarise

__all__ = ["summary_html", "summary_text", "write_report"]

_MOST_RUNGS = 60


def write_report(
    folder: Path,
    measurement: Measurement,
    *,
    summary: Summary | None = None,
    projection: Projection | None = None,
) -> tuple[Path, ...]:
    """Write ``report.html``, ``summary.json`` and tables into a folder; return their paths.

    ``replies.csv`` has every reply; ``profile.csv`` and ``utilities.csv`` are there where there is
    a profile or a ladder.

    Args:
        folder: made where it does not exist; files of these names are replaced.
        measurement: the replies.
        summary: of the measurement, where it is there already.
        projection: from tags to dimensions, for a summary made here.

    Raises:
        MeasurementError: if nothing was answered.
        StorageError: if the folder cannot be written.
    """
    summary = summary or summarise(measurement, projection)
    files = {
        "report.html": summary_html(summary),
        "summary.json": msgspec.json.format(msgspec.json.encode(summary), indent=2).decode() + "\n",
        "replies.csv": _replies_table(measurement),
    }
    if summary.profile is not None:
        files["profile.csv"] = _profile_table(summary)
    if summary.ladder is not None:
        files["utilities.csv"] = table(
            ("item", "utility", "low", "high", "asked", "answered"),
            (msgspec.structs.astuple(rung) for rung in summary.ladder.rungs),
        )
    return write_files(folder, files)


def summary_text(summary: Summary) -> str:
    """Return a summary as plain lines for a terminal."""
    lines = [
        f"{summary.respondent} on {summary.instrument}: {summary.questions} questions, "
        f"{summary.replies}"
    ]
    lines += [f"! {note}" for note in summary.notes]
    for row in summary.respondents:
        figures = [("takes the first", row.first, row.choices)]
        figures.append(("orders agree", row.agreement, row.pairs))
        said = [f"{name} {_share(value, n)}" for name, value, n in figures if value is not None]
        lines.append(f"  {row.respondent}: {'; '.join(said) or 'no choice'}")
    if summary.profile is not None:
        for name, score in summary.profile.scores.items():
            said = "no answer"
            if score is not None:
                said = f"{score.value:+.2f} [{score.low:+.2f}, {score.high:+.2f}], {score.replies}"
            lines.append(f"  {name}: {said}")
    for name, part in summary.accuracies.items():
        said = "no answer" if part.value is None else f"{part.value:.2f}"
        lines.append(f"  right on {name}: {said} [{part.low:.2f}, {part.high:.2f}], {part.replies}")
    if summary.separation is not None:
        lines.append(f"  {summary.separation}")
    if summary.ladder is not None:
        for rung in summary.ladder.rungs[:10]:
            ends = f"[{rung.low:+.2f}, {rung.high:+.2f}]"
            lines.append(
                f"  {rung.utility:+.2f} {ends} {rung.item[:70]} "
                f"({rung.answered:g} of {rung.asked:g} answered)"
            )
        bias = summary.ladder.position
        lines.append(
            f"  {bias.value:+.2f} [{bias.low:+.2f}, {bias.high:+.2f}] for being shown first"
        )
    if summary.limits:
        lines.append(f"Limits: {summary.limits}")
    # Names come from files and models: nothing of theirs may steer a terminal.
    return "".join(c if c.isprintable() or c == "\n" else " " for c in "\n".join(lines)) + "\n"


def summary_html(summary: Summary) -> str:
    """Return a summary as one self-contained page."""
    sections = [
        *_head(summary),
        _status(summary),
        _nulls(summary),
        *([_ladder(summary.ladder)] if summary.ladder is not None else []),
        *_profile(summary),
        *_weights(summary),
        *_accuracies(summary),
        *([f"<p>{escape(str(summary.separation))}.</p>"] if summary.separation else []),
        f'<p class="soft">Intervals are at 90 % unless said otherwise. Seed {summary.seed}.</p>',
    ]
    return page(f"{summary.respondent} on {summary.instrument}", sections)


def _head(summary: Summary) -> list[str]:
    parts = [
        f"<p>{summary.questions} questions; {escape(str(summary.replies))}."
        + (f" Source: {escape(summary.source)}." if summary.source else "")
        + "</p>"
    ]
    if summary.limits:
        parts.append(f'<p class="note">Limits: {escape(summary.limits)}</p>')
    parts += [f'<p class="note">{escape(note)}</p>' for note in summary.notes]
    return parts


def _status(summary: Summary) -> str:
    parts = ["<h2>How replies ended</h2>"]
    for form, replies in summary.by_form.items():
        parts.append(f"<p>{escape(form)}: {escape(str(replies))}</p>")
        segments = [Segment("answered", replies.answered)]
        segments += [Segment(name, float(getattr(replies, name))) for name in UNANSWERED]
        parts.append(stacked_bar(f"Replies to {form} questions by status", segments))
    return "".join(parts)


def _nulls(summary: Summary) -> str:
    rows = summary.respondents
    parts = ["<h2>Beside respondents that value nothing</h2>"]
    if any(row.first is not None for row in rows):
        parts.append("<p>Share of choices that took what was shown first (position bias).</p>")
        parts.append(_null_plot("Share of first choices", rows, "first", "choices"))
    if any(row.agreement is not None for row in rows):
        parts.append("<p>Share of reply pairs in different orders with the same answer.</p>")
        parts.append(_null_plot("Agreement of orders", rows, "agreement", "pairs"))
    if summary.content is not None:
        content = summary.content
        agreement = "" if content.agreement_p is None else f", orders p = {content.agreement_p:.3f}"
        parts.append(
            f"<p>Content test: utility p = {content.utility_p:.3f}{agreement}. On pairs held out "
            f"the model is right on {content.accuracy:.2f}, a respondent that only follows the "
            f"order on {content.sticky_accuracy:.2f}, chance {content.random_accuracy:.2f}: "
            f"accuracy alone proves nothing. {content.pairs} pairs, {escape(str(content.replies))}."
            "</p>"
        )
    return "".join(parts)


def _null_plot(title: str, rows: Sequence[Null], figure: str, base: str) -> str:
    plotted = [
        PlotRow(
            row.respondent,
            getattr(row, figure),
            note=_share(getattr(row, figure), getattr(row, base)),
            is_null=place > 0,
        )
        for place, row in enumerate(rows)
    ]
    return rows_plot(title, plotted, span=(0.0, 1.0), reference=0.5)


def _ladder(ladder: Ladder) -> str:
    rungs = ladder.rungs
    half = _MOST_RUNGS // 2
    shown = rungs if len(rungs) <= _MOST_RUNGS else (*rungs[:half], *rungs[-half:])
    rows = [
        PlotRow(
            rung.item, rung.utility, rung.low, rung.high, f"{rung.answered:g} of {rung.asked:g}"
        )
        for rung in shown
    ]
    low = min(0.0, *(rung.low for rung in shown))
    high = max(0.0, *(rung.high for rung in shown))
    bias = ladder.position
    parts = [
        "<h2>Utilities</h2><p>Log-odds about the mean, with 90 % intervals; answered of asked."
    ]
    if len(shown) < len(rungs):
        parts.append(
            f" The {half} highest and {half} lowest of {len(rungs)}; all are in the table."
        )
    parts.append("</p>")
    parts.append(rows_plot("Utility ladder", rows, span=(low, high), reference=0.0))
    parts.append(
        f"<p>Position bias: being shown first adds {bias.value:+.2f} "
        f"[{bias.low:+.2f}, {bias.high:+.2f}] log-odds; {escape(str(ladder.replies))}.</p>"
    )
    if ladder.circular is not None and ladder.circular_null is not None:
        parts.append(
            "<p>Circular preference, which no utility can hold: "
            f"{ladder.circular:.2f} of the whole; noise alone gives up to "
            f"{ladder.circular_null:.2f}.</p>"
        )
    parts += [f'<p class="note">{escape(note)}</p>' for note in ladder.notes]
    return "".join(parts)


def _profile(summary: Summary) -> list[str]:
    if summary.profile is None:
        return []
    nulls = summary.respondents[1:]
    rows: list[PlotRow] = []
    for name, score in summary.profile.scores.items():
        marks = tuple(null.scores[name] for null in nulls if name in null.scores)
        if score is None:
            rows.append(PlotRow(name, None, note="0 answered", marks=marks))
        else:
            note = _of(score.replies)
            rows.append(PlotRow(name, score.value, score.low, score.high, note, marks=marks))
    text = "<p>Scores from -1 to 1; answered of asked. Small ticks: respondents that value nothing."
    if summary.profile.unmapped:
        text += f" Without a dimension: {escape(', '.join(summary.profile.unmapped))}."
    return ["<h2>Profile</h2>", text, "</p>", rows_plot("Profile", rows, span=(-1, 1), reference=0)]


def _weights(summary: Summary) -> list[str]:
    weights = summary.weights
    if weights is None:
        return []
    found = {
        **weights.weights,
        **{f"kind: {name} over {weights.reference}": e for name, e in weights.kinds.items()},
        "shown first": weights.position,
    }
    ends = [end for one in found.values() for end in (one.low, one.high)]
    rows = [PlotRow(name, one.value, one.low, one.high) for name, one in found.items()]
    text = (
        "<h2>Weights beside biases</h2><p>Log-odds, fitted together, so that a liking for one "
        f"kind of option does not pass for a value; {escape(str(weights.replies))}.</p>"
    )
    span = min(-0.1, *ends), max(0.1, *ends)
    return [text, rows_plot("Weights", rows, span=span, reference=0.0)]


def _accuracies(summary: Summary) -> list[str]:
    if not summary.accuracies:
        return []
    rows = [
        PlotRow(name, part.value, part.low, part.high, _of(part.replies))
        for name, part in summary.accuracies.items()
    ]
    unsayable = [name for name, part in summary.accuracies.items() if not part.can_say]
    note = ""
    if unsayable:
        note = f" The form does not let the truth be said for: {escape(', '.join(unsayable))}."
    return [
        f"<h2>Right answers</h2><p>Share of the answered; answered of asked.{note}</p>",
        rows_plot("Accuracy by truth", rows, span=(0.0, 1.0)),
    ]


def _profile_table(summary: Summary) -> str:
    assert summary.profile is not None
    rows: list[tuple[object, ...]] = []
    for name, score in summary.profile.scores.items():
        if score is None:
            rows.append((name, "", "", "", 0, "", 0))
        else:
            replies = score.replies
            rows.append(
                (
                    name,
                    score.value,
                    score.low,
                    score.high,
                    score.questions,
                    replies.asked,
                    replies.answered,
                )
            )
    return table(("dimension", "score", "low", "high", "questions", "asked", "answered"), rows)


def _replies_table(measurement: Measurement) -> str:
    return table(
        ("respondent", "question", "order", "repeat", "status", "choice", "text"),
        (
            (
                measurement.respondent,
                reply.question,
                " | ".join(reply.order),
                reply.repeat,
                reply.status,
                reply.choice,
                reply.text,
            )
            for reply in measurement.replies
        ),
    )


def _of(replies: Replies) -> str:
    return f"{replies.answered:g} of {replies.asked:g}"


def _share(value: float | None, base: int) -> str:
    return f"no choice (0 of {base})" if value is None else f"{value:.2f} of {base}"
