"""Instruments and respondents by a short text, as a command line names them.

Instruments: ``FILE.toml`` or ``FILE.csv`` of one's own; ``FORMAT`` for a format's shipped sample;
``FORMAT:FILE`` or ``FORMAT:hub:`` for public data. Respondents: ``random``, ``always-first``,
``sticky`` or ``sticky:0.8``, ``informed`` or ``informed:0.9`` (knows the truths), ``person``
(answers at the terminal), or ``FILE`` with recorded answers, ``FILE#NAME`` for one of several
people. Models come from elsewhere, as :class:`~telic.values.Textual` or any respondent.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from telic.errors import UnknownNameError, UsageError
from telic.values.custom import read_instrument
from telic.values.informed import Informed
from telic.values.instrument import Instrument
from telic.values.loaders import FORMATS, load, sample
from telic.values.recorded import read_recorded
from telic.values.respondent import Respondent
from telic.values.synthetic import AlwaysFirst, RandomChoice, Sticky
from telic.values.textual import Person

__all__ = ["open_instrument", "open_respondent"]

_NAMES = ("random", "always-first", "sticky", "informed", "person")
_TABLES = (".csv", ".tsv", ".json", ".jsonl")


def open_instrument(spec: str, **options: Any) -> Instrument:
    """Return the instrument that a text names.

    Args:
        spec: see the module.
        **options: of the format's loader.

    Raises:
        UnknownNameError: if it is neither a file nor a known format.
        UsageError: if the format has no such option.
        MeasurementError: if the file is malformed.
    """
    name, _, source = spec.partition(":")
    if name in FORMATS:
        return load(name, source or sample(name), **options)
    if Path(spec).suffix in (".toml", ".csv"):
        if options:
            raise UsageError(f"{spec} has no options; they belong to public formats")
        return read_instrument(Path(spec))
    raise UnknownNameError("instrument", spec, FORMATS)


def open_respondent(spec: str, instrument: Instrument) -> Respondent:
    """Return the respondent that a text names.

    Args:
        spec: see the module.
        instrument: what it will be asked; an informed one knows its truths.

    Raises:
        UnknownNameError: if it is neither a table nor a known name.
        UsageError: if a number is missing or not in [0, 1].
        MeasurementError: if the table is malformed, or there is no truth to know.
    """
    name, _, argument = spec.partition(":")
    makers: dict[str, Callable[[], Respondent]] = {
        "random": RandomChoice,
        "always-first": AlwaysFirst,
        "sticky": lambda: Sticky(probability=_share(spec, argument, 0.9)),
        "informed": lambda: Informed.of(instrument, accuracy=_share(spec, argument, 1.0)),
        "person": Person,
    }
    if name in makers:
        if argument and name not in ("sticky", "informed"):
            raise UsageError(f"respondent {name!r} takes no argument; got {argument!r}")
        return makers[name]()
    path, _, who = spec.partition("#")
    if Path(path).suffix in _TABLES:
        return read_recorded(Path(path), respondent=who)
    raise UnknownNameError("respondent", spec, _NAMES)


def _share(spec: str, text: str, default: float) -> float:
    if not text:
        return default
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise UsageError(f"{spec!r} needs a number from 0 to 1 after the colon; got {text!r}")
    return value
