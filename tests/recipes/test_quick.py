"""Every bundled recipe's quick form: it runs, it is quick, and its report holds together."""

from __future__ import annotations

import resource

import msgspec
import pytest

from telic import recipes
from telic.recipes import Report
from telic.registry import built_in

_MOST_SECONDS = 20.0


def cpu_seconds() -> float:
    """CPU time of this process and its ended children: the machine may be busy with others."""
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


@pytest.mark.slow
@pytest.mark.parametrize("name", built_in("recipe"))
def test_the_quick_form_runs(name: str):
    recipe = recipes.load(name)
    shares: list[float] = []
    before = cpu_seconds()

    report = recipe.reproduce(
        recipe.form(is_quick=True), lambda share, _doing: shares.append(share)
    )

    assert cpu_seconds() - before < _MOST_SECONDS
    assert report.recipe == recipe.name == name
    assert report.is_quick
    assert len(report.arms) >= 2
    assert report.effects
    assert all(len(effect.differences) >= 1 for effect in report.effects)
    assert shares == sorted(shares)
    assert 0 <= shares[0] <= shares[-1] == 1.0
    assert msgspec.json.decode(msgspec.json.encode(report), type=Report) == report
    assert all(recipes.draw(plot).startswith("<svg") for plot in report.plots)


@pytest.mark.parametrize("name", built_in("recipe"))
def test_the_recipe_explains_itself(name: str):
    recipe = recipes.load(name)

    assert len(recipe.explanation.split()) >= 60
    assert recipe.claim.endswith(".")
    assert recipe.measured.endswith(".")
    assert any(year in recipe.reference for year in map(str, range(1990, 2030)))
    assert recipe.quick != recipe.full
    assert recipe.minutes > 0
