"""``telic doctor``: what this machine offers, and whether its sandbox holds."""

from __future__ import annotations

__all__ = ["doctor"]


def doctor(*, quick: bool = False, json: bool = False) -> int:
    """Check this machine: versions, workers, and which layers of the sandbox hold.

    Runs dozens of hostile programs that try to escape, to cheat or to use up the machine, and
    looks at what is left of each. The exit code is 8 if one of them succeeds although a layer
    that is here should hold it.

    Args:
        quick: Look at the layers only, without the hostile programs.
        json: Print one JSON object on standard output.

    Examples:
        telic doctor
        telic doctor --quick
        telic doctor --json | jq .layers
    """
    import sys

    from telic.cli._doctor import (
        DoctorDocument,
        about_layers,
        about_machine,
        layer_lines,
        run_attacks,
    )
    from telic.cli._exit import CHECK_FAILED, FINISHED
    from telic.cli._json import emit
    from telic.evaluation.sandbox import Sandbox

    out = sys.stderr if json else sys.stdout

    def tell(line: str) -> None:
        out.write(line + "\n")
        out.flush()

    machine = about_machine()
    for line in machine.lines():
        tell(line)
    with Sandbox() as sandbox:
        layer, missing = sandbox.wait()
        layers = about_layers(missing)
        for line in layer_lines(layers):
            tell(line)
        attacks = None if quick else run_attacks(sandbox, tell)
    document = DoctorDocument.of(machine, layer, layers, attacks)
    if json:
        emit(document)
    return CHECK_FAILED if document.sound is False else FINISHED
