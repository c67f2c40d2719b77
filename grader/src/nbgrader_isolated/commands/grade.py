"""``nbgrader-isolated grade ASSIGNMENT``: grades what a class handed in, and writes it into nbgrader's gradebook."""

from __future__ import annotations

import argparse
import contextlib
import glob
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from nbgrader_isolated.errors import BadArgumentError, NotAvailableError
from nbgrader_isolated.examiner.similarity import find_copies
from nbgrader_isolated.gradebook import receipts
from nbgrader_isolated.gradebook.autotests import gradable_tests
from nbgrader_isolated.gradebook.changes import note_changes
from nbgrader_isolated.gradebook.decisions import SETTLED, settled_pairs
from nbgrader_isolated.gradebook.marks import Writer
from nbgrader_isolated.lock import hold
from nbgrader_isolated.notebook.plain_text import printable
from nbgrader_isolated.outcomes import Record
from nbgrader_isolated.plugin.configuration import load
from nbgrader_isolated.plugin.preflight import require_closed, require_known_names, require_out_of_sight
from nbgrader_isolated.run.batch import run
from nbgrader_isolated.run.jobs import Job, find_submissions
from nbgrader_isolated.run.progress import Progress
from nbgrader_isolated.run.records import read_again, read_records, rewrite
from nbgrader_isolated.run.workers import Cluster, Local
from nbgrader_isolated.sandbox import bubblewrap


def main(argv: list[str]) -> int:
    """Runs the command; returns its exit status: 1 when somebody could not be graded, or a mark not be written."""
    options = _options(argv)
    config, course, settings_of = load(options.course.resolve())
    settings = settings_of.settings(options.assignment)
    bubblewrap.leave_keyring()
    require_out_of_sight(course, settings_of)
    if options.scheduler:  # consent is for one's own machine, never for others'
        settings = replace(
            settings,
            student=replace(settings.student, consent=False),
            examiner=replace(settings.examiner, consent=False),
        )
        sandboxed = True
    else:
        sandboxed = bubblewrap.require(settings.student).available
    writer = Writer(course, config, options.assignment)
    source = Path(course.format_path(course.source_directory, ".", options.assignment))
    tests = gradable_tests(source, options.assignment, writer.notebooks, course.db_url, config)
    evidence = Path(course.root) / settings_of.evidence_directory / options.assignment
    submissions = dict(
        find_submissions(
            course.format_path(course.submitted_directory, "(?P<student_id>[^/]+)", options.assignment, escape=True),
            course.format_path(course.submitted_directory, "*", options.assignment),
        )
    )
    for student in options.student:
        if student not in submissions:
            raise BadArgumentError(f"{student!r} has handed in nothing for {options.assignment!r}.")
    chosen = list(dict.fromkeys(options.student or submissions))
    if not chosen:
        print(f"Nobody has handed in {options.assignment}.")
        return 0
    settings_of.allow_open |= options.allow_open
    settings_of.allow_public_seed |= options.public_seed
    require_known_names(course, options.assignment, joining=submissions if options.create else ())
    for said in require_closed(course, settings_of):
        print(printable(said, most=600), file=sys.stderr)
    strangers = [name for name in chosen if not _is_text(name)] if options.create else _strangers(chosen, writer)
    submissions = {student: folder for student, folder in submissions.items() if student not in strangers}
    jobs = [
        Job(
            student=student,
            folder=str(submissions[student]),
            source=str(source),
            notebooks=tuple(writer.notebooks),
            evidence=str(evidence / student),
            settings=settings,
            force=options.force,
            again=options.reexamine,
            tests=tests,
        )
        for student in chosen
        if student not in strangers
    ]
    begun, unwritten, failed, warnings = time.monotonic(), [], [], {}
    with contextlib.ExitStack() as stack:
        stack.enter_context(hold(evidence))
        # Without a sandbox one student could change there what another is graded with.
        shared = stack.enter_context(_shared(evidence)) if sandboxed else ""
        jobs = [replace(job, shared=shared) for job in jobs]
        before = read_records(evidence)
        if options.scheduler:
            needed = [source, Path(course.root), evidence, *(Path(job.folder) for job in jobs)]
            workers = stack.enter_context(Cluster(options.scheduler, *needed))
        else:
            workers = stack.enter_context(Local(max(1, min(options.jobs, len(jobs)))))
        progress = stack.enter_context(Progress(len(jobs)))

        def done(job: Job, records: list[Record]) -> None:
            failed.extend(_failure(job.student, record) for record in records if record.failed)
            warnings.update(dict.fromkeys(said for record in records for said in record.warnings))
            try:
                receipts.note(evidence, job.student, Path(job.folder), "folder")
                note_changes(evidence / "changes.csv", job.student, before.get(job.student, []), records)
                writer.write(job.student, records, Path(job.folder))
            except Exception as error:  # a gradebook that somebody else has locked, say: the record is kept
                unwritten.append(_why(job.student, error))
            progress.done(job.student, records)

        run(jobs, workers, done)
        if settings.compare:
            settled = settled_pairs(Path(course.root) / SETTLED, options.assignment)
            unwritten += _review_copies(evidence, writer, submissions, settled)
    print(
        f"{len(jobs)} submission{'' if len(jobs) == 1 else 's'} in {time.monotonic() - begun:.0f} s: {progress.tally()}."
    )
    if not sandboxed:
        print("WITHOUT A SANDBOX: students' code ran with the rights of whoever started this.")
    if settings.public_seed:
        print("WITH THE PUBLIC SEED: everybody can compute the hidden inputs of these tests.")
    for said in warnings:
        print(printable(said, most=300), file=sys.stderr)
    if unwritten:
        print("Graded, but not in the gradebook; run the same command again:", *unwritten, sep="\n", file=sys.stderr)
    if failed:
        print(
            "Here the grader failed, and not the submission. The next run grades these again; where that does not help, "
            "these need manual review:",
            *failed,
            sep="\n",
            file=sys.stderr,
        )
    if strangers:
        print(
            "Not graded, since the roster does not have them (a mistyped name?):",
            *map(printable, strangers),
            "Rename the folder in submitted/, or add the student (nbgrader db student add ID), and run the same command "
            "again; --create adds all of them.",
            sep="\n",
            file=sys.stderr,
        )
    return int(bool(unwritten or failed or strangers))


@contextlib.contextmanager
def _shared(evidence: Path) -> Iterator[str]:
    """A folder in which the workers of this run share what is made once for all; what a killed run left there goes.

    It lies next to the folder of the assignment's evidence, which every worker sees and nobody but the instructor. There is
    one run of an assignment at a time. Each has another name, so that a worker which outlives its run writes in no later one's.
    """
    name = f".prepared-{evidence.name}-"
    for left in evidence.parent.glob(f"{glob.escape(name)}????????"):
        shutil.rmtree(left, ignore_errors=True)
    folder = tempfile.mkdtemp(prefix=name, dir=evidence.parent)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _strangers(chosen: list[str], writer: Writer) -> list[str]:
    """Who of these is not on the roster.

    Raises:
        NotAvailableError: nobody at all is on it.
    """
    roster = writer.students()
    if not roster:
        raise NotAvailableError(
            "The gradebook has no students yet. Import your roster: nbgrader db student import roster.csv (with "
            "the columns id, first_name, last_name, email); or say --create, which adds everybody who has a folder in submitted/."
        )
    return [student for student in chosen if student not in roster]


def _is_text(name: str) -> bool:
    """Whether a folder's name is UTF-8: the gradebook, which is text, can have no other."""
    return name.encode(errors="ignore").decode() == name


def _why(student: str, error: Exception) -> str:
    """A line that says whose marks could not be written, and why."""
    return f"{printable(student)}: {type(error).__name__}: {printable(str(error))}"


def _failure(student: str, record: Record) -> str:
    """A line that says on whose notebook the grader failed, and at what."""
    return f"{printable(student)}, {printable(record.notebook)}: {printable(record.failed, most=300)}"


def _review_copies(
    evidence: Path, writer: Writer, submissions: dict[str, Path], settled: set[frozenset[str]] | None = None
) -> list[str]:
    """Sets to manual review whoever handed in what somebody else handed in; says who, to the instructor alone.

    Args:
        evidence: the assignment's folder of records.
        writer: writes what changes.
        submissions: student → folder; nobody else's record is touched.
        settled: pairs that somebody has looked into; they are not spoken of, and their outcome is restored.

    Returns:
        A line for each student whose change could not be written.
    """
    graded, chosen = read_records(evidence), set(submissions)
    as_read = {student: {record.notebook: record.plain() for record in graded[student]} for student in graded}
    found, changed = find_copies(graded, settled or set())
    for student, other, name in found:
        print(f"The same {printable(name)!r}: {printable(student)} and {printable(other)}.")
    unwritten = []
    for student in sorted(set(changed) & chosen):
        folder = evidence / student
        try:
            with hold(folder, seconds=60):  # the formgrader's button may be grading this one
                if any(
                    read_again(folder / record.notebook) != as_read[student][record.notebook]
                    for record in changed[student]
                ):
                    print(f"{printable(student)} was graded meanwhile and is compared by the next `grade`.")
                    continue
                for record in changed[student]:
                    rewrite(folder / record.notebook, record)
            writer.write(student, graded[student], submissions[student])
        except Exception as error:  # as above: the next run does it, or writes what the record says
            unwritten.append(_why(student, error))
    return unwritten


def _options(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="nbgrader-isolated grade", description=__doc__)
    parser.add_argument("assignment", metavar="ASSIGNMENT", help="its name, as nbgrader knows it")
    parser.add_argument("--student", action="append", default=[], help="only this student; may be repeated")
    parser.add_argument(
        "--jobs", type=int, default=os.cpu_count() or 1, help="workers at one time (default: one per core)"
    )
    parser.add_argument(
        "--scheduler", metavar="ADDRESS", help="grade on the workers of this dask scheduler: tls://HOST:PORT"
    )
    parser.add_argument("--force", action="store_true", help="grade again although nothing has changed")
    parser.add_argument(
        "--reexamine",
        action="store_true",
        help="mark again from the evidence, after a test was fixed; students' code is run only where a test calls it",
    )
    parser.add_argument(
        "--create", action="store_true", help="also grade who is not on the roster, and add them to the gradebook"
    )
    parser.add_argument(
        "--allow-open", action="store_true", help="grade although other users can get at seed, marks or submissions"
    )
    parser.add_argument("--public-seed", action="store_true", help="grade with the seed that everybody can read")
    parser.add_argument("--course", type=Path, default=Path.cwd(), help="the folder that holds nbgrader_config.py")
    options = parser.parse_args(argv)
    if options.jobs < 1:
        raise BadArgumentError(f"--jobs must be 1 or more, got {options.jobs}.")
    return options
