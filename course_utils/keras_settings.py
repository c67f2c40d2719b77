"""Settings of Keras that lie outside the course, in ``keras.json`` and in the environment, with which its notebooks cannot work.

Keras reads them once, when it is imported, and what goes wrong later names neither the file nor the variable. Only Python's own
modules are imported here: the kernels load this one before a student's first cell.
"""

import importlib.util
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from course_utils.errors import NotAvailableError

BACKENDS = ("tensorflow", "jax", "torch")
"""Those that can train; each is the name of the package it needs."""

SERVES = {"floatx": "float32", "image_data_format": "channels_last"}
"""The only values with which the course's images and pretrained weights fit."""

CUTS_SHORT = ("KERAS_MAX_EPOCHS", "KERAS_MAX_STEPS_PER_EPOCH")


class Problem(NamedTuple):
    """A setting that does not serve, what to do about it, and whether notebooks fail because of it."""

    text: str
    fix: str
    stops: bool = True

    def __str__(self) -> str:
        return f"{self.text}. {self.fix}"


def keras_json() -> Path:
    """Returns where Keras looks for its file of settings: in ``KERAS_HOME``, else in ``.keras`` of the home folder."""
    home = os.path.expanduser("~")
    folder = os.environ.get("KERAS_HOME") or Path(home if os.access(home, os.W_OK) else "/tmp") / ".keras"
    return Path(folder, "keras.json").expanduser()


def problems() -> Iterator[Problem]:
    """Yields what is wrong with the settings that Keras will read when it is imported; Keras is not imported here."""
    file = keras_json()
    delete = f"Delete {file}: Keras writes a new one"
    config = {}
    try:
        config = json.loads(file.read_bytes()) if file.exists() else {}
    except OSError as error:
        yield Problem(f"Keras's settings in {file} cannot be read ({error.strerror})", f"{delete}.")
    except ValueError:
        yield Problem(f"{file} is not valid JSON, so Keras ignores all of it", f"{delete}.", stops=False)
    if not isinstance(config, dict):
        yield Problem(f"{file} holds {type(config).__name__} where Keras expects names and values", f"{delete}.")
        config = {}
    for name, serves in SERVES.items():
        if config.get(name, serves) != serves:
            yield _unsuitable(name, config[name], f"in {file}", f"Write {json.dumps(serves)} there, or delete the file")
    if not isinstance(config.get("epsilon", 1e-7), float):
        fix = "Write 1e-07 there, or delete the file: Keras writes a new one."
        yield Problem(f'"epsilon" in {file} is {json.dumps(config["epsilon"])}, and Keras expects a float', fix)
    chosen = os.environ.get("KERAS_BACKEND")
    backend = chosen or config.get("backend", "tensorflow")
    where = "KERAS_BACKEND" if chosen else f'"backend" in {file}'
    fix = "Remove that variable from the environment" if chosen else 'Write "tensorflow" there'
    if backend not in BACKENDS:
        yield Problem(
            f"{where} is {backend!r}, and the course needs a backend that trains: {', '.join(BACKENDS)}", f"{fix}."
        )
    elif importlib.util.find_spec(backend) is None:
        yield Problem(f"{where} is {backend!r}, which is not installed here", f"{fix}.")
    elif backend != "tensorflow":
        text = f"{where} is {backend!r}: the lessons run with it, and labs are graded with TensorFlow"
        yield Problem(text, f"For the labs: {fix[0].lower()}{fix[1:]}.", stops=False)
    for name in CUTS_SHORT:
        if name in os.environ:
            yield Problem(f"{name} is {os.environ[name]!r}, which ends every training early", "Remove that variable.")


def require() -> None:
    """Raises ``NotAvailableError`` where Keras's settings do not serve; it names the file, the variable or the call.

    Where Keras has been imported, what counts is what it has read then, and what has been set since.
    """
    found = [problem for problem in problems() if problem.stops]
    config = getattr(sys.modules.get("keras"), "config", None)
    if config is not None:
        in_force = {name: getattr(config, name)() for name in SERVES}
        found = [
            next(
                (problem for problem in found if f'"{name}"' in problem.text),
                _unsuitable(name, value, f"by keras.config.set_{name}", f"Call it with {json.dumps(SERVES[name])}"),
            )
            for name, value in in_force.items()
            if value != SERVES[name]
        ]
    if found:
        raise NotAvailableError(f"{found[0]} Then restart the kernel.")


def _unsuitable(name: str, value: object, where: str, fix: str) -> Problem:
    return Problem(
        f'"{name}" is set to {json.dumps(value)} {where}, and the course needs {json.dumps(SERVES[name])}', f"{fix}."
    )


def load_ipython_extension(shell) -> None:
    """Has a notebook's first cell begin with what is wrong, if anything is: the error that follows would not say it."""
    if said := [str(problem) for problem in problems() if problem.stops]:

        def say_once(info) -> None:
            shell.events.unregister("pre_run_cell", say_once)
            print("Keras's settings do not serve this course.", *said, "Then restart the kernel.", sep="\n")

        shell.events.register("pre_run_cell", say_once)
