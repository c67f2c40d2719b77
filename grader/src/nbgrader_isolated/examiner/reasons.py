"""What a student may read of an exception: the check's own words, and nothing that a hidden input could have put there."""

from __future__ import annotations

import types

LONGEST_TEXT, LONGEST_REASON = 20_000, 1000
PACKAGES = {"__main__", "nbgrader_isolated"}
"""Whose exceptions speak to students: a test cell, this package, and those that checks come from."""
OWN_KIND = "an exception of your own"
_OF_LIBRARIES = frozenset(
    [
        "URLError",
        "HTTPError",
        "gaierror",
        "herror",
        "JSONDecodeError",
        "StdinNotImplementedError",
        "UsageError",
        "LinAlgError",
        "NotFittedError",
        "UnidentifiedImageError",
        "InvalidArgumentError",
        "NotFoundError",
        "ResourceExhaustedError",
        "FailedPreconditionError",
        "UnimplementedError",
        "MaxRetryError",
        "NewConnectionError",
        "ConnectTimeout",
        "ReadTimeout",
        "SSLError",
    ]
)
"""Libraries that a student's process has loaded and the grader's has not."""


class CannotCross(TypeError):
    """Something of the student's cannot be handed to the grader; the message says what can.

    Attributes:
        cannot_cross: why, where it is what a student's function or object gave; else empty. A check can know this error by it.
    """

    def __init__(self, said: str, why: str = "") -> None:
        """Both are cut to a length that can be read."""
        super().__init__(said[:LONGEST_REASON])
        self.cannot_cross = why[:LONGEST_REASON]


def known_kind(kinds: list[str]) -> str:
    """A student's exception, for the student: its name where Python or a library has it.

    Another name came from a process that had seen the inputs, and may be one of them.

    Args:
        kinds: the names of its class and of those that this is made from, as the student's process says.
    """
    waiting, known = [BaseException], {"BaseException"}
    while waiting:
        for kind in type.__subclasses__(waiting.pop()):
            waiting.append(kind)
            if kind.__module__.split(".")[0] != "__main__":
                known.add(kind.__name__)
    known |= _OF_LIBRARIES
    if kinds[0] in known:
        return kinds[0]
    like = next((kind for kind in kinds if kind in known - {"Exception", "BaseException"}), "")
    return f"{OWN_KIND} (a kind of {like})" if like else OWN_KIND


def explain(error: BaseException) -> str:
    """What a student may read of an exception: the check's own words, and never a line of it."""
    own = getattr(error, "__students_own__", None)
    if own:
        return f"Your code raised {own[:100]} when the check used it. {error.while_grading}".rstrip()
    try:
        text = str(error).strip()[:LONGEST_TEXT]
    except Exception:
        text = ""
    homes = _homes(error.__traceback__)
    raised_by_the_check = not homes or homes[-1] in PACKAGES
    if isinstance(error, AssertionError) and not raised_by_the_check:
        return "A check that is not shown failed" + (": it compared arrays." if homes[-1] == "numpy" else ".")
    if isinstance(error, AssertionError):
        return text or "A check that is not shown failed."
    if isinstance(error, TimeoutError):
        return "Your code took too long when the check used it."
    if (isinstance(error, NameError) and raised_by_the_check) or isinstance(error, CannotCross) or _is_own(error):
        return text or type(error).__name__
    return f"The check could not use your answer: {type(error).__name__}."


def _is_own(error: BaseException) -> bool:
    """Whether an exception's class comes from the test cell or from this package: their words are meant for a student.

    A library's are not: TensorFlow's name the shape of a hidden batch.
    """
    return type(error).__module__.split(".")[0] in PACKAGES


def _homes(trace: types.TracebackType | None) -> list[str]:
    """The packages whose functions an exception came through, the one that raised it last."""
    homes = []
    while trace is not None:
        homes.append(str(trace.tb_frame.f_globals.get("__name__", "")).split(".")[0])
        trace = trace.tb_next
    return homes
