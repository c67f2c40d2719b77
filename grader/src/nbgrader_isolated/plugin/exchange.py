"""``nbgrader release_assignment`` into an exchange that no student can move or empty, and feedback for whoever can get it there.

They are set as ``c.ExchangeFactory.release_assignment`` and ``.release_feedback``.

nbgrader lets everybody write into the exchange's root, so any student may rename a course's folder or put another in its place.
With the sticky bit only the owner of a folder may, and handing in and collecting go on working.
"""

from __future__ import annotations

import glob
import os
import shlex
import stat

from nbgrader.exchange.default import ExchangeReleaseAssignment, ExchangeReleaseFeedback

from nbgrader_isolated.notebook.plain_text import printable


def movable(folder: str | os.PathLike) -> bool:
    """Whether other users may rename or delete what is in a folder, though it is not theirs."""
    mode = os.stat(folder).st_mode
    return bool(mode & 0o022) and not mode & stat.S_ISVTX


class ReleaseAssignment(ExchangeReleaseAssignment):
    """nbgrader's own way of releasing, which then sets the sticky bit where students may write."""

    def ensure_root(self) -> None:
        """Makes the exchange, or looks at the one that is there."""
        self._make_root()
        super().ensure_root()

    def _make_root(self) -> None:
        if not os.path.exists(self.root):
            try:
                os.makedirs(os.path.dirname(os.path.abspath(self.root)), exist_ok=True)
                os.mkdir(self.root, 0o700)  # not open to everybody before it is sticky
            except PermissionError:
                self.fail(f"Could not create {self.root}, permission denied.")
        if os.stat(self.root).st_uid == os.geteuid():
            os.chmod(self.root, 0o3777 if self.coursedir.groupshared else 0o1777)
        if movable(self.root):
            self.log.warning(
                "Students can move or delete the exchange's folders. Run: sudo chmod 1777 %s", shlex.quote(self.root)
            )

    def init_dest(self) -> None:
        """Makes the course's folders in the exchange, where no student can delete what another has handed in."""
        self._make_root()  # where instructors share a course, nbgrader does not ask for it
        super().init_dest()
        # Instructors who share a course may still tidy up there; students would have to know a name that they cannot list.
        if os.stat(self.inbound_path).st_uid == os.geteuid() and not self.coursedir.groupshared:
            os.chmod(self.inbound_path, 0o3733)


class ReleaseFeedback(ExchangeReleaseFeedback):
    """nbgrader's own way of releasing feedback, which goes on where somebody has nothing by which the exchange knows them.

    Both receipts come with a submission through the exchange. A submission that came another way has none.
    """

    def copy_files(self) -> None:
        """Releases the pages of one student after the other."""
        pattern, without = self.src_path, []
        for self.src_path in map(glob.escape, sorted(glob.glob(pattern))):
            folder = glob.glob(self.src_path)[0]
            receipts = [os.path.join(folder, name) for name in ("timestamp.txt", "submission_secret.txt")]
            if all(map(os.path.isfile, receipts)):
                super().copy_files()
            else:
                without.append(folder)
        self.src_path = pattern
        if without:
            self.log.warning(
                "Not released, since no timestamp.txt and submission_secret.txt came with the submission: %s. Hand these pages "
                "back the way the work came.",
                ", ".join(printable(os.path.relpath(folder, self.coursedir.root), most=200) for folder in without),
            )
