"""Runs lessons and worked labs with other versions of the packages: `make versions SET=lowest`, with what came of it on file.

    make versions SET=lowest               # Python 3.11, each requirement at the lowest version that pyproject.toml allows
    make versions SET=colab                # Python 3.12, TensorFlow 2.19 and what it is used with
    make versions SET=newest               # Python 3.13, the newest that is published
    make versions SET=newest ARGS=lab      # only the notebooks whose name begins so

Each set gets an environment of its own (.venv-versions-SET) with the two wheels and nothing else of the clone. A notebook runs
alone in an empty folder, without a network. ``tools/versions.json`` keeps what came of it by a hash of what decides
it, so that only what has changed runs again; ``docs/versions.md`` is written from it.
"""

from __future__ import annotations

import argparse
import json
import platform
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

import nbformat
from IPython.core.inputtransformer2 import TransformerManager

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "benchmarks"))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from _machine import commit
from wheels import build

from authoring.checking import decides

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "tools/versions.json"
PAGE = ROOT / "docs/versions.md"
RUNNER = ("ipykernel", "nbclient", "nbformat")  # what runs a notebook; the notebooks need none of it
SETS = {
    "lowest": ("3.11", "each requirement at its floor in `pyproject.toml`"),
    "colab": ("3.12", "TensorFlow 2.19 with Keras 3.8 and NumPy 2.1, about what Colab has; not tried on Colab itself"),
    "newest": ("3.13", "the newest version of each package"),
}
COLAB = ("tensorflow==2.19.1", "keras==3.8.0", "numpy==2.1.3")
NEVER_PINNED = {"nbgrader-isolated", "pip"}  # our own wheel; the tool that installs
HEAD = """# Which versions the lessons and labs were tried with

`make versions SET=…` installs the two wheels with one set of versions into an environment of its own.
It runs lessons and worked labs, each alone in an empty folder without a network.
*Right* means that no cell failed, and that a worked lab's own checks found every exercise right.
The tests run on the locked versions. [Benchmarks](benchmarks.md) name the versions that they were measured with.

"""


def requirements() -> list[str]:
    """Returns what a student's notebook needs, as pyproject.toml says it."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]


def name_of(requirement: str) -> str:
    return re.match(r"[\w.-]+", requirement)[0]


def constraints(chosen: str) -> list[str]:
    """Returns the versions that a set asks for; pip chooses the others."""
    if chosen == "lowest":
        floors = [line.replace(">=", "==") for line in requirements() if name_of(line) not in NEVER_PINNED]
        return [line for line in floors if "==" in line]
    return list(COLAB) if chosen == "colab" else []


def environment(chosen: str) -> Path:
    """Makes a set's environment from the wheels of this clone; returns its Python."""
    folder = ROOT / f".venv-versions-{chosen}"
    python = folder / "bin" / "python"
    if not python.exists():
        try:
            subprocess.run([f"python{SETS[chosen][0]}", "-m", "venv", "--clear", str(folder)], check=True)
        except (OSError, subprocess.CalledProcessError):
            sys.exit(
                f"Expected a program python{SETS[chosen][0]} with its venv module on PATH; found none. Install that Python."
            )
    with tempfile.TemporaryDirectory() as wheels:
        found = [str(path) for path in build(Path(wheels))]
        asked = Path(wheels) / "constraints.txt"
        asked.write_text("\n".join(constraints(chosen)))
        install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*install, "--constraint", str(asked), *found, *RUNNER], check=True)
        # The same version with other content is not installed again unless it is asked for.
        subprocess.run([*install, "--no-deps", "--force-reinstall", *found], check=True)
    return python


def installed(python: Path) -> dict[str, str]:
    """Returns the versions there of what a notebook needs."""
    names = [name for line in requirements() if (name := name_of(line)) not in NEVER_PINNED]
    code = f"import importlib.metadata as m, json, platform\nprint(json.dumps({{'python': platform.python_version()}} | {{n: m.version(n) for n in {names}}}))"
    return json.loads(subprocess.run([python, "-c", code], check=True, capture_output=True, text=True).stdout)


def digest(notebook: Path, versions: dict[str, str]) -> str:
    """Returns a hash of a notebook's code, what it imports and reads of the course, and the versions."""
    cells = [cell.source for cell in nbformat.read(notebook, as_version=4).cells if cell.cell_type == "code"]
    plain = "\n".join(TransformerManager().transform_cell(source) for source in cells)
    files = {*decides.closure(decides.imported_in(plain)), *decides.chosen(("course_utils/assets/*",))}
    return decides.digest(files, *cells, json.dumps(versions))


def tried(python: Path, notebook: Path) -> dict:
    """Runs a notebook alone in an empty folder; returns the seconds and, where something is not right, what."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "executed.ipynb"
        (alone := Path(folder) / "alone").mkdir()
        line = [
            str(python),
            str(ROOT / "tools/run_notebook.py"),
            str(notebook),
            "--out",
            str(out),
            "--folder",
            str(alone),
        ]
        done = subprocess.run(line, capture_output=True, text=True)
        if not out.exists():
            return {"seconds": None, "wrong": done.stderr.strip()[-300:]}
        measured = json.loads(done.stdout.strip().splitlines()[-1])
        cells = nbformat.read(out, as_version=4).cells
    said = "".join(output.get("text", "") for cell in cells for output in cell.get("outputs", []))
    wrong = [f"cell {error['cell']}: {error['error'][:300]}" for error in measured["errors"]]
    wrong += ["an exercise is not right"] * (not wrong and "not yet" in said.lower())
    return {"seconds": measured["seconds"], "wrong": wrong[0] if wrong else None}


def page(results: dict) -> str:
    """Returns docs/versions.md."""
    text = HEAD
    for chosen, (_, about) in SETS.items():
        if chosen not in results:
            text += f"## {chosen}\n\n{about[0].upper()}{about[1:]}. Not tried yet.\n\n"
            continue
        found = results[chosen]
        text += f"## {chosen}\n\n{about[0].upper()}{about[1:]}.\n\n| package | version |\n|---|---|\n"
        text += "".join(f"| {name} | {version} |\n" for name, version in found["versions"].items()) + "\n"
        text += "| notebook | result | seconds |\n|---|---|---:|\n"
        for name, row in sorted(found["notebooks"].items()):
            first_line = (row["wrong"] or "right").partition("\n")[0]
            text += f"| {name} | {first_line[:80]} | {row['seconds'] or ''} |\n"
        text += "\n"
    return text.rstrip("\n") + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("set", choices=SETS)
    parser.add_argument("names", nargs="*", help="how the names of notebooks begin; by default all")
    parser.add_argument("--again", action="store_true", help="run those with a result that still holds too")
    arguments = parser.parse_args()
    python = environment(arguments.set)
    versions = installed(python)
    results = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
    if results.get(arguments.set, {}).get("versions") != versions:  # what ran on others says nothing of these
        results[arguments.set] = {"versions": versions, "notebooks": {}}
    found = results[arguments.set]
    failed = 0
    for notebook in sorted([*ROOT.glob("lessons/*.ipynb"), *ROOT.glob("solutions/lab?/lab?.ipynb")]):
        if arguments.names and not notebook.stem.startswith(tuple(arguments.names)):
            continue
        now = digest(notebook, versions)
        row = found["notebooks"].get(notebook.stem, {})
        if row.get("covers") != now or arguments.again:
            system = f"{platform.system()} {platform.machine()}"
            row = {"covers": now, "commit": commit(), "system": system} | tried(python, notebook)
            found["notebooks"][notebook.stem] = row
            RESULTS.write_text(json.dumps(results, indent=1, sort_keys=True) + "\n", encoding="utf-8")
            PAGE.write_text(page(results), encoding="utf-8")
        print(f"{notebook.stem}: {row['wrong'] or 'right'} ({row['seconds']} s)", flush=True)
        failed += row["wrong"] is not None
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
