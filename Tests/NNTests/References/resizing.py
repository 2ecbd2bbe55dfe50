"""PyTorch's layers that resize, pad and rearrange images."""

import torch
from torch import nn

from reference import layer, sample, write

row = sample([2, 2, 5], 1)
image = sample([1, 2, 4, 3], 2)
volume = sample([1, 1, 2, 3, 2], 3)
channels = sample([2, 8, 2, 3], 4)


def add(name, module, x):
    layer(name, module, {"input": x})


add("nearest size", nn.Upsample(size=(7, 5)), image)
add("nearest scale", nn.Upsample(scale_factor=2), image)
add("nearest fraction", nn.Upsample(scale_factor=1.7), row)
add("nearest smaller", nn.Upsample(size=2), row)
add("nearest empty", nn.Upsample(scale_factor=2), image[:0])
add("linear", nn.Upsample(size=8, mode="linear"), row)
add("linear smaller", nn.Upsample(size=3, mode="linear"), row)
add("linear aligned", nn.Upsample(size=8, mode="linear", align_corners=True), row)
add("linear fraction", nn.Upsample(scale_factor=1.7, mode="linear"), row)
add("linear to one", nn.Upsample(size=1, mode="linear", align_corners=True), row)
add("bilinear", nn.Upsample(size=(7, 2), mode="bilinear"), image)
add("bilinear scale", nn.Upsample(scale_factor=2, mode="bilinear"), image)
aligned = nn.Upsample(scale_factor=2.5, mode="bilinear", align_corners=True)
add("bilinear aligned", aligned, image)
add("trilinear", nn.Upsample(size=(3, 2, 4), mode="trilinear"), volume)
add("bicubic", nn.Upsample(size=(7, 5), mode="bicubic"), image)
add("bicubic smaller", nn.Upsample(scale_factor=0.7, mode="bicubic"), image)
add("bicubic aligned", nn.Upsample(size=(6, 7), mode="bicubic", align_corners=True), image)

add("pad zeros", nn.ZeroPad2d((1, 0, 2, 3)), image)
add("pad reflect 1d", nn.ReflectionPad1d((4, 2)), row)
add("pad reflect", nn.ReflectionPad2d((2, 1, 0, 3)), image)
add("pad reflect 3d", nn.ReflectionPad3d((1, 0, 2, 1, 1, 1)), volume)
add("pad replicate", nn.ReplicationPad2d((2, 4, 0, 5)), image)
add("pad replicate 3d", nn.ReplicationPad3d((1, 0, 2, 1, 1, 3)), volume)
add("pad circular", nn.CircularPad2d((3, 1, 0, 4)), image)
add("pad circular 1d", nn.CircularPad1d((2, 5)), row)

add("pixel shuffle", nn.PixelShuffle(2), channels)
add("pixel unshuffle", nn.PixelUnshuffle(2), sample([2, 2, 4, 6], 5))
add("channel shuffle", nn.ChannelShuffle(4), channels)

add("unfold", nn.Unfold((2, 3), (2, 1), (1, 2), (1, 2)), image)
add("fold", nn.Fold((4, 3), (2, 2), (2, 1), (1, 0), (1, 2)), sample([2, 8, 12], 6)[:, :, :4])
add("unfold empty", nn.Unfold(2), image[:0])

write(__file__)
