# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 6 · Fine-tuning
#
# **Goal.** You will train the last blocks of a pretrained base on your own task, in two
# stages, and you will measure whether that is better than a classifier on frozen features.
#
# {{header}}
#
# Afterwards you can
#
# - fine-tune in two stages, with a schedule and a checkpoint, and say what each step is for;
# - choose which blocks to unfreeze, and explain why the last ones come first;
# - fine-tune from cached activations, and calculate how much time that saves;
# - read from learning curves how many images a task needs.

# %% [markdown]
# ## 1. Two stages
#
# Until now the base was frozen, and only a head was trained. But the last layers of the base
# were trained to separate the 1000 classes of ImageNet, the
# [source task](GLOSSARY.md#source-task). **[Fine-tuning](GLOSSARY.md#fine-tuning)** continues
# their training on the [target task](GLOSSARY.md#target-task). It has two stages:
#
# 1. **Train the head** while the base is frozen, until it no longer improves. A new head
#    has random weights. Its first gradients would damage the base.
# 2. **Unfreeze the top of the base**, compile again, and train it together with the head,
#    with a low [learning rate](GLOSSARY.md#learning-rate). The base needs only small
#    corrections.
#
# Stage 1 must have converged. Otherwise the head goes on improving in stage 2, and its gain
# looks like a gain from fine-tuning. We check convergence with logistic regression on the
# same features.
#
# We use the composite images and MobileNetV2 cut at `block_13_expand_relu`, as in lesson 5.

# %%
import tempfile
import time
from pathlib import Path

from course_utils import benchmark_results, data, evaluate, finetune, inspect
from course_utils import plots, widgets
from course_utils.models import load_base, weights_file

import keras
import numpy as np
import pandas as pd

parts = {name: data.load_scenes(name) for name in ["train", "validation", "test"]}
train, validation, test = parts.values()
classes = len(train.class_names)

base = keras.models.load_model(weights_file("mobilenet_v2"))
print(f"{len(train)} training images; {base.count_params():,} parameters in the base")

# %% [markdown]
# ## 2. Cached activations
#
# We will unfreeze blocks 11 to 13. The blocks below stay frozen in both stages, so they
# compute the same values for an image in each epoch. Lesson 3 cached the features at the
# *end* of the base. Here we cache at the **freezing point**: the values there are called
# **[cached activations](GLOSSARY.md#cached-activations)**. Three lines split the base.

# %%
cut = base.get_layer("block_11_expand").input
bottom = keras.Model(base.input, cut)  # stays frozen
top = keras.Model(cut, base.output)  # will be fine-tuned
pretrained = top.get_weights()  # to start again from ImageNet's weights


def activations(images):
    x = keras.applications.mobilenet_v2.preprocess_input(images.astype("float32"))
    return bottom.predict(x, batch_size=64, verbose=0)


cached = {name: activations(part.images) for name, part in parts.items()}
print("activations of one image:", cached["train"].shape[1:])

# %% [markdown]
# `bottom` and `top` share their layers with `base`: training `top` changes `base` too.
# `finetune.split(base, "block_11_expand")` does the same, with a check. Some blocks of
# MobileNetV2 have skip connections, which add a block's input to its output. A cut inside
# such a block would lose the skipped part, and `split` refuses it:

# %%
try:
    finetune.split(base, "block_12_project")
except ValueError as refusal:
    print(str(refusal).replace(": ", ":\n").replace(". ", ".\n"))

# %% [markdown]
# ## 3. Stage 1: train the head until it has converged
#
# In stage 1 the top is frozen as well. So we compute its output once, and train a small head
# on these features, with [early stopping](GLOSSARY.md#early-stopping).

# %%
SEEDS = 2
pool = keras.layers.GlobalAveragePooling2D()
features = {
    name: pool(top.predict(values, batch_size=64, verbose=0)).numpy()
    for name, values in cached.items()
}
normalise = keras.layers.Normalization()
normalise.adapt(features["train"])

LOSS = {"loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"]}


def stage_1(seed):
    keras.utils.set_random_seed(seed)
    head = keras.Sequential(
        [
            keras.Input(features["train"].shape[1:]),
            normalise,
            keras.layers.Dropout(0.5),
            keras.layers.Dense(classes, activation="softmax"),
        ],
        name="head",
    )
    head.compile(keras.optimizers.Adam(1e-3), **LOSS)
    history = head.fit(
        features["train"],
        train.labels,
        validation_data=(features["validation"], validation.labels),
        batch_size=32,
        epochs=200,
        verbose=0,
        callbacks=[
            keras.callbacks.EarlyStopping(patience=10, restore_best_weights=True)
        ],
    )
    return head, history


heads, histories = zip(*[stage_1(seed) for seed in range(SEEDS)], strict=True)
plots.learning_curves(histories[0], title="Stage 1, first seed")
# %% [markdown]
# The validation curves have become flat, so the head has converged. Now the independent check:
# [logistic regression](GLOSSARY.md#logistic-regression) on the same features. The validation
# images choose its `C`.

# %%
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

fitted = [
    make_pipeline(StandardScaler(), LogisticRegression(C=C, max_iter=1000)).fit(
        features["train"], train.labels
    )
    for C in [0.001, 0.01, 0.1]
]
linear = max(
    fitted, key=lambda one: one.score(features["validation"], validation.labels)
)

# Each head predicts all test images. Logistic regression has no seed: it is repeated.
labels, objects = np.tile(test.labels, SEEDS), np.tile(test.groups, SEEDS)
correct = {
    "logistic regression": np.tile(linear.predict(features["test"]), SEEDS) == labels,
    "stage 1: head": np.concatenate(
        [head.predict(features["test"], verbose=0).argmax(axis=1) for head in heads]
    )
    == labels,
}


def percent(interval):
    return f"{100 * interval.low:.0f} to {100 * interval.high:.0f}"


def verdict(gain):
    return "better" if gain.low > 0 else "worse" if gain.high < 0 else "inconclusive"


def compared(first, second):
    gain = evaluate.difference_interval(correct[first], correct[second], objects)
    low, value, high = (100 * x for x in (gain.low, gain.value, gain.high))
    return f"{value:+.1f} ({low:+.1f} to {high:+.1f}) {verdict(gain)}"


def accuracy_table():
    rows = {}
    for method, hits in correct.items():
        accuracy = evaluate.accuracy_interval(hits, objects)
        rows[method] = {
            "accuracy %": round(100 * accuracy.value, 1),
            "90 % interval": percent(accuracy),
            **{
                f"minus {other}": "" if method == other else compared(method, other)
                for other in ["logistic regression", "stage 1: head"]
            },
        }
    table = pd.DataFrame(rows).T
    table.loc["majority-class baseline"] = [
        round(100 * test.majority_share, 1),
        *3 * [""],
    ]
    return table


accuracy_table()

# %% [markdown]
# Each difference is given in points, with a 90 % [confidence
# interval](GLOSSARY.md#confidence-interval) over objects and a verdict. The accuracies of the
# head and of logistic regression are close, and the comparison is
# [inconclusive](GLOSSARY.md#inconclusive). With the flat curves, that result is good evidence
# that stage 1 has converged. So any gain of stage 2 comes from the base.

# %% [markdown]
# ## 4. Stage 2: unfreeze, compile, continue
#
# Stage 2 has five steps. If you forget one, no error message appears:
#
# - **Unfreeze**: `top.trainable = True`. Without it only the head goes on training.
# - **Keep BatchNorm frozen.** Otherwise its moving statistics change (lesson 4).
# - **Compile again.** A change of `trainable` takes effect at the next `compile`.
# - **Set a low learning rate**: 0.0001, a tenth of the head's. `CosineDecay`, a
#   **[learning-rate schedule](GLOSSARY.md#learning-rate-schedule)**, lowers it to 0 during
#   training. (The callback `ReduceLROnPlateau` instead lowers it when the validation loss
#   stops improving.)
# - **Save [checkpoints](GLOSSARY.md#checkpoint)**: `ModelCheckpoint` saves the weights
#   whenever the validation loss is the lowest so far. We load the best weights at the end.

# %%
EPOCHS = 12
folder = Path(tempfile.mkdtemp())


def unfreeze(part):
    part.trainable = True
    for layer in part.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False


def stage_2(head, learning_rate=1e-4, epochs=EPOCHS):
    top.set_weights(pretrained)
    unfreeze(top)
    model = keras.Sequential([keras.Input(cached["train"].shape[1:]), top, pool, head])

    # The schedule always covers EPOCHS, also when the training is shorter.
    steps = EPOCHS * int(np.ceil(len(train) / 32))
    schedule = keras.optimizers.schedules.CosineDecay(learning_rate, decay_steps=steps)
    model.compile(keras.optimizers.Adam(schedule), **LOSS)
    checkpoint = keras.callbacks.ModelCheckpoint(
        folder / "best.weights.h5",
        monitor="val_loss",
        save_best_only=True,
        save_weights_only=True,
    )
    history = model.fit(
        cached["train"],
        train.labels,
        validation_data=(cached["validation"], validation.labels),
        batch_size=32,
        epochs=epochs,
        verbose=0,
        callbacks=[checkpoint],
    )
    model.load_weights(folder / "best.weights.h5")
    return model, history


# %%
gain_guess = widgets.guess(
    "Stage 1 has converged. How many points of test accuracy does stage 2 add?",
    unit="points",
)
gain_guess

# %%
top.set_weights(pretrained)
before = inspect.fingerprint(
    keras.Sequential([keras.Input(cached["train"].shape[1:]), top, pool, heads[0]])
)
after_stage_2 = []
for seed, head in enumerate(heads):
    keras.utils.set_random_seed(seed)
    model, history = stage_2(head)
    found = model.predict(cached["test"], batch_size=64, verbose=0).argmax(axis=1)
    after_stage_2.append(found)
    if seed == 0:
        moved = inspect.compare(before, inspect.fingerprint(model))
        first_stage_2 = history
correct["stage 2: fine-tuned"] = np.concatenate(after_stage_2) == labels
plots.learning_curves([histories[0], first_stage_2], title="Stage 1, then stage 2")
# %% [markdown]
# The dotted line marks the start of stage 2. Then the validation loss falls below the plateau
# of the head alone. The training accuracy rises above 90 %: almost 300,000 trainable
# parameters [overfit](GLOSSARY.md#overfitting) 475 images. The checkpoint keeps the epoch
# with the lowest validation loss.

# %%
plots.changed_strip(moved, title="What stage 2 changed")
# %% [markdown]
# Each convolution of blocks 11 to 13 and the dense layer have changed. No BatchNorm
# statistics have changed. Did stage 2 help on new objects?

# %%
accuracy_table()

# %%
gain = evaluate.difference_interval(
    correct["stage 2: fine-tuned"], correct["stage 1: head"], objects
)
gain_guess.reveal(round(100 * gain.value, 1))

# %% [markdown]
# Stage 2 is better than the head and better than logistic regression: both intervals lie
# above 0. The gain is a few points. If we had stopped stage 1 too early, the same final
# accuracy would look like a larger gain.
#
# ### Why a low learning rate?
#
# We repeat the first three epochs of stage 2 with the same schedule and a learning rate a
# hundred times as high.

# %%
high_guess = widgets.guess(
    "Learning rate 0.01: what is the validation accuracy after three epochs?",
    unit="%",
)
high_guess

# %%
keras.utils.set_random_seed(0)
head, _ = stage_1(0)
_, at_high_rate = stage_2(head, learning_rate=1e-2, epochs=3)
first_epochs = {
    rate: history.history["val_accuracy"][:3]
    for rate, history in [(0.0001, first_stage_2), (0.01, at_high_rate)]
}
table = pd.DataFrame(first_epochs, index=["epoch 1", "epoch 2", "epoch 3"]).T
table.mul(100).round(1).rename_axis("learning rate")

# %%
high_guess.reveal(round(100 * at_high_rate.history["val_accuracy"][-1], 1))

# %% [markdown]
# With the high learning rate the accuracy falls to that of the majority-class baseline, or
# below. Large steps have overwritten the pretrained weights. Only one seed was tried, but the
# gap is wide.

# %% [markdown]
# ## 5. Which blocks to unfreeze
#
# The rule is: **the last blocks first**. Early layers respond to edges and colours, which
# nearly all tasks need. Late layers respond to parts of ImageNet's objects, so a new task
# changes them most. Late blocks are also cheaper to train: the backward pass ends at the
# first unfrozen layer.

# %%
# The same base with a fixed input size, so that its work can be counted.
counted = load_base("mobilenet_v2", input_shape=(96, 96, 3), cut="block_13_expand_relu")
plots.cost_by_block(counted)
# %% [markdown]
# Blocks 11 to 13 hold about half of the parameters, and do about a quarter of the work. The
# next table shows what training costs for several freezing points. *Work* is one forward
# and backward pass of an image; its unit is one forward pass of the whole base.

# %%
names = list(inspect.blocks(counted))
rows = {}
for first in ["block_13", "block_11", "block_7", names[0]]:
    cost = inspect.training_cost(counted, trainable=names[names.index(first) :])
    rows[f"from {first}"] = {
        "trainable parameters": f"{cost.trainable:,}",
        "work": round((cost.forward + cost.backward) / cost.forward, 2),
    }
pd.DataFrame(rows).T.rename_axis("unfrozen")

# %% [markdown]
# Start with the last blocks, measure, and unfreeze more only while the validation accuracy
# rises. In VGG16 the usual first step is `block5_conv1` and everything after it:
#
# ```python
# base = keras.applications.VGG16(weights="imagenet", include_top=False,
#                                 input_shape=(96, 96, 3))
# for layer in base.layers:
#     layer.trainable = layer.name.startswith("block5")
#
# # `model` is lesson 5's, trained to convergence: augmentation,
# # preprocessing, base, head
# model.compile(keras.optimizers.Adam(1e-5),
#               loss="sparse_categorical_crossentropy")
# model.fit(images, labels, validation_data=validation,
#           callbacks=[checkpoint])
# ```
#
# These lines are stage 2 without a cache. On a GPU, [mixed
# precision](GLOSSARY.md#mixed-precision) often makes such a training faster. [Lab
# 4](../labs/lab4/lab4.ipynb) uses it.

# %% [markdown]
# ## 6. What cached activations save
#
# *End to end*, each epoch sends the images through all blocks. *From the cache*, it sends
# the activations through blocks 11 to 13 only. Both cases need the backward pass through
# these blocks. That limits the saving, and `finetune.work` calculates the limit.

# %%
split_bottom, split_top = finetune.split(counted, "block_11_expand")
work = finetune.work(split_bottom, split_top, epochs=EPOCHS)


def seconds_per_epoch(part, x):
    """Timed on a quarter of the images, after a first epoch that traces the step."""
    x, y = x[: len(x) // 4], train.labels[: len(x) // 4]
    timed = keras.Sequential(
        [
            keras.Input(x.shape[1:]),
            part,
            pool,
            keras.layers.Dense(classes, activation="softmax"),
        ]
    )
    timed.compile(keras.optimizers.Adam(0.0), **LOSS)  # keeps the weights
    timed.fit(x, y, batch_size=32, verbose=0)
    started = time.perf_counter()
    timed.fit(x, y, batch_size=32, epochs=2, verbose=0)
    return 4 * (time.perf_counter() - started) / 2


bottom.trainable = False
unfreeze(top)
x = keras.applications.mobilenet_v2.preprocess_input(train.images.astype("float32"))
end_to_end = seconds_per_epoch(base, x)
from_cache = seconds_per_epoch(top, cached["train"])
pd.DataFrame(
    {
        "end to end": [round(work.end_to_end / EPOCHS / 1e6, 1), round(end_to_end, 2)],
        "from the cache": [
            round(work.training / EPOCHS / 1e6, 1),
            round(from_cache, 2),
        ],
        "times faster": [round(work.allowed, 1), round(end_to_end / from_cache, 1)],
    },
    index=["million multiply-adds per image", "seconds per epoch, measured"],
)

# %% [markdown]
# The first row is the limit, the second the measurement. The cache saves about half of the
# work of each epoch. It costs one pass through blocks 1 to 10 at the start. The training
# stays the same, as long as no layer below the cut is trained and the images do not change.
# For [augmentation](GLOSSARY.md#augmentation), cache several [augmented
# copies](GLOSSARY.md#augmented-copy) (`features.extract_augmented`), and use another copy
# in each epoch.

# %% [markdown]
# ## 7. The four uses of a pretrained network, measured
#
# Lesson 1 named four uses:
#
# - the **classifier as it is**: EfficientNet-Lite0 at 224 px; the probabilities of all
#   classes of a kind, such as birds, are added up;
# - the **standalone feature extractor**: cached features and logistic regression;
# - the **integrated feature extractor**: end to end with augmentation;
# - **weight initialisation**: fine-tuning.
#
# These uses, and a small network **from scratch**, take several minutes, so the next table
# reads a result of `benchmarks/fine_tuning.py`. There each method is trained to convergence
# on the training images and tested on the test images. Then the two sets are exchanged.

# %%
uses_guess = widgets.guess(
    "Which of the four uses is best on our images?",
    options=[
        "classifier as it is",
        "standalone extractor",
        "integrated extractor",
        "initialisation",
    ],
)
uses_guess

# %%
uses = benchmark_results.load("fine_tuning")["uses"]
rows = {}
for use in uses["rows"]:
    value, low, high = (100 * x for x in use["accuracy"])
    gain = evaluate.Interval(*use["against_standalone"])
    is_standalone = use["use"].startswith("standalone")
    rows[use["use"]] = {
        "accuracy %": round(value, 1),
        "90 % interval": f"{low:.0f} to {high:.0f}",
        "minus standalone": "" if is_standalone else round(100 * gain.value, 1),
        "verdict": "" if is_standalone else verdict(gain),
        "trained": f"{use['trained_parameters']:,}",
    }
table = pd.DataFrame(rows).T
table.loc["majority-class baseline"] = [round(100 * uses["majority"], 1), *4 * [""]]
table

# %%
best = max(uses["rows"], key=lambda use: use["accuracy"][0])["use"]
uses_guess.reveal(best.removeprefix("the "))

# %% [markdown]
# - **Classifier as it is**: the highest accuracy, without any training on our images. Birds
#   and vehicles are among ImageNet's classes, and EfficientNet-Lite0 sees larger images. But
#   its advantage is inconclusive, and it cannot predict a class that ImageNet lacks.
# - **Integrated extractor**: worse here. Its head differs too, so the cause need not be
#   augmentation. Lesson 5 compares with the same head.
# - **Initialisation**: training the last blocks is better than the standalone extractor, by
#   about two points. For the whole base, with twice as many parameters, the comparison is
#   inconclusive.
# - **From scratch**: the small network is far behind all others. With a few hundred images,
#   pretraining matters more than the choice among its uses. (Where pretrained weights are
#   worse than random ones, this is **[negative transfer](GLOSSARY.md#negative-transfer)**.)

# %% [markdown]
# ## 8. How many images do I need?
#
# Published advice disagrees: fine-tune "only with many images", "when the task differs",
# "always". Two quantities matter: the **size** of the training set and the **similarity**
# of the tasks. A **[learning curve](GLOSSARY.md#learning-curve)** shows test accuracy
# against the number of training images. (A curve of the loss over the epochs has the same
# name.) We draw one for each of three tasks:
#
# - *Objects*: birds, flowers and so on, a task like ImageNet's.
# - *Backgrounds*: the family of the photograph behind the object. The images are the same,
#   the labels are not.
# - *Clothes*: Fashion-MNIST, small grey images, enlarged. They do not look like ImageNet.
#
# Three methods are compared: logistic regression on features of the whole base, the same on
# features of a **shorter base** (up to block 8), and fine-tuning from block 11 on. This takes
# many trainings, so the next cell also reads a result of `benchmarks/fine_tuning.py`.

# %%
results = benchmark_results.load("fine_tuning")
titles = {"scenes": "Objects", "background": "Backgrounds", "fashion": "Clothes"}
rows = []
for task, title in titles.items():
    for point in results[task]["points"]:
        whole, shorter = (
            evaluate.Interval(*gain) for gain in point["tuned_minus"].values()
        )
        rows.append(
            {
                "task, images per class": f"{title}, {point['per_class']:.0f}",
                "features %": round(
                    100 * point["accuracy"]["features of the whole base"][0]
                ),
                "fine-tuned minus features": round(100 * whole.value, 1),
                "90 % interval": f"{100 * whole.low:+.1f} to {100 * whole.high:+.1f}",
                "verdict": verdict(whole),
            }
        )
pd.DataFrame(rows).set_index("task, images per class")

# %% [markdown]
# - **Objects**: fine-tuning is better at each size, by two to three points.
# - **Backgrounds**: inconclusive. The intervals resample photographs, and there are only
#   26, so they are wide.
# - **Clothes**: fine-tuning is better with very few images. From 30 per class on, the two
#   methods differ by less than a point. (These intervals resample test images only. Another
#   training set could change the sign of so small a difference.)
#
# So "only with many images" and "always" are both wrong here. The last figure adds the shorter
# base.

# %%
figure = plots.figures.new_figure((9.4, 4.6))
panels = figure.subplots(1, 3, sharey=True)
said = []
for ax, (task, title) in zip(panels, titles.items(), strict=True):
    points = results[task]["points"]
    sizes = [point["per_class"] for point in points]
    for method, look in zip(points[0]["accuracy"], plots.figures.CURVES, strict=False):
        value, low, high = 100 * np.array([p["accuracy"][method] for p in points]).T
        ax.plot(sizes, value, label=method, linewidth=2, markersize=7, **look)
        ax.fill_between(sizes, low, high, color=look["color"], alpha=0.15)
        said.append(f"{title}, {method}: {value[0]:.0f} to {value[-1]:.0f} %")
    majority = 100 * results[task]["majority"]
    ax.axhline(majority, color="black", linestyle=":", label="majority-class baseline")
    ax.set_xscale("log")
    ax.set_xticks(ticks := [5, 10, 20, 50, 100, 300], [str(tick) for tick in ticks])
    ax.minorticks_off()
    ax.set_xlim(0.85 * min(sizes), 1.15 * max(sizes))
    ax.set_title(title, fontsize=16)
    ax.set_xlabel("images per class", fontsize=14)
    ax.tick_params(labelsize=13)
    ax.grid(alpha=0.3)
panels[0].set_ylabel("test accuracy (%)", fontsize=14)
panels[0].set_ylim(0, 100)
handles, names = panels[0].get_legend_handles_labels()
figure.legend(
    handles, names, loc="outside lower center", ncols=2, fontsize=13, frameon=False
)
plots.describe(panels, f"Learning curves of three tasks. {'; '.join(said)}.")
# %% [markdown]
# Shaded areas are 90 % confidence intervals. The figure shows two results:
#
# - **More images help most.** On *Objects*, the step from 5 to 65 images per class adds
#   more than 25 points. Fine-tuning adds two to three.
# - **What the late layers add depends on the task.** On *Objects*, the task most like
#   ImageNet's, the whole base is far better than the shorter one. On the other tasks the
#   difference is smaller.
#
# Draw this curve for your task: train on a quarter, a half, and all of your images. If it
# still rises steeply, collect more images. If it is flat, try fine-tuning or another base.
# These results come from one base and three tasks. The procedure works for any task.

# %% [markdown]
# ## Quiz

# %% folded=true
widgets.quiz(
    [
        {
            "question": (
                "A tutorial trains a new head for three epochs, unfreezes the base, "
                "and reports that fine-tuning added 15 points. What is missing?"
            ),
            "options": [
                "A larger base.",
                (
                    "A converged stage 1, or logistic regression on the same "
                    "features, to compare with."
                ),
                "More epochs of fine-tuning.",
            ],
            "answer": 1,
            "why": [
                "The size of the base does not say where the 15 points come from.",
                (
                    "The head was still improving, and might have gained most of "
                    "these points alone."
                ),
                "The gain would still not show what the head alone would reach.",
            ],
        },
        {
            "question": (
                "You set `top.trainable = True` after a `fit` and call `fit` again "
                "without `compile`. What is trained?"
            ),
            "options": ["Only the head.", "The head and the top.", "Nothing."],
            "answer": 0,
            "why": [
                (
                    "The training step was built for the old flags, and is used until"
                    " the next `compile`."
                ),
                "That takes a new `compile`.",
                "The head goes on training, which makes this bug hard to notice.",
            ],
        },
        {
            "question": (
                "You fine-tune blocks 11 to 13 from cached activations. When would "
                "end to end give another result?"
            ),
            "options": [
                "Always: a cache is an approximation.",
                (
                    "When each epoch augments the images again, or a layer "
                    "below block 11 is trained."
                ),
                "When there are many epochs.",
            ],
            "answer": 1,
            "why": [
                "Frozen layers return the same values in each epoch, up to rounding.",
                (
                    "Then the activations change from epoch to epoch, and the cached "
                    "ones are out of date."
                ),
                "More epochs only make the cache more useful.",
            ],
        },
        {
            "question": (
                "The frozen part does most of the forward work. Why is an epoch from "
                "the cache not faster by that whole factor?"
            ),
            "options": [
                "Reading the cache is slow.",
                (
                    "The part above the cut also needs a backward pass, with or "
                    "without the cache."
                ),
                "The head is large.",
            ],
            "answer": 1,
            "why": [
                "Reading from memory takes little time compared with convolutions.",
                (
                    "Forward and backward together, the upper part costs about three "
                    "times its forward pass."
                ),
                "The head is a single small dense layer.",
            ],
        },
        {
            "question": (
                "The interval of `fine-tuned minus features` is −1 to +4 points. What"
                " do you report?"
            ),
            "options": [
                "Fine-tuning is better by about 1.5 points.",
                "Both are equally good.",
                (
                    "Inconclusive: these test objects cannot show a difference of "
                    "this size."
                ),
            ],
            "answer": 2,
            "why": [
                "The interval includes 0, so the sign itself is not certain.",
                (
                    "A gain of 4 points would fit the data as well. Not shown is not "
                    "the same as equal."
                ),
                (
                    "Then the cheaper method is the sensible choice until more test "
                    "objects are available."
                ),
            ],
        },
    ]
)

# %% [markdown]
# ## What to do next
#
# - **Lab 4**: fine-tune in two stages, on a GPU or on your own processor.
# - **Lesson 7** tests how far you can trust an accuracy.
