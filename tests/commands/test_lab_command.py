"""`python -m course_utils lab`: a student's files are filled in and never overwritten, and JupyterLab opens on them."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from course_utils.commands.lab import fill_work, server_command, server_environment, use_wheels
from course_utils.errors import StoreError

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOK = {
    "cells": [{"cell_type": "markdown", "id": "a", "metadata": {}, "source": ["# Lesson 1: A title\n", "\n", "Text."]}],
    "metadata": {},
    "nbformat": 4,
    "nbformat_minor": 5,
}


@pytest.fixture
def course(tmp_path):
    """A course with one lesson and one lab of several files, in a folder with spaces in its name."""
    root = tmp_path / "my course"
    for name in ("lessons/01_first.ipynb", "labs/lab1/lab1.ipynb"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(json.dumps(NOTEBOOK))
    (root / "labs/lab1/images").mkdir()
    (root / "labs/lab1/images/cat.png").write_bytes(b"\x89PNG")
    (root / "lessons/GLOSSARY.md").write_text("# Glossary\n\n## base\n")
    (root / "lessons/notes.txt").write_text("not a notebook")
    (root / "labs/lab1/.ipynb_checkpoints").mkdir()
    (root / "labs/lab1/.ipynb_checkpoints/lab1-checkpoint.ipynb").write_text("old")
    return root


def relative(paths: list[Path], root: Path) -> set[str]:
    return {path.relative_to(root).as_posix() for path in paths}


def test_work_gets_the_lessons_and_the_whole_folder_of_each_lab(course):
    made = fill_work(course)
    expected = {"work/lessons/01_first.ipynb", "work/labs/lab1/lab1.ipynb", "work/labs/lab1/images/cat.png"}
    expected |= {"work/START_HERE.md", "work/lessons/GLOSSARY.md"}
    assert relative(made, course) == expected
    assert relative([path for path in (course / "work").rglob("*") if path.is_file()], course) == expected


def test_what_a_student_has_is_never_overwritten_and_what_is_missing_comes_back(course):
    fill_work(course)
    answer = course / "work/labs/lab1/lab1.ipynb"
    answer.write_text("three hours of work")
    emptied = course / "work/lessons/01_first.ipynb"
    emptied.write_text("")
    (course / "work/labs/lab1/images/cat.png").unlink()
    (course / "labs/lab1/lab1.ipynb").write_text(json.dumps({**NOTEBOOK, "metadata": {"edition": 2}}))
    assert relative(fill_work(course), course) == {"work/labs/lab1/images/cat.png"}
    assert answer.read_text() == "three hours of work"
    assert emptied.read_text() == ""


def test_the_first_page_links_to_every_notebook_by_its_title_to_the_glossary_and_to_help(course):
    (course / "lessons/02_second.ipynb").write_text("{}")
    fill_work(course)
    page = (course / "work/START_HERE.md").read_text("utf-8")
    links = dict(re.findall(r"\[([^\]]+)\]\(([^)#]+)", page))
    assert links.pop("For students") == links.pop("When something does not work") == "../docs/students.md"
    assert links == {
        "Lesson 1: A title": "labs/lab1/lab1.ipynb",  # the small lab of this test is called as its lesson is
        "lessons/02_second.ipynb": "lessons/02_second.ipynb",
        "Glossary": "lessons/GLOSSARY.md",
    }
    assert "](lessons/01_first.ipynb)" in page and page.index("01_first") < page.index("02_second")
    for target in links.values():
        assert (course / "work" / target).is_file()
    heading = re.search(r"students\.md#(\S+)\)", page)[1].replace("-", " ")
    assert f"\n## {heading}\n" in (ROOT / "docs/students.md").read_text("utf-8")


@pytest.mark.parametrize("name", ["START_HERE.md", "lessons/GLOSSARY.md"])
def test_a_page_of_ours_follows_the_course_until_a_student_changes_it(course, name):
    fill_work(course)
    page = course / "work" / name
    first = page.read_text("utf-8")
    assert fill_work(course) == []
    (course / "lessons/02_second.ipynb").write_text(json.dumps(NOTEBOOK))
    (course / "lessons/GLOSSARY.md").write_text("# Glossary\n\n## head\n")
    assert page in fill_work(course)
    second = page.read_text("utf-8")
    assert second != first and ("02_second" in second or "head" in second)
    for changed in (second.replace("#", "# My", 1), "", "mine"):
        page.write_text(changed, "utf-8")
        (course / "lessons/03_third.ipynb").write_text(json.dumps(NOTEBOOK))
        (course / "lessons/GLOSSARY.md").write_text("# Glossary\n\n## top\n")
        assert page not in fill_work(course)
        assert page.read_text("utf-8") == changed
    page.write_bytes(b"\xff\xfe")
    assert page not in fill_work(course) and page.read_bytes() == b"\xff\xfe"


def test_a_link_that_leads_nowhere_counts_as_the_students_own(course):
    fill_work(course)
    link = course / "work/lessons/01_first.ipynb"
    link.unlink()
    link.symlink_to(course / "on another disk.ipynb")
    assert fill_work(course) == []
    assert link.is_symlink()


def test_a_course_without_notebooks_still_gets_its_work_folder(tmp_path):
    assert fill_work(tmp_path) == []
    assert (tmp_path / "work").is_dir()


def test_a_work_folder_that_cannot_be_made_is_explained(course):
    (course / "work").write_text("a file where the folder should be")
    with pytest.raises(StoreError, match="cannot be written to"):
        fill_work(course)


def test_the_server_finds_this_environments_programs_first():
    found = shutil.which("alembic", path=server_environment(ROOT)["PATH"])
    assert found is not None, "nbgrader looks for it on PATH"
    assert Path(found).parent == Path(sys.prefix) / ("Scripts" if os.name == "nt" else "bin")


@pytest.mark.parametrize("teaching", [False, True])
def test_the_server_has_the_repository_as_root_opens_where_it_should_and_passes_options_on(course, teaching):
    command = server_command(course, ["--no-browser", "--port=8889"], teaching=teaching)
    assert f"--ServerApp.root_dir={course}" in command
    assert f"--LabApp.default_url={'/lab' if teaching else '/lab/tree/work/START_HERE.md'}" in command
    assert (f"--FileContentsManager.preferred_dir={course / 'work'}" in command) == (not teaching)
    assert command[-2:] == ["--no-browser", "--port=8889"]


def disabled(environment: dict[str, str]) -> set[str]:
    """The parts of nbgrader that an environment's folders of settings switch off in JupyterLab."""
    found = set()
    for folder in environment["JUPYTER_CONFIG_PATH"].split(os.pathsep):
        path = Path(folder, "labconfig", "page_config.json")
        if path.is_file():
            found |= {name.partition(":")[2] for name in json.loads(path.read_text())["disabledExtensions"]}
    return found


def test_students_see_no_panels_of_instructors_and_the_assignment_list_only_with_an_exchange(course, monkeypatch):
    monkeypatch.delenv("TRANSFER_LEARNING_EXCHANGE", raising=False)
    monkeypatch.delenv("JUPYTER_CONFIG_PATH", raising=False)
    panels, list_of_assignments = {"formgrader", "create-assignment", "course-list"}, {"assignment-list", "menu"}
    assert disabled(server_environment(course)) == panels | list_of_assignments
    assert disabled(server_environment(course, teaching=True)) == set()
    monkeypatch.setenv("TRANSFER_LEARNING_EXCHANGE", "/srv/exchange")
    assert disabled(server_environment(course)) == panels
    monkeypatch.delenv("TRANSFER_LEARNING_EXCHANGE")
    (course / "exchange").mkdir()
    assert disabled(server_environment(course)) == panels
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "/etc/mine")
    assert server_environment(course)["JUPYTER_CONFIG_PATH"].endswith(f"{course}{os.pathsep}/etc/mine")


def test_a_wheel_folder_with_spaces_reaches_pip_whole(tmp_path, monkeypatch):
    folder = tmp_path / "room 5"
    folder.mkdir()
    monkeypatch.setenv("COURSE_WHEELS", str(folder))
    monkeypatch.setenv("PIP_NO_INDEX", "")
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    use_wheels()
    done = subprocess.run(
        [sys.executable, "-m", "pip", "download", "--no-deps", "--verbose", "--dest", str(tmp_path), "no-such-package"],
        capture_output=True,
        text=True,
    )
    assert f"Looking in links: file://{str(folder).replace(' ', '%20')}" in done.stdout
    assert "index" not in done.stdout.lower().replace("no_index", "").replace("--no-index", "")
    assert done.returncode == 1


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def get(address: str, *, until: float) -> bytes:
    while True:
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                return answer.read()
        except (urllib.error.URLError, ConnectionError) as error:
            if isinstance(error, urllib.error.HTTPError) or time.monotonic() > until:
                raise
            time.sleep(0.3)  # it has not begun to listen


def page_data(page: bytes) -> str:
    return re.search(r'id="jupyter-config-data"[^>]*>(.*?)</script>', page.decode(), flags=re.DOTALL).group(1)


@pytest.fixture
def clone(course):
    """The small course with this package inside, as a clone has it."""
    shutil.copytree(ROOT / "course_utils", course / "course_utils", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "requirements.lock", "nbgrader_config.py"):
        shutil.copy(ROOT / name, course / name)
    return course


@pytest.mark.parametrize("name", ["lab", "teach"])
def test_jupyterlab_really_serves_work_the_kernels_and_for_instructors_the_formgrader(clone, name):
    port = free_port()
    command = [sys.executable, "-m", "course_utils", name, "--no-browser", f"--port={port}"]
    command += ["--IdentityProvider.token=secret"]
    with open(clone / "server.log", "w") as log:
        # PYTHONPATH: this clone's package, not the one that the environment was set up with.
        environment = {**os.environ, "PYTHONPATH": str(clone)}
        server = subprocess.Popen(command, cwd=clone, env=environment, stdout=log, stderr=log)
    try:
        base, until = f"http://127.0.0.1:{port}", time.monotonic() + 120
        listing = json.loads(get(f"{base}/api/contents/work/lessons?token=secret", until=until))
        assert {item["name"] for item in listing["content"]} == {"01_first.ipynb", "GLOSSARY.md"}
        kernels = json.loads(get(f"{base}/api/kernelspecs?token=secret", until=until))["kernelspecs"]
        assert {"python3", "course-cpu", "course-gpu"} <= set(kernels)
        data = json.loads(page_data(get(f"{base}/lab?token=secret", until=until)))
        assert data["news"] == {"disabled": True}  # nothing asks the network for news
        if name == "teach":
            assert data["preferredPath"] == "/"
            page = get(f"{base}/formgrader/manage_assignments?token=secret", until=until).decode()
            assert "formgrader" in page
        else:
            assert data["preferredPath"].strip("/") == "work"  # where the file browser starts
            assert "@jupyter/nbgrader:formgrader" in data["disabledExtensions"]
            with pytest.raises(urllib.error.HTTPError, match="404"):
                get(f"{base}/formgrader/manage_assignments?token=secret", until=until)
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(timeout=30)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def course_utils(*arguments: str, **variables: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "course_utils", *arguments]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **variables}, capture_output=True, text=True)


def test_an_unknown_command_suggests_the_nearest_one():
    done = course_utils("docto")
    assert done.returncode == 2
    assert "Did you mean 'doctor'?" in done.stderr
    assert done.stdout == ""


def test_help_lists_every_command_and_calling_nothing_is_an_error():
    shown = course_utils("--help")
    assert shown.returncode == 0
    assert [line.split()[0] for line in shown.stdout.splitlines() if line.startswith("  ")] == [
        "doctor",
        "fetch",
        "kernels",
        "lab",
        "teach",
        "check",
        "release",
        "seed",
        "grade",
        "report",
        "items",
    ]
    assert course_utils().returncode == 2


def test_an_error_that_the_course_explains_comes_without_a_traceback(tmp_path):
    (tmp_path / "share").write_text("a file where a folder should be")
    done = course_utils("kernels", "--prefix", str(tmp_path))
    assert done.returncode == 1
    assert done.stderr.startswith("The kernels go into")
    assert "Traceback" not in done.stderr


def test_interrupting_a_command_is_quiet():
    running = subprocess.Popen(
        [sys.executable, "-m", "course_utils", "doctor"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert "Python" in running.stdout.readline()  # it has begun
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=60)
    assert running.returncode == 130
    assert err == ""
