"""PyTorch's pooling layers."""

import torch
from torch import nn

from reference import layer, sample, write

row = sample([2, 2, 7], 1)
image = sample([2, 2, 6, 5], 2)
volume = sample([1, 2, 3, 4, 3], 3)
ties = (sample([1, 2, 6, 6], 4) * 2).round()


def add(name, module, x):
    layer(name, module, {"input": x})


add("max1d", nn.MaxPool1d(3, 2, 1), row)
add("max1d dilated ceil", nn.MaxPool1d(2, 2, 1, 3, ceil_mode=True), row)
add("max1d sparse", nn.MaxPool1d(2, 4), row)
add("max2d", nn.MaxPool2d((2, 3)), image)
add("max2d ceil", nn.MaxPool2d(3, 2, (1, 0), ceil_mode=True), image)
add("max2d ceil inside", nn.MaxPool2d(2, 3, 1, ceil_mode=True), image)
add("max2d ties", nn.MaxPool2d(3, 1, 1), ties)
add("max2d empty", nn.MaxPool2d(2), image[:0])
add("max3d", nn.MaxPool3d((2, 3, 2), (1, 2, 2), (1, 0, 1), ceil_mode=True), volume)
add("average1d", nn.AvgPool1d(3, 2, 1), row)
add("average1d ceil", nn.AvgPool1d(4, 3, 2, ceil_mode=True), row)
add("average1d ceil inside", nn.AvgPool1d(2, 3, 1, ceil_mode=True, count_include_pad=False), row)
add("average2d", nn.AvgPool2d((3, 2), (2, 1), (1, 0)), image)
add("average2d inside", nn.AvgPool2d(3, 2, 1, count_include_pad=False), image)
add("average2d ceil", nn.AvgPool2d(3, (2, 3), 1, ceil_mode=True), image)
add("average2d ceil inside", nn.AvgPool2d(3, (2, 3), 1, True, False), image)
add("average2d larger", nn.AvgPool2d(7, 4, 3, ceil_mode=True), image)
add("average2d empty", nn.AvgPool2d(2, padding=1), image[:0])
add("average3d", nn.AvgPool3d(2, (1, 2, 2), 1, ceil_mode=True, count_include_pad=False), volume)
for kind, name in [("Avg", "average"), ("Max", "max")]:
    add(f"adaptive {name}1d", getattr(nn, f"Adaptive{kind}Pool1d")(3), row)
    add(f"adaptive {name}1d larger", getattr(nn, f"Adaptive{kind}Pool1d")(9), row)
    add(f"adaptive {name}2d", getattr(nn, f"Adaptive{kind}Pool2d")((4, 5)), image)
    add(f"adaptive {name}2d even", getattr(nn, f"Adaptive{kind}Pool2d")((3, 1)), image)
    add(f"adaptive {name}2d ties", getattr(nn, f"Adaptive{kind}Pool2d")((2, 4)), ties)
    add(f"adaptive {name}3d", getattr(nn, f"Adaptive{kind}Pool3d")((2, 3, 1)), volume)
    one = nn.Sequential(getattr(nn, f"Adaptive{kind}Pool2d")(1), nn.Flatten())
    add(f"global {name}", one, image)
add("global max ties", nn.Sequential(nn.AdaptiveMaxPool2d(1), nn.Flatten()), ties)

write(__file__)
