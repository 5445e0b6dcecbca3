"""The quick parser answers as the full one does, or not at all."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from cyclopts import CycloptsError
from hypothesis import given, settings
from hypothesis import strategies as st

from telic.cli._app import make_app
from telic.cli._commands import COMMANDS, function_of
from telic.cli._quick import parse_quickly

APP = make_app()
VALUES = [
    "x",
    "a b",
    "0",
    "1",
    "-1",
    "1.5",
    "1e3",
    "007",
    "--",
    "-",
    "",
    "islands:islands=4",
    "x=y",
    "é",
    "٣",
    "1_0",
]
options = ["--evaluations", "--seconds", "--seed", "--target", "--no-target", "--output", "-o"]
options += [
    "--json",
    "--quiet",
    "--problem",
    "--Seed",
    "--no_target",
    "--nope",
    "-h",
    "-x",
    "--strategy",
]
pieces = st.one_of(
    st.sampled_from(VALUES),
    st.sampled_from(options),
    st.builds("{}={}".format, st.sampled_from(options), st.sampled_from(VALUES)),
)


def parse_fully(command: str, tokens: Sequence[str]) -> dict[str, Any] | None:
    """What the full parser gives, ``None`` when it refuses or shows help."""
    try:
        function, bound, *_ = APP.parse_args(
            [command, *tokens], exit_on_error=False, print_error=False
        )
    except CycloptsError:
        return None
    return bound.arguments if function.__name__ == "command" else None


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(COMMANDS), st.lists(pieces, max_size=5))
def test_where_the_quick_parser_answers_the_full_one_agrees(command: str, tokens: list[str]):
    quick = parse_quickly(function_of(command), tokens)

    if quick is not None:
        assert parse_fully(command, tokens) == quick


@pytest.mark.parametrize(
    ("command", "line"),
    [
        ("run", "circle-packing-26"),
        ("run", "a.py b.py --config c.yaml --evaluations 2000 --seconds=1.5 --seed 3"),
        ("run", "x --strategy islands:islands=4 --operators a,b --no-target -o out.journal --json"),
        ("resume", "name --seconds 300"),
        ("show", ""),
    ],
)
def test_ordinary_command_lines_need_no_full_parser(command: str, line: str):
    quick = parse_quickly(function_of(command), line.split())

    assert quick is not None
    assert quick == parse_fully(command, line.split())


@pytest.mark.parametrize(
    "line", ["", "x --help", "x y z", "x --seed", "x --seed 1 --seed 2", "--version"]
)
def test_help_and_mistakes_are_left_to_the_full_parser(line: str):
    assert parse_quickly(function_of("run"), line.split()) is None


@pytest.mark.parametrize(
    ("arguments", "loaded"),
    [
        (["run", "no-such-problem", "--seed", "1"], []),
        (["run", "nguyen-1", "--strategy", "no-such-strategy"], ["asyncio"]),
    ],
)
def test_an_ordinary_run_loads_neither_the_full_parser_nor_the_terminal_library(
    tmp_path: Path, arguments: list[str], loaded: list[str]
):
    program = (
        f"import sys; from telic.cli import main; main({arguments}); "
        "print(sorted({'cyclopts', 'rich', 'numpy', 'scipy', 'asyncio'} & set(sys.modules)))"
    )

    result = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True
    )

    assert result.stdout == f"{loaded}\n"


def test_the_version_loads_nothing_beyond_the_command_line(tmp_path: Path):
    program = (
        "import sys; from telic.cli import main; main(['--version']); "
        "print(sorted({'asyncio', 'msgspec', 'rich', 'cyclopts'} & set(sys.modules)))"
    )

    result = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True
    )

    assert result.stdout.splitlines()[1] == "[]"
