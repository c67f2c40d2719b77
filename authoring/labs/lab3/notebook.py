# %% [markdown]
# # Lab 3: One model, end to end
#
# **Goal.** By the end you can freeze exactly the layers that you mean to freeze, verify that they
# did not move, build one model that augments images, preprocesses them and classifies them with a
# frozen base (integrated feature extraction), and compare its cost with that of cached features.
#
# {{header}}
#
# | | |
# |---|---|
# | What you need | lessons 04 and 05 |
# | Network, GPU | neither |
# | Points | {{points}}: {{checked: function}} that are checked automatically ({{checked points}}), {{read: question}} read by a person ({{read points}}) |
#
# **How it works.** As in lab 1. When the lab is marked, the checks run again on models and images
# you have not seen.
#
# - Every exercise stands alone.
# - **Return what you changed.** The grader gets only what your function returns.
# - A `NameError` from a check? The answer cell above it has not been run yet, or the set-up cell
#   has not.
# - The check tests an exercise's **demands** and nothing else.
# - You may import NumPy, SciPy, scikit-learn, scikit-image, pandas, Pillow, Keras, TensorFlow and
#   `course_utils`.
# - A model that you return consists of Keras's own layers (`keras.layers.Pipeline` too), without
#   `Lambda` or classes of your own. When the lab is marked, it is rebuilt in another process.
# - Keep the cells and the file name. Extra cells of your own are fine.
#
# **Handing in.** Submit `lab3.ipynb`. A clone of the course holds the worked solution,
# `solutions/lab3/lab3.ipynb`. (What an instructor hands out may come without it.)

# %% nbgrader="locked" id="version"
import course_utils

print(f"course_utils {course_utils.__version__}")

# %% nbgrader="locked" id="setup"
import time

import keras
import numpy as np

from course_utils import plots
from course_utils.checks import when_ready
from course_utils.evaluate import accuracy_interval
from course_utils.data import load_scenes
from course_utils.models import load_base, preprocess

started = time.perf_counter()
CUT = "block_13_expand_relu"


def fresh_base():
    """MobileNetV2 as ImageNet left it, for scenes of 96 pixels, up to the cut."""
    return load_base("mobilenet_v2", input_shape=(96, 96, 3), cut=CUT)


scenes, unseen = load_scenes("train", per_object=1), load_scenes("test", per_object=2)
base = fresh_base()
print(
    f"{len(scenes)} scenes to train on, {len(unseen)} of other objects to test on; {len(scenes.class_names)} classes"
)
print(f"the base takes {base.input_shape[1:]} and gives {base.output_shape[1:]}: {base.count_params():,} parameters")

# %% [markdown]
# ## Exercise 1: freeze what you mean ({{points}} points)
#
# **Aim.** Write three functions that freeze a base: all of it, everything up to a layer, everything
# but one block.
#
# **Why.** Freezing can fail without a message: a flag on the wrong object, one layer too few, a
# BatchNorm whose statistics move.
#
# In all three functions **BatchNorm stays frozen**. Its moving statistics change in every training
# step, without any gradient, unless the layer's own `trainable` is `False`.
#
# The check uses a small VGG16, which has no BatchNorm, and MobileNetV2, which has many. Some come
# trainable, some frozen.
#
# ### All of it ({{points}} points)
#
# `freeze_all(base)` returns the base with nothing in it trainable.
#
# **Demands**
#
# - *all layers*: no layer is trainable.
# - *BatchNorm*: nor is any BatchNorm layer.
# - *base returned*: you return the whole base, with its own weights.

# %% [markdown]
# <details>
# <summary>A hint</summary>
#
# A model has the attribute `trainable`, as every layer has. Setting it on a model sets it on all
# layers inside. Mind the spelling: Python accepts any attribute, also `trainble`, which does
# nothing.
#
# </details>


# %% nbgrader="answer" id="freeze-all"
def freeze_all(base):
    """Freezes a base.

    Args:
        base: a Keras model.

    Returns:
        keras.Model: the base, with nothing in it trainable.
    """
    ### BEGIN SOLUTION
    base.trainable = False
    return base
    ### END SOLUTION


# %% nbgrader="test" id="test-freeze-all" points=5
from course_utils.checks import lab3

secret = None  # the check that you see; another number when the lab is marked
### BEGIN HIDDEN TESTS
secret = lab3.secret_seed()
### END HIDDEN TESTS
verdict = lab3.freeze_all(freeze_all, seed=secret)
verdict.marks(5)

# %% [markdown]
# ### By name ({{points}} points)
#
# `freeze_up_to(base, name)` returns the base with its first part frozen.
#
# **Demands**
#
# - *up to name*: every layer from the input up to **and including** the layer called `name` is frozen.
# - *after name*: every layer after it is trainable, except BatchNorm, also where the base came frozen.
# - *BatchNorm*: every BatchNorm layer is frozen.
# - *base returned*: you return the whole base, with its own weights.

# %% [markdown]
# <details>
# <summary>A hint</summary>
#
# `base.layers` lists the layers from the input to the output. Go through it with a variable that
# says whether you have passed the layer. `isinstance(layer, keras.layers.BatchNormalization)`
# recognises BatchNorm.
#
# </details>
#
# <details>
# <summary>A trap</summary>
#
# A base that came frozen has `base.trainable` set to `False`. It then has no trainable weights,
# whatever the flags of its layers (lesson 04). So make the whole base trainable first; then freeze.
#
# </details>


# %% nbgrader="answer" id="freeze-up-to"
def freeze_up_to(base, name):
    """Freezes the first part of a base.

    Args:
        base: a Keras model, trainable or frozen.
        name: the last layer to freeze, for example "block3_pool".

    Returns:
        keras.Model: the base; trainable are the layers after that one, but no BatchNorm.
    """
    ### BEGIN SOLUTION
    base.trainable = True
    passed = False
    for layer in base.layers:
        layer.trainable = passed and not isinstance(layer, keras.layers.BatchNormalization)
        if layer.name == name:
            passed = True
    return base
    ### END SOLUTION


# %% nbgrader="test" id="test-freeze-up-to" points=10
from course_utils.checks import lab3

secret = None  # the check that you see; another number when the lab is marked
### BEGIN HIDDEN TESTS
secret = lab3.secret_seed()
### END HIDDEN TESTS
verdict = lab3.freeze_up_to(freeze_up_to, seed=secret)
verdict.marks(10)

# %% [markdown]
# ### By block ({{points}} points)
#
# `train_only(base, block)` returns the base with one block trainable. A layer belongs to a block if
# its name begins with the block's name and an underscore: `block5_conv1` belongs to `block5`.
#
# Our MobileNetV2 has blocks called `block_1`, `block_2`, … `block_13`. Before you write the
# function: which of their layers have a name that begins with `block_1`?
#
# **Demands**
#
# - *the block*: every layer of the block is trainable, except BatchNorm, also where the base came frozen.
# - *the rest*: every other layer is frozen.
# - *BatchNorm*: every BatchNorm layer is frozen.
# - *base returned*: you return the whole base, with its own weights.

# %% [markdown]
# <details>
# <summary>A hint</summary>
#
# `layer.name.startswith(…)` tells how a name begins. Do not forget the underscore.
#
# </details>


# %% nbgrader="answer" id="train-only"
def train_only(base, block):
    """Makes one block of a base trainable, and nothing else.

    Args:
        base: a Keras model, trainable or frozen.
        block: the block's name, for example "block5" or "block_1".

    Returns:
        keras.Model: the base; trainable are the layers of the block, but no BatchNorm.
    """
    ### BEGIN SOLUTION
    base.trainable = True
    for layer in base.layers:
        inside = layer.name.startswith(block + "_")
        layer.trainable = inside and not isinstance(layer, keras.layers.BatchNormalization)
    return base
    ### END SOLUTION


# %% nbgrader="test" id="test-train-only" points=10
from course_utils.checks import lab3

secret = None  # the check that you see; another number when the lab is marked
### BEGIN HIDDEN TESTS
secret = lab3.secret_seed()
### END HIDDEN TESTS
verdict = lab3.train_only(train_only, seed=secret)
verdict.marks(10)

# %% [markdown]
# Predict before you count the trainable parameters: which hold more of MobileNetV2's parameters,
# the four blocks after `block_9_add`, or all those before?
#
# **What you should see:** three lines of counts, then a strip with a box for each block, the input
# on the left. The boxes up to `block_9` are pale (frozen), those after it dotted (partly
# trainable). None is hatched (wholly trainable).

# %%
with when_ready("exercise 1"):
    for title, chosen in {
        "freeze_all(base)": lambda: freeze_all(base),
        'freeze_up_to(base, "block_9_add")': lambda: freeze_up_to(base, "block_9_add"),
        'train_only(base, "block_1")': lambda: train_only(base, "block_1"),
    }.items():
        chosen()
        trainable = sum(int(np.prod(weight.shape)) for weight in base.trainable_weights)
        print(f"{title:38} {trainable:>9,} of {base.count_params():,} parameters are trainable")
    plots.network_strip(freeze_up_to(base, "block_9_add"), title='After freeze_up_to(base, "block_9_add")')

# %% [markdown]
# **What to notice.** The last few blocks hold more parameters than all those before them, because
# layers grow wider. So the *place* where you begin to train decides how many parameters your few
# images have to determine. The dotted blocks are partly trainable because BatchNorm is frozen. With
# a name that the base does not have, your function may freeze everything, and no message appears.

# %% [markdown]
# ## Exercise 2: what moved? ({{points}} points)
#
# **Aim.** Write `what_moved(before, after)`. It compares two models with the same layers, in the
# same order. It says in which layers the trained weights differ, and in which the BatchNorm
# statistics do.
#
# **Why.** A summary prints flags. Only the weights show what a training changed. Often a base keeps
# its weights while its BatchNorm statistics move.
#
# **Demands**
#
# - *two lists*: a dictionary `{"weights": […], "statistics": […]}` of layers' names, each name once in a list, in any order.
#   Both are empty where nothing differs.
# - *weights*: the first list names each layer of which any trained weight differs: kernel, bias, BatchNorm's `gamma` or `beta`.
# - *statistics*: the second list names each layer of which `moving_mean` or `moving_variance` differs. A layer may be in both.
# - *smallest difference*: a difference in the last bit of one number counts.
# - *frozen layers*: layers that are frozen now are compared as well.

# %% [markdown]
# <details>
# <summary>A hint for walking through both</summary>
#
# `zip(before.layers, after.layers)` pairs the layers, and `zip(old.weights, new.weights)` the
# weights of a pair. `np.asarray(weight)` or `weight.numpy()` turns a weight into an array.
#
# </details>
#
# <details>
# <summary>A hint for the statistics</summary>
#
# Every weight has a `name`. BatchNorm's four are `gamma`, `beta`, `moving_mean` and
# `moving_variance`. The first two are trained, the last two are statistics.
#
# </details>


# %% nbgrader="answer" id="what-moved"
def what_moved(before, after):
    """Compares two states of a model.

    Args:
        before: a Keras model.
        after: a Keras model with the same layers.

    Returns:
        dict: "weights" -> list of the names of layers whose trained weights differ,
        "statistics" -> list of the names of layers whose BatchNorm statistics differ.
    """
    ### BEGIN SOLUTION
    moved = {"weights": [], "statistics": []}
    for old, new in zip(before.layers, after.layers, strict=True):
        for one, other in zip(old.weights, new.weights, strict=True):
            kind = "statistics" if one.name.startswith("moving_") else "weights"
            if not np.array_equal(one.numpy(), other.numpy()) and new.name not in moved[kind]:
                moved[kind].append(new.name)
    return moved
    ### END SOLUTION


# %% nbgrader="test" id="test-what-moved" points=15
from course_utils.checks import lab3

secret = None  # the check that you see; another number when the lab is marked
### BEGIN HIDDEN TESTS
secret = lab3.secret_seed()
### END HIDDEN TESTS
verdict = lab3.what_moved(what_moved, seed=secret)
verdict.marks(15)

# %% [markdown]
# The next cell calls a base of three convolutions with `training=False`, which is often recommended
# to keep the statistics of BatchNorm. It trains the model for one epoch, first with BatchNorm
# trainable, then with BatchNorm frozen. The convolutions are frozen both times. What moves the
# first time: nothing, the weights, the statistics, or both?

# %%
with when_ready("exercise 2"):
    keras.utils.set_random_seed(0)
    layers = keras.layers
    small_base = keras.Sequential([keras.Input((96, 96, 3))], name="small_base")
    for number in range(1, 4):
        small_base.add(layers.Conv2D(8, 3, strides=2, name=f"block{number}_conv"))
        small_base.add(layers.BatchNormalization(name=f"block{number}_bn"))
    for freeze_norms in [False, True]:
        for layer in small_base.layers:
            layer.trainable = isinstance(layer, layers.BatchNormalization) and not freeze_norms
        images = keras.Input((96, 96, 3))
        tensor = layers.Flatten()(small_base(images, training=False))
        small_model = keras.Model(images, layers.Dense(6, activation="softmax")(tensor))
        was = keras.models.clone_model(small_base)
        was.set_weights(small_base.get_weights())
        small_model.compile(optimizer="sgd", loss="sparse_categorical_crossentropy")
        small_model.fit(scenes.images[:64] / 255, scenes.labels[:64], verbose=0)
        moved = what_moved(was, small_base)
        print(f"BatchNorm's own trainable {not freeze_norms!s:5}  weights moved in {moved['weights'] or 'no layer'}")
        print(f"{'':32} statistics moved in {moved['statistics'] or 'no layer'}")

# %% [markdown]
# **What to notice.** `training=False` in the call did not keep the statistics: in `fit`, each
# BatchNorm layer's own `trainable` decides. That is why your functions of exercise 1 freeze
# BatchNorm.

# %% [markdown]
# ## Exercise 3: everything in one model ({{points}} points)
#
# **Aim.** Write `build_model(base, classes)`. It returns one untrained model from pixels to
# probabilities, with augmentation and with the frozen base inside.
#
# **Why.** With cached features, users of the head have to remember the preprocessing and the base.
# One model contains both. Every image passes the base in every epoch, so every epoch can show a new
# version of it.
#
# Do not compile or train the model: that is exercise 4.
#
# **Demands**
#
# - *input*: the model takes `(None, 96, 96, 3)`, pixels from 0 to 255.
# - *augmentation*: in training the base receives another version of an image each time, changed as an image (by flips,
#   rotations, zooms, light, …) and in the range of values that it has in prediction. Dropout and noise alone are not enough.
#   Outside training nothing is random.
# - *preprocessing*: the base receives what MobileNetV2 was trained with: −1 to 1.
# - *base weights*: the whole base is inside, with the weights that it came with.
# - *frozen base*: nothing in the base is trainable, and a training step moves nothing in it.
# - *trainable head*: a training step moves the layers after the base.
# - *probabilities*: it ends in `classes` probabilities.

# %% [markdown]
# <details>
# <summary>A hint for the order</summary>
#
# A `keras.Sequential` takes a list of layers, and a base is a layer like any other.
# `keras.layers.Rescaling(scale, offset=…)` computes `x * scale + offset`. Which scale and offset
# turn 0 into −1 and 255 into 1? Layers that change light or contrast expect pixels from 0 to 255:
# put them before the preprocessing.
#
# </details>
#
# <details>
# <summary>A hint for the augmentation</summary>
#
# `RandomFlip`, `RandomRotation`, `RandomZoom` and similar layers are active in `fit` and inactive
# in `predict` and `evaluate`.
#
# </details>
#
# <details>
# <summary>A hint for the head</summary>
#
# The base ends in a map of 6 × 6 with 576 channels. `GlobalAveragePooling2D()` turns it into a
# vector, `Flatten()` into a longer one. Then comes `Dense(classes, activation="softmax")`.
#
# </details>


# %% nbgrader="answer" id="build-model"
def build_model(base, classes):
    """Builds one model from pixels to probabilities, with a frozen base inside.

    Args:
        base: MobileNetV2, cut, for preprocessed images (96, 96, 3).
        classes: how many classes.

    Returns:
        keras.Model: from images (N, 96, 96, 3), pixels 0 to 255, to probabilities (N, classes).
    """
    ### BEGIN SOLUTION
    base.trainable = False
    return keras.Sequential(
        [
            keras.Input(base.input_shape[1:]),
            keras.layers.RandomFlip("horizontal"),
            keras.layers.RandomRotation(0.05),
            keras.layers.RandomZoom(0.1),
            keras.layers.Rescaling(1 / 127.5, offset=-1),
            base,
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(classes, activation="softmax"),
        ]
    )
    ### END SOLUTION


# %% nbgrader="test" id="test-build-model" points=20
from course_utils.checks import lab3

secret = None  # the check that you see; another number when the lab is marked
### BEGIN HIDDEN TESTS
secret = lab3.secret_seed()
### END HIDDEN TESTS
verdict = lab3.build_model(build_model, seed=secret)
verdict.marks(20)

# %% [markdown]
# Augmented images that were drawn outside a model do not show that the model augments. The next
# cell shows what *reaches the base* inside your model.
#
# **What you should see:** a table of your model's layers, then one scene in two rows of five.
# Above, outside training, all five are the same. Below, in training, each is another version.

# %%
with when_ready("exercise 3"):
    from course_utils.checks.common.augmentation import entering

    looked_for = fresh_base()
    built = build_model(fresh_base(), len(scenes.class_names))
    same = np.repeat(scenes.images[:1], 5, axis=0)
    rows = [entering(built, looked_for, same, training=training) for training in (False, True)]
    plots.image_grid(
        [(image + 1) / 2 for row in rows for image in np.clip(row, -1, 1)],
        columns=5,
        title="one scene, five times, as it reaches the base; above: outside training; below: in training",
        alt="One scene five times in two rows, as it reaches the base. Outside training all five are the same; in "
        "training each is another version of it, turned, shifted or mirrored as your augmentation does.",
    )
    built.summary()

# %% [markdown]
# **What to notice.** The table says how many parameters are trainable: the head's.

# %% [markdown]
# ## Exercise 4: train it ({{points}} points)
#
# **Aim.** Write `train(model, images, labels)`. It compiles a model such as yours, trains it, and
# returns it.
#
# **Why.** Even the training of a head can go wrong: a learning rate too low, too few epochs, images
# preprocessed twice, or a base that became trainable.
#
# The model is built as in exercise 3. The check gives your function 190 scenes, two of each object,
# with the classes numbered in an order of its own. It evaluates the model on scenes of other
# objects. The training should take well under half a minute.
#
# **Demands**
#
# - *accuracy*: more than half of the unseen scenes are classified correctly (when the lab is marked, more than 42 % of scenes of
#   the test objects), among them at least one scene of at least three of the six classes.
# - *base weights*: not one bit of the base has moved, BatchNorm's statistics included.
# - *frozen base*: nothing in the base is trainable afterwards.
# - *whole model*: you return the model with its augmentation and its preprocessing.

# %% [markdown]
# <details>
# <summary>A hint for compile</summary>
#
# Labels are integers, so the loss is `"sparse_categorical_crossentropy"`. The usual learning rate
# of Adam, 0.001, is low for a head alone. Ten times as much is fine: `keras.optimizers.Adam(0.01)`.
#
# </details>
#
# <details>
# <summary>A hint for fit</summary>
#
# Eight to twelve epochs will do. `verbose=2` prints one line per epoch, which helps to find a
# mistake.
#
# </details>
#
# <details>
# <summary>Why does it take so long to begin?</summary>
#
# Under TensorFlow, `fit` compiles its step into a graph. Adam creates its variables in the middle
# of that, and `fit` starts again. A metric given by its name, such as `"accuracy"`, does the same.
# Without one, and with `model.optimizer.build(model.trainable_variables)` after `compile`, the
# graph is made once. (Set `trainable` before that line.)
#
# </details>


# %% nbgrader="answer" id="train"
def train(model, images, labels):
    """Trains the head of a model whose base is frozen.

    Args:
        model: from pixels to probabilities, as in exercise 3.
        images: uint8 array (N, 96, 96, 3).
        labels: integer array (N,).

    Returns:
        keras.Model: the model, trained.
    """
    ### BEGIN SOLUTION
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
    # Adam's variables, made before `fit` asks for them: else it builds its training step twice.
    model.optimizer.build(model.trainable_variables)
    model.fit(images, labels, epochs=8, batch_size=32, verbose=0)
    return model
    ### END SOLUTION


# %% nbgrader="test" id="test-train" points=10
from course_utils.checks import lab3

secret = None  # the check that you see; another number when the lab is marked
### BEGIN HIDDEN TESTS
secret = lab3.secret_seed()
### END HIDDEN TESTS
verdict = lab3.train(train, seed=secret)
verdict.marks(10)

# %% [markdown]
# The next cell trains your own model and compares its base before and after.

# %%
with when_ready("exercises 2, 3 and 4"):
    keras.utils.set_random_seed(1)
    base = fresh_base()
    model = build_model(base, len(scenes.class_names))
    clock = time.perf_counter()
    model = train(model, scenes.images, scenes.labels)
    print(f"trained in {time.perf_counter() - clock:.0f} s")
    moved = what_moved(fresh_base(), base)
    print(f"of the base, weights moved in {len(moved['weights'])} layers and statistics in {len(moved['statistics'])}")
    # In one batch: for a last batch of another size `predict` would build its step a second time.
    likely = model.predict(unseen.images, batch_size=len(unseen), verbose=0)
    right_integrated = likely.argmax(axis=1) == unseen.labels
    value, low, high = accuracy_interval(right_integrated, unseen.groups)
    print(f"right on {value:.0%} of unseen scenes, 90 % confidence interval {low:.0%} to {high:.0%}")
    print(f"majority-class baseline: {unseen.majority_share:.0%}")

# %% [markdown]
# **What to notice.** The confidence interval is wide: the scenes show few objects, and scenes of
# one object are right or wrong together.

# %% [markdown]
# ## Exercise 5: augmented copies, cached ({{points}} points)
#
# **Aim.** Write `augmented_copies(base, images, labels, copies, seed)`. It makes several augmented
# copies of every image, runs each through the base once, and returns `(images, features, labels)`
# of all copies.
#
# **Why.** Cached features rule out only *endless* augmentation. You can cache the features of three
# or ten augmented copies of every image. The base runs that many times instead of once per epoch.
#
# **Demands**
#
# - *three arrays*: `images`, `features` and `labels` have one row for each copy: `copies × N` rows, in any order.
# - *every image*: each image is there `copies` times, as pixels from 0 to 255, before preprocessing. Flip, rotate,
#   zoom, shift or change the light, but keep the colours.
# - *all different*: no two copies of an image are alike. Flips alone know only two.
# - *labels*: each row's label is that of its image.
# - *features*: each row's features are what `base` gives for that row's image, preprocessed for MobileNetV2.
# - *seed*: the same `seed` gives the same copies again, and another seed others.

# %% [markdown]
# <details>
# <summary>A hint for the copies</summary>
#
# `augment = keras.Sequential([...])` of random layers can be called on a whole batch of `float32`
# pixels: `augment(batch, training=True)`. (Its `predict` would augment nothing.) Call it once per
# copy and join with `np.concatenate`.
#
# </details>
#
# <details>
# <summary>A hint for the seed</summary>
#
# Every random layer takes an argument `seed`. Make the layers once, outside the loop: a layer that
# is made again with the same seed draws the same numbers again.
#
# </details>
#
# <details>
# <summary>A hint for the labels</summary>
#
# `np.tile([1, 2], 2)` is `[1, 2, 1, 2]` and `np.repeat([1, 2], 2)` is `[1, 1, 2, 2]`. Which one
# goes with the order of your images?
#
# </details>


# %% nbgrader="answer" id="augmented-copies"
def augmented_copies(base, images, labels, copies, seed):
    """Runs several augmented copies of every image through a base, once.

    Args:
        base: a Keras model from images preprocessed for MobileNetV2 to features (N, channels).
        images: uint8 array (N, 96, 96, 3).
        labels: array (N,).
        copies: how many copies of every image.
        seed: what the random numbers start from.

    Returns:
        images (copies * N, 96, 96, 3) with pixels 0 to 255, features (copies * N, channels), labels (copies * N,).
    """
    ### BEGIN SOLUTION
    augment = keras.Sequential(
        [
            keras.layers.RandomFlip("horizontal", seed=seed),
            keras.layers.RandomRotation(0.05, seed=seed + 1),
            keras.layers.RandomZoom(0.1, seed=seed + 2),
        ]
    )
    batch = images.astype("float32")
    augmented = np.concatenate([np.asarray(augment(batch, training=True)) for _ in range(copies)])
    features = base.predict(preprocess("mobilenet_v2", augmented), verbose=0)
    return augmented, features, np.tile(labels, copies)
    ### END SOLUTION


# %% nbgrader="test" id="test-augmented-copies" points=15
from course_utils.checks import lab3

secret = None  # the check that you see; another number when the lab is marked
### BEGIN HIDDEN TESTS
secret = lab3.secret_seed()
### END HIDDEN TESTS
verdict = lab3.augmented_copies(augmented_copies, seed=secret)
verdict.marks(15)

# %% [markdown]
# **What you should see:** twelve images in rows of four, in the order that your function returned:
# three copies of each of four scenes. Each is a little rotated, shifted or zoomed, has kept its
# colours, and has its class above it.

# %%
with when_ready("exercise 5"):
    pooled = load_base("mobilenet_v2", input_shape=(96, 96, 3), cut=CUT, pooling="avg")
    images, _, labels = augmented_copies(pooled, scenes.images[:4], scenes.labels[:4], 3, seed=0)
    plots.image_grid(
        np.clip(images, 0, 255),
        titles=[scenes.class_names[label] for label in labels],
        columns=4,
        title="what you cached: every row of your arrays",
        alt="Twelve augmented images, three copies of each of four scenes, with the label of each above it: "
        + ", ".join(scenes.class_names[label] for label in labels),
    )

# %% [markdown]
# **What to notice.** Does every image carry the label of what it shows? A head that is trained on
# wrong labels learns nothing, and no message says so.

# %% [markdown]
# ## Question: what does each method cost, and when does it pay? ({{points}} points)
#
# The next cell times three things: an epoch of integrated feature extraction, the extraction of one
# copy of every scene, and an epoch of a head on cached features. Predict: after how many epochs is
# it cheaper to have cached four copies?
#
# **What you should see:** three lines of seconds, then three rising lines over the number of
# epochs. The integrated model's line starts at zero, the others at the seconds of their extraction.
# A star marks where one of them meets the integrated model's line within 20 epochs.

# %%
with when_ready("exercises 3 and 5"):
    model = build_model(fresh_base(), len(scenes.class_names))
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
    model.optimizer.build(model.trainable_variables)  # a shorter wait: exercise 4, last hint
    # Building the graph is not the question; 63 images make a whole batch and a last one of 31, as the 95 scenes do.
    model.fit(scenes.images[:63], scenes.labels[:63], verbose=0)
    clock = time.perf_counter()
    model.fit(scenes.images, scenes.labels, verbose=0)
    epoch_integrated = time.perf_counter() - clock

    augmented_copies(pooled, scenes.images[:60], scenes.labels[:60], 1, 0)  # 32 and 28, as four copies of 95 scenes end
    clock = time.perf_counter()
    _, features, labels = augmented_copies(pooled, scenes.images, scenes.labels, 4, 0)
    one_copy = (time.perf_counter() - clock) / 4

    def new_head():
        """The head alone, for features."""
        head = keras.Sequential([keras.Input(features.shape[1:]), keras.layers.Dense(6, activation="softmax")])
        head.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
        head.optimizer.build(head.trainable_variables)  # as above
        return head

    head = new_head()
    head.fit(features[:63], labels[:63], verbose=0)
    clock = time.perf_counter()
    head.fit(features[: len(scenes)], labels[: len(scenes)], epochs=5, verbose=0)
    epoch_cached = (time.perf_counter() - clock) / 5
    print(f"integrated: one epoch over {len(scenes)} scenes    {epoch_integrated:7.2f} s")
    print(f"extraction: one copy of each of them       {one_copy:7.2f} s, once")
    print(f"cached features: one epoch over one copy   {epoch_cached:7.2f} s")

    epochs = np.arange(0, 21)
    plots.break_even(
        epochs,
        {
            "4 copies, cached": 4 * one_copy + epochs * epoch_cached,
            "integrated": epochs * epoch_integrated,
            "1 copy, cached": one_copy + epochs * epoch_cached,
        },
        title=f"Training the head on {len(scenes)} scenes",
    )

# %% [markdown]
# The next cell trains a head on one cached copy and on four, with equally many steps, and compares
# their accuracies with that of your model of exercise 4.
#
# **What you should see:** a bar for the integrated model and for each number of cached copies, with
# a black line for each confidence interval, and a dashed line for the majority-class baseline.

# %%
with when_ready("exercises 4 and 5"):
    keras.utils.set_random_seed(2)
    saved = pooled.predict(preprocess("mobilenet_v2", unseen.images), verbose=0)
    results = {"integrated": accuracy_interval(right_integrated, unseen.groups)}
    for copies in [1, 4]:
        head, rows = new_head(), copies * len(scenes)
        head.fit(features[:rows], labels[:rows], epochs=8 // copies, verbose=0)
        right = head.predict(saved, verbose=0).argmax(axis=1) == unseen.labels
        results[f"{copies} {'copies' if copies > 1 else 'copy'}, cached"] = accuracy_interval(right, unseen.groups)
    plots.accuracy_bars(
        results,
        reference={"majority class": unseen.majority_share},
        title="On scenes of other objects, with 90 % intervals",
    )

# %% [markdown] nbgrader="locked" id="question-text"
# Use your own numbers from the cells above. In eight to fifteen sentences:
#
# 1. Write two formulas: the cost of *E* epochs of integrated feature extraction, and the cost with
#    *K* cached copies. From them, at how many epochs do four cached copies and the integrated model
#    cost the same on your machine? At how many does one copy? Do the stars in your figure agree?
# 2. Name one thing that moves the break-even to more epochs and one that moves it to fewer, with
#    the term of your formulas that each changes.
# 3. Do your accuracies show that augmentation, in either form, made the model better? Say how you
#    read it from the intervals, and what would make you surer.
# 4. Which method would you choose (a) to try fifty kinds of heads and learning rates, (b) to let
#    every epoch show new versions of the images and fine-tune the base afterwards? Give one reason
#    each.
#
# ### BEGIN MARK SCHEME
# | Points | for |
# |---|---|
# | 3 | both formulas: integrated *E* · t_B; cached *K* · t_copy + *E* · t_head (if *E* counts epochs over all copies, *K* · t_copy + *E* · *K* · t_head is as good); 1 if one of them is right |
# | 3 | the break-even worked out from the own numbers, *K* · t_copy / (t_B − t_head), for four copies (2) and for one (1), agreeing with the figure within its reading; where the curves do not cross, saying so and why |
# | 3 | one thing that moves it to more epochs (more copies; extraction slower than training passes, say by reading files; a costlier head) and one to fewer (larger images or a heavier base only while t_B grows more than t_copy; cheaper extraction, such as bfloat16 or saving at half precision), each tied to a term; a thing that scales both alike, such as a GPU for both, recognised as moving little: full points |
# | 3 | the intervals are read, overlapping ones as "inconclusive" (2), with a way to be surer: more objects rather than more scenes, several seeds or splits, a paired comparison (1). "The integrated model is higher, so it is better" earns 0 |
# | 3 | (a) cached features, since the base runs no more (1.5); (b) integrated, since new versions need the base in every epoch, and since features of a base that changes are stale (1.5) |
#
# Seconds and accuracies differ between machines and drawings: mark the reading, not the numbers. If an exercise did not work and
# there are no figures, formulas and arguments earn their points all the same.
# ### END MARK SCHEME

# %% [markdown] nbgrader="manual" id="question-modes" points=15
# ### BEGIN SOLUTION
# In integrated feature extraction every epoch runs every scene through the base, so *E* epochs cost *E* · t_B. With *K* cached copies the base runs
# *K* times over the scenes, once and for all, and each epoch only trains the head: *K* · t_copy + *E* · t_head, if an
# epoch goes over as many rows as there are scenes. They are equal at *E* = *K* · t_copy / (t_B − t_head). With the three numbers that the
# cell prints, the result for *K* = 4 is where the later star stands; with one copy it is a quarter of that, the earlier star. If a pass of extraction
# cost as much as an epoch of the integrated model, *K* copies would pay after about *K* epochs. They pay sooner where the integrated model has more to do for
# each image: it augments and preprocesses in every epoch, and works out gradients.
#
# More copies move it to more epochs, since the term *K* · t_copy grows. Cheaper extraction, for instance in bfloat16, moves it to
# fewer, since t_copy shrinks while t_B stays. A base or a machine that makes both t_copy and t_B larger or smaller by the same factor
# moves it little.
#
# The three intervals overlap, so whether augmentation helped is inconclusive. The three models saw the same scenes, so
# I would compare them in pairs, image by image; and I would need more different objects, not more scenes of the same ones, and
# several seeds, since one training is one draw.
#
# (a) Cached features: after the extraction each of the fifty heads costs seconds. (b) Integrated: new versions in every epoch
# have to pass the base in every epoch, and once the base itself changes, cached features are those of a base that no longer
# exists.
# ### END SOLUTION

# %% [markdown]
# ## Before you hand in
#
# Choose *Kernel → Restart Kernel and Run All Cells*, look at the verdicts, save, and submit. The
# next cell prints what this notebook has cost.

# %% nbgrader="locked" id="cost"
import psutil

memory = psutil.Process().memory_info().rss / 1e9
print(f"{time.perf_counter() - started:.0f} seconds since the set-up cell ran; {memory:.1f} GB of memory in use now")
