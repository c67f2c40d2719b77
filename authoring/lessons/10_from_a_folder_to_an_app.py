# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 10 · From a folder to an app: a project in plain Keras
#
# **Goal.** You will do a whole project in plain Keras, from a folder of photos to an app. You will also write a page
# that says what the model can and cannot do.
#
# {{header}}
#
# Afterwards you can
#
# - load a folder of photos with Keras, and split it without leakage;
# - train a head, fine-tune the base, and compare both with a simple baseline;
# - save the model, export it, and check that the exported model gives the same answers;
# - write a small app, and a model card whose every number is computed.
#
# Two helpers of the course remain. One writes the folder, which stands for your own photos. The other returns the
# file of a pretrained base, for readers without internet access. For your own photos, change these two places,
# `object_of`, the file name in section 8, and the words of the model card.

# %% [markdown]
# ## 1. A folder of photos
#
# Keras expects one subfolder per class. We write one such folder for training, one for validation and one for the
# test, in a temporary place.

# %%
import base64
import html
import io
import tempfile
import warnings
from pathlib import Path

from course_utils import data
from course_utils.models import weights_file

import ipywidgets
import keras
import matplotlib.pyplot as plt
import numpy as np
import onnxruntime
import pandas as pd
from IPython.display import HTML, Markdown, display
from PIL import Image, ImageOps
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

keras.utils.set_random_seed(0)
work = Path(tempfile.mkdtemp())
photos = work / "photos"
for split in ("train", "validation", "test"):
    data.export_folder(data.load_scenes(split, size=128), photos / split)

for path in sorted(photos.glob("test/*/*-1.jpg"))[:3]:
    print(path.relative_to(photos))

# %% [markdown]
# A file is called `<class>/<object>-<number>.jpg`. The [object](GLOSSARY.md#object) is what the photo shows. There
# are five photos of each object, and they are alike: they form a [group](GLOSSARY.md#group). Write down the groups
# of your own photos too: the same pet, the same patient, the same day.
#
# `image_dataset_from_directory` reads a folder as a *dataset*: batches of images with their labels. Photos of any
# size are resized to `image_size`; `crop_to_aspect_ratio=True` crops them instead of stretching them. Grey photos
# become RGB. `shuffle=False` keeps the order of the files, which evaluation needs.
#
# Keras skips formats such as `.webp` and `.heic` without a warning. A damaged photo raises an error that does not
# name the file. The folded lines in section 3 find such files.

# %%
SIZE = (96, 96)  # height, width; 160 or 224 is more accurate, and slower


def load(split, **settings):
    return keras.utils.image_dataset_from_directory(
        photos / split,
        image_size=SIZE,
        crop_to_aspect_ratio=True,
        shuffle=False,
        verbose=False,
        **settings,
    )


def object_of(path):
    path = Path(path)
    return f"{path.parent.name}/{path.stem.rsplit('-', 1)[0]}"


datasets = {split: load(split) for split in ("train", "validation", "test")}
class_names = datasets["train"].class_names
labels, objects = {}, {}
for split, dataset in datasets.items():
    # Labels are positions in class_names, so every split must have the same classes.
    assert dataset.class_names == class_names
    labels[split] = np.concatenate([batch for _, batch in dataset])
    objects[split] = np.array([object_of(path) for path in dataset.file_paths])

table = pd.DataFrame({s: np.bincount(labels[s]) for s in datasets}, index=class_names)
table.loc["all images"] = table.sum()
table.loc["objects"] = [len(set(objects[split])) for split in datasets]
table

# %% [markdown]
# The classes differ in size. A model that always predicts the largest class is the [majority-class
# baseline](GLOSSARY.md#majority-class-baseline). Look at the photos before you train. Keras has no function for
# this, so we write one. It also attaches a description for readers who cannot see the figure.


# %%
def show(figure, alt):
    """Displays a figure with a description."""
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=100, bbox_inches="tight")
    plt.close(figure)
    code = base64.b64encode(file.getvalue()).decode()
    source = f"data:image/png;base64,{code}"
    display(HTML(f'<img alt="{html.escape(alt)}" src="{source}">'))


def show_images(images, titles, alt):
    figure, axes = plt.subplots(1, len(images), figsize=(1.6 * len(images), 2))
    for ax, image, title in zip(axes, images, titles, strict=True):
        ax.imshow(np.clip(image, 0, 255).astype("uint8"))
        ax.set_title(title.replace("_", " "), fontsize=10)
        ax.axis("off")
    show(figure, alt)


chosen = [int(np.flatnonzero(labels["train"] == c)[2]) for c in range(len(class_names))]
files = [datasets["train"].file_paths[place] for place in chosen]
examples = [keras.utils.img_to_array(keras.utils.load_img(file)) for file in files]
alt = f"One photo of each class: {', '.join(class_names)}."
show_images(examples, class_names, alt)

# %% [markdown]
# Each photo shows one object in front of a photographed background. Training, validation and test share neither
# objects nor backgrounds.
#
# ## 2. A frozen base and a baseline
#
# The base is MobileNetV2 up to `block_13_expand_relu`. Online, you would write this instead, which loads the whole
# base:
#
# ```python
# base = keras.applications.MobileNetV2(
#     weights="imagenet", include_top=False, input_shape=(96, 96, 3)
# )
# ```
#
# The [preprocessing](GLOSSARY.md#preprocessing) becomes a layer. MobileNetV2 was trained on values from -1 to 1, and
# `Rescaling` computes the same values as `preprocess_input`. As a layer it is saved and exported with the model.

# %%
base = keras.models.load_model(weights_file("mobilenet_v2"))
base.trainable = False

rescaling = keras.layers.Rescaling(1 / 127.5, offset=-1)
pixels = np.array([0.0, 100.0, 255.0], "float32")
expected = keras.applications.mobilenet_v2.preprocess_input(pixels.copy())
print("as preprocess_input:", np.allclose(rescaling(pixels), expected, atol=1e-6))

inputs = keras.Input((*SIZE, 3))
averages = keras.layers.GlobalAveragePooling2D()(base(rescaling(inputs)))
extractor = keras.Model(inputs, averages)
features = {s: extractor.predict(dataset, verbose=0) for s, dataset in datasets.items()}
print({split: array.shape for split, array in features.items()})

# %% [markdown]
# The base ran once over each photo and returned 576 [features](GLOSSARY.md#feature). Before we train a network, we
# fit a simple and strong baseline: [logistic regression](GLOSSARY.md#logistic-regression) on these features. Its
# hyperparameter `C` is chosen on the validation split. Two functions evaluate it. The [confidence
# interval](GLOSSARY.md#confidence-interval) comes from a bootstrap that resamples *objects*, because photos of one
# object are not independent.


# %%
def interval(values, groups, resamples=2000):
    """90 % bootstrap interval of a mean; whole groups are resampled."""
    numbers = np.unique(groups, return_inverse=True)[1]
    sums, counts = np.bincount(numbers, weights=values), np.bincount(numbers)
    random = np.random.default_rng(0)
    draws = random.integers(0, len(counts), (resamples, len(counts)))
    means = sums[draws].sum(axis=1) / counts[draws].sum(axis=1)
    return np.percentile(means, [5, 95])


def evaluate(predicted, split="test"):
    correct = predicted == labels[split]
    low, high = interval(correct, objects[split])
    per_class = [correct[labels[split] == c].mean() for c in range(len(class_names))]
    row = {"accuracy": correct.mean(), "low": low, "high": high}
    return row | {"balanced accuracy": np.mean(per_class)}


def fit_baseline(C, rows=slice(None), **settings):
    classifier = LogisticRegression(C=C, max_iter=2000, **settings)
    model = make_pipeline(StandardScaler(), classifier)
    return model.fit(features["train"][rows], labels["train"][rows])


def validation_accuracy(C):
    return fit_baseline(C).score(features["validation"], labels["validation"])


best_C = max([0.001, 0.003, 0.01, 0.03, 0.1], key=validation_accuracy)
baseline = fit_baseline(best_C)
largest = np.bincount(labels["train"]).argmax()
results = {
    "majority class": evaluate(np.full_like(labels["test"], largest)),
    "logistic regression": evaluate(baseline.predict(features["test"])),
}
pd.DataFrame(results).T.mul(100).round(1)

# %% [markdown]
# All values are per cent; `low` and `high` are the ends of the interval. [Balanced
# accuracy](GLOSSARY.md#balanced-accuracy) is the mean of the accuracies of the classes, so that small classes count
# as much as large ones.
#
# ## 3. A random split leaks
#
# Many tutorials make the validation split with one argument: `validation_split=0.25`. It splits *photos* at random.
# Our objects have five photos each. **Predict:** the same baseline is fitted on 75 % of the training folder. How far
# apart will its accuracies be on the other 25 %, on our validation folder and on the test folder?


# %%
def bars(rows, alt):
    """Accuracies with their intervals, and the majority-class baseline."""
    figure, ax = plt.subplots(figsize=(8, 0.5 * len(rows) + 0.9), layout="constrained")
    for place, (name, row) in enumerate(rows.items()):
        value, low, high = (100 * row[key] for key in ("accuracy", "low", "high"))
        ax.barh(place, value, color="#56B4E9", height=0.6)
        ax.plot([low, high], [place, place], "|-", color="black", markersize=10)
        ax.text(high + 1.5, place, f"{value:.0f} %", va="center")
        alt += f" {name} {value:.0f} % ({low:.0f} to {high:.0f} %)."
    baseline_value = 100 * results["majority class"]["accuracy"]
    ax.axvline(baseline_value, color="#D55E00", linestyle="--", label="majority class")
    ax.set(xlim=(0, 105), xlabel="accuracy (%), with 90 % confidence interval")
    ax.set_yticks(range(len(rows)), list(rows))
    ax.invert_yaxis()
    ax.legend(loc="lower right", bbox_to_anchor=(1, 1), frameon=False)
    show(figure, f"{alt} A line at {baseline_value:.0f} %: the majority class.")


fit_part, leaky_part = keras.utils.image_dataset_from_directory(
    photos / "train", validation_split=0.25, subset="both", seed=0, verbose=False
)
position = {path: place for place, path in enumerate(datasets["train"].file_paths)}
fit_rows = [position[path] for path in fit_part.file_paths]
leaky_rows = [position[path] for path in leaky_part.file_paths]
leaky_objects = objects["train"][leaky_rows]
shared = set(leaky_objects) & set(objects["train"][fit_rows])
total = len(set(leaky_objects))
print(f"{len(shared)} of {total} validation objects are in training as well")

part = fit_baseline(best_C, fit_rows)
correct = part.predict(features["train"][leaky_rows]) == labels["train"][leaky_rows]
low, high = interval(correct, leaky_objects)
leak = {
    "validation_split=0.25": {"accuracy": correct.mean(), "low": low, "high": high},
    "validation folder": evaluate(part.predict(features["validation"]), "validation"),
    "test folder": evaluate(part.predict(features["test"])),
}
bars(leak, "Accuracy of one model on three splits.")

# %% [markdown]
# This is [leakage](GLOSSARY.md#leakage): nearly every validation object is in training too. The first bar is far too
# high: new objects on new backgrounds do not reach it. (Lesson 7 separates the two causes.) So make separate folders
# by *object* before you do anything else. (With `shuffle=False`, `validation_split` has another fault: it takes the
# last files, and so only the last classes.)
#
# <details><summary>From one folder to three, by object</summary>
#
# If all your photos are in one folder `all`, with a subfolder per class, the following lines make the three folders.
#
# - They print the name of each file that Pillow cannot read, and leave it out.
# - They turn each photo upright, as the app in section 9 does. Keras does not.
# - They split each class separately. So a class of three or more objects occurs in each split.
#
# Change `object_of` so that it reads the group from your file names. Then check the counts.
#
# ```python
# import random
#
# ends = {"train": 0.6, "validation": 0.8, "test": 1.0}
# for folder in sorted(Path("all").iterdir()):
#     paths = sorted(folder.glob("*"))
#     groups = sorted({object_of(path) for path in paths})
#     random.Random(0).shuffle(groups)
#     for path in paths:
#         try:
#             image = ImageOps.exif_transpose(Image.open(path)).convert("RGB")
#         except OSError:
#             print("not readable:", path)
#             continue
#         place = (groups.index(object_of(path)) + 0.5) / len(groups)
#         split = next(name for name, end in ends.items() if place < end)
#         target = Path("photos", split, folder.name, f"{path.stem}.jpg")
#         target.parent.mkdir(parents=True, exist_ok=True)
#         image.save(target, quality=95)
# ```
#
# </details>
#
# ## 4. A head in Keras
#
# The [head](GLOSSARY.md#head) does the same as logistic regression: it standardises each feature, because their
# ranges differ (lesson 3), and one dense layer with [softmax](GLOSSARY.md#softmax) turns the features into
# probabilities. Here `Rescaling` standardises, because it survives the export in section 9.
# [Dropout](GLOSSARY.md#dropout) is the head's [regularisation](GLOSSARY.md#regularisation). The head trains on the
# saved features, so an epoch takes little time. Three [callbacks](GLOSSARY.md#callback) watch the validation loss:
#
# - `EarlyStopping` ends the training when the loss has not fallen for `patience` epochs. With
#   `restore_best_weights=True` it restores the best weights.
# - `ReduceLROnPlateau` lowers the learning rate when the loss stops falling.
# - `ModelCheckpoint` saves the best model so far in a file, in case the computer stops.
#
# Our classes differ in size. [`class_weight`](GLOSSARY.md#class-weight) gives an error on a rare class a higher
# weight in the loss. We train once without it and once with it.

# %%
mean, spread = features["train"].mean(axis=0), features["train"].std(axis=0) + 1e-3
scale, offset = (1 / spread).tolist(), (-mean / spread).tolist()


def new_head():
    return keras.Sequential(
        [
            keras.Input((len(mean),)),
            # Standardise: subtract the mean and divide by the standard deviation.
            keras.layers.Rescaling(scale, offset=offset),
            keras.layers.Dropout(0.5),
            keras.layers.Dense(len(class_names), "softmax", kernel_initializer="zeros"),
        ],
        name="head",
    )


def callbacks(patience):
    return [
        keras.callbacks.EarlyStopping(patience=patience, restore_best_weights=True),
        keras.callbacks.ReduceLROnPlateau(factor=0.3, patience=2),
        keras.callbacks.ModelCheckpoint(work / "best.keras", save_best_only=True),
    ]


def compile_model(model, learning_rate):
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )


counts = np.bincount(labels["train"])
weights = {c: counts.sum() / (len(counts) * counts[c]) for c in range(len(counts))}
heads = {}
for name, class_weight in {"head": None, "head, class_weight": weights}.items():
    heads[name] = new_head()
    compile_model(heads[name], 1e-3)
    history = heads[name].fit(
        features["train"],
        labels["train"],
        validation_data=(features["validation"], labels["validation"]),
        epochs=100,
        class_weight=class_weight,
        callbacks=callbacks(patience=6),
        verbose=0,
    )
    print(f"{name}: stopped after {len(history.history['loss'])} epochs")
    answers = heads[name].predict(features["test"], verbose=0)
    results[name] = evaluate(answers.argmax(axis=1))
pd.DataFrame(results).T.mul(100).round(1)

# %% [markdown]
# The head has converged, and it is about as accurate as logistic regression. Both are linear models of the same
# features. `class_weight` is meant to move errors from small to large classes. Here the difference is smaller than
# the uncertainty, so we go on without it.
#
# You can also train this stage with augmentation: put the head on the frozen base, as in section 5, and call `fit`
# on the dataset. Then the base runs again in each epoch, which takes much longer.
#
# ## 5. One model, with augmentation
#
# Now the parts become one model. [Augmentation](GLOSSARY.md#augmentation) comes first: random changes that keep the
# class. Its layers are active in training only. All other layers form a model of their own, `core`, because the
# export in section 9 needs a model without random layers.

# %%
augmentation = keras.Sequential(
    [
        keras.layers.RandomFlip("horizontal"),
        keras.layers.RandomRotation(0.05),
        keras.layers.RandomZoom(0.15),
    ],
    name="augmentation",
)
core = keras.Model(inputs, heads["head"](averages), name="core")
photo = keras.Input((*SIZE, 3))
model = keras.Model(photo, core(augmentation(photo)))

copies = np.asarray(augmentation(np.stack([examples[0]] * 5), training=True))
show_images(
    [examples[0], *copies],
    ["original", *["copy"] * 5],
    "A training photo and five augmented copies of it, flipped, turned and zoomed.",
)

# %% [markdown]
# The copies should still show their class clearly. If yours do not, weaken the augmentation.
#
# ## 6. Fine-tuning
#
# [Fine-tuning](GLOSSARY.md#fine-tuning) goes on training the last layers of the base, together with the head. Four
# rules apply (lesson 6):
#
# 1. The head must have converged. Otherwise its large gradients damage the base.
# 2. Only late blocks are unfrozen, here from block 11. [BatchNorm](GLOSSARY.md#batch-normalisation) layers stay frozen.
#    (`base.summary()` lists the layers of another base.)
# 3. `compile` follows every change of `trainable`.
# 4. The learning rate is low.
#
# The training photos are read once and kept in memory (`cache`), then shuffled again in each epoch.

# %%
base.trainable = True
first = [layer.name for layer in base.layers].index("block_11_expand")
for place, layer in enumerate(base.layers):
    is_norm = isinstance(layer, keras.layers.BatchNormalization)
    layer.trainable = place >= first and not is_norm
compile_model(model, 1e-4)

training = load("train", batch_size=None).cache().shuffle(1000, seed=0).batch(32)
held_out = datasets["validation"].cache()
history = model.fit(
    training,
    validation_data=held_out,
    epochs=14,
    callbacks=callbacks(patience=3),
    shuffle=False,  # the dataset shuffles itself; Keras would warn otherwise
    verbose=0,
).history

figure, axes = plt.subplots(1, 2, figsize=(8, 2.8), layout="constrained")
epochs = range(1, len(history["loss"]) + 1)
for ax, what in zip(axes, ("loss", "accuracy"), strict=True):
    ax.plot(epochs, history[what], "o-", color="#0072B2", label="training")
    ax.plot(epochs, history[f"val_{what}"], "s--", color="#D55E00", label="validation")
    ax.set(xlabel="epoch", ylabel=what)
axes[0].legend(frameon=False)
show(
    figure,
    f"Loss and accuracy over {len(epochs)} epochs of fine-tuning. Validation loss goes "
    f"from {history['val_loss'][0]:.2f} to {min(history['val_loss']):.2f} at best.",
)

# %% [markdown]
# The validation loss falls and then stops falling. The training loss goes on falling: the model begins to
# [overfit](GLOSSARY.md#overfitting). `EarlyStopping` restored the weights of the epoch with the lowest validation
# loss.
#
# <details><summary>On a GPU: mixed precision</summary>
#
# Write `keras.config.set_dtype_policy("mixed_float16")` before you build the model, and
# `Dense(…, "softmax", dtype="float32")` for the last layer (lab 4). Recent GPUs then compute faster and use less memory. A
# processor without float16 arithmetic gains nothing. We have not measured this here. A base from `load_model` keeps
# the precision that its file states, so use `keras.applications` for this.
#
# </details>
#
# ## 7. Did fine-tuning help, and is there a shortcut?

# %%
probabilities = model.predict(datasets["test"], verbose=0)
predicted = probabilities.argmax(axis=1)
results["fine-tuned"] = evaluate(predicted)
names = ("logistic regression", "head", "head, class_weight", "fine-tuned")
bars({name: results[name] for name in names}, "Test accuracy of four models.")


def compare(predicted, reference):
    """Says how many points more are correct, with the interval and a verdict."""
    gain = 100.0 * (predicted == labels["test"]) - 100.0 * (reference == labels["test"])
    low, high = interval(gain, objects["test"])
    verdict = "better" if low > 0 else "worse" if high < 0 else "inconclusive"
    return f"{gain.mean():+.1f} points ({low:+.1f} to {high:+.1f}): {verdict}"


reference = baseline.predict(features["test"])
print("fine-tuned compared with logistic regression:")
print(compare(predicted, reference))

# %% [markdown]
# The last line compares two models on the same photos. The interval lies above 0, so fine-tuning helped here. If
# yours includes 0, the result is [inconclusive](GLOSSARY.md#inconclusive). More test objects narrow the interval;
# more epochs do not.
#
# We test two more properties. The first is [calibration](GLOSSARY.md#calibration): of all answers with a probability
# of 80 %, about 80 % should be correct. The *expected calibration error* is the mean gap between probability and
# accuracy. The second is a [shortcut](GLOSSARY.md#shortcut): can the class be predicted from the edge of the photo
# alone? We blacken the centre and fit logistic regression to the features of what remains. The method `map` of a
# dataset applies a function to each of its batches.


# %%
def calibration_error(probabilities, labels, bins=10):
    confidence = probabilities.max(axis=1)
    correct = probabilities.argmax(axis=1) == labels
    number = np.minimum((confidence * bins).astype(int), bins - 1)
    error = 0.0
    for b in np.unique(number):
        inside = number == b
        gap = correct[inside].mean() - confidence[inside].mean()
        error += inside.mean() * abs(gap)
    return error


frame = np.ones((*SIZE, 1), "float32")
frame[12:-12, 12:-12] = 0  # keeps an edge of one eighth of the photo


def only_edge(images, _):
    return images * frame


edges = {}
for split in ("train", "test"):
    edges[split] = extractor.predict(datasets[split].map(only_edge), verbose=0)
classifier = LogisticRegression(C=best_C, max_iter=2000)
edge_model = make_pipeline(StandardScaler(), classifier)
edge_model.fit(edges["train"], labels["train"])
edge = evaluate(edge_model.predict(edges["test"]))
error = calibration_error(probabilities, labels["test"])
print(f"expected calibration error: {100 * error:.1f} points")
print(f"edge of the photo alone: {100 * edge['accuracy']:.0f} %", end=" ")
print(f"({100 * edge['low']:.0f} to {100 * edge['high']:.0f} %)")
print(f"majority class: {100 * results['majority class']['accuracy']:.0f} %")

# %% [markdown]
# The edge alone is not shown to be better than the majority class. That is expected here, because the backgrounds
# are independent of the class. In your own photos a higher value is a warning: the model may recognise the place and
# not the object. Lesson 9 shows further checks, and repairs.
#
# ## 8. Save, load, and one photo
#
# One file holds the architecture, the weights and the preprocessing. We load the model again and check that it gives
# the same answers.

# %%
model.save(work / "model.keras")
loaded = keras.models.load_model(work / "model.keras")
again = loaded.predict(datasets["test"], verbose=0)
print(f"largest difference after loading: {np.abs(again - probabilities).max():.1g}")

file = photos / "test" / "mammal" / "dingo-2.jpg"
image = keras.utils.load_img(
    file, target_size=SIZE, interpolation="bilinear", keep_aspect_ratio=True
)  # a photo that is not square is cropped, as in training
batch = np.expand_dims(keras.utils.img_to_array(image), axis=0)  # a batch of one photo
answer = loaded.predict(batch, verbose=0)[0]
print(f"{file.name}: {class_names[answer.argmax()]}, {answer.max():.0%}")

# %% [markdown]
# ## 9. Export to ONNX
#
# An app should not need TensorFlow, which is large. [ONNX](GLOSSARY.md#ONNX) is a format for trained networks.
# Programs called *runtimes* run such networks on servers, on phones and in browsers. Keras writes ONNX with the
# package `tf2onnx`.
#
# We export `core`, the part without augmentation. The random layers do not survive the translation to ONNX:
# exporting `loaded` itself writes a file that cannot be used.

# %%
core = loaded.get_layer("core")
with warnings.catch_warnings():
    # tf2onnx asks for a NumPy name that will change. It does not concern our model.
    warnings.filterwarnings("ignore", "In the future `np.object`", FutureWarning)
    core.export(work / "model.onnx", format="onnx", verbose=False)

session = onnxruntime.InferenceSession(str(work / "model.onnx"))
input_name = session.get_inputs()[0].name

# %% [markdown]
# The app needs two functions. With Pillow, `read_photo` repeats the steps of training: crop, make smaller, keep
# values from 0 to 255. A phone stores in each photo how it was held, so `read_photo` first turns the photo upright.


# %%
def run_onnx(batch):
    return session.run(None, {input_name: batch})[0]


def read_photo(file):
    """One photo as a batch of one."""
    image = ImageOps.exif_transpose(Image.open(file)).convert("RGB")
    image = ImageOps.fit(image, SIZE[::-1], Image.Resampling.BILINEAR)
    return np.asarray(image, "float32")[np.newaxis]


# %% [markdown]
# An export can go wrong. So we compare its answers for all test photos with those of Keras: from the pixels that
# Keras read, and from the files as the app reads them.

# %%
pixels = np.concatenate([images for images, _ in datasets["test"]])
exported = run_onnx(pixels)
test_files = datasets["test"].file_paths
in_app = np.concatenate([run_onnx(read_photo(path)) for path in test_files])
checks = {"the same pixels": exported, "photos read with Pillow": in_app}
for file in ("model.keras", "model.onnx"):
    print(f"{file}: {(work / file).stat().st_size / 1e6:.1f} MB")
table = pd.DataFrame(columns=["largest difference", "changed answers", "accuracy, %"])
for name, found in checks.items():
    answers = found.argmax(axis=1)
    table.loc[name] = [
        f"{np.abs(found - probabilities).max():.1g}",
        int((answers != predicted).sum()),
        round(100 * (answers == labels["test"]).mean(), 1),
    ]
table

# %% [markdown]
# On the same pixels the exported model agrees with Keras. The second row shows a common fault: Pillow and Keras make
# photos smaller by different calculations, so some answers change. Check the whole path from the file to the answer,
# and state the accuracy of *that* path, as our model card does. The fix is to use the same function in training and
# in the app, for example Pillow before training.
#
# <details><summary>Other formats</summary>
#
# `core.export(folder)` writes a TensorFlow SavedModel, and `core.export("model.tflite", format="litert")` a file for
# LiteRT on phones. With the versions of this course we tried both: their answers differed from Keras's by less than
# 0.00001. OpenVINO needs a package of its own, and we did not try it. A layer `Normalization` after `adapt` did not
# survive the ONNX export, so the head uses `Rescaling`.
#
# </details>
#
# ## 10. The app
#
# The app is a button, a photo and bars. It answers through ONNX Runtime alone. The answer is also text, so that a
# screen reader can read it. For a file that is no image, the app shows a message.


# %%
def answer_page(content):
    """HTML for the bytes of a photo: the photo, and a bar per class."""
    scores = run_onnx(read_photo(io.BytesIO(content)))[0]
    order = scores.argsort()[::-1]
    best = f"{class_names[order[0]]}, {scores[order[0]]:.0%}"
    thumbnail = ImageOps.exif_transpose(Image.open(io.BytesIO(content))).convert("RGB")
    thumbnail.thumbnail((200, 200))
    file = io.BytesIO()
    thumbnail.save(file, format="PNG")
    code = base64.b64encode(file.getvalue()).decode()
    rows = "".join(
        f"<tr><th>{html.escape(class_names[c])}</th><td>{scores[c]:.0%}</td><td>"
        '<div style="background:#0072B2; height:1em; '
        f'width:{200 * scores[c]:.0f}px"></div></td></tr>'
        for c in order
    )
    return (
        f'<p role="status">Answer: <b>{html.escape(best)}</b></p>'
        f'<img alt="The photo that was chosen" src="data:image/png;base64,{code}">'
        f"<table>{rows}</table>"
    )


upload = ipywidgets.FileUpload(accept="image/*", description="Choose a photo")
result = ipywidgets.HTML("<p>No photo yet.</p>")


def on_upload(_):
    if upload.value:
        try:
            result.value = answer_page(bytes(upload.value[0]["content"]))
        except (OSError, ValueError):
            result.value = '<p role="status">This is not an image. Choose another.</p>'


upload.observe(on_upload, names="value")
ipywidgets.VBox([upload, result])

# %% [markdown]
# Try the app with a photo of an animal or a plant from your disk. It always answers with one of its classes, even for
# a photo of something else. For a photo of the test folder it shows:

# %%
HTML(answer_page(Path(test_files[0]).read_bytes()))

# %% [markdown]
# ## 11. The model card
#
# A [model card](GLOSSARY.md#model-card) is a page that is published with a model. It tells users what the model was
# trained on, how it was tested and what it is not for. In ours every result is filled in from a variable, so the card
# cannot disagree with the results. The card tests the app's own path, so its comparison can be weaker than that of
# section 7.

# %%
app_answers = in_app.argmax(axis=1)
app = evaluate(app_answers)
app_error = calibration_error(in_app, labels["test"])
n_objects = {split: len(set(objects[split])) for split in objects}
n_photos = {split: len(labels[split]) for split in labels}

card = f"""# Model card

## Intended use
Says which of {len(class_names)} classes ({", ".join(class_names)}) a photo shows.
It was made for teaching.

## Data
Training: {n_photos["train"]} photos of {n_objects["train"]} objects.
Validation: {n_photos["validation"]} photos of {n_objects["validation"]} objects.
Test: {n_photos["test"]} photos of {n_objects["test"]} objects.
The photos are composites: an object on a photographed background.
The splits share no object and no background.

## Model
MobileNetV2 up to block 13, pretrained on ImageNet, and one dense layer:
{model.count_params():,} parameters. Input: {SIZE[0]} x {SIZE[1]} pixels, RGB, 0 to 255.
Fine-tuned from block 11; stopped after {len(history["loss"])} epochs.

## Evaluation
The model was tested on the app's own path, from the file to the answer.
Accuracy on the test photos: {app["accuracy"]:.1%}
(90 % confidence interval {app["low"]:.1%} to {app["high"]:.1%}, objects resampled).
Balanced accuracy: {app["balanced accuracy"]:.1%}.
Majority-class baseline: {results["majority class"]["accuracy"]:.1%}.
Logistic regression, frozen base: {results["logistic regression"]["accuracy"]:.1%}.
Compared with it: {compare(app_answers, reference)}.
Expected calibration error: {100 * app_error:.1f} points.

## Known shortcuts
From the edge of a photo alone, a model reaches {edge["accuracy"]:.1%}
({edge["low"]:.1%} to {edge["high"]:.1%}). Other backgrounds, and several objects in one
photo, were not tested.

## Not for
Decisions about people, animals or safety. Photos that show none of the
{len(class_names)} classes: the model has no answer "none of these".

## Licences
Weights of the base: Apache-2.0, Google. Photos of the objects: mostly GPL-2, Tux Paint.
Backgrounds: GPL-2.0-or-later, CC0-1.0 or CC BY 4.0, see PROVENANCE.csv of the course.
"""
(work / "MODEL_CARD.md").write_text(card, encoding="utf-8")
shown = "\n" + card.replace("## ", "# ")  # headings that fit into this notebook
display(Markdown(shown.replace("\n# ", "\n### ")))

# %% [markdown]
# To publish the project, put `model.onnx`, `MODEL_CARD.md` and the class names in order into one folder.
#
# Here the app answers for three test photos, drawn at random, one per column.

# %%
places = np.random.default_rng(0).choice(len(app_answers), 3, replace=False)
figure, axes = plt.subplots(2, 3, figsize=(8.4, 4.6), layout="constrained")
sentences = []
for column, place in zip(axes.T, places, strict=True):
    path, scores = datasets["test"].file_paths[place], in_app[place]
    truth, best = class_names[labels["test"][place]], class_names[scores.argmax()]
    column[0].imshow(Image.open(path))
    column[0].set_title(f"shows: {truth}", fontsize=10)
    column[0].axis("off")
    column[1].barh(class_names, 100 * scores, color="#0072B2")
    column[1].set(xlim=(0, 100), xlabel="probability (%)")
    column[1].set_title(f"answer: {best}, {scores.max():.0%}", fontsize=10)
    column[1].invert_yaxis()
    sentences.append(f"A photo of {truth}: {best}, {scores.max():.0%}.")
for ax in axes[1, 1:]:
    ax.set_yticklabels([])
show(figure, "The app answers for three test photos. " + " ".join(sentences))

# %% [markdown]
#
# ## Quiz

# %% folded=true
from course_utils import widgets

widgets.quiz(
    [
        {
            "question": "You have ten photos of each of 40 dogs. How do you split "
            "them?",
            "options": [
                "With `validation_split=0.25`, photos at random.",
                "By dog: all photos of a dog go into the same folder.",
                "The first seven photos of each dog for training.",
            ],
            "answer": 1,
            "why": [
                "Then photos of the same dog are on both sides, and the "
                "accuracy is too high.",
                "The validation then asks what you want to know: does it work "
                "for a new dog?",
                "Each dog is still on both sides.",
            ],
        },
        {
            "question": "Fine-tuning gains 3 points; the interval is -2 to +8 "
            "points. What do you report?",
            "options": [
                "A gain of 3 points.",
                "No gain.",
                "Inconclusive, with the interval.",
            ],
            "answer": 2,
            "why": [
                "The data also fit a loss of 2 points.",
                "The data also fit a gain of 8 points.",
                "The interval includes 0. More test objects would narrow it.",
            ],
        },
        {
            "question": "Why does the model contain a `Rescaling` layer?",
            "options": [
                "It makes training faster.",
                "The preprocessing is then saved and exported with the model.",
                "Keras requires it.",
            ],
            "answer": 1,
            "why": [
                "The speed is the same.",
                "Whoever loads the file gets the preprocessing too, and cannot "
                "forget it.",
                "Keras accepts any values, which is why wrong preprocessing "
                "goes unnoticed.",
            ],
        },
        {
            "question": "The exported model agrees with Keras on the same pixels, "
            "but the app's accuracy is lower. Where do you look first?",
            "options": [
                "At how the app reads and resizes photos.",
                "At the weights.",
                "At the learning rate.",
            ],
            "answer": 0,
            "why": [
                "The network is the same, so the difference lies before it.",
                "They gave the same answers on the same pixels.",
                "Nothing is trained in the app.",
            ],
        },
        {
            "question": "You set `layer.trainable = True` for a block and call `fit` "
            "again, but the block does not change. What did you forget?",
            "options": [
                "`compile` after the change.",
                "A higher learning rate.",
                "More augmentation.",
            ],
            "answer": 0,
            "why": [
                "The compiled training step still treats the block as frozen.",
                "A frozen block does not change at any learning rate.",
                "Augmentation does not decide which weights train.",
            ],
        },
    ],
)

# %% [markdown]
# ## What to do next
#
# **Lab 6** is this project on photos of your own. Where to go after that:
#
# - **KerasHub** (keras.io/keras_hub): many pretrained models, also for text and audio. `from_preset` loads each of
#   them.
# - **ViT**, the Vision Transformer (arXiv 2010.11929), works without convolutions. You freeze and fine-tune it in the same steps.
# - **CLIP** (arXiv 2103.00020) was trained on images with their captions. It can classify from the names of classes, without training
#   photos of your own.
# - **DINOv2** (arXiv 2304.07193) was trained without labels. Its frozen features transfer well. Try them with logistic regression
#   first.
# - **LoRA** (arXiv 2106.09685) fine-tunes a large model by training small added matrices (`enable_lora` in Keras).
# - **Other modalities**: see YAMNet for sound (tensorflow.org/tutorials/audio/transfer_learning_audio) and BERT for
#   text (arXiv 1810.04805).
