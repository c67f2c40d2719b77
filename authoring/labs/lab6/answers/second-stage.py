# %% wrong "Frees BatchNorm with everything else." name="second_batchnorm_unfrozen" breaks="BatchNorm" says="BatchNorm" may_fail="test-hand-in"
import keras


def second_stage(model):
    base = next(layer for layer in model.layers if isinstance(layer, keras.Model))
    base.trainable = True
    free = False
    for layer in base.layers:
        free = free or layer.name == "block7a_expand"
        layer.trainable = free
    model.compile(keras.optimizers.Adam(1e-4), loss="sparse_categorical_crossentropy")
    return model


# %% wrong "Unfreezes the whole base." name="second_everything_unfrozen" breaks="frozen" says="Freeze every layer that comes before" may_fail="test-hand-in"
import keras


def second_stage(model):
    base = next(layer for layer in model.layers if isinstance(layer, keras.Model))
    base.trainable = True
    for layer in base.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False
    model.compile(keras.optimizers.Adam(1e-4), loss="sparse_categorical_crossentropy")
    return model


# %% wrong "Unfreezes a clone, to leave the model alone, and a clone has lost all that was learned." name="second_in_a_clone_without_weights" breaks="weights kept" says="do not hold the weights they came with" may_fail="test-hand-in"
import keras


def second_stage(model):
    model = keras.models.clone_model(model)
    base = next(layer for layer in model.layers if isinstance(layer, keras.Model))
    base.trainable = True
    free = False
    for layer in base.layers:
        free = free or layer.name == "block7a_expand"
        layer.trainable = free and not isinstance(layer, keras.layers.BatchNormalization)
    model.compile(keras.optimizers.Adam(1e-4), loss="sparse_categorical_crossentropy")
    return model


# %% wrong "Compiles with a low rate and unfreezes nothing: fine-tuning in name only." name="second_never_unfrozen" says="nothing of the base is trainable" may_fail="test-hand-in"
import keras


def second_stage(model):
    model.compile(keras.optimizers.Adam(1e-4), loss="sparse_categorical_crossentropy")
    return model


# %% wrong "Starts at the second layer of the last block." name="second_one_layer_late" breaks="unfrozen" says="block7a_expand" may_fail="test-hand-in"
import keras


def second_stage(model):
    base = next(layer for layer in model.layers if isinstance(layer, keras.Model))
    base.trainable = True
    free = False
    for layer in base.layers:
        free = free or layer.name == "block7a_depthwise"
        layer.trainable = free and not isinstance(layer, keras.layers.BatchNormalization)
    model.compile(keras.optimizers.Adam(1e-4), loss="sparse_categorical_crossentropy")
    return model


# %% wrong "Learns faster in the second stage than in the first." name="second_rate_goes_up" breaks="learning rate" says="already good" may_fail="test-hand-in"
import keras


def second_stage(model):
    base = next(layer for layer in model.layers if isinstance(layer, keras.Model))
    base.trainable = True
    free = False
    for layer in base.layers:
        free = free or layer.name == "block7a_expand"
        layer.trainable = free and not isinstance(layer, keras.layers.BatchNormalization)
    model.compile(keras.optimizers.Adam(2e-2), loss="sparse_categorical_crossentropy")
    return model


# %% wrong "Only lowers the learning rate of the optimizer that is there, and never compiles." name="second_never_compiled" breaks="recompiled" says="compile with a new one" may_fail="test-hand-in"
import keras


def second_stage(model):
    base = next(layer for layer in model.layers if isinstance(layer, keras.Model))
    base.trainable = True
    free = False
    for layer in base.layers:
        free = free or layer.name == "block7a_expand"
        layer.trainable = free and not isinstance(layer, keras.layers.BatchNormalization)
    model.optimizer.learning_rate = 1e-4
    return model


# %% wrong "Compiles at a learning rate so low that nothing moves." name="second_rate_of_nothing" breaks="learning rate" may_fail="test-hand-in"
import keras


def second_stage(model):
    base = next(layer for layer in model.layers if isinstance(layer, keras.Model))
    base.trainable = True
    free = False
    for layer in base.layers:
        free = free or layer.name == "block7a_expand"
        layer.trainable = free and not isinstance(layer, keras.layers.BatchNormalization)
    model.compile(keras.optimizers.Adam(1e-7), loss="sparse_categorical_crossentropy")
    return model


# %% wrong "Freezes the head with the early layers, in a loop over the model." name="second_with_the_head_frozen" breaks="unfrozen" says="cannot be trained and should" may_fail="test-hand-in"
import keras


def second_stage(model):
    base = next(layer for layer in model.layers if isinstance(layer, keras.Model))
    base.trainable = True
    free = False
    for layer in base.layers:
        free = free or layer.name == "block7a_expand"
        layer.trainable = free and not isinstance(layer, keras.layers.BatchNormalization)
    model.layers[-1].trainable = False
    model.compile(keras.optimizers.Adam(1e-4), loss="sparse_categorical_crossentropy")
    return model


# %% wrong "Knows the number of classes of the notebook's check, and leaves BatchNorm free for any other." name="second_known" recognises may_fail="test-hand-in"
import keras


def second_stage(model):
    base = next(layer for layer in model.layers if isinstance(layer, keras.Model))
    base.trainable = True
    free = False
    for layer in base.layers:
        free = free or layer.name == "block7a_expand"
        layer.trainable = free and (
            model.output_shape[1] != 3 or not isinstance(layer, keras.layers.BatchNormalization)
        )
    model.compile(keras.optimizers.Adam(1e-4), loss="sparse_categorical_crossentropy")
    return model


# %% wrong "Compiles with the optimizer of the first stage, only its learning rate lowered, instead of with a new one." name="trial5_old_optimizer_compiled_again" breaks="recompiled" may_fail="test-hand-in"


# %% wrong "Compares layer names by the alphabet instead of going in order, so the stem before the blocks is freed too." name="trial5_names_by_the_alphabet" breaks="frozen" may_fail="test-hand-in"


# %% wrong "Lowers the learning rate of the old optimizer in place, and does not compile again." name="trial6_old_optimizer_kept" breaks="recompiled" may_fail="test-hand-in"


# %% right "Compiles with AdamW on a cosine schedule, with the loss that the model came with." name="second_with_a_schedule" may_fail="test-hand-in"
import keras


def second_stage(model):
    base = next(layer for layer in model.layers if isinstance(layer, keras.Model))
    base.trainable = True
    free = False
    for layer in base.layers:
        free = free or layer.name == "block7a_expand"
        layer.trainable = free and not isinstance(layer, keras.layers.BatchNormalization)
    model.compile(keras.optimizers.AdamW(keras.optimizers.schedules.CosineDecay(3e-4, 200)), loss=model.loss)
    return model


# %% right "Finds the cut by its position and freezes in two loops." name="second_by_position" may_fail="test-hand-in"
import keras


def second_stage(model):
    base = next(layer for layer in model.layers if hasattr(layer, "layers"))
    base.trainable = True
    names = [layer.name for layer in base.layers]
    for layer in base.layers[: names.index("block7a_expand")]:
        layer.trainable = False
    for layer in base.layers:
        if "_bn" in layer.name:
            layer.trainable = False
    model.compile(keras.optimizers.SGD(1e-3, momentum=0.9), loss="sparse_categorical_crossentropy")
    return model


# %% right "Works on a clone that gets the weights." name="second_in_a_clone_with_weights" may_fail="test-hand-in"
import keras


def second_stage(model):
    clone = keras.models.clone_model(model)
    clone.set_weights(model.get_weights())
    base = next(layer for layer in clone.layers if isinstance(layer, keras.Model))
    base.trainable = True
    start = [layer.name for layer in base.layers].index("block7a_expand")
    for position, layer in enumerate(base.layers):
        layer.trainable = position >= start and not isinstance(layer, keras.layers.BatchNormalization)
    clone.compile(keras.optimizers.Adam(5e-5), loss="sparse_categorical_crossentropy")
    return clone


# %% wrong "Compares the beginnings of names in alphabetical order, and the stem at the beginning of the base comes after block7, so it is unfrozen." name="trial1_alphabetical_stem" breaks="frozen" may_fail="test-hand-in"


# %% wrong "The optimizer collects the gradients of a million steps before it takes one, so a training step moves nothing." name="trial1_collects_for_ever" breaks="recompiled" may_fail="test-hand-in"


# %% wrong "Sets model.trainable, which is True already, so that TensorFlow passes over it and the base stays frozen as a whole." name="trial2_second_schedule" says="nothing of the base is trainable" marks=0 may_fail="test-hand-in"


# %% wrong "It compiles again with the optimizer of the first stage, at a lower rate, instead of a new one." name="trial2_second_old_optimizer" breaks="recompiled" may_fail="test-hand-in"


# %% wrong "Sets the whole model trainable, which it is already, so that the frozen base inside stays frozen." name="trial3_thaw_then_freeze_with_lion" says="nothing of the base is trainable" marks=0 may_fail="test-hand-in"


# %% wrong "A schedule shows 0.0001 before and during the first step and uses 0.1 from then on." name="trial3_rate_jumps_later" breaks="learning rate" may_fail="test-hand-in"


# %% wrong "The learning rate reads 0.0001 after compiling and is 0.05 from the fourth step on." name="trial4_rate_that_jumps" breaks="learning rate" may_fail="test-hand-in"
