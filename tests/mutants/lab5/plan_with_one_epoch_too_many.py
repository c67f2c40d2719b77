"""Goes on from history.epoch[-1], which has been run already."""

REPLACES = "training-plan"
MUST_FAIL = ("test-training-plan",)
HINT = "runs twice: history.epoch[-1] is the last epoch that was run"
MARKS = 2.5


def training_plan(head_epochs, all_epochs):
    epoch = list(range(head_epochs))
    return [
        {"learning_rate": 1e-3, "initial_epoch": 0, "epochs": head_epochs},
        {"learning_rate": 1e-5, "initial_epoch": epoch[-1], "epochs": head_epochs + all_epochs},
    ]
