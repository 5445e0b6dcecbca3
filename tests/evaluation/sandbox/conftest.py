"""Sandboxes shared by the tests, and jobs in one line."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

import pytest

from telic.evaluation.sandbox import Job, Sandbox, encode

JobMaker = Callable[..., Job]


def make_job(source: str, *arguments: Any, entry: str = "f", **bounds: Any) -> Job:
    """Return a job that calls ``f`` once with the arguments."""
    files = bounds.pop("files", (("main.py", source),))
    bounds.setdefault("seconds", 10.0)
    return Job(files, entry, (encode((arguments, {})),), **bounds)


@pytest.fixture(scope="session")
def shared() -> Generator[Sandbox]:
    """A sandbox with all the layers this machine has."""
    with Sandbox() as sandbox:
        sandbox.wait()
        yield sandbox


@pytest.fixture
def job() -> JobMaker:
    """Make jobs."""
    return make_job
