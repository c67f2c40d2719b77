"""The notebooks are what their texts in authoring/ say, and a text that breaks a rule is refused with its reason."""

import ast
import re
from pathlib import Path

import nbformat
import pytest

from authoring import build, rules

ROOT = Path(__file__).resolve().parents[2]

TITLE = "# %% [markdown]\n# # A title\n\n"
EXERCISE = """
# %% nbgrader="answer" id="double"
def double(x):
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION

# %% nbgrader="test" id="test-double" points=100
assert double(2) == 4

### BEGIN HIDDEN TESTS
assert double(21) == 42
### END HIDDEN TESTS
"""


@pytest.fixture(scope="module")
def built():
    """Everything that is built, from the texts as they are."""
    return build.build(ROOT)


def course(folder, *, lessons=None, labs=None):
    """A small course in a folder: its texts, and this repository's nbgrader settings."""
    (folder / "nbgrader_config.py").write_bytes((ROOT / "nbgrader_config.py").read_bytes())
    for kind, texts in (("lessons", lessons), ("labs", labs)):
        (folder / "authoring" / kind).mkdir(parents=True)
        for name, text in (texts or {}).items():
            path = folder / "authoring" / kind / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return folder


def faults(folder, text, *, lab):
    """What the build says against one text."""
    script = folder / "lab1.py"
    script.write_text(text, encoding="utf-8")
    try:
        return rules.faults(build.read_script(script), lab=lab)
    except build.BuildError as error:
        return str(error).splitlines()


def notebooks(built):
    return {
        path: nbformat.reads(content.decode(), as_version=4)
        for path, content in built.items()
        if path.suffix == ".ipynb"
    }


def test_what_is_committed_is_what_the_texts_say(built):
    assert build.differences(built, ROOT) == []


def test_the_course_has_its_first_lesson_and_lab(built):
    assert {
        Path("lessons/01_using_pretrained_networks.ipynb"),
        Path("solutions/lab1/lab1.ipynb"),
        Path("labs/lab1/lab1.ipynb"),
    } <= set(built)


def test_the_same_texts_give_the_same_bytes(built):
    assert build.build(ROOT) == built


def test_notebooks_carry_no_outputs_and_the_kernel_everybody_has(built):
    for path, notebook in notebooks(built).items():
        nbformat.validate(notebook)
        assert notebook.metadata.kernelspec == build.KERNELSPEC, path
        assert set(notebook.metadata) == {"kernelspec", "language_info"}, path
        for cell in notebook.cells:
            if cell.cell_type == "code":
                assert cell.outputs == [] and cell.execution_count is None, path
        assert built[path].endswith(b"}\n"), path


def test_cell_ids_are_unique_and_speak(built):
    for path, notebook in notebooks(built).items():
        ids = [cell.id for cell in notebook.cells]
        assert len(set(ids)) == len(ids), path
        assert all(re.fullmatch(r"cell-\d{3}|the-package|grade-[\w-]+", identity) for identity in ids), path


def test_students_get_no_answers_hidden_tests_or_mark_schemes(built):
    marker = re.compile("SOLUTION|HIDDEN|MARK SCHEME")
    for path, notebook in notebooks(built).items():
        text = "\n".join(cell.source for cell in notebook.cells)
        if path.parts[0] == "labs":
            assert not marker.search(text), path
            # Not even a line of an answer that its cell does not show anyway.
            worked = notebooks(built)[Path("solutions", *path.parts[1:])]
            for cell, answer in zip(notebook.cells, worked.cells, strict=True):
                if rules.role(cell) == "answer":
                    hidden = answer.source.split("BEGIN SOLUTION")[1].split("### END")[0]
                    assert not {line for line in hidden.splitlines() if len(line) > 8} & set(cell.source.splitlines())
        if path.parts[0] == "solutions":
            assert marker.search(text), path


def test_an_empty_answer_says_that_it_was_not_attempted(built):
    for path, notebook in notebooks(built).items():
        if path.parts[0] == "labs":
            for cell in notebook.cells:
                if rules.role(cell) == "answer":
                    raised = [node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Raise)]
                    # A cell may ask for two functions that belong together: then each of them has its own.
                    functions = [node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.FunctionDef)]
                    assert [node.exc.func.id for node in raised] == ["NotImplementedError"] * max(1, len(functions)), (
                        path
                    )


def test_check_names_what_differs_what_is_missing_and_what_is_too_much(tmp_path, capsys):
    root = course(tmp_path, lessons={"01_one.py": TITLE, "02_two.py": TITLE})
    assert build.main(["--root", str(root)]) == 0
    assert build.main(["--root", str(root), "--check"]) == 0
    capsys.readouterr()
    (root / "authoring/lessons/01_one.py").write_text(TITLE + "# %%\n1 + 1\n", encoding="utf-8")
    (root / "lessons/02_two.ipynb").unlink()
    (root / "lessons/mine.ipynb").write_text("{}", encoding="utf-8")
    assert build.main(["--root", str(root), "--check"]) == 1
    said = capsys.readouterr().err
    assert "lessons/01_one.ipynb differs" in said
    assert "lessons/02_two.ipynb is missing" in said
    assert "lessons/mine.ipynb is not built" in said
    assert "make notebooks" in said
    assert not (root / "lessons/02_two.ipynb").exists()


def test_only_listed_files_go_to_students_and_no_gradebook_appears(tmp_path, monkeypatch):
    root = course(tmp_path, labs={"lab1/notebook.py": TITLE + EXERCISE})
    for name in ("images.csv", "notes.md"):
        (root / "authoring/labs/lab1" / name).write_text(name, encoding="utf-8")
    monkeypatch.setitem(build.STUDENT_FILES, "lab1", ["images.csv"])
    assert build.main(["--root", str(root)]) == 0
    assert sorted(path.name for path in (root / "labs/lab1").iterdir()) == ["images.csv", "lab1.ipynb"]
    assert not list(root.rglob("*.db"))
    released = nbformat.read(root / "labs/lab1/lab1.ipynb", as_version=4)
    assert "21" not in "".join(cell.source for cell in released.cells)
    (root / "solutions/lab1/answers.txt").write_text("42", encoding="utf-8")
    assert build.differences(build.build(root), root) == [
        "solutions/lab1/answers.txt is not built from authoring/: move it to work/, or delete it"
    ]


def test_the_header_of_a_cell_becomes_its_metadata(tmp_path):
    script = tmp_path / "lab1.py"
    script.write_text(
        TITLE
        + '# %% tags=["slow"] folded=true\n1\n'
        + EXERCISE
        + '\n# %% [markdown] nbgrader="locked" id="ask"\n# Why?\n'
        + "# ### BEGIN MARK SCHEME\n# 5 for this\n# ### END MARK SCHEME\n"
        + '\n# %% [markdown] nbgrader="manual" id="why" points=5.5\n# Because.\n',
        encoding="utf-8",
    )
    title, folded, answer, test, ask, why = build.read_script(script).cells
    assert title.metadata == {}
    assert folded.metadata == {"tags": ["slow"], "jupyter": {"source_hidden": True}}
    assert {key: answer.metadata.nbgrader[key] for key in ("grade", "solution", "locked", "grade_id")} == {
        "grade": False,
        "solution": True,
        "locked": False,
        "grade_id": "double",
    }
    assert test.metadata.nbgrader == {
        "schema_version": 3,
        "task": False,
        "grade": True,
        "solution": False,
        "locked": True,
        "grade_id": "test-double",
        "points": 100,
    }
    assert ask.metadata.nbgrader.locked and not ask.metadata.nbgrader.solution
    assert "<!-- ### BEGIN MARK SCHEME -->" in ask.source, "a marker must not become a heading"
    assert why.metadata.nbgrader.points == 5.5 and why.metadata.nbgrader.solution


def test_a_sound_lab_is_not_complained_about(tmp_path):
    """Names that live inside functions, comprehensions and lambdas are nobody's business."""
    text = (
        TITLE
        + """
# %%
import math

import numpy as np
"""
        + EXERCISE.replace("points=100", "points=60")
        + """
# %% nbgrader="test" id="test-more" points=40
import math

import numpy as np

wanted = [double(number) for number in range(3)]


def close(a, b):
    import cmath
    return all(math.isclose(left, right) for left, right in zip(a, b)) and cmath


total = 0
for number in wanted:
    total += number
with np.errstate(all="ignore") as state:
    assert close(wanted, [0, 2, 4]), (lambda value: value)(total)
float(total)

# %%
%matplotlib inline
wanted = [math.pi, np.pi]
print(wanted)
"""
    )
    assert faults(tmp_path, text, lab=True) == []


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (TITLE + EXERCISE + EXERCISE.replace("100", "0.1"), 'id="double" is used more than once'),
        (TITLE + EXERCISE.replace("points=100", ""), "needs points above 0, got None"),
        (TITLE + EXERCISE.replace("points=100", 'points="many"'), "needs points above 0, got 'many'"),
        (TITLE + EXERCISE.replace('"double"', '"double" points=3'), "cannot carry points"),
        (TITLE + EXERCISE.replace('id="double"', ""), "needs id="),
        (TITLE + EXERCISE.replace('id="double"', 'id="two words"'), "needs id="),
        (TITLE + EXERCISE.replace('"answer"', '"solution"'), "is not one of answer, test, manual, locked"),
        (TITLE + EXERCISE + '\n# %% [markdown] nbgrader="test" id="x" points=1\n# text\n', "goes on a code cell"),
        (TITLE + EXERCISE + '\n# %% id="x"\n1\n', "only mean something together with nbgrader"),
        (
            TITLE + EXERCISE.replace("    ### BEGIN SOLUTION\n", "").replace("    ### END SOLUTION\n", ""),
            "has no ### BEGIN",
        ),
        (TITLE + EXERCISE.replace("### END HIDDEN TESTS", ""), "1 BEGIN HIDDEN TESTS and 0 END"),
        (
            TITLE + EXERCISE + "\n# %%\n### BEGIN HIDDEN TESTS\n1\n### END HIDDEN TESTS\n",
            "a plain cell would give to students",
        ),
        (
            TITLE
            + EXERCISE.replace("100", "90")
            + '\n# %% [markdown] nbgrader="manual" id="why" points=10\n# ### BEGIN SOLUTION\n# So.\n# ### END SOLUTION\n'
            + "# ### BEGIN MARK SCHEME\n# 10\n# ### END MARK SCHEME\n",
            "mark scheme outside the solution region",
        ),
        (TITLE + EXERCISE.replace("2 * x", "2 * "), "is not valid Python"),
        (
            TITLE + EXERCISE.replace("assert double(2)", "np.ones(1); assert double(2)"),
            "'np', which no cell before it defines",
        ),
        (
            TITLE + "# %%\nimport numpy as np\n" + EXERCISE.replace("assert double(2)", "np.ones(1); assert double(2)"),
            "'np', which another cell imports: import it in the test cell",
        ),
        (
            TITLE
            + EXERCISE.replace("assert double(2)", "result = double(2); assert double(2)")
            + "\n# %%\nprint(result)\n",
            "defines 'result', which the later cell 'cell-003' uses",
        ),
        (
            TITLE + EXERCISE.replace("assert double(2)", "_ = 2; assert double(2)") + "\n# %%\nprint(lambda: _)\n",
            "defines '_', which the later cell",
        ),
        (
            TITLE + EXERCISE.replace("assert double(2)", "import math; assert double(2)") + "\n# %%\nprint(math.pi)\n",
            "defines 'math', which the later cell",
        ),
        (
            TITLE + EXERCISE.replace("assert double(2)", "n = 1; assert double(2)") + "\n# %%\nn = n + 1\n",
            "defines 'n', which the later cell",
        ),
        (EXERCISE, "one H1, this one has 0"),
        (TITLE + "# %% [markdown]\n# # Another\n" + EXERCISE, "one H1, this one has 2"),
        (TITLE + "# %% [markdown]\n# Another\n# ======\n" + EXERCISE, "one H1, this one has 2"),
        (TITLE + "# %% [markdown]\n# ### Deep\n" + EXERCISE, "heading 'Deep' is an H3 below H1"),
        (TITLE + "# %% [markdown]\n# ![](plot.png)\n" + EXERCISE, "image plot.png has no alt text"),
        (TITLE + '# %% [markdown]\n# <img src="plot.png" alt="">\n' + EXERCISE, "has no alt text"),
    ],
)
def test_a_text_that_breaks_a_rule_is_refused_with_the_reason(tmp_path, text, complaint):
    said = faults(tmp_path, text, lab=True)
    assert len(said) >= 1
    assert any(complaint in line for line in said), said


@pytest.mark.parametrize("line", ["verdict.marks(100)", "verdict.marks(points=100.0)", "verdict.marks(most)"])
def test_points_and_marks_that_agree_are_not_complained_about(tmp_path, line):
    text = TITLE + "# %%\nverdict = most = 100\n" + EXERCISE + f"{line}\n"
    assert faults(tmp_path, text, lab=True) == []


@pytest.mark.parametrize("line", ["verdict.marks(90)", "verdict.marks(points=90)", "float(verdict.marks(90))"])
def test_points_and_marks_that_differ_are_refused(tmp_path, line):
    text = TITLE + "# %%\nverdict = most = 100\n" + EXERCISE + f"{line}\n"
    assert faults(tmp_path, text, lab=True) == [
        "test 'test-double' has points=100 in its header and marks(90) in its code: make them the same"
    ]


def test_every_test_cell_of_the_labs_with_a_verdict_says_its_points_twice():
    said = 0
    for path in sorted((ROOT / "authoring" / "labs").glob("lab*/notebook.py")):
        for cell in build.read_script(path).cells:
            if rules.role(cell) == "test" and ".marks(" in cell.source:
                assert rules.marks_given(cell.source) == [cell.metadata.nbgrader.points], rules.grade_id(cell)
                said += 1
    assert said > 40


def test_a_lesson_has_no_marks(tmp_path):
    assert any("a lesson is not marked" in line for line in faults(tmp_path, TITLE + EXERCISE, lab=False))


def test_headings_and_images_inside_code_are_not_headings_and_images(tmp_path):
    text = TITLE + "# %% [markdown]\n# ```\n# # no heading\n# ![](none.png)\n# ```\n"
    assert faults(tmp_path, text, lab=False) == []


def test_hidden_tests_that_leave_broken_code_behind_are_refused():
    cell = nbformat.v4.new_code_cell("if True:")
    assert any(
        "once hidden parts are taken out" in line
        for line in rules.release_faults(nbformat.v4.new_notebook(cells=[cell]))
    )


def test_every_fault_is_named_at_once_and_nothing_is_written(tmp_path, capsys):
    root = course(tmp_path, lessons={"01_one.py": TITLE + "# %%\n1 +\n", "02_two.py": "# %%\n1\n"})
    assert build.main(["--root", str(root)]) == 1
    said = capsys.readouterr().err
    assert "01_one.py: cell 'cell-001' is not valid Python" in said
    assert "02_two.py: a notebook has one H1" in said
    assert not (root / "lessons").exists()
