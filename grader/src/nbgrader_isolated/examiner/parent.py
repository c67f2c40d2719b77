"""The parent's side of the examiner: carries questions to the student's process and replies back, unread."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from nbgrader_isolated.errors import GraderError
from nbgrader_isolated.examiner import prepared
from nbgrader_isolated.examiner.reasons import LONGEST_REASON, LONGEST_TEXT
from nbgrader_isolated.examiner.similarity import MOST_TENSORS, SAMPLES
from nbgrader_isolated.examiner.test_cell import MOST_CRITERIA, MOST_LACKING
from nbgrader_isolated.notebook.plain_text import plain_text
from nbgrader_isolated.outcomes import Fault, Outcome
from nbgrader_isolated.sandbox import bubblewrap, process_settings
from nbgrader_isolated.sandbox.bubblewrap import Policy
from nbgrader_isolated.wire import frames

MOST_QUESTIONS = 5000
_SETTINGS = {**process_settings.VARIABLES, "CUDA_VISIBLE_DEVICES": "-1"}
_SECONDS_TO_TAKE = 60
"""For an examiner to take over what was prepared: ``give`` is to put it somewhere, and to compute nothing."""


class ExaminerError(GraderError, RuntimeError):
    """The examiner ended or stalled during a check, which needs manual review."""


class CheckStopped(ExaminerError):
    """It did so after it had received something of the student's: that, or the check, may have caused it.

    Attributes:
        late: whether it took too long.
    """

    def __init__(self, said: str, *, late: bool) -> None:
        """The message is for the student."""
        super().__init__(said)
        self.late = late


class Unreadable(Fault):
    """It did so while it read an answer, before the check saw it: the student's process caused it, and nothing else."""


class Examiner:
    """A sandboxed examiner that serves one check after another. Use it as a context manager; it starts when needed."""

    def __init__(
        self,
        *,
        policy: Policy | None = None,
        modules: tuple[str, ...] = (),
        packages: tuple[str, ...] = (),
        unavailable: tuple[str, ...] = (),
        prepare: tuple[str, ...] = (),
        shared: Path | None = None,
        read_only: tuple[Path, ...] = (),
        environment: dict[str, str] | None = None,
        seconds: float = 300,
        start_seconds: float = 180,
    ) -> None:
        """Prepares; nothing starts yet.

        Args:
            policy: limits of its sandbox.
            modules: imported once, before the first check.
            packages: whose exceptions were written for students: their words are shown.
            unavailable: full names of exceptions by which a test cell says that the machine lacks something.
            prepare: modules that make something once for all checks, see ``prepared.py``.
            shared: a folder in which several examiners of one run share what these make.
            read_only: hidden data that test cells read.
            environment: further environment variables.
            seconds: for one check, without the time the student's process takes to answer.
            start_seconds: until it has imported the modules.
        """
        self._policy, self._modules, self._read_only = policy or Policy(), modules, read_only
        self._packages, self._unavailable = packages, unavailable
        self._prepare, self._shared = prepare, shared
        self._environment = environment or {}
        self._seconds, self._start_seconds = seconds, start_seconds
        self._made: dict[str, prepared.Made] = {}
        self._box: bubblewrap.Box | None = None
        self._rests_since = 0.0
        self.warnings: list[str] = []
        """Sentences for the instructor about how it started."""

    def __enter__(self) -> Examiner:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def check(
        self,
        source: str,
        maximum: float,
        answer: Callable[[dict, bytes], bytes],
        *,
        compare: tuple[str, ...] = (),
        salt: str = "0",
    ) -> dict:
        """Runs a test cell.

        Args:
            source: the pristine cell, hidden tests included.
            maximum: its points.
            answer: asks the student's process: takes a question and a message, returns a reply.
            compare: variables whose tensors are to be sketched, see ``similarity.py``.
            salt: hexadecimal digits that stand for the submission; the cell finds them in ``GRADING_SALT``, and can draw
                inputs from them that no other submission gets.

        Returns:
            ``points`` (None when it needs manual review), ``message``, ``printed``, ``failed``, ``changed`` (sentences),
            ``sketches``, ``lacks`` (names that were missing), ``module`` (one that the cell imports and the machine lacks),
            ``unavailable`` (what else the machine lacks, in the words of the cell's error).

        Raises:
            Fault: from ``answer``: the student's process is gone.
            Unreadable: an answer took too long to read, or too much memory.
            CheckStopped: the examiner ended or took too long after it had received an answer.
            ExaminerError: it did so before, or the grader could not pass on or keep an answer; the message is for the
                student, its cause for the instructor.
        """
        self.ensure()
        outgoing, incoming = self._box.process.stdin.fileno(), self._box.process.stdout.fileno()
        received, reading = False, ""
        try:
            frames.write(outgoing, {"source": source, "maximum": maximum, "compare": list(compare), "salt": salt})
            deadline = time.monotonic() + self._seconds
            for _ in range(2 * MOST_QUESTIONS):  # each is asked, and its answer read
                message, raw = frames.read(incoming, deadline=deadline)
                if "done" in message:
                    return _bounded(message["done"], maximum)
                reading = ""
                if "read" in message:
                    continue
                asked = time.monotonic()
                try:
                    reply, state = answer(message["ask"], raw), {"state": "answered"}
                except TimeoutError:
                    reply, state = b"", {"state": "late"}
                except Fault:
                    frames.write(outgoing, {"state": "gone"})
                    raise
                except Exception:
                    received = False  # whatever came before, this is the grader's own failure
                    raise
                deadline += time.monotonic() - asked
                if reply:
                    received, reading = True, _named(message["ask"])
                frames.write(outgoing, state, reply)
            reading = ""
            raise frames.TooLate("too many questions")  # what asks so often does so again
        except Fault:
            raise
        except Exception as error:
            memory = self._box.ran_out_of_memory()
            self.close()  # it may still be waiting for an answer, and would take the next check for one
            late = isinstance(error, frames.TooLate)
            if reading and (memory or late):
                outcome = Outcome.OUT_OF_MEMORY if memory else Outcome.TIMED_OUT
                limit = "more memory than allowed" if memory else f"longer than {self._seconds:g} seconds"
                raise Unreadable(outcome, f"{reading} could not be read: that took {limit}.") from error
            # A frame's error is in the engine's own words; another may name files and machines.
            kind = error if isinstance(error, frames.FrameError) else type(error).__name__
            reason = "needed too much memory" if memory else "took too long" if late else f"stopped ({kind})"
            if received:
                raise CheckStopped(f"The check {reason}.", late=late) from error
            raise ExaminerError(f"The check {reason}.") from error
        finally:
            self._rests_since = time.monotonic()

    def ensure(self) -> None:
        """Starts the process where it does not run; raises ``ExaminerError`` where it does not start."""
        rested = time.monotonic() - self._rests_since
        if self._box is not None and self._box.alive() and rested < frames.IDLE_SECONDS / 2:
            return
        self.close()
        settings = {"modules": self._modules, "packages": self._packages, "unavailable": self._unavailable}
        self._box = bubblewrap.start(
            [sys.executable, "-P", "-m", "nbgrader_isolated.examiner.process", json.dumps(settings)],
            policy=self._policy,
            read_only=self._read_only,
            environment={
                **_SETTINGS,
                "PYTHONDONTWRITEBYTECODE": "1",
                "MPLCONFIGDIR": "/tmp/matplotlib",
                "MPLBACKEND": "agg",
                **self._environment,
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
        )
        # Made while the examiner imports its modules.
        outside = {**_SETTINGS, **self._environment}
        for name in self._prepare:
            if name not in self._made or self._made[name].reason:
                self._made[name] = prepared.made(name, outside, folder=self._shared)
        try:
            self._said(self._start_seconds)
        except (frames.FrameError, OSError) as error:
            self.close()
            raise ExaminerError(
                f"The examiner did not start ({error}). Can these be imported: {', '.join(self._modules) or 'nothing'}?"
            ) from error
        self._rests_since = time.monotonic()
        failed = {name: here.reason or self._give(name, here.message) for name, here in self._made.items()}
        self.warnings = [
            f"{name}, of prepare, failed: every check works out for itself what it offers, which takes longer. The reason: {reason}."
            for name, reason in failed.items()
            if reason
        ]

    def _give(self, name: str, message: bytes) -> str:
        """Hands over what was prepared; says why it was not taken."""
        try:
            frames.write(self._box.process.stdin.fileno(), {"give": name}, message)
            return str(self._said(_SECONDS_TO_TAKE)["refused"])[:300]
        except (frames.FrameError, OSError) as error:
            self.close()
            raise ExaminerError(f"The examiner did not take over what {name}, of prepare, made ({error}).") from error

    def _said(self, seconds: float) -> dict:
        return frames.read(self._box.process.stdout.fileno(), deadline=time.monotonic() + seconds)[0]

    def close(self) -> None:
        """Ends the examiner."""
        if self._box is not None:
            self._box.kill()
            self._box = None


def _named(question: dict) -> str:
    """What a question asks for, in a sentence for the student."""
    return str(question["name"])[:200] if question.get("op") == "get" else "What your code returned to the check"


def _bounded(done: dict, maximum: float) -> dict:
    """The examiner's verdict, checked once more: a compromised examiner can lie, but not break the gradebook.

    Its words may quote a student's: the name of a class, a reason. They are made inert here, where all of them pass.
    """
    points = done["points"]
    if points is not None and not (isinstance(points, int | float) and 0 <= points <= maximum):
        raise ValueError("points out of range")
    return {
        "points": None if points is None else float(points),
        "message": plain_text(done["message"], LONGEST_TEXT, lines=True),
        "printed": plain_text(done["printed"], LONGEST_TEXT, lines=True),
        "failed": done["failed"] is True,
        "changed": [plain_text(said) for said in done["changed"][:20]],
        "lacks": [str(name)[:200] for name in done["lacks"][:MOST_LACKING]],
        "module": plain_text(done.get("module", ""), 200),
        "unavailable": plain_text(done.get("unavailable", ""), LONGEST_REASON),
        "criteria": [_criterion(one) for one in done["criteria"][:MOST_CRITERIA]],
        "sketches": [_sketch(sketch) for sketch in done["sketches"][:MOST_TENSORS]],
    }


def _criterion(one: dict) -> dict:
    return {
        "title": plain_text(one["title"], 200),
        "share": min(1.0, max(0.0, float(one["share"]))),
        "finding": plain_text(" ".join(str(one["finding"]).split()), LONGEST_REASON),
    }


def _sketch(sketch: dict) -> dict:
    return {
        "name": str(sketch["name"])[:200],
        "shape": [int(side) for side in sketch["shape"][:16]],
        "numbers": [float(number) for number in sketch["numbers"][:SAMPLES]],
    }
