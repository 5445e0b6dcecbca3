import pytest

from telic.component import Component
from telic.engine.models import MODEL_OPERATORS, model_component, with_models
from telic.errors import UsageError


@pytest.mark.parametrize(
    ("text", "name", "arguments"),
    [
        ("gpt-4o-mini", "openai", {"model": "gpt-4o-mini"}),
        ("org/some-model:free", "openai", {"model": "org/some-model:free"}),
        (
            "llama3:8b@http://localhost:11434/v1",
            "openai",
            {"model": "llama3:8b", "url": "http://localhost:11434/v1"},
        ),
        ("scripted", "scripted", {}),
        ("openai:model=m,concurrency=4", "openai", {"model": "m", "concurrency": 4}),
        ("local:threads=1", "local", {"threads": 1}),
    ],
)
def test_what_a_person_writes_names_a_model(
    text: str, name: str, arguments: dict[str, object]
) -> None:
    assert model_component(text) == Component("model", name, arguments)


def test_a_name_is_needed() -> None:
    with pytest.raises(UsageError, match="empty"):
        model_component(" ")


def test_each_model_gets_every_operator_that_asks_one() -> None:
    models = [
        Component("model", "scripted", {"name": "a"}),
        Component("model", "scripted", {"name": "b"}),
    ]

    arms = with_models([Component("operator", "constants")], models)

    assert arms[0] == Component("operator", "constants")
    assert len(arms) == 1 + 2 * len(MODEL_OPERATORS)
    assert {arm.arguments["model"] for arm in arms[1:]} == {"a", "b"}


def test_a_listed_operator_asks_each_model_and_no_other_is_added() -> None:
    diff = Component("operator", "llm-diff", {"reply_tokens": 100})

    arms = with_models([diff], [Component("model", "scripted")])

    assert arms == (Component("operator", "llm-diff", {"reply_tokens": 100, "model": "scripted"}),)
