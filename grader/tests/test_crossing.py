"""What a check sees of a value is the same in a notebook and when graded: the same type, order, mask and numbers, or the same refusal."""

from __future__ import annotations

import collections
import dataclasses
import datetime
import decimal
import enum
import math
import pathlib
import typing

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nbgrader_isolated.wire.crossing import LocalStandIn, as_data, as_graded, require_object, send
from nbgrader_isolated.wire.decode import decode
from nbgrader_isolated.wire.encode import WireError

pytestmark = pytest.mark.filterwarnings("ignore:the matrix subclass")

Point = collections.namedtuple("Point", "x y")


class Typed(typing.NamedTuple):
    name: str
    share: float


class OwnText(str):
    pass


class OwnArray(np.ndarray):
    pass


class OwnDict(dict):
    pass


class Colour(enum.Enum):
    RED = 1


class Rank(enum.IntEnum):
    FIRST = 1


@dataclasses.dataclass
class Result:
    share: float
    names: list


def same(one: object, other: object) -> bool:
    """Whether a check can tell two values apart: by type, value, order, dtype; nan is nan."""
    if type(one) is not type(other) and not (hasattr(one, "_fields") and hasattr(other, "_fields")):
        return False
    if isinstance(one, np.ndarray):
        order = ("C_CONTIGUOUS", "F_CONTIGUOUS")
        if one.dtype != other.dtype or one.shape != other.shape or one.dtype.byteorder != other.dtype.byteorder:
            return False
        if one.flags.forc and any(one.flags[flag] != other.flags[flag] for flag in order):
            return False
        if one.dtype == object:
            return all(map(same, one.flat, other.flat))
        return one.tobytes() == other.tobytes() and other.flags.writeable
    if isinstance(one, np.str_ | np.bytes_):
        return one == other and hash(one) == hash(other)
    if isinstance(one, np.generic):
        return one.dtype == other.dtype and one.tobytes() == other.tobytes()
    if isinstance(one, dict):
        extra = getattr(one, "default_factory", None) is getattr(other, "default_factory", None)
        return extra and same(list(one.items()), list(other.items()))
    if isinstance(one, set | frozenset):
        return len(one) == len(other) and all(any(same(a, b) for b in other) for a in one)
    if isinstance(one, list | tuple | collections.deque):
        named = getattr(one, "_fields", None) == getattr(other, "_fields", None)
        bound = getattr(one, "maxlen", None) == getattr(other, "maxlen", None)
        return named and bound and len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, float | complex):
        return repr(one) == repr(other)  # -0.0 is not 0.0, and nan is nan
    if isinstance(one, decimal.Decimal):
        return str(one) == str(other)
    if isinstance(one, datetime.datetime | datetime.time):
        return one == other and one.fold == other.fold and one.utcoffset() == other.utcoffset()
    return one == other


def at_the_examiner(value: object) -> object:
    """What the examiner gets: the student's process sends, another reads, and neither has the other's objects."""

    def stays(value: object) -> tuple:
        found = as_data(value)
        if found is None:
            require_object(value)
            return "handle", {"type": type(value).__name__}
        return found

    return decode(send({"state": "value", "value": value}, stays), build={"handle": lambda plain: plain})["value"]


def check(value: object) -> None:
    """A value arrives as it is, on both sides; or it is refused on both sides, in the same words."""
    try:
        graded = at_the_examiner(value)
    except WireError as error:
        with pytest.raises(WireError) as refused:
            as_graded(value)
        assert str(refused.value) == str(error)
        assert reads_well(str(error)), str(error)
        return
    assert same(value, graded), (value, graded)
    assert same(value, as_graded(value))


def reads_well(said: str) -> bool:
    """A sentence or more for a student, with nothing in it that acts and no name of what only we know."""
    return (
        said[0].isupper() and said[-1] in ".?" and said.isprintable() and 20 < len(said) < 400 and "message" not in said
    )


texts = st.one_of(
    st.text(max_size=30),
    st.text(st.characters(categories=["Cs", "Lo", "Cc", "Cf"]), max_size=5),  # lone surrogates, right to left, NUL
    st.sampled_from(["\0", "a\0", "\u202eabc", "שלום", "é", "x" * 1500, "\ud800"]),
)
instants = st.one_of(
    st.datetimes(
        timezones=st.sampled_from([None, datetime.UTC, datetime.timezone(datetime.timedelta(hours=-3, minutes=-30))])
    ),
    st.dates(),
    st.times(),
    st.timedeltas(),
    st.datetimes().map(lambda when: when.replace(fold=1)),
)
numbers = st.one_of(
    st.integers(),
    st.integers(-(2**300), 2**300),
    st.floats(),
    st.complex_numbers(),
    st.decimals(),
    st.fractions(),
    st.sampled_from([decimal.Decimal("1E+9999999"), decimal.Decimal("1E-4000"), decimal.Decimal("-0.00"), 1 << 5000]),
)
plain_dtypes = st.one_of(
    hnp.boolean_dtypes(),
    hnp.integer_dtypes(endianness="?"),
    hnp.unsigned_integer_dtypes(endianness="?"),
    hnp.floating_dtypes(endianness="?"),
    hnp.complex_number_dtypes(endianness="?"),
    hnp.unicode_string_dtypes(endianness="?", max_len=5),
    hnp.byte_string_dtypes(max_len=5),
    hnp.datetime64_dtypes(endianness="?"),
    hnp.timedelta64_dtypes(endianness="?"),
)
dtypes = st.one_of(plain_dtypes, hnp.array_dtypes(max_size=2))
shapes = hnp.array_shapes(min_dims=0, min_side=0, max_dims=3, max_side=4)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    numbers,
    texts,
    st.binary(max_size=20),
    instants,
    texts.map(np.str_),
    st.binary(max_size=5).map(np.bytes_),
    st.one_of(plain_dtypes).flatmap(lambda dtype: hnp.arrays(dtype, ())).map(lambda array: array[()]),
    plain_dtypes,
    st.sampled_from(
        [..., np.float32, int, np.ma.masked, Colour.RED, Rank.FIRST, range(3), range(9, 0, -2), slice(1, None)]
    ),
    st.sampled_from([pathlib.Path("a/b.png"), pathlib.Path("é"), bytearray(b"x"), OwnText("a"), Typed("a", math.nan)]),
)


@st.composite
def arrays(draw):
    dtype = draw(dtypes)
    array = draw(hnp.arrays(dtype, draw(shapes), fill=None))
    change = draw(
        st.sampled_from(
            ["none", "none", "fortran", "reversed", "masked", "hard", "no mask", "object", "own", "matrix", "readonly"]
        )
    )
    if change == "fortran":
        return np.asfortranarray(array)
    if change == "reversed" and array.ndim:
        return array[::-1]
    if change in ("masked", "hard"):
        mask = draw(hnp.arrays(bool, array.shape))
        with np.errstate(over="ignore"):  # NumPy's own fill value of a record does not fit into its half floats
            return np.ma.MaskedArray(array, mask=mask, hard_mask=change == "hard")
    if change == "no mask":
        with np.errstate(over="ignore"):
            return np.ma.MaskedArray(array)
    if change == "object":
        return array.astype(object)
    if change == "own":
        return array.view(OwnArray)
    if change == "matrix" and array.ndim <= 2 and array.dtype.names is None:
        return np.asmatrix(array)
    if change == "readonly":
        array.flags.writeable = False
    return array


def hashable(value: object) -> bool:
    try:
        hash(value)
    except (TypeError, ValueError):
        return False
    return True


keys = scalars.filter(hashable)
values = st.recursive(
    st.one_of(scalars, arrays()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.tuples(inner, inner),
        st.builds(Point, inner, inner),
        st.dictionaries(keys, inner, max_size=4),
        st.dictionaries(keys, inner, max_size=3).map(collections.OrderedDict),
        st.dictionaries(keys, st.integers(), max_size=3).map(collections.Counter),
        st.dictionaries(keys, inner, max_size=3).map(lambda some: collections.defaultdict(list, some)),
        st.dictionaries(keys, inner, max_size=2).map(OwnDict),
        st.sets(keys, max_size=4),
        st.frozensets(keys, max_size=4),
        st.lists(inner, max_size=3).map(lambda some: collections.deque(some, maxlen=5)),
        st.lists(inner, max_size=2).map(lambda some: [some, some]),
        st.lists(inner, max_size=2).map(iter),
    ),
    max_leaves=8,
)


@given(values)
@settings(max_examples=120, deadline=None)
def test_a_value_is_the_same_on_both_sides_or_refused_on_both_in_the_same_words(value):
    check(value)


@given(arrays())
@settings(max_examples=200, deadline=None)
def test_an_array_keeps_dtype_order_mask_and_every_bit_or_is_refused_by_name(array):
    check(array)


LABELS = np.array(["ant", "bee", "cat"])
CROSSES = {
    "names chosen by position": lambda: list(zip(LABELS[[2, 0]], np.array([0.5, 0.25]), strict=True)),
    "a dictionary by np.unique": lambda: {block: 1 for block in np.unique(LABELS)},
    "a set of names": lambda: set(LABELS),
    "a list by a mask": lambda: list(LABELS[np.array([True, False, True])]),
    "an array of long texts": lambda: np.array(["a", "b" * 300]),
    "short texts in wide cells": lambda: np.array(["a"], "U10"),
    "an array of no texts": lambda: np.array([], "U3"),
    "texts of no letters": lambda: np.array(["", ""]),
    "big-endian": lambda: np.arange(3, dtype=">i4"),
    "a masked mean": lambda: np.ma.array([1.0, 2.0], mask=[True, False]).mean(),
    "days": lambda: np.arange("2020-01", "2020-03", dtype="datetime64[M]"),
    "no day": lambda: np.datetime64("NaT"),
    "25 seconds": lambda: np.timedelta64(3, "25s"),
    "objects": lambda: np.array([1, "a", None, [2]], object),
    "NumPy's own named tuple": lambda: np.unique_counts(LABELS),
    "a dictionary keyed by kinds that are equal": lambda: [{np.int64(1): "a"}, {1: "a"}, {True: "a"}, {1.0: "a"}],
    "True and 1": lambda: [True, 1, 1.0, np.True_, np.int64(1), np.float64(1)],
    "counts": lambda: collections.defaultdict(int, {np.str_("a"): np.int64(3)}),
}


@pytest.mark.parametrize("case", CROSSES)
def test_what_an_honest_answer_returns_crosses_as_it_is(case):
    value = CROSSES[case]()
    assert same(value, at_the_examiner(value)) and same(value, as_graded(value))


def test_a_named_tuple_of_the_notebook_s_own_is_one_of_the_notebook_s_own():
    """nbgrader's AUTOTEST compares the text of a value's class."""
    made = collections.namedtuple("Pair", "x y", module="__main__")(1, 2)
    assert str(type(at_the_examiner(made))) == str(type(as_graded(made))) == "<class '__main__.Pair'>"


def test_half_precision_of_16_bits_crosses_and_a_file_s_array_as_an_array(tmp_path):
    ml_dtypes = pytest.importorskip("ml_dtypes")
    array = np.arange(3).astype(ml_dtypes.bfloat16)
    back = at_the_examiner([array, array[1]])
    assert back[0].dtype == array.dtype and back[0].tobytes() == array.tobytes() and type(back[1]) is type(array[1])
    np.save(tmp_path / "a.npy", np.arange(4))
    mapped = np.load(tmp_path / "a.npy", mmap_mode="r")
    assert type(at_the_examiner(mapped)) is np.ndarray and type(as_graded(mapped)) is np.ndarray


def knot() -> list:
    made: list = []
    made.append(made)
    return made


class Framed:
    """As pandas' objects are."""

    def __array__(self, dtype=None, copy=None):
        return np.zeros(2)


class Raising:
    @property
    def __class__(self):
        raise RuntimeError


REFUSED = {
    "the masked constant": (lambda: np.ma.masked, r"\.filled\(…\)"),
    "a masked array of texts": (lambda: np.ma.array(["a", "b"], mask=[True, False], fill_value="?"), r"\.filled\(…\)"),
    "a list in itself": (knot, "contains itself"),
    "a generator": (lambda: (i for i in "ab"), r"list\(…\)"),
    "a zip": (lambda: zip("a", "b", strict=True), r"list\(…\)"),
    "keys": (lambda: {1: 2}.keys(), r"list\(…\)"),
    "an iterator": (lambda: iter([1]), r"list\(…\)"),
    "an iterator from the end": (lambda: reversed([1]), r"list\(…\)"),
    "dictionaries behind each other": (lambda: collections.ChainMap({1: 2}), r"dict\(…\)"),
    "a member of an Enum": (lambda: Colour.RED, r"\.value"),
    "a member of an IntEnum": (lambda: Rank.FIRST, r"\.value"),
    "a text of one's own": (lambda: OwnText("a"), r"str\(…\)"),
    "a dictionary of one's own": (lambda: OwnDict(), r"dict\(…\)"),
    "a matrix": (lambda: np.asmatrix([1]), r"np\.asarray"),
    "records": (lambda: np.rec.array([(1, 2)]), r"np\.asarray"),
    "fields": (lambda: np.zeros(2, "i4,f4"), "one array for each field"),
    "long doubles": (lambda: np.zeros(2, np.longdouble), r"astype\(np\.float64\)"),
    "a long double": (lambda: np.longdouble(1), r"astype\(np\.float64\)"),
    "texts of any length": (lambda: np.array(["a"], np.dtypes.StringDType()), r"astype\(str\)"),
    "half a pair": (lambda: np.array(["\ud800"]), "lone surrogates"),
    "a default of one's own": (lambda: collections.defaultdict(lambda: 0), r"dict\(…\)"),
    "like an array": (Framed, r"np\.asarray"),
    "200,001 numbers": (lambda: list(range(200_001)), "NumPy arrays"),
    "what raises": (lambda: Raising(), "RuntimeError"),
    "a time zone with rules": (
        lambda: datetime.datetime(2020, 1, 1, tzinfo=__import__("zoneinfo").ZoneInfo("UTC")),
        "time zone",
    ),
    "a class with a name that acts": (lambda: type("\u202eevil\n\x1b[31m", (str,), {})("a"), r"\\u202e"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_would_arrive_as_something_else_is_refused_with_what_to_do_in_the_notebook_too(case):
    make, words = REFUSED[case]
    with pytest.raises(WireError, match=words) as refused:
        at_the_examiner(make())
    with pytest.raises(WireError) as here:
        as_graded(make())
    assert str(here.value) == str(refused.value) and reads_well(str(refused.value))


def test_an_object_is_a_stand_in_on_both_sides():
    result = Result(0.5, ["a"])
    graded = as_graded([result, print])
    assert isinstance(graded[0], LocalStandIn) and at_the_examiner([result])[0] == {"type": "Result"}
    assert graded[0].share == 0.5 and graded[0] != result and callable(graded[1])
    assert graded[0].names is not result.names
    with pytest.raises(AttributeError):
        graded[0]._private  # noqa: B018
    result.names = iter("a")
    with pytest.raises(TypeError, match=r"attribute names .* list\(…\)"):
        graded[0].names  # noqa: B018


def test_many_members_of_one_hash_are_refused_before_they_are_compared():
    clashing = [k * (2**61 - 1) for k in range(5000)]
    for made in (set(clashing[:101]), dict.fromkeys(clashing[:101]), frozenset(clashing[:101])):
        with pytest.raises(WireError, match="same hash"):
            at_the_examiner(made)
    assert at_the_examiner(set(clashing[:100])) == set(clashing[:100])


def test_arrays_that_are_not_in_one_piece_arrive_with_the_same_numbers():
    whole = np.arange(24.0).reshape(2, 3, 4)
    for part in (whole[:, ::2], whole.transpose(1, 0, 2), np.broadcast_to(whole[0], (2, 3, 4)), whole.T):
        assert np.array_equal(at_the_examiner(part), part) and at_the_examiner(part).dtype == part.dtype
