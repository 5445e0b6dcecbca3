"""Writes docs/json.md from the documents' own declarations: ``python docs/json_page.py``."""

from __future__ import annotations

import ast
import inspect
import sys
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args, get_type_hints

import msgspec

from telic.cli._best import BestDocument
from telic.cli._doctor import DoctorDocument
from telic.cli._ending import RunDocument
from telic.cli._exit import __doc__ as exit_codes
from telic.cli._json import AddedDocument, ErrorDocument, InitDocument
from telic.cli._measure import InstrumentList
from telic.cli._presets import PresetList
from telic.cli._problems import ProblemDocument, ProblemList
from telic.cli._reproduce import RecipeList
from telic.cli._values import CompareDocument, GraphDocument, MeasureDocument
from telic.engine.compare import Comparison
from telic.engine.replay import Replay
from telic.engine.summary import Summary
from telic.recipes import Report

DOCUMENTS: tuple[tuple[str, type[msgspec.Struct]], ...] = (
    ("telic show", Summary),
    ("telic run, telic resume", RunDocument),
    ("telic best", BestDocument),
    ("telic compare", Comparison),
    ("telic reproduce NAME", Report),
    ("telic reproduce", RecipeList),
    ("telic measure INSTRUMENT, telic values show", MeasureDocument),
    ("telic measure", InstrumentList),
    ("telic values compare", CompareDocument),
    ("telic values graph", GraphDocument),
    ("telic problems", ProblemList),
    ("telic problems NAME", ProblemDocument),
    ("telic presets", PresetList),
    ("telic init, telic measure --scaffold", InitDocument),
    ("telic replay", Replay),
    ("telic note, telic inject", AddedDocument),
    ("telic doctor", DoctorDocument),
    ("any command that fails", ErrorDocument),
)
INTRODUCTION = """# What `--json` prints

Every command takes `--json` and then prints exactly one JSON object on standard output;
progress and messages go to standard error. The keys below are stable: new ones may be added,
none is renamed or removed within a major version. A number that is not finite is `null`.

This page is made by `python docs/json_page.py` from the declarations that the commands
themselves use; a test compares them.
"""


def page() -> str:
    """Return the whole page."""
    parts = [INTRODUCTION]
    explained: set[type[Any]] = set()
    for command, document in DOCUMENTS:
        parts.append(f"## {command}\n\n{_first_line(document)}\n\n{_table(document)}")
        for inner in _inner(document):
            if inner not in explained:
                explained.add(inner)
                parts.append(f"### {inner.__name__}\n\n{_first_line(inner)}\n\n{_table(inner)}")
    codes = (exit_codes or "").partition("\n\n")[2].strip()
    parts.append(f"## Exit codes\n\n```\n{codes}\n```\n")
    return "\n".join(parts)


def _first_line(struct: type[Any]) -> str:
    return (inspect.getdoc(struct) or "").partition("\n\n")[0].replace("``", "`")


def _table(struct: type[msgspec.Struct]) -> str:
    is_more = any(struct.__base__ is known for _, known in DOCUMENTS)
    inherited: set[str] = (
        set(getattr(struct.__base__, "__struct_fields__", ())) if is_more else set()
    )
    bases = [each for each in reversed(struct.__mro__) if issubclass(each, msgspec.Struct)]
    notes = {name: note for each in bases[1:] for name, note in _field_notes(each).items()}
    hints = get_type_hints(struct)
    rows = [
        f"| `{field}` | {_type_name(hints[field])} | {notes.get(field, '')} |"
        for field in struct.__struct_fields__
        if field not in inherited
    ]
    more = f"All keys of {_name_of(struct.__base__)}, and:\n\n" if inherited else ""
    return "\n".join([f"{more}| key | type | meaning |", "|---|---|---|", *rows]) + "\n"


def _name_of(document: type[Any] | None) -> str:
    return next(f"`{command}`" for command, known in DOCUMENTS if known is document)


def _field_notes(struct: type[msgspec.Struct]) -> dict[str, str]:
    """Return the strings that stand below the fields of a class."""
    (body,) = ast.parse(textwrap.dedent(inspect.getsource(struct))).body
    assert isinstance(body, ast.ClassDef)
    notes: dict[str, str] = {}
    for before, after in zip(body.body, body.body[1:], strict=False):
        if isinstance(before, ast.AnnAssign) and isinstance(after, ast.Expr):
            assert isinstance(before.target, ast.Name)
            text = ast.literal_eval(after.value)
            words = " ".join(text.split()).replace("``", "`")
            notes[before.target.id] = words.replace("`None`", "`null`")
    return notes


def _inner(struct: type[msgspec.Struct]) -> list[type[Any]]:
    """Return the documents that a document holds, in order, those inside of them included."""
    found: list[type[Any]] = []
    for hint in get_type_hints(struct).values():
        for part in (hint, *_parts(hint)):
            if isinstance(part, type) and issubclass(part, msgspec.Struct):
                found += [part, *_inner(part)]
    return list(dict.fromkeys(found))


def _parts(hint: Any) -> list[Any]:
    return [inner for part in get_args(hint) for inner in (part, *_parts(part))]


_NAMES = {str: "string", int: "integer", float: "number", bool: "boolean", type(None): "null"}


def _type_name(hint: Any) -> str:
    arguments = get_args(hint)
    origin = getattr(hint, "__origin__", None)
    if hint in _NAMES:
        return _NAMES[hint]
    if origin in (dict, Mapping):
        return f"object of {_type_name(arguments[1])}"
    if origin is tuple and Ellipsis not in arguments:
        return f"array of {len(arguments)} {_type_name(arguments[0])}s"
    if origin in (list, tuple):
        return f"array of {_type_name(arguments[0])}"
    if arguments and all(isinstance(argument, str) for argument in arguments):
        return "string"
    if arguments:
        return " or ".join(_type_name(argument) for argument in arguments)
    return f"[{hint.__name__}](#{hint.__name__.lower()})"


if __name__ == "__main__":
    target = Path(__file__).with_name("json.md")
    target.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{target} written\n")
