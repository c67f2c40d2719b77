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
# **Goal.** You will freeze exactly the part of a network that you mean to freeze, say how many numbers are left to
# learn before you train, and prove afterwards that nothing else moved.
#
# {{header}}
#
# Afterwards you can
#
# - switch a whole base, one block, or a single layer, by name, and predict the counts;
# - say when a model must be compiled again, and notice when it was forgotten;
# - prove with fingerprints what a training changed;
# - keep BatchNorm from changing behind your back.

# %% [markdown]
# ## 1. Why freeze at all?
#
# A borrowed base comes with numbers that took a million images to find. You put a head on it, and the head starts at
# random. In the first steps of training the head is badly wrong, and what it passes down to the base is an
# order to change everything, in directions that mean nothing yet. A base that is not frozen obeys. (You will often
# read that this ruins it before the head knows anything. Lesson 6 tries that out.)
#
# So there are two reasons to freeze: to **protect** what was learned, and to **save work**, because what does not learn needs
# no gradient. Both depend on freezing what you believe you froze. Training never complains: a model in which the wrong
# half learns still trains, still prints a falling loss. That is why this lesson measures.

# %%
from course_utils import data, inspect, plots, widgets
from course_utils.models import load_base, preprocess

import keras
import numpy as np

keras.utils.set_random_seed(0)
scenes = data.load_scenes("train", size=48)  # small images: this lesson is about what moves, not about accuracy
scenes = scenes.take(np.arange(128))
images = preprocess("vgg16", scenes.images)

vgg = load_base("vgg16", input_shape=(48, 48, 3))
model = keras.Sequential(
    [
        keras.Input((48, 48, 3)),
        vgg,
        keras.layers.GlobalAveragePooling2D(),
        keras.layers.Dense(6, activation="softmax", name="head"),
    ]
)
inspect.trainable_table(model, by="block")

# %% [markdown]
# Everything is trainable: that is how every Keras model starts. Read the table from the bottom: the head, which is the only thing
# that has to be learned, is the smallest part by far.

# %% [markdown]
# ## 2. One word, on three levels
#
# The word is `trainable`. It can be set on a **model**, on a **layer**, and, by looping over names, on a **block**.
#
# ### On a whole base

# %%
guess_head = widgets.guess(
    "`vgg.trainable = False`. The base gives 512 averaged maps, the head has 6 units. How many numbers are left to learn?",
    unit="parameters",
)
guess_head


# %%
def to_learn(part):
    """How many numbers an optimizer would move, if this part were trained now."""
    return sum(int(np.prod(weight.shape)) for weight in part.trainable_weights)


vgg.trainable = False
guess_head.reveal(to_learn(model), why="One weight for each map and unit, and one bias for each unit.")

# %%
print(f"the base {to_learn(vgg):,} · the whole model {to_learn(model):,}")
plots.network_strip(model, title="The base frozen")

# %% [markdown]
# Read the strip from left to right, as an image travels: every box but the last is pale and plain, which means frozen. One
# word switched off all of them, for setting it on the base set it on each layer inside. Only the hatched box at the end learns: the head, with a few thousand numbers.
#
# ### On one layer, by name
#
# Next you would like the very last convolution to learn too. The base is frozen; you switch that one layer on.
#
# **Predict:** the base's own switch still says `False`. Does the layer learn?

# %%
guess_inner = widgets.guess(
    "`vgg.trainable` is `False`, then `vgg.get_layer('block5_conv3').trainable = True`. What will `fit` train?",
    options=["the head only: the base's switch wins", "the head and that one layer: the layer's switch wins"],
)
guess_inner

# %%
vgg.get_layer("block5_conv3").trainable = True
print(f"asked by itself, the base says {to_learn(vgg):,}\nthe whole model says          {to_learn(model):,}")

# %% [markdown]
# Two answers to one question, and they contradict each other. Only a measurement decides. We take a **fingerprint** of the
# model (a few numbers per weight, and a checksum that changes when a single bit does), train for one
# epoch, take another, and compare.

# %%
before = inspect.fingerprint(model)
model.compile(keras.optimizers.Adam(1e-4), "sparse_categorical_crossentropy")
model.fit(images, scenes.labels, batch_size=32, verbose=0)
moved = inspect.compare(before, inspect.fingerprint(model)).moved
print("moved:", moved)
guess_inner.reveal(
    "the head and that one layer: the layer's switch wins"
    if len(moved) > 1
    else "the head only: the base's switch wins",
    why="`fit` goes by the model it was called on, and that model looks at every weight's own flag.",
)

# %% [markdown]
# Setting `trainable` on a model is not a main switch. It is a *broadcast*: at that moment it writes the same value into
# every layer inside, and whatever you write later stands. What counts in the end is the flag on each layer, as seen
# by the model that you train. So:
#
# - set the large thing first, then the small ones;
# - ask the model that you will call `fit` on, not a part of it.
#
# That word, broadcast, has a trap in it. **Predict:** you froze the base, switched one layer on, and now you want everything
# frozen again. You write the same line as before.

# %%
guess_twice = widgets.guess(
    "`vgg.trainable` is `False`, `block5_conv3` is on. You write `vgg.trainable = False` once more. How many numbers are left to learn?",
    unit="parameters",
)
guess_twice

# %%
vgg.trainable = False
guess_twice.reveal(
    to_learn(model), why="On TensorFlow, an attribute that is given the value it has already is not set again."
)

# %% [markdown]
# On TensorFlow nothing happened at all: the base's own flag said `False` already, so the line was skipped, and with it the broadcast.
# (On other backends the layer is frozen. Code that depends on this is code to avoid.) What always works is to write the flag of
# **every layer**:

# %%
for layer in vgg.layers:
    layer.trainable = False
print(f"left to learn: {to_learn(model):,}")

# %% [markdown]
# ### On a block, by name
#
# Layers of one block share the start of their names, so a loop with `startswith` is all you need. This one writes a
# flag on *every* layer, on or off, so it does not matter what was set before:

# %%
for layer in vgg.layers:
    layer.trainable = layer.name.startswith("block5")
plots.network_strip(model, title="block5 and the head trainable")

# %% [markdown]
# Two boxes are hatched now, the last block of the base and the head; all before them are as pale as they were. But compare the counts:
# that one block holds far more numbers than the whole head, so training both would ask much more of your few images than training the head alone.
#
# The loop above has a neighbour with a trap in it: `for layer in model.layers[:-1]`, or counting layers from the end. Positions
# shift when somebody adds a layer; and a loop over `model.layers` here would meet only what the next cell prints, because the whole base is *one*
# layer of the outer model. Names survive such changes. Loop over the **base**, by name.

# %%
print("the outer model's layers:", [layer.name for layer in model.layers])

# %% [markdown]
# ## 3. Freezing the base does not make every model small
#
# Here is a model as it stands in many a first project: VGG16 for images of 300 × 300, `Flatten`, a dense layer of 1024
# units, ten classes.
#
# **Predict:** the base has 14.7 million parameters. It is frozen. What share of the model is left to learn?

# %%
guess_share = widgets.guess(
    "VGG16 frozen, then Flatten, Dense(1024), Dense(10): what share is left to learn?", unit="%"
)
guess_share

# %%
large_base = load_base("vgg16", weights=None, input_shape=(300, 300, 3))
large_base.trainable = False
large = keras.Sequential(
    [
        keras.Input((300, 300, 3)),
        large_base,
        keras.layers.Flatten(),
        keras.layers.Dense(1024, activation="relu"),
        keras.layers.Dense(10, activation="softmax"),
    ]
)
print(
    f"all {large.count_params():,} · to learn {to_learn(large):,} · frozen {large.count_params() - to_learn(large):,}"
)
guess_share.reveal(round(100 * to_learn(large) / large.count_params()))

# %%
averaged = keras.Sequential(
    [
        keras.Input((300, 300, 3)),
        large_base,
        keras.layers.GlobalAveragePooling2D(),
        keras.layers.Dense(1024, activation="relu"),
        keras.layers.Dense(10, activation="softmax"),
    ]
)
ratio = to_learn(large) / to_learn(averaged)
print("the last map:", large_base.output_shape[1:])
print(f"averaged instead of flattened: to learn {to_learn(averaged):,}, {ratio:.0f} times fewer")
del large, averaged, large_base

# %% [markdown]
# Most of that model is its head, and no pretrained number helps it: each place of the last map has its own weights to each
# of the 1024 units. Freezing protects the base; it does not protect you from a head that is too large for your
# images. Averaging the maps first leaves a head that a few hundred images can fill.

# %% [markdown]
# ## 4. What does freezing save?
#
# Tick and untick blocks in the next cell. Watch the parameters, the memory, and the seconds, which are estimated from the
# multiply-adds. Try these three:
#
# 1. nothing trained but `head`; 2. `head` and `block5`; 3. `head` and `block1` *only*.

# %%
at_96 = load_base("vgg16", weights=None, input_shape=(96, 96, 3))
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
for title, blocks in [
    ("the head only", ["head"]),
    ("block5 and head", ["vgg16/block5", "head"]),
    ("block1 and head", ["vgg16/block1", "head"]),
    ("everything", list(inspect.blocks(explored))),
]:
    cost = inspect.training_cost(explored, trainable=blocks, images=475)
    print(
        f"{title:<16} {cost.trainable:>11,} parameters, "
        f"{(cost.forward + cost.backward) / cost.forward:.2f} times the work of a forward pass, {cost.memory / 1e6:>6,.0f} MB"
    )

# %%
plots.cost_by_block(at_96)
# %% [markdown]
# The third choice is the surprise: `block1` has hardly any parameters, yet training it more than doubles the work. To change an early layer, the gradient must travel down through *all* layers above it. So what you save
# depends less on *how much* you freeze than on **how far down the lowest layer lies that still learns**. That is one of two reasons to
# begin unfreezing at the end; the other one is in lesson 6. (The figure shows that work and parameters live in different places: the
# last block holds about half of the parameters, and does little of the work.)

# %% [markdown]
# ## 5. When must `compile` follow?
#
# You will read "after changing `trainable`, call `compile`". Often that is said without a reason, so let us find the reason by trying all
# orders. First: compile, *then* freeze, then the first `fit`.

# %%
guess_order = widgets.guess(
    "compile → freeze the base → first fit. Does the freeze count?",
    options=["yes, the base stays as it was", "no, the base moves: compile came first"],
)
guess_order

# %%
for layer in vgg.layers:
    layer.trainable = True
model.compile(keras.optimizers.Adam(1e-5), "sparse_categorical_crossentropy")
for layer in vgg.layers:
    layer.trainable = False  # after compile, before the first fit

before = inspect.fingerprint(model)
model.fit(images, scenes.labels, batch_size=32, verbose=0)
first_order = inspect.compare(before, inspect.fingerprint(model))
print("moved:", first_order.moved)
guess_order.reveal(
    "yes, the base stays as it was" if len(first_order.moved) == 1 else "no, the base moves: compile came first",
    why="`compile` only notes what you want. The training step itself is built at the first `fit`.",
)

# %% [markdown]
# Now the other order, the one that happens in a notebook, when you go back to a cell and change something: fit,
# *then* unfreeze, and fit again without compiling.
#
# `train_once` below is nothing but `network.fit(…)` for one epoch between two fingerprints; it never compiles. What it
# prints last are the layers that moved.


# %%
def train_once(network):
    """One epoch; says which layers moved, or what stopped it."""
    print("before:", inspect.stale_compile(network))
    start, weights = inspect.fingerprint(network), network.get_weights()
    try:
        network.fit(images, scenes.labels, batch_size=32, verbose=0)
    except Exception as error:  # TensorFlow goes on silently; other backends may stop here
        print(f"fit stopped: {type(error).__name__}")
        network.set_weights(weights)  # a training that breaks off can leave the weights empty
    change = inspect.compare(start, inspect.fingerprint(network))
    print("moved: ", [path.rpartition("/")[2] for path in change.moved])


for layer in vgg.layers:
    layer.trainable = layer.name.startswith("block5")
print(f"the model now says it has {to_learn(model):,} numbers to learn\n")
train_once(model)

# %%
model.compile(keras.optimizers.Adam(1e-5), "sparse_categorical_crossentropy")
train_once(model)

# %% [markdown]
# The flags said one thing and `fit` did another, without a word. Keras built the training step at the first `fit`, with the
# list of weights that were trainable *then*, and kept it. `compile` throws the old step away, so the next `fit`
# builds a new one.
#
# It is just as bad the other way round: somebody freezes the base after a first `fit`, and it goes on learning.

# %%
for layer in vgg.layers:
    layer.trainable = False
train_once(model)

# %%
model.compile(keras.optimizers.Adam(1e-5), "sparse_categorical_crossentropy")
train_once(model)

# %% [markdown]
# The rule with its reason: **every change of `trainable` is followed by `compile`**, because a step that has been built does not
# look at the flags again. (Before the first `fit` you may do without; it is not worth remembering. And give the new
# `compile` a *new* optimizer, as above: the old one keeps its notes about the old list of weights.) Other backends behave
# differently: where TensorFlow goes on in silence, JAX stops with an error. The rule is right on all of them.
#
# `inspect.stale_compile(model)` finds the disagreement for you, and `trainable_table` prints it under the table.

# %% [markdown]
# ## 6. BatchNorm has a switch of its own
#
# VGG16 has no BatchNorm layers. Nearly every later network has them, and each holds two kinds of numbers:
#
# - `gamma` and `beta`, which are **trained**, by gradients;
# - a moving mean and variance, its **statistics**, which are not trained at all. In training the layer uses the mean and
#   variance of the batch in front of it and lets its statistics drift a little towards them.
#
# Statistics that drift have the same effect as weights that move: the network no longer computes what it did. And here is the well-known advice for
# it: "call the base with `training=False`, and BatchNorm will keep still". Let us try exactly that. To see the statistics
# alone, we train with a **learning rate of zero**.

# %%
guess_zero = widgets.guess(
    "The whole base is trainable, it is called with `training=False`, the learning rate is 0. What moves during `fit`?",
    options=["nothing", "the BatchNorm statistics"],
)
guess_zero

# %%
scenes_96 = data.load_scenes("train", size=96).take(np.arange(128))
images_96 = preprocess("mobilenet_v2", scenes_96.images)


def mobile_with_head():
    """A fresh pretrained MobileNetV2 up to block 13, called with training=False, and a head."""
    base = load_base("mobilenet_v2", input_shape=(96, 96, 3), cut="block_13_expand_relu")
    inputs = keras.Input((96, 96, 3))
    x = base(inputs, training=False)
    x = keras.layers.GlobalAveragePooling2D()(x)
    outputs = keras.layers.Dense(6, activation="softmax", name="head")(x)
    return base, keras.Model(inputs, outputs)


base, mobile = mobile_with_head()
base.trainable = True
before = inspect.fingerprint(mobile)
answers_before = mobile.predict(images_96, verbose=0)

mobile.compile(keras.optimizers.SGD(0.0), "sparse_categorical_crossentropy")
mobile.fit(images_96, scenes_96.labels, batch_size=16, epochs=2, verbose=0)
drift = inspect.compare(before, inspect.fingerprint(mobile))
print(*drift.notes, sep="\n")
guess_zero.reveal("the BatchNorm statistics" if drift.statistics_moved else "nothing")

# %%
change = np.abs(mobile.predict(images_96, verbose=0) - answers_before).max()
print(f"a probability changed by up to {change:.3f}, although the learning rate was zero")

# %% [markdown]
# Every BatchNorm layer drifted, with `training=False` written in the code. Why? In a *Functional* model, as here, that call was
# only used to draw the graph. When you call `fit`, Keras runs the graph again with `training=True` and hands that to every layer in
# it; in Keras 3 the argument of `fit` wins over the one you wrote. (Inside the `call` method of a model class of your own, it is obeyed. Old
# tutorials may have been right in their time.)
#
# What BatchNorm does obey is its own switch. In Keras, a BatchNorm layer with `trainable = False` uses its stored
# statistics and leaves them alone, also in training. Freezing a whole base sets that switch too. It goes wrong in
# *fine-tuning*, when you unfreeze blocks and their BatchNorm comes along. So unfreeze, and then freeze every BatchNorm again:

# %%
base, mobile = mobile_with_head()
base.trainable = True
for layer in base.layers:
    if isinstance(layer, keras.layers.BatchNormalization):
        layer.trainable = False

before = inspect.fingerprint(mobile)
mobile.compile(keras.optimizers.SGD(0.0), "sparse_categorical_crossentropy")
mobile.fit(images_96, scenes_96.labels, batch_size=16, epochs=2, verbose=0)
kept = inspect.compare(before, inspect.fingerprint(mobile))
print("with BatchNorm's own switch off:", *kept.notes, sep="\n")

# %% [markdown]
# Nothing. Why keep them still at all? Because the statistics were measured on a million images, and yours are a few
# hundred, in batches of 16 or 32. Whether letting them adapt would help *your* task is a question for a measurement; what
# you should not do is let it happen without knowing.

# %% [markdown]
# ## 7. The whole thing once, with proof
#
# The recipe, as you will use it for fine-tuning: unfreeze from `block_12_expand` on, freeze BatchNorm again, compile, fit. Then look at
# the strip: the upper row is for the trained weights, the lower row for BatchNorm's statistics, and what moved is coloured.

# %%
names = [layer.name for layer in base.layers]
for number, layer in enumerate(base.layers):
    unfrozen = number >= names.index("block_12_expand")
    layer.trainable = unfrozen and not isinstance(layer, keras.layers.BatchNormalization)
mobile.compile(keras.optimizers.Adam(1e-4), "sparse_categorical_crossentropy")
print(f"to learn: {to_learn(mobile):,} of {mobile.count_params():,}")

# %%
before = inspect.fingerprint(mobile)
mobile.fit(images_96, scenes_96.labels, batch_size=16, epochs=2, verbose=0)
change = inspect.compare(before, inspect.fingerprint(mobile))
print(*change.notes, sep="\n")
print("moved:", [path.rpartition("/")[2] for path in change.moved])

# %%
plots.changed_strip(change, title="What two epochs of fine-tuning moved")
# %% [markdown]
# This figure is the proof. Coloured boxes are layers whose numbers differ now; all others are the same **to the last bit**,
# and the row of statistics is empty of colour. Not "the code says so": the weights say so. In lab 3 you will
# prove it this way for a model of your own.
#
# And this is the same network trained by somebody who set `base.trainable = True` and trusted `training=False`:

# %%
base, careless = mobile_with_head()
base.trainable = True
before = inspect.fingerprint(careless)
careless.compile(keras.optimizers.Adam(1e-4), "sparse_categorical_crossentropy")
careless.fit(images_96, scenes_96.labels, batch_size=16, epochs=2, verbose=0)
careless_change = inspect.compare(before, inspect.fingerprint(careless))
plots.changed_strip(careless_change, title="The same, with everything switched on")
# %% [markdown]
# Nothing in the code of the two trainings looks wrong, and neither training complained. The strips tell them apart at a glance.

# %% [markdown]
# ## Quiz

# %% folded=true
widgets.quiz(
    [
        {
            "question": "You set `base.trainable = False` and then `base.get_layer('block5_conv3').trainable = True`. You train `model`, which contains the base. What learns in the base?",
            "options": ["Nothing.", "That one layer.", "All of block5."],
            "answer": 1,
            "why": [
                "The base itself would say so. But `fit` goes by the model it is called on, and by each layer's own flag.",
                "Setting the flag of a model only writes into its layers, at that moment; what is written later stands.",
                "Flags belong to layers; names that look alike are not connected.",
            ],
        },
        {
            "question": "After a first `fit` you unfreeze block5 and call `fit` again, without `compile`, on TensorFlow. What happens?",
            "options": [
                "Keras raises an error.",
                "block5 learns from now on.",
                "The training goes on as before; block5 does not move.",
            ],
            "answer": 2,
            "why": [
                "It would be kinder. (On JAX it does.)",
                "The flags say so, but the step was built at the first fit.",
                "In silence. `stale_compile` notices it, and so do fingerprints.",
            ],
        },
        {
            "question": "Which choice saves most of the work of training VGG16?",
            "options": [
                "Freezing the first four of the five blocks.",
                "Freezing all blocks but the first.",
                "Freezing the block with the most parameters.",
            ],
            "answer": 0,
            "why": [
                "The gradient stops at the lowest layer that still learns, and everything below is spared.",
                "The gradient would have to travel through all blocks to reach the first one.",
                "That is block5, the last. Freezing it saves its own gradient only, as long as something below learns.",
            ],
        },
        {
            "question": "A network with BatchNorm is unfrozen for fine-tuning. What keeps its statistics as they are?",
            "options": [
                "`base(x, training=False)` in a Functional model.",
                "A very small learning rate.",
                "`trainable = False` on each BatchNorm layer.",
            ],
            "answer": 2,
            "why": [
                "In Keras 3, `fit` overrides it. You saw all of them move.",
                "Statistics are not trained. They moved with a learning rate of zero.",
                "A BatchNorm layer that is not trainable also uses its stored statistics in training.",
            ],
        },
        {
            "question": "How do you prove that a base did not move?",
            "options": [
                "By a fingerprint of its weights before and after `fit`.",
                "By looking at `base.trainable`.",
                "By a validation accuracy that stays high.",
            ],
            "answer": 0,
            "why": [
                "It compares the numbers themselves.",
                "The flag says what you meant. It does not say what happened.",
                "A base can move a good deal before you notice it there.",
            ],
        },
    ]
)

# %% [markdown]
# ## What to do next
#
# - **Lesson 5** puts base, head and augmentation into one model, and asks what that costs.
# - **Lesson 6** fine-tunes: it uses every switch of this lesson, and measures when it pays.
# - **Lab 3** needs this lesson and lesson 5.
