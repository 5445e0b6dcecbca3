"""One virtual environment for each peer, from PyPI, beside the checkout and outside git."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

__all__ = ["PEERS", "prepared"]

PEERS = {
    "openevolve": "openevolve==0.4.0",
    "shinka": "shinka-evolve==0.0.7",
    "gepa": "gepa==0.1.4",
}
"""Name here, and what is installed."""

_CONSTRAINT = "torch<0\n"
"""None of them needs torch; should one begin to, the installation fails instead of fetching
gigabytes."""


def prepared(name: str, folder: Path) -> Path | str:
    """Return the interpreter of a peer's environment, or say why there is none.

    An environment that is complete is used as it is.
    """
    home = folder / name
    python, stamp = home / "bin" / "python", home / ".ready"
    requirement = PEERS[name]
    if stamp.is_file() and stamp.read_text() == requirement:
        return python
    print(f"installing {requirement} into {home}", file=sys.stderr, flush=True)
    folder.mkdir(parents=True, exist_ok=True)
    constraint = folder / "constraints.txt"
    constraint.write_text(_CONSTRAINT)
    venv.create(home, with_pip=True, clear=True)
    command = [str(python), "-m", "pip", "install", "--quiet", "--no-input"]
    command += ["--disable-pip-version-check", "-c", str(constraint), requirement]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        return f"{requirement} cannot be installed: {lines[-1] if lines else 'no reason given'}"
    stamp.write_text(requirement)
    return python
