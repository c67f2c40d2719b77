# %% [markdown]
# # Lab 1: Meet a pretrained network
#
# **Goal.** By the end you can hand a photograph to a pretrained network the way it was trained to receive it, read what
# it answers, say where its millions of parameters sit, and turn it into something that *describes* an image instead
# of naming it. Every later lab starts from these five moves.
#
# {{header}}
#
# | | |
# |---|---|
# | What you need | lessons 01 and 02 |
# | Network, GPU | neither |
# | Points | {{points}}: {{checked: function}} that are checked automatically ({{checked points}}), {{read: question}} read by a person ({{read points}}) |
#
# **How it works.** You write {{checked: function}}. Each has a cell that says `raise NotImplementedError("not attempted yet")`: put your own lines
# there. The cell below it checks your function at once, as often as you like, and says one of three things: *right*,
# *not yet* and why, or *not attempted*. Part of an answer earns part of the points. The number below the verdict is your
# points, for the grading program. When the lab is marked, the same check runs again on images you have not seen.
#
# - Every exercise stands alone, so you can stop after any of them.
# - A `NameError` from a check? The answer cell above it has not been run yet, or the set-up cell has not.
# - Checks look at what your function does, never at how it is written. If it is right, it passes.
# - Please keep the cells and the file name as they are; extra cells of your own are fine.
#
# **Handing in.** Choose *Kernel → Restart Kernel and Run All Cells*, look at the verdicts once more, save, and submit
# `lab1.ipynb` the way your course collects work. Learning on your own? A clone of the course holds
# the worked solution, `solutions/lab1/lab1.ipynb`; it is worth more after your own attempt. (What an instructor hands out may come without it.)

# %% nbgrader="locked" id="version"
import course_utils

print(f"course_utils {course_utils.__version__}")

# %% nbgrader="locked" id="setup"
import time

import keras
import numpy as np
from PIL import Image

from course_utils import plots
from course_utils.checks import when_ready
from course_utils.data import sample_photos
from course_utils.models import decode_predictions, load_base, preprocess

started = time.perf_counter()
photos = {name: photo.array for name, photo in sample_photos().items()}
for title, photo in photos.items():
    print(f"{title:10}  {photo.dtype}  {photo.shape}")

# %% [markdown]
# These are your photographs: a dictionary from a title to an array of pixels, `(height, width, 3)`, red, green and blue
# from 0 to 255. Different networks want them in different forms, hardly ever in this one, and that is where you begin.

# %% [markdown]
# ## Exercise 1: one batch from many photographs ({{points}} points)
#
# **Aim.** Write `prepare_batch(photos, name)`: it takes a list of photographs of any size and returns one array that the
# base called `name` can take in.
#
# **Why.** A pretrained network has only ever seen images of one size and one range of numbers. Give it another range
# and nothing crashes; it just answers worse, which is far more expensive to notice. So get this right once, in
# one function.
#
# What comes out: `float32`, shape `(number of photographs, 224, 224, 3)`, in the order the photographs came, each one whole
# and squeezed to 224 × 224 (never mind the proportions), and put through that base's own preprocessing.
#
# What goes in is a little messier than you may hope. Beside colour photographs there may be grey ones, of shape
# `(height, width)`, and ones with a fourth channel for transparency, which you drop.
#
# <details>
# <summary>A hint for the resizing</summary>
#
# `Image.fromarray(photo)` makes an image that has a `resize((width, height))` method, and `np.asarray` makes an array of
# it again. Or try `keras.ops.image.resize(photo, (height, width))`. Mind which one names the height first.
#
# </details>
#
# <details>
# <summary>A hint for the preprocessing</summary>
#
# `preprocess(name, images)`, as in lesson 02, takes pixels from 0 to 255 and returns `float32`. It takes a whole batch
# at once. Nothing needs to be divided by 255 first.
#
# </details>
#
# <details>
# <summary>A hint for the odd photographs</summary>
#
# `photo.ndim` is 2 for a grey one: give it three equal channels with `np.stack([photo] * 3, axis=-1)`. And
# `photo[..., :3]` keeps three channels of three or four. (Pillow's `convert("RGB")` does both.)
#
# </details>


# %% nbgrader="answer" id="prepare-batch"
def prepare_batch(photos, name):
    """Turns photographs of any size into one batch for a base.

    Args:
        photos: a list of uint8 arrays: (height, width, 3), or (height, width), or (height, width, 4).
        name: the base, for example "vgg16".

    Returns:
        float32 array (len(photos), 224, 224, 3), preprocessed for that base.
    """
    ### BEGIN SOLUTION
    squares = []
    for photo in photos:
        if photo.ndim == 2:
            photo = np.stack([photo] * 3, axis=-1)
        squares.append(np.asarray(Image.fromarray(photo[..., :3]).resize((224, 224))))
    return preprocess(name, np.stack(squares))
    ### END SOLUTION


# %% nbgrader="test" id="test-prepare-batch" points=20
from course_utils.checks import lab1

secret = None  # the check that you see; another number when the lab is marked
### BEGIN HIDDEN TESTS
secret = lab1.secret_seed()
### END HIDDEN TESTS
verdict = lab1.prepare_batch(prepare_batch, seed=secret)
verdict.marks(20)

# %% [markdown]
# Now look at what the network will see. Before you run the next cell: VGG16 was trained on images whose colour
# channels come in the order blue, green, red. What will the photographs look like when they are drawn as if they were
# red, green, blue?
#
# **What you should see:** two rows of the same four photographs, squeezed to squares, each with its title and the range of its
# numbers. The lower row has natural colours; the upper one answers the question.

# %%
with when_ready("exercise 1"):
    titles = list(photos)[:4]
    images, captions = [], []
    for base_name in ["vgg16", "efficientnet_lite0"]:
        for title, image in zip(
            titles, np.asarray(prepare_batch([photos[title] for title in titles], base_name)), strict=True
        ):
            images.append(image)
            captions.append(f"{title}\n{image.min():.1f} to {image.max():.1f}")
    plots.image_grid(
        images,
        titles=captions,
        columns=len(titles),
        stretch=True,
        title="above: as VGG16 gets them; below: as EfficientNet-Lite0 gets them",
        alt="The same photographs in two rows, squeezed to squares. Above, prepared for VGG16, red and blue have changed "
        "places; below, prepared for EfficientNet-Lite0, the colours are natural. "
        + "; ".join(caption.replace("\n", ": ") for caption in captions),
    )

# %% [markdown]
# **What to notice.** The two rows hold the same photographs in quite different numbers. For VGG16 the range is wide and
# lies on both sides of zero, because the mean colour of ImageNet was taken away; for EfficientNet-Lite0 it is narrow.
# Feed one base with the other's batch and it will still answer, and nothing will tell you that the answer is worthless.

# %% [markdown]
# ## Exercise 2: the five best guesses ({{points}} points)
#
# **Aim.** Write `top_five(classifier, photo, class_names)`: it returns the five likeliest classes of one photograph, each
# with its probability, the likeliest first.
#
# **Why.** A classifier hands you a thousand numbers and no words. Sorting them yourself once shows what
# `decode_predictions` does for you, and that it is no more than sorting. You will also see what the network takes
# for nearly as likely, which says more about what it has learned than its first guess does.
#
# The photograph is `uint8`, `(224, 224, 3)`, pixels 0 to 255, so exercise 1 is not needed here, although you may use it.
# The classifier is EfficientNet-Lite0 with its top, loaded in the next cell; it ends in a softmax.

# %% nbgrader="locked" id="load-classifier"
classifier = load_base("efficientnet_lite0", include_top=True)
class_names = [guesses[0][1] for guesses in decode_predictions(np.eye(1000), top=1)]
print(f"{len(class_names)} classes, from {class_names[0]!r} to {class_names[-1]!r}")
print(f"in: {classifier.input_shape}, out: {classifier.output_shape}")

# %% [markdown]
# <details>
# <summary>A hint for the way in</summary>
#
# The classifier wants a batch, even of one: `photo[np.newaxis]` has shape `(1, 224, 224, 3)`. Then comes the
# preprocessing of `"efficientnet_lite0"`, then `classifier.predict(batch, verbose=0)`. It returns one row per image,
# shape `(1, 1000)`; you want its first row, `[0]`.
#
# </details>
#
# <details>
# <summary>A hint for the sorting</summary>
#
# `np.argsort(probabilities)` gives the class numbers from the least to the most likely. You want the last five of them,
# backwards.
#
# </details>
#
# **What it looks like.** A list such as `[("espresso", 0.94), ("cup", 0.02), …]`: five pairs, names as in `class_names`,
# probabilities between 0 and 1. (The numbers here show the form only: they are lesson 1's, from
# a photograph cropped in another way. Yours will differ.)


# %% nbgrader="answer" id="top-five"
def top_five(classifier, photo, class_names):
    """Names what a photograph shows.

    Args:
        classifier: a Keras model with EfficientNet-Lite0's input and 1000 probabilities as output.
        photo: uint8 array (224, 224, 3), RGB.
        class_names: list of 1000 names, in the order of the classifier's output.

    Returns:
        list of five (name, probability) pairs, the largest probability first.
    """
    ### BEGIN SOLUTION
    batch = preprocess("efficientnet_lite0", photo[np.newaxis])
    probabilities = classifier.predict(batch, verbose=0)[0]
    best = np.argsort(probabilities)[::-1][:5]
    return [(class_names[index], float(probabilities[index])) for index in best]
    ### END SOLUTION


# %% nbgrader="test" id="test-top-five" points=20
from course_utils.checks import lab1

secret = None  # the check that you see; another number when the lab is marked
### BEGIN HIDDEN TESTS
secret = lab1.secret_seed()
### END HIDDEN TESTS
verdict = lab1.top_five(top_five, seed=secret)
verdict.marks(20)

# %% [markdown]
# **What you should see:** a row for each photograph, the image on the left and five bars on the right, each with a name and a
# percentage, the longest at the top and hatched.

# %%
with when_ready("exercise 2"):
    squares = [np.asarray(Image.fromarray(photo).resize((224, 224))) for photo in photos.values()]
    plots.top_five(squares, [top_five(classifier, square, class_names) for square in squares])

# %% [markdown]
# **What to notice.** Where the network is sure, one bar takes nearly everything. Where it is not, the guesses are
# sometimes neighbours (three kinds of cat) and sometimes a mixed bag (look at the flower). For a photograph whose subject
# is not among the thousand classes it must still answer with one of them: probabilities that add up to 1 are not a promise
# that the right answer is on the list.
#
# Compare with lesson 1: same photographs, same network, other numbers, because the lesson cropped each photograph to a
# square and here it is squeezed. How you make a square is part of the preparation.

# %% [markdown]
# ## Exercise 3: where the parameters sit ({{points}} points)
#
# **Aim.** Write `parameters_by_block(base)`: it returns a dictionary from the name of each block to the number of
# parameters in it.
#
# **Why.** Soon you will decide which blocks to freeze. That decision is about numbers: how many parameters would be
# left to train on your few images? `base.summary()` lists layers; you want blocks.
#
# A layer's block is everything before the first underscore of its name: `block3_conv2` belongs to `block3`. Count every
# parameter, those that training would change and those it would not. Layers without parameters
# (inputs, pooling) may have an entry of 0 or none.
#
# Make a guess before you count: VGG16 without its top has five blocks. Which of them holds most of the parameters, the
# ones near the image or the ones far from it?
#
# <details>
# <summary>A hint</summary>
#
# `base.layers` is a list; each layer has a `name` and a method `count_params()`. `"block3_conv2".split("_")[0]` is
# `"block3"`. And `counts.get(block, 0)` is what you have counted so far, or 0.
#
# </details>


# %% nbgrader="answer" id="parameters-by-block"
def parameters_by_block(base):
    """Counts the parameters of a base, block by block.

    Args:
        base: a Keras model whose layers are called block_layer, such as "block3_conv2".

    Returns:
        dict: block name -> number of parameters, trainable or not.
    """
    ### BEGIN SOLUTION
    counts = {}
    for layer in base.layers:
        block = layer.name.split("_")[0]
        counts[block] = counts.get(block, 0) + layer.count_params()
    return counts
    ### END SOLUTION


# %% nbgrader="test" id="test-parameters-by-block" points=20
from course_utils.checks import lab1

secret = None  # the check that you see; another number when the lab is marked
### BEGIN HIDDEN TESTS
secret = lab1.secret_seed()
### END HIDDEN TESTS
verdict = lab1.parameters_by_block(parameters_by_block, seed=secret)
verdict.marks(20)

# %%
vgg16 = load_base("vgg16")
with when_ready("exercise 3"):
    total = vgg16.count_params()
    for block, number in parameters_by_block(vgg16).items():
        if number:
            print(f"{block:8} {number:>12,}  {number / total:6.1%}  {'█' * round(40 * number / total)}")
    print(f"{'total':8} {total:>12,}")

# %% [markdown]
# **What to notice.** The blocks grow as the images shrink. A convolution's parameters depend on how many channels go
# in and come out and not at all on the size of the image, and the channels double from block to block
# until they stay the same for the last two. So freezing the early blocks saves few parameters, and unfreezing "only the
# last block" sets free about half of them.

# %% [markdown]
# ## Exercise 4: the vector before the answer ({{points}} points)
#
# **Aim.** Write `penultimate(classifier)`: it returns a model that takes the same images and gives the vector that the
# classifier's last layer receives.
#
# **Why.** The last layer knows a thousand names, and yours may not be among them. What it *receives* is a description of
# the image, of which those thousand names are only one reading. Take the last layer off and you have a feature
# extractor for any task: the whole of lab 2 rests on this.
#
# The new model must work with the classifier's own weights, and leave the classifier as it was. Do not count on
# particular layer names: the check brings a second classifier of its own.
#
# <details>
# <summary>A hint</summary>
#
# `keras.Model(inputs, outputs)` builds a model from any two tensors of an existing one. You know the classifier's
# `inputs`. A layer of it, such as `classifier.layers[-1]`, has an `input` and an `output`.
#
# </details>
#
# <details>
# <summary>A trap</summary>
#
# `classifier.layers` gives you a list. Taking the last entry off that list does nothing to the network, and Keras
# will not complain either. Look at `output_shape` to see what you have built.
#
# </details>


# %% nbgrader="answer" id="penultimate"
def penultimate(classifier):
    """Cuts the last layer off a classifier.

    Args:
        classifier: a Keras model whose last layer is the one that names the classes.

    Returns:
        keras.Model: same input, and as output the vector that the last layer receives.
    """
    ### BEGIN SOLUTION
    return keras.Model(classifier.inputs, classifier.layers[-1].input)
    ### END SOLUTION


# %% nbgrader="test" id="test-penultimate" points=15
from course_utils.checks import lab1

secret = None  # the check that you see; another number when the lab is marked
### BEGIN HIDDEN TESTS
secret = lab1.secret_seed()
### END HIDDEN TESTS
verdict = lab1.penultimate(penultimate, seed=secret)
verdict.marks(15)

# %% [markdown]
# A vector can be compared. The next cell takes the left half and the right half of every photograph and asks how alike
# any two halves are, by the angle between their vectors: 1 means the same direction, 0 means nothing in common. No pixel
# of a left half is in a right half. Where in the table do you expect the largest numbers?

# %%
with when_ready("exercise 4"):
    features = penultimate(classifier)

    def directions(halves):
        """Unit vectors of images, one per row."""
        squares = np.stack([np.asarray(Image.fromarray(half).resize((224, 224))) for half in halves])
        vectors = features.predict(preprocess("efficientnet_lite0", squares), verbose=0)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    left = directions([photo[:, : photo.shape[1] // 2] for photo in photos.values()])
    right = directions([photo[:, photo.shape[1] // 2 :] for photo in photos.values()])
    print(f"{left.shape[1]} numbers per image; left halves down, right halves across\n")
    print(" " * 12 + "".join(f"{title[:9]:>10}" for title in photos))
    for title, row in zip(photos, left @ right.T, strict=True):
        print(f"{title[:11]:12}" + "".join(f"{value:10.2f}" for value in row))
    own = int(np.sum((left @ right.T).argmax(axis=1) == np.arange(len(photos))))
    print(f"\n{own} of {len(photos)} left halves are most like their own right half")

# %% [markdown]
# **What to notice.** In every row the largest number is on the diagonal: each left half is most like its own right half.
# Yet the two share no pixel, nobody told the network which halves belong together, and no name of a class enters here at
# all. The diagonal is not the same everywhere, though. It is lowest for the temple and the astronaut, perhaps because there
# the one half shows things that the other does not; and what makes the halves alike is perhaps what they are made of, and
# what usually goes with it.

# %% [markdown]
# ## Exercise 5: another input size, another pooling ({{points}} points)
#
# **Aim.** Write `rebuild(name, input_shape, pooling)`: it returns a pretrained base without its top for images of
# another size, ending in one vector per image.
#
# **Why.** Your images will not be 224 × 224. A convolution does not care: its kernels slide over whatever they are
# given, so the pretrained weights fit any size that is not too small. Only the feature map at the end changes its
# size, and pooling turns a map of any size into a vector of one length.
#
# `pooling` is `"avg"` (the mean of each channel over the map), `"max"` (its largest value), or `"both"`: the averages,
# followed by the maxima, in one vector twice as long.
#
# <details>
# <summary>A hint for the first two</summary>
#
# `load_base(name, input_shape=…, pooling=…)` knows `"avg"` and `"max"`. It leaves the top off and brings the pretrained
# weights unless you say otherwise.
#
# </details>
#
# <details>
# <summary>A hint for both</summary>
#
# Load the base without pooling. `keras.layers.GlobalAveragePooling2D()` and `GlobalMaxPooling2D()` each turn `base.output`
# into a vector, `keras.layers.Concatenate()` joins a list of two, and `keras.Model` ties it together as in
# exercise 4.
#
# </details>


# %% nbgrader="answer" id="rebuild"
def rebuild(name, input_shape, pooling):
    """Loads a pretrained base for another input size, ending in a vector.

    Args:
        name: the base, for example "vgg16".
        input_shape: (height, width, 3).
        pooling: "avg", "max", or "both" for the averages followed by the maxima.

    Returns:
        keras.Model: input (None, height, width, 3), output (None, channels), or twice the channels for "both".
    """
    ### BEGIN SOLUTION
    if pooling != "both":
        return load_base(name, input_shape=input_shape, pooling=pooling)
    base = load_base(name, input_shape=input_shape)
    average = keras.layers.GlobalAveragePooling2D()(base.output)
    maximum = keras.layers.GlobalMaxPooling2D()(base.output)
    return keras.Model(base.inputs, keras.layers.Concatenate()([average, maximum]))
    ### END SOLUTION


# %% nbgrader="test" id="test-rebuild" points=15
from course_utils.checks import lab1

secret = None  # the check that you see; another number when the lab is marked
### BEGIN HIDDEN TESTS
secret = lab1.secret_seed()
### END HIDDEN TESTS
verdict = lab1.rebuild(rebuild, seed=secret)
verdict.marks(15)

# %% [markdown]
# One photograph, shown to VGG16 in four ways: as it is, twice as large on one side, mirrored, and cut into four quarters that were
# shuffled. How alike are the vectors to the first one? Guess for each: close to 1, or far from it?

# %%
with when_ready("exercise 5"):
    title = next(iter(photos))
    small = np.asarray(Image.fromarray(photos[title]).resize((128, 128)))
    top, bottom = np.hsplit(small[:64], 2), np.hsplit(small[64:], 2)
    versions = {
        "as it is": small,
        "wider": np.asarray(Image.fromarray(photos[title]).resize((256, 128))),
        "mirrored": small[:, ::-1],
        "quarters shuffled": np.vstack([np.hstack([bottom[1], top[0]]), np.hstack([bottom[0], top[1]])]),
    }
    print(f"{title}: cosine similarity with the photograph as it is\n")
    print(f"{'':20}{'map':>14}{'flattened':>11}{'length':>8}{'average':>9}{'maximum':>9}")
    first, models = {}, {}
    for version, image in versions.items():
        shape = image.shape
        if shape not in models:
            models[shape] = [
                load_base("vgg16", input_shape=shape),
                *(rebuild("vgg16", shape, p) for p in ("avg", "max")),
            ]
        batch = preprocess("vgg16", image[np.newaxis])
        feature_map, average, maximum = (np.asarray(model(batch)) for model in models[shape])
        columns = []
        for kind, vector in {"map": feature_map.ravel(), "avg": average[0], "max": maximum[0]}.items():
            reference = first.setdefault(kind, vector)
            alike = vector.size == reference.size
            cosine = float(vector @ reference / np.linalg.norm(vector) / np.linalg.norm(reference)) if alike else None
            columns.append("cannot" if cosine is None else f"{cosine:.2f}")
        side = "×".join(str(length) for length in feature_map.shape[1:])
        print(f"{version:20}{side:>14}{columns[0]:>11}{average.shape[1]:>8}{columns[1]:>9}{columns[2]:>9}")
    print("\n'cannot': the flattened map has another length, so there is nothing to compare with")

# %% [markdown]
# ## Question: what pooling gives and what it takes ({{points}} points)
#
# This one is read by a person. Use the table you have just printed, and the numbers of the next cell: VGG16 has a top of
# its own, which flattens the last feature map and feeds it to a `Dense` layer of 4096 units.

# %% nbgrader="locked" id="first-dense"
for height, width in [(224, 224), (480, 640)]:
    rows, columns = height // 32, width // 32
    numbers = rows * columns * 512
    print(f"{height} × {width}: a last map of {rows} × {columns} × 512, so {numbers:,} numbers after flattening,")
    print(f"           and {numbers * 4096 + 4096:,} parameters in the first Dense")

# %% [markdown] nbgrader="locked" id="question-text"
# In five to ten sentences:
#
# 1. Why does pooling give a vector of the same length for every image size, while flattening does not? And what would
#    that mean for VGG16's own top at 480 × 640: could its trained weights still be used, and how many parameters
#    would be needed?
# 2. What does average pooling throw away? Point to the row of your table that shows it, and say what you
#    would have seen there if nothing had been lost.
# 3. Name one task for which that loss does not matter, and one for which it would ruin everything. What would you use
#    instead of pooling there?
#
# ### BEGIN MARK SCHEME
# | Points | for |
# |---|---|
# | 2 | pooling gives one number per channel, so the length is the number of channels; flattening gives height × width × channels |
# | 2 | the trained top does not fit a larger map (its weight matrix has another shape), and the number of parameters as printed, about 600 million |
# | 2 | what is lost is position (spatial arrangement); "detail" or "information" alone earns 1 |
# | 2 | evidence from the own table: the row of the shuffled (or mirrored) image, pooled against flattened, with what would be expected had nothing been lost; naming a row without reading it earns 1 |
# | 2 | one task where position does not matter and one where it does (1), and a workable alternative such as keeping the map, convolutions on it, or flattening at a fixed size (1) |
#
# The table varies with the photograph and the machine: mark the reading, not the numbers. If exercise 5 did not
# work and there is no table, an argument about what it would show earns the 2 points for evidence.
# ### END MARK SCHEME

# %% [markdown] nbgrader="manual" id="question-pooling" points=10
# ### BEGIN SOLUTION
# Pooling takes one number from each channel, whatever the size of the map, so the length is the number of channels, 512
# for VGG16. Flattening lines up every position of every channel, so the length grows with the image. VGG16's top was
# trained on a flattened map of 7 × 7 × 512; at 480 × 640 the map is 15 × 20 × 512, so its first Dense layer has
# no weights for most of what arrives. It would have to be trained anew, with more than 600 million parameters in that
# layer alone, as the cell above prints.
#
# Average pooling throws away where something is. The row with the shuffled quarters shows it: the flattened map changes a
# great deal, while the pooled vectors stay much closer to the first. If position were kept, the pooled vectors
# would change as much as the flattened map. (They do change somewhat, since the cuts make new edges.)
#
# It does not matter when the question is what is in the image: is there a cat? It ruins anything that asks where: finding
# or outlining an object, reading the hands of a clock, telling a left arrow from a right one. There I would keep the feature
# map and put convolutions on it, or flatten it at a fixed input size and pay for the parameters.
# ### END SOLUTION

# %% [markdown]
# ## Before you hand in
#
# The next cell says what this notebook has cost. Then restart the kernel, run all cells, and submit.

# %% nbgrader="locked" id="cost"
import psutil

memory = psutil.Process().memory_info().rss / 1e9
print(f"{time.perf_counter() - started:.0f} seconds since the set-up cell ran; {memory:.1f} GB of memory in use now")
