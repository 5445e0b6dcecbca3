"""Plots as data, and their drawing as SVG without any library.

A drawing stands alone: colours are in the file, text is escaped, nothing is loaded.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from typing import Literal

import msgspec

from telic.errors import MeasurementError
from telic.recipes._arm import Arm

__all__ = ["Plot", "Series", "arms_plot", "draw"]

_WIDTH, _HEIGHT = 720, 380
_LEFT, _RIGHT, _TOP, _BOTTOM = 72, 180, 40, 52
_COLOURS = ("#1b6ca8", "#d1495b", "#3a7d44", "#e08e1b", "#6a4c93", "#3d3d3d", "#00a6a6", "#b56576")


class Series(msgspec.Struct, frozen=True, kw_only=True):
    """Named points, in order of x."""

    name: str
    """In the legend."""
    x: list[float]
    """Positions."""
    y: list[float]
    """Values."""
    low: list[float] = []
    """Lower ends of the values' intervals, or empty."""
    high: list[float] = []
    """Upper ends, or empty."""


class Plot(msgspec.Struct, frozen=True, kw_only=True):
    """Data of one plot.

    Raises:
        MeasurementError: if a series is uneven or holds a number that is not finite.
    """

    title: str
    """What it shows."""
    x_label: str
    """Name and unit of the horizontal axis."""
    y_label: str
    """Name and unit of the vertical axis."""
    kind: Literal["lines", "points"] = "lines"
    """Whether the points of a series are joined."""
    series: list[Series]
    """At least one point in all."""
    categories: list[str] = []
    """Names of the positions 0, 1, 2 and so on, instead of numbers, or empty."""

    def __post_init__(self) -> None:
        if not any(one.x for one in self.series):
            raise MeasurementError(f"plot {self.title!r} has no points")
        for one in self.series:
            ends = (one.low, one.high)
            if len(one.x) != len(one.y) or any(len(end) not in (0, len(one.x)) for end in ends):
                raise MeasurementError(f"plot {self.title!r}: series {one.name!r} is uneven")
            if not all(map(math.isfinite, (*one.x, *one.y, *one.low, *one.high))):
                raise MeasurementError(f"plot {self.title!r}: {one.name!r} is not finite")


def arms_plot(title: str, arms: Sequence[Arm]) -> Plot:
    """Return a plot of every arm's values with its mean and interval beside them.

    Args:
        title: what it shows.
        arms: of one metric; those without any value are left out.
    """
    shown = [(arm, arm.mean) for arm in arms if arm.mean is not None]
    places = [float(place) for place in range(len(shown))]
    points = [
        (place, value)
        for place, (arm, _) in zip(places, shown, strict=True)
        for value in arm.values
        if value is not None
    ]
    ends = [arm.interval or (mean, mean) for arm, mean in shown]
    return Plot(
        title=title,
        x_label="",
        y_label=shown[0][0].metric if shown else "",
        kind="points",
        categories=[arm.name for arm, _ in shown],
        series=[
            Series(name="each unit", x=[x for x, _ in points], y=[y for _, y in points]),
            Series(
                name="mean, 95 % interval",
                x=[place + 0.2 for place in places],
                y=[mean for _, mean in shown],
                low=[low for low, _ in ends],
                high=[high for _, high in ends],
            ),
        ],
    )


def draw(plot: Plot) -> str:
    """Return a plot as a complete SVG document."""
    xs = [x for one in plot.series for x in one.x]
    ys = [y for one in plot.series for y in (*one.y, *one.low, *one.high)]
    across = (-0.5, len(plot.categories) - 0.5) if plot.categories else _padded(xs)
    span = _Frame(across, _padded(ys))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        f'width="{_WIDTH}" height="{_HEIGHT}" font-family="sans-serif" font-size="12">',
        f"<title>{escape(plot.title)}</title>",
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>',
        _text(_LEFT, 22, plot.title, extra='font-size="15"'),
        *_axes(plot, span),
    ]
    for place, one in enumerate(plot.series):
        colour = _COLOURS[place % len(_COLOURS)]
        parts += _series(one, span, colour, is_joined=plot.kind == "lines")
        y = _TOP + 10 + 18 * place
        parts.append(f'<circle cx="{_WIDTH - _RIGHT + 16}" cy="{y}" r="4" fill="{colour}"/>')
        parts.append(_text(_WIDTH - _RIGHT + 26, y + 4, _short(one.name, 24)))
    return "\n".join([*parts, "</svg>"]) + "\n"


class _Frame(msgspec.Struct, frozen=True):
    """The data's ends, and where data falls on the drawing."""

    x: tuple[float, float]
    y: tuple[float, float]

    def across(self, value: float) -> float:
        low, high = self.x
        return _LEFT + (value - low) / (high - low) * (_WIDTH - _LEFT - _RIGHT)

    def up(self, value: float) -> float:
        low, high = self.y
        return _HEIGHT - _BOTTOM - (value - low) / (high - low) * (_HEIGHT - _TOP - _BOTTOM)


def _padded(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    room = 0.05 * (high - low) or 0.5 * abs(high) or 0.5
    return low - room, high + room


def _axes(plot: Plot, span: _Frame) -> list[str]:
    floor, right = _HEIGHT - _BOTTOM, _WIDTH - _RIGHT
    parts: list[str] = []
    for tick in _ticks(*span.y):
        y = span.up(tick)
        parts.append(f'<path d="M{_LEFT} {y:.1f}H{right}" stroke="#e4e4e4"/>')
        parts.append(_text(_LEFT - 6, y + 4, f"{tick:g}", extra='text-anchor="end"'))
    places = [(float(k), _short(name, 16)) for k, name in enumerate(plot.categories)]
    places = places or [(tick, f"{tick:g}") for tick in _ticks(*span.x)]
    for place, (value, name) in enumerate(places):
        lower = 14 if plot.categories and len(places) > 4 and place % 2 else 0
        middle = 'text-anchor="middle"'
        parts.append(_text(span.across(value), floor + 16 + lower, name, extra=middle))
    parts.append(f'<path d="M{_LEFT} {_TOP}V{floor}H{right}" fill="none" stroke="#555"/>')
    parts.append(_text(_LEFT, _HEIGHT - 10, plot.x_label))
    turned = f'transform="rotate(-90 16 {floor})"'
    return [*parts, _text(16, floor, plot.y_label, extra=turned)]


def _series(one: Series, span: _Frame, colour: str, *, is_joined: bool) -> list[str]:
    spots = [(span.across(x), span.up(y)) for x, y in zip(one.x, one.y, strict=True)]
    parts: list[str] = []
    if is_joined and len(spots) > 1:
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in spots)
        parts.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="1.5"/>')
    if one.low and one.high:
        parts += [
            f'<path d="M{x:.1f} {span.up(low):.1f}V{span.up(high):.1f}" stroke="{colour}"/>'
            for (x, _), low, high in zip(spots, one.low, one.high, strict=True)
        ]
    radius = 2 if is_joined else 3.5
    parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{colour}"/>' for x, y in spots]
    return parts


def _ticks(low: float, high: float) -> list[float]:
    """Return round numbers that divide an interval into some three to six parts."""
    rough = (high - low) / 5
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(k * step, 12) for k in range(first, last + 1)]


def _text(x: float, y: float, words: str, *, extra: str = "") -> str:
    space = " " if extra else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="#222"{space}{extra}>{escape(words)}</text>'


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "\u2026"
