"""What is special to lab 4's checks; what holds for every lab is in test_labs.py."""

from __future__ import annotations

import importlib.util
import json

import numpy as np
import pytest
from lab_checks import parameters_of_checks

from authoring.checking import lab as lab_harness
from authoring.checking.answers import LABS_FOLDER, ROOT
from course_utils.checks import lab4
from course_utils.checks.lab4 import artefacts, exercises
from course_utils.finetune import load_artefact
from tests.trap import Trap

EXERCISES = [name for name, given in parameters_of_checks(lab4).items() if given == ["answer"]]
CALIBRATION = ROOT / "benchmarks" / "results" / "calibration_lab4.json"
FIXTURE = LABS_FOLDER / "lab4" / "lab4_artefact.safetensors"


def program(name):
    """A benchmark as a module."""
    path = ROOT / "benchmarks" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_published_calibration_is_of_this_threshold_and_good_enough():
    found = json.loads(CALIBRATION.read_text("utf-8"))
    assert found["threshold"] == artefacts.THRESHOLD
    assert (found["still"], found["farthest"]) == (artefacts.STILL, artefacts.FARTHEST)
    assert found["least_gain"] == artefacts.LEAST_GAIN
    assert found["right_runs"] >= 100
    assert found["right_runs"] - found["right_passed"] <= 0.005 * found["right_runs"]
    assert found["wrong_passed"] == 0


def test_the_gpu_page_says_what_is_on_file_and_nothing_else():
    gpu_lab4 = program("gpu_lab4")
    text = gpu_lab4.DOCUMENT.read_text("utf-8")
    assert gpu_lab4.documented(text) == text, "run: python benchmarks/gpu_lab4.py --document"
    assert gpu_lab4.report() in text


def test_the_gpu_page_s_table_is_that_of_the_profiles():
    text = (ROOT / "docs" / "gpu.md").read_text("utf-8")
    for scale in artefacts.SCALES.values():
        assert scale.base in text
        assert scale.first in text
        assert f"{scale.limit_mb} MB" in text


@pytest.mark.parametrize("profile", artefacts.SCALES)
def test_each_profile_s_artefact_fits_its_limit_in_half_precision(profile):
    from course_utils.checks.common.weights import unfrozen_names, weights_of
    from course_utils.models import find_base, load_base

    scale = artefacts.SCALES[profile]
    base = load_base(scale.base, weights=None, input_shape=(96, 96, 3), cut=find_base(scale.base).cut)
    sizes = {name: array.size for name, array in weights_of(base).items()}
    late = unfrozen_names(base, scale.first)
    assert 2 * sum(sizes[name] for name in late) / 1e6 < scale.limit_mb - 1
    assert scale.fine_rate <= scale.head_rate / 10


@pytest.mark.parametrize("exercise", EXERCISES)
@pytest.mark.parametrize("kind", ["value", "pair", "nothing", "function"])
def test_no_value_whatever_makes_a_check_end_in_a_traceback(exercise, kind):
    value = {"value": Trap(), "pair": (Trap(), Trap())}.get(kind)
    verdict = getattr(lab4, exercise)(Trap() if kind == "function" else lambda *given: value)
    assert verdict.outcome == "not yet"
    assert verdict.findings
    assert verdict.score == 0


@pytest.mark.parametrize(
    "artefact",
    [
        None,
        "text",
        {},
        {"about": None, "tensors": None},
        {"about": {"profile": ["cpu"]}, "tensors": {}},
        {"about": {"profile": "cpu"}, "tensors": {}},
        {"about": {"profile": "cpu", "base": "vgg16"}, "tensors": {"head/kernel": np.ones((2, 2))}},
        {"about": {"profile": "cpu"}, "tensors": {"block_12_expand/kernel": np.array(["a"])}},
    ],
    ids=range(8),
)
def test_no_artefact_whatever_makes_its_check_end_in_a_traceback(artefact):
    verdict = lab4.trained_tensors(lambda model: {}, artefact)
    assert verdict.outcome == "not yet"
    assert verdict.score == 0
    assert "Traceback" not in verdict.text()


def test_the_prepared_artefact_passes_its_part_with_any_secret():
    artefact = load_artefact(FIXTURE)
    for seed in (1, 2):
        verdict = lab4.trained_tensors(lambda model: {}, artefact, seed=seed)
        assert verdict.score == pytest.approx(0.6), verdict.text()


def in_place_of_a_second_stage(size, seed):
    """The prepared artefact with ImageNet's late layers, moved by noise of this share of their length."""
    from course_utils.checks.common.weights import unfrozen_names, weights_of

    artefact, scale, noise = load_artefact(FIXTURE), artefacts.SCALES["cpu"], np.random.default_rng(seed)
    base = artefacts.pretrained(scale.base, scale.size, scale.record.cut)
    numbers = weights_of(base)
    for name in sorted(unfrozen_names(base, scale.first)):  # a set: each process has another order
        spread = np.sqrt(np.mean(numbers[name].astype(np.float64) ** 2))
        shaken = numbers[name] + size * spread * noise.normal(size=numbers[name].shape)
        artefact["tensors"][name] = shaken.astype(np.float16)
    return artefact


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("size", [5e-4, 2e-3, 1e-2, 5e-2])
def test_noise_in_place_of_a_second_stage_is_no_fine_tuning(size, seed):
    verdict = lab4.trained_tensors(lambda model: {}, in_place_of_a_second_stage(size, seed))
    assert "learned" not in verdict.won
    assert "ImageNet's weights put back" in verdict.text()


def test_the_second_stage_of_the_prepared_artefact_has_lowered_the_loss_clearly_and_the_look_leaves_no_trace():
    import keras

    from course_utils.checks.common.frozen_base import losses_with_and_without_tuning
    from course_utils.finetune import rebuild

    scale = artefacts.SCALES["cpu"]
    model = keras.Sequential([rebuild(load_artefact(FIXTURE)), keras.layers.Softmax()])
    imagenet, seen = artefacts.pretrained(scale.base, scale.size, scale.record.cut), artefacts.training_scenes(scale)
    assert len(seen[0]) == len(seen[1]) <= artefacts.MOST_LOOKED_AT
    before = [weight.copy() for weight in model.get_weights()]
    tuned, put_back = losses_with_and_without_tuning(model, imagenet, *seen)
    assert tuned < put_back * (1 - 3 * artefacts.LEAST_GAIN)
    assert all(map(np.array_equal, before, model.get_weights()))


def test_the_scenes_that_decide_are_among_those_that_the_notebook_trains_on():
    from course_utils.data import load_scenes
    from course_utils.models import preprocess

    scale = artefacts.SCALES["cpu"]
    trained_on = preprocess(scale.base, load_scenes("train", size=scale.size, per_object=scale.per_object).images)
    assert {one.tobytes() for one in artefacts.training_scenes(scale)[0]} <= {one.tobytes() for one in trained_on}


@pytest.mark.parametrize(
    ("exercise", "calls"), [("head_first", 1), ("fine_tune", 1), ("split_at", 1), ("choose_and_report", 1)]
)
def test_a_function_whose_return_cannot_be_used_is_not_called_again_for_every_part(exercise, calls):
    called = []
    verdict = getattr(lab4, exercise)(lambda *given: called.append(1))
    assert verdict.score == 0
    assert len(called) == calls


def best_by_class(scores, labels):
    def balanced(name):
        return np.mean([np.mean(scores[name][labels == label].argmax(axis=1) == label) for label in np.unique(labels)])

    return max(scores, key=balanced)


@pytest.mark.parametrize("seed", range(20))
def test_no_name_no_place_and_no_number_is_right_in_two_of_the_problems(seed):
    from course_utils.evaluate import accuracy_interval

    problems = exercises._problems(np.random.default_rng(seed))
    best = [problem.best() for problem in problems]
    assert len(set(best)) == len(problems)
    assert all(problem.best(test=True) != name for problem, name in zip(problems, best, strict=True))
    by_class = [best_by_class(problem.validation, problem.validation_labels) for problem in problems]
    assert by_class != best, "the mean over classes must show"
    for kind in ("validation", "test"):
        places = [list(getattr(problem, kind)).index(name) for problem, name in zip(problems, best, strict=True)]
        assert len(set(places)) == len(problems)
    found = [accuracy_interval(p.right(b, test=True), p.groups) for p, b in zip(problems, best, strict=True)]
    lows, highs = sorted(one.low for one in found), sorted(one.high for one in found)
    assert lows[-1] - lows[0] > 0.08, "no interval is within 0.04 of all"
    assert highs[-1] - highs[0] > 0.08
    assert all(
        problem.right(b, test=False).mean() > one.value + 0.05
        for problem, b, one in zip(problems, best, found, strict=True)
    )


def test_grading_compares_the_network_handed_in_and_tells_fine_tuned_ones_apart():
    from course_utils.checks.common.weights import weights_of
    from course_utils.models import load_base
    from nbgrader_isolated.examiner import similarity
    from nbgrader_isolated.notebook.names import free_names
    from nbgrader_isolated.plugin import configuration

    compared = configuration.load(ROOT)[2].settings("lab4").compare
    tests = [cell for cell in lab_harness.cells(lab_harness.solution("lab4")) if cell.role == "test"]
    assert compared and set(compared) <= set().union(*(free_names(cell.source) for cell in tests))
    mine = load_artefact(FIXTURE)
    copied = {name: array + np.float16(1e-4) * array for name, array in mine["tensors"].items()}
    scale = artefacts.SCALES["cpu"]
    base = weights_of(load_base(scale.base, input_shape=(96, 96, 3), cut="block_13_expand_relu"))
    other = {name: base[name] for name in mine["tensors"] if name in base}  # where everybody's fine-tuning begins
    drawn = {
        student: similarity.sketches("artefact", {"tensors": tensors})
        for student, tensors in {"ann": mine["tensors"], "cut": copied, "own": other}.items()
    }
    assert similarity.pairs(drawn) == [("ann", "cut", "artefact")]


def test_a_check_leaves_the_precision_of_the_notebook_as_it_was():
    import keras

    before = keras.config.dtype_policy().name
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        lab4.head_first(lambda *given: None)
        assert keras.config.dtype_policy().name == "mixed_bfloat16"
    finally:
        keras.config.set_dtype_policy(before)
