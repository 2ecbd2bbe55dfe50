"""PyTorch's convolution layers."""

import torch
from torch import nn
from torch.nn.utils import parametrizations as P

from reference import fill, layer, sample, write

image = sample([2, 2, 5, 4], 1)
row = sample([2, 2, 9], 2)
volume = sample([1, 2, 3, 4, 3], 3)


def add(name, module, x):
    layer(name, fill(module, 5), {"input": x})


add("conv1d", nn.Conv1d(2, 3, 3), row)
add("conv1d all", nn.Conv1d(2, 6, 3, stride=2, padding=2, dilation=2, groups=2), row)
add("conv1d same", nn.Conv1d(2, 2, 4, padding="same", bias=False), row)
add("conv1d sparse", nn.Conv1d(2, 2, 2, stride=4), row)
add("conv2d", nn.Conv2d(2, 3, 3), image)
add("conv2d all", nn.Conv2d(2, 2, (2, 3), (2, 1), (1, 2), (3, 1), 2), image)
add("conv2d depthwise", nn.Conv2d(2, 4, 3, padding=1, groups=2), image)
add("conv2d pointwise", nn.Conv2d(2, 6, 1), image)
add("conv2d pointwise groups", nn.Conv2d(2, 6, 1, groups=2, bias=False), image)
add("conv2d pointwise padded", nn.Conv2d(2, 3, 1, padding=1), image)
add("conv2d few places", nn.Conv2d(2, 6, 1), sample([3, 2, 1, 2], 4))
add("conv2d whole", nn.Conv2d(2, 3, (5, 4)), image)
for mode in ["reflect", "replicate", "circular"]:
    add(f"conv2d {mode}", nn.Conv2d(2, 2, 3, padding=(2, 1), padding_mode=mode), image)
    same = nn.Conv2d(2, 2, (2, 3), padding="same", padding_mode=mode)
    add(f"conv2d {mode} same", same, image)
add("conv2d empty", nn.Conv2d(2, 3, 3), image[:0])
add("conv2d pointwise empty", nn.Conv2d(2, 3, 1), image[:0])
add("conv3d", nn.Conv3d(2, 2, (2, 3, 2), (1, 2, 1), (1, 0, 1)), volume)
add("conv3d circular", nn.Conv3d(2, 1, 2, padding=1, padding_mode="circular"), volume)

add("transpose1d", nn.ConvTranspose1d(2, 3, 3), row)
add("transpose1d all", nn.ConvTranspose1d(2, 6, 3, 3, 2, 1, 2, True, 2), row)
add("transpose2d", nn.ConvTranspose2d(2, 2, 4, 2, 1), image)
add("transpose2d all", nn.ConvTranspose2d(2, 4, (3, 2), (2, 3), (1, 0), (1, 2), 2, False), image)
add("transpose2d empty", nn.ConvTranspose2d(2, 2, 2), image[:0])
add("transpose3d", nn.ConvTranspose3d(2, 2, (2, 3, 2), (1, 2, 1), (0, 1, 1), (0, 1, 0)), volume)


class Separable(nn.Module):
    def __init__(self):
        super().__init__()
        self.depthwise = nn.Conv2d(2, 4, 3, 2, 1, groups=2, bias=False)
        self.pointwise = nn.Conv2d(4, 3, 1)

    def forward(self, input):
        return self.pointwise(self.depthwise(input))


add("separable", Separable(), image)
add("weight norm", P.weight_norm(nn.Conv2d(2, 3, 2)), image)
add("transpose spectral norm", P.spectral_norm(nn.ConvTranspose1d(2, 3, 2)).eval(), row)

write(__file__)
