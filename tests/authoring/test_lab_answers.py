"""Wrong and right answers to the labs' exercises: how they are written, and what they came to.

Every answer has been tried with `make lab-check`, which keeps the results; a few are tried here as well. What holds for the
labs themselves is in test_labs.py.
"""

from __future__ import annotations

import dataclasses
import json
import re

import nbformat
import pytest

from authoring import build, golden
from authoring.checking import blind, results, try_answers
from authoring.checking import lab as lab_harness
from authoring.checking.answers import ROOT, Answer, AnswerError, labs, parse, read_answers
from course_utils.checks.core.messages import UNEXPLAINED
from nbgrader_isolated.gradebook import known_mistakes
from nbgrader_isolated.gradebook.alike import FEWEST, own_tokens
from nbgrader_isolated.notebook import roles

LABS = labs()
TRIED = {
    "lab1": ("batch_divided_by_255", "five_in_percent", "five_as_a_dictionary"),
    "lab5": ("right_by_entries", "right_with_a_keras_metric"),
}
"""Answers that are tried whenever the tests are run: wrong and right ones."""


@pytest.mark.parametrize("name", LABS)
def test_every_answer_has_a_result_on_file_and_it_is_what_its_file_says(name):
    notebook = lab_harness.cells(lab_harness.solution(name))
    points = {cell.name: cell.points for cell in notebook if cell.role == "test"}
    answers, found = read_answers(name), results.on_file(name)
    assert {(exercise, answer) for exercise, some in found.items() for answer in some} == {
        (answer.exercise, answer.name) for answer in answers
    }, f"run: make lab-check LAB={name}"
    for answer in answers:
        assert results.faults_of_marks(answer, results.result_of(answer, found), points) == [], answer.place
    page = results.page_of(name).read_text("utf-8")
    assert page == results.page(name, answers, found, notebook), f"run: make lab-check LAB={name}"
    assert results.mistakes_of(name).read_text("utf-8") == results.mistakes(answers, found)


@pytest.mark.parametrize("name", LABS)
def test_every_test_is_the_only_one_that_must_catch_some_wrong_answer(name):
    notebook = lab_harness.cells(lab_harness.solution(name))
    tests = {cell.name for cell in notebook if cell.role == "test"}
    answers = read_answers(name)
    assert try_answers.lacking(name, answers, [cell.name for cell in notebook if cell.role == "answer"]) == []
    assert {next(iter(answer.must_fail)) for answer in answers if len(answer.must_fail) == 1} == tests
    for answer in answers:
        assert answer.right or answer.must_fail, answer.place
        assert answer.must_fail | answer.may_fail <= tests, answer.place
        assert answer.sentence.endswith("."), answer.place


@pytest.mark.parametrize("name", LABS)
def test_no_two_answers_that_were_written_apart_count_as_the_same(name):
    """What the report says of students' answers would be worth little if these came out alike."""
    released = nbformat.read(ROOT / "labs" / name / f"{name}.ipynb", as_version=4).cells
    handed_out = {roles.grade_id(cell): cell.source for cell in released if roles.is_answer(cell)}
    solved = nbformat.read(ROOT / "solutions" / name / f"{name}.ipynb", as_version=4).cells
    sources = [(roles.grade_id(cell), cell.source) for cell in solved if roles.is_answer(cell)]
    sources += [(answer.exercise, answer.source) for answer in read_answers(name)]
    own = [(exercise, tuple(own_tokens(source, handed_out[exercise]))) for exercise, source in sources]
    long = [pair for pair in own if len(pair[1]) >= FEWEST]
    assert len(set(long)) == len(long) > len(handed_out)


def test_there_are_at_least_sixty_wrong_answers_and_twenty_right_ones():
    answers = [answer for name in LABS for answer in read_answers(name)]
    right = sum(answer.right for answer in answers)
    assert right >= 20 and len(answers) - right >= 60
    assert sum(bool(answer.says) for answer in answers) >= 200
    assert sum(bool(answer.breaks) for answer in answers) >= 200


@pytest.fixture(scope="module")
def lab1():
    return lab_harness.Lab("lab1")


@pytest.mark.parametrize("name", TRIED)
def test_answers_fare_as_their_files_say_and_as_is_on_file(name, lab1):
    lab = lab1 if name == "lab1" else lab_harness.Lab(name)
    found, there = results.on_file(name), {answer.name: answer for answer in read_answers(name)}
    assert {there[one].right for one in TRIED[name]} == {True, False}
    for one in TRIED[name]:
        tried = {side: lab.try_answer(there[one], hidden=side == "hidden") for side in results.SIDES}
        assert results.faults(there[one], tried, lab.tests) == []
        assert results.differences(results.result_of(there[one], found), results.entry(tried, there[one], "")) == []


@pytest.fixture
def one(monkeypatch, tmp_path, lab1):
    """Gives `main` of `make lab-check` for an exercise with the given answers, and the file of its results."""
    monkeypatch.setattr(results, "file_of", lambda lab: tmp_path / "results.json")
    monkeypatch.setattr(results, "page_of", lambda lab: tmp_path / "answers.md")
    monkeypatch.setattr(results, "mistakes_of", lambda lab: tmp_path / "mistakes.json")
    monkeypatch.setattr(try_answers, "Lab", lambda name: lab1)
    monkeypatch.setattr(golden, "follow", lambda name: [])
    monkeypatch.setattr(build, "main", lambda names: 0)

    def run(answers, *options):
        monkeypatch.setattr(try_answers.files, "read_answers", lambda lab: answers)
        return try_answers.main(["lab1", "top-five", *options])

    return run, tmp_path / "results.json"


def test_the_command_writes_what_is_as_it_must_be_and_reports_what_is_not(one, capsys):
    run, file = one
    there = {answer.name: answer for answer in read_answers("lab1")}
    wrong, right = there["five_in_percent"], there["five_as_a_dictionary"]
    assert run([wrong, right]) == 0
    kept = json.loads(file.read_text("utf-8"))
    assert set(kept["top-five"]) == {wrong.name, right.name}
    assert "2 tried" in capsys.readouterr().out
    assert run([wrong, right]) == 0
    assert "2 with a result that still holds" in capsys.readouterr().out
    got = kept["top-five"][wrong.name]["hidden"]["test-top-five"]["marks"]
    assert f"| wrong: `{wrong.name}` | {got:g} of 20 |" in file.with_name("answers.md").read_text("utf-8")
    (known,) = known_mistakes.read(file.with_name("mistakes.json"))["test-top-five"]
    assert (known.name, known.mistake, known.points) == (wrong.name, wrong.sentence, got)

    # A right answer that is said to be wrong stands for a wrong one that no test catches, and the other way round.
    survivor = dataclasses.replace(
        right, right=False, must_fail=frozenset({"test-top-five"}), says="not said", name="a"
    )
    loser = dataclasses.replace(wrong, right=True, must_fail=frozenset(), says="", marks=None, name="b")
    other = dataclasses.replace(wrong, marks=1.5, name="c")
    assert run([survivor, loser, other]) == 1
    said = capsys.readouterr().err
    assert "expected less than 20 points from the hidden half of test-top-five; received 20.0" in said
    assert "expected less than 20 points from the visible half of test-top-five; received 20.0" in said
    assert "says 'not said'" in said
    assert "b: expected 20 points from the hidden half of test-top-five; received" in said
    assert "c: expected 1.5 points from the hidden half of test-top-five; received" in said
    assert json.loads(file.read_text("utf-8")) == {"top-five": {}}


def test_a_result_that_does_not_fit_its_answer_any_more_is_taken_out(one):
    run, file = one
    [wrong] = [answer for answer in read_answers("lab1") if answer.name == "five_in_percent"]
    good = next(answer for answer in read_answers("lab1") if answer.name == "five_as_a_dictionary")
    assert run([wrong, good]) == 0
    assert run([dataclasses.replace(wrong, marks=1.5), good]) == 1
    assert set(json.loads(file.read_text("utf-8"))["top-five"]) == {good.name}


def test_an_exercise_without_a_wrong_or_a_right_answer_is_told():
    answers = [answer for answer in read_answers("lab1") if answer.exercise == "top-five"]
    wrong = [answer for answer in answers if not answer.right]
    assert try_answers.lacking("lab1", answers, ["top-five"]) == []
    [said] = try_answers.lacking("lab1", wrong, ["top-five"])
    assert "expected a right answer to top-five" in said
    [said] = try_answers.lacking("lab1", [answer for answer in answers if answer.right], ["top-five"])
    assert "expected a wrong answer to top-five" in said


def test_a_result_that_is_other_than_on_file_is_written_only_when_that_is_accepted(one, capsys):
    run, file = one
    there = {answer.name: answer for answer in read_answers("lab1")}
    wrong, right = there["five_in_percent"], there["five_as_a_dictionary"]
    assert run([wrong, right]) == 0
    before = file.read_text("utf-8")
    changed = json.loads(before)
    changed["top-five"][wrong.name]["visible"]["test-top-five"]["marks"] = 0.5
    file.write_text(json.dumps(changed), "utf-8")
    assert run([wrong, right], "--again") == 1
    assert "expected, as on file, 0.5 points" in capsys.readouterr().err
    assert json.loads(file.read_text("utf-8")) == changed
    assert run([wrong, right], "--again", "--accept") == 0
    assert file.read_text("utf-8") == before


def test_an_answer_that_cannot_be_tried_and_an_exercise_that_is_none_are_told(one, capsys):
    run, _ = one
    broken = Answer(
        "lab1", "top-five", "broken", False, "Ends in an error.", "1 / 0\n", must_fail=frozenset({"test-top-five"})
    )
    assert run([broken]) == 1
    assert "received ZeroDivisionError: division by zero" in capsys.readouterr().err
    nowhere = dataclasses.replace(broken, exercise="top-six", source="pass\n")
    with pytest.raises(AnswerError, match="after an answer cell of lab1; received 'top-six'"):
        lab_harness.Lab.try_answer(try_answers.Lab("lab1"), nowhere)
    assert try_answers.main(["lab1", "top-six"]) == 1
    assert "expected an exercise of prepare-batch, top-five" in capsys.readouterr().err


def test_a_verdict_that_cannot_say_what_is_wrong_is_a_fault():
    answer = Answer("lab1", "top-five", "odd", False, "Odd.", "pass\n", must_fail=frozenset({"test-top-five"}))
    result = lab_harness.Result(0.0, f"✘ Not yet: {UNEXPLAINED} KeyError", "")
    both = {side: {"test-top-five": result} for side in results.SIDES}
    assert any("expected a sentence" in fault for fault in results.faults(answer, both, {"test-top-five": 20.0}))


def test_a_result_holds_until_the_answer_its_header_or_what_decides_it_changes():
    decided = results.Decided("lab1")
    [answer] = [answer for answer in read_answers("lab1") if answer.name == "five_in_percent"]
    covers = decided.covers(answer)
    assert covers == results.Decided("lab1").covers(answer)
    for change in (
        {"source": answer.source + "\n1\n"},
        {"says": "other"},
        {"marks": 2.0},
        {"may_fail": frozenset({"x"})},
    ):
        assert decided.covers(dataclasses.replace(answer, **change)) != covers, change
    for change in ({"breaks": "other"}, {"sentence": "Other."}, {"line": 1}):
        assert decided.covers(dataclasses.replace(answer, **change)) == covers, change
    files = decided.files(answer)
    assert any(name.startswith("course_utils/") and "lab1" in name for name in files)
    assert {"authoring/checking/lab.py", "grader/src/nbgrader_isolated/wire/encode.py"} <= files
    assert not any("lab3" in name or "bubblewrap" in name or name.startswith("tests/") for name in files)
    assert not any(name.startswith("authoring/labs/") for name in files), "the code of the cells counts, not their text"
    assert results.Decided("lab2").covers(answer) != covers


GOOD = "import math\n\n\ndef double(x):\n    return 2 * x\n"


def test_a_file_of_answers_is_read_whole():
    text = f"""
# %% right "Adds the number to itself."
{GOOD}

# %% wrong "Says \\"two\\", once." breaks="twice" says="two times" marks=2.5 fails="test-double test-more" may_fail="test-last" slow
def double(x):
    return "two"
"""
    wrong, right = parse(text, "lab1", "double")
    assert (right.right, right.name, right.source) == (True, "adds_the_number_to_itself", GOOD)
    assert (right.must_fail, right.may_fail, right.marks, right.slow) == (frozenset(), frozenset(), None, False)
    assert (wrong.sentence, wrong.name, wrong.breaks) == ('Says "two", once.', "says_two_once", "twice")
    assert (wrong.says, wrong.marks, wrong.slow, wrong.line) == ("two times", 2.5, True, 10)
    assert not wrong.recognises and parse(f'# %% wrong "So." recognises\n{GOOD}', "lab1", "double")[0].recognises
    assert (wrong.must_fail, wrong.may_fail) == ({"test-double", "test-more"}, {"test-last"})
    [named] = parse(f'# %% wrong "So." name="other"\n{GOOD}', "lab1", "double")
    assert (named.name, named.must_fail) == ("other", {"test-double"})


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("", 1, "received an empty file"),
        (GOOD, 1, "before any code; received 'import math'"),
        (f'# %% mutant "So."\n{GOOD}', 1, 'received # %% mutant "So."'),
        (f"# %% wrong So.\n{GOOD}", 1, "received # %% wrong So."),
        (f'# %% wrong "So." hint="x"\n{GOOD}', 1, 'received hint="x"'),
        (f'# %% wrong "So." says=x\n{GOOD}', 1, "received says=x"),
        (f'# %% wrong "So." says="x" says="y"\n{GOOD}', 1, "says once"),
        (f'# %% right "So." says="x"\n{GOOD}', 1, "only for a wrong answer"),
        (f'# %% right "So." recognises\n{GOOD}', 1, "only for a wrong answer"),
        (f'# %% wrong "So." marks="2"\n{GOOD}', 1, 'received marks="2"'),
        (f'# %% wrong "So." says=2\n{GOOD}', 1, "received says=2"),
        (f'# %% wrong "So." slow=1\n{GOOD}', 1, "received slow=1"),
        ('# %% wrong "So."\n', 1, "code below it; received none"),
        ('# %% wrong " "\npass\n', 1, "a sentence"),
        (f'# %% right "So."\n{GOOD}\n# %% wrong "So."\ndef double(x)\n', 9, "expected Python; received expected ':'"),
    ],
)
def test_a_file_of_answers_that_is_not_written_as_it_must_be_is_told_with_its_line(text, place, said):
    with pytest.raises(AnswerError) as error:
        parse(text, "lab1", "double")
    assert str(error.value).startswith(f"authoring/labs/lab1/answers/double.py:{place}: expected ")
    assert said in str(error.value) and "To go on, " in str(error.value)


def test_two_answers_of_one_name_are_told(tmp_path, monkeypatch):
    from authoring.checking import answers

    (tmp_path / "lab1" / "answers").mkdir(parents=True)
    for exercise in ("one", "two"):
        (tmp_path / "lab1" / "answers" / f"{exercise}.py").write_text(f'# %% right "So."\n{GOOD}', "utf-8")
    monkeypatch.setattr(answers, "LABS_FOLDER", tmp_path)
    with pytest.raises(
        AnswerError, match=r"answers/two\.py:1: expected a name of its own; .*answers/one\.py:1 is called 'so'"
    ):
        read_answers("lab1")


def test_readers_own_answers_belong_to_the_corpus_once_they_are_tried(tmp_path, monkeypatch):
    from authoring.checking import answers

    lab = tmp_path / "lab1"
    for folder, names in (("answers", "own shared"), ("blind/old", "shared theirs odd"), ("blind/new", "later")):
        (lab / folder).mkdir(parents=True)
        text = "\n".join(f'# %% right "So." name="{name}"\n{GOOD}' for name in names.split())
        (lab / folder / "double.py").write_text(text, "utf-8")
    (lab / "blind/old/judged.json").write_text("{}", "utf-8")
    (lab / "blind/left_out.json").write_text('{"odd": "Equal to own."}', "utf-8")
    monkeypatch.setattr(answers, "LABS_FOLDER", tmp_path)
    found = {answer.name: answer.place for answer in read_answers("lab1")}
    assert set(found) == {"own", "shared", "theirs"}
    assert "/answers/" in found["shared"] and found["theirs"].startswith("authoring/labs/lab1/blind/old/double.py:")
    (lab / "blind/left_out.json").write_text('{"later": "Why."}', "utf-8")
    with pytest.raises(AnswerError, match=r"left_out\.json: expected names .*received 'later'"):
        read_answers("lab1")


def test_a_header_without_code_replaces_that_of_a_readers_answer(tmp_path, monkeypatch):
    from authoring.checking import answers

    lab = tmp_path / "lab1"
    for folder, code in (("answers", ""), ("blind/old", GOOD)):
        (lab / folder).mkdir(parents=True)
        breaks = "" if folder == "answers" else ' breaks="twice"'
        (lab / folder / "double.py").write_text(f'# %% wrong "So." name="theirs"{breaks}\n{code}', "utf-8")
    monkeypatch.setattr(answers, "LABS_FOLDER", tmp_path)
    with pytest.raises(AnswerError, match=r"double\.py:1: expected code below the header, or the name of an answer"):
        read_answers("lab1")
    (lab / "blind/old/judged.json").write_text("{}", "utf-8")
    (found,) = read_answers("lab1")
    assert found.breaks == "" and found.source.strip() == GOOD.strip() and "/answers/" in found.place


def test_the_page_says_how_readers_answers_were_judged_the_first_time():
    text = blind.PAGE.read_text("utf-8")
    assert blind.documented(text) == text, "run: python -m authoring.checking.blind"
    assert re.search(r"^\| 1 \| 60 \| \d+ \(\d+%\) \| 30 \|", text, re.M)


def test_pictures_are_drawn_where_there_are_not_as_many_as_are_promised(monkeypatch):
    called = []
    monkeypatch.setattr(try_answers.subprocess, "run", lambda command, check: called.append(command[1:]))
    assert not try_answers.draw_images("lab2") and called == []
    notebook = lab_harness.solution("lab2")
    notebook.cells += [cell for cell in notebook.cells if build.rules.PROMISE in cell.source][:1]
    monkeypatch.setattr(try_answers, "solution", lambda name: notebook)
    assert try_answers.draw_images("lab2")
    assert called == [[str(try_answers.files.ROOT / "tools" / "expected.py"), "lab2"]]
