# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 7 · Is it right?
#
# **Goal.** Your model has a score. You will find out what it gets wrong, where it looked, how sure that number is, and
# the ways in which it can be badly wrong without anybody having lied.
#
# {{header}}
#
# Afterwards you can
#
# - read a confusion matrix, a page of mistakes, a heat map and a map of the features, and say what each does *not* show;
# - put an honest interval around an accuracy, and say why your images weigh less than their number;
# - find three kinds of leak, and choose a measure that rare classes cannot hide from.
#
# Nothing is fine-tuned here. One base runs once over all scenes, one file keeps what came out, and everything else in this
# lesson, the heat maps too, is computed from that file.

# %% [markdown]
# ## 1. One file to judge from
#
# MobileNetV2 as in lesson 2, cut at block 13. This time we keep its **maps** and do not average them yet: the average
# is enough for a classifier, but the maps still know *where* in the image something was found. They are computed with 32 bits
# on every machine, because section 4 compares them with what the network itself computes (lesson 3: never mix).

# %%
from pathlib import Path

from course_utils import data, evaluate, features, plots, widgets
from course_utils.models import load_base, preprocess

import keras
import numpy as np

scenes = {name: data.load_scenes(name) for name in ("train", "validation", "test")}
class_names = [name.replace("_", " ") for name in scenes["test"].class_names]
base = load_base("mobilenet_v2", input_shape=(96, 96, 3), cut="block_13_expand_relu")

maps = [
    features.extract(base, part.images, preprocess="auto", precision="float32", progress=False)
    for part in scenes.values()
]
ends = np.cumsum([len(part) for part in scenes.values()]).tolist()
rows = {name: [end - len(part), end] for (name, part), end in zip(scenes.items(), ends, strict=True)}
features.save_features(
    "lesson07.safetensors",
    np.concatenate(maps).astype("float16"),
    labels=np.concatenate([part.labels for part in scenes.values()]),
    groups=np.concatenate([part.groups for part in scenes.values()]),
    provenance={"base": "mobilenet_v2", "cut": "block_13_expand_relu", "preprocess": "mobilenet_v2", "rows": rows},
)
print(f"lesson07.safetensors: {Path('lesson07.safetensors').stat().st_size / 1e6:.0f} MB, rows: {rows}")

# %% [markdown]
# From here on only the file counts. (It stays beside this notebook and takes the megabytes just printed; delete it when you are
# done.) We read it back, average the maps, and train the head of lesson 3: logistic regression on the training rows.

# %%
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

saved = features.load_features("lesson07.safetensors")
maps = saved.features.astype("float32")
labels, groups = saved.labels, saved.groups
pooled = maps.mean(axis=(1, 2))
at_train, at_test = (slice(*saved.provenance["rows"][name]) for name in ("train", "test"))


def head(strength=0.01):
    return make_pipeline(StandardScaler(), LogisticRegression(C=strength, max_iter=500))


model = head().fit(pooled[at_train], labels[at_train])
probabilities = model.predict_proba(pooled[at_test])
predicted, truth = probabilities.argmax(axis=1), labels[at_test]
right = predicted == truth
print(f"{right.mean():.1%} of {len(right)} test scenes are right")

# %% [markdown]
# One number. What is behind it?
#
# ## 2. What does it confuse?

# %%
confusion_guess = widgets.guess(
    "Birds, flowers, fruit and vegetables, mammals, musical instruments, vehicles: which of them will most often be "
    "taken for which other?"
)
confusion_guess
# %%
plots.confusion_matrix(truth, predicted, class_names, title="One row per true class")
# %%
wrong = np.zeros((len(class_names), len(class_names)), int)
np.add.at(wrong, (truth[~right], predicted[~right]), 1)
true_class, said_class = np.unravel_index(wrong.argmax(), wrong.shape)
confusion_guess.reveal(f"{class_names[true_class]} taken for {class_names[said_class]}")

# %% [markdown]
# Read it row by row: of the images that *are* this class, where did they go? Off the diagonal, look for two patterns.
# A **column** that collects from everywhere is a class the model falls back on. A **pair** that swaps both ways is a boundary it
# has not learned.
#
# Before you draw conclusions about a small class, count what it is made of: its scenes show the same few cut-outs again and
# again. (We shall call what a cut-out shows a *thing*: one owl, one violin.)

# %%
for number, name in enumerate(class_names):
    of_class = truth == number
    objects = len(np.unique(groups[at_test][of_class]))
    print(f"{name:<20}{of_class.sum():>4} scenes of {objects:>2} things, {right[of_class].mean():.0%} right")

# %% [markdown]
# A percentage that rests on a handful of things is an anecdote. In this course nothing is claimed about a class of fewer than
# twenty things, and most rows here have fewer.

# %% [markdown]
# ## 3. Look at the mistakes
#
# The most useful quarter of an hour in any project: print what went wrong, the most confident mistake first.

# %%
test = scenes["test"]
plots.mistakes_grid(test.images, truth, predicted, probabilities, class_names=class_names, most=8)
surest = np.where(right, 0, probabilities.max(axis=1)).argsort()[::-1][:8]
print("on show:", ", ".join(test.object_names[test.groups[number]].split("/")[1] for number in surest))
# %% [markdown]
# You see what a table would never tell you. A white owl could be some furry animal. A sea lion has the outline of a bird, and a carrot a
# plume. Some of them you might have got wrong yourself at this size.
#
# But look once more: the owl comes twice, and so do others. Each thing appears in five test scenes, each time in another
# place and on another background.

# %%
from math import comb

objects, number_of = np.unique(groups[at_test], return_inverse=True)
right_of_five = np.bincount(number_of, weights=right).astype(int)

share = right.mean()
expected = [len(objects) * comb(5, k) * share**k * (1 - share) ** (5 - k) for k in range(6)]

rarely_guess = widgets.guess(
    f"{(~right).sum()} of {len(right)} scenes are wrong. If each mistake had fallen on a scene at random, about "
    f"{sum(expected[:2]):.0f} of our {len(objects)} things would be right in at most one of its five scenes. How many are?",
    unit="things",
)
rarely_guess
# %%
import matplotlib.pyplot as plt

observed = np.bincount(right_of_five, minlength=6)
figure, ax = plt.subplots(figsize=(7, 3.2), layout="constrained")
ax.bar(np.arange(6) - 0.2, observed, 0.4, label="as it is", color="#0072B2")
ax.bar(np.arange(6) + 0.2, expected, 0.4, label="if scenes were independent", color="#E69F00", hatch="//")
ax.set(xlabel="scenes right out of five", ylabel="number of things")
ax.legend(frameon=False)
said = ", ".join(f"{k} right: {o} (expected {e:.1f})" for k, (o, e) in enumerate(zip(observed, expected, strict=True)))
plots.describe(ax, f"How many things have so many of their five scenes right, and expected if independent. {said}.")
print(f"right at most once in five: {observed[:2].sum()} things; expected at random: {sum(expected[:2]):.1f}")
rarely_guess.reveal(
    int(observed[:2].sum()),
    why="Mistakes do not fall at random. What the model does not understand, it does not understand again and again.",
)

# %% [markdown]
# Blue is the higher one at both ends, and the lower one between: more things that are always right, more that hardly ever are. The
# five scenes of one thing are not five questions. They are rather one question, asked again and again. Keep this
# figure in mind; section 6 turns it into an interval.

# %% [markdown]
# ## 4. Where did it look?
#
# **Grad-CAM** asks: which places in the image spoke for this class? Take the maps of the last layer, weight each
# map by how much the class's score would rise if that map were a little stronger (a gradient), add them up, and cut off
# what is below zero.
#
# With a head as simple as ours (average the maps, then one linear layer) that gradient is just the head's own weight.
# So a heat map can be computed from the saved file, without the network:

# %%
scaler, linear = model[0], model[-1]
weights = (linear.coef_ / scaler.scale_).T.astype("float32")  # the scaler folded into the head: (576 maps, classes)
bias = (linear.intercept_ - scaler.mean_ @ weights).astype("float32")


def heat_from_file(row, class_number):
    heat = np.maximum(maps[row] @ weights[:, class_number], 0)
    return heat / heat.max() if heat.max() > 0 else heat


# %% [markdown]
# And here is the long way, for any network: build the whole model, image in and scores out, and let the gradient be computed.
# Do both agree?

# %%
pool = keras.layers.GlobalAveragePooling2D()(base.output)
scores = keras.layers.Dense(len(class_names), name="scores")(pool)
whole = keras.Model(base.input, scores)
whole.get_layer("scores").set_weights([weights, bias])

confidence = probabilities.max(axis=1)
sure_and_right = int(np.where(right, confidence, 0).argmax())
sure_and_wrong = int(np.where(right, 0, confidence).argmax())
image = preprocess("mobilenet_v2", test.images[sure_and_right])
by_gradient = plots.grad_cam_heatmap(whole, image, "block_13_expand_relu", class_index=predicted[sure_and_right])
from_file = heat_from_file(at_test.start + sure_and_right, predicted[sure_and_right])
print(
    f"largest difference between the two heat maps: {np.abs(by_gradient - from_file).max():.3f} (they go from 0 to 1)"
)

# %%
for index in (sure_and_right, sure_and_wrong):
    says, sure = class_names[predicted[index]], f"{confidence[index]:.0%} sure"
    title = f"Says {says}, {sure}; it is {class_names[truth[index]]}"
    plots.grad_cam(test.images[index], heat_from_file(at_test.start + index, predicted[index]), title=title)
# %% [markdown]
# Above, the evidence for the surest right answer; below, for the surest mistake. Ask two questions of such a figure. Does the heat lie
# on the thing, or on the background? And if it is on the thing, on which part?
#
# Then be modest. A heat map has one square for each place of the base's last map, six by six of them, blown up to the size of the image. It says **where**, never **why**.
# And two images are two anecdotes: a heat map is a way to get an idea, which you then have to test on many.

# %% [markdown]
# ## 5. A map of what it sees
#
# Each scene is as many numbers as the base has maps, a point in a space nobody can look at. **PCA** finds the flat view with the largest spread.
# **t-SNE** bends and tears the space, and only tries to keep neighbours together.

# %%
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE

test_points = StandardScaler().fit(pooled[at_train]).transform(pooled[at_test])
pca = PCA(30, random_state=0).fit(test_points)
flat = pca.transform(test_points)
plots.embedding_map(flat[:, :2], truth, class_names, title=f"PCA: two directions out of {pooled.shape[1]}")
print(f"these two directions hold {pca.explained_variance_ratio_[:2].sum():.0%} of the spread")

# %%
bent = TSNE(2, perplexity=15, init="pca", random_state=0).fit_transform(flat)
plots.embedding_map(bent, truth, class_names, title="t-SNE of the same points")
# %% [markdown]
# What a beautiful figure: islands! It seems that the features sort our images almost by themselves. But *what* is an island?

# %%
island_guess = widgets.guess(
    "What do the scenes of one island have in common?",
    options=["the class", "the thing: five scenes of the same one", "the kind of background"],
)
island_guess


# %%
def neighbour_shares(what):
    """How often the nearest neighbour on the map has the same number in ``what``, such as the same class."""
    distance = ((bent[:, None] - bent[None]) ** 2).sum(axis=-1)
    np.fill_diagonal(distance, np.inf)
    return (what[distance.argmin(axis=1)] == what).mean()


above_chance = {}
for title, what in (("class", truth), ("thing", groups[at_test]), ("background", test.backgrounds)):
    alone = (np.bincount(what) / len(what)) @ (np.bincount(what) / len(what))
    above_chance[title] = neighbour_shares(what) - alone
    print(
        f"nearest neighbour has the same {title:<11} {neighbour_shares(what):>4.0%} (two scenes at random: {alone:.0%})"
    )
islands = plots.embedding_map(bent, test.backgrounds, test.background_names, title="The same map, coloured by background")
plots.describe(
    islands,
    f"The same points, coloured by the {len(test.background_names)} kinds of background. The nearest neighbour of a point "
    f"has the same kind in {neighbour_shares(test.backgrounds):.0%} of the cases: the islands are backgrounds.",
)
names = {"class": "the class", "thing": "the thing: five scenes of the same one", "background": "the kind of background"}
island_guess.reveal(
    names[max(above_chance, key=above_chance.get)],
    why="In an average over the whole image every place counts alike, and most places are background.",
)

# %% [markdown]
# The same points, the same places, another colouring. What the features hold most of is not the thing but what lies behind it. The
# head gets its classes right all the same, because it was *told* what to look for; a map that nobody told anything shows whatever is
# largest.
#
# Two warnings to keep. An island on such a map has no name until you have tried several colourings; and in t-SNE
# neither the distance between islands nor their size means anything. And had our birds always stood on grass, the head would have
# learned grass, with a splendid score. That is why the scenes of this course have backgrounds that know nothing of the class.

# %% [markdown]
# ## 6. How sure is the number?
#
# There is a rule of thumb for the interval of a share, from the binomial distribution: for 90 %, go
# $1.645\sqrt{p(1-p)/n}$ to either side. It holds for $n$ *independent* questions, and we have just seen that ours are not.
#
# The other way makes no such promise: draw as many **things** as we have, at random and with repetition, take each with all its
# scenes, and note the accuracy. Do it two thousand times. The middle 90 % are the interval. That is
# `evaluate.accuracy_interval`, in every lesson of this course.


# %%
def rule_of_thumb(answers):
    share, half = answers.mean(), 1.645 * np.sqrt(answers.mean() * (1 - answers.mean()) / answers.size)
    return evaluate.Interval(share, max(share - half, 0), min(share + half, 1))


counted = rule_of_thumb(right)
resampled = evaluate.accuracy_interval(right, groups[at_test])
worth = share * (1 - share) / ((resampled.high - resampled.low) / 2 / 1.645) ** 2
print(f"rule of thumb:      {counted.value:.1%}, from {counted.low:.1%} to {counted.high:.1%}")
print(f"things resampled:   {resampled.value:.1%}, from {resampled.low:.1%} to {resampled.high:.1%}")
print(f"so these {len(right)} scenes weigh as much as about {worth:.0f} independent images")

# %% [markdown]
# Which of the two is right? We can try it. Let every scene of all three splits be answered once by a head that has not
# seen its thing (cross-validation, grouped by thing). Call the share of right answers over all things "the truth". Then draw a
# test set's worth of things again and again, compute both intervals, and count how often each catches the truth.


# %%
def answers(splits, columns=pooled, **settings):
    """A class for every scene, each named by a head trained on the other side of its split."""
    said = np.zeros(len(labels), int)
    for here, there in splits:
        said[there] = head(**settings).fit(columns[here], labels[here]).predict(columns[there])
    return said


said_apart = answers(evaluate.grouped_splits(labels, groups, folds=5))
apart = said_apart == labels
order = np.argsort(groups, kind="stable")
by_object = apart[order].reshape(-1, 5)
print(f"{len(by_object)} things, {by_object.size} scenes, {apart.mean():.1%} right: this is 'the truth' for now")

coverage_guess = widgets.guess(
    "A 90 % interval promises to catch the truth 90 times out of 100. How often will the rule of thumb do it?", unit="%"
)
coverage_guess
# %%
random = np.random.default_rng(0)
caught = {"rule of thumb": [], "things resampled": []}
for _ in range(400):
    drawn = by_object[random.integers(len(by_object), size=len(objects))]
    intervals = (
        rule_of_thumb(drawn),
        evaluate.accuracy_interval(drawn.ravel(), np.repeat(np.arange(len(drawn)), 5), resamples=400),
    )
    for way, interval in zip(caught, intervals, strict=True):
        caught[way].append(interval.low <= apart.mean() <= interval.high)
for way, hits in caught.items():
    print(f"{way:<18} catches the truth {np.mean(hits):.0%} of the time")
coverage_guess.reveal(
    round(100 * float(np.mean(caught["rule of thumb"]))),
    why="It counts every scene as news. The other way keeps its promise, or nearly.",
)

# %% [markdown]
# Even the honest interval knows only about the *test* things. The training things were drawn by luck as well. So split in
# other ways and see how the score moves:

# %%
each_fold = []
for here, there in evaluate.grouped_splits(labels, groups, folds=3, repeats=5):
    each_fold.append((head().fit(pooled[here], labels[here]).predict(pooled[there]) == labels[there]).mean())
print(f"{len(each_fold)} ways to split: from {min(each_fold):.1%} to {max(each_fold):.1%} right")

# %% [markdown]
# Same images, same base, same head. Whoever reports the best of these splits has said nothing false, and nothing true either.
# That is why a claim in this course ("A beats B") rests on many splits, compared on the same images.

# %% [markdown]
# ## 7. Three leaks
#
# A **leak** is knowledge that the model has in the test and will not have afterwards.
#
# ### The same thing on both sides
#
# The commonest one: `train_test_split` on the images, when several images show the same thing. Video frames, the same
# patient, the same product from three sides, or augmented copies saved to disk before splitting.

# %%
leak_guess = widgets.guess(
    f"Things kept apart, {apart.mean():.0%} of the scenes are right. Now we shuffle the scenes and split them without looking at "
    "things. What score will we get?",
    unit="%",
)
leak_guess
# %%
from sklearn.model_selection import StratifiedKFold

mixed = answers(StratifiedKFold(5, shuffle=True, random_state=0).split(pooled, labels)) == labels
gain = evaluate.difference_interval(mixed, apart, groups)
print(f"shuffled {mixed.mean():.1%}, kept apart {apart.mean():.1%}")
print(f"the leak is worth {gain.value:.1%}, 90 % interval {gain.low:.1%} to {gain.high:.1%}")
leak_guess.reveal(round(100 * float(mixed.mean())), why="Nearly every test scene has a sister in the training set.")

# %% [markdown]
# Nothing about the model has improved. And nothing warns you, except a score that is better than it should be.
#
# ### Validation used as test
#
# You try many settings, keep the one that is best on the validation images, and report *that* score. Let us do it forty times over
# with settings that hardly differ: every candidate sees another random tenth of the features.

# %%
candidates = []
for seed in range(40):
    columns = np.random.default_rng(seed).choice(pooled.shape[1], 58, replace=False)
    hits = answers(evaluate.grouped_splits(labels, groups, folds=3), pooled[:, columns], strength=0.03) == labels
    candidates.append(hits[order].reshape(-1, 5).mean(axis=1))
candidates = np.array(candidates)

reports, is_really, blind_reports, blind_is = [], [], [], []
validation_objects = len(np.unique(scenes["validation"].groups))
for _ in range(500):
    shuffled = random.permutation(candidates.shape[1])
    seen, unseen = shuffled[:validation_objects], shuffled[validation_objects:]
    best = candidates[:, seen].mean(axis=1).argmax()
    blind = random.integers(len(candidates))
    reports.append(candidates[best, seen].mean())
    is_really.append(candidates[best, unseen].mean())
    blind_reports.append(candidates[blind, seen].mean())
    blind_is.append(candidates[blind, unseen].mean())
print(
    f"best of 40 on {validation_objects} things: reports {np.mean(reports):.1%}, is {np.mean(is_really):.1%} on the others"
)
print(f"one picked blindly:   reports {np.mean(blind_reports):.1%}, is {np.mean(blind_is):.1%} on the others")

# %% [markdown]
# The winner of a race is good *and lucky*. Its validation score contains the luck; new images do not. A candidate picked blindly
# reports, on average, just what it is. So: choose on validation, then open the test set **once**.
#
# ### What the base saw before you came
#
# ImageNet has classes of its own for many of our things. How many? Compare the names.

# %%
from importlib import resources

table = resources.files("course_utils").joinpath("assets", "imagenet_classes.csv").read_text(encoding="utf-8")
last_words = {line.split(",", 1)[1].strip('"').lower().replace("_", " ").split()[-1] for line in table.splitlines()[1:]}
kinds = np.unique(groups)
names = [scenes["test"].object_names[kind].split("/")[1].lower() for kind in kinds]
known = np.array([bool(set(name.replace("-", "_").split("_")) & last_words) for name in names])
is_known = known[np.searchsorted(kinds, groups)]
print(f"{known.sum()} of {len(known)} things carry the name of an ImageNet class, for example:")
print(", ".join([name for name, yes in zip(names, known, strict=True) if yes][:7]), "…")
for what, chosen in (("with a class of their own", is_known), ("without", ~is_known)):
    score = evaluate.accuracy_interval(apart[chosen], groups[chosen])
    print(f"{what:<26} {score.value:.1%} right ({score.low:.1%} to {score.high:.1%})")

# %% [markdown]
# (Matching names is rough, and these are different images, so take the two intervals as a look, not as a comparison.)
#
# This third leak is milder: the base has met other cats, not *this* cat. You cannot mend it, only say it. It turns serious
# when the test images themselves were in ImageNet. Several popular data sets are made from it; you will meet one in lesson 8.

# %% [markdown]
# ## 8. Measures that are easy to fool
#
# Accuracy counts images. If one class is common, a model can please it by serving that class alone. Two others ask more:
#
# - **balanced accuracy**: the share of right answers in each class, then the average over classes;
# - **macro F1**: for each class, how many of its images were found and how many of its claims were right, in one number
#   (their harmonic mean), then the average.
#
# Let the task be "is it a vehicle?", and let one of the models be a fool who has never seen an image.

# %%
from sklearn.metrics import accuracy_score, balanced_accuracy_score, f1_score

vehicle = class_names.index("vehicle")
is_vehicle = truth == vehicle
claims = {"always says no": np.zeros(len(truth), bool), "our head": predicted == vehicle}
print(f"{is_vehicle.mean():.0%} of the test scenes show a vehicle\n")
print(f"{'':<16}{'accuracy':>10}{'balanced':>10}{'macro F1':>10}")
for name, says in claims.items():
    print(
        f"{name:<16}{accuracy_score(is_vehicle, says):>10.1%}{balanced_accuracy_score(is_vehicle, says):>10.1%}"
        f"{f1_score(is_vehicle, says, average='macro', zero_division=0):>10.1%}"
    )

# %% [markdown]
# The fool's accuracy is excellent. The other two columns are not impressed.
#
# Worse is a measure that counts the wrong thing altogether. Suppose there are 120 classes, and the targets are one-hot: a one and
# 119 zeros.

# %%
element_guess = widgets.guess(
    "A model for 120 classes reports `binary_accuracy: 0.9917` on one-hot targets. How many images in 100 does it "
    "get right?"
)
element_guess
# %%
truth_120 = random.integers(120, size=5000)
knows_nothing = keras.ops.softmax(random.normal(size=(5000, 120)))
one_hot = keras.utils.to_categorical(truth_120, 120)

element_wise, per_image = keras.metrics.BinaryAccuracy(), keras.metrics.CategoricalAccuracy()
element_wise.update_state(one_hot, knows_nothing)
per_image.update_state(one_hot, knows_nothing)
print(f"element by element: {float(element_wise.result()):.4f}    119/120 = {119 / 120:.4f}")
print(f"image by image: {float(per_image.result()):.4f}")
element_guess.reveal(
    f"{float(per_image.result()):.2%}, for a model that draws its answers at random",
    why="It says 'no' to all 120 questions of every image, and 119 of these answers are right.",
)

# %% [markdown]
# This one is out in the wild: a published notebook celebrates 0.9917 for a model that is right for 0.74 % of its images. Today's Keras
# picks the right measure when you write `metrics=["accuracy"]` and the output has several columns. Older versions
# went by the loss, and `binary_accuracy` still does what its name says.
#
# The cure for all of these is the same: compute the score of a fool, with the same measure on the same images, and print
# it beside yours.

# %% [markdown]
# ## 9. The same model, judged carelessly and carefully
#
# One base, one head, the same scenes. Only the judge changes, from careless to careful.

# %%
classes = len(class_names)
elements = keras.utils.to_categorical(said_apart, classes) == keras.utils.to_categorical(labels, classes)

class_of = labels[order].reshape(-1, 5)[:, 0]
right_by_object = by_object.mean(axis=1)


def balanced(drawn):
    return np.mean([right_by_object[drawn[class_of[drawn] == c]].mean() for c in range(classes)])


draws = [balanced(random.integers(len(class_of), size=len(class_of))) for _ in range(1000)]
judged = {
    "every element of a one-hot target counted": rule_of_thumb(elements),
    "scenes shuffled, scenes counted": rule_of_thumb(mixed),
    "things kept apart, scenes counted": rule_of_thumb(apart),
    "things kept apart, things resampled": evaluate.accuracy_interval(apart, groups),
    "the same, classes weigh alike": evaluate.Interval(
        balanced(np.arange(len(class_of))), *np.quantile(draws, [0.05, 0.95])
    ),
}
share_of_fool = float(np.bincount(labels).max() / len(labels))
print(
    f"the same fool, element by element: {1 - 2 * (1 - share_of_fool) / classes:.0%}; with classes weighing alike: {1 / classes:.0%}"
)
plots.accuracy_bars(
    judged,
    reference={"always the most frequent class": share_of_fool},
    title="One model, five judges",
)
# %% [markdown]
# From top to bottom the score sinks or stays, and the interval grows. The model is the same in every line. The dashed line is the fool of
# the three lines in the middle; the fools of the first and the last line are printed above. Next time somebody tells you an
# accuracy, you know what to ask: *of what, split how, counted how, and what does a fool get?*

# %% [markdown]
# ## Quiz

# %% folded=true
widgets.quiz(
    [
        {
            "question": "You photographed 40 plants from ten sides each and split the 400 images at random. What do you expect?",
            "options": [
                "A test score that is too high.",
                "A test score that is too low.",
                "A fair test score, because the split was random.",
            ],
            "answer": 0,
            "why": [
                "Nearly every test image has a sister in training. Split by plant.",
                "No. The model has met every test plant, from nine other sides.",
                "Random is not enough: it must be random over what is independent, and that is plants.",
            ],
        },
        {
            "question": "The same 400 images, split by plant, 10 plants in the test. About how many independent questions is that?",
            "options": ["100", "Somewhere between 10 and 100, nearer to 10 the more alike the sides are.", "400"],
            "answer": 1,
            "why": [
                "Only if ten sides of one plant were as different as ten plants.",
                "Resample plants, and the interval tells you.",
                "Those are all images; and the training images do not count at all.",
            ],
        },
        {
            "question": "A heat map lies neatly on the animal. What does it show?",
            "options": [
                "The model knows what the animal is.",
                "In this image, what spoke for this class lies there.",
                "The model does not use backgrounds.",
            ],
            "answer": 1,
            "why": [
                "It shows where, not what. A wrong answer can have a neat heat map too.",
                "And only that.",
                "One image cannot show it. Test on many images with other backgrounds.",
            ],
        },
        {
            "question": "Screening for something that one person in a hundred has, a model reaches 99 % accuracy. Good?",
            "options": ["Yes.", "No.", "It cannot be said from that number."],
            "answer": 2,
            "why": [
                "A fool who always says no reaches the same.",
                "It might be excellent all the same.",
                "Ask for the balanced accuracy, or how many of the ill it found.",
            ],
        },
        {
            "question": "Forty settings were tried and the best validation score is 81 %. What will a fresh test set most likely show?",
            "options": ["Less than 81 %.", "81 %, give or take.", "More than 81 %."],
            "answer": 0,
            "why": [
                "The best of forty was also lucky, and luck does not come along.",
                "That holds for a setting that was not chosen by this score.",
                "There is no reason for that.",
            ],
        },
    ],
)

# %% [markdown]
# ## What to do next
#
# - **Lab 5**, the bug museum: eight programs that run, each wrong in a way you can now prove.
# - **Lab 6**, your own images. Split them by thing.
# - **Lesson 8** judges two models that strangers have published.
