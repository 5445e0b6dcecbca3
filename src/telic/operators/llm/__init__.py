"""Operators that ask a language model: diff, rewrite, crossover, fix, reflect, agent."""

from telic.operators.llm._agent import AgentOperator, agent
from telic.operators.llm._arms import cross, diff, fix, reflect, rewrite
from telic.operators.llm._blocks import Block, EditError, apply_blocks, read_blocks
from telic.operators.llm._chores import ChoreSettings, Scribe, advice, notes
from telic.operators.llm._operator import LanguageOperator, Settings, edited
from telic.operators.llm._rewrite import read_files, rewritten

__all__ = [
    "AgentOperator",
    "Block",
    "ChoreSettings",
    "EditError",
    "LanguageOperator",
    "Scribe",
    "Settings",
    "advice",
    "agent",
    "apply_blocks",
    "cross",
    "diff",
    "edited",
    "fix",
    "notes",
    "read_blocks",
    "read_files",
    "reflect",
    "rewrite",
    "rewritten",
]
