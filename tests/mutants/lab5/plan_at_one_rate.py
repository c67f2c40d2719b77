"""Uses one learning rate for both stages."""

REPLACES = "training-plan"
MUST_FAIL = ("test-training-plan",)
HINT = "expected it to fall to a tenth or less"
MARKS = 2.5


def training_plan(head_epochs, all_epochs):
    return [
        {"learning_rate": 1e-4, "initial_epoch": 0, "epochs": head_epochs},
        {"learning_rate": 1e-4, "initial_epoch": head_epochs, "epochs": head_epochs + all_epochs},
    ]
