# %% wrong "Recognises BatchNorm by a lower-case bn in the name, which MobileNetV2's names in _BN do not contain." name="trial5_norm_by_lower_case_name" breaks="BatchNorm"
def freeze_up_to(base, name):
    """Freezes the first part of a base."""
    base.trainable = True
    passed = False
    for layer in base.layers:
        if not passed or "bn" in layer.name:
            layer.trainable = False
        if layer.name == name:
            passed = True
    return base
