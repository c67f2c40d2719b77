"""Submissions that attack or break: what each does, how it must end, and which marks it must get.

All are variations of one small lab. The right answers earn 2 + 4 + 1 points.
"""

from __future__ import annotations

import base64
import io
import json
import marshal
import os
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from nbgrader_isolated.outcomes import Outcome
from nbgrader_isolated.student import template

HIDDEN = "hidden line 7781"
"""Stands in a hidden test; it must appear nowhere that a student sees."""
PWNED = "pwned()"
"""What every script of the corpus calls; no page that somebody opens may do so."""
RAN = "the code in the model ran"
"""What an examiner would say that has run the code in an adversarial model."""


def _cell(source: str, name: str, *, grade: bool, solution: bool, points: float | None = None) -> dict:
    flags = {"grade_id": name, "grade": grade, "solution": solution, "locked": not solution, "schema_version": 3}
    flags |= {} if points is None else {"points": points}
    return {
        "cell_type": "code",
        "id": name,
        "metadata": {"nbgrader": flags},
        "source": source,
        "outputs": [],
        "execution_count": None,
    }


def _answer(name: str, source: str) -> dict:
    return _cell(source, name, grade=False, solution=True)


def _test(name: str, points: float, source: str) -> dict:
    return _cell(source, name, grade=True, solution=False, points=points)


def _text(name: str) -> dict:
    """A question that is answered in words, which a person marks."""
    cell = _cell("", name, grade=True, solution=True, points=1)
    return {key: cell[key] for key in ("id", "metadata", "source")} | {"cell_type": "markdown"}


LAB = [
    _cell("import numpy as np", "setup", grade=False, solution=False),
    _answer("double", "def double(x):\n    return 2 * x"),
    _test(
        "test-double",
        2,
        "import numpy as np\nassert double(2) == 4, 'two times two'\n### BEGIN HIDDEN TESTS\n"
        f"secret = '{HIDDEN}'\nassert double(np.pi) == 2 * np.pi\n### END HIDDEN TESTS",
    ),
    _answer("values", "values = np.arange(3.0)"),
    _test(
        "test-values",
        4,
        "import numpy as np\nassert isinstance(values, np.ndarray) and values.shape == (3,), 'an array of three'\n"
        "float(np.mean(abs(values - np.arange(3)) < 1e-6) * 4)",
    ),
    _answer("score", "score = 1.0"),
    _test("test-score", 1, "score"),
    _text("explain"),
]
HANDED_IN = [
    *LAB[:5],
    _answer("score", "score = 1.0\nartefact = np.random.default_rng().normal(size=200)"),
    _test("test-score", 1, "assert artefact.shape == (200,)\nscore"),
    LAB[7],
]
"""The same lab with an artefact, of which everybody has one of their own: the engine is told to compare it."""
BY_KERAS = [
    *LAB[:4],
    _test(
        "test-values",
        4,
        "import keras\nfrom course_utils import checks\n"
        "off = keras.ops.abs(keras.ops.cast(values, 'float32') - keras.ops.arange(3, dtype='float32'))\n"
        "right = keras.ops.shape(values) == (3,) and bool(keras.ops.max(off) < 1e-6)\n"
        "checks.Verdict('values', 'right' if right else 'not yet', float(right)).marks(4)",
    ),
    *LAB[5:],
]
"""The same lab, of which one test is decided by Keras and the course's checks."""
LABS = {"lab": LAB, "handed-in": HANDED_IN, "by-keras": BY_KERAS}
FULL = {"test-double": 2.0, "test-values": 4.0, "test-score": 1.0}


@dataclass(frozen=True)
class Case:
    """One adversarial submission.

    Attributes:
        name: what it does, in a few words.
        expected: the outcomes it may end in.
        marks: the points it must get.
        answers: texts of answer cells, by grade id.
        before: an extra cell's text by the grade id of the cell it comes before.
        cells: changes the list of cells.
        raw: the notebook's bytes, in place of cells.
        kernel: the kernel that the notebook asks for.
        never: texts that the student must not get to see, besides the hidden line.
        says: what the message to some test must hold: why it was refused.
        lab: which of ``LABS`` it is handed in for.
        prepare: makes further files in the submission's folder.
        student: who hands it in, where the attack is in that name.
        stock: whether stock nbgrader is given it too, as far as it has what is attacked.
    """

    name: str
    expected: tuple[Outcome, ...]
    marks: dict
    answers: dict[str, str] = field(default_factory=dict)
    before: dict[str, str] = field(default_factory=dict)
    cells: Callable[[list[dict]], list[dict]] | None = None
    raw: bytes | None = None
    prepare: Callable[[Path], None] | None = None
    kernel: str = "python3"
    never: tuple[str, ...] = ()
    says: str = ""
    lab: str = "lab"
    student: str = ""
    stock: bool = True

    @property
    def who(self) -> str:
        """The student's id, which is the name of a folder."""
        return self.student or "".join(letter if letter.isalnum() else "_" for letter in self.name)

    @property
    def engine_only(self) -> bool:
        """Whether stock nbgrader is not given it: what is attacked only this engine has, or is none of it here: a network, a name,
        a class.
        """
        own = ("grading.exporter", "argv.index('-f')", "SERVERS")
        return (
            not self.stock
            or self.lab == "handed-in"
            or bool(self.student)
            or any(part in text for text in (*self.answers.values(), *self.before.values()) for part in own)
        )

    def write(self, folder: Path) -> None:
        """Writes the submission."""
        folder.mkdir(parents=True)
        cells = []
        for cell in LABS[self.lab]:
            name = cell["id"]
            if name in self.before:
                cells.append({"cell_type": "code", "id": f"x-{name}", "metadata": {}, "source": self.before[name]})
            cells.append({**cell, "source": self.answers.get(name, cell["source"])})
        for cell in cells:
            if cell["cell_type"] == "code":
                cell.update(outputs=[], execution_count=None)
            if "HIDDEN" in cell["source"]:
                cell["source"] = cell["source"].split("### BEGIN")[0]
        cells = self.cells(cells) if self.cells else cells
        notebook = {
            "cells": cells,
            "metadata": {"kernelspec": {"name": self.kernel}},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
        raw = self.raw if self.raw is not None else json.dumps(notebook).encode()
        (folder / "lab.ipynb").write_bytes(raw)
        if self.prepare:
            self.prepare(folder)


def marks(double: float | None, values: float | None, score: float | None) -> dict:
    """Points of the three tests, in order."""
    return {"test-double": double, "test-values": values, "test-score": score}


def _at(index: int, **changes) -> Callable[[list[dict]], list[dict]]:
    return lambda cells: [{**c, **changes} if i == index else c for i, c in enumerate(cells)]


def _forged(payload: str) -> str:
    """Code that puts something else in place of every reply to the examiner."""
    return (
        "import os, pickle, json, struct\nimport nbgrader_isolated.student.exporter as exporter\n"
        f"def answer(request, reply):\n    {payload}\nexporter.answer = answer"
    )


def _crossing(kind: str, plain: str) -> str:
    """Code that turns ``values`` into an object of a chosen kind on the wire, with any content."""
    return (
        "import nbgrader_isolated.student.exporter as exporter\n"
        f"exporter._cross = lambda value: ({kind!r}, {plain})\nvalues = object()"
    )


def _sequential(layer: dict | None = None) -> dict:
    dense = {"module": "keras.layers", "class_name": "Dense", "config": {"name": "d", "units": 1}}
    entrance = {"module": "keras.layers", "class_name": "InputLayer", "config": {"name": "i", "batch_shape": [None, 4]}}
    config = {"name": "m", "layers": [entrance, layer or dense]}
    return {"module": "keras", "class_name": "Sequential", "config": config}


def _model(layer: dict | None = None, **fields) -> str:
    return repr({"config": _sequential(layer), "weights": [], "trainable": [True] * 2, "compile": None, **fields})


def _from_file(config: str) -> str:
    """Code that hands in, for ``values``, a model of which a file next to the notebook is the configuration."""
    return "import io, json, zipfile\n" + _crossing(
        "model", f"{{'config': {config}, 'weights': [], 'trainable': [True] * 2, 'compile': None}}"
    )


def _lambda() -> dict:
    """A layer whose code, run in an examiner, would let itself be known by what the examiner says."""
    code = compile(
        "lambda x: (__import__('sys').modules['nbgrader_isolated.examiner.test_cell'].__dict__"
        f".update(explain=lambda error: {RAN!r}), x)[1]",
        "<lambda>",
        "eval",
    ).co_consts[0]
    function = {"code": base64.b64encode(marshal.dumps(code)).decode(), "defaults": None, "closure": None}
    config = {"name": "l", "function": {"class_name": "__lambda__", "config": function}, "arguments": {}}
    return {"module": "keras.layers", "class_name": "Lambda", "config": config}


def _calls_a_program() -> dict:
    """A layer whose activation is another module's function: Keras imported it, before it became careful."""
    program = {"module": "os", "class_name": "function", "config": "system", "registered_name": "system"}
    return {"module": "keras.layers", "class_name": "Activation", "config": {"name": "a", "activation": program}}


def keras_archive(layer: dict) -> Callable[[Path], None]:
    """Writes ``model.keras`` with one layer, as Keras writes it."""

    def write(folder: Path) -> None:
        import h5py

        weights = io.BytesIO()
        with h5py.File(weights, "w") as file:
            file.create_group("layers")
        with zipfile.ZipFile(folder / "model.keras", "w") as archive:
            archive.writestr("metadata.json", json.dumps({"keras_version": "3.15.1"}))
            archive.writestr("config.json", json.dumps(_sequential(layer)))
            archive.writestr("model.weights.h5", weights.getvalue())

    return write


def _hdf5_model(folder: Path) -> None:
    """A model in Keras's older format whose configuration has code in it, and whose weights are links to a secret."""
    import h5py

    with h5py.File(folder / "model.h5", "w") as file:
        file.attrs["model_config"] = json.dumps(_sequential(_lambda()))
        file["model_weights"] = h5py.ExternalLink(str(folder.parents[2] / "secret.h5"), "secret")


def _outside(folder: Path) -> None:
    """Two files of HDF5 that have their numbers in others, the secrets: one by a dataset, one by a link."""
    import h5py

    secret = folder.parents[2] / "secret.txt"
    with h5py.File(folder / "weights.h5", "w") as file:
        file.create_dataset(
            "kernel", (secret.stat().st_size,), "u1", external=[(str(secret), 0, secret.stat().st_size)]
        )
    with h5py.File(folder / "linked.h5", "w") as file:
        file["kernel"] = h5py.ExternalLink(str(folder.parents[2] / "secret.h5"), "secret")


def _in_a_text(cells: list[dict]) -> list[dict]:
    """Scripts in the answer that is a text, and in an image pasted into it."""
    image = base64.b64encode(f"<svg xmlns='http://www.w3.org/2000/svg' onload='{PWNED}'/>".encode()).decode()
    text = (
        f"<script>{PWNED}</script>\n\n<img src='x' onerror='{PWNED}'>\n\n<svg onload='{PWNED}'><script>{PWNED}</script>"
        f"</svg>\n\n[figure](javascript:{PWNED}) ![](attachment:a.svg) <div style='x:expression({PWNED})'>and so on</div>"
    )
    return [*cells[:7], {**cells[7], "source": text, "attachments": {"a.svg": {"image/svg+xml": image}}}]


def _archive(folder: Path) -> None:
    """A zip file of 60 kB that holds 60 MB."""
    with zipfile.ZipFile(folder / "data.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(60_000_000))


GRADED, REPAIRED, LATE = (Outcome.GRADED,), (Outcome.REPAIRED,), (Outcome.TIMED_OUT,)
DIED, NO_NOTEBOOK, PERSON = (Outcome.KERNEL_DIED,), (Outcome.NOT_A_NOTEBOOK,), (Outcome.NEEDS_MANUAL_REVIEW,)
NOTHING = marks(0, 0, 0)
EVIL = """
class Evil:
    shape, dtype = (3,), "float64"
    def __eq__(self, other): return True
    def __lt__(self, other): return True
    def __float__(self): return 1.0
    def __array__(self, *a, **k): import numpy; return numpy.full(3, 9.0)
    def __sub__(self, other): return 0 * other
    @property
    def __class__(self): import numpy; return numpy.ndarray
"""
YES = """
import types
class Yes(types.ModuleType):
    def __getattr__(self, name): return self
    def __call__(self, *a, **k): return self
    def __eq__(self, other): return True
    def __lt__(self, other): return True
    def __sub__(self, other): return self
    __hash__ = types.ModuleType.__hash__
    def marks(self, points): return float(points)
"""
"""A module of which everything is itself, that answers every question with yes, and gives full marks."""
FRIENDS = "score = 1.0\nartefact = np.random.default_rng(8).normal(size=200)"

ATTACKS = [
    # --- running away -----------------------------------------------------------------------------------------------
    Case("infinite loop", LATE, FULL, before={"values": "while True: pass"}),
    Case(
        "loop that ignores interrupts",
        LATE,
        marks(2, 0, 0),
        before={
            "values": "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True:\n    try:\n"
            "        while True: pass\n    except BaseException: pass"
        },
    ),
    Case(
        "function that never returns", LATE, marks(0, 4, 1), answers={"double": "def double(x):\n    while True: pass"}
    ),
    Case(
        "memory bomb",
        (Outcome.OUT_OF_MEMORY,),
        marks(2, 0, 0),
        before={"values": "hoard = []\nwhile True: hoard.append(bytearray(10_000_000))"},
    ),
    Case(
        "fork bomb",
        # Where the cell takes too long, the interrupt wakes all copies of the kernel, and what they say fills the memory.
        (Outcome.GRADED, Outcome.TIMED_OUT, Outcome.KERNEL_DIED, Outcome.OUT_OF_MEMORY),
        {"test-double": 2.0},
        before={
            "values": "import os, time\nfor _ in range(3000):\n    try:\n        if os.fork() == 0:\n"
            "            time.sleep(300); os._exit(0)\n    except OSError: pass"
        },
    ),
    Case(
        "disk filler in the home folder",
        GRADED,
        FULL,
        before={"values": "with open('big', 'wb') as file:\n    while True: file.write(bytes(1 << 20))"},
    ),
    Case(
        "disk filler in the folder of the kernel's sockets",
        DIED,
        marks(2, 0, 0),
        before={
            "values": "import sys, os, time\nfolder = os.path.dirname(sys.argv[sys.argv.index('-f') + 1])\n"
            "for i in range(200):\n    open(f'{folder}/{i}', 'wb').write(bytes(1 << 20)); time.sleep(0.02)"
        },
    ),
    Case("output flood", GRADED, FULL, before={"values": "for _ in range(20_000): print('flood ' * 500)"}),
    Case("exit without goodbye", DIED, marks(2, 0, 0), before={"values": "import os\nos._exit(0)"}),
    Case("function that ends the process", DIED, NOTHING, answers={"double": "import os\ndef double(x): os._exit(0)"}),
    Case("segmentation fault", DIED, marks(2, 0, 0), before={"values": "import ctypes\nctypes.string_at(0)"}),
    Case(
        "killing every process it can see",
        (Outcome.GRADED, Outcome.KERNEL_DIED),
        {"test-double": 2.0},
        before={
            "values": "import os, signal\nfor victim in (os.getppid(), 1, -1, *range(2, 200)):\n"
            "    if victim != os.getpid():\n        try: os.kill(victim, signal.SIGKILL)\n        except OSError: pass"
        },
    ),
    Case(
        "daemon left running",
        GRADED,
        FULL,
        before={
            "values": "import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)', "
            "'adversarial-daemon'], start_new_session=True)"
        },
    ),
    # --- pretending -------------------------------------------------------------------------------------------------
    Case(
        "hook that rewrites every syntax tree",
        GRADED,
        marks(0, 4, 1),
        answers={"double": "def double(x):\n    return 3"},
        before={
            "double": "import ast\nclass Hook(ast.NodeTransformer):\n    def visit_Assert(self, node):\n"
            "        return ast.Pass()\nget_ipython().ast_transformers.append(Hook())"
        },
    ),
    Case(
        "hook that rewrites every cell",
        GRADED,
        NOTHING,
        before={"double": "get_ipython().input_transformers_cleanup.append(lambda lines: ['pass\\n'])"},
    ),
    Case(
        "patched numpy",
        GRADED,
        marks(2, 0, 1),
        answers={"values": "values = np.zeros(3) + 9"},
        before={"values": "import numpy\nnumpy.mean = lambda *a: 1.0\nnumpy.arange = lambda *a: numpy.full(3, 9.0)"},
    ),
    Case(
        "modules put in place of Keras and the checks",
        GRADED,
        marks(0, 0, 1),
        answers={"double": "def double(x):\n    return 3", "values": "values = np.zeros(3) + 9"},
        before={
            "double": YES + "import sys\n"
            "for name in ('keras', 'tensorflow', 'course_utils.checks', 'unittest', 'numpy.testing'):\n"
            "    sys.modules[name] = Yes(name)"
        },
        lab="by-keras",
    ),
    Case(
        "wrong numbers under a mask",  # of which every comparison of NumPy's says nothing
        GRADED,
        marks(2, 0, 1),
        answers={"values": "values = np.ma.array([0.0, 9, 9], mask=[0, 1, 1])"},
    ),
    Case(
        "patched checks",
        GRADED,
        marks(2, 0, 1),
        answers={"values": "values = np.zeros(3) + 9"},
        before={
            "values": "from course_utils import checks\nchecks.Verdict.__post_init__ = lambda *a: None\n"
            "checks.Verdict.marks = lambda *a: 4.0"
        },
        lab="by-keras",
    ),
    Case(
        "file next to the notebook in place of Keras",
        GRADED,
        marks(2, 0, 1),
        answers={"values": "values = np.zeros(3) + 9"},
        prepare=lambda f: (f / "keras.py").write_text(YES + "import sys\nsys.modules['keras'] = Yes('keras')"),
        lab="by-keras",
    ),
    Case(
        "names that shadow Keras and the checks",
        GRADED,
        marks(2, 0, 1),
        answers={
            "values": YES + "values = np.zeros(3) + 9\nkeras = checks = course_utils = right = off = Yes('x')\n"
            "float = bool = lambda *a: 1.0"
        },
        lab="by-keras",
    ),
    Case(
        "patched builtins",
        GRADED,
        marks(0, 0, 1),
        answers={"double": "def double(x):\n    return 3", "values": "values = [0]"},
        before={"double": "import builtins\nbuiltins.abs = lambda x: 0\nbuiltins.round = lambda *a: 4"},
    ),
    Case(
        "names that shadow the check's",
        GRADED,
        marks(0, 0, 1),
        answers={
            "double": "def double(x):\n    return 3",
            "values": "values = [0]\nclass np: pi = 1.5; ndarray = list; mean = lambda x: 1\n"
            "isinstance = lambda *a: True\nabs = lambda x: 0",
        },
    ),
    Case(
        "object that is equal to everything",
        GRADED,
        marks(0, 0, 0),
        answers={
            "double": EVIL + "def double(x):\n    return Evil()",
            "values": "values = Evil()",
            "score": "score = Evil()",
        },
    ),
    Case("score that is not a number", PERSON, marks(2, 4, None), answers={"score": "score = float('nan')"}),
    Case("negative score", PERSON, marks(2, 4, None), answers={"score": "score = -1"}),
    Case("score above the maximum", PERSON, marks(2, 4, None), answers={"score": "score = 100"}),
    Case("score as a NumPy zero", GRADED, marks(2, 4, 0), answers={"score": "score = np.float64(0)"}),
    Case("noise on stderr", GRADED, FULL, before={"values": "import sys\nprint('noise', file=sys.stderr)"}),
    Case(
        "function that prints to stderr",
        GRADED,
        FULL,
        answers={"double": "import sys\ndef double(x):\n    print('noise', file=sys.stderr)\n    return 2 * x"},
    ),
    # --- forging ----------------------------------------------------------------------------------------------------
    Case(
        "pickle for a reply",
        GRADED,
        NOTHING,
        before={
            "double": "class Bomb:\n    def __reduce__(self): import os; return (os.system, ('touch /tmp/pwned',))\n"
            + _forged("open(reply, 'wb').write(pickle.dumps(Bomb()))")
        },
    ),
    Case(
        "NumPy file with objects for a reply",
        GRADED,
        NOTHING,
        before={"double": _forged("import numpy; numpy.save(open(reply, 'wb'), numpy.array([{}], object))")},
    ),
    Case("link for a reply", GRADED, NOTHING, before={"double": _forged("os.symlink('/etc/passwd', reply)")}),
    Case("pipe for a reply", GRADED, NOTHING, before={"double": _forged("os.mkfifo(reply)")}),
    Case("folder for a reply", GRADED, NOTHING, before={"double": _forged("os.mkdir(reply)")}),
    Case(
        "reply that claims a petabyte",
        GRADED,
        NOTHING,
        before={
            "double": _forged(
                "head = json.dumps({'sizes': [0], 'value': {'array': ['float64', [2**47], 0, False]}}).encode(); "
                "open(reply, 'wb').write(b'wire1\\n' + struct.pack('<I', len(head)) + head)"
            )
        },
    ),
    Case(
        "reply nested a hundred thousand deep",
        GRADED,
        NOTHING,
        before={
            "double": _forged(
                "head = b'[' * 100000; open(reply, 'wb').write(b'wire1\\n' + struct.pack('<I', len(head)) + head)"
            )
        },
    ),
    Case(
        "reply in another form",
        GRADED,
        NOTHING,
        before={"double": _forged("open(reply, 'wb').write(exporter.encode([1]))")},
    ),
    Case(
        "forged kernel messages",
        GRADED,
        FULL,
        before={
            "double": "kernel = get_ipython().kernel\nparent = kernel.get_parent('shell')\n"
            "for content in ({'execution_state': 'idle'}, {'execution_state': ['idle']}, {}):\n"
            "    kernel.session.send(kernel.iopub_socket, 'status', content=content, parent=parent)\n"
            "for kind in ('stream', 'error', 'display_data', 'execute_result'):\n"
            "    for content in ({}, {'text': 1, 'data': [], 'traceback': 'x', 'ename': {}}, "
            "{'data': {'text/html': '<script>', 'image/png': {}}}):\n"
            "        kernel.session.send(kernel.iopub_socket, kind, content=content, parent=parent)\n"
            "kernel.iopub_socket.send_multipart([b'x'] * 50)"
        },
    ),
    Case(
        "model with a Lambda",
        GRADED,
        marks(2, 0, 1),
        answers={
            "values": _crossing(
                "model",
                _model(_lambda()),
            )
        },
        never=(RAN,),
        says="A 'Lambda' cannot be handed over",
    ),
    Case(
        "model whose layer loads a saved model",
        GRADED,
        marks(2, 0, 1),
        answers={
            "values": _crossing(
                "model", _model({"module": "keras.layers", "class_name": "TFSMLayer", "config": {"filepath": "/etc"}})
            )
        },
    ),
    Case(
        "model with an initialiser from another module",
        GRADED,
        marks(2, 0, 1),
        answers={
            "values": _crossing(
                "model",
                _model(
                    {
                        "module": "keras.layers",
                        "class_name": "Dense",
                        "config": {
                            "name": "d",
                            "units": 1,
                            "kernel_initializer": {
                                "module": "os",
                                "class_name": "system",
                                "config": {"command": "touch /tmp/pwned"},
                            },
                        },
                    }
                ),
            )
        },
    ),
    Case(
        "model with a vocabulary file",
        GRADED,
        marks(2, 0, 1),
        answers={
            "values": _crossing(
                "model",
                _model(
                    {
                        "module": "keras.layers",
                        "class_name": "StringLookup",
                        "config": {"name": "s", "vocabulary": "/etc/passwd"},
                    }
                ),
            )
        },
    ),
    Case(
        "model of ten gigabytes",
        GRADED,
        marks(2, 0, 1),
        answers={
            "values": _crossing(
                "model",
                _model(
                    {"module": "keras.layers", "class_name": "Dense", "config": {"name": "d", "units": 2_000_000_000}}
                ),
            )
        },
    ),
    Case(
        "model in HDF5, with code and with links to a secret",
        GRADED,
        marks(2, 0, 1),
        prepare=_hdf5_model,
        answers={"values": _from_file("open('model.h5', 'rb').read()")},
        never=(RAN,),
        says="A model of class",
    ),
    Case(
        ".keras archive for a model",
        GRADED,
        marks(2, 0, 1),
        prepare=keras_archive(_lambda()),
        answers={"values": _from_file("open('model.keras', 'rb').read()")},
        never=(RAN,),
        says="A model of class",
    ),
    Case(
        "model from a .keras archive with a Lambda",
        GRADED,
        marks(2, 0, 1),
        prepare=keras_archive(_lambda()),
        answers={"values": _from_file("json.loads(zipfile.ZipFile('model.keras').read('config.json'))")},
        never=(RAN,),
        says="A 'Lambda' cannot be handed over",
    ),
    Case(
        "model from a .keras archive that names a program",
        GRADED,
        marks(2, 0, 1),
        prepare=keras_archive(_calls_a_program()),
        answers={"values": _from_file("json.loads(zipfile.ZipFile('model.keras').read('config.json'))")},
        says="not written as a Keras object",
    ),
    Case(
        ".keras archive for an artefact",
        GRADED,
        marks(2, 4, 0),
        prepare=keras_archive(_lambda()),
        answers={"score": "score = 1.0\nartefact = open('model.keras', 'rb').read()"},
        never=(RAN,),
        lab="handed-in",
    ),
    Case(
        "model in YAML that calls a program",
        GRADED,
        marks(2, 0, 1),
        answers={
            "values": _crossing("model", _model(config="!!python/object/apply:os.system ['touch /tmp/pwned']")),
        },
    ),
    Case(
        "model with a class of its own",
        GRADED,
        marks(2, 0, 1),
        answers={
            "values": _crossing(
                "model",
                _model(
                    {"module": None, "class_name": "Evil", "registered_name": "Custom>Evil", "config": {"name": "e"}}
                ),
            )
        },
    ),
    Case("object of an unknown kind", GRADED, marks(2, 0, 1), answers={"values": _crossing("code", "'import os'")}),
    # --- looking around ---------------------------------------------------------------------------------------------
    Case(
        "reading whatever there is",
        GRADED,
        FULL,
        before={
            "score": "import os, gc, sys\nprint(dict(os.environ))\nlibraries = {sys.prefix, sys.base_prefix, '/proc', '/usr', '/dev'}\n"
            "for folder, folders, files in os.walk('/'):\n"
            "    folders[:] = [f for f in folders if os.path.join(folder, f) not in libraries]\n"
            "    for name in files:\n"
            "        if name.endswith(('.db', '.txt', '.ipynb', '.json', '.wire', 'message')):\n"
            "            try: print(folder, name, open(os.path.join(folder, name)).read()[:2000])\n"
            "            except Exception: pass\n"
            "print([o for o in gc.get_objects() if isinstance(o, str) and 'hidden' + ' line' in o][:3])\n"
            "frame = sys._getframe()\nwhile frame: print(list(frame.f_globals)[:50]); frame = frame.f_back"
        },
    ),
    Case(
        "reading every place it knows, another submission too",
        GRADED,
        FULL,
        before={
            "score": "for place in CANARIES:\n    try: print(open(place, errors='replace').read()[:2000])\n"
            "    except OSError: pass"
        },
    ),
    Case(
        "function that looks at who calls it",
        GRADED,
        FULL,
        answers={
            "double": "import inspect\nseen = []\ndef double(x):\n    seen.append(str(inspect.stack())[:20000])\n    return 2 * x"
        },
        before={"score": "print(seen)"},
    ),
    Case(
        "writing to every place it knows",
        GRADED,
        FULL,
        before={
            "values": "import os\nfor known in CANARIES:\n    for path in (known, os.path.join(os.path.dirname(known), 'pwned')):\n"
            "        try:\n            os.makedirs(os.path.dirname(path), exist_ok=True); open(path, 'w').write('pwned')\n"
            "        except OSError: pass\n    try: os.unlink(known)\n    except OSError: pass"
        },
    ),
    Case(
        "calling home",
        GRADED,
        FULL,
        before={
            "values": "import socket\nfor family, address in SERVERS:\n    try:\n"
            "        s = socket.socket(family); s.settimeout(2); s.connect(address); s.send(b'pwned')\n"
            "    except OSError: pass"
        },
    ),
    Case(
        "script in an output",
        GRADED,
        FULL,
        before={
            "values": "from IPython.display import HTML, SVG, Javascript, display\ndisplay(HTML('<script>pwned()</script>'), "
            "SVG('<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"pwned()\"/>'), Javascript('pwned()'))"
        },
    ),
    Case("script in a text", GRADED, FULL, cells=_in_a_text),
    Case(
        "exception that tells what a hidden test sent",
        GRADED,
        marks(0, 4, 1),
        answers={"double": "def double(x):\n    if x != 2:\n        raise ValueError(f'it sent {x}')\n    return 4"},
        never=("3.14159",),
    ),
    Case(
        "poisoned feature store",
        GRADED,
        FULL,
        before={
            "values": "import os\nfor name in ('features.npz', 'more.npz'):\n    try:\n"
            "        open(f'{STORE}/.{name}', 'w').write('pwned'); os.replace(f'{STORE}/.{name}', f'{STORE}/{name}')\n"
            "    except OSError: pass"
        },
    ),
    # --- files ------------------------------------------------------------------------------------------------------
    Case(
        "archive that expands a thousandfold",
        GRADED,
        FULL,
        prepare=_archive,
        before={"values": "import zipfile\nzipfile.ZipFile('data.zip').extractall('data')"},
    ),
    Case("formula for a name", GRADED, FULL, student='=HYPERLINK("http:host"&A1)'),
    Case("formula after what a spreadsheet passes over, for a name", GRADED, FULL, student="\t\n\x1b[2J \r@SUM(A1)"),
    Case(
        "name in letters of other languages, as long as a file system takes",
        GRADED,
        FULL,
        student="Zoë 名前 " + "ö" * 120,
    ),
    Case(
        "HDF5 files that borrow a secret's bytes, or link to it",
        GRADED,
        FULL,
        prepare=_outside,
        before={
            "score": "import h5py\nfor name in ('weights.h5', 'linked.h5'):\n"
            "    try: print(bytes(h5py.File(name)['kernel'][:]))\n    except (OSError, KeyError): pass"
        },
    ),
    Case(
        "link to a secret",
        GRADED,
        FULL,
        prepare=lambda f: (f / "data.txt").symlink_to(f.parents[2] / "secret.txt"),
        before={"score": "print(open('data.txt').read())"},
    ),
    Case(
        "hard link to a secret",
        GRADED,
        FULL,
        prepare=lambda f: os.link(f.parents[2] / "secret.txt", f / "data.txt"),
        before={"score": "print(open('data.txt').read())"},
    ),
    Case(
        "names that climb, are long or break lines",
        GRADED,
        FULL,
        prepare=lambda f: [
            (f / name).write_text("x") for name in ("..\\..\\x", "a\nb", "ü" * 100, "-rf", "$(touch pwned)")
        ],
    ),
    Case(
        "module that stands in for the kernel",
        # A kernel that is forked has been imported already.
        GRADED if template.usable() else PERSON,
        FULL if template.usable() else marks(None, None, None),
        prepare=lambda f: (f / "ipykernel_launcher.py").write_text("raise SystemExit"),
    ),
    Case(
        "notebook that is a link",
        NO_NOTEBOOK,
        NOTHING,
        prepare=lambda f: [(f / "lab.ipynb").rename(f / "other.ipynb"), (f / "lab.ipynb").symlink_to("other.ipynb")],
    ),
    # --- cells ------------------------------------------------------------------------------------------------------
    Case("test cell edited", REPAIRED, FULL, cells=_at(2, source="pass")),
    Case("test cell emptied", REPAIRED, FULL, cells=_at(2, source="")),
    Case("test cell turned into text", REPAIRED, FULL, cells=_at(2, cell_type="markdown")),
    Case("test cell deleted", REPAIRED, FULL, cells=lambda cells: [*cells[:2], *cells[3:]]),
    Case("test cell twice", REPAIRED, FULL, cells=lambda cells: [*cells[:3], cells[2], *cells[3:]]),
    Case("answer cell twice", REPAIRED, FULL, cells=lambda cells: [*cells[:2], cells[1], *cells[2:]]),
    Case("tests before answers", REPAIRED, FULL, cells=lambda cells: [cells[i] for i in (0, 2, 4, 6, 1, 3, 5, 7)]),
    Case("metadata stripped", REPAIRED, FULL, cells=lambda cells: [{**c, "metadata": {}} for c in cells]),
    Case(
        "points raised and tests unlocked",
        GRADED,
        FULL,
        cells=lambda cells: [
            {**c, "metadata": {"nbgrader": {**c["metadata"]["nbgrader"], "points": 1e9, "locked": False}}}
            for c in cells
        ],
    ),
    Case(
        "metadata of other types",
        REPAIRED,
        FULL,
        cells=lambda cells: [
            {**c, "metadata": m}
            for c, m in zip(
                cells, ([], "x", {"nbgrader": 3}, {"nbgrader": {"grade_id": []}}, None, {}, {}, {}), strict=True
            )
        ],
    ),
    Case("another kernel", GRADED, FULL, kernel="../../bash -c evil"),
    # --- files that are no notebooks --------------------------------------------------------------------------------
    Case("cut off", NO_NOTEBOOK, NOTHING, raw=b'{"cells": [{"cell_type": "code", "sour'),
    Case("empty file", NO_NOTEBOOK, NOTHING, raw=b""),
    Case("not JSON", NO_NOTEBOOK, NOTHING, raw=b"\x7fELF" + bytes(1000)),
    Case("JSON nested without end", NO_NOTEBOOK, NOTHING, raw=b'{"cells": ' + b"[" * 200_000),
    Case("forty megabytes", NO_NOTEBOOK, NOTHING, raw=b'{"cells": [], "x": "' + b"a" * 40_000_000 + b'"}'),
    Case("a million cells", NO_NOTEBOOK, NOTHING, raw=b'{"cells": [' + b"{}," * 1_000_000 + b"{}]}"),
    Case("no notebook at all", NO_NOTEBOOK, NOTHING, prepare=lambda f: (f / "lab.ipynb").unlink()),
    # --- what is somebody else's ------------------------------------------------------------------------------------
    Case("artefact that a friend copies", PERSON, FULL, answers={"score": FRIENDS}, lab="handed-in"),
    Case(
        "artefact of a friend, handed in again with noise",
        PERSON,
        FULL,
        answers={"score": f"{FRIENDS} + np.random.default_rng().normal(scale=1e-5, size=200)"},
        lab="handed-in",
    ),
]


def _raw(parts: bytes) -> str:
    """Code that writes to the kernel's end of the control channel, for three seconds, past the library that serves it."""
    return f"""
import os, select, socket, struct, time
data, end = {parts!r} + struct.pack(">Q", 15_000_000) + bytes(15_000_000), time.time() + 3
for number in range(3, 1000):
    try:
        channel = socket.socket(fileno=os.dup(number))
        channel.getpeername()
    except OSError:
        continue
    if channel.family == socket.AF_UNIX and str(channel.getsockname()).endswith("k-4"):
        left = memoryview(data)
        while time.time() < end:
            try:
                left = left[channel.send(left, socket.MSG_DONTWAIT):] or memoryview(data)
            except BlockingIOError:
                select.select([], [channel], [], 0.1)
        break
"""


ENGINE_ONLY = [
    Case("flood of whole messages on the control channel", GRADED, FULL, before={"values": _raw(b"\x02")}),
    Case("message without end on the control channel", PERSON, marks(2, None, None), before={"values": _raw(b"\x03")}),
    Case(
        "disk filler in the folder of the kernel's sockets, with files that have no name any more",
        # As root the room is full before it is noticed, or noticed first; then the file's own limit ends it.
        (Outcome.GRADED, Outcome.KERNEL_DIED),
        {"test-double": 2.0},
        before={
            "values": "import sys, os\nfolder = os.path.dirname(sys.argv[sys.argv.index('-f') + 1])\n"
            "files = []\nfor i in range(4):\n    files.append(open(f'{folder}/{i}', 'wb', buffering=0))\n"
            "    os.unlink(f'{folder}/{i}')\n    for _ in range(300):\n        try: files[i].write(bytes(1 << 20))\n"
            "        except OSError: break"
        },
    ),
    Case(
        "hundreds of processes that spin",
        (Outcome.GRADED, Outcome.TIMED_OUT),
        {"test-double": 2.0},
        before={
            "values": "import os\nfor _ in range(300):\n    try:\n        if os.fork() == 0:\n"
            "            os.setsid()\n            while True: pass\n    except OSError: pass"
        },
    ),
]
"""Attacks on what stock nbgrader does not have, or has no better of: not in the table that compares the two.
The last two would harm a machine on which nothing shuts them in."""


def _named_in_markdown(folder: Path) -> None:
    """A link, which is left out with a note, under a name that is bold, a link and a formula in Markdown."""
    (folder / "**bold** [x](y) $z$.png").symlink_to("nowhere")


SHOWN = [
    Case("file name in Markdown", GRADED, FULL, prepare=_named_in_markdown),
    Case(
        "class name in colours and from right to left",
        GRADED,
        marks(0, 4, 1),
        answers={
            "double": "def double(x):\n    raise type('\\x1b[31mEvil\\u202e**x**', (Exception,), {})('secret')",
        },
    ),
    Case("code on which a highlighter takes hours", GRADED, FULL, before={"values": "'''" + "." * 900_000 + "'''"}),
    Case(
        "text on which a reader of Markdown takes hours",
        GRADED,
        FULL,
        cells=lambda cells: [*cells, *({"cell_type": "markdown", "metadata": {}, "source": "\\\\[" * 6_000},) * 50],
    ),
    Case(
        "thousands of small outputs",
        (Outcome.GRADED, Outcome.TIMED_OUT),  # on a busy machine they take longer than a cell may
        FULL,
        before={"values": "from IPython.display import display\nfor i in range(1_000): display(i)"},
    ),
]
"""What is meant for those who read the page of a graded notebook, and ends after the mark. Stock nbgrader was not given these."""
