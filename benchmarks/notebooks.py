"""Runs every lesson and every lab's solution in a fresh kernel and records what each costs.

    python benchmarks/notebooks.py            # all of them
    python benchmarks/notebooks.py lesson01   # some of them

Writes benchmarks/results/notebooks.json: seconds (wall clock, kernel start included), peak resident memory of the kernel
in MB, and MB of weights the notebook needs; in each row the machine and the commit it was measured on. The store of
features is empty at the start, as on a student's first run. The headers of the lessons and labs and the tables of the README are filled
from this file by `make notebooks`, so run that afterwards.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))

from _machine import machine
from run_notebook import run

ROOT = Path(__file__).resolve().parent.parent
RESULT = ROOT / "benchmarks" / "results" / "notebooks.json"


def notebooks() -> dict[str, Path]:
    """Returns the key of each notebook (``lesson01``, ``lab1``) and its path."""
    found = {f"lesson{path.name[:2]}": path for path in sorted((ROOT / "lessons").glob("[0-9][0-9]_*.ipynb"))}
    return found | {path.parent.name: path for path in sorted((ROOT / "solutions").glob("lab*/lab*.ipynb"))}


def bases_used(path: Path) -> list[str]:
    """The graded bases that a notebook names in its code: they decide what must have been downloaded."""
    from course_utils.models import GRADED

    code = "\n".join(
        "".join(cell["source"]) for cell in json.loads(path.read_text("utf-8"))["cells"] if cell["cell_type"] == "code"
    )
    return [name for name in GRADED if re.search(rf"[\"']{name}[\"']", code)]


@contextlib.contextmanager
def empty_feature_store() -> Iterator[None]:
    """A cache folder with this machine's weights and downloads in it, and no features yet."""
    from course_utils.storage import ENVIRONMENT_VARIABLE, cache_root

    here, before = cache_root(), os.environ.get(ENVIRONMENT_VARIABLE)
    with tempfile.TemporaryDirectory(prefix="notebooks-") as folder:
        for part in here.iterdir():
            if part.name != "features":
                (Path(folder) / part.name).symlink_to(part)
        os.environ[ENVIRONMENT_VARIABLE] = folder
        try:
            yield
        finally:
            del os.environ[ENVIRONMENT_VARIABLE]
            if before is not None:
                os.environ[ENVIRONMENT_VARIABLE] = before


def main() -> int:
    from course_utils.models import BASES

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("only", nargs="*", help="keys such as lesson01 or lab1; by default all")
    parser.add_argument(
        "--keep",
        type=Path,
        help="a folder for the executed notebooks, and what was measured; gallery, site and tests read it",
    )
    given = parser.parse_args()
    only = given.only
    if given.keep:
        given.keep.mkdir(parents=True, exist_ok=True)
    chosen = notebooks()
    if unknown := set(only) - set(chosen):
        parser.error(f"no notebook called {', '.join(sorted(unknown))}; there are {', '.join(chosen)}")
    rows = json.loads(RESULT.read_text("utf-8"))["notebooks"] if RESULT.exists() else {}
    rows = {key: row for key, row in rows.items() if key in chosen}
    failed = False
    for key, path in chosen.items():
        if only and key not in only:
            continue
        with empty_feature_store(), tempfile.TemporaryDirectory() as folder:
            # A lesson may write files next to itself; a lab reads what lies there.
            own = Path(folder) if key.startswith("lesson") else None
            out = given.keep and given.keep.absolute() / path.name
            measured = run(path, out=out, folder=own)
            if out:
                out.with_suffix(".json").write_text(json.dumps(measured) + "\n", "utf-8")
        failed |= bool(measured["errors"] or measured["stderr"])
        used = bases_used(path)
        rows[key] = {
            "notebook": str(path.relative_to(ROOT)),
            "seconds": measured["seconds"],
            "peak_mb": measured["peak_mb"],
            "network": measured["network"],
            "bases": used,
            "download_mb": round(sum(BASES[name].wheel.size_bytes for name in used) / 1e6),
            "machine": machine(),
        }
        print(
            f"{key:<10} {measured['seconds']:>6.1f} s {measured['peak_mb']:>6} MB", measured["errors"] or "", flush=True
        )
        ordered = {key: rows[key] for key in chosen if key in rows}
        RESULT.parent.mkdir(parents=True, exist_ok=True)
        RESULT.write_text(json.dumps({"machine": machine(), "notebooks": ordered}, indent=1) + "\n", "utf-8")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
