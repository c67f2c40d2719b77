# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 3 · Feature extraction with cached features
#
# **Goal.** You will run a pretrained base once over your images, save the features, and train
# several classifiers on them in seconds. You will also measure how accurate these classifiers
# are on new objects.
#
# {{header}}
#
# Afterwards you can
#
# - extract features with plain Keras, save them without pickle, and load them again;
# - remove the last layer of a network;
# - recognise overfitting, and stop training in time;
# - train a logistic regression and a support vector machine on features;
# - split images without leakage, and compute a confidence interval for an accuracy;
# - use augmentation although the features are saved.

# %% [markdown]
# ## 1. Run the base once
#
# A [head](GLOSSARY.md#head) is the part that you add to a base and train. Training takes many
# epochs, and in each epoch each image passes through the base again. But a
# [frozen](GLOSSARY.md#frozen) base never changes: the same image gives the same features in
# every epoch. So it is enough to run the base **once**, keep its output, and train the head on
# this output: the **[cached features](GLOSSARY.md#cached-features)**.
#
# Our images are **[composite images](GLOSSARY.md#composite-image)**: an object pasted on part
# of a photo. Each object appears in five images. The three sets share no object and no
# background photograph.

# %%
import gc
import json
import pickle
import tempfile
import time
from pathlib import Path

from course_utils import data, evaluate, plots, widgets
from course_utils.features import extract, load_features, save_features
from course_utils.models import weights_file

import keras
import numpy as np
import pandas as pd

train = data.load_scenes("train")
validation = data.load_scenes("validation")
test = data.load_scenes("test")
classes = len(train.class_names)

shown = data.load_scenes("validation", size=160)  # the same images, larger
some = [int(np.flatnonzero(shown.labels == number)[0]) for number in range(classes)]
names = [name.replace("_", " ") for name in shown.class_names]
plots.image_grid(shown.images[some], titles=names, columns=3)

# %%
sets = {"train": train, "validation": validation, "test": test}
pd.DataFrame(
    {
        name: [
            len(part.labels),
            len(np.unique(part.groups)),
            len(np.unique(part.photographs)),
        ]
        for name, part in sets.items()
    },
    index=["images", "objects", "background photographs"],
).T

# %% [markdown]
# The base is MobileNetV2, cut at `block_13_expand_relu`, the layer that did best in lesson 2.
# Global average pooling turns its feature maps into one **[feature
# vector](GLOSSARY.md#feature-vector)** for each image.

# %%
base = keras.models.load_model(weights_file("mobilenet_v2"))
inputs = keras.Input((96, 96, 3))
outputs = keras.layers.GlobalAveragePooling2D()(base(inputs))
extractor = keras.Model(inputs, outputs)
extractor.trainable = False


def features_of(images, model=extractor):
    """One feature vector for each image, float32 (N, 576)."""
    x = keras.applications.mobilenet_v2.preprocess_input(images.astype("float32"))
    return model.predict(x, batch_size=32, verbose=0)


started = time.perf_counter()
train_features = features_of(train.images)
seconds = time.perf_counter() - started
validation_features = features_of(validation.images)
test_features = features_of(test.images)

again = features_of(validation.images[:32])
print("features:", train_features.shape, train_features.dtype)
print(
    "largest difference, second pass:", np.abs(again - validation_features[:32]).max()
)
print(f"one pass over the training images: {seconds:.1f} s")
print(f"20 epochs would need twenty:       {20 * seconds:.1f} s")

# %% [markdown]
# <details><summary>The same layers, loaded online</summary>
#
# ```python
# full = keras.applications.MobileNetV2(
#     weights="imagenet", include_top=False, input_shape=(96, 96, 3)
# )
# cut = full.get_layer("block_13_expand_relu")
# base = keras.Model(full.input, cut.output)
# ```
#
# </details>
#
# `extractor.predict` is all that you need. But you run a notebook many times, and each run
# takes these seconds again. Our `extract` calls `predict`, and keeps the result in a folder on
# the disk, the store:

# %%
folder = Path(tempfile.mkdtemp())  # for your own project: a folder next to the notebook
rows = {}
for call in ["first call", "second call"]:
    started = time.perf_counter()
    stored = extract(
        extractor,
        validation.images,
        preprocess="mobilenet_v2",
        store=folder / "store",
        progress=False,
    )
    largest = np.abs(stored - validation_features).max()
    rows[call] = [round(time.perf_counter() - started, 2), f"{largest:.0e}"]
pd.DataFrame(rows, index=["seconds", "largest difference from predict"]).T

# %% [markdown]
# The second call only read the file. `extract` computes again when a pixel, a weight, the
# preprocessing or the version of Keras has changed. So it does not return old features for new
# images.
#
# ## 2. Save features, and load them safely
#
# A file of features is useless if nobody knows where they came from: which base and cut, which
# preprocessing, which images. This information is called
# **[provenance](GLOSSARY.md#provenance)**. It belongs in the same file.

# %%
provenance = {
    "base": "MobileNetV2, ImageNet weights, cut at block_13_expand_relu",
    "pooling": "global average",
    "preprocessing": "keras.applications.mobilenet_v2.preprocess_input",
    "images": "load_scenes('train'), size 96, seed 0",
    "keras": keras.__version__,
}
np.savez(
    folder / "train.npz",
    features=train_features,
    labels=train.labels,
    groups=train.groups,  # which object is on the image
    provenance=json.dumps(provenance),
)
with np.load(folder / "train.npz", allow_pickle=False) as file:
    loaded = {name: file[name] for name in file.files}
print("equal:", np.array_equal(loaded["features"], train_features))
print("base: ", json.loads(str(loaded["provenance"]))["base"])

# ours: one .safetensors file, which cannot be written without provenance
path = save_features(
    folder / "train.safetensors",
    train_features,
    labels=train.labels,
    groups=train.groups,
    provenance=provenance,
)
print("equal:", np.array_equal(load_features(path).features, train_features))

# %% [markdown]
# `allow_pickle=False` is the default of `np.load`. Keep it. Pickle is Python's format for
# nearly any object, and loading a pickle can call any function:


# %%
class Parcel:
    def __reduce__(self):  # pickle asks an object how to build it again
        return print, ("this text was printed by loading a file",)


np.save(folder / "parcel.npy", np.array([Parcel()], dtype=object))  # uses pickle
pickle.loads(pickle.dumps(Parcel()))
try:
    np.load(folder / "parcel.npy", allow_pickle=False)
except ValueError as error:
    print("np.load:", error)

# %% [markdown]
# Here the function was `print`. It could have deleted your files. Plain arrays and text cannot
# call anything. `.safetensors` holds nothing else, and `allow_pickle=False` accepts nothing
# else.
#
# ## 3. Remove the last layer
#
# A second common recipe for a feature vector removes the last layer of a whole classifier. The
# output of the **[penultimate layer](GLOSSARY.md#penultimate-layer)**, the last but one, is
# the vector.
#
# For VGG16 this vector has 4096 values. We build VGG16 with random weights, because we only
# look at the shape. Online, with ImageNet's weights, `without_last.predict(batch)` returns the
# vector of a preprocessed photo.

# %%
vgg = keras.applications.VGG16(weights=None, include_top=True)  # online: "imagenet"
without_last = keras.Model(vgg.input, vgg.layers[-2].output)
one_image = (1, 224, 224, 3)
shapes = [
    vgg.compute_output_shape(one_image),
    without_last.compute_output_shape(one_image),
]
print("VGG16:", shapes[0], "and without its last layer:", shapes[1])
del vgg, without_last
_ = gc.collect()  # returns half a gigabyte now, not later

# %% [markdown]
# We give a photo to EfficientNet-Lite0, a classifier with trained weights. Old tutorials
# remove the last layer with `model.layers.pop()`.

# %%
classifier = keras.models.load_model(
    weights_file("efficientnet_lite0", include_top=True)
)
photo = data.square(data.sample_photos()["coffee"].array, 224)
x = (
    np.expand_dims(photo, 0).astype("float32") - 127
) / 128  # this network's preprocessing

removed = widgets.guess(
    "After `classifier.layers.pop()`, what does `classifier.predict` return "
    "for one photo?",
    options=[
        "(1, 1280): the feature vector",
        "(1, 1000): the probabilities, as before",
        "an error",
    ],
)
removed

# %%
classifier.layers.pop()
popped = classifier.predict(x, verbose=0)
cut = keras.Model(classifier.input, classifier.layers[-1].input)
vector = cut.predict(x, verbose=0)
pd.DataFrame(
    {
        "shape": [popped.shape, vector.shape],
        "sum": [round(float(popped.sum()), 2), round(float(vector.sum()), 2)],
    },
    index=["classifier.layers.pop()", "keras.Model(input, tensor)"],
)

# %% folded=true
removed.reveal(
    "(1, 1000): the probabilities, as before",
    why="`layers` returns a copy of the list.",
)

# %% [markdown]
# `pop()` shortened a copy of the list, without a warning, and the network stayed whole. The
# output still sums to 1, because it holds probabilities. Instead, build a new model that ends
# at the tensor you want: `keras.Model(inputs, tensor)`.
#
# ## 4. A small network, and early stopping
#
# We return to the cached features, and train a head. The features have different ranges, and
# one learning rate does not suit them all. `Normalization` subtracts the mean of each feature
# and divides by its standard deviation. Both come from the *training* features. `Dropout` sets
# a random half of the values to zero in each training step, so that no prediction depends on a
# few of them.

# %%
normalise = keras.layers.Normalization()
normalise.adapt(train_features)


def new_head():
    keras.utils.set_random_seed(0)
    head = keras.Sequential(
        [
            keras.Input((train_features.shape[1],)),
            normalise,
            keras.layers.Dense(256, activation="relu"),
            keras.layers.Dropout(0.5),
            keras.layers.Dense(classes, activation="softmax"),
        ]
    )
    head.compile(
        keras.optimizers.Adam(1e-3),
        "sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return head


too_long = new_head().fit(
    train_features,
    train.labels,
    validation_data=(validation_features, validation.labels),
    batch_size=32,
    epochs=30,
    verbose=0,
)
plots.learning_curves(too_long, title="30 epochs without early stopping")
# %% [markdown]
# `fit` returns a *history*. `too_long.history` is a dictionary: for each metric, such as
# `"val_loss"`, a list with one value per epoch. `plots.learning_curves` draws these lists.
#
# The two loss curves diverge. On the training images the loss goes on falling. On the
# validation images it reaches its lowest value early, and then rises. The head now learns
# details of the training images that other images do not share. This is
# **[overfitting](GLOSSARY.md#overfitting)**. Measures against it are called
# **[regularisation](GLOSSARY.md#regularisation)**. Dropout is one, but it is not enough here.
#
# Another is **[early stopping](GLOSSARY.md#early-stopping)**: training stops when the
# validation loss has not improved for some epochs, and the best weights are restored. Keras
# does this with a **[callback](GLOSSARY.md#callback)**, an object that `fit` calls after each
# epoch.

# %%
head = new_head()
stopped = head.fit(
    train_features,
    train.labels,
    validation_data=(validation_features, validation.labels),
    batch_size=32,
    epochs=200,  # an upper limit; the callback decides
    verbose=0,
    callbacks=[
        keras.callbacks.EarlyStopping(
            monitor="val_loss",
            patience=10,  # epochs without improvement before it stops
            restore_best_weights=True,  # else the weights of the last epoch remain
        )
    ],
)
best = int(np.argmin(stopped.history["val_loss"]))
pd.DataFrame(
    {
        "epochs": [30, len(stopped.epoch)],
        "weights from epoch": [30, best + 1],
        "validation loss": [
            round(too_long.history["val_loss"][-1], 2),
            round(stopped.history["val_loss"][best], 2),
        ],
    },
    index=["without early stopping", "with early stopping"],
)

# %% [markdown]
# Values that you choose, and that training does not learn, are called
# **[hyperparameters](GLOSSARY.md#hyperparameter)**. Choose them on validation images, never
# on test images.
#
# | hyperparameter | meaning | larger means | here |
# |---|---|---|---|
# | learning rate | length of a training step | faster training, less stable | 0.001 |
# | batch size | images per training step | fewer, smoother steps per epoch | 32 |
# | epochs | passes over the training images | more chance to overfit | up to 200 |
# | patience | epochs to wait for an improvement | later stop | 10 |
# | units | outputs of a hidden layer | more parameters, more chance to overfit | 256 |
# | dropout | share of values set to zero | stronger regularisation | 0.5 |
# | `C` (next section) | weight of the training errors | weaker regularisation | tried: 0.001 to 10 |
# | `kernel` (`SVC`) | form of the boundary: `"linear"`, or curved as with `"rbf"` | – | `"rbf"` |
# | `gamma` (`SVC`) | how fast a training image's influence falls with distance | boundary more curved | `"scale"` |
# | `alpha` (`Ridge`, `SGDClassifier`) | weight of the penalty on large weights | stronger regularisation | not used |
#
# Only `C` is tried with several values here. The other values are common; `kernel` and `gamma`
# are the defaults of `SVC`. `"scale"` is 1 / (features × their variance).
#
# ## 5. Two more heads: a linear probe and an SVM
#
# Any classifier can use cached features, not only a Keras layer.
#
# - **[Logistic regression](GLOSSARY.md#logistic-regression)** is one dense layer with a
#   softmax, trained until it no longer changes. On features of a frozen base it is called a
#   **[linear probe](GLOSSARY.md#linear-probe)**. It is the baseline for any other head.
# - A **[support vector machine](GLOSSARY.md#support-vector-machine)** (SVM) looks for
#   boundaries between the classes that keep a large distance from the training images. In
#   `SVC` they may be curved.
#
# Both have a hyperparameter `C`. We try several values, and keep the one with the highest
# validation accuracy.

# %%
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC


def logistic(C):
    return make_pipeline(StandardScaler(), LogisticRegression(C=C, max_iter=1000))


def svm(C):
    return make_pipeline(StandardScaler(), SVC(C=C, kernel="rbf", gamma="scale"))


def tuned(make, values, fit_on, labels, validate_on):
    """The classifier with the best accuracy on the validation features."""
    models = [make(C).fit(fit_on, labels) for C in values]
    scores = [model.score(validate_on, validation.labels) for model in models]
    return models[int(np.argmax(scores))], scores


values = [0.001, 0.01, 0.1, 1, 10]
probe, probe_scores = tuned(
    logistic, values, train_features, train.labels, validation_features
)
machine, svm_scores = tuned(
    svm, values, train_features, train.labels, validation_features
)
scores = {"logistic regression": probe_scores, "SVM": svm_scores}
tried = pd.DataFrame(scores, index=pd.Index([f"{C:g}" for C in values], name="C")).T
(100 * tried).round(0).astype(int).rename_axis("validation accuracy (%)")

# %% [markdown]
# If `C` is too small, the classifier **underfits**: it is too simple even for the training
# images. From some value on, a larger `C` changes little.
#
# ## 6. A split that does not leak
#
# Each object is on five images. What happens if the images are split at random, as
# `train_test_split` does?

# %%
from sklearn.model_selection import GroupKFold, GroupShuffleSplit, KFold
from sklearn.model_selection import cross_val_predict, train_test_split

features = np.concatenate([train_features, validation_features, test_features])
labels = np.concatenate([train.labels, validation.labels, test.labels])
groups = np.concatenate([train.groups, validation.groups, test.groups])

splits = {
    "train_test_split": train_test_split(
        np.arange(len(labels)), test_size=0.2, random_state=0
    ),
    "GroupShuffleSplit": next(
        GroupShuffleSplit(test_size=0.2, random_state=0).split(features, labels, groups)
    ),
}
pd.DataFrame(
    {
        name: [
            len(np.unique(groups[at_test])),
            len(np.intersect1d(groups[at_test], groups[at_train])),
        ]
        for name, (at_train, at_test) in splits.items()
    },
    index=["objects in the test set", "of them also in training"],
).T

# %% [markdown]
# With the random split, nearly every test object is also in the training set, on another
# background. This is **[leakage](GLOSSARY.md#leakage)**: the test set holds information that
# the model was trained on. `GroupShuffleSplit` splits the *objects*.
#
# How much does leakage matter? We use **[cross-validation](GLOSSARY.md#cross-validation)**:
# the images are split into five folds, and each fold is the test set once. So each image is
# predicted once, by a model that was not trained on it.

# %%
claim = widgets.guess(
    "On objects that it has never seen, the linear probe is correct on about 70 % "
    "of the images. What would a split by image report?",
    unit="%",
)
claim

# %%
by_image = KFold(5, shuffle=True, random_state=0)
by_object = GroupKFold(5, shuffle=True, random_state=0)
cross = {
    "split by image": by_image.split(features),
    "split by object": by_object.split(features, labels, groups),
    # ours keeps the shares of the classes similar as well
    "grouped_splits": evaluate.grouped_splits(labels, groups, folds=5),
}
correct = {
    name: cross_val_predict(logistic(0.01), features, labels, cv=cv) == labels
    for name, cv in cross.items()
}
plots.accuracy_bars(
    {
        name: evaluate.accuracy_interval(right, groups)
        for name, right in correct.items()
    },
    reference={"majority-class baseline": np.bincount(labels).max() / len(labels)},
    title="The same classifier, the same features, three splits",
)

# %%
claim.reveal(
    float(100 * correct["split by image"].mean()),
    why="The classifier recognises objects that it was trained on.",
)

# %% [markdown]
# The classifier and the features are the same for all bars. Only the two splits by object
# estimate the accuracy on *new* objects. The line is the **[majority-class
# baseline](GLOSSARY.md#majority-class-baseline)**: the accuracy of always predicting the most
# frequent class.
#
# Leakage is common: several photos of one patient, frames of one video, photos of one product.
# For each data set, find out what is independent, for example the patient, and split by it.
# (Here the folds still share background photographs. Our three sets do not.)
#
# ## 7. A confidence interval over objects
#
# The test set has few objects. With other objects the accuracy would differ. The
# **[bootstrap](GLOSSARY.md#bootstrap)** estimates by how much: draw as many objects as there
# are, with replacement, compute the accuracy, and repeat. The middle 90 % of these accuracies
# are a 90 % **[confidence interval](GLOSSARY.md#confidence-interval)**.

# %%
right = probe.predict(test_features) == test.labels


def per_object(right):
    """The share of correct images of each test object."""
    return np.array([right[test.groups == g].mean() for g in np.unique(test.groups)])


def bootstrap(units):
    """The ends of a 90 % interval for the mean of the units, in per cent."""
    rng = np.random.default_rng(0)
    resampled = rng.choice(units, (2000, len(units))).mean(axis=1)
    return 100 * np.quantile(resampled, [0.05, 0.95])


intervals = pd.DataFrame(
    {
        "resampling images": bootstrap(right),
        "resampling objects": bootstrap(per_object(right)),
        "accuracy_interval": [
            100 * end for end in evaluate.accuracy_interval(right, test.groups)[1:]
        ],
    },
    index=["from (%)", "to (%)"],
).T
intervals["width"] = intervals["to (%)"] - intervals["from (%)"]
intervals.round(1)

# %% [markdown]
# The interval of the first row is too narrow. It treats the five images of an object as
# independent. But they show the same object, so their predictions are often right or wrong
# together. The second row resamples objects, and so does `evaluate.accuracy_interval`.
#
# Two classifiers are compared on the same resampled objects, by the interval of their
# *difference*. This is a **[paired comparison](GLOSSARY.md#paired-comparison)**. If it
# includes 0, the comparison is **[inconclusive](GLOSSARY.md#inconclusive)**: these objects do
# not tell which is better. The first line below computes this interval with NumPy.
# `evaluate.difference_interval` computes the same.

# %%
svm_right = machine.predict(test_features) == test.labels
low, high = bootstrap(per_object(svm_right) - per_object(right))
print(f"SVM minus logistic regression, with NumPy: {low:+.1f} to {high:+.1f} points")


def compare(results, groups, with_):
    """Accuracies with intervals, and differences from one result, in per cent."""
    rows = {}
    for name, right in results.items():
        accuracy = evaluate.accuracy_interval(right, groups)
        gain = evaluate.difference_interval(right, results[with_], groups)
        verdict = (
            "better" if gain.low > 0 else "worse" if gain.high < 0 else "inconclusive"
        )
        rows[name] = [
            f"{100 * accuracy.value:.1f}",
            f"{100 * accuracy.low:.0f}–{100 * accuracy.high:.0f}",
        ]
        rows[name] += [
            f"{100 * gain.value:+.1f}",
            f"{100 * gain.low:+.1f} to {100 * gain.high:+.1f}",
            verdict,
        ]
        if name == with_:
            rows[name][2:] = ["", "", ""]
    columns = ["accuracy (%)", "90 % interval", "difference", "its interval", "verdict"]
    return pd.DataFrame(rows, index=columns).T


majority = np.bincount(train.labels).argmax()
heads = {
    "majority-class baseline": test.labels == majority,
    "logistic regression": right,
    "SVM": svm_right,
    "small network": head.predict(test_features, verbose=0).argmax(axis=1)
    == test.labels,
}
compare(heads, test.groups, with_="logistic regression")

# %% [markdown]
# All three heads are far better than the majority-class baseline. They differ by a few points,
# and none is shown to be better than logistic regression. So use the simplest head. An
# inconclusive row does not mean that two heads are equally good.
#
# ## 8. Augmentation with cached features
#
# **[Augmentation](GLOSSARY.md#augmentation)** changes each training image a little at random.
# A feature vector cannot be mirrored. But you can augment the *images* a few times, run the
# base on them, and cache the features of these **[augmented
# copies](GLOSSARY.md#augmented-copy)** too.

# %%


def augmentation():
    return keras.Sequential(
        [
            keras.layers.RandomFlip("horizontal"),
            keras.layers.RandomTranslation(0.1, 0.1),
        ]
    )


keras.utils.set_random_seed(1)
augment, chosen = augmentation(), shown.images[some[:2]]
# Without training=True the layers return their input unchanged.
drawn = [chosen] + [np.array(augment(chosen, training=True)) for _ in range(3)]
plots.image_grid(
    [images[row].astype("uint8") for row in range(2) for images in drawn],
    titles=2 * ["as it is", "copy 1", "copy 2", "copy 3"],
    columns=4,
)

# %%
augment = augmentation()
copies = [features_of(np.array(augment(train.images, training=True))) for _ in range(2)]
added = {f"and copy {number + 1}": [copy] for number, copy in enumerate(copies)}
added["and both copies"] = copies
augmented = {"original images": right}
for name, more in added.items():
    all_features = np.concatenate([train_features, *more])
    all_labels = np.tile(train.labels, 1 + len(more))  # copies keep their labels
    fitted, _ = tuned(logistic, values, all_features, all_labels, validation_features)
    augmented[name] = fitted.predict(test_features) == test.labels
compare(augmented, test.groups, with_="original images")

# %% [markdown]
# So cached features and augmentation go together, and each copy costs one pass through the
# base. Whether augmentation *helps* is another question. The rows differ by a few points, and
# each copy was drawn at random. Repeat so small a gain with other copies and other objects
# before you rely on it. Our `features.extract_augmented` makes such copies, keeps their
# features in the store, and repeats labels and groups.
#
# ## 9. From scratch, random base, pretrained base
#
# Did pretraining help, or only the architecture? We compare
#
# - **scratch**: a small convolutional network, trained on our images alone, mirrored at
#   random, with early stopping;
# - **random base**: the same MobileNetV2 with random weights, and a linear probe;
# - **pretrained base**: the linear probe from above.
#
# The first two depend on random numbers, so each is trained with two
# **[seeds](GLOSSARY.md#seed)**. A seed is the number from which a random generator starts.

# %%
order = widgets.guess(
    "Which of the other two comes closer to the pretrained base?",
    options=["scratch", "random base", "inconclusive"],
)
order


# %%
def small_network():
    network = keras.Sequential([keras.Input((96, 96, 3))])
    network.add(keras.layers.RandomFlip("horizontal"))  # augmentation
    network.add(keras.layers.Rescaling(1 / 255))
    for filters, strides in [(16, 2), (32, 1), (64, 1), (128, 1)]:
        network.add(
            keras.layers.Conv2D(
                filters, 3, strides=strides, padding="same", activation="relu"
            )
        )
        network.add(keras.layers.MaxPooling2D())
    network.add(keras.layers.GlobalAveragePooling2D())
    network.add(keras.layers.Dense(classes, activation="softmax"))
    return network


SEEDS = 2
of_scratch, of_random, epochs = [], [], []
for seed in range(SEEDS):
    keras.utils.set_random_seed(seed)
    scratch = small_network()
    scratch.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy")
    history = scratch.fit(
        train.images,
        train.labels,
        validation_data=(validation.images, validation.labels),
        epochs=100,
        verbose=0,
        callbacks=[
            keras.callbacks.EarlyStopping(patience=10, restore_best_weights=True)
        ],
    )
    epochs.append(len(history.epoch))
    of_scratch.append(
        scratch.predict(test.images, verbose=0).argmax(axis=1) == test.labels
    )

    random_base = keras.models.clone_model(extractor)  # same layers, new random weights
    random_probe, _ = tuned(
        logistic,
        values,
        features_of(train.images, random_base),
        train.labels,
        features_of(validation.images, random_base),
    )
    of_random.append(
        random_probe.predict(features_of(test.images, random_base)) == test.labels
    )

final = {
    "scratch": np.concatenate(of_scratch),
    "random base": np.concatenate(of_random),
    "pretrained base": np.tile(right, SEEDS),  # no randomness: the same each time
}
final_groups = np.tile(test.groups, SEEDS)
print("epochs from scratch, by seed:", *epochs)
compare(final, final_groups, with_="pretrained base")

# %%
closer = evaluate.difference_interval(
    final["scratch"], final["random base"], final_groups
)
order.reveal(
    "scratch"
    if closer.low > 0
    else "random base"
    if closer.high < 0
    else "inconclusive"
)

# %%
plots.accuracy_bars(
    {
        name: evaluate.accuracy_interval(hits, final_groups)
        for name, hits in final.items()
    },
    reference={"majority-class baseline": test.majority_share},
    title="From scratch, random base, pretrained base",
)
# %% [markdown]
# The pretrained base is far ahead of both others. The random base has the same architecture,
# so the difference comes from the **weights** that were learned on ImageNet. The interval of
# the random base even includes the majority-class baseline. The network from scratch did not
# learn comparable features from a few hundred images. Pretraining matters much more here than
# the choice of the head.
#
# ## Quiz

# %% folded=true
widgets.quiz(
    [
        {
            "question": "You cached features, then unfroze the last block of the "
            "base and trained it. Can you still use the cached features?",
            "options": [
                "Yes, the images are the same.",
                "No, the base now computes other features.",
                "Yes, if the head is trained again.",
            ],
            "answer": 1,
            "why": [
                "Features depend on the images and on the weights of the base.",
                "Cached features are valid only while the base is frozen.",
                "The new head would be trained on features that no longer exist.",
            ],
        },
        {
            "question": "The training loss falls, the validation loss has risen for 20 "
            "epochs. `EarlyStopping(patience=20)` stops, without "
            "`restore_best_weights`. Which weights remain?",
            "options": [
                "Those of the best epoch.",
                "Those of the last epoch.",
                "Those from before the training.",
            ],
            "answer": 1,
            "why": [
                "Only with `restore_best_weights=True`.",
                "The model has overfitted for 20 epochs, and stays so.",
                "A callback does not undo a training.",
            ],
        },
        {
            "question": "You have ten X-rays of each of 50 patients. How do you split?",
            "options": [
                "By X-ray, with equal shares of each diagnosis.",
                "By patient.",
                "Any split, if the test set is large.",
            ],
            "answer": 1,
            "why": [
                "Then most patients are in both sets. That is leakage.",
                "The patient is the unit, also for the confidence interval.",
                "A large test set that leaks gives a precise, wrong accuracy.",
            ],
        },
        {
            "question": "The interval of A − B is −1 to +5 points. What do you write?",
            "options": [
                "A is better, since most of the interval is above 0.",
                "A and B are equally good.",
                "Inconclusive.",
            ],
            "answer": 2,
            "why": [
                "The interval includes 0, so 'no difference' is possible.",
                "That would need a narrow interval around 0. This one allows 5 points.",
                "The data fit a loss of 1 point as well as a gain of 5 points.",
            ],
        },
        {
            "question": "You cache five augmented copies of each image, then train for "
            "100 epochs. How often does the base run for each original image?",
            "options": ["5 times for the copies.", "500 times.", "100 times."],
            "answer": 0,
            "why": [
                "Once for each copy. The number of epochs does not matter.",
                "That would be augmentation end to end with five times the images.",
                "That would be training end to end.",
            ],
        },
    ]
)

# %% [markdown]
# ## What to do next
#
# - **Lab 2** practises this lesson: extractor, saving, two heads, a split without leakage.
# - **Lesson 4** explains what *frozen* means exactly, and how to prove it.
