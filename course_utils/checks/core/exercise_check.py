"""The check of one exercise: calls the student's function, and collects what is right and what is not yet."""

import contextlib
import functools
import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import Self

from course_utils.checks.core import messages
from course_utils.checks.core.messages import Incorrect, NotAttempted, describe
from course_utils.checks.core.quiet import no_stderr
from course_utils.checks.core.seeds import generator
from course_utils.checks.core.values import read_once
from course_utils.checks.core.verdict import NOT_ATTEMPTED, NOT_YET, RIGHT, Verdict
from nbgrader_isolated.printed import Printed
from nbgrader_isolated.wire.criteria import note
from nbgrader_isolated.wire.crossing import StandIn, as_graded
from nbgrader_isolated.wire.encode import WireError

PASSED_ON = (KeyboardInterrupt, GeneratorExit)

LONGEST_PRINTED = 2000


def exercise(
    criteria: Callable[..., None] | None = None, *, name: str = "", advice: Mapping[str, str] | None = None
) -> Callable[..., Verdict]:
    """Makes the check of an exercise from a function that goes through its criteria::

        @exercise
        def double(check):
            number = int(check.rng.integers(100))
            with check.criterion(1.0, "twice the number"):
                given = check.call(number)
                if given != 2 * number:
                    raise Incorrect(f"For {number} your function gave {given!r};", f"expected {2 * number}.")

    In a notebook ``double(double_of_the_student).marks(10)`` shows the verdict and gives the points, and with
    ``seed=secret_seed()`` it draws hidden inputs.

    Args:
        criteria: takes an ``ExerciseCheck``, and what else the check is called with.
        name: the name of the exercise, where it is not that of ``criteria``.
        advice: words of an error message that this exercise tends to bring → where to look.

    Returns:
        The check: ``(answer, *others, seed=None)`` → ``Verdict``.
    """
    if criteria is None:
        return functools.partial(exercise, name=name, advice=advice)

    @functools.wraps(criteria)
    def check_answer(answer: object, *others: object, seed: int | None = None) -> Verdict:
        check = ExerciseCheck(name or criteria.__name__, answer, seed=seed, advice=advice)
        with check:
            criteria(check, *others)
        return check.verdict()

    _, *others = inspect.signature(criteria).parameters.values()
    answer, seed = inspect.signature(lambda answer, *, seed=None: None).parameters.values()
    check_answer.__signature__ = inspect.Signature([answer, *others, seed])
    return check_answer


class ExerciseCheck:
    """What is found of one answer, criterion by criterion; a context manager around all of them. See ``exercise``.

    An ``Incorrect`` ends only its criterion. An answer that was not attempted ends the check. Nothing reaches stderr
    meanwhile. Any other error, once the student's function has been called, comes from looking at what it gave, and is
    a finding too. Before that call it is the check's own (a missing file of weights, say), and is not hidden.

    Attributes:
        rng: the random numbers to draw inputs from: the same for everybody without a seed, hidden with one.
        seed: the secret number of a hidden check; None for the check that a student sees.
        hidden: whether a seed was given.
    """

    def __init__(
        self, exercise: str, answer: object, *, seed: int | None = None, advice: Mapping[str, str] | None = None
    ) -> None:
        """Starts a check of ``answer``, the student's function called ``exercise``; nothing has been found yet."""
        self.exercise = exercise
        self.answer = answer
        self.seed, self.hidden = seed, seed is not None
        self.rng = generator(exercise, seed)
        self._known = dict(advice or {})
        self._attempted = True
        self._called = False
        self._cut_short = ""
        self._won: list[tuple[float, str]] = []
        self._lost: list[tuple[float, str, str]] = []
        self._printed = Printed(LONGEST_PRINTED)

    def __enter__(self) -> Self:
        self._silence = contextlib.ExitStack()
        self._silence.callback(messages.in_hidden_check.reset, messages.in_hidden_check.set(self.hidden))
        self._silence.enter_context(no_stderr())
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: object) -> bool:
        self._silence.close()
        if isinstance(error, NotAttempted):
            self._attempted = False
            return True
        if self._called and error is not None and not isinstance(error, PASSED_ON):
            self._cut_short = messages.unexplained(error)
            return True
        return False

    @contextlib.contextmanager
    def criterion(self, share: float, title: str) -> Iterator[None]:
        """What earns ``share`` when the block ends without an ``Incorrect``; ``title`` names it in a few words.

        The shares of all criteria of a check add up to 1.
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
            self._lost.append((share, title, messages.unexplained(error)))
        else:
            self._won.append((share, title))

    def call(self, *arguments: object) -> object:
        """Calls the student's function; what it raises becomes a finding with the line it happened on.

        What it prints is kept for the verdict, except in a hidden check, where it could show what is hidden. What it
        returns is as a check sees it when the notebook is graded, so that both find the same, and is read once, see
        ``values.py``.
        """
        self._called = True
        if not callable(self.answer):
            raise Incorrect(
                f"The name {self.exercise} stands for {describe(self.answer)}, not for a function.",
                "Run the cell that defines the function again.",
            )
        try:
            with contextlib.redirect_stdout(Printed(0) if self.hidden else self._printed):
                value = self.answer(*arguments)
                # Where the answer is a stand-in this is the grader, and the value has come as data already.
                return read_once(value if isinstance(self.answer, StandIn) else as_graded(value))
        except PASSED_ON:
            raise
        except BaseException as error:  # SystemExit included: a stray exit() must not end the notebook
            if isinstance(error, NotImplementedError) and messages.raised_by(self.answer, error):
                raise NotAttempted from None
            # The grading program's own error says why by this name.
            refused = str(error) if isinstance(error, WireError) else getattr(error, "cannot_cross", "")
            if refused and isinstance(refused, str):
                raise Incorrect(f"What your function returns cannot be handed in: {refused}") from None
            said = messages.words_of(error)
            look = next((look for words, look in self._known.items() if words in said), "") or messages.advice(error)
            raise Incorrect(
                f"Your function raised {messages.explain(error)}{messages.place(self.answer, error)}.", look
            ) from None

    def verdict(self) -> Verdict:
        """Adds up what the criteria found."""
        if not self._attempted:
            look = "Write your answer in the cell above, run it, then run this one."
            note("", 1.0, "Not attempted.")
            return Verdict(self.exercise, NOT_ATTEMPTED, 0.0, (look,))
        total = sum(share for share, *_ in self._won + self._lost)
        if self._cut_short:
            self._lost.append((1 - total, "the rest of the check", self._cut_short))
        elif abs(total - 1) > 1e-9:
            raise ValueError(f"the criteria of {self.exercise} add up to {total}, not to 1")
        for share, title, *finding in self._won + self._lost:  # for the instructor's item analysis
            note(title, share, *finding)
        if not self._lost:
            return Verdict(self.exercise, RIGHT, 1.0, printed=str(self._printed))
        reasons: dict[str, dict[str, None]] = {}
        for _, title, finding in self._lost:
            reasons.setdefault(finding, {})[title] = None
        return Verdict(
            self.exercise,
            NOT_YET,
            min(sum(share for share, _ in self._won), 0.999),
            # Several titles, which may hold commas, stand on a line of their own above what is said of them.
            tuple(
                f"{'; '.join(titles)}:{' ' if len(titles) == 1 else chr(10)}{said}" for said, titles in reasons.items()
            ),
            tuple(title for _, title in self._won),
            str(self._printed),
        )


def once(make: Callable) -> Callable:
    """Calls ``make`` once for each set of arguments, and gives its value, or raises what it raised, as often as asked.

    For what several criteria of a check look at. ``functools.cache`` keeps no exception: a student's function whose
    return cannot be used would be called, and perhaps train, anew for every criterion.
    """

    @functools.cache
    def outcome(*arguments: object) -> tuple[object, Exception | None]:
        try:
            return make(*arguments), None
        except Exception as error:
            return None, error

    def get(*arguments: object) -> object:
        value, error = outcome(*arguments)
        if error is not None:
            raise error
        return value

    return get
