from __future__ import annotations

import subprocess
import sys
from types import ModuleType

import telic.values


def test_every_public_name_is_there_and_hides_no_module() -> None:
    for name in telic.values.__all__:
        assert not isinstance(getattr(telic.values, name), ModuleType), name


def test_importing_the_package_loads_no_numpy() -> None:
    code = "import sys, telic.values; sys.exit('numpy' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
