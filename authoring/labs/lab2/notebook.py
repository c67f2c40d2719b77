# %% [markdown]
# # Lab 2: Extract once, train many
#
# **Goal.** By the end you can run a pretrained base once over your images, save the features with
# their provenance, train heads on them in seconds, and give their accuracy with a confidence
# interval.
#
# {{header}}
#
# | | |
# |---|---|
# | What you need | lesson 03 |
# | Network, GPU | neither |
# | Points | {{points}}: {{checked: exercise}} that are checked automatically ({{checked points}}), {{read: question}} read by a person ({{read points}}) |
#
# **How it works.** As in lab 1. When the lab is marked, the checks run with other numbers, and your
# head is tested on scenes that nobody has seen.
#
# - Every exercise stands alone. The cells between them use your own answers.
# - A `NameError` from a check? The answer cell above it has not been run yet, or the set-up cell
#   has not.
# - The check tests an exercise's **demands** and nothing else.
# - You may import NumPy, SciPy, scikit-learn, scikit-image, pandas, Pillow, Keras, TensorFlow,
#   safetensors, `course_utils` and Python's own modules.
# - A model that you return consists of Keras's own layers, without `Lambda` or classes of your own.
#   When the lab is marked, it is rebuilt in another process.
# - Keep the cells and the file name. Extra cells of your own are fine.
#
# **Handing in.** Submit `lab2.ipynb`. A clone of the course holds the worked solution,
# `solutions/lab2/lab2.ipynb`. (What an instructor hands out may come without it.)

# %% nbgrader="locked" id="version"
import course_utils

print(f"course_utils {course_utils.__version__}")

# %% nbgrader="locked" id="setup"
import io
import json
import tempfile
import time
from pathlib import Path

import keras
import numpy as np

from course_utils import plots
from course_utils.checks.lab2 import SCENES_PER_OBJECT, THRESHOLD, VISIBLE_THRESHOLD
from course_utils.checks import when_ready
from course_utils.evaluate import accuracy_interval, difference_interval
from course_utils.data import load_scenes
from course_utils.features import extract
from course_utils.models import load_base, preprocess

started = time.perf_counter()
scenes = {split: load_scenes(split, size=96, per_object=SCENES_PER_OBJECT) for split in ["train", "validation", "test"]}
for split, some in scenes.items():
    print(f"{split:10}  {len(some)} scenes of {len(np.unique(some.groups))} objects  {some.images.shape}")
print("classes:", ", ".join(scenes["train"].class_names))

# %% [markdown]
# The scenes show objects pasted on backgrounds. `scenes["train"].images` holds the images (`uint8`,
# 0 to 255), `.labels` their classes, and `.groups` the number of the **object** that each shows.
# Scenes with the same number show the same object on other backgrounds.

# %% [markdown]
# ## Exercise 1: the extractor ({{points}} points)
#
# **Aim.** Write `build_extractor(size, cut)`. It returns VGG16 up to the layer called `cut`, for
# square images of `size` pixels, with one number per channel at the end.
#
# **Why.** You decide where to cut: early layers respond to edges, late ones to objects. Average
# pooling gives a vector of the same length for any image size.
#
# **Demands**
#
# - *input*: the model takes `(None, size, size, 3)`, images that are preprocessed already, and does not preprocess them.
# - *cut*: what it gives comes from VGG16's layer called `cut`, whichever that is, such as `"block5_pool"`.
# - *average*: each channel of that feature map becomes its mean: `(None, channels)`.
# - *pretrained weights*: the weights are those of ImageNet, up to the cut.

# %% [markdown]
# <details>
# <summary>A hint</summary>
#
# `load_base("vgg16", …)` has an argument for each thing you need: the input shape, the cut, the
# pooling. Or use `base.get_layer(cut).output`, `keras.layers.GlobalAveragePooling2D()` and
# `keras.Model`.
#
# </details>
#
# <details>
# <summary>A trap</summary>
#
# `base.layers` is a copy of a list. Removing entries from it does not change the network.
#
# </details>


# %% nbgrader="answer" id="build-extractor"
def build_extractor(size, cut):
    """Builds a feature extractor from VGG16.

    Args:
        size: height and width of the images, in pixels.
        cut: name of the layer to end with, for example "block5_pool".

    Returns:
        keras.Model: input (None, size, size, 3), preprocessed; output (None, channels), the mean of each channel.
    """
    ### BEGIN SOLUTION
    return load_base("vgg16", input_shape=(size, size, 3), cut=cut, pooling="avg")
    ### END SOLUTION


# %% nbgrader="test" id="test-build-extractor" points=12
from course_utils.checks import lab2

secret = None  # the check that you see; another number when the lab is marked
### BEGIN HIDDEN TESTS
secret = lab2.secret_seed()
### END HIDDEN TESTS
verdict = lab2.build_extractor(build_extractor, seed=secret)
verdict.marks(12)

# %%
with when_ready("exercise 1"):
    scene = preprocess("vgg16", scenes["train"].images[:1])
    print(f"{'cut':12}{'numbers per scene':>18}{'of them 0 for one scene':>25}{'parameters up to there':>24}")
    for cut in ["block1_pool", "block2_pool", "block3_pool", "block4_pool", "block5_pool"]:
        model = build_extractor(96, cut)
        vector = np.asarray(model(scene))[0]
        print(f"{cut:12}{vector.size:>18}{np.sum(vector == 0):>25}{model.count_params():>24,}")
    print(f"\none scene is {scene.size:,} numbers")

# %% [markdown]
# **What to notice.** Look at the zeros. An early channel finds its edge or colour in almost any
# image. Many late channels find nothing in this one. The rest of the lab cuts at `block5_pool`, the
# end of the base.

# %% [markdown]
# ## Exercise 2: run it once ({{points}} points)
#
# **Aim.** Write `extract_features(extractor, images)`. It takes scenes of the extractor's size and
# returns one row of features for each.
#
# **Why.** This is the only slow step. With other preprocessing than VGG16 was trained with, the
# features are worse, and so is every head trained on them. No message says so.
#
# **Demands**
#
# - *shape*: one array `(number of images, number of features)`, whatever the number of images.
# - *order*: the rows are in the order of the images.
# - *preprocessing*: each image is preprocessed as for VGG16, once.
# - *prediction mode*: the extractor runs as in prediction, not as in training.

# %% [markdown]
# <details>
# <summary>A hint</summary>
#
# `preprocess("vgg16", images)`, then `extractor.predict(…, verbose=0)`. Or use `extract` of lesson
# 03 (imported above), which does both and caches the result.
#
# </details>


# %% nbgrader="answer" id="extract-features"
def extract_features(extractor, images):
    """Turns scenes into features.

    Args:
        extractor: a Keras model from preprocessed images to vectors, as VGG16 would be.
        images: uint8 array (N, height, width, 3), RGB, 0 to 255.

    Returns:
        array (N, features): one row for each image, in their order.
    """
    ### BEGIN SOLUTION
    return extract(extractor, images, preprocess="vgg16", progress=False)
    ### END SOLUTION


# %% nbgrader="test" id="test-extract-features" points=13
from course_utils.checks import lab2

secret = None  # the check that you see; another number when the lab is marked
### BEGIN HIDDEN TESTS
secret = lab2.secret_seed()
### END HIDDEN TESTS
verdict = lab2.extract_features(extract_features, seed=secret)
verdict.marks(13)

# %% [markdown]
# Run the slow step for all three sets. Compare its seconds with those of a second run.

# %%
features = {}
with when_ready("exercises 1 and 2"):
    extractor = build_extractor(96, "block5_pool")
    began = time.perf_counter()
    for split, some in scenes.items():
        features[split] = np.asarray(extract_features(extractor, some.images))
    seconds = time.perf_counter() - began
    pixels, numbers = (
        sum(array.nbytes for array in arrays) / 1e6
        for arrays in ([some.images for some in scenes.values()], features.values())
    )
    print(
        f"{sum(map(len, scenes.values()))} scenes in {seconds:.1f} s: {pixels:.1f} MB of pixels, {numbers:.1f} MB of features"
    )

# %% [markdown]
# For each validation scene, the next cell finds the training scene with the most similar features.
# No object is in both sets. How many are of the right class? What do the others share with the
# validation scene?
#
# **What you should see:** two lines with shares, then two rows of images: validation scenes above,
# the most similar training scenes below. The pairs on the left have the same class name, those on
# the right do not.

# %%
with when_ready("exercises 1 and 2"):
    train, validation = scenes["train"], scenes["validation"]
    unit = {split: rows / np.linalg.norm(rows, axis=1, keepdims=True) for split, rows in features.items()}
    nearest = (unit["validation"] @ unit["train"].T).argmax(axis=1)
    same_class = train.labels[nearest] == validation.labels
    same_background = train.backgrounds[nearest] == validation.backgrounds
    print(
        f"the nearest training scene has the same class for {same_class.mean():.0%} of {len(nearest)} validation scenes,"
    )
    print(f"and the same kind of background for {same_background.mean():.0%}; ", end="")
    print(f"a scene drawn at random: {np.mean(train.backgrounds == validation.backgrounds[:, None]):.0%}")
    shown = np.r_[np.flatnonzero(same_class)[:2], np.flatnonzero(~same_class)[:3]]
    names = [name.replace("_", " ") for name in train.class_names]
    above = [names[validation.labels[i]] for i in shown]
    below = [names[train.labels[nearest[i]]] for i in shown]
    plots.image_grid(
        [*validation.images[shown], *train.images[nearest[shown]]],
        titles=[*above, *below],
        columns=len(shown),
        title="above: validation scenes; below: the training scene with the most similar features",
        alt="Five validation scenes above the training scene whose features are most similar: "
        + "; ".join(f"{a} above {b}" for a, b in zip(above, below, strict=True)),
    )

# %% [markdown]
# **What to notice.** Most of the nearest scenes are of the right class. But the features also
# describe the backgrounds. A head learns which features to use for your classes.

# %% [markdown]
# ## Exercise 3: features with provenance ({{points}} points)
#
# **Aim.** Write two functions. `pack_features(features, labels, groups, provenance)` returns the
# **bytes** of a file that holds all four. `unpack_features(data, wanted)` turns them back into
# `{"features": …, "labels": …, "groups": …, "provenance": …}`, unless they are not what is
# `wanted`.
#
# **Why.** Bare numbers do not say whether they came from `block5_pool` or `block4_pool`. Their
# provenance does. The file must not hold a *pickle*: reading a pickle runs any code that its author
# put into it.
#
# **Demands**
#
# - *bytes*: `pack_features` returns `bytes` that hold everything.
# - *arrays*: features, labels and groups come back with the same shapes, kinds of numbers and values. Features may have more
#   than two axes.
# - *provenance*: the dictionary of text, numbers, lists and dictionaries comes back equal.
# - *no pickle*: there is no pickle in the bytes.
# - *pickles refused*: where somebody has put a pickle in place of an array, `unpack_features` raises an error of any kind
#   and does not run it.
# - *wanted*: each entry of the dictionary `wanted` must be in the provenance with that value; if one is not, raise a
#   `ValueError` or an `AssertionError`, and return the dictionary otherwise.

# %% [markdown]
# <details>
# <summary>A hint for the arrays</summary>
#
# `np.savez(file, features=…, labels=…)` also writes into an `io.BytesIO()`, whose `getvalue()` are
# the bytes. `np.load(io.BytesIO(data))` reads them and refuses pickles by default.
#
# </details>
#
# <details>
# <summary>A hint for the provenance</summary>
#
# A dictionary among the arrays would be pickled. `json.dumps(provenance)` turns it into text, a
# NumPy array may hold one text, and `json.loads(str(…))` turns that back into a dictionary.
#
# </details>
#
# <details>
# <summary>A trap</summary>
#
# `assert (a == b, "they differ")` never fails: it asserts a pair, and a pair is true. Use
# `if …: raise ValueError(…)`.
#
# </details>


# %% nbgrader="answer" id="keep-features"
def pack_features(features, labels, groups, provenance):
    """Packs features and where they came from into the bytes of a file, without pickle.

    Args:
        features: float32 array (N, …).
        labels: integer array (N,).
        groups: integer array (N,), the number of each scene's object.
        provenance: dict of text, numbers, lists and dictionaries.

    Returns:
        bytes.
    """
    ### BEGIN SOLUTION
    buffer = io.BytesIO()
    np.savez(buffer, features=features, labels=labels, groups=groups, provenance=np.array(json.dumps(provenance)))
    return buffer.getvalue()
    ### END SOLUTION


def unpack_features(data, wanted):
    """Reads what pack_features packed.

    Args:
        data: bytes.
        wanted: dict of entries that the provenance must have.

    Returns:
        dict with features, labels, groups and provenance.

    Raises:
        ValueError: the provenance lacks something wanted, or has another value for it.
    """
    ### BEGIN SOLUTION
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        kept = {name: file[name] for name in ["features", "labels", "groups"]}
        kept["provenance"] = json.loads(str(file["provenance"]))
    for name, value in wanted.items():
        found = kept["provenance"].get(name)
        if found != value:
            raise ValueError(f"these features have {name} {found!r}, and {value!r} is wanted")
    return kept
    ### END SOLUTION


# %% nbgrader="test" id="test-keep-features" points=15
from course_utils.checks import lab2

secret = None  # the check that you see; another number when the lab is marked
### BEGIN HIDDEN TESTS
secret = lab2.secret_seed()
### END HIDDEN TESTS
verdict = lab2.keep_features(pack_features, unpack_features, seed=secret)
verdict.marks(15)

# %% [markdown]
# The next cell writes your training features to a temporary folder, reads them back, and asks for
# another cut.

# %%
with when_ready("exercises 1 to 3"):
    provenance = {
        "base": "vgg16",
        "cut": "block5_pool",
        "pooling": "average",
        "preprocess": "vgg16",
        "images": "load_scenes('train', size=96, per_object=3, seed=0)",
        "keras": keras.__version__,
        "written": time.strftime("%Y-%m-%d"),
    }
    path = Path(tempfile.mkdtemp()) / "features_train.npz"
    path.write_bytes(pack_features(features["train"], train.labels, train.groups, provenance))
    kept = unpack_features(path.read_bytes(), {"base": "vgg16", "cut": "block5_pool"})
    print(f"{path.name}: {path.stat().st_size:,} bytes, {kept['features'].shape} features")
    print("the same numbers as before:", np.array_equal(kept["features"], features["train"]))
    for name, value in kept["provenance"].items():
        print(f"  {name:11} {value}")
    try:
        unpack_features(path.read_bytes(), {"cut": "block4_pool"})
    except ValueError as error:
        print("\nasked for block4_pool:", error)

# %% [markdown]
# ## Exercise 4: a split that does not leak ({{points}} points)
#
# **Aim.** Write `split_by_object(labels, groups, seed)`. It returns the positions of the scenes to
# train on and of those held out: `(train, held_out)`.
#
# **Why.** Every object appears in several scenes. If some of them are trained on and others held
# out, the accuracy shows how well the head remembers objects, not how well it classifies new ones.
# No image is in both parts, so nothing looks wrong.
#
# **Demands**
#
# - *every image*: every scene is in exactly one of the two arrays.
# - *no leak*: all scenes of an object are in the same one.
# - *a quarter*: about a quarter of the scenes is held out.
# - *every class*: every class has objects in both parts.
# - *seed*: the same `seed` gives the same split again, and another seed another split.

# %% [markdown]
# <details>
# <summary>A hint for doing it by hand</summary>
#
# For each class: the objects of that class are `np.unique(groups[labels == number])`. Shuffle them
# with a generator `rng = np.random.default_rng(seed)` and choose a quarter. Then
# `np.isin(groups, chosen)` says which scenes are held out, and `np.flatnonzero` turns that into
# positions.
#
# </details>
#
# <details>
# <summary>A hint for a function that does it</summary>
#
# `course_utils.evaluate.grouped_splits(labels, groups, folds=4, seed=…)` gives four such pairs, of
# which you need one. It uses scikit-learn's `StratifiedGroupKFold`.
#
# </details>


# %% nbgrader="answer" id="split"
def split_by_object(labels, groups, seed):
    """Splits scenes by object.

    Args:
        labels: integer array (N,), the class of each scene.
        groups: integer array (N,), the number of each scene's object.
        seed: integer that decides the split.

    Returns:
        (train, held_out): two integer arrays of positions from 0 to N - 1.
    """
    ### BEGIN SOLUTION
    rng = np.random.default_rng(seed)
    chosen = []
    for label in np.unique(labels):
        objects = np.unique(groups[labels == label])
        chosen.extend(rng.permutation(objects)[: max(1, round(len(objects) / 4))])
    held_out = np.isin(groups, chosen)
    return np.flatnonzero(~held_out), np.flatnonzero(held_out)
    ### END SOLUTION


# %% nbgrader="test" id="test-split" points=12
from course_utils.checks import lab2

secret = None  # the check that you see; another number when the lab is marked
### BEGIN HIDDEN TESTS
secret = lab2.secret_seed()
### END HIDDEN TESTS
verdict = lab2.split_by_object(split_by_object, seed=secret)
verdict.marks(12)

# %% [markdown]
# The next cell splits the *training* scenes ten times with your function and ten times at random,
# and trains a logistic regression on each split. Predict: by how many points is the accuracy of the
# leaking splits higher?

# %%
with when_ready("exercises 1, 2 and 4"):
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    shares = {"by object": [], "at random": []}
    for seed in range(10):
        ours, held_out = split_by_object(train.labels, train.groups, seed)
        mixed = np.random.default_rng(seed).permutation(len(train))
        for kind, learn, rest in [
            ("by object", ours, held_out),
            ("at random", mixed[: len(ours)], mixed[len(ours) :]),
        ]:
            model = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=200))
            model.fit(features["train"][learn], train.labels[learn])
            shares[kind].append(model.score(features["train"][rest], train.labels[rest]))
    for kind, found in shares.items():
        print(f"{kind:11}  mean accuracy {np.mean(found):.3f}, from {min(found):.3f} to {max(found):.3f}")
    gap = np.mean(shares["at random"]) - np.mean(shares["by object"])
    print(
        f"the leak adds {100 * gap:.0f} points on average; "
        f"the splits without a leak range over {100 * np.ptp(shares['by object']):.0f} points"
    )

# %% [markdown]
# **What to notice.** Only the objects of the held-out scenes differ. They matter in the splits
# without a leak too: look at their range. Exercise 7 turns that into a confidence interval.

# %% [markdown]
# ## Exercise 5: a head in Keras ({{points}} points)
#
# **Aim.** Write `train_head(features, labels, classes)`. It builds a small Keras model from
# features to probabilities, trains it, and returns it.
#
# **Why.** Training on features takes seconds, so you can try twenty heads in the time of one run
# through the base.
#
# The check trains your head on some columns of the training features, with columns and classes in
# another order and with more classes than occur. It evaluates the head on validation scenes. When
# the lab is marked, it uses new scenes of the *test* objects and a lower threshold.

# %% nbgrader="locked" id="threshold"
for split in ["validation", "test"]:
    some = scenes[split]
    most_frequent = some.class_names[np.bincount(some.labels).argmax()]
    print(f"majority-class baseline: {most_frequent!r} is right for {some.majority_share:.0%} of the {split} scenes")
print(
    f"asked for in exercises 5 and 6: {VISIBLE_THRESHOLD:.0%} of unseen scenes; when the lab is marked, {THRESHOLD:.0%}"
)

# %% [markdown]
# **Demands**
#
# - *input*: the model takes `(None, number of features)`, however many features it was trained on.
# - *classes*: it gives one number for each of `classes` classes, also where a class does not occur.
# - *probabilities*: the numbers are from 0 to 1 and add up to 1.
# - *scaling inside*: it takes the features as they come. If you scale them, a layer of the model does it (`Normalization`,
#   `BatchNormalization`).
# - *accuracy*: of unseen scenes it classifies at least the share correctly that is printed above, among them at least one
#   scene of at least four of the six classes.

# %% [markdown]
# <details>
# <summary>A hint for the model</summary>
#
# `keras.Sequential` of `keras.Input((features.shape[1],))`, perhaps a hidden `Dense` layer with
# `Dropout`, and a `Dense` layer with `activation="softmax"`.
#
# </details>
#
# <details>
# <summary>A hint for the training</summary>
#
# The labels are integers, so the loss is `"sparse_categorical_crossentropy"`. With few scenes an
# epoch has few steps: train for some tens of epochs.
#
# </details>


# %% nbgrader="answer" id="train-head"
def train_head(features, labels, classes):
    """Trains a Keras head.

    Args:
        features: float32 array (N, number of features), not scaled.
        labels: integer array (N,), 0 to classes - 1; not every class need occur.
        classes: how many classes there are.

    Returns:
        keras.Model: input (None, number of features), output (None, classes), probabilities; trained.
    """
    ### BEGIN SOLUTION
    head = keras.Sequential(
        [
            keras.Input((features.shape[1],)),
            keras.layers.BatchNormalization(),
            keras.layers.Dropout(0.5),
            keras.layers.Dense(classes, activation="softmax"),
        ]
    )
    head.compile(optimizer=keras.optimizers.Adam(3e-3), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    head.fit(features, labels, epochs=40, batch_size=32, verbose=0)
    return head
    ### END SOLUTION


# %% nbgrader="test" id="test-train-head" points=13
from course_utils.checks import lab2

secret = None  # the check that you see; another number when the lab is marked
### BEGIN HIDDEN TESTS
secret = lab2.secret_seed()
### END HIDDEN TESTS
verdict = lab2.train_head(train_head, seed=secret)
verdict.marks(13)

# %% [markdown]
# The next cell trains your head on your own features.

# %%
probabilities = {}
with when_ready("exercises 1, 2 and 5"):
    keras.utils.set_random_seed(0)  # the same start every time, so that the numbers below come back
    began = time.perf_counter()
    head = train_head(features["train"], train.labels, len(train.class_names))
    print(f"trained in {time.perf_counter() - began:.1f} s; {head.count_params():,} parameters")
    for split, some in scenes.items():
        probabilities[split] = np.asarray(head.predict(features[split], verbose=0))
        if split != "test":  # the one look at those comes at the end
            share = np.mean(probabilities[split].argmax(axis=1) == some.labels)
            print(f"{split:10}  {share:.3f} of {len(some)} scenes classified correctly")

# %% [markdown]
# **What to notice.** The training accuracy says almost nothing: a head with a few thousand
# parameters overfits a few hundred scenes. Choose between heads on the validation scenes. A head
# that was chosen on the test scenes has no test left.

# %% [markdown]
# ## Exercise 6: a support vector machine ({{points}} points)
#
# **Aim.** Write `train_svm(features, labels)`. It returns a fitted scikit-learn classifier, a
# support vector machine.
#
# **Why.** An SVM has no epochs and no learning rate, so it is a good baseline for your Keras head.
#
# **Demands**
#
# - *labels*: its method `predict` gives one of the labels for each row of features. Labels are any integers.
# - *support vectors*: what predicts is an `SVC`, `NuSVC`, `LinearSVC`, or an `SGDClassifier` with the hinge loss, alone or
#   in a pipeline or a search.
# - *scaling inside*: it takes the features as they come. If you scale them, the scaler is part of what you return.
# - *accuracy*: as in exercise 5.

# %% [markdown]
# <details>
# <summary>A hint</summary>
#
# `make_pipeline(StandardScaler(), SVC())` from `sklearn.pipeline`, `sklearn.preprocessing` and `sklearn.svm` is one object with
# `fit` and `predict`.
#
# </details>


# %% nbgrader="answer" id="train-svm"
def train_svm(features, labels):
    """Fits a support vector machine.

    Args:
        features: float32 array (N, number of features), not scaled.
        labels: integer array (N,), any integers.

    Returns:
        A fitted object whose predict(features) gives one label per row.
    """
    ### BEGIN SOLUTION
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import SVC

    return make_pipeline(StandardScaler(), SVC(kernel="linear", C=0.01)).fit(features, labels)
    ### END SOLUTION


# %% nbgrader="test" id="test-train-svm" points=10
from course_utils.checks import lab2

secret = None  # the check that you see; another number when the lab is marked
### BEGIN HIDDEN TESTS
secret = lab2.secret_seed()
### END HIDDEN TESTS
verdict = lab2.train_svm(train_svm, seed=secret)
verdict.marks(10)

# %%
with when_ready("exercises 1, 2 and 6"):
    began = time.perf_counter()
    svm = train_svm(features["train"], train.labels)
    print(f"fitted in {time.perf_counter() - began:.2f} s")
    for split in ["train", "validation"]:
        share = np.mean(svm.predict(features[split]) == scenes[split].labels)
        print(f"{split:10}  {share:.3f} of {len(scenes[split])} scenes classified correctly")

# %% [markdown]
# ## Exercise 7: a confidence interval ({{points}} points)
#
# **Aim.** Write `accuracy_with_interval(probabilities, labels, groups, level)`. It returns the
# accuracy and the two ends of its bootstrap confidence interval, which resamples **objects**.
#
# **Why.** Other test objects would have given another accuracy. The bootstrap estimates how
# different: draw as many objects as you have, with replacement, take all their scenes, and compute
# the accuracy. Repeat that a thousand times or more. Lesson 03 used a function for this; here you
# write it.
#
# **Demands**
#
# - *three shares*: `(accuracy, low, high)`, numbers from 0 to 1.
# - *accuracy*: the share of scenes whose most probable class is the right one.
# - *whole objects*: `low` and `high` come from resampling objects with replacement, each with all its scenes. Groups have any
#   numbers, and not all have equally many scenes.
# - *level*: the share `level` of the draws lies between the two ends, and half of the rest on either side: for 0.90
#   they are the 5 % and the 95 % quantile.

# %% [markdown]
# <details>
# <summary>A hint for the drawing</summary>
#
# First count for each object its scenes and those classified correctly:
# `np.unique(groups, return_inverse=True)` numbers the objects from 0, and `np.bincount` counts.
# Then one draw is `chosen = rng.integers(number, size=number)`, and its accuracy
# `right[chosen].sum() / size[chosen].sum()`.
#
# </details>
#
# <details>
# <summary>A hint for the ends</summary>
#
# `np.quantile(drawn, [q, 1 - q])` with `q = (1 - level) / 2`.
#
# </details>


# %% nbgrader="answer" id="interval"
def accuracy_with_interval(probabilities, labels, groups, level):
    """Gives an accuracy with a confidence interval that resamples objects.

    Args:
        probabilities: array (N, classes), a model's answer for each scene.
        labels: integer array (N,), the right classes.
        groups: integer array (N,), the number of each scene's object.
        level: share of draws inside the interval, for example 0.90.

    Returns:
        (accuracy, low, high), each from 0 to 1.
    """
    ### BEGIN SOLUTION
    correct = probabilities.argmax(axis=1) == labels
    objects, number = np.unique(groups, return_inverse=True)
    size = np.bincount(number)
    right = np.bincount(number, weights=correct)
    rng = np.random.default_rng(0)
    drawn = []
    for _ in range(2000):
        chosen = rng.integers(len(objects), size=len(objects))
        drawn.append(right[chosen].sum() / size[chosen].sum())
    tail = (1 - level) / 2
    low, high = np.quantile(drawn, [tail, 1 - tail])
    return correct.mean(), low, high
    ### END SOLUTION


# %% nbgrader="test" id="test-interval" points=10
from course_utils.checks import lab2

secret = None  # the check that you see; another number when the lab is marked
### BEGIN HIDDEN TESTS
secret = lab2.secret_seed()
### END HIDDEN TESTS
verdict = lab2.accuracy_with_interval(accuracy_with_interval, seed=secret)
verdict.marks(10)

# %% [markdown]
# The next cell uses the test scenes, once. Predict: how many points wide is the interval of your
# Keras head? Is the SVM better, worse, or is the comparison inconclusive?
#
# **What you should see:** a table of both models and their paired difference, then two bars with a
# black line for each interval, and a dashed line for the majority-class baseline.

# %%
with when_ready("all exercises"):
    test = scenes["test"]
    answers = {"Keras head": probabilities["test"], "SVM": np.eye(len(names))[svm.predict(features["test"])]}
    right = {kind: answer.argmax(axis=1) == test.labels for kind, answer in answers.items()}
    intervals = {}
    print(f"{len(test)} test scenes of {len(np.unique(test.groups))} objects, intervals at 90 %\n")
    print(f"{'':12}{'accuracy':>9}{'by objects':>20}{'as if independent':>22}{'wider by':>10}")
    for kind, answer in answers.items():
        intervals[kind] = accuracy_with_interval(answer, test.labels, test.groups, 0.90)
        value, low, high = intervals[kind]
        naive = accuracy_interval(right[kind], np.arange(len(test)))
        ratio = (high - low) / (naive.high - naive.low)
        print(f"{kind:12}{value:9.3f}{low:12.3f} – {high:.3f}{naive.low:14.3f} – {naive.high:.3f}{ratio:9.1f}×")
        print(f"{'':12}as wide as that of {len(test) / ratio**2:.0f} independent scenes would be")
    same = np.mean(right["SVM"] == right["Keras head"])
    difference = difference_interval(right["SVM"], right["Keras head"], test.groups)
    print(
        f"\nthe SVM's accuracy minus the head's, on the same scenes: {difference.value:+.3f} "
        f"({difference.low:+.3f} to {difference.high:+.3f})"
    )
    print(f"they agree on being right or wrong for {same:.0%} of the scenes")
    plots.accuracy_bars(
        intervals,
        reference={"majority class": test.majority_share},
        title="test scenes, intervals that resample objects",
    )

# %% [markdown]
# ## Question: what your numbers show ({{points}} points)
#
# A person reads this answer. Use the last table and the output of exercise 4.

# %% [markdown] nbgrader="locked" id="question-text"
# In eight to twelve sentences:
#
# 1. Why is the interval by objects wider than the one that takes scenes as independent? Say what
#    the three scenes of one object have in common, and read off your table how many independent
#    scenes your test scenes are worth. Would six scenes per object instead of three have halved the
#    interval?
# 2. Somebody reads your table and writes: "The SVM and the Keras head have different accuracies, so
#    the one with the higher is better." Answer with your paired comparison. What may you say, and
#    what could you do to know more?
# 3. In exercise 4, why was the accuracy of the random split higher, although no image was in both
#    parts? Name one way in which test results can still be too good after a split by object.
#
# ### BEGIN MARK SCHEME
# | Points | for |
# |---|---|
# | 2 | the scenes of one object show the same object, so they are right or wrong together; a second one says little that the first did not (1 for "they are not independent" without why) |
# | 2 | reads the number of independent scenes, or the ratio, from the own table, and says what it means |
# | 2 | no: more scenes of the same objects hardly add information, what counts is the number of objects (1 for "no" with a vague reason) |
# | 3 | reads the interval of the difference: where 0 lies inside, "inconclusive"; where it does not, which one is better and by how much at least. "They are equal" for an interval around 0 loses 2 of the 3 |
# | 1 | says why it is paired: both are evaluated on the same scenes, so what makes a scene hard drops out; overlap of the two separate intervals is not the test |
# | 1 | a way to know more: more objects, grouped cross-validation over all objects, several seeds of the head. "More scenes per object" earns nothing |
# | 2 | the random split has other scenes of the same objects in training, so recognising the object suffices; with the two means from the own output |
# | 2 | one remaining way, explained: choosing between heads by test results; the pretraining of the base may have seen such objects; objects that resemble each other (two lions); the same backgrounds on both sides; leaving the scaler to see the test scenes |
#
# The numbers vary with machine and answer: mark the reading, not the numbers. If an exercise did not work and its output is
# missing, a correct argument about what it would show earns the points for reading it.
# ### END MARK SCHEME

# %% [markdown] nbgrader="manual" id="question-numbers" points=15
# ### BEGIN SOLUTION
# The scenes of one object show the same object. If the head takes that owl for a mammal on gravel, it will most likely do so on
# clouds as well, so the second scene tells me little that the first did not. The bootstrap by objects keeps such scenes
# together; the naive one treats each as new evidence and comes out too narrow. The line under each row of the table says how
# many independent scenes would give an interval as wide: far fewer than there are scenes. Six scenes per object would not
# halve it. They would make each object's own share a little more precise, while the number of objects, which is what limits
# me, stays the same.
#
# Both models were evaluated on the same scenes, so I look at the interval of the difference and not at whether the two separate
# intervals overlap: what makes a scene hard for both drops out. Where that interval contains 0, these scenes do not decide
# which of the two is better. This is not the same as being equal: the interval also says how large a difference they
# could not rule out. To know more I would need more objects, or use all of them by grouped cross-validation, with
# several seeds for the Keras head.
#
# In the random split every held-out scene has siblings of the same object in the training part. The model could recognise
# the object itself and needed nothing general about its class; that is the gap between the two means above. A split
# by object does not protect me from myself, though: if I try twenty heads and keep the one with the best test
# accuracy, the test scenes have taken part in the choice, and the winner's number is too good.
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
