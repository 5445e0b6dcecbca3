"""Writes docs/recipes.md from the registry: ``python docs/recipes_page.py``.

What was measured comes from the reports in docs/recipes/, as ``telic reproduce NAME --report
docs/recipes`` leaves them there; a recipe without one is shown as not yet measured.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import msgspec

from telic.recipes import Recipe, Report, effect_line, load
from telic.registry import built_in

HERE = Path(__file__).parent
INTRODUCTION = """# Recipes

A recipe is one published method as a short file over Telic's parts, with its claim as a measured
experiment. The method itself lives in the library, where you can use it on problems of your own;
the recipe only stages it.

```sh
telic reproduce                                    # what there is, and how long it takes
telic reproduce alphaevolve --quick                # under 20 s: shows that it runs
telic reproduce alphaevolve --report results/      # JSON, text and plots as files
```

Every report holds the arms with the value of each unit (a seed, a problem), each effect as the mean
of paired differences with its 95 % interval, and a verdict that is computed from them and cannot be
written by hand:

- **reproduced**: the whole interval lies beyond the threshold that the recipe declares;
- **direction only**: the mean does, the interval does not, or a run failed;
- **not reproduced**: neither.

A claim of several parts is as good as its weakest part. The exit code is 0 whatever the verdict;
the other codes, and every key of `--json`, are in [json.md](json.md). A recipe of your own is an
entry point in the group `telic.recipe` that names a `telic.recipes.Recipe`.

This page is made by `python docs/recipes_page.py` from the recipes; a test compares them.
"""


def page() -> str:
    """Return the whole page."""
    recipes = [load(name) for name in sorted(built_in("recipe"))]
    parts = [INTRODUCTION, _overview(recipes)]
    for recipe in recipes:
        parts.append(
            f"## {recipe.name}\n\n{recipe.explanation}\n\nReference: {recipe.reference}.\n"
        )
        parts.append(_measured(recipe))
    return "\n".join(parts)


def _overview(recipes: list[Recipe[Any]]) -> str:
    rows = ["| recipe | claim | minutes | verdict |", "|---|---|---|---|"]
    for recipe in recipes:
        report = _report(recipe.name)
        verdict = "not yet measured" if report is None else report.verdict
        link = f"[{recipe.name}](#{recipe.name})"
        rows.append(f"| {link} | {recipe.claim} | {recipe.minutes:g} | {verdict} |")
    return "\n".join(rows) + "\n"


def _measured(recipe: Recipe[Any]) -> str:
    report = _report(recipe.name)
    if report is None:
        return f"Measured: {recipe.measured} No full run is on record yet.\n"
    lines = [f"Measured: {recipe.measured}", ""]
    lines += [f"- {effect_line(effect)}" for effect in report.effects]
    lines += [f"- {note}" for note in report.notes]
    files = f"[text](recipes/{recipe.name}.txt), [JSON](recipes/{recipe.name}.json)"
    plots = [
        f"[plot](recipes/{recipe.name}-{number}.svg)" for number in range(1, len(report.plots) + 1)
    ]
    lines += ["", f"**{report.verdict}** ({', '.join([files, *plots])})"]
    return "\n".join(lines) + "\n"


def _report(name: str) -> Report | None:
    path = HERE / "recipes" / f"{name}.json"
    return msgspec.json.decode(path.read_bytes(), type=Report) if path.exists() else None


if __name__ == "__main__":
    target = HERE / "recipes.md"
    target.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{target} written\n")
