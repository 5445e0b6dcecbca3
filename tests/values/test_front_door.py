from __future__ import annotations

import subprocess
import sys

import pytest

import telic.values


@pytest.mark.parametrize("name", telic.values.__all__)
def test_every_public_name_can_be_had(name: str) -> None:
    assert getattr(telic.values, name).__doc__ or name in ("Status",)


def test_public_names_are_sorted_and_unique() -> None:
    names = telic.values.__all__

    assert list(names) == sorted(set(names))


def test_an_unknown_name_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = telic.values.nothing


def test_importing_the_package_loads_no_numpy() -> None:
    code = "import sys, telic.values; sys.exit('numpy' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_example_of_the_reference_page_runs(capsys: pytest.CaptureFixture[str]) -> None:
    text = telic.values.__doc__ or ""
    example = text.split("end::\n\n")[1]
    lines = [line.removeprefix("    ") for line in example.splitlines()]

    exec("\n".join(lines), {})

    assert "240 asked, 240 answered" in capsys.readouterr().out
