# %% [markdown]
# # Lab 5: Bug museum
#
# **Goal.** By the end you can find silent bugs by measurement. Each of the eight exhibits is a
# program that runs, prints a plausible number and raises no error. Every one has a bug.
#
# {{header}}
#
# | | |
# |---|---|
# | What you need | lessons 01 to 07 |
# | Network, GPU | neither |
# | Points | {{points}}: {{checked: function}} that are checked automatically ({{checked points}}), {{read: question}} read by a person ({{read points}}) |
#
# **How it works.** An exhibit takes about twenty minutes and stands alone. Take them in any order.
# Each has four steps:
#
# 1. **Program**: run it, and decide whether you would have believed its output.
# 2. **Diagnosis**: write a function that *measures* the symptom, in buggy and in correct models or
#    data.
# 3. **Repair**: write a function that does it right.
# 4. **Comparison**: see what the bug has cost.
#
# - The checks work as in lab 1. They use other data and small models, and test the **demands** and
#   nothing else.
# - A `NameError` from a check? The answer cell above it has not been run yet, or the set-up cell
#   has not. From a comparison? The exhibit's program has not, or in exhibits 5 to 8 the cell of the
#   small model.
# - You may import Keras, NumPy, scikit-learn, SciPy, TensorFlow, Python's standard library and
#   `course_utils`.
# - A model that you return consists of Keras's own layers, without `Lambda` or classes of your own.
# - Keep the cells and the file name. Extra cells of your own are fine.
#
# **Handing in.** Submit `lab5.ipynb`. A clone of the course holds the worked solution,
# `solutions/lab5/lab5.ipynb`. (What an instructor hands out may come without it.)

# %% nbgrader="locked" id="version"
import course_utils

print(f"course_utils {course_utils.__version__}")

# %% nbgrader="locked" id="setup"
import time
import warnings
from itertools import islice

import keras
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from course_utils import inspect, plots
from course_utils.checks import when_ready
from course_utils.evaluate import accuracy_interval, difference_interval
from course_utils.data import load_scenes
from course_utils.models import load_base, preprocess

# `preprocess` warns about images that are preprocessed already; in this lab that is sometimes done on purpose.
warnings.filterwarnings("ignore", message="images should go from 0 to 255")
started = time.perf_counter()


def logistic_regression():
    """A fresh head for saved features."""
    return make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=500))


# %% [markdown]
# ## Exhibit 1: small numbers are good for networks
#
# **Purpose.** Compute VGG16's features of small scenes and train a logistic regression on them.
#
# **Why it looks right.** Many introductions scale images to 0 … 1. The accuracy is well above the
# majority-class baseline.

# %%
train, held_out = load_scenes("train", size=48, per_object=1), load_scenes("validation", size=48, per_object=2)
vgg16 = load_base("vgg16", input_shape=(48, 48, 3), pooling="avg")


def features(images):
    return vgg16.predict(images / 255, verbose=0)


head = logistic_regression().fit(features(train.images), train.labels)
program_1 = head.predict(features(held_out.images)) == held_out.labels
print(f"{len(train)} scenes to train on, {len(held_out)} scenes of other objects to test on")
print(f"accuracy {program_1.mean():.3f}; majority-class baseline: {held_out.majority_share:.3f}")

# %% [markdown]
# ### Diagnosis 1: what was done to these images? ({{points}} points)
#
# **Aim.** Write `preprocessing_mistake(pixels, batch, name)`. It returns what was done to the
# pixels to make the batch for the base called `name`:
#
# - `"right"`
# - `"divided by 255"`, and nothing else
# - `"not preprocessed"`: the pixels as they were
# - `"preprocessed twice"`
# - `"red and blue swapped"`: the channels were reversed *before* the right preprocessing
#
# <details>
# <summary>A hint</summary>
#
# You can make all five batches yourself: `preprocess(name, pixels)` is the right one,
# `preprocess(name, pixels[..., ::-1])` the swapped one, and so on. Which of the five is closest to
# `batch`?
#
# </details>
#
# **Demands**
#
# - *scale*: `"divided by 255"`, `"not preprocessed"`, `"preprocessed twice"` and `"right"` are told apart.
# - *colours*: `"red and blue swapped"` is told from `"right"`.
# - *every base*: what is told apart for VGG16 is told apart for the base that is named.


# %% nbgrader="answer" id="preprocessing-mistake"
def preprocessing_mistake(pixels, batch, name):
    """Says what was done to images on their way into a base.

    Args:
        pixels: uint8 array (N, height, width, 3), RGB, 0 to 255.
        batch: float32 array of the same shape, made from the pixels.
        name: the base that the batch was made for, for example "vgg16".

    Returns:
        "right", "divided by 255", "not preprocessed", "preprocessed twice" or "red and blue swapped".
    """
    ### BEGIN SOLUTION
    right = preprocess(name, pixels)
    candidates = {
        "right": right,
        "divided by 255": pixels / 255,
        "not preprocessed": pixels.astype("float32"),
        "preprocessed twice": preprocess(name, right),
        "red and blue swapped": preprocess(name, pixels[..., ::-1]),
    }
    return min(candidates, key=lambda what: np.abs(candidates[what] - batch).mean())
    ### END SOLUTION


# %% nbgrader="test" id="test-preprocessing-mistake" points=5
from course_utils.checks import lab5

secret = None  # the check that you see; another number when the lab is marked
### BEGIN HIDDEN TESTS
secret = lab5.secret_seed()
### END HIDDEN TESTS
verdict = lab5.preprocessing_mistake(preprocessing_mistake, seed=secret)
verdict.marks(5)

# %% [markdown]
# ### Repair 1: VGG16's preprocessing ({{points}} points)
#
# **Aim.** Write `vgg16_features(base, images)`. It returns the output of a base made of VGG16, with
# pooling, for images.
#
# <details>
# <summary>A hint</summary>
#
# Only one line of the program is wrong.
#
# </details>
#
# **Demands**
#
# - *features*: row i is what `base` gives for image i, preprocessed as VGG16 was trained.


# %% nbgrader="answer" id="vgg16-features"
def vgg16_features(base, images):
    """Computes features of images.

    Args:
        base: a Keras model: VGG16 or its first layers, with pooling.
        images: uint8 array (N, height, width, 3), RGB, 0 to 255.

    Returns:
        array (N, channels).
    """
    ### BEGIN SOLUTION
    return base.predict(preprocess("vgg16", images), verbose=0)
    ### END SOLUTION


# %% nbgrader="test" id="test-vgg16-features" points=5
from course_utils.checks import lab5

secret = None  # the check that you see; another number when the lab is marked
### BEGIN HIDDEN TESTS
secret = lab5.secret_seed()
### END HIDDEN TESTS
verdict = lab5.vgg16_features(vgg16_features, seed=secret)
verdict.marks(5)

# %% [markdown]
# How many points of accuracy did the bug cost: none, five, twenty? Guess before you run the cell.
#
# **What you should see:** five lines, the first with your function's result for the program's
# images. Then two bars, program and repair, with a black line for each interval and a dashed line
# for the majority-class baseline.

# %%
with when_ready("exhibit 1"):
    print(f"the program's images were: {preprocessing_mistake(held_out.images, held_out.images / 255, 'vgg16')}\n")
    repaired_head = logistic_regression().fit(vgg16_features(vgg16, train.images), train.labels)
    repaired_1 = repaired_head.predict(vgg16_features(vgg16, held_out.images)) == held_out.labels
    plots.accuracy_bars(
        {
            "divided by 255": accuracy_interval(program_1, held_out.groups),
            "as VGG16 was trained": accuracy_interval(repaired_1, held_out.groups),
        },
        reference={"majority-class baseline": held_out.majority_share},
        title=f"Exhibit 1, {len(np.unique(held_out.groups))} objects never seen in training",
    )
    gain = difference_interval(repaired_1, program_1, held_out.groups)
    print(f"repaired minus program: {gain.value:+.3f}, 90 % interval {gain.low:+.3f} to {gain.high:+.3f}")
    print("the two are told apart" if gain.low > 0 or gain.high < 0 else "inconclusive: 0 lies inside the interval")

    first_maps = keras.Model(vgg16.input, vgg16.get_layer("block1_conv1").output)
    for what, batch in {"program": held_out.images / 255, "repaired": preprocess("vgg16", held_out.images)}.items():
        spread = np.asarray(first_maps(batch[:20])).std(axis=(0, 1, 2)).mean()
        print(f"{what:9} in: {batch.min():7.1f} to {batch.max():6.1f}   spread within a first map: {spread:6.2f}")

# %% [markdown]
# **What to notice.** Read the last two lines first. For VGG16 the program's images are almost one
# uniform shade: its first feature maps hardly vary. A logistic regression with standardised inputs
# amplifies what little varies, so the program still works. With so few objects the interval of the
# gain is wide. The repair is needed all the same: a head trained this way is wrong for every image
# that is preprocessed properly later.

# %% [markdown]
# ## Exhibit 2: off with the old head
#
# **Purpose.** Take a classifier of 1000 classes, remove its last layer, and put a new head for six
# classes in its place.
#
# **Why it looks right.** `pop` takes the last entry off a list, and Keras does not complain. The
# new model has six outputs and has learned something.

# %%
six_train = load_scenes("train", size=224, per_object=1)
six_train = six_train.take(slice(0, None, 3))  # every third one: at 224 pixels each costs its time
six_held_out = load_scenes("validation", size=224, per_object=1)
classifier = load_base("efficientnet_lite0", include_top=True)

classifier.layers.pop()  # off with the old head
body = keras.Model(classifier.input, classifier.layers[-1].output)
new_head = keras.layers.Dense(6, activation="softmax", name="new_head")
program_2 = keras.Model(body.input, new_head(body.output))

body_train = body.predict(preprocess("efficientnet_lite0", six_train.images), verbose=0)
body_held_out = body.predict(preprocess("efficientnet_lite0", six_held_out.images), verbose=0)


def trained_on_top(vectors, layer):
    """Trains a last layer on what a frozen body gave."""
    keras.utils.set_random_seed(1)
    top = keras.Sequential([keras.Input(vectors.shape[1:]), layer])
    top.compile(keras.optimizers.Adam(1e-2), "sparse_categorical_crossentropy", metrics=["accuracy"])
    top.fit(vectors, six_train.labels, epochs=20, verbose=0)
    return top


top_2 = trained_on_top(body_train, new_head)
hits_2 = top_2.predict(body_held_out, verbose=0).argmax(axis=1) == six_held_out.labels
print(f"new model: {program_2.input_shape[1:]} → {program_2.output_shape[1:]}")
print(f"a vector of {body_train.shape[1]} features per image, a new head of {new_head.count_params():,} parameters")
print(f"accuracy {hits_2.mean():.3f}; majority-class baseline: {six_held_out.majority_share:.3f}")

# %% [markdown]
# ### Diagnosis 2: what does the head receive? ({{points}} points)
#
# **Aim.** Write `stands_on_probabilities(model, batch)`. It returns `True` if the model's last
# layer receives the *probabilities* of another head, and `False` otherwise.
#
# How can you recognise probabilities? Answer before you unfold the hint.
#
# <details>
# <summary>A hint</summary>
#
# `keras.Model(model.inputs[0], model.layers[-1].input)` gives what the last layer receives. No
# probability is negative, and those of one image add up to 1. Because of rounding, compare with
# `np.allclose`.
#
# </details>
#
# **Demands**
#
# - *probabilities*: `True` where the last layer receives the softmax of another head, directly or behind a `Dropout`.
# - *other inputs*: `False` for features, of whatever sign, and for numbers between 0 and 1 that are no probabilities.


# %% nbgrader="answer" id="stands-on-probabilities"
def stands_on_probabilities(model, batch):
    """Says whether a model's last layer receives probabilities.

    Args:
        model: a Keras model whose last layer is its head.
        batch: float32 array, images as the model takes them.

    Returns:
        bool.
    """
    ### BEGIN SOLUTION
    received = keras.ops.convert_to_numpy(keras.Model(model.inputs[0], model.layers[-1].input)(batch, training=False))
    return bool((received >= 0).all() and np.allclose(received.sum(axis=1), 1, atol=1e-3))
    ### END SOLUTION


# %% nbgrader="test" id="test-stands-on-probabilities" points=5
from course_utils.checks import lab5

secret = None  # the check that you see; another number when the lab is marked
### BEGIN HIDDEN TESTS
secret = lab5.secret_seed()
### END HIDDEN TESTS
verdict = lab5.stands_on_probabilities(stands_on_probabilities, seed=secret)
verdict.marks(5)

# %% [markdown]
# ### Repair 2: swap the head ({{points}} points)
#
# **Aim.** Write `swap_head(classifier, classes)`. It returns a model with a new `Dense` layer in
# place of the classifier's last layer. The check uses other classifiers, with other layer names.
#
# <details>
# <summary>A hint</summary>
#
# `classifier.layers[-1].output` is the *output* of the old head. What does the new head need?
#
# </details>
#
# **Demands**
#
# - *probabilities*: the model gives (N, classes), each row from a softmax.
# - *vector*: its last layer receives what the classifier's last layer received, from the classifier's own weights.
# - *trainable head*: a training step moves the new layer's kernel.


# %% nbgrader="answer" id="swap-head"
def swap_head(classifier, classes):
    """Replaces a classifier's last layer.

    Args:
        classifier: a Keras model whose last layer is a Dense with a softmax.
        classes: how many classes the new head tells apart.

    Returns:
        keras.Model: same input, output (None, classes), probabilities.
    """
    ### BEGIN SOLUTION
    vector = classifier.layers[-1].input
    return keras.Model(
        classifier.inputs, keras.layers.Dense(classes, activation="softmax", name="swapped_head")(vector)
    )
    ### END SOLUTION


# %% nbgrader="test" id="test-swap-head" points=5
from course_utils.checks import lab5

secret = None  # the check that you see; another number when the lab is marked
### BEGIN HIDDEN TESTS
secret = lab5.secret_seed()
### END HIDDEN TESTS
verdict = lab5.swap_head(swap_head, seed=secret)
verdict.marks(5)

# %%
with when_ready("exhibit 2"):
    swapped = swap_head(classifier, 6)
    few = preprocess("efficientnet_lite0", six_held_out.images[:4])
    for what, model in {"program": program_2, "repaired": swapped}.items():
        print(
            f"{what:9} head of {model.layers[-1].count_params():,} parameters, on probabilities: {stands_on_probabilities(model, few)}"
        )

    vector_of = keras.Model(swapped.input, swapped.layers[-1].input)
    vectors_train, vectors_held_out = (
        vector_of.predict(preprocess("efficientnet_lite0", scenes.images), verbose=0)
        for scenes in (six_train, six_held_out)
    )
    top = trained_on_top(vectors_train, keras.layers.Dense(6, activation="softmax"))
    repaired_2 = top.predict(vectors_held_out, verbose=0).argmax(axis=1) == six_held_out.labels
    gain = difference_interval(repaired_2, hits_2, six_held_out.groups)
    print(f"\naccuracy {hits_2.mean():.3f} → {repaired_2.mean():.3f}, on the same {len(repaired_2)} scenes")
    print(f"repaired minus program: {gain.value:+.3f}, 90 % interval {gain.low:+.3f} to {gain.high:+.3f}")

    for name, numbers in {"1000 probabilities": body_held_out, "the vector before them": vectors_held_out}.items():
        largest = np.abs(numbers).max(axis=1) / np.abs(numbers).sum(axis=1)
        print(f"{name:24} {numbers.shape[1]} numbers; the largest one alone holds {largest.mean():.1%} of the total")

# %% [markdown]
# **What to notice.** `model.layers` is a *new list* each time. Removing an entry changes that list
# and nothing else. The program printed the evidence: 1000 "features" from a network with 1000
# classes. The new head received the old head's probabilities, and a softmax puts nearly everything
# into one number, as the last two lines show. That is still useful where your classes resemble the
# thousand, so nobody notices.

# %% [markdown]
# ## Question A: why did nobody notice? ({{points}} points)

# %% [markdown] nbgrader="locked" id="question-a-text"
# In four to eight sentences, about exhibits 1 and 2 together:
#
# 1. Both programs beat the majority class clearly. For each, what could a trained head still use?
# 2. For each, name one number that the program printed or could have printed in one line, and that
#    shows the bug *before* any training. What would it have been, and what should it have been?
# 3. Somebody says: "the accuracy of the repaired program is hardly different on your few images, so
#    it does not matter". Answer with one situation in which it would.
#
# ### BEGIN MARK SCHEME
# | Points | for |
# |---|---|
# | 1 | exhibit 1: the weak remainder of the image survives in the features and the standardising (or trained) head amplifies it |
# | 1 | exhibit 2: the old probabilities say what the image resembles among 1000 classes, which correlates with the new ones |
# | 2 | one fitting number for each, with what it was and what it should be: the range of the base's input (0 to 1 against roughly -124 to 152), the sums of the rows (1 against anything), the length 1000 against 1280, or 6,006 against 7,686 parameters; 1 point per exhibit |
# | 1 | a situation: the head is used later on properly preprocessed images; classes far from ImageNet's; fine-tuning, where gradients pass through; comparing with another base |
#
# Mark the argument, not the figures: accuracies vary with the machine.
# ### END MARK SCHEME

# %% [markdown] nbgrader="manual" id="question-a" points=5
# ### BEGIN SOLUTION
# In exhibit 1 the images are nearly uniform for VGG16, but not quite: a faint copy of each survives in the features,
# and the standardisation in the head turns it up. In exhibit 2 the old head's 1000 probabilities still say what the scene
# resembles, and whatever looks like some bird is probably one of my birds.
#
# Exhibit 1 could have printed the range of its batch: 0 to 1, where VGG16 expects about -124 to 152. Exhibit 2 did
# print its number: 1000 features, where this base has 1280 before its last layer; the sum of each row, 1, would have said it too.
#
# It matters as soon as the parts are used apart: a head trained on features of wrongly preprocessed images fails when a colleague preprocesses
# properly. And for images unlike ImageNet's classes, cells under a microscope say, the 1000 probabilities hold
# almost nothing that the vector before them does hold.
# ### END SOLUTION

# %% [markdown]
# ## Exhibit 3: ninety-nine per cent
#
# **Purpose.** Recognise every single object again: 95 objects, 95 classes, one of them right for
# each scene.
#
# **Why it looks right.** The labels are one-hot, the loss is the right one, and the metric is
# Keras's own and has "accuracy" in its name.

# %%
scenes = load_scenes("train", size=32)
objects, which = np.unique(scenes.groups, return_inverse=True)
one_hot = np.eye(len(objects), dtype="float32")[which]

keras.utils.set_random_seed(3)
recogniser = keras.Sequential(
    [
        keras.Input((32, 32, 3)),
        keras.layers.Rescaling(1 / 255),
        keras.layers.Flatten(),
        keras.layers.Dense(len(objects), activation="softmax"),
    ]
)
recogniser.compile("adam", "categorical_crossentropy", metrics=[keras.metrics.BinaryAccuracy(name="accuracy")])
recogniser.fit(scenes.images, one_hot, epochs=2, verbose=0)
loss_3, accuracy_3 = recogniser.evaluate(scenes.images, one_hot, verbose=0)
print(f"{len(objects)} objects, {len(scenes)} scenes, 2 epochs: accuracy {accuracy_3:.4f}")

# %% [markdown]
# ### Diagnosis 3: the score of a model that knows nothing ({{points}} points)
#
# **Aim.** Write `blind_score(one_hot)`. It returns the score that the program's metric gives to a
# model that says *no* to every class of every image. `BinaryAccuracy` rounds every entry of the
# predictions to 0 or 1. Its result is the share of *entries* that agree with the labels.
#
# <details>
# <summary>A hint</summary>
#
# A model that always says no predicts `np.zeros_like(one_hot)`.
#
# </details>
#
# **Demands**
#
# - *score*: one number, the share of the entries of `one_hot` that are 0, for any number of classes.


# %% nbgrader="answer" id="blind-score"
def blind_score(one_hot):
    """Gives the element-wise accuracy of a model that says no to everything.

    Args:
        one_hot: array (N, classes) with a single 1 in each row, else 0.

    Returns:
        float from 0 to 1.
    """
    ### BEGIN SOLUTION
    return float(np.mean(np.zeros_like(one_hot) == one_hot))
    ### END SOLUTION


# %% nbgrader="test" id="test-blind-score" points=5
from course_utils.checks import lab5

secret = None  # the check that you see; another number when the lab is marked
### BEGIN HIDDEN TESTS
secret = lab5.secret_seed()
### END HIDDEN TESTS
verdict = lab5.blind_score(blind_score, seed=secret)
verdict.marks(5)

# %% [markdown]
# ### Repair 3: one image counts once ({{points}} points)
#
# **Aim.** Write `share_right(probabilities, one_hot)`. It returns the share of images that are
# classified correctly.
#
# <details>
# <summary>A hint</summary>
#
# `argmax(axis=1)` gives the place of the largest number in each row, of the predictions and of the
# labels alike.
#
# </details>
#
# **Demands**
#
# - *share*: one number, the share of the images whose most probable class is the right one.
# - *below one half*: so also where the largest probability of a row is small, such as 0.04 with 95 classes.


# %% nbgrader="answer" id="share-right"
def share_right(probabilities, one_hot):
    """Gives the share of images that are classified correctly.

    Args:
        probabilities: float array (N, classes), rows add up to 1.
        one_hot: array (N, classes) with a single 1 in each row, else 0.

    Returns:
        float from 0 to 1.
    """
    ### BEGIN SOLUTION
    return float(np.mean(probabilities.argmax(axis=1) == one_hot.argmax(axis=1)))
    ### END SOLUTION


# %% nbgrader="test" id="test-share-right" points=5
from course_utils.checks import lab5

secret = None  # the check that you see; another number when the lab is marked
### BEGIN HIDDEN TESTS
secret = lab5.secret_seed()
### END HIDDEN TESTS
verdict = lab5.share_right(share_right, seed=secret)
verdict.marks(5)

# %% [markdown]
# Which will be smaller, the program's accuracy or that of a model that always says no? How many
# scenes of a hundred do you expect the model to recognise?

# %%
with when_ready("exhibit 3"):
    answers_3 = recogniser.predict(scenes.images, verbose=0)
    print(f"the program's accuracy        {accuracy_3:.4f}")
    print(f"a model that always says no   {blind_score(one_hot):.4f}")
    print(
        f"scenes classified correctly     {share_right(answers_3, one_hot):.4f}, of which guessing gives {1 / len(objects):.4f}"
    )
    print(
        f"largest probability of any    {answers_3.max():.4f}: so it says no to {np.mean(answers_3 < 0.5):.2%} of all entries\n"
    )
    for classes in (2, 6, 95, 120, 1000):
        worth = blind_score(np.eye(classes))
        print(f"{classes:5} classes: {worth:.4f} for nothing, so {1 - worth:.4f} is all that is left to be earned")

# %% [markdown]
# **What to notice.** The more classes, the more entries are 0, and the more a model gains by saying
# no. The value for 120 classes has been published as a result, for a model that was right about as
# often as a guess. Compute each metric for a model that knows nothing, and print it next to every
# score. (Keras's plain `"accuracy"` picks the right metric from the shapes.)

# %% [markdown]
# ## Exhibit 4: the split that checks itself
#
# **Purpose.** Split the scenes at random, make sure that none is on both sides, and measure how
# well the nearest neighbour in feature space predicts the class.
#
# **Why it looks right.** `take` and `skip` cannot overlap. There is even an `assert` with a clear
# message, which passes.

# %%
shuffling = np.random.default_rng(4)


class Shuffled:
    """Positions of images, in a new order whenever one goes through them, as training wants it."""

    def __init__(self, number):
        self.number = number

    def __iter__(self):
        return iter(shuffling.permutation(self.number).tolist())

    def take(self, count):
        return list(islice(self, count))

    def skip(self, count):
        return list(islice(self, count, None))


pool = load_scenes("train", size=64)
mobilenet = load_base("mobilenet_v2", input_shape=(64, 64, 3), cut="block_6_expand_relu", pooling="avg")
pool_features = mobilenet.predict(preprocess("mobilenet_v2", pool.images), verbose=0)

positions = Shuffled(len(pool))
test_4, train_4 = positions.take(120), positions.skip(120)
disjoint = (set(test_4).isdisjoint(train_4), "training and test share images")
assert disjoint


def nearest_neighbour(train_positions, test_positions):
    """Which of the test scenes have a nearest neighbour of their own class."""
    model = KNeighborsClassifier(1).fit(pool_features[train_positions], pool.labels[train_positions])
    return model.predict(pool_features[test_positions]) == pool.labels[test_positions]


print(f"{len(train_4)} scenes to train on, {len(test_4)} to test on; the split has been checked")
print(
    f"accuracy {nearest_neighbour(train_4, test_4).mean():.3f}; majority-class baseline: {pool.majority_share:.3f}"
)

# %% [markdown]
# There are two bugs. Find the second one, in the `assert`: ask Python for `bool(disjoint)`.
#
# ### Diagnosis 4: how much leaks? ({{points}} points)
#
# **Aim.** Write `leaks(train, test, groups)`. It returns two integers about the test images.
#
# <details>
# <summary>A hint</summary>
#
# `np.isin(test, train)` says for each entry of `test` whether it is in `train`. `groups[test]` are
# the objects of the test images.
#
# </details>
#
# **Demands**
#
# - *same image*: the first is how many test images are training images too.
# - *same object*: the second is how many test images show an object that a training image shows too.


# %% nbgrader="answer" id="leaks"
def leaks(train, test, groups):
    """Counts what two sides of a split share.

    Args:
        train: array of positions of the training images.
        test: array of positions of the test images.
        groups: array (N,): which object the image at each position shows.

    Returns:
        (test images that are training images too, test images whose object is in training too).
    """
    ### BEGIN SOLUTION
    same_image = np.isin(test, train).sum()
    same_object = np.isin(groups[test], groups[train]).sum()
    return int(same_image), int(same_object)
    ### END SOLUTION


# %% nbgrader="test" id="test-leaks" points=5
from course_utils.checks import lab5

secret = None  # the check that you see; another number when the lab is marked
### BEGIN HIDDEN TESTS
secret = lab5.secret_seed()
### END HIDDEN TESTS
verdict = lab5.leaks(leaks, seed=secret)
verdict.marks(5)

# %% [markdown]
# ### Repair 4: a split that shares nothing ({{points}} points)
#
# **Aim.** Write `honest_split(groups, share, seed)`. It returns two arrays of positions, first the
# training images, then the test images.
#
# <details>
# <summary>A hint</summary>
#
# Draw among the *objects*: `np.unique(groups)` lists them,
# `np.random.default_rng(seed).permutation(…)` shuffles them, once. Take the first few for testing.
# `np.isin(groups, those)` says which images show them, and `np.flatnonzero` turns that into
# positions.
#
# </details>
#
# **Demands**
#
# - *every image*: every position from 0 to N - 1 is in exactly one of the two arrays.
# - *no leak*: no object has images in both.
# - *share*: about `share` of the images is for testing, up to ten points more or less.
# - *seed*: the same seed gives the same split, another seed another one.


# %% nbgrader="answer" id="honest-split"
def honest_split(groups, share, seed):
    """Splits images so that no object is on both sides.

    Args:
        groups: array (N,): which object each image shows.
        share: the share of the images that is for testing, for example 0.25.
        seed: integer; the same seed gives the same split.

    Returns:
        (training positions, test positions), two arrays of integers.
    """
    ### BEGIN SOLUTION
    objects = np.random.default_rng(seed).permutation(np.unique(groups))
    chosen = objects[: max(1, round(share * len(objects)))]
    for_testing = np.isin(groups, chosen)
    return np.flatnonzero(~for_testing), np.flatnonzero(for_testing)
    ### END SOLUTION


# %% nbgrader="test" id="test-honest-split" points=5
from course_utils.checks import lab5

secret = None  # the check that you see; another number when the lab is marked
### BEGIN HIDDEN TESTS
secret = lab5.secret_seed()
### END HIDDEN TESTS
verdict = lab5.honest_split(honest_split, seed=secret)
verdict.marks(5)

# %% [markdown]
# The next cell compares three splits, ten times each: the program's, one that shuffles once (no
# image is shared), and yours. Order the three by accuracy before you run it.
#
# **What you should see:** a line of counts for each split and one about the `assert`, then three
# bars with a black line for each interval and a dashed line for the majority-class baseline.

# %%
with when_ready("exhibit 4"):
    splits = {"the program's": [], "shuffled once": [], "your split": []}
    for seed in range(10):
        splits["the program's"].append((positions.skip(120), positions.take(120)))
        order = np.random.default_rng(seed).permutation(len(pool))
        splits["shuffled once"].append((order[120:], order[:120]))
        splits["your split"].append(honest_split(pool.groups, 0.25, seed))
    scores = {}
    for what, pairs in splits.items():
        shared = np.mean([leaks(np.asarray(a), np.asarray(b), pool.groups) for a, b in pairs], axis=0)
        hits = np.concatenate([nearest_neighbour(a, b) for a, b in pairs])
        scores[what] = accuracy_interval(hits, np.concatenate([pool.groups[b] for _, b in pairs]))
        print(
            f"{what:14} of {len(pairs[0][1])} test scenes: {shared[0]:5.1f} in training too, {shared[1]:5.1f} of an object in training"
        )
    plots.accuracy_bars(
        scores,
        reference={"majority-class baseline": pool.majority_share},
        title="Exhibit 4: one nearest neighbour, three splits, ten times each",
    )
    print(f"\nbool of the asserted tuple: {bool(disjoint)}; what it should have looked at: {disjoint[0]}")

# %% [markdown]
# **What to notice.** Only the last bar says anything about objects that the model has not seen.
# `take` and `skip` each went through an iterable that reshuffles, in two different orders. The
# check could never fail: it asserted a *pair*, which counts as true. Test a check by making it fail
# once.

# %% [markdown]
# ## Question B: which number may you print? ({{points}} points)

# %% [markdown] nbgrader="locked" id="question-b-text"
# A colleague tried eight bases, several heads and many learning rates, and reports the best
# validation accuracy as "test accuracy". Training and validation share no scene and no object. In
# four to eight sentences:
#
# 1. What is wrong with the number? Use the three bars of exhibit 4 to say what kind of leak it is,
#    and in which direction it errs.
# 2. Would you see it in the output of your `leaks`? Why, or why not?
# 3. What should be done with the scenes that exist, and what should be printed next to the accuracy
#    so that a reader can assess it?
# 4. The base was trained on ImageNet, and some of your six classes are among its thousand. Is that
#    a leak too? Take a position and give a reason.
#
# ### BEGIN MARK SCHEME
# | Points | for |
# |---|---|
# | 1 | the maximum of many noisy scores is too high (selection); it errs upwards, and more so with more trials and fewer objects |
# | 1 | `leaks` sees nothing: the sets are disjoint; what leaks is the choice, made by a person looking at the scores |
# | 2 | three parts, the test part touched once, at the end, split by object (1); next to it an interval over objects, or the number of objects, and the majority class (1) |
# | 1 | a reasoned position on ImageNet: the objects' *kind* was seen with labels, so the result says little about kinds that ImageNet lacks; not a leak of these images. Either answer earns the point with a reason |
# ### END MARK SCHEME

# %% [markdown] nbgrader="manual" id="question-b" points=5
# ### BEGIN SOLUTION
# Each validation score is the truth plus luck, and choosing the best of many chooses the luckiest too. So the number is too
# high, as in the upper bars of exhibit 4, although nothing is shared: with few objects luck is large.
# `leaks` would say 0 and 0. What leaked is not an image but the decision, which was made by looking at these very scores.
#
# The objects should be divided into three parts before anything is tried. The third is used once, after every
# decision. Next to the accuracy belong its interval with whole objects resampled, how many objects there were, and the accuracy of the
# most frequent class.
#
# That ImageNet holds birds is not a leak of my scenes, since none of these images was there. But it limits what I may say: I have shown
# that these features suit classes like ImageNet's, and nothing about classes it never had.
# ### END SOLUTION

# %% [markdown]
# ## A small model for exhibits 5 to 8
#
# The last four exhibits share a model that trains in a second: the first blocks of MobileNetV2 with
# ImageNet's weights and a head. (It is too small to classify well.)

# %% nbgrader="locked" id="small-model"
small = load_scenes("train", size=32, per_object=2)
small_images = preprocess("mobilenet_v2", small.images)


def small_model():
    """The first blocks of MobileNetV2, frozen, and a head for six classes."""
    keras.utils.set_random_seed(5)
    base = load_base("mobilenet_v2", input_shape=(32, 32, 3), cut="block_1_expand_relu")
    base.name = "base"  # so that get_layer("base") finds it
    base.trainable = False
    pool = keras.layers.GlobalAveragePooling2D(name="pool")
    head = keras.layers.Dense(6, activation="softmax", name="head")
    return keras.Sequential([keras.Input((32, 32, 3)), base, pool, head])


def weights_by_layer(model):
    """Layer name → copies of its arrays, base and head together."""
    layers = [*model.get_layer("base").layers, model.get_layer("head")]
    return {layer.name: layer.get_weights() for layer in layers}


inspect.trainable_table(small_model())

# %% [markdown]
# ## Exhibit 5: and now we fine-tune
#
# **Purpose.** Train a head on a frozen base, then unfreeze the base and train everything.
#
# **Why it looks right.** After `base.trainable = True` the number of trainable parameters is much
# larger, and the loss goes on falling.

# %%
program_5 = small_model()
program_5.compile(keras.optimizers.Adam(1e-2), "sparse_categorical_crossentropy")
first_stage = program_5.fit(small_images, small.labels, epochs=3, verbose=0)
after_head = weights_by_layer(program_5)

program_5.get_layer("base").trainable = True
free = sum(int(np.prod(weight.shape)) for weight in program_5.trainable_weights)
second_stage = program_5.fit(small_images, small.labels, epochs=3, verbose=0)
after_all = weights_by_layer(program_5)

print(f"the head's stage:  loss {first_stage.history['loss'][0]:.3f} → {first_stage.history['loss'][-1]:.3f}")
print(f"now fine-tuning {free:,} parameters")
print(f"fine-tuned:        loss {second_stage.history['loss'][0]:.3f} → {second_stage.history['loss'][-1]:.3f}")

# %% [markdown]
# ### Diagnosis 5: what moved? ({{points}} points)
#
# **Aim.** Write `moved_layers(before, after)`. It returns the names of the layers that moved. A
# layer's list of arrays may be empty.
#
# <details>
# <summary>A hint</summary>
#
# `np.array_equal(a, b)` is True only if every number is the same. `np.allclose` is too lenient
# here: a small learning rate makes small steps.
#
# </details>
#
# **Demands**
#
# - *moved layers*: every layer is named in which any number of any array differs, be it by the last bit.
# - *other layers*: no other layer is named.


# %% nbgrader="answer" id="moved-layers"
def moved_layers(before, after):
    """Names the layers that training has changed.

    Args:
        before: dict, layer name -> list of arrays.
        after: dict with the same keys, later.

    Returns:
        list of names, in the order of the dictionary.
    """
    ### BEGIN SOLUTION
    return [
        name
        for name, arrays in before.items()
        if not all(np.array_equal(old, new) for old, new in zip(arrays, after[name], strict=True))
    ]
    ### END SOLUTION


# %% nbgrader="test" id="test-moved-layers" points=5
from course_utils.checks import lab5

secret = None  # the check that you see; another number when the lab is marked
### BEGIN HIDDEN TESTS
secret = lab5.secret_seed()
### END HIDDEN TESTS
verdict = lab5.moved_layers(moved_layers, seed=secret)
verdict.marks(5)

# %% [markdown]
# ### Repair 5: train in two stages ({{points}} points)
#
# **Aim.** Write `train_in_two_stages(model, images, labels, head_epochs, all_epochs)`. It trains
# the head alone for `head_epochs` epochs, then everything for `all_epochs`, and returns the model.
#
# The model comes uncompiled, and its base, `model.get_layer("base")`, is frozen. The last layer is
# a softmax. Labels are integers.
#
# <details>
# <summary>A few hints</summary>
#
# The first `fit` builds the training step for what is trainable *then*. A later change takes effect
# with the next `compile`. An error about unknown variables? An optimizer belongs to the weights it
# was made for: after unfreezing give `compile` a *new* one.
#
# </details>
#
# **Demands**
#
# - *head alone*: the first stage moves the head, and not one bit of the base.
# - *base trained*: the second stage moves every layer of the base that has weights; with `all_epochs=0` there is none.
# - *epochs*: each stage lasts as many epochs as it is asked to.
# - *learning*: both stages train on the images and labels they are given: the loss falls, and other labels give other weights.


# %% nbgrader="answer" id="train-in-two-stages"
def train_in_two_stages(model, images, labels, head_epochs, all_epochs):
    """Trains a head, then the whole network.

    Args:
        model: a Keras model, not compiled; model.get_layer("base") is frozen.
        images: float32 array, as the model takes them.
        labels: array (N,) of integers.
        head_epochs: epochs of the first stage, at least 1.
        all_epochs: epochs of the second stage; 0 leaves it out.

    Returns:
        The trained model.
    """
    ### BEGIN SOLUTION
    model.get_layer("base").trainable = False
    model.compile(keras.optimizers.Adam(1e-2), "sparse_categorical_crossentropy")
    model.fit(images, labels, epochs=head_epochs, verbose=0)
    if all_epochs:
        model.get_layer("base").trainable = True
        model.compile(keras.optimizers.Adam(1e-4), "sparse_categorical_crossentropy")
        model.fit(images, labels, epochs=all_epochs, verbose=0)
    return model
    ### END SOLUTION


# %% nbgrader="test" id="test-train-in-two-stages" points=5
from course_utils.checks import lab5

secret = None  # the check that you see; another number when the lab is marked
### BEGIN HIDDEN TESTS
secret = lab5.secret_seed()
### END HIDDEN TESTS
verdict = lab5.train_in_two_stages(train_in_two_stages, seed=secret)
verdict.marks(5)

# %% [markdown]
# **What you should see:** two lines about the program's second stage, then a strip of your own
# training with a box for each layer, the input on the left: trained weights above, BatchNorm's
# statistics below. Hatched boxes have moved; here all of them have.

# %%
with when_ready("exhibit 5"):
    found = moved_layers(after_head, after_all)
    print(f"the program's second stage moved {len(found)} of {len(after_head)} layers: {', '.join(found) or 'none'}")
    print(f"the program's own step, asked directly: {inspect.stale_compile(program_5)}\n")

    fresh = small_model()
    before = inspect.fingerprint(fresh)
    trained = train_in_two_stages(fresh, small_images, small.labels, 1, 1)
    plots.changed_strip(
        inspect.compare(before, inspect.fingerprint(trained)), title="Exhibit 5, repaired: what moved in two stages"
    )

# %% [markdown]
# **What to notice.** The program's second stage went on training the head alone, and three more
# epochs lowered the loss. The printed number came from the flags, but under TensorFlow the first
# `fit` had traced the step for the earlier flags. In the strip's second row BatchNorm's statistics
# have moved as well: see exhibit 8.

# %% [markdown]
# ## Exhibit 6: slowly, slowly
#
# **Purpose.** Fine-tune *gently*: three epochs for the head, then three for everything at a low
# learning rate, with `compile` in between.
#
# **Why it looks right.** `1e-4` is a tenth of Adam's default. `initial_epoch` continues the second
# `fit` where the first one ended.

# %%
program_6 = small_model()
start_6 = weights_by_layer(program_6)
program_6.compile(keras.optimizers.Adam(2e-5), "sparse_categorical_crossentropy")
first = program_6.fit(small_images, small.labels, epochs=3, verbose=0)

program_6.get_layer("base").trainable = True
program_6.compile(keras.optimizers.Adam(1e-4), "sparse_categorical_crossentropy")
second = program_6.fit(small_images, small.labels, initial_epoch=first.epoch[-1], epochs=6, verbose=0)
end_6 = weights_by_layer(program_6)

print(f"the head, 3 epochs:   loss {first.history['loss'][0]:.3f} → {first.history['loss'][-1]:.3f}")
print(f"everything, at 1e-4:  loss {second.history['loss'][0]:.3f} → {second.history['loss'][-1]:.3f}")

# %% [markdown]
# ### Diagnosis 6: how far did it go? ({{points}} points)
#
# **Aim.** Write `how_far(before, after)`. It returns how far the weights moved, relative to their
# length before: 0.01 means by one per cent.
#
# <details>
# <summary>A hint</summary>
#
# `np.concatenate([array.ravel() for array in before])` is one long vector, and `np.linalg.norm` its length.
#
# </details>
#
# **Demands**
#
# - *relative length*: with all numbers of all arrays taken as one vector, the length of the change over the length before.


# %% nbgrader="answer" id="how-far"
def how_far(before, after):
    """Measures how far weights moved.

    Args:
        before: list of arrays.
        after: list of arrays of the same shapes.

    Returns:
        float: length of the change over the length before.
    """
    ### BEGIN SOLUTION
    old = np.concatenate([np.ravel(array) for array in before])
    new = np.concatenate([np.ravel(array) for array in after])
    return float(np.linalg.norm(new - old) / np.linalg.norm(old))
    ### END SOLUTION


# %% nbgrader="test" id="test-how-far" points=5
from course_utils.checks import lab5

secret = None  # the check that you see; another number when the lab is marked
### BEGIN HIDDEN TESTS
secret = lab5.secret_seed()
### END HIDDEN TESTS
verdict = lab5.how_far(how_far, seed=secret)
verdict.marks(5)

# %% [markdown]
# ### Repair 6: a plan ({{points}} points)
#
# **Aim.** Write `training_plan(head_epochs, all_epochs)`. It returns a list of two dictionaries,
# one for each stage, with `"learning_rate"` (for Adam), and `"initial_epoch"` and `"epochs"` as
# `fit` takes them.
#
# <details>
# <summary>A hint for the epochs</summary>
#
# `fit(initial_epoch=a, epochs=b)` runs the epochs a, a + 1, … b - 1. So `epochs` is where to
# *stop*, not how many. After `fit(epochs=3)`, `history.epoch` is `[0, 1, 2]`.
#
# </details>
#
# **Demands**
#
# - *head rate*: the first learning rate is from 0.0001 to 0.1, since the head starts from random weights.
# - *second rate*: the second is from 0.0000001 to 0.0001, and at most a tenth of the first.
# - *epochs*: the stages run `head_epochs` and `all_epochs` epochs, numbered on from 0, each number once.


# %% nbgrader="answer" id="training-plan"
def training_plan(head_epochs, all_epochs):
    """Plans two stages of training.

    Args:
        head_epochs: how many epochs the head is trained alone.
        all_epochs: how many epochs everything is trained after that.

    Returns:
        list of two dicts with "learning_rate", "initial_epoch" and "epochs".
    """
    ### BEGIN SOLUTION
    return [
        {"learning_rate": 1e-2, "initial_epoch": 0, "epochs": head_epochs},
        {"learning_rate": 1e-5, "initial_epoch": head_epochs, "epochs": head_epochs + all_epochs},
    ]
    ### END SOLUTION


# %% nbgrader="test" id="test-training-plan" points=5
from course_utils.checks import lab5

secret = None  # the check that you see; another number when the lab is marked
### BEGIN HIDDEN TESTS
secret = lab5.secret_seed()
### END HIDDEN TESTS
verdict = lab5.training_plan(training_plan, seed=secret)
verdict.marks(5)

# %%
with when_ready("exhibit 6"):
    repaired_6 = small_model()
    start, ran, losses = weights_by_layer(repaired_6), [], []
    for stage, settings in enumerate(training_plan(3, 3)):
        repaired_6.get_layer("base").trainable = stage == 1
        repaired_6.compile(keras.optimizers.Adam(settings["learning_rate"]), "sparse_categorical_crossentropy")
        history = repaired_6.fit(
            small_images, small.labels, initial_epoch=settings["initial_epoch"], epochs=settings["epochs"], verbose=0
        )
        ran += history.epoch
        losses += history.history["loss"]
    end = weights_by_layer(repaired_6)

    rows = {"program": (start_6, end_6, first.epoch + second.epoch), "your plan": (start, end, ran)}
    last_loss = {"program": second.history["loss"][-1], "your plan": losses[-1]}
    # The kernels of the convolutions: what ImageNet's images were turned into.
    kernels = [layer.name for layer in repaired_6.get_layer("base").layers if "onv" in type(layer).__name__]
    print(f"{'':10} {'base moved':>11} {'head moved':>11} {'base : head':>12} {'last loss':>10}   epochs run")
    for what, (old, new, epochs) in rows.items():
        base_moved = how_far([old[n][0] for n in kernels], [new[n][0] for n in kernels])
        head_moved = how_far(old["head"][:1], new["head"][:1])
        ratio = base_moved / head_moved
        print(f"{what:10} {base_moved:11.2%} {head_moved:11.2%} {ratio:12.4f} {last_loss[what]:10.3f}   {epochs}")

# %% [markdown]
# **What to notice.** Read the column *base : head*. In the program the learning rate went *up* when
# the base was unfrozen, from 2e-5 to 1e-4. The head was still almost random, and the gradients of a
# random head damage the base. With your plan the head moves most. (The losses come from one run on
# the training scenes and rank nothing.)
#
# `first.epoch[-1]` is the last epoch that *was* run. The program runs it again, so its second stage
# is one epoch longer than it says.

# %% [markdown]
# ## Question C: nothing came of fine-tuning ({{points}} points)

# %% [markdown] nbgrader="locked" id="question-c-text"
# A friend sends you one sentence: "I fine-tuned, and the validation accuracy is the same as before,
# to the third digit." You may ask for *two* measurements, and no source code. In four to eight
# sentences:
#
# 1. Name at least three different causes of this result. (One of them is not a bug.)
# 2. Choose your two measurements, from exhibits 1 to 6 or others of your own. Say for each cause
#    which values you would expect.
# 3. Is there a cause that your two measurements cannot tell from another one? Say which, or why
#    not.
#
# ### BEGIN MARK SCHEME
# | Points | for |
# |---|---|
# | 2 | three causes that fit, among: never unfrozen; unfrozen without compile; a learning rate so low that nothing changes; weights restored or the wrong model evaluated; so few images that the same answers come out (not a bug: fine-tuning does not help here); 1 point for two of them |
# | 2 | two measurements with expected values per cause, for example `moved_layers` on the base (none for the first two, all for the others) and `how_far` (near 0 for a tiny rate, some per cent otherwise), or the number of predictions that changed; 1 point if the values are missing |
# | 1 | an honest remainder, such as never unfrozen against not compiled: both move nothing |
# ### END MARK SCHEME

# %% [markdown] nbgrader="manual" id="question-c" points=5
# ### BEGIN SOLUTION
# The base may never have been unfrozen; it may have been unfrozen without a new `compile`; the learning rate may be so low that the weights moved
# without changing an answer; or all is well, and the few validation images are answered as before, right and wrong
# alike.
#
# I ask for `moved_layers` over the second stage, and for `how_far` of the base's kernels. No layer of the base moved: one of the first
# two causes. All moved, but by far less than a thousandth: the rate. All moved, by a per cent or so: then it is probably
# no bug, and I would look at how many predictions changed.
#
# The first two causes look alike in both measurements. To tell them apart I would ask for the number of trainable parameters at the end: small
# for the first, large for the second.
# ### END SOLUTION

# %% [markdown]
# ## Exhibit 7: as you can see, it is augmented
#
# **Purpose.** Train with augmentation, so that few scenes become many.
#
# **Why it looks right.** The figure shows images that are rotated and flipped.

# %%
augmentation = keras.Sequential(
    [keras.layers.RandomFlip("horizontal"), keras.layers.RandomRotation(0.1), keras.layers.RandomZoom(0.2)],
    name="augmentation",
)
keras.utils.set_random_seed(7)
shown = [np.asarray(augmentation(small.images[:1].astype("float32"), training=True))[0] for _ in range(6)]
plots.image_grid(
    [np.clip(image, 0, 255).astype("uint8") for image in shown],
    titles=[f"version {number}" for number in range(1, 7)],
    columns=6,
    title="One scene, augmented six times",
    alt="The same scene six times, each time turned, mirrored or zoomed in another way.",
)

program_7 = small_model()
program_7.compile(keras.optimizers.Adam(1e-2), "sparse_categorical_crossentropy")
history_7 = program_7.fit(small_images, small.labels, epochs=3, verbose=0)
print(f"trained with augmentation: loss {history_7.history['loss'][0]:.3f} → {history_7.history['loss'][-1]:.3f}")

# %% [markdown]
# ### Diagnosis 7: does it augment? ({{points}} points)
#
# **Aim.** Write `augments(model, images)`. It returns `True` if the model changes its images at
# random while it trains, and `False` otherwise.
#
# <details>
# <summary>A hint</summary>
#
# The classes of Keras's augmentation layers have names that begin with "Random":
# `type(layer).__name__` gives the name. `inspect.leaf_layers(model)` lists (path, layer) for all
# layers, also those of models inside the model.
#
# </details>
#
# **Demands**
#
# - *augmenting*: `True` for a model that augments, also where the layers are in a model inside the model.
# - *not augmenting*: `False` for the others, also where a `Dropout` makes two passes differ.


# %% nbgrader="answer" id="augments"
def augments(model, images):
    """Says whether a model augments while it trains.

    Args:
        model: a Keras model.
        images: float32 array, images as the model takes them; use them or not.

    Returns:
        bool.
    """
    ### BEGIN SOLUTION
    return any(type(layer).__name__.startswith("Random") for _, layer in inspect.leaf_layers(model))
    ### END SOLUTION


# %% nbgrader="test" id="test-augments" points=5
from course_utils.checks import lab5

secret = None  # the check that you see; another number when the lab is marked
### BEGIN HIDDEN TESTS
secret = lab5.secret_seed()
### END HIDDEN TESTS
verdict = lab5.augments(augments, seed=secret)
verdict.marks(5)

# %% [markdown]
# ### Repair 7: put it into the model ({{points}} points)
#
# **Aim.** Write `with_augmentation(base, classes)`. It returns a model of augmentation, base,
# pooling, and a `Dense` softmax over `classes`. The images are preprocessed already: flips,
# rotations, shifts and zooms are safe.
#
# <details>
# <summary>A hint</summary>
#
# A `keras.Sequential` that begins with `keras.Input(base.input_shape[1:])` is enough. Do not write
# `training=` anywhere.
#
# </details>
#
# **Demands**
#
# - *probabilities*: the model gives (N, classes), each row from a softmax.
# - *given base*: the base that is given is in the model, with its weights.
# - *augmented*: in training, two passes bring other images to the base.
# - *training only*: outside training, the base receives the images as they are.


# %% nbgrader="answer" id="with-augmentation"
def with_augmentation(base, classes):
    """Builds a model that augments while it trains.

    Args:
        base: a Keras model from images to feature maps.
        classes: how many classes.

    Returns:
        keras.Model: images in, probabilities (None, classes) out.
    """
    ### BEGIN SOLUTION
    return keras.Sequential(
        [
            keras.Input(base.input_shape[1:]),
            keras.layers.RandomFlip("horizontal"),
            keras.layers.RandomRotation(0.1),
            base,
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(classes, activation="softmax"),
        ]
    )
    ### END SOLUTION


# %% nbgrader="test" id="test-with-augmentation" points=5
from course_utils.checks import lab5

secret = None  # the check that you see; another number when the lab is marked
### BEGIN HIDDEN TESTS
secret = lab5.secret_seed()
### END HIDDEN TESTS
verdict = lab5.with_augmentation(with_augmentation, seed=secret)
verdict.marks(5)

# %%
with when_ready("exhibit 7"):
    wired = with_augmentation(load_base("mobilenet_v2", input_shape=(32, 32, 3), cut="block_1_expand_relu"), 6)
    print(f"{'':10}augments   two passes differ by at most, in training   and otherwise")
    for what, model in {"program": program_7, "repaired": wired}.items():
        # BatchNorm works out its statistics from the batch in training; the same batch twice gives the same ones.
        training = [np.asarray(model(small_images[:8], training=True)) for _ in range(2)]
        otherwise = [np.asarray(model(small_images[:8], training=False)) for _ in range(2)]
        apart = [np.abs(one - two).max() for one, two in (training, otherwise)]
        print(f"{what:10}{augments(model, small_images[:8])!s:8}   {apart[0]:42.4f}   {apart[1]:13.4f}")

# %% [markdown]
# **What to notice.** The program's model gives the same predictions twice, to the last digit, even
# in training mode: no scene was ever changed. The layers that were plotted are not in the model.
# Your function finds the layers of the repaired model, and the two passes show that they act.

# %% [markdown]
# ## Exhibit 8: the statistics stay as they are
#
# **Purpose.** Fine-tune a base and keep ImageNet's BatchNorm statistics, since a few hundred scenes
# are too few for better ones.
#
# **Why it looks right.** The base is called with `training=False`, inference mode, as older
# tutorials recommend. The program counts the layers that it protects.

# %%
keras.utils.set_random_seed(8)
base_8 = load_base("mobilenet_v2", input_shape=(32, 32, 3), cut="block_1_expand_relu")
images_in = keras.Input((32, 32, 3))
maps = base_8(images_in, training=False)  # BatchNorm in inference mode
vector = keras.layers.GlobalAveragePooling2D()(maps)
program_8 = keras.Model(images_in, keras.layers.Dense(6, activation="softmax", name="head")(vector))
before_8 = inspect.fingerprint(program_8)

program_8.compile(keras.optimizers.Adam(1e-4), "sparse_categorical_crossentropy")
history_8 = program_8.fit(small_images, small.labels, epochs=2, verbose=0)
norms = [layer for layer in base_8.layers if isinstance(layer, keras.layers.BatchNormalization)]
print(f"{len(norms)} BatchNorm layers kept in inference mode")
print(f"loss {history_8.history['loss'][0]:.3f} → {history_8.history['loss'][-1]:.3f}")

# %% [markdown]
# ### Diagnosis 8: whose statistics moved? ({{points}} points)
#
# **Aim.** Write `statistics_moved(model, images, labels)`. It trains the compiled model for one
# epoch and returns in how many BatchNorm layers the moving statistics changed. All BatchNorm layers
# are in the base, `model.get_layer("base")`, under names that do not say so.
#
# <details>
# <summary>A hint</summary>
#
# `isinstance(layer, keras.layers.BatchNormalization)` finds them, `np.array(layer.moving_mean)`
# copies a statistic. Copy all of them before `model.fit(images, labels, verbose=0)`, and compare
# afterwards.
#
# </details>
#
# **Demands**
#
# - *moved statistics*: the number of layers, each counted once, whose `moving_mean` or `moving_variance` an epoch of training
#   changes, whatever their flags say.


# %% nbgrader="answer" id="statistics-moved"
def statistics_moved(model, images, labels):
    """Trains for one epoch and counts the BatchNorm layers whose statistics moved.

    Args:
        model: a compiled Keras model; model.get_layer("base") holds the BatchNorm layers.
        images: float32 array, as the model takes them.
        labels: array (N,) of integers.

    Returns:
        int.
    """
    ### BEGIN SOLUTION
    norms = [layer for layer in model.get_layer("base").layers if isinstance(layer, keras.layers.BatchNormalization)]
    before = [keras.ops.convert_to_numpy(layer.moving_mean).copy() for layer in norms]
    model.fit(images, labels, epochs=1, verbose=0)
    after = [keras.ops.convert_to_numpy(layer.moving_mean) for layer in norms]
    return sum(not np.array_equal(old, new) for old, new in zip(before, after, strict=True))
    ### END SOLUTION


# %% nbgrader="test" id="test-statistics-moved" points=5
from course_utils.checks import lab5

secret = None  # the check that you see; another number when the lab is marked
### BEGIN HIDDEN TESTS
secret = lab5.secret_seed()
### END HIDDEN TESTS
verdict = lab5.statistics_moved(statistics_moved, seed=secret)
verdict.marks(5)

# %% [markdown]
# ### Repair 8: unfreeze, but not everything ({{points}} points)
#
# **Aim.** Write `unfreeze_from(model, first)`. It unfreezes the base, `model.get_layer("base")`,
# from the layer called `first` on, and returns the model. The whole base comes frozen. The check
# compiles your model, trains it one step, and looks at what moved.
#
# <details>
# <summary>A hint</summary>
#
# Setting `base.trainable` sets every layer in it. So do that first and the exceptions afterwards.
#
# </details>
#
# **Demands**
#
# - *unfrozen*: `first`, all layers of the base after it, and the head learn, BatchNorm excepted.
# - *frozen*: the layers before `first` stay as they are.
# - *BatchNorm*: every BatchNorm layer stays as it is, statistics included.
# - *weights kept*: the function itself changes flags only, no weight.


# %% nbgrader="answer" id="unfreeze-from"
def unfreeze_from(model, first):
    """Unfreezes a base from one layer on, BatchNorm excepted.

    Args:
        model: a Keras model; model.get_layer("base") is frozen.
        first: name of the first layer of the base that is to be trained.

    Returns:
        The model.
    """
    ### BEGIN SOLUTION
    base = model.get_layer("base")
    base.trainable = True
    reached = False
    for layer in base.layers:
        reached = reached or layer.name == first
        layer.trainable = reached and not isinstance(layer, keras.layers.BatchNormalization)
    return model
    ### END SOLUTION


# %% nbgrader="test" id="test-unfreeze-from" points=5
from course_utils.checks import lab5

secret = None  # the check that you see; another number when the lab is marked
### BEGIN HIDDEN TESTS
secret = lab5.secret_seed()
### END HIDDEN TESTS
verdict = lab5.unfreeze_from(unfreeze_from, seed=secret)
verdict.marks(5)

# %% [markdown]
# The next cell draws two strips as in exhibit 5: the program's two epochs, and one epoch with your
# `unfreeze_from`, from `block_1_expand` on. What will the lower row of each look like?
#
# **What you should see:** a line with a count, then both strips. Hatched boxes have moved, pale
# ones have not changed by a single bit. Trained weights are above, BatchNorm's statistics below.

# %%
with when_ready("exhibit 8"):
    plots.changed_strip(
        inspect.compare(before_8, inspect.fingerprint(program_8)), title="Exhibit 8, the program: training=False"
    )
    kept = small_model()
    kept = unfreeze_from(kept, "block_1_expand")
    before = inspect.fingerprint(kept)
    kept.compile(keras.optimizers.Adam(1e-4), "sparse_categorical_crossentropy")
    counted = statistics_moved(kept, small_images, small.labels)
    plots.changed_strip(
        inspect.compare(before, inspect.fingerprint(kept)), title="Exhibit 8, repaired: BatchNorm's own switch"
    )
    print(f"BatchNorm layers whose statistics moved: {counted} of {len(norms)} after the repair")

# %% [markdown]
# **What to notice.** In the program every BatchNorm has moved, statistics included, although the
# call said `training=False`. In a functional model of Keras 3 this argument does not survive `fit`,
# which passes its own training mode to every layer. The layer's own `trainable=False` does survive:
# a frozen BatchNorm runs in inference mode by definition.

# %% [markdown]
# ## Question D: your own museum ({{points}} points)

# %% [markdown] nbgrader="locked" id="question-d-text"
# Choose the exhibit that would have fooled *you*, and write its label for the museum, in five to
# ten sentences:
#
# 1. what the visitor sees (the output), and what they conclude;
# 2. what really happened, down to the line of Python that did it;
# 3. the cheapest test that would have caught it: a line or two that could run on every training
#    from now on;
# 4. a case in which your test is wrong: it says that all is well, and it is not, or the other way
#    round.
#
# ### BEGIN MARK SCHEME
# | Points | for |
# |---|---|
# | 1 | output and the false conclusion drawn from it |
# | 1 | the mechanism, tied to the line |
# | 1 | a test that is cheap and would have failed on the exhibit |
# | 2 | a case that really fools this test, with the reason; 1 if the case is vague ("it may not always work") |
# ### END MARK SCHEME

# %% [markdown] nbgrader="manual" id="question-d" points=5
# ### BEGIN SOLUTION
# Exhibit 8. The visitor reads that all BatchNorm layers are kept in inference mode, and concludes that ImageNet's statistics are
# still there after training. They are not: `base_8(images_in, training=False)` is a wish that `fit` overrules in a functional model, since
# it hands its own training mode down to every layer, so each batch pulled the moving means a little towards our scenes.
#
# The cheapest test copies the first BatchNorm's `moving_mean` before `fit` and asserts afterwards that `np.array_equal`
# still holds.
#
# It is fooled when only that first layer is frozen and the later ones are free: then it says all is well. It has to look at every
# layer. In the other direction, a base whose statistics were *meant* to be adapted to new images fails the test although nothing is wrong.
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
