"""What is special to lab 2: files that could do harm, features that must stay secret, and a calibrated threshold."""

import io
import json
import pickle
import zipfile

import keras
import numpy as np
import pytest
from lab_checks import parameters_of_checks
from sklearn.linear_model import LogisticRegression

from authoring.checking import lab as lab_harness
from authoring.checking.answers import ROOT
from course_utils.checks import Incorrect, lab2, secret_seed
from course_utils.checks.common import intervals, splits
from course_utils.checks.lab2 import extractors, heads, packed, prepared
from course_utils.data import load_scenes
from nbgrader_isolated.wire.decode import decode
from nbgrader_isolated.wire.encode import encode
from tests.trap import Trap

EXERCISES = {name: len(given) for name, given in parameters_of_checks(lab2).items()}
"""Check → how many functions of a student's it takes."""


@pytest.fixture(scope="module")
def answers():
    """The names that the worked solution defines."""
    lab = lab_harness.Lab("lab2")
    names = lab.fresh_names()
    for cell in lab.cells:
        if cell.role == "answer":
            lab_harness.run_cell(cell, names)
    return names


def test_the_published_calibration_is_of_this_threshold_and_good_enough():
    found = json.loads((ROOT / "benchmarks/results/calibration_lab2.json").read_text("utf-8"))
    assert found["threshold"] == lab2.THRESHOLD
    assert found["scenes_per_object"] == lab2.SCENES_PER_OBJECT
    assert found["training_scenes"] == len(load_scenes("train", size=16, per_object=lab2.SCENES_PER_OBJECT))
    head = found["exercises"]["train-head"]["right"]
    assert head["runs"] >= 100
    assert found["visible_threshold"] == lab2.VISIBLE_THRESHOLD
    for cell in ("train-head", "train-svm"):
        at_home = found["exercises"][cell]["right_in_the_notebook"]
        assert at_home["passed"] == at_home["runs"] >= 8
    lowest = min(one["lowest"] for one in found["exercises"]["train-head"]["accuracy"].values())
    assert max(found["exercises"]["train-head"]["nearest_wrong"].values()) < lab2.THRESHOLD < lowest
    assert head["runs"] - head["passed"] <= 0.005 * head["runs"]
    assert found["right_runs"] - found["right_passed"] <= 0.005 * found["right_runs"]
    assert found["wrong_passed"] == 0


ODD_VALUES = {
    "nothing": None,
    "a trap": Trap(),
    "a list of traps": [Trap()] * 2,
    "three traps": (Trap(),) * 3,
    "a trap in a dictionary": {"features": Trap()},
    "no bytes": b"",
    "text": "text",
}


@pytest.mark.parametrize("exercise", EXERCISES)
@pytest.mark.parametrize("kind", ODD_VALUES)
def test_no_value_whatever_makes_a_check_end_in_a_traceback(exercise, kind):
    value = ODD_VALUES[kind]
    verdict = getattr(lab2, exercise)(*[lambda *given: value] * EXERCISES[exercise])
    assert verdict.outcome == "not yet"
    assert verdict.findings
    assert verdict.score == 0


def test_an_unpacking_that_is_still_to_be_written_is_said_so_and_the_packing_earns_its_part(answers):
    def unpack_features(data, wanted):
        raise NotImplementedError

    verdict = lab2.keep_features(answers["pack_features"], unpack_features)
    assert verdict.score == pytest.approx(0.10)
    assert "unpack_features is still to be written" in verdict.text()


class Evil:
    """What would be run if a check ever unpickled what a student hands in."""

    def __reduce__(self):
        return exec, ("raise SystemExit('the examiner ran it')",)


@pytest.mark.parametrize("form", ["pickle", "npy", "npz"])
def test_a_file_with_code_in_it_is_recognised_without_running_it(form):
    buffer = io.BytesIO()
    if form == "pickle":
        buffer.write(pickle.dumps({"features": Evil()}))
    elif form == "npy":
        np.save(buffer, np.array([Evil()], dtype=object))
    else:
        np.savez(buffer, features=np.zeros(3), provenance=np.array(Evil(), dtype=object))
    with pytest.raises(Incorrect, match="holds a pickle"):
        packed.check_no_pickle(buffer.getvalue())


def test_the_file_given_to_unpack_runs_code_exactly_where_pickles_are_allowed():
    buffer = io.BytesIO()
    np.savez(buffer, features=np.zeros(3), provenance=np.array("{}"))
    trapped = packed.with_code(buffer.getvalue())
    assert set(zipfile.ZipFile(io.BytesIO(trapped)).namelist()) == {"features.npy", "provenance.npy"}
    with pytest.raises(ValueError, match="allow_pickle"):
        np.load(io.BytesIO(trapped))["features"]
    with pytest.raises(ZeroDivisionError):
        np.load(io.BytesIO(trapped), allow_pickle=True)["features"]
    with pytest.raises(ZeroDivisionError):
        pickle.loads(packed.with_code(pickle.dumps({"features": 1})))


def test_features_of_hidden_scenes_are_not_left_in_the_store(tmp_path, monkeypatch):
    monkeypatch.setattr("course_utils.features.extraction.store_folder", lambda store: tmp_path)
    heads.scene_features("validation", 987, 1, keep=False)
    assert list(tmp_path.iterdir()) == []
    heads.scene_features("validation", 987, 1, keep=True)
    assert len(list(tmp_path.iterdir())) == 1


def stored_shapes(store):
    return {about.parent.name: json.loads(about.read_text())["shape"] for about in store.glob("*/about.json")}


def test_what_is_prepared_leaves_in_the_store_what_the_notebook_computes_and_nothing_hidden(
    tmp_path, monkeypatch, answers
):
    monkeypatch.setattr("course_utils.features.extraction.store_folder", lambda store: tmp_path)
    monkeypatch.setattr(heads, "KNOWN", {})
    prepared.make()
    kept = stored_shapes(tmp_path)
    extractor = answers["build_extractor"](heads.SIZE, extractors.CUT)
    lengths = []
    for split in ("train", "validation", "test"):
        scenes = load_scenes(split, size=heads.SIZE, per_object=heads.SCENES_PER_OBJECT)
        lengths.append(len(answers["extract_features"](extractor, scenes.images)))
    assert sorted(shape[0] for shape in kept.values()) == sorted(lengths), "the notebook's three sets, and no other"
    assert stored_shapes(tmp_path) == kept, "the worked solution found all of them"


def test_what_an_examiner_prepares_is_all_that_the_hidden_checks_of_classifiers_compute(monkeypatch):
    computed, compute = [], heads._computed
    monkeypatch.setattr(heads, "_computed", lambda *asked: computed.append(asked) or compute(*asked))
    monkeypatch.setattr(heads, "KNOWN", {})
    made = prepared.make()
    assert computed
    computed.clear()
    monkeypatch.setattr(heads, "KNOWN", {})
    prepared.give(decode(encode(made)))  # as it comes to an examiner
    head = lambda features, labels, classes: keras.Sequential(  # noqa: E731
        [keras.Input((features.shape[1],)), keras.layers.Dense(classes, activation="softmax")]
    )
    assert 0 < lab2.train_head(head, seed=secret_seed()).score < 1
    assert lab2.train_svm(lambda *given: LogisticRegression().fit(*given), seed=secret_seed()).score > 0
    assert computed == []


def test_the_hidden_scenes_of_a_head_depend_on_the_secret_and_show_test_objects_only():
    first, second = (load_scenes("test", size=32, seed=seed, per_object=1) for seed in (1, 2))
    assert not np.array_equal(first.images, second.images)
    assert not set(first.groups) & set(load_scenes("train", size=32, per_object=1).groups)


def test_made_up_scenes_and_answers_leave_no_way_round():
    for seed in range(50):
        rng = np.random.default_rng(seed)
        labels, groups = splits.labels_and_groups(rng)
        assert min(len(np.unique(groups[labels == label])) for label in np.unique(labels)) >= 8
        assert groups.max() >= len(groups), "a group's number cannot pass for a position"
        probabilities, labels, groups = intervals.made_up_answers(rng)
        right = probabilities.argmax(axis=1) == labels
        assert np.allclose(probabilities.sum(axis=1), 1)
        assert 0.2 < right.mean() < 0.95
        confident = right & (probabilities.max(axis=1) > 0.5)
        assert right.mean() - confident.mean() > 0.05, "counting only confident answers must show"
        balanced = np.mean([right[labels == label].mean() for label in np.unique(labels)])
        assert abs(right.mean() - balanced) > 0.005, "balanced accuracy must show"
        assert len({len(set(labels[groups == group])) for group in np.unique(groups)}) == 1
