"""A problem whose evaluation costs nothing, an operator for it, and a way to call commands."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from telic import registry
from telic.cli import main


@dataclass(frozen=True)
class Called:
    """What a command line gave."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        return json.loads(self.out)


Call = Callable[..., Called]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder, in which ``runs/`` appears, and the operator ``step``."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(registry._BUILT_IN["operator"], "step", "tests.engine.parts:Step")
    return tmp_path


@pytest.fixture
def number(here: Path) -> str:
    """The folder of a problem in which the text itself is the score."""
    folder = here / "number"
    folder.mkdir()
    (folder / "problem.toml").write_text(
        'entry = ""\nseed = "seed.txt"\n[best_known]\nvalue = 50.0\n'
    )
    (folder / "seed.txt").write_text("0\n")
    (folder / "score.py").write_text(
        "def score(output, case):\n    return {'score': float(output), 'length': len(output)}\n"
    )
    return "number/"


@pytest.fixture
def call(capfd: pytest.CaptureFixture[str]) -> Call:
    """Run a command line in this process."""

    def called(*tokens: str) -> Called:
        code = main(tokens)
        captured = capfd.readouterr()
        return Called(code, captured.out, captured.err)

    return called
