"""Scenes: no object on two sides, the same bytes every time, and every argument does what it says."""

import hashlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from course_utils.data import (
    BACKGROUNDS,
    WORKING_CLASSES,
    export_folder,
    load_folder,
    load_scenes,
    split_of_objects,
    tied_backgrounds,
)
from course_utils.data.composing import FAINTEST, MAX_ANGLE
from course_utils.errors import BadArgumentError, UnknownNameError

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def shown():
    return load_scenes("test")


def digest(scenes):
    arrays = (scenes.images, scenes.labels, scenes.groups, scenes.backgrounds, scenes.photographs, scenes.angles)
    return hashlib.sha256(b"".join(array.tobytes() for array in arrays)).hexdigest()


def test_the_working_set_has_the_sizes_that_the_lessons_speak_of(shown):
    assert shown.images.shape == (310, 96, 96, 3)
    assert shown.images.dtype == np.uint8
    assert shown.labels.dtype == shown.groups.dtype == shown.backgrounds.dtype == np.int64
    assert len(np.unique(shown.groups)) == 62
    assert shown.class_names == list(WORKING_CLASSES)
    assert len(load_scenes("train", size=16)) == 475
    assert len(load_scenes("validation", size=16)) == 160


def test_always_answering_the_most_frequent_class_is_right_for_twenty_of_62_objects(shown):
    assert shown.majority_share == pytest.approx(20 / 62)
    assert shown.class_names[np.bincount(shown.labels).argmax()] == "mammal"


def test_no_object_is_in_two_splits_and_none_is_lost():
    groups = {
        split: set(load_scenes(split, size=16, per_object=1).groups.tolist())
        for split in ("train", "validation", "test", "all")
    }
    assert not groups["train"] & groups["validation"]
    assert not groups["train"] & groups["test"]
    assert not groups["validation"] & groups["test"]
    assert groups["train"] | groups["validation"] | groups["test"] == groups["all"]


def test_a_group_is_the_object_it_names_and_has_its_class(shown):
    membership = split_of_objects()
    names = list(membership)
    for label, group in zip(shown.labels, shown.groups, strict=True):
        name = shown.object_names[group]
        assert name == names[group]
        assert name.split("/")[0] == shown.class_names[label]
        assert membership[name] == "test"


def test_two_processes_compose_the_same_bytes(shown):
    code = (
        "import hashlib; from course_utils.data import load_scenes; s = load_scenes('test');"
        "a = (s.images, s.labels, s.groups, s.backgrounds, s.photographs, s.angles);"
        "print(hashlib.sha256(b''.join(x.tobytes() for x in a)).hexdigest())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == digest(shown)


def test_another_seed_gives_other_compositions_of_the_same_objects(shown):
    other = load_scenes("test", seed=123456789012345678901234567890)
    assert sorted(other.groups) == sorted(shown.groups)
    assert digest(other) != digest(shown)


def test_another_size_gives_the_same_compositions(shown):
    large = load_scenes("test", size=192)
    assert np.array_equal(large.groups, shown.groups)
    assert np.array_equal(large.angles, shown.angles)
    assert np.array_equal(large.backgrounds, shown.backgrounds)
    halved = large.images.reshape(-1, 96, 2, 96, 2, 3).mean(axis=(2, 4))
    assert np.abs(halved - shown.images).mean() < 10
    assert np.abs(halved - np.roll(shown.images.astype(float), 1, axis=0)).mean() > 30


def test_leaving_out_classes_leaves_the_other_scenes_as_they_are(shown):
    two = load_scenes("test", classes=["vehicle", "bird"])
    assert two.class_names == ["vehicle", "bird"]
    assert set(np.unique(two.labels)) == {0, 1}
    of_all = {image.tobytes() for image in shown.images}
    assert all(image.tobytes() in of_all for image in two.images)


def test_no_two_scenes_are_the_same_image(shown):
    assert len({image.tobytes() for image in shown.images}) == len(shown)


def test_every_object_stands_out_from_what_is_behind_it():
    # The same poses on the photographs of two splits: where the images agree, the object is.
    here, there = (load_scenes("test", size=64, photographs=split).images.astype(int) for split in ("test", "train"))
    share = (np.abs(here - there).max(-1) < 60).mean((1, 2))
    assert share.min() > 0.01
    assert FAINTEST == 40


def test_nothing_is_turned_far_and_no_object_stands_on_its_head(shown):
    assert MAX_ANGLE * 0.9 < np.abs(shown.angles).max() <= MAX_ANGLE


def test_backgrounds_are_spread_and_say_nothing_about_the_class(shown):
    assert shown.background_names == list(BACKGROUNDS)
    both = np.zeros((len(shown.class_names), len(BACKGROUNDS)))
    np.add.at(both, (shown.labels, shown.backgrounds), 1)
    assert both.sum(0).min() > 0.15 * len(shown)
    expected = both.sum(1, keepdims=True) * both.sum(0, keepdims=True) / both.sum()
    chi_square = ((both - expected) ** 2 / expected).sum()
    assert chi_square < 30.6, "15 degrees of freedom: 30.6 is passed by chance once in a hundred"


def test_no_photograph_is_in_two_splits_and_every_split_has_two_of_each_family():
    used = {}
    for split in ("train", "validation", "test"):
        scenes = load_scenes(split, size=16)
        used[split] = set(scenes.photographs.tolist())
        for family in range(len(BACKGROUNDS)):
            assert len(set(scenes.photographs[scenes.backgrounds == family].tolist())) >= 2
    assert not used["train"] & used["test"]
    assert not used["train"] & used["validation"]
    assert not used["validation"] & used["test"]
    assert set(load_scenes("all", size=16).photographs.tolist()) == set.union(*used.values())


def test_other_photographs_go_behind_the_same_objects_in_the_same_poses(shown):
    other = load_scenes("test", photographs="train")
    assert np.array_equal(other.groups, shown.groups)
    assert np.array_equal(other.angles, shown.angles)
    assert np.array_equal(other.backgrounds, shown.backgrounds)
    assert not set(other.photographs.tolist()) & set(shown.photographs.tolist())


HOMES = {"bird": "water_and_sky", "mammal": "vegetation"}


@pytest.mark.parametrize(("strength", "at_home"), [(0, 0.5), (0.5, 0.75), (0.9, 0.95), (1, 1)])
def test_class_and_background_go_together_as_far_as_they_are_told_to(strength, at_home):
    scenes = load_scenes("all", size=16, classes=list(HOMES), backgrounds=tied_backgrounds(HOMES, strength))
    homes = np.array([BACKGROUNDS.index(HOMES[name]) for name in scenes.class_names])
    for label in (0, 1):
        share = (scenes.backgrounds == homes[label])[scenes.labels == label].mean()
        assert share == pytest.approx(at_home, abs=0.07)
    assert set(np.unique(scenes.backgrounds)) <= set(homes.tolist())
    assert strength < 1 or share == 1


def test_shares_of_a_class_add_up_to_one_and_reach_each_family():
    assert tied_backgrounds({"bird": "ground", "flower": "ground"}, 0.3) == {
        "bird": {"ground": 1.0},
        "flower": {"ground": 1.0},
    }
    assert tied_backgrounds(HOMES, 0.5)["bird"] == {"water_and_sky": 0.75, "vegetation": 0.25}


@pytest.mark.parametrize(
    ("homes", "strength", "message"),
    [
        ({}, 0.5, "homes must map classes to families"),
        (["bird"], 0.5, "homes must map classes to families"),
        (
            {"bird": "watre_and_sky"},
            0.5,
            "no family of backgrounds called 'watre_and_sky'. Did you mean 'water_and_sky'",
        ),
        (HOMES, 1.5, "strength must be a number from 0 to 1; you gave 1.5"),
        (HOMES, "0.5", "strength must be a number"),
        (HOMES, True, "strength must be a number"),
        (HOMES, float("nan"), "strength must be a number"),
    ],
)
def test_a_tie_that_cannot_be_is_refused(homes, strength, message):
    with pytest.raises((BadArgumentError, UnknownNameError), match=message):
        tied_backgrounds(homes, strength)


def test_a_folder_holds_one_jpeg_per_image_named_after_its_object(tmp_path, shown):
    folder = export_folder(shown, tmp_path / "images" / "test")
    again = load_folder(folder, size=96, quiet=True)
    assert len(again) == len(shown) == len(list(folder.rglob("*.jpg")))
    assert again.class_names == sorted(shown.class_names)
    assert np.bincount(again.labels).sum() == 310
    named = {shown.object_names[group].split("/")[1] for group in shown.groups}
    assert {path.stem.rsplit("-", 1)[0] for path in folder.rglob("*.jpg")} == named
    first = shown.images[0].astype(int)
    assert min(np.abs(first - image.astype(int)).mean() for image in again.images) < 6


def test_a_folder_is_never_overwritten_and_an_empty_class_has_its_place(tmp_path, shown):
    no_birds = shown.take(shown.labels != shown.class_names.index("bird"))
    folder = export_folder(no_birds, tmp_path / "out")
    assert sorted(path.name for path in folder.iterdir()) == sorted(shown.class_names)
    with pytest.raises(BadArgumentError, match="exists; choose another name"):
        export_folder(shown, folder)
    assert not list((folder / "bird").iterdir())


def test_scenes_come_shuffled(shown):
    assert (np.diff(shown.labels) != 0).mean() > 0.5


def test_taking_some_scenes_keeps_every_array_in_step(shown):
    mammals = shown.take(shown.labels == shown.class_names.index("mammal"))
    assert len(mammals) == 100
    assert {shown.object_names[group].split("/")[0] for group in mammals.groups} == {"mammal"}
    assert len(mammals.images) == len(mammals.angles) == len(mammals.backgrounds) == 100


def ring(path, size=90):
    image = Image.new("RGBA", (size, size), (0, 0, 0, 0))
    image.paste((200, 30, 30, 255), (10, 10, size - 10, size - 10))
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path)


def test_an_instructors_own_objects_join_with_new_numbers_and_change_no_other_scene(tmp_path, shown):
    ring(tmp_path / "bird" / "secret.png")
    ring(tmp_path / "vehicle" / "tram.png")
    (tmp_path / ".hidden").mkdir()
    more = load_scenes("test", extra=tmp_path)
    shipped = len(split_of_objects())
    new = more.take(more.groups >= shipped)
    assert len(new) == 10
    assert more.object_names[shipped:] == ["bird/secret", "vehicle/tram"]
    assert {more.class_names[label] for label in new.labels} == {"bird", "vehicle"}
    old = {image.tobytes() for image in more.take(more.groups < shipped).images}
    assert old == {image.tobytes() for image in shown.images}


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("fish/a.png", "ring", "There is no class in the extra folder called 'fish'"),
        ("bird/a.png", "opaque", "is no photograph of an object: it must be partly transparent"),
        ("bird/a.png", "empty", "is no photograph of an object"),
        ("bird/a.png", "text", "cannot be read as an image"),
        ("a.png", "ring", "holds no objects"),
    ],
)
def test_an_extra_folder_that_cannot_be_used_says_which_file_and_why(tmp_path, name, content, message):
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if content == "ring":
        ring(path)
    elif content == "text":
        path.write_text("not an image")
    else:
        Image.new("RGBA", (50, 50), (9, 9, 9, 255 if content == "opaque" else 0)).save(path)
    with pytest.raises((BadArgumentError, UnknownNameError), match=message):
        load_scenes("test", extra=tmp_path)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"split": "tset"}, "no split called 'tset'. Did you mean 'test'"),
        ({"size": 8}, "size must be an integer of at least 16; you gave 8"),
        ({"size": 96.0}, "size must be an integer"),
        ({"size": 4096}, "size must be at most 1024 pixels; you gave 4096"),
        ({"seed": -1}, "seed must be an integer of at least 0"),
        ({"per_object": 0}, "per_object must be an integer of at least 1"),
        ({"classes": "bird"}, "classes must be a list of names"),
        ({"classes": 6}, "classes must be a list of names.*you gave 6"),
        ({"classes": ["bird"]}, "at least two different classes"),
        ({"classes": ["bird", "brid"]}, "no class of objects called 'brid'. Did you mean 'bird'"),
        ({"photographs": "all"}, "no set of photographs called 'all'"),
        ({"backgrounds": 0.9}, "backgrounds must give for each class the share of each family"),
        ({"backgrounds": {"bird": {"ground": 1}}}, "backgrounds lacks the class 'flower'"),
        ({"backgrounds": {"brid": {"ground": 1}}}, "no class in backgrounds called 'brid'. Did you mean 'bird'"),
        ({"backgrounds": {"bird": {"grond": 1}}}, "no family of backgrounds called 'grond'. Did you mean 'ground'"),
        (
            {"classes": ["bird", "fish"], "backgrounds": {"bird": {"ground": 0.5}, "fish": {"ground": 1}}},
            "The shares of 'bird' must be at least 0 and add up to 1",
        ),
        ({"extra": "nowhere"}, "nowhere is not a folder"),
    ],
)
def test_a_bad_argument_is_named_with_what_is_valid(arguments, message):
    with pytest.raises((BadArgumentError, UnknownNameError), match=message):
        load_scenes(**{"split": "test", **arguments})
