"""``nbgrader collect`` without following what students put in their way: ``c.ExchangeFactory.collect`` names it.

nbgrader copies what a link leads to, as plain files, with the instructor's rights. Here a submission that is itself a link is
left where it is, and links in one stay links, which the engine's intake sees and refuses. Every folder and file is opened
without following links, so nothing can be put in its place between a look and the copy.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

from nbgrader.exchange.default import ExchangeCollect
from nbgrader.utils import ignore_patterns

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_DEEPEST = 30


class Collect(ExchangeCollect):
    """nbgrader's own way of collecting, but for links, special files and one submission that stops all others."""

    def copy_files(self) -> None:
        """Collects; what will not be copied is left out before anything that was collected earlier is removed."""
        self.src_records = [
            record
            for record in self.src_records
            if self._acceptable(os.path.join(self.inbound_path, record["filename"]))
        ]
        super().copy_files()

    def do_copy(self, src: str, dest: str, log: object = None) -> None:
        """Copies one submission; links stay links, and special files are left out with a warning."""
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
            self._copy(handle, Path(src), Path(dest), ignore, _DEEPEST)
        finally:
            os.close(handle)
        if self.coursedir.groupshared:
            self._share(Path(dest))

    def _acceptable(self, src: str) -> bool:
        """Whether a submission may be copied; says why not."""
        most = 1000 * self.coursedir.max_dir_size
        if os.path.islink(src) or not os.path.isdir(src):
            self.log.error("Not collected, since it is a link or no folder: %s. A person should look at it.", src)
        elif (size := self.get_size(src)) > most:
            self.log.error("Not collected, since it has %d bytes and at most %d are taken: %s.", size, most, src)
        else:
            return True
        return False

    def _copy(
        self, handle: int, source: Path, target: Path, ignore: Callable[[str, list[str]], list[str]], deep: int
    ) -> None:
        """Copies what is in the open folder ``handle``, whose name is ``source``, to a new folder ``target``."""
        target.mkdir(parents=True)
        names = sorted(os.listdir(handle))
        ignored = set(ignore(str(source), names))
        for name in names:
            if name in ignored:
                continue
            try:
                self._copy_one(handle, source / name, target / name, ignore, deep)
            except OSError as error:
                self.log.warning("Not collected: %r (%s).", str(source / name), error.strerror or error)
        os.chmod(target, stat.S_IMODE(os.fstat(handle).st_mode) & 0o777 | 0o700)

    def _copy_one(self, folder: int, source: Path, target: Path, ignore: Callable, deep: int) -> None:
        name = source.name
        kind = os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode
        if stat.S_ISLNK(kind):
            os.symlink(os.readlink(name, dir_fd=folder), target)
            return
        if stat.S_ISDIR(kind) and deep == 0:
            raise OSError("folders in folders without end")
        handle = os.open(name, _FOLDER if stat.S_ISDIR(kind) else _FILE, dir_fd=folder)
        try:
            status = os.fstat(handle)
            if stat.S_ISDIR(status.st_mode):
                self._copy(handle, source, target, ignore, deep - 1)
            elif not stat.S_ISREG(status.st_mode) or status.st_nlink > 1:
                # A copy of a hard link would look like the student's own file; nbgrader's submit makes none.
                raise OSError("a hard link or a special file")
            else:
                with open(handle, "rb", closefd=False) as read, open(target, "xb") as write:
                    shutil.copyfileobj(read, write)
                os.chmod(target, stat.S_IMODE(status.st_mode) & 0o777 | 0o600)
                os.utime(target, ns=(status.st_atime_ns, status.st_mtime_ns))
        finally:
            os.close(handle)

    def _share(self, folder: Path) -> None:
        """What nbgrader does where instructors share a course: the group may read and write; links are left alone."""
        for place, _, names in os.walk(folder):
            for path, add, keep in [
                (place, 0o2770, 0o2777),
                *((os.path.join(place, name), 0o660, 0o777) for name in names),
            ]:
                mode = os.lstat(path).st_mode
                if not stat.S_ISLNK(mode) and mode & add != add:
                    try:
                        os.chmod(path, (mode | add) & keep)
                    except PermissionError:
                        self.log.warning("The group could not be given rights to %s.", path)
