"""Between examiner and student: carries questions over, keeps the replies, and looks into earlier evidence first."""

from __future__ import annotations

from collections.abc import Callable

from nbgrader_isolated.outcomes import Fault, Outcome
from nbgrader_isolated.run.evidence import Earlier, Evidence
from nbgrader_isolated.student.kernel import Student
from nbgrader_isolated.student.messages import CellRun


class NeedsStudent(Fault):
    """Evidence alone cannot answer: the student's cells have to be run."""

    def __init__(self) -> None:
        """Never reaches a record."""
        super().__init__(Outcome.NEEDS_MANUAL_REVIEW, "")


class QuestionRouter:
    """Carries questions to the student; keeps what came back, and remembers values until code has run again.

    Attributes:
        test: the grade id of the test that is asking.
        earlier: evidence that is asked before the student is; None when there is none, or no longer.
    """

    def __init__(
        self, student: Student, keep: Evidence, late: Callable[[], None], earlier: Earlier | None = None
    ) -> None:
        """``late`` is called when the student's process did not answer in time."""
        self._student, self._keep, self._late = student, keep, late
        self._known: dict[str, bytes] = {}
        self.test, self.earlier = "", earlier

    def run(self, source: str) -> CellRun:
        """Runs an ordinary cell."""
        self._known.clear()
        return self._student.run(source)

    def answer(self, question: object, arguments: bytes) -> bytes:
        """Answers the examiner; raises as :meth:`Student.ask`, or ``NeedsStudent``."""
        question = _checked(question)
        name = question.get("name", "") if question["op"] == "get" else None
        if self.earlier is not None:
            found = None if name is None else self.earlier.find(self.test, name)
            if found is None:
                raise NeedsStudent
            self._keep.again(found[0])
            return found[1]
        if name is not None and name in self._known:
            self._keep.reply(self.test, question, self._known[name])
            return self._known[name]
        if question["op"] == "call":
            self._known.clear()
        try:
            reply = self._student.ask(question, arguments if question["op"] == "call" else None)
        except TimeoutError:
            self._late()
            raise
        self._keep.reply(self.test, question, reply)
        if name is not None:
            self._known[name] = reply
        return reply


def _checked(question: object) -> dict:
    """The examiner's question, taken apart and put together again: it ends up in front of the student's process."""
    if not isinstance(question, dict):
        raise ValueError("not a question")
    op = question.get("op")
    if op == "get" and isinstance(question["name"], str):
        return {"op": op, "name": question["name"][:200]}
    if op in ("attribute", "call") and type(question["of"]) is int:
        if op == "attribute":
            return {"op": op, "of": question["of"], "name": str(question["name"])[:200]}
        return {"op": op, "of": question["of"], "without": [str(name)[:200] for name in question["without"]][:100]}
    raise ValueError("not a question")
