"""Item analysis on made-up marks whose statistics are known, and from a test cell that notes its criteria to the table."""

from __future__ import annotations

import csv
import json
import statistics

import pytest
from test_engine import SETTINGS, cell, graded

from nbgrader_isolated import cli
from nbgrader_isolated.errors import BadArgumentError
from nbgrader_isolated.gradebook import known_mistakes
from nbgrader_isolated.gradebook.items import correlation, findings, items, said_of
from nbgrader_isolated.outcomes import Mark, Outcome, Record
from nbgrader_isolated.run.records import write_plain
from nbgrader_isolated.wire import criteria

SHAPE = "Your batch has shape (3, 224, 224); expected (1, 224, 224, 3)."


def noted(met: str, lost: str = "", finding: str = SHAPE) -> list[dict]:
    """Criteria as a record has them, titles by letters."""
    return [{"title": title, "share": 0.5, "finding": ""} for title in met] + [
        {"title": title, "share": 0.5, "finding": finding} for title in lost
    ]


def marks(first: float | None, second: float | None, notes: list[dict], message: str = "") -> list[Record]:
    made = [Mark("one", first, 4.0, criteria=notes, seconds=first or 0.5), Mark("two", second, 2.0, message)]
    return [Record("lab", Outcome.GRADED, marks=made)]


@pytest.fixture
def some():
    """Six students: two right, three with one mistake of which one is written otherwise, one that waits; and a broken file."""
    other = SHAPE.replace("(3, 224, 224)", "(5, 96, 96)")
    return {
        "ada": marks(4, 2, noted("ab")),
        "bob": marks(4, 1, noted("ab"), "double(2) should be 4"),
        "cut": marks(2, 1, noted("a", "b"), "double(7) should be 14"),
        "dan": marks(2, 0, noted("a", "b", other), "it took too long"),
        "eve": marks(0, 0, noted("", "ab"), "it took too long"),
        "fay": marks(None, 0, noted("a"), "it took too long"),
        "gil": [Record("lab", Outcome.NOT_A_NOTEBOOK, marks=[Mark("one", 0.0, 4.0), Mark("two", 0.0, 2.0)])],
    }


def test_difficulty_is_the_mean_share_and_discrimination_the_correlation_with_the_rest(some):
    one, a, b, two = items(some)
    assert (one.test, a.criterion, b.criterion, two.test) == ("one", "a", "b", "two")
    assert (one.students, one.full, one.waiting) == (
        5,
        2,
        1,
    )  # neither a file that is no notebook nor a mark that waits
    assert one.difficulty == pytest.approx((4 + 4 + 2 + 2 + 0) / 5 / 4)
    assert one.discrimination == pytest.approx(statistics.correlation([4, 4, 2, 2, 0], [2, 1, 1, 0, 0]))
    assert (one.seconds, one.slowest) == (2, 4) and (a.seconds, a.slowest) == (None, None)
    assert (a.students, a.full, a.difficulty) == (5, 4, 0.8) and (b.full, b.difficulty) == (2, 0.4)
    assert b.discrimination == pytest.approx(statistics.correlation([1, 1, 0, 0, 0], [2, 1, 1, 0, 0]))
    assert two.difficulty == pytest.approx((2 + 1 + 1) / 6 / 2)


def test_a_correlation_of_few_or_of_equal_marks_is_left_open():
    assert correlation([(1, 1), (2, 2), (3, 3), (4, 4)]) is None
    assert correlation([(1, value) for value in range(9)]) is None
    assert correlation([(-value, value) for value in range(5)]) == pytest.approx(-1)


def test_a_finding_is_one_whatever_numbers_stand_in_it(some):
    found = [(one.test, list(one.criteria), one.said, one.students, one.of) for one in findings(some, {})]
    general = "Your batch has shape …; expected …."
    assert found == [
        ("one", ["b", "a"], general, ["cut", "dan", "eve"], 5),
        ("two", [], "it took too long", ["dan", "eve", "fay"], 6),
        ("two", [], "double… should be …", ["bob", "cut"], 6),
    ]


def test_quoted_words_vary_and_names_with_digits_and_apostrophes_do_not():
    def general(said):
        record = Record("lab", Outcome.GRADED, marks=[Mark("one", 0.0, 1.0, said)])
        return findings({"ada": [record]}, {})[0].said

    assert general("You don't return 'block5', it's \"x\" and [1, 2].") == "You don't return …, it's … and …."
    assert general("vgg16 gave -3.5e-7 in float32") == "vgg16 gave … in float32"
    assert len(general("(" + "1" * 50_000)) < 1100


def test_a_test_that_says_nothing_is_a_finding_too():
    assert said_of(Mark("one", 0.0, 1.0)) == [("", "Points were lost without a message.")]
    assert said_of(Mark("one", 0.0, 1.0, printed="first\nsecond")) == [("", "first")]


def test_a_known_wrong_answer_is_named_where_points_and_words_are_its(some):
    known = {
        "one": [
            known_mistakes.KnownMistake("no_axis", "Forgets the axis.", 2, "has shape"),
            known_mistakes.KnownMistake("other_points", "Has other points.", 3, "has shape"),
            known_mistakes.KnownMistake("other_words", "Is told something else.", 2, "is nan"),
        ]
    }
    for student in ("cut", "dan", "eve"):
        some[student][0].marks[0].printed = "Not yet: " + SHAPE
    found = {one.test: one.mistakes for one in findings(some, known)}
    assert found == {"one": {"Forgets the axis [no_axis]": 2}, "two": {}}


def test_the_command_prints_both_tables_and_writes_them(some, tmp_path, capsys):
    (tmp_path / "nbgrader_config.py").write_text(
        "c = get_config()\nc.GradingEngine.known_mistakes = 'known/{assignment}.json'\n"
    )
    for student, records in some.items():
        place = tmp_path / "evidence" / "lab" / student / "lab"
        place.mkdir(parents=True)
        write_plain(place, records[0].plain())
    (tmp_path / "known").mkdir()
    mistake = {"name": "axis", "mistake": "=Forgets the axis.", "points": 2, "says": ""}
    (tmp_path / "known/lab.json").write_text(json.dumps({"one": [mistake]}))
    options = ["--csv", str(tmp_path / "i.csv"), "--findings", str(tmp_path / "f.csv"), "--course", str(tmp_path)]
    assert cli.main(["items", "lab", *options]) == 0
    printed = capsys.readouterr().out
    assert printed.splitlines()[0].split() == [
        *("test", "criterion", "students", "difficulty", "in", "full", "open", "discrimination"),
        *("median", "s", "slowest", "s", "points"),
    ]
    assert "\n3 of 5: one; b; a\n  Your batch has shape …; expected ….\n  2 as: =Forgets the axis [axis]\n" in printed
    with open(tmp_path / "i.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["test"], row["criterion"], row["difficulty"]) for row in rows] == [
        *(("one", "", "0.6"), ("one", "a", "0.8"), ("one", "b", "0.4"), ("two", "", "0.333333")),
    ]
    with open(tmp_path / "f.csv", newline="") as file:
        first = next(csv.DictReader(file))
    assert first["wrong answers that behave so"] == "'=Forgets the axis [axis] (2)"
    assert (first["students"], first["of"], first["whose"]) == ("3", "5", "cut, dan, eve")
    assert (tmp_path / "f.csv").stat().st_mode & 0o077 == 0
    (tmp_path / "known/lab.json").write_text("[]")
    assert cli.main(["items", "lab", "--course", str(tmp_path)]) == 1
    assert 'Expected wrong answers in the form {"TEST": [{' in capsys.readouterr().err
    assert cli.main(["items", "lap", "--course", str(tmp_path)]) == 1


def test_known_wrong_answers_of_another_form_are_refused_and_none_need_be_there(tmp_path):
    assert known_mistakes.read(tmp_path / "none.json") == {}
    (tmp_path / "k.json").write_text('{"one": [{"name": "a"}]}')
    with pytest.raises(BadArgumentError, match="cannot be read so"):
        known_mistakes.read(tmp_path / "k.json")


NOTING = cell(
    "from nbgrader_isolated.wire.criteria import note\n"
    "note('even', 0.5, '' if double(2) % 2 == 0 else 'odd')\n"
    "note('twice', 0.5, '' if double(2) == 4 else f'For 2 you gave {double(2)};\\n expected 4.')\n"
    "0.5",
    "test",
    "t",
    1,
)


def test_what_a_test_cell_notes_is_in_the_record_and_nothing_of_it_is_shown():
    lab = [cell("def double(x):\n    return 6", "answer", "double"), NOTING]
    with SETTINGS.make_examiner() as examiner:
        record = graded(lab, lab, examiner)
    assert record.marks[0].criteria == [
        {"title": "even", "share": 0.5, "finding": ""},
        {"title": "twice", "share": 0.5, "finding": "For 2 you gave 6; expected 4."},
    ]
    assert "you gave 6" not in json.dumps(record.cells["cells"][1]["outputs"])
    assert Record.from_plain(json.loads(json.dumps(record.plain()))).marks == record.marks


def test_in_a_notebook_nothing_is_kept(monkeypatch):
    monkeypatch.setattr(criteria, "_noted", None)
    criteria.note("even", 1.0, "odd")
    assert criteria._noted is None
    kept = criteria.collect()
    criteria.note("even", 1.0)
    assert kept == [{"title": "even", "share": 1.0, "finding": ""}]
