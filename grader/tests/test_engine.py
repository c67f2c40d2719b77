"""The engine on nbgrader's own quickstart course and on small notebooks: real kernels, real sandboxes, no course of ours."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import nbformat
import nbgrader
import pytest
from nbgrader.utils import determine_grade

from nbgrader_isolated.errors import NotAvailableError
from nbgrader_isolated.notebook.gradable import require_gradable
from nbgrader_isolated.notebook.intake import NotANotebook, parse, repair
from nbgrader_isolated.notebook.names import free_names
from nbgrader_isolated.notebook.roles import released
from nbgrader_isolated.outcomes import Outcome, Record
from nbgrader_isolated.run import engine
from nbgrader_isolated.run.attachments import look
from nbgrader_isolated.run.engine import Settings
from nbgrader_isolated.sandbox import bubblewrap
from nbgrader_isolated.sandbox.limits import Caps, Times

SETTINGS = Settings(times=Times(cell=60, question=30, notebook=120, interrupt=10), modules=("numpy",))


@pytest.fixture(scope="module")
def examiner():
    with SETTINGS.make_examiner() as one:
        yield one


def cell(source: str, kind: str = "plain", name: str | None = None, points: float = 1, cell_type: str = "code") -> dict:
    flags = {
        "plain": None,
        "answer": {"grade": False, "solution": True, "locked": False},
        "test": {"grade": True, "solution": False, "locked": True, "points": points},
        "locked": {"grade": False, "solution": False, "locked": True},
        "manual": {"grade": True, "solution": True, "locked": False, "points": points},
    }[kind]
    metadata = {} if flags is None else {"nbgrader": {**flags, "grade_id": name, "schema_version": 3}}
    made = {
        "cell_type": cell_type,
        "metadata": metadata,
        "source": source,
        "id": name or f"p{abs(hash(source)) % 10**6}",
    }
    return made | ({"outputs": [], "execution_count": None} if cell_type == "code" else {})


def file_of(cells: list[dict]) -> bytes:
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def graded(cells: list[dict], pristine: list[dict], examiner, **options) -> Record:
    return engine.grade(file_of(cells), pristine, name="lab", examiner=examiner, settings=SETTINGS, **options)


def points(record: Record) -> dict[str, float | None]:
    return {mark.grade_id: mark.points for mark in record.marks}


LAB = [
    cell("import numpy as np", "locked", "setup"),
    cell("def double(x):\n    return 2 * x", "answer", "double"),
    cell(
        "import numpy as np\n"
        "assert double(2) == 4, 'double(2) should be 4'\n"
        "### BEGIN HIDDEN TESTS\n"
        "assert double(np.pi) == 2 * np.pi, 'double should work for any number'\n"
        "### END HIDDEN TESTS",
        "test",
        "test-double",
        2,
    ),
    cell("values = np.arange(3.0)", "answer", "values"),
    cell("import numpy as np\nfloat(np.mean(values == np.arange(3)) * 4)", "test", "test-values", 4),
]


@pytest.fixture(scope="module")
def quickstart():
    """The assignment that `nbgrader quickstart` copies into a new course, where nbgrader keeps it."""
    return Path(nbgrader.__file__).parent / "docs" / "source" / "user_guide" / "source" / "ps1"


def test_nbgraders_quickstart_course_gets_the_marks_nbgrader_gives(quickstart, examiner):
    pristine = nbformat.read(quickstart / "problem1.ipynb", 4)["cells"]
    record = graded(pristine, pristine, examiner)
    assert record.outcome is Outcome.GRADED and record.notes == [] and record.sandboxed
    assert points(record) == {
        "correct_squares": 1,
        "squares_invalid_input": 1,
        "correct_sum_of_squares": 0.5,
        "sum_of_squares_uses_squares": 0.5,
    }
    for made in record.cells["cells"]:
        flags = made["metadata"].get("nbgrader", {})
        if flags.get("grade") and not flags.get("solution"):
            assert determine_grade(nbformat.from_dict(made))[0] == points(record)[flags["grade_id"]]


def test_wrong_answers_get_the_marks_nbgrader_gives_and_the_checks_message(quickstart, examiner):
    pristine = nbformat.read(quickstart / "problem1.ipynb", 4)["cells"]
    wrong = [dict(c) for c in pristine]
    for made in wrong:
        if made["metadata"].get("nbgrader", {}).get("grade_id") == "squares":
            made["source"] = "def squares(n):\n    return [i**2 for i in range(1, n + 1)]"
        if made["metadata"].get("nbgrader", {}).get("grade_id") == "sum_of_squares":
            made["source"] = "def sum_of_squares(n):\n    return sum(i * i for i in range(n + 1))"
    record = graded(wrong, pristine, examiner)
    assert list(points(record).values()) == [1, 0, 0.5, 0]
    assert [mark.message for mark in record.marks if not mark.points] == [
        "did not raise",
        "sum_of_squares does not use squares",
    ]


def test_marks_messages_and_hidden_lines(examiner, tmp_path):
    right = graded(LAB, LAB, examiner, evidence=tmp_path / "evidence")
    assert points(right) == {"test-double": 2, "test-values": 4} and right.outcome is Outcome.GRADED
    assert {path.suffix for path in (tmp_path / "evidence").iterdir()} == {".ipynb", ".json", ".wire"}
    partly = [*LAB[:1], cell("def double(x):\n    return int(2 * x)", "answer", "double"), LAB[2]]
    partly += [cell("values = np.array([0.0, 1.0, 5.0, ][:3])", "answer", "values"), LAB[4]]
    record = graded(partly, LAB, examiner)
    assert points(record) == {"test-double": 0, "test-values": pytest.approx(8 / 3)}
    assert record.marks[0].message == "double should work for any number"
    shown = json.dumps(record.cells)
    assert "np.pi" not in shown and "HIDDEN" not in shown
    for made, expected in zip(record.cells["cells"][2::2], (0, 8 / 3), strict=True):
        assert determine_grade(nbformat.from_dict(made))[0] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("ending", "expected"),
    [
        ("0.5", 0.5),
        ("1", 1),
        ("0", 0),
        ("None", 1),
        ("True", 1),
        ("'text'", 1),
        ("import numpy as np\nnp.float64(0.0)", 0),
        ("import numpy as np\nnp.float32(0.25)", 0.25),
        ("float('nan')", None),
        ("-0.5", None),
        ("1.5", None),
        ("float('inf')", None),
        ("10**400", None),
        ("raise ValueError('x')", 0),
        ("import sys\nprint('noise', file=sys.stderr)", 1),
    ],
)
def test_how_a_test_cell_ends_decides_the_points(ending, expected, examiner):
    """As nbgrader, except that a number it misreads as full marks is read, or needs manual review."""
    lab = [cell(ending, "test", "t", 1)]
    record = graded(lab, lab, examiner)
    assert points(record) == {"t": expected}
    assert record.outcome is (Outcome.NEEDS_MANUAL_REVIEW if expected is None else Outcome.GRADED)


ENDINGS = {
    "f(1)": None,
    "model.size": None,
    "made = f([1, 2])\nmade": None,
    "f(0.5)": 0.5,
    "truth": None,
    "f(None)": 1,
    "import numpy as np\nf(np.True_)\nnp.all(np.ones(2) == 1)": None,
    "f(1) == 'text'": None,
    "f(0.5)\n'all is well'": 1,
    "f(None)\nNone": 1,
    "len(f('text')) > 3": None,
}


def test_what_a_student_s_function_gives_is_no_full_mark_when_a_check_ends_with_it(examiner):
    mine = cell(
        "def f(x):\n    return 'text' if x == 1 else x\nclass Model: size = 'large'\nmodel, truth = Model(), True\n"
    )
    tests = [cell(check, "test", str(number)) for number, check in enumerate(ENDINGS)]
    record = graded([mine, *tests], tests, examiner)
    assert dict(zip(ENDINGS, points(record).values(), strict=True)) == ENDINGS


def test_a_notebook_s_outputs_share_one_limit_and_colours_are_all_that_a_terminal_is_told(examiner):
    settings = replace(SETTINGS, caps=Caps(outputs=90_000, all_outputs=200_000))
    cells = [cell(f"print('{letter}' * 80_000)") for letter in "abcd"]
    cells.insert(0, cell(r"print('\x1b[31mred\x1b[0m \x1b[2Jgone \x9b2J \x07')"))
    test = cell("1", "test", "t", 1)
    record = engine.grade(file_of([*cells, test]), [test], name="lab", examiner=examiner, settings=settings)
    made = [one["outputs"] for one in record.cells["cells"]]
    assert made[0][0]["text"] == "\x1b[31mred\x1b[0m [2Jgone 2J \n"
    assert [len(one[0]["text"]) > 80_000 for one in made[1:5]] == [True, True, False, False]
    assert all("cut off" in one[0]["text"] for one in made[3:5])
    assert points(record) == {"t": 1}


LACKING = {
    "weights are missing": ("raise NotAvailableError('no weights here.')\nf(1)", None),
    "of a kind of its own": ("class Full(NotAvailableError): pass\nraise Full('the folder is full')\nf(1)", None),
    "once the function was called": ("f(1)\nraise NotAvailableError('x')", 0),
    "once it was asked for something": ("getattr(f, 'name', 0)\nraise NotAvailableError('x')", 0),
    "once it was written out": ("raise NotAvailableError(f'no {f}')", 0),
    "once a value of the student's was there": ("if path: raise NotAvailableError('x')", 0),
    "once a name was not there": ("try: gone\nexcept NameError: raise NotAvailableError('x')", 0),
    "a bad argument": ("if not isinstance(model, str): raise BadArgumentError('x')", 0),
    "a path that is none": ("import os\nos.fspath(model)\nraise NotAvailableError('x')", 0),
    "the student's own function says so": ("raises(1)", 0),
    "a module of the check's is missing": ("path\nfrom nowhere.at_all import checks", None),
    "the student's function lacks a module": ("import math; imports(1)", 0),
    "any other error of the check's": ("raise ImportError('x')\nf(1)", 0),
}


def test_what_the_grading_machine_lacks_is_nobodys_zero_and_no_student_can_make_it_so(examiner):
    mine = cell(
        "from nbgrader_isolated.errors import NotAvailableError\n"
        "def f(x):\n    return x\n"
        "def raises(x):\n    raise NotAvailableError('mine')\n"
        "def imports(x):\n    import nowhere\n"
        "class Model: pass\n"
        "model, path = Model(), 'nowhere.npz'\n"
    )
    imports = "from nbgrader_isolated.errors import BadArgumentError, NotAvailableError\n"
    tests = [cell(imports + check, "test", name) for name, (check, _) in LACKING.items()]
    record = graded([mine, *tests], tests, examiner)
    assert points(record) == {name: expected for name, (_, expected) in LACKING.items()}
    assert record.outcome is Outcome.NEEDS_MANUAL_REVIEW
    assert record.marks[0].message == "The check could not be made: no weights here. It needs manual review."
    assert all(("It needs manual review" in mark.message) == (mark.points is None) for mark in record.marks)


def test_a_fitted_model_of_scikit_learn_is_asked_to_predict_over_there(examiner):
    lab = [
        cell("from sklearn.svm import SVC\nsvm = SVC().fit([[0.0], [1.0]], [0, 1])", "answer", "a"),
        cell(
            "import numpy as np\nassert svm.C == 1\nassert list(svm.predict(np.array([[0.1], [0.9]]))) == [0, 1]\n"
            "assert hasattr(svm, 'support_vectors_') and not hasattr(svm, 'nonsense')",
            "test",
            "t",
        ),
    ]
    assert points(graded(lab, lab, examiner)) == {"t": 1}


def test_a_dataset_of_tensorflow_comes_as_a_list_of_its_first_three_batches_and_tensors_as_tensors(examiner):
    mine = (
        "import tensorflow as tf\n"
        "five = tf.data.Dataset.range(10).batch(2)\n"
        "endless = tf.data.Dataset.from_tensors(([[0.5], [1.5]], [0, 1])).repeat()\n"
        "tensor, variable = tf.range(3), tf.Variable([0.25])\n"
        "def batches(number):\n    return five.take(number)"
    )
    check = (
        "import numpy as np\n"
        "import tensorflow as tf\n"
        "assert type(five) is list and [batch.tolist() for batch in five] == [[0, 1], [2, 3], [4, 5]]\n"
        "assert type(endless) is list and len(endless) == 3\n"
        "for features, labels in endless:\n"
        "    assert (features.tolist(), labels.tolist()) == ([[0.5], [1.5]], [0, 1])\n"
        "assert all(type(value) is np.ndarray for value in (*five, features, labels))\n"
        "assert all(tf.is_tensor(value) for value in (tensor, variable))\n"
        "assert (tensor.numpy().tolist(), variable.numpy().tolist()) == ([0, 1, 2], [0.25])\n"
        "assert [batch.tolist() for batch in batches(2)] == [[0, 1], [2, 3]]"
    )
    lab = [cell(mine, "answer", "a"), cell(check, "test", "t")]
    [mark] = graded(lab, lab, examiner).marks
    assert (mark.points, mark.message) == (1, "")


def test_a_training_history_is_asked_for_its_losses_over_there(examiner):
    """The sum of weight and bias shrinks to six tenths in each step, so the loss does to 0.36 of what it was."""
    mine = (
        "import keras\n"
        "import numpy as np\n"
        "def train(epochs):\n"
        "    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, kernel_initializer='ones')])\n"
        "    model.compile(keras.optimizers.SGD(0.1), 'mse')\n"
        "    return model.fit(np.ones((4, 1)), np.zeros((4, 1)), epochs=epochs, verbose=0)\n"
        "h = train(3)"
    )
    check = (
        "import numpy as np\n"
        "losses = h.history['loss']\n"
        "assert type(losses) is list and np.allclose(losses, [1, 0.36, 0.36**2]), losses\n"
        "assert h.epoch == [0, 1, 2] and not hasattr(h, 'losses')\n"
        "assert np.allclose(train(2).history['loss'], losses[:2])"
    )
    lab = [cell(mine, "answer", "a"), cell(check, "test", "t")]
    [mark] = graded(lab, lab, examiner).marks
    assert (mark.points, mark.message) == (1, "")


def test_extra_files_of_the_student_are_next_to_the_notebook(examiner, tmp_path, tmp_path_factory):
    (tmp_path / "helper.py").write_text("def f():\n    return 7\n")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "x.txt").write_text("8")
    lab = [
        cell("from helper import f\nread = int(open('data/x.txt').read())", "answer", "a"),
        cell("assert (f(), read) == (7, 8)", "test", "t"),
    ]
    (tmp_path / "link").symlink_to("/etc/passwd")
    fresh = tmp_path_factory.mktemp("fresh") / "files"
    found = look(tmp_path)
    assert found.notes == ["'link' was left out: it is a link or a special file."]
    found.copy(fresh)
    assert points(graded(lab, lab, examiner, files=fresh)) == {"t": 1}


def test_cells_before_a_fault_keep_their_marks_and_later_ones_say_why(examiner):
    died = [*LAB[:3], cell("import os\nos._exit(3)"), *LAB[3:]]
    record = graded(died, LAB, examiner)
    assert record.outcome is Outcome.KERNEL_DIED
    assert points(record) == {"test-double": 2, "test-values": 0}
    assert record.marks[1].message.startswith("Not checked: The notebook's process ended")


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"[1]", b'{"cells": 3}', b"\xff\xfe", b"[" * 100_000, b'{"cells": [' + b"{}," * 300_000]
)
def test_what_is_not_a_notebook_says_so(raw, examiner):
    record = engine.grade(raw, LAB, name="lab", examiner=examiner, settings=SETTINGS)
    assert record.outcome is Outcome.NOT_A_NOTEBOOK
    assert points(record) == {"test-double": 0, "test-values": 0}
    assert all(mark.message.startswith("Not checked: ") for mark in record.marks)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"<!DOCTYPE html><html>", "web page"),
        (b"PK\x03\x04rest", "ZIP archive"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"\x89PNG\r\n\x1a\n", "an image"),
        (b"\x00" * 50, "zeros"),
        (b"version https://git-lfs.github.com/spec/v1\noid x", "Git LFS"),
        ('{"cells": ["é"]}'.encode("latin-1"), "not encoded as UTF-8"),
        (b'{"cells": []}{"cells": []}', "two files"),
        (b"import numpy\nx = 1\n", "Python script"),
        (b'{"cells": [\n<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> theirs\n]}', "merge conflict"),
        (b'{"worksheets": [{"cells": []}], "nbformat": 3}', "format 3"),
        (b'{"cells": [', "cut off"),
        (b'{"a": 1}', "is JSON, but not a notebook"),
    ],
)
def test_what_is_no_notebook_is_named(raw, said):
    with pytest.raises(NotANotebook, match=said):
        parse(raw)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_a_notebook_saved_in_another_encoding_is_read(encoding):
    assert parse(file_of(LAB).decode().encode(encoding)) == parse(file_of(LAB))


def change(index: int, **fields):
    def apply(cells: list[dict]) -> list[dict]:
        return [{**c, **fields} if i == index else c for i, c in enumerate(cells)]

    return apply


@pytest.mark.parametrize(
    ("change_cells", "note"),
    [
        pytest.param(change(2, source="assert True"), "'test-double' was modified", id="edited"),
        pytest.param(change(2, source=""), "'test-double' was modified", id="emptied"),
        pytest.param(change(2, cell_type="markdown"), "turned into a markdown cell", id="retyped"),
        pytest.param(lambda c: [*c[:2], *c[3:]], "'test-double' was missing", id="deleted"),
        pytest.param(lambda c: [*c[:3], c[2], *c[3:]], "more than once", id="test duplicated"),
        pytest.param(lambda c: [*c[:2], c[1], *c[2:]], "more than once", id="answer duplicated"),
        pytest.param(lambda c: [c[0], c[2], c[4], c[1], c[3]], "had been moved", id="tests moved before answers"),
        pytest.param(change(0, source="np = None"), "'setup' was modified", id="set-up edited"),
        pytest.param(lambda c: [{**x, "metadata": {}} for x in c], "marking information", id="metadata stripped"),
    ],
)
def test_what_was_changed_is_repaired_noted_and_costs_an_honest_answer_nothing(change_cells, note):
    repaired = repair(parse(file_of(change_cells(LAB))), LAB)
    assert any(note in said for said in repaired.notes), repaired.notes
    marked = [c["grade_id"] for c in repaired.cells if c["grade_id"]]
    assert marked == [c["metadata"]["nbgrader"]["grade_id"] for c in LAB]
    assert [c["source"] for c in repaired.cells if c["role"] == "test"] == [LAB[2]["source"], LAB[4]["source"]]


def test_a_notebook_without_ids_and_metadata_is_graded_on_what_it_holds(examiner):
    bare = [{"cell_type": c["cell_type"], "metadata": {}, "source": c["source"]} for c in (LAB[0], LAB[1], LAB[3])]
    record = graded(bare, LAB, examiner)
    assert points(record) == {"test-double": 2, "test-values": 4} and record.outcome is Outcome.REPAIRED


@pytest.mark.parametrize(
    "edit",
    [
        lambda c: {**c, "source": c["source"].replace("\n", "  \r\n") + "\n\n"},
        lambda c: {name: value for name, value in c.items() if name != "id"},
        lambda c: {**c, "metadata": dict(reversed({**c["metadata"], "tags": []}.items()))},
    ],
    ids=["blanks and ends of lines", "no cell ids", "metadata in another order"],
)
def test_what_an_editor_does_by_itself_needs_no_repair(edit):
    assert repair(parse(file_of([edit({**c, "source": released(c["source"])}) for c in LAB])), LAB).notes == []


def test_an_untouched_release_needs_no_repair():
    release = [{**c, "source": released(c["source"])} for c in LAB]
    assert repair(parse(file_of(release)), LAB).notes == []
    assert "HIDDEN" not in release[2]["source"]


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("assert f(x) == 1", ["f", "x"]),
        ("import numpy as np\nfrom a.b import c as d\nnp.abs(d(x))", ["x"]),
        ("abs(x); isinstance(y, int); print(sum)", ["x", "y"]),
        ("t = 1\nt + u", ["u"]),
        ("x = x + 1", ["x"]),
        ("n += 1", ["n"]),
        ("old = f\ndel f\nf = old", ["f"]),
        ("def g(a, b=k):\n    return a + h(z)\ng(1)", ["h", "k", "z"]),
        ("[i * w for i in items if i]", ["items", "w"]),
        ("for i in range(3):\n    i\n    total = i\ntotal", ["total"]),
        ("if a:\n    x = 1\nelse:\n    x", ["a", "x"]),
        ("try:\n    f()\nexcept ValueError as e:\n    print(e)", ["f"]),
        ("with open(p) as file:\n    file.read()", ["p"]),
        ("class A(B):\n    y = q", ["B", "q"]),
        ("(lambda a: a + free)(1)", ["free"]),
        ("(m := g())\nm", ["g"]),
        ("x: int = y", ["y"]),
        ("f'{name}'", ["name"]),
    ],
)
def test_the_names_a_test_cell_takes_from_the_student(source, names):
    assert free_names(source) == names


def test_a_test_cell_that_is_not_python_is_the_instructors_to_fix():
    with pytest.raises(Exception, match=r"'t' is not plain Python: the magic %matplotlib \(line 1\)"):
        require_gradable([cell("%matplotlib inline", "test", "t")])


def test_without_a_sandbox_but_with_consent_it_grades_and_the_record_says_so(monkeypatch):
    monkeypatch.setattr(bubblewrap, "probe", lambda: bubblewrap.Probe(False, "cgroup v1", "none"))
    consent = Settings(student=bubblewrap.Policy(consent=True), examiner=bubblewrap.Policy(consent=True))
    with consent.make_examiner() as examiner:
        record = engine.grade(file_of(LAB), LAB, name="lab", examiner=examiner, settings=consent)
        assert (record.sandboxed, points(record)) == (False, {"test-double": 2, "test-values": 4})
        with pytest.raises(NotAvailableError, match="no sandbox can be had"):
            engine.grade(file_of(LAB), LAB, name="lab", examiner=examiner, settings=Settings())


def test_a_record_survives_being_written_down(examiner):
    record = engine.grade(NotANotebook("gone"), LAB, name="lab", examiner=examiner, settings=SETTINGS)
    assert Record.from_plain(json.loads(json.dumps(record.plain()))) == record


def test_the_engine_imports_nothing_of_the_course():
    """It grades any nbgrader course; and what it imports before a course asks for more is light."""
    code = (
        "import sys, pkgutil, importlib, nbgrader_isolated as g\n"
        "[importlib.import_module(m.name) for m in pkgutil.walk_packages(g.__path__, 'nbgrader_isolated.') "
        "if not m.name.endswith('_config')]\n"
        "print(sorted(m for m in sys.modules if m.startswith('course_utils')))\n"
        "print([m for m in ('tensorflow', 'keras', 'sklearn', 'matplotlib') if m in sys.modules])"
    )
    root = Path(__file__).resolve().parents[1]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    loaded, heavy = done.stdout.splitlines()
    assert loaded == "[]"
    assert heavy == "[]"


def test_no_sandbox_is_left_behind():
    assert bubblewrap.probe().available
    leftovers = [p.name for p in Path("/sys/fs/cgroup/memory").glob(f"grading-{__import__('os').getpid()}-*")]
    assert len(leftovers) <= 1  # the examiner of this module may still be there


def test_what_checks_share_is_made_once_before_they_run_and_none_can_change_it_for_the_next(tmp_path):
    (tmp_path / "shared_numbers.py").write_text(
        "import os\n"
        "import numpy as np\n"
        "FOUND = None\n"
        "def make():\n"
        "    return [os.getpid(), os.environ.get('GRADING_SALT'), np.arange(3)]\n"
        "def give(value):\n"
        "    global FOUND\n"
        "    FOUND = value\n"
    )
    (tmp_path / "cannot_be_made.py").write_text("def make():\n    raise OSError\ndef give(value):\n    raise OSError\n")
    tmp_path.chmod(0o755)  # as root the examiner is another user
    settings = replace(
        SETTINGS,
        prepare=("cannot_be_made", "shared_numbers"),
        examiner_sees=(str(tmp_path),),
        examiner_environment={"PYTHONPATH": f"{bubblewrap.PACKAGE.parent}:{tmp_path}"},
    )
    look = (
        "import os, shared_numbers\n"
        "made, salt, numbers = shared_numbers.FOUND\n"
        "print(made, os.getpid(), salt, numbers.tolist())\n"
        "numbers[:] = 9\n"
    )
    lab = [cell(look, "test", "first"), cell(look + "\n", "test", "second")]
    with settings.make_examiner() as examiner:
        record = engine.grade(file_of(lab), lab, name="lab", examiner=examiner, settings=settings)
    (made, here, *rest), (made_too, there, *rest_too) = (mark.printed.split(maxsplit=2) for mark in record.marks)
    assert points(record) == {"first": 1, "second": 1}
    assert made == made_too and len({made, here, there}) == 3
    assert rest == rest_too == ["None [0, 1, 2]\n"]
