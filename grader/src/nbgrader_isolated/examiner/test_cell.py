"""One test cell, run once on a student's values. They arrive as data; what cannot is a stand-in."""

from __future__ import annotations

import ast
import builtins
import contextlib
import dis
import io
import math
import os
from collections import deque
from types import SimpleNamespace, TracebackType

from nbgrader_isolated.errors import WireError
from nbgrader_isolated.examiner import similarity
from nbgrader_isolated.examiner.last_value import as_number, begins_with, is_everybodys
from nbgrader_isolated.examiner.reasons import LONGEST_REASON, LONGEST_TEXT, CannotCross, explain, known_kind
from nbgrader_isolated.notebook.names import free_names
from nbgrader_isolated.printed import Printed
from nbgrader_isolated.sandbox import process_settings
from nbgrader_isolated.wire import criteria, frames, keras_model, while_grading
from nbgrader_isolated.wire.arguments import put_back
from nbgrader_isolated.wire.crossing import StandIn
from nbgrader_isolated.wire.decode import decode
from nbgrader_isolated.wire.encode import encode

STUDENTS_FILE = "<the student's cell>"
MOST_CRITERIA = 50
"""Criteria of one test that are kept."""
MOST_LACKING = 3
"""Names whose absence is explained."""
LACKS_A_MODULE = "The grading machine lacks a module that the check imports. It needs manual review."
UNAVAILABLE = {"nbgrader_isolated.errors.NotAvailableError"}
"""Exceptions by which a test cell says that the machine lacks something, by their full names."""
_BUILD = {"model": keras_model.unpack, "tensor": keras_model.as_tensor}


class ExaminedCell:
    """One test cell, run once, on values that the student's process sends."""

    def __init__(self, incoming: int, outgoing: int, job: dict) -> None:
        self.incoming, self.outgoing, self.source, self.maximum = incoming, outgoing, job["source"], job["maximum"]
        self.salt = str(job.get("salt", "0"))
        self.compare, self.sketches = set(job.get("compare", ())), []
        self.namespace: dict[str, object] = {"__name__": "__main__", "__builtins__": builtins}
        self.given: set[str] = set()
        self.used = False
        """Whether the check may know anything that the student decided: a value, an answer, a name that is not there."""
        self.theirs: list[object] = []
        self.answers: deque[object] = deque(maxlen=8)  # the last ones only: an answer can be a network
        self.changed: dict[str, None] = {}
        self.missing: set[str] = set()
        self.lacks: dict[str, None] = {}
        """Names that the check, or a function of the student's, needed and did not find; the latter says so itself."""

    def run(self) -> dict:
        process_settings.reseed()
        os.environ["GRADING_SALT"] = self.salt
        printed, noted = Printed(LONGEST_TEXT), criteria.collect()
        try:
            with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(io.StringIO()):
                result = self._points(*self._run_cell())
        except BaseException as error:
            if isinstance(error, NameError) and error.name in self.missing:
                self.lacks[error.name] = None
            result = {"points": 0.0, "message": explain(error), "failed": True}
            if module := _module_of_an_import(error):
                result |= {"points": None, "message": LACKS_A_MODULE, "module": module}
            elif self._is_the_graders(error):
                lacks = explain(error)[:LONGEST_REASON].rstrip(".")
                result |= {
                    "points": None,
                    "message": f"The check could not be made: {lacks}. It needs manual review.",
                    "unavailable": lacks,
                }
        return {
            **result,
            "printed": printed.text,
            "changed": list(self.changed)[:20],
            "sketches": self.sketches,
            "lacks": list(self.lacks)[:MOST_LACKING],
            "criteria": noted[:MOST_CRITERIA],
        }

    def _is_the_graders(self, error: BaseException) -> bool:
        """Whether the grading machine lacks something that it should have: then 0 would be a mark for somebody else's fault.

        Only what says so itself is such an error, and only before the check could know anything of the student's: a path or
        a name of a student's would make it say so as well, and a value that is bad makes a check raise whatever it likes.
        """
        kinds = {f"{kind.__module__}.{kind.__qualname__}" for kind in type(error).__mro__}
        return bool(kinds & UNAVAILABLE) and not self.used

    def _run_cell(self) -> tuple[object, bool]:
        """Returns the value of the cell's last line, and whether it is something of the student's."""
        tree = ast.parse(self.source)
        for name in free_names(self.source):
            reply = self._ask({"op": "get", "name": name})
            if reply["state"] == "missing":
                self.used = True
                self.missing.add(name)
            else:
                self.namespace[name] = self._received(reply, name)
                self.used |= not isinstance(self.namespace[name], Handle)
                self.given.add(name)
                if name in self.compare:
                    self.sketches += similarity.sketches(name, self.namespace[name])
                self.theirs.append(self.namespace[name])
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, "<check>", "exec"), self.namespace)
        if last is None:
            return None, False
        value = eval(compile(ast.Expression(last.value), "<check>", "eval"), self.namespace)
        if value is None:  # as any cell that only asserts ends
            return None, False
        theirs = isinstance(value, Handle) or any(
            value is one for one in (*self.theirs, *self.answers) if not is_everybodys(one)
        )
        return value, theirs or begins_with(last.value) in self.given

    def _points(self, value: object, theirs: bool) -> dict:
        """Reads a cell's last value as points, as nbgrader does, except that it never turns a bad number into marks.

        nbgrader gives full marks for whatever it cannot read as a number. Here only None and text get them, or what
        owes nothing to the student: an answer could otherwise make something unreadable of the points.
        """
        number = as_number(value)
        if number is None:
            # A function of the student's that was not called yet may still be called in what the cell ended with.
            full = value is None or isinstance(value, str) or not (self.used or self.given)
            if full and not theirs:
                return {"points": float(self.maximum), "message": "", "failed": False}
            what = "something of the student's that is not a number of points"
            if not theirs:
                what = f"a {type(value).__name__} that was worked out from the student's answer, not a number of points"
            return {"points": None, "message": f"The check ended with {what}.", "failed": False}
        if math.isfinite(number) and 0 <= number <= self.maximum:
            return {"points": number, "message": "", "failed": False}
        said = f"The check ended with {number}, which is not between 0 and {self.maximum:g} points."
        return {"points": None, "message": said, "failed": False}

    def _ask(self, question: dict, arguments: bytes = b"") -> dict:
        frames.write(self.outgoing, {"ask": question}, arguments)
        answer, raw = frames.read(self.incoming)
        if answer.get("state") == "gone":
            os._exit(0)
        if answer.get("state") == "late":
            raise TimeoutError("no answer within the time allowed")
        try:
            reply = decode(raw, build={**_BUILD, "handle": self._handle}) if raw else None
        except WireError as error:
            return {"state": "cannot", "why": str(error)}
        finally:
            frames.write(
                self.outgoing, {"read": True}
            )  # until here nothing but the answer can have stopped this process
        if not isinstance(reply, dict) or reply.get("state") not in ("value", "missing", "cannot", "raised"):
            return {"state": "cannot", "why": "The notebook's process did not answer the grader's question."}
        return reply

    def _received(self, reply: dict, what: str) -> object:
        if reply["state"] == "value" and "value" in reply:
            self.answers.append(reply["value"])
            return reply["value"]
        if reply["state"] == "raised":
            name = reply.get("lacks")
            if isinstance(name, str) and name.isidentifier():
                self.lacks[name[:200]] = None
            raise_as_student(reply)
        why = reply.get("why") if isinstance(reply.get("why"), str) else ""
        raise CannotCross(
            f"{what} cannot be handed to the grader. {why}", why or "the grader got nothing it could read."
        )

    def _handle(self, plain: object) -> Handle:
        if not isinstance(plain, dict) or type(plain.get("token")) is not int or not isinstance(plain.get("type"), str):
            raise WireError("A reference in the message is not of the agreed form.")
        return Handle(self, plain["token"], plain["type"][:100], plain.get("kind") == "function")

    def call(self, handle: Handle, arguments: tuple, named: dict) -> object:
        token, what = object.__getattribute__(handle, "_token"), object.__getattribute__(handle, "_type")
        self.used = True
        try:
            message = encode((arguments, named), cross=_cross)
        except WireError:
            # Which value it is would tell of a hidden input.
            raise CannotCross(
                f"The check called the student's {what} with something that cannot be handed over: not the answer's fault, "
                "tell your instructor."
            ) from None
        without = [name for name in self.given if name not in self.namespace]
        reply = self._ask({"op": "call", "of": token, "without": without}, message)
        self._put_back(reply.get("changed"), what, {**dict(enumerate(arguments)), **named})
        return self._received(
            reply, "What your function returns" if what == "function" else f"What your {what} returns"
        )

    def _put_back(self, changed: object, what: str, passed: dict[int | str, object]) -> None:
        """A function may change what it was given, as in a notebook; it is written down for the instructor."""
        for place, new in changed.items() if isinstance(changed, dict) else ():
            if place in passed:
                put_back(passed[place], new)
                said = f"argument {place + 1}" if isinstance(place, int) else f"the argument {place!r}"
                self.changed[f"The student's {what} changed {said} of a call, a {type(passed[place]).__name__}."] = None

    def attribute(self, handle: Handle, name: str) -> object:
        token, what = object.__getattribute__(handle, "_token"), object.__getattribute__(handle, "_type")
        self.used = True
        reply = self._ask({"op": "attribute", "of": token, "name": name})
        if reply["state"] == "missing":
            raise AttributeError(f"{what!r} object has no attribute {name!r}")
        return self._received(reply, f"The attribute {name} of your {what}")


class Handle(StandIn):
    """Stands for a function or object that stays in the student's process; using it asks there, and gets data back.

    It is equal to nothing but itself and is no number, text or array, so an object cannot pass for a value.
    """

    def __init__(self, run: ExaminedCell, token: int, kind: str, function: bool) -> None:
        """Made by the run of the test cell."""
        self._run, self._token, self._type = run, token, kind
        if function:
            # Where a message says on which of the student's lines an exception arose, it looks for this name.
            self.__code__ = SimpleNamespace(co_filename=STUDENTS_FILE)

    def __call__(self, *arguments: object, **named: object) -> object:
        return self._run.call(self, arguments, named)

    def __getattr__(self, name: str) -> object:
        if name.startswith("_") and name not in ("__name__", "__doc__"):
            raise AttributeError(name)
        return self._run.attribute(self, name)

    def __len__(self) -> int:
        return int(self._run.attribute(self, "__len__")())

    def __getitem__(self, key: object) -> object:
        return self._run.attribute(self, "__getitem__")(key)

    def __bool__(self) -> bool:
        return True

    def __repr__(self) -> str:
        self._run.used = True
        return f"<the student's {self._type}>"


def _module_of_an_import(error: BaseException) -> str:
    """The module that an import of the test cell itself ended without; else nothing. No student has a part in that."""
    if not isinstance(error, ModuleNotFoundError) or not _in_an_import(error.__traceback__):
        return ""
    return str(error.name or "a module")


def _in_an_import(place: TracebackType | None) -> bool:
    """Whether an error came out of an import statement of the test cell, outside any function."""
    while place is not None:
        code = place.tb_frame.f_code
        if (code.co_filename, code.co_name) == ("<check>", "<module>"):
            return code.co_code[place.tb_lasti] == dis.opmap["IMPORT_NAME"]
        place = place.tb_next
    return False


def _cross(value: object) -> tuple[str | None, object]:
    if isinstance(value, Handle):
        return "handle", value._token
    if keras_model.is_model(value):
        return "model", keras_model.pack(value)
    if keras_model.is_tensor(value):
        return "tensor", keras_model.as_numpy(value)
    raise WireError(f"a {type(value).__name__} is not data.")


def raise_as_student(reply: dict) -> None:
    """Raises the student's exception again: its kind and line are known, its text is not."""
    kinds = [name for name in reply.get("kinds") or [] if isinstance(name, str)] or ["Exception"]
    known = (getattr(builtins, name, None) for name in kinds)
    kind = next((k for k in known if isinstance(k, type) and issubclass(k, Exception)), Exception)
    error = kind() if kind not in (UnicodeDecodeError, UnicodeEncodeError, UnicodeTranslateError) else ValueError()
    error.__students_own__ = known_kind(kinds)
    differs = reply.get("differs")
    error.while_grading = while_grading.SENTENCES.get(differs, "") if isinstance(differs, str) else ""
    line = reply.get("line")
    if type(line) is not int or not 0 < line < 100_000:
        raise error

    def throw() -> None:
        raise error

    # Compiled under the student's file name and line, so that a traceback shows where it arose over there.
    code = "raise error" if reply.get("own") is True else "throw()"
    exec(compile("\n" * (line - 1) + code, STUDENTS_FILE, "exec"), {"error": error, "throw": throw})
