"""The locks, environment.yml and the set-up behind `make`: what a fresh machine depends on.

The set-up is tried for real, with pip and venv, on a course of two small packages in a folder with spaces in its name.
"""

from __future__ import annotations

import base64
import hashlib
import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

from tools import wheelhouse

ROOT = Path(__file__).resolve().parents[2]
PYTHONS = ("3.11", "3.12", "3.13")
PLATFORMS = {
    "Linux x86_64": {"sys_platform": "linux", "os_name": "posix", "platform_machine": "x86_64"},
    "Linux aarch64": {"sys_platform": "linux", "os_name": "posix", "platform_machine": "aarch64"},
    "macOS arm64": {"sys_platform": "darwin", "os_name": "posix", "platform_machine": "arm64"},
    "Windows": {"sys_platform": "win32", "os_name": "nt", "platform_machine": "AMD64"},
}
SYSTEMS = {"linux": "Linux", "darwin": "Darwin", "win32": "Windows"}
OPTIONAL = {"gpu", "hub", "jax", "torch", "datasets", "site"}
"""Extras of the course that requirements.lock leaves out."""

LOCKS = ("requirements.lock", "requirements-gpu.lock", "requirements-hub.lock", "requirements-site.lock")


def where(platform: str, python: str) -> dict[str, str]:
    """What markers are decided by on one platform and Python."""
    chosen = PLATFORMS[platform]
    return {
        **chosen,
        "platform_system": SYSTEMS[chosen["sys_platform"]],
        "python_version": python,
        "python_full_version": f"{python}.9",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }


def pins(lines: list[str], platform: str, python: str) -> list[tuple[str, str]]:
    found = []
    for line in lines:
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate(where(platform, python)):
            found.append((requirement.name, str(requirement.specifier).removeprefix("==")))
    return sorted(found)


def lock_lines(name: str = "requirements.lock") -> list[str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return [line.rstrip("\\ ") for line in text.splitlines() if line[:1].isalnum()]


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_pins_every_package_with_hashes_and_names_no_index(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert not re.search(r"https?:|file:|--(?:extra-)?index|--find-links|\bgit\+", text)
    blocks = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]
    assert blocks
    for block in blocks:
        assert re.match(r"[A-Za-z0-9._-]+==[^ ]+ ", block), block[:80]
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", block), block[:80]


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_lock_gives_each_platform_and_python_one_version_of_all_that_the_project_asks_for(platform, python):
    locked = pins(lock_lines(), platform, python)
    assert len(dict(locked)) == len(locked), "two versions of one package"
    course, grader = (
        tomllib.loads((ROOT / name).read_text(encoding="utf-8"))["project"]
        for name in ("pyproject.toml", "grader/pyproject.toml")
    )
    extras = [text for texts in grader["optional-dependencies"].values() for text in texts]
    extras += [
        text
        for name in set(course["optional-dependencies"]) - OPTIONAL
        for text in course["optional-dependencies"][name]
    ]
    for text in (*course["dependencies"], *grader["dependencies"], *extras):
        wanted = Requirement(text)
        if wanted.name in (grader["name"], course["name"]):  # they come with the repository
            whole = {grader["name"]: grader, course["name"]: course}[wanted.name]
            assert wanted.specifier.contains(whole["version"]) and wanted.extras <= set(whole["optional-dependencies"])
        elif wanted.marker is None or wanted.marker.evaluate(where(platform, python)):
            assert wanted.specifier.contains(dict(locked)[wanted.name]), text


def test_the_lock_holds_one_backend_only():
    names = {Requirement(line).name for line in lock_lines()}
    assert "tensorflow" in names
    assert not names & {"torch", "jax", "jaxlib"}


def test_the_gpu_lock_adds_to_the_other_and_only_where_tensorflow_has_cuda():
    lines = lock_lines("requirements-gpu.lock")
    assert any(line.startswith("nvidia-cudnn-") for line in lines)
    assert not {Requirement(line).name for line in lines} & {Requirement(line).name for line in lock_lines()}
    for platform in PLATFORMS:
        assert bool(pins(lines, platform, "3.12")) == (platform == "Linux x86_64"), platform


@pytest.mark.parametrize("extra", ["hub", "site"])
@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_lock_of_an_extra_adds_what_it_asks_for_to_the_other(extra, platform, python):
    names = (f"requirements-{extra}.lock", LOCKS[0])
    added, common = (dict(pins(lock_lines(name), platform, python)) for name in names)
    assert not set(added) & set(common)
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    for wanted in map(Requirement, extras[extra]):
        assert wanted.specifier.contains(added[wanted.name]), wanted


@pytest.mark.parametrize("platform", PLATFORMS)
def test_conda_users_get_what_the_lock_gives_that_python_on_every_platform(platform):
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    python = next(d.split("=")[1] for d in environment["dependencies"] if str(d).startswith("python="))
    assert python in PYTHONS
    section = next(d["pip"] for d in environment["dependencies"] if isinstance(d, dict))
    assert section[-2:] == ["-e ./grader", "-e ."]
    assert pins(section[:-2], platform, python) == pins(lock_lines(), platform, python)


def test_make_help_lists_every_command_with_one_line():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    commands = re.search(r"^\.PHONY: (.*)$", makefile, flags=re.MULTILINE).group(1).split()
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    lines = [line.split() for line in shown.splitlines() if line.startswith("  make ")]
    assert sorted(line[1] for line in lines) == sorted(commands)
    assert all(len(line) > 4 for line in lines)
    assert {"lab", "setup", "test", "demo", "notebooks", "bench", "lint", "lock", "wheelhouse"} <= set(commands)


def find_python(script: Path, *, path: str, **variables: str) -> subprocess.CompletedProcess:
    environment = {"PATH": path, **variables}
    return subprocess.run(["/bin/sh", str(script)], env=environment, capture_output=True, text=True)


def program(folder: Path, name: str, says: str) -> Path:
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_text(f"#!/bin/sh\n{says}\n")
    file.chmod(0o755)
    return file


def test_a_python_that_is_too_old_or_only_pretends_is_passed_over(tmp_path):
    program(tmp_path / "bin", "python3", "echo 3.8")
    program(tmp_path / "bin", "python3.13", "echo 'not found' >&2; exit 127")
    (tmp_path / "bin" / "python3.12").symlink_to(shutil.which("true"))
    os.symlink(sys.executable, tmp_path / "bin" / "python3.11")
    done = find_python(ROOT / "tools" / "find_python.sh", path=f"{tmp_path / 'bin'}:/usr/bin:/bin")
    assert (done.returncode, done.stdout.strip()) == (0, "python3.11"), done.stderr


def test_a_python_named_by_the_user_that_cannot_be_used_is_not_replaced_in_silence(tmp_path):
    old = program(tmp_path / "bin", "my-python", "echo 3.14")
    os.symlink(sys.executable, tmp_path / "bin" / "python3.11")
    done = find_python(ROOT / "tools" / "find_python.sh", path=f"{tmp_path / 'bin'}:/usr/bin:/bin", PYTHON=str(old))
    assert done.returncode == 0
    assert f"PYTHON={old} cannot be used" in done.stderr


def test_without_a_usable_python_the_message_says_what_was_found_and_what_to_install(tmp_path):
    # The system's own Python would be found on most machines, so this copy does not look there.
    script = tmp_path / "find_python.sh"
    script.write_text((ROOT / "tools" / "find_python.sh").read_text().replace(" /usr/bin/python3;", ";"))
    program(tmp_path / "bin", "python3", "echo 3.9")
    program(tmp_path / "bin", "python3.12", 'case "$2" in *ensurepip*) exit 1 ;; *) echo 3.12 ;; esac')
    done = find_python(script, path=str(tmp_path / "bin"))
    assert done.returncode == 1
    assert done.stdout == ""
    assert "python3 is 3.9" in done.stderr
    assert "python3.12 is 3.12 but its venv module is missing" in done.stderr
    assert "sudo apt-get install python3-venv" in done.stderr


def write_wheel(folder: Path, name: str, version: str, files: dict[str, bytes]) -> Path:
    """Writes a wheel with these files; its metadata is added when it is not among them."""
    info = f"{name}-{version}.dist-info"
    files = {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n".encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        **files,
    }
    rows = []
    for path, content in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        rows.append(f"{path},sha256={digest},{len(content)}")
    folder.mkdir(parents=True, exist_ok=True)
    wheel = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, content in files.items():
            archive.writestr(path, content)
        archive.writestr(f"{info}/RECORD", "\n".join([*rows, f"{info}/RECORD,,\n"]))
    return wheel


def wheel_again(folder: Path, name: str) -> Path:
    """Packs an installed pure Python package into a wheel again, so that these tests need no network."""
    files = {}
    for path in importlib.metadata.files(name):
        inside = str(path).replace(os.sep, "/")
        if not inside.startswith("..") and "__pycache__" not in inside and not inside.endswith("RECORD"):
            files[inside] = path.locate().read_bytes()
    return write_wheel(folder, name, importlib.metadata.version(name), files)


def lock_of(*wheels: Path) -> str:
    lines = []
    for wheel in wheels:
        name, version = wheel.name.split("-")[:2]
        lines.append(f"{name}=={version} \\\n    --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n")
    return "".join(lines)


@pytest.fixture(scope="module")
def small_course(tmp_path_factory):
    """A repository with this project's set-up, a lock of three packages, and a folder of their wheels."""
    root = tmp_path_factory.mktemp("my courses") / "a course"
    (root / "tools").mkdir(parents=True)
    (root / "course_utils").mkdir()
    (root / "course_utils" / "__init__.py").write_text("")
    for name in ("tools/setup.py", "tools/find_python.sh", "Makefile"):
        shutil.copy(ROOT / name, root / name)
    (root / "grader" / "src" / "nbgrader_isolated").mkdir(parents=True)
    (root / "grader" / "src" / "nbgrader_isolated" / "__init__.py").write_text("")
    (root / "grader" / "pyproject.toml").write_text(
        '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n'
        '[project]\nname = "small-grader"\nversion = "1"\n[tool.setuptools.packages.find]\nwhere = ["src"]\n'
    )
    (root / "pyproject.toml").write_text(
        '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n'
        '[project]\nname = "small-course"\nversion = "1"\n[tool.setuptools]\npackages = ["course_utils"]\n'
    )
    wheels = root.parent / "the wheels"
    packed = [wheel_again(wheels, "pip"), wheel_again(wheels, "setuptools")]
    packed.append(write_wheel(wheels, "tinydep", "1.0", {"tinydep.py": b"VALUE = 1\n"}))
    (root / "requirements.lock").write_text(lock_of(*packed))
    return root, wheels


def set_up(root: Path, wheels: Path | str = "", *more: str, **variables: str) -> subprocess.CompletedProcess:
    command = [sys.executable, str(root / "tools" / "setup.py"), "--wheels", str(wheels), *more]
    environment = {**os.environ, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "", **variables}
    return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=root.parent)


def ask(root: Path, code: str) -> str:
    python = root / ".venv" / "bin" / "python"
    return subprocess.run([python, "-I", "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def test_set_up_installs_the_lock_and_the_course_in_a_folder_with_spaces_without_a_network(small_course):
    root, wheels = small_course
    done = set_up(root, wheels)
    assert done.returncode == 0, done.stdout + done.stderr
    assert ask(root, "import tinydep; print(tinydep.VALUE)") == "1"
    assert ask(root, "import course_utils; print(course_utils.__file__)") == str(root / "course_utils" / "__init__.py")
    assert ask(root, "import pip; print(pip.__version__)") == importlib.metadata.version("pip")


def test_a_second_set_up_does_nothing_and_needs_neither_network_nor_wheels(small_course):
    root, wheels = small_course
    assert set_up(root, wheels).returncode == 0
    stamp = root / ".venv" / "course-installed.json"
    before = stamp.stat().st_mtime_ns
    done = set_up(root)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert stamp.stat().st_mtime_ns == before


def test_a_changed_lock_is_installed_by_the_next_set_up(small_course):
    root, wheels = small_course
    newer = write_wheel(wheels, "tinydep", "2.0", {"tinydep.py": b"VALUE = 2\n"})
    others = [w for w in sorted(wheels.glob("*.whl")) if not w.name.startswith("tinydep")]
    (root / "requirements.lock").write_text(lock_of(*others, newer))
    done = set_up(root, wheels)
    assert done.returncode == 0, done.stdout + done.stderr
    assert ask(root, "import tinydep; print(tinydep.VALUE)") == "2"


def test_what_the_site_needs_is_added_when_asked_for_and_stays(small_course):
    root, wheels = small_course
    (root / "requirements-site.lock").write_text(
        lock_of(write_wheel(wheels, "tinysite", "1.0", {"tinysite.py": b"VALUE = 4\n"}))
    )
    assert set_up(root, wheels).returncode == 0
    assert ask(root, "import importlib.util as u; print(u.find_spec('tinysite'))") == "None"
    done = set_up(root, wheels, "--site", "1")
    assert done.returncode == 0, done.stdout + done.stderr
    assert ask(root, "import tinysite; print(tinysite.VALUE)") == "4"
    done = set_up(root)
    assert (done.returncode, done.stdout) == (0, ""), "once asked for, it need not be asked for again"


def test_a_file_that_does_not_match_its_hash_stops_the_set_up_and_the_next_run_repairs_it(small_course):
    root, wheels = small_course
    lock = root / "requirements.lock"
    newest = write_wheel(wheels, "tinydep", "3.0", {"tinydep.py": b"VALUE = 3\n"})
    good = lock_of(*(w for w in sorted(wheels.glob("*.whl")) if "tinydep" not in w.name), newest)
    lock.write_text(good.replace(hashlib.sha256(newest.read_bytes()).hexdigest(), "0" * 64))
    done = set_up(root, wheels)
    assert done.returncode == 1
    assert "HASHES" in (done.stdout + done.stderr).upper()
    assert "Traceback" not in done.stderr
    assert (root / ".venv" / "course-unfinished").exists()
    lock.write_text(good)
    done = set_up(root, wheels)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "interrupted: starting the environment afresh" in done.stdout
    assert not (root / ".venv" / "course-unfinished").exists()
    assert ask(root, "import tinydep, course_utils; print(tinydep.VALUE)") == "3"


def test_a_folder_called_venv_that_holds_something_else_is_left_alone(small_course, tmp_path):
    root, wheels = small_course
    folder = tmp_path / "not an environment"
    folder.mkdir()
    (folder / "thesis.txt").write_text("precious")
    command = [sys.executable, str(root / "tools" / "setup.py"), "--wheels", str(wheels), "--venv", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 1
    assert "is not a Python environment" in done.stderr
    assert [p.name for p in folder.iterdir()] == ["thesis.txt"]


def test_a_missing_wheel_folder_is_named(small_course, tmp_path):
    root, _ = small_course
    done = set_up(root, tmp_path / "nowhere")
    assert done.returncode == 1
    assert "nowhere is not a folder" in done.stderr


def test_a_wheelhouse_is_gathered_with_hashes_checked(tmp_path, monkeypatch):
    origin = tmp_path / "the origin"
    tiny = write_wheel(origin, "tinydep", "1.0", {"tinydep.py": b""})
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", origin.as_uri())
    lock = tmp_path / "small.lock"
    lock.write_text(lock_of(tiny))
    folder = tmp_path / "wheels for room 5"
    folder.mkdir()
    wheelhouse.download(folder, lock)
    assert (folder / tiny.name).read_bytes() == tiny.read_bytes()
    wheelhouse.download(folder, lock)  # again: what is there is enough
    lock.write_text(f"tinydep==1.0 --hash=sha256:{'0' * 64}\n")
    with pytest.raises(SystemExit, match=r"could not gather everything in small\.lock"):
        wheelhouse.download(tmp_path / "other", lock)


def test_a_wheelhouse_also_takes_the_three_wheels_with_weights_pinned_by_hash():
    lines = wheelhouse.weight_requirements().splitlines()
    assert len(lines) == 3
    for line in lines:
        assert re.fullmatch(r"[a-z0-9-]+==[0-9.]+ --hash=sha256:[0-9a-f]{64}", line)


def test_ci_fails_where_it_cannot_have_a_sandbox_or_a_browser(tmp_path):
    # A machine without apt and bubblewrap: only the tools that the script itself uses are on PATH.
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("bash", "dirname", "date", "grep"):
        (tools / name).symlink_to(shutil.which(name))
    environment = {"PATH": str(tools), "CI": "true"}
    done = subprocess.run([shutil.which("bash"), ".ci/run"], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 1
    assert "CI needs bwrap" in done.stderr


@pytest.mark.parametrize(
    "path",
    [
        "downloaded/lab1/archive/ada.ipynb",
        "lab1.zip",
        "labs/lab1/lab1.zip",
        "submitted/ada/lab1/lab1.ipynb",
        "secret_seed.txt",
        "extensions.csv",
        "settled.csv",
    ],
)
def test_git_ignores_what_students_hand_in_and_what_is_packed_for_them(path):
    if not (ROOT / ".git").exists():
        pytest.skip("needs a clone")
    asked = subprocess.run(["git", "check-ignore", "--no-index", path], cwd=ROOT, capture_output=True, text=True)
    assert asked.stdout.strip() == path
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert not [name for name in tracked.splitlines() if name.endswith(".zip") or name.startswith("downloaded/")]
