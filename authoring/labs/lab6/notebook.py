# %% [markdown]
# # Lab 6: Your own images
#
# **Goal.** You do the whole project on a question of your own: you take photographs, split them
# without a leak, fine-tune a base that you have not fine-tuned before, and publish the result with
# a model card whose every number is computed.
#
# {{header}}
#
# | | |
# |---|---|
# | What you need | lessons 01 to 07, and 10; about forty photographs of your own |
# | Network, GPU | neither |
# | Points | {{points}}: {{checked: exercise}} that are checked automatically ({{checked points}}), the words of the card read by a person ({{read points}}) |
#
# **Your images.** Choose two to five kinds of object that you can photograph where you are: mugs
# and glasses, leaves of two trees, apples and pears. Take at least 40 photographs in all, and of
# each kind at least four different objects. A phone is fine. Put them next to this notebook, in a
# folder called `my_images`, one subfolder for each kind. Name each file after its object, a hyphen
# and a number:
#
# ```
# my_images/mug/blue-1.jpg      my_images/mug/blue-2.jpg      my_images/mug/chipped-1.jpg
# my_images/glass/tall-1.jpg    my_images/glass/tall-2.jpg    …
# ```
#
# Nothing in them should be private: the images are handed in with the notebook. Until the folder is
# there, the lab uses **practice images**, composite images of the course's objects, so you can
# write and check all your functions today.
#
# **How it works.** The checks work as in lab 1. They test an exercise's **demands** and nothing
# else. When the lab is marked, your functions are called with inputs you have not seen, and the
# model you hand in predicts again on the images you held out.
#
# - A `NameError` from a check? The answer cell above it has not been run yet, or the set-up cell
#   has not. Exercise 6 calls your functions of exercises 1 to 4, so their cells come first.
# - The set-up cell reads the folder. Run everything again after you have changed it.
# - You may import Keras, NumPy, scikit-learn, SciPy, Pillow, TensorFlow, Python's standard library
#   and `course_utils`.
# - A model that you return consists of Keras's own layers, without `Lambda` or classes of your own.
# - Keep the cells and the file name. Extra cells of your own are fine.
#
# **Handing in.** Submit `lab6.ipynb` with the folder `my_images` (together at most 60 MB:
# photographs scaled to 1000 pixels are more than enough). A clone of the course holds the worked
# solution, `solutions/lab6/lab6.ipynb`; what an instructor hands out may come without it.
#
# <details>
# <summary>How to scale photographs to 1000 pixels</summary>
#
# Keep the originals elsewhere: these lines write over the files in `my_images`. They also turn each image upright, and leave out
# what the camera noted about place and time. Put them into a cell of your own below the set-up, run it once, and delete it.
# (Files that end in `.heic` are not read: let your phone or computer save them as JPEG first.)
#
# ```python
# from PIL import Image, ImageOps
#
# for path in sorted(Path("my_images").rglob("*.[jJ][pP]*[gG]")):
#     image = ImageOps.exif_transpose(Image.open(path)).convert("RGB")
#     image.thumbnail((1000, 1000))
#     image.save(path)
# ```
#
# </details>

# %% nbgrader="locked" id="version"
import course_utils

print(f"course_utils {course_utils.__version__}")

# %% nbgrader="locked" id="setup"
import time
from pathlib import Path

import keras
import numpy as np
from IPython.display import Markdown, display

from course_utils import plots
from course_utils.checks import when_ready
from course_utils.evaluate import accuracy_interval, grouped_splits
from course_utils.data import load_folder
from course_utils.models import load_base
from course_utils.data.practice import practice_folder

started = time.perf_counter()
keras.utils.set_random_seed(0)
result = None  # what exercise 6 hands in, once it is there
folder = Path("my_images") if Path("my_images").is_dir() else practice_folder()
photos = load_folder(folder, size=96)
paths = [path.relative_to(folder).as_posix() for path in photos.paths]
print(
    "Your own images." if folder.name == "my_images" else "PRACTICE IMAGES: there is no folder my_images yet."
)
for path in paths[:4]:
    print("  ", path)

# %% [markdown]
# `load_folder` has cut each image to a square of 96 pixels and named every file it could not read.
# Look at your data before you train. Is each image in the right folder? Would *you* recognise the
# object at this size?
#
# **What you should see:** rows of up to 24 small square images, each with the name of its folder
# above it.

# %%
plots.image_grid(
    photos.images[:: max(1, len(paths) // 24)][:24],
    titles=[Path(path).parent.name for path in paths[:: max(1, len(paths) // 24)][:24]],
)

# %% [markdown]
# ## Exercise 1: which images show the same object? ({{points}} points)
#
# **Aim.** Write `objects_of(paths)`. It takes the images' paths and returns one integer for each,
# in their order. Two images get the same integer exactly when they show the same object.
#
# **Why.** Two photographs of one mug are nearly the same image. If one is in training and the other
# in the test, the test measures whether the network remembers that mug.
#
# <details>
# <summary>A hint</summary>
#
# `Path(path).stem` is the file's name without its ending, and `rsplit("-", 1)[0]` cuts it at the
# last hyphen, if it has one. `np.unique(names, return_inverse=True)` gives, as its second result,
# an integer for each name.
#
# </details>
#
# **Demands**
#
# - *same object*: images whose names are alike up to the last hyphen, in one folder, get the same integer. A name without a
#   hyphen is an object of its own.
# - *last hyphen*: only the last hyphen counts: `tea-pot-2.jpg` is the second image of `tea-pot`, not of `tea`.
# - *folders*: objects of different folders are different, even with the same name.


# %% nbgrader="answer" id="objects-of"
def objects_of(paths):
    """Numbers images by the object they show.

    Args:
        paths: a list of text such as "mug/blue-1.jpg"; the folder that holds the file is the class.

    Returns:
        One integer for each path, in the same order.
    """
    ### BEGIN SOLUTION
    names = [f"{Path(path).parent.name}/{Path(path).stem.rsplit('-', 1)[0]}" for path in paths]
    return np.unique(names, return_inverse=True)[1]
    ### END SOLUTION


# %% nbgrader="test" id="test-objects-of" points=10
from course_utils.checks import lab6

secret = None  # the check that you see; another number when the lab is marked
### BEGIN HIDDEN TESTS
secret = lab6.secret_seed()
### END HIDDEN TESTS
verdict = lab6.objects_of(objects_of, seed=secret)
verdict.marks(10)

# %%
with when_ready("exercise 1"):
    objects = objects_of(paths)
    for label, name in enumerate(photos.class_names):
        mine = objects[photos.labels == label]
        print(f"{name:20} {len(mine):3} images of {len(np.unique(mine)):2} objects")

# %% [markdown]
# The second number counts. Ten images of one mug teach a network that mug and little about mugs in
# general.

# %% [markdown]
# ## Exercise 2: a split without a leak ({{points}} points)
#
# **Aim.** Write `split_by_object(labels, groups, seed)`. It returns two arrays of positions, those
# to train on and those held out.
#
# **Why.** The accuracy on the held-out images is the one number that you report. A leak makes it
# too high.
#
# <details>
# <summary>A hint</summary>
#
# Lesson 03 did this with `grouped_splits(labels, groups, folds=…, seed=…)`, which returns a list of
# splits. With four folds each holds out about a quarter. Take one.
#
# </details>
#
# **Demands**
#
# - *every image*: every position from 0 to N - 1 is in exactly one of the two arrays.
# - *no leak*: no object has images in both.
# - *a quarter*: about a quarter of the images is held out, from 12 to 40 %.
# - *every class*: every class is in both.
# - *seed*: the same seed gives the same split, another seed another one.


# %% nbgrader="answer" id="split-by-object"
def split_by_object(labels, groups, seed):
    """Splits images so that no object is on both sides.

    Args:
        labels: int array (N,), the class of each image.
        groups: int array (N,), the object each image shows; every class has at least four objects.
        seed: an integer; the same seed gives the same split.

    Returns:
        (train, held_out): two int arrays of positions; together, each position once.
    """
    ### BEGIN SOLUTION
    return grouped_splits(labels, groups, folds=4, seed=seed)[0]
    ### END SOLUTION


# %% nbgrader="test" id="test-split-by-object" points=10
from course_utils.checks import lab6

secret = None  # the check that you see; another number when the lab is marked
### BEGIN HIDDEN TESTS
secret = lab6.secret_seed()
### END HIDDEN TESTS
verdict = lab6.split_by_object(split_by_object, seed=secret)
verdict.marks(10)

# %%
with when_ready("exercises 1 and 2"):
    train, held_out = split_by_object(photos.labels, objects_of(paths), 0)
    print(f"{len(train)} images to train on, {len(held_out)} held out")
    print("held out:", ", ".join(sorted({paths[i].rsplit("-", 1)[0] for i in held_out})))

# %% [markdown]
# ## Exercise 3: the first stage ({{points}} points)
#
# **Aim.** Write `first_stage(class_count)`. It returns a compiled model for images of shape
# `(96, 96, 3)`, with values from 0 to 255: EfficientNet-Lite0, frozen, with a new head.
#
# **Why.** This base was trained with other values than VGG16 and MobileNetV2: each value $x$ became
# $(x - 127) / 128$. With the preprocessing *inside* the model, no user can get it wrong later.
#
# <details>
# <summary>A few hints</summary>
#
# `keras.layers.Rescaling(scale, offset=…)` computes `x * scale + offset`.
# `load_base("efficientnet_lite0", input_shape=(96, 96, 3))` comes without its top. Freeze it before
# you compile, then call it like a layer.
#
# </details>
#
# **Demands**
#
# - *probabilities*: for N images the model gives (N, class_count), each row from a softmax.
# - *preprocessing*: images from 0 to 255 reach the base as $(x - 127) / 128$.
# - *pretrained weights*: the base has ImageNet's weights.
# - *averaged*: the first layer with weights after the base receives the average of each of the base's last maps.
# - *frozen base*: all of the base is frozen, and the head is trainable.
# - *compiled*: the model is compiled for labels that are integers.


# %% nbgrader="answer" id="first-stage"
def first_stage(class_count):
    """Builds and compiles the model of the first stage.

    Args:
        class_count: how many classes there are.

    Returns:
        A compiled keras.Model: (N, 96, 96, 3), 0 to 255 → (N, class_count) probabilities. Only its head is trainable.
    """
    ### BEGIN SOLUTION
    base = load_base("efficientnet_lite0", input_shape=(96, 96, 3))
    base.trainable = False
    inputs = keras.Input((96, 96, 3))
    maps = base(keras.layers.Rescaling(1 / 128, offset=-127 / 128)(inputs))
    vector = keras.layers.GlobalAveragePooling2D()(maps)
    model = keras.Model(inputs, keras.layers.Dense(class_count, activation="softmax")(vector))
    model.compile(keras.optimizers.Adam(1e-2), loss="sparse_categorical_crossentropy")
    # Adam's variables, made before `fit` asks for them: else it builds its training step twice.
    model.optimizer.build(model.trainable_variables)
    return model
    ### END SOLUTION


# %% nbgrader="test" id="test-first-stage" points=15
from course_utils.checks import lab6

secret = None  # the check that you see; another number when the lab is marked
### BEGIN HIDDEN TESTS
secret = lab6.secret_seed()
### END HIDDEN TESTS
verdict = lab6.first_stage(first_stage, seed=secret)
verdict.marks(15)

# %% [markdown]
# ## Exercise 4: the second stage ({{points}} points)
#
# **Aim.** Write `second_stage(model)`. It takes the model after the first stage and returns it
# ready for fine-tuning: the end of the base is trainable, from `block7a_expand` on, and the model
# is compiled again with a low learning rate.
#
# **Why.** The last block holds the most specific features, so it has the most to gain. BatchNorm
# stays frozen everywhere: its statistics come from over a million images, and those of a few dozen
# images would be noise.
#
# <details>
# <summary>A few hints</summary>
#
# The base is the one of `model.layers` for which `isinstance(layer, keras.Model)` holds.
# `base.trainable = True` comes first, since it sets every layer's flag. Then go through
# `base.layers` in order. The training step is built from the flags it finds, so compile last.
#
# </details>
#
# **Demands**
#
# - *unfrozen*: `block7a_expand`, all layers after it, and the head are trainable, BatchNorm excepted.
# - *frozen*: all layers before `block7a_expand` are frozen.
# - *BatchNorm*: every BatchNorm layer is frozen.
# - *weights kept*: every weight is as the first stage left it.
# - *recompiled*: the model is compiled again, with a new optimizer, and a training step moves what is trainable.
# - *learning rate*: from 0.000001 to 0.001.


# %% nbgrader="answer" id="second-stage"
def second_stage(model):
    """Frees the end of the base for the second stage, and compiles.

    Args:
        model: as first_stage returned it, trained or not.

    Returns:
        The same model: trainable from block7a_expand on but for BatchNorm, and in the head; compiled with a low rate.
    """
    ### BEGIN SOLUTION
    base = next(layer for layer in model.layers if isinstance(layer, keras.Model))
    base.trainable = True
    free = False
    for layer in base.layers:
        free = free or layer.name == "block7a_expand"
        layer.trainable = free and not isinstance(layer, keras.layers.BatchNormalization)
    model.compile(keras.optimizers.Adam(1e-4), loss="sparse_categorical_crossentropy")
    model.optimizer.build(model.trainable_variables)  # as above
    return model
    ### END SOLUTION


# %% nbgrader="test" id="test-second-stage" points=15
from course_utils.checks import lab6

secret = None  # the check that you see; another number when the lab is marked
### BEGIN HIDDEN TESTS
secret = lab6.secret_seed()
### END HIDDEN TESTS
verdict = lab6.second_stage(second_stage, seed=secret)
verdict.marks(15)

# %% [markdown]
# ## Exercise 5: accuracy, interval and baseline ({{points}} points)
#
# **Aim.** Write `evaluate_predictions(probabilities, labels, groups, training_labels)`. It returns
# four shares from 0 to 1: the accuracy, the two ends of its interval, and the majority-class
# baseline.
#
# **Why.** "0.83" means nothing by itself. With eighteen images of six objects it may as well be
# 0.5. Where two of three images are mugs, predicting "mug" every time reaches 0.67.
#
# <details>
# <summary>A hint</summary>
#
# `accuracy_interval(correct, groups)` returns accuracy, low and high. `np.bincount(training_labels).argmax()` is the most
# frequent class of the training part. How often is it right on `labels`?
#
# </details>
#
# **Demands**
#
# - *accuracy*: the share of the images whose most probable class is the right one.
# - *interval*: low and high are the ends of a 90 % confidence interval that resamples objects, not images.
# - *baseline*: the share of `labels` that are the most frequent class of `training_labels`.


# %% nbgrader="answer" id="evaluate-predictions"
def evaluate_predictions(probabilities, labels, groups, training_labels):
    """Says how good a model is on images held out, and compared to what.

    Args:
        probabilities: float array (N, classes), what the model gave for the images held out.
        labels: int array (N,), their classes.
        groups: int array (N,), the object each shows.
        training_labels: int array (M,), the classes of the images trained on.

    Returns:
        (accuracy, low, high, baseline), from 0 to 1.
    """
    ### BEGIN SOLUTION
    accuracy, low, high = accuracy_interval(probabilities.argmax(axis=1) == labels, groups)
    most_frequent = np.bincount(training_labels).argmax()
    return accuracy, low, high, np.mean(labels == most_frequent)
    ### END SOLUTION


# %% nbgrader="test" id="test-evaluate-predictions" points=10
from course_utils.checks import lab6

secret = None  # the check that you see; another number when the lab is marked
### BEGIN HIDDEN TESTS
secret = lab6.secret_seed()
### END HIDDEN TESTS
verdict = lab6.evaluate_predictions(evaluate_predictions, seed=secret)
verdict.marks(10)

# %% [markdown]
# ## Exercise 6: train, and hand in ({{points}} points)
#
# **Aim.** Write `hand_in()`. It trains both stages on *your* images and returns a dictionary with
# the model, the images and the split, so that anybody can evaluate the model again.
#
# **Why.** A number on a card can be anything. A model can be tested again on the images that were
# held out. (No check can see whether they really were held out. That is your word.)
#
# Use your functions of exercises 1 to 4 and what the set-up cell has read: `photos.images`,
# `photos.labels`, `photos.class_names` and `paths`. The first stage needs about eight epochs, the
# second about four, in batches of 16. On 40 to 100 images that takes seconds. **When your lab is
# marked, `hand_in` may take 120 seconds**, on a machine that may be slower than yours. If it takes
# more than half a minute here, use fewer images or epochs.
#
# <details>
# <summary>A hint</summary>
#
# `model.fit(images[train], labels[train], epochs=8, batch_size=16, verbose=0)` after the first
# stage, and the same with fewer epochs after the second. For the demand *second stage* Adam at
# 0.0001 is enough. SGD often does not reach it: it does not scale its steps, and these gradients
# are small.
#
# </details>
#
# **Demands**
#
# - *images*: at least 40, uint8 of shape (N, 96, 96, 3), with a label and a group each, of at least two classes.
# - *four objects*: every class has at least four objects.
# - *no leak*: every image is in one part, no object is in both, and at least six images are held out.
# - *only the end*: in the base only convolutions from `block7a_expand` on differ from ImageNet's weights, and some do.
# - *second stage*: it has lowered the loss on the training images (or 64 of them): with ImageNet's weights put back into
#   the base, the loss is larger, and yours is smaller than that by at least 1 %. Where that loss is near 0, both are compared
#   at a temperature, as in lesson 09.
# - *size*: what was trained takes at most 20 MB in half precision.
# - *baseline*: on the images held out, the accuracy is more than five points above the majority-class baseline.


# %% nbgrader="answer" id="hand-in"
def hand_in():
    """Trains on your images and returns all that is needed to evaluate the result.

    Returns:
        A dictionary: "model", the fine-tuned keras.Model; "images", uint8 (N, 96, 96, 3); "labels" and "groups", int (N,);
        "train" and "held_out", positions.
    """
    ### BEGIN SOLUTION
    keras.utils.set_random_seed(0)
    images, labels, groups = photos.images, photos.labels, objects_of(paths)
    train, held_out = split_by_object(labels, groups, 0)
    model = first_stage(len(photos.class_names))
    model.fit(images[train], labels[train], epochs=8, batch_size=16, verbose=0)
    model = second_stage(model)
    model.fit(images[train], labels[train], epochs=4, batch_size=16, verbose=0)
    return {"model": model, "images": images, "labels": labels, "groups": groups, "train": train, "held_out": held_out}
    ### END SOLUTION


# %% nbgrader="test" id="test-hand-in" points=15
from course_utils.checks import lab6

secret = None  # the check that you see; another number when the lab is marked
### BEGIN HIDDEN TESTS
secret = lab6.secret_seed()
### END HIDDEN TESTS
verdict = lab6.hand_in(hand_in, seed=secret)
verdict.marks(15)

# %% [markdown]
# Before you run the next cell: which of your classes will be confused with which? Write your guess
# down. You need it in the last question.
#
# **What you should see:** two lines of numbers, then a square table with a row for each true class
# and a column for each predicted class. The darker a cell, the larger its share of the row; right
# predictions lie on the diagonal. The cell after it shows the images that were classified wrongly,
# each with both names, the most confident mistake first, or says that there is none.

# %%
with when_ready("exercises 1 to 6"):
    result = hand_in()
    part = result["held_out"]
    truth = result["labels"][part]
    probabilities = result["model"].predict(result["images"][part], verbose=0)
    accuracy, low, high, baseline = evaluate_predictions(
        probabilities, truth, result["groups"][part], result["labels"][result["train"]]
    )
    print(f"{len(part)} images of {len(np.unique(result['groups'][part]))} objects held out")
    print(f"accuracy {accuracy:.0%}, 90 % interval {low:.0%} to {high:.0%}; majority-class baseline: {baseline:.0%}")
    plots.confusion_matrix(truth, probabilities.argmax(axis=1), class_names=photos.class_names)

# %%
with when_ready("exercises 1 to 6"):
    wrong = np.flatnonzero(probabilities.argmax(axis=1) != truth)
    if len(wrong):
        plots.mistakes_grid(
            result["images"][part],
            truth,
            probabilities.argmax(axis=1),
            probabilities.max(axis=1),
            class_names=photos.class_names,
        )
    else:
        print(
            "Not one mistake. Before you celebrate: what do the images of one class share besides the object itself?"
        )

# %% [markdown]
# ## Exercise 7: the model card ({{points}} points)
#
# **Aim.** Write `model_card(handed_in)`. It takes a dictionary such as `hand_in` returns, and
# returns the text of a model card in Markdown, as in lesson 10.
#
# **Why.** The card goes with the model to users who were not there. Every number in it is computed
# from the model and the images, so it cannot disagree with them. The check calls your function with
# another model and other images too, so compute the numbers inside it. A number under *Evaluation*
# is a percentage (`83.3 %`) or a share (`0.833`).
#
# Write the words for *your* model and *your* images: a person reads them. They need not fit the
# other model.
#
# <details>
# <summary>A hint</summary>
#
# `evaluate_predictions` gives four of the numbers, `model.count_params()` another. An f-string in three quotes holds the whole
# card: `f"{accuracy:.1%}"` writes 0.8333 as 83.3%, `f"{count:,}"` puts commas between thousands.
#
# </details>
#
# **Demands**
#
# - *headings*: `# Model card`, then `## Intended use`, `## Data`, `## Model`, `## Evaluation`, `## Known shortcuts`, `## Not for` and
#   `## Licences`, in this order.
# - *words*: under each of the last seven at least eight words, apart from the lines below.
# - *counts*: a line `Training: 72 images of 18 objects.` and a line `Held out: 24 images of 6 objects.`, with the right numbers.
# - *parameters*: a line that begins with `Parameters:` and goes on with the number of the model's parameters.
# - *accuracy*: a line `Accuracy: …`, on the images held out.
# - *interval*: a line `90 % confidence interval: … to …`, with objects resampled.
# - *baseline*: a line `Majority-class baseline: …`, as in exercise 5.
# - *no other number*: no number stands under Evaluation but those of these lines.


# %% nbgrader="answer" id="model-card"
def model_card(handed_in):
    """Writes the model card of a trained model.

    Args:
        handed_in: a dictionary as hand_in returns it: "model", "images", "labels", "groups", "train" and "held_out".

    Returns:
        Text in Markdown.
    """
    ### BEGIN SOLUTION
    model, labels, groups = handed_in["model"], handed_in["labels"], handed_in["groups"]
    train, held_out = handed_in["train"], handed_in["held_out"]
    probabilities = model.predict(handed_in["images"][held_out], verbose=0)
    accuracy, low, high, baseline = evaluate_predictions(
        probabilities, labels[held_out], groups[held_out], labels[train]
    )
    return f"""# Model card

## Intended use
Says whether an image shows a bird, a flower or a vehicle. It was made as an exercise.

## Data
Composite images: photographs of objects, pasted on photographs of other places. No object is in both parts.

Training: {len(train)} images of {len(np.unique(groups[train]))} objects.

Held out: {len(held_out)} images of {len(np.unique(groups[held_out]))} objects.

## Model
EfficientNet-Lite0, pretrained on ImageNet, with its last maps averaged and one dense layer on top.
Fine-tuned from block 7a on, with BatchNorm frozen.

Parameters: {model.count_params():,}

## Evaluation
Tested once, on objects that no training image shows.

Accuracy: {accuracy:.1%}

90 % confidence interval: {low:.1%} to {high:.1%}

Majority-class baseline: {baseline:.1%}

## Known shortcuts
The same few background photographs lie behind all objects, in training and in testing. The model may use the edge
at which an object was pasted. Neither was tested.

## Not for
Images that show none of the three classes: the model has no answer "none of these". Decisions about animals or traffic.

## Licences
Weights of the base: Apache-2.0. Objects: mostly GPL-2, Tux Paint. Backgrounds: see PROVENANCE.csv of the course.
"""
    ### END SOLUTION


# %%
with when_ready("exercises 1 to 7"):
    display(Markdown(model_card(result).replace("# ", "### ")))

# %% nbgrader="test" id="test-model-card" points=10
from course_utils.checks import lab6

secret = None  # the check that you see; another number when the lab is marked
### BEGIN HIDDEN TESTS
secret = lab6.secret_seed()
### END HIDDEN TESTS
verdict = lab6.model_card(model_card, result, seed=secret)
verdict.marks(10)

# %% [markdown] nbgrader="locked" id="question-text"
# ## The card's words, and what it leaves out ({{points}} points)
#
# A person reads the words of your card, as the cell above shows it, and your answers to these
# questions. In six to twelve sentences:
#
# 1. **The interval**: what does it allow you to say, and what not? Compare it with the
#    majority-class baseline.
# 2. **The mistakes**: name at least two, with a reason you can see in the image or in the confusion
#    matrix. Was your guess right? (If there are fewer than two, say instead what the images of one
#    class share besides the object, and which image would be hard.)
# 3. **The next step**: which shortcut might the model use, and what would you photograph next to
#    test it?
#
# ### BEGIN MARK SCHEME
# | Points | for |
# |---|---|
# | 2 | the card's *Data*: own images, how they were taken (practice images: 0 here, and the rest can still be earned) |
# | 2 | the card's *Model* and *Evaluation*, right and in plain words: frozen base, then its end at a low learning rate; held out by object |
# | 3 | the card's *Known shortcuts* and *Not for*: a shortcut that these images make possible, such as background or light (2); images for which the model would fail (1) |
# | 1 | the card's *Intended use* and *Licences* say who may use what, for what |
# | 2 | the interval: "better than guessing" only when its lower end lies above the baseline |
# | 3 | two mistakes with a visible reason (1 each), the guess compared with what came (1); with fewer than two mistakes, a shared trait named and a hard image described earn these points |
# | 2 | the next step would test the shortcut |
#
# Numbers differ between machines. A poor model well described earns full marks; a good one praised beyond its interval does not.
#
# Which images show one object is the student's word: the check of exercise 6 takes the integers it is given. It never sees the folder
# either: `hand_in` returns arrays, and nothing ties them to the files. Open `my_images` in what was handed in, and compare its images with those
# shown in the notebook, and the line "held out:" above with the files' names. Where one object goes by several names, or every image by a name of its
# own although there were fewer objects, the split is not by object: no point for "held out by object", and none for the interval.
# ### END MARK SCHEME

# %% [markdown] nbgrader="manual" id="question-card" points=15
# ### BEGIN SOLUTION
# *(A model answer, on the practice images. Your own will be about other things.)*
#
# The classes are equally frequent, so the baseline is a third. The whole interval lies above it, so the model has learned
# something about these kinds. How good it is exactly cannot be said from six objects: one object more or less moves the
# accuracy by about a sixth.
#
# The grid shows images where the object is small and lies on a busy background, and one where a
# bird is turned so that its outline is hard to see, for me too. I had guessed that birds would be taken for flowers, both being
# colourful; whether they were is read off the row of the birds in the matrix.
#
# The same few photographs lie behind all objects, in training and in testing, so the model may be worse on
# other backgrounds. It may also use the edge at which an object was pasted instead of its shape. Next I would photograph toys of these three
# kinds on one and the same table, where neither background nor edges can help.
# ### END SOLUTION

# %% [markdown]
# ## Before you hand in
#
# Choose *Kernel → Restart Kernel and Run All Cells*, look at the verdicts, save, and submit the
# notebook with your folder `my_images`. The next cell prints what this notebook has cost.

# %% nbgrader="locked" id="cost"
import psutil

memory = psutil.Process().memory_info().rss / 1e9
print(f"{time.perf_counter() - started:.0f} seconds since the set-up cell ran; {memory:.1f} GB of memory in use now")
