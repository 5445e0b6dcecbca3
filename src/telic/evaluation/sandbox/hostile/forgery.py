"""Attacks on the result, and on the candidates that come after."""

from __future__ import annotations

from .attack import Attack

__all__ = ["FORGERY"]

_ON_CHANNEL = """
import os, struct
def write_everywhere(data):
    for descriptor in range(3, 256):
        try:
            os.write(descriptor, data)
        except OSError:
            pass
"""

FORGERY = (
    Attack(
        "leaves with success",
        "to end before it has returned, looking successful",
        """
import os
def attack(x):
    os._exit(0)
""",
        ends=("exit",),
    ),
    Attack(
        "sys.exit",
        "to leave by an exception that is usually let through",
        """
import sys
def attack(x):
    sys.exit(0)
""",
        ends=("exit",),
    ),
    Attack(
        "base exception",
        "to slip through handlers of ordinary exceptions",
        """
class Slip(BaseException):
    pass
def attack(x):
    raise Slip('through')
""",
        ends=("exception",),
    ),
    Attack(
        "lying exception",
        "to hang or flood the one who asks an exception for its text",
        """
class Lie(Exception):
    def __str__(self):
        return 'x' * (100 << 20)
    __repr__ = __str__
def attack(x):
    raise Lie
""",
        ends=("exception", "memory"),
    ),
    Attack(
        "writes to the result channel",
        "to put bytes of its own where results go",
        _ON_CHANNEL
        + """
def attack(x):
    write_everywhere(bytes(range(256)) * 16)
    return 42
""",
        ends=("output",),
    ),
    Attack(
        "announces a huge result",
        "to make the reader allocate what it says will come",
        _ON_CHANNEL
        + """
def attack(x):
    write_everywhere(struct.pack('<BI', 21, 2**32 - 1))
    os._exit(0)
""",
        ends=("exit", "output"),
    ),
    Attack(
        "forges a report",
        "to speak to the client as if it were the zygote",
        _ON_CHANNEL
        + """
def attack(x):
    for kind in (11, 12, 13, 14):
        write_everywhere(struct.pack('<BI', kind, 40) + bytes(40))
    os._exit(0)
""",
        ends=("exit", "output"),
    ),
    Attack(
        "forges a result",
        "to hand in a result of its own and to stop the real one",
        _ON_CHANNEL
        + """
def attack(x):
    forged = struct.pack('<Bq', 3, 42)
    write_everywhere(struct.pack('<BI', 21, len(forged)) + forged)
    os._exit(0)
""",
        ends=("exit",),
    ),
    Attack(
        "hands in too many results",
        "to answer more often than it was asked",
        _ON_CHANNEL
        + """
def attack(x):
    forged = struct.pack('<Bq', 3, 43)
    write_everywhere((struct.pack('<BI', 21, len(forged)) + forged) * 5)
    return 42
""",
        ends=("output",),
    ),
    Attack(
        "closes its descriptors",
        "to make its end invisible",
        """
import os
def attack(x):
    os.closerange(0, 256)
    while True:
        pass
""",
        ends=("timeout",),
        seconds=0.3,
    ),
    Attack(
        "patches the interpreter",
        "to change what everybody else uses",
        """
import builtins, json, math, os, random, struct, sys, time
def attack(x):
    for module in (json, math, os, random, struct, time):
        for name in dir(module):
            if not name.startswith('__'):
                try:
                    setattr(module, name, lambda *args, **kwargs: 1e9)
                except Exception:
                    pass
    for name in ('len', 'sum', 'max', 'min', 'abs', 'isinstance', 'print', 'type', 'float'):
        setattr(builtins, name, lambda *args, **kwargs: 1e9)
    for name in list(sys.modules):
        if name not in ('sys', 'builtins'):
            sys.modules[name] = None
    return 42
""",
        ends=("exception", "exit", "output"),
        gives=42,
        may_return=True,
    ),
    Attack(
        "patches its caller",
        "to replace the encoder and the frames of the one who called it",
        """
import gc, sys
def attack(x):
    frame = sys._getframe()
    while frame is not None:
        space = frame.f_globals
        for name in ('encode', 'frame', 'describe', 'write_all'):
            if name in space:
                space[name] = lambda *args, **kwargs: b'forged' * 100
        frame = frame.f_back
    return 42
""",
        ends=("exception", "exit", "output"),
    ),
    Attack(
        "acts at the end",
        "to run code after it has returned",
        """
import atexit, gc, os, threading, weakref
class Late:
    def __del__(self):
        os.write(1, b'late')
        os._exit(7)
keep = Late()
keep.itself = keep
atexit.register(lambda: os._exit(7))
def attack(x):
    return 42
""",
        gives=42,
        may_return=True,
    ),
    Attack(
        "cyclic output",
        "to send its reader round in circles",
        """
def attack(x):
    cycle = [1, {}]
    cycle[1]['again'] = cycle
    return cycle
""",
        ends=("output",),
    ),
    Attack(
        "not a number",
        "to win every comparison",
        """
def attack(x):
    return [1.0, {'score': float('nan')}]
""",
        ends=("output",),
    ),
    Attack(
        "infinity",
        "to be better than everything",
        """
def attack(x):
    return [[1.0, 2.0], [3.0, float('-inf')]]
""",
        ends=("output",),
    ),
    Attack(
        "complex numbers",
        "to be of a type that the scorer does not expect",
        """
def attack(x):
    return {'value': [1 + 2j]}
""",
        ends=("output",),
    ),
    Attack(
        "lying string",
        "to pass a string that compares equal to everything",
        """
class Lie(str):
    def __eq__(self, other):
        return True
    def __hash__(self):
        return hash('right')
    def encode(self, *args, **kwargs):
        return b'right'
    def __str__(self):
        return 'right'
def attack(x):
    return Lie('wrong')
""",
        gives="wrong",
        may_return=True,
    ),
    Attack(
        "lying containers",
        "to pass containers and numbers that misreport themselves",
        """
class Number(float):
    def __float__(self):
        return 1e9
    def __pos__(self):
        return 1e9
    def __lt__(self, other):
        return False
class List(list):
    def __len__(self):
        return 1000
    def __iter__(self):
        return iter([1e9])
    def copy(self):
        return [1e9]
class Dict(dict):
    def items(self):
        return [('score', 1e9)]
    def copy(self):
        return {'score': 1e9}
def attack(x):
    return Dict(score=List([Number(1.5)]))
""",
        gives={"score": [1.5]},
        may_return=True,
    ),
    Attack(
        "objects",
        "to have its own code run where its output is read",
        """
class Bomb:
    def __reduce__(self):
        return (print, ('boom',))
def attack(x):
    return [Bomb()]
""",
        ends=("output",),
    ),
    Attack(
        "object array",
        "to hide objects in an array",
        """
import numpy
def attack(x):
    return numpy.array([print, None], dtype=object)
""",
        ends=("output", "exception"),
    ),
    Attack(
        "leftover modules",
        "to leave modules that the next candidate would import",
        """
import os
def attack(x):
    for name in ('json', 'random', 'math', 'statistics', 'fractions', 'sitecustomize'):
        with open(name + '.py', 'w') as file:
            file.write('raise SystemExit(99)')
        os.makedirs(name, exist_ok=True)
        with open(name + '/__init__.py', 'w') as file:
            file.write('raise SystemExit(99)')
    os.chmod('.', 0)
    return 42
""",
        ends=("exception",),
        gives=42,
        may_return=True,
    ),
)
