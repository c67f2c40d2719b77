"""Looking into a model: what is trainable, whether the training step knows, what moved, and what training costs."""

from course_utils.inspect.costs import TrainingCost, multiply_adds, multiply_adds_by_block, training_cost
from course_utils.inspect.fingerprints import Comparison, Fingerprint, compare, fingerprint
from course_utils.inspect.tables import Table
from course_utils.inspect.trainable import (
    block_name,
    blocks,
    leaf_layers,
    parameters_by_block,
    stale_compile,
    trainable_table,
    weight_values,
)
