"""Short ways to write questions of each form.

Scales carry values from -1 to 1: a stance runs from oppose to support, a rating over its
points at equal distances, a valence from opposes through either to supports.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from telic.errors import MeasurementError
from telic.values.instrument import Instrument, Option, Question

__all__ = [
    "RATING_WORDS",
    "affect_probe",
    "all_pairs",
    "choice",
    "pair",
    "rating",
    "relevance",
    "stance",
    "valence",
]

RATING_WORDS = (
    "does not describe me",
    "barely describes me",
    "describes me a little",
    "describes me somewhat",
    "describes me well",
    "describes me very well",
)
"""Words of the six points of a self-description, lowest first."""


def pair(
    name: str, left: Option | str, right: Option | str, *, text: str = "", ask: str = ""
) -> Question:
    """Return a choice between two options."""
    return Question(
        id=name, form="pair", options=(_option(left), _option(right)), text=text, ask=ask
    )


def all_pairs(options: Sequence[Option | str]) -> tuple[Question, ...]:
    """Return every pair of options once, ids ``p0001``… in order."""
    whole = [_option(option) for option in options]
    couples = [(a, b) for i, a in enumerate(whole) for b in whole[i + 1 :]]
    return tuple(pair(f"p{k:04d}", a, b) for k, (a, b) in enumerate(couples, start=1))


def choice(
    name: str, options: Iterable[Option | str], *, text: str = "", offers_ambivalent: bool = False
) -> Question:
    """Return a choice among two or more options."""
    return Question(
        id=name,
        form="choice",
        options=tuple(_option(option) for option in options),
        text=text,
        offers_ambivalent=offers_ambivalent,
    )


def rating(
    name: str,
    text: str,
    *,
    tags: Mapping[str, float],
    words: Sequence[str] = RATING_WORDS,
    ask: str = "How well does this describe you?",
) -> Question:
    """Return a rating on points ``1``…``len(words)``, lowest first.

    Raises:
        MeasurementError: if there are fewer than two points.
    """
    if len(words) < 2:
        raise MeasurementError(f"question {name!r}: a rating needs two or more points")
    step = 2 / (len(words) - 1)
    points = tuple(
        Option(name=str(place + 1), text=word, value=min(1.0, place * step - 1))
        for place, word in enumerate(words)
    )
    return Question(id=name, form="rating", options=points, text=text, tags=tags, ask=ask)


def stance(name: str, text: str, *, tags: Mapping[str, float] | None = None) -> Question:
    """Return a question about one's stance: support, neutral or oppose."""
    points = (Option("support", value=1.0), Option("neutral"), Option("oppose", value=-1.0))
    return Question(id=name, form="stance", options=points, text=text, tags=tags or {})


def valence(name: str, text: str, *, tags: Mapping[str, float] | None = None) -> Question:
    """Return whether something supports or opposes an action, or either."""
    points = (Option("supports", value=1.0), Option("either"), Option("opposes", value=-1.0))
    return Question(id=name, form="valence", options=points, text=text, tags=tags or {})


def relevance(name: str, text: str, *, tags: Mapping[str, float] | None = None) -> Question:
    """Return whether something is relevant: yes (1) or no (0)."""
    points = (Option("yes", value=1.0), Option("no", value=0.0))
    return Question(id=name, form="relevance", options=points, text=text, tags=tags or {})


def affect_probe(
    events: Mapping[str, str],
    *,
    name: str = "affect-probe",
    feelings: Mapping[str, str] | None = None,
) -> Instrument:
    """Return the one-word affect probe "I heard that X, so I feel very …".

    Language models too small to choose a letter still complete this sentence sensibly, best by
    comparing the probabilities of the two words (:class:`telic.values.Scored`). There is no order
    of options to balance, so a respondent that always says "happy" shows only on sad events: ask
    about both kinds.

    Args:
        events: id → event, a clause that follows "that".
        name: of the instrument.
        feelings: id → ``happy`` or ``sad`` where that is plain: the truth of the question, which
            then stands for no dimension of its own.
    """
    points = (Option("happy", value=1.0), Option("sad", value=-1.0))
    questions = tuple(
        Question(
            id=key,
            form="valence",
            options=points,
            text=f"I heard that {event}, so I feel very",
            is_bare=True,
            tags={} if (feelings or {}).get(key) else {key: 1.0},
            truth=(feelings or {}).get(key, ""),
        )
        for key, event in events.items()
    )
    return Instrument(
        name=name,
        questions=questions,
        limits="The probe carries the sign of a feeling, not its size: scores of two good events "
        "do not say which is better, and it gives no exchange rates.",
    )


def _option(option: Option | str) -> Option:
    return Option(option) if isinstance(option, str) else option
