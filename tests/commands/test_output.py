"""What a command shows never ends it, and a report counts what waits in the gradebook."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys

import pytest
from test_command import nbgrader
from test_engine import cell, file_of

PROGRAM = "from nbgrader_isolated.output import never_stop\nnever_stop()\nfor i in range(20_000):\n    print('Zoë ☃')\nopen('kept', 'w')"


def test_neither_a_terminals_encoding_nor_a_reader_that_leaves_ends_a_command(tmp_path):
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    run = subprocess.Popen([sys.executable, "-c", PROGRAM], cwd=tmp_path, env=environment, stdout=-1, stderr=-1)
    assert run.stdout.readline() == b"Zo\\xeb \\u2603\n"
    run.stdout.close()
    assert (run.stderr.read(), run.wait(), (tmp_path / "kept").exists()) == (b"", 0, True)
    run.stderr.close()


CHECK = """
import runpy, sys
from nbgrader_isolated.commands.check import Checked
from nbgrader_isolated.validate.statuses import ExerciseStatus
from course_utils.commands import check
status = ExerciseStatus("test-a", "right", 1.0, 1.0, "said")
check.run_checks = lambda path: Checked([status] * 5000, [], ["'\\u732b\\udcff.txt' was left out."], "")
sys.argv = ["course_utils", "check", "x.ipynb"]
runpy.run_module("course_utils", run_name="__main__")
"""


@pytest.mark.parametrize("leaves", [False, True], ids=["an ASCII terminal", "a reader that leaves"])
def test_a_check_is_shown_where_it_cannot_be_and_ends_well(tmp_path, leaves):
    (tmp_path / "x.ipynb").write_text("{}")  # what its receipt is of
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    run = subprocess.Popen([sys.executable, "-c", CHECK], cwd=tmp_path, env=environment, stdout=-1, stderr=-1)
    said = b"" if leaves else run.stdout.read()
    run.stdout.close()
    with run.stderr:
        assert (run.stderr.read(), run.wait()) == (b"", 0)
    assert leaves or (b"! '\\u732b\\udcff.txt' was left out." in said and b"5000 of 5000" in said)


def test_a_report_says_what_waits_what_is_undated_and_what_is_the_same(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n")
    lab = [cell("x = 1", "answer", "a"), cell("assert x", "test", "t"), cell("Why?", "manual", "m", 3, "markdown")]
    own = [lab[0], lab[1], {**lab[2], "source": "Since."}]
    for place, cells in {
        "source": lab,
        **dict.fromkeys(("submitted/Zoë", "submitted/bob", "submitted/\udcff\udcfe"), own),
    }.items():
        (tmp_path / place / "lab").mkdir(parents=True)
        (tmp_path / place / "lab" / "lab.ipynb").write_bytes(file_of(cells))
    nbgrader("generate_assignment", "lab", cwd=tmp_path)
    for untouched in ("eve", "fay"):
        shutil.copytree(tmp_path / "release/lab", tmp_path / "submitted" / untouched / "lab")
    (tmp_path / "submitted/bob/lab/timestamp.txt").write_text("2026-11-22 17:40:00.000000 UTC")
    run = [sys.executable, "-W", "ignore", "-m", "course_utils"]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    options = {"cwd": tmp_path, "env": environment, "capture_output": True, "text": True}
    graded = subprocess.run([*run, "grade", "lab", "--create", "--jobs", "1"], **options)
    assert graded.returncode == 1 and "4 submissions" in graded.stdout, graded.stderr  # one cannot be in the gradebook
    assert "Not graded" in graded.stderr and "\n\\udcff\\udcfe\n" in graded.stderr
    shutil.copytree(tmp_path / "evidence/lab/bob", tmp_path / "evidence/lab/\udcff\udcfe")  # an older version graded it
    said = subprocess.run([*run, "report", "lab", "--csv", "t.csv"], **options)
    assert said.returncode == 0, said.stderr
    rows = list(csv.DictReader((tmp_path / "t.csv").read_text(encoding="utf-8").splitlines()))
    assert {row["student"]: row["open"] for row in rows} == {
        **{"Zoë": "1", "bob": "1", "eve": "0", "fay": "0"},
        "\\udcff\\udcfe": "",  # the gradebook cannot have it
    }
    assert "Graded, and not in the gradebook; grade again: \\udcff\\udcfe." in said.stdout
    assert "never late: Zo\\xeb, " in said.stdout and said.stdout.count("same bytes: ") == 1
    assert "same bytes: Zo\\xeb, bob, \\udcff\\udcfe." in said.stdout  # not who left it as it was handed out
    nowhere = subprocess.run([*run, "report", "lab", "--csv", "tables/t.csv"], **options)
    assert nowhere.returncode == 1 and "there is no folder tables." in nowhere.stderr and not nowhere.stdout
