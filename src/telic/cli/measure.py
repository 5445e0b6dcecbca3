"""``telic measure``: put an instrument to a respondent."""

from __future__ import annotations

from pathlib import Path

__all__ = ["measure"]


def measure(
    instrument: str | None = None,
    *,
    respondent: str = "person",
    repeats: int = 1,
    one_order: bool = False,
    limit: int | None = None,
    options: str | None = None,
    projection: str | None = None,
    persona: str = "",
    seed: int = 0,
    record: Path | None = None,
    report: Path | None = None,
    scaffold: bool = False,
    form: str = "pair",
    quiet: bool = False,
    json: bool = False,
) -> int:
    """Measure what somebody values: put an instrument to a respondent.

    Without an instrument, list those that are there and who may be asked. Every question is
    shown in each order, and every reply is recorded at once: the same command goes on where it
    was interrupted and asks nothing twice. The figures stand beside those of respondents that
    value nothing, and say how many replies were asked and answered.

    Args:
        instrument: FILE.toml or FILE.csv of your own; FORMAT for the sample of a public format;
            FORMAT:FILE or FORMAT:hub: for its data.
        respondent: random, always-first, sticky:0.9, informed, person:NAME, model:NAME (by
            probability), sampled:NAME (by its replies), or FILE with recorded answers (FILE#NAME).
        repeats: Replies to each question in each order.
        one_order: Show each question in its own order only; a position bias then stays in.
        limit: Ask the first so many questions only.
        options: Of the format, for example ways=2,person=first
        projection: From tags to a theory's dimensions: a name, or FILE#COLUMN.
        persona: System prompt for a model.
        seed: Root of all random numbers: the same seed gives the same replies of whoever draws.
        record: File of replies to write or go on with; default: in runs/, named after the rest.
        report: Folder for a page with plots, tables and JSON.
        scaffold: Write the instrument as a new file to start from, and ask nobody.
        form: Of the scaffold's question: pair, choice, stance, rating, valence or relevance.
        quiet: Show no progress.
        json: Print one JSON object on standard output, and progress on standard error.

    Examples:
        telic measure
        telic measure daily-dilemmas --respondent sticky:0.9 --report sticky/
        telic measure mine.toml --scaffold --form rating
        telic measure mine.toml --respondent person:ann
        telic measure clash --respondent informed --options ways=2 --json
    """
    from telic.cli._measure import Asked, list_instruments, run_measurement, write_scaffold
    from telic.errors import UsageError

    if instrument is None:
        if scaffold:
            raise UsageError("--scaffold needs the name of the new file, such as mine.toml")
        return list_instruments(as_json=json)
    if scaffold:
        return write_scaffold(Path(instrument), form, as_json=json)
    asked = Asked(
        instrument=instrument,
        respondent=respondent,
        repeats=repeats,
        orders="given" if one_order else "both",
        limit=limit,
        options=options,
        persona=persona,
        seed=seed,
        record=record,
    )
    return run_measurement(asked, projection, report=report, quiet=quiet, as_json=json)
