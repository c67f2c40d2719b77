# %% wrong "Both rates lie in their ranges, but the second is a fifth of the first and not at most a tenth." name="trial6_second_rate_a_fifth" breaks="second rate"
def training_plan(head_epochs, all_epochs):
    """Plans two stages of training."""
    return [
        {"learning_rate": 5e-4, "initial_epoch": 0, "epochs": head_epochs},
        {"learning_rate": 1e-4, "initial_epoch": head_epochs, "epochs": head_epochs + all_epochs},
    ]
