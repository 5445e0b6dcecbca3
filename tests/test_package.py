"""The front door: what is public, and how little it loads."""

from __future__ import annotations

import subprocess
import sys

import pytest

import telic


def test_every_public_name_can_be_imported() -> None:
    for name in telic.__all__:
        assert getattr(telic, name) is not None


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'evolv'"):
        _ = telic.evolv  # pyright: ignore[reportAttributeAccessIssue]


def test_the_listing_is_what_is_public() -> None:
    assert dir(telic) == sorted(telic.__all__)


@pytest.mark.parametrize(
    ("statement", "unwanted"),
    [
        ("import telic", ("numpy", "scipy", "msgspec", "rich", "cyclopts", "asyncio")),
        ("from telic import Problem, Journal, Plan, Objective", ("numpy", "scipy", "rich")),
    ],
)
def test_importing_loads_no_heavy_library(statement: str, unwanted: tuple[str, ...]) -> None:
    check = f"import sys; {statement}; print([m for m in {unwanted} if m in sys.modules])"

    found = subprocess.run(
        [sys.executable, "-c", check], capture_output=True, text=True, check=True
    )

    assert found.stdout.strip() == "[]"
