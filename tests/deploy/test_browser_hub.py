"""One walk through a real hub in Chromium: a student's lab from logging in to feedback, an instructor's from collecting to marks.

And another student, in a notebook on the same hub, tries to get at what is not theirs. JupyterHub with npm's proxy, users of
the system, the course's own lab 1; only root can make that.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import pytest
from browsing import ROOT, nbgrader_menu, run_every_cell
from hub_machine import Hub
from nbgrader.api import Gradebook

sys.path.insert(0, str(ROOT / "tools"))

import sample_class

NEEDED = [name for name in ("npm", "node", "chpasswd", "bwrap") if not shutil.which(name)]
NEEDED += [] if hasattr(os, "geteuid") and os.geteuid() == 0 else ["root"]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(bool(NEEDED) and os.environ.get("CI") != "true", reason=f"needs {', '.join(NEEDED)}"),
]

LAB, QUESTION = "lab1", "question-pooling"
COMMENT = "Averages forget where things are."
STALE = "raise RuntimeError('a package from an earlier term')\n"


@pytest.fixture(scope="module")
def hub():
    assert not NEEDED, f"CI runs this with {', '.join(NEEDED)}."
    hub = Hub(Path(tempfile.mkdtemp(prefix="course-hub-")))
    try:
        hub.prepare()
        hub.as_grader("python", "-m", "course_utils", "seed")
        for role in ("ada", "bob"):
            hub.as_grader("nbgrader", "db", "student", "add", hub.names[role])
        hub.as_grader("nbgrader", "generate_assignment", LAB)
        hub.as_grader("nbgrader", "release_assignment", LAB)
        leave_behind(hub, "bob")
        hub.start()
        yield hub
    finally:
        hub.remove()


def leave_behind(hub: Hub, role: str) -> None:
    """What an earlier set-up has copied into a home: a package, a folder of labs, settings; and some work in it."""
    folder = hub.home(role) / "course"
    for name in ("course_utils", "labs/lab1", "work/labs/lab1"):
        (folder / name).mkdir(parents=True)
    (folder / "course_utils/__init__.py").write_text(STALE)
    (folder / "labs/lab1/lab1.ipynb").write_text("{}")
    (folder / "nbgrader_config.py").write_text(STALE)
    (folder / "work/labs/lab1/notes.txt").write_text("mine")
    for path in (folder, *folder.rglob("*")):
        shutil.chown(path, hub.names[role], hub.names[role])


@pytest.fixture(scope="module")
def visit(hub, chromium):
    """Logs somebody in, with cookies of their own; returns the page."""

    def log_in(role: str):
        page = chromium.new_context(viewport={"width": 1400, "height": 1000}).new_page()
        page.set_default_timeout(120_000)
        page.goto(hub.address)
        page.locator("#username_input").fill(hub.names[role])
        page.locator("#password_input").fill(hub.password)
        page.locator("#login_submit").click()
        return page

    return log_in


@pytest.fixture(scope="module")
def ada(hub, visit):
    """Ada's JupyterLab, as she finds it after logging in."""
    return landed(visit("ada"))


@pytest.fixture(scope="module")
def bob(hub, visit):
    return landed(visit("bob"))


def landed(page):
    page.wait_for_url("**/user/*/lab/**", timeout=400_000)
    page.get_by_role("heading", name="Start here").wait_for()
    return page


def course_of(hub: Hub, role: str) -> Path:
    return hub.home(role) / "course"


def open_notebook(hub: Hub, page, role: str, path: str) -> Path:
    page.goto(f"{hub.address}/user/{hub.names[role]}/lab/tree/work/{path}")
    page.get_by_text(re.compile(r"Python 3 \(ipykernel\) \| Idle")).first.wait_for()
    return course_of(hub, role) / "work" / path


@pytest.fixture(scope="module")
def solved(hub, ada):
    """Lab 1 with every answer right, run from top to bottom; its code cells."""
    mine = course_of(hub, "ada") / f"work/labs/{LAB}/{LAB}.ipynb"
    answers = sample_class.answers(ROOT / f"solutions/{LAB}/{LAB}.ipynb")
    hub.give("ada", mine, json.loads(sample_class.fill_in(mine, answers)))
    open_notebook(hub, ada, "ada", f"labs/{LAB}/{LAB}.ipynb")
    return run_every_cell(ada, mine)


def submit(hub: Hub, page) -> None:
    """Hands lab 1 in from the list of assignments."""
    page.get_by_role("menuitem", name="Nbgrader", exact=True).click()
    page.get_by_role("menuitem", name="Assignment List").click()
    listed = page.locator("#fetched_assignments_list")
    listed.get_by_text(LAB, exact=True).first.wait_for()
    listed.get_by_role("button", name="Submit").first.click()
    page.locator("#submitted_assignments_list").get_by_text(LAB, exact=True).first.wait_for()


@pytest.fixture(scope="module")
def submitted(hub, ada, solved, bob):
    """Both have handed in: Ada her answers, Bob the lab as it was released."""
    submit(hub, ada)
    submit(hub, bob)
    return sorted(path.name.partition("+")[0] for path in (hub.place / "exchange/transfer-learning/inbound").iterdir())


@pytest.fixture(scope="module")
def grader(hub, visit, submitted):
    """The grader's JupyterLab, which an instructor starts and enters with an own login."""
    page = visit("prof")
    page.wait_for_url("**/user/*/lab/**", timeout=400_000)
    page.goto(f"{hub.address}/hub/spawn/{hub.names['grader']}")
    page.get_by_role("button", name="Authorize").click(timeout=400_000)
    page.wait_for_url(f"**/user/{hub.names['grader']}/lab*")
    page.locator("#jp-main-dock-panel").wait_for()
    return page


def formgrader(hub: Hub, page, where: str) -> None:
    page.goto(f"{hub.address}/user/{hub.names['grader']}/formgrader/{where}")


def press(page, row, button: str, said: str) -> None:
    """Presses a button in a row of the formgrader's tables, waits for what it says, and closes that."""
    row.locator(f".{button} a").click()
    told = page.locator(".modal-body").filter(has_text=said)
    told.wait_for(timeout=900_000)  # on a busy machine
    page.reload()


def of_lab(page):
    return page.locator("#main-table tr", has=page.locator(".name", has_text=LAB))


@pytest.fixture(scope="module")
def graded(hub, grader):
    """Collected and graded with the formgrader's buttons; the question marked by hand."""
    formgrader(hub, grader, "manage_assignments")
    press(grader, of_lab(grader), "collect", f"Successfully collected submissions of '{LAB}'")
    formgrader(hub, grader, f"manage_submissions/{LAB}")
    for role in ("ada", "bob"):
        row = grader.locator("#main-table tr", has=grader.locator(".student-id", has_text=hub.names[role]))
        press(grader, row, "autograde", f"Successfully autograded '{LAB}' for student '{hub.names[role]}'")
    before = marks(hub)
    with Gradebook(f"sqlite:///{course_of(hub, 'grader') / 'gradebook.db'}") as book:
        one = book.find_submission_notebook(LAB, LAB, hub.names["ada"]).id
    formgrader(hub, grader, f"submissions/{one}/")
    grader.locator(f"#{QUESTION}-comment").fill(COMMENT)
    score = grader.locator(f"input#{QUESTION}")
    score.click()
    score.press_sequentially("7")
    score.press("Tab")  # leaving the field saves it
    for _ in range(60):
        if marks(hub) != before:
            break
        time.sleep(1)
    return before, marks(hub)


def marks(hub: Hub) -> dict[str, float]:
    with Gradebook(f"sqlite:///{course_of(hub, 'grader') / 'gradebook.db'}") as book:
        scores = {found.student.id: found.score for found in book.assignment_submissions(LAB)}
    return {role: scores[hub.names[role]] for role in ("ada", "bob")}


@pytest.fixture(scope="module")
def returned(hub, grader, graded, ada):
    """Feedback generated and released by the instructor, fetched by Ada; the page that she has."""
    formgrader(hub, grader, "manage_assignments")
    press(grader, of_lab(grader), "generate-feedback", f"Successfully generated feedback of '{LAB}'")
    press(grader, of_lab(grader), "release-feedback", f"Successfully released feedback of '{LAB}'")
    ada.get_by_text("Fetch Feedback").first.click()
    mine = course_of(hub, "ada") / f"work/labs/{LAB}"
    for _ in range(60):
        if found := [*mine.rglob(f"{LAB}.html")]:
            return found[0].read_text("utf-8")
        time.sleep(1)
    pytest.fail("No feedback came.")


ATTEMPTS = """
import contextlib, json, os, urllib.request

done = []
for way, path in json.loads(open("attempts.json").read()):
    with contextlib.suppress(OSError):
        if way == "read":
            os.listdir(path) if os.path.isdir(path) else open(path, "rb").read()
        elif way == "write":
            open(os.path.join(path, "planted") if os.path.isdir(path) else path, "ab").close()
        elif way == "move":
            os.rename(path, path + ".moved")
        elif way == "visit":
            token = {"Authorization": "token " + os.environ["JUPYTERHUB_API_TOKEN"]}
            urllib.request.urlopen(urllib.request.Request(path, headers=token), timeout=30).read()
        done.append([way, path])
known = [name for name in os.environ if "SEED" in name]
open("done.json", "w").write(json.dumps([done, known]))
"""


def forbidden(hub: Hub) -> list[list[str]]:
    """Each way to get at what is not Bob's, by path or address."""
    course, hers = course_of(hub, "grader"), course_of(hub, "ada")
    exchange = hub.place / "exchange"
    inbound = exchange / "transfer-learning/inbound"
    (handed_in,) = inbound.glob(f"{hub.names['ada']}+*")
    closed = [course, course / "secret_seed.txt", course / "gradebook.db", course / f"solutions/{LAB}/{LAB}.ipynb"]
    closed += [course / top / hub.names["ada"] / LAB for top in ("submitted", "autograded", "feedback")]
    closed += [course / f"submitted/{hub.names['ada']}/{LAB}/{LAB}.ipynb", course / f"evidence/{LAB}"]
    closed += [hers, hers / "work", hers / f"work/labs/{LAB}/{LAB}.ipynb", hub.course / f"solutions/{LAB}/{LAB}.ipynb"]
    closed += [hub.course / "authoring"]
    closed += [hub.place / "hub", hub.place / "hub/jupyterhub.sqlite"]
    assert all(path.exists() for path in closed)
    attempts = [(way, path) for path in closed for way in ("read", "write", "move")]
    attempts += [("read", inbound), ("read", exchange / "transfer-learning/feedback")]
    attempts += [("move", path) for path in (exchange, exchange / "transfer-learning", inbound, handed_in)]
    outbound = exchange / f"transfer-learning/outbound/{LAB}"
    attempts += [("write", path) for path in (exchange / "transfer-learning", outbound, outbound / f"{LAB}.ipynb")]
    weights = [path for path in (hub.place / "weights").rglob("*") if path.is_file()]
    attempts += [(way, path) for path in [hub.place / "weights", *weights] for way in ("write", "move")]
    attempts += [("write", hub.course / "course_utils/__init__.py"), ("write", hub.course / "labs")]
    found = [[way, str(path)] for way, path in attempts]
    for name in (hub.names["ada"], hub.names["grader"]):
        found += [
            ["visit", f"{hub.address}/user/{name}/api/contents"],
            ["visit", f"{hub.address}/hub/api/users/{name}"],
        ]
    return found


@pytest.fixture(scope="module")
def tried(hub, bob, returned):
    """What of all that succeeds in a notebook of Bob's; and something of his own, which must."""
    folder = course_of(hub, "bob") / "work"
    own = [
        ["read", str(folder)],
        ["read", str(next((hub.place / "weights/weights").iterdir()))],
        ["write", str(folder)],
    ]
    own += [["move", str(folder / "planted")], ["visit", f"{hub.address}/user/{hub.names['bob']}/api/contents"]]
    hub.give("bob", folder / "attempts.json", [*own, *forbidden(hub)])
    cells = [nbformat.v4.new_code_cell(ATTEMPTS)]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}}
    hub.give("bob", folder / "attempts.ipynb", nbformat.v4.new_notebook(cells=cells, metadata=kernel))
    run_every_cell(bob, open_notebook(hub, bob, "bob", "attempts.ipynb"))
    done, known = json.loads((folder / "done.json").read_text())
    return [one for one in done if one in own] == own, [one for one in done if one not in own], known


def test_a_student_lands_in_work_without_instructors_panels(ada):
    assert ada.url.endswith("/lab/tree/work/START_HERE.md")
    shown = ada.locator(".jp-DirListing-itemName")
    shown.first.wait_for()
    assert {text.strip() for text in shown.all_inner_texts()} == {"labs", "lessons", "START_HERE.md"}
    assert nbgrader_menu(ada) == {"Assignment List"}
    ada.keyboard.press("Escape")
    assert not ada.locator(".jp-Dialog").count() and not ada.get_by_text("Would you like to").count()


def test_a_home_is_closed_and_its_links_lead_to_the_hubs_course_and_weights(hub, ada):
    folder = course_of(hub, "ada")
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "labs").resolve() == hub.course / "labs"
    store = hub.home("ada") / ".cache/transfer-learning-course"
    assert {path.readlink() for path in store.iterdir() if path.is_symlink()} == set((hub.place / "weights").iterdir())


def test_a_stale_package_in_a_home_is_noticed_and_put_aside_and_work_is_kept(hub, bob):
    folder = course_of(hub, "bob")
    assert f"{folder / 'course_utils'} was not the course that this hub has" in hub.log.read_text()
    (older,) = (folder / "older").iterdir()
    assert (older / "course_utils/__init__.py").read_text() == STALE and (older / "labs/lab1/lab1.ipynb").is_file()
    assert (folder / "work/labs/lab1/notes.txt").read_text() == "mine"
    assert (folder / "work/labs/lab1/lab1.ipynb").read_bytes() == (hub.course / "labs/lab1/lab1.ipynb").read_bytes()
    where = hub.as_user(hub.names["bob"], folder, "python", "-c", "import course_utils; print(course_utils.__file__)")
    assert where.strip() == str(hub.course / "course_utils/__init__.py")
    assert "work" in (folder / "nbgrader_config.py").read_text()


def test_a_lab_runs_and_says_right(solved):
    said = [
        "".join(output["data"]["text/plain"]).splitlines()[0]
        for cell in solved
        for output in cell["outputs"]
        if output["output_type"] == "display_data" and cell["metadata"].get("nbgrader", {}).get("grade")
    ]
    assert len(said) >= 5 and {line.split(":")[0] for line in said} == {"✔ Right"}


def test_both_students_hand_in_through_the_exchange(hub, submitted):
    assert submitted == sorted([hub.names["ada"], hub.names["bob"]])


def test_grading_is_sandboxed_and_by_an_ordinary_user_and_a_mark_by_hand_joins_in(hub, graded):
    before, after = graded
    assert before == {"ada": 90, "bob": 0}
    assert after == {"ada": 97, "bob": 0}
    for role in ("ada", "bob"):
        file = course_of(hub, "grader") / "evidence" / LAB / hub.names[role] / LAB / "record.json"
        record = json.loads(file.read_text("utf-8"))
        assert (record["outcome"], record["sandboxed"]) == ("graded", True)
        assert file.owner() == hub.names["grader"]


def test_feedback_comes_back_with_the_mark_and_the_comment(returned):
    assert COMMENT in returned and "Score: 97.0 / 100.0" in returned


def test_a_student_gets_at_nothing_that_is_not_theirs(tried):
    own, others, known = tried
    assert own, "what is Bob's own he can read, write, move and visit"
    assert others == [] and known == []


def test_a_students_browser_is_refused_where_others_work(hub, bob, tried):
    for path in (
        f"/user/{hub.names['ada']}/lab",
        f"/user/{hub.names['grader']}/lab",
        f"/hub/spawn/{hub.names['grader']}",
    ):
        response = bob.goto(hub.address + path)
        assert response.status in (403, 404), path
