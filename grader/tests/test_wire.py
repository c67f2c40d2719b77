"""What crosses between a student's process and the examiner is data, within limits, and never anything else."""

from __future__ import annotations

import contextlib
import io
import json
import math
import pickle
import struct
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nbgrader_isolated.wire.decode import decode
from nbgrader_isolated.wire.encode import MAGIC, Limits, WireError, encode

keys = st.one_of(st.text(max_size=20), st.integers(), st.booleans(), st.none())
plain = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.integers(min_value=-(2**300), max_value=2**300),
        st.floats(allow_nan=False),
        st.text(max_size=2000),
        st.binary(max_size=200),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=5),
        st.tuples(inner, inner),
        st.dictionaries(keys, inner, max_size=5),
        st.sets(keys, max_size=5),
    ),
    max_leaves=20,
)
arrays = hnp.arrays(
    st.one_of(hnp.boolean_dtypes(), hnp.integer_dtypes(), hnp.floating_dtypes(), hnp.complex_number_dtypes()),
    hnp.array_shapes(min_dims=0, min_side=0, max_dims=4, max_side=5),
)


def message(header: object, *parts: bytes) -> bytes:
    raw = header if isinstance(header, bytes) else json.dumps(header).encode()
    return MAGIC + struct.pack("<I", len(raw)) + raw + b"".join(parts)


@given(plain)
@settings(max_examples=200, deadline=None)
def test_plain_values_come_back_equal_and_of_the_same_type(value):
    back = decode(encode(value))
    assert back == value
    assert repr(type(back)) == repr(type(value))


@given(arrays)
@settings(max_examples=150, deadline=None)
def test_arrays_come_back_with_shape_dtype_and_every_bit(array):
    if array.dtype.name in ("float128", "complex256", "longdouble", "clongdouble"):
        with pytest.raises(WireError):
            encode(array)
        return
    back = decode(encode(array))
    assert back.shape == array.shape
    assert back.dtype == array.dtype
    assert back.tobytes() == array.tobytes()
    assert back.flags.writeable


STRIDED = {
    "reversed": np.arange(5.0)[::-1],
    "every other": np.arange(10)[::2],
    "one column": np.arange(12.0).reshape(3, 4)[:, 1],
    "broadcast": np.broadcast_to(np.float32(3), (4,)),
    "transposed": np.arange(6).reshape(2, 3).T,
    "a window": np.lib.stride_tricks.sliding_window_view(np.arange(5), 2),
    "texts reversed": np.array(["a", "bc", "\U0001f600"])[::-1],
    "every other text": np.array(["a", "bc", "d"])[::2],
    "big-endian, reversed": np.arange(3, dtype=">i4")[::-1],
    "a field": np.zeros(3, dtype=[("x", "f8"), ("y", "i4")])["x"],
}


@pytest.mark.parametrize("array", STRIDED.values(), ids=STRIDED)
def test_an_array_crosses_wherever_its_numbers_lie(array):
    back = decode(encode({"found": array}))["found"]
    assert back.shape == array.shape
    assert np.array_equal(back, array)


def test_special_numbers_numpy_scalars_and_text_arrays_cross():
    back = decode(encode([math.nan, math.inf, -math.inf, np.float32(0.5), np.bool_(True), np.array(["ä", "bc"]), 1j]))
    assert math.isnan(back[0]) and back[1:3] == [math.inf, -math.inf]
    assert type(back[3]) is np.float32 and back[3] == 0.5 and back[4] is np.True_
    assert back[5].tolist() == ["ä", "bc"] and back[6] == 1j


@given(st.binary(max_size=300))
@settings(max_examples=300, deadline=None)
def test_random_bytes_raise_nothing_but_a_wire_error(data):
    for candidate in (data, MAGIC + data, message(data)):
        with pytest.raises(WireError):
            decode(candidate)


json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.sampled_from(
                ["list", "tuple", "set", "dict", "int", "float", "text", "bytes", "array", "strings", "kind", "x"]
            ),
            inner,
            max_size=2,
        ),
        st.tuples(
            st.sampled_from(["float32", "object", "bool", "V8"]), st.lists(st.integers(-1, 2**63), max_size=3)
        ).map(lambda pair: {"array": [pair[0], pair[1], 0, False]}),
    ),
    max_leaves=12,
)


@given(json_values, st.binary(max_size=16))
@settings(max_examples=500, deadline=None)
def test_any_header_decodes_or_raises_a_wire_error(value, part):
    with contextlib.suppress(WireError):
        decode(message({"sizes": [len(part)], "value": value}, part))


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_a_real_message_with_some_bytes_changed_decodes_or_raises_a_wire_error(data):
    good = bytearray(encode({"a": np.arange(6.0).reshape(2, 3), "b": [1, "text" * 400, (None, math.nan)], "c": {1, 2}}))
    for _ in range(data.draw(st.integers(1, 4))):
        good[data.draw(st.integers(0, len(good) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(WireError):
        decode(bytes(good))


@pytest.mark.parametrize(
    "adversarial",
    [
        pytest.param(
            message({"sizes": [], "value": {"array": ["float32", [2**40], 0, False]}}), id="huge shape, no bytes"
        ),
        pytest.param(message({"sizes": [10**12], "value": None}), id="huge part"),
        pytest.param(
            message({"sizes": [0], "value": {"array": ["float32", [0, 2**62, 2**62], 0, False]}}), id="empty but huge"
        ),
        pytest.param(message({"sizes": [8], "value": {"array": ["object", [1], 0, False]}}, bytes(8)), id="pointers"),
        pytest.param(message(b"[" * 100_000 + b"]" * 100_000), id="deep header"),
        pytest.param(message(b"[" + b"[]," * 2_000_000 + b"[]]"), id="a million lists"),
        pytest.param(message({"sizes": [], "value": {"strings": [[3], ["a" * 900, "b", "c"]]}}), id="fits"),
        pytest.param(message(b'{"sizes":[],"value":' + b"9" * 5000 + b"}"), id="long number"),
        pytest.param(MAGIC + struct.pack("<I", 2**32 - 1), id="header of 4 GB"),
        pytest.param(
            message({"sizes": [1], "value": {"list": [{"bytes": 0}, {"bytes": 0}]}}, b"x"), id="bytes used twice"
        ),
        pytest.param(message({"sizes": [1], "value": None}, b"x"), id="bytes not used"),
        pytest.param(message({"sizes": [], "value": {"kind": ["model", None]}}), id="object nobody asked for"),
    ],
)
def test_adversarial_messages_cost_no_memory(adversarial):
    tracemalloc.start()
    try:
        try:
            decode(adversarial, limits=Limits(total=10_000_000, nodes=10_000))
        except WireError:
            pass
        else:
            assert b"strings" in adversarial
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_pickle_and_numpy_files_are_not_messages():
    saved = io.BytesIO()
    np.save(saved, np.arange(3))
    for foreign in (pickle.dumps({"a": 1}), saved.getvalue(), b""):
        with pytest.raises(WireError, match="not a message"):
            decode(foreign)


def test_what_is_not_data_is_refused_with_its_type():
    for value in (object(), lambda: None, open, np.array([object()])):
        with pytest.raises(WireError, match=r"object|function|builtin"):
            encode([value])


def test_a_list_that_contains_itself_is_refused():
    knot: list = []
    knot.append(knot)
    with pytest.raises(WireError, match="nested"):
        encode(knot)


def test_booleans_that_are_neither_true_nor_false_become_true():
    forged = message({"sizes": [2], "value": {"array": ["bool", [2], 0, False]}}, b"\x00\x07")
    assert decode(forged).view(np.uint8).tolist() == [0, 1]
