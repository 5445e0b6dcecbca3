"""Programs are told apart by what they do, not by how they are laid out."""

import ast
import hashlib
import random
import sys

import pytest

from telic.artifact import Artifact
from telic.identity import does_compile, normalised_key, split_chunks
from tests.operators.corpus import functions
from tests.processes import outputs_by_hash_seed

PROGRAM = '''\
"""Module."""

import math

LIMIT = 3


@staticmethod
def area(radius, scale=1.5):
    """Doc."""
    # a comment
    total = 0
    for index in range(LIMIT):
        if index in {1, 2, "x"}:
            total += math.pi * radius**2 * scale
    return total


class Shape:
    def size(self):
        return area(self.radius)
'''


def key(text: str, name: str = "main.py") -> str:
    return normalised_key(Artifact.of(text, name))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("# a comment", "# another"),
        ("    # a comment\n", ""),
        ('    """Doc."""\n', ""),
        ('"""Module."""\n', '"""Another\n\nmodule."""\n\n\n'),
        ("LIMIT = 3", "LIMIT  =  (3)"),
        ("total = 0", "total = \\\n        0"),
        ("radius**2 * scale", "radius**2 * (scale)"),
        ("\n\n\nclass", "\nclass"),
        ("        return area(self.radius)", "          return area(\n  self.radius,)"),
        ("    def size(self):\n        return", "    def size(self): return"),
        ("area(radius, scale=1.5)", "area(\n    radius,  # why\n    scale=1.5,\n)"),
        ("\n", "\r\n"),
    ],
)
def test_layout_comments_and_docstrings_do_not_count(before: str, after: str) -> None:
    changed = PROGRAM.replace(before, after)

    assert changed != PROGRAM
    assert key(changed) == key(PROGRAM)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("LIMIT = 3", "LIMIT = 3.0"),
        ("LIMIT = 3", "LIMIT = 4"),
        ("total = 0", "total = False"),
        ("total = 0", "total = -0.0"),
        ("total = -0.0", "total = 0.0"),
        ("total = 0", "count = 0"),
        ('"x"', '"y"'),
        ('"x"', 'b"x"'),
        ("radius, scale=1.5", "radius, *, scale=1.5"),
        ("radius, scale=1.5", "radius, /, scale=1.5"),
        ("total += ", "total -= "),
        ("@staticmethod\n", ""),
        ("class Shape", "class Form"),
        ("def size", "async def size"),
        ("return area", "return -area"),
        ("import math", "import cmath as math"),
        ("    return total", "    assert total\n    return total"),
        ("{1, 2,", "{1, 3,"),
    ],
)
def test_meaning_counts(before: str, after: str) -> None:
    base = PROGRAM.replace("total = 0", before) if before == "total = -0.0" else PROGRAM

    assert before in base
    assert key(base.replace(before, after)) != key(base)


def test_the_place_of_an_assertion_counts() -> None:
    first = "def f(x):\n    assert x\n    x = 1\n    return x\n"
    second = "def f(x):\n    x = 1\n    assert x\n    return x\n"

    assert key(first) != key(second)
    assert key(first) == key(first.replace("    assert", '    """Doc."""\n    assert'))


def test_the_order_of_statements_counts() -> None:
    assert key("a = 1\nb = 2\n") != key("b = 2\na = 1\n")
    assert key("def f(): pass\ndef g(): pass\n") != key("def g(): pass\ndef f(): pass\n")


def test_simple_statements_on_one_line_are_the_same_as_on_two() -> None:
    assert key("def f(): pass\na = 1; b = 2\n") == key("def f(): pass\na = 1\nb = 2\n")


def test_future_imports_count() -> None:
    text = "def f(x: int): return x\n"

    assert key("from __future__ import annotations\n" + text) != key(text)


def test_the_files_and_their_names_count() -> None:
    one = Artifact((("a.py", "x = 1\n"), ("b.py", "y = 2\n")))

    assert normalised_key(one) != normalised_key(Artifact((("a.py", "x = 1\n"),)))
    assert key("x = 1\n", "a.py") != key("x = 1\n", "b.py")
    assert normalised_key(one) == normalised_key(
        Artifact((("a.py", "x=1 # one\n"), ("b.py", "\ny = 2")))
    )


def test_other_files_are_text_up_to_trailing_space() -> None:
    assert key("a  \nb\n\n", "query.sql") == key("a\nb", "query.sql")
    assert key("a\n b", "query.sql") != key("a\nb", "query.sql")


@pytest.mark.parametrize(
    "text", ["def f(:\n", "return 1\n", "x = '\n", "\0", "x = 1\n  y = 2\n", "x = 1\nglobal x\n"]
)
def test_what_does_not_compile_counts_by_its_text(text: str) -> None:
    assert not does_compile(text)
    assert key(text) == key(text)
    assert key(text) != key(text + " ")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing\n",
        'x = """\ndef f(:\n"""\n',
        "x = [\n1,\ny\n] if True else (\nclass_\n)\n",
        "if a:\n    pass\nelif b:\n    pass\nelse:\n    pass\n",
        "try:\n    pass\nexcept E:\n    pass\nfinally:\n    pass\n",
        "@a\n# between\n@b(\n1)\ndef f(): pass\n",
        "x = 1 + \\\ny\n",
        "match x:\n    case 1:\n        pass\nmatch = 3\n",
        "async def f():\n    async with a as b:\n        await b\n",
        "def f():\n    x = 1\n# at the margin\n    return x\n",
    ],
)
def test_chunks_join_to_the_text_and_compile_together(text: str) -> None:
    assert "".join(split_chunks(text)) == text
    assert does_compile(text)


def test_a_chunk_that_compiles_alone_may_not_compile_in_its_place() -> None:
    assert not does_compile("x = 1\ndef f(): pass\nfrom __future__ import annotations\n")
    assert not does_compile("x = 1\ndef f(): pass\nglobal x\n")


def test_standard_library_functions_survive_reformatting() -> None:
    changed = [name for name, text in functions() if key(ast.unparse(ast.parse(text))) != key(text)]

    # A jump over more than 255 instructions keeps its distance when line breaks move, and from
    # Python 3.13 on the compiler joins two instructions into one only within a line.
    assert len(changed) <= len(functions()) // (200 if sys.version_info < (3, 13) else 40)


def test_standard_library_functions_have_keys_of_their_own() -> None:
    texts = {ast.dump(ast.parse(text)): key(text) for _, text in functions()}

    assert len(set(texts.values())) == len(texts)


def test_no_warning_of_the_compiler_gets_out() -> None:
    assert does_compile("x = 1 is 1\ny = '\\d'\n")


def test_keys_are_the_same_in_every_process() -> None:
    script = (
        "from telic.artifact import Artifact; from telic.identity import normalised_key;"
        "print(normalised_key(Artifact.of('def f(x): return x in {1, \"a\", None, 2.5}')))"
    )

    found = outputs_by_hash_seed(script)

    assert len(found) == 1


def test_keys_do_not_depend_on_what_was_seen_before() -> None:
    texts = [text for _, text in functions()[:40]]
    first = [key(text) for text in texts]
    random.Random(0).shuffle(texts)
    digests = {hashlib.sha256(t.encode()).digest(): key(t) for t in texts}

    assert set(digests.values()) == set(first)
