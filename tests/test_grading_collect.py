"""``nbgrader collect`` through the course's own class: links in the inbound folder lead nobody to anything."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from test_grading_command import nbgrader

CONFIG = """
c = get_config()
c.CourseDirectory.course_id = "course"
c.CourseDirectory.max_file_size = 10
c.CourseDirectory.max_dir_size = 30
c.CourseDirectory.groupshared = {shared}
c.Exchange.root = {root!r}
c.ExchangeCollect.check_owner = False
c.ExchangeFactory.collect = "course_utils.grading.collect.Collect"
"""


def hand_in(course: Path, student: str, when: str = "2025-01-01 10:00:00 UTC", text: str = "{}") -> Path:
    """A submission in the exchange, as nbgrader's own command leaves it there."""
    folder = course / "exchange" / "course" / "inbound" / f"{student}+lab+{when}+x"
    folder.mkdir(parents=True)
    (folder / "lab.ipynb").write_text(text)
    (folder / "timestamp.txt").write_text(when)
    return folder


def collect(course: Path, *options: str) -> None:
    nbgrader("collect", "lab", *options, cwd=course)


@pytest.fixture
def course(tmp_path):
    (tmp_path / "course" / "exchange" / "course" / "inbound").mkdir(parents=True)
    course = tmp_path / "course"
    os.chmod(course / "exchange", 0o777)
    (course / "nbgrader_config.py").write_text(CONFIG.format(shared=False, root=str(course / "exchange")))
    (course / "secrets").mkdir()
    (course / "secrets" / "lab.ipynb").write_text("secret 7719")
    return course


def test_a_submission_that_is_a_link_is_left_and_links_inside_stay_links_without_what_is_no_plain_file(course):
    folder = hand_in(course, "amy")
    inbound = folder.parent
    (inbound / "bob+lab+2025-01-01 10:00:00 UTC+x").symlink_to(course / "secrets")
    (inbound / "cut+lab+2025-01-01 10:00:00 UTC+x").write_text("no folder")
    (folder / "data").mkdir()
    (folder / "data" / "x.txt").write_text("8")
    (folder / "data" / "link").symlink_to(course / "secrets" / "lab.ipynb")
    (folder / "beside").symlink_to(course / "secrets")
    os.link(course / "secrets" / "lab.ipynb", folder / "hard")
    os.mkfifo(folder / "pipe")
    (folder / "large").write_bytes(bytes(11_000))
    (folder / ".ipynb_checkpoints").mkdir()
    collect(course)
    assert [path.name for path in (course / "submitted").iterdir()] == ["amy"]
    lab = course / "submitted" / "amy" / "lab"
    assert sorted(path.name for path in lab.iterdir()) == ["beside", "data", "lab.ipynb", "timestamp.txt"]
    assert (lab / "beside").is_symlink() and (lab / "data" / "link").is_symlink()
    assert (lab / "data" / "x.txt").read_text() == "8"
    files = [path for path in lab.rglob("*") if path.is_file() and not path.is_symlink()]
    assert files and all("7719" not in path.read_text() for path in files)


def test_update_keeps_what_was_collected_when_the_newer_one_is_a_link_or_too_large(course):
    inbound = course / "exchange" / "course" / "inbound"
    for student in ("amy", "bob", "cut"):
        hand_in(course, student, text="first")
    collect(course)
    (inbound / "amy+lab+2025-01-02 10:00:00 UTC+x").symlink_to(course / "secrets")
    big = hand_in(course, "bob", "2025-01-02 10:00:00 UTC")
    for number in range(4):
        (big / f"{number}.bin").write_bytes(bytes(9_000))
    hand_in(course, "cut", "2025-01-02 10:00:00 UTC", "second")
    collect(course, "--update")
    found = {name: (course / "submitted" / name / "lab" / "lab.ipynb").read_text() for name in ("amy", "bob", "cut")}
    assert found == {"amy": "first", "bob": "first", "cut": "second"}


def test_a_shared_course_gives_its_group_rights_and_follows_no_link_to_do_so(course):
    (course / "nbgrader_config.py").write_text(CONFIG.format(shared=True, root=str(course / "exchange")))
    folder = hand_in(course, "amy")
    (folder / "link").symlink_to(course / "secrets" / "lab.ipynb")
    os.chmod(course / "secrets" / "lab.ipynb", 0o600)
    os.chmod(folder / "lab.ipynb", 0o444)
    collect(course)
    lab = course / "submitted" / "amy" / "lab"
    assert stat.S_IMODE(lab.stat().st_mode) & 0o2770 == 0o2770
    assert stat.S_IMODE((lab / "lab.ipynb").stat().st_mode) & 0o660 == 0o660
    assert stat.S_IMODE((course / "secrets" / "lab.ipynb").stat().st_mode) == 0o600
