"""A folder of practice images, laid out as a student's own would be: for lab 6, until there are images to bring."""

import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np

from course_utils.data.scenes import export_folder, load_scenes

CLASSES = ("bird", "flower", "vehicle")
OBJECTS, IMAGES_EACH = 8, 4
"""So many objects of each class, in so many images each: with fewer, an honest split may happen to be too hard to learn from."""


def practice_folder() -> Path:
    """Writes JPEG images of scenes to a new temporary folder: one subfolder per class, ``object-number.jpg`` in it.

    Returns:
        The folder. It is the caller's to remove; the system clears its temporary files sooner or later.
    """
    scenes = load_scenes("train", size=128, classes=CLASSES, per_object=IMAGES_EACH)
    names = {}
    for label, name in enumerate(CLASSES):
        groups = np.unique(scenes.groups[scenes.labels == label])[:OBJECTS]
        names |= {group: f"{name}/{name}{number}" for number, group in enumerate(groups, start=1)}
    renamed = [names.get(group, name) for group, name in enumerate(scenes.object_names)]
    chosen = replace(scenes.take(np.isin(scenes.groups, list(names))), object_names=renamed)
    return export_folder(chosen, Path(tempfile.mkdtemp(prefix="practice-images-")) / "images")
