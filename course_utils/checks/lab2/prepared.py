"""Lab 2's features that all submissions are judged on, for ``GradingEngine.prepare``: through VGG16 once per run, not per check."""

from __future__ import annotations

from course_utils.checks.core.seeds import secret_seed
from course_utils.checks.lab2 import heads
from course_utils.checks.lab2.exercises import hidden_scenes
from course_utils.checks.lab2.heads import SCENES_PER_CUTOUT


def make() -> list:
    """Returns [how ``scene_features`` is asked for them, (features, labels, groups)] for each set of scenes.

    The features of the notebook's own scenes stay in the store, all three sets of them: a student's notebook that uses the
    course's ``extract`` finds them there, and would otherwise compute them anew for every student, who cannot write there.
    """
    heads.scene_features("validation")
    asked = [
        ("train", 0, SCENES_PER_CUTOUT, True),
        ("test", 0, SCENES_PER_CUTOUT, True),
        ("test", hidden_scenes(secret_seed()), SCENES_PER_CUTOUT, False),
    ]
    return [[one, heads.scene_features(*one[:3], keep=one[3])] for one in asked]


def give(value: list) -> None:
    """Puts them where ``scene_features`` looks first."""
    for asked, found in value:
        for array in found:
            array.flags.writeable = False
        heads.KNOWN[tuple(asked)] = tuple(found)
