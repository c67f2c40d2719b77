# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 4 · Freezing and unfreezing
#
# **Goal.** You will freeze exactly the part of a network that you mean to freeze, and
# prove after training that nothing else changed.
#
# {{header}}
#
# Afterwards you can
#
# - freeze and unfreeze a whole base, a block or a single layer, by name;
# - predict the number of trainable parameters, and check it;
# - say when `compile` must follow, and what happens when it is forgotten;
# - prove which weights a training changed;
# - keep the statistics of BatchNorm layers from changing in fine-tuning.

# %% [markdown]
# ## 1. Why freeze at all?
#
# The weights of a pretrained base were found on more than a million images. You put a new
# head on the base, and the head starts with random weights. Its first errors are large,
# and so are the [gradients](GLOSSARY.md#gradient) that it sends back into the base. If
# the base is trainable, those gradients change it before the head has learned anything.
#
# **[Freezing](GLOSSARY.md#freezing)** a layer means that training does not change its
# weights. Freezing has two benefits:
#
# - it protects what the base has learned;
# - it saves work, because frozen layers next to the input need no gradients.
#
# Keras does not warn you when you freeze the wrong part. The loss may fall all the same.
# So this lesson measures what each step changes. It starts with VGG16 and a head for our
# six classes, built with the functional API.

# %%
from course_utils import data, inspect, plots, widgets
from course_utils.models import weights_file

import keras
import numpy as np
import pandas as pd

keras.utils.set_random_seed(0)

# Few and small images: this lesson is about what changes, not about accuracy.
small = data.load_scenes("train", size=48).take(np.arange(64))
labels = small.labels
images = keras.applications.vgg16.preprocess_input(small.images.astype("float32"))

vgg = keras.applications.VGG16(
    weights=weights_file("vgg16"), include_top=False, input_shape=(48, 48, 3)
)
inputs = keras.Input((48, 48, 3))
x = vgg(inputs)
x = keras.layers.GlobalAveragePooling2D()(x)
outputs = keras.layers.Dense(6, activation="softmax", name="head")(x)
model = keras.Model(inputs, outputs)
model.summary(line_length=68, show_trainable=True)

# %%
inspect.trainable_table(model, by="block")

# %% [markdown]
# (Online, `weights="imagenet"` does the same as `weights=weights_file("vgg16")`.)
#
# The last column of the summary says whether a layer is trainable: Y for yes, N for no, a
# dash for a layer without weights. The base is one row there. Our `trainable_table` also
# shows its blocks.
#
# Every block is trainable, as in each new Keras model. Only the head has to be learned,
# and it is by far the smallest part.
#
# ## 2. The attribute `trainable`, at three levels
#
# You can set `trainable` on a model, on a layer, and in a loop on all layers of a block.
#
# ### A whole base
#
# The **[trainable parameters](GLOSSARY.md#trainable-parameters)** are those that `fit`
# may change. Keras lists their arrays in `model.trainable_weights`, so you can count
# them:


# %%
def trainable_parameters(part):
    """The number of parameters that training would change."""
    return sum(int(np.prod(weight.shape)) for weight in part.trainable_weights)


print(f"before: {trainable_parameters(model):,} of {model.count_params():,}")
vgg.trainable = False
print(f"after:  {trainable_parameters(model):,} of {model.count_params():,}")
plots.network_strip(model, title="The base frozen")

# %% [markdown]
# The strip shows the network from the input on the left to the head on the right. Pale
# boxes are frozen, the hatched box is trainable. One assignment froze all layers of the
# base. The 512 × 6 weights and the 6 biases of the head remain trainable.
#
# ### One layer, by name
#
# Now you want to train the last convolution as well. You leave the base frozen and
# unfreeze that layer alone.

# %%
guess_inner = widgets.guess(
    "`vgg.trainable` is `False`. Then `block5_conv3` inside it is set to `True`. "
    "What will `fit` train?",
    options=["the head only", "the head and that layer"],
)
guess_inner

# %%
vgg.get_layer("block5_conv3").trainable = True
pd.DataFrame(
    {"trainable parameters": [trainable_parameters(vgg), trainable_parameters(model)]},
    index=["counted on the base", "counted on the whole model"],
)

# %% [markdown]
# The two counts contradict each other. Only training shows which is right. The proof
# needs only NumPy: copy all weights, train for one epoch, and compare.


# %%
def copy_weights(model):
    """A copy of every weight, by its path."""
    return {weight.path: weight.numpy().copy() for weight in model.weights}


def changed_layers(before, model):
    """The names of the layers of which at least one weight differs from the copy."""
    changed = [w.path for w in model.weights if not np.array_equal(before[w.path], w)]
    return list(dict.fromkeys(path.split("/")[-2] for path in changed))


before, first_print = copy_weights(model), inspect.fingerprint(model)
model.compile(keras.optimizers.Adam(1e-4), "sparse_categorical_crossentropy")
model.fit(images, labels, batch_size=32, verbose=0)
changed = changed_layers(before, model)
print("changed:", changed)

# %%
guess_inner.reveal(
    "the head and that layer" if len(changed) > 1 else "the head only",
    why="`fit` reads the flag of each layer in the model that it is called on.",
)

# %% [markdown]
# Setting `trainable` on a model writes the same value into all layers inside, once. A
# layer that you set later keeps its own value. Two rules follow:
#
# - set the whole base first, then single layers;
# - count on the model that you will call `fit` on.
#
# A copy of all weights doubles the memory. `inspect.fingerprint` keeps a few kilobytes
# for each array of weights instead: a hash (a short code that changes when one bit
# changes) and a sketch (which tells how far the array moved). Such a summary is called a
# **[fingerprint](GLOSSARY.md#fingerprint)**.

# %%
change = inspect.compare(first_print, inspect.fingerprint(model))
print("changed, by fingerprints:", [path.split("/")[-1] for path in change.moved])

# %% [markdown]
# ### A block, by name
#
# All layers of a block begin with the name of the block. The loop sets *every* layer, so
# the result does not depend on what was set before.

# %%
for layer in vgg.layers:
    layer.trainable = layer.name.startswith("block5")
print(f"trainable: {trainable_parameters(model):,} of {model.count_params():,}")
plots.network_strip(model, title="block5 and the head trainable")

# %% [markdown]
# Two boxes are hatched: the last block of the base, and the head. The block alone has far
# more parameters than the head.
#
# One trap remains. `vgg.trainable` is still `False` from the first experiment, while
# block5 is trainable. Now you want to freeze everything again, and set `vgg.trainable =
# False`.

# %%
vgg.trainable = False
print(f"after `vgg.trainable = False`:  {trainable_parameters(model):,}")
for layer in vgg.layers:
    layer.trainable = False
print(f"after the loop over the layers: {trainable_parameters(model):,}")

# %% [markdown]
# On TensorFlow, Keras skips an attribute that already has the value. So nothing was
# written into the layers. The loop over `vgg.layers` writes each flag.
#
# ## 3. A frozen base can leave many trainable parameters
#
# This is a common first model: VGG16 for images of 300 × 300, `Flatten`, a dense layer of
# 1024 units, ten classes. Here the head continues from `base.output`. The layers of VGG16
# are then layers of the new model, not one nested layer.

# %%
base = keras.applications.VGG16(
    weights=weights_file("vgg16"), include_top=False, input_shape=(300, 300, 3)
)
x = keras.layers.Flatten(name="flatten")(base.output)
x = keras.layers.Dense(1024, activation="relu", name="dense")(x)
outputs = keras.layers.Dense(10, activation="softmax", name="classes")(x)
large = keras.Model(base.input, outputs)

pd.DataFrame(
    {
        layer.name: [layer.output.shape, f"{layer.count_params():,}"]
        for layer in large.layers[-6:]
    },
    index=["output shape", "parameters"],
).T

# %% [markdown]
# The table of all layers is folded:

# %%
from IPython.display import HTML

printed = []
large.summary(line_length=76, print_fn=printed.append)
fold = "<details><summary>VGG16 with this head</summary><pre>{}</pre></details>"
HTML(fold.format("".join(printed)))

# %% [markdown]
# We count after each step.

# %%
rows = {}


def note(title, model):
    trainable, whole = trainable_parameters(model), model.count_params()
    rows[title] = [f"{trainable:,}", f"{whole:,}", round(100 * trainable / whole, 1)]


note("as built", large)

for layer in base.layers:  # all layers of the base
    layer.trainable = False
note("base frozen", large)

for layer in large.layers:  # by name: the last block and the new layers
    layer.trainable = layer.name.startswith(("block5", "dense", "classes"))
note("block5 and head trainable", large)

for layer in large.layers:  # a mistake: this loop reaches the new layers
    layer.trainable = False
note("loop over the whole model", large)

x = keras.layers.GlobalAveragePooling2D()(base.output)
x = keras.layers.Dense(1024, activation="relu")(x)
outputs = keras.layers.Dense(10, activation="softmax")(x)
averaged = keras.Model(base.input, outputs)
note("base frozen, averaged", averaged)

del large, averaged, base
pd.DataFrame(rows, index=["trainable", "all", "share (%)"]).T

# %% [markdown]
# The model has 57,193,290 parameters. Most of them are in its head, which is not
# pretrained. `Flatten` gives each of the 9 × 9 × 512 values of the last [feature
# maps](GLOSSARY.md#feature-map) its own weights to 1024 units. With global average
# pooling (last row), the head is many times smaller.
#
# The fourth row shows a common mistake. The loop over the *whole* model also froze the
# new head, and nothing is left to train. Loop over the base, or select by name.
#
# ## 4. What does freezing save?
#
# Tick and untick blocks in the widget. Watch the parameters, the memory and the seconds.
# The seconds are estimated from multiply-adds, the multiplications and additions that a
# layer needs for one image. Try `head` alone, then `head` with `block5`, then `head` with
# `block1`.

# %%
at_96 = keras.applications.VGG16(
    weights=None, include_top=False, input_shape=(96, 96, 3)
)
explored = keras.Sequential(
    [
        keras.Input((96, 96, 3)),
        at_96,
        keras.layers.GlobalAveragePooling2D(name="pool"),
        keras.layers.Dense(6, activation="softmax", name="head"),
    ]
)
at_96.trainable = False
widgets.freeze_explorer(explored, images=475)

# %%
choices = {
    "head": ["head"],
    "block5 and head": [f"{at_96.name}/block5", "head"],
    "block1 and head": [f"{at_96.name}/block1", "head"],
    "everything": list(inspect.blocks(explored)),
}
rows = {}
for title, blocks in choices.items():
    cost = inspect.training_cost(explored, trainable=blocks, images=475)
    work = (cost.forward + cost.backward) / cost.forward
    rows[title] = [f"{cost.trainable:,}", round(work, 2), round(cost.memory / 1e6)]
pd.DataFrame(
    rows, index=["trainable parameters", "work, forward pass = 1", "memory (MB)"]
).T

# %%
plots.cost_by_block(at_96)
# %% [markdown]
# `block1` has hardly any parameters, yet training it more than doubles the estimated
# work. The gradient must pass through *all* layers between the head and `block1`. So the
# saving depends on the trainable layer nearest to the input. That is one reason to
# unfreeze the last layers first. The other reason is in lesson 6. The figure shows that
# parameters do not measure work: `block5` holds about half of the parameters and does
# little of the work.
#
# ## 5. When must `compile` follow?
#
# The usual rule is "after changing `trainable`, call `compile`". To find the reason, we
# try several orders. `one_epoch` only calls `fit`; it never compiles.

# %%
rows = []


def one_epoch(order):
    """Trains for one epoch, and notes what the flags say and what really changed."""
    before, start = copy_weights(model), model.get_weights()
    flagged = dict.fromkeys(w.path.split("/")[-2] for w in model.trainable_weights)
    try:
        model.fit(images, labels, batch_size=32, verbose=0)
        changed = ", ".join(changed_layers(before, model))
    except Exception as error:  # TensorFlow continues silently; JAX stops here
        changed = type(error).__name__
        model.set_weights(start)
    rows.append((order, ", ".join(flagged), changed))


def set_base(trainable):
    for layer in vgg.layers:
        layer.trainable = trainable and layer.name.startswith("block5")


def compile_model():
    model.compile(keras.optimizers.Adam(1e-5), "sparse_categorical_crossentropy")


set_base(True)
compile_model()
set_base(False)  # after compile, before the first fit
one_epoch("compile, freeze, fit")

# %%
guess_order = widgets.guess(
    "That was the first `fit` after `compile`. Now you unfreeze block5 and call `fit` "
    "again, without `compile`. What changes?",
    options=["the head only", "the head and block5", "nothing: Keras raises an error"],
)
guess_order

# %%
set_base(True)
one_epoch("unfreeze, fit")
compile_model()
one_epoch("compile, fit")
set_base(False)
one_epoch("freeze, fit")
compile_model()
one_epoch("compile, fit again")

columns = ["what was done, in order", "flags: trainable", "changed by fit"]
pd.DataFrame(rows, columns=columns).set_index(columns[0])

# %%
ignored = {"head": "the head only", rows[1][1]: "the head and block5"}
guess_order.reveal(
    ignored.get(rows[1][2], "nothing: Keras raises an error"),
    why="The first `fit` built the training step, with the flags of that moment.",
)

# %% [markdown]
# Read the rows from the top:
#
# - A freeze *before the first* `fit` was obeyed, although `compile` came earlier.
# - A change *after* a `fit` was ignored until the next `compile`: the unfreezing in the
#   second row, and the freezing in the fourth.
#
# Keras builds the training step at the first `fit` and keeps it. `compile` discards it.
# So remember one rule, which is safe in all cases: **after each change of `trainable`,
# call `compile`, with a new optimiser.** On TensorFlow a forgotten `compile` is silent;
# on JAX it is an error. `inspect.stale_compile` finds it:

# %%
import textwrap

set_base(True)
print(textwrap.fill(str(inspect.stale_compile(model)), width=76))

# %% [markdown]
# ## 6. BatchNorm statistics change without gradients
#
# VGG16 has no **[batch normalisation](GLOSSARY.md#batch-normalisation)** (BatchNorm), but
# many later networks do. A BatchNorm layer subtracts a mean and divides by a standard
# deviation, for each channel. It holds two kinds of weights:
#
# - `gamma` and `beta` are trained with gradients;
# - `moving_mean` and `moving_variance` are statistics. They have no gradients. In training
#   mode the layer uses the statistics of the current batch, and moves the stored ones
#   towards them. In [inference mode](GLOSSARY.md#inference-mode) it uses the stored ones.
#
# Common advice is to call the base with `training=False`, so that BatchNorm stays in
# inference mode. We test it with a **learning rate of zero**: gradients can then change
# nothing.

# %%
scenes = data.load_scenes("train", size=96).take(np.arange(128))
labels_96 = scenes.labels
images_96 = keras.applications.mobilenet_v2.preprocess_input(
    scenes.images.astype("float32")
)


def mobile_with_head():
    """Pretrained MobileNetV2 to block 13, called with training=False, and a head."""
    base = keras.models.load_model(weights_file("mobilenet_v2"))
    base.trainable = True
    inputs = keras.Input((96, 96, 3))
    x = base(inputs, training=False)
    x = keras.layers.GlobalAveragePooling2D()(x)
    outputs = keras.layers.Dense(6, activation="softmax", name="head")(x)
    return base, keras.Model(inputs, outputs)


def is_batchnorm(layer):
    return isinstance(layer, keras.layers.BatchNormalization)


guess_zero = widgets.guess(
    "The whole base is trainable and called with `training=False`. The learning rate "
    "is 0. How many of its BatchNorm layers change during `fit`?",
    options=["none", "all"],
)
guess_zero

# %%
drift, probabilities = {}, {}
for title, frozen in {"training=False": False, "trainable=False": True}.items():
    base, mobile = mobile_with_head()
    if frozen:  # unfreeze the base, then freeze its BatchNorm layers again
        for layer in base.layers:
            if is_batchnorm(layer):
                layer.trainable = False
    before, answers = copy_weights(mobile), mobile.predict(images_96, verbose=0)
    mobile.compile(keras.optimizers.SGD(0.0), "sparse_categorical_crossentropy")
    mobile.fit(images_96, labels_96, batch_size=16, epochs=2, verbose=0)
    moved = sum(
        "moving_mean" in w.path and not np.array_equal(before[w.path], w)
        for w in mobile.weights
    )
    largest = np.abs(mobile.predict(images_96, verbose=0) - answers).max()
    drift[title] = [
        moved,
        sum(map(is_batchnorm, base.layers)),
        round(float(largest), 3),
    ]

columns = [
    "moving means changed",
    "BatchNorm layers",
    "a probability changed by up to",
]
pd.DataFrame(drift, index=columns).T.astype({columns[0]: int, columns[1]: int})

# %%
guess_zero.reveal(
    "all" if drift["training=False"][0] == drift["training=False"][1] else "none"
)

# %% [markdown]
# With `training=False` in the code, every BatchNorm layer changed, and predicted
# probabilities changed with them. The reason: in a functional model, calling the base
# only builds the graph. `fit` runs the graph again with `training=True`, and in our
# version of Keras this value wins. (In the `call` method of a model class of your own,
# `training=False` is obeyed.)
#
# With `trainable = False` on each BatchNorm layer, nothing changed. Keras runs a frozen
# BatchNorm layer in inference mode, also during `fit`. Freezing a whole base does this for
# you. The danger comes with fine-tuning: unfreezing a block also unfreezes its BatchNorm.
# So **unfreeze, then freeze every BatchNorm layer again**.
#
# Why keep the statistics? They come from ImageNet, and yours would come from a few
# hundred images in small batches. Only a measurement shows whether new statistics help.
#
# ## 7. The recipe, with proof
#
# This is the recipe for [fine-tuning](GLOSSARY.md#fine-tuning): unfreeze from
# `block_12_expand` on, freeze BatchNorm again, compile, fit. Then compare. (Here the head
# is new. In a project, train it first; see lesson 6.)

# %%
base, mobile = mobile_with_head()
names = [layer.name for layer in base.layers]
first = names.index("block_12_expand")
for number, layer in enumerate(base.layers):
    layer.trainable = number >= first and not is_batchnorm(layer)
mobile.compile(keras.optimizers.Adam(1e-4), "sparse_categorical_crossentropy")
print(f"trainable: {trainable_parameters(mobile):,} of {mobile.count_params():,}")

before, first_print = copy_weights(mobile), inspect.fingerprint(mobile)
mobile.fit(images_96, labels_96, batch_size=16, epochs=2, verbose=0)
print("changed:", *changed_layers(before, mobile), sep="\n  ")
change = inspect.compare(first_print, inspect.fingerprint(mobile))
plots.changed_strip(change, title="What two epochs of fine-tuning changed")
# %% [markdown]
# The upper row stands for weights with gradients, the lower row for BatchNorm statistics.
# Coloured boxes changed. Every other weight is the same **to the last bit**. The lower
# row has no coloured box. In lab 3 you prove this for a model of your own.
#
# The next strip shows the same network, trained with the whole base trainable and
# protected only by `training=False`.

# %%
base, careless = mobile_with_head()
first_print = inspect.fingerprint(careless)
careless.compile(keras.optimizers.Adam(1e-4), "sparse_categorical_crossentropy")
careless.fit(images_96, labels_96, batch_size=16, epochs=2, verbose=0)
careless_change = inspect.compare(first_print, inspect.fingerprint(careless))
plots.changed_strip(careless_change, title="The same with everything trainable")
# %% [markdown]
# Every layer changed, and so did the statistics of every BatchNorm layer. Neither
# training raised an error or a warning. Only the comparison of weights tells them apart.
#
# ## Quiz

# %% folded=true
widgets.quiz(
    [
        {
            "question": "You set `base.trainable = False`, then unfreeze its layer "
            "`block5_conv3`. What does `fit` train in the base?",
            "options": ["Nothing.", "That layer.", "All of block5."],
            "answer": 1,
            "why": [
                "The count on the base says so, but `fit` reads each layer's flag.",
                "Setting a model's flag sets its layers once; a later value stays.",
                "Layers with similar names are not connected.",
            ],
        },
        {
            "question": "After a first `fit` on TensorFlow you unfreeze block5 and "
            "call `fit` again without `compile`. The loss falls. What do you conclude?",
            "options": [
                "block5 is being fine-tuned.",
                "The head goes on learning; block5 does not change.",
                "The flags are wrong, or Keras would raise an error.",
            ],
            "answer": 1,
            "why": [
                "The flags say so, but the training step was built at the first `fit`.",
                "A falling loss does not tell which part of the model learns.",
                "On TensorFlow nothing is raised. That is why you compare weights.",
            ],
        },
        {
            "question": "Which choice saves the most work when training VGG16?",
            "options": [
                "Freezing the first four of its five blocks.",
                "Freezing all blocks but the first.",
                "Freezing the block with the most parameters.",
            ],
            "answer": 0,
            "why": [
                "The gradient stops at the lowest trainable layer.",
                "To reach the first block, the gradient passes through all others.",
                "That is block5, the last. The gradient would still pass through it.",
            ],
        },
        {
            "question": "You fine-tune the last blocks of MobileNetV2 in a functional "
            "model. What keeps the BatchNorm statistics as they are?",
            "options": [
                "`base(x, training=False)`.",
                "A very small learning rate.",
                "`trainable = False` on each BatchNorm layer.",
            ],
            "answer": 2,
            "why": [
                "`fit` overrides it, as section 6 shows. All moving means changed.",
                "The statistics are not trained. They changed at a learning rate of 0.",
                "A frozen BatchNorm layer also stays in inference mode during `fit`.",
            ],
        },
        {
            "question": "The base is frozen, but your model still has over 40 million "
            "trainable parameters. What is the likely cause?",
            "options": [
                "`Flatten` before a large dense layer.",
                "BatchNorm statistics.",
                "A forgotten `compile`.",
            ],
            "answer": 0,
            "why": [
                "Each value of the last feature map has a weight to each unit.",
                "They are few, and never count as trainable.",
                "`compile` changes what `fit` does, not what the flags count.",
            ],
        },
    ]
)

# %% [markdown]
# ## What to do next
#
# - **Lesson 5** puts the base, the head and augmentation into one model.
# - **Lesson 6** fine-tunes with the recipe of section 7, and measures when it pays.
# - **Lab 3** needs this lesson and lesson 5.
