"""Makes Tests/Fixtures/Autograd/convolution.json, what ConvolutionTests and TransposedConvolutionTests compare with.

Images are recorded as [N, H, W, C]; weights as PyTorch holds them.

    pip install torch numpy
    python Tests/Fixtures/generate/autograd_convolution.py
"""

from torch.nn import functional

from autograd_recording import normal, operation, write

# name: images [N, H, W, C], outputs, window, stride, padding, whether there are offsets
CONVOLUTIONS = {
    "oblong": ((2, 5, 4, 3), 6, (3, 2), 1, 1, True),
    "stride": ((3, 7, 6, 2), 5, (2, 3), 2, 1, False),
    "stem": ((1, 11, 9, 3), 4, (7, 7), 2, 3, False),
    "point": ((2, 3, 5, 4), 7, (1, 1), 1, 0, True),
    "point-stride": ((3, 5, 4, 7), 3, (1, 1), 2, 0, False),
    "patches": ((2, 6, 9, 3), 5, (3, 3), 3, 0, True),
    "five-images": ((5, 4, 3, 2), 3, (3, 3), 1, 1, True),
    "cut": ((2, 6, 8, 2), 3, (3, 2), 3, 0, False),
}
TRANSPOSED = {
    "doubling": ((2, 3, 4, 5), 3, (2, 2), 2, 0, True),
    "padded": ((3, 4, 3, 2), 5, (3, 4), 2, 1, True),
    "oblong": ((1, 3, 5, 4), 2, (2, 3), 1, 0, False),
}


def of_images(function, **options):
    """The function of [N, C, H, W] for images [N, H, W, C]."""
    def run(x, weight, bias=None):
        return function(x.permute(0, 3, 1, 2), weight, bias, **options).permute(0, 2, 3, 1)
    return run


def cases():
    """Convolutions and transposed ones with all gradients."""
    for name, (images, outputs, window, stride, padding, has_bias) in CONVOLUTIONS.items():
        inputs = {"x": normal(*images), "weight": normal(outputs, images[3], *window)}
        if has_bias:
            inputs["bias"] = normal(outputs)
        yield operation(
            f"convolution-{name}", of_images(functional.conv2d, stride=stride, padding=padding), inputs,
            stride=stride, padding=padding,
        )
    for name, (images, outputs, window, stride, padding, has_bias) in TRANSPOSED.items():
        inputs = {"x": normal(*images), "weight": normal(images[3], outputs, *window)}
        if has_bias:
            inputs["bias"] = normal(outputs)
        yield operation(
            f"transposed-{name}", of_images(functional.conv_transpose2d, stride=stride, padding=padding), inputs,
            stride=stride, padding=padding,
        )


write("convolution", 20273, cases)
