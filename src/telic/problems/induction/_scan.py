"""Mini-SCAN: made-up words that mean colours, and words that say what to do with their neighbours.

A grammar has one rule a line, for example ``dax = RED``, ``u1 fep = u1 u1 u1`` or ``x1 kiki x2 =
x2 x1``. A ``u`` stands for one word, an ``x`` for all that is on that side. Rules with ``x`` apply
to the whole sequence, the first line first; then those with ``u`` from the left, the first line
that fits first. In the spirit of the few-shot instruction task of Lake, Linzen & Baroni (2019),
"Human few-shot learning of compositional instructions", with words and grammars of our own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from random import Random

from telic.problems.induction._tasks import RuleError, World

__all__ = ["SCAN", "TEMPLATES", "words_of"]

_COLOURS = ("RED", "GREEN", "BLUE", "YELLOW", "PURPLE", "WHITE")
_WORDS = ("dax", "wif", "lug", "zup", "fep", "tov", "mib", "gaz", "kiki", "blick", "sorn", "pell")
_LONGEST = 200
TEMPLATES = (
    "u1 {f} = u1 u1",
    "u1 {f} = u1 u1 u1",
    "u1 {f} u2 = u1 u2 u1",
    "u1 {f} u2 = u2 u1 u2",
    "u1 {f} u2 = u1 u2 u2",
    "u1 {f} u2 = u2 u2 u1",
    "x1 {f} x2 = x2 x1",
    "x1 {f} x2 = x1 x2 x1",
    "x1 {f} x2 = x2 x1 x2",
    "x1 {f} x2 = x2 x2 x1",
)
"""What a word may do; ``{f}`` is the word."""


@dataclass(frozen=True)
class _Function:
    word: str
    is_whole: bool
    """Whether it takes all that is on its sides."""
    has_right: bool
    makes: tuple[int, ...]
    """Which side comes next: 0 left, 1 right."""


@dataclass(frozen=True)
class _Grammar:
    meanings: Mapping[str, str]
    functions: tuple[_Function, ...]


@lru_cache(maxsize=512)
def _read(rule: str) -> _Grammar:
    meanings: dict[str, str] = {}
    functions: list[_Function] = []
    for line in filter(None, map(str.strip, rule.splitlines())):
        left, equals, right = (part.split() for part in line.partition("="))
        if not (left and equals and right):
            raise RuleError(f"the line {line!r} needs a word, = and a meaning")
        if len(left) == 1 and len(right) == 1:
            meanings[left[0]] = right[0]
        else:
            functions.append(_function(line, left, right))
    return _Grammar(meanings, tuple(functions))


def _function(line: str, left: Sequence[str], right: Sequence[str]) -> _Function:
    for kind in ("u", "x"):
        sides = {f"{kind}1": 0, f"{kind}2": 1}
        if left[0] != f"{kind}1" or not 2 <= len(left) <= 3 or left[1] in sides:
            continue
        has_right = len(left) == 3
        known = sides if has_right else {f"{kind}1": 0}
        if (has_right and left[2] != f"{kind}2") or not set(right) <= set(known):
            break
        return _Function(left[1], kind == "x", has_right, tuple(sides[name] for name in right))
    raise RuleError(f"the line {line!r} is none of the forms of a rule")


def _apply(rule: str, given: str) -> str:
    return " ".join(_meaning(_read(rule.strip()), given.split()))


def _meaning(grammar: _Grammar, words: list[str]) -> list[str]:
    for function in grammar.functions:
        if function.is_whole and function.word in words[1:]:
            at = words.index(function.word, 1)
            sides = [words[:at], words[at + 1 :]]
            return _joined(function, [_meaning(grammar, side) for side in sides])
    found: list[str] = []
    while words:
        taken, meaning = _first(grammar, words)
        found += meaning
        words = words[taken:]
    if len(found) > _LONGEST:
        raise RuleError("the meaning grows too long")
    return found


def _first(grammar: _Grammar, words: list[str]) -> tuple[int, list[str]]:
    """Return how many of the first words mean something together, and what."""
    for function in grammar.functions:
        taken = 3 if function.has_right else 2
        if not function.is_whole and len(words) >= taken and words[1] == function.word:
            sides = [[_colour(grammar, word)] for word in words[:taken:2]]
            return taken, _joined(function, sides)
    return 1, [_colour(grammar, words[0])]


def _colour(grammar: _Grammar, word: str) -> str:
    if word not in grammar.meanings:
        raise RuleError(f"the word {word!r} has no meaning there")
    return grammar.meanings[word]


def _joined(function: _Function, sides: list[list[str]]) -> list[str]:
    joined = [colour for side in function.makes for colour in sides[side]]
    if len(joined) > _LONGEST:
        raise RuleError("the meaning grows too long")
    return joined


def words_of(rule: str) -> tuple[list[str], list[tuple[str, bool]]]:
    """Return a grammar's words of colours, and its other words with whether they take two sides.

    Raises:
        RuleError: if the grammar cannot be read.
    """
    grammar = _read(rule.strip())
    return [*grammar.meanings], [(each.word, each.has_right) for each in grammar.functions]


def _draw_rule(rng: Random) -> str:
    words = rng.sample(_WORDS, 7)
    colours = rng.sample(_COLOURS, 4)
    lines = [f"{word} = {colour}" for word, colour in zip(words[:4], colours, strict=True)]
    lines += [rng.choice(TEMPLATES).format(f=word) for word in words[4:]]
    return "\n".join(lines)


def _draw_input(rule: str, rng: Random) -> str:
    colours, functions = words_of(rule)
    words: list[str] = [rng.choice(colours)]
    for _ in range(rng.choice((1, 1, 2, 3))):
        function, has_right = rng.choice(functions)
        words.append(function)
        if has_right:
            words.append(rng.choice(colours))
    return " ".join(words)


SCAN = World(
    name="mini-scan",
    manual=(
        "A rule is a grammar, one line for each word: a colour (dax = RED) or what the word\n"
        "does: u1 WORD = ..., u1 WORD u2 = ... or x1 WORD x2 = ..., where u is one word, x all on\n"
        "that side, and the right side repeats them in some order. Lines with x go first."
    ),
    apply=_apply,
    draw_rule=_draw_rule,
    draw_input=_draw_input,
    show=lambda rule: words_of(rule)[0],
)
"""Made-up words that mean sequences of colours."""
