"""From options to a plan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypedDict

from telic.budget import Budget
from telic.component import Component, Kind
from telic.errors import UsageError

if TYPE_CHECKING:
    from telic.problem import NoveltyPlan

__all__ = [
    "budget_of",
    "components",
    "is_unordered",
    "models_of",
    "operators_of",
    "parts_of",
    "replaced_budget",
    "split_components",
    "target_of",
]

_DEFAULT_SECONDS = 60.0


def budget_of(
    evaluations: int | None, seconds: float | None, tokens: int | None, money: float | None
) -> Budget:
    """Return the budget; a minute when nothing bounds it. Zero means zero.

    Raises:
        UsageError: if a bound is negative.
    """
    if evaluations is None and seconds is None and tokens is None and money is None:
        seconds = _DEFAULT_SECONDS
    return Budget(evaluations=evaluations, seconds=seconds, tokens=tokens, money=money)


def replaced_budget(
    recorded: Budget,
    evaluations: int | None,
    seconds: float | None,
    tokens: int | None,
    money: float | None,
) -> Budget:
    """Return a recorded budget with the given totals in place of the recorded ones.

    Evaluations and seconds are two ways to say how long: one of them replaces both, else the
    bound that ended the run would end it again at once. What may be paid stays bounded.

    Raises:
        UsageError: if a bound is negative.
    """
    if evaluations is None and seconds is None:
        evaluations, seconds = recorded.evaluations, recorded.seconds
    return Budget(
        evaluations=evaluations,
        seconds=seconds,
        tokens=recorded.tokens if tokens is None else tokens,
        money=recorded.money if money is None else money,
    )


def operators_of(text: str | None) -> tuple[Component, ...]:
    """Read a list of operators; all built-in ones when there is none.

    Raises:
        UsageError: if the list is empty or a setting is malformed.
    """
    from telic.engine.plan import DEFAULT_OPERATORS

    if text is None:
        return tuple(Component("operator", name) for name in DEFAULT_OPERATORS)
    return components("operator", text)


def models_of(text: str | None) -> tuple[Component, ...]:
    """Read a list of language models; none when there is no list.

    Raises:
        UsageError: if a name is empty or a setting is malformed.
    """
    if text is None:
        return ()
    from telic.engine.models import model_component

    return tuple(model_component(piece) for piece in split_components(text))


class Parts(TypedDict):
    """What a preset decides."""

    strategy: Component
    portfolio: Component
    operators: tuple[Component, ...]
    window: int
    novelty: NoveltyPlan | None


def parts_of(
    preset: str | None,
    models: Sequence[Component],
    strategy: str | None,
    portfolio: str | None,
    operators: str | None,
    window: int | None,
    novelty: str | None = None,
    declared: NoveltyPlan | None = None,
) -> Parts:
    """Return the parts of a run: the preset's, but for those that the user named.

    Args:
        preset: its name; ``None``: hybrid if there are models, else none.
        models: of the run.
        strategy: named by the user.
        portfolio: named by the user.
        operators: named by the user.
        window: given by the user.
        novelty: settings given by the user.
        declared: what the problem declares; it comes before the preset's and after the user's.

    Raises:
        UsageError: if there is no such preset, it needs a model, or a part is malformed.
    """
    from telic.engine.novelty import novelty_of
    from telic.engine.plan import Plan
    from telic.registry import parse

    plan = Plan()
    if preset is not None or (models and operators is None):
        from telic.engine.presets import with_preset

        plan = with_preset(plan, preset or "hybrid", models)
    arms = plan.operators if operators is None else operators_of(operators)
    if models and operators is not None:
        from telic.engine.models import with_models

        arms = with_models(arms, models)
    return {
        "strategy": plan.strategy if strategy is None else parse("strategy", strategy),
        "portfolio": plan.portfolio if portfolio is None else parse("portfolio", portfolio),
        "operators": arms,
        "window": plan.window if window is None else window,
        "novelty": (declared or plan.novelty) if novelty is None else novelty_of(novelty),
    }


def is_unordered(models: Sequence[Component], *, ordered: bool, unordered: bool) -> bool:
    """Tell whether results are taken as they come.

    Left open, they are when there are models: in order, all would wait for the slowest reply.

    Args:
        models: of the run.
        ordered: whether the user wants results in order.
        unordered: whether the user wants them as they come.

    Raises:
        UsageError: if the user wants both.
    """
    if ordered and unordered:
        raise UsageError("--ordered and --unordered contradict each other; give one of them")
    return unordered or (bool(models) and not ordered)


def target_of(target: float | None, *, no_target: bool, declared: float | None) -> float | None:
    """Return the value at which the run stops: the given one, else the declared one.

    Raises:
        UsageError: if a target is given and refused at once.
    """
    if no_target:
        if target is not None:
            raise UsageError("--target and --no-target contradict each other; give one of them")
        return None
    return declared if target is None else target


def split_components(text: str) -> list[str]:
    """Split ``"a,b:x=1,y=2,c"`` into ``["a", "b:x=1,y=2", "c"]``.

    A comma also separates the settings of one component, so a piece with a value and no name
    belongs to the piece before it.
    """
    pieces: list[str] = []
    for piece in text.split(","):
        if pieces and "=" in piece and ":" not in piece.partition("=")[0]:
            pieces[-1] += f",{piece}"
        elif piece.strip():
            pieces.append(piece.strip())
    return pieces


def components(kind: Kind, text: str) -> tuple[Component, ...]:
    """Read a list of components.

    Raises:
        UsageError: if the list is empty or a setting is malformed.
    """
    from telic.registry import parse

    found = tuple(parse(kind, piece) for piece in split_components(text))
    if not found:
        raise UsageError(f"expected the name of at least one {kind}; got {text!r}")
    return found
