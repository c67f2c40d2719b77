"""The dtypes of arrays that can cross, by their names, and text in arrays. Nothing is imported but NumPy and Python's library."""

from __future__ import annotations

import re
import sys

import numpy as np

from nbgrader_isolated.errors import WireError

NUMBERS = frozenset(
    (
        *("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
        *("float16", "float32", "float64", "complex64", "complex128", "bfloat16"),
    )
)
_OTHERS = re.compile(r"[US]\d{1,9}|(?:datetime64|timedelta64)(?:\[\d{0,9}(?:Y|M|W|D|h|m|s|ms|us|ns|ps|fs|as)\])?")
SURROGATES = "A text with lone surrogates cannot be handed over; is it a badly decoded file name?"


def dtype_name(dtype: np.dtype) -> str:
    """The name under which a dtype crosses: NumPy's, ``U5`` or ``S5`` for text and bytes, ``>`` before it when big-endian.

    Raises:
        WireError: it cannot cross; the message says what can.
    """
    text = dtype.kind in "US"
    name = f"{dtype.kind}{dtype.itemsize // (4 if dtype.kind == 'U' else 1)}" if text else dtype.name
    if name not in NUMBERS and not _OTHERS.fullmatch(name):
        fix = "Numbers, booleans, text, bytes and times can."
        if dtype.kind in "fc":
            fix = "array.astype(np.float64), or np.complex128, can be."
        elif dtype.names is not None:
            fix = "Make it a dictionary with one array for each field."
        elif dtype.kind == "T":
            fix = "array.astype(str) can be."
        raise WireError(f"An array of dtype {str(dtype)[:60]} cannot be handed over. {fix}")
    big = dtype.byteorder == ">" or (dtype.byteorder == "=" and sys.byteorder == "big")
    return f">{name}" if big and dtype.itemsize > 1 else name


def read_dtype(name: object) -> np.dtype:
    """The dtype of that name.

    Raises:
        WireError: it is not one that ``dtype_name`` gives, or this machine does not have it.
    """
    bare = name.removeprefix(">") if isinstance(name, str) else ""
    if bare not in NUMBERS and not _OTHERS.fullmatch(bare):
        raise WireError("An array in the message has a dtype that is not accepted.")
    try:
        if bare == "bfloat16":
            import ml_dtypes

            return np.dtype(ml_dtypes.bfloat16)
        return np.dtype(bare).newbyteorder(">" if name != bare else "<")
    except (ImportError, TypeError, ValueError, OverflowError):
        raise WireError("An array in the message has a dtype that is not accepted.") from None


def require_unicode(array: np.ndarray) -> None:
    """Complains about text in an array that is no valid Unicode: NumPy keeps it, and fails when somebody looks.

    Raises:
        WireError: there is some.
    """
    letters = array.reshape(-1).view(np.dtype(np.uint32).newbyteorder(array.dtype.byteorder))
    if ((letters > 0x10FFFF) | ((letters >= 0xD800) & (letters <= 0xDFFF))).any():
        raise WireError(SURROGATES)
