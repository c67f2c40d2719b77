# %% wrong "Known shortcuts has four words, which dashes fill up to eight pieces of text." name="trial3_dashes_as_words" breaks="words"
def model_card(handed_in):
    model, images, labels, groups = (handed_in[key] for key in ("model", "images", "labels", "groups"))
    train, part = handed_in["train"], handed_in["held_out"]
    accuracy, low, high, baseline = evaluate_predictions(
        model.predict(images[part], verbose=0), labels[part], groups[part], labels[train]
    )
    return f"""# Model card

## Intended use

This model is meant for learning how small photographs of everyday objects are classified.

## Data

The photographs were taken by one student, with several images of each object.

Training: {len(train)} images of {len(np.unique(groups[train]))} objects.

Held out: {len(part)} images of {len(np.unique(groups[part]))} objects.

## Model

A pretrained convolutional network with a new head, whose last block was fine-tuned.

Parameters: {model.count_params():,}

## Evaluation

All of this was measured on objects that the model had never seen in training.

Accuracy: {accuracy:.1%}

90 % confidence interval: {low:.1%} to {high:.1%}

Majority-class baseline: {baseline:.1%}

## Known shortcuts

- background
- light
- shadow
- size

## Not for

Nobody should use this model for decisions about people, safety, money or health.

## Licences

The pretrained weights are under the licence of their authors, the photographs are mine.
"""


# %% right "The card is printed line by line into a text buffer, and all results are shares with three decimals." name="trial3_printed_into_a_buffer"
import io


def model_card(handed_in):
    images, labels, groups = (np.asarray(handed_in[key]) for key in ("images", "labels", "groups"))
    parts = {"Training": np.asarray(handed_in["train"]), "Held out": np.asarray(handed_in["held_out"])}
    part = parts["Held out"]
    given = np.concatenate(
        [
            np.asarray(handed_in["model"](images[part[start : start + 8]].astype("float32"), training=False))
            for start in range(0, len(part), 8)
        ]
    )
    accuracy, low, high, baseline = evaluate_predictions(given, labels[part], groups[part], labels[parts["Training"]])
    number = sum(int(np.prod(weight.shape)) for weight in handed_in["model"].weights)

    card = io.StringIO()

    def say(*lines):
        print(*lines, sep="\n\n", end="\n\n", file=card)

    say("# Model card")
    say("## Intended use", "It sorts small square photographs of a few kinds of objects, as an exercise in a course.")
    say("## Data", "Photographs of single objects, several of each; no object is in training and in the test.")
    say(*(f"{name}: {len(where)} images of {len(set(groups[where].tolist()))} objects." for name, where in parts.items()))
    say("## Model", "EfficientNet-Lite0 with weights from ImageNet and a new head; its last block has been fine-tuned.")
    say(f"Parameters: {number}")
    say("## Evaluation", "Measured on the objects held out; the interval comes from resampling whole objects, not images.")
    say(f"Accuracy: {accuracy:.3f}", f"90 % confidence interval: {low:.3f} to {high:.3f}")
    say(f"Majority-class baseline: {baseline:.3f}")
    say("## Known shortcuts", "It may look at the table, the light or the distance rather than at the object itself.")
    say("## Not for", "Anything where a mistake costs more than a smile, and never images of people or animals.")
    say("## Licences", "The weights of the base have the licence of their publisher; the photographs belong to the author.")
    return card.getvalue()
