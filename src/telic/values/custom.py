"""Instruments of one's own: a TOML file, or a CSV table with one question per row.

``scaffold`` writes a file to start from; ``read_instrument`` reads either kind. In TOML::

    name = "breakfast"

    [[question]]
    id = "drink"
    form = "pair"
    text = "You have just woken up."
    options = [{ name = "tea", tags = { calm = 1 } }, { name = "coffee", tags = { drive = 1 } }]

Scales need no options: a rating takes the file's ``words`` (lowest first), the others have their
own. In CSV the columns are ``id, form`` and any of ``text, ask, options`` (names divided by
``|``), ``dimension, keyed`` (1, or -1 for a reverse-keyed question), ``truth, urged, context`` and
``ambivalent`` (``yes`` where it may be answered).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import get_args

import msgspec

from telic.errors import MeasurementError, StorageError, UnknownNameError
from telic.values._table import Row, cell, number, read_rows, read_text, require_columns
from telic.values.instrument import SCALES, Form, Instrument, Option, Question
from telic.values.questions import RATING_WORDS, rating, relevance, stance, valence

__all__ = ["FORMS", "read_instrument", "scaffold"]

FORMS: tuple[Form, ...] = get_args(Form)
"""Every form of question."""
_COLUMNS = (
    "id",
    "form",
    "text",
    "ask",
    "options",
    "dimension",
    "keyed",
    "truth",
    "urged",
    "context",
    "ambivalent",
)


class _Draft(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: str
    form: Form
    options: tuple[Option | str, ...] = ()
    text: str = ""
    ask: str = ""
    context: str = ""
    tags: Mapping[str, float] = {}
    offers_ambivalent: bool = False
    offers_abstain: bool = False
    is_bare: bool = False
    truth: str = ""
    urged: str = ""


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: str
    question: tuple[_Draft, ...]
    source: str = ""
    limits: str = ""
    words: tuple[str, ...] = RATING_WORDS


def read_instrument(path: Path) -> Instrument:
    """Read an instrument from a ``.toml`` or ``.csv`` file.

    Raises:
        MeasurementError: if the file is malformed or its questions make no sense.
        UnknownNameError: if a column or form is unknown.
    """
    if path.suffix == ".toml":
        return _from_toml(path)
    if path.suffix == ".csv":
        return _from_csv(path)
    raise MeasurementError(f"{path.name}: instruments are read from .toml or .csv files")


def scaffold(path: Path, form: Form = "pair") -> None:
    """Write an instrument to start from, in the kind that the suffix names.

    Raises:
        UnknownNameError: if there is no such form.
        MeasurementError: if the suffix is neither ``.toml`` nor ``.csv``.
        StorageError: if the file exists already or cannot be written.
    """
    if form not in FORMS:
        raise UnknownNameError("form", form, FORMS)
    if path.suffix not in (".toml", ".csv"):
        raise MeasurementError(f"{path.name}: instruments are written to .toml or .csv files")
    text = _toml_example(form) if path.suffix == ".toml" else _csv_example(form)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise StorageError(f"{path} exists already; choose another name") from error
    except OSError as error:
        raise StorageError(f"cannot write {path}: {error.strerror or error}") from error


def _from_toml(path: Path) -> Instrument:
    try:
        file = msgspec.toml.decode(read_text(path), type=_File)
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise MeasurementError(f"{path.name}: {error}") from error
    return Instrument(
        name=file.name,
        questions=tuple(_question(draft, file.words) for draft in file.question),
        source=file.source or path.name,
        limits=file.limits,
    )


def _from_csv(path: Path) -> Instrument:
    rows = read_rows(path)
    for column in rows[0].fields:
        if column not in _COLUMNS:
            raise UnknownNameError("column", column, _COLUMNS)
    require_columns(rows, ("id", "form"), known=_COLUMNS)
    questions: list[Question] = []
    for row in rows:
        try:
            questions.append(_question(_draft(row), RATING_WORDS))
        except MeasurementError as error:
            if str(error).startswith(row.where):
                raise
            raise MeasurementError(f"{row.where}: {error}") from error
    return Instrument(name=path.stem, questions=tuple(questions), source=path.name)


def _draft(row: Row) -> _Draft:
    form = cell(row, "form")
    if form not in FORMS:
        raise UnknownNameError("form", form, FORMS)
    dimension = cell(row, "dimension", default="")
    keyed = number(row, "keyed", default=1.0)
    said = cell(row, "ambivalent", default="no")
    if said not in ("yes", "no"):
        raise MeasurementError(f"{row.where}: 'ambivalent' is yes or no; got {said!r}")
    names = [name.strip() for name in cell(row, "options", default="").split("|") if name.strip()]
    return _Draft(
        id=cell(row, "id"),
        form=form,
        options=tuple(names),
        tags={dimension: keyed} if dimension else {},
        offers_ambivalent=said == "yes",
        text=cell(row, "text", default=""),
        ask=cell(row, "ask", default=""),
        truth=cell(row, "truth", default=""),
        urged=cell(row, "urged", default=""),
        context=cell(row, "context", default=""),
    )


def _question(draft: _Draft, words: tuple[str, ...]) -> Question:
    fields = msgspec.structs.asdict(draft)
    if draft.options:
        fields["options"] = tuple(
            Option(option) if isinstance(option, str) else option for option in draft.options
        )
        return Question(**fields)
    if draft.form not in SCALES:
        raise MeasurementError(f"question {draft.id!r} is a {draft.form} and needs options")
    if draft.form == "rating":
        blank = rating(draft.id, draft.text, tags=draft.tags, words=words)
    else:
        make = {"stance": stance, "valence": valence, "relevance": relevance}[draft.form]
        blank = make(draft.id, draft.text, tags=draft.tags)
    fields["options"] = blank.options
    fields["ask"] = draft.ask or blank.ask
    return Question(**fields)


def _toml_example(form: Form) -> str:
    body = {
        "pair": 'options = [\n  { name = "tea", tags = { calm = 1 } },\n'
        '  { name = "coffee", tags = { drive = 1 } },\n]',
        "choice": 'options = [\n  { name = "tea", tags = { calm = 1 } },\n'
        '  { name = "coffee", tags = { drive = 1 } },\n  { name = "water" },\n]\n'
        "offers_ambivalent = true",
    }.get(form, "tags = { calm = 1 }")
    return f"""# An instrument: questions that are put to a respondent.
name = "breakfast"
source = "written by us"
# What the instrument cannot tell; printed in every report.
limits = "One question says little."

[[question]]
id = "drink"
form = "{form}"
text = "You have just woken up and a quiet morning lies ahead."
{body}

# Copy the block above for each question; ids are unique.
"""


def _csv_example(form: Form) -> str:
    options = {"pair": "tea|coffee", "choice": "tea|coffee|water"}.get(form, "")
    return (
        "id,form,text,options,dimension,keyed\n"
        f"drink,{form},A quiet morning lies ahead.,{options},calm,1\n"
        f"rest,{form},The day was long.,{options},calm,-1\n"
    )
