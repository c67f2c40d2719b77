"""A quiz whose every answer is explained, right or wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from course_utils.errors import BadArgumentError
from course_utils.widgets.fallback import LIVE_STYLE, WidgetWithFallback, text_to_html


@dataclass(frozen=True)
class Question:
    """One question.

    Attributes:
        question: what is asked; `backticks` mark code, here and below.
        options: the answers to choose from, at least two.
        answer: the index of the right one.
        why: for every option, why it is right or wrong.
    """

    question: str
    options: tuple[str, ...]
    answer: int
    why: tuple[str, ...]


class Quiz(WidgetWithFallback):
    """A quiz on show; made by `quiz`.

    Attributes:
        questions: the questions, as records.
        radios: one ``RadioButtons`` per question.
        buttons: one "Check" ``Button`` per question.
        feedback: one ``HTML`` per question, filled when its button is pressed.
        score_line: the ``HTML`` with the score.
        answered: the index checked for each question, ``None`` before that and after another choice.
    """

    def __init__(self, questions: Sequence[Question], *, title: str) -> None:
        import ipywidgets as w

        self.questions = list(questions)
        self.answered: list[int | None] = [None] * len(self.questions)
        self.radios, self.buttons, self.feedback = [], [], []
        blocks: list[Any] = [w.HTML(LIVE_STYLE + (f"<p><strong>{text_to_html(title)}</strong></p>" if title else ""))]
        for number, question in enumerate(self.questions, start=1):
            radio = w.RadioButtons(
                options=[(option.replace("`", ""), i) for i, option in enumerate(question.options)],
                index=None,
                description=f"Answers to question {number}",
                tooltip="",  # left at None, the label's title would read "null"
                layout=w.Layout(width="auto"),
            )
            radio.add_class("course-quiet-label")
            button = w.Button(description=f"Check answer {number}", layout=w.Layout(width="max-content"))
            feedback = w.HTML()
            button.on_click(lambda _, index=number - 1: self.check(index))
            radio.observe(lambda _, index=number - 1: self._withdraw(index), names="index")
            self.radios.append(radio)
            self.buttons.append(button)
            self.feedback.append(feedback)
            prompt = w.HTML(f"<p><strong>{number}.</strong> {text_to_html(question.question)}</p>")
            blocks.append(w.VBox([prompt, radio, button, feedback], layout=w.Layout(margin="0 0 1em 0")))
        self.score_line = w.HTML(_score_html(self.score, len(self.questions), 0))
        blocks.append(self.score_line)
        super().__init__(w.VBox(blocks), fallback=static_quiz(self.questions, title=title))

    @property
    def score(self) -> int:
        """How many questions are answered rightly at the moment."""
        return sum(given == q.answer for given, q in zip(self.answered, self.questions, strict=True))

    def check(self, index: int) -> None:
        """Does what the "Check" button of a question does: explains the chosen answer and updates the score.

        Args:
            index: the question, counted from 0.
        """
        chosen = self.radios[index].index
        if chosen is None:
            self.feedback[index].value = '<div class="course-note" role="alert">Choose an answer first.</div>'
            return
        self.answered[index] = chosen
        right, explanation = verdict(self.questions[index], chosen)
        kind, head = ("right", "✓ Right.") if right else ("wrong", "✗ Not this one.")
        self.feedback[
            index
        ].value = f'<div class="course-{kind}" role="alert"><strong>{head}</strong> {text_to_html(explanation)}</div>'
        self._count()

    def _withdraw(self, index: int) -> None:
        # A verdict must not stand beside another answer than the one it is about. That also happens when somebody is
        # faster than the kernel: a press on a button overtakes a choice that is still waiting to be sent.
        if self.answered[index] is not None:
            self.answered[index] = None
            self.feedback[
                index
            ].value = '<div class="course-note" role="alert">Another answer is chosen now; check it again.</div>'
            self._count()

    def _count(self) -> None:
        done = sum(given is not None for given in self.answered)
        self.score_line.value = _score_html(self.score, len(self.questions), done)


def quiz(questions: Sequence[Mapping[str, Any] | Question], *, title: str = "Check yourself") -> Quiz:
    """Shows questions with options to choose from; every answer, right or wrong, is explained.

    Args:
        questions: plain data, one mapping per question with the keys ``question`` (text), ``options`` (two or more
            texts), ``answer`` (index of the right one) and ``why`` (one text per option). Backticks mark code.
        title: a text above the questions.

    Returns:
        The quiz; the last line of a cell shows it. Exports and paper get the questions, with the answers folded.

    Raises:
        BadArgumentError: for a question that lacks something; the message names it.
    """
    return Quiz(read_questions(questions), title=title)


def read_questions(questions: Sequence[Mapping[str, Any] | Question]) -> list[Question]:
    """Checks questions given as plain data.

    Args:
        questions: as in `quiz`.

    Returns:
        The same, as records.

    Raises:
        BadArgumentError: for a question that lacks something; the message names it.
    """
    records = []
    for number, given in enumerate(questions, start=1):
        if isinstance(given, Question):
            given = vars(given)
        keys = {"question", "options", "answer", "why"}
        if not isinstance(given, Mapping) or set(given) != keys:
            got = sorted(given) if isinstance(given, Mapping) else type(given).__name__
            raise BadArgumentError(
                f"Question {number} was expected to have exactly the keys question, options, answer and why; "
                f"{got} was received. Write it as a dict with these four."
            )
        options, why, answer = tuple(given["options"]), tuple(given["why"]), given["answer"]
        if len(options) < 2 or len(why) != len(options) or len(set(options)) != len(options):
            raise BadArgumentError(
                f"Question {number} was expected to have two or more different options and one explanation for each; "
                f"{len(options)} options ({len(set(options))} different) and {len(why)} explanations were received. "
                "Explain the wrong ones too."
            )
        if not isinstance(answer, int) or isinstance(answer, bool) or not 0 <= answer < len(options):
            raise BadArgumentError(
                f"The answer of question {number} was expected to be an index from 0 to {len(options) - 1}; "
                f"{answer!r} was received. Count the options from 0."
            )
        records.append(Question(str(given["question"]), options, answer, why))
    if not records:
        raise BadArgumentError("A quiz was expected to have at least one question; none was received. Add one.")
    return records


def verdict(question: Question, chosen: int) -> tuple[bool, str]:
    """Judges one answer.

    Args:
        question: the question.
        chosen: the index of the chosen option.

    Returns:
        Whether it is right, and the explanation of that option.
    """
    return chosen == question.answer, question.why[chosen]


def static_quiz(questions: Sequence[Question], *, title: str = "") -> str:
    """Writes a quiz for paper and exports: the questions, and the answers in a part that unfolds.

    Args:
        questions: the questions.
        title: a text above them.

    Returns:
        HTML without headings.
    """
    parts = [f"<p><strong>{text_to_html(title)}</strong></p>"] if title else []
    for number, q in enumerate(questions, start=1):
        letters = [chr(ord("a") + i) for i in range(len(q.options))]
        options = "".join(
            f'<p class="course-option">{letter}) {text_to_html(option)}</p>'
            for letter, option in zip(letters, q.options, strict=True)
        )
        marks = ["<strong>Right.</strong>" if i == q.answer else "Not this one." for i in range(len(q.why))]
        why = "".join(
            f'<p class="course-option">{letter}) {mark} {text_to_html(text)}</p>'
            for letter, mark, text in zip(letters, marks, q.why, strict=True)
        )
        parts.append(
            f"<p><strong>{number}.</strong> {text_to_html(q.question)}</p>{options}"
            f"<details><summary>Answer to question {number}</summary>{why}</details>"
        )
    return "".join(parts)


def _score_html(right: int, questions: int, done: int) -> str:
    return f'<p role="status"><strong>Score:</strong> {right} of {questions} right, {done} answered.</p>'
