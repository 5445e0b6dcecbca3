"""Components by kind and name, built-in ones and plug-ins through one door.

A component is a factory: a callable whose keyword arguments are plain data. A
:class:`Component` names one with its arguments, so that a journal can rebuild a run.
Packages add their own under the entry-point groups ``telic.strategy``, ``telic.operator``
and so on; the built-in table below holds the same ``"module:attribute"`` references,
written here so that start-up need not scan installed packages.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Mapping
from functools import cache
from typing import Any

from telic.component import KINDS, Component, Kind
from telic.errors import UnknownNameError, UsageError, suggestion

__all__ = ["KINDS", "Component", "Kind", "build", "built_in", "factory", "known", "parse"]

_BUILT_IN: dict[Kind, dict[str, str]] = {
    "strategy": {
        "best-of-n": "telic.strategies._best_of_n:BestOfN",
        "climb": "telic.strategies._climb:Climb",
        "crowding": "telic.strategies._crowding:Crowding",
        "hill-climb": "telic.strategies._hill_climb:HillClimb",
        "islands": "telic.strategies._islands:Islands",
        "mate-choice": "telic.strategies._mate_choice:MateChoice",
        "novelty": "telic.strategies._novelty:Novelty",
        "pareto": "telic.strategies._pareto:ParetoFronts",
        "random": "telic.strategies._random:RandomParents",
        "semantic": "telic.strategies._semantic:SemanticMates",
        "tournament": "telic.strategies._tournament:Tournament",
        "ucb-islands": "telic.strategies._islands:ucb_islands",
    },
    "operator": {
        "agent": "telic.operators.llm:agent",
        "breed": "telic.operators._breed:Breed",
        "burst": "telic.operators._arms:burst",
        "constants": "telic.operators._arms:constants",
        "coupled": "telic.operators._arms:coupled",
        "crossover": "telic.operators._arms:crossover",
        "expressions": "telic.operators._arms:expressions",
        "freeze": "telic.operators._freeze:Freeze",
        "graft": "telic.operators._graft:graft",
        "llm-advice": "telic.operators.llm:advice",
        "llm-cross": "telic.operators.llm:cross",
        "llm-diff": "telic.operators.llm:diff",
        "llm-fix": "telic.operators.llm:fix",
        "llm-notes": "telic.operators.llm:notes",
        "llm-reflect": "telic.operators.llm:reflect",
        "llm-rewrite": "telic.operators.llm:rewrite",
        "merge": "telic.operators.merge:Merge",
        "numeric": "telic.operators._numeric:Numeric",
        "polish": "telic.operators._polish:Polish",
        "simplify": "telic.operators._arms:simplify",
        "statements": "telic.operators._arms:statements",
        "swaps": "telic.operators._arms:swaps",
    },
    "portfolio": {
        "adaptive": "telic.operators._adaptive:AdaptivePortfolio",
        "asymmetric": "telic.operators._asymmetric:AsymmetricPortfolio",
        "thompson": "telic.operators.portfolio:ThompsonPortfolio",
        "ucb": "telic.operators.portfolio:UcbPortfolio",
        "uniform": "telic.operators.portfolio:UniformPortfolio",
    },
    "critic": {
        "behaviour": "telic.critics._factories:behaviour",
        "boosting": "telic.critics._factories:boosting",
        "credit": "telic.critics._factories:credit",
        "forest": "telic.critics._factories:forest",
        "gaussian-process": "telic.critics._factories:gaussian_process",
        "memory": "telic.critics._factories:memory",
        "neural": "telic.critics._factories:neural",
        "ridge": "telic.critics._factories:ridge",
        "shuffled": "telic.critics._factories:shuffled",
    },
    "model": {
        "agent": "telic.models.agent:Agent",
        "local": "telic.models.local:Local",
        "mutator": "telic.models.mutator:Mutator",
        "openai": "telic.models.remote:Remote",
        "recorded": "telic.models.recorded:Recorded",
        "scripted": "telic.models.scripted:Scripted",
        "wordllama": "telic.models.static:StaticVectors",
    },
    "format": {},
    "problem": {},
    "recipe": {
        "adaptive-mutation": "telic.recipes.adaptive_mutation:RECIPE",
        "alphaevolve": "telic.recipes.alphaevolve:RECIPE",
        "constrained-rlhf": "telic.recipes.constrained_rlhf:RECIPE",
        "critic-screening": "telic.recipes.critic_screening:RECIPE",
        "evoscale": "telic.recipes.evoscale:RECIPE",
        "gepa-reflection": "telic.recipes.gepa_reflection:RECIPE",
        "gvl": "telic.recipes.gvl:RECIPE",
        "hopfield": "telic.recipes.hopfield:RECIPE",
        "hypothesis-refinement": "telic.recipes.hypothesis_refinement:RECIPE",
        "b-coder": "telic.recipes.b_coder:RECIPE",
        "beyond-preferences": "telic.recipes.beyond_preferences:RECIPE",
        "clash": "telic.recipes.clash:RECIPE",
        "cvc": "telic.recipes.cvc:RECIPE",
        "daily-dilemmas": "telic.recipes.daily_dilemmas:RECIPE",
        "intrinsic-values": "telic.recipes.intrinsic_values:RECIPE",
        "mate-choice": "telic.recipes.mate_choice:RECIPE",
        "math-exploration": "telic.recipes.math_exploration:RECIPE",
        "moral-graph": "telic.recipes.moral_graph:RECIPE",
        "nurvalues": "telic.recipes.nurvalues:RECIPE",
        "reward-transform": "telic.recipes.reward_transform:RECIPE",
        "shinka-evolve": "telic.recipes.shinka_evolve:RECIPE",
        "stop-regressing": "telic.recipes.stop_regressing:RECIPE",
        "tranception": "telic.recipes.tranception:RECIPE",
        "utility-engineering": "telic.recipes.utility_engineering:RECIPE",
        "utility-probability": "telic.recipes.utility_probability:RECIPE",
        "value-kaleidoscope": "telic.recipes.value_kaleidoscope:RECIPE",
    },
}


@cache
def known(kind: Kind) -> Mapping[str, str]:
    """Return name → ``"module:attribute"`` of every component of a kind.

    A built-in name cannot be replaced by a plug-in.
    """
    from importlib.metadata import entry_points  # slow to import, and seldom needed

    plugins = {point.name: point.value for point in entry_points(group=f"telic.{kind}")}
    return plugins | _BUILT_IN[kind]


def built_in(kind: Kind) -> tuple[str, ...]:
    """Return the names of the components of a kind that come with Telic, sorted."""
    return tuple(sorted(_BUILT_IN[kind]))


def factory(kind: Kind, name: str) -> Any:
    """Import and return the factory of a component.

    Raises:
        UnknownNameError: if nothing of that kind has the name.
        UsageError: if a plug-in cannot be imported.
    """
    reference = _BUILT_IN[kind].get(name) or known(kind).get(name)
    if reference is None:
        raise UnknownNameError(kind, name, known(kind))
    module, _, attribute = reference.partition(":")
    try:
        return getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError) as error:
        raise UsageError(f"{kind} {name!r} cannot be loaded from {reference!r}: {error}") from error


def build(component: Component, **given: Any) -> Any:
    """Call a component's factory with its recorded arguments.

    Args:
        component: what to build.
        **given: further arguments that every factory of the kind takes and no record holds,
            for example the problem.

    Raises:
        UnknownNameError: if the kind has no such name.
        UsageError: if an argument is unknown or the factory refuses it.
    """
    make = factory(component.kind, component.name)
    accepted = inspect.signature(make).parameters
    for argument in component.arguments:
        if argument not in accepted:
            raise UsageError(
                f"{component.kind} {component.name!r} has no setting "
                f"{argument!r}{suggestion(argument, accepted)}"
            )
    try:
        return make(**given, **component.arguments)
    except (TypeError, ValueError) as error:
        raise UsageError(f"{component.kind} {component.name!r}: {error}") from error


def parse(kind: Kind, text: str) -> Component:
    """Read ``"name"`` or ``"name:setting=value,setting=value"``; values are TOML.

    Raises:
        UsageError: if a setting has no value or its value is not TOML.
    """
    name, _, settings = text.partition(":")
    arguments: dict[str, Any] = {}
    for setting in filter(None, settings.split(",")):
        key, separator, value = setting.partition("=")
        if not separator:
            raise UsageError(f"{kind} setting {setting!r} needs the form name=value")
        arguments[key.strip()] = _toml_value(value.strip())
    return Component(kind, name.strip(), arguments)


def _toml_value(text: str) -> Any:
    import tomllib

    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text  # a bare word is a string
