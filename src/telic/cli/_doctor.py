"""What ``telic doctor`` finds out, for people and as a document."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import shutil
import sys
from collections.abc import Callable, Sequence

import msgspec

from telic import __version__
from telic.cli._text import harmless, one_line, plural
from telic.engine.plan import default_workers
from telic.evaluation.sandbox import LAYERS, Sandbox
from telic.models import about_prices, missing_for_local

__all__ = ["DoctorDocument", "about_layers", "about_machine", "layer_lines", "run_attacks"]

_LIBRARIES = ("msgspec", "numpy", "scipy", "cmaes", "cyclopts", "rich")
_HINTS = {
    "namespaces": "allow user namespaces, or install bubblewrap (Debian: apt install bubblewrap)",
    "landlock": "a Linux kernel of version 5.13 or newer with Landlock switched on has it",
    "seccomp": "a Linux kernel with seccomp filters has it, on x86-64 and ARM64",
    "rlimits": "every POSIX system has it",
}


class Machine(msgspec.Struct, frozen=True):
    """Versions and sizes."""

    telic: str
    python: str
    platform: str
    processors: int
    """Of the machine."""
    workers: int
    """How many a run starts unless told otherwise: processors that this process may use."""
    bubblewrap: str | None
    """Where it is installed."""
    libraries: dict[str, str | None]
    """Name → version, ``None`` if missing."""
    local_model: str
    """``ready``, or what keeps `--model local` from running and what to do."""
    prices: str
    """Where the prices of tokens come from, and as of when."""

    def lines(self) -> list[str]:
        """Return it for people."""
        libraries = ", ".join(f"{name} {version}" for name, version in self.libraries.items())
        return [
            f"telic {self.telic}, Python {self.python} on {self.platform}",
            libraries,
            f"{plural(self.processors, 'processor')}, {plural(self.workers, 'worker')} by default",
            f"local model: {self.local_model}",
            f"prices: {self.prices}",
        ]


class AttackReport(msgspec.Struct, frozen=True):
    """How one hostile program fared."""

    name: str
    """Of the program."""
    tries: str
    """What it tries, as a phrase."""
    held: bool | None
    """``None``: not tried, because no layer that is here claims to hold it."""
    note: str
    """How it ended, or what is wrong."""


class DoctorDocument(msgspec.Struct, frozen=True, kw_only=True):
    """What ``telic doctor --json`` gives."""

    telic: str
    """Version."""
    python: str
    """Version."""
    platform: str
    """System, kernel and processor."""
    processors: int
    """Of the machine."""
    workers: int
    """How many a run starts unless told otherwise."""
    bubblewrap: str | None
    """Where it is installed."""
    libraries: dict[str, str | None]
    """Name → version, ``None`` if missing."""
    local_model: str
    """``ready``, or what keeps `--model local` from running and what to do."""
    prices: str
    """Where the prices of tokens come from, and as of when."""
    layer: str
    """Name of the layers that hold, as each evaluation records it."""
    layers: dict[str, bool]
    """Layer → whether it holds."""
    attacks: list[AttackReport] | None
    """Hostile programs; ``None`` with ``--quick``."""
    sound: bool | None
    """Whether every program that was tried was held; ``None`` with ``--quick``."""

    @classmethod
    def of(
        cls,
        machine: Machine,
        layer: str,
        layers: dict[str, bool],
        attacks: list[AttackReport] | None,
    ) -> DoctorDocument:
        """Join what was found."""
        return cls(
            **{name: getattr(machine, name) for name in machine.__struct_fields__},
            layer=layer,
            layers=layers,
            attacks=attacks,
            sound=None if attacks is None else not any(a.held is False for a in attacks),
        )


def about_machine() -> Machine:
    """Look at versions and processors."""
    return Machine(
        telic=__version__,
        python=platform.python_version(),
        platform=f"{platform.system()} {platform.release()} {platform.machine()}",
        processors=os.cpu_count() or 1,
        workers=default_workers(),
        bubblewrap=shutil.which("bwrap"),
        libraries={name: _version(name) for name in _LIBRARIES},
        local_model=missing_for_local() or "ready",
        prices=about_prices(os.environ),
    )


def _version(library: str) -> str | None:
    try:
        return importlib.metadata.version(library)
    except importlib.metadata.PackageNotFoundError:
        return None


def about_layers(missing: Sequence[str]) -> dict[str, bool]:
    """Return each layer and whether it holds."""
    return {layer: layer not in missing for layer in LAYERS}


def layer_lines(layers: dict[str, bool]) -> list[str]:
    """Return the layers for people, with what to do about one that is missing."""
    return [
        f"sandbox layer {name}: {'holds' if held else f'MISSING; {_HINTS[name]}'}"
        for name, held in layers.items()
    ]


def run_attacks(sandbox: Sandbox, tell: Callable[[str], None]) -> list[AttackReport]:
    """Run the hostile programs and tell each that is not held, and the sum."""
    from telic.evaluation.sandbox.hostile import ATTACKS, AttackResult, run_hostile_suite

    attacks: list[AttackReport] = []

    def report(result: AttackResult) -> None:
        attacks.append(AttackReport(result.name, result.tries, result.held, harmless(result.note)))
        _show_progress(f"{len(attacks)} of {len(ATTACKS)} hostile programs: {result.name}")
        if result.held is not True:
            _show_progress("")
            what = "LEAK" if result.held is False else "not held here, so not tried"
            tell(one_line(f"{what}: {result.name}, which tries {result.tries}: {result.note}", 300))

    run_hostile_suite(sandbox, report=report)
    _show_progress("")
    held = sum(attack.held is True for attack in attacks)
    tell(f"hostile programs: {held} of {len(attacks)} held")
    return attacks


def _show_progress(text: str) -> None:
    """Replace the line of progress, where there is a terminal."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()
