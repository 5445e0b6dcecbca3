"""Identity of programs up to layout, comments and docstrings.

Two artifacts have the same :func:`normalised_key` when every Python file compiles to the
same bytecode and every other file has the same text up to trailing white space. Python
source is compiled in *chunks* of top-level statements whose digests are cached, so that the
key of a program that differs from a known one in a single function costs the compilation
of that function alone; :func:`program_code` returns what came of it, to be run.
"""

from telic.identity._chunks import program_code, split_chunks
from telic.identity._key import does_compile, normalised_key

__all__ = ["does_compile", "normalised_key", "program_code", "split_chunks"]
