"""A quiz whose every answer is explained, right or wrong."""

from collections.abc import Mapping, Sequence
from string import ascii_lowercase
from typing import Any

from course_utils.errors import BadArgumentError
from course_utils.widgets.parts import WidgetWithFallback, button, message, option_lines, radio_buttons, text_to_html


class Quiz(WidgetWithFallback):
    """Questions with their ``radios``, ``buttons`` and ``feedback``, and the ``score_line``.

    ``answered`` is the index checked for each question, ``None`` before that and after another choice.
    """

    def __init__(self, questions: Sequence[Mapping[str, Any]]) -> None:
        import ipywidgets as w

        self._questions = questions
        self.answered: list[int | None] = [None] * len(questions)
        self.radios, self.buttons, self.feedback, self.score_line = [], [], [], w.HTML()
        self._update_score()
        heading = "<p><strong>Check yourself</strong></p>"
        controls, fallback = [w.HTML(heading)], heading
        for index, question in enumerate(questions):
            # A radio button's label is plain text, so the backticks of code are left out.
            options = [(option.replace("`", ""), i) for i, option in enumerate(question["options"])]
            radio = radio_buttons(options, f"Answers to question {index + 1}")
            radio.observe(lambda _, index=index: self._withdraw(index), names="index")
            check = button(f"Check answer {index + 1}", lambda _, index=index: self._check(index))
            feedback = w.HTML()
            self.radios.append(radio)
            self.buttons.append(check)
            self.feedback.append(feedback)
            prompt = f"<p><strong>{index + 1}.</strong> {text_to_html(question['question'])}</p>"
            controls.append(w.VBox([w.HTML(prompt), radio, check, feedback], layout=w.Layout(margin="0 0 1em 0")))
            fallback += prompt + _static_answers(question, index + 1)
        super().__init__([*controls, self.score_line], fallback=fallback)

    def _check(self, index: int) -> None:
        """Explains the chosen answer and updates the score."""
        question, chosen = self._questions[index], self.radios[index].index
        if chosen is None:
            self.feedback[index].value = message("Choose an answer first.")
            return
        self.answered[index] = chosen
        kind, head = ("right", "✓ Right.") if chosen == question["answer"] else ("wrong", "✗ Not this one.")
        explanation = f"<strong>{head}</strong> {text_to_html(question['why'][chosen])}"
        self.feedback[index].value = message(explanation, kind)
        self._update_score()

    def _withdraw(self, index: int) -> None:
        # Feedback must not stay next to another answer than its own. That also happens when somebody is faster than
        # the kernel: a press on a button overtakes a choice that is still waiting to be sent.
        if self.answered[index] is not None:
            self.answered[index] = None
            self.feedback[index].value = message("Another answer is chosen now; check it again.")
            self._update_score()

    def _update_score(self) -> None:
        right = sum(given == q["answer"] for given, q in zip(self.answered, self._questions, strict=True))
        done = sum(given is not None for given in self.answered)
        score = f"{right} of {len(self._questions)} right, {done} answered."
        self.score_line.value = f'<p role="status"><strong>Score:</strong> {score}</p>'


def quiz(questions: Sequence[Mapping[str, Any]]) -> Quiz:
    """Shows questions with options to choose from; every answer, right or wrong, is explained.

    Args:
        questions: plain data, one mapping per question with the keys ``question`` (text), ``options`` (two or more
            texts), ``answer`` (index of the right one) and ``why`` (one text per option). Backticks mark code.

    Raises:
        BadArgumentError: for a question that lacks something; the message names it.
    """
    for number, question in enumerate(questions, start=1):
        _check_question(question, number)
    if not questions:
        raise BadArgumentError("A quiz was expected to have at least one question; none was received. Add one.")
    return Quiz(questions)


def _check_question(given: Any, number: int) -> None:
    if not isinstance(given, Mapping) or set(given) != {"question", "options", "answer", "why"}:
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


def _static_answers(question: Mapping[str, Any], number: int) -> str:
    """Writes a question's options for paper and exports, and their explanations in a part that unfolds."""
    letters = [f"{letter})" for letter in ascii_lowercase[: len(question["options"])]]
    marks = [f"{letter} Not this one." for letter in letters]
    marks[question["answer"]] = f"{letters[question['answer']]} <strong>Right.</strong>"
    why = option_lines(marks, question["why"])
    options = option_lines(letters, question["options"])
    return f"{options}<details><summary>Answer to question {number}</summary>{why}</details>"
