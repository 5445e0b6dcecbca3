"""What the documents show is executed, so that it cannot drift."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")


def blocks(language: str) -> list[tuple[str, str]]:
    return [
        (path.name, match[2])
        for path in DOCUMENTS
        for match in BLOCK.finditer(path.read_text())
        if match[1] == language
    ]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "code"), blocks("python"))
def test_python_in_the_documents_runs(name: str, code: str, tmp_path: Path) -> None:
    script = tmp_path / "example.py"
    script.write_text(code)

    done = subprocess.run([sys.executable, script], capture_output=True, text=True, cwd=tmp_path)

    assert done.returncode == 0, f"{name}: {done.stderr}"


def test_commands_in_the_documents_exist() -> None:
    from telic.cli._commands import COMMANDS

    shown = {
        line.split()[1]
        for _, code in blocks("sh")
        for line in code.splitlines()
        if line.startswith("telic ")
    }

    assert shown
    assert shown <= set(COMMANDS)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    targets = LINK.findall(path.read_text())

    assert [target for target in targets if not (path.parent / target).exists()] == []


def test_the_number_of_hostile_programs_is_that_of_the_suite() -> None:
    from telic.evaluation.sandbox.hostile import ATTACKS

    said = re.findall(r"(\d+) hostile programs", "".join(path.read_text() for path in DOCUMENTS))

    assert said
    assert set(said) == {str(len(ATTACKS))}
