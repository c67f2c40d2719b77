"""In a clean environment without TensorFlow, as an ordinary user: the README's steps, then nbgrader's own two ways of grading.

The environments are made with pip from the package index, in the versions of requirements.lock.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
import venv
from pathlib import Path

import pytest

GRADER = Path(__file__).resolve().parents[1]
ROOT = GRADER.parent
USER = "nobody"
AS_USER = ROOT / "tests" / "as_user.py"
TOKEN = "an instructor's"
README = (GRADER / "README.md").read_text("utf-8")

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


def environment(folder: Path, wanted: str) -> Path:
    """Makes an environment with the grader in it; returns its Python."""
    locked = re.findall(r"^([\w.-]+==[^\\\n]+)", (ROOT / "requirements.lock").read_text("utf-8"), flags=re.MULTILINE)
    constraints = folder / "constraints.txt"
    constraints.write_text("\n".join(locked), "utf-8")
    venv.create(folder / "env", with_pip=True, symlinks=True)
    python = folder / "env" / "bin" / "python"
    given = {"PIP_CONSTRAINT": str(constraints), "PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    command = [python, "-m", "pip", "install", "--quiet", wanted]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **given}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return python


@pytest.fixture
def folder():
    """One that every user can reach."""
    with tempfile.TemporaryDirectory(prefix="clean-", ignore_cleanup_errors=True) as name:
        os.chmod(name, 0o755)
        yield Path(name)


def blocks(kind: str) -> list[str]:
    """The README's code of one kind, in order, without the indentation of its list."""
    found = re.findall(rf"^( *)```{kind}\n(.*?)^ *```", README, flags=re.MULTILINE | re.DOTALL)
    return [re.sub(rf"^{indent}", "", code, flags=re.MULTILINE) for indent, code in found]


def test_the_base_needs_numpy_alone(folder):
    python = environment(folder, "./grader")
    code = (
        "import importlib.metadata as m, sys\n"
        "from nbgrader_isolated.wire import crossing, decode, encode\n"
        "import numpy as np\n"
        "assert crossing.as_graded({'a': np.arange(3)})['a'].tolist() == [0, 1, 2]\n"
        "print(sorted({d.name.lower() for d in m.distributions()} - {'pip', 'setuptools'}))"
    )
    done = subprocess.run([python, "-I", "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "['nbgrader-isolated', 'numpy']", done.stderr


class Instructor:
    """An ordinary user of the machine with the environment's programs on PATH."""

    def __init__(self, folder: Path, python: Path) -> None:
        self.home, self.python = folder / "home", python
        self.home.mkdir()
        self.root = os.geteuid() == 0
        if self.root:
            shutil.chown(self.home, USER)

    def command(self, script: str, cwd: Path) -> list[str]:
        line = ["/bin/sh", "-ec", script]
        given = [f"HOME={self.home}", f"PATH={self.python.parent}:/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8"]
        given += [f"JUPYTER_{name}_DIR={self.home / name}" for name in ("CONFIG", "DATA", "RUNTIME")]
        line = ["env", "-i", *given, *line]
        if self.root:
            line = ["unshare", "--mount", str(self.python), str(AS_USER), USER, str(cwd), *line]
        return line

    def run(self, script: str, cwd: Path) -> str:
        done = subprocess.run(self.command(script, cwd), cwd=cwd, capture_output=True, text=True)
        assert done.returncode == 0, f"{script}\n{done.stdout}\n{done.stderr}"
        return done.stdout


SCORES = """
from nbgrader.api import Gradebook
with Gradebook("sqlite:///gradebook.db") as book:
    for work in sorted(book.assignment_submissions("ps1"), key=lambda one: one.student.id):
        print(work.student.id, [float(sum(g.auto_score or 0 for g in n.grades)) for n in sorted(work.notebooks, key=lambda n: n.name)])
"""


def test_the_readme_leads_to_a_mark_and_autograde_and_the_formgraders_button_give_the_same(folder):
    install, make, release, grade, report = blocks("bash")
    [setting] = blocks("python")
    [shown] = blocks("text")
    python = environment(folder, install.split('"')[1])
    assert subprocess.run([python, "-c", "import tensorflow"], capture_output=True).returncode != 0
    ada = Instructor(folder, python)
    ada.run(make, ada.home)
    course = ada.home / "course101"
    ada.run(f"cat >> nbgrader_config.py <<'END'\n{setting}END", course)
    ada.run(release, course)
    said = ada.run(grade, course)
    for line, expected in zip(said.splitlines(), shown.splitlines(), strict=True):
        # How long it took differs, and whether this machine lets an ordinary user measure memory.
        assert re.sub(r"\d+ s|, \d+ MB", "", line) == re.sub(r"\d+ s", "", expected)
    assert "ada" in ada.run(report, course)
    ada.run("nbgrader db student add bob; mkdir submitted/bob; cp -r release/ps1 submitted/bob/", course)
    ada.run("nbgrader-isolated grade ps1", course)
    by_command = ada.run(f"python -c '{SCORES}'", course)
    assert by_command.splitlines() == ["ada [3.0, 0.0]", "bob [0.0, 0.0]"]
    ada.run("rm gradebook.db; rm -rf evidence autograded; nbgrader generate_assignment ps1 --force", course)
    ada.run("nbgrader db student add ada; nbgrader db student add bob; nbgrader autograde ps1", course)
    assert ada.run(f"python -c '{SCORES}'", course) == by_command
    ada.run("rm -rf evidence autograded", course)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = f'--no-browser --ip=127.0.0.1 --port={port} --ServerApp.port_retries=0 --IdentityProvider.token="{TOKEN}"'
    server = subprocess.Popen(
        ada.command(f"exec jupyter server {options}", course), cwd=course, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for student in ("ada", "bob"):
            address = f"http://127.0.0.1:{port}/formgrader/api/submission/ps1/{student}/autograde"
            asked = urllib.request.Request(address, b"{}", {"Authorization": f"token {TOKEN}"}, method="POST")
            deadline = time.monotonic() + 120
            while True:
                try:
                    with urllib.request.urlopen(asked, timeout=300) as reply:
                        assert json.load(reply)["success"]
                    break
                except (ConnectionError, urllib.error.URLError):
                    assert server.poll() is None and time.monotonic() < deadline
                    time.sleep(0.5)
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=60)
    assert (course / "evidence/ps1/ada/problem1/record.json").is_file()
    assert ada.run(f"python -c '{SCORES}'", course) == by_command
