"""Respondents: whoever's values are measured.

A respondent answers an :class:`Item` and says honestly when it did not: a refusal, an
abstention, a reply nobody can parse and a transport error are four different things, and
none of them is a choice. Respondents of known truth and the null respondents live in
:mod:`telic.values.synthetic`.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from typing import Literal, Protocol

import msgspec

from telic import seeding
from telic.errors import MeasurementError, UsageError
from telic.values.comparison import Comparison, Comparisons, Shown, Status

__all__ = ["Answer", "Item", "Orders", "Respondent", "ask_pairs", "closing", "tally"]

Orders = Literal["both", "given"]
"""``both`` shows each pair in either order, which cancels a position bias; ``given`` does not."""


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One question: a choice among options as they are shown.

    Raises:
        MeasurementError: if there are fewer than two options, or one is listed twice.
    """

    id: str
    """The same for every order in which the options are shown."""
    options: tuple[str, ...]
    """Names of the options in the order shown, two or more."""
    prompt: str = ""
    """What is put to a respondent that reads; synthetic ones need none."""
    context: str = ""
    allows_tie: bool = False
    """Whether "neither outweighs the other" is offered as an answer."""
    urged: int | None = None
    """Position of the option that the asker argues for, if any."""

    def __post_init__(self) -> None:
        if len(self.options) < 2 or len(set(self.options)) < len(self.options):
            raise MeasurementError(
                f"item {self.id!r} needs two or more different options; got {self.options}"
            )


class Answer(msgspec.Struct, frozen=True):
    """How one reply ended."""

    status: Status
    choice: int | None = None
    """Position of the chosen option as shown; ``None`` with ``answered`` is a tie."""
    text: str = ""
    """The raw reply, where there is one."""

    @property
    def is_tie(self) -> bool:
        """Whether the respondent answered that neither option outweighs the other."""
        return self.status == "answered" and self.choice is None


class Respondent(Protocol):
    """Answers items; the same item and seed always give the same answer."""

    @property
    def name(self) -> str:
        """Name in tables and reports."""
        ...

    def ask(self, item: Item, seed: int) -> Answer:
        """Return the answer; a failure is an answer with its status, not an exception."""
        ...


@contextmanager
def closing(respondent: Respondent) -> Generator[None]:
    """Close at the end what a respondent holds open, a model's process for example."""
    close: Callable[[], None] | None = getattr(respondent, "close", None)
    try:
        yield
    finally:
        if close is not None:
            close()


def ask_pairs(
    respondent: Respondent,
    pairs: Iterable[tuple[str, str]],
    *,
    repeats: int,
    seed: int,
    orders: Orders = "both",
    allows_tie: bool = False,
    context: str = "",
) -> Comparisons:
    """Ask one respondent to compare pairs and tally the answers.

    Args:
        respondent: who is asked.
        pairs: ``(left, right)`` names; ``left`` is shown first when an order is given.
        repeats: replies per pair and order, 1 or more.
        seed: address of the draws; reply ``k`` has its own.
        orders: whether each pair is shown in both orders or only as given.
        allows_tie: whether a tie is offered.
        context: under which the pairs are compared.

    Raises:
        UsageError: if ``repeats`` is below 1.
        MeasurementError: if a pair compares an item with itself.
    """
    if repeats < 1:
        raise UsageError(f"repeats must be 1 or more; got {repeats}")
    rows: list[Comparison] = []
    seeds = [seeding.address(seed, "reply", k) for k in range(repeats)]
    for left, right in pairs:
        shown_orders = ((left, right), (right, left)) if orders == "both" else ((left, right),)
        for options in shown_orders:
            item = Item(
                id=f"{left}|{right}", options=options, context=context, allows_tie=allows_tie
            )
            answers = [respondent.ask(item, reply_seed) for reply_seed in seeds]
            rows.append(tally(item, answers, left=left, right=right, respondent=respondent.name))
    return Comparisons.of(rows)


def tally(
    item: Item, answers: Sequence[Answer], *, left: str, right: str, respondent: str
) -> Comparison:
    """Return the row that a two-option item's answers make.

    Raises:
        MeasurementError: if the item's options are not ``left`` and ``right``.
    """
    if set(item.options) != {left, right} or len(item.options) != 2:
        raise MeasurementError(
            f"item {item.id!r} shows {item.options}; expected {left!r} and {right!r} in some order"
        )
    shown: Shown = "left" if item.options[0] == left else "right"
    chosen = item.options.index(left)
    statuses = [answer.status for answer in answers]
    return Comparison(
        left=left,
        right=right,
        shown=shown,
        respondent=respondent,
        wins=sum(answer.choice == chosen for answer in answers),
        ties=sum(answer.is_tie for answer in answers),
        n=statuses.count("answered"),
        context=item.context,
        abstained=statuses.count("abstained"),
        refused=statuses.count("refused"),
        unparsed=statuses.count("unparsed"),
        error=statuses.count("error"),
    )
