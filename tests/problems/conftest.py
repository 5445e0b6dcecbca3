"""Shared by the tests of the problem library."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from functools import cache
from types import ModuleType
from typing import Any

import pytest

from telic import problems


@cache
def load_scorer(name: str) -> ModuleType:
    """Import a bundled problem's ``score.py``."""
    path = problems.folder(name) / "score.py"
    spec = importlib.util.spec_from_file_location(f"scorer_of_{name.replace('-', '_')}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def scorer() -> Callable[[str], ModuleType]:
    """Return the function that imports a problem's scorer."""
    return load_scorer


@pytest.fixture(scope="session")
def seed() -> Callable[[str], dict[str, Any]]:
    """Return the function that runs a problem's seed and gives its names."""

    def run(name: str) -> dict[str, Any]:
        namespace: dict[str, Any] = {"__name__": "seed"}
        exec(compile(problems.load(name).seed.text, f"{name}/seed.py", "exec"), namespace)
        return namespace

    return run
