"""A program that is compiled in pieces runs as it would in one."""

import importlib
import inspect
import sys
from collections.abc import Sequence
from types import CodeType

import pytest

from telic.identity import program_code
from telic.identity._chunks import bare_code
from tests.operators.corpus import functions

_PATH = "/there/main.py"
_MODULES = ("bisect", "calendar", "csv", "json.decoder", "shlex", "textwrap")

pytestmark = pytest.mark.skipif(
    sys.version_info >= (3, 14), reason="the annotations of a module are one function there"
)


def whole(text: str) -> CodeType:
    return compile(text, _PATH, "exec", dont_inherit=True)


def execute(codes: Sequence[CodeType]) -> dict[str, object]:
    names: dict[str, object] = {}
    for code in codes:
        exec(code, names)
    return names


def definitions(code: CodeType) -> list[CodeType]:
    return [const for const in code.co_consts if isinstance(const, CodeType)]


def look(code: CodeType) -> tuple[object, ...]:
    """Return all but the operations: those on a module may be chosen by where it is imported."""
    lines = list(dict.fromkeys(line for _, _, line in code.co_lines()))
    inner = [look(part) for part in definitions(code)]
    return code.co_qualname, code.co_filename, code.co_varnames, code.co_flags, lines, inner


@pytest.mark.parametrize("name", _MODULES)
def test_functions_of_the_standard_library_stay_where_and_what_they_are(name: str) -> None:
    text = inspect.getsource(importlib.import_module(name))

    codes = program_code(text, _PATH)

    assert codes is not None
    pieces = [part for code in codes for part in definitions(code)]
    together = definitions(whole(text))
    assert len(pieces) > 1
    assert list(map(look, pieces)) == list(map(look, together))


def test_a_module_gets_the_same_names_and_docstring() -> None:
    text = (
        '"""About."""\nimport math\nx: int = 1\nif x:\n    y = 2\nelse:\n    y = 3\n'
        "def f():\n    'Doc.'\n    assert y\n    return math.pi * y\nz = f()\nclass C:\n    a = z\n"
    )
    expected = execute([whole(text)])

    found = execute(program_code(text, _PATH) or ())

    assert list(found) == list(expected)
    plain = {"__doc__", "__annotations__", "x", "y", "z"}
    assert {n: found[n] for n in plain} == {n: expected[n] for n in plain}
    assert getattr(found["f"], "__doc__", None) == "Doc."


def test_an_exception_has_the_lines_of_the_file() -> None:
    text = "# first\n\nx = 1\n\ndef f():\n    return 1 / 0\n\ny = (x +\n  f())\n"
    lines: list[list[int]] = []
    for codes in ((whole(text),), program_code(text, _PATH) or ()):
        with pytest.raises(ZeroDivisionError) as caught:
            execute(codes)
        lines.append([entry.lineno + 1 for entry in caught.traceback[2:]])

    assert lines == [[9, 6], [9, 6]]


@pytest.mark.parametrize(
    "text",
    [
        "from __future__ import annotations\nx = 1\n",
        "x = 1\nglobal y\ny = 1\n",
        "def f(): pass\nr'no docstring'\n",
        "def f(:\n",
        "x = '''\ndef f(): pass\n'''\n",
        "x = 1\r\ndef f(): pass\r\n",
        "\0",
    ],
)
def test_what_does_not_come_apart_is_left_whole(text: str) -> None:
    assert program_code(text, _PATH) is None


def test_a_function_is_the_same_without_its_docstring_whether_it_has_one_or_not() -> None:
    plain = [text for _, text in functions() if "assert" not in text and "__debug__" not in text]

    for text in plain:
        stripped = compile(text, "<candidate>", "exec", dont_inherit=True, optimize=2)
        assert bare_code(text, 0) == stripped


@pytest.mark.parametrize(
    "body",
    [
        "'Doc.'",
        'r"Doc."',
        "('Doc.')",
        "(\n    'Doc.')",
        "\\\n 'Doc.'",
        "# a comment\n    'Doc.'",
        '"Doc." " And more."',
    ],
)
@pytest.mark.parametrize("end", ["\n    return 1\n", "; return 1\n"])
def test_no_docstring_goes_unseen(body: str, end: str) -> None:
    head = "def f():" + ("\n    " if end.startswith("\n") else " ")
    text = head + body + end
    try:
        compile(text, "", "exec")
    except SyntaxError:
        return  # a comment ends the line that it should go on

    documentation = definitions(bare_code(text, 0))[0].co_consts

    assert "Doc." not in repr(documentation)
