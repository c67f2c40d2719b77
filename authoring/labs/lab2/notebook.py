# %% [markdown]
# # Lab 2: Extract once, train many
#
# **Goal.** By the end you can run a pretrained base once over your images, keep what comes out in a file that
# explains itself, train as many heads on it as you like in seconds, and say how good they are without fooling yourself.
#
# {{header}}
#
# | | |
# |---|---|
# | What you need | lesson 03 |
# | Network, GPU | neither |
# | Points | {{points}}: {{checked: exercise}} that are checked automatically ({{checked points}}), {{read: question}} read by a person ({{read points}}) |
#
# **How it works.** As in lab 1: put your own lines where a cell says `raise NotImplementedError("not attempted yet")`, run it, and run the
# check below it as often as you like. Part of an answer earns part of the points. When the lab is marked, the same checks run
# again with other numbers, and your head is tried on scenes that nobody has seen.
#
# - Every exercise stands alone: its check brings what it needs. The cells that *look* at results use your own answers.
# - A `NameError` from a check? The answer cell above it has not been run yet, or the set-up cell has not.
# - Checks look at what your function does, never at how it is written. If it is right, it passes.
# - Please keep the cells and the file name as they are; extra cells of your own are fine.
#
# **Handing in.** Choose *Kernel → Restart Kernel and Run All Cells*, look at the verdicts once more, save, and submit
# `lab2.ipynb` the way your course collects work. Learning on your own? A clone of the course holds
# the worked solution, `solutions/lab2/lab2.ipynb`; it is worth more after your own attempt. (What an instructor hands out may come without it.)

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
scenes = {
    split: load_scenes(split, size=96, per_object=SCENES_PER_OBJECT) for split in ["train", "validation", "test"]
}
for split, some in scenes.items():
    print(f"{split:10}  {len(some)} scenes of {len(np.unique(some.groups))} cut-outs  {some.images.shape}")
print("classes:", ", ".join(scenes["train"].class_names))

# %% [markdown]
# These are the scenes you know. `scenes["train"].images` holds the images (`uint8`, 0 to 255), `.labels` the number of each
# one's class, and `.groups` the number of the **cut-out** it shows: scenes with the same number show the same object on
# other backgrounds. That last array looks harmless. Half of this lab is about it.

# %% [markdown]
# ## Exercise 1: the extractor ({{points}} points)
#
# **Aim.** Write `build_extractor(size, cut)`: it returns VGG16 up to the layer called `cut`, for square images of `size`
# pixels, with one number per channel at the end.
#
# **Why.** In mode A the base is a machine that turns an image into a list of numbers. You decide where to stop (early layers
# know edges, late ones know objects) and what to do with the map that comes out there. Here each channel's map becomes
# its average. That keeps the list short, and it is the same length for any size of image.
#
# The model takes images that are **already prepared**, `(N, size, size, 3)`, and gives `(N, channels)`. The weights are
# those of ImageNet.
#
# <details>
# <summary>A hint</summary>
#
# `load_base("vgg16", …)` has an argument for each thing you need: the input shape, the cut, the pooling. Or load it
# without them and use `base.get_layer(cut).output`, `keras.layers.GlobalAveragePooling2D()` and `keras.Model`.
#
# </details>
#
# <details>
# <summary>A trap</summary>
#
# `base.layers` is a list made for you. Taking entries off it does nothing to the network.
#
# </details>


# %% nbgrader="answer" id="build-extractor"
def build_extractor(size, cut):
    """Builds a feature extractor from VGG16.

    Args:
        size: height and width of the images, in pixels.
        cut: name of the layer to end with, for example "block5_pool".

    Returns:
        keras.Model: input (None, size, size, 3), prepared; output (None, channels), the average of each channel's map.
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
# **What to notice.** Wherever you stop, tens of thousands of numbers become a few hundred at most. Look at the zeros too: an early
# channel finds its edge or colour somewhere in almost any image, while many late channels find nothing of theirs in this one,
# which is what makes them telling. The rest of the lab stops at `block5_pool`, the end of the base, but your function leaves
# that open.

# %% [markdown]
# ## Exercise 2: run it once ({{points}} points)
#
# **Aim.** Write `extract_features(extractor, images)`: it takes scenes as they come and returns one row of features for each.
#
# **Why.** This is the only slow step of mode A, and the place of its most expensive mistake: an extractor that is fed images
# in another form than VGG16 was trained on still returns features. They are just worse, and every head you
# ever train on them will be worse too.
#
# What goes in: the extractor, and `uint8` scenes from 0 to 255 of the extractor's size. What comes out: an array
# `(number of scenes, number of features)`, in the order of the scenes. Nothing is trained here, so the extractor
# must behave as in prediction.
#
# <details>
# <summary>A hint</summary>
#
# `preprocess("vgg16", images)`, then `extractor.predict(…, verbose=0)`, which also takes care of batches. Or `extract` of
# lesson 03 (it is imported above), which does both and remembers the result.
#
# </details>


# %% nbgrader="answer" id="extract-features"
def extract_features(extractor, images):
    """Turns scenes into features.

    Args:
        extractor: a Keras model from prepared images to vectors, as VGG16 would be.
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
# Now the slow step, once, for all three sets. Look how many seconds it takes the first time, and how much smaller the result
# is than the images.

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
# Are these numbers any good? Ask without training anything: for each validation scene, which training scene has the most
# similar features? No validation cut-out is among the training scenes, so no answer is simply the same object. How many
# of the neighbours will be of the right class, would you say, and what will the others have in common with theirs?
#
# **What you should see:** two lines with shares, then two rows of images. Above stand validation scenes, and under each the training
# scene that is most similar to it; the pairs on the left carry the same class name, those on the right do not.

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
    print(f"a scene drawn blindly: {np.mean(train.backgrounds == validation.backgrounds[:, None]):.0%}")
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
# **What to notice.** No head, no training, and still most neighbours are of the right class: the base has put similar things
# close together. But compare the backgrounds. The features describe them too, and nobody has told them which of the two you care about. That is what a head is for: it learns which of these numbers to listen to.

# %% [markdown]
# ## Exercise 3: a file that explains itself ({{points}} points)
#
# **Aim.** Write two functions. `pack_features(features, labels, groups, provenance)` returns the **bytes** of a file that holds
# all four; `unpack_features(data, wanted)` turns such bytes back into a dictionary, unless they are not what is `wanted`.
#
# **Why.** You extract once, and train for weeks. A file of bare numbers does not say whether they came from `block5_pool` or
# `block4_pool`, so in a week you will train a head on one and feed it the other. Provenance says it. And the file must not be a
# *pickle*: reading a pickle runs whatever program its author put into it, and files travel.
#
# - `provenance` is a dictionary of text, numbers, lists and dictionaries. It comes back as it went in, and so do the three arrays:
#   same shapes, same kind of numbers, exactly the same values. Features may have more than two axes.
# - `unpack_features` returns `{"features": …, "labels": …, "groups": …, "provenance": …}`.
# - `wanted` is a dictionary, often a small one such as `{"base": "vgg16", "cut": "block5_pool"}`. Each of its entries must stand in the
#   provenance with that value. If one does not, raise a `ValueError` that says what differs.
# - A file with a pickle inside is refused with any error you like.
#
# (Bytes rather than a path, so that the check can look at what you would write. You write them in the cell below the
# check.)
#
# <details>
# <summary>A hint for the arrays</summary>
#
# `np.savez(file, features=…, labels=…)` also writes into an `io.BytesIO()`, whose `getvalue()` are the bytes. And
# `np.load(io.BytesIO(data))` reads them; it refuses pickles unless you tell it not to.
#
# </details>
#
# <details>
# <summary>A hint for the provenance</summary>
#
# A dictionary among the arrays would be pickled. `json.dumps(provenance)` makes text of it, a NumPy array may hold one text,
# and `json.loads(str(…))` makes it a dictionary again.
#
# </details>
#
# <details>
# <summary>A trap</summary>
#
# `assert (a == b, "they differ")` never fails: it asserts a pair, and a pair is true. Without the brackets it would work, but
# `if …: raise ValueError(…)` is what says "this file is wrong" to whoever calls you.
#
# </details>


# %% nbgrader="answer" id="keep-features"
def pack_features(features, labels, groups, provenance):
    """Packs features and where they came from into the bytes of a file, without pickle.

    Args:
        features: float32 array (N, …).
        labels: integer array (N,).
        groups: integer array (N,), the number of each scene's cut-out.
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
# Write your training features to disk (to a temporary folder here; in a project of your own, beside the notebook), read them
# back, and then ask for something that they are not.

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
# **Aim.** Write `split_by_cutout(labels, groups, seed)`: it divides scenes into a part to train on and a part that is held
# out, so that no cut-out has scenes in both.
#
# **Why.** Every cut-out appears in several scenes. If some of them are trained on and others are used for judging, the head
# is asked about objects that it has met, and its accuracy says how well it remembers, not how well it recognises.
# Nothing looks wrong: no image is in both parts.
#
# What comes out: a pair of arrays of positions, `(train, held_out)`.
#
# - Every scene is in exactly one of them, and all scenes of a cut-out are in the same one.
# - About a quarter of the cut-outs is held out, and every class has cut-outs in both parts.
# - The same `seed` gives the same split, another seed another one.
#
# <details>
# <summary>A hint for doing it by hand</summary>
#
# For each class: the cut-outs of that class are `np.unique(groups[labels == number])`. Shuffle them with a generator
# `rng = np.random.default_rng(seed)` and choose a quarter. In the end `np.isin(groups, chosen)` says for each scene
# whether it is held out, and `np.flatnonzero` turns that into positions.
#
# </details>
#
# <details>
# <summary>A hint for letting others do it</summary>
#
# `course_utils.evaluate.grouped_splits(labels, groups, folds=4, seed=…)` gives four such pairs, of which you need one.
# scikit-learn's `StratifiedGroupKFold` is what it uses.
#
# </details>


# %% nbgrader="answer" id="split"
def split_by_cutout(labels, groups, seed):
    """Splits scenes by cut-out.

    Args:
        labels: integer array (N,), the class of each scene.
        groups: integer array (N,), the number of each scene's cut-out.
        seed: whole number that decides the split.

    Returns:
        (train, held_out): two integer arrays of positions from 0 to N - 1.
    """
    ### BEGIN SOLUTION
    rng = np.random.default_rng(seed)
    chosen = []
    for label in np.unique(labels):
        cutouts = np.unique(groups[labels == label])
        chosen.extend(rng.permutation(cutouts)[: max(1, round(len(cutouts) / 4))])
    held_out = np.isin(groups, chosen)
    return np.flatnonzero(~held_out), np.flatnonzero(held_out)
    ### END SOLUTION


# %% nbgrader="test" id="test-split" points=12
from course_utils.checks import lab2

secret = None  # the check that you see; another number when the lab is marked
### BEGIN HIDDEN TESTS
secret = lab2.secret_seed()
### END HIDDEN TESTS
verdict = lab2.split_by_cutout(split_by_cutout, seed=secret)
verdict.marks(12)

# %% [markdown]
# What does a leak cost? The next cell splits the *training* scenes ten times in two ways, yours and a plain random one of the
# same size, and lets a logistic regression learn each time. Before you run it: by how many points will the leaking split
# look better? Write your guess down.

# %%
with when_ready("exercises 1, 2 and 4"):
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    shares = {"by cut-out": [], "at random": []}
    for seed in range(10):
        ours, held_out = split_by_cutout(train.labels, train.groups, seed)
        mixed = np.random.default_rng(seed).permutation(len(train))
        for kind, learn, judge in [
            ("by cut-out", ours, held_out),
            ("at random", mixed[: len(ours)], mixed[len(ours) :]),
        ]:
            model = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=200))
            model.fit(features["train"][learn], train.labels[learn])
            shares[kind].append(model.score(features["train"][judge], train.labels[judge]))
    for kind, found in shares.items():
        print(f"{kind:11}  mean accuracy {np.mean(found):.3f}, from {min(found):.3f} to {max(found):.3f}")
    gap = np.mean(shares["at random"]) - np.mean(shares["by cut-out"])
    print(
        f"the leak flatters by {100 * gap:.0f} points on average; "
        f"the honest splits alone range over {100 * np.ptp(shares['by cut-out']):.0f} points"
    )

# %% [markdown]
# **What to notice.** Same features, same model, same number of scenes. The only difference is which objects the judged
# scenes show. Look at the range of the honest splits too: which cut-outs happen to be held out matters a great deal.
# Exercise 7 turns that into an interval.

# %% [markdown]
# ## Exercise 5: a head in Keras ({{points}} points)
#
# **Aim.** Write `train_head(features, labels, classes)`: it builds a small Keras model from features to probabilities, trains it,
# and returns it.
#
# **Why.** Here mode A pays you back. The base has done its work, so a training run takes seconds, and you can try twenty heads
# in the time that one run through the base would take.
#
# The model takes the features **as they come** and gives one probability per class, adding up to 1. If you want the features
# scaled, a layer of the model must do it (`Normalization`, `BatchNormalization`): whoever uses your model has only your model.
# Do not count on 512 features or six classes: the check calls your function with fewer features and announces a class more, of which it has
# no scene. It also numbers the classes in an order of its own, so that only what your function is given fits together.
#
# **To be reached.** The check trains with your function on the training scenes and judges the result on validation scenes;
# when the lab is marked, on new scenes of the *test* cut-outs, composed for the occasion. There a little less is asked for, because
# other objects can be harder: what passes here should pass there. The next cell prints what is
# asked for. Several quite different heads get there.

# %% nbgrader="locked" id="threshold"
for split in ["validation", "test"]:
    some = scenes[split]
    commonest = some.class_names[np.bincount(some.labels).argmax()]
    print(f"always answering {commonest!r} is right for {some.majority_share:.0%} of the {split} scenes")
print(f"asked for in exercises 5 and 6: {VISIBLE_THRESHOLD:.0%} of unseen scenes; when the lab is marked, {THRESHOLD:.0%}")

# %% [markdown]
# <details>
# <summary>A hint for the model</summary>
#
# `keras.Sequential` of `keras.Input((features.shape[1],))`, perhaps a hidden `Dense` layer with `Dropout`, and a `Dense` layer with
# `activation="softmax"`. It cannot be a class of your own: the model is handed in as a description of its layers.
#
# </details>
#
# <details>
# <summary>A hint for the training</summary>
#
# The labels are whole numbers, so the loss is `"sparse_categorical_crossentropy"`. `fit(…, verbose=0)` keeps the page
# short. With few scenes an epoch has few steps, so it takes some tens of epochs.
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
# Train it on your own features, and see what it says of scenes that it knows, and of scenes of new objects.

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
            print(f"{split:10}  {share:.3f} of {len(some)} scenes named rightly")

# %% [markdown]
# **What to notice.** The training scenes say almost nothing: a head with a few thousand parameters learns a few hundred scenes by heart.
# Any choice between heads is made on the validation scenes. The test scenes are for one look at the end; if you go back and
# choose the head by them, they have become validation scenes, and you have no test any more.

# %% [markdown]
# ## Exercise 6: a support vector machine ({{points}} points)
#
# **Aim.** Write `train_svm(features, labels)`: it returns a fitted scikit-learn classifier, a support vector machine.
#
# **Why.** Once images are rows of numbers, anything that learns from rows will do. An SVM has no epochs and no learning
# rate, and little about it can go wrong unnoticed. That makes it the control beside which you see whether your Keras head is any good.
#
# What you return has a method `predict` that takes features **as they come** and gives one of the labels for each row. Labels can
# be any whole numbers. If you scale features (an SVM compares distances, so it often helps), the scaler must be part of
# what you return, and must have been fitted on the training features only. What you return has to reach the share that is asked of the
# head in exercise 5: the last line that the cell with the thresholds prints.
#
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
        labels: integer array (N,), any whole numbers.

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
        print(f"{split:10}  {share:.3f} of {len(scenes[split])} scenes named rightly")

# %% [markdown]
# ## Exercise 7: how sure is that? ({{points}} points)
#
# **Aim.** Write `accuracy_with_interval(probabilities, labels, groups, level)`: it returns the accuracy and the two ends of an interval
# around it that resamples **cut-outs**.
#
# **Why.** Another set of test objects would have given another accuracy. How different? Pretend that your cut-outs are all
# there are, draw as many of them as you have, with replacement, take all scenes of those you drew, and compute the accuracy.
# Do that a thousand times: the spread of the results is your uncertainty. If you drew scenes one by one instead, you would pretend that
# three scenes of one owl are three independent pieces of evidence.
#
# - The accuracy is the share of scenes whose likeliest class is the right one.
# - `level` is the share of draws that lie between the two ends: for 0.90 the lower end is the 5 % quantile of the
#   accuracies drawn, the upper end the 95 % quantile.
# - Use at least 1000 draws. What comes out: `(accuracy, low, high)`, numbers from 0 to 1. Groups have any numbers, and not
#   all have equally many scenes.
#
# Lesson 03 does this by hand and with a helper. Write it once from the idea (it is a dozen lines), then compare with the helper.
#
# <details>
# <summary>A hint for the drawing</summary>
#
# First count for each cut-out its scenes and its rightly named scenes; then one draw is
# `chosen = rng.integers(number, size=number)`, and its accuracy `right[chosen].sum() / size[chosen].sum()`.
# `np.unique(groups, return_inverse=True)` numbers the cut-outs from 0, and `np.bincount` counts.
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
    """Gives an accuracy with an interval that resamples cut-outs.

    Args:
        probabilities: array (N, classes), a model's answer for each scene.
        labels: integer array (N,), the right classes.
        groups: integer array (N,), the number of each scene's cut-out.
        level: share of draws inside the interval, for example 0.90.

    Returns:
        (accuracy, low, high), each from 0 to 1.
    """
    ### BEGIN SOLUTION
    correct = probabilities.argmax(axis=1) == labels
    cutouts, number = np.unique(groups, return_inverse=True)
    size = np.bincount(number)
    right = np.bincount(number, weights=correct)
    rng = np.random.default_rng(0)
    drawn = []
    for _ in range(2000):
        chosen = rng.integers(len(cutouts), size=len(cutouts))
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
# The one look at the test scenes. Before you run the next cell, guess: how many points wide is the interval of your
# Keras head on the test scenes? And is the SVM better, worse, or can these scenes not tell?
#
# **What you should see:** a table of the two, how they compare on the same scenes, and then two bars, each with a black line for
# its interval, beside a dashed line for always naming the commonest class.

# %%
with when_ready("all exercises"):
    test = scenes["test"]
    answers = {"Keras head": probabilities["test"], "SVM": np.eye(len(names))[svm.predict(features["test"])]}
    right = {kind: answer.argmax(axis=1) == test.labels for kind, answer in answers.items()}
    intervals = {}
    print(f"{len(test)} test scenes of {len(np.unique(test.groups))} cut-outs, intervals at 90 %\n")
    print(f"{'':12}{'accuracy':>9}{'by cut-outs':>20}{'as if independent':>22}{'wider by':>10}")
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
        title="test scenes, intervals that resample cut-outs",
    )

# %% [markdown]
# ## Question: what your numbers allow you to say ({{points}} points)
#
# This one is read by a person. Use the last table and what exercise 4 printed.

# %% [markdown] nbgrader="locked" id="question-text"
# In eight to twelve sentences:
#
# 1. Why is the interval by cut-outs wider than the one that takes scenes as independent? Say what the three scenes of one cut-out
#    have in common, and read off your table how many independent scenes your test scenes are worth. Would six scenes per
#    cut-out instead of three have made the interval half as wide?
# 2. Somebody reads your table and writes: "The SVM and the Keras head have different accuracies, so the one with the higher is
#    better." Answer with your paired comparison. What may you say, and what could you do to know more?
# 3. Your splits of exercise 4: why did the random split look better, although no image was in both parts? And name one
#    way in which test results can still flatter you after a split by cut-out, in this lab or in your own work.
#
# ### BEGIN MARK SCHEME
# | Points | for |
# |---|---|
# | 2 | the scenes of a cut-out show the same object, so they are right or wrong together; a second one says little that the first did not (1 for "they are not independent" without why) |
# | 2 | reads the number of independent scenes, or the ratio, from the own table, and says what it means |
# | 2 | no: more scenes of the same cut-outs hardly add information, what counts is the number of cut-outs (1 for "no" with a vague reason) |
# | 3 | reads the interval of the difference: where 0 lies inside, "undecided"; where it does not, which one is better and by how much at least. "They are equal" for an interval around 0 loses 2 of the 3 |
# | 1 | says why it is paired: both are judged on the same scenes, so what makes a scene hard drops out; overlap of the two separate intervals is not the test |
# | 1 | a way to know more: more cut-outs, grouped cross-validation over all cut-outs, several seeds of the head. "More scenes per cut-out" earns nothing |
# | 2 | the random split has other scenes of the same objects in training, so recognising the object suffices; with the two means from the own output |
# | 2 | one remaining way, explained: choosing between heads by test results; the pretraining of the base may have seen such objects; cut-outs that resemble each other (two lions); the same backgrounds on both sides; leaving the scaler to see the test scenes |
#
# The numbers vary with machine and answer: mark the reading, not the numbers. If an exercise did not work and its output is
# missing, a correct argument about what it would show earns the points for reading it.
# ### END MARK SCHEME

# %% [markdown] nbgrader="manual" id="question-numbers" points=15
# ### BEGIN SOLUTION
# The scenes of one cut-out show the same object. If the head takes that owl for a mammal on gravel, it will most likely do so on
# clouds as well, so the second scene tells me little that the first did not. The bootstrap by cut-outs keeps such scenes
# together; the naive one treats each as new evidence and comes out too narrow. The line under each row of the table says how
# many independent scenes would give an interval as wide: far fewer than there are scenes. Six scenes per cut-out would not
# halve it. They would make each cut-out's own share a little more precise, while the number of cut-outs, which is what limits
# me, stays the same.
#
# Both models were judged on the same scenes, so I look at the interval of the difference and not at whether the two separate
# intervals overlap: what makes a scene hard for both drops out. Where that interval contains 0, these scenes do not decide
# which of the two is better. This is not the same as being equal: the interval also says how large a difference they
# could not rule out. To know more I would need more cut-outs, or use all of them by grouped cross-validation, with
# several seeds for the Keras head.
#
# In the random split every held-out scene has siblings of the same cut-out in the training part. The model could recognise
# the object itself and needed nothing general about its class; that is the gap between the two means above. A split
# by cut-out does not protect me from myself, though: if I try twenty heads and keep the one with the best test
# accuracy, the test scenes have taken part in the choice, and the winner's number is too good.
# ### END SOLUTION

# %% [markdown]
# ## Before you hand in
#
# The next cell says what this notebook has cost. Then restart the kernel, run all cells, and submit.

# %% nbgrader="locked" id="cost"
import psutil

memory = psutil.Process().memory_info().rss / 1e9
print(f"{time.perf_counter() - started:.0f} seconds since the set-up cell ran; {memory:.1f} GB of memory in use now")
