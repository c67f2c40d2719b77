"""The check of one exercise: calls the student's function, and collects what is right and what is not yet."""

from __future__ import annotations

import contextlib
import contextvars
import io
import logging
import os
import traceback
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping

import numpy as np

from course_utils.checks.core.seeds import generator
from course_utils.checks.core.settled import settled, to_numpy
from course_utils.checks.core.verdict import NOT_ATTEMPTED, NOT_YET, RIGHT, Verdict
from nbgrader_isolated.wire.crossing import StandIn, as_graded
from nbgrader_isolated.wire.encode import WireError
from nbgrader_isolated.wire.while_grading import SENTENCES

LONGEST_MESSAGE = 300
LONGEST_PRINTED = 2000

FROM_THE_COURSE = "The course's bases come without one, with load_base."
UNEXPLAINED = "What your function gave or did could not be judged; looking at it ended in"
PASSED_ON = (KeyboardInterrupt, GeneratorExit)
_in_hidden_check: contextvars.ContextVar[bool] = contextvars.ContextVar("in a hidden check", default=False)


class Incorrect(Exception):
    """Something about the answer is not right yet; the message tells the student what and where to look."""

    def __init__(self, given: str, expected: str, look: str = "") -> None:
        """Joins the three things a student needs: what was given, what was expected, where to look."""
        super().__init__(" ".join(part for part in (given, expected, look) if part))


class NotAttempted(Exception):
    """The answer still holds the ``raise NotImplementedError()`` that the lab came with."""


class ExerciseCheck:
    """The check of one exercise: its criteria, and what each of them found.

    Use it as a context manager around the whole check, with one ``criterion`` per thing that earns points::

        check = ExerciseCheck("double", answer, seed=seed)
        with check:
            number = int(check.rng.integers(100))
            with check.criterion(1.0, "twice the number"):
                given = check.call(number)
                if given != 2 * number:
                    raise Incorrect(f"For {number} your function gave {given!r};", f"expected {2 * number}.")
        return check.verdict()

    An ``Incorrect`` ends only its criterion. An answer that was not attempted ends the check. Nothing reaches stderr meanwhile, since nbgrader
    gives a test cell with anything on stderr no points. Any other error that arises once the student's function has been
    called comes from judging what it gave or did, and is a finding too, never a traceback. Before that call it is the
    check's own (a missing file of weights, say), and is not hidden.

    Attributes:
        rng: the random numbers to draw inputs from: the same for everybody without a seed, hidden with one.
        hidden: whether a seed was given.
    """

    def __init__(
        self, exercise: str, answer: object, *, seed: int | None = None, advice: Mapping[str, str] | None = None
    ) -> None:
        """Starts a check in which nothing has been found yet.

        Args:
            exercise: the name of the function that the student was to write.
            answer: the student's function.
            seed: None for the check that a student sees, the secret number for the hidden one.
            advice: words of an error message that this exercise tends to bring → where to look.
        """
        self.exercise = exercise
        self.answer = answer
        self.hidden = seed is not None
        self.rng = generator(exercise, seed)
        self._known = dict(advice or {})
        self._attempted = True
        self._called = False
        self._cut_short = ""
        self._won: list[tuple[float, str]] = []
        self._lost: list[tuple[float, str, str]] = []
        self._printed = _Printed()

    def __enter__(self) -> ExerciseCheck:
        self._silence = contextlib.ExitStack()
        self._silence.callback(_in_hidden_check.reset, _in_hidden_check.set(self.hidden))
        self._silence.enter_context(no_stderr())
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: object) -> bool:
        self._silence.close()
        if isinstance(error, NotAttempted):
            self._attempted = False
            return True
        if self._called and error is not None and not isinstance(error, PASSED_ON):
            self._cut_short = _unexplained(error)
            return True
        return False

    @contextlib.contextmanager
    def criterion(self, share: float, title: str) -> Iterator[None]:
        """One thing that earns ``share`` of the points when the block ends without a ``Incorrect``.

        Args:
            share: the shares of all criteria of a check add up to 1.
            title: what it is about, in a few words.
        """
        try:
            yield
        except Incorrect as finding:
            self._lost.append((share, title, str(finding)))
        except (NotAttempted, *PASSED_ON):
            raise
        except BaseException as error:  # from the student's value: its shape, its __eq__, a layer of its own
            if not self._called:
                raise
            self._lost.append((share, title, _unexplained(error)))
        else:
            self._won.append((share, title))

    def call(self, *arguments: object) -> object:
        """Calls the student's function; what it raises becomes a finding with the line it happened on.

        What it prints is kept for the verdict, except in a hidden check, where it could show what is hidden. What it gives
        is read once, see ``settled.py``.
        """
        self._called = True
        if not callable(self.answer):
            raise Incorrect(
                f"The name {self.exercise} stands for {describe(self.answer)}, not for a function.",
                "Run the cell that defines the function again.",
            )
        try:
            with contextlib.redirect_stdout(_Printed() if self.hidden else self._printed):
                return settled(self.received(self.answer(*arguments)))
        except (*PASSED_ON, Incorrect):
            raise
        except BaseException as error:  # SystemExit included: a stray exit() must not end the notebook
            if isinstance(error, NotImplementedError) and raised_by(self.answer, error):
                raise NotAttempted from None
            refused = getattr(error, "cannot_cross", "")  # the grading program's own error says why by this name
            if refused and isinstance(refused, str):
                raise Incorrect(f"What your function returns cannot be handed in: {refused}", "") from None
            words_of_it = _words(error)
            look = next((look for words, look in self._known.items() if words in words_of_it), "") or _advice(error)
            raise Incorrect(f"Your function raised {explain(error)}{place(self.answer, error)}.", look) from None

    def received(self, value: object) -> object:
        """A value of the student's as a check sees it when the notebook is graded, so that both judge the same.

        Raises:
            Incorrect: it cannot be handed in.
        """
        if isinstance(self.answer, StandIn):  # this is the grader: it has come as data already
            return value
        try:
            return as_graded(value)
        except WireError as error:
            raise Incorrect(f"What your function returns cannot be handed in: {error}", "") from None

    def verdict(self) -> Verdict:
        """Adds up what the criteria found."""
        if not self._attempted:
            return Verdict(
                self.exercise, NOT_ATTEMPTED, 0.0, ("Write your answer in the cell above, run it, then run this one.",)
            )
        total = sum(share for share, *_ in self._won + self._lost)
        if self._cut_short:
            self._lost.append((1 - total, "the rest of the check", self._cut_short))
        elif abs(total - 1) > 1e-9:
            raise ValueError(f"the criteria of {self.exercise} add up to {total}, not to 1")
        if not self._lost:
            return Verdict(self.exercise, RIGHT, 1.0, printed=str(self._printed))
        reasons: dict[str, list[str]] = {}
        for _, title, finding in self._lost:
            reasons.setdefault(finding, []).append(title)
        return Verdict(
            self.exercise,
            NOT_YET,
            min(sum(share for share, _ in self._won), 0.999),
            tuple(_under(list(dict.fromkeys(titles)), finding) for finding, titles in reasons.items()),
            tuple(title for _, title in self._won),
            str(self._printed),
        )


def once(make: Callable) -> Callable:
    """Calls ``make`` once for each set of arguments, and gives its value, or raises what it raised, as often as asked.

    For what several criteria of a check look at. ``functools.cache`` keeps no exception: a student's function whose return
    cannot be used would be called, and perhaps train, anew for every criterion.

    Args:
        make: calls the student's function and reads what it gives; its arguments, if any, can be hashed.
    """
    kept: dict[tuple, tuple[object, Exception | None]] = {}

    def get(*arguments: object) -> object:
        if arguments not in kept:
            try:
                kept[arguments] = make(*arguments), None
            except Exception as error:
                kept[arguments] = None, error
                raise
        value, error = kept[arguments]
        if error is not None:
            raise error
        return value

    return get


def _under(titles: list[str], finding: str) -> str:
    """A finding with the titles of its criteria before it: several of them, which may hold commas, on a line of their own."""
    return f"{'; '.join(titles)}:{' ' if len(titles) == 1 else chr(10)}{finding}"


def _unexplained(error: BaseException) -> str:
    return (
        f"{UNEXPLAINED} {explain(error)}. Compare it with what the exercise asks for: is it of that kind? "
        "If it is, the check is at fault: please tell your teacher."
    )


class _Printed(io.TextIOBase):
    """Keeps the beginning of what is written, so that a print in a loop cannot fill the memory."""

    def __init__(self) -> None:
        self.text = ""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if len(self.text) <= LONGEST_PRINTED:
            self.text += text[: LONGEST_PRINTED + 1]
        return len(text)

    def __str__(self) -> str:
        text = self.text.strip("\n")
        return text if len(text) <= LONGEST_PRINTED else text[:LONGEST_PRINTED] + " …"


@contextlib.contextmanager
def no_stderr() -> Iterator[None]:
    """Keeps stderr empty: Python's writes, warnings, log lines, and what C++ code writes to file descriptor 2."""
    level = logging.root.manager.disable
    with contextlib.ExitStack() as stack:
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")
        stack.enter_context(contextlib.redirect_stderr(_Printed()))
        # TensorFlow's Python logger holds on to the stderr it found at import, so redirecting is not enough for it.
        logging.disable(logging.CRITICAL)
        stack.callback(logging.disable, level)
        with contextlib.suppress(OSError):  # no file descriptor 2, as in some embedded Pythons
            kept = os.dup(2)
            stack.callback(os.close, kept)
            nowhere = os.open(os.devnull, os.O_WRONLY)
            stack.callback(os.close, nowhere)
            os.dup2(nowhere, 2)
            stack.callback(os.dup2, kept, 2)
        yield


@contextlib.contextmanager
def when_ready(what: str) -> Iterator[None]:
    """Runs cells that look at a student's result; while there is none yet, says so in one line instead of a traceback.

    Args:
        what: what has to be answered first, for example ``"exercise 1"``.
    """
    try:
        yield
    except Exception as error:
        reason = "" if isinstance(error, NotImplementedError) else f" (it raised {explain(error)})"
        print(f"○ Nothing to look at yet{reason}. Answer {what}, run its cell, then run this one again.")


def explain(error: BaseException) -> str:
    """An exception's kind and the beginning of its message, on one line.

    In a hidden check its kind alone, unless the message is this package's: libraries name shapes and values in theirs.
    """
    own = isinstance(error, TimeoutError) or type(error).__module__.startswith("course_utils.")
    text = _words(error) if own or not _in_hidden_check.get() else ""
    kind = type(error).__name__
    if not text:
        return kind
    return f"{kind}: {text if len(text) <= LONGEST_MESSAGE else text[:LONGEST_MESSAGE] + ' …'}"


def _words(error: BaseException) -> str:
    try:
        return " ".join(str(error).split())
    except Exception:  # an exception of the student's own whose __str__ fails
        return ""


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


def _advice(error: BaseException) -> str:
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
    shape, dtype = getattr(value, "shape", None), getattr(value, "dtype", None)
    kind = value._type if isinstance(value, StandIn) else type(value).__name__
    if shape is not None and dtype is not None:
        return f"{_article(kind)} of shape {_shape(shape)} and dtype {getattr(dtype, 'name', dtype)}"
    if isinstance(value, list | tuple | dict | str):
        return f"{_article(kind)} of length {len(value)}"
    return _article(kind)


def _article(kind: str) -> str:
    return f"{'an' if kind[:1].lower() in 'aeiou' and not kind.startswith('u') else 'a'} {kind}"


def _shape(shape: object) -> str:
    try:
        return str(tuple(int(side) if side is not None else None for side in shape))
    except (TypeError, ValueError):
        return str(shape)


def as_array(value: object, what: str) -> np.ndarray:
    """Turns what a student gave into a plain NumPy array of numbers.

    Args:
        value: a NumPy array, a tensor of TensorFlow, JAX or PyTorch, a number, or nested lists of numbers.
        what: what it is, for the message, for example ``"your batch"``.

    Returns:
        An array of integers or floats; half-precision floats become float32.

    Raises:
        Incorrect: it cannot be read as numbers.
    """
    try:
        array = to_numpy(value)
        if array.dtype.kind == "c":
            raise TypeError("complex numbers would lose a part of themselves")
        if array.dtype.kind in "US":
            raise TypeError("text is not numbers, even where it could be read as some")
        if array.dtype.kind == "O":
            array = np.array([float(number) for number in array.flat]).reshape(array.shape)
        if array.dtype.kind in "mM":
            raise TypeError("a time is not a number: which unit would it count?")
        if array.dtype.kind not in "biuf":
            array = array.astype(np.float32)  # bfloat16 is of a kind NumPy does not know
    except Exception:
        raise Incorrect(
            f"{what[:1].upper()}{what[1:]} is {describe(value)},", "which cannot be read as numbers."
        ) from None
    return array


def finite(array: np.ndarray, what: str) -> np.ndarray:
    """Returns the array, or complains about nan and infinity in it."""
    if not np.isfinite(array).all():
        raise Incorrect(
            f"In {what} {np.count_nonzero(~np.isfinite(array))} numbers are nan or infinite;", "expected none."
        )
    return array


def in_short(values: Iterable[float]) -> str:
    """A few numbers as text, three digits each."""
    return ", ".join(f"{float(value):.3g}" for value in values)
