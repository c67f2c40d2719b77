"""The two wheels alone: what they carry, and what works from them in an empty folder, away from the clone."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import nbformat
import pytest
from jupyter_client.kernelspec import KernelSpecManager
from nbclient import NotebookClient

from authoring import first_cell, places
from nbgrader_isolated.notebook.kept_back import require_kept_back, secrets_of

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import wheels as wheels_of_the_clone  # noqa: E402

NOTEBOOKS = sorted([*(ROOT / "lessons").glob("*.ipynb"), *(ROOT / "solutions").glob("lab?/lab?.ipynb")])


@pytest.fixture(scope="session")
def wheels(tmp_path_factory) -> list[Path]:
    return wheels_of_the_clone.build(tmp_path_factory.mktemp("wheels"))


@pytest.fixture(scope="session")
def installed(wheels, tmp_path_factory) -> Path:
    """The Python of an environment with the wheels, and with all else as here; nothing in it leads to the clone."""
    folder = tmp_path_factory.mktemp("elsewhere") / "env"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    site = Path(sysconfig.get_path("purelib", vars={"base": str(folder)}))
    # A line of a .pth file is put on sys.path as it is: the .pth files over there, which lead to the clone, are not read.
    (site / "others.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(site)]
    subprocess.run([*command, *map(str, wheels)], check=True, capture_output=True)
    return folder / "bin" / "python"


def run(python: Path, *arguments: str, cwd: Path, **variables: str) -> subprocess.CompletedProcess:
    environment = {**os.environ, **variables}
    return subprocess.run([python, *arguments], cwd=cwd, env=environment, capture_output=True, text=True)


def test_the_wheel_carries_images_icons_notebooks_and_results_and_no_answer(wheels):
    course = next(wheel for wheel in wheels if wheel.name.startswith("transfer"))
    with zipfile.ZipFile(course) as archive:
        inside = {name: archive.read(name) for name in archive.namelist()}
    assets = {p.relative_to(ROOT).as_posix() for p in (ROOT / "course_utils" / "assets").rglob("*") if p.is_file()}
    assert assets <= set(inside)
    carried = {name.removeprefix("course_utils/assets/course/") for name in inside}
    for pattern in ("lessons/*.ipynb", "lessons/GLOSSARY.md", "labs/lab?/lab?.ipynb", "benchmarks/results/*.json"):
        assert {path.relative_to(ROOT).as_posix() for path in ROOT.glob(pattern)} <= carried, pattern
    assert not [name for name in inside if name.split("/")[0] in ("solutions", "authoring", "tests")]
    for solution in sorted((ROOT / "solutions").glob("lab?/lab?.ipynb")):
        hidden = secrets_of(solution, seed="")
        assert hidden
        for name, content in inside.items():
            if name.endswith((".ipynb", ".py", ".md", ".json")):
                require_kept_back(hidden, content.decode(), path=Path(name), assignment=solution.stem)


def test_in_an_empty_folder_the_package_is_the_wheels_and_not_the_clones(installed, tmp_path):
    done = run(
        installed,
        "-c",
        "import course_utils, nbgrader_isolated as n; print(course_utils.__file__, n.__file__)",
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert all(Path(path).is_relative_to(installed.parents[1]) for path in done.stdout.split())


def test_lab_doctor_and_check_work_in_an_empty_folder(installed, tmp_path):
    done = run(installed, "-m", "course_utils", "lab", "--prepare", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    copies = {
        path.relative_to(tmp_path / "work").as_posix() for path in (tmp_path / "work").rglob("*") if path.is_file()
    }
    assert {f"labs/lab{n}/lab{n}.ipynb" for n in range(1, 7)} | {"START_HERE.md", "lessons/GLOSSARY.md"} <= copies
    assert {f"lessons/{path.name}" for path in (ROOT / "lessons").glob("*.ipynb")} <= copies
    # An environment made by pip has JupyterLab's own folders in itself; here they are beside those other packages.
    jupyter = {"JUPYTER_PATH": f"{sys.prefix}/share/jupyter", "JUPYTER_CONFIG_PATH": f"{sys.prefix}/etc/jupyter"}
    done = run(installed, "-m", "course_utils", "doctor", cwd=tmp_path, **jupyter)
    assert "Labs can run here." in done.stdout, done.stdout
    assert "nbgrader and its configuration" not in done.stdout
    for command in (["release", "lab1"], ["teach"]):
        done = run(installed, "-m", "course_utils", *command, cwd=tmp_path)
        assert done.returncode and f"`{command[0]}` needs a clone of the course" in done.stderr


def test_a_lab_is_checked_in_an_empty_folder_and_the_receipt_says_what_to_hand_in(installed, tmp_path):
    shutil.copy(ROOT / "solutions" / "lab1" / "lab1.ipynb", tmp_path)
    done = run(installed, "-m", "course_utils", "check", "lab1.ipynb", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    digest = hashlib.sha256((tmp_path / "lab1.ipynb").read_bytes()).hexdigest()
    assert f"lab1.ipynb  sha256 {digest}" in done.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["lab1.ipynb"]


def executed(python: Path, notebook: Path, folder: Path) -> nbformat.NotebookNode:
    """Runs a notebook in a folder that holds it alone, in a plain kernel of that Python."""
    kernel = folder.parent / "kernels" / "wheels"
    kernel.mkdir(parents=True)
    argv = [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec = {"argv": argv, "display_name": "wheels", "language": "python"}
    (kernel / "kernel.json").write_text(json.dumps(spec))
    folder.mkdir()
    shutil.copy(notebook, folder)
    content = nbformat.read(folder / notebook.name, as_version=4)
    client = NotebookClient(content, timeout=900, kernel_name="wheels", resources={"metadata": {"path": str(folder)}})
    client.create_kernel_manager()
    client.km.kernel_spec_manager = KernelSpecManager(kernel_dirs=[str(kernel.parent)], ensure_native_kernel=False)
    client.execute()
    return content


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_alone_in_an_empty_folder(installed, notebook, tmp_path):
    # A worked lab: that the exercises are right there too shows more than that nothing raises.
    content = executed(installed, notebook, tmp_path / "alone")
    assert content.cells[1].id == first_cell.CELL_ID or content.cells[2].id == first_cell.CELL_ID
    said = "".join(output.get("text", "") for cell in content.cells for output in cell.get("outputs", []))
    assert "not yet" not in said


def test_the_first_code_cell_of_every_notebook_is_the_packages():
    for path in [*ROOT.glob("lessons/*.ipynb"), *ROOT.glob("labs/lab?/*.ipynb"), *ROOT.glob("solutions/lab?/*.ipynb")]:
        first = next(cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code")
        assert (first.id, first.source) == (first_cell.CELL_ID, first_cell.source(ROOT)), path


def test_where_the_package_is_missing_the_cell_says_what_to_do(tmp_path):
    code = first_cell.source(tmp_path)  # no pyproject.toml: nothing is published
    ast.parse(code)
    done = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True)
    assert "docs/students.md says how" in done.stderr and "During handling" not in done.stderr


def test_where_the_course_is_published_the_cell_installs_both_wheels_from_there(tmp_path):
    (tmp_path / "pyproject.toml").write_text('[tool.course]\nrepository = "owner/name"\n')
    code = first_cell.source(tmp_path)
    assert places.repository(tmp_path) == "owner/name"
    assert code.index("#subdirectory=grader") < code.rindex('"{address}"')
    assert "%pip install" in code and "fetch" in code
