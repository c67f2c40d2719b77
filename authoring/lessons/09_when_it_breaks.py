# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 9 · When it breaks: shortcuts, shift, confidence
#
# **Goal.** A model can score well by using a clue that is missing elsewhere. You will build such a model, find out
# what it relies on, measure how badly it fails elsewhere, and repair it. You will also check whether its
# probabilities tell you when to distrust it.
#
# {{header}}
#
# Afterwards you can
#
# - look for a shortcut before you know that there is one;
# - draw accuracy against the strength of a spurious correlation;
# - repair a shortcut with a few balanced images or with pasted backgrounds;
# - measure calibration, scale a temperature, and let a model abstain.

# %% [markdown]
# ## 1. A data set that looks fine
#
# Photos of birds often show water and sky. Photos of mammals often show grass. The background is not the object, but
# it often occurs together with the class. This is a **[spurious correlation](GLOSSARY.md#spurious-correlation)**. A
# network that uses it takes a [shortcut](GLOSSARY.md#shortcut): it predicts from a clue that will not help elsewhere.
#
# We call the correlation of class and background the **tie**. In collected photos its strength is usually unknown.
# Our [composite images](GLOSSARY.md#composite-image) let us set it, because we choose the object and the background
# separately. The Waterbirds and Backgrounds Challenge data sets use the same idea.
#
# We compose every object in every combination: four poses, two families of backgrounds, two sets of photographs. An
# object keeps its poses on every background. Both classes have equally many objects, so the majority-class baseline
# is 50 %.

# %%
import itertools

from course_utils import data, evaluate, plots, widgets
from course_utils.models import weights_file

import keras
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from scipy.special import log_softmax, softmax
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

threadpool_limits(1, user_api="blas")  # many small fits: one thread each is fastest
CLASSES, FAMILIES = ["bird", "mammal"], ["water_and_sky", "vegetation"]


def compose(family, photographs, size=128, per_object=4):
    """All birds and mammals on one family, from one set of photographs."""
    only = {name: {family: 1.0} for name in CLASSES}
    return data.load_scenes(
        "all",
        classes=CLASSES,
        backgrounds=only,
        photographs=photographs,
        size=size,
        per_object=per_object,
    )


def balanced(scenes):
    """As many mammals as birds."""
    objects = [np.unique(scenes.groups[scenes.labels == number]) for number in (0, 1)]
    few = min(len(one) for one in objects)
    kept = [np.random.default_rng(0).choice(one, few, replace=False) for one in objects]
    return scenes.take(np.isin(scenes.groups, np.concatenate(kept)))


# %%
large = [balanced(compose(family, "train", 160, per_object=1)) for family in FAMILIES]
shown = [np.flatnonzero(large[0].labels == number)[:3] for number in (0, 1)]
plots.image_grid(
    [large[family].images[row] for family in (0, 1) for row in np.concatenate(shown)],
    titles=[
        f"{name} on {family}"
        for family in ("water or sky", "vegetation")
        for name in CLASSES
        for _ in range(3)
    ],
    columns=6,
    alt="Three birds and three mammals, above on water or sky, "
    "below in the same pose on vegetation.",
)

# %% [markdown]
# The upper and the lower row differ in the background only.
#
# The base is frozen in this lesson, so we run it once per image and keep the
# [features](GLOSSARY.md#cached-features). Afterwards every data set of this lesson is a choice of rows.

# %%
# compile=False: the model only predicts, so it needs no optimiser and no loss.
base = keras.models.load_model(weights_file("mobilenet_v2"), compile=False)
extractor = keras.Sequential([base, keras.layers.GlobalAveragePooling2D()])
preprocess = keras.applications.mobilenet_v2.preprocess_input


def extract(images):
    return extractor.predict(preprocess(images.astype("float32")), verbose=0)


pool = []
for photographs in ("train", "test"):
    both = [balanced(compose(family, photographs)) for family in FAMILIES]
    pool.append([extract(scenes.images) for scenes in both])
pool = np.array(pool)  # (set of photographs, family, image, feature)
labels, groups = both[0].labels, both[0].groups
pose = pd.Series(groups).groupby(groups).cumcount().to_numpy()
print("pool:", pool.shape, "objects per class:", len(np.unique(groups)) // 2)

# %% [markdown]
# Now we make a data set as a careless collector would. The *home* of a bird is water, the home of a mammal is
# vegetation. At a **strength** of 90 %, 90 % of the images are at home. Each of the others is on one of the two
# families at random. (`data.tied_backgrounds` gives `load_scenes` such shares.)
#
# The classifier is [logistic regression](GLOSSARY.md#logistic-regression) on the features. Cross-validation keeps
# the images of an object together, as in lesson 7.

# %%
splitter = StratifiedGroupKFold(5, shuffle=True, random_state=0)
folds = [test for _, test in splitter.split(labels, labels, groups)]


def tie(strength, swapped, seed=0):
    """The home of each image's class, and the family on which the image stands."""
    home = 1 - labels if swapped else labels  # family 0 is water, family 1 vegetation
    random = np.random.default_rng([seed, swapped]).random(len(labels))
    return home, np.where(random < (1 + strength) / 2, home, 1 - home)


def head(C=0.01):
    return make_pipeline(
        StandardScaler(), LogisticRegression(C=C, max_iter=500, tol=1e-3)
    )


home, family = tie(0.9, swapped=False)
models, predicted = [], np.zeros((2, len(labels)), int)
for test in folds:
    train = np.setdiff1d(np.arange(len(labels)), test)
    models.append(head().fit(pool[0, family[train], train], labels[train]))
    for place in (0, 1):
        predicted[place, test] = models[-1].predict(pool[0, place, test])
correct = predicted[family, np.arange(len(labels))] == labels
score = evaluate.accuracy_interval(correct, groups)
print(
    f"cross-validated accuracy {score.value:.0%} ({score.low:.0%} to {score.high:.0%})"
)

# %% [markdown]
# The objects are kept apart, the interval is over objects, and the score is far above 50 %. Nothing in this report
# is wrong. Would you use the model?

# %% [markdown]
# ## 2. Look for a shortcut
#
# Imagine that you do not know how the images were made. Three checks are quick.
#
# **Check 1: accuracy per group.** List what varies in your images besides the class: background, camera, hospital,
# season. Then evaluate every combination with the class separately.

# %%
rows = {}
groups_of_images = itertools.product(enumerate(CLASSES), enumerate(FAMILIES))
for (number, name), (place, where) in groups_of_images:
    here = (labels == number) & (family == place)
    low, high = evaluate.accuracy_interval(correct[here], groups[here])[1:]
    rows[f"{name} on {where}"] = [here.sum(), correct[here].mean(), low, high]
by_group = pd.DataFrame(rows, index=["images", "accuracy", "low", "high"]).T
by_group.round(2).astype({"images": int})

# %% [markdown]
# Both groups away from home do worse. But these groups are small, so they hardly count in the overall accuracy, and
# their intervals are wide. A validation set from the same source would hide the gap as well.
#
# **Check 2: change one thing.** Keep the object and its pose, and exchange the background. A model that uses only
# the animal would predict the same class.

# %%
flip_guess = widgets.guess(
    "We exchange only the background of every image: same animal, same pose. "
    "How many predictions in 100 change?",
    unit="%",
)
flip_guess

# %%
changed = predicted[0] != predicted[1]
print(f"changing only the background changes {changed.mean():.0%} of the predictions")
flip_guess.reveal(
    round(100 * float(changed.mean())),
    why="The animal stays. Only the background can cause these changes.",
)

# %% [markdown]
# **Check 3: Grad-CAM.** This method shows where the evidence for a class lies (lesson 7). With average pooling and a
# linear classifier, the heat map is the sum of the feature maps, weighted by the classifier. We take two birds whose
# prediction changes, on both backgrounds.

# %%
flips = (labels == 0) & (predicted[0] == 0) & (predicted[1] == 1) & (pose == 0)
birds = [
    np.flatnonzero(large[0].groups == group)[0]
    for group in np.unique(groups[flips])[:2]
]
fold_of = {group: number for number, test in enumerate(folds) for group in groups[test]}

figure, axes = plt.subplots(2, 4, figsize=(9, 5), layout="constrained")
for line, row in zip(axes, birds, strict=True):
    model = models[fold_of[large[0].groups[row]]]  # it has not seen this bird
    towards_mammal = model[-1].coef_[0] / model[0].scale_
    for place in (0, 1):
        image = large[place].images[row]
        maps = base.predict(preprocess(image[None].astype("float32")), verbose=0)
        answer = int(model.predict(maps.mean(axis=(1, 2)))[0])
        heat = np.maximum(maps[0] @ (towards_mammal if answer else -towards_mammal), 0)
        line[2 * place].imshow(image)
        line[2 * place + 1].imshow(image)
        line[2 * place + 1].imshow(
            heat,
            cmap="plasma",
            alpha=0.6,
            extent=(0, 160, 160, 0),
            interpolation="bilinear",
        )
        line[2 * place + 1].set_title(f"evidence for {CLASSES[answer]}", fontsize=10)
for ax in axes.flat:
    ax.set_axis_off()
plots.describe(
    figure,
    "Two birds on water and on vegetation, each with its Grad-CAM heat map for the "
    "predicted class.",
)

# %% [markdown]
# Bright areas support the class that was predicted. Where they lie on water or leaves, the background contributed.
# These two examples were chosen because they fail. They raise a suspicion, which check 2 tests on all images.

# %% [markdown]
# ## 3. Accuracy against the strength of the tie
#
# We repeat the experiment at strengths from 0 to 100 % and test on new background photographs. Each model is tested
# three times on the same new animals:
#
# - **usual**: every animal at home;
# - **reversed**: every animal away from home;
# - **independent**: half and half.
#
# In a single run, birds could be easier on water, or one set of photographs easier than the other. So we exchange
# the homes, exchange the photographs of training and test, and average the four runs.
#
# In the code, `spare` is a fifth of the objects. Here it is ordinary training data. Section 5 uses it differently.

# %%
# Each run: the photographs to train on, and whether the homes are swapped.
RUNS = list(itertools.product((0, 1), (False, True)))
STRENGTHS = (0, 0.25, 0.5, 0.75, 0.9, 1)
four_times = np.tile(groups, len(RUNS))


def as_collected(here, family, train, spare):
    """Features, labels and families of the images to train on."""
    rows = np.concatenate([train, spare])
    return here[family[rows], rows], labels[rows], family[rows]


def evaluate_at(strength, choose=as_collected, group_weights=False):
    """Correct or not: (home or away, run, image). No model has seen the object."""
    correct = np.zeros((2, len(RUNS), len(labels)), bool)
    for run, (photos, swapped) in enumerate(RUNS):
        home, family = tie(strength, swapped, seed=photos)
        for number, test in enumerate(folds):
            spare = folds[number - 1]
            train = np.concatenate([folds[number - k] for k in (2, 3, 4)])
            features, classes, places = choose(pool[photos], family, train, spare)
            group = 2 * classes + places
            weights = (
                1 / np.bincount(group, minlength=4)[group]
                if group_weights
                else np.ones(len(group))
            )
            weights *= len(group) / weights.sum()
            model = head().fit(
                features, classes, logisticregression__sample_weight=weights
            )
            for k, place in enumerate((home, 1 - home)):
                new = pool[1 - photos, place[test], test]
                correct[k, run, test] = model.predict(new) == labels[test]
    return correct


def three_tests(correct):
    """Accuracy with interval for each of the three tests."""
    tests = {"usual": correct[0], "independent": correct, "reversed": correct[1]}
    return {
        name: evaluate.accuracy_interval(c.ravel(), np.resize(groups, c.size))
        for name, c in tests.items()
    }


# %%
half_guess = widgets.guess(
    "Two classes, so tossing a coin gives 50 %. From which strength on is the model "
    "worse than a coin on reversed backgrounds?",
    options=["25 %", "50 %", "75 %", "90 %", "never"],
)
half_guess

# %%
before = {strength: evaluate_at(strength) for strength in STRENGTHS}
curve = {strength: three_tests(correct) for strength, correct in before.items()}


worse = [s for s in STRENGTHS if curve[s]["reversed"].value < 0.5]
half_guess.reveal(f"{100 * worse[0]:.0f} %" if worse else "never")

# %%
LOOK = {
    "usual": {"color": "#0072B2", "marker": "o", "linestyle": "-"},
    "independent": {"color": "#009E73", "marker": "s", "linestyle": "--"},
    "reversed": {"color": "#D55E00", "marker": "^", "linestyle": ":"},
}


def draw(ax, curve, title):
    for name, look in LOOK.items():
        value, low, high = (
            100 * np.array([curve[strength][name] for strength in STRENGTHS]).T
        )
        error = [value - low, high - value]
        ax.errorbar(
            100 * np.array(STRENGTHS), value, error, capsize=4, label=name, **look
        )
    ax.axhline(50, color="grey", linewidth=1)
    ax.set(xlabel="strength of the tie in training (%)", title=title, ylim=(0, 100))


figure, ax = plt.subplots(figsize=(7, 4.2), layout="constrained")
draw(ax, curve, "Accuracy on new objects and new photographs")
ax.set_ylabel("accuracy (%), 90 % interval")
ax.legend(title="test backgrounds", frameon=False, loc="lower left")
plots.describe(
    figure,
    "Accuracy against the strength of the tie, usual, independent and reversed test. "
    + "; ".join(
        f"{s:.0%}: " + ", ".join(f"{test.value:.0%}" for test in curve[s].values())
        for s in STRENGTHS
    ),
)


# %%
def as_text(tests):
    low_high = "{0:.0f} ({1:.0f} to {2:.0f})"
    return {
        name: low_high.format(*(100 * end for end in test))
        for name, test in tests.items()
    }


pd.DataFrame({f"{s:.0%}": as_text(tests) for s, tests in curve.items()}).T

# %% [markdown]
# The figure shows a **dose–response curve**: the dose is the strength, the response is the accuracy. With no tie the
# three tests nearly agree. As the tie grows, accuracy on the usual test *rises*, because there the shortcut helps. On
# the independent test it falls, on the reversed one it collapses. A test set from the same source shows only the line
# *usual*.
#
# At 25 % the tie does little harm: many training images still contradict it.
#
# The intervals resample objects. They do not include the uncertainty from the few photographs of each family.

# %% [markdown]
# ## 4. Does the model know when it is wrong?
#
# A [softmax](GLOSSARY.md#softmax) output looks like a probability. The [confidence](GLOSSARY.md#confidence) of an
# answer is the highest of its probabilities. A model is **[calibrated](GLOSSARY.md#calibration)** if, for example,
# 80 % of the answers with a confidence of 0.8 are correct. The [expected calibration
# error](GLOSSARY.md#expected-calibration-error) (ECE) sorts answers into bins by confidence, and averages the
# distance between mean confidence and accuracy over the bins.
#
# A [domain shift](GLOSSARY.md#domain-shift) is a difference between the training data and the data in use. We compare
# four situations, from no shift to the largest shift. The models are trained at 75 %, with scikit-learn's default
# `C=1`, a weaker [regularisation](GLOSSARY.md#regularisation) than before.

# %%
names = [
    "same photographs, tied",
    "new photographs, tied",
    "new photographs, independent",
    "new photographs, reversed",
]
# First validation, then the four situations.
logits = np.zeros((5, len(RUNS), len(labels), 2))
half = pose % 2  # half of an object's poses on either family
for run, (photos, swapped) in enumerate(RUNS):
    home, family = tie(0.75, swapped, seed=photos)
    for number, test in enumerate(folds):
        spare = folds[number - 1]
        train = np.concatenate([folds[number - k] for k in (2, 3, 4)])
        model = head(C=1).fit(pool[photos, family[train], train], labels[train])
        data_sets = [
            (photos, family, spare),
            (photos, family, test),
            (1 - photos, family, test),
            (1 - photos, half, test),
            (1 - photos, 1 - home, test),
        ]
        for k, (photographs, place, rows) in enumerate(data_sets):
            features = pool[photographs, place[rows], rows]
            logits[k, run, rows, 1] = model.decision_function(features)
truth = np.tile(labels, len(RUNS))
validation, *situations = logits.reshape(5, -1, 2)

# %% [markdown]
# [Logits](GLOSSARY.md#logits) are the scores before the softmax. For two classes scikit-learn computes one,
# `decision_function`, for the second class. The logit of the first class is 0.
#
# [Temperature scaling](GLOSSARY.md#temperature-scaling) divides all logits by one number T. The order of the classes,
# and so the accuracy, does not change. T above 1 makes the model less confident. T is fitted on validation images, by
# the lowest cross-entropy loss. For a Keras model the line is `keras.ops.softmax(logits / T)`. A model that ends in a
# softmax returns probabilities. Their logarithm, `keras.ops.log(probabilities)`, serves as logits.
#
# Here the logits of all models, from four runs of five folds, are pooled, and one T is fitted to all of them. In your
# project there is one model, with a T of its own.


# %%
def expected_calibration_error(probabilities, labels, bins=10):
    confidence = probabilities.max(axis=1)
    correct = probabilities.argmax(axis=1) == labels
    bin_of = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [abs((confidence - correct)[bin_of == b].sum()) for b in range(bins)]
    return sum(gaps) / len(labels)


def fit_temperature(logits, labels):
    rows, candidates = np.arange(len(labels)), np.geomspace(0.25, 16, 200)
    loss = [-log_softmax(logits / T, axis=1)[rows, labels].mean() for T in candidates]
    return candidates[np.argmin(loss)]


T = fit_temperature(validation, truth)
print(f"temperature fitted on validation: {T:.1f}")

# %%
table = {}
for name, z in zip(names, situations, strict=True):
    raw, scaled = softmax(z, axis=1), softmax(z / T, axis=1)
    table[name] = {
        "accuracy": (z.argmax(axis=1) == truth).mean(),
        "confidence": raw.max(axis=1).mean(),
        "ECE": expected_calibration_error(raw, truth),
        "confidence / T": scaled.max(axis=1).mean(),
        "ECE / T": expected_calibration_error(scaled, truth),
    }
percent = pd.DataFrame(table).mul(100)
percent.T.round(1)

# %%
figure, axes = plt.subplots(1, 4, figsize=(9, 2.9), sharey=True, layout="constrained")
bins = np.linspace(0.5, 1, 6)  # with two classes the confidence is at least 0.5
for ax, name, z in zip(axes, names, situations, strict=True):
    for kind, scale, look in (("raw", 1, "C1s--"), ("scaled", T, "C0o-")):
        p = softmax(z / scale, axis=1)
        confidence, hit = p.max(axis=1), p.argmax(axis=1) == truth
        bin_of = np.clip(np.digitize(confidence, bins) - 1, 0, 4)
        filled = [b for b in range(5) if (bin_of == b).sum() >= 20]
        mean = [confidence[bin_of == b].mean() for b in filled]
        ax.plot(mean, [hit[bin_of == b].mean() for b in filled], look, label=kind)
    ax.plot([0.5, 1], [0.5, 1], color="grey", linewidth=1)
    ax.set(
        title=name.replace(", ", ",\n"),
        xlabel="confidence",
        xlim=(0.5, 1.02),
        ylim=(0, 1.02),
    )
    ax.title.set_fontsize(10)
axes[0].set_ylabel("accuracy")
axes[0].legend(frameon=False, loc="lower left")
errors = [f"{n} {r['ECE']:.0f}, scaled {r['ECE / T']:.0f}" for n, r in percent.items()]
plots.describe(
    figure,
    "Reliability diagrams, accuracy against confidence, in four situations. "
    f"Calibration errors in %: {'; '.join(errors)}.",
)

# %% [markdown]
# Each panel is a **reliability diagram**. A calibrated model lies on the grey diagonal. Below the diagonal, a model
# is overconfident.
#
# T is above 1, so the raw model was overconfident. In the first situation, which is like the validation images,
# scaling leaves little error. It helps in the others too, but on reversed backgrounds most of the error remains,
# because accuracy fell far more than confidence. **Rely on a temperature only for data like those on which it was
# fitted.**
#
# ### Abstaining
#
# A model may also decline to answer below a threshold of confidence. This is called
# [abstention](GLOSSARY.md#abstention). **[Coverage](GLOSSARY.md#coverage)** is the share of images that it answers.
# We choose the threshold on validation images, so that 95 % of the answers there are correct, and keep that
# threshold.

# %%
confidence = softmax(validation / T, axis=1).max(axis=1)
order = np.argsort(-confidence)
count = np.arange(1, len(order) + 1)
running = np.cumsum((validation.argmax(axis=1) == truth)[order]) / count
threshold = confidence[order][np.flatnonzero(running >= 0.95)[-1]]

figure, ax = plt.subplots(figsize=(7, 4), layout="constrained")
abstaining = {}
styles = ("C0-", "C1--", "C2-.", "C3:")
for name, z, look in zip(names, situations, styles, strict=True):
    sure, hit = softmax(z / T, axis=1).max(axis=1), z.argmax(axis=1) == truth
    accuracy = np.cumsum(hit[np.argsort(-sure)]) / count
    ax.plot(100 * count[50:] / len(count), 100 * accuracy[50:], look, label=name)
    answered = sure >= threshold
    interval = evaluate.accuracy_interval(hit[answered], four_times[answered])
    abstaining[name] = [answered.mean(), *interval]
ax.axhline(95, color="grey", linewidth=1)
ax.set(xlabel="coverage (%): the most confident answers", ylim=(40, 101))
ax.set_ylabel("accuracy of these answers (%)")
ax.legend(frameon=False, loc="lower left")
said = [
    f"{n}: {a:.0%} answered, {b:.0%} correct" for n, (a, b, *_) in abstaining.items()
]
plots.describe(
    figure,
    "Accuracy against coverage in four situations. At the threshold from validation: "
    f"{'; '.join(said)}.",
)

# %%
columns = ["coverage", "accuracy", "low", "high"]
pd.DataFrame(abstaining, index=columns).T.mul(100).round(0).astype(int)

# %% [markdown]
# Without shift, about 95 % of the answers are correct. On reversed backgrounds the model still answers most images,
# and more of these answers are wrong: the background makes it confident. Rely on a threshold, too, only for data
# like those on which it was chosen.
#
# So neither temperature nor threshold replaces the checks of section 2.

# %% [markdown]
# ## 5. Repair
#
# All methods below choose their training images from the same objects and the same set of photographs. The
# strength is 90 %.
#
# - **as collected**: nothing is repaired.
# - **group weights**: no new images. The four groups of class and background have the same weight in the loss, as
#   with [class weights](GLOSSARY.md#class-weight).
# - **balanced set only**: the last layer is trained on the spare images alone, half on each family. This is
#   *last-layer retraining*: the base stays as it is, so cached features suffice.
# - **both**: tied images and balanced set together, with group weights.
# - **pasting**: every object is pasted on the other family too, as an
#   [augmented copy](GLOSSARY.md#augmented-copy): `mask * object_ + (1 - mask) * background`. It needs a mask of each
#   object.


# %%
def balanced_only(here, family, train, spare):
    return here[half[spare], spare], labels[spare], half[spare]


def with_balanced(here, family, train, spare):
    rows, places = (
        np.concatenate([train, spare]),
        np.concatenate([family[train], half[spare]]),
    )
    return here[places, rows], labels[rows], places


def pasted(here, family, train, spare):
    rows = np.concatenate([train, spare])
    places = np.concatenate([family[rows], 1 - family[rows]])
    return here[places, np.tile(rows, 2)], np.tile(labels[rows], 2), places


repaired = {
    "as collected": before[0.9],
    "group weights": evaluate_at(0.9, group_weights=True),
    "balanced set only": evaluate_at(0.9, balanced_only),
    "both": evaluate_at(0.9, with_balanced, group_weights=True),
    "pasting": evaluate_at(0.9, pasted),
}
everywhere = np.resize(groups, before[0.9].size)
rows = {}
for name, correct in repaired.items():
    rows[name] = as_text(three_tests(correct))
    gain = evaluate.difference_interval(
        correct.ravel(), before[0.9].ravel(), everywhere
    )
    rows[name] |= as_text({"gain, independent": gain})
pd.DataFrame(rows).T

# %% [markdown]
# Every repair gains on independent backgrounds, and no interval of a gain includes 0.
#
# - Group weights need no new images and already help. But they rely on the few images away from home, and a gap
#   between usual and reversed remains.
# - The balanced set alone nearly closes the gap, with about a quarter of the objects. But its accuracy on usual
#   backgrounds is below that of pasting.
# - On independent backgrounds, *both* and *pasting* reach about the accuracy that section 3 measured without a tie.
#
# On usual backgrounds, every repair *loses* accuracy. But part of that accuracy had come from the background.

# %% [markdown]
# ## 6. The repairs at other strengths
#
# Pasting puts every object on both families, so its training set is the same at every strength.

# %%
after = {
    strength: three_tests(evaluate_at(strength, with_balanced, group_weights=True))
    for strength in STRENGTHS
}
flat = three_tests(repaired["pasting"])
panels = {
    "as collected": curve,
    "balanced set, group weights": after,
    "pasting on both families": dict.fromkeys(STRENGTHS, flat),
}
figure, axes = plt.subplots(1, 3, figsize=(9.2, 3.7), sharey=True, layout="constrained")
said = []
for ax, (name, values) in zip(axes, panels.items(), strict=True):
    draw(ax, values, name)
    ax.title.set_fontsize(11)
    ax.set_xlabel("strength of the tie (%)")
    ends = [values[s]["reversed"].value for s in (0, 1)]
    said.append(f"{name}: from {ends[0]:.0%} at strength 0 to {ends[1]:.0%} at 100 %")
axes[0].set_ylabel("accuracy (%), 90 % interval")
axes[0].legend(title="test backgrounds", frameon=False, loc="lower left")
plots.describe(
    figure,
    "Accuracy against the strength of the tie before and after two repairs. "
    f"On reversed backgrounds, {'; '.join(said)}.",
)

# %% [markdown]
# On the left, the three tests move apart as the tie grows. With a balanced set they stay close up to 90 %, and a gap
# remains at 100 %. With pasting they coincide.
#
# No better base was needed: the frozen features hold both animal and background. The training data decided which of
# them the last layer used.

# %% [markdown]
# ## Quiz

# %% folded=true
widgets.quiz(
    [
        {
            "question": "A classifier of skin lesions scores 94 % in cross-validation "
            "by patient, at one hospital. "
            "What does this say about a shortcut, such as rulers in the photos of "
            "malignant cases?",
            "options": [
                "There is none, because patients were kept apart.",
                "Nothing: the validation images share it.",
                "There is one, because 94 % is too high.",
            ],
            "answer": 1,
            "why": [
                (
                    "Splitting by patient stops leakage between patients. The rulers "
                    "are "
                    "on both sides."
                ),
                (
                    "Evaluate photos with and without ruler separately, or remove the "
                    "ruler and compare."
                ),
                "A high score alone shows neither.",
            ],
        },
        {
            "question": "Why did section 3 also train with birds at home on "
            "vegetation?",
            "options": [
                "To have more training images.",
                "To make the shortcut weaker.",
                "To separate the tie from the difficulty of one background.",
            ],
            "answer": 2,
            "why": [
                "Every model has the same number of images.",
                "Its strength is the same in both.",
                (
                    "If birds were easier to see on water, usual and reversed would "
                    "differ without any tie."
                ),
            ],
        },
        {
            "question": "You can label 60 more images. Your 5,000 training images "
            "have a shortcut. What do you do?",
            "options": [
                "Add 60 typical images and train as before.",
                (
                    "Choose them balanced over class and background, and retrain the "
                    "last "
                    "layer with group weights."
                ),
                "Fine-tune the whole base on the 60 images.",
            ],
            "answer": 1,
            "why": [
                "They have the same tie.",
                (
                    "A few parameters need few images, and the groups that contradict "
                    "the "
                    "shortcut get weight."
                ),
                "So many parameters easily overfit 60 images.",
            ],
        },
        {
            "question": "Temperature scaling changes which of these?",
            "options": [
                "The predicted class.",
                "The accuracy.",
                "The share of images answered at a given threshold.",
            ],
            "answer": 2,
            "why": [
                "Dividing all logits by T does not change their order.",
                "The predictions do not change, so the accuracy does not.",
                "Confidences change, so more or fewer of them pass the threshold.",
            ],
        },
        {
            "question": "A model abstains below 0.75 and is right on 95 % of its "
            "answers in validation. In use, with "
            "another camera, it answers as many images as before. May you expect 95 %?",
            "options": [
                "Yes, the coverage has not changed.",
                "No. Label a sample of the new images and measure.",
                "Yes, if a temperature was fitted.",
            ],
            "answer": 1,
            "why": [
                (
                    "A model can be just as confident and more often wrong, as on our "
                    "reversed backgrounds."
                ),
                "Only labels from the new camera show its accuracy.",
                "The temperature belongs to the old camera too.",
            ],
        },
    ],
)

# %% [markdown]
# ## What to do next
#
# - **Lab 6**: name one possible shortcut in your own images, and evaluate the images with and without it separately.
# - **Lesson 10** builds a whole project in plain Keras and writes such findings into a model card.
# - To read further: *Waterbirds* (Sagawa et al., 2020), *last-layer retraining* (Kirichenko et al., 2023),
#   *temperature scaling* (Guo et al., 2017).
