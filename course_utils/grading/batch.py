"""A whole class: submissions fan out over workers, records come back, one writer writes them down.

Anything that keeps ``concurrent.futures.Executor``'s promises can do the work: processes of this machine, or of several
(``workers.py``). What travels to a worker is a ``Job``, and what comes back is JSON.
"""

from __future__ import annotations

import json
import multiprocessing.util
import os
import re
import shutil
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, wait
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from course_utils.errors import NotAvailableError
from course_utils.grading import engine
from course_utils.grading.engine import Settings
from course_utils.grading.evidence import fingerprint
from course_utils.grading.examination import Examiner
from course_utils.grading.intake import NotANotebook, gather, read_file
from course_utils.grading.outcomes import Record
from course_utils.grading.template import Template
from course_utils.grading.workers import Workers
from course_utils.store import sha256, writing


@dataclass(frozen=True)
class Job:
    """One submission to grade.

    Attributes:
        student: the student's id.
        folder: what was handed in.
        source: the instructor's folder of this assignment.
        notebooks: names of the assignment's notebooks.
        evidence: where to keep what was received.
        settings: limits and mounts.
        force: grade again although nothing has changed.
        again: mark again from the evidence of an earlier run, where there is some.
    """

    student: str
    folder: str
    source: str
    notebooks: tuple[str, ...]
    evidence: str
    settings: Settings
    force: bool = False
    again: bool = False


_examiners: dict[tuple[int, str], Examiner] = {}
_templates: dict[tuple[int, str], Template | None] = {}


def examiner_for(settings: Settings) -> Examiner:
    """This thread's examiner: heavy imports are paid once per worker, and every check is a fork that forgets."""
    key = threading.get_ident(), repr(settings)
    if key not in _examiners:
        _examiners[key] = settings.make_examiner()
        # Worker processes leave without running atexit's functions, but they do run these.
        multiprocessing.util.Finalize(None, _examiners[key].close, exitpriority=10)
    return _examiners[key]


def template_for(settings: Settings) -> Template | None:
    """What this thread's kernels are forked from, so that students' imports are paid once per worker too."""
    key = threading.get_ident(), repr(settings)
    if key not in _templates:
        _templates[key] = settings.make_template()
        if _templates[key] is not None:
            multiprocessing.util.Finalize(None, _templates[key].close, exitpriority=10)
    return _templates[key]


def close_examiners() -> None:
    """Ends this process's examiners and templates; the next check starts new ones."""
    for helper in (*_examiners.values(), *filter(None, _templates.values())):
        helper.close()


def work(job: Job) -> list[dict]:
    """What a worker does: :func:`grade_submission`; told to end meanwhile, it tidies up and does not wait for more."""
    try:
        return grade_submission(job)
    except SystemExit:
        close_examiners()
        os._exit(1)


def grade_submission(job: Job) -> list[dict]:
    """Grades all notebooks of one submission. Returns records as JSON; never raises."""
    records = []
    with tempfile.TemporaryDirectory(prefix=f"grading-{os.getpid()}-") as fresh:
        files = Path(fresh) / "files"  # opened to all below, in a folder that is not
        files.mkdir()
        try:
            notes = _files(job, files)
        except OSError as error:
            notes = [f"The extra files could not be read: {error.strerror}."]
        for name in job.notebooks:
            evidence = Path(job.evidence) / name
            beside = _beside(job, evidence, files)
            mark = _fingerprint(job, name, evidence, beside)
            pristine = read_pristine(Path(job.source), name)
            known = None if job.force or job.again else _known(evidence, mark)
            if known is not None:
                records.append(known)
                continue
            try:
                record = _grade_one(job, name, pristine, files, evidence, notes)
            except Exception as error:
                record = engine.give_up(name, pristine, f"The grader failed: {type(error).__name__}.")
            plain = record.plain() | {"fingerprint": mark, "beside": beside}
            with suppress(OSError), writing(evidence / "record.json") as temporary:
                temporary.write_text(json.dumps(plain), encoding="utf-8")
            records.append(plain)
    return records


def _grade_one(job: Job, name: str, pristine: list[dict], files: Path, evidence: Path, notes: list[str]) -> Record:
    try:
        if Path(job.folder).is_symlink():
            raise NotANotebook("The folder handed in is a link to another folder.")
        # What is marked again is what was graded, whatever has been handed in since.
        again = job.again and (evidence / "received.ipynb").is_file()
        raw: bytes | NotANotebook = read_file(_notebook(job, name, evidence))
    except NotANotebook as error:
        raw, again = error, False
    record = engine.grade(
        raw,
        pristine,
        name=name,
        examiner=examiner_for(job.settings),
        settings=job.settings,
        kernels=template_for(job.settings),
        files=files if any(files.iterdir()) else None,
        evidence=evidence,
        again=again,
    )
    record.notes += [note for note in notes if note not in record.notes]
    return record


def _files(job: Job, fresh: Path) -> list[str]:
    """The student's extra files, then the instructor's over them, as nbgrader does."""
    notes = [] if Path(job.folder).is_symlink() else gather(Path(job.folder), fresh)
    theirs = fresh.parent / f"{fresh.name}-source"
    theirs.mkdir()
    try:
        gather(Path(job.source), theirs)
        shutil.copytree(theirs, fresh, dirs_exist_ok=True)
    finally:
        shutil.rmtree(theirs)
    return notes


def _notebook(job: Job, name: str, evidence: Path) -> Path:
    """The file that is graded: what was handed in, or, to mark again, what was received then."""
    received = evidence / "received.ipynb"
    return received if job.again and received.is_file() else Path(job.folder) / f"{name}.ipynb"


def _fingerprint(job: Job, name: str, evidence: Path, beside: str) -> str:
    """Changes when the notebook that is graded, the files beside it or the instructor's notebook do."""
    parts = [(Path(job.source) / f"{name}.ipynb").read_bytes()]
    try:
        parts.append(read_file(_notebook(job, name, evidence)))
    except NotANotebook as error:
        parts.append(str(error).encode())
    return fingerprint(*parts, beside.encode())


def _beside(job: Job, evidence: Path, files: Path) -> str:
    """One name for the files beside a notebook; of what is marked again, those that lay there when it was received."""
    if job.again and (evidence / "received.ipynb").is_file():
        with suppress(OSError, ValueError, KeyError, TypeError):
            return str(json.loads((evidence / "record.json").read_text(encoding="utf-8"))["beside"])
    parts = []
    for path in sorted(path for path in files.rglob("*") if path.is_file()):
        parts += [str(path.relative_to(files)).encode("utf-8", "surrogateescape"), sha256(path).encode()]
    return fingerprint(*parts)


def _known(evidence: Path, mark: str) -> dict | None:
    """The record of an earlier run, if it is whole and of the same submission."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        plain = json.loads((evidence / "record.json").read_text(encoding="utf-8"))
        if mark and plain.get("fingerprint") == mark:
            as_record(plain)
            return plain
    return None


_NOT_IN_RECORDS = ("fingerprint", "beside")  # of the submission that a record belongs to


def as_record(plain: dict) -> Record:
    """A worker's JSON as a record."""
    return Record.from_plain({name: value for name, value in plain.items() if name not in _NOT_IN_RECORDS})


def rewrite(evidence: Path, record: Record) -> None:
    """Changes a record that is on disk, not the submission it belongs to."""
    before = json.loads((evidence / "record.json").read_text(encoding="utf-8"))
    kept = {name: before[name] for name in _NOT_IN_RECORDS if name in before}
    with writing(evidence / "record.json") as temporary:
        temporary.write_text(json.dumps(record.plain() | kept), encoding="utf-8")


def read_records(folder: Path) -> dict[str, list[Record]]:
    """The records of an assignment, by student."""
    graded: dict[str, list[Record]] = {}
    for path in sorted(folder.glob("*/*/record.json")):
        graded.setdefault(path.parent.parent.name, []).append(as_record(json.loads(path.read_text(encoding="utf-8"))))
    return graded


def read_pristine(source: Path, name: str) -> list[dict]:
    """The cells of the instructor's notebook, hidden tests included.

    Raises:
        NotAvailableError: it is not there, or no notebook, although the gradebook knows it.
    """
    path = source / f"{name}.ipynb"
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    except FileNotFoundError:
        raise NotAvailableError(
            f"The gradebook knows the notebook {name!r}, and {path} is not there. Put it back; or, when it was renamed or "
            f"removed on purpose, run: nbgrader generate_assignment {source.name}"
        ) from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NotAvailableError(
            f"{path} cannot be read as a notebook: {type(error).__name__}. Build it again."
        ) from None
    for cell in cells:
        if isinstance(cell["source"], list):
            cell["source"] = "".join(cell["source"])
    return cells


def find_submissions(pattern_path: str, glob_path: str) -> Iterator[tuple[str, Path]]:
    """Students who handed in, with their folders; links are not followed.

    Args:
        pattern_path: a regular expression of the folder's path with a group ``student_id``.
        glob_path: the same with a star.
    """
    root = Path(glob_path.split("*")[0])
    for path in sorted(root.glob(glob_path[len(str(root)) :].lstrip("/"))) if root.is_dir() else []:
        match = re.fullmatch(pattern_path, str(path))
        if match and path.is_dir() and not path.is_symlink() and not path.parent.is_symlink():
            yield match["student_id"], path


def run(jobs: Iterable[Job], workers: Workers, done: Callable[[Job, list[Record]], None]) -> None:
    """Grades all jobs and hands each result to ``done``, in this process, one at a time.

    Whoever was being graded when a worker ended is graded again, alone, so that nobody else pays; whoever is there when a
    worker ends a second time is left to a person.
    """
    waiting, suspects, flying = deque(jobs), deque(), {}
    while waiting or suspects or flying:
        while waiting and len(flying) < workers.at_once:
            job = waiting.popleft()
            flying[workers.executor.submit(work, job)] = (job, False)
        if not flying:
            job = suspects.popleft()
            flying[workers.executor.submit(work, job)] = (job, True)
        finished, _ = wait(flying, return_when=FIRST_COMPLETED)
        if any(not future.cancelled() and isinstance(future.exception(), BrokenExecutor) for future in finished):
            finished, _ = wait(flying)  # none of them will come back
            workers.renew()
        for future in finished:
            job, alone = flying.pop(future)
            try:
                plain = future.result()
            except Exception as error:
                workers.require(error)
                if not alone:
                    suspects.append(job)
                    continue
                reason = "The worker that graded this ended twice."
                plain = [
                    engine.give_up(name, read_pristine(Path(job.source), name), reason).plain()
                    for name in job.notebooks
                ]
            done(job, [as_record(record) for record in plain])
