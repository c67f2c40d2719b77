"""``nbgrader collect`` without following what students put in their way: ``c.ExchangeFactory.collect`` names it.

nbgrader copies what a link leads to, as plain files, with the instructor's rights. Here nothing but plain files and folders
is copied, and a submission that is itself a link is left where it is. Every folder and file is opened without following
links, so nothing can be put in its place between a look and the copy.

The names of submissions and ``timestamp.txt`` are students' words too, at which nbgrader may stop for the whole class, or
wait for ever. One that cannot be read costs nobody else anything, and one that claims to be from before the files were last
changed is not believed.
"""

from __future__ import annotations

import html
import os
import shutil
import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from nbgrader.exchange.default import ExchangeCollect
from nbgrader.utils import ignore_patterns
from traitlets import Bool

from nbgrader_isolated.closed import Places, make_folder, writing
from nbgrader_isolated.gradebook import receipts
from nbgrader_isolated.gradebook.marks import read_timestamp
from nbgrader_isolated.plugin.configuration import GradingEngine

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_DEEPEST = 30
TOLERANCE = timedelta(minutes=5)
"""How long ``nbgrader submit`` may be busy between taking the time and writing the last file."""


class Collect(ExchangeCollect):
    """nbgrader's own way of collecting, but for links, special files and one submission that stops all others."""

    believe_timestamps = Bool(
        False,
        help="Believe the time that a submission claims, also where its files were changed later: for an exchange that was "
        "moved, or restored from a backup, since that changes all files.",
    ).tag(config=True)

    def copy_files(self) -> None:
        """Collects; what will not be copied is left out before anything that was collected earlier is removed."""
        self.src_records = [
            record
            for record in self.src_records
            if record["username"] and self._acceptable(os.path.join(self.inbound_path, record["filename"]))
        ]
        submitted = Path(self.coursedir.format_path(self.coursedir.submitted_directory, ".", "."))
        Places(Path(self.coursedir.root), (submitted,), (), self.coursedir.groupshared).close()
        for record in self.src_records:  # what was collected some time ago, by other means perhaps
            path = self.coursedir.format_path(
                self.coursedir.submitted_directory, record["username"], self.coursedir.assignment_id
            )
            make_folder(Path(path).parent)
            self._claimed(Path(path))
        super().copy_files()

    def _path_to_record(self, path: str) -> dict:
        """Who, and when, from a submission's name; nobody where ``nbgrader submit`` would not have given it that name."""
        try:
            record = super()._path_to_record(path)
            # Names stand in the formgrader's pages, which do not all escape them.
            who = record["username"]
            if who and who.isprintable() and html.escape(who) == who:
                return record
        except Exception:  # of many kinds: dateutil reads what may be any text
            pass
        self.log.error("Not collected, since nbgrader gives no such names: %r. It needs manual review.", path)
        return {"username": "", "filename": os.path.basename(path), "timestamp": datetime.min}

    def do_copy(self, src: str, dest: str, log: object = None) -> None:
        """Copies one submission, and writes down when it was handed in; what is no plain file or folder is named."""
        if not self._acceptable(src):
            return
        ignore = ignore_patterns(
            exclude=self.coursedir.ignore,
            include=self.coursedir.include,
            max_file_size=self.coursedir.max_file_size,
            log=self.log,
        )
        handle = os.open(src, _FOLDER)
        try:
            changed = self._copy(handle, Path(src), Path(dest), ignore, _DEEPEST)
        finally:
            os.close(handle)
        self._date(Path(src), Path(dest), changed)
        self._receipt(Path(dest))
        if self.coursedir.groupshared:
            self._share(Path(dest))

    def _acceptable(self, src: str) -> bool:
        """Whether a submission may be copied; says why not."""
        most = 1000 * self.coursedir.max_dir_size
        try:
            os.close(os.open(src, _FOLDER))
            size = self.get_size(src)
        except (OSError, RecursionError) as error:  # the latter from folders in folders
            why = "it is a link, or no folder, or cannot be read"
            self.log.error("Not collected, since %s (%s): %r. It needs manual review.", why, error, src)
            return False
        if size > most:
            self.log.error("Not collected, since it has %d bytes and at most %d are taken: %r.", size, most, src)
        return size <= most

    def _copy(
        self, handle: int, source: Path, target: Path, ignore: Callable[[str, list[str]], list[str]], deep: int
    ) -> float:
        """Copies what is in the open folder ``handle``, whose name is ``source``, to a new folder ``target``.

        Returns:
            When the last of the copied files was changed, by the clock of the system that holds them.
        """
        os.mkdir(target, 0o700)  # the one handed in is open to everybody
        names = sorted(os.listdir(handle))
        ignored = set(ignore(str(source), names))
        changed = 0.0
        for name in names:
            if name in ignored:
                continue
            try:
                changed = max(changed, self._copy_one(handle, source / name, target / name, ignore, deep))
            except OSError as error:
                self.log.warning("Not collected: %r (%s).", str(source / name), error.strerror or error)
        return changed

    def _copy_one(self, folder: int, source: Path, target: Path, ignore: Callable, deep: int) -> float:
        name = source.name
        kind = os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode
        if stat.S_ISLNK(kind):
            raise OSError("a link")
        if stat.S_ISDIR(kind) and deep == 0:
            raise OSError("folders in folders without end")
        handle = os.open(name, _FOLDER if stat.S_ISDIR(kind) else _FILE, dir_fd=folder)
        try:
            status = os.fstat(handle)
            if stat.S_ISDIR(status.st_mode):
                return self._copy(handle, source, target, ignore, deep - 1)
            if not stat.S_ISREG(status.st_mode) or status.st_nlink > 1:
                # A copy of a hard link would look like the student's own file; nbgrader's submit makes none.
                raise OSError("a hard link or a special file")
            new = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            with open(handle, "rb", closefd=False) as read, open(new, "wb") as write:
                shutil.copyfileobj(read, write)
            os.utime(target, ns=(status.st_atime_ns, status.st_mtime_ns))
            return os.fstat(handle).st_ctime
        finally:
            os.close(handle)

    def _claimed(self, folder: Path) -> datetime | None:
        """The time in a collected ``timestamp.txt``; one that says none is taken away, with a line in the log."""
        place = folder / "timestamp.txt"
        when = read_timestamp(folder)
        if when is None and os.path.lexists(place):
            self.log.warning("No time can be read from %r, which was taken away.", str(place))
            if place.is_dir() and not place.is_symlink():
                shutil.rmtree(place)
            else:
                place.unlink()
        return when

    def _date(self, source: Path, target: Path, changed: float) -> None:
        """Writes down when a submission counts as handed in, unless its ``timestamp.txt`` says just that.

        That is the later of what ``timestamp.txt`` and the submission's name claim. No student can set back when a file was
        last changed, so where that is later by more than ``TOLERANCE``, it counts.
        """
        claimed = self._claimed(target)
        named = self._path_to_record(str(source))["timestamp"]
        when = named if claimed is None else max(claimed, named)
        last = datetime.fromtimestamp(changed, UTC).replace(
            tzinfo=None
        )  # nbgrader's times are in UTC without saying so
        if last - when > TOLERANCE and not self.believe_timestamps:
            warning = "%r claims to be from %s UTC, but was changed at %s UTC: that is when it counts as handed in."
            self.log.warning(warning, str(source), when, last)
            when = last
        if when != claimed:
            with writing(target / "timestamp.txt") as temporary:
                temporary.write_text(f"{when.isoformat(' ', 'microseconds')} UTC", encoding="ascii")

    def _receipt(self, folder: Path) -> None:
        """Writes down what was collected, and its hashes; see ``gradebook/receipts.py``."""
        course = self.coursedir
        evidence = Path(course.root) / GradingEngine(config=self.config).evidence_directory
        student = folder.parent.name
        receipts.note(evidence / course.assignment_id, student, folder, "exchange")

    def _share(self, folder: Path) -> None:
        """What nbgrader does where instructors share a course: the group may read and write."""
        for place, _, names in os.walk(folder):
            for path, add, keep in [
                (place, 0o2770, 0o2777),
                *((os.path.join(place, name), 0o660, 0o777) for name in names),
            ]:
                mode = os.lstat(path).st_mode
                if mode & add != add:
                    try:
                        os.chmod(path, (mode | add) & keep)
                    except PermissionError:
                        self.log.warning("The group could not be given rights to %s.", path)
