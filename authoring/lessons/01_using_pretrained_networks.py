# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 1 · Using pretrained networks
#
# **Goal.** You will take a network that somebody else trained on more than a million photographs, ask it what it sees
# in images it has never met, and find out what it is good for when your own images are few.
#
# {{header}}
#
# Afterwards you can
#
# - say what a pretrained network is good for, and when to expect less of it;
# - explain *feature extraction*: using a network for what it sees instead of for what it says;
# - explain *freezing* and *unfreezing* to somebody who knows `fit` and nothing more.
#
# Every image below is drawn and every number computed on your machine, without a network connection and without a GPU, unless it
# says who published it.

# %% [markdown]
# ## 1. The problem: you never have enough images
#
# A convolutional network trained from nothing has to learn everything from your images: what an edge is, what fur
# looks like, and at last what a bird is. That takes very many images, and somebody has to label each of them. So the
# usual limit of a project is not the computer. It is the labels.
#
# Here is the kind of data set you really meet: six classes and a few hundred images. (They are photographs of
# things, cut out and pasted on changing backgrounds, so that the background gives nothing away.)

# %%
from course_utils import data, evaluate, plots
from course_utils.models import decode_predictions, load_base, preprocess
from course_utils.models import list_bases

import keras
import numpy as np

train = data.load_scenes("train")
test = data.load_scenes("test")
print(f"{len(train.images)} images to learn from, {len(test.images)} to be judged on, each {train.images.shape[1:]}")
print("classes:", ", ".join(train.class_names))

# %%
choice = np.random.default_rng(3).choice(len(train.images), 12, replace=False)
plots.image_grid(
    train.images[choice],
    titles=[train.class_names[label].replace("_", " ") for label in train.labels[choice]],
    columns=6,
)
# %% [markdown]
# You recognise them at once. But look at what a classifier receives: a list of numbers, one for every colour of every
# pixel. Shift the whole image a few pixels and many of those numbers change, although it still shows the same bird.
#
# **Predict first.** Take the plainest classifier there is, logistic regression, and give it those pixel numbers. Out of
# 100 new images, how many will it get right? Always naming the most frequent class is the score to beat; the next cell
# prints that too. Say your number out loud, then run the cell.

# %%
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def pixels(images):
    """Every sixth pixel in each direction, as one row of numbers per image."""
    return images[:, ::6, ::6].reshape(len(images), -1) / 255.0


classifier = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=500))
classifier.fit(pixels(train.images), train.labels)
right_from_pixels = classifier.predict(pixels(test.images)) == test.labels

most_frequent = np.bincount(train.labels).argmax()
print(f"always saying {train.class_names[most_frequent]!r}: {np.mean(test.labels == most_frequent):.0%} right")
print(f"logistic regression on pixels: {right_from_pixels.mean():.0%} right")

# %% [markdown]
# Now the idea of this course. Instead of raw pixels, give the *same* classifier what a **pretrained network** sees in
# the image.
#
# The network is called MobileNetV2. It was trained on ImageNet: about 1.28 million photographs, each labelled with one
# of 1000 classes. We do not want its opinion about those classes, so we cut its end off. What remains, the **base**,
# turns an image into a few hundred numbers, its **features**. We do not train the base at all. We run it once.
#
# In the next cell, `cut` names the last layer we keep, and `pooling="avg"` averages each of its maps to one number. Why just
# there is a question for lesson 2.
#
# **Predict again:** the same images, the same classifier, other numbers to look at. How many out of 100 now?

# %%
base = load_base("mobilenet_v2", input_shape=(96, 96, 3), cut="block_13_expand_relu", pooling="avg")


def features(images):
    """What the base sees: one row of numbers per image."""
    return base.predict(preprocess("mobilenet_v2", images), batch_size=64, verbose=0)


train_features, test_features = features(train.images), features(test.images)
print("one image is", train.images[0].size, "numbers; its features are", train_features.shape[1])

classifier.fit(train_features, train.labels)
right_from_features = classifier.predict(test_features) == test.labels
print(f"logistic regression on features: {right_from_features.mean():.0%} right")

# %% [markdown]
# One number alone is easy to fool yourself with. The test images were made from a limited number of cut-outs, and
# another draw of cut-outs would give another score. So accuracies in this course come with a 90 % **interval**: the range
# of scores you would expect if the cut-outs had been drawn again. (How it is computed is part of lesson 3.)

# %%
scores = {
    "pixels": evaluate.accuracy_interval(right_from_pixels, test.groups),
    "pretrained features": evaluate.accuracy_interval(right_from_features, test.groups),
}
plots.accuracy_bars(scores, reference={"always the most frequent class": test.majority_share})
# %%
gain = evaluate.difference_interval(right_from_features, right_from_pixels, test.groups)
print(f"the same classifier gains {gain.value:.1%} of the images, 90 % interval {gain.low:.1%} to {gain.high:.1%}")

# %% [markdown]
# One thing is still left to luck: *which* cut-outs were there to learn from. So put the cut-outs of both parts together and deal them
# out anew, into five parts, all scenes of a cut-out into the same one (`grouped_splits` does that). Each part is judged once, by a
# classifier that learned from the other four. Then shuffle and deal a second time: ten comparisons of the two kinds of
# numbers. The base need not run again: its features are there.
#
# **Predict:** in how many of the ten comparisons will the pixels come out ahead?

# %%
all_pixels = np.concatenate([pixels(train.images), pixels(test.images)])
all_features = np.concatenate([train_features, test_features])
labels = np.concatenate([train.labels, test.labels])
cutouts = np.concatenate([train.groups, test.groups])

from_pixels, from_features, shown = [], [], []
for learn, judge in evaluate.grouped_splits(labels, cutouts, folds=5, repeats=2):
    classifier.fit(all_pixels[learn], labels[learn])
    from_pixels.append(classifier.predict(all_pixels[judge]) == labels[judge])
    classifier.fit(all_features[learn], labels[learn])
    from_features.append(classifier.predict(all_features[judge]) == labels[judge])
    shown.append(cutouts[judge])  # which cut-out each of these answers is about

gains = [f.mean() - p.mean() for f, p in zip(from_features, from_pixels, strict=True)]
print(f"features ahead in {sum(g > 0 for g in gains)} of {len(gains)}, by {min(gains):.0%} to {max(gains):.0%}")
overall = evaluate.difference_interval(np.concatenate(from_features), np.concatenate(from_pixels), np.concatenate(shown))
print(f"all together: a gain of {overall.value:.1%}, 90 % interval {overall.low:.1%} to {overall.high:.1%}")

# %% [markdown]
# In all ten deals the features win, and by a lot. *How much* they win by is less certain: look how far the ten gains lie apart. A
# single split shows only one of them. So where a comparison matters in this course, it is made over several splits, or the
# text says that it was not.
#
# The classifier did not become cleverer, and it had the same few images. What changed is what it looks at. Somebody
# paid once, with a million labels and a great deal of computing, for a network that knows fur, wheels and petals when it sees
# them, and you used that knowledge for a task of your own. That is **transfer learning**, and the way you just did it is
# called **feature extraction**.
#
# Be honest about one thing: ImageNet has classes for bison, hens and guitars too, so this task is close to what the
# network knows. For stranger images expect a smaller gain; lessons 6 and 7 measure it.

# %% [markdown]
# ## 2. Why does what was learned there help here?
#
# A convolutional network works in layers. Each one looks at what the layer before it found. Let us look over its
# shoulder: the same cat, seen by an early and by a late layer of VGG16.

# %%
photos = data.sample_photos()
cat = photos["cat"]
cat_square = data.square(cat.array, 224)
plots.image_grid([cat_square], titles=["what goes in"], columns=1)
# %%
vgg_input = preprocess("vgg16", cat_square[None])
early = load_base("vgg16", cut="block1_conv2").predict(vgg_input, verbose=0)[0]
late = load_base("vgg16", cut="block5_conv3").predict(vgg_input, verbose=0)[0]
print("early layer:", early.shape, "· late layer:", late.shape, "(height, width, number of maps)")


def strongest(maps, count=8):
    """The maps that answer most to this image."""
    return maps[..., np.argsort(maps.mean(axis=(0, 1)))[::-1][:count]]


# %%
plots.feature_maps(strongest(early), title="Eight maps of an early layer (block1_conv2)")
# %%
plots.feature_maps(strongest(late), title="Eight maps of a late layer (block5_conv3)")
# %% [markdown]
# White is where a map answers most; each map has its own scale. In the early maps you still see the cat. One map answers
# to bright areas, another to edges. Nothing in there is about cats, so it would be just as useful for X-rays or galaxies.
# In the late maps the image has gone: a few coarse spots say *where* something was found. What was found the figure alone
# cannot tell; lesson 2 looks closer.
#
# One cat proves no rule, but it suggests one, and the rest of the course tests it again and again:
#
# - **Early layers are general.** They transfer to nearly any task.
# - **Late layers are about the task they were trained on.** The closer your images are to ImageNet's, the further up
#   you may use the base. If your images are very different, keep only its first part.

# %% [markdown]
# ## 3. Which networks can you borrow?
#
# Networks whose authors published the weights make good bases for three plain reasons: their features are useful far
# beyond the original task, they did well on public benchmarks, so their quality is known, and they are easy to get.
# `keras.applications` contains nine families you will meet everywhere. The table adds two that suit a laptop: MobileNetV2,
# which Keras has too, and EfficientNet-Lite0, which it has not.

# %%
columns = f"{'base':<21}{'family':<19}{'input':>6}{'depth':>7}{'parameters':>14}{'without top':>14}{'MB':>6}"
print(columns + "\n" + "-" * len(columns))
for record in list_bases():
    print(
        f"{record.name:<21}{record.family:<19}{record.input_size:>6}{record.depth:>7}"
        f"{record.parameters:>14,}{record.parameters_without_top:>14,}{record.megabytes:>6.0f}"
    )

# %% [markdown]
# Read one line: `vgg16` expects images of 224 × 224 pixels, and most of its parameters sit in its *top*, the last
# layers, which name the classes. Without the top only about a tenth is left. `input` is the side of the image in pixels, `depth` counts
# the layers with weights on the way through, `MB` is the size of the weights as 32-bit numbers. What each family
# brought into the world is told in the appendix at the end of this notebook.
#
# ### The two arguments that matter
#
# Every one of them is loaded with the same two decisions:
#
# | argument | value | you get |
# |---|---|---|
# | `weights` | `"imagenet"` | the numbers that somebody trained |
# | | `None` | the same architecture with random numbers: it knows nothing |
# | `include_top` | `True` | the whole classifier with its 1000 answers |
# | | `False` | the base alone: you put your own head on it |
#
# Elsewhere you will write `keras.applications.MobileNet(weights="imagenet", include_top=False)`. Keras then downloads
# the file. The course's `load_base` returns the same plain Keras model, but it also works without a connection.

# %%
whole = keras.applications.MobileNet(weights=None, include_top=True)
without_top = keras.applications.MobileNet(weights=None, include_top=False, input_shape=(224, 224, 3))
for title, model in [("with its top", whole), ("without", without_top)]:
    print(f"MobileNet {title:<13} output {model.output_shape!s:<20} {model.count_params():>10,} parameters")

# %% [markdown]
# **Before you unfold what the next cell shows:** MobileNet has 13 blocks that all look alike. Which part of a block holds nearly all of
# its parameters, the layer that looks at each map separately (`conv_dw`, "depthwise") or the one that mixes the maps
# (`conv_pw`, "pointwise")?

# %%
import html

from IPython.display import HTML

lines = []
whole.summary(line_length=90, print_fn=lambda line, **_: lines.append(line))
HTML(f"<details><summary>MobileNet, layer by layer</summary><pre>{html.escape(chr(10).join(lines))}</pre></details>")

# %%
depthwise = sum(layer.count_params() for layer in whole.layers if layer.name.startswith("conv_dw"))
pointwise = sum(layer.count_params() for layer in whole.layers if layer.name.startswith("conv_pw"))
print(
    f"depthwise {depthwise:,} · pointwise {pointwise:,} · so {pointwise / (depthwise + pointwise):.0%} is in the mixing"
)
print(f"ordinary 3 × 3 convolutions in place of the mixing: about {9 * pointwise:,}")

# %% [markdown]
# That is MobileNet's whole trick: looking around is cheap when each map is looked at separately, and mixing is cheap
# when it happens one pixel at a time. An ordinary convolution does both at once and pays for the product. (Both
# sums include the BatchNorm layers that follow.)

# %% [markdown]
# ## 4. Ask a network what it sees
#
# Now let one speak. EfficientNet-Lite0 is a small network that comes with its top, so it can name all 1000 classes of
# ImageNet. Three steps, always the same three:
#
# 1. **prepare** the image the way this network was trained: its size, its range of values, its order of colours;
# 2. **predict**: 1000 numbers come out, one probability per class;
# 3. **decode**: look up the names of the largest ones.

# %%
classifier_1000 = load_base("efficientnet_lite0", include_top=True)

coffee = data.square(photos["coffee"].array, 224)
batch = preprocess("efficientnet_lite0", coffee[None])  # a network takes a batch, so one image becomes a batch of one
print("image:", coffee.shape, coffee.dtype, coffee.min(), "to", coffee.max())
print("batch:  ", batch.shape, batch.dtype, f"{batch.min():.2f} to {batch.max():.2f}")

# %%
probabilities = classifier_1000.predict(batch, verbose=0)
print("answer:", probabilities.shape, "· the sum is", round(float(probabilities.sum()), 4))
decode_predictions(probabilities, top=5)[0]

# %% [markdown]
# Five candidates, the best first, each with its WordNet number, its name and a probability. An image says it
# faster:

# %%
plots.top_five(coffee, decode_predictions(probabilities, top=5)[0], title="Coffee")
# %% [markdown]
# One long bar and four stumps: it is sure, and it is right. Look at the stumps all the same. A cup, a mug, a bowl and a clear soup are
# what one could take this image for: even the wrong answers are neighbours, so the network holds more than the one name that it gives.
#
# **Predict:** what will it say about a person in a space suit? "Astronaut" is *not* one of the 1000 classes.

# %%
astronaut = data.square(photos["astronaut"].array, 224)
answer = classifier_1000.predict(preprocess("efficientnet_lite0", astronaut[None]), verbose=0)
plots.top_five(astronaut, decode_predictions(answer, top=5)[0], title="Not one of the 1000 classes")
# %% [markdown]
# It cannot say "I do not know". The probabilities must add up to one, so it spreads them over the classes it has. It found
# something like a helmet; the rest may be things that go with helmets and bright suits, for there is no bobsled in the
# image. Two lessons in one figure: a probability is an opinion among the given choices, not a measure of knowledge,
# and the classes of a pretrained network are hardly ever the classes you need.
# That is why we take its features and train a head of our own.
#
# If your machine has a network, VGG16 can speak as well: `load_base("vgg16", include_top=True)` downloads it (more than
# half a gigabyte). For one well-known photograph of a dog, its published answer is "Doberman" with 33.59 %. That was not
# measured here.

# %% [markdown]
# ## 5. Freezing and unfreezing: a first taste
#
# So you put your own **head** on a borrowed **base**. When you then call `fit`, who learns?
#
# - **Frozen** base: its weights stay as they are. Only the head learns. This is quick, and it cannot damage what was
#   paid for.
# - **Unfrozen** top of the base: after the head has learned, the last blocks may move a little too, with a very small
#   learning rate. This is **fine-tuning**.
#
# In Keras the difference is one word, `trainable`. (Nothing is trained in the next two cells; they only set the switches.)

# %%
vgg = load_base("vgg16", input_shape=(96, 96, 3))
vgg.trainable = False
model = keras.Sequential(
    [
        keras.Input((96, 96, 3)),
        vgg,
        keras.layers.GlobalAveragePooling2D(),
        keras.layers.Dense(6, activation="softmax", name="head"),
    ]
)
plots.network_strip(model, title="Feature extraction: the base is frozen, only the head learns")
# %%
vgg.trainable = True  # switches every layer inside on, so the next lines switch all but block5 off again
for layer in vgg.layers:
    layer.trainable = layer.name.startswith("block5")
plots.network_strip(model, title="Fine-tuning: the last block may move as well")
# %% [markdown]
# After such a change a model must be compiled again; lesson 4 shows what happens if it is not.
#
# Look at the counts: frozen, the training has a few thousand numbers to find, and a few hundred images can do that.
# Unfreezing one block makes it millions. That is why it comes second, and why it is done gently. Lessons 4 and 6 are
# about nothing else.
#
# There is another way to say all this. Training always starts from *some* weights. Transfer learning is a way of
# **initialising** them: with numbers that already work, instead of at random. Training is shorter from there, and the
# result is often better on new images as well. Often, not always; lesson 6 measures when.

# %% [markdown]
# ## 6. Optional: the same pattern beyond vision
#
# Nothing in the idea is about images. Here a small network that was trained on a great deal of text turns a sentence
# into a short list of numbers, and again we train the plainest classifier on top. The sentences are half about cooking and
# half about travelling; each is judged by a classifier that has not seen it.

# %%
from importlib.util import find_spec
from pathlib import Path

from sklearn.feature_extraction.text import CountVectorizer
from sklearn.model_selection import StratifiedKFold, cross_val_score

cooking = """Fold the butter into the dough. | Simmer the lentils for an hour. | Whisk two eggs with sugar.
| Roast the peppers until they blister. | The soup needs more salt. | Grate some ginger over the rice.
| Let the loaf cool on a rack. | Marinate the fish overnight. | Peel and slice the onions.
| Drain the noodles and add sesame oil."""
travelling = """Our train was an hour late. | The ferry crosses to the island twice a day. | Board at gate seven.
| We rented bicycles near the station. | The mountain road was closed by snow. | Pack a passport and a warm coat.
| The hostel faces the harbour. | A tram rattled past the cathedral. | Their flight landed before dawn.
| The map showed a footpath along the coast."""
sentences = [sentence.strip() for sentence in (cooking + "|" + travelling).split("|")]
topic = np.repeat([0, 1], 10)
ways = {"counting words": CountVectorizer().fit_transform(sentences)}

if find_spec("wordllama"):
    import wordllama

    inside_the_package = Path(wordllama.__file__).parent
    encoder = wordllama.WordLlama.load(cache_dir=inside_the_package, disable_download=True)
    ways["pretrained sentence features"] = encoder.embed(sentences, norm=True)
    print(len(sentences), "sentences, each now", ways["pretrained sentence features"].shape[1], "numbers")
else:
    print("The sentence encoder (wordllama) has no package for this kind of processor, so the second line is missing.")

folds = StratifiedKFold(5, shuffle=True, random_state=0)
for title, numbers in ways.items():
    score = cross_val_score(LogisticRegression(C=10), numbers, topic, cv=folds).mean()
    print(f"{title:<30} {score:.0%} right")

# %% [markdown]
# Half is what tossing a coin gives, and counting words does no better than that: hardly any word comes back, except words
# like "the", which say nothing about the topic. The encoder has learned elsewhere that *dough* and *loaf* go together. Few
# labels, borrowed knowledge: the same pattern. (So few sentences are an illustration, not a measurement, and so there is
# no interval here.)

# %% [markdown]
# ## 7. Your own photo
#
# Put an image file next to this notebook (drag it into the file list on the left), write its name between the quotes,
# and run the two cells. With nothing there, you get another of ours.

# %%
MY_PHOTO = ""  # for example "holiday.jpg"

mine = data.load_photo(MY_PHOTO) if MY_PHOTO else photos["flower"].array
mine = data.square(mine, 224)
answer = classifier_1000.predict(preprocess("efficientnet_lite0", mine[None]), verbose=0)
plots.top_five(mine, decode_predictions(answer, top=5)[0], title="Your photo" if MY_PHOTO else "A flower")
# %% [markdown]
# Try to fool it: a photo of a drawing, a toy, your hand over half of the thing. What it gets wrong tells you more about
# it than what it gets right.

# %% [markdown]
# ## 8. What you have built
#
# The whole lesson in one figure: photographs from elsewhere, and the five names the network would give each.

# %%
squares = [data.square(photo.array, 224) for photo in photos.values()]
answers = classifier_1000.predict(preprocess("efficientnet_lite0", np.stack(squares)), verbose=0)
plots.top_five(squares, decode_predictions(answers, top=5))
# %% [markdown]
# Three kinds of answer: sure (the coffee); torn between good neighbours (three kinds of cat); and lost, with no long bar at all,
# because the thing is not among its classes (the astronaut).

# %% [markdown]
# ## Quiz
#
# Five questions. Nothing is recorded; every answer is explained. (The cell is folded, for it holds the answers.)

# %% folded=true
from course_utils import widgets

widgets.quiz(
    [
        {
            "question": "You have 300 labelled photographs of beetles. What is the strongest reason to start from a pretrained base?",
            "options": [
                "It already knows beetles.",
                "Its early and middle layers already turn pixels into useful features.",
                "It runs faster than a network trained from nothing.",
            ],
            "answer": 1,
            "why": [
                "Perhaps a few, but that is luck. You would use it for cloth or cracks in concrete as well.",
                "Learning those takes far more images than 300, and they are good for nearly any image.",
                "Running costs the same. Training gets shorter, which is welcome, but it is not the main point.",
            ],
        },
        {
            "question": "What does `include_top=False` leave out?",
            "options": [
                "The first layers, those that meet the image.",
                "The pretrained numbers.",
                "The last layers, which turn features into the 1000 classes.",
            ],
            "answer": 2,
            "why": [
                "Those are the most useful part. In Keras the 'top' is the end of the network.",
                "That is `weights=None`. The two decisions are independent.",
                "What is left is the base, and the head you add will be your own.",
            ],
        },
        {
            "question": "Suppose a classifier answers 'teapot' with a probability of 90 %. What does that number mean?",
            "options": [
                "Of the belief it shares out among its classes, 90 % goes to 'teapot'.",
                "It recognises 90 % of all teapots.",
                "90 % of the image is teapot.",
            ],
            "answer": 0,
            "why": [
                "An opinion among the given choices. For a thing that is no class at all, it still has to give 100 % away.",
                "That would be a measurement over many photographs. This is its opinion about one.",
                "It says nothing about area. A small cup can get a high probability.",
            ],
        },
        {
            "question": "In feature extraction, which weights change during `fit`?",
            "options": [
                "All of them, slowly.",
                "Those of the head only.",
                "Those of the early layers only.",
            ],
            "answer": 1,
            "why": [
                "That would be training everything. Then it is no feature extraction, and the base could not be run once beforehand.",
                "The base is frozen, so it can even be run once beforehand and its output kept.",
                "Early layers are the most general; if anything is left as it is, it is those.",
            ],
        },
        {
            "question": "Your images are microscope images that look like nothing in ImageNet. What is the sensible first try?",
            "options": [
                "Keep only the first part of the base.",
                "Use the whole network with its top.",
                "Give up on transfer.",
            ],
            "answer": 0,
            "why": [
                "Early layers see edges and textures, which microscope images have too; late layers look for things they do not have.",
                "Its 1000 classes are cups and dogs. It would answer, confidently, about cups and dogs.",
                "Too early. General features are often still better than starting from nothing, and it is cheap to measure.",
            ],
        },
    ]
)

# %% [markdown]
# ## What to do next
#
# - **Lesson 2** opens the base: what preparing an image really does, what its filters look like, and where to cut.
# - **Lab 1** can be started after lessons 1 and 2.
#
# ## Appendix: what each family brought
#
# The nine families of `keras.applications` (VGG16 and VGG19 share a row), in the order of the idea.
#
# | family | the idea in a sentence |
# |---|---|
# | VGG16, VGG19 | Nothing but 3 × 3 convolutions, many of them: depth alone brings a long way. Easy to read, heavy to run. |
# | InceptionV3 | Look at several scales side by side in every block, and replace large convolutions by chains of small ones. |
# | ResNet50 | Every block adds a *correction* to what passes through, so very deep networks can still be trained. |
# | InceptionResNetV2 | Inception's blocks of several scales, joined by ResNet's shortcuts. |
# | Xception | Inception carried to its end: look around in each map separately, then mix the maps. |
# | MobileNet | The same separation, made the whole network, so that it runs on a telephone. |
# | DenseNet | Every layer receives what *all* earlier layers of its block found, so that little has to be found twice. |
# | NASNet | The block was not designed but searched for by a program, on small images, and then stacked. |
#
# The two that the table adds: **MobileNetV2** turns MobileNet's block inside out (widen, look around, narrow), and
# **EfficientNet-Lite0** comes from scaling depth, width and input size together, simplified for small devices.
