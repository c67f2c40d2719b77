"""The sample class of `make demo`: what eight students might hand in for lab 1."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import nbformat

from nbgrader_isolated.notebook.roles import grade_id, is_answer

DUE = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

# Answers that are plausible and not right, or right in part: (grade id) → the cell's text.
WRONG = {
    "prepare-batch": """
def prepare_batch(photos, name):
    squares = [np.asarray(Image.fromarray(photo).resize((224, 224))) for photo in photos]
    return np.stack(squares) / 255
""",
    "top-five": """
def top_five(classifier, photo, class_names):
    probabilities = classifier.predict(photo[np.newaxis] / 255, verbose=0)[0]
    worst_first = np.argsort(probabilities)[:5]
    return [(class_names[index], 100 * float(probabilities[index])) for index in worst_first]
""",
    "parameters-by-block": """
def parameters_by_block(base):
    return {layer.name: layer.count_params() for layer in base.layers}
""",
    "penultimate": """
def penultimate(classifier):
    classifier.layers.pop()
    return keras.Model(classifier.inputs, classifier.outputs)
""",
    "rebuild": """
def rebuild(name, input_shape, pooling):
    return load_base(name, input_shape=input_shape, weights=None)
""",
    "question-pooling": "Pooling makes the image smaller, so it needs less memory.",
}
PARTIAL = {
    "prepare-batch": """
def prepare_batch(photos, name):
    squares = [np.asarray(Image.fromarray(photo).resize((224, 224))) for photo in photos]
    return preprocess(name, np.stack(squares))
""",
    "parameters-by-block": """
def parameters_by_block(base):
    counts = {}
    for layer in base.layers:
        block = layer.name.split("_")[0]
        counts[block] = counts.get(block, 0) + sum(int(np.prod(weight.shape)) for weight in layer.trainable_weights)
    return counts
""",
    "rebuild": """
def rebuild(name, input_shape, pooling):
    return load_base(name, input_shape=input_shape, pooling=pooling)
""",
    "question-pooling": (
        "Pooling gives one number per channel, so every image size gives 512 of them. Flattening keeps every position, "
        "so its length depends on the size. What is lost is where things are: the shuffled image looks alike to the "
        "pooled vectors and not to the flattened one. That does not matter for naming an animal."
    ),
}


@dataclass(frozen=True)
class Submission:
    """What one student hands in.

    Attributes:
        student: who; named after what was handed in.
        story: the same in words.
        content: the bytes of ``lab1.ipynb``.
        submitted: when.
    """

    student: str
    story: str
    content: bytes
    submitted: datetime


def answers(solution: Path) -> dict[str, str]:
    """The worked answer of every answer cell, by grade id."""
    notebook = nbformat.read(solution, as_version=4)
    cells = (cell for cell in notebook.cells if is_answer(cell))
    # As a student would have written them, without the marks by which nbgrader finds a solution.
    return {grade_id(cell): re.sub(r"\s*### (BEGIN|END) SOLUTION", "", cell.source) for cell in cells}


def fill_in(released: Path, texts: dict[str, str]) -> bytes:
    """A released notebook with some of its answer cells filled in.

    Args:
        released: the notebook that students get.
        texts: grade id → what the student wrote; other cells stay as they came.

    Returns:
        The notebook's bytes.

    Raises:
        KeyError: the lab has no answer cell of that name.
    """
    notebook = nbformat.read(released, as_version=4)
    cells = {grade_id(cell): cell for cell in notebook.cells if is_answer(cell)}
    for name, text in texts.items():
        cells[name].source = text.strip("\n")
    return nbformat.writes(notebook).encode()


def submissions(released: Path, solution: Path) -> list[Submission]:
    """The whole class.

    Args:
        released: ``labs/lab1/lab1.ipynb``.
        solution: ``solutions/lab1/lab1.ipynb``.

    Returns:
        Eight submissions, each with another fate.
    """
    right = answers(solution)
    partial = right | PARTIAL
    del partial["penultimate"]
    no_function = right | {"prepare-batch": "squares = []\nfor photo in photo_list:\n    squares.append(photo)"}
    kernel_dies = right | {"top-five": "import os\n\nos._exit(1)"}
    in_time = DUE - timedelta(hours=2)
    perfect = fill_in(released, right)
    return [
        Submission("perfect", "every answer right", perfect, in_time),
        Submission("partial", "one exercise left out, three half right", fill_in(released, partial), in_time),
        Submission("wrong", "plausible and wrong throughout", fill_in(released, WRONG), in_time),
        Submission("crashed-cell", "one answer cell ends in an error", fill_in(released, no_function), in_time),
        Submission("crashed-kernel", "one answer cell kills its kernel", fill_in(released, kernel_dies), in_time),
        Submission("empty", "handed in as it was released", fill_in(released, {}), in_time),
        Submission("late", "every answer right, two days late", perfect, DUE + timedelta(hours=47)),
        Submission("not-a-notebook", "the file was cut off on its way", perfect[: len(perfect) // 2], in_time),
    ]


def hand_in(submission: Submission, folder: Path) -> None:
    """Puts a submission where `nbgrader collect` would: the notebook, and the time it came, in ``folder``."""
    folder.mkdir(parents=True)
    (folder / "lab1.ipynb").write_bytes(submission.content)
    (folder / "timestamp.txt").write_text(f"{submission.submitted:%Y-%m-%d %H:%M:%S.%f} UTC", encoding="utf-8")
