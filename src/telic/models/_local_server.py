"""The process of a local model: serves until its standard input ends, that is with its parent."""

from __future__ import annotations

import sys
from typing import Any


def main(weights: str, threads: int, context: int, parallel: int, embeds: int) -> None:
    """Serve a GGUF file on a free port of the loopback interface and print the address."""
    import xllamacpp  # pyright: ignore[reportMissingImports]

    native: Any = xllamacpp
    settings = native.CommonParams()
    settings.model.path = weights
    settings.n_ctx = context * parallel
    settings.n_parallel = parallel
    settings.cpuparams.n_threads = threads
    settings.cpuparams_batch.n_threads = threads
    settings.verbosity = -1
    settings.hostnames = ["127.0.0.1"]
    settings.port = 0
    if embeds:
        settings.embedding = True
        settings.pooling_type = native.llama_pooling_type.LLAMA_POOLING_TYPE_MEAN
    server = native.Server(settings)
    sys.stdout.write(f"{server.listening_address}\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:6]))
