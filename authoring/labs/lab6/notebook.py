# %% [markdown]
# # Lab 6: Your own images
#
# **Goal.** Everything from the lessons, once more, on a question of yours: you take photographs, split them without a leak,
# train on a network that you have not fine-tuned before, and say on one page how far the result can be trusted.
#
# {{header}}
#
# | | |
# |---|---|
# | What you need | lessons 01 to 07, and about forty photographs of your own |
# | Network, GPU | neither |
# | Points | {{points}}: {{checked: exercise}} that are checked automatically ({{checked points}}), a report read by a person ({{read points}}) |
#
# **Your images.** Choose two to five kinds of thing that you can photograph where you are: mugs and glasses, leaves of
# two trees, apples and pears. Take at least 40 photographs in all, and of each kind at least four different objects; a
# phone is fine. Put them beside this notebook, in a folder called `my_images`, one subfolder for each kind, and name each
# file after its object, a hyphen and a number:
#
# ```
# my_images/mug/blue-1.jpg      my_images/mug/blue-2.jpg      my_images/mug/chipped-1.jpg
# my_images/glass/tall-1.jpg    my_images/glass/tall-2.jpg    …
# ```
#
# Nothing in them should be private: the images are handed in with the notebook. Until the folder is there, the lab uses
# **practice images** that it makes from the course's cut-outs, so you can write and check all your functions today.
#
# **How it works.** As in every lab: an answer cell, below it a check that says *right*, *not yet* and why, or *not
# attempted*. When the lab is marked, the functions are called with inputs you have not seen, and the model you hand in
# predicts once more on the images you held out.
#
# - A `NameError` from a check? The answer cell above it has not been run yet, or the set-up cell has not. Exercise 6 calls your
#   functions of exercises 1 to 4, so their cells come first.
# - New or renamed images are read by the set-up cell: run everything again after you have changed the folder.
# - Please keep the cells and the file name as they are; extra cells of your own are fine.
#
# **Handing in.** Restart the kernel, run all cells, look at the verdicts, save; submit `lab6.ipynb` with the folder
# `my_images` (together at most 60 MB: photographs scaled to 1000 pixels are more than enough). Learning on your own? A clone of
# the course holds the worked solution, `solutions/lab6/lab6.ipynb`; what an instructor hands out may come without it.
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

from course_utils import plots
from course_utils.checks import when_ready
from course_utils.evaluate import accuracy_interval, grouped_splits
from course_utils.data import load_folder
from course_utils.models import load_base
from course_utils.data.practice import practice_folder

started = time.perf_counter()
keras.utils.set_random_seed(0)
folder = Path("my_images") if Path("my_images").is_dir() else practice_folder()
photos = load_folder(folder, size=96)
paths = [path.relative_to(folder).as_posix() for path in photos.paths]
print(
    "Your own images." if folder.name == "my_images" else "PRACTICE IMAGES: there is no folder my_images yet."
)
for path in paths[:4]:
    print("  ", path)

# %% [markdown]
# `load_folder` has cut each image to a square of 96 pixels, and named every file it could not read. Before anything is
# trained, look at your data. Is each image in the right folder? Would *you* recognise the thing at this size?
#
# **What you should see:** up to 24 of the images in rows, all of them small squares, each with the name of its folder above it.

# %%
plots.image_grid(
    photos.images[:: max(1, len(paths) // 24)][:24],
    titles=[Path(path).parent.name for path in paths[:: max(1, len(paths) // 24)][:24]],
)

# %% [markdown]
# ## Exercise 1: which images show the same object? ({{points}} points)
#
# **Aim.** Write `objects_of(paths)`: it takes the images' paths and returns one number for each, the same number exactly
# when two images show the same object.
#
# **Why.** Two photographs of one mug are nearly the same image. If one is trained on and the other is tested on, the test
# asks whether the network remembers that mug. Everything that follows depends on knowing which images belong together.
#
# The name up to its **last** hyphen says which object it is (`tea-pot-2.jpg` is the second image of `tea-pot`), a name
# without a hyphen is an object of its own, and objects of different folders are different, whatever their names.
#
# <details>
# <summary>A hint for the names</summary>
#
# `Path(path).stem` is the file's name without its ending, and `rsplit("-", 1)[0]` cuts it at the last hyphen, if it has one.
#
# </details>
#
# <details>
# <summary>A hint for the numbers</summary>
#
# `np.unique(names, return_inverse=True)` gives, as its second result, a number for each name.
#
# </details>


# %% nbgrader="answer" id="objects-of"
def objects_of(paths):
    """Numbers images by the object they show.

    Args:
        paths: a list of text such as "mug/blue-1.jpg"; the folder that holds the file is the class.

    Returns:
        One whole number for each path, in the same order.
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
# The second number is the one that counts. Ten images of one mug teach a network that mug; they say little about mugs.

# %% [markdown]
# ## Exercise 2: a split without a leak ({{points}} points)
#
# **Aim.** Write `split_by_object(labels, groups, seed)`: it returns two arrays of positions, those to train on and those held
# out, with no object on both sides.
#
# **Why.** You will read one number from the images held out and believe it. Hold out about a quarter (12 to 40 %), let
# every class be on both sides, and let the seed alone decide which objects they are.
#
# <details>
# <summary>A hint</summary>
#
# Lesson 03 did this with `grouped_splits(labels, groups, folds=…, seed=…)`, which returns a list of splits. With four folds each
# holds out about a quarter. Take one.
#
# </details>


# %% nbgrader="answer" id="split-by-object"
def split_by_object(labels, groups, seed):
    """Splits images so that no object is on both sides.

    Args:
        labels: int array (N,), the class of each image.
        groups: int array (N,), the object each image shows; every class has at least four objects.
        seed: a whole number; the same seed gives the same split.

    Returns:
        (train, held_out): two int arrays of positions; together, each position once.
    """
    ### BEGIN SOLUTION
    return grouped_splits(labels, groups, folds=4, seed=seed)[0]
    ### END SOLUTION


# %% nbgrader="test" id="test-split-by-object" points=15
from course_utils.checks import lab6

secret = None  # the check that you see; another number when the lab is marked
### BEGIN HIDDEN TESTS
secret = lab6.secret_seed()
### END HIDDEN TESTS
verdict = lab6.split_by_object(split_by_object, seed=secret)
verdict.marks(15)

# %%
with when_ready("exercises 1 and 2"):
    train, held_out = split_by_object(photos.labels, objects_of(paths), 0)
    print(f"{len(train)} images to train on, {len(held_out)} held out")
    print("held out:", ", ".join(sorted({paths[i].rsplit("-", 1)[0] for i in held_out})))

# %% [markdown]
# ## Exercise 3: the first stage ({{points}} points)
#
# **Aim.** Write `first_stage(class_count)`: a compiled model that takes images as they are (0 to 255) and gives one
# probability for each class, with EfficientNet-Lite0, frozen, inside.
#
# **Why.** You have not built on this base from the pixels on; that is the point. It was trained with other numbers than VGG16 and MobileNetV2: each pixel
# $x$ became $(x - 127) / 128$. With the preparation *inside* the model, whoever uses it later cannot get it wrong.
#
# The model must take images of shape `(96, 96, 3)`, average the base's last maps (exercise 6 limits the size of what was trained), end in a softmax, and be compiled for
# whole-number labels.
#
# <details>
# <summary>A hint for the preparation</summary>
#
# `keras.layers.Rescaling(scale, offset=…)` computes `x * scale + offset`.
#
# </details>
#
# <details>
# <summary>A hint for the base</summary>
#
# `load_base("efficientnet_lite0", input_shape=(96, 96, 3))` comes without its top. Freeze it before you compile. Then call it
# like a layer.
#
# </details>


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
# **Aim.** Write `second_stage(model)`: it takes the model after the first stage and returns it with the end of the base, from
# `block7a_expand` on, free to learn, and compiled anew with a low rate (at most 0.001).
#
# **Why.** The last block holds the most particular features, so it has the most to gain; with few images, anything
# earlier would sooner be spoiled than improved. BatchNorm stays frozen everywhere: its statistics come from over a million
# images, and a few dozen of yours would replace them by noise.
#
# <details>
# <summary>A hint for finding the base</summary>
#
# It is one of `model.layers`: the one that has `layers` of its own. `isinstance(layer, keras.Model)` tells.
#
# </details>
#
# <details>
# <summary>A hint for the flags</summary>
#
# `base.trainable = True` first, since it sets every layer's flag. Then go through `base.layers` in order: frozen until
# `block7a_expand` comes, and BatchNorm frozen in any case.
#
# </details>
#
# <details>
# <summary>A hint for compiling</summary>
#
# The training step is built from the flags it finds, so compile last, and with a new optimizer.
#
# </details>


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
# ## Exercise 5: what may be said ({{points}} points)
#
# **Aim.** Write `judge(probabilities, labels, groups, training_labels)`: it returns four numbers, the accuracy, the two ends of
# its interval, and what somebody reaches who looks at no image at all.
#
# **Why.** "0.83" means nothing by itself. With eighteen images of six objects it may as well be 0.5. And where two of three
# images are mugs, saying "mug" every time reaches 0.67. That somebody knows only the training part: its commonest
# class is said of every image held out.
#
# <details>
# <summary>A hint for the interval</summary>
#
# `accuracy_interval(correct, groups)` returns accuracy, low and high. Without the right groups it believes every image to be
# news.
#
# </details>
#
# <details>
# <summary>A hint for the majority class</summary>
#
# `np.bincount(training_labels).argmax()` is the commonest class. How often is it right on `labels`?
#
# </details>


# %% nbgrader="answer" id="judge"
def judge(probabilities, labels, groups, training_labels):
    """Says how good a model is on images held out, and compared to what.

    Args:
        probabilities: float array (N, classes), what the model gave for the images held out.
        labels: int array (N,), their classes.
        groups: int array (N,), the object each shows.
        training_labels: int array (M,), the classes of the images trained on.

    Returns:
        (accuracy, low, high, majority): shares from 0 to 1; low and high are the ends of a 90 % interval that counts objects.
    """
    ### BEGIN SOLUTION
    accuracy, low, high = accuracy_interval(probabilities.argmax(axis=1) == labels, groups)
    commonest = np.bincount(training_labels).argmax()
    return accuracy, low, high, np.mean(labels == commonest)
    ### END SOLUTION


# %% nbgrader="test" id="test-judge" points=10
from course_utils.checks import lab6

secret = None  # the check that you see; another number when the lab is marked
### BEGIN HIDDEN TESTS
secret = lab6.secret_seed()
### END HIDDEN TESTS
verdict = lab6.judge(judge, seed=secret)
verdict.marks(10)

# %% [markdown]
# ## Exercise 6: train, and hand in ({{points}} points)
#
# **Aim.** Write `hand_in()`: it trains both stages on *your* images and returns the model together with the images and the
# split, so that anybody can judge it again.
#
# **Why.** A number in a report can be anything. A model, and the images it was kept away from, can be asked again. (That they
# were kept away is your word: no check can see it.)
#
# Use your own four functions and what the set-up cell has read: `photos.images`, `photos.labels`, `photos.class_names` and
# `paths`. The first stage needs about eight epochs, the second about four, in batches of 16; on 40 to 100 images that takes seconds.
# **When your lab is marked, `hand_in` may take 120 seconds**, on a machine that may be slower than yours. Three hundred images or fifty epochs can be
# right at home and too slow there. If it takes more than half a minute here, use fewer of them.
#
# The check looks at four things:
#
# - at least 40 images, of at least four objects a class;
# - a split that does not leak, with at least six images held out;
# - the fine-tuning: only layers from `block7a_expand` on differ from ImageNet's, BatchNorm excepted; they have learned (the check puts
#   ImageNet's numbers back into the base: your model's loss on your training images, or 64 of them, must be at least 3 % smaller than
#   the loss it has then); and what was trained takes at most 20 MB in half precision;
# - the model beats the majority class by more than five points on what was held out.
#
# <details>
# <summary>A hint</summary>
#
# `model.fit(images[train], labels[train], epochs=8, batch_size=16, verbose=0)` after the first stage, and the same with
# fewer epochs after the second. It must come in this order: a new head learns in big steps, and would drag the base along.
#
# For Adam a loss smaller by 3 % is easy. Plain SGD does not scale its steps, and these gradients are small: in four epochs, even at the
# highest rate allowed (0.001), it often does not get there. Give it momentum, where you compile in exercise 4.
#
# </details>


# %% nbgrader="answer" id="hand-in"
def hand_in():
    """Trains on your images and returns all that is needed to judge the result.

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
# Before you run the next cell: which of your classes will be taken for which? Write your guess down; you will need it in the
# report.
#
# **What you should see:** two lines of numbers, then a square table with a row for each true class and a column for each answer, the darker
# the larger its share of the row; right answers lie on the diagonal. The cell after it shows the images that were answered wrongly, each with
# both names and the surest mistake first, or says that there is none.

# %%
with when_ready("exercises 1 to 6"):
    result = hand_in()
    part = result["held_out"]
    truth = result["labels"][part]
    probabilities = result["model"].predict(result["images"][part], verbose=0)
    accuracy, low, high, majority = judge(
        probabilities, truth, result["groups"][part], result["labels"][result["train"]]
    )
    print(f"{len(part)} images of {len(np.unique(result['groups'][part]))} objects held out")
    print(f"accuracy {accuracy:.0%}, 90 % interval {low:.0%} to {high:.0%}; always the commonest class: {majority:.0%}")
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
            "Not one mistake. Before you celebrate: what do the images of one class share besides the thing itself?"
        )

# %% [markdown] nbgrader="locked" id="report-text"
# ## The report ({{points}} points)
#
# One page, 250 to 400 words, for somebody who would like to use your model and knows nothing of neural networks. Say:
#
# 1. **The question**: what is told apart, how the images were taken, how many images of how many objects.
# 2. **The method**, in three or four sentences: what was borrowed, what was trained, on what, and what was held out.
# 3. **The result**: accuracy with its interval, beside the majority class; what the interval allows and what it does not.
# 4. **The mistakes**: at least two, with a reason you can see in the image or in the confusion matrix; was your guess right? (If there are
#    fewer than two, say instead what the images of one class share besides the thing, and which image would be hard.)
# 5. **The limits**: for which images would it fail (another phone, another background, another kind of mug)? What might it
#    have learned instead of the thing? What would you photograph next?
#
# ### BEGIN MARK SCHEME
# | Points | for |
# |---|---|
# | 3 | own images, described: how taken, how many of how many objects (practice images: 0 here, and the rest can still be earned) |
# | 4 | the method, right and in plain words: frozen base, then the end of it at a low rate; what was held out, by object (1 point each: borrowed, trained, held out, by object) |
# | 5 | the result: accuracy and interval as printed (2), compared with the majority class (1), what the interval allows: "better than guessing" only when its lower end lies above the majority (2) |
# | 4 | two mistakes with a visible reason (1 each), the guess compared with what came (1), read from the matrix and not invented (1); with fewer than two mistakes, a shared trait named and a hard image described earn these points |
# | 4 | limits: a shortcut that the images make possible, such as background or light (2), a next step that would test it (2) |
#
# Numbers differ between machines. A poor model well judged earns full marks; a good one praised beyond its interval does not.
#
# Which images show one object is the student's word: the check of exercise 6 takes the numbers it is given. It never sees the folder
# either: `hand_in` returns arrays, and nothing ties them to the files. Open `my_images` in what was handed in, and compare its images with those
# shown in the notebook, and the line "held out:" above with the files' names and with what the report says. Where one object goes by several names, or every image by a name of its
# own although there were fewer objects, the split is not by object: no point for "by object", and none for the interval.
# ### END MARK SCHEME

# %% [markdown] nbgrader="manual" id="report" points=20
# ### BEGIN SOLUTION
# *(A model answer, on the practice images. Your own will be about other things.)*
#
# **The question.** The model tells birds, flowers and vehicles apart. The images are photographs of objects pasted on photographs
# of other places: 96 of them, four each of 24 objects, eight objects of each kind.
#
# **The method.** I borrowed EfficientNet-Lite0, a network that has learned general features from over a million photographs, and
# froze it. On top I trained one new layer. Then I let the last block of the network learn too, at a hundredth of the
# rate. A quarter of the objects, with all their images, was put aside first, and no image of them was ever trained on.
#
# **The result.** On the images put aside the accuracy, its interval and the share of the commonest class are those printed
# above. The classes are equally frequent, so guessing reaches a third, and the whole interval lies above that: the model has
# learned something about these kinds. How good it is exactly cannot be said from six objects; an object more or
# less would move it by about a sixth.
#
# **The mistakes.** The grid shows images where the object is small and lies on a busy background, and one where a
# bird is turned so that its outline is hard to see, for me too. I had guessed that birds would be taken for flowers, both being
# colourful; whether they were is read off the row of the birds in the matrix.
#
# **The limits.** The same few photographs lie behind all objects, in training and in testing, so the model has not been tested on
# other places, and may be less good there. It may use the edge at which an object was pasted instead of its shape. Next I would photograph toys of these three kinds on one and the same
# table, where neither background nor edges can help.
# ### END SOLUTION

# %% [markdown]
# ## Before you hand in
#
# The next cell says what this notebook has cost. Then restart the kernel, run all cells, save, and submit the notebook with your
# folder `my_images`.

# %% nbgrader="locked" id="cost"
import psutil

memory = psutil.Process().memory_info().rss / 1e9
print(f"{time.perf_counter() - started:.0f} seconds since the set-up cell ran; {memory:.1f} GB of memory in use now")
