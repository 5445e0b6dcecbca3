"""The Chinese Value Corpus (CVC): rules of conduct under a hierarchy of values, and dilemmas.

Rules are JSON lines with ``rule, level, core values, derived values``, the last three lists; each
becomes a stance, tagged with its derived values. Dilemmas are a table with ``index, scene,
options`` (lines ``A: …``, ``B: …``, ``C: …``) and ``rot1, rot2``, the two rules in conflict. Which
option follows which rule is not in the published table; where a column ``labels`` gives it
(``rule1 distractor rule2``, in the options' order), options are tagged and the distractor is an
attention check.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import msgspec

from telic.errors import MeasurementError, UnknownNameError
from telic.values._table import Row, cell, read_rows, require_columns
from telic.values.instrument import Instrument, Option, Question
from telic.values.questions import stance

__all__ = ["load_cvc_dilemmas", "load_cvc_rules"]

_LISTS: Mapping[str, str] = {
    "level": "level",
    "core": "core values",
    "derived": "derived values",
}
_OPTION = re.compile(r"^\s*([A-Z])\s*[:\uff1a.)]\s*(.+?)\s*$")
_LABELS = ("rule1", "rule2", "distractor")


def load_cvc_rules(
    path: Path, *, tags: Literal["level", "core", "derived"] = "derived"
) -> Instrument:
    """Load rules of conduct as stances.

    Args:
        path: the file.
        tags: which layer of the hierarchy the questions are tagged with.

    Raises:
        MeasurementError: if a rule is empty, listed twice, or its values are no list.
    """
    if tags not in _LISTS:
        raise UnknownNameError("layer", tags, _LISTS)
    rows = read_rows(path)
    require_columns(rows, ("rule", *_LISTS.values()), known=("rule", *_LISTS.values()))
    questions: list[Question] = []
    seen: dict[str, str] = {}
    for number, row in enumerate(rows, start=1):
        rule = cell(row, "rule")
        if rule in seen:
            raise MeasurementError(f"{row.where}: this rule was on {seen[rule]} already: {rule!r}")
        seen[rule] = row.where
        values = dict.fromkeys(_names(row, _LISTS[tags]), 1.0)
        questions.append(stance(f"r{number}", rule, tags=values))
    return Instrument(name=f"cvc-rules-{tags}", questions=tuple(questions), source="CVC")


def load_cvc_dilemmas(path: Path) -> Instrument:
    """Load dilemmas between two rules as choices.

    Raises:
        MeasurementError: if a dilemma has fewer than two options, or labels that do not fit.
    """
    rows = read_rows(path)
    known = ("index", "scene", "options", "rot1", "rot2", "labels")
    require_columns(rows, ("index", "scene", "options"), known=known)
    count: dict[str, int] = {}
    questions: list[Question] = []
    for row in rows:
        index = cell(row, "index")  # several scenes share the index of their pair of rules
        count[index] = count.get(index, 0) + 1
        name = f"d{index}.{count[index]}"
        options = _options(row)
        questions.append(
            Question(
                id=name,
                form="choice",
                options=options,
                text=cell(row, "scene"),
                ask="What do you do?",
            )
        )
    return Instrument(
        name="cvc-dilemmas",
        questions=tuple(questions),
        source="CVC",
        limits="The third option of each dilemma is a distractor; who takes it does not read.",
    )


def _names(row: Row, column: str) -> tuple[str, ...]:
    try:
        names = msgspec.convert(row.fields[column], tuple[str, ...])
    except msgspec.ValidationError as error:
        raise MeasurementError(f"{row.where}: {column!r} is no list of names ({error})") from error
    return tuple(name.strip() for name in names)


def _options(row: Row) -> tuple[Option, ...]:
    texts: list[str] = []
    for line in cell(row, "options").splitlines():
        match = _OPTION.match(line)
        if match is not None:
            texts.append(match[2])
        elif line.strip():
            raise MeasurementError(f"{row.where}: option line {line.strip()!r} has no letter")
    if len(texts) < 2:
        raise MeasurementError(f"{row.where}: expected options A, B and C; got {len(texts)}")
    labels = cell(row, "labels", default="").split()
    if not labels:
        return tuple(Option(f"option{place}", text) for place, text in enumerate(texts, start=1))
    if len(labels) != len(texts) or len(set(labels)) < len(labels) or set(labels) - set(_LABELS):
        raise MeasurementError(
            f"{row.where}: labels {labels} do not give each of {len(texts)} options one of "
            f"{', '.join(_LABELS)}"
        )
    return tuple(
        Option(label, text, tags=_tags(row, label), kind=_kind(label))
        for label, text in zip(labels, texts, strict=True)
    )


def _tags(row: Row, label: str) -> dict[str, float]:
    rule = cell(row, {"rule1": "rot1", "rule2": "rot2"}.get(label, ""), default="")
    return {rule: 1.0} if rule else {}


def _kind(label: str) -> str:
    return label if label == "distractor" else ""
