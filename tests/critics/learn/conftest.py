"""One thread for small products: more would wait for each other. Without PyTorch, no tests."""

from __future__ import annotations

from collections.abc import Generator
from importlib.util import find_spec

import pytest

collect_ignore_glob = [] if find_spec("torch") else ["test_*.py"]


@pytest.fixture(autouse=True)
def one_thread() -> Generator[None]:
    from telic.critics.learn import single_thread

    with single_thread():
        yield
