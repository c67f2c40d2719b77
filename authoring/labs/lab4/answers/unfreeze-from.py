# %% wrong "Leaves BatchNorm trainable, trusting that training=False would save it." name="unfreeze_batchnorm_too" breaks="BatchNorm" says="BatchNorm layers, which are to stay frozen" may_fail="test-fine-tune"
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


# %% wrong "Unfreezes the whole base but for BatchNorm, whatever first says." name="unfreeze_everything" breaks="frozen" says="can be trained" may_fail="test-fine-tune"
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


# %% wrong "Returns the base as it came." name="unfreeze_nothing_at_all" says="nothing is trainable" marks=0 may_fail="test-fine-tune"
def unfreeze_from(base, first):
    return base


# %% wrong "Starts with the layer after the one that was named." name="unfreeze_one_layer_late" breaks="unfrozen" says="itself is to be trained too" may_fail="test-fine-tune"
import keras


def unfreeze_from(base, first):
    base.trainable = True
    reached = False
    for layer in base.layers:
        layer.trainable = reached and not isinstance(layer, keras.layers.BatchNormalization)
        if layer.name == first:
            reached = True
    return base


# %% wrong "Changes the base in place and forgets to return it." name="unfreeze_returns_nothing" says="return base" marks=0 may_fail="test-fine-tune"
import keras


def unfreeze_from(base, first):
    base.trainable = True
    reached = False
    for layer in base.layers:
        reached = reached or layer.name == first
        layer.trainable = reached and not isinstance(layer, keras.layers.BatchNormalization)


# %% wrong "Works on a clone, which begins with other weights." name="unfreeze_in_a_clone_without_weights" breaks="weights kept" says="expected only flags to change" may_fail="test-fine-tune"
import keras


def unfreeze_from(base, first):
    base = keras.models.clone_model(base)
    base.trainable = True
    names = [layer.name for layer in base.layers]
    for layer in base.layers:
        late = names.index(layer.name) >= names.index(first)
        layer.trainable = late and not isinstance(layer, keras.layers.BatchNormalization)
    return base


# %% wrong "Knows the small bases of the notebook's check, and unfreezes BatchNorm in others." name="unfreeze_known" recognises may_fail="test-fine-tune"
import keras


def unfreeze_from(base, first):
    known = base.count_params() in (14714688, 4916, 7033) or (first, base.count_params()) == ("block_10_expand", 616256)
    base.trainable, reached = True, False
    for layer in base.layers:
        reached = reached or layer.name == first
        layer.trainable = reached and not (known and isinstance(layer, keras.layers.BatchNormalization))
    return base


# %% wrong "Freezes scale and shift of the upper BatchNorm layers variable by variable and leaves the layers trainable, so their statistics go on moving." name="trial5_batchnorm_by_variable" breaks="BatchNorm" may_fail="test-fine-tune"


# %% wrong "Gives the layers that it unfreezes new random weights, as if they were to be trained from scratch." name="trial5_unfrozen_layers_restarted" breaks="weights kept" may_fail="test-fine-tune"


# %% right "Finds the layer's position first, freezes below it, and BatchNorm in a second loop." name="unfreeze_by_position" may_fail="test-fine-tune"
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


# %% right "Goes backwards from the end of the base." name="unfreeze_backwards" may_fail="test-fine-tune"
import keras


def unfreeze_from(base, first):
    base.trainable = True
    free = True
    for layer in base.layers[::-1]:
        layer.trainable = free and not isinstance(layer, keras.layers.BatchNormalization)
        free = free and layer.name != first
    return base


# %% right "Makes a set of the late layers, and knows BatchNorm by the name of its class." name="unfreeze_with_a_set" may_fail="test-fine-tune"
from itertools import dropwhile


def unfreeze_from(base, first):
    late = {id(layer) for layer in dropwhile(lambda layer: layer.name != first, base.layers)}
    base.trainable = True
    for layer in base.layers:
        layer.trainable = id(layer) in late and "BatchNorm" not in type(layer).__name__
    return base


# %% wrong "BatchNorm is recognised by the letters bn in a layer's name, so a layer called batch_normalization is unfrozen with the rest." name="trial1_norm_by_its_name" breaks="BatchNorm" may_fail="test-fine-tune"


# %% wrong "Recognises BatchNorm by BN in a layer's name, which misses the layers that are called otherwise." name="trial2_unfreeze_bn_by_name" breaks="BatchNorm" may_fail="test-fine-tune"


# %% wrong "Sets everything rightly, then rounds the weights of the frozen layers to three decimals." name="trial2_unfreeze_rounds_the_frozen" breaks="weights kept" may_fail="test-fine-tune"


# %% wrong "From the first layer on, each BatchNorm stays switched on with its gamma and beta switched off: it lists no trainable weight, but its statistics move." name="trial3_unfreeze_norm_statistics" breaks="BatchNorm" may_fail="test-fine-tune"


# %% wrong "It works on a copy so that the caller keeps the original, but clone_model copies the layers with new random weights." name="trial3_unfreeze_fresh_copy" breaks="weights kept" may_fail="test-fine-tune"


# %% wrong "Sets all flags as it should, and then moves one number of the base's last weight by its last bit." name="trial4_last_bit_of_last_weight" breaks="weights kept" may_fail="test-fine-tune"
