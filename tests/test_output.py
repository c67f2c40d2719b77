"""What a command shows never ends it, and a report counts what waits in the gradebook."""

from __future__ import annotations

import csv
import os
import subprocess
import sys

from test_grading_command import nbgrader
from test_grading_engine import cell, file_of

PROGRAM = "from course_utils.output import never_stop\nnever_stop()\nfor i in range(20_000):\n    print('Zoë ☃')\nopen('kept', 'w')"


def test_neither_a_terminals_encoding_nor_a_reader_that_leaves_ends_a_command(tmp_path):
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    run = subprocess.Popen([sys.executable, "-c", PROGRAM], cwd=tmp_path, env=environment, stdout=-1, stderr=-1)
    assert run.stdout.readline() == b"Zo\\xeb \\u2603\n"
    run.stdout.close()
    assert (run.stderr.read(), run.wait(), (tmp_path / "kept").exists()) == (b"", 0, True)
    run.stderr.close()


def test_a_report_says_what_waits_what_is_undated_and_what_is_the_same(tmp_path):
    settings = "c = get_config()\nc.LatePenalty.extra_days = {'lab': {'nobody': 3}}\n"
    (tmp_path / "nbgrader_config.py").write_text(settings)
    lab = [cell("x = 1", "answer", "a"), cell("assert x", "test", "t"), cell("Why?", "manual", "m", 3, "markdown")]
    own = [lab[0], lab[1], {**lab[2], "source": "Since."}]
    for place, cells in {"source": lab, "submitted/Zoë": own, "submitted/bob": own}.items():
        (tmp_path / place / "lab").mkdir(parents=True)
        (tmp_path / place / "lab" / "lab.ipynb").write_bytes(file_of(cells))
    nbgrader("generate_assignment", "lab", cwd=tmp_path)
    (tmp_path / "submitted/bob/lab/timestamp.txt").write_text("2026-11-22 17:40:00.000000 UTC")
    run = [sys.executable, "-W", "ignore", "-m", "course_utils"]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    options = {"cwd": tmp_path, "env": environment, "capture_output": True, "text": True}
    assert subprocess.run([*run, "grade", "lab", "--create", "--jobs", "1"], **options).returncode == 0
    said = subprocess.run([*run, "report", "lab", "--csv", "t.csv"], **options)
    assert said.returncode == 0, said.stderr
    rows = list(csv.DictReader((tmp_path / "t.csv").open(encoding="utf-8")))
    assert {row["student"]: row["open"] for row in rows} == {"Zoë": "1", "bob": "1"}
    assert "never late: Zo\\xeb." in said.stdout and "same bytes: " in said.stdout and "nobody" in said.stdout
