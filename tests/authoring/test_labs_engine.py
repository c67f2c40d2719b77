"""Wrong and right answers to the labs' exercises, graded in split kernels, as a class's notebooks are.

`test_labs.py` runs the same checks in one process, where an answer meets the check itself. Here what an answer does has to
cross from the student's process to the examiner's. Answers that no common test can see share a notebook. A small sample
runs always, on labs cut down to the exercises concerned; every answer to every lab with `make test-all`.
"""

from __future__ import annotations

import contextlib
from dataclasses import replace

import pytest

from authoring.checking import packed as engine
from authoring.checking.answers import labs, read_answers

LABS = labs()
SAMPLE = {
    "lab1": {
        "vector_by_damaging_the_classifier",
        "batch_divided_by_255",
        "five_with_names_from_an_array",
        "blocks_by_numpy_s_unique",
    },
    "lab2": {"split_by_scene", "interval_in_percent", "kept_in_a_zip_under_other_names", "head_plain"},
    "lab3": {"up_to_by_cutting", "moved_by_the_sum", "all_in_a_copy"},
    "lab4": {"unfreeze_batchnorm_too", "choose_by_the_test_scenes", "head_that_begins_at_zero"},
    "lab5": {
        "right_by_entries",
        "unfrozen_nothing",
        "plan_as_a_tuple",
        "moved_by_a_mask_of_names",
        "preprocessing_by_an_array_of_texts",
    },
    "lab6": {"objects_all_one", "evaluate_as_a_list", "second_never_compiled", "card_with_shares"},
}
"""Of each kind of thing that crosses: a model changed in place, arrays, numbers, flags of a model, a compiled model.

And a head of lab 2, which is judged on features that were prepared.
"""


@pytest.fixture(scope="module")
def examiner_for():
    """Gives an examiner for a lab's settings. One lives at a time, and goes on to the next lab where that needs the same."""
    with contextlib.ExitStack() as stack:
        living = []

        def find(settings):
            needed = replace(settings, compare=())  # an examiner is started without knowing what is compared
            if living[:1] != [needed]:
                stack.close()
                living[:] = needed, stack.enter_context(settings.make_examiner())
            return living[1]

        yield find


@pytest.mark.parametrize("lab", SAMPLE)
def test_wrong_answers_lose_points_and_a_right_one_keeps_them_in_split_kernels(lab, examiner_for):
    chosen = [answer for answer in read_answers(lab) if answer.name in SAMPLE[lab]]
    assert {answer.name for answer in chosen} == SAMPLE[lab]
    settings = engine.course_settings(lab)
    for packed in engine.packs(lab, chosen):
        tests = {f"test-{answer.exercise}" for answer in packed.answers}
        record = engine.grade_packed(packed, examiner_for(settings), settings, tests=tests)
        assert record.warnings == []  # nothing that is prepared for this lab has failed
        assert len(record.marks) == len(packed.answers)
        assert engine.not_as_expected(packed, record) == []


def test_the_sample_has_an_answer_to_what_is_prepared():
    """Else the sample would not notice where that fails."""
    assert [lab for lab in SAMPLE if engine.course_settings(lab).prepare] == ["lab2"]
    assert any(answer.name in SAMPLE["lab2"] and answer.exercise == "train-head" for answer in read_answers("lab2"))


def test_answers_that_share_a_notebook_replace_different_cells_and_none_is_left_out():
    for lab in LABS:
        every = read_answers(lab)
        shared = engine.packs(lab, every)
        assert sorted(answer.name for packed in shared for answer in packed.answers) == sorted(a.name for a in every)
        for packed in shared:
            assert len({answer.exercise for answer in packed.answers}) == len(packed.answers)


@pytest.mark.slow
@pytest.mark.timeout(7200)  # up to twenty notebooks
@pytest.mark.parametrize("lab", LABS)
def test_every_answer_fares_in_split_kernels_as_it_does_in_one_process(lab):
    settings, found = engine.course_settings(lab), {}
    with contextlib.ExitStack() as stack:
        examiner = stack.enter_context(settings.make_examiner())
        if kernels := settings.make_template():  # as in the runner: forked where that is possible
            stack.callback(kernels.close)
        for packed in engine.packs(lab, read_answers(lab)):
            record = engine.grade_packed(packed, examiner, settings, kernels=kernels)
            if said := engine.not_as_expected(packed, record):
                found[packed.name] = said
    assert found == {}
