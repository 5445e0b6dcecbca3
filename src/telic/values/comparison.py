"""The comparison table: the one input of every utility model.

A row says that one respondent was asked to compare ``left`` and ``right`` in one order and
one context, and how the replies ended. Replies that were not answered are counted by
status and never become a preference: they are neither wins nor half wins.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from telic.errors import MeasurementError, UsageError
from telic.values._arrays import Floats, Indices

__all__ = ["UNANSWERED", "Comparison", "Comparisons", "Replies", "Shown", "Status", "join"]

Status = Literal["answered", "abstained", "refused", "unparsed", "error"]
"""How a reply ended; the five are never folded together."""

UNANSWERED: tuple[Status, ...] = ("abstained", "refused", "unparsed", "error")

Shown = Literal["left", "right", ""]
"""Which side was shown first; empty when the form has no order."""

_SIGN: dict[str, int] = {"left": 1, "right": -1, "": 0}
_SIDE: dict[int, Shown] = {1: "left", -1: "right", 0: ""}


class Replies(msgspec.Struct, frozen=True):
    """How many replies were asked for and how they ended."""

    answered: float
    """Gave an answer, ambivalence included."""
    abstained: int
    """Said that they give none."""
    refused: int
    """Declined to be asked."""
    unparsed: int
    """Said something that no answer can be read from."""
    error: int
    """Never came."""

    @property
    def asked(self) -> float:
        """All replies, whatever their status."""
        return self.answered + self.abstained + self.refused + self.unparsed + self.error

    def __str__(self) -> str:
        parts = [f"{self.asked:g} asked", f"{self.answered:g} answered"]
        parts += [f"{getattr(self, name)} {name}" for name in UNANSWERED if getattr(self, name)]
        return ", ".join(parts)


class Comparison(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One row: replies of one respondent to one pair in one order and context."""

    left: str
    right: str
    shown: Shown = ""
    respondent: str = ""
    wins: float = 0.0
    """Answered replies that chose ``left``; may be fractional (choice probabilities)."""
    ties: float = 0.0
    """Answered replies that put both on a level ("equal", "ambivalent")."""
    n: float = 0.0
    """Answered replies, ties included."""
    context: str = ""
    abstained: int = 0
    refused: int = 0
    unparsed: int = 0
    error: int = 0


@dataclass(frozen=True, eq=False)
class Comparisons:
    """Comparison rows as columns of equal length ``m``.

    Raises:
        MeasurementError: if columns differ in length, a name is listed twice, a row compares
            an item with itself, or its counts are negative, not finite or contradict ``n``.
    """

    items: tuple[str, ...]
    respondents: tuple[str, ...]
    contexts: tuple[str, ...]
    left: Indices
    """(m,) index into ``items``."""
    right: Indices
    shown: Indices
    """(m,) +1 where left was shown first, -1 where right was, 0 without an order."""
    respondent: Indices
    context: Indices
    wins: Floats
    ties: Floats
    n: Floats
    abstained: Indices
    refused: Indices
    unparsed: Indices
    error: Indices

    def __post_init__(self) -> None:
        for kind, names in (
            ("item", self.items),
            ("respondent", self.respondents),
            ("context", self.contexts),
        ):
            if len(set(names)) < len(names):
                twice = next(name for name in names if names.count(name) > 1)
                raise MeasurementError(f"{kind} {twice!r} is listed twice; names must be unique")
        lengths = {field.name: len(getattr(self, field.name)) for field in fields(self)[3:]}
        if len(set(lengths.values())) > 1:
            raise MeasurementError(f"comparison columns must be equally long; got {lengths}")
        self._check_rows()

    def _check_rows(self) -> None:
        for name, bound in (
            ("left", len(self.items)),
            ("right", len(self.items)),
            ("respondent", len(self.respondents)),
            ("context", len(self.contexts)),
        ):
            column = getattr(self, name)
            self._refuse((column < 0) | (column >= bound), f"{name} is not a listed index")
        self._refuse(self.left == self.right, "an item is compared with itself")
        self._refuse(~np.isin(self.shown, (-1, 0, 1)), "shown must be +1, -1 or 0")
        for name in ("wins", "ties", "n", *UNANSWERED):
            column = getattr(self, name)
            bad = ~np.isfinite(column) | (column < 0)
            self._refuse(bad, f"{name} must be a finite count of 0 or more")
        excess = self.wins + self.ties - self.n > 1e-9 * np.maximum(self.n, 1.0)
        self._refuse(excess, "wins and ties together exceed the n answered replies")

    def _refuse(self, bad: NDArray[np.bool_], reason: str) -> None:
        if bad.any():
            raise MeasurementError(f"comparison row {int(np.argmax(bad)) + 1}: {reason}")

    @classmethod
    def of(cls, rows: Iterable[Comparison], *, items: Sequence[str] = ()) -> Comparisons:
        """Build the table from rows.

        Args:
            rows: in any order; equal keys stay separate rows.
            items: names that come first, in this order, whether or not a row has them.
        """
        rows = list(rows)
        named = {name: index for index, name in enumerate(items)}
        for row in rows:
            named.setdefault(row.left, len(named))
            named.setdefault(row.right, len(named))
        respondents = _index(row.respondent for row in rows)
        contexts = _index(row.context for row in rows)
        return cls(
            tuple(items) + tuple(named)[len(set(items)) :],
            tuple(respondents),
            tuple(contexts),
            np.array([named[row.left] for row in rows], dtype=np.intp),
            np.array([named[row.right] for row in rows], dtype=np.intp),
            np.array([_SIGN[row.shown] for row in rows], dtype=np.int8),
            np.array([respondents[row.respondent] for row in rows], dtype=np.intp),
            np.array([contexts[row.context] for row in rows], dtype=np.intp),
            np.array([row.wins for row in rows], dtype=np.float64),
            np.array([row.ties for row in rows], dtype=np.float64),
            np.array([row.n for row in rows], dtype=np.float64),
            np.array([row.abstained for row in rows], dtype=np.int64),
            np.array([row.refused for row in rows], dtype=np.int64),
            np.array([row.unparsed for row in rows], dtype=np.int64),
            np.array([row.error for row in rows], dtype=np.int64),
        )

    @classmethod
    def of_counts(
        cls,
        items: Sequence[str],
        left: Indices,
        right: Indices,
        *,
        wins: Floats,
        n: Floats,
        shown: Indices | None = None,
    ) -> Comparisons:
        """Build the table of one respondent from count columns, each of length m."""
        size = len(left)
        zero = np.zeros(size, dtype=np.intp)
        none = np.zeros(size, dtype=np.int64)
        order = np.zeros(size, dtype=np.int8) if shown is None else shown
        return cls(
            *(tuple(items), ("",), ("",)),
            *(left, right, order, zero, zero),
            *(wins.astype(np.float64), np.zeros(size), n.astype(np.float64)),
            *(none, none, none, none),
        )

    def __len__(self) -> int:
        return len(self.left)

    @property
    def losses(self) -> Floats:
        """(m,) answered replies that chose ``right``."""
        return self.n - self.wins - self.ties

    @property
    def replies(self) -> Replies:
        """Totals over the table by status."""
        return Replies(float(self.n.sum()), *(int(getattr(self, k).sum()) for k in UNANSWERED))

    @property
    def pair(self) -> Indices:
        """(m,) one integer per unordered pair of items, equal in both orders."""
        low, high = np.minimum(self.left, self.right), np.maximum(self.left, self.right)
        return low * len(self.items) + high

    def rows(self) -> Iterator[Comparison]:
        """Yield the rows in order."""
        for i in range(len(self)):
            yield Comparison(
                left=self.items[self.left[i]],
                right=self.items[self.right[i]],
                shown=_SIDE[int(self.shown[i])],
                respondent=self.respondents[self.respondent[i]],
                wins=float(self.wins[i]),
                ties=float(self.ties[i]),
                n=float(self.n[i]),
                context=self.contexts[self.context[i]],
                **{name: int(getattr(self, name)[i]) for name in UNANSWERED},
            )

    def take(self, where: NDArray[np.bool_] | Indices) -> Comparisons:
        """Return chosen rows, by mask or by index, with all names kept."""
        columns = {field.name: getattr(self, field.name)[where] for field in fields(self)[3:]}
        return self._with(columns)

    def pooled(self) -> Comparisons:
        """Return the table with rows of equal key added up, in order of first appearance."""
        key = np.stack([self.left, self.right, self.shown, self.respondent, self.context])
        _, first, inverse = np.unique(key, axis=1, return_index=True, return_inverse=True)
        rank = np.argsort(np.argsort(first))
        group = rank[inverse.ravel()]
        columns = {
            field.name: getattr(self, field.name)[np.sort(first)] for field in fields(self)[3:]
        }
        for name in ("wins", "ties", "n", *UNANSWERED):
            column = getattr(self, name)
            total = np.bincount(group, weights=column, minlength=len(first))
            columns[name] = total.astype(column.dtype)
        return self._with(columns)

    def _with(self, columns: Mapping[str, Floats | Indices]) -> Comparisons:
        return Comparisons(self.items, self.respondents, self.contexts, **columns)  # pyright: ignore[reportArgumentType]


def join(*tables: Comparisons) -> Comparisons:
    """Return one table with the rows of all, items in order of first appearance."""
    items = tuple(dict.fromkeys(name for table in tables for name in table.items))
    if not tables:
        raise UsageError("join needs at least one table of comparisons; got none")
    return Comparisons.of((row for table in tables for row in table.rows()), items=items)


def _index(names: Iterable[str]) -> dict[str, int]:
    return {name: index for index, name in enumerate(dict.fromkeys(names))}
