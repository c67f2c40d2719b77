"""A folder of practice images, laid out as a student's own would be: for lab 6, until there are images to bring."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

from course_utils.data.scenes import load_scenes

CLASSES = ("bird", "flower", "vehicle")
OBJECTS, IMAGES_EACH = 8, 4
"""So many objects of each class, in so many images each: with fewer, an honest split may happen to be too hard to learn from."""


def practice_folder() -> Path:
    """Writes JPEG images of scenes to a new temporary folder: one subfolder per class, ``object-number.jpg`` in it.

    Returns:
        The folder. It is the caller's to remove; the system clears its temporary files sooner or later.
    """
    from PIL import Image

    scenes = load_scenes("train", size=128)
    root = Path(tempfile.mkdtemp(prefix="practice-images-"))
    for name in CLASSES:
        (root / name).mkdir()
        of_class = np.flatnonzero(scenes.labels == scenes.class_names.index(name))
        for number, group in enumerate(np.unique(scenes.groups[of_class])[:OBJECTS], start=1):
            shown = [i for i in of_class if scenes.groups[i] == group][:IMAGES_EACH]
            for image_number, position in enumerate(shown, start=1):
                image = Image.fromarray(scenes.images[position])
                image.save(root / name / f"{name}{number}-{image_number}.jpg", quality=92)
    return root
