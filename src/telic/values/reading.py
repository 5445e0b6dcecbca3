"""From the text of a reply to an answer, without guessing.

A reply is *answered* only if it names exactly one offered option; *abstained* or *refused* if it
says so; anything else, empty text included, is *unparsed*.
"""

from __future__ import annotations

import re

from telic.values.respondent import Answer, Item

__all__ = ["parse_reply"]

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LEAD = re.compile(
    r"^(?:(?:final\s+|my\s+|the\s+)*(?:answer|choice|option)(?:\s+is)?\s*[:=\-]?\s*"
    r"|i\s+(?:choose|prefer|pick|select|would\s+choose)\s*:?\s*)+",
    re.IGNORECASE,
)
_TIE = re.compile(
    r"^(?:ambivalent|ambiguous|neither(?: outweighs the other)?|tie|equal|both(?: equally)?)$",
    re.IGNORECASE,
)
_ABSTAIN = re.compile(
    r"^(?:abstain|i abstain|pass|skip|no answer|(?:i )?(?:would |'d )?(?:rather|prefer) not "
    r"(?:to )?(?:say|answer))\b",
    re.IGNORECASE,
)
_REFUSE = re.compile(
    r"\b(?:i(?:'m| am) sorry|i (?:can ?not|can't|won't|will not|am unable|'m unable|must decline"
    r"|decline|refuse)|as an? (?:ai|language model)|i do(?: not|n't) (?:have|hold) (?:personal )?"
    r"(?:preferences|opinions|values))",
    re.IGNORECASE,
)
_SHOWN = re.compile(r"^([A-Z])\) (.*)$", re.MULTILINE)
_STOP = " \t\r\n.,;:!\"'`*_()[]"


def parse_reply(text: str, item: Item) -> Answer:
    """Return how a reply ended.

    Args:
        text: the reply; the first line that is not blank names the choice, after what stands
            in ``<think>`` marks.
        item: what was asked; options stand in the order shown. Letters count where the prompt
            shows them, or where there is no prompt.
    """
    plain = _plain(text)
    line = next((line for line in plain.splitlines() if line.strip(_STOP)), "").strip(_STOP)
    bare = _LEAD.sub("", line).strip(_STOP)
    if _ABSTAIN.match(bare) or _ABSTAIN.match(line):
        return Answer("abstained", text=text)
    if item.allows_tie and _TIE.match(bare):
        return Answer("answered", text=text)
    named = _by_name(bare, item)
    if named is None:
        named = _by_text(bare, item)
    if named is not None:
        return Answer("answered", named, text)
    if _REFUSE.search(plain):
        return Answer("refused", text=text)
    has_letters = not item.prompt or re.search(r"^A\) ", item.prompt, re.MULTILINE)
    lettered = _by_letter(bare, line, item) if has_letters else None
    if lettered is not None:
        return Answer("answered", lettered, text)
    return Answer("unparsed", text=text)


def _plain(text: str) -> str:
    """Return a reply without its thinking aloud, emphasis and curly apostrophes."""
    said = re.sub(r"<think(?:ing)?>.*?</think(?:ing)?>", "", text, flags=re.DOTALL)
    return said.replace("\u2019", "'").replace("*", "").replace("`", "")


def _by_text(bare: str, item: Item) -> int | None:
    """Return the option whose whole text, as the prompt shows it, is the reply."""
    shown = dict(_SHOWN.findall(item.prompt))
    texts = [_plain(shown.get(letter, "")).strip(_STOP).casefold() for letter in _LETTERS]
    texts = texts[: len(item.options)]
    return texts.index(bare.casefold()) if bare and texts.count(bare.casefold()) == 1 else None


def _by_name(bare: str, item: Item) -> int | None:
    folded = bare.casefold()
    names = [_plain(option).strip(_STOP).casefold() for option in item.options]
    if names.count(folded) == 1:
        return names.index(folded)
    head = re.match(r"[\w.+-]+", folded)
    first = head.group().strip(_STOP) if head else ""
    if names.count(first) == 1 and len(first) > 1:
        others = [name for name in names if name != first]
        if not any(re.search(rf"\b{re.escape(name)}\b", folded) for name in others):
            return names.index(first)
    return None


def _by_letter(bare: str, line: str, item: Item) -> int | None:
    letters = _LETTERS[: len(item.options)]
    match = re.match(rf"([{letters}{letters.lower()}])(?:$|[).:,\]\s*])", bare)
    if match is None:
        return None
    mark = match.group(1)
    rest = bare[match.end(1) :]
    # "a" and "I" begin ordinary sentences: a bare letter in prose is not a choice.
    if rest[:1] == " " and (mark.islower() or mark in "AI") and line == bare and rest.strip():
        follows = item.options[letters.index(mark.upper())].casefold()
        if not rest.strip(_STOP).casefold().startswith(follows[:20]):
            return None
    others = [letter for letter in letters if letter != mark.upper()]
    if any(re.search(rf"(?:^|[\s(/]){letter}(?:$|[).:,\s/])", rest) for letter in others):
        return None
    return letters.index(mark.upper())
