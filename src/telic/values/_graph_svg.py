"""A directed graph as inline SVG: nodes on a circle, first one on top, clockwise."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

import msgspec

__all__ = ["Arrow", "graph_plot"]

_WIDTH = 760
_RADIUS = 210.0
_NODE = 6.0


class Arrow(msgspec.Struct, frozen=True):
    """An edge between two nodes."""

    source: str
    to: str
    strength: float
    """In [0, 1]; shown as opacity."""


def graph_plot(title: str, nodes: Sequence[str], arrows: Sequence[Arrow]) -> str:
    """Return the graph; arrows bend to one side, so that opposite ones stay apart.

    Args:
        title: read out by screen readers.
        nodes: names, different.
        arrows: between listed nodes.
    """
    height = 2 * _RADIUS + 70
    places = {
        node: (
            _WIDTH / 2 + _RADIUS * math.sin(2 * math.pi * k / len(nodes)),
            height / 2 - _RADIUS * math.cos(2 * math.pi * k / len(nodes)),
        )
        for k, node in enumerate(nodes)
    }
    parts = [
        f'<svg role="img" viewBox="0 0 {_WIDTH} {height:g}" width="{_WIDTH}" height="{height:g}">',
        f"<title>{escape(title)}</title>",
        '<defs><marker id="head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" '
        'markerHeight="7" orient="auto"><path class="head" d="M0 0L10 5L0 10z"/></marker></defs>',
    ]
    parts += [_arrow(arrow, places) for arrow in arrows]
    parts += [_node(node, places[node]) for node in nodes]
    return "".join([*parts, "</svg>"])


def _arrow(arrow: Arrow, places: dict[str, tuple[float, float]]) -> str:
    (x1, y1), (x2, y2) = places[arrow.source], places[arrow.to]
    length = math.hypot(x2 - x1, y2 - y1) or 1.0
    ux, uy = (x2 - x1) / length, (y2 - y1) / length
    bend = 0.12 * length
    cx, cy = (x1 + x2) / 2 - uy * bend, (y1 + y2) / 2 + ux * bend
    x2, y2 = x2 - ux * _NODE, y2 - uy * _NODE
    opacity = 0.15 + 0.85 * min(1.0, max(0.0, arrow.strength))
    return (
        f'<path class="edge" d="M{x1:.1f} {y1:.1f}Q{cx:.1f} {cy:.1f} {x2:.1f} {y2:.1f}" '
        f'opacity="{opacity:.2f}" marker-end="url(#head)"/>'
    )


def _node(name: str, place: tuple[float, float]) -> str:
    x, y = place
    is_right = x >= _WIDTH / 2 - 1
    anchor, shift = ("start", _NODE + 4) if is_right else ("end", -_NODE - 4)
    text = name if len(name) <= 24 else f"{name[:23]}\u2026"
    return (
        f'<circle class="node" cx="{x:.1f}" cy="{y:.1f}" r="{_NODE:g}"/>'
        f'<text x="{x + shift:.1f}" y="{y + 4:.1f}" text-anchor="{anchor}">'
        f"<title>{escape(name)}</title>{escape(text)}</text>"
    )
