"""Rule induction: generated tasks whose hypotheses are texts, and the interpreters that judge them.

Two small worlds after Qiu et al. (2024), "Phenomenal Yet Puzzling": functions on lists of integers,
and mini-SCAN, where made-up words mean sequences of colours. A task is a hidden rule and examples
of what it does; a hypothesis is a rule in the same notation, which the interpreter runs. Languages,
words, generators and interpreters are our own.
"""

from telic.problems.induction._lists import LISTS, draw_step
from telic.problems.induction._scan import SCAN, TEMPLATES
from telic.problems.induction._tasks import (
    Example,
    RuleError,
    Task,
    World,
    accuracy,
    failures,
    generate,
    problem_of,
)

__all__ = [
    "LISTS",
    "SCAN",
    "TEMPLATES",
    "Example",
    "RuleError",
    "Task",
    "World",
    "accuracy",
    "draw_step",
    "failures",
    "generate",
    "problem_of",
]
