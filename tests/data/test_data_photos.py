"""Photographs inside installed packages: found without a network and without importing the packages."""

import subprocess
import sys
from pathlib import Path

import numpy as np

from course_utils.data import sample_photos

ROOT = Path(__file__).resolve().parents[2]


def test_six_photographs_come_with_a_description_a_credit_and_a_licence():
    photos = sample_photos()
    assert list(photos) == ["coffee", "cat", "flower", "temple", "rocket", "astronaut"]
    for name, photo in photos.items():
        assert photo.name == name
        assert photo.array.dtype == np.uint8
        assert photo.array.ndim == 3 and photo.array.shape[2] == 3
        assert min(photo.array.shape[:2]) >= 300
        assert photo.array.std() > 20, f"{name} is nearly one colour"
        assert photo.description.endswith(".")
        assert photo.credit and photo.licence and photo.source


def test_the_colours_are_in_the_order_red_green_blue():
    photos = sample_photos()
    saucer, sky = photos["coffee"].array[330, 250], photos["temple"].array[20, 500]
    assert saucer[0] > 2 * saucer[2], "the saucer is red"
    assert sky[2] > sky[0], "the sky is blue"


def test_no_loader_that_might_reach_for_the_network_is_imported():
    code = (
        "import sys\nfrom course_utils.data import sample_photos\nsample_photos()\n"
        "print([m for m in ('skimage', 'sklearn', 'pooch', 'urllib.request', 'socket') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"
