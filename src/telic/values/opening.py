"""Instruments, respondents and projections by a short text, as a command line names them.

Instruments: ``FILE.toml`` or ``FILE.csv`` of one's own; ``FORMAT`` for a format's shipped sample;
``FORMAT:FILE`` or ``FORMAT:hub:`` for public data. Respondents: ``random``, ``always-first``,
``sticky`` or ``sticky:0.8``, ``informed`` or ``informed:0.9`` (knows the truths), ``person`` or
``person:NAME`` (answers at the terminal), ``model:NAME`` or ``sampled:NAME`` (a language model,
see :mod:`telic.values.modelled`), or
``FILE`` with recorded answers, ``FILE#NAME`` for one of several people. Projections: a name of
:data:`PROJECTIONS`, or ``FILE#COLUMN`` of a table from values to dimensions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from telic.errors import UnknownNameError, UsageError
from telic.values import taxonomies
from telic.values.custom import read_instrument
from telic.values.informed import Informed
from telic.values.instrument import Instrument
from telic.values.loaders import FORMATS, load, sample
from telic.values.projection import Projection, read_projection
from telic.values.recorded import read_recorded
from telic.values.respondent import Respondent
from telic.values.synthetic import AlwaysFirst, RandomChoice, Sticky
from telic.values.textual import Person

__all__ = [
    "PROJECTIONS",
    "RESPONDENTS",
    "names_recorded",
    "open_instrument",
    "open_projection",
    "open_respondent",
]

RESPONDENTS: Mapping[str, str] = {
    "random": "answers at random: a null",
    "always-first": "takes what is shown first: a null",
    "sticky": "takes the first nine times in ten; sticky:0.8 eight times: a null",
    "informed": "knows the truths, where questions have one; informed:0.9 nine times in ten",
    "person": "answers at this terminal; person:NAME is recorded under that name",
    "model": "a language model by the probabilities of its answers: model:NAME",
    "sampled": "a language model by the replies it writes: sampled:NAME",
}
"""Name → what it does."""

PROJECTIONS: Mapping[str, str] = {
    "schwartz-higher": "SCHWARTZ_HIGHER",
    "plutchik-dyads": "PLUTCHIK_DYADS",
    "world-values": "WORLD_VALUES_AXES",
    "cvc-level": "CVC_CORE_TO_LEVEL",
    "cvc-core": "CVC_DERIVED_TO_CORE",
}
"""Name → constant of :mod:`telic.values.taxonomies`."""

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


def open_respondent(spec: str, instrument: Instrument, *, persona: str = "") -> Respondent:
    """Return the respondent that a text names.

    Args:
        spec: see the module.
        instrument: what it will be asked; an informed one knows its truths.
        persona: system prompt of a model.

    Raises:
        UnknownNameError: if it is neither a table nor a known name.
        UsageError: if a number is missing or not in [0, 1], or who is no model gets a persona.
        MeasurementError: if the table is malformed, or there is no truth to know.
    """
    name, _, argument = spec.partition(":")
    if name in ("model", "sampled"):
        from telic.values.modelled import open_model

        by = "log-probability" if name == "model" else "sampling"
        return open_model(argument, by=by, persona=persona)
    if persona:
        raise UsageError(f"a persona is for models; got respondent {spec!r}")
    makers: dict[str, Callable[[], Respondent]] = {
        "random": RandomChoice,
        "always-first": AlwaysFirst,
        # Another number is another respondent, so it has another name in records.
        "sticky": lambda: Sticky(
            name=spec.replace(":", "-"), probability=_share(spec, argument, 0.9)
        ),
        "informed": lambda: msgspec.structs.replace(
            Informed.of(instrument, accuracy=_share(spec, argument, 1.0)),
            name=spec.replace(":", "-"),
        ),
        "person": lambda: Person(name=argument or "person"),
    }
    if name in makers:
        if argument and name in ("random", "always-first"):
            raise UsageError(f"respondent {name!r} takes no argument; got {argument!r}")
        return makers[name]()
    if names_recorded(spec):
        path, _, who = spec.partition("#")
        return read_recorded(Path(path), respondent=who)
    raise UnknownNameError("respondent", spec, RESPONDENTS)


def names_recorded(spec: str) -> bool:
    """Whether a text names recorded answers."""
    return Path(spec.partition("#")[0]).suffix in _TABLES


def open_projection(spec: str) -> Projection:
    """Return the projection that a text names.

    Raises:
        UnknownNameError: if it is neither a table with a column nor a known name.
        MeasurementError: if the table is malformed.
    """
    if spec in PROJECTIONS:
        found: Projection = getattr(taxonomies, PROJECTIONS[spec])
        return found
    path, separator, column = spec.partition("#")
    if separator and Path(path).suffix in _TABLES:
        return read_projection(Path(path), column)
    raise UnknownNameError("projection", spec, PROJECTIONS)


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
