"""From a name that a person writes to a language model and the operators that ask it."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from telic.component import Component
from telic.errors import UsageError
from telic.models import Model
from telic.registry import build, known, parse

__all__ = ["MODEL_OPERATORS", "chores_of", "model_component", "with_models"]

MODEL_OPERATORS = ("llm-diff", "llm-rewrite", "llm-cross", "llm-fix", "llm-reflect")
"""Each model becomes an arm of the portfolio with each of them."""
_CHORES = ("llm-notes", "llm-advice")
"""The first model alone does these."""
_ON_THIS_MACHINE = Component(
    "operator", "llm-diff", {"prompt_tokens": 1600, "reply_tokens": 128, "corrections": 0}
)
"""What a local model is asked for unless told otherwise: its tokens cost seconds."""


def model_component(text: str) -> Component:
    """Return the component of a model.

    Args:
        text: the name of a kind of model with its settings (``local``,
            ``openai:model=gpt-4o,concurrency=8``), a model at a server (``NAME@http://HOST/v1``)
            or just a model's name, which is asked for at the usual server.

    Raises:
        UsageError: if it is empty or a setting is malformed.
    """
    text = text.strip()
    name, at, address = text.partition("@http")
    if at:
        return Component("model", "openai", {"model": name, "url": f"http{address}"})
    if not text:
        raise UsageError("the name of a model is empty")
    if text.partition(":")[0] in known("model"):
        return parse("model", text)
    return Component("model", "openai", {"model": text})


def chores_of(operators: Sequence[Component]) -> list[Component]:
    """Return those of some operators that write for prompts instead of making candidates."""
    return [operator for operator in operators if operator.name in _CHORES]


def with_models(
    operators: Sequence[Component], models: Sequence[Component]
) -> tuple[Component, ...]:
    """Return operators and, for each model, those that ask it.

    An operator in the list that asks a model (``llm-diff``) and does not say which is made once
    for each model, a chore (``llm-notes``) for the first; if there is none such in the list, all
    but the chores are added. A model that only embeds is asked by none.

    Raises:
        UsageError: if a model cannot be built.
    """
    asking = [o for o in operators if o.name in MODEL_OPERATORS and "model" not in o.arguments]
    chores = [o for o in chores_of(operators) if "model" not in o.arguments]
    plain = [o for o in operators if o not in asking and o not in chores]
    has_own = any(o.name in (*MODEL_OPERATORS, *_CHORES) for o in operators)
    usual = [Component("operator", name) for name in MODEL_OPERATORS]
    made: list[Component] = []
    for model in models:
        built: Model = build(model)
        if "generate" not in built.capabilities:
            continue  # it is there to embed
        name = built.name
        if model.name == "agent":  # it edits files, and answers no prompts
            if asking or not has_own:
                made.append(Component("operator", "agent", {"model": name}))
            continue
        arms = asking if has_own else [_ON_THIS_MACHINE] if model.name == "local" else usual
        arms, chores = [*arms, *chores], []
        made += [
            msgspec.structs.replace(arm, arguments=arm.arguments | {"model": name}) for arm in arms
        ]
    return (*plain, *made)
