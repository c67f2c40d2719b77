"""Grades the hostile corpus in one batch with good submissions between; ``python -m tests.hostile.run`` prints the tally.

With ``--stock`` stock nbgrader gets the same corpus, and both columns go to ``benchmarks/results/hostile.json`` and into the
table of ``docs/grading.md``. Without it the stored column of stock nbgrader is printed beside the engine's.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import shutil
import socket
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from course_utils.grading import batch, copies, report
from course_utils.grading.engine import Settings
from course_utils.grading.limits import Caps, Times
from course_utils.grading.outcomes import Outcome, Record
from course_utils.grading.sandbox import MEGABYTE, Policy
from course_utils.grading.workers import Local

from .corpus import CASES, FULL, HANDED_IN, HIDDEN, LAB, Case

SECRET = "instructor's secret 4410"
SETTINGS = Settings(
    student=Policy(memory=400 * MEGABYTE, processes=60, scratch=20 * MEGABYTE, file_size=50 * MEGABYTE),
    times=Times(cell=8, question=8, notebook=90, start=120, interrupt=4),
    caps=Caps(outputs=200_000, shared=60 * MEGABYTE, held=300 * MEGABYTE),
    modules=("numpy", "keras"),
    student_modules=("numpy",),
    examiner_environment={"THE_SECRET": SECRET},
    compare=("artefact",),
)


@dataclass
class Result:
    """What became of one case: its record, and sentences on what should not have happened."""

    case: Case
    record: Record
    faults: list[str]


def grade_all(cases: list[Case], folder: Path, *, jobs: int = 2) -> tuple[list[Result], list[Record], list[str]]:
    """Grades cases with a good submission before, after and among them.

    Returns:
        The results, the records of the good submissions, and leaks found in the place as a whole.
    """
    source = folder / "source" / "lab"
    handing_in = folder / "source" / "handed-in"
    for place, cells in {source: LAB, handing_in: HANDED_IN}.items():
        place.mkdir(parents=True)
        notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        (place / "lab.ipynb").write_text(json.dumps(notebook))
    store = folder / "store"  # public, mounted for students: saved features, say
    store.mkdir()
    (store / "features.npz").write_bytes(b"as they were computed")
    canaries = [folder / "gradebook.db", source / "lab.ipynb", folder / "secret.txt", store / "features.npz"]
    (folder / "gradebook.db").write_text(SECRET)
    (folder / "secret.txt").write_text(SECRET)
    good = Case("good", (Outcome.GRADED,), FULL)
    alone = Case("good, with an artefact", (Outcome.GRADED,), FULL, lab=HANDED_IN)
    submitted: dict[str, Case] = {}
    for index, case in enumerate(cases):
        if index % max(1, len(cases) // 3) == 0:
            submitted[f"good {index}"] = good
        submitted[case.name] = case
        if case.lab is HANDED_IN:
            submitted[f"good beside {case.name}"] = alone
    submitted["good to the last"] = good
    with ExitStack() as stack:
        tcp = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        unix = stack.enter_context(socket.socket(socket.AF_UNIX))
        unix.bind(str(folder / "s"))
        unix.listen()
        servers = [(int(socket.AF_INET), tcp.getsockname()), (int(socket.AF_UNIX), str(folder / "s"))]
        for name, case in submitted.items():
            case.write(folder / "submitted" / _folder(name) / "lab")
        canaries.append(folder / "submitted" / _folder("good to the last") / "lab" / "notes.txt")
        canaries[-1].write_text(SECRET)
        before = {path: path.read_bytes() for path in canaries}
        for name in submitted:
            place = folder / "submitted" / _folder(name) / "lab"
            _tell(place / "lab.ipynb", CANARIES=[str(p) for p in canaries], SERVERS=servers, STORE=str(store))
        work = [
            batch.Job(
                student=name,
                folder=str(folder / "submitted" / _folder(name) / "lab"),
                source=str(source if case.lab is LAB else handing_in),
                notebooks=("lab",),
                evidence=str(folder / "evidence" / _folder(name)),
                settings=replace(SETTINGS, student_sees=(str(store),)),
            )
            for name, case in submitted.items()
        ]
        records: dict[str, Record] = {}
        with Local(jobs) as workers:
            batch.run(work, workers, lambda job, found: records.__setitem__(job.student, found[0]))
        copies.compare({name: [record] for name, record in records.items()}, set())
        leaks = [f"{path.name} was changed" for path in canaries if path.read_bytes() != before[path]]
        leaks += [f"{path.name} was put into the store" for path in store.iterdir() if path not in canaries]
        leaks += _formulas(folder / "report.csv", records)
        for server in (tcp, unix):
            server.setblocking(False)
            try:
                server.accept()
                leaks.append("somebody connected to a socket of the host")
            except BlockingIOError:
                pass
    if os.path.exists("/tmp/pwned"):
        leaks.append("code of a payload ran outside")
    if _running("hostile-daemon"):
        leaks.append("a daemon is still running")
    results = [Result(case, records[case.name], _faults(case, records[case.name])) for case in cases]
    return results, [record for name, record in records.items() if submitted[name] in (good, alone)], leaks


def _formulas(path: Path, records: dict[str, Record]) -> list[str]:
    """Cells of the report's CSV that a spreadsheet would compute."""
    report.write_csv(path, {name: [record] for name, record in records.items()})
    with path.open(newline="", encoding="utf-8") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    return [f"the report has a formula: {cell}" for cell in cells if cell.lstrip()[:1] in ("=", "+", "-", "@")]


def _folder(name: str) -> str:
    return "".join(letter if letter.isalnum() else "_" for letter in name)


def _tell(path: Path, **values: object) -> None:
    """Writes into the attack's cell what an attacker might know about the place."""
    if path.is_symlink() or not path.exists():
        return
    raw = path.read_text("utf-8", "surrogateescape")
    if any(name in raw for name in values):
        notebook = json.loads(raw)
        known = "".join(f"{name} = {value!r}\n" for name, value in values.items())
        for cell in notebook["cells"]:
            if any(name in cell["source"] for name in values):
                cell["source"] = known + cell["source"]
        path.write_text(json.dumps(notebook))


def _faults(case: Case, record: Record) -> list[str]:
    found = []
    if record.outcome not in case.expected:
        found.append(f"ended as {record.outcome!s}: {'; '.join(record.notes)[:300]}")
    points = {mark.grade_id: mark.points for mark in record.marks}
    if len(points) != 3 or any(points[name] != expected for name, expected in case.marks.items()):
        found.append(f"got {points}: {[mark.message[:150] for mark in record.marks]}")
    shown = json.dumps(record.plain(), ensure_ascii=False)
    made = [output for cell in record.cells["cells"] for output in cell.get("outputs", [])]
    kinds = {kind for output in made for kind in output.get("data", {})}
    found += [f"{what} is shown to the student" for what in (HIDDEN, SECRET, *case.never) if what in shown]
    if kinds - {"text/plain", "image/png", "image/jpeg"}:
        found.append(f"a script could be in an output of kind {kinds}")
    if len(json.dumps(made)) > 2_000_000:
        found.append("the outputs are too large")
    return found


def _running(word: str) -> bool:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                if word in (entry / "cmdline").read_text():
                    return True
            except OSError:
                continue
    return False


def main(argv: list[str] | None = None) -> int:
    """Prints both columns and the tally; returns 0 when everything is as it must be."""
    from . import table

    parser = argparse.ArgumentParser(prog="python -m tests.hostile.run", description=__doc__.split("\n")[0])
    parser.add_argument("--stock", action="store_true", help="give the corpus to stock nbgrader too, and store both")
    options = parser.parse_args(argv)
    folder = Path(tempfile.mkdtemp(prefix="hostile-"))
    try:
        results, good, leaks = grade_all(CASES, folder, jobs=os.cpu_count() or 2)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    affected = sum({m.grade_id: m.points for m in r.marks} != FULL or r.outcome is not Outcome.GRADED for r in good)
    expected = sum(not result.faults for result in results)
    leaks_in = sum("shown" in fault or "script" in fault for result in results for fault in result.faults)
    if options.stock:
        table.store(table.measure(results, bystanders=affected, leaks=len(leaks) + leaks_in))
    stock = {row["case"]: row for row in table.stored()["cases"]}
    for result in results:
        print(table.line(result, stock.get(result.case.name)))
        for fault in result.faults:
            print(f"      {fault}")
    for leak in leaks:
        print(leak)
    theirs = [row["stock_right"] for row in stock.values() if "stock_right" in row]
    if theirs:
        print(f"{len(theirs)} of them through stock nbgrader, {sum(theirs)} as they should be")
    print(
        f"{len(results)} hostile submissions, {expected} as expected, {affected} bystanders affected, "
        f"{len(leaks) + leaks_in} leaks"
    )
    return int(expected != len(results) or bool(affected or leaks))


if __name__ == "__main__":
    sys.exit(main())
