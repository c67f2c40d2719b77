# %% wrong "Adds a line with the accuracy on the training images under Evaluation." name="trial6_training_accuracy_too" breaks="no other number"
def model_card(handed_in):
    model, images = handed_in["model"], handed_in["images"]
    labels, groups = handed_in["labels"], handed_in["groups"]
    train, held_out = handed_in["train"], handed_in["held_out"]
    probabilities = model.predict(images[held_out], verbose=0)
    accuracy, low, high, baseline = evaluate_predictions(
        probabilities, labels[held_out], groups[held_out], labels[train]
    )
    fitted = np.mean(model.predict(images[train], verbose=0).argmax(axis=1) == labels[train])
    return f"""# Model card

## Intended use

For the exercises of this course: it tells a few kinds of object apart in photographs.

## Data

Photographs that I took at home with a phone, split so that no object is in both parts.

Training: {len(train)} images of {len(np.unique(groups[train]))} objects.

Held out: {len(held_out)} images of {len(np.unique(groups[held_out]))} objects.

## Model

EfficientNet-Lite0 with a new head, its last block fine-tuned on the training images.

Parameters: {model.count_params():,}

## Evaluation

All shares are computed when this card is written, and the interval resamples objects.

Accuracy: {accuracy:.1%}

90 % confidence interval: {low:.1%} to {high:.1%}

Majority-class baseline: {baseline:.1%}

Accuracy on the training images: {fitted:.1%}

## Known shortcuts

The background and the light may give the class away, since each kind was photographed in one room.

## Not for

Decisions about people, safety or money, or any object that is not in the training images.

## Licences

The photographs are my own; the weights of the base come under the licence of their authors.
"""


# %% right "Builds the card from a list of sections, writes shares in place of percentages, and puts the baseline first." name="trial6_sections_and_shares"
def model_card(handed_in):
    model = handed_in["model"]
    images, labels, groups = (np.asarray(handed_in[key]) for key in ("images", "labels", "groups"))
    parts = {name: np.asarray(handed_in[key]) for name, key in (("Training", "train"), ("Held out", "held_out"))}
    train, held_out = parts.values()

    predicted = np.concatenate(
        [model.predict_on_batch(images[held_out[i : i + 32]]) for i in range(0, len(held_out), 32)]
    ).argmax(axis=-1)
    accuracy, low, high = accuracy_interval(predicted == labels[held_out], groups[held_out])
    majority = np.bincount(labels[train]).argmax()
    baseline = np.mean(labels[held_out] == majority)

    counts = [
        f"{name}: {len(part)} images of {len(set(groups[part].tolist()))} objects." for name, part in parts.items()
    ]
    sections = [
        ("Intended use", ["Practice in transfer learning: naming the kind of one object in a photograph."]),
        ("Data", ["Photographs taken by me with a phone, cut to squares and split by object.", *counts]),
        (
            "Model",
            [
                f"Parameters: {model.count_params()}",
                "An EfficientNet pretrained on ImageNet, with a new head and a fine-tuned last block.",
            ],
        ),
        (
            "Evaluation",
            [
                f"Majority-class baseline: {baseline:.3f}",
                f"Accuracy: {accuracy:.3f}",
                f"90 % confidence interval: {low:.3f} to {high:.3f}",
                "Shares of the images held out; for the interval whole objects were resampled.",
            ],
        ),
        ("Known shortcuts", ["The model may look at the table or the light and not at the object."]),
        ("Not for", ["Anything that matters to other people, such as safety, health, money or work."]),
        ("Licences", ["My photographs may be used in this course; the base keeps its own licence."]),
    ]
    blocks = ["# Model card"]
    for heading, body in sections:
        blocks.append("## " + heading)
        blocks.extend(body)
    return "\n\n".join(blocks) + "\n"
