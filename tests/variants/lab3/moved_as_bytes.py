"""Compares the bytes of the weights, kind by kind."""

REPLACES = "what-moved"


def what_moved(before, after):
    def bytes_of(layer, counted):
        return [w.numpy().tobytes() for w in layer.weights if w.name.startswith("moving_") == counted]

    return {
        kind: [
            n.name
            for o, n in zip(before.layers, after.layers, strict=True)
            if bytes_of(o, counted) != bytes_of(n, counted)
        ]
        for kind, counted in (("weights", False), ("statistics", True))
    }
