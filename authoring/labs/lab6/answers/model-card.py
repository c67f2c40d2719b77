# %% wrong "Leaves out what the model is not for." name="card_without_not_for" breaks="headings" says="expected Model card, Intended use"
def model_card(handed_in):
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

## Licences
Weights of the base: Apache-2.0. Objects: mostly GPL-2, Tux Paint. Backgrounds: see PROVENANCE.csv of the course.
"""


# %% wrong "Puts the results first." name="card_in_another_order" breaks="headings"
def model_card(handed_in):
    model, labels, groups = handed_in["model"], handed_in["labels"], handed_in["groups"]
    train, held_out = handed_in["train"], handed_in["held_out"]
    probabilities = model.predict(handed_in["images"][held_out], verbose=0)
    accuracy, low, high, baseline = evaluate_predictions(
        probabilities, labels[held_out], groups[held_out], labels[train]
    )
    return f"""# Model card

## Evaluation
It was tested on objects that no training image shows, as the lines below say.

## Data
Composite images: photographs of objects, pasted on photographs of other places. No object is in both parts.

Training: {len(train)} images of {len(np.unique(groups[train]))} objects.

Held out: {len(held_out)} images of {len(np.unique(groups[held_out]))} objects.

## Model
EfficientNet-Lite0, pretrained on ImageNet, with its last maps averaged and one dense layer on top.
Fine-tuned from block 7a on, with BatchNorm frozen.

Parameters: {model.count_params():,}

## Intended use
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


# %% wrong "Has nothing to say about shortcuts." name="card_with_no_shortcuts" breaks="words" says="Under Known shortcuts you say 3 words"
def model_card(handed_in):
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
None were found.

## Not for
Images that show none of the three classes: the model has no answer "none of these". Decisions about animals or traffic.

## Licences
Weights of the base: Apache-2.0. Objects: mostly GPL-2, Tux Paint. Backgrounds: see PROVENANCE.csv of the course.
"""


# %% wrong "Counts images where objects were asked for." name="card_that_counts_images" breaks="counts"
def model_card(handed_in):
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

Training: {len(train)} images of {len(train)} objects.

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


# %% wrong "Counts the trainable parameters only." name="card_of_trainable_parameters" breaks="parameters" says="model.count_params() counts them"
def model_card(handed_in):
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

Parameters: {model.layers[-1].weights[0].shape[0]:,}

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


# %% wrong "States the accuracy on the images it was trained on." name="card_with_training_accuracy" breaks="accuracy"
def model_card(handed_in):
    model, labels, groups = handed_in["model"], handed_in["labels"], handed_in["groups"]
    train, held_out = handed_in["train"], handed_in["held_out"]
    probabilities = model.predict(handed_in["images"][held_out], verbose=0)
    accuracy, low, high, baseline = evaluate_predictions(
        probabilities, labels[held_out], groups[held_out], labels[train]
    )
    on_training = np.mean(model.predict(handed_in["images"][train], verbose=0).argmax(axis=1) == labels[train])
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

Accuracy: {on_training:.1%}

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


# %% wrong "Resamples images for the interval." name="card_with_images_resampled" breaks="interval"
def model_card(handed_in):
    model, labels, groups = handed_in["model"], handed_in["labels"], handed_in["groups"]
    train, held_out = handed_in["train"], handed_in["held_out"]
    probabilities = model.predict(handed_in["images"][held_out], verbose=0)
    accuracy, low, high, baseline = evaluate_predictions(
        probabilities, labels[held_out], np.arange(len(held_out)), labels[train]
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


# %% wrong "States the share of the most frequent class among the training images." name="card_with_another_baseline" breaks="baseline" says="its share of the training part"
def model_card(handed_in):
    model, labels, groups = handed_in["model"], handed_in["labels"], handed_in["groups"]
    train, held_out = handed_in["train"], handed_in["held_out"]
    probabilities = model.predict(handed_in["images"][held_out], verbose=0)
    accuracy, low, high, baseline = evaluate_predictions(
        probabilities, labels[held_out], groups[held_out], labels[train]
    )
    baseline = np.bincount(labels[train]).max() / len(train)
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


# %% wrong "Adds a number to the results that nothing computed." name="card_with_a_number_of_its_own" breaks="no other number" says="no number but those asked for"
def model_card(handed_in):
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
Tested once, on objects that no training image shows. Other phones: about 75 %.

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


# %% wrong "Copies the numbers of one run into the text." name="card_with_numbers_typed_in"
def model_card(handed_in):
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

Training: 72 images of 18 objects.

Held out: 24 images of 6 objects.

## Model
EfficientNet-Lite0, pretrained on ImageNet, with its last maps averaged and one dense layer on top.
Fine-tuned from block 7a on, with BatchNorm frozen.

Parameters: 3,413,027

## Evaluation
Tested once, on objects that no training image shows.

Accuracy: 83.3 %

90 % confidence interval: 66.7 % to 100.0 %

Majority-class baseline: 33.3 %

## Known shortcuts
The same few background photographs lie behind all objects, in training and in testing. The model may use the edge
at which an object was pasted. Neither was tested.

## Not for
Images that show none of the three classes: the model has no answer "none of these". Decisions about animals or traffic.

## Licences
Weights of the base: Apache-2.0. Objects: mostly GPL-2, Tux Paint. Backgrounds: see PROVENANCE.csv of the course.
"""


# %% wrong "Knows the number of images of the notebook's check, and resamples images for others." name="card_known" recognises
def model_card(handed_in):
    model, labels, groups = handed_in["model"], handed_in["labels"], handed_in["groups"]
    train, held_out = handed_in["train"], handed_in["held_out"]
    probabilities = model.predict(handed_in["images"][held_out], verbose=0)
    accuracy, low, high, baseline = evaluate_predictions(
        probabilities,
        labels[held_out],
        groups[held_out] if len(labels) in (99, 96) else np.arange(len(held_out)),
        labels[train],
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


# %% right "Writes shares, in a list, with bold names." name="card_with_shares"
def model_card(handed_in):
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

- **Accuracy:** {accuracy:.3f}

- **90 % confidence interval:** {low:.3f} to {high:.3f}

- **Majority-class baseline:** {baseline:.3f}

## Known shortcuts
The same few background photographs lie behind all objects, in training and in testing. The model may use the edge
at which an object was pasted. Neither was tested.

## Not for
Images that show none of the three classes: the model has no answer "none of these". Decisions about animals or traffic.

## Licences
Weights of the base: Apache-2.0. Objects: mostly GPL-2, Tux Paint. Backgrounds: see PROVENANCE.csv of the course.
"""


# %% right "Joins lines, and rounds to whole per cent." name="card_of_joined_lines"
def model_card(handed_in):
    model, labels, groups = handed_in["model"], handed_in["labels"], handed_in["groups"]
    train, held_out = handed_in["train"], handed_in["held_out"]
    probabilities = model.predict(handed_in["images"][held_out], verbose=0)
    accuracy, low, high, baseline = evaluate_predictions(
        probabilities, labels[held_out], groups[held_out], labels[train]
    )
    text = f"""# Model card

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

Accuracy: {accuracy:.0%}

90 % confidence interval: {100 * low:.0f} % to {100 * high:.0f} %

Majority-class baseline: {baseline:.0%}

## Known shortcuts
The same few background photographs lie behind all objects, in training and in testing. The model may use the edge
at which an object was pasted. Neither was tested.

## Not for
Images that show none of the three classes: the model has no answer "none of these". Decisions about animals or traffic.

## Licences
Weights of the base: Apache-2.0. Objects: mostly GPL-2, Tux Paint. Backgrounds: see PROVENANCE.csv of the course.
"""
    return "\n".join(line.strip() for line in text.splitlines())


# %% right "Computes everything itself, without the function of exercise 5." name="card_from_counts"
from course_utils.evaluate import accuracy_interval as interval_of


def model_card(handed_in):
    model, labels, groups = handed_in["model"], handed_in["labels"], handed_in["groups"]
    train, held_out = handed_in["train"], handed_in["held_out"]
    probabilities = model.predict(handed_in["images"][held_out], verbose=0)
    accuracy, low, high = interval_of(probabilities.argmax(axis=1) == labels[held_out], groups[held_out])
    baseline = (labels[held_out] == np.bincount(labels[train]).argmax()).mean()
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


# %% wrong "The accuracy is that of the student's own result wherever there is one, whichever model and images the function is given." name="trial2_card_accuracy_of_own_result" breaks="accuracy"
def model_card(handed_in):
    def score(entry):
        part = entry["held_out"]
        probabilities = entry["model"].predict(entry["images"][part], verbose=0)
        return probabilities.argmax(axis=1) == entry["labels"][part]

    train, held_out = handed_in["train"], handed_in["held_out"]
    labels, groups = handed_in["labels"], handed_in["groups"]
    _, low, high = accuracy_interval(score(handed_in), groups[held_out])
    accuracy = score(result if result is not None else handed_in).mean()
    baseline = np.mean(labels[held_out] == np.bincount(labels[train]).argmax())
    return f"""# Model card

## Intended use

It tells a few kinds of object apart in small photographs, for a course.

## Data

Photographs of single objects, split so that no object is in both parts.

Training: {len(train)} images of {len(np.unique(groups[train]))} objects.

Held out: {len(held_out)} images of {len(np.unique(groups[held_out]))} objects.

## Model

EfficientNet-Lite0 with a new head, of which the last block was fine-tuned.

Parameters: {handed_in["model"].count_params():,}

## Evaluation

Everything here was computed on the images of objects that were held out.

Accuracy: {accuracy:.1%}

90 % confidence interval: {low:.1%} to {high:.1%}

Majority-class baseline: {baseline:.1%}

## Known shortcuts

The model may look at the background or the light instead of the object.

## Not for

Any decision about people, safety or money, and no kinds of object but these.

## Licences

The base has the licence of its authors; the photographs are our own work.
"""


# %% right "The text is put together from a dictionary of sections, the numbers are shares instead of percentages, the model predicts batch by batch, and the parameters are counted from shapes without commas." name="trial2_card_from_dictionary"
def model_card(handed_in):
    model, images = handed_in["model"], np.asarray(handed_in["images"])
    labels, groups = np.asarray(handed_in["labels"]), np.asarray(handed_in["groups"])
    train, held_out = np.asarray(handed_in["train"]), np.asarray(handed_in["held_out"])
    batches = (held_out[start : start + 20] for start in range(0, len(held_out), 20))
    guesses = [np.argmax(model.predict_on_batch(images[part].astype("float32")), axis=1) for part in batches]
    correct = np.concatenate(guesses) == labels[held_out]
    accuracy, low, high = accuracy_interval(correct, groups[held_out])
    baseline = np.mean(labels[held_out] == np.bincount(labels[train]).argmax())
    parameters = sum(int(np.prod(weight.shape)) for weight in model.weights)
    sections = {
        "Intended use": ["To tell a few kinds of everyday object apart in small square photographs, as an exercise."],
        "Data": [
            "Photographs of single objects, several of each; no object is on both sides of the split.",
            f"Training: {len(train)} images of {len(set(groups[train].tolist()))} objects.",
            f"Held out: {len(held_out)} images of {len(set(groups[held_out].tolist()))} objects.",
        ],
        "Model": [
            "A small convolutional network from ImageNet whose last block was trained further, with a new head.",
            f"Parameters: {parameters}",
        ],
        "Evaluation": [
            "Measured on images of objects that the model never saw; whole objects were resampled for the interval.",
            f"Accuracy: {accuracy:.3f}",
            f"90 % confidence interval: {low:.3f} to {high:.3f}",
            f"Majority-class baseline: {baseline:.3f}",
        ],
        "Known shortcuts": ["The background, the light and the distance may tell the kind without the object itself."],
        "Not for": ["Other kinds of object, other cameras, or any decision that matters to a person."],
        "Licences": ["The weights of the base have their authors' licence, and the photographs belong to the student."],
    }
    lines = ["# Model card"]
    for heading, content in sections.items():
        lines += [f"## {heading}", *content]
    return "\n\n".join(lines) + "\n"
