"""Rule induction with a model: prompts and the refinement loop.

Every model, scripted or real, sees nothing but its prompt.
"""

from __future__ import annotations

from telic.models import Model, Prompt
from telic.problems.induction import Example, Task, accuracy, failures
from telic.seeding import address

__all__ = ["EXAMPLES", "INPUT", "RULE", "WRONG", "applied_by", "refine"]

EXAMPLES, RULE, WRONG, INPUT = "Examples:", "Your rule:", "It is wrong here:", "Input:"
"""Lines of a prompt that say what follows."""


async def refine(model: Model, task: Task, *, rounds: int, samples: int, seed: int) -> str:
    """Return the best hypothesis on the seen examples, by the world's interpreter.

    Args:
        model: proposes, and from the second round on revises the best so far.
        task: of which it sees the seen examples.
        rounds: at most; a hypothesis without a failure ends it.
        samples: hypotheses in each round.
        seed: address of the draws.
    """
    best, share = "", -1.0
    for turn in range(rounds):
        text = _question(task, best if turn else "")
        for number in range(samples):
            place = address(seed, "hypothesis", turn, number) & 0x7FFFFFFF
            prompt = Prompt.chat(text, most_tokens=200, temperature=0.7, seed=place)
            rule = (await model.generate(prompt)).text.strip()
            right = accuracy(task.world, rule, task.seen)
            if right > share:
                best, share = rule, right
        if share == 1.0:
            break
    return best


async def applied_by(model: Model, task: Task, rule: str, *, seed: int) -> float:
    """Return the share of held-out examples that a model gets right by following a rule."""
    right = 0
    for number, example in enumerate(task.held_out):
        text = f"Follow this rule.\n{task.world.manual}\n{RULE}\n{rule}\n{INPUT}\n{example.given}"
        place = address(seed, "application", number) & 0x7FFFFFFF
        reply = await model.generate(Prompt.chat(text, most_tokens=100, seed=place))
        right += reply.text.strip() == example.expected
    return right / len(task.held_out)


def _question(task: Task, rule: str) -> str:
    lines = [f"Find the rule.\n{task.world.manual}", EXAMPLES, *map(_line, task.seen)]
    if rule:
        lines += [RULE, rule, WRONG]
        lines += [f"{_line(e)}, not {got}" for e, got in failures(task.world, rule, task.seen)]
    return "\n".join((*lines, "Answer with the rule alone."))


def _line(example: Example) -> str:
    return f"{example.given} -> {example.expected}"
