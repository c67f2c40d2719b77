"""What is special to lab 3; what holds for every lab is tested in test_labs.py."""

from __future__ import annotations

import numpy as np
import pytest
from lab_checks import parameters_of_checks

from course_utils import benchmark_results
from course_utils.checks import Incorrect, lab3
from course_utils.checks.common import augmentation
from course_utils.checks.common.frozen_base import check_base_frozen, check_untouched, layers_of_base
from course_utils.checks.common.models import copy_of, predict, rebuilt
from course_utils.checks.lab3 import augmented, exercises
from tests.trap import Trap

EXERCISES = parameters_of_checks(lab3)


@pytest.mark.parametrize("exercise", EXERCISES)
@pytest.mark.parametrize("kind", ["value", "three values", "dictionary", "model", "function"])
def test_no_value_whatever_makes_a_check_end_in_a_traceback(exercise, kind):
    import keras

    class Unruly(keras.Model):
        layers = output_shape = input_shape = property(Trap._spring)

        def call(self, images):
            raise RuntimeError("sprung")

    values = {
        "value": Trap,
        "three values": lambda: (Trap(), Trap(), Trap()),
        "dictionary": lambda: {"weights": Trap(), "statistics": Trap()},
        "model": Unruly,
    }
    answer = Trap() if kind == "function" else lambda *given: values[kind]()
    verdict = getattr(lab3, exercise)(answer)
    assert verdict.outcome == "not yet"
    assert verdict.findings
    assert verdict.score == 0


def test_a_subclassed_model_is_told_at_once_that_it_cannot_be_handed_over():
    import keras

    class Mine(keras.Model):
        def __init__(self, base, classes):
            super().__init__()
            self.base, self.top = base, keras.layers.Dense(classes, activation="softmax")

        def call(self, images):
            return self.top(keras.ops.mean(self.base(images / 127.5 - 1), axis=(1, 2)))

    def build_model(base, classes):
        model = Mine(base, classes)
        model(np.zeros((1, 96, 96, 3), np.float32))
        return model

    verdict = exercises.build_model(build_model)
    assert verdict.score == 0
    assert "cannot be handed in" in verdict.text()
    assert "Sequential or functional" in verdict.text()


def test_a_layer_whose_own_flag_is_true_counts_as_trainable_inside_a_frozen_base():
    base = exercises._base()
    model = exercises.end_to_end_model(copy_of(base), 6, seed=0)
    check_base_frozen(rebuilt(model), base)
    inside = [layer for _, layer in layers_of_base(model, base)]
    inside[0].trainable = True
    assert not model.layers[-3].trainable_weights  # what the base says of itself
    with pytest.raises(Incorrect, match=f"1 of {len(inside)} layers are trainable, first Conv1;"):
        check_base_frozen(rebuilt(model), base)


def test_a_base_that_one_answer_damages_is_whole_again_for_the_next():
    def damages(base):
        for weight in base.weights:
            weight.assign(weight * 0)
        base.trainable = False
        return base

    def freeze_all(base):
        assert any(np.any(weight.numpy()) for weight in base.weights)
        base.trainable = False
        return base

    exercises.freeze_all(damages)
    assert exercises.freeze_all(freeze_all).outcome == "right"


@pytest.fixture(scope="module")
def model():
    return exercises.end_to_end_model(copy_of(exercises._base()), 6, seed=1)


@pytest.mark.parametrize(
    ("weight", "words"),
    [("kernel", "other weights than ImageNet's"), ("moving_mean", "BatchNorm statistics of 1 layers have moved")],
)
def test_one_changed_bit_of_the_base_is_found_wherever_it_lies(model, weight, words):
    ours = rebuilt(model)
    check_untouched(ours, exercises._base())
    layers = [layer for _, layer in layers_of_base(ours, exercises._base())]
    found = next(w for layer in layers[40:] for w in layer.weights if w.name == weight)
    values = found.numpy()
    values.flat[-1] = np.nextafter(values.flat[-1], np.float32(9))
    found.assign(values)
    with pytest.raises(exercises.Incorrect, match=words):
        check_untouched(ours, exercises._base())


def test_what_reaches_the_base_can_be_seen_without_leaving_a_trace(model):
    images = augmentation.coloured_images(np.random.default_rng(0), exercises.SIDE)
    before = predict(model, images)
    still = augmentation.entering(model, exercises._base(), images, training=False)
    assert np.allclose(still, images / 127.5 - 1, atol=1e-5)
    assert np.array_equal(predict(model, images), before)


def test_an_image_s_origin_is_known_by_its_colour_whatever_the_augmentation():
    import keras

    rng = np.random.default_rng(3)
    originals = augmentation.coloured_images(rng, 64)
    augment = keras.Sequential(
        [
            keras.layers.RandomFlip(seed=1),
            keras.layers.RandomRotation(0.5, fill_mode="constant", seed=2),
            keras.layers.RandomZoom((-0.4, 0.6), seed=3),
            keras.layers.RandomTranslation(0.3, 0.3, fill_mode="constant", seed=4),
            keras.layers.RandomBrightness(0.3, seed=5),
            keras.layers.RandomContrast(0.4, seed=6),
        ]
    )
    for _ in range(5):
        views = np.asarray(augment(originals.astype(np.float32), training=True))
        assert augmented.origins(views, originals).tolist() == list(range(len(originals)))


def test_the_thresholds_are_the_calibrated_ones_and_fail_hardly_any_right_answer():
    found = benchmark_results.load("calibration_lab3")
    assert (found["visible_threshold"], found["hidden_threshold"]) == (exercises.VISIBLE_THRESHOLD, exercises.THRESHOLD)
    assert found["right_runs"] >= 100
    assert found["false_fails"] <= 0.005
    assert found["wrong_answers_that_pass"] == 0


def test_scenes_that_decide_about_an_accuracy_never_reach_the_student_s_function(monkeypatch):
    from course_utils import data

    asked = []
    load = data.load_scenes

    def watched(split, **options):
        asked.append((split, load(split, **options)))
        return asked[-1][1]

    monkeypatch.setattr(data, "load_scenes", watched)
    seen = []
    exercises.train(lambda model, images, labels: seen.append(images), seed=4)
    assert [split for split, _ in asked] == ["train", "test"]
    [images] = seen
    shown = {image.tobytes() for image in images}
    assert not shown & {image.tobytes() for image in asked[1][1].images}


@pytest.mark.parametrize(
    ("made_before", "metric", "times"),
    [(False, None, 2), (True, None, 1), (True, "accuracy", 2), (True, "SparseCategoricalAccuracy", 1)],
    ids=str,
)
def test_fit_writes_its_step_down_once_where_no_variables_turn_up_halfway(made_before, metric, times):
    """What a hint of exercise 4 says of the wait before a training, and that the training is the same.

    A metric given by its name is made when the step first runs; one that is made beforehand has its variables.
    """
    import keras

    class Counting(keras.Sequential):
        written = 0

        def train_step(self, data):
            self.written += 1
            return super().train_step(data)

    def trained(made_before, metric):
        metric = getattr(keras.metrics, metric)() if metric and metric[0].isupper() else metric
        keras.utils.set_random_seed(0)
        model = Counting([keras.Input((4,)), keras.layers.Dense(3, activation="softmax")])
        model.compile(
            keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy", metrics=[metric] if metric else None
        )
        if made_before:
            model.optimizer.build(model.trainable_variables)
        model.fit(np.eye(4, dtype=np.float32), np.arange(4) % 3, epochs=3, shuffle=False, verbose=0)
        return model

    model, plain = trained(made_before, metric), trained(False, None)
    assert model.written == times
    assert all(np.array_equal(a, b) for a, b in zip(model.get_weights(), plain.get_weights(), strict=True))
