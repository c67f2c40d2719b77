# %% [markdown]
# # Lab 1: Meet a pretrained network
#
# **Goal.** By the end you can preprocess photographs for a pretrained network, read its
# predictions, count its parameters block by block, and turn it into a feature extractor. Every
# later lab starts from these steps.
#
# {{header}}
#
# | | |
# |---|---|
# | What you need | lessons 01 and 02 |
# | Network, GPU | neither |
# | Points | {{points}}: {{checked: function}} that are checked automatically ({{checked points}}), {{read: question}} read by a person ({{read points}}) |
#
# **How it works.** You write {{checked: function}}. Each has a cell that says
# `raise NotImplementedError("not attempted yet")`. Replace this line with your own. The cell below
# it checks your function, as often as you like. It says *right*, *not yet* with the reason, or *not
# attempted*. The number below the verdict is your points: part of an answer earns part of them.
# When the lab is marked, the same check runs again on images you have not seen.
#
# - Every exercise stands alone, so you can stop after any of them.
# - A `NameError` from a check? The answer cell above it has not been run yet, or the set-up cell
#   has not.
# - Each exercise ends in its **demands**. The check tests these and nothing else, never how your
#   function is written.
# - You may import NumPy, SciPy, scikit-learn, scikit-image, pandas, Pillow, Keras, TensorFlow and
#   `course_utils`.
# - A model that you return consists of Keras's own layers, without `Lambda` or classes of your own.
#   When the lab is marked, it is rebuilt in another process.
# - Keep the cells and the file name as they are. Extra cells of your own are fine.
#
# **Handing in.** Submit `lab1.ipynb` the way your course collects work. A clone of the course holds
# the worked solution, `solutions/lab1/lab1.ipynb`. It helps most after your own attempt. (What an
# instructor hands out may come without it.)

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
# These are your photographs: a dictionary from a title to an array of pixels `(height, width, 3)`,
# red, green and blue from 0 to 255. Each network expects its own size and range.

# %% [markdown]
# ## Exercise 1: one batch from many photographs ({{points}} points)
#
# **Aim.** Write `prepare_batch(photos, name)`. It takes a list of photographs of any size and
# returns one array that the base called `name` takes as input.
#
# **Why.** A pretrained network was trained on images of one size and one range of values. With
# another range it still predicts, but worse, and no message says so.
#
# **Demands**
#
# - *shape*: one array or tensor `(number of photographs, 224, 224, 3)`, for a single photograph too.
# - *dtype*: `float32`.
# - *order*: the rows come in the order of the photographs.
# - *whole photo*: each photograph is squeezed to 224 × 224 as a whole, whatever its proportions; any method of
#   interpolation will do.
# - *preprocessing*: the values are those that the base called `name` was trained with: `"vgg16"`, `"mobilenet_v2"` or
#   `"efficientnet_lite0"`.
# - *grey and transparent*: a grey photograph `(height, width)` gets three equal channels; of one with four channels
#   the fourth is dropped.

# %% [markdown]
# <details>
# <summary>A hint for the resizing</summary>
#
# `Image.fromarray(photo)` makes an image that has a `resize((width, height))` method, and
# `np.asarray` turns it back into an array. `keras.ops.image.resize(photo, (height, width))` also
# works. Mind which one names the height first.
#
# </details>
#
# <details>
# <summary>A hint for the preprocessing</summary>
#
# `preprocess(name, images)`, as in lesson 02, takes a whole batch of pixels from 0 to 255 and
# returns `float32`. Do not divide by 255 first.
#
# </details>
#
# <details>
# <summary>A hint for the odd photographs</summary>
#
# `photo.ndim` is 2 for a grey one: give it three equal channels with
# `np.stack([photo] * 3, axis=-1)`. `photo[..., :3]` keeps three channels of three or four.
# (Pillow's `convert("RGB")` does both.)
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
# Now look at what the network receives. VGG16 was trained on images whose colour channels come in
# the order blue, green, red. Predict before you run the cell: what will its photographs look like
# when they are drawn as red, green, blue?
#
# **What you should see:** two rows of the same four photographs, squeezed to squares. Each has its
# title and the range of its values. The lower row has natural colours. The upper row answers the
# question.

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
# **What to notice.** Both rows hold the same photographs with different values. For VGG16 the mean
# colour of ImageNet was subtracted, so the range is wide and lies on both sides of zero. For
# EfficientNet-Lite0 it is narrow. Neither base would warn you about the other's batch.

# %% [markdown]
# ## Exercise 2: the five most probable classes ({{points}} points)
#
# **Aim.** Write `top_five(classifier, photo, class_names)`. It returns the five most probable
# classes of one photograph.
#
# **Why.** A classifier returns a thousand numbers and no words. Sorting them yourself shows what
# `decode_predictions` does, and which classes the network finds nearly as probable.
#
# The next cell loads the classifier: EfficientNet-Lite0 with its top, which ends in a softmax. The
# check also uses classifiers with other classes.

# %% nbgrader="locked" id="load-classifier"
classifier = load_base("efficientnet_lite0", include_top=True)
class_names = [guesses[0][1] for guesses in decode_predictions(np.eye(1000), top=1)]
print(f"{len(class_names)} classes, from {class_names[0]!r} to {class_names[-1]!r}")
print(f"in: {classifier.input_shape}, out: {classifier.output_shape}")

# %% [markdown]
# **What it looks like.** A list such as `[("espresso", 0.94), ("cup", 0.02), …]`. The numbers only
# show the form.
#
# **Demands**
#
# - *five pairs*: a list of five pairs `(name, probability)`: a text and a number. A dictionary will do.
# - *order*: the largest probability comes first.
# - *names*: the five classes to which `classifier` gives the largest probabilities, called as in `class_names`, which is in
#   the order of the classifier's output and as long.
# - *probabilities*: each is the one that `classifier` gives to that class, from 0 to 1.
# - *preprocessing*: the photograph gets the preprocessing of `"efficientnet_lite0"`.

# %% [markdown]
# <details>
# <summary>A hint for the input</summary>
#
# The classifier takes a batch, even of one image: `photo[np.newaxis]` has shape `(1, 224, 224, 3)`.
# Then comes the preprocessing of `"efficientnet_lite0"`, then
# `classifier.predict(batch, verbose=0)`. It returns one row per image, shape `(1, 1000)`. You need
# its first row, `[0]`.
#
# </details>
#
# <details>
# <summary>A hint for the sorting</summary>
#
# `np.argsort(probabilities)` gives the class numbers from the least to the most probable. You need
# the last five, in reverse order.
#
# </details>


# %% nbgrader="answer" id="top-five"
def top_five(classifier, photo, class_names):
    """Names what a photograph shows.

    Args:
        classifier: a Keras model with EfficientNet-Lite0's input and a probability per class as output.
        photo: uint8 array (224, 224, 3), RGB.
        class_names: list of names, in the order of the classifier's output.

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
# **What you should see:** a row for each photograph, the image on the left and five bars on the
# right. Each bar has a name and a percentage. The longest is at the top and hatched.

# %%
with when_ready("exercise 2"):
    squares = [np.asarray(Image.fromarray(photo).resize((224, 224))) for photo in photos.values()]
    plots.top_five(squares, [top_five(classifier, square, class_names) for square in squares])

# %% [markdown]
# **What to notice.** Where the network is confident, one bar takes nearly everything. Elsewhere the
# classes are sometimes related (three kinds of cat) and sometimes not (look at the flower). A
# photograph whose subject is not among the thousand classes still gets one of them: probabilities
# add up to 1 even when the right class is not on the list.
#
# Lesson 1 has other numbers for the same photographs and network, because it cropped each
# photograph to a square. Here it is squeezed. Resizing is part of the preprocessing.

# %% [markdown]
# ## Exercise 3: parameters by block ({{points}} points)
#
# **Aim.** Write `parameters_by_block(base)`. It returns a dictionary from the name of each block to
# its number of parameters.
#
# **Why.** In later labs you decide which blocks to freeze. You need to know how many trainable
# parameters remain for your few images. `base.summary()` lists layers, not blocks.
#
# Predict before you count: VGG16 without its top has five blocks. Which of them hold most of the
# parameters, the early or the late ones?
#
# **Demands**
#
# - *block names*: the keys are the blocks' names. A layer's block is everything before the first underscore of its name:
#   `block3_conv2` is in `block3`. Every block with parameters is there; others may be there with 0.
# - *sum of layers*: a block's number is the sum over its layers.
# - *all weights*: kernels, biases and BatchNorm's moving statistics all count.
# - *frozen layers*: frozen layers count as well.

# %% [markdown]
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
# **What to notice.** The blocks grow as the feature maps shrink. The parameters of a convolution
# depend on its input and output channels, not on the size of the image. The channels double from
# block to block and stay the same for the last two. So freezing the early blocks saves few
# parameters, and unfreezing only the last block makes about half of them trainable.

# %% [markdown]
# ## Exercise 4: the vector before the last layer ({{points}} points)
#
# **Aim.** Write `penultimate(classifier)`. It returns a model that takes the same images and
# returns the vector that the classifier's last layer receives.
#
# **Why.** The last layer knows a thousand classes, and yours may not be among them. The vector that
# it receives describes the image in general. A model that ends there is a feature extractor for any
# task, as in lab 2.
#
# **Demands**
#
# - *output*: the model's output is the vector that the last layer receives, `(None, length)`, unchanged.
# - *weights*: the model has the classifier's own weights.
# - *classifier unchanged*: the classifier predicts afterwards as before.
# - *any classifier*: it works for other classifiers too, with other names of layers and other sizes.

# %% [markdown]
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
# `classifier.layers` returns a list. Removing its last entry does not change the network, and Keras
# does not complain. Look at `output_shape` to see what you have built.
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
# The next cell cuts every photograph into a left and a right half and compares the halves by cosine
# similarity: 1 means the same direction, 0 means nothing in common. No pixel is in both halves.
# Where in the table do you expect the largest numbers?

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
# **What to notice.** In every row the largest number is on the diagonal: each left half is most
# similar to its own right half. The network was not told which halves belong together, and no class
# is involved. The diagonal is lowest for the temple and the astronaut, perhaps because one half
# shows things that the other does not.

# %% [markdown]
# ## Exercise 5: another input size, another pooling ({{points}} points)
#
# **Aim.** Write `rebuild(name, input_shape, pooling)`. It returns a pretrained base without its
# top, for images of another size, that ends in one vector per image.
#
# **Why.** Your images will not all be 224 × 224. Convolution kernels slide over an image of any
# size, so the pretrained weights fit any size that is not too small. Only the size of the last
# feature map changes, and pooling turns it into a vector of one length.
#
# **Demands**
#
# - *input size*: the model takes images of `input_shape`, `(None, height, width, 3)`.
# - *average*: for `pooling="avg"` the output is each channel's mean over the last feature map.
# - *maximum*: for `pooling="max"` it is each channel's largest value.
# - *both*: for `pooling="both"` it is the averages, followed by the maxima, in one vector twice as long.
# - *base*: the base is the one called `name`, without its top: `"vgg16"` or `"efficientnet_lite0"`.
# - *pretrained weights*: it has its weights from ImageNet.

# %% [markdown]
# <details>
# <summary>A hint for the first two</summary>
#
# `load_base(name, input_shape=…, pooling=…)` knows `"avg"` and `"max"`. By default it leaves the top off and loads the
# pretrained weights.
#
# </details>
#
# <details>
# <summary>A hint for both</summary>
#
# Load the base without pooling. `keras.layers.GlobalAveragePooling2D()` and `GlobalMaxPooling2D()` each turn `base.output`
# into a vector, `keras.layers.Concatenate()` joins a list of two, and `keras.Model` is used as in exercise 4.
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
# The next cell gives one photograph to VGG16 in four versions: as it is, twice as wide, mirrored,
# and with its four quarters shuffled. How similar is each vector to the first one? Guess for each:
# close to 1, or far from it?

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
# A person reads this answer. Use the table that you have just printed and the numbers of the next
# cell. VGG16's own top flattens the last feature map and passes it to a `Dense` layer of 4096
# units.

# %% nbgrader="locked" id="first-dense"
for height, width in [(224, 224), (480, 640)]:
    rows, columns = height // 32, width // 32
    numbers = rows * columns * 512
    print(f"{height} × {width}: a last map of {rows} × {columns} × 512, so {numbers:,} numbers after flattening,")
    print(f"           and {numbers * 4096 + 4096:,} parameters in the first Dense")

# %% [markdown] nbgrader="locked" id="question-text"
# In five to ten sentences:
#
# 1. Why does pooling give a vector of the same length for every image size, while flattening does
#    not? What does that mean for VGG16's own top at 480 × 640: could its trained weights still be
#    used, and how many parameters would be needed?
# 2. What does average pooling throw away? Point to the row of your table that shows it, and say
#    what you would have seen there if nothing had been lost.
# 3. Name one task for which that loss does not matter, and one for which it makes the result
#    useless. What would you use instead of pooling there?
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
# no weights for most of what arrives. It would have to be trained again, with more than 600 million parameters in that
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
# Choose *Kernel → Restart Kernel and Run All Cells*, look at the verdicts, save, and submit. The
# next cell prints what this notebook has cost.

# %% nbgrader="locked" id="cost"
import psutil

memory = psutil.Process().memory_info().rss / 1e9
print(f"{time.perf_counter() - started:.0f} seconds since the set-up cell ran; {memory:.1f} GB of memory in use now")
