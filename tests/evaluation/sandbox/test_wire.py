"""The wire format: what crosses, what is refused, and what hostile bytes can do."""

from __future__ import annotations

import collections
import enum
import math
import struct
import time
import tracemalloc
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from telic.evaluation.sandbox import WireError, decode, encode
from telic.evaluation.sandbox.wire import MAX_DEPTH

QUICKLY = settings(max_examples=60, deadline=None)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(exclude_categories=("Cs",)))
    | st.binary()
)
KEYS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text("abc") | st.binary(),
    lambda inner: st.tuples(inner, inner),
    max_leaves=3,
)
PLAIN = st.recursive(
    SCALARS | st.lists(st.floats()) | st.lists(st.integers()) | st.lists(st.tuples(st.floats())),
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(KEYS, inner),
    max_leaves=20,
)


def same(a: Any, b: Any) -> bool:
    """Equality that tells 1 from 1.0 and True, and takes NaN as equal to itself."""
    if type(a) is not type(b):
        return False
    if isinstance(a, float):
        return (a == b and math.copysign(1, a) == math.copysign(1, b)) or (a != a and b != b)
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return same(list(a.items()), list(b.items()))
    return a == b


@given(PLAIN)
@QUICKLY
def test_what_is_encoded_comes_back_with_the_same_types(value: Any) -> None:
    data = encode(value, allow_nonfinite=True)

    assert same(decode(data, allow_nonfinite=True), value)


@given(
    hnp.arrays(
        st.sampled_from(["?", "i1", "u2", ">i4", "<u8", "f2", ">f4", "f8"]),
        hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4),
    )
)
@QUICKLY
def test_arrays_keep_values_shape_and_kind(array: Any) -> None:
    back = decode(encode(array, allow_nonfinite=True), allow_nonfinite=True)

    assert back.shape == array.shape
    assert back.dtype == array.dtype.newbyteorder("<")
    assert np.array_equal(back, array, equal_nan=array.dtype.kind == "f")
    assert back.flags.writeable


def test_noncontiguous_arrays_cross_in_their_logical_order() -> None:
    array = np.arange(12.0).reshape(3, 4).T[::2]

    assert np.array_equal(decode(encode(array)), array)


class Colour(enum.IntEnum):
    RED = 3


class LyingText(str):
    __slots__ = ()

    def __str__(self) -> str:
        return "lie"

    def encode(self, encoding: str = "", errors: str = "") -> bytes:
        return b"lie"


class LyingList(list[float]):
    def __iter__(self) -> Any:
        return iter([1e9])

    def copy(self) -> Any:
        return [1e9]


class Point(NamedTuple):
    x: float
    y: float


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (Colour.RED, 3),
        (LyingText("truth"), "truth"),
        (LyingList([1.5]), [1.5]),
        (Point(1.0, 2.0), (1.0, 2.0)),
        (collections.Counter("aab"), {"a": 2, "b": 1}),
        (collections.OrderedDict(b=1), {"b": 1}),
        (np.float64(0.5), 0.5),
        (np.float32(0.5), 0.5),
        (np.int8(-3), -3),
        (np.bool_(True), True),
        ({np.int64(4): np.float64(2.0)}, {4: 2.0}),
    ],
)
def test_subclasses_and_numpy_scalars_become_their_base(value: Any, plain: Any) -> None:
    assert same(decode(encode(value)), plain)


CYCLE: list[Any] = []
CYCLE.append(CYCLE)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ([0, 1, 2, {"x": 1j}], "output[3]['x']: complex numbers are not plain data"),
        ({1, 2}, "output: a value of type set is not plain data; return a sorted list"),
        ((x for x in "ab"), "output: a value of type generator is not plain data; return a list"),
        ([1.0, math.nan], "output[1]: nan is not a finite number"),
        ([[1.0, 2.0], [3.0, -math.inf]], "output[1][1]: -inf is not a finite number"),
        (np.array([1.0, math.inf]), "output: inf at [1] is not a finite number"),
        (np.array([None]), "output: an array of dtype object is not plain data"),
        (np.array([1j]), "output: an array of dtype complex128 is not plain data"),
        (np.zeros(1, "i4,f8"), "is not plain data"),
        (np.array(["a"]), "output: an array of dtype <U1 is not plain data"),
        (np.ma.masked_array([1.0], [True]), "output: a masked array is not plain data"),
        ({frozenset(): 1}, "a dict key of type frozenset is not plain data"),
        ("\ud800", "output: a string with lone surrogates is not valid Unicode text"),
        (len, "a value of type builtin_function_or_method is not plain data"),
        (CYCLE, f"nested deeper than {MAX_DEPTH} levels, or contains itself"),
    ],
)
def test_refusals_say_what_and_where(value: Any, reason: str) -> None:
    with pytest.raises(WireError) as caught:
        encode(value)

    assert reason in str(caught.value)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    "value",
    ["x" * 1000, b"x" * 1000, [0.5] * 125, [1] * 125, np.zeros(125), 1 << 8000, [None] * 1000],
)
def test_messages_larger_than_the_limit_are_refused(value: Any) -> None:
    with pytest.raises(WireError, match="larger than the limit of 999 bytes"):
        encode(value, limit=999)


def test_small_objects_that_are_huge_when_written_out_are_refused_early() -> None:
    doubling: list[Any] = ["x"]
    for _ in range(60):
        doubling = [doubling, doubling]

    with pytest.raises(WireError, match="larger than the limit"):
        encode(doubling, limit=10_000)


@pytest.mark.parametrize("value", [math.nan, [math.inf], [[1.0], [math.nan]], np.array([math.inf])])
def test_the_decoder_refuses_what_is_not_finite_unless_allowed(value: Any) -> None:
    data = encode(value, allow_nonfinite=True)

    decode(data, allow_nonfinite=True)
    with pytest.raises(WireError):
        decode(data)


@given(st.binary(max_size=200))
@QUICKLY
def test_any_bytes_decode_or_raise(data: bytes) -> None:
    try:
        value = decode(data)
    except WireError:
        return

    assert same(decode(encode(value)), value) or isinstance(value, (list, tuple, dict, np.ndarray))


@given(PLAIN, st.data())
@QUICKLY
def test_damaged_messages_decode_or_raise(value: Any, data: st.DataObject) -> None:
    message = bytearray(encode(value, allow_nonfinite=True))
    for _ in range(data.draw(st.integers(1, 3))):
        message[data.draw(st.integers(0, len(message) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(message)))

    for damaged in (bytes(message), bytes(message[:cut])):
        try:
            decode(damaged)
        except WireError:
            continue


@given(PLAIN)
@QUICKLY
def test_every_proper_prefix_and_extension_is_refused(value: Any) -> None:
    message = encode(value, allow_nonfinite=True)

    for wrong in (message[:-1], message[: len(message) // 2], message + b"\0"):
        with pytest.raises(WireError):
            decode(wrong, allow_nonfinite=True)


HUGE = 2**32 - 1


@pytest.mark.parametrize(
    "data",
    [
        *(struct.pack("<BI", tag, HUGE) for tag in range(4, 19)),
        *(struct.pack("<BII", tag, HUGE, HUGE) for tag in range(15, 19)),
        struct.pack("<BBB2Q", 19, 11, 2, 2**40, 2**40),
        struct.pack("<BBB2Q", 19, 11, 2, 0, 2**63),
        struct.pack("<BBB1Q", 19, 11, 255, 1),
        struct.pack("<BI", 8, 1) * 10_000,
    ],
    ids=repr,
)
def test_announced_sizes_allocate_nothing(data: bytes) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(WireError):
            decode(data)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 1_000_000


def test_keys_made_to_collide_are_refused_quickly() -> None:
    period = 2**61 - 1  # hash(n) is n modulo this
    value = {(0, k * period): 0 for k in range(30)}
    head = struct.pack("<BI", 10, 20_000)
    pairs = b"".join(
        struct.pack("<BI", 4, 12) + (1 + k * period).to_bytes(12, "little") + b"\0"
        for k in range(20_000)
    )
    began = time.process_time()

    with pytest.raises(WireError, match="collide"):
        decode(head + pairs)
    assert time.process_time() - began < 2
    assert decode(encode(value)) == value


def test_booleans_in_arrays_are_zero_or_one() -> None:
    data = bytearray(encode(np.array([True, False])))
    data[-1] = 7

    with pytest.raises(WireError, match="boolean"):
        decode(bytes(data))


def test_equal_keys_are_refused() -> None:
    pair = encode("a") + b"\0"

    with pytest.raises(WireError, match="equal dict keys"):
        decode(struct.pack("<BI", 10, 2) + pair * 2)


def test_a_list_as_key_is_refused() -> None:
    with pytest.raises(WireError, match="key of type list"):
        decode(struct.pack("<BI", 10, 1) + encode([]) + b"\0")
