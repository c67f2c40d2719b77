"""The objects that come with the course: all accounted for, all cut out, and rebuilt the same way every time."""

import csv
import hashlib
import importlib.util
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from course_utils.data import WORKING_CLASSES, split_of_objects
from course_utils.data.objects import object_images

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "course_utils" / "assets" / "objects"
IMAGES = sorted(FOLDER.rglob("*.webp"))


def table(name):
    with open(FOLDER / name, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def rebuild():
    spec = importlib.util.spec_from_file_location("rebuild_objects", ROOT / "tools" / "rebuild_objects.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_provenance_lists_exactly_the_images_that_are_there_with_their_checksums():
    listed = {row["file"]: row["sha256"] for row in table("PROVENANCE.csv")}
    there = {file.relative_to(FOLDER).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest() for file in IMAGES}
    assert listed == there


def shipped():
    return dict(zip(split_of_objects(), object_images(), strict=True))


def class_counts():
    return Counter(name.split("/")[0] for name in shipped())


def test_every_image_names_its_class_its_original_and_what_it_shows():
    for row in table("PROVENANCE.csv"):
        assert row["file"].split("/")[0] == row["class"]
        assert row["original"].startswith("usr/share/tuxpaint/stamps/")
        assert len(row["original_sha256"]) == 64
        assert len(row["description"]) > 5


def test_nothing_is_both_kept_and_left_out_and_every_omission_has_a_reason():
    left_out = table("LEFT_OUT.csv")
    assert all(row["reason"] for row in left_out)
    assert not {row["original"] for row in left_out} & {row["original"] for row in table("PROVENANCE.csv")}


def test_the_folder_stays_small_and_carries_its_licence():
    assert sum(file.stat().st_size for file in FOLDER.rglob("*")) <= 3_000_000
    licence = (FOLDER / "COPYING").read_text()
    assert "GNU GENERAL PUBLIC LICENSE" in licence
    assert "Version 2, June 1991" in licence


def test_every_image_is_cut_out_and_of_at_most_160_pixels():
    for name, image in shipped().items():
        opacity = np.asarray(image.getchannel("A"))
        assert image.mode == "RGBA", name
        assert 40 <= max(image.size) <= 160, name
        assert opacity.max() >= 250, f"{name} is nowhere opaque"
        assert (opacity < 128).mean() > 0.02, f"{name} is hardly transparent anywhere"


def test_no_two_images_are_one_image_as_it_is_or_mirrored(rebuild):
    assert rebuild.twins(shipped()) == []


def test_a_mirrored_and_recoloured_copy_is_noticed(rebuild):
    original = shipped()["mammal/zebra"]
    red, green, blue, opacity = original.transpose(Image.Transpose.FLIP_LEFT_RIGHT).split()
    copy = Image.merge("RGBA", (green, blue, red, opacity)).resize((70, 60))
    ((first, second, kind, likeness),) = rebuild.twins({"zebra": original, "copy": copy})
    assert (first, second, kind) == ("zebra", "copy", "mirrored")
    assert likeness > 0.95


def test_the_working_classes_are_the_six_largest():
    counts = class_counts()
    assert sum(counts.values()) == len(shipped()) == len(IMAGES)
    assert set(WORKING_CLASSES) == set(sorted(counts, key=counts.get)[-6:])


def test_the_table_in_the_readme_is_true():
    membership = split_of_objects()
    readme = (FOLDER / "README.md").read_text()
    for class_name, count in class_counts().items():
        splits = [belongs for name, belongs in membership.items() if name.startswith(class_name + "/")]
        cells = [str(count), *(str(splits.count(split)) for split in ("train", "validation", "test"))]
        assert f"| {class_name} | {' | '.join(cells)} |" in readme


def test_every_class_is_in_every_split_and_the_rule_needs_no_state():
    membership = split_of_objects()
    for class_name in class_counts():
        splits = {belongs for name, belongs in membership.items() if name.startswith(class_name + "/")}
        assert splits == {"train", "validation", "test"}
    assert split_of_objects() == membership


@pytest.fixture
def unpacked(tmp_path, rebuild):
    """A small package tree made from shipped images: three birds, a mirrored one to leave out, a drawing."""
    stamps = shipped()
    birds = tmp_path / "unpacked" / rebuild.INSIDE / "animals" / "birds"
    (birds / "cartoon").mkdir(parents=True)
    for name in ("hen", "owl", "crow"):
        image = stamps[f"bird/{name}"]
        image.resize((image.width * 3, image.height * 3)).save(birds / f"{name}.png")
        (birds / f"{name}.txt").write_text(f"A {name}.\n", encoding="utf-8")
    image.save(birds / "cartoon" / "tux.png")
    Image.new("RGBA", (90, 90), "red").save(birds / "square.png")
    return tmp_path / "unpacked"


def test_rebuilding_crops_shrinks_records_and_repeats_to_the_byte(unpacked, tmp_path, rebuild, monkeypatch):
    monkeypatch.setattr(rebuild, "LEFT_OUT", {})
    for target in ("one", "two"):
        (tmp_path / target).mkdir()
        assert rebuild.build(unpacked / rebuild.INSIDE, tmp_path / target) == {"bird": 3}
    assert rebuild.differences(tmp_path / "one", tmp_path / "two") == []
    with Image.open(tmp_path / "one" / "bird" / "owl.webp") as owl:
        assert max(owl.size) == 160
        assert owl.getchannel("A").getbbox() == (0, 0, *owl.size)
    with open(tmp_path / "one" / "LEFT_OUT.csv", newline="") as file:
        reasons = {Path(row["original"]).name: row["reason"] for row in csv.DictReader(file)}
    assert reasons == {"tux.png": "drawing", "square.png": "no transparency"}


def test_rebuilding_stops_at_a_twin_and_at_a_stale_omission(unpacked, tmp_path, rebuild, monkeypatch):
    with pytest.raises(SystemExit, match="images that the package does not hold"):
        rebuild.build(unpacked / rebuild.INSIDE, tmp_path)
    monkeypatch.setattr(rebuild, "LEFT_OUT", {})
    birds = unpacked / rebuild.INSIDE / "animals" / "birds"
    with Image.open(birds / "hen.png") as hen:
        hen.transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(birds / "hen_mirror.png")
    with pytest.raises(SystemExit, match=r"hen\.png and animals/birds/hen_mirror\.png: mirrored"):
        rebuild.build(unpacked / rebuild.INSIDE, tmp_path)


def test_a_changed_image_is_named_as_different(unpacked, tmp_path, rebuild, monkeypatch):
    monkeypatch.setattr(rebuild, "LEFT_OUT", {})
    for target in ("one", "two"):
        (tmp_path / target).mkdir()
        rebuild.build(unpacked / rebuild.INSIDE, tmp_path / target)
    (tmp_path / "two" / "bird" / "hen.webp").write_bytes(b"changed")
    assert rebuild.differences(tmp_path / "one", tmp_path / "two") == ["bird/hen.webp"]


def test_importing_the_data_package_brings_in_no_heavy_package():
    code = "import sys, course_utils.data; print([m for m in ('tensorflow', 'keras', 'sklearn', 'skimage', 'matplotlib') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"
