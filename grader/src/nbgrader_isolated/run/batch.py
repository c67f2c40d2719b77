"""A whole class: submissions fan out over workers, records come back, one writer writes them down.

Anything that keeps ``concurrent.futures.Executor``'s promises can do the work: processes of this machine, or of several
(``workers.py``). What travels to a worker is a ``Job``, and what comes back is JSON.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from pathlib import Path

from nbgrader_isolated.outcomes import Record
from nbgrader_isolated.run import unfinished, unmarked
from nbgrader_isolated.run.jobs import Job
from nbgrader_isolated.run.submission import work
from nbgrader_isolated.run.workers import Workers

LOOK_SECONDS = 20
"""How often somebody looks whether there are workers left while nothing comes back."""


def run(jobs: Iterable[Job], workers: Workers, done: Callable[[Job, list[Record]], None]) -> None:
    """Grades all jobs and hands each result to ``done``, in this process, one at a time.

    Whoever was being graded when a worker ended is graded again, alone, so that nobody else pays. Whoever is there when a
    worker ends a second time needs manual review: as its own outcome where others fare better, else as the grader's
    failure, which the next run tries again. The same holds for an error that the grader does not expect.

    Raises:
        NotAvailableError: nobody is left to do the work.
    """
    waiting, suspects, flying = deque(jobs), deque(), {}
    twice: list[tuple[Job, list[dict]]] = []
    others = False
    while waiting or suspects or flying:
        while waiting and len(flying) < workers.at_once:
            if not _send(waiting[0], workers, flying, alone=False):
                break
            waiting.popleft()
        if not flying:
            job = suspects.popleft()
            for name in job.notebooks:
                unfinished.forget(Path(job.evidence) / name)
            _send(job, workers, flying, alone=True)
        finished, _ = wait(flying, timeout=LOOK_SECONDS, return_when=FIRST_COMPLETED)
        if not finished:  # a cluster keeps what nobody takes, for ever
            workers.require(TimeoutError())
            continue
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
                ended = isinstance(error, BrokenExecutor)
                reason = f"The grader failed: {type(error).__name__}."
                reason = "The worker that graded this ended twice." if ended else reason
                plain = [
                    unmarked.give_up(
                        name, job.pristine(name), reason, failed=f"{type(error).__name__}: {error}"
                    ).plain()
                    for name in job.notebooks
                ]
            marked = [
                each for each in plain if each["failed"] and unfinished.begun(Path(job.evidence) / each["notebook"])
            ]
            if marked and not alone:
                suspects.append(job)
            elif marked and not job.again:
                twice.append((job, plain))
            else:
                others = others or not any(each["failed"] for each in plain)
                done(job, [Record.from_plain(record) for record in plain])
    for job, plain in twice:
        done(job, [Record.from_plain(_own(job, each) if others or len(twice) == 1 else each) for each in plain])


def _send(job: Job, workers: Workers, flying: dict[Future, tuple[Job, bool]], *, alone: bool) -> bool:
    """Hands a job to a worker; False where one has ended whose own job has not come back yet: look at that first."""
    try:
        future = workers.executor.submit(work, job)
    except BrokenExecutor:
        if flying:
            return False
        workers.renew()
        future = workers.executor.submit(work, job)
    flying[future] = (job, alone)
    return True


def _own(job: Job, failed: dict) -> dict:
    """What came back of a notebook on which grading failed twice, as its own outcome; others are as they were."""
    evidence, name = Path(job.evidence) / failed["notebook"], failed["notebook"]
    if not (failed["failed"] and unfinished.begun(evidence)):
        return failed
    try:
        return unfinished.set_to_manual_review(evidence, name, job.pristine(name), failed["notes"][0])
    except OSError as error:
        return failed | {"failed": f"The record could not be written down: {error}"}
