"""``telic presets``: published systems as settings of a run."""

from __future__ import annotations

__all__ = ["presets"]


def presets(name: str | None = None, *, json: bool = False) -> int:
    """List the presets for runs with language models, or show one.

    Args:
        name: Of a preset; without it all are listed.
        json: Print one JSON object on standard output.

    Examples:
        telic presets
        telic presets shinka
        telic run my-problem/ --model gpt-4o-mini --preset shinka
    """
    import sys

    from telic.cli._json import emit
    from telic.cli._presets import PresetList, preset_lines
    from telic.engine.presets import find_preset
    from telic.engine.presets import presets as all_presets

    found = list(all_presets()) if name is None else [find_preset(name)]
    if json:
        emit(PresetList(found))
    else:
        sys.stdout.write("\n".join(preset_lines(found)) + "\n")
    return 0
