"""Grades one submission: finds its notebooks, grades what has changed, writes a record of each. This runs in a worker."""

from __future__ import annotations

import json
import multiprocessing.util
import os
import tempfile
import threading
from contextlib import suppress
from pathlib import Path

from nbgrader_isolated.examiner.parent import Examiner
from nbgrader_isolated.examiner.prepared import MOST_SECONDS
from nbgrader_isolated.lock import hold
from nbgrader_isolated.notebook.handed_in import locate, named
from nbgrader_isolated.notebook.intake import NotANotebook, read_file
from nbgrader_isolated.run import engine, unfinished, unmarked
from nbgrader_isolated.run.attachments import Attachments, look
from nbgrader_isolated.run.evidence import digest_of
from nbgrader_isolated.run.jobs import Job
from nbgrader_isolated.run.records import read_plain, write_plain
from nbgrader_isolated.run.settings import Settings
from nbgrader_isolated.sandbox.bubblewrap import leave_keyring
from nbgrader_isolated.student import own_files
from nbgrader_isolated.student.template import Template

_examiners: dict[tuple[int, str], Examiner] = {}
_templates: dict[tuple[int, str], Template | None] = {}


def examiner_for(settings: Settings, shared: Path | None = None) -> Examiner:
    """This thread's examiner: heavy imports are paid once per worker, and every check is a fork that forgets.

    Args:
        settings: limits and mounts.
        shared: see ``Job.shared``.
    """
    key = threading.get_ident(), repr(settings)
    if key not in _examiners:
        _examiners[key] = settings.make_examiner(shared)
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
    """What a worker does: :func:`grade_submission`. When it is asked to end meanwhile, it tidies up and does not wait for more."""
    try:
        return grade_submission(job)
    except SystemExit:
        close_examiners()
        os._exit(1)


def grade_submission(job: Job) -> list[dict]:
    """Grades all notebooks of one submission, once no other process does. Returns records as JSON.

    Whatever a submission is, this returns; it raises where the instructor's notebooks cannot be read.
    """
    leave_keyring()  # of this thread: workers of a scheduler have threads that nobody has prepared
    pristine = {name: job.pristine(name) for name in job.notebooks}
    try:
        with (
            hold(Path(job.evidence), seconds=_longest(job)),
            tempfile.TemporaryDirectory(prefix=f"grading-{os.getpid()}-") as fresh,
        ):
            found, attachments = find(job, pristine)
            return [
                _notebook(job, name, pristine[name], found[name], attachments, Path(fresh) / "files")
                for name in job.notebooks
            ]
    except Exception as error:
        return [_failed(job, name, pristine[name], error) for name in job.notebooks]


def find(job: Job, pristine: dict[str, list[dict]]) -> tuple[dict[str, Path | NotANotebook], Attachments]:
    """Finds a submission's notebooks, and its attachments with the instructor's over them.

    Args:
        job: of the submission.
        pristine: the instructor's cells of each notebook, by name.

    Returns:
        For each notebook the file, or why there is none; and what lies next to it.
    """
    linked = Path(job.folder).is_symlink()
    found = dict.fromkeys(job.notebooks, _LINKED) if linked else locate(Path(job.folder), pristine)
    places = {path.parent for path in found.values() if isinstance(path, Path)}
    # A notebook's attachments lie next to it, also where it was handed in inside another folder.
    own = places.pop() if len(places) == 1 else Path(job.folder)
    theirs = look(Path(job.source)).without(job.settings.students_own)
    return found, (Attachments() if linked else look(own)).under(theirs)


def attachments_of(job: Job) -> Attachments:
    """What lies next to a submission's notebooks."""
    return find(job, {name: job.pristine(name) for name in job.notebooks})[1]


def _longest(job: Job) -> float:
    """Seconds after which a submission that another process is grading should be done."""
    times = job.settings.times
    prepare = 2 * MOST_SECONDS * len(job.settings.prepare)  # waited for, and then made
    return prepare + len(job.notebooks) * (2 * times.start + times.notebook + job.settings.check_seconds)


def _notebook(
    job: Job, name: str, pristine: list[dict], found: Path | NotANotebook, attachments: Attachments, files: Path
) -> dict:
    """Grades one notebook and writes its record down, or finds that nothing has changed.

    Args:
        job: of the submission.
        name: of the notebook.
        pristine: the instructor's cells.
        found: its file, or why there is none.
        attachments: the files handed in with the notebooks.
        files: where they are copied when the first notebook is graded.
    """
    evidence = Path(job.evidence) / name
    before = read_plain(evidence)
    try:
        # What is marked again is what was graded, whatever has been handed in since.
        again = job.again and (evidence / "received.ipynb").is_file()
        raw = _handed_in(evidence / "received.ipynb" if again else found)
        content, there = str(raw).encode() if isinstance(raw, NotANotebook) else raw, attachments.digest()
        then = str(before.get("attachments", there)) if again else there
        source = (Path(job.source) / f"{name}.ipynb").read_bytes()
        if job.tests.get(name):  # the same source can have been released again, with another autotests.yml
            source += json.dumps(job.tests[name], sort_keys=True).encode()
        # A test draws its hidden inputs from what stands there, a seed for instance: with another one it is another test.
        given = json.dumps(sorted(job.settings.examiner_environment.items()))
        digest = digest_of(source, content, then.encode(), given.encode())
        if not (job.force or job.again) and before.get("digest") == digest:
            return before | {"unchanged": True}
        salt = digest_of(content, there.encode())
        if again and before.get("attachments") == there:
            # With other attachments, code must not meet inputs again that it may have written down.
            salt = before.get("salt", salt)
        if not (files.exists() or isinstance(raw, NotANotebook)):
            attachments.copy(files)
        about = {"attachments": then, "salt": salt, "digest": digest}
        unfinished.begin(evidence, about)
    except Exception as error:
        return _failed(job, name, pristine, error)
    try:
        record = engine.grade(
            raw,
            pristine,
            name=name,
            examiner=examiner_for(job.settings, Path(job.shared) if job.shared else None),
            settings=job.settings,
            kernels=template_for(job.settings),
            files=files if attachments else None,
            evidence=evidence,
            again=again,
            salt=salt,
        )
        unfinished.forget(evidence)
    except Exception as error:
        if isinstance(error, unfinished.OF_THE_MACHINE):
            unfinished.forget(evidence)
        record = unmarked.give_up(
            name, pristine, f"The grader failed: {type(error).__name__}.", failed=unmarked.explained(error)
        )
    record.public_seed = job.settings.public_seed
    record.handed_in_as = before.get("handed_in_as", "") if again else _other_name(job, name, found)
    if record.handed_in_as:
        said = f"The notebook was handed in as {record.handed_in_as}, and graded as {name}.ipynb."
        record.notes = [said, *(note for note in record.notes if note != said)]
    seen = [*attachments.notes, *own_files.notes(attachments.files)]
    record.notes += [note for note in seen if note not in record.notes]
    if attachments.unread and not record.failed:
        record.failed = f"These could not be read and were left out: {'; '.join(attachments.unread)}"
    if record.failed and job.again and _good(before):
        return _kept(before, record.failed)
    # Without a digest the next run grades it again.
    plain = record.plain() | about
    if record.failed:
        del plain["digest"]
    try:
        write_plain(evidence, plain)
    except OSError as error:
        plain["failed"] = f"The record could not be written down: {error}"
        if not job.again:  # the old one must not pass for this one
            with suppress(OSError):
                (evidence / "record.json").unlink()
    return plain


_LINKED = NotANotebook("The folder handed in is a link to another folder.")


def _handed_in(path: Path | NotANotebook) -> bytes | NotANotebook:
    try:
        return path if isinstance(path, NotANotebook) else read_file(path)
    except NotANotebook as error:
        return error


def _other_name(job: Job, name: str, found: Path | NotANotebook) -> str:
    expected = Path(job.folder) / f"{name}.ipynb"
    return "" if found == expected or isinstance(found, NotANotebook) else named(Path(job.folder), found)


def _failed(job: Job, name: str, pristine: list[dict], error: Exception) -> dict:
    """What is returned, and not written down, where nothing was graded: it says nothing about the submission."""
    before = read_plain(Path(job.evidence) / name)
    if job.again and _good(before):
        return _kept(before, unmarked.explained(error))
    reason = "What was handed in could not be graded yet."
    return unmarked.give_up(name, pristine, reason, failed=unmarked.explained(error)).plain()


def _good(before: dict) -> bool:
    return bool(before) and not before.get("failed")


def _kept(before: dict, failed: str) -> dict:
    """The record of an earlier run, which stays where marking again has failed."""
    return before | {"failed": f"{failed} The marks of the earlier run stay."}
