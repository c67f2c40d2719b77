# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 5 · Feature extraction end to end, with augmentation
#
# **Goal.** You will build one model that takes pixels and returns probabilities, with
# augmentation inside and the base frozen. You will measure what it costs and what it gains,
# compared with the cached features of lesson 3.
#
# {{header}}
#
# Afterwards you can
#
# - put augmentation, preprocessing, base, pooling and head into one Keras model;
# - show that augmentation is active in training and inactive in prediction;
# - compare two methods fairly: same data, same head, several seeds, both converged;
# - calculate after how many epochs cached features become cheaper.

# %% [markdown]
# ## 1. One model from pixels to probabilities
#
# Lesson 3 worked in two steps. The base ran once over all images, and a
# [head](GLOSSARY.md#head) was trained on the [cached features](GLOSSARY.md#cached-features).
# This is fast, but it has two drawbacks:
#
# - Whoever uses the head must repeat the same preprocessing and the same base.
# - An image has the same features in each epoch, so the training sees no new variants of it.
#
# **[Feature extraction](GLOSSARY.md#feature-extraction) end to end** puts all steps into one
# model. The base stays frozen, and only the head is trained. Each image passes through the
# base again in each epoch.
#
# We use the images and the base of lesson 3. The file holds MobileNetV2, cut at
# `block_13_expand_relu`, as a plain Keras model.

# %%
from course_utils import data, evaluate, plots, widgets
from course_utils.models import weights_file

import keras
import numpy as np
import pandas as pd

train, validation, test = (
    data.load_scenes(split) for split in ["train", "validation", "test"]
)
base = keras.models.load_model(weights_file("mobilenet_v2"))
base.trainable = False
print(f"{len(train)} training, {len(validation)} validation, {len(test)} test images")
print("output of the base for one image:", base.compute_output_shape((1, 96, 96, 3)))

# %% [markdown]
# Online, the whole MobileNetV2 comes from one line:
# `keras.applications.MobileNetV2(include_top=False, weights="imagenet", input_shape=(96, 96,
# 3))`.
#
# ### Augmentation layers
#
# **[Augmentation](GLOSSARY.md#augmentation)** shows the network a randomly changed variant of
# each image: mirrored, turned, or zoomed. The rule is that the label must still be correct.
# Keras has augmentation layers, so augmentation can be part of the model. Press the button a
# few times. Is each variant still the same class?


# %%
def make_augment():
    return keras.Sequential(
        [
            keras.layers.RandomFlip("horizontal"),
            keras.layers.RandomRotation(0.05, fill_mode="nearest"),  # up to 18 degrees
            keras.layers.RandomZoom(0.15, fill_mode="nearest"),
        ],
        name="augment",
    )


large = data.load_scenes("train", size=160, per_object=1)  # larger, only to look at
mammals = large.images[large.labels == large.class_names.index("mammal")]
widgets.augmentation_viewer(make_augment(), mammals[0], count=4)

# %% [markdown]
# ### Preprocessing as a layer
#
# MobileNetV2 expects values from −1 to 1. `preprocess_input` computes them outside a model. A
# `Rescaling` layer does the same inside a model and is saved with it. When you replace a
# function by a layer, check that both return the same:

# %%
rescale = keras.layers.Rescaling(1 / 127.5, offset=-1)

x = test.images[:8].astype("float32")  # a copy: preprocess_input changes its argument
expected = keras.applications.mobilenet_v2.preprocess_input(x.copy())
print(f"largest difference: {np.abs(rescale(x).numpy() - expected).max():.0e}")

# %% [markdown]
# ### The head of lesson 3
#
# To compare both methods, we need the head of lesson 3. Its `Normalization` layer needs the
# mean and variance of the training features, so we extract the features here as well.
# `maps` are the [feature maps](GLOSSARY.md#feature-map): 6 × 6 positions, 576 channels.

# %%
extractor = keras.Sequential([keras.Input((96, 96, 3)), rescale, base])
maps = {
    name: extractor.predict(part.images, batch_size=64, verbose=0)
    for name, part in [("train", train), ("validation", validation), ("test", test)]
}
# The mean over the positions is what GlobalAveragePooling2D computes.
features = {name: values.mean(axis=(1, 2)) for name, values in maps.items()}

normalise = keras.layers.Normalization(name="normalise")
normalise.adapt(features["train"])
normalise.trainable = False  # `adapt` has set its mean and variance; `fit` does not


def add_head(x):
    x = normalise(x)
    x = keras.layers.Dense(256, activation="relu")(x)
    x = keras.layers.Dropout(0.5)(x)
    return keras.layers.Dense(len(train.class_names), activation="softmax")(x)


# %% [markdown]
# ### The whole chain
#
# Now the [functional API](GLOSSARY.md#functional-API) connects everything. Read the function
# from top to bottom, as an image passes through the model.


# %%
def build_end_to_end():
    inputs = keras.Input((96, 96, 3))
    x = make_augment()(inputs)  # random, in training only
    x = keras.layers.Rescaling(1 / 127.5, offset=-1, name="rescale")(x)
    x = base(x)
    x = keras.layers.GlobalAveragePooling2D()(x)
    return keras.Model(inputs, add_head(x))


def trainable(model):
    return sum(int(np.prod(w.shape)) for w in model.trainable_weights)


model = build_end_to_end()
pd.DataFrame(
    {
        "parameters": [model.count_params()],
        "trainable": [trainable(model)],
    },
    index=["end-to-end model"],
)

# %%
plots.network_strip(model, title="Only the head is trainable")
# %% [markdown]
# The strip shows one frozen base, and a trainable head behind it.
#
# **`Flatten` or `GlobalAveragePooling2D`?** Average pooling reduces each feature map to one
# number. `Flatten` keeps each position as a number of its own: 6 × 6 × 576 = 20,736 features.
# Then `Dense(256)` alone has more than five million parameters. The table in section 4 compares
# both, each with logistic regression.

# %% [markdown]
# ## 2. Active in training, inactive in prediction
#
# Random layers have two modes. `fit` calls the model with `training=True`. `predict` and
# `evaluate` call it with `training=False`, and then the random layers return their input
# unchanged.
#
# A common bug is to build an augmentation block, to plot its variants, and to forget to connect
# it to the model. The plot looks right, but training runs without augmentation. So look at
# **what the base receives inside the model**, not at that plot. We send one image through the
# model twice in each mode.

# %%
into_base = keras.Model(model.input, model.get_layer("rescale").output)
same_image = np.stack([train.images[7], train.images[7]]).astype("float32")

shown, titles = [], []
for mode in [False, True]:
    received = into_base(same_image, training=mode).numpy()
    shown += list((received + 1) / 2)  # from -1..1 to 0..1
    titles += [f"training={mode}"] * 2
    print(f"training={mode}: difference {np.abs(received[0] - received[1]).max():.2f}")
plots.image_grid(np.clip(shown, 0, 1), titles=titles, columns=4)
# %% [markdown]
# With `training=False` both images are the same. With `training=True` they differ. So
# augmentation is connected, and it does not disturb prediction. Check your own models like
# this.

# %% [markdown]
# ## 3. What end to end can add
#
# Without augmentation, the head inside the model should receive the cached features in each
# epoch. `predict` switches augmentation off, so it can test this:

# %%
into_head = keras.Model(model.input, model.get_layer("normalise").input)
inside = into_head.predict(train.images[:64], verbose=0)  # predict: no augmentation
print(f"largest difference: {np.abs(inside - features['train'][:64]).max():.0e}")

# %% [markdown]
# The difference is rounding. So without augmentation, training end to end is the same as
# training on cached features, but each epoch costs a pass through the base. Any gain must come
# from augmentation that differs in each epoch. We measure that gain next.

# %%
gain_guess = widgets.guess(
    "Same images, same head, both trained to convergence. What does end to end with "
    "augmentation gain on the test images?",
    options=[
        "it is clearly better",
        "it is clearly worse",
        "inconclusive: the confidence interval of the difference includes 0",
    ],
)
gain_guess

# %% [markdown]
# ## 4. Both methods side by side
#
# The comparison follows four rules:
#
# - **Same data, same head, same optimiser.** Only the features differ.
# - **Both converge.** [Early stopping](GLOSSARY.md#early-stopping) on the validation loss
#   decides the number of epochs. Its patience is 3. (In lesson 3 it is 10. There the learning
#   rate is a third of ours, so the loss falls more slowly, and an epoch costs almost nothing.)
# - **Two [seeds](GLOSSARY.md#seed).** One training can be lucky.
# - **A simple classifier is in the table.** A head is useful if it beats [logistic
#   regression](GLOSSARY.md#logistic-regression) on the same features.
#
# A small [callback](GLOSSARY.md#callback) records the seconds of each epoch, without the
# validation that follows.

# %%
import time


class EpochSeconds(keras.callbacks.Callback):
    def on_train_begin(self, logs=None):
        self.seconds = []

    def on_epoch_begin(self, epoch, logs=None):
        self.started = time.perf_counter()

    def on_test_begin(self, logs=None):  # training of this epoch is over
        self.seconds.append(time.perf_counter() - self.started)


def train_to_convergence(model, x, x_validation):
    """Fits, keeps the best weights, and returns the seconds of each epoch."""
    model.compile(
        keras.optimizers.Adam(3e-3),
        "sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    clock = EpochSeconds()
    stop = keras.callbacks.EarlyStopping(
        monitor="val_loss", patience=3, restore_best_weights=True
    )
    model.fit(
        x,
        train.labels,
        validation_data=(x_validation, validation.labels),
        batch_size=32,
        epochs=30,  # an upper limit
        verbose=0,
        callbacks=[clock, stop],
    )
    return clock.seconds


def build_head(shape):
    inputs = keras.Input(shape)
    return keras.Model(inputs, add_head(inputs))


# %% [markdown]
# For each seed we time the extraction of the training features, and train both models. This is
# the slowest cell of the lesson.

# %%
SEEDS = 2
predictions = {"cached features": [], "end to end": []}
runs = []
for seed in range(SEEDS):
    keras.utils.set_random_seed(seed)
    started = time.perf_counter()
    extracted = extractor.predict(train.images, batch_size=32, verbose=0)
    extraction = time.perf_counter() - started
    x = extracted.mean(axis=(1, 2))

    head = build_head(x.shape[1:])
    head_epochs = train_to_convergence(head, x, features["validation"])
    predictions["cached features"].append(head.predict(features["test"], verbose=0))

    model = build_end_to_end()
    model_epochs = train_to_convergence(model, train.images, validation.images)
    predictions["end to end"].append(model.predict(test.images, verbose=0))

    # The first epoch also traces the training step, so the median leaves it out.
    runs.append(
        {
            "extraction": extraction,
            "head epoch": np.median(head_epochs[1:]),
            "end-to-end epoch": np.median(model_epochs[1:]),
            "head epochs": len(head_epochs),
            "end-to-end epochs": len(model_epochs),
        }
    )
runs = pd.DataFrame(runs, index=pd.Index(range(SEEDS), name="seed"))
runs.round(2)

# %% [markdown]
# The first three columns are seconds. The extraction and one epoch end to end are of the same
# order, because both are one pass through the base. An epoch of the head is far shorter.
#
# For the accuracies we add two classifiers on the cached features: logistic regression on the
# averages, and on the flattened feature maps. The validation images choose `C`.

# %%
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def logistic_regression(x):
    """Fits for several C; returns the test predictions of the best one."""
    fitted = [
        make_pipeline(StandardScaler(), LogisticRegression(C=C, max_iter=300)).fit(
            x["train"], train.labels
        )
        for C in [0.0001, 0.01, 1]
    ]
    best = max(fitted, key=lambda one: one.score(x["validation"], validation.labels))
    return best.predict(x["test"])


flattened = {name: values.reshape(len(values), -1) for name, values in maps.items()}
labels, objects = np.tile(test.labels, SEEDS), np.tile(test.groups, SEEDS)
correct = {
    # The same answers for each seed: nothing in these two is random.
    "logistic regression": np.tile(logistic_regression(features), SEEDS) == labels,
    "the same, Flatten": np.tile(logistic_regression(flattened), SEEDS) == labels,
}
for method, found in predictions.items():
    correct[method] = np.concatenate(found).argmax(axis=1) == labels

# %% [markdown]
# Each row has the accuracy on the test images of all seeds, with its 90 % [confidence
# interval](GLOSSARY.md#confidence-interval) over objects. The difference is from the row
# *cached features*.


# %%
def row(hits, against):
    accuracy = evaluate.accuracy_interval(hits, objects)
    gain = evaluate.difference_interval(hits, against, objects)
    verdict = "better" if gain.low > 0 else "worse" if gain.high < 0 else "inconclusive"
    return {
        "accuracy %": round(100 * accuracy.value, 1),
        "interval": f"{100 * accuracy.low:.0f} to {100 * accuracy.high:.0f}",
        "difference": round(100 * gain.value, 1),
        "its interval": f"{100 * gain.low:+.1f} to {100 * gain.high:+.1f}",
        "verdict": verdict,
    }


table = pd.DataFrame(
    {method: row(hits, correct["cached features"]) for method, hits in correct.items()}
).T
table.loc["cached features", ["difference", "its interval", "verdict"]] = ""
table.loc["majority-class baseline"] = [round(100 * test.majority_share, 1), *[""] * 4]
table.index.name = "method"
table

# %%
flatten = evaluate.difference_interval(
    correct["the same, Flatten"], correct["logistic regression"], objects
)
print(f"Flatten instead of averages: {100 * flatten.value:+.1f} points,", end=" ")
print(f"90 % interval {100 * flatten.low:+.1f} to {100 * flatten.high:+.1f}")

outcome = table.loc["end to end", "verdict"]
gain_guess.reveal(
    "inconclusive: the confidence interval of the difference includes 0"
    if outcome == "inconclusive"
    else f"it is clearly {outcome}"
)

# %% [markdown]
# The two methods differ by about a point, and the interval of the difference includes 0. So the
# comparison is **[inconclusive](GLOSSARY.md#inconclusive)**: if augmentation gains something
# here, it is too little for our test objects to show. Each object is on five training images
# already, in several sizes and on several backgrounds. With one photo per object the result
# could differ. Measure it for your images.
#
# The other rows give two more results:
#
# - **Logistic regression has the highest accuracy.** A head with about 150,000 parameters gains
#   nothing over a linear classifier here.
# - **With `Flatten`, logistic regression is several points lower.** The printed interval lies
#   below 0. Likely reasons: the position of our objects says nothing about the class, and there
#   are 36 times as many features.

# %% [markdown]
# ## 5. The break-even point
#
# With cached features you pay for one extraction, and then little per epoch. End to end you pay
# nothing first, and one pass through the base per epoch. Both cost the same after this number
# of epochs:
#
# **break-even = seconds to extract once ÷ (seconds per epoch end to end − seconds per epoch of
# the head)**
#
# The seconds come from the table of runs above.

# %%
break_even_guess = widgets.guess(
    "After how many epochs have cached features become cheaper?", unit="epochs"
)
break_even_guess


# %%
def break_even(run):
    saved_per_epoch = run["end-to-end epoch"] - run["head epoch"]
    return run["extraction"] / saved_per_epoch


middle = runs.median()
each = runs.apply(break_even, axis=1)
print(
    f"break-even: {break_even(middle):.1f} epochs "
    f"(single runs: {each.min():.1f} to {each.max():.1f})"
)
break_even_guess.reveal(round(float(break_even(middle)), 1))

# %% [markdown]
# The break-even point lies within the first few epochs. An extraction and an epoch end to end
# are nearly the same work. So expect a break-even point of the same order on other machines,
# and for other numbers of images. The runs differ because measured times vary.
#
# **[Augmented copies](GLOSSARY.md#augmented-copy)** move the break-even point. You draw K variants
# of each image once and cache the features of all of them (`features.extract_augmented`,
# lesson 3). That costs K extractions, so the break-even point is about K times as large. With K
# as large as the number of epochs, nothing is saved.
#
# The calculator starts with the seconds measured here. Enter the numbers of your own project:
# ten thousand images? Eight copies?

# %%
widgets.extraction_cost_calculator(
    images=len(train),
    epochs=20,
    copies=1,
    base_seconds=middle["extraction"] / len(train),
    head_seconds=middle["head epoch"] / len(train),
    end_to_end_seconds=middle["end-to-end epoch"] / len(train),
)

# %% [markdown]
# ### Which method to choose
#
# Start with cached features: you can try many heads in the time of one training end to end.
# Choose end to end when
#
# 1. **you will fine-tune** (lesson 6): once the base is trained, cached features are out of
#    date;
# 2. **augmentation gains something** in a measurement like the one above;
# 3. **the features do not fit** on the disk, for example feature maps of many copies;
# 4. **you want one file**: pixels in, probabilities out. You can also train with cached
#    features and join base and head afterwards. Section 3 showed that the head receives the
#    same features.
#
# The last figure draws both costs with the seconds of this run.

# %%
epochs = np.arange(0, 11)
plots.break_even(
    epochs,
    {
        "cached features": middle["extraction"] + epochs * middle["head epoch"],
        "end to end": epochs * middle["end-to-end epoch"],
    },
    title="When cached features become cheaper",
)
# %% [markdown]
# Cached features start with the cost of one extraction, and then the line is almost flat. The
# line of end to end starts at 0 and rises by one pass per epoch. The lines cross at the star,
# the break-even point. Most trainings have more epochs than that. So for a frozen base, cached
# features are usually cheaper.

# %% [markdown]
# ## Quiz

# %% folded=true
widgets.quiz(
    [
        {
            "question": (
                "Your model contains `RandomFlip`. You call `predict` twice on one "
                "image. What do you get?"
            ),
            "options": [
                "Two different results.",
                "The same result twice.",
                "An error.",
            ],
            "answer": 1,
            "why": [
                "That happens with `training=True`, which `predict` does not use.",
                "Outside training, random layers return their input unchanged.",
                "`predict` works; it only switches the random layers off.",
            ],
        },
        {
            "question": "The base is frozen. Why is an epoch end to end still slow?",
            "options": [
                "The gradient must pass through the base.",
                "Each image passes forward through the base again.",
                "The head has many parameters.",
            ],
            "answer": 1,
            "why": [
                (
                    "No weight in the base or before it is trained, so no gradient "
                    "is computed there."
                ),
                "The forward pass through the base is nearly all the work of an epoch.",
                "An epoch of the head alone took a small part of the time.",
            ],
        },
        {
            "question": (
                "You plan 30 epochs and want augmentation. You cache six copies of "
                "each image. About how much of the base's work do you save?"
            ),
            "options": ["Nothing.", "One fifth.", "Four fifths."],
            "answer": 2,
            "why": [
                "Six passes are fewer than thirty.",
                "One fifth is what remains: 6 passes of 30.",
                "6 passes through the base instead of 30.",
            ],
        },
        {
            "question": (
                "A plot of augmented images looks right, but training behaves as if "
                "there were no augmentation. What do you check first?"
            ),
            "options": [
                "The seed.",
                "What the base receives inside the model, with `training=True`.",
                "The learning rate.",
            ],
            "answer": 1,
            "why": [
                "A seed changes which variants are drawn, not whether they are.",
                "The plotted layers may not be connected to the model.",
                "It has no influence on the input of the base.",
            ],
        },
        {
            "question": (
                "Method A trains 5 epochs, method B stops early after 40. A is 3 "
                "points worse, and you conclude that B is the better method. What is "
                "wrong?"
            ),
            "options": [
                "Nothing.",
                "B had more parameters.",
                "A may not have converged, and a single run has no interval.",
            ],
            "answer": 2,
            "why": [
                "The difference may come from the number of epochs alone.",
                "Nothing was said about parameters.",
                (
                    "Compare converged trainings, over several seeds, and look at the"
                    " interval of the difference."
                ),
            ],
        },
    ]
)

# %% [markdown]
# ## What to do next
#
# - **Lesson 6** unfreezes the last blocks of the base, and measures when that is worth it.
# - **Lab 3**: build, freeze, augment and train an end-to-end model (after lessons 4 and 5).
