"""Presets as a document and as text."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from telic.engine.presets import Preset

__all__ = ["PresetList", "preset_lines"]


class PresetList(msgspec.Struct, frozen=True):
    """What ``telic presets --json`` gives."""

    presets: list[Preset]
    """The default with models first."""


def preset_lines(found: Sequence[Preset]) -> list[str]:
    """Return the lines that show presets, each part as it is written on the command line."""
    lines: list[str] = []
    for preset in found:
        operators = ["all that need no model"] if preset.embedded else []
        rows = (
            ("strategy", preset.strategy),
            ("portfolio", preset.portfolio),
            ("operators", ", ".join((*operators, *preset.operators))),
            ("window", str(preset.window)),
            ("after", preset.source),
        )
        lines += [preset.name, f"  {preset.about}"]
        lines += [f"  {label:<10} {value}" for label, value in rows]
    return lines
