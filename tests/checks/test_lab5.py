"""What is special to lab 5's checks; what holds for every lab is in test_labs.py."""

from __future__ import annotations

import numpy as np
import pytest
from lab_checks import parameters_of_checks

from authoring.checking.answers import read_answers
from course_utils.checks import lab5
from course_utils.checks.common import inputs
from course_utils.checks.lab5 import inputs as lab5_inputs
from tests.trap import Trap

EXERCISES = parameters_of_checks(lab5)
WRONG = [answer for answer in read_answers("lab5") if not answer.right]


@pytest.mark.parametrize("exercise", EXERCISES)
@pytest.mark.parametrize("kind", ["value", "a pair", "nothing", "function"])
def test_no_value_whatever_makes_a_check_end_in_a_traceback(exercise, kind):
    value = {"value": Trap(), "a pair": [Trap(), Trap()]}.get(kind)
    verdict = getattr(lab5, exercise)(Trap() if kind == "function" else lambda *given: value)
    assert verdict.outcome == "not yet"
    assert verdict.findings
    assert verdict.score == 0


@pytest.mark.parametrize("answer", [True, False, 0, 1.0, "right", [], (0, 0)])
def test_an_answer_that_is_always_the_same_is_no_diagnosis(answer):
    diagnoses = [
        lab5.preprocessing_mistake,
        lab5.stands_on_probabilities,
        lab5.blind_score,
        lab5.augments,
        lab5.moved_layers,
        lab5.leaks,
        lab5.statistics_moved,
    ]
    assert [check(lambda *given: answer).score for check in diagnoses] == [0] * len(diagnoses)


def test_every_exhibit_s_own_mistake_is_among_the_wrong_answers_and_told_in_words():
    own = {
        "features_divided_by_255",
        "swapped_by_popping",
        "right_by_entries",
        "split_shuffled_twice",
        "stages_without_compile",
        "plan_that_goes_up",
        "augmentation_never_wired_in",
        "unfrozen_with_batchnorm",
    }
    assert own <= {answer.name for answer in WRONG}
    assert all(answer.says for answer in WRONG if answer.name in own)


@pytest.mark.parametrize("seed", range(20))
def test_the_inputs_are_what_they_are_said_to_be(seed):
    rng = np.random.default_rng(seed)
    truth = lab5_inputs.one_hot(rng, 50, int(rng.integers(5, 30)))
    assert set(truth.sum(axis=1)) == {1}
    for sure in (True, False):
        answers = lab5_inputs.probabilities(rng, truth, right=0.5, sure=sure)
        assert np.allclose(answers.sum(axis=1), 1, atol=1e-5)
        assert (answers.max(axis=1) > 0.5).all() == sure
        assert 0.15 < (answers.argmax(axis=1) == truth.argmax(axis=1)).mean() < 0.85
    before, after, moved = lab5_inputs.snapshots(rng)
    assert moved == [n for n in before if any(not np.array_equal(*p) for p in zip(before[n], after[n], strict=True))]
    assert len(moved) == len(lab5_inputs.MOVES)
    by = [np.concatenate([(b - a).ravel() for a, b in zip(before[n], after[n], strict=True)]) for n in moved]
    assert {int((change > 0).any()) - int((change < 0).any()) for change in by} >= {1, -1}, (
        "some only grow, some only shrink"
    )
    nudged, exchanged = ([side[moved[place]][0] for side in (before, after)] for place in (1, 3))
    differences = np.subtract(*nudged)[nudged[0] != nudged[1]]
    assert differences.size == 1 and 0 < np.abs(differences[0]) < np.finfo(np.float32).eps / 2
    assert exchanged[0].sum() == exchanged[1].sum() and np.abs(exchanged[0]).sum() == np.abs(exchanged[1]).sum()


def test_the_five_preprocessings_lie_well_apart_for_every_base():
    rng = np.random.default_rng(0)
    for name in ("vgg16", "mobilenet_v2", "efficientnet_lite0", "densenet121"):
        pixels = lab5_inputs.pixels(rng, 3)
        with pytest.warns(UserWarning, match="images should go from 0 to 255"):
            batches = [lab5_inputs.preprocessed(how, name, pixels) for how in lab5_inputs.PREPROCESSINGS]
        apart = [np.abs(a - b).mean() for i, a in enumerate(batches) for b in batches[:i]]
        assert min(apart) > 0.02 * np.ptp(batches[0])


def test_an_answer_may_leave_names_to_keras_when_it_builds_on_a_made_up_classifier():
    """In split kernels the classifier is made in one process and built on in another, which counts names anew."""
    import keras

    keras.utils.clear_session()  # the names of a new process
    classifier = inputs.made_up_classifier(np.random.default_rng(0))
    keras.utils.clear_session()
    layers = keras.layers
    tensor = layers.Dropout(0.3)(layers.Dense(9)(classifier.layers[-2].output))
    pooled = layers.GlobalAveragePooling2D()(layers.Add()([layers.Conv2D(8, 1)(classifier.layers[1].output)] * 2))
    answers = layers.Dense(5)(layers.Concatenate()([tensor, pooled]))
    assert keras.Model(classifier.input, answers).output_shape == (None, 5)


def test_dropout_before_the_base_is_no_augmentation():
    import keras

    def dropped(base, classes):
        layers = keras.layers
        front = [keras.Input(base.input_shape[1:]), layers.Dropout(0.5), base, layers.GlobalAveragePooling2D()]
        return keras.Sequential([*front, layers.Dense(classes, activation="softmax")])

    verdict = lab5.with_augmentation(dropped)
    assert set(verdict.won) == {"probabilities", "given base", "training only"}
