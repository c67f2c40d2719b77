# %% wrong "Leaves BatchNorm trainable, trusting that training=False would save it." name="unfreeze_batchnorm_too" breaks="BatchNorm kept frozen" says="BatchNorm layers, which are to stay frozen" may_fail="test-fine-tune"
def unfreeze_from(base, first):
    base.trainable = True
    for layer in base.layers:
        if layer.name == first:
            break
        layer.trainable = False
    return base


# %% wrong "Unfreezes what is called block5, as VGG16's last block is." name="unfreeze_block_five_by_name" may_fail="test-fine-tune"
import keras


def unfreeze_from(base, first):
    base.trainable = True
    for layer in base.layers:
        norm = isinstance(layer, keras.layers.BatchNormalization)
        layer.trainable = layer.name.startswith("block5") and not norm
    return base


# %% wrong "Unfreezes the whole base but for BatchNorm, whatever first says." name="unfreeze_everything" breaks="what comes before stays frozen" says="can be trained" may_fail="test-fine-tune"
import keras


def unfreeze_from(base, first):
    base.trainable = True
    for layer in base.layers:
        layer.trainable = not isinstance(layer, keras.layers.BatchNormalization)
    return base


# %% wrong "Sets the layers' flags while the base itself stays frozen, so nothing is trainable." name="unfreeze_inside_a_frozen_model" says="base.trainable = True comes first" may_fail="test-fine-tune"
import keras


def unfreeze_from(base, first):
    reached = False
    for layer in base.layers:
        reached = reached or layer.name == first
        layer.trainable = reached and not isinstance(layer, keras.layers.BatchNormalization)
    return base


# %% wrong "Returns the base as it came." name="unfreeze_nothing_at_all" breaks="the top is unfrozen" says="nothing is trainable" marks=0 may_fail="test-fine-tune"
def unfreeze_from(base, first):
    return base


# %% wrong "Starts with the layer after the one that was named." name="unfreeze_one_layer_late" breaks="the layer itself is unfrozen too" says="itself is to be trained too" may_fail="test-fine-tune"
import keras


def unfreeze_from(base, first):
    base.trainable = True
    reached = False
    for layer in base.layers:
        layer.trainable = reached and not isinstance(layer, keras.layers.BatchNormalization)
        if layer.name == first:
            reached = True
    return base


# %% wrong "Changes the base in place and forgets to return it." name="unfreeze_returns_nothing" breaks="the base is returned" says="return base" marks=0 may_fail="test-fine-tune"
import keras


def unfreeze_from(base, first):
    base.trainable = True
    reached = False
    for layer in base.layers:
        reached = reached or layer.name == first
        layer.trainable = reached and not isinstance(layer, keras.layers.BatchNormalization)


# %% right "Finds the layer's position first, freezes below it, and BatchNorm in a second loop." name="unfreeze_by_position"
import keras


def unfreeze_from(base, first):
    start = [layer.name for layer in base.layers].index(first)
    base.trainable = True
    for layer in base.layers[:start]:
        layer.trainable = False
    for layer in base.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False
    return base
