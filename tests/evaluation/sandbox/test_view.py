"""What candidates are shown, and which modules the zygote loads."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

from telic.evaluation import sandbox
from telic.evaluation.sandbox.view import WORK, View, bubblewrap_command, interpreter_view

PACKAGE = Path(sandbox.__file__).parent


def view(*, readable: tuple[str, ...] = (), processes: bool = False) -> View:
    return interpreter_view(
        package=str(PACKAGE), import_paths=(), readable=readable, processes=processes, work_bytes=99
    )


def test_the_view_holds_the_interpreter_and_no_home_project_or_accounts() -> None:
    shown = view()

    def is_shown(path: str) -> bool:
        return any(path == root or path.startswith(root + "/") for root in shown.readable)

    assert is_shown(os.__file__)
    assert is_shown(os.path.realpath(sys.executable))
    assert is_shown(str(PACKAGE / "zygote.py"))
    for hidden in ("/etc/passwd", "/home", "/root", "/var", "/proc", str(PACKAGE.parent)):
        assert not is_shown(hidden)
    assert not shown.process_files


def test_no_shown_path_lies_below_another() -> None:
    roots = view(processes=True, readable=("/usr/lib", "/nonexistent")).readable

    assert "/nonexistent" not in roots
    assert all(not a.startswith(b + "/") for a in roots for b in roots)


def test_the_temporary_folder_is_the_work_folder_unless_something_in_it_is_shown(
    tmp_path: Path,
) -> None:
    plain = view()
    is_installed_there = any(path.startswith("/tmp/") for path in plain.readable)
    assert ((WORK, "/tmp") in plain.links) is not is_installed_there

    if str(tmp_path).startswith("/tmp/"):
        assert (WORK, "/tmp") not in view(readable=(str(tmp_path),)).links


def test_the_command_mounts_everything_read_only_but_the_work_folder() -> None:
    shown = View(("/usr",), (("usr/lib", "/lib"),), ("/dev/null",), 4096, process_files=True)

    command = " ".join(
        bubblewrap_command("bwrap", shown, user_namespace=True, dies_with_parent=True)
    )

    assert "--ro-bind /usr /usr" in command
    assert "--symlink usr/lib /lib" in command
    assert f"--size 4096 --tmpfs {WORK} --remount-ro / --chdir {WORK}" in command
    assert "--unshare-user --disable-userns" in command
    assert "--die-with-parent" in command
    assert " --bind " not in command


def test_the_superuser_keeps_only_what_it_takes_to_become_nobody() -> None:
    shown = View((), (), (), 1, process_files=False)

    command = bubblewrap_command("bwrap", shown, user_namespace=False, dies_with_parent=False)

    kept = [command[i + 1] for i, word in enumerate(command) if word == "--cap-add"]
    assert kept == ["CAP_SETUID", "CAP_SETGID"]
    assert "--unshare-user" not in command


def test_the_zygote_imports_nothing_heavy() -> None:
    code = (
        "import sys; p = type(sys)('telic_sandbox'); p.__path__ = [sys.argv[1]]; "
        "sys.modules['telic_sandbox'] = p; import telic_sandbox.boot; print(*sys.modules)"
    )

    loaded = subprocess.run(
        [sys.executable, "-P", "-s", "-S", "-B", "-c", code, str(PACKAGE)],
        capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip

    heavy = {"typing", "re", "enum", "collections", "dataclasses", "traceback", "socket", "telic"}
    assert heavy.isdisjoint(loaded)
    assert len(loaded) < 90


def test_the_package_needs_only_the_standard_library_and_errors() -> None:
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                names = [node.module]
            for name in names:
                top = name.partition(".")[0]
                assert (
                    top in sys.stdlib_module_names
                    or name == "telic.errors"
                    or name.startswith("telic.evaluation.sandbox")
                    or (name == "numpy" and path.name == "decoder.py")
                ), f"{path.name} imports {name}"
