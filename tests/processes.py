"""Scripts run in processes of their own."""

from __future__ import annotations

import subprocess
import sys


def outputs_by_hash_seed(script: str) -> set[str]:
    """Return the different things that a script prints as Python's string hashes change."""
    return {
        subprocess.run(
            [sys.executable, "-c", script],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
