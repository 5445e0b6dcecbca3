"""Isolation: runs hostile code and brings back plain data. Standard library only.

A :class:`Sandbox` owns a *zygote*, a warm interpreter inside its own namespaces, and forks it
for every :class:`Job`. The layers around a candidate, outermost first: namespaces (no network,
no foreign processes, a read-only view of the interpreter and nothing else), Landlock, seccomp,
resource limits, a wall-clock deadline, and a decoder that takes only plain data. Layers that a
machine does not offer are named in :attr:`Sandbox.missing`.

>>> from telic.evaluation.sandbox import Job, Sandbox, encode
>>> with Sandbox() as sandbox:
...     job = Job((("main.py", "def f(x): return x + 1"),), "f", (encode(((1,), {})),))
...     sandbox.run(job).outputs
(2,)
"""

from telic.evaluation.sandbox.client import LAYERS, Job, Outcome, Sandbox
from telic.evaluation.sandbox.probe import Probe, probe
from telic.evaluation.sandbox.session import Answer, Session
from telic.evaluation.sandbox.view import WORK
from telic.evaluation.sandbox.wire import WireError, decode, encode

__all__ = [
    "LAYERS",
    "WORK",
    "Answer",
    "Job",
    "Outcome",
    "Probe",
    "Sandbox",
    "Session",
    "WireError",
    "decode",
    "encode",
    "probe",
]
