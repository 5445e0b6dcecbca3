"""Instruments: sets of questions, the orders they are shown in, and what an answer loads on.

A :class:`Question` has one of six forms. Whatever the form, an answer picks one of its
options, so that one respondent protocol serves all. The instrument owns counterbalancing: the
options of a pair are shown in both orders, those of a choice in every rotation (each option
stands in each place equally often), and a scale from either end.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping
from typing import Literal

import msgspec

from telic.errors import MeasurementError, UnknownNameError
from telic.values.respondent import Item, Orders

__all__ = [
    "AMBIVALENT",
    "SCALES",
    "Form",
    "Instrument",
    "Option",
    "Question",
]

Form = Literal["pair", "choice", "stance", "rating", "valence", "relevance"]

SCALES: tuple[Form, ...] = ("stance", "rating", "valence", "relevance")
"""Forms whose options are points of a scale and carry a value."""

AMBIVALENT = "ambivalent"
"""The truth of a question that neither option settles, and the word that answers so."""

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Option(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that can be chosen."""

    name: str
    """Unique in its question; what replies, comparison tables and synthetic respondents use."""
    text: str = ""
    """What is shown; the name where empty."""
    value: float = 0.0
    """Place on the scale in [-1, 1]; scales only."""
    tags: Mapping[str, float] = {}
    """Dimension → weight of what choosing it speaks for; choices only."""
    kind: str = ""
    """What the option is besides its values ("to_do", "distractor"), so that a bias for it can be
    told from values."""

    @property
    def shown(self) -> str:
        """The text shown."""
        return self.text or self.name


class Question(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One question in its own, unshuffled order of options.

    Raises:
        MeasurementError: if it is empty, has fewer than two options, an option twice, a truth
            or urged option it does not offer, a scale value outside [-1, 1], or a weight that
            is not finite.
    """

    id: str
    form: Form
    options: tuple[Option, ...]
    text: str = ""
    """The situation or statement, before the options."""
    ask: str = ""
    """The question itself, after the situation; a default of the form where empty."""
    context: str = ""
    """Names the condition: a persona, a language, a level of difficulty."""
    tags: Mapping[str, float] = {}
    """Dimension → weight that a scale answer is evidence for; negative where reverse-keyed."""
    offers_ambivalent: bool = False
    """Whether "neither outweighs the other" may be answered."""
    offers_abstain: bool = False
    """Whether the prompt says that one may abstain."""
    is_bare: bool = False
    """Whether the prompt is the text alone, for respondents that continue it; the options are then
    not shown and have no order."""
    truth: str = ""
    """Name of the right option, or ``ambivalent``; empty where there is none."""
    urged: str = ""
    """Name of the option that the asker argues for, if any."""

    def __post_init__(self) -> None:
        names = [option.name for option in self.options]
        where = f"question {self.id!r}"
        if not self.id:
            raise MeasurementError("a question needs an id; got an empty one")
        if len(names) < 2 or len(set(names)) < len(names) or "" in names:
            raise MeasurementError(f"{where} needs two or more different options; got {names}")
        if self.form == "pair" and len(names) != 2:
            raise MeasurementError(f"{where} is a pair but has {len(names)} options")
        if self.truth and self.truth not in (*names, AMBIVALENT):
            raise MeasurementError(f"{where}: its truth {self.truth!r} is none of {names}")
        if self.urged and self.urged not in names:
            raise MeasurementError(f"{where}: the urged {self.urged!r} is none of {names}")
        if any(not -1 <= option.value <= 1 for option in self.options):
            raise MeasurementError(f"{where}: values on a scale lie in [-1, 1]")
        for tags in (self.tags, *(option.tags for option in self.options)):
            if not all(math.isfinite(weight) for weight in tags.values()):
                raise MeasurementError(f"{where}: weights of tags are finite; got {dict(tags)}")

    @property
    def is_scale(self) -> bool:
        """Whether the options are points of a scale."""
        return self.form in SCALES

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the options in the question's own order."""
        return tuple(option.name for option in self.options)

    def option(self, name: str) -> Option:
        """Return an option by name.

        Raises:
            UnknownNameError: if there is none.
        """
        for option in self.options:
            if option.name == name:
                return option
        raise UnknownNameError("option", name, self.names)

    def orders(self, orders: Orders = "both") -> tuple[tuple[str, ...], ...]:
        """Return the orders that the options are shown in.

        Args:
            orders: ``"both"`` for the counterbalanced set (two for a pair or a scale, k for
                a choice among k), ``"given"`` for the question's own.
        """
        names = self.names
        if orders == "given" or self.is_bare:
            return (names,)
        if self.form == "choice":
            return tuple(names[k:] + names[:k] for k in range(len(names)))
        return (names, names[::-1])

    def item(self, order: tuple[str, ...]) -> Item:
        """Return what is put to a respondent when the options are shown in an order."""
        return Item(
            id=self.id,
            options=order,
            prompt=self.prompt(order),
            context=self.context,
            allows_tie=self.offers_ambivalent,
            urged=order.index(self.urged) if self.urged else None,
        )

    def prompt(self, order: tuple[str, ...]) -> str:
        """Return the text for a respondent that reads."""
        if self.is_bare:
            return self.text
        options = [self.option(name) for name in order]
        lines = [self.text, ""] if self.text else []
        lines.append(self.ask or _ASK[self.form])
        if self.is_scale:
            lines += [
                f"- {option.name}: {option.text}" if option.text else f"- {option.name}"
                for option in options
            ]
            last = "Answer with one of these words only"
        else:
            lines += [
                f"{_LETTERS[place % 26]}) {option.shown}" for place, option in enumerate(options)
            ]
            last = "Answer with the letter only"
        if self.offers_ambivalent:
            last += f', or "{AMBIVALENT}" if neither outweighs the other'
        if self.offers_abstain:
            last += ', or "abstain" if you would rather not answer'
        return "\n".join([*lines, f"{last}."])


_ASK: dict[Form, str] = {
    "pair": "Which do you prefer?",
    "choice": "Which do you choose?",
    "stance": "What is your stance on this?",
    "rating": "How much do you agree?",
    "valence": "Does this support or oppose the action?",
    "relevance": "Does this matter for the decision?",
}


class Instrument(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Questions that are asked together.

    Raises:
        MeasurementError: if there is no question or an id is used twice.
    """

    name: str
    questions: tuple[Question, ...]
    source: str = ""
    """Where the questions come from: a paper, a data set, a file."""
    limits: str = ""
    """What the instrument cannot tell, printed in every report."""

    def __post_init__(self) -> None:
        if not self.questions:
            raise MeasurementError(f"instrument {self.name!r} has no question")
        seen: set[str] = set()
        for question in self.questions:
            if question.id in seen:
                raise MeasurementError(
                    f"instrument {self.name!r} uses the id {question.id!r} twice; ids are unique"
                )
            seen.add(question.id)

    def question(self, name: str) -> Question:
        """Return a question by id.

        Raises:
            UnknownNameError: if there is none.
        """
        for question in self.questions:
            if question.id == name:
                return question
        raise UnknownNameError("question", name, (question.id for question in self.questions))

    @property
    def dimensions(self) -> tuple[str, ...]:
        """Every dimension that a question or an option is tagged with, sorted."""
        tags = {tag for question in self.questions for tag in question.tags}
        for question in self.questions:
            for option in question.options:
                tags.update(option.tags)
        return tuple(sorted(tags))

    @property
    def digest(self) -> str:
        """Sixteen hexadecimal digits that change with any question."""
        encoded = msgspec.json.encode(self.questions, order="deterministic")
        return hashlib.blake2b(encoded, digest_size=8).hexdigest()

    def only(self, ids: Iterable[str]) -> Instrument:
        """Return the instrument with some of its questions, in its own order.

        Raises:
            UnknownNameError: if an id is unknown.
        """
        wanted = set(ids)
        for missing in sorted(wanted - {question.id for question in self.questions}):
            self.question(missing)
        kept = tuple(question for question in self.questions if question.id in wanted)
        return msgspec.structs.replace(self, questions=kept)
