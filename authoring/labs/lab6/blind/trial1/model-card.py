# %% wrong "Takes the largest number of an object plus one for the number of objects of each part." name="trial1_largest_number_plus_one" breaks="counts"
def model_card(handed_in):
    model, images, labels, groups = (handed_in[key] for key in ("model", "images", "labels", "groups"))
    train, held_out = handed_in["train"], handed_in["held_out"]
    probabilities = model.predict(images[held_out], verbose=0)
    accuracy, low, high, baseline = evaluate_predictions(
        probabilities, labels[held_out], groups[held_out], labels[train]
    )
    return f"""# Model card

## Intended use

Tells apart the few kinds of thing that were photographed for this exercise, one per image.

## Data

Photographs taken by one person at one place; images of one object are always in one part.

Training: {len(train)} images of {groups[train].max() + 1} objects.

Held out: {len(held_out)} images of {groups[held_out].max() + 1} objects.

## Model

EfficientNet-Lite0 with the weights of ImageNet, its last block fine-tuned, and a new head on top.

Parameters: {model.count_params():,}

## Evaluation

The images held out show objects that the model has never seen during training.

Accuracy: {accuracy:.1%}

90 % confidence interval: {low:.1%} to {high:.1%}

Majority-class baseline: {baseline:.1%}

## Known shortcuts

The background and the light are much alike within a class, and the model may use them.

## Not for

Decisions that matter to anybody, images with several things in them, or any other kinds of thing.

## Licences

The base comes under the Apache licence; the photographs belong to the person who took them.
"""

# %% wrong "The accuracy is that on all images, those trained on included; only the interval and the baseline are of the images held out." name="trial1_accuracy_on_everything" breaks="accuracy"
def model_card(handed_in):
    model, images, labels, groups = (handed_in[key] for key in ("model", "images", "labels", "groups"))
    train, held_out = handed_in["train"], handed_in["held_out"]
    probabilities = model.predict(images, verbose=0)
    _, low, high, baseline = evaluate_predictions(
        probabilities[held_out], labels[held_out], groups[held_out], labels[train]
    )
    accuracy = np.mean(probabilities.argmax(axis=1) == labels)
    return f"""# Model card

## Intended use

Tells apart the few kinds of thing that were photographed for this exercise, one per image.

## Data

Photographs taken by one person at one place; images of one object are always in one part.

Training: {len(train)} images of {len(np.unique(groups[train]))} objects.

Held out: {len(held_out)} images of {len(np.unique(groups[held_out]))} objects.

## Model

EfficientNet-Lite0 with the weights of ImageNet, its last block fine-tuned, and a new head on top.

Parameters: {model.count_params():,}

## Evaluation

The images held out show objects that the model has never seen during training.

Accuracy: {accuracy:.1%}

90 % confidence interval: {low:.1%} to {high:.1%}

Majority-class baseline: {baseline:.1%}

## Known shortcuts

The background and the light are much alike within a class, and the model may use them.

## Not for

Decisions that matter to anybody, images with several things in them, or any other kinds of thing.

## Licences

The base comes under the Apache licence; the photographs belong to the person who took them.
"""

# %% right "A table of sections joined at the end; shares in place of percentages; the model is called in batches." name="trial1_sections_and_shares"
def model_card(handed_in):
    model, images = handed_in["model"], handed_in["images"]
    labels, groups = np.asarray(handed_in["labels"]), np.asarray(handed_in["groups"])
    parts = {"Training": np.asarray(handed_in["train"]), "Held out": np.asarray(handed_in["held_out"])}
    test = parts["Held out"]
    answers = np.concatenate(
        [
            np.asarray(model(images[test[start : start + 8]].astype("float32"), training=False))
            for start in range(0, len(test), 8)
        ]
    )
    names = ("accuracy", "low", "high", "baseline")
    measured = dict(zip(names, evaluate_predictions(answers, labels[test], groups[test], labels[parts["Training"]])))
    parameters = sum(int(np.prod(weight.shape)) for weight in model.weights)

    sections = {
        "Intended use": ["An exercise in transfer learning: it sorts close photographs of single things by their kind."],
        "Data": ["All photographs were taken for this project, and each object is in one part only."]
        + [f"{what}: {len(part)} images of {len(set(groups[part].tolist()))} objects." for what, part in parts.items()],
        "Model": [
            f"Parameters: {parameters}",
            "A convolutional base that was trained on ImageNet, with its end fine-tuned and a softmax head.",
        ],
        "Evaluation": [
            f"Accuracy: {measured['accuracy']:.3f}",
            f"90 % confidence interval: {measured['low']:.3f} to {measured['high']:.3f}",
            f"Majority-class baseline: {measured['baseline']:.3f}",
            "All of this was measured on objects kept away from training, and whole objects were resampled.",
        ],
        "Known shortcuts": ["Things of one kind often stand on the same table, so the table may give them away."],
        "Not for": ["Anything that affects people, safety or money, and any kind of thing not listed above."],
        "Licences": ["See the licence of the pretrained base; the photographs may be used for teaching only."],
    }
    blocks = ["# Model card"]
    for heading, lines in sections.items():
        blocks += [f"## {heading}", *lines]
    return "\n\n".join(blocks) + "\n"
