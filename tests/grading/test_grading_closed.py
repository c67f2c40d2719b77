"""What counts as open to other users, and how it is closed: modes, owners, groups and access lists, without other users."""

from __future__ import annotations

import os
import stat
import struct
import tempfile
from pathlib import Path

import pytest
from nbgrader.coursedir import CourseDirectory

from course_utils.checks.core import seeds
from course_utils.commands import seed as seed_command
from course_utils.errors import BadArgumentError
from nbgrader_isolated.closed import Places, make_folder, open_file, writing
from nbgrader_isolated.errors import NotAvailableError
from nbgrader_isolated.plugin import readiness
from nbgrader_isolated.plugin.configuration import GradingEngine
from nbgrader_isolated.plugin.preflight import require_closed

pytestmark = pytest.mark.skipif(not hasattr(os, "geteuid"), reason="modes mean this on POSIX systems only")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def course():
    """A folder that every user can reach, as a clone in a home of mode 0755."""
    with tempfile.TemporaryDirectory(prefix="course-") as name:
        os.chmod(name, 0o755)
        yield Path(name)


def test_a_readable_file_is_open_and_the_command_closes_it(course):
    seed = course / "secret_seed.txt"
    seed.write_text("x")
    for given, is_open in ((0o644, True), (0o602, True), (0o601, False), (0o600, False)):
        os.chmod(seed, given)
        assert bool(Places(course, (), (seed,)).openings()) == is_open, oct(given)
    os.chmod(seed, 0o644)
    assert [found.command for found in Places(course, (), (seed,)).openings()] == [f"chmod go= {seed}"]
    os.chmod(course, 0o700)
    assert Places(course, (), (seed,)).openings() == []  # nobody else can get there


def test_a_folder_into_which_others_can_write_opens_what_is_in_it_unless_it_is_sticky(course):
    seed = course / "secret_seed.txt"
    seed.touch(0o600)
    for given, expected in ((0o777, [course]), (0o1777, []), (0o755, [])):
        os.chmod(course, given)
        assert [found.path for found in Places(course, (), (seed,)).openings()] == expected


def test_folders_are_made_closed_and_open_ones_are_closed_with_all_that_is_in_them(course):
    old, new = course / "submitted", course / "evidence"
    (old / "ada").mkdir(parents=True)
    (old / "ada" / "lab.ipynb").write_text("{}")
    os.chmod(old / "ada", 0o777)
    assert Places(course, (old, new), ()).close() == [old]
    assert [mode(path) for path in (old, new, old / "ada", old / "ada" / "lab.ipynb")] == [0o700, 0o700, 0o700, 0o600]
    assert Places(course, (old, new), ()).close() == []


def test_with_a_shared_course_the_group_gets_in_and_others_do_not(course):
    folder, seed = course / "evidence", course / "secret_seed.txt"
    seed.touch(0o600)
    Places(course, (folder,), (seed,), shared=True).close()
    make_folder(folder / "lab1" / "ada")
    with writing(folder / "lab1" / "ada" / "record.json") as new:
        new.write_text("{}")
    os.close(open_file(folder / "lab1" / ".lock", os.O_WRONLY))
    assert mode(folder) == mode(folder / "lab1") == mode(folder / "lab1" / "ada") == 0o2770
    made = (folder / "lab1" / "ada" / "record.json", folder / "lab1" / ".lock", seed)
    assert [mode(path) for path in made] == [0o660] * 3
    assert Places(course, (folder,), (seed,), shared=True).openings() == []


def test_an_access_list_that_lets_another_user_in_counts(course):
    seed = course / "secret_seed.txt"
    seed.touch(0o600)
    nobody, anyone = 65534, 0xFFFFFFFF
    entries = [(1, 6, anyone), (2, 4, nobody), (4, 0, anyone), (16, 4, anyone), (32, 0, anyone)]
    raw = struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *entry) for entry in entries)
    try:
        os.setxattr(seed, "system.posix_acl_access", raw)
    except (OSError, AttributeError):
        pytest.skip("this file system has no POSIX access lists")
    (found,) = Places(course, (), (seed,)).openings()
    os.chmod(seed, 0o600)  # what the command does: the mask then lets nobody in
    assert found.command == f"chmod go= {seed}"
    assert Places(course, (), (seed,)).openings() == []


@pytest.mark.parametrize("writable", [True, False])
def test_doctor_advises_an_exchange_that_students_cannot_move(writable):
    found = readiness.exchange("/srv/ex change", there=writable, writable=writable, movable=True)
    assert not found.right and found.fix.endswith("chmod 1777 '/srv/ex change'")


def test_what_was_closed_is_said_also_where_grading_then_refuses_and_what_stays_open_where_it_may(course):
    for name in ("submitted", "evidence"):
        (course / name).mkdir(mode=0o755)
    (course / "roster.csv").write_text("ada")
    engine, nbgraders = (
        GradingEngine(private_files=["*.csv"], evidence_directory="evidence"),
        CourseDirectory(root=str(course)),
    )
    with pytest.raises(NotAvailableError) as refused:
        require_closed(nbgraders, engine)
    assert all(f"could get into {course / name} until now" in str(refused.value) for name in ("submitted", "evidence"))
    assert f"chmod go= {course / 'roster.csv'}" in str(refused.value)
    engine.allow_open = True
    assert require_closed(nbgraders, engine) == [
        f"Other users of this machine can read or change {course / 'roster.csv'}."
    ]


@pytest.mark.parametrize("before", [None, "", "\n", "short\n", "an instructor's own words\n"])
def test_a_seed_is_made_where_there_is_none_and_a_guessable_one_counts_as_none(course, before, monkeypatch):
    monkeypatch.delenv(seeds.ENVIRONMENT_VARIABLE, raising=False)
    (course / "nbgrader_config.py").touch()
    file = course / seeds.FILE_NAME
    if before is not None:
        file.write_text(before)
        file.chmod(0o600)
    assert seeds.is_secret(seeds.secret_text(course)) is bool(before and len(before) > 20)
    if before and before.strip():
        with pytest.raises(BadArgumentError, match="is there already") as refused:
            seed_command.main(["--course", str(course)])
        assert ("fewer than 16 characters" in str(refused.value)) == (len(before) < 16)
        assert file.read_text() == before
    else:
        assert seed_command.main(["--course", str(course)]) == 0
        assert seeds.is_secret(seeds.secret_text(course)) and mode(file) == 0o600
