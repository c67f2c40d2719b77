"""The photographs behind the objects: all accounted for, each with a licence, small, and rebuilt by a script."""

import csv
import hashlib
import importlib.util
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from course_utils.data import BACKGROUNDS

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "course_utils" / "assets" / "backgrounds"
LICENCES = {"GPL-2.0-or-later", "CC0-1.0", "CC-BY-4.0"}


@pytest.fixture(scope="module")
def rows():
    with open(FOLDER / "PROVENANCE.csv", newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def rebuild():
    spec = importlib.util.spec_from_file_location("rebuild_backgrounds", ROOT / "tools" / "rebuild_backgrounds.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_provenance_lists_exactly_the_crops_that_are_there_with_their_checksums(rows):
    files = sorted(FOLDER.rglob("*.webp"))
    there = {file.relative_to(FOLDER).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
    assert {row["file"]: row["sha256"] for row in rows} == there


def test_every_crop_names_its_author_its_licence_and_its_original(rows):
    for row in rows:
        assert row["licence"] in LICENCES, "others do not go together with the objects' GPL-2 in one image"
        assert row["family"] in BACKGROUNDS
        assert row["file"].startswith(f"{row['family']}/{row['photograph']}-")
        assert len(row["author"]) > 5
        assert len(row["original_sha256"]) == 64
        assert row["split"] in ("train", "validation", "test")


def test_a_photograph_belongs_to_one_split(rows):
    assert len({(row["photograph"], row["split"]) for row in rows}) == len({row["photograph"] for row in rows})
    originals = {(row["package"], row["original"]) for row in rows}
    assert len(originals) == len({row["photograph"] for row in rows})


def test_the_crops_are_small_squares_and_no_two_are_alike(rows):
    assert sum(path.stat().st_size for path in FOLDER.rglob("*")) < 2_500_000
    thumbs = []
    for row in rows:
        with Image.open(FOLDER / row["file"]) as image:
            assert image.size == (256, 256)
            thumbs.append(np.asarray(image.convert("RGB").resize((64, 64)), dtype=float).ravel())
    distances = [np.abs(a - b).mean() for i, a in enumerate(thumbs) for b in thumbs[:i]]
    assert min(distances) > 1.5


def test_rebuilding_crops_the_places_that_the_table_names(rebuild, tmp_path, monkeypatch):
    """The photographs that come inside scikit-image need no download, so those are rebuilt here."""
    inside = {name: p for name, p in rebuild.PHOTOGRAPHS.items() if p.package == "scikit-image"}
    assert len(inside) == 3
    monkeypatch.setattr(rebuild, "PHOTOGRAPHS", inside)
    for row in rebuild.build(tmp_path, tmp_path):
        with Image.open(tmp_path / row["file"]) as built, Image.open(FOLDER / row["file"]) as shipped:
            assert np.abs(np.asarray(built, dtype=int) - np.asarray(shipped, dtype=int)).mean() < 3
