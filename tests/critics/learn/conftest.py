"""Small products: more threads would only wait for each other."""

from __future__ import annotations

from collections.abc import Generator

import pytest

from telic.critics.learn import single_thread


@pytest.fixture(autouse=True)
def one_thread() -> Generator[None]:
    with single_thread():
        yield
