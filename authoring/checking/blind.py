"""Tries answers of readers who had the student's notebook and nothing else: ``python -m authoring.checking.blind trial1 lab2``.

Their files lie as they were written in ``authoring/labs/labN/blind/<trial>/<answer cell>.py``, in the form of
:mod:`authoring.checking.answers`. They were committed before they were tried for the first time. A wrong answer is judged
rightly when the hidden check takes points off in its exercise, a right one when no check of the lab does, visible or hidden.
``judged.json`` beside them keeps what each came to the first time; a later run prints what it comes to now and leaves that file.
Without a trial, the table of first times in docs/instructors/what-the-checks-are-worth.md is written anew.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys

from authoring.checking.answers import LABS_FOLDER, ROOT, Answer, labs, read_trial
from authoring.checking.lab import Lab
from authoring.checking.results import SIDES

PAGE = ROOT / "docs" / "instructors" / "what-the-checks-are-worth.md"
OPENING, CLOSING = "<!-- readers' answers -->", "<!-- end of readers' answers -->"


def documented(text: str) -> str:
    """The page with the table of what each trial's answers came to the first time, between its two marks."""
    lines = [
        "| trial | wrong answers | of them caught | right answers | of them at full marks |",
        "|---|---|---|---|---|",
    ]
    for trial in sorted({path.parent.name for path in LABS_FOLDER.glob("*/blind/*/judged.json")}):
        files = [LABS_FOLDER / lab / "blind" / trial / "judged.json" for lab in labs()]
        rows = [row for file in files for row in json.loads(file.read_text("utf-8"))["answers"].values()]
        lines.append(f"| {trial.removeprefix('trial')} |")
        for right in (False, True):
            of_kind = [row["rightly"] for row in rows if row["right"] == right]
            lines[-1] += f" {len(of_kind)} | {sum(of_kind)} ({sum(of_kind) / len(of_kind):.0%}) |"
    before, _, rest = text.partition(OPENING)
    return "\n".join([before + OPENING, *lines, CLOSING]) + rest.partition(CLOSING)[2]


def judged(lab: Lab, answer: Answer) -> dict:
    """Tries one answer; returns whether it was judged rightly, and the marks and findings of the tests that took points off."""
    came_to = {}
    for side in SIDES:
        try:
            results = lab.try_answer(answer, hidden=side == "hidden")
        except Exception as error:
            came_to[side] = {"raised": f"{type(error).__name__}: {error}"[:300]}
            continue
        lost = {test: result for test, result in results.items() if result.marks < lab.tests[test]}
        came_to[side] = {test: [result.marks, result.printed.strip()[:600]] for test, result in lost.items()}
    own = f"test-{answer.exercise}"
    rightly = not any(came_to.values()) if answer.right else own in came_to["hidden"] or "raised" in came_to["hidden"]
    return {"right": answer.right, "rightly": rightly, "breaks": answer.breaks} | came_to


def main(argv: list[str] | None = None) -> int:
    """The command line; returns 1 where an answer is judged wrongly now."""
    parser = argparse.ArgumentParser(prog="python -m authoring.checking.blind", description=__doc__.split("\n")[0])
    parser.add_argument("trial", nargs="?", help="the folder's name")
    parser.add_argument("labs", nargs="*", help="by default all")
    given = parser.parse_args(argv)
    if not given.trial:
        PAGE.write_text(documented(PAGE.read_text("utf-8")), "utf-8")
        return 0
    wrongly = 0
    for name in given.labs or labs():
        answers = read_trial(given.trial, name)
        lab = Lab(name) if answers else None
        file = LABS_FOLDER / name / "blind" / given.trial / "judged.json"
        found = {}
        for answer in answers:
            found[answer.name] = row = judged(lab, answer)
            print(f"{'✔' if row['rightly'] else '✘'} {name} {answer.exercise}: {answer.name}", flush=True)
            wrongly += not row["rightly"]
        if answers and not file.exists():
            line = ["git", "-C", str(ROOT), "rev-parse", "HEAD"]
            commit = subprocess.run(line, capture_output=True, text=True, check=False).stdout.strip()
            file.write_text(
                json.dumps({"commit": commit, "answers": found}, indent=1, ensure_ascii=False) + "\n", "utf-8"
            )
        print(f"{name}: {sum(row['rightly'] for row in found.values())} of {len(found)} judged rightly", flush=True)
    return int(bool(wrongly))


if __name__ == "__main__":
    sys.exit(main())
