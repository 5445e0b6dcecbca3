"""From measured values to a problem's objective.

``problem.toml`` names a file, ``values = "values.toml"``, and the scorer gives a metric for each
dimension or outcome of it. The file is one of three::

    kind = "profile"                     # worth: nearness to a target profile
    target = { care = 0.8, fairness = 0.4 }
    source = "report/profile.csv"        # instead of target: as `telic measure --report` writes it
    weights = { care = 2.0 }             # of squared differences, 1 by default

    kind = "utility"                     # worth: expected utility of what the metrics say there is
    utilities = { "clean air" = 1.2, noise = -0.7 }
    source = "report/utilities.csv"      # instead of utilities
    scale = 1.0                          # utility that counts as 1

    kind = "standard"                    # thresholds must be met; the others make the worth
    role = "nurse"
    norms = [{ text = "Tell the truth", dimension = "honesty" },
             { text = "Relieve pain", dimension = "comfort" }]
    thresholds = { honesty = { at_least = 0.5 } }

A profile's or standard's constraints and a utility's terms are those of
:class:`telic.problem.ObjectiveSpec`, so a journal says what was searched for without this file.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import msgspec

from telic.errors import MeasurementError
from telic.problem import Constraint, ObjectiveSpec, Term
from telic.values._table import cell, number, read_rows, read_text, require_columns
from telic.values.standard import Adoption, Norm, Standard, Threshold

__all__ = [
    "profile_objective",
    "read_objective",
    "standard_objective",
    "utility_objective",
]

_WORTH = "worth"


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    kind: Literal["profile", "utility", "standard"]
    source: str = ""
    target: Mapping[str, float] = {}
    weights: Mapping[str, float] = {}
    utilities: Mapping[str, float] = {}
    scale: float = 1.0
    role: str = ""
    norms: tuple[Norm, ...] = ()
    thresholds: Mapping[str, Threshold] = {}
    adoption: Adoption = Adoption()


_KEYS: Mapping[str, tuple[str, ...]] = {
    "profile": ("target", "weights", "source"),
    "utility": ("utilities", "scale", "source"),
    "standard": ("role", "norms", "thresholds", "adoption"),
}
"""Kind → keys that it takes."""


def profile_objective(
    target: Mapping[str, float], *, weights: Mapping[str, float] | None = None
) -> ObjectiveSpec:
    """Return the objective whose worth is :func:`telic.values.from_profile`.

    Args:
        target: dimension → wanted score.
        weights: dimension → weight, positive; 1 for those that are not named.

    Raises:
        MeasurementError: if the target is empty or not finite, or a weight is unusable.
    """
    _require_finite("a target profile", target, least=1)
    weights = weights or {}
    for name, weight in weights.items():
        if name not in target or not 0 < weight < math.inf:
            raise MeasurementError(
                f"weight {weight} of {name!r}: weights are positive and for dimensions of the "
                f"target ({', '.join(target)})"
            )
    terms = tuple(
        Term(name, reference=float(score), weight=float(weights.get(name, 1.0)))
        for name, score in target.items()
    )
    return ObjectiveSpec(_WORTH, terms=terms, combine="distance")


def utility_objective(utilities: Mapping[str, float], *, scale: float = 1.0) -> ObjectiveSpec:
    """Return the objective whose worth is :func:`telic.values.from_utility` of all outcomes.

    Every outcome must be a metric; one whose utility is the mean of all is left out.

    Args:
        utilities: outcome → utility, on any scale.
        scale: utility that counts as 1, positive.

    Raises:
        MeasurementError: if there are fewer than two utilities, all are the same, one is not
            finite, or the scale is not positive.
    """
    _require_finite("worth from utilities", utilities, least=2)
    if not 0 < scale < math.inf:
        raise MeasurementError(f"a scale of utility is positive; got {scale}")
    mean = math.fsum(utilities.values()) / len(utilities)
    terms = tuple(
        Term(name, "maximize" if utility > mean else "minimize", weight=abs(utility - mean) / scale)
        for name, utility in utilities.items()
        if utility != mean
    )
    if not terms:
        raise MeasurementError("all outcomes have the same utility, so nothing is worth more")
    return ObjectiveSpec(_WORTH, terms=terms)


def standard_objective(standard: Standard, declared: ObjectiveSpec | None = None) -> ObjectiveSpec:
    """Return the objective of living up to a standard.

    Thresholds are constraints. Worth is the least score among norms without one, as norms are not
    traded; a hundredth of their mean is added, so that the others still count. Where every norm
    has a threshold, the declared objective is kept under those constraints.

    Args:
        standard: the norms.
        declared: the problem's own objective, the metric ``score`` by default.
    """
    bounds = tuple(
        Constraint(name, at_least=each.at_least, at_most=each.at_most)
        for name, each in standard.thresholds.items()
    )
    terms = tuple(
        Term(norm.dimension) for norm in standard.norms if norm.dimension not in standard.thresholds
    )
    if terms:
        return ObjectiveSpec(_WORTH, constraints=bounds, terms=terms, combine="worst")
    declared = declared or ObjectiveSpec()
    return msgspec.structs.replace(declared, constraints=(*declared.constraints, *bounds))


def read_objective(path: Path, declared: ObjectiveSpec | None = None) -> ObjectiveSpec:
    """Read the objective that a file of values makes; see the module.

    Args:
        path: a TOML file; a ``source`` in it is relative to its folder.
        declared: the problem's own objective, whose constraints are kept.

    Raises:
        MeasurementError: if the file is missing, malformed or makes no objective.
    """
    try:
        file = msgspec.toml.decode(read_text(path), type=_File)
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise MeasurementError(f"{path.name}: {error}") from error
    default = _File(kind=file.kind)
    for key in _File.__struct_fields__[1:]:
        if key not in _KEYS[file.kind] and getattr(file, key) != getattr(default, key):
            raise MeasurementError(f"{path.name}: a {file.kind} takes no key {key!r}")
    declared = declared or ObjectiveSpec()
    try:
        made = _made(file, path, declared)
    except MeasurementError as error:
        raise MeasurementError(f"{path.name}: {error}") from error
    if made.terms:
        return msgspec.structs.replace(made, constraints=(*declared.constraints, *made.constraints))
    return made


def _made(file: _File, path: Path, declared: ObjectiveSpec) -> ObjectiveSpec:
    if file.kind == "profile":
        target = _given(file.target, file, path, ("dimension", "score"))
        return profile_objective(target, weights=file.weights)
    if file.kind == "utility":
        utilities = _given(file.utilities, file, path, ("item", "utility"))
        return utility_objective(utilities, scale=file.scale)
    standard = Standard(
        role=file.role, norms=file.norms, thresholds=file.thresholds, adoption=file.adoption
    )
    return standard_objective(standard, declared)


def _given(
    inline: Mapping[str, float], file: _File, path: Path, columns: tuple[str, str]
) -> Mapping[str, float]:
    """Return the numbers of the file itself, or of the table that it names."""
    if bool(inline) == bool(file.source):
        raise MeasurementError(f"a {file.kind} needs its numbers or a source, and not both")
    if inline:
        return inline
    rows = read_rows(path.parent / file.source)
    require_columns(rows, columns, known=columns)
    found: dict[str, float] = {}
    for row in rows:
        name = cell(row, columns[0])
        if name in found:
            raise MeasurementError(f"{row.where}: {name!r} is listed twice")
        found[name] = number(row, columns[1])
    return found


def _require_finite(what: str, numbers: Mapping[str, float], *, least: int) -> None:
    if len(numbers) < least or not all(math.isfinite(value) for value in numbers.values()):
        raise MeasurementError(f"{what} needs {least} or more finite numbers; got {dict(numbers)}")
