"""More submissions of kinds that have done harm once: for each kind the ways that nobody had tried before.

What each must get is as in ``corpus.py``. Stock nbgrader was not given these.
"""

from __future__ import annotations

import gzip
import io
import os
import socket
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from nbgrader_isolated.outcomes import Outcome

from .corpus import ATTACKS, DIED, EVIL, FULL, GRADED, NO_NOTEBOOK, NOTHING, PERSON, PWNED, Case, marks

SCRIPT = f"<script>{PWNED}</script>"
_ENDED = (Outcome.KERNEL_DIED, Outcome.TIMED_OUT)
PASSED = {"test-double": 2.0}
_PLAIN = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}


def _files(texts: dict[str, str]) -> Callable[[Path], None]:
    """Puts files next to the notebook."""

    def write(folder: Path) -> None:
        for name, text in texts.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)

    return write


def _as(name: str) -> Callable[[Path], None]:
    """Hands the notebook in under another name."""

    def rename(folder: Path) -> None:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "lab.ipynb").rename(folder / name)

    return rename


def _encoded(encode: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    """Hands in other bytes of the same notebook."""

    def write(folder: Path) -> None:
        (folder / "lab.ipynb").write_bytes(encode((folder / "lab.ipynb").read_bytes()))

    return write


def _zipped(raw: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("lab.ipynb", raw)
    return made.getvalue()


def _two_that_differ(folder: Path) -> None:
    raw = (folder / "lab.ipynb").read_bytes()
    (folder / "lab (1).ipynb").write_bytes(raw + b" ")
    (folder / "lab.ipynb").rename(folder / "lab (2).ipynb")


def _in_place_of_the_notebook(make: Callable[[Path], object]) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        (folder / "lab.ipynb").unlink()
        make(folder / "lab.ipynb")

    return write


def _socket(folder: Path) -> None:
    here = os.getcwd()
    os.chdir(folder)  # the name of a socket may have a hundred letters
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind("socket")
    finally:
        os.chdir(here)


def _sparse(folder: Path) -> None:
    with open(folder / "sparse.bin", "wb") as file:
        file.truncate(10**12)


def _deep(folder: Path) -> None:
    place = folder.joinpath(*["d"] * 40)
    place.mkdir(parents=True)
    (place / "data.txt").write_text("deep")


def _text(source: str, **more: object) -> Callable[[list[dict]], list[dict]]:
    """The answer in words is this text."""
    return lambda cells: [*cells[:7], {**cells[7], "source": source, **more}]


def _before(source: str) -> dict[str, str]:
    return {"values": source}


RENDERED = [
    Case(
        "file name that is a tag of HTML",
        GRADED,
        FULL,
        prepare=lambda f: (f / f"<img src=x onerror={PWNED}>.png").symlink_to("nowhere"),
    ),
    Case(
        "file name from right to left",
        GRADED,
        FULL,
        prepare=lambda f: (f / "gnp.\u202ex.png").write_text("x"),
        never=("\u202e",),
    ),
    Case(
        "exception whose name is a script",
        GRADED,
        marks(0, 4, 1),
        answers={"double": f"def double(x):\n    raise type({SCRIPT!r}, (Exception,), {{}})({SCRIPT!r})"},
    ),
    Case(
        "function whose name is a script",
        GRADED,
        FULL,
        answers={"double": f"def double(x):\n    return 2 * x\ndouble.__name__ = double.__qualname__ = {SCRIPT!r}"},
    ),
    Case("warning that is a script", GRADED, FULL, before=_before(f"import warnings\nwarnings.warn({SCRIPT!r})")),
    Case("error of a cell that is a script", GRADED, FULL, before=_before(f"raise ValueError({SCRIPT!r})")),
    Case(
        "name of a pasted image that is a script",
        GRADED,
        FULL,
        cells=_text(
            f'![]("attachment:{SCRIPT}")', attachments={f'"><img src=x onerror={PWNED}>': {"image/png": "iVBORw0KGgo="}}
        ),
    ),
    Case(
        "links that are scripts, in every spelling",
        GRADED,
        FULL,
        cells=_text(
            f"[a](JaVaScRiPt:{PWNED}) [b](java\tscript:{PWNED}) [c](data:text/html,{SCRIPT}) [d](vbscript:{PWNED})\n\n"
            f"<a href='&#106;avascript:{PWNED}'>e</a> <a href='files/javascript:{PWNED}'>f</a> <javascript:{PWNED}>\n\n"
            f"[g]: javascript:{PWNED}\n\n[g] <form action='javascript:{PWNED}'><button>h</button></form>"
        ),
    ),
    Case(
        "style sheets, frames and other pages in a text",
        GRADED,
        FULL,
        cells=_text(
            f"<style>@import 'javascript:{PWNED}'</style><iframe srcdoc=\"{SCRIPT}\"></iframe><base href='javascript:{PWNED}//'>"
            f"<object data='javascript:{PWNED}'></object><embed src='javascript:{PWNED}'><meta http-equiv=refresh "
            f"content='0;url=javascript:{PWNED}'><math href='javascript:{PWNED}'>x</math><details open ontoggle={PWNED}>"
        ),
    ),
    Case(
        "commands to a terminal in an output",
        GRADED,
        FULL,
        before=_before("print('\\x1b]0;title\\x07\\x1b[2J\\x1b[1A\\x9b2J\\rgone')"),
        never=("\\u001b]", "\\u001b[2J", "\x9b"),
    ),
    Case(
        "script that is called an image",
        GRADED,
        FULL,
        before=_before(
            f"from IPython.display import Image, display\ndisplay(Image(data=b'GIF89a/*{SCRIPT}*/', format='png'))"
        ),
    ),
]
LONG = [
    Case("cell of more characters than are read", GRADED, FULL, before=_before("#" * 1_200_000)),
    Case("brackets ten thousand deep", GRADED, FULL, before=_before("(" * 10_000 + ")" * 10_000)),
    Case("two hundred cells more", GRADED, FULL, cells=lambda cells: [*cells, *({**_PLAIN, "source": "1"},) * 200]),
    Case(
        "lists in lists in a text",
        GRADED,
        FULL,
        cells=_text("\n".join("  " * depth + "- x" for depth in range(300)) + "\n\n" + "> " * 3_000 + "x"),
    ),
    Case(
        "table of twenty thousand cells in a text",
        GRADED,
        FULL,
        cells=_text("|" + "a|" * 100 + "\n|" + "-|" * 100 + "\n" + ("|" + "b|" * 100 + "\n") * 200),
    ),
    Case("colours without end", GRADED, FULL, before=_before("print('\\x1b[31m.\\x1b[0m' * 15_000)")),
    Case("accents without end", GRADED, FULL, before=_before("print(('a' + '\\u0301' * 500 + '\\n') * 100)")),
    Case(
        "output that is replaced hundreds of times",
        GRADED,
        FULL,
        before=_before(
            "from IPython.display import display, clear_output\nshown = display(0, display_id=True)\n"
            "for i in range(200): shown.update(i)\nfor i in range(200): clear_output()"
        ),
    ),
    Case(
        "error with a million letters",
        GRADED,
        marks(0, 4, 1),
        answers={"double": "def double(x):\n    raise ValueError('x' * 1_000_000)"},
    ),
]
RENAMED = [
    Case("name that a browser gave", GRADED, FULL, prepare=_as("lab (1).ipynb")),
    Case("name with another ending", GRADED, FULL, prepare=_as("lab.ipynb.txt")),
    Case("name that is a script", GRADED, FULL, prepare=_as(f"lab {SCRIPT.replace('/', '')}.ipynb")),
    Case("notebook in a folder", GRADED, FULL, prepare=_as("my work/lab.ipynb")),
    Case(
        "notebook six folders deep", NO_NOTEBOOK, NOTHING, prepare=_as("a/b/c/d/e/f/lab.ipynb"), says="was it renamed?"
    ),
    Case("two notebooks that differ", NO_NOTEBOOK, NOTHING, prepare=_two_that_differ, says="several files could be it"),
    Case(
        "folder with the notebook's name",
        NO_NOTEBOOK,
        NOTHING,
        prepare=_in_place_of_the_notebook(lambda path: path.mkdir()),
        says="link, or not a file",
    ),
    Case(
        "pipe with the notebook's name",
        NO_NOTEBOOK,
        NOTHING,
        prepare=_in_place_of_the_notebook(os.mkfifo),
        says="link, or not a file",
    ),
]
NO_NOTEBOOKS = [
    Case("saved web page", NO_NOTEBOOK, NOTHING, raw=b"<!DOCTYPE html><html></html>", says="a web page (HTML)"),
    Case("zipped notebook", NO_NOTEBOOK, NOTHING, prepare=_encoded(_zipped), says="a ZIP archive"),
    Case("compressed notebook", NO_NOTEBOOK, NOTHING, prepare=_encoded(gzip.compress), says="a compressed (gzip) file"),
    Case(
        "merge conflict",
        NO_NOTEBOOK,
        NOTHING,
        prepare=_encoded(lambda raw: b"<<<<<<< HEAD\n" + raw + b"\n=======\n" + raw + b"\n>>>>>>> other\n"),
        says="both sides of a merge conflict",
    ),
    Case(
        "two notebooks in one file", NO_NOTEBOOK, NOTHING, prepare=_encoded(lambda raw: raw * 2), says="after its end"
    ),
    Case("list in place of a notebook", NO_NOTEBOOK, NOTHING, raw=b"[1, 2]", says="not a notebook (format 4)"),
    Case("notebook of format 3", NO_NOTEBOOK, NOTHING, raw=b'{"worksheets": [], "nbformat": 3}', says="format 3"),
    Case("number of ten thousand digits", NO_NOTEBOOK, NOTHING, raw=b'{"cells": [], "x": 1' + b"0" * 10_000 + b"}"),
    Case("notebook in UTF-16", GRADED, FULL, prepare=_encoded(lambda raw: raw.decode().encode("utf-16"))),
    Case("notebook with a mark of byte order", GRADED, FULL, prepare=_encoded(lambda raw: b"\xef\xbb\xbf" + raw)),
    Case(
        "notebook with endless numbers",
        GRADED,
        FULL,
        prepare=_encoded(lambda raw: raw.replace(b'"metadata": {}', b'"metadata": {"a": NaN, "b": 1e999}', 1)),
    ),
]
BESIDE = [
    Case(
        "module of one's own, which is used",
        GRADED,
        FULL,
        prepare=_files({"helper.py": "def twice(x):\n    return 2 * x\n"}),
        answers={"double": "import helper\ndef double(x):\n    return helper.twice(x)"},
    ),
    Case(
        "modules of one's own with the names of others",
        GRADED,
        FULL,
        prepare=_files(
            {f"{name}.py": "raise SystemExit" for name in ("numpy", "random", "json", "os", "typing", "ast")}
        ),
        before=_before("import random, json, os, typing, ast, numpy"),
    ),
    Case(
        "package in place of the wire",
        GRADED,
        FULL,
        prepare=_files(
            {
                f"nbgrader_isolated/{name}": "raise SystemExit"
                for name in ("__init__.py", "wire/__init__.py", "student.py")
            }
        ),
    ),
    Case(
        "what Python and IPython run by themselves",
        GRADED,
        FULL,
        prepare=_files(
            {
                **{f"{name}customize.py": "raise SystemExit" for name in ("site", "user")},
                **{
                    f"{name}_config.py": "raise SystemExit"
                    for name in ("ipython", "ipython_kernel", "jupyter", "nbgrader")
                },
                "x.pth": "import os; os._exit(1)",
            }
        ),
    ),
    Case("socket beside the notebook", GRADED, FULL, prepare=_socket),
    Case("file of a terabyte that takes no room", GRADED, FULL, prepare=_sparse),
    Case("folders forty deep", GRADED, FULL, prepare=_deep),
    Case(
        "six hundred files",
        GRADED,
        FULL,
        prepare=lambda f: [(f / f"{number}.txt").write_text("x") for number in range(600)],
    ),
]
ENDS = [
    Case("exit() in a cell", GRADED, FULL, before=_before("exit()")),
    Case("sys.exit(3) in a cell", GRADED, FULL, before=_before("import sys\nsys.exit(3)")),
    Case(
        "exit in a function",
        GRADED,
        marks(0, 4, 1),
        answers={"double": "def double(x):\n    raise SystemExit(0)"},
    ),
    Case(
        "end that waits for an end",
        GRADED,
        FULL,
        before=_before("import atexit, time\natexit.register(lambda: time.sleep(600))\nexit"),
    ),
    Case("process that aborts", DIED, marks(2, 0, 0), before=_before("import os\nos.abort()")),
    Case("process that kills itself", DIED, marks(2, 0, 0), before=_before("import os\nos.kill(os.getpid(), 9)")),
    Case(
        "process that becomes another program",
        DIED,
        marks(2, 0, 0),
        before=_before("import os, sys\nos.execv(sys.executable, [sys.executable, '-c', ''])"),
    ),
    Case(
        "process that stops itself",
        _ENDED,
        marks(2, 0, 0),
        before=_before("import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)"),
    ),
    Case(
        "stack without end",
        DIED,
        NOTHING,
        answers={
            "double": "import sys\nsys.setrecursionlimit(10**9)\nclass Deep:\n    def __getattr__(self, name): "
            "return getattr(self, name)\ndef double(x):\n    return repr(eval('Deep().x'))"
        },
    ),
    Case(
        "recursion without end",
        GRADED,
        marks(0, 4, 1),
        answers={"double": "def double(x):\n    return double(x)"},
    ),
    Case(
        "files that the kernel needs, closed",
        _ENDED,
        PASSED,
        before=_before("import os\nfor number in range(3, 4096):\n    try: os.close(number)\n    except OSError: pass"),
    ),
]
WIRE = [
    Case("numbers as text", GRADED, marks(2, 0, 1), answers={"values": "values = np.array(['0', '1', '2'])"}),
    Case(
        "array with names of columns",
        GRADED,
        marks(2, 0, 1),
        answers={"values": "values = np.zeros(3, dtype=[('x', 'f8')])"},
    ),
    Case(
        "array of objects that are equal to everything",
        GRADED,
        marks(2, 0, 1),
        answers={"values": EVIL + "values = np.array([Evil()] * 3, dtype=object)"},
    ),
    Case("array of nothing but nan", GRADED, marks(2, 0, 1), answers={"values": "values = np.full(3, np.nan)"}),
    Case("array backwards in memory", GRADED, FULL, answers={"values": "values = np.arange(2.0, -1, -1)[::-1]"}),
    Case(
        "array in a file",
        GRADED,
        FULL,
        answers={"values": "values = np.memmap('x', 'float64', 'w+', shape=3)\nvalues[:] = range(3)"},
    ),
    Case("matrix for an array", GRADED, marks(2, 0, 1), answers={"values": "values = np.matrix([0.0, 1, 2])"}),
    Case(
        "array of a class of its own",
        GRADED,
        marks(2, 0, 1),
        answers={
            "values": "class Sure(np.ndarray):\n    def __sub__(self, other): return np.zeros(3)\n"
            "values = np.full(3, 9.0).view(Sure)"
        },
    ),
    Case(
        "array that claims a terabyte",
        GRADED,
        marks(2, 0, 1),
        answers={"values": "values = np.broadcast_to(np.float64(0), (10**11,))"},
    ),
    Case("list that holds itself", GRADED, marks(2, 0, 1), answers={"values": "values = []\nvalues.append(values)"}),
    Case(
        "list with a class of its own",
        GRADED,
        marks(2, 0, 1),
        answers={"values": "class List(list):\n    shape = (3,)\nvalues = List([0.0, 1.0, 2.0])"},
    ),
    Case(
        "object whose shape changes with each look",
        GRADED,
        marks(2, 0, 1),
        answers={
            "values": "class Turning:\n    looks = 0\n    @property\n    def shape(self):\n        Turning.looks += 1\n"
            "        return (3,) if Turning.looks % 2 else (9,)\nvalues = Turning()"
        },
    ),
    Case("score that is true", PERSON, marks(2, 4, None), answers={"score": "score = True"}),
    Case("score that is a text", PERSON, marks(2, 4, None), answers={"score": "score = '1'"}),
    Case("score that has no end", PERSON, marks(2, 4, None), answers={"score": "score = float('inf')"}),
    Case("score of four hundred digits", PERSON, marks(2, 4, None), answers={"score": "score = 10**400"}),
    Case("score in an array", PERSON, marks(2, 4, None), answers={"score": "score = np.array([1.0])"}),
    Case(
        "numbers of one hash in a set",
        GRADED,
        marks(2, 4, 0),
        answers={"score": "score = {number * (2**61 - 1) for number in range(3_000)}"},
        says="have the same hash",
    ),
    Case("generator for a number", GRADED, marks(0, 4, 1), answers={"double": "def double(x):\n    yield 2 * x"}),
]

SIBLINGS = [replace(case, stock=False) for case in (*RENDERED, *LONG, *RENAMED, *NO_NOTEBOOKS, *BESIDE, *ENDS, *WIRE)]
CASES = [*ATTACKS, *SIBLINGS]
"""The whole corpus."""
