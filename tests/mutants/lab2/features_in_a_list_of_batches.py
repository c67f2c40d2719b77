"""Returns the batches without joining them."""

from course_utils.models import preprocess

REPLACES = "extract-features"
MUST_FAIL = ("test-extract-features",)


def extract_features(extractor, images):
    return [
        extractor.predict(preprocess("vgg16", images[start : start + 32]), verbose=0)
        for start in range(0, len(images), 32)
    ]
