"""Lab 2's features that all submissions are evaluated on, for ``GradingEngine.prepare``: through VGG16 once per run."""

from course_utils.checks import secret_seed
from course_utils.checks.lab2 import heads
from course_utils.checks.lab2.exercises import hidden_scenes


def make() -> list:
    """Returns [how ``scene_features`` is asked for them, (features, labels, groups)] for each set of scenes.

    The features of the notebook's own scenes stay in the store, all three sets of them: a student's notebook that uses the
    course's ``extract`` finds them there, and would otherwise compute them again for every student, who cannot write there.
    """
    heads.scene_features("validation")
    count = heads.SCENES_PER_OBJECT
    asked = [("train", 0, count, True), ("test", 0, count, True), ("test", hidden_scenes(secret_seed()), count, False)]
    return [[one, heads.scene_features(*one[:3], keep=one[3])] for one in asked]


def give(value: list) -> None:
    """Puts them where ``scene_features`` looks first."""
    for asked, found in value:
        for array in found:
            array.flags.writeable = False
        heads.KNOWN[tuple(asked)] = tuple(found)
