"""Grades the adversarial corpus in one batch with good submissions between; ``python -m authoring.adversarial.run`` prints the tally.

With ``--stock`` stock nbgrader gets the same corpus, and both columns go to ``benchmarks/results/adversarial.json`` and into the
table of ``docs/grading/evidence.md``. Without it the stored column of stock nbgrader is printed next to the engine's.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import re
import shutil
import socket
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from authoring.both_processes import ROOT, with_the_course
from nbgrader_isolated.commands import report
from nbgrader_isolated.examiner import similarity
from nbgrader_isolated.examiner.prepared import made
from nbgrader_isolated.gradebook import spreadsheet
from nbgrader_isolated.gradebook.standing import HEADS, Standing
from nbgrader_isolated.gradebook.standing import cells as row_of
from nbgrader_isolated.outcomes import Outcome, Record
from nbgrader_isolated.run import batch
from nbgrader_isolated.run.engine import Settings
from nbgrader_isolated.run.jobs import Job, find_submissions
from nbgrader_isolated.run.records import read_records, write_plain
from nbgrader_isolated.run.workers import Local
from nbgrader_isolated.sandbox.bubblewrap import MEGABYTE, PACKAGE, Policy
from nbgrader_isolated.sandbox.limits import Caps, Times

from .corpus import CASES, FULL, HIDDEN, LABS, PWNED, Case
from .pages import calls

SECRET = "instructor's secret 4410"
PREPARED = "authoring.adversarial.prepared"
LAST = "good to the last"
SETTINGS = with_the_course(
    Settings(
        student=Policy(memory=400 * MEGABYTE, processes=60, scratch=20 * MEGABYTE, file_size=50 * MEGABYTE),
        times=Times(cell=8, question=8, notebook=90, start=120, interrupt=4),
        caps=Caps(outputs=200_000, shared=60 * MEGABYTE, held=300 * MEGABYTE),
        modules=("numpy", "keras", "course_utils.checks"),
        prepare=(PREPARED,),
        student_modules=("numpy",),
        examiner_sees=(str(Path(__file__).parent),),
        examiner_environment={"THE_SECRET": SECRET, "PYTHONPATH": f"{PACKAGE.parent}{os.pathsep}{ROOT}"},
        compare=("artefact",),
    )
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
    for name, cells in LABS.items():
        notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        (folder / "source" / name).mkdir(parents=True)
        (folder / "source" / name / "lab.ipynb").write_text(json.dumps(notebook))
    store = folder / "store"  # public, mounted for students: saved features, say
    store.mkdir()
    (store / "features.npz").write_bytes(b"as they were computed")
    plant(folder)
    (folder / "gradebook.db").write_text(SECRET)
    evidence = folder / "evidence"
    write_plain(evidence / "somebody else" / "lab", Record("lab", Outcome.GRADED, [SECRET]).plain())
    shared = evidence / ".prepared-lab"
    shared.mkdir(mode=0o700)
    assert made(PREPARED, SETTINGS.examiner_environment, folder=shared).message
    submitted, good = _submitted(cases)
    with ExitStack() as stack:
        tcp = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        unix = stack.enter_context(socket.socket(socket.AF_UNIX))
        unix.bind(str(folder / "s"))
        unix.listen()
        servers = [(int(socket.AF_INET), tcp.getsockname()), (int(socket.AF_UNIX), str(folder / "s"))]
        for who, case in submitted.items():
            case.write(folder / "submitted" / who / "lab")
        neighbour = folder / "submitted" / LAST
        (neighbour / "lab" / "notes.txt").write_text(SECRET)
        nobodys = [folder / name for name in ("gradebook.db", "secret.txt", "secret.h5", "source")]
        nobodys += [neighbour, store, shared, evidence / "somebody else"]
        before = _held(nobodys)
        for who in submitted:
            notebook = folder / "submitted" / who / "lab" / "lab.ipynb"
            _tell(notebook, CANARIES=[str(path) for path in before], SERVERS=servers, STORE=str(store))
        pattern = f"{re.escape(str(folder))}/submitted/(?P<student_id>[^/]+)/lab"
        places = dict(find_submissions(pattern, f"{folder}/submitted/*/lab"))
        work = [
            Job(
                student=who,
                folder=str(places[who]),
                source=str(folder / "source" / case.lab),
                notebooks=("lab",),
                evidence=str(evidence / who),
                settings=replace(SETTINGS, student_sees=(*SETTINGS.student_sees, str(store))),
                shared=str(shared),
            )
            for who, case in submitted.items()
        ]
        records: dict[str, Record] = {}
        with Local(jobs) as workers:
            batch.run(work, workers, lambda job, found: records.__setitem__(job.student, found[0]))
        similarity.find_copies({who: [record] for who, record in records.items()}, set())
        after = _held(nobodys)
        leaks = [f"{path.name} was changed" for path, content in before.items() if after.get(path) != content]
        leaks += [f"{path} was put there" for path in sorted({*after, *folder.rglob("pwned")} - set(before))]
        leaks += _misreported(folder / "report.csv", read_records(evidence), submitted)
        for server in (tcp, unix):
            server.setblocking(False)
            try:
                server.accept()
                leaks.append("somebody connected to a socket of the host")
            except BlockingIOError:
                pass
    if os.path.exists("/tmp/pwned"):
        leaks.append("code of a payload ran outside")
    if _running("adversarial-daemon"):
        leaks.append("a daemon is still running")
    results = [Result(case, records[case.who], _faults(case, records[case.who])) for case in cases]
    return results, [records[who] for who in good], leaks


def plant(folder: Path) -> None:
    """Puts secrets into a course's folder: a text, and a file that one of HDF5 can link to."""
    import h5py

    (folder / "secret.txt").write_text(SECRET)
    with h5py.File(folder / "secret.h5", "w") as file:
        file["secret"] = list(SECRET.encode())


def _submitted(cases: list[Case]) -> tuple[dict[str, Case], list[str]]:
    """Who hands in what, in the order of grading; and who of them hands in good work."""
    good = {lab: Case("good", (Outcome.GRADED,), FULL, lab=lab) for lab in LABS}
    submitted: dict[str, Case] = {}
    for index, case in enumerate(cases):
        if index % max(1, len(cases) // 3) == 0:
            submitted[f"good {index}"] = good["lab"]
        submitted[case.who] = case
        if case.lab != "lab":
            submitted[f"good next to {case.who}"] = good[case.lab]
    submitted[LAST] = good["lab"]
    return submitted, [who for who, case in submitted.items() if case.name == "good"]


def _held(places: list[Path]) -> dict[Path, bytes]:
    """All files in these places, with what is in them."""
    files = (file for place in places for file in (place, *place.rglob("*")))
    return {file: file.read_bytes() for file in files if file.is_file()}


def _misreported(path: Path, records: dict[str, list[Record]], submitted: dict[str, Case]) -> list[str]:
    """Who is not in the report, lines that are no submission's, and cells of its CSV that a spreadsheet would compute."""
    found = [_standing(who, *some) for who, some in records.items()]
    spreadsheet.write(path, HEADS, map(row_of, found))
    with path.open(newline="", encoding="utf-8") as file:
        there = [cell for row in csv.reader(file) for cell in row]
    wrong = [f"the report has a formula: {cell!r}" for cell in there if cell.lstrip()[:1] in ("=", "+", "-", "@")]
    wrong += [f"the report lacks {who!r}" for who in submitted if not {who, f"'{who}"} & set(there)]
    lines = report.table(found).splitlines()
    if len(lines) != 1 + len(records) or not all(line.isprintable() for line in lines):
        wrong.append("the report's table is not one line for each submission")
    return wrong


def _standing(who: str, record: Record) -> Standing:
    """How somebody stands by the record alone: there is no gradebook here."""
    points = sum(mark.points or 0.0 for mark in record.marks)
    maximum = sum(mark.maximum for mark in record.marks)
    return Standing(who, str(record.outcome), maximum, automatic=points, total=points, seconds=record.seconds)


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
    if case.says and not any(case.says in mark.message for mark in record.marks):
        found.append(f"is not told why: {[mark.message[:150] for mark in record.marks]}")
    shown = json.dumps(record.plain(), ensure_ascii=False)
    made = [output for cell in record.cells["cells"] for output in cell.get("outputs", [])]
    kinds = {kind for output in made for kind in output.get("data", {})}
    found += [f"{what} is shown to the student" for what in (HIDDEN, SECRET, *case.never) if what in shown]
    if PWNED in shown:
        found += [f"a script is called in a page, {place}" for place in calls(record)]
    found += [f"an examiner did without what is prepared: {said}" for said in record.warnings if "of prepare" in said]
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

    parser = argparse.ArgumentParser(prog="python -m authoring.adversarial.run", description=__doc__.split("\n")[0])
    parser.add_argument("--stock", action="store_true", help="give the corpus to stock nbgrader too, and store both")
    options = parser.parse_args(argv)
    folder = Path(tempfile.mkdtemp(prefix="adversarial-"))
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
        f"{len(results)} adversarial submissions, {expected} as expected, {affected} bystanders affected, "
        f"{len(leaks) + leaks_in} leaks"
    )
    return int(expected != len(results) or bool(affected or leaks))


if __name__ == "__main__":
    sys.exit(main())
