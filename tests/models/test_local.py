import asyncio
import math
from collections.abc import Sequence
from pathlib import Path

import pytest

from telic.errors import UsageError
from telic.models import Blocking, Local, Message, Prompt, missing_for_local

needs_weights = pytest.mark.skipif(
    bool(missing_for_local()), reason=f"no local model: {missing_for_local()}"
)


@needs_weights
@pytest.mark.slow
def test_the_packaged_model_replies_obeys_a_grammar_and_says_how_probable_words_are() -> None:
    chat = Prompt.chat("Say hi", most_tokens=4, temperature=0.0, seed=1)
    held = Prompt(
        messages=(Message("user", "Which?"),), most_tokens=8, grammar='root ::= "yes" | "no"'
    )

    with Blocking(Local(context=1024)) as model:
        first, second = model.generate(chat), model.generate(chat)
        word = model.generate(held)
        sad = model.choice_logprobs(Prompt(text="I heard that my dog died, so I feel very"), MOODS)
        glad = model.choice_logprobs(Prompt(text="I heard that I won, so I feel very"), MOODS)

    assert first.text == second.text
    assert first.ending == "truncated"
    assert first.usage.reply == 4
    assert word.text in ("yes", "no")
    assert sad.logprobs[1] > sad.logprobs[0]
    assert glad.logprobs[0] > glad.logprobs[1]
    assert all(math.isfinite(p) and p < 0 for p in (*sad.logprobs, *glad.logprobs))


def cosine(one: Sequence[float], other: Sequence[float]) -> float:
    shared = math.fsum(a * b for a, b in zip(one, other, strict=True))
    return shared / (math.hypot(*one) * math.hypot(*other))


MOODS = (" happy", " sad")


@needs_weights
@pytest.mark.slow
def test_a_model_whose_process_dies_is_unavailable_once_and_then_starts_again() -> None:
    prompt = Prompt.chat("Say hi", most_tokens=2, temperature=0.0)

    async def killed_between() -> list[str]:
        model = Local(context=1024)
        try:
            endings = [(await model.generate(prompt)).ending]
            process = model._process
            assert process is not None
            process.kill()
            process.wait()
            endings.append((await model.generate(prompt)).ending)
            endings.append((await model.generate(prompt)).ending)
        finally:
            await model.close()
        return list(endings)

    assert asyncio.run(killed_between()) == ["truncated", "unavailable", "truncated"]


@needs_weights
def test_vectors_are_refused_unless_asked_for() -> None:
    with pytest.raises(UsageError, match="embeds"), Blocking(Local()) as model:
        model.embed(["a"])


@needs_weights
@pytest.mark.slow
def test_the_packaged_model_embeds_and_still_replies() -> None:
    texts = ["def f(x):\n    return x + 1\n", "def g(y):\n    return y + 1\n", "A cat sat down."]

    with Blocking(Local(context=1024, embeds=True)) as model:
        found = model.embed(texts)
        reply = model.generate(Prompt.chat("Say hi", most_tokens=2, temperature=0.0))

    one, near, far = found.vectors
    assert found.ending == "complete"
    assert cosine(one, near) > cosine(one, far)
    assert reply.usage.reply == 2


@needs_weights
def test_weights_that_are_not_there_are_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no file .*none\.gguf"):
        Local(path=str(tmp_path / "none.gguf"))
