"""``nbgrader release_assignment`` into an exchange that no student can move or empty: ``c.ExchangeFactory.release_assignment``.

nbgrader lets everybody write into the exchange's root, so any student may rename a course's folder or put another in its place.
With the sticky bit only the owner of a folder may, and handing in and collecting go on working.
"""

from __future__ import annotations

import os
import shlex
import stat

from nbgrader.exchange.default import ExchangeReleaseAssignment


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
