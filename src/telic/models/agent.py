"""Any command-line coding agent as something that can be asked: files and a task in, files out.

A prompt for it holds an :class:`Assignment` as JSON. The command runs in a private copy of the
files, with an environment that holds nothing but what the user names, under a deadline. When it
ends, when the deadline passes or Telic itself is killed, nothing that it has started is left
alive, not even in a session of its own (on Linux; elsewhere its process group is killed). What it
did is an ordinary :class:`telic.models.Reply`, so that it is recorded before anything comes of it,
replayed without running the command, and counted in money.

The command is trusted as the user trusts it: it runs outside the sandbox, because coding agents
need the network and their own settings. What it writes is not trusted: only regular files of the
assignment are read back, up to a size, and candidates run in the sandbox as always.
"""

from __future__ import annotations

import asyncio
import os
import re
import shlex
import shutil
import stat
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from time import monotonic

import msgspec

from telic.errors import UsageError
from telic.models.base import Capability, Choices, Embedding, Ending, Prompt, Reply, Usage

__all__ = ["Agent", "Assignment", "Outcome", "assignment_of"]

_MOST_OUTPUT = 4000
_MOST_FILE = 1_000_000
_PIECE = 65536
_TASK = "TASK.md"
_KEEPER = Path(__file__).with_name("_agent_keeper.py")
_PATIENCE = 10.0
_SECRET = re.compile("KEY|TOKEN|SECRET|PASSWORD|CREDENTIAL", re.IGNORECASE)
_SHORTEST_SECRET = 6


class Assignment(msgspec.Struct, frozen=True):
    """What an agent is to do."""

    task: str
    """In words."""
    files: dict[str, str]
    """Name → text of what it may change."""


class Outcome(msgspec.Struct, frozen=True):
    """What an agent did."""

    files: dict[str, str]
    """Name → new text, of files that it changed."""
    output: str
    """The end of what it printed."""


def assignment_of(prompt: Prompt) -> Assignment:
    """Return what a prompt asks of an agent.

    Raises:
        UsageError: if it is a prompt for a language model.
    """
    try:
        return msgspec.json.decode(prompt.text, type=Assignment)
    except msgspec.DecodeError as error:
        raise UsageError(f"an agent takes assignments only (operator 'agent'): {error}") from error


class Agent:
    """A command that edits files in its working folder.

    Args:
        command: with its arguments, in which ``{task}`` stands for the task in words,
            ``{task_file}`` for a file with it and ``{folder}`` for the working folder; the task is
            on standard input, too. No shell looks at it.
        name: in the journal.
        deadline: seconds that it may take.
        environment: names of variables that it is given, for example a key's and ``HOME``; a text
            holds them separated by blanks. The value of one that is called a key, token, secret,
            password or credential is taken out of what it prints, and refused in what it writes.
        money: what a call costs at most, in US dollars, as its user declares it.

    Raises:
        UsageError: if the command is empty or a number is out of range.
    """

    capabilities: frozenset[Capability] = frozenset(("generate",))

    def __init__(
        self,
        command: str,
        *,
        name: str = "agent",
        deadline: float = 600.0,
        environment: Sequence[str] | str = (),
        money: float = 0.0,
    ) -> None:
        self.name = name
        try:
            self._command = shlex.split(command)
        except ValueError as error:
            raise UsageError(f"the agent's command cannot be read: {error}") from error
        if not self._command:
            raise UsageError("an agent needs a command; got an empty one")
        if not deadline > 0 or not money >= 0:
            raise UsageError(
                f"an agent needs deadline > 0 and money >= 0; got {deadline} and {money}"
            )
        self._deadline = deadline
        listed = environment.split() if isinstance(environment, str) else environment
        self._environment = tuple(listed)
        self._money = money

    def price(self, usage: Usage) -> float:
        """Return the declared cost of a call."""
        del usage
        return self._money

    async def generate(self, prompt: Prompt) -> Reply:
        """Return the outcome as JSON; the ending says how the command ended.

        ``complete``: it ended well and changed files. ``empty``: it changed nothing. ``timeout``:
        it was killed at the deadline. ``unavailable``: it could not be started or ended with an
        error. ``malformed``: it left something else in the place of a file, or a secret in one.
        """
        assignment = assignment_of(prompt)
        began = monotonic()
        with tempfile.TemporaryDirectory(prefix="telic-agent-", ignore_cleanup_errors=True) as top:
            folder = Path(top) / "work"
            (Path(top) / _TASK).write_text(assignment.task, encoding="utf-8")
            for file, text in assignment.files.items():
                (folder / file).parent.mkdir(parents=True, exist_ok=True)
                (folder / file).write_bytes(text.encode("utf-8", "surrogatepass"))
            ending, reason, output = await self._run(folder, Path(top), assignment.task)
            changed: dict[str, str] = {}
            if ending == "complete":
                ending, reason, changed = _collected(folder, assignment.files)
        for variable, value in self._secrets().items():
            if any(value in text for text in changed.values()):
                ending, reason, changed = "malformed", f"it wrote {variable} into a file", {}
        outcome = Outcome(changed, output)
        return Reply(
            model=self.name,
            ending=ending,
            text=msgspec.json.encode(outcome).decode(),
            reason=reason,
            finish=ending,
            money=self._money if ending != "unavailable" or output else 0.0,
            seconds=monotonic() - began,
        )

    async def choice_logprobs(self, prompt: Prompt, choices: Sequence[str]) -> Choices:
        """Refuse: a command has no probabilities.

        Raises:
            UsageError: always.
        """
        del prompt
        raise UsageError(f"agent {self.name!r} gives no probabilities of {len(choices)} choices")

    async def embed(self, texts: Sequence[str]) -> Embedding:
        """Refuse: a command has no vectors.

        Raises:
            UsageError: always.
        """
        raise UsageError(f"agent {self.name!r} gives no vectors for {len(texts)} texts")

    async def close(self) -> None:
        """Do nothing: no command outlives its call."""

    async def _run(self, folder: Path, top: Path, task: str) -> tuple[Ending, str, str]:
        """Run the command and return how it ended, why, and the end of its output."""
        places = {"{task}": task, "{task_file}": str(top / _TASK), "{folder}": str(folder)}
        words = [_filled(word, places) for word in self._command]
        program = shutil.which(words[0])
        if program is None:
            return "unavailable", f"there is no program {words[0]!r}", ""
        end, leash = os.pipe()
        try:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-I", "-S", str(_KEEPER), str(end)),
                *(program, *words[1:]),
                cwd=folder,
                env=self._variables(top),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
                pass_fds=(end,),
                start_new_session=True,
            )
        except OSError as error:
            os.close(leash)
            return "unavailable", f"{words[0]} cannot be started: {error.strerror or error}", ""
        finally:
            os.close(end)
        tail = bytearray()
        try:
            async with asyncio.timeout(self._deadline):
                await asyncio.gather(_fed(process, task.encode()), _drained(process, tail))
                code = await process.wait()
        except TimeoutError:
            said = f"it was killed after {self._deadline:g} seconds"
            return "timeout", said, self._shown(tail)
        finally:
            os.close(leash)
            await asyncio.shield(_gone(process))
        output = self._shown(tail)
        if code:
            last = output.strip().splitlines()[-1:] or [""]
            return "unavailable", f"{words[0]} ended with {code}: {last[0][:200]}", output or " "
        return "complete", "", output

    def _variables(self, top: Path) -> Mapping[str, str]:
        """Return the named variables; folders of its own where none are named."""
        plain = {"PATH": os.defpath, "HOME": str(top), "TMPDIR": str(top)}
        named = {n: os.environ[n] for n in self._environment if n in os.environ}
        return plain | named

    def _shown(self, tail: bytearray) -> str:
        """Return the end of the output without secrets; twice as much of it, to hold them whole."""
        text = tail.decode("utf-8", "replace")
        for variable, value in self._secrets().items():
            text = text.replace(value, f"[{variable}]")
        return text[-_MOST_OUTPUT:]

    def _secrets(self) -> dict[str, str]:
        """Return the named variables whose values must not be seen in what the agent says."""
        return {
            name: os.environ[name]
            for name in self._environment
            if _SECRET.search(name) and len(os.environ.get(name, "")) >= _SHORTEST_SECRET
        }


def _filled(word: str, places: Mapping[str, str]) -> str:
    for place, text in places.items():
        if word == place:
            return text
        if place != "{task}":
            word = word.replace(place, text)
    return word


async def _gone(process: asyncio.subprocess.Process) -> None:
    """Wait for the keeper, whose leash is cut, until it has left nothing alive."""
    try:
        async with asyncio.timeout(_PATIENCE):
            await process.wait()
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def _fed(process: asyncio.subprocess.Process, data: bytes) -> None:
    assert process.stdin is not None
    with suppress(BrokenPipeError, ConnectionResetError):
        process.stdin.write(data)
        await process.stdin.drain()
    process.stdin.close()


async def _drained(process: asyncio.subprocess.Process, tail: bytearray) -> None:
    """Read all output and keep its end."""
    assert process.stdout is not None
    while piece := await process.stdout.read(_PIECE):
        tail += piece
        del tail[: -2 * _MOST_OUTPUT]


def _collected(folder: Path, before: Mapping[str, str]) -> tuple[Ending, str, dict[str, str]]:
    """Return what became of the files; links and anything unusual are not followed."""
    changed: dict[str, str] = {}
    for name, text in before.items():
        path = folder / name
        try:
            if path.parent.resolve() != (folder.resolve() / name).parent:
                return "malformed", f"it moved the folder of {name}", {}
            handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError as error:
            return "malformed", f"it left no regular file {name}: {error.strerror}", {}
        with os.fdopen(handle, "rb") as file:
            found = os.fstat(handle)
            if not stat.S_ISREG(found.st_mode) or found.st_size > _MOST_FILE:
                return "malformed", f"{name} is not a regular file of at most 1 MB any more", {}
            try:
                new = file.read(_MOST_FILE).decode("utf-8", "surrogatepass")
            except UnicodeDecodeError:
                return "malformed", f"{name} is not UTF-8 text any more", {}
        if new != text:
            changed[name] = new
    return ("complete", "", changed) if changed else ("empty", "it changed no file", {})
