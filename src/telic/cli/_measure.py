"""Driving a measurement: who is asked what, progress, what is kept and what is told."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, TextIO

import msgspec

from telic.cli._exit import FINISHED, INTERRUPTED
from telic.cli._json import InitDocument, emit
from telic.cli._runs import RUNS
from telic.cli._text import count, duration, harmless, rate
from telic.errors import UsageError

if TYPE_CHECKING:
    from telic.values import Instrument, Progress, Respondent
    from telic.values.respondent import Orders

__all__ = [
    "Asked",
    "InstrumentLine",
    "InstrumentList",
    "list_instruments",
    "run_measurement",
    "settings_of",
    "write_scaffold",
]


class InstrumentLine(msgspec.Struct, frozen=True):
    """Something that can be named on the command line."""

    name: str
    """What to write."""
    about: str
    """What it is."""


class InstrumentList(msgspec.Struct, frozen=True):
    """What ``telic measure --json`` gives without an instrument."""

    instruments: list[InstrumentLine]
    """Public formats, each with a small sample."""
    respondents: list[InstrumentLine]
    """Whom they can be put to."""
    projections: list[str]
    """Theories that tags can be projected to."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a command line asks to be measured."""

    instrument: str
    respondent: str
    repeats: int
    orders: Orders
    limit: int | None
    options: str | None
    persona: str
    seed: int
    record: Path | None

    def open(self) -> tuple[Instrument, Respondent]:
        """Return the instrument and the respondent.

        Raises:
            TelicError: if either is unknown or malformed.
        """
        from telic.values import open_instrument, open_respondent

        instrument = open_instrument(self.instrument, **settings_of(self.options))
        if self.limit is not None:
            if self.limit < 1:
                raise UsageError(f"--limit must be 1 or more; got {self.limit}")
            first = [question.id for question in instrument.questions[: self.limit]]
            instrument = instrument.only(first)
        kind, _, name = self.respondent.partition(":")
        if kind == "person" and not self.persona:
            return instrument, _person(name)
        return instrument, open_respondent(self.respondent, instrument, persona=self.persona)

    def place(self, instrument: Instrument, respondent: Respondent) -> Path | None:
        """Return where replies are recorded; ``None`` for answers that are a record already."""
        from telic.values.opening import names_recorded

        if self.record is not None:
            return self.record
        if names_recorded(self.respondent):
            return None
        words = f"{instrument.name}-{respondent.name}-{self.seed}-{instrument.digest[:6]}"
        return RUNS / f"{re.sub(r'[^A-Za-z0-9_.-]+', '-', words)}.replies"


def settings_of(text: str | None) -> dict[str, str | int]:
    """Read ``name=value,name=value``; whole numbers become integers.

    Raises:
        UsageError: if a part is no setting.
    """
    settings: dict[str, str | int] = {}
    for part in filter(None, (text or "").split(",")):
        name, separator, value = part.partition("=")
        if not separator or not name.strip():
            raise UsageError(f"--options has the form name=value,name=value; got {part!r}")
        plain = value.strip()
        settings[name.strip()] = int(plain) if plain.isdecimal() else plain
    return settings


def list_instruments(*, as_json: bool) -> int:
    """Say what can be measured, and whom."""
    from telic.values.loaders import FORMATS
    from telic.values.opening import PROJECTIONS, RESPONDENTS

    document = InstrumentList(
        [InstrumentLine(name, form.about) for name, form in FORMATS.items()],
        [InstrumentLine(name, about) for name, about in RESPONDENTS.items()],
        list(PROJECTIONS),
    )
    if as_json:
        emit(document)
        return FINISHED
    lines = ["Instruments (each has a small sample; FORMAT:FILE reads your copy of the data):"]
    lines += [f"  {line.name:<16} {line.about}" for line in document.instruments]
    lines += ["  FILE.toml        your own; telic measure FILE.toml --scaffold writes one", ""]
    lines += ["Respondents:"]
    lines += [f"  {line.name:<16} {line.about}" for line in document.respondents]
    lines += ["  FILE.csv#NAME    recorded answers", ""]
    lines += [f"Projections: {', '.join(document.projections)}, FILE#COLUMN"]
    sys.stdout.write("\n".join(lines) + "\n")
    return FINISHED


def write_scaffold(path: Path, form: str, *, as_json: bool) -> int:
    """Write an instrument to start from."""
    from telic.errors import UnknownNameError
    from telic.values import scaffold
    from telic.values.custom import FORMS

    for known in FORMS:
        if known == form:
            scaffold(path, known)
            break
    else:
        raise UnknownNameError("form", form, FORMS)
    if as_json:
        emit(InitDocument(str(path.parent), [path.name]))
        return FINISHED
    sys.stdout.write(
        f"{path} holds an instrument of one question; its comments say what to change. "
        f"It can be asked already:\n  telic measure {path} --respondent person\n"
    )
    return FINISHED


def run_measurement(
    asked: Asked, projection: str | None, *, report: Path | None, quiet: bool, as_json: bool
) -> int:
    """Measure, print or write what it comes to, and return the exit code."""
    from telic.cli._values import tell_measurement
    from telic.values import measure, open_projection
    from telic.values.respondent import closing

    chosen = None if projection is None else open_projection(projection)
    instrument, respondent = asked.open()
    place = asked.place(instrument, respondent)
    shows = _shower(asked, sys.stderr, quiet=quiet)
    with closing(respondent):
        try:
            measured = measure(
                instrument,
                respondent,
                repeats=asked.repeats,
                seed=asked.seed,
                orders=asked.orders,
                record=place,
                progress=shows,
            )
        except KeyboardInterrupt:
            _tell_interrupted(place, shows)
            return INTERRUPTED
    shows.end()
    return tell_measurement(measured, chosen, record=place, report=report, as_json=as_json)


def _tell_interrupted(place: Path | None, shows: _Shower) -> None:
    shows.end()
    kept = "" if place is None else f"; every reply so far is in {place}, and the same command"
    goes_on = "" if place is None else " goes on from there"
    sys.stderr.write(harmless(f"interrupted{kept}{goes_on}") + "\n")


def _person(name: str) -> Respondent:
    """Return the person at this terminal; questions go to standard error, which is not piped."""
    from telic.values import Person

    def read(prompt: str) -> str:
        sys.stderr.write(prompt)
        sys.stderr.flush()
        line = sys.stdin.readline()
        if not line:
            raise EOFError
        return line.rstrip("\n")

    def write(text: str) -> None:
        sys.stderr.write(harmless(text) + "\n")

    return Person(name=name or "person", read=read, write=write)


def _shower(asked: Asked, stream: TextIO, *, quiet: bool) -> _Shower:
    is_person = asked.respondent.partition(":")[0] == "person"
    return _Shower(stream, quiet=quiet, is_person=is_person)


class _Shower:
    """Shows progress: one line that is rewritten in a terminal, a line now and then elsewhere."""

    def __init__(self, stream: TextIO, *, quiet: bool, is_person: bool) -> None:
        self._stream = stream
        self._quiet = quiet
        self._is_person = is_person
        self._terminal = stream.isatty()
        self._began = monotonic()
        self._last = self._began
        self._open = False

    def __call__(self, progress: Progress) -> None:
        """Show how far it is, unless that was just shown."""
        if self._quiet:
            return
        now = monotonic()
        if progress.done == progress.recorded:
            if progress.recorded:
                known = f"{count(progress.recorded)} of {count(progress.total)} replies"
                self._line(f"{known} are known from the record")
            return
        if self._is_person:
            self._line(f"({progress.done} of {progress.total})")
        elif progress.done == progress.total or now - self._last >= self._pause:
            self._last = now
            self._line(self._sentence(progress, now))

    def end(self) -> None:
        """Leave the line as it is."""
        if self._open:
            self._stream.write("\n")
            self._open = False

    @property
    def _pause(self) -> float:
        return 0.2 if self._terminal else 5.0

    def _sentence(self, progress: Progress, now: float) -> str:
        asked = progress.done - progress.recorded
        speed = asked / max(now - self._began, 1e-6)
        left = (progress.total - progress.done) / speed
        ahead = "" if left <= 0 else f", about {duration(left)} left"
        return f"{count(progress.done)} of {count(progress.total)} replies, {rate(speed)}{ahead}"

    def _line(self, text: str) -> None:
        if self._terminal and not self._is_person:
            self._stream.write(f"\r\x1b[2K{text}")
            self._open = True
        else:
            self._stream.write(f"{text}\n")
        self._stream.flush()
