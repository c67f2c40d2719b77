"""The errors a reader of this course can meet, each saying what was expected, what was received, and what to do."""

import difflib
from collections.abc import Collection, Iterable
from numbers import Integral


class CourseError(Exception):
    """Base of every error that this package raises on purpose."""


class UnknownNameError(CourseError, ValueError):
    """A name that is not in a fixed list; the message suggests the nearest ones."""


class BadArgumentError(CourseError, ValueError):
    """An argument whose value cannot work; the message says which values do."""


class NotAvailableError(CourseError, RuntimeError):
    """Something that must be fetched first, or cannot be had on this machine; the message says what was tried."""


class StoreError(CourseError, OSError):
    """The folder for downloads and features cannot be used: read-only, full, or damaged."""


def unknown_name(kind: str, name: object, valid: Iterable[str]) -> UnknownNameError:
    """Builds the error for a name that is not in ``valid``, to be raised by the caller; it suggests the nearest names.

    ``kind`` is what the name stands for, in the singular, for example ``"base"``.
    """
    names = list(valid)
    folded = {candidate.lower(): candidate for candidate in names}
    near = difflib.get_close_matches(str(name).lower(), list(folded), n=3, cutoff=0.5)
    if near:
        hint = "Did you mean " + " or ".join(repr(folded[n]) for n in near) + "?"
    else:
        hint = "Valid: " + ", ".join(sorted(names)) + "."
    return UnknownNameError(f"There is no {kind} called {name!r}. {hint}")


def require_known(kind: str, valid: Collection[str], *names: object) -> None:
    """Raises the error of ``unknown_name`` for the first of ``names`` that is not in ``valid``."""
    for name in names:
        if name not in valid:
            raise unknown_name(kind, name, valid)


def require_integer(name: str, value: object, *, minimum: int) -> int:
    """Returns ``value`` as an int, or explains what the argument called ``name`` must be."""
    if isinstance(value, bool) or not isinstance(value, Integral) or value < minimum:
        raise BadArgumentError(f"{name} must be an integer of at least {minimum}; you gave {value!r}.")
    return int(value)
