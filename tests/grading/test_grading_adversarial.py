"""The adversarial submissions through the engine: every attack ends as expected, leaks nothing, and touches nobody else.

The most dangerous cases run always; the whole corpus is slow. ``python -m authoring.adversarial.run`` prints it as a table.
"""

from __future__ import annotations

from dataclasses import replace

import nbformat
import pytest

from authoring import golden
from authoring.adversarial import pages, run, table
from authoring.adversarial.corpus import FULL, RAN, SHOWN, Case
from authoring.adversarial.run import grade_all
from authoring.adversarial.siblings import CASES
from authoring.adversarial.stock import grade_all as stock_grades
from authoring.adversarial.stock import in_words
from nbgrader_isolated.examiner import test_cell
from nbgrader_isolated.gradebook import marks
from nbgrader_isolated.outcomes import Outcome

DANGEROUS = {
    "loop that ignores interrupts",
    "memory bomb",
    "fork bomb",
    "disk filler in the folder of the kernel's sockets",
    "function that ends the process",
    "killing every process it can see",
    "daemon left running",
    "hook that rewrites every cell",
    "object that is equal to everything",
    "score that is not a number",
    "pickle for a reply",
    "folder for a reply",
    "forged kernel messages",
    "modules put in place of Keras and the checks",
    "model with an initialiser from another module",
    "model from a .keras archive with a Lambda",
    ".keras archive for an artefact",
    "script in a text",
    "formula for a name",
    "reading whatever there is",
    "writing to every place it knows",
    "calling home",
    "link to a secret",
    "metadata stripped",
    "cut off",
    "artefact that a friend copies",
    "artefact of a friend, handed in again with noise",
}


def assert_all_as_expected(cases, folder):
    results, good, leaks = grade_all(cases, folder)
    assert leaks == []
    assert {result.case.name: result.faults for result in results if result.faults} == {}
    on_file, found = golden.read("adversarial"), golden.adversarial(results)
    assert golden.differences({name: on_file.get(name) for name in found}, found) == [], "make goldens ARGS=adversarial"
    for record in good:
        assert (record.outcome, {mark.grade_id: mark.points for mark in record.marks}) == (Outcome.GRADED, FULL)


def test_the_most_dangerous_submissions_end_as_expected_and_good_ones_among_them_are_untouched(tmp_path):
    cases = [case for case in CASES if case.name in DANGEROUS]
    assert len(cases) == len(DANGEROUS)
    assert_all_as_expected(cases, tmp_path)


def test_the_archive_s_code_does_run_where_somebody_loads_it_without_care(tmp_path, monkeypatch):
    keras = pytest.importorskip("keras")
    archive = next(case for case in CASES if case.name == ".keras archive for a model")
    monkeypatch.setattr(test_cell, "explain", test_cell.explain)  # and as it was afterwards
    archive.write(tmp_path / "lab")
    with pytest.raises(ValueError, match="Lambda"):
        keras.saving.load_model(tmp_path / "lab" / "model.keras")
    keras.saving.load_model(tmp_path / "lab" / "model.keras", safe_mode=False)
    assert test_cell.explain(None) == RAN


def test_what_the_corpus_looks_for_would_be_found(tmp_path, monkeypatch):
    """Scripts that are not cleaned away, and what is secret where students may read it. (A record is closed by its own mode.)"""
    [script] = [case for case in CASES if case.name == "script in a text"]
    text = script.cells([{}] * 8)[7]["source"]
    assert set(pages.calls_in(text)) == {"<script>", "onerror of <img>", "onload of <svg>", "style of <div>"}
    seen = replace(run.SETTINGS, student_sees=(str(tmp_path / "secret.txt"),))
    monkeypatch.setattr(run, "SETTINGS", seen)
    reading = [case for case in CASES if case.name.startswith("reading")]
    results, _, leaks = grade_all(reading, tmp_path)
    assert leaks == [] and len(results) == 2
    assert [result.faults for result in results] == [[f"{run.SECRET} is shown to the student"]] * 2


@pytest.mark.slow
def test_the_whole_corpus_ends_as_expected_and_good_submissions_in_it_are_untouched(tmp_path):
    assert len(CASES) >= 130 and len({case.name for case in CASES}) == len(CASES)
    assert_all_as_expected(CASES, tmp_path)


def test_the_page_shows_both_columns_as_they_were_measured_and_the_corpus_is_the_one_that_was():
    measured, page = table.stored(), table.PAGE.read_text(encoding="utf-8")
    assert table.filled(page, measured) == page, "run: python -m authoring.adversarial.table"
    rows = {row["case"]: row["must"] for row in measured["cases"]}
    known = {case.name: in_words(case.marks) for case in CASES}
    assert rows == known, "run: python -m authoring.adversarial.run --store"
    assert (measured["engine_right"], measured["engine_bystanders_affected"], measured["engine_leaks"]) == (
        len(CASES),
        0,
        0,
    )
    assert f"What {len(CASES)} submissions" in page


def test_stock_nbgrader_gives_full_marks_to_an_honest_submission_and_to_an_object_that_is_equal_to_everything():
    """The other column is measured as it is said to be: where the engine gives the second one nothing."""
    evil = next(case for case in CASES if case.name == "object that is equal to everything")
    found = {case.name: stock for case, stock in stock_grades([Case("good", (Outcome.GRADED,), FULL), evil])}
    assert found["good"].right and found["good"].marks == FULL
    assert found[evil.name].marks == FULL and not found[evil.name].right


def test_what_attacks_the_page_ends_as_expected_and_its_pages_are_small_and_show_letters(tmp_path):
    results, _, leaks = grade_all(SHOWN, tmp_path)
    assert [(result.case.name, result.faults) for result in results if result.faults] == [] and leaks == []
    for result in results:
        messages = "".join(mark.message + mark.printed for mark in result.record.marks)
        assert messages.replace("\n", "").isprintable(), messages
        notebook = nbformat.from_dict(result.record.cells)
        notebook.cells.insert(0, marks._banner(result.record))
        for cell in notebook.cells:
            if cell.metadata.get("nbgrader"):
                cell.metadata.nbgrader.update(score=0.0, comment=None)
        for kind in pages.KINDS:
            made = pages.page(kind, notebook)
            assert len(made) < 2_500_000 and "<strong>" in made and "<strong>bold" not in made and "\u202e" not in made
        if result.case.name == "file name in Markdown":
            assert "**bold** [x](y)" in made
