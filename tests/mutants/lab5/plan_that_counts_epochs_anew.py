"""Takes epochs for a number to run, not for a number to stop at."""

REPLACES = "training-plan"
MUST_FAIL = ("test-training-plan",)
HINT = "epochs counts from the beginning of the first stage"
MARKS = 2.5


def training_plan(head_epochs, all_epochs):
    return [
        {"learning_rate": 1e-3, "initial_epoch": 0, "epochs": head_epochs},
        {"learning_rate": 1e-5, "initial_epoch": head_epochs, "epochs": all_epochs},
    ]
