"""Fine-tuning: a base split at the freezing point, cached activations, and the file of fine-tuned weights."""

from course_utils.finetune.artefact import handed_in, load_artefact, rebuild, save_artefact
from course_utils.finetune.cached_activations import Work, freezing_points, join, split, work
