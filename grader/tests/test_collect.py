"""``nbgrader collect`` through the course's own class: links in the inbound folder lead nobody to anything."""

from __future__ import annotations

import hashlib
import os
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from test_command import ENVIRONMENT

from nbgrader_isolated.gradebook import receipts
from nbgrader_isolated.gradebook.marks import read_timestamp

CONFIG = """
c = get_config()
c.CourseDirectory.course_id = "course"
c.CourseDirectory.max_file_size = 10
c.CourseDirectory.max_dir_size = 30
c.CourseDirectory.groupshared = {shared}
c.Exchange.root = {root!r}
c.ExchangeCollect.check_owner = False
c.ExchangeFactory.collect = "nbgrader_isolated.plugin.collect.Collect"
"""


def now(**later: float) -> str:
    """The time now, or later, as nbgrader writes it."""
    return f"{datetime.now(UTC) + timedelta(**later):%Y-%m-%d %H:%M:%S.%f} UTC"


def hand_in(course: Path, student: str, when: str = "", text: str = "{}") -> Path:
    """A submission in the exchange, as nbgrader's own command leaves it there."""
    when = when or now()
    folder = course / "exchange" / "course" / "inbound" / f"{student}+lab+{when}+x"
    folder.mkdir(parents=True)
    (folder / "lab.ipynb").write_text(text)
    (folder / "timestamp.txt").write_text(when)
    return folder


def collect(course: Path, *options: str) -> str:
    """Runs the command, which must end, and well; returns its log."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "nbgrader", "collect", "lab", *options],
        cwd=course,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stderr


def collected(course: Path, student: str) -> Path:
    return course / "submitted" / student / "lab"


def seconds_ago(when: datetime) -> float:
    return (datetime.now(UTC).replace(tzinfo=None) - when).total_seconds()


@pytest.fixture
def course(tmp_path):
    (tmp_path / "course" / "exchange" / "course" / "inbound").mkdir(parents=True)
    course = tmp_path / "course"
    os.chmod(course / "exchange", 0o777)
    (course / "nbgrader_config.py").write_text(CONFIG.format(shared=False, root=str(course / "exchange")))
    (course / "secrets").mkdir()
    (course / "secrets" / "lab.ipynb").write_text("secret 7719")
    return course


def test_a_submission_that_is_a_link_is_left_and_so_is_all_inside_that_is_no_plain_file_or_folder(course):
    folder = hand_in(course, "amy")
    inbound = folder.parent
    (inbound / f"bob+lab+{now()}+x").symlink_to(course / "secrets")
    (inbound / f"cut+lab+{now()}+x").write_text("no folder")
    (folder / "data").mkdir()
    (folder / "data" / "x.txt").write_text("8")
    (folder / "data" / "link").symlink_to(course / "secrets" / "lab.ipynb")
    (folder / "beside").symlink_to(course / "secrets")
    os.link(course / "secrets" / "lab.ipynb", folder / "hard")
    os.mkfifo(folder / "pipe")
    (folder / "large").write_bytes(bytes(11_000))
    (folder / ".ipynb_checkpoints").mkdir()
    said = collect(course)
    assert [path.name for path in (course / "submitted").iterdir()] == ["amy"]
    lab = collected(course, "amy")
    assert sorted(path.name for path in lab.iterdir()) == ["data", "lab.ipynb", "timestamp.txt"]
    assert [path.name for path in (lab / "data").iterdir()] == ["x.txt"]
    assert (lab / "data" / "x.txt").read_text() == "8"
    for name in ("bob+lab", "cut+lab", "data/link' (a link)", "beside' (a link)", "hard' (a hard link", "pipe' ("):
        assert name in said, said
    files = [path for path in lab.rglob("*") if path.is_file()]
    assert files and all("7719" not in path.read_text() for path in files)


def test_update_keeps_what_was_collected_when_the_newer_one_is_a_link_or_too_large(course):
    inbound = course / "exchange" / "course" / "inbound"
    for student in ("amy", "bob", "cut"):
        hand_in(course, student, text="first")
    collect(course)
    (inbound / f"amy+lab+{now(minutes=1)}+x").symlink_to(course / "secrets")
    big = hand_in(course, "bob", now(minutes=1))
    for number in range(4):
        (big / f"{number}.bin").write_bytes(bytes(9_000))
    hand_in(course, "cut", now(minutes=1), "second")
    collect(course, "--update")
    found = {name: (course / "submitted" / name / "lab" / "lab.ipynb").read_text() for name in ("amy", "bob", "cut")}
    assert found == {"amy": "first", "bob": "first", "cut": "second"}


def forged(folder: Path, kind: str) -> None:
    """Puts something in the place of a ``timestamp.txt``."""
    place = folder / "timestamp.txt"
    place.unlink(missing_ok=True)
    if kind == "link":
        place.symlink_to("/dev/zero")
    elif kind == "pipe":
        os.mkfifo(place)
    elif kind == "folder":
        place.mkdir()
        (place / "x").write_text("x")
    elif kind == "zone":  # dateutil reads the rules of a time zone from the file of that name
        (folder / "rules").write_bytes(b"TZif" + bytes(16) + b"\xff" * 24)
        place.write_text(f"2025-01-01 10:00:00 {folder / 'rules'}")
    else:
        place.write_bytes(FORGED[kind])


FORGED = {
    "garbage": b"yesterday, I swear",
    "bytes": b"\xff\xfe\x00",
    "empty": b"",
    "number": b"9" * 100,
    "outside": b"2025-01-01 10:00:00 ../../../etc/hostname",
    "long": b"2025-01-01 10:00:00 UTC" + b" " * 500,
}
KINDS = [*FORGED, "link", "pipe", "folder", "zone"]


@pytest.mark.parametrize("where", ["handed in", "collected before"])
def test_no_forged_time_stops_or_hangs_the_collecting_of_a_class_or_the_formgraders_list(course, where):
    for kind in KINDS:
        folder = hand_in(course, kind)
        if where == "handed in":
            forged(folder, kind)
    hand_in(course, "zoe", text="first")
    collect(course)
    for kind in KINDS:
        if where == "collected before":
            forged(collected(course, kind), kind)
    hand_in(course, "zoe", now(minutes=1), "second")
    said = collect(course, "--update")
    assert (collected(course, "zoe") / "lab.ipynb").read_text() == "second"
    api = NbGraderAPI(CourseDirectory(root=str(course)))
    for kind in KINDS:
        when = read_timestamp(collected(course, kind))
        assert when is not None and -120 < seconds_ago(when) < 120, kind
        assert api.get_submitted_timestamp("lab", kind) == when
        if where == "collected before":  # without a time a submission is older than any
            assert f"Updating submission: {kind} lab" in said


def test_submissions_with_strange_names_or_endless_folders_are_named_and_cost_nobody_else_anything(course):
    inbound = course / "exchange" / "course" / "inbound"
    when = "2025-01-01 10:00:00 UTC"
    strange = ["amy+lab+yesterday+x", "bob+lab+2025-01-01 10:00:00 99999999999999+x", f"+lab+{when}+x"]
    strange += [f"<img src=x onerror=alert(1)>+lab+{when}+x", f"a\nb+lab+{when}+x"]
    for name in strange:
        (inbound / name).mkdir()
    deep = hand_in(course, "cut")
    here = os.getcwd()
    try:
        os.chdir(deep)
        for _ in range(1500):
            os.mkdir("d")
            os.chdir("d")
    finally:
        os.chdir(here)
    hand_in(course, "zoe")
    said = collect(course)
    subprocess.run(["rm", "-rf", str(deep)], check=True)  # Python's own way of cleaning up gives up
    assert said.count("nbgrader gives no such names") == len(strange), said
    assert said.count("It needs manual review") == len(strange) + 1, said
    assert [path.name for path in (course / "submitted").iterdir()] == ["zoe"]


def test_what_was_changed_after_the_time_it_claims_counts_from_its_last_change_and_is_collected_once(course):
    claimed = now(hours=-3)
    hand_in(course, "amy", claimed)
    exact = now(minutes=-2)  # nbgrader's command may be busy for a while
    hand_in(course, "bob", exact)
    early = hand_in(course, "cut")
    (early / "timestamp.txt").write_text(claimed)  # another time than in the submission's name
    future = now(hours=1)
    hand_in(course, "dan", future)
    said = collect(course)
    assert said.count("that is when it counts as handed in") == 1
    assert f"amy+lab+{claimed}" in said and claimed.removesuffix(" UTC") in said
    when = {name: read_timestamp(collected(course, name)) for name in ("amy", "bob", "cut", "dan")}
    assert -5 < seconds_ago(when["amy"]) < 120 and -5 < seconds_ago(when["cut"]) < 120
    for name, expected in (("bob", exact), ("dan", future)):
        assert (collected(course, name) / "timestamp.txt").read_text() == expected
    before = {name: collected(course, name).stat().st_ino for name in when}
    said = collect(course, "--update")
    assert said.count("No newer submission to collect") == 4 and "counts as handed in" not in said
    assert before == {name: collected(course, name).stat().st_ino for name in when}
    hand_in(course, "amy", now(minutes=1), "second")
    collect(course, "--update")
    assert (collected(course, "amy") / "lab.ipynb").read_text() == "second"
    assert read_timestamp(collected(course, "amy")) > when["amy"]


def test_after_the_exchange_was_moved_claims_can_be_believed(course):
    claimed = now(hours=-3)
    hand_in(course, "amy", claimed)
    assert "counts as handed in" not in collect(course, "--Collect.believe_timestamps=True")
    collect(course, "--update")
    assert (collected(course, "amy") / "timestamp.txt").read_text() == claimed


def test_a_shared_course_gives_its_group_rights_and_follows_no_link_to_do_so(course):
    (course / "nbgrader_config.py").write_text(CONFIG.format(shared=True, root=str(course / "exchange")))
    folder = hand_in(course, "amy", now(hours=-3))  # so that the time is written again
    (folder / "link").symlink_to(course / "secrets" / "lab.ipynb")
    os.chmod(course / "secrets" / "lab.ipynb", 0o600)
    os.chmod(folder / "lab.ipynb", 0o444)
    collect(course)
    lab = collected(course, "amy")
    assert stat.S_IMODE(lab.stat().st_mode) & 0o2770 == 0o2770
    for name in ("lab.ipynb", "timestamp.txt"):
        assert stat.S_IMODE((lab / name).stat().st_mode) & 0o660 == 0o660
    assert stat.S_IMODE((course / "secrets" / "lab.ipynb").stat().st_mode) == 0o600


def test_every_file_that_comes_through_the_exchange_has_a_receipt_and_another_version_another(course):
    hand_in(course, "amy", text="first")
    hand_in(course, "bob", text="only")
    collect(course)
    hand_in(course, "amy", now(minutes=1), text="second")
    collect(course, "--update")
    path = course / "evidence" / "lab" / receipts.NAME
    found = sorted(receipts.read(path), key=lambda row: row["bytes"] == "6")  # nbgrader goes by the folder's own order
    rows = [(row["student"], row["came by"], row["file"], row["bytes"], row["sha256"]) for row in found]
    expected = [("amy", "first"), ("bob", "only"), ("amy", "second")]
    assert sorted(rows[:2]) + rows[2:] == [
        (who, "exchange", "lab.ipynb", str(len(text)), hashlib.sha256(text.encode()).hexdigest())
        for who, text in expected
    ]
    when = f"{read_timestamp(collected(course, 'bob')):%Y-%m-%d %H:%M:%S}"
    assert [row["handed in (UTC)"] for row in found if row["student"] == "bob"] == [when]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 and stat.S_IMODE(path.parents[1].stat().st_mode) == 0o700


def test_the_same_file_at_another_time_has_a_receipt_of_its_own(course):
    folder, evidence = course / "submitted" / "amy" / "lab", course / "evidence" / "lab"
    folder.mkdir(parents=True)
    (folder / "lab.ipynb").write_text("{}")
    for said in ("", "2030-01-01 10:00:00.000000 UTC", "2030-01-02 10:00:00.000000 UTC"):
        if said:
            (folder / "timestamp.txt").write_text(said)
        assert [receipts.note(evidence, "amy", folder, "folder") for _ in range(2)] == [1, 0]
    times = [row["handed in (UTC)"] for row in receipts.read(evidence / receipts.NAME)]
    assert times == ["not known", "2030-01-01 10:00:00", "2030-01-02 10:00:00"]


def test_what_came_by_no_command_has_a_receipt_without_a_time_and_a_link_has_none(course):
    folder = course / "submitted" / "=amy" / "lab"
    folder.mkdir(parents=True)
    (folder / "lab.ipynb").write_text("{}")
    (folder / "\udcff.txt").write_text("8")
    (folder / "link").symlink_to(course / "secrets" / "lab.ipynb")
    evidence = course / "evidence" / "lab"
    assert [receipts.note(evidence, "=amy", folder, "folder") for _ in range(2)] == [2, 0]
    rows = [(row["student"], row["handed in (UTC)"], row["file"]) for row in receipts.read(evidence / receipts.NAME)]
    assert rows == [("'=amy", "not known", "lab.ipynb"), ("'=amy", "not known", "\\udcff.txt")]
