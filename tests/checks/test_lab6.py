"""What is special to lab 6: practice images, and images of a student's own; what holds for every lab is in test_labs.py."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from course_utils import benchmark_results
from course_utils.checks import lab6
from course_utils.checks.common.weights import comparable_losses
from course_utils.checks.lab6 import card
from course_utils.data import load_folder
from course_utils.data.practice import CLASSES, IMAGES_EACH, OBJECTS, practice_folder
from course_utils.errors import NotAvailableError


@pytest.fixture
def practice():
    folder = practice_folder()
    yield folder
    shutil.rmtree(folder)


def test_practice_images_are_laid_out_as_a_student_s_own_would_be(practice):
    images = load_folder(practice, size=96, quiet=True)
    assert images.class_names == list(CLASSES)
    assert np.bincount(images.labels).tolist() == [OBJECTS * IMAGES_EACH] * len(CLASSES)
    assert not images.skipped
    objects = {path.stem.rsplit("-", 1)[0] for path in images.paths}
    assert len(objects) == OBJECTS * len(CLASSES)
    assert len({image.tobytes() for image in images.images}) == len(images), "no image comes twice"


def handed_in(**changed):
    import keras

    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (48, 96, 96, 3), dtype=np.uint8)
    groups = np.arange(48) // 3
    given = {
        "model": keras.Sequential([keras.Input((96, 96, 3)), keras.layers.Flatten(), keras.layers.Dense(2)]),
        "images": images,
        "labels": groups % 2,
        "groups": groups,
        "train": np.flatnonzero(groups >= 4),
        "held_out": np.flatnonzero(groups < 4),
    }
    return lambda: given | changed


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"images": np.zeros((48, 64, 64, 3), np.uint8)}, "expected (images, 96, 96, 3)"),
        ({"labels": np.zeros(48, int)}, "at least two classes"),
        ({"held_out": np.arange(12, 24)}, "positions"),
        ({"model": 3}, "expected a keras.Model"),
        ({"images": np.zeros((48, 96, 96, 3), np.float32)}, "expected uint8"),
        ({"labels": "mug"}, "cannot be read as numbers"),
    ],
    ids=["another size", "one class", "in both parts", "no model", "floats", "no labels"],
)
def test_what_is_handed_in_wrongly_is_told_in_words(changed, told):
    verdict = lab6.hand_in(handed_in(**changed))
    assert verdict.outcome == "not yet"
    assert told in verdict.text()


def test_the_same_image_in_both_parts_under_two_names_is_found():
    images = handed_in()()["images"].copy()
    images[0] = images[20]
    verdict = lab6.hand_in(handed_in(images=images))
    assert "pixel by pixel" in verdict.text()


def test_a_split_may_come_as_masks_and_is_evaluated_on_the_same_images():
    positions = handed_in()()
    masks = {name: np.isin(np.arange(48), positions[name]) for name in ("train", "held_out")}
    same = {"model": positions["model"]}
    assert lab6.hand_in(handed_in(**masks, **same)).text() == lab6.hand_in(handed_in(**same)).text()
    one = {"train": np.arange(48) != 0, "held_out": np.arange(48) == 0}
    groups = np.concatenate([[48], positions["groups"][1:]])
    assert "You hold out 1 image;" in lab6.hand_in(handed_in(groups=groups, **one)).text()


def test_more_in_the_dictionary_than_was_asked_for_does_no_harm_and_what_lacks_is_told():
    model = handed_in()()["model"]  # one for both: which classes untrained weights guess right is luck
    more = lab6.hand_in(handed_in(model=model, class_names=["mug", "cup"], history=object()))
    assert more.won == lab6.hand_in(handed_in(model=model)).won != ()
    less = lab6.hand_in(lambda: {"images": np.zeros(3)})
    assert "expected a dictionary with model, images" in less.text()


def test_what_other_labs_check_too_is_told_in_this_lab_s_words():
    verdict = lab6.split_by_object(
        lambda labels, groups, seed: (np.arange(0, len(labels), 2), np.arange(1, len(labels), 2))
    )
    assert "objects have images on both sides" in verdict.text()
    assert "scene" not in verdict.text()


def test_second_stages_are_compared_where_the_loss_is_not_near_zero():
    from scipy.special import softmax

    rng = np.random.default_rng(0)
    labels = rng.integers(3, size=60)
    scores = 2 * np.eye(3)[labels] + rng.normal(scale=0.3, size=(60, 3))

    def gain(first, other):
        tuned, put_back = comparable_losses(softmax(first, axis=1), softmax(other, axis=1), labels)
        return 1 - tuned / put_back

    for sharpness in (0.5, 20):  # the second has a loss of 1e-9
        assert gain(1.1 * sharpness * scores, sharpness * scores) > 0.03
        assert gain(sharpness * scores, sharpness * scores) == 0
        assert gain(0.9 * sharpness * scores, sharpness * scores) < 0
    assert comparable_losses(np.full((60, 3), 1 / 3), np.full((60, 3), 1 / 3), labels) == pytest.approx(
        (np.log(3),) * 2
    )


@pytest.mark.parametrize("seed", range(8))
def test_a_made_up_result_has_numbers_of_its_own_for_every_line_of_a_card(seed):
    result = card._made_up(np.random.default_rng(seed))
    facts = card._facts(result)
    assert 0.3 < facts["right"].mean() < 0.95
    assert len(np.unique(result["labels"])) >= 2
    assert facts["counts"][0] != facts["counts"][1]
    assert not np.intersect1d(result["groups"][result["train"]], result["groups"][result["held_out"]]).size


def test_a_card_is_read_with_lists_bold_names_and_shares():
    text = "# Model card\n## Evaluation\n- **Accuracy:** 0.833\n* 90 % confidence interval: 66.7% to 100 %\n"
    found = card.Card(text)
    assert found.headings == ["Model card", "Evaluation"]
    assert found.numbers("Accuracy:", 1) == [0.833]
    assert found.numbers("90 % confidence interval:", 2) == pytest.approx([0.667, 1.0])


def test_a_benchmark_that_has_not_been_measured_says_how_to_measure_it():
    assert benchmark_results.load("notebooks")["notebooks"]
    with pytest.raises(NotAvailableError, match=r"python benchmarks/nowhere\.py"):
        benchmark_results.load("nowhere")
