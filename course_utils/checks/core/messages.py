"""What a check says to a student: what was given, what was expected, where to look, and what an error means."""

import contextlib
import contextvars
import traceback
from collections.abc import Iterable

from nbgrader_isolated.wire.crossing import StandIn
from nbgrader_isolated.wire.while_grading import SENTENCES

LONGEST_MESSAGE = 300

FROM_THE_COURSE = "The course's bases come without one, with load_base."
UNEXPLAINED = "What your function gave or did could not be checked; looking at it ended in"
in_hidden_check: contextvars.ContextVar[bool] = contextvars.ContextVar("in a hidden check", default=False)


class Incorrect(Exception):
    """Something about the answer is not right yet; the message tells the student what and where to look."""

    def __init__(self, given: str, expected: str = "", look: str = "") -> None:
        """Joins the three things a student needs: what was given, what was expected, where to look."""
        super().__init__(" ".join(part for part in (given, expected, look) if part))


class NotAttempted(Exception):
    """The answer still holds the ``raise NotImplementedError()`` that the lab came with."""


def explain(error: BaseException) -> str:
    """An exception's kind and the beginning of its message, on one line.

    In a hidden check its kind alone, unless the message is this package's: libraries name shapes and values in theirs.
    """
    own = isinstance(error, TimeoutError) or type(error).__module__.startswith("course_utils.")
    text = words_of(error) if own or not in_hidden_check.get() else ""
    text = text if len(text) <= LONGEST_MESSAGE else text[:LONGEST_MESSAGE] + " …"
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def words_of(error: BaseException) -> str:
    """An exception's message on one line, however long."""
    try:
        return " ".join(str(error).split())
    except Exception:  # an exception of the student's own whose __str__ fails
        return ""


def unexplained(error: BaseException) -> str:
    """What is said of an error that arose while a check looked at a student's value."""
    return (
        f"{UNEXPLAINED} {explain(error)}. Compare it with what the exercise asks for: is it of that kind? "
        "If it is, the check is at fault: please tell your teacher."
    )


def place(function: object, error: BaseException) -> str:
    """Says on which line of the student's cell an exception arose, as far as that can be known."""
    home = _file(function)
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if home is not None and frame.filename == home:
            source = f": {frame.line}" if frame.line else ""
            return f" (line {frame.lineno} of your cell{source})"
    return ""


def raised_by(function: object, error: BaseException) -> bool:
    """Whether an exception comes from the student's own lines, not from a library they call."""
    frames = traceback.extract_tb(error.__traceback__)
    return bool(frames) and frames[-1].filename == _file(function)


def _file(function: object) -> str | None:
    return getattr(getattr(function, "__code__", None), "co_filename", None)


def advice(error: BaseException) -> str:
    """Where to look when a student's function has raised this."""
    if isinstance(error, UnboundLocalError):  # a kind of NameError, so it has to come first
        return "On one path through your function that name never gets a value. Is every case covered?"
    differs = getattr(error, "while_grading", "")  # the grading program's own sentence, on what it knows of the cause
    if differs and isinstance(differs, str):
        return f"{differs} {FROM_THE_COURSE}" if differs == SENTENCES["network"] else differs
    if isinstance(error, NameError):
        return "Is the cell that defines this name, or the set-up cell at the top, still to be run?"
    if isinstance(error, MemoryError):
        return "Close other notebooks, then restart the kernel."
    return "Call the function yourself in a new cell to see the whole error."


def describe(value: object) -> str:
    """Says what a value is, in a few words, for a message: kind, shape, dtype."""
    if value is None:
        return "None (is there a return?)"
    kind = value._type if isinstance(value, StandIn) else type(value).__name__
    kind = f"{'an' if kind[:1].lower() in 'aeiou' and not kind.startswith('u') else 'a'} {kind}"
    shape, dtype = getattr(value, "shape", None), getattr(value, "dtype", None)
    if shape is not None and dtype is not None:
        with contextlib.suppress(TypeError, ValueError):
            shape = tuple(int(side) if side is not None else None for side in shape)
        return f"{kind} of shape {shape} and dtype {getattr(dtype, 'name', dtype)}"
    if isinstance(value, list | tuple | dict | str):
        return f"{kind} of length {len(value)}"
    return kind


def in_short(values: Iterable[float]) -> str:
    """A few numbers as text, three digits each."""
    return ", ".join(f"{float(value):.3g}" for value in values)


def few(names: Iterable[str], *, most: int = 3) -> str:
    """The first few of some names as text, and how many more there are."""
    found = list(names)
    return ", ".join(found[:most]) + (f" and {len(found) - most} more" if len(found) > most else "")
